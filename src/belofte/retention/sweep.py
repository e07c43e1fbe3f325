"""The sweep: what nothing justifies any more goes, for everybody, in batches of people (DESIGN §1, §2).

Each batch is one transaction: people's rows locked first, in the order of their keys, their choices and holds read
then, a marker written with the change. So a sweep that was killed is taken up again and does nothing twice, and nobody
waits longer than one batch takes. Passes are repeated until one changes nothing: a row that went may have been what
another stayed for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from belofte.compiler.erasure import erasure
from belofte.compiler.search import locked
from belofte.compiler.statement import Keys
from belofte.database import requests, sweeps
from belofte.database.sweeps import Busy, Sweep, SweepState
from belofte.retention.approval import approved, planned
from belofte.retention.overdue import (
    Over,
    Overdue,
    People,
    counted,
    looked_at,
    named,
    over_of,
    overdue_of,
    population_of,
    staying,
)
from belofte.retention.sightings import Seen, looked
from belofte.rights.desk import OBSERVED, Desk, Opened
from belofte.rights.population import PersonKey, cohort_name, families_of
from belofte.stores import marker
from belofte.stores.connect import Unreachable
from belofte.stores.erasing import MANY, Unforeseen, carry_out
from belofte.stores.isolation import alone, give_way, tried
from belofte.stores.session import Failed, session
from belofte.stores.vacuum import Level, vacuum

BATCH = 10_000
"""People per transaction."""
DELETED: Level = "deleted"
PASSES = 8
"""Passes after which a sweep that still finds something stops and says so."""

Witness = Callable[[str], None]
"""Told before and after each step that changes something; a test may end the process there."""
Counts = dict[str, dict[str, int]]
"""Per table, how many rows were deleted, erased in place and unlinked."""


@dataclass
class Swept:
    """What became of a sweep in one store. `state`: one of SweepState, or barred, unreachable, nothing, dry."""

    store: str
    state: str
    reason: str | None = None
    run: str | None = None
    asks: list[str] = field(default_factory=list)
    found: Overdue | None = None
    counts: Counts = field(default_factory=dict)
    people: int = 0
    left: Overdue | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)
    """How far the removed rows of each table are gone, and after how long since the run was planned."""
    seconds: float | None = None


def barred(desk: Desk, store: str) -> str | None:
    """Return why nothing is ever swept in a store; None where it is."""
    stated = desk.specs[store].map
    if stated.kind != "sql":
        return "a person does it by hand"
    if stated.all_passed_on:
        return "held as processor: its controller decides"
    return OBSERVED if stated.mode == "observe" else None


def dry_run(desk: Desk, store: str, *, foresee: bool = True) -> Swept:
    """Return what a sweep of a store would do, and whether a second person would be asked. Nothing is written.

    Without `foresee` only what is overdue, not what would become of each table.
    """
    if desk.specs[store].map.kind != "sql":
        return Swept(store, "barred", barred(desk, store))
    try:
        opened = desk.open(store)
        with session(opened.store) as reading:
            at = desk.clock()
            seen = looked(desk, opened, reading, at, record=False)
            found = looked_at(desk, opened, reading, at, seen, foresee=foresee)
    except Unreachable as why:
        return Swept(store, "unreachable", why.why)
    except Failed as why:
        return Swept(store, "unreachable", why.why)
    why_not = barred(desk, store)
    asks = planned(desk, opened, found).asks if why_not is None else []
    return Swept(store, "dry", why_not, asks=list(asks), found=found, people=found.number)


@dataclass(frozen=True)
class Pace:
    """How a sweep goes: people per transaction, and how many times as long as a batch took it rests after it."""

    size: int = BATCH
    rest: float = 0.0
    vacuum: bool = False
    """Vacuum the tables afterwards, where the database has that and the account may."""


def sweep(
    desk: Desk, store: str, by: str, *, pace: Pace = Pace(), witness: Witness = lambda _: None
) -> Swept:  # fmt: skip
    """Let go of what nothing justifies in one store, or say why not; taken up where an earlier run stopped."""
    why_not = barred(desk, store)
    if why_not is not None:
        if desk.specs[store].map.kind == "manual":
            what = f"let go, in {store}, of what the policy's terms no longer keep"
            sweeps.open_task(desk.db, "manual", store, what, desk.clock())
        return Swept(store, "barred", why_not)
    try:
        with sweeps.alone(desk.db, store):
            return _swept(desk, desk.open(store, read_only=False), by, pace, witness)
    except (Unreachable, Busy) as why:
        return Swept(store, "unreachable", str(why))


def _swept(desk: Desk, opened: Opened, by: str, pace: Pace, witness: Witness) -> Swept:
    run = None
    try:
        with session(opened.store) as reading:
            at = desk.clock()
            seen = looked(desk, opened, reading, at, record=True)
            found = named(desk, opened, reading, at, seen)
        run = _run(desk, opened, found, by)
        if run is None:
            return Swept(opened.name, "nothing", found=found, left=found)
        if run.asks and not approved(desk, run, by):
            with session(opened.store) as reading:
                found = looked_at(desk, opened, reading, desk.clock(), seen)
            return Swept(opened.name, "waiting", run=run.short, asks=list(run.asks), found=found, people=found.number)
        sweeps.move(desk.db, run, SweepState.RUNNING, run.asks, run.people)
        counts, people = Run(desk, opened, run, pace, seen, witness).carried_out(found.people)
        with session(opened.store) as reading:  # the proof: of everybody who is still overdue, what it is
            at = desk.clock()
            stays = staying(desk, opened, reading, people, at, seen)
            left = Overdue(people, found.total, stays, passed_on=found.passed_on)
            left = counted(desk, opened, reading, left, at, seen)
        witness("proven")
        sweeps.finish(desk.db, run, SweepState.DONE, counts, desk.clock())
        witness("recorded")
        _tidied(opened, run)
        levels = vacuum(opened.store, sorted(counts)) if pace.vacuum else dict.fromkeys(sorted(counts), DELETED)
    except (Failed, Unforeseen) as why:
        if run is not None:
            sweeps.move(desk.db, run, SweepState.FAILED, run.asks, run.people, str(why))
        return Swept(opened.name, "failed", str(why), run.short if run is not None else None)
    return Swept(
        opened.name, "done", None, run.short, found=found, counts=counts, people=run.people, left=left,
        levels=levels, seconds=(desk.clock() - run.planned_at).total_seconds(),
    )  # fmt: skip


def _run(desk: Desk, opened: Opened, found: Overdue, by: str) -> Sweep | None:
    """Return the open run of a store, or a new one; None where there is nothing to do."""
    now = planned(desk, opened, found)
    run = sweeps.open_of(desk.db, opened.name)
    if run is not None and run.digest != now.digest:
        sweeps.finish(desk.db, run, SweepState.STALE, {}, desk.clock())
        run = None
    if run is None:
        return sweeps.plan(desk.db, now, by, desk.clock()) if found.number else None
    if run.state == SweepState.WAITING:
        # who approves looks at the people of that moment: more of them ask anew, fewer do not
        more = found.number > run.people and run.people > 0 and found.share > desk.policy.limits.share_of_people
        asks = sorted({*run.asks, *now.asks}) if more else run.asks
        sweeps.move(desk.db, run, SweepState.WAITING, asks, max(run.people, found.number))
    return run


def _tidied(opened: Opened, run: Sweep) -> None:
    """Take the markers of a finished run away: its counts are recorded, and nothing is left to be taken up."""
    with session(opened.store) as changing:
        marker.forget(changing, run.short)
        changing.commit()


@dataclass
class Run:
    """One run in one store, being carried out."""

    desk: Desk
    opened: Opened
    run: Sweep
    pace: Pace
    seen: Seen
    witness: Witness
    number: int = 0
    began: float = 0.0
    """When the last batch began, on the monotonic clock."""

    def carried_out(self, people: People) -> tuple[Counts, People]:
        """Let go of what is overdue about these people, and again while something is; return what went.

        And of whom something is overdue all the same: what has no removal form while its row has to stay.
        """
        with session(self.opened.store) as changing:
            marker.ensure(changing)
            done = marker.steps(changing, self.run.short)
        counts: Counts = {}
        for one in done.values():
            _add(counts, cast(Mapping[str, Mapping[str, int]], one))
        self.number = len(done)
        for _ in range(PASSES):
            changed = 0
            for entry, keys in self._batches(people):
                changed += _add(counts, self._batch(entry, keys))
                time.sleep(self.pace.rest * (time.monotonic() - self.began))
            if not changed:
                break
            with session(self.opened.store) as reading:
                people = overdue_of(self.desk, self.opened, reading, self.desk.clock(), self.seen, removable=True)
        return counts, people

    def _batches(self, people: People) -> Iterator[tuple[str, list[PersonKey]]]:
        """Yield people some at a time; of many, those together for whom the same is over, who go by a simpler plan."""
        for entry, keys in people.items():
            alike: dict[frozenset[str], list[PersonKey]] = {}
            over: Over = {}
            if len(keys) >= MANY:
                with session(self.opened.store) as reading:
                    over = over_of(self.desk, self.opened, reading, entry, keys, self.desk.clock(), self.seen)
            for key in keys:
                alike.setdefault(over.get(key, frozenset()), []).append(key)
            for some in alike.values():
                yield from batches({entry: some}, self.pace.size)

    def _batch(self, entry: str, keys: list[PersonKey]) -> Counts:
        return tried(lambda: self._tried(entry, keys))

    def _tried(self, entry: str, keys: list[PersonKey]) -> Counts:
        """Change one batch in one transaction, marker included; when this returns, it is made for good."""
        step, opened = f"batch {self.number:06}", self.opened
        self.witness(f"{step}:begin")
        self.began = time.monotonic()
        with session(opened.store) as changing:
            alone(changing)
            give_way(changing)
            name = cohort_name(entry)
            held = {name: Keys(families_of(opened.graph, entry), keys)}
            changing.rows(locked(opened.graph, entry, name), held)
            at, over = self.desk.clock(), {}
            if len(keys) >= MANY:
                over = over_of(self.desk, opened, changing, entry, keys, at, self.seen)
            found = population_of(self.desk, opened, changing, {entry: keys}, at, self.seen, over)
            steps = self.desk.once(("sweep", opened.name, found.shape), lambda: erasure(found.setting, found.closure))
            changing.given = found.given
            numbers = iter(range(len(steps.steps)))
            counts = carry_out(
                changing, steps, found.keysets, many=len(keys) >= MANY,
                before=lambda _: self.witness(f"{step}:step{next(numbers)}"),
            )  # fmt: skip
            made = {
                table: {"deleted": one.deleted, "erased": one.erased, "unlinked": one.unlinked}
                for table, one in counts.items()
                if one.deleted or one.erased or one.unlinked
            }
            if not made:
                return made
            marker.put(changing, self.run.short, step, self.run.digest, cast(Mapping[str, object], made))
            self.witness(f"{step}:marked")
            changing.commit()
        self.number += 1
        self.witness(f"{step}:committed")
        return made


def batches(people: People, size: int) -> Iterator[tuple[str, list[PersonKey]]]:
    """Yield people in the order of their keys, some at a time: as few batches as do, of one size but for one person."""
    for entry, keys in people.items():
        number = -(-len(keys) // size)
        for at in range(number):
            yield entry, keys[at * len(keys) // number : (at + 1) * len(keys) // number]


def _add(total: Counts, more: Mapping[str, Mapping[str, int]]) -> int:
    """Add counts to a total; return how many rows they are."""
    rows = 0
    for table, one in more.items():
        found = total.setdefault(table, {"deleted": 0, "erased": 0, "unlinked": 0})
        for what, count in one.items():
            found[what] += count
            rows += count
    return rows


def prove(desk: Desk, store: str) -> Swept:
    """Count what nothing justifies in a store: the proof after a sweep is zero. Nothing is written."""
    return dry_run(desk, store, foresee=False)


def approve(desk: Desk, name: str, by: str) -> Sweep | None:
    """Approve, as a second person, exactly one run; None where there is no such run that waits."""
    run = sweeps.by_name(desk.db, name)
    if run is None or run.finished_at is not None:
        return None
    requests.approve(desk.db, by, run.digest, run=run.short)
    return run

"""Overdue: of whom a store holds something that nothing justifies, how much of what, and since when (DESIGN §1).

First everybody is asked about at once, as if every purpose that anybody ever closed were closed for all: no lists of
names are sent, and nobody is missed. Then those found are judged each by their own choices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from belofte.compiler.closure import Closure
from belofte.compiler.erasure import Erasure, erasure, told_by_rows
from belofte.compiler.overdue import (
    Asked,
    Proof,
    over_by_row,
    overdue_data,
    overdue_people,
    sweeping,
    unowned,
    unreached,
)
from belofte.compiler.search import number_of_people
from belofte.compiler.setting import Setting, moments
from belofte.compiler.statement import Keys
from belofte.compiler.staying import some_stay
from belofte.database import sweeps
from belofte.policy.person import EVERYTHING, PersonState, keys_of, nobody
from belofte.retention.sightings import NOTHING, Seen
from belofte.rights.desk import Desk, Opened
from belofte.rights.population import (
    PersonKey,
    Population,
    among_themselves,
    cohort_name,
    families_of,
    looked_up,
    population,
    population_alone,
)
from belofte.stores.erasing import TableCounts, carry_out
from belofte.stores.session import Session

AT_ONCE = 20_000
"""People who are judged, or counted, in one statement."""

People = dict[str, list[PersonKey]]
"""Per people entry, the keys of some people in order."""


@dataclass(frozen=True)
class Data:
    """How much of one element in a table is overdue, and since when. `left`: why it stays where its row does."""

    table: str
    element: str
    columns: tuple[str, ...]
    purposes: tuple[str, ...]
    rows: int
    oldest: str | None
    left: str | None


@dataclass
class Overdue:
    """What a store holds too much: of whom, what would become of each table, and what is told besides.

    `staying`: those of whom a plan can change nothing more, while the row stays: told by the proof, and no reason to
    sweep. `nobody`: rows with data that should reach somebody and reach no one, per table; `unowned`: tables without
    a way to anybody; `passed_on`: tables held for another controller. None of them is ever swept.
    """

    people: People
    total: int
    staying: People = field(default_factory=dict)
    data: list[Data] = field(default_factory=list)
    counts: dict[str, TableCounts] = field(default_factory=dict)
    nobody: dict[str, int] = field(default_factory=dict)
    unowned: list[str] = field(default_factory=list)
    passed_on: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """How many people it is about."""
        return sum(len(keys) for keys in self.people.values())

    @property
    def share(self) -> float:
        """The share of the store's people."""
        return self.number / self.total if self.total else float(bool(self.number))

    @property
    def unjustified(self) -> int:
        """The proof: rows times elements that nothing justifies and that could go."""
        return sum(one.rows for one in self.data if one.left is None)


def overdue_of(
    desk: Desk, opened: Opened, reading: Session, at: datetime, seen: Seen = NOTHING, among: People | None = None, *,
    removable: bool = False,
) -> People:  # fmt: skip
    """Return the people of whom the store holds something that nothing justifies for them, each by her own choices.

    `among`: nobody else is asked about. `removable`: only those for whom a plan can change something.
    """
    graph = opened.graph
    removable = removable and _some_stay(desk, opened, at)
    least = PersonState(_closed(desk), nobody(desk.policy).consent_closed)
    setting = sweeping(Setting(desk.policy, graph, at, {}, least, desk.held_tables(opened.name, at)), seen.names)
    reading.given = moments(at, setting.zone)
    ended = tuple(seen.names.items())
    key = ("overdue", opened.name, removable, frozenset(least.closed_before), setting.held_tables, setting.today, ended)
    asked = desk.once(key, lambda: overdue_people(setting, Closure(graph, {}), only_removable=removable))
    found = whom(reading, asked, seen.keysets)
    if among is not None:
        found = {entry: dict.fromkeys(key for key in among.get(entry, ()) if key in found[entry]) for entry in found}
    if not sweeps.anybody_chose(desk.db):
        return {entry: _in_order(keys) for entry, keys in found.items()}
    return {
        entry: _in_order(_own(desk, opened, reading, entry, list(keys), at, seen, removable))
        for entry, keys in found.items()
    }


def _some_stay(desk: Desk, opened: Opened, at: datetime) -> bool:
    setting = Setting(desk.policy, opened.graph, at, {}, nobody(desk.policy))
    return desk.once(("some stay", opened.name), lambda: some_stay(setting))


def staying(
    desk: Desk, opened: Opened, reading: Session, people: People, at: datetime, seen: Seen = NOTHING
) -> People:  # fmt: skip
    """Return those of whom something is overdue that no plan can change, beside the people of whom it can."""
    if not _some_stay(desk, opened, at):
        return {}
    every = overdue_of(desk, opened, reading, at, seen)
    listed = {entry: frozenset(keys) for entry, keys in people.items()}
    return {entry: [key for key in keys if key not in listed.get(entry, ())] for entry, keys in every.items()}


def whom(
    reading: Session, asked: Sequence[Asked], keysets: Mapping[str, Keys]
) -> dict[str, dict[PersonKey, None]]:  # fmt: skip
    """Return whom the questions find, per people entry; those that can find nobody are not asked."""
    found: dict[str, dict[PersonKey, None]] = {one.entry: {} for some in asked for one in some.people}
    for some in asked:
        if some.left is None or reading.rows(some.left, keysets):
            for one in some.people:
                found[one.entry].update(dict.fromkeys(reading.rows(one.statement, keysets)))
    return found


def _closed(desk: Desk) -> dict[tuple[str, str | None], datetime]:
    """Return every key that anybody ever closed, as closed for good."""
    names = sweeps.closing_purposes(desk.db)
    purposes = desk.policy.purposes if None in names else [name for name in names if name in desk.policy.purposes]
    return {key: EVERYTHING for name in purposes for key in keys_of(desk.policy, str(name))}


def _own(
    desk: Desk, opened: Opened, reading: Session, entry: str, keys: Sequence[PersonKey], at: datetime, seen: Seen,
    removable: bool,
) -> Iterable[PersonKey]:  # fmt: skip
    """Return those of some people of whom something is overdue by their own choices."""
    found: dict[PersonKey, None] = {}
    for start in range(0, len(keys), AT_ONCE):
        some = {entry: states_now(desk, opened, reading, entry, keys[start : start + AT_ONCE], at)}
        # INVARIANT: what keeps a row for another keeps it by her choices, where it decides that nothing can be done
        each = population(desk, opened, reading, some, at) if removable else population_alone(desk, opened, some, at)
        reading.given = each.given
        setting = sweeping(each.setting, seen.names)
        key = ("own", opened.name, removable, each.shape, tuple(seen.names.items()))
        asked = desk.once(key, lambda: overdue_people(setting, each.closure, only_removable=removable))  # noqa: B023
        found.update(whom(reading, asked, {**each.keysets, **seen.keysets}).get(entry, {}))
    return found


def _in_order(keys: Iterable[PersonKey]) -> list[PersonKey]:
    listed = list(keys)
    try:
        return sorted(listed)
    except TypeError:  # a key whose parts do not compare
        return sorted(listed, key=repr)


def states_now(
    desk: Desk, opened: Opened, reading: Session, entry: str, keys: Sequence[PersonKey], at: datetime
) -> dict[PersonKey, PersonState]:
    """Return the state of each of some people of an entry, as their choices stand at a moment."""
    unknown = dict.fromkeys(keys, nobody(desk.policy))
    if not sweeps.anybody_chose(desk.db):
        return unknown
    return {**unknown, **looked_up(desk, opened, reading, entry, keys, at)}


Over = Mapping[PersonKey, frozenset[str]]
"""Of which purposes a person's own row says that nothing of hers is kept any more."""


def over_of(
    desk: Desk, opened: Opened, reading: Session, entry: str, keys: Sequence[PersonKey], at: datetime, seen: Seen
) -> dict[PersonKey, frozenset[str]]:
    """Return which purposes are over for some people of an entry by their own rows; who is absent: none."""
    name = cohort_name(entry)
    setting = sweeping(Setting(desk.policy, opened.graph, at, {}, nobody(desk.policy)), seen.names)
    key = ("over", opened.name, entry, setting.today, tuple(seen.names.items()))
    asked = desk.once(key, lambda: over_by_row(setting, entry, name))
    if asked is None:
        return {}
    purposes, statement = asked
    families = families_of(opened.graph, entry)
    reading.given, size = moments(at, setting.zone), len(families)
    told: dict[tuple[int, ...], frozenset[str]] = {}
    found: dict[PersonKey, frozenset[str]] = {}
    for row in reading.rows(statement, {**seen.keysets, name: Keys(families, keys)}):
        flags = row[size:]
        if flags not in told:
            told[flags] = frozenset(purpose for purpose, over in zip(purposes, flags, strict=True) if over)
        found[row[:size]] = told[flags]
    return found


def _read_off(known: dict[PersonKey, PersonState], over: Over) -> None:
    """Add to people's states what their own rows say; people in the same state, of whom the same is over, share one."""
    made: dict[tuple[int, frozenset[str]], PersonState] = {}
    for key, found in over.items():
        if key not in known:  # a key that only looks alike
            continue
        state = known[key]
        if (id(state), found) not in made:
            made[id(state), found] = replace(state, over=found)
        known[key] = made[id(state), found]


def population_of(
    desk: Desk, opened: Opened, reading: Session, people: Mapping[str, Sequence[PersonKey]], at: datetime,
    seen: Seen = NOTHING, over: Over | None = None,
) -> Population:  # fmt: skip
    """Return the population of some people of a store, as a sweep judges them: by their choices, and nobody asked.

    `over`: what their own rows say, in the transaction that carries out the plan.
    """
    cohort = {entry: states_now(desk, opened, reading, entry, keys, at) for entry, keys in people.items() if keys}
    if over:
        for known in cohort.values():
            _read_off(known, over)
    if sweeps.anybody_chose(desk.db):
        found = population(desk, opened, reading, cohort, at)
    else:  # whoever shares rows with them is in the same state as everybody
        found = population_alone(desk, opened, cohort, at)
    found.setting = sweeping(found.setting, seen.names)
    if over:
        among_themselves(desk, opened, found, reading)
    found.keysets.update(seen.keysets)
    return found


def named(desk: Desk, opened: Opened, reading: Session, at: datetime, seen: Seen = NOTHING) -> Overdue:
    """Return of whom something is overdue, out of how many people; without what it is."""
    people = overdue_of(desk, opened, reading, at, seen, removable=True)
    total = sum(int(reading.rows(number_of_people(opened.graph, entry), {})[0][0]) for entry in opened.map.people)
    return Overdue(people, total, passed_on=opened.map.passed_on)


def looked_at(
    desk: Desk, opened: Opened, reading: Session, at: datetime, seen: Seen = NOTHING, *, foresee: bool = False
) -> Overdue:
    """Return everything that the proof counts; with `foresee` everything that a dry run shows. Nothing is written."""
    graph = opened.graph
    found = named(desk, opened, reading, at, seen)
    if not foresee:
        found.staying = staying(desk, opened, reading, found.people, at, seen)
    found = counted(desk, opened, reading, found, at, seen, foresee=foresee)
    setting = sweeping(Setting(desk.policy, graph, at, {}, nobody(desk.policy)))
    found.unowned = unowned(setting)
    for unled in unreached(setting):
        ((rows,),) = reading.rows(unled.statement, {})
        if rows:
            found.nobody[unled.table] = int(rows)
    return found


def counted(
    desk: Desk, opened: Opened, reading: Session, found: Overdue, at: datetime, seen: Seen = NOTHING, *,
    foresee: bool = False,
) -> Overdue:  # fmt: skip
    """Add what is overdue; with `foresee` also what would become of each table."""
    total: dict[tuple[str, int], Data] = {}
    for entry, keys in (*found.people.items(), *found.staying.items()):
        for start in range(0, len(keys), AT_ONCE):
            each = population_of(desk, opened, reading, {entry: keys[start : start + AT_ONCE]}, at, seen)
            counts, data = _counts(desk, opened, reading, each, foresee)
            for table, one in counts.items():
                _add(found.counts.setdefault(table, TableCounts()), one)
            for key, some in data.items():
                total[key] = _together(total[key], some) if key in total else some
    found.data = [one for one in total.values() if one.rows]
    return found


def _counts(
    desk: Desk, opened: Opened, reading: Session, each: Population, foresee: bool
) -> tuple[dict[str, TableCounts], dict[tuple[str, int], Data]]:
    """Return what would become of each table, where that is asked or needed, and what is overdue, by its place."""

    def compiled() -> tuple[Erasure, list[Proof]]:
        plan = erasure(each.setting, each.closure, foresee=True)
        return plan, overdue_data(each.setting, each.closure)

    plan, proofs = desk.once(("counted", opened.name, each.shape, tuple(each.setting.ended.items())), compiled)
    reading.given = each.given
    counts: dict[str, TableCounts] = {}
    if foresee or not told_by_rows(plan):
        counts = carry_out(reading, plan, each.keysets, many=False, foresee=True)
    data: dict[tuple[str, int], Data] = {}
    for proof in proofs:
        (asked,) = reading.rows(proof.statement, each.keysets)
        for number, one in enumerate(proof.data):
            rows, oldest = asked[2 * number : 2 * number + 2]
            rows = counts[proof.table].overdue[number] if counts else int(rows)
            since = _day(oldest) if rows else None
            data[proof.table, number] = Data(
                proof.table, one.element, one.columns, one.purposes, rows, since, one.left
            )  # fmt: skip
    return counts, data


def _together(one: Data, other: Data) -> Data:
    """Return the same data of some people and of others."""
    oldest = min(filter(None, (one.oldest, other.oldest)), default=None)
    return replace(one, rows=one.rows + other.rows, oldest=oldest)


def _day(found: Any) -> str | None:
    if found is None:
        return None
    return found.isoformat()[:10] if isinstance(found, date) else str(found)[:10]


def _add(total: TableCounts, one: TableCounts) -> None:
    total.deleted += one.deleted
    total.erased += one.erased
    total.unlinked += one.unlinked
    total.kept += one.kept
    total.reasons.update(one.reasons)

"""Letting go of a cohort's data in every store: the plan, exactly that plan carried out, and taken up after a crash.

Each store has its own transaction, with people's rows locked first and a marker written with the change; what is done
is never done twice. The closing events of art. 17 are recorded first: whatever happens to a store, no purpose uses what
it should not. The cohort stays sealed until every store has finished (DESIGN §2, §8).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from belofte.choices.events import Event, Kind, Origin, record
from belofte.choices.state import Derivation
from belofte.choices.subjects import events_of, states
from belofte.compiler.digests import digest_of, map_digest, policy_digest, schema_digest
from belofte.compiler.erasure import Erasure, erasure
from belofte.compiler.search import number_of_people, worded
from belofte.compiler.statement import text
from belofte.compiler.ties import doubtful
from belofte.database import acts, requests
from belofte.database.acts import Act
from belofte.database.requests import StoreState
from belofte.datamap.graph import Graph
from belofte.policy.person import PersonState
from belofte.rights.desk import BARRED, NOBODY_THERE, OBSERVED, Desk, Opened
from belofte.rights.gone import NotGone, nothing_left
from belofte.rights.intake import Intake, Meeting
from belofte.rights.population import Population, cohort_of, lock, population
from belofte.rights.residue import left_of
from belofte.stores import marker
from belofte.stores.connect import Unreachable
from belofte.stores.erasing import MANY, TableCounts, Unforeseen, carry_out
from belofte.stores.isolation import alone, tried
from belofte.stores.session import Failed, Session, session
from belofte.stores.vacuum import Level

Closing = tuple[Kind, str | None, str | None, str | None]
"""An event to record for a person: kind, purpose, channel, category."""

SMALL_CHANGE = 1
"""People who may always be let go of at once; more than the policy's share of all waits for a second person."""


@dataclass(frozen=True)
class StorePlan:
    """The plan for one store: the compiled steps, what they would do, and why the store cannot act (`barred`)."""

    name: str
    found: Population | None
    steps: Erasure | None
    counts: Mapping[str, TableCounts]
    text: str
    digests: Mapping[str, str]
    barred: str | None = None
    share: float = 0.0

    def digest(self, at: datetime, policy: bytes) -> bytes:
        """Return the digest of what will be done in this store: time, policy, map, schema and statements."""
        found = {**self.digests, "statements": self.text, "barred": self.barred, "store": self.name}
        return digest_of({"at": at.isoformat(), "policy": policy.hex(), "plan": found})


@dataclass(frozen=True)
class Plan:
    """An erasure's plan: fixed time, closing events, and each store's steps. `digest` stands for exactly this plan."""

    at: datetime
    closings: Mapping[UUID, tuple[Closing, ...]]
    stores: tuple[StorePlan, ...]
    silent: Mapping[str, Unreachable]
    policy: bytes

    @property
    def digest(self) -> bytes:
        """The digest of what will be done in every store that answered. Counts are no part of it."""
        return digest_of([plan.digest(self.at, self.policy).hex() for plan in self.stores])

    @property
    def step(self) -> str:
        """What the markers call this round of the request: one word given later makes another round."""
        return self.at.isoformat()

    @property
    def mass(self) -> bool:
        """Return whether more people are let go of than the policy lets one person decide."""
        return any(plan.share > 0 for plan in self.stores)


def plan_erasure(
    desk: Desk,
    meeting: Meeting,
    closings: Mapping[UUID, tuple[Closing, ...]],
    at: datetime,
    *,
    request: UUID | None = None,
    stores: Collection[str] | None = None,
    estimate: bool = True,
    again: bool = False,
) -> Plan:
    """Return the plan that lets go of what nothing justifies about these people once `closings` are recorded.

    `request`: whose closings of an earlier round stand; `stores`: those that it is about (default: all).
    `estimate`: with the counts of what would go, for a person to look at before. `again`: the moment has passed, and
    what was ordered kept since (holds, restrictions) is kept.
    """
    known = events_of(desk.db, list(closings), at)
    closings = _fresh(known, request, closings, at)
    kept_at = desk.clock() if again else None
    after = _states_after(desk, known, closings, at, kept_at)
    plans: list[StorePlan] = []
    silent: dict[str, Unreachable] = {}
    for name in desk.sql_stores:
        if stores is not None and name not in stores:
            continue
        cohort = cohort_of(meeting, name, after)
        try:
            opened = desk.open(name)
            with session(opened.store) as reading:
                plans.append(_store_plan(desk, opened, reading, cohort, (at, kept_at), estimate, len(meeting.people)))
        except Unreachable as why:
            silent[name] = why
        except Failed as failed:
            silent[name] = Unreachable(name, "while reading", failed.why)
    return Plan(at, closings, tuple(plans), silent, desk.once("policy", lambda: policy_digest(desk.policy)))


def _fresh(
    known: Mapping[UUID, list[Event]], request: UUID | None, closings: Mapping[UUID, tuple[Closing, ...]], at: datetime
) -> dict[UUID, tuple[Closing, ...]]:
    """Return the closings without those that an earlier round recorded: a later word closes nothing anew."""
    recorded = {
        (subject, event.kind, event.purpose, event.channel, event.category)
        for subject, found in known.items()
        for event in found
        if request is not None and event.request_id == request and event.valid_from < at
    }
    return {s: tuple(c for c in found if (s, *c) not in recorded) for s, found in closings.items()}


def _states_after(
    desk: Desk, known: Mapping[UUID, list[Event]], closings: Mapping[UUID, tuple[Closing, ...]], at: datetime,
    kept_at: datetime | None,
) -> dict[UUID, PersonState]:  # fmt: skip
    """Return each subject's state as it will be once the closings are recorded."""
    derivation = Derivation(desk.policy, at)
    after = {
        subject: derivation.state([*known.get(subject, ()), *_events(subject, found, at, None)])
        for subject, found in closings.items()
    }
    later = states(desk.db, desk.policy, list(after), kept_at) if kept_at is not None else after
    return {subject: state.kept_as(later[subject]) for subject, state in after.items()}


def _events(subject: UUID, closings: Iterable[Closing], at: datetime, request: UUID | None) -> Iterator[Event]:
    for kind, purpose, channel, category in closings:
        yield Event(
            kind, subject, at, purpose=purpose, channel=channel, category=category, origin=Origin.REQUEST,
            request_id=request,
        )  # fmt: skip


def _store_plan(
    desk: Desk, opened: Opened, reading: Session, cohort: Mapping[str, Mapping[tuple[Any, ...], PersonState]],
    moments: tuple[datetime, datetime | None], estimate: bool, people: int,
) -> StorePlan:  # fmt: skip
    found = population(desk, opened, reading, cohort, *moments)
    reading.given = found.given
    steps, readable = desk.once(("erasure", opened.name, found.shape), lambda: _compiled(found))
    barred = None
    if opened.map.all_passed_on:
        barred = "held as processor: passed on to the controller"
    elif opened.map.mode == "observe":
        barred = OBSERVED if any(cohort.values()) else NOBODY_THERE
    counts = {}
    if estimate:
        shape = ("foreseen", opened.name, found.shape)
        counted = desk.once(shape, lambda: erasure(found.setting, found.closure, foresee=True))
        counts = carry_out(reading, counted, found.keysets, many=False, foresee=True)
    digests = desk.once(("digests", opened.name), lambda: _digests(opened))
    share = _share(desk, opened, reading, people)
    return StorePlan(opened.name, found, steps, counts, readable, digests, barred, share)


def _compiled(found: Population) -> tuple[Erasure, str]:
    steps = erasure(found.setting, found.closure)
    return steps, steps.text()


def _digests(opened: Opened) -> dict[str, str]:
    return {"map": map_digest(opened.map).hex(), "schema": schema_digest(opened.graph.schema).hex()}


def _share(desk: Desk, opened: Opened, reading: Session, people: int) -> float:
    """Return the share of a store's people that is asked about, where it is more than one person may decide; else 0.

    One person may always be let go of, however many records are hers.
    """
    if people <= SMALL_CHANGE:
        return 0.0
    total = sum(int(reading.rows(number_of_people(opened.graph, entry), {})[0][0]) for entry in opened.map.people)
    share = people / total if total else 1.0
    return share if share > desk.policy.limits.share_of_people else 0.0


@dataclass
class Outcome:
    """What became of an erasure in one store."""

    state: StoreState
    tables: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    reason: str | None = None
    left: tuple[str, ...] = ()
    """Columns that nothing justifies and that have no removal form while their row stays."""
    doubt: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per table of which something stays because kept rows reach her by it: the links by which they may mean another.
    """
    level: Level | None = None
    """How far what went is gone, where the store is done and something went."""


@dataclass
class Result:
    """What became of an erasure: per store, what the search afterwards found, and what was not searched."""

    stores: dict[str, Outcome] = field(default_factory=dict)
    residue: list[dict[str, object]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def removed(self) -> bool:
        """Return whether anything went in any store."""
        return any(removed_from(found.tables) for found in self.stores.values())


def removed_from(tables: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Return the tables from which something went."""
    return [name for name, one in tables.items() if one["deleted"] or one["erased"] or one["unlinked"]]


Witness = Callable[[str], None]
"""Told before and after each step that changes something; a test may end the process there."""


def execute(
    desk: Desk, intake: Intake, plan: Plan, *, waiting: frozenset[str] = frozenset(),
    closed: Callable[[], object] = lambda: None, witness: Witness = lambda _: None,
) -> Result:  # fmt: skip
    """Carry out a plan in every store that it can act in; what is done already is recognised and left alone.

    `waiting`: purposes whose verdict waits for a person's word; a store in which one of them keeps something of these
    people is undetermined afterwards. `closed`: called once it is recorded that nothing may be used for them any more,
    before a row is removed anywhere.
    """
    request = intake.request
    witness("begin")
    _close(desk, intake, plan)
    witness("events-recorded")
    closed()
    result = Result()
    for store_plan in plan.stores:
        result.stores[store_plan.name] = _in_store(desk, intake, plan, store_plan, waiting, witness)
    for name, why in plan.silent.items():
        requests.progress(desk.db, request.id, name, StoreState.UNREACHABLE, reason=why.why)
        result.stores[name] = Outcome(StoreState.UNREACHABLE, reason=why.why)
    words = worded(word for person in intake.people for word in person.words)
    told = {name: found.tables for name, found in result.stores.items() if found.state is not StoreState.UNREACHABLE}
    result.residue, result.unread = left_of(desk, words, told)
    return result


def _close(desk: Desk, intake: Intake, plan: Plan) -> None:
    """Have the request run, and record the plan's closing events, once; others who close meanwhile record their own.

    Whoever takes the same request up at the same time waits for its row, and sees them.
    """
    request = intake.request.id
    with desk.db.transaction():
        requests.move(desk.db, request, requests.RequestState.RUNNING)
        recorded = {
            event.request_id
            for found in events_of(desk.db, list(plan.closings), plan.at).values()
            for event in found
            if event.valid_from == plan.at
        }
        if request not in recorded:
            record(desk.db, (e for s, found in plan.closings.items() for e in _events(s, found, plan.at, request)))


def _in_store(
    desk: Desk, intake: Intake, plan: Plan, store_plan: StorePlan, waiting: frozenset[str], witness: Witness
) -> Outcome:
    request, name = intake.request, store_plan.name
    if store_plan.barred is not None or store_plan.steps is None or store_plan.found is None:
        state = BARRED.get(store_plan.barred or "", StoreState.TASK)
        requests.progress(desk.db, request.id, name, state, reason=store_plan.barred)
        return Outcome(state, reason=store_plan.barred)
    try:
        opened = desk.open(name, read_only=False)
        desk.once(("marker", name), lambda: _marked(opened))
        digest = store_plan.digest(plan.at, plan.policy)
        said = hashlib.sha256(store_plan.text.encode()).hexdigest()
        run = {"plan": digest.hex(), "request": str(request.id), "statements": said, "store": name}
        with desk.db.transaction():
            requests.progress(desk.db, request.id, name, StoreState.RUNNING, plan_digest=digest)
            acts.record(desk.db, Act.STATEMENTS_RUN, run)
        witness(f"{name}:begin")
        mark = (request.short, plan.step, digest)
        tables = tried(lambda: _changed(desk, opened, mark, store_plan, witness))
        witness(f"{name}:committed")
    except Unreachable as why:
        requests.progress(desk.db, request.id, name, StoreState.UNREACHABLE, reason=why.why)
        return Outcome(StoreState.UNREACHABLE, reason=why.why)
    except (Failed, Unforeseen, NotGone) as why:
        requests.progress(desk.db, request.id, name, StoreState.FAILED, reason=str(why))
        return Outcome(StoreState.FAILED, reason=str(why))
    kept = {
        str(one["reason"]) for counts in tables.values() for one in cast(list[dict[str, object]], counts["reasons"])
    }
    state = StoreState.UNDETERMINED if kept & {f"purpose:{purpose}" for purpose in waiting} else StoreState.DONE
    requests.progress(desk.db, request.id, name, state, plan_digest=digest, counts=tables)
    witness(f"{name}:recorded")
    level: Level | None = "deleted" if state is StoreState.DONE and removed_from(tables) else None
    doubt = _doubt(store_plan.found.setting.graph, tables)
    return Outcome(state, tables, left=_stuck(store_plan.steps, tables), doubt=doubt, level=level)


def _marked(opened: Opened) -> None:
    with session(opened.store) as changing:
        marker.ensure(changing)


def _changed(
    desk: Desk, opened: Opened, mark: tuple[str, str, bytes], store_plan: StorePlan, witness: Witness
) -> Mapping[str, Mapping[str, object]]:
    """Change one store in one transaction, marker (request, step, digest) included; return the counts.

    What is done already, also by somebody else while we waited for the people's rows, is left alone.
    """
    with session(opened.store) as changing:
        alone(changing)
        assert store_plan.found is not None
        changing.given = store_plan.found.given
        lock(desk, opened, store_plan.found, changing)
        request, step, _ = mark
        done = marker.read(changing, request, step)
        return done if done is not None else _let_go(changing, mark, store_plan, witness)


def _let_go(
    changing: Session, mark: tuple[str, str, bytes], store_plan: StorePlan, witness: Witness
) -> dict[str, dict[str, object]]:
    steps, found = store_plan.steps, store_plan.found
    assert steps is not None
    assert found is not None
    request, step, digest = mark
    size = sum(len(found.keysets[name].keys) for name in found.closure.cohort.values())
    numbers = iter(range(len(steps.steps)))
    counts = carry_out(
        changing, steps, found.keysets, many=size >= MANY,
        before=lambda step: witness(f"{store_plan.name}:step{next(numbers)}"),
    )  # fmt: skip
    nothing_left(changing, steps, found, store_plan.name)
    tables = {table: as_counts(one) for table, one in counts.items()}
    marker.put(changing, request, step, digest, tables)
    witness(f"{store_plan.name}:marked")
    changing.commit()
    return tables


def as_counts(found: TableCounts) -> dict[str, object]:
    """Return a table's counts as the JSON contract has them."""
    return {
        "deleted": found.deleted, "erased": found.erased, "unlinked": found.unlinked, "kept": found.kept,
        "reasons": [{"reason": reason, "rows": count} for reason, count in sorted(found.reasons.items())],
    }  # fmt: skip


def _stuck(steps: Erasure, tables: Mapping[str, Any]) -> tuple[str, ...]:
    touched = {table for table, found in tables.items() if found["erased"] or found["kept"]}
    return tuple(f"{one.table}.{one.column}" for one in steps.stuck if one.column and one.table in touched)


def _doubt(graph: Graph, tables: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    tied = [t for t, found in tables.items() if any(one["reason"] == "links-a-kept-row" for one in found["reasons"])]
    links = {table: tuple(str(edge) for edge in doubtful(graph, table)) for table in tied}
    return {table: found for table, found in links.items() if found}


def statements(plan: StorePlan) -> list[str]:
    """Return a store's statements as a person reads them."""
    if plan.steps is None:
        return []
    return [text(step.statement, plan.steps.dialect) for step in plan.steps.steps]

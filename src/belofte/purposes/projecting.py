"""Telling stores what people chose (DESIGN §1): positive, by key, with what tells her from the next under that key.

`project` tells about a few people at the moment at which something was recorded; `project_everyone` tells about
everyone, and renews the lease. A store that is not told in time shows nothing: its lease ends. What is told holds for
the whole lease: a consent that ends within it is told as ended, never late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, cast
from uuid import UUID

from sqlglot import exp

from belofte.choices.state import strictest
from belofte.choices.subjects import Identifier, candidates, states, states_at
from belofte.compiler import masks
from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.pseudonym import halves_of
from belofte.compiler.standing import Told as ToldOne
from belofte.compiler.standing import calendar, identity, slots, told, watched
from belofte.compiler.statement import Keys, Statement
from belofte.datamap.graph import Graph
from belofte.datamap.identity import normalise
from belofte.datamap.schema import Family
from belofte.law.term import CIVIL, civil_day
from belofte.policy.model import Period
from belofte.policy.person import PersonState, nobody
from belofte.purposes.desk import Desk, Opened, enforced
from belofte.stores.binding import binding, unbindable
from belofte.stores.bound import PersonKey
from belofte.stores.connect import Unreachable
from belofte.stores.session import Failed, Session, session

LEASE = timedelta(hours=72)
"""How long a store shows what it was told without being told again."""
CALENDAR_DAYS = 800
"""Days that the calendar of terms reaches; it is written anew each time everyone is told."""
BATCH = 2_000
"""People told about in one transaction."""


@dataclass
class Reached:
    """What became of telling: rows changed per store, and the stores that did not take it, with why."""

    changed: dict[str, int] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A row of a store that is a person: its key, its identity by the store's own digest, her identifiers there."""

    key: PersonKey
    identity: int
    identifiers: tuple[Identifier, ...]


def project(
    desk: Desk, subjects: Sequence[UUID], keys: Mapping[tuple[str, str], Sequence[PersonKey]] | None = None
) -> Reached:
    """Tell every store that answers what these people chose; those that do not are told by the next `project_everyone`.

    `keys` names rows known to be theirs, per store and people entry: rows that the store was never told about.
    """

    return _reached(desk, lambda opened, changing: learns(desk, opened, changing, subjects, keys))


def project_everyone(desk: Desk) -> Reached:
    """Tell every store that answers what everybody chose, where it was told before: after an import."""
    return _reached(desk, lambda opened, changing: tell_everyone(desk, opened, changing, changing.commit))


def _reached(desk: Desk, act: Callable[[Opened, Session], int]) -> Reached:
    """Act in every store that binds its readers and answers; one without views yet has nothing to be told."""
    done = Reached()
    for name in enforced(desk):
        try:
            opened = desk.open(name, read_only=False)
            with session(opened.store) as changing:
                if unbindable(changing.dialect) is not None or not _there(changing):
                    continue
                done.changed[name] = act(opened, changing)
                changing.commit()
        except Unreachable as silent:
            done.silent[name] = silent.why
        except Failed as failed:
            done.silent[name] = failed.why
    return done


def learns(
    desk: Desk, opened: Opened, changing: Session, subjects: Sequence[UUID],
    keys: Mapping[tuple[str, str], Sequence[PersonKey]] | None = None,
) -> int:  # fmt: skip
    """Tell a store, in a session, what these people chose; return about how many rows it knew otherwise."""
    binding(changing).telling.lock(changing)
    count, keys = 0, keys or {}
    handles = [handle(subject) for subject in subjects]
    for entry in entries(opened.graph):
        known = binding(changing).telling.persons(changing, entry, key_types(opened.graph, entry), handles)
        wanted = {key for own in known.values() for key in own} | set(keys.get((opened.name, entry), ()))
        met: set[UUID] = set()
        if wanted:
            changed, met = _tell_again(desk, opened, changing, entry, sorted(wanted, key=repr), handles)
            count += changed
        # what led to a row may be older than the row: then she is looked for as if nothing did
        unseen = [subject for subject in subjects if subject not in met]
        if unseen and (opened.name, entry) not in keys:
            more = _looked_for(desk, opened, entry, unseen) - wanted
            if more:
                count += _tell_again(desk, opened, changing, entry, sorted(more, key=repr), handles)[0]
    return count


def _tell_again(
    desk: Desk, opened: Opened, changing: Session, entry: str, keys: Sequence[PersonKey], led: Sequence[int]
) -> tuple[int, set[UUID]]:
    """Tell a store of people by key, as their rows are now; return of how many it knew otherwise, and who they are."""
    lines = _changes(opened, changing, entry, keys)
    found = list(people(opened.graph, changing, entry, desk.policy.organisation.country, keys))
    gone = set(keys) - {one.key for one in found}
    count, owners = _tell(desk, opened, changing, entry, found, sorted(gone, key=repr), led)
    _settle(changing, entry, lines)
    return count, owners


def _changes(opened: Opened, changing: Session, entry: str, keys: Sequence[PersonKey] | None = None) -> list[int]:
    """Return what the watch wrote down of people; before their rows are read, so that later changes stay."""
    watching = binding(changing).watching
    there = watching is not None and watched(opened.graph, entry)
    return watching.changes(changing, entry, keys) if watching is not None and there else []


def _settle(changing: Session, entry: str, lines: Sequence[int]) -> None:
    watching = binding(changing).watching
    if watching is not None and lines:
        watching.settle(changing, entry, lines)


def _looked_for(desk: Desk, opened: Opened, entry: str, subjects: Sequence[UUID]) -> set[PersonKey]:
    """Return the rows of people whom the store was never told about, where they closed something.

    A store that knows nothing of a person shows nothing on consent; what she closed on another basis it must know.
    """
    policy = desk.policy
    known = states(desk.db, policy, subjects, desk.clock())
    closing = {s for s, state in known.items() if any(_closes(one) for one in told(policy, state).values())}
    if not closing:
        return set()
    found: set[PersonKey] = set()
    with session(opened.store) as reading:
        everyone = people(opened.graph, reading, entry, policy.organisation.country)
        while batch := list(islice(everyone, BATCH)):
            owners = states_of_rows(desk, opened, entry, batch)[1]
            found |= {key for key, own in owners.items() if own & closing}
    return found


def _closes(one: ToldOne) -> bool:
    return one.shut or one.after is not None or one.restricted is not None


def tell_everyone(desk: Desk, opened: Opened, changing: Session, done: Callable[[], None]) -> int:
    """Tell a store everything, and renew its lease; return how many people it knew otherwise.

    Each batch is a transaction of its own under the store's lock, so that a withdrawal never waits for the whole:
    `done` is called where one may end.
    """
    began, changed = desk.clock(), 0
    graph, country = opened.graph, desk.policy.organisation.country
    telling, looking = binding(changing).telling, binding(changing).looking
    telling.lock(changing)
    telling.tell_slots(changing, slots(desk.policy))
    if looking.has(changing, "pseudonym_key"):
        seen = masks.pseudonymous(desk.policy)
        telling.tell_keys(changing, {name: halves_of(desk.key.masking(name)) for name in seen})
    done()
    for entry in entries(graph):
        lines = _changes(opened, changing, entry)
        with session(opened.store) as reading:
            everyone = people(graph, reading, entry, country)
            while batch := list(islice(everyone, BATCH)):
                telling.lock(changing)
                if watched(graph, entry):  # nothing compares identities later: as the rows are under the lock
                    batch = list(people(graph, changing, entry, country, [one.key for one in batch]))
                changed += _tell(desk, opened, changing, entry, batch)[0]
                done()
        telling.lock(changing)
        own = graph.entry(entry)
        telling.forget_gone(changing, entry, own.table, own.key, key_types(graph, entry))
        _settle(changing, entry, lines)
        done()
    _refuse_unwatched(opened, changing)
    telling.lock(changing)
    telling.lease(changing, began + LEASE, began)
    done()
    return changed


def end_lease(changing: Session, at: datetime) -> None:
    """Let a store show nothing more of what it was told, until it is told everything anew."""
    telling = binding(changing).telling
    if _there(changing):
        told_at = telling.told_until(changing)[1]
        telling.lease(changing, at - LEASE, told_at or at)  # its clock may be slower than ours


def _refuse_unwatched(opened: Opened, changing: Session) -> None:
    """Raise `Failed` where a watch is gone or off: no lease is renewed on what nobody watches."""
    watching, graph = binding(changing).watching, opened.graph
    for entry in entries(graph):
        if watching is not None and watched(graph, entry) and not watching.stands(changing, entry):
            raise Failed(
                opened.name,
                f"nothing watches the people of `{entry}` any more, so its lease is not renewed: "
                "look at `belofte plan`, and apply it",
            )


def tell_calendar(desk: Desk, changing: Session, terms: Iterable[Period]) -> None:
    """Write the days of terms for the years to come: where the calendar ends, nothing with a term is shown."""
    today = civil_day(desk.clock())
    binding(changing).telling.tell_calendar(changing, calendar(terms, today - timedelta(days=1), CALENDAR_DAYS, CIVIL))


def _tell(
    desk: Desk, opened: Opened, changing: Session, entry: str, found: Sequence[Found], gone: Sequence[PersonKey] = (),
    led: Sequence[int] = (),
) -> tuple[int, set[UUID]]:  # fmt: skip
    """Write what the store is to know of people, where it knows otherwise; return of how many, and who they are."""
    graph, numbers = opened.graph, slots(desk.policy)
    kinds, telling = key_types(graph, entry), binding(changing).telling
    states_now, owners = states_of_rows(desk, opened, entry, found)
    wanted: dict[PersonKey, list[Any]] = {key: [] for key in gone}
    said = {id(state): state for state in states_now.values()}  # thousands are in the very same one
    said_of = {number: told(desk.policy, state) for number, state in said.items()}
    for one in found:
        own = None if watched(graph, entry) else one.identity
        wanted[one.key] = telling.rows_of(said_of[id(states_now[one.key])], numbers, own)
    ids = list(numbers.values())
    knows = telling.told_of(changing, entry, kinds, list(wanted), ids)
    other = {key: rows for key, rows in wanted.items() if rows != knows.get(key, [])}
    if other:
        telling.tell(changing, entry, kinds, other, ids)
    whose = {key: sorted({handle(subject) for subject in own}) for key, own in owners.items()}
    whose.update((key, []) for key in gone)
    telling.tell_persons(changing, entry, kinds, whose, led)
    return len(other), {subject for own in owners.values() for subject in own}


def states_of_rows(
    desk: Desk, opened: Opened, entry: str, found: Sequence[Found], lease: timedelta = LEASE
) -> tuple[dict[PersonKey, PersonState], dict[PersonKey, set[UUID]]]:
    """Return what the person of each row left open for the whole of a lease, and who may be that person.

    A key alone opens nothing where a row says who she is and that leads to nobody: it may be somebody else's by now.
    """
    now = desk.clock()
    led = candidates(desk.db, desk.key, [one.identifiers for one in found])
    digests = [desk.key.row(opened.name, entry, one.key) for one in found]
    linked: dict[bytes, list[UUID]] = {}
    for digest, _, subject in desk.db.values("keys_found", store=opened.name, entry=entry, keys=digests):
        linked.setdefault(cast(bytes, digest), []).append(cast(UUID, subject))
    everyone = list({s for own in (*led, *linked.values()) for s in own})
    at_times = states_at(desk.db, desk.policy, everyone, sorted({now, now + lease}))
    of_subject = {subject: strictest([known[subject] for known in at_times]) for subject in everyone}
    unknown = nobody(desk.policy)
    decided: dict[PersonKey, PersonState] = {}
    owners: dict[PersonKey, set[UUID]] = {}
    for one, hers, digest in zip(found, led, digests, strict=True):
        by_key = linked.get(digest, [])
        options = [of_subject[subject] for subject in hers]
        options += [of_subject[s] for s in by_key if of_subject[s] != unknown]
        if one.identifiers and not hers:
            options.append(unknown)
        decided[one.key] = strictest(options) if options else unknown
        owners[one.key] = {*hers, *by_key}
    return decided, owners


def people(
    graph: Graph, reading: Session, entry: str, country: str, keys: Sequence[PersonKey] | None = None
) -> Iterator[Found]:
    """Yield the rows of a people entry, all or some."""
    stated = graph.map.people[entry]
    named = [(kind, one.column) for kind, one in stated.identified_by() if one.identifies == "person"]
    query = exp.select(*(column(name, "t") for name in stated.key), identity(graph, entry, "t"))
    query = query.select(*(column(name, "t") for _, name in named)).from_(table_of(stated.table, "t"))
    closure = Closure(graph, {entry: "keys"})
    where = graph.where(entry)
    if where is not None:
        query = query.where(closure.expression(where, "t"))
    for name in stated.key:
        query = query.where(exp.Not(this=exp.Is(this=column(name, "t"), expression=exp.null())))
    keysets: dict[str, Keys] = {}
    if keys is not None:
        query = query.where(closure.member(stated.table, stated.key, "t", (entry, "keys"), exactly=True))
        keysets["keys"] = Keys(families(graph, entry), list(keys))
    width, seen = len(stated.key), set()
    for row in _rows(reading, Statement(query), keysets, stream=keys is None):
        if row[:width] not in seen:
            if keys is not None or not graph.schema.tables[stated.table].is_unique(stated.key):
                seen.add(row[:width])
            yield _found(row, width, [kind for kind, _ in named], country)


def _rows(reading: Session, statement: Statement, keysets: Mapping[str, Keys], *, stream: bool) -> Iterable[Any]:
    return reading.stream(statement, keysets) if stream else reading.rows(statement, keysets)


def _found(row: tuple[Any, ...], width: int, kinds: Sequence[str], country: str) -> Found:
    said = zip(kinds, row[width + 1 :], strict=True)
    normal = ((kind, normalise(kind, str(value), country)) for kind, value in said if value is not None)
    return Found(row[:width], int(row[width]), tuple(Identifier(kind, value) for kind, value in normal if value))


def entries(graph: Graph) -> list[str]:
    """Return the people entries whose table is there."""
    return [name for name, entry in graph.map.people.items() if entry.table in graph.schema.tables]


def key_types(graph: Graph, entry: str) -> list[str]:
    """Return the types of an entry's key, as the database spells them."""
    found = graph.map.people[entry]
    return [graph.schema.tables[found.table].columns[name].type for name in found.key]


def families(graph: Graph, entry: str) -> tuple[Family, ...]:
    """Return the families of the types of an entry's key."""
    found = graph.map.people[entry]
    return tuple(graph.schema.tables[found.table].columns[name].family for name in found.key)


def handle(subject: UUID) -> int:
    """Return the short name of a person in stores; two who share one are told about together."""
    return int.from_bytes(subject.bytes[:8], signed=True)


def _there(changing: Session) -> bool:
    return binding(changing).looking.has(changing, "slot")

"""Who is meant: a person found in each store by identifiers, hop by hop, shown and never guessed (DESIGN §2).

Only an identifier of one person leads: a shared mailbox, a switchboard or a company number finds candidates at most.
What the person gave leads directly; what a found row says leads one hop further, and such a hop needs a second
attribute that agrees, or an officer's word. Two records in one place are shown and wait for that word too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from belofte.compiler.search import found_by, identity_columns, rows_of, wanted
from belofte.compiler.statement import Keys, Statement
from belofte.datamap.graph import Graph
from belofte.datamap.identity import normalise
from belofte.datamap.model import PeopleEntry
from belofte.stores.session import Session

MAX_HOPS = 3


@dataclass(frozen=True)
class Asked:
    """One identifier as the person gave it, with its normal form."""

    kind: str
    normal: str


class NotAnIdentifier(ValueError):
    """A value that is no identifier of its kind; the message names the kind, never the value."""


def asked(kind: str, value: str, country: str) -> Asked:
    """Return an identifier in its normal form; raises `NotAnIdentifier`."""
    normal = normalise(kind, value, country)
    if normal is None:
        raise NotAnIdentifier(f"what was given as `{kind}` is no valid {kind}: write it as `{kind}=…`, one per person")
    return Asked(kind, normal)


@dataclass(frozen=True)
class Record:
    """A row that may be the person's: where, under which key, how it was found, and whether that is enough."""

    store: str
    entry: str
    key: tuple[Any, ...]
    by: tuple[str, ...]
    """Kinds of identifiers that agree."""
    hop: int
    confirmed: bool
    why_not: str | None
    identifiers: frozenset[Asked]
    """Every identifier of one person that the row holds, in normal form."""
    words: frozenset[str]
    """The row's identifiers as stored, for the search afterwards."""
    person_kind: str | None
    language: str | None

    @property
    def name(self) -> str:
        """How an officer names this record: `store.entry:key`."""
        return f"{self.store}.{self.entry}:{'+'.join(str(part) for part in self.key)}"


@dataclass
class Found:
    """What an identification found: confirmed records, and those that wait for a word."""

    records: dict[tuple[str, str, tuple[Any, ...]], Record] = field(default_factory=dict)

    @property
    def confirmed(self) -> list[Record]:
        """The records that are the person's."""
        return [record for record in self.records.values() if record.confirmed]

    @property
    def waiting(self) -> list[Record]:
        """The records that may be hers."""
        return [record for record in self.records.values() if not record.confirmed]

    def cohort(self) -> dict[str, dict[str, list[tuple[Any, ...]]]]:
        """Return the confirmed keys per store and entry."""
        keys: dict[str, dict[str, list[tuple[Any, ...]]]] = {}
        for record in self.confirmed:
            keys.setdefault(record.store, {}).setdefault(record.entry, []).append(record.key)
        return keys


def anew(_: Hashable, make: Callable[[], Statement]) -> Statement:
    """Return a statement made anew."""
    return make()


@dataclass(frozen=True)
class Place:
    """A store that answers, for looking people up. `once`: how what is compiled for it is kept."""

    graph: Graph
    session: Session
    once: Callable[[Hashable, Callable[[], Statement]], Statement] = anew


def identify(
    places: Mapping[str, Place], given: Sequence[Asked], country: str, confirm: frozenset[str] = frozenset(),
    led: Iterable[Asked] = (),
) -> Found:  # fmt: skip
    """Return the records of one person in every store that answers.

    `given` is what she gave. `confirm` is an officer's word: names of records (`Record.name`), or `all`. `led` is what
    her records elsewhere said before, followed like any other hop.
    """
    found = Found()
    known: set[Asked] = set(given)
    looked: set[Asked] = set()
    for hop in range(MAX_HOPS):
        fresh = sorted(known - looked, key=lambda one: (one.kind, one.normal))
        looked |= set(fresh)
        for store, place in places.items():
            _look(found, store, place, fresh, known, country, hop, confirm)
        known |= {*led, *(identifier for record in found.confirmed for identifier in record.identifiers)}
        if known == looked:
            break
    return found


def _look(
    found: Found, store: str, place: Place, fresh: Iterable[Asked], known: set[Asked], country: str, hop: int,
    confirm: frozenset[str],
) -> None:  # fmt: skip
    for entry, people in place.graph.map.people.items():
        rows: dict[tuple[Any, ...], dict[str, Any]] = {}
        for one in fresh:
            rows.update(_matching(place, store, entry, one, country))
        new = [key for key in rows if (store, entry, key) not in found.records]
        for key in new:
            record = _record(store, entry, people, key, rows[key], known, country, hop)
            found.records[(store, entry, key)] = _judged(record, len(new), confirm)


def _matching(place: Place, store: str, entry: str, one: Asked, country: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return the rows of an entry in which an identifier occurs, compared in its normal form."""
    people = place.graph.map.people[entry]
    columns = [i.column for kind, i in people.identified_by() if kind == one.kind and i.identifies != "organisation"]
    if not columns:
        return {}
    made = place.once(("found by", store, entry, one.kind), lambda: found_by(place.graph, entry, columns, one.kind))
    statement = replace(made, binds={"wanted": wanted(one.kind, one.normal)})
    outputs = [*people.key, *identity_columns(place.graph, entry)]
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for found in place.session.rows(statement, {}):
        row = dict(zip(outputs, found, strict=True))
        if any(row[c] is not None and normalise(one.kind, str(row[c]), country) == one.normal for c in columns):
            rows[tuple(row[name] for name in people.key)] = row
    return rows


def _record(
    store: str, entry: str, people: PeopleEntry, key: tuple[Any, ...], row: Mapping[str, Any], known: set[Asked],
    country: str, hop: int,
) -> Record:  # fmt: skip
    personal: set[Asked] = set()
    shared: set[Asked] = set()
    words: set[str] = set()
    for kind, identifier in people.identified_by():
        value = row[identifier.column]
        normal = normalise(kind, str(value), country) if value is not None else None
        if normal is None or identifier.identifies == "organisation":
            continue
        (personal if identifier.identifies == "person" else shared).add(Asked(kind, normal))
        if identifier.identifies == "person":
            words |= {str(value).strip(), normal}
    agreeing = (personal | shared) & known
    why = None
    if not personal & known:
        why = "only a shared identifier agrees"
    elif hop and len(agreeing) < 2:
        why = "found through another record, and one identifier alone agrees"
    return Record(
        store, entry, key, tuple(sorted({one.kind for one in agreeing})), hop, why is None, why, frozenset(personal),
        frozenset(words), people.kind_of(row), row.get(people.language) if people.language else None,
    )  # fmt: skip


def _judged(record: Record, several: int, confirm: frozenset[str]) -> Record:
    """Return the record with the officer's word, or waiting because others answer to the same identifier."""
    if "all" in confirm or record.name in confirm:
        return _with(record, True, None)
    if several > 1 and record.confirmed:
        return _with(record, False, f"{several} records of `{record.entry}` answer to it")
    return record


def _with(record: Record, confirmed: bool, why_not: str | None) -> Record:
    fields = {name: getattr(record, name) for name in record.__dataclass_fields__}
    return Record(**{**fields, "confirmed": confirmed, "why_not": why_not})


def records_of(place: Place, store: str, entry: str, keys: Sequence[tuple[Any, ...]], country: str) -> list[Record]:
    """Return the records of people whose keys are known (a sealed cohort that is taken up again)."""
    people = place.graph.map.people[entry]
    families = tuple(place.graph.schema.tables[people.table].columns[name].family for name in people.key)
    statement = place.once(("rows of", store, entry), lambda: rows_of(place.graph, entry, "keys"))
    rows = place.session.rows(statement, {"keys": Keys(families, list(keys))})
    return [record for record, _ in _records(place, store, entry, rows, country)]


def everyone(place: Place, store: str, entry: str, country: str) -> Iterator[tuple[Record, bool]]:
    """Yield the record of everyone of an entry, and whether its row says anything of who she is.

    While it yields, no other statement runs in the place's session.
    """
    yield from _records(place, store, entry, place.session.stream(rows_of(place.graph, entry), {}), country)


def _records(
    place: Place, store: str, entry: str, rows: Iterable[tuple[Any, ...]], country: str
) -> Iterator[tuple[Record, bool]]:
    people = place.graph.map.people[entry]
    outputs = [*people.key, *identity_columns(place.graph, entry)]
    identifying = [one.column for _, one in people.identified_by()]
    for values in rows:
        row = dict(zip(outputs, values, strict=True))
        key = tuple(row[name] for name in people.key)
        record = _with(_record(store, entry, people, key, row, set(), country, 0), True, None)
        yield record, any(row[name] is not None for name in identifying)

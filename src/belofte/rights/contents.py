"""What the stores hold about a cohort, row by row, with what keeps and uses each datum: the copy of art. 15(3).

Rows stream. In a shared row what is about somebody else is left out (art. 15(4)): her columns, and the keys that name
her. A datum's class says which purposes keep and use it now, whether it is held or restricted; one that nothing keeps
is shown too, as what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any, Final

from sqlglot import exp

from belofte.compiler.flags import BITS
from belofte.compiler.setting import Group
from belofte.compiler.statement import Statement
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.paths import Edge
from belofte.rights.desk import Desk
from belofte.rights.identify import Record
from belofte.rights.intake import Intake, PersonFound
from belofte.rights.population import Population, population_now
from belofte.stores.session import Session, session


class LeftOut:
    """Stands for a value that is about somebody else."""


LEFT_OUT: Final = LeftOut()

FEW = 10
"""People whose rows are asked for at once first."""
AT_ONCE = 2_000
"""Rows of a table up to which they come in one answer."""


@dataclass(frozen=True)
class DatumClass:
    """Which purposes possibly keep and surely use a datum, and whether a hold or a restriction stands on it."""

    keep: tuple[str, ...]
    use: tuple[str, ...]
    hold: bool
    restricted: bool

    @property
    def justified(self) -> bool:
        """Return whether anything justifies the datum."""
        return bool(self.keep) or self.hold or self.restricted


@dataclass
class Classes:
    """The classes met so far, in order; the list grows while rows stream."""

    found: list[DatumClass] = field(default_factory=list)
    _numbers: dict[DatumClass, int] = field(default_factory=dict)

    def number(self, one: DatumClass) -> int:
        """Return the index of a class."""
        if one not in self._numbers:
            self._numbers[one] = len(self.found)
            self.found.append(one)
        return self._numbers[one]


@dataclass(frozen=True)
class Contents:
    """One table's rows about the cohort: column names, each column's element, and the rows with classes (-1: none)."""

    table: str
    columns: tuple[str, ...]
    elements: tuple[str | None, ...]
    rows: Iterator[tuple[Sequence[object], Sequence[int]]]


def read_store(desk: Desk, intake: Intake, name: str, classes: Classes) -> Iterator[Contents]:
    """Yield what one store holds about the people of an intake, in one read-only session that stays open meanwhile."""
    opened = desk.open(name)
    with session(opened.store) as reading:
        found = population_now(desk, intake, opened, reading)
        tables = desk.once(("contents", name, found.shape), lambda: readings(found))
        yield from contents(reading, found, classes, tables)


def with_ours(desk: Desk, intake: Intake) -> Intake:
    """Return an intake with the rows of Belofte's own database, where its map is the company's: found by who she is."""
    entries = own_entries(desk)
    if not entries:
        return intake
    return replace(intake, people=tuple(_with_ours(person, entries) for person in intake.people))


def own_entries(desk: Desk) -> list[tuple[str, str, str]]:
    """Return the stores and entries of Belofte's own database whose people are those whom it knows, and their kind."""
    return [
        (name, entry, people.kinds[0])
        for name, spec in desk.specs.items()
        for entry, people in spec.map.people.items()
        if spec.own and (people.table, people.key) == ("subject", ("id",))
    ]


def _with_ours(person: PersonFound, entries: Sequence[tuple[str, str, str]]) -> PersonFound:
    records = {
        (store, entry, (subject,)): Record(
            store, entry, (subject,), (), 0, True, None, frozenset(), frozenset(), kind, None
        )
        for store, entry, kind in entries
        for subject in person.subjects
    }
    return replace(person, found=replace(person.found, records={**person.found.records, **records}))


@dataclass(frozen=True)
class Reading:
    """The compiled SELECT of one table, with the verdicts that its flags stand for."""

    judged: Verdicts
    statement: Statement
    first: Statement
    """The same, of no more rows than one person mostly has."""
    flags: tuple[str, ...]
    constants: Mapping[str, int]
    purposes: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    elements: tuple[str | None, ...]


def readings(found: Population) -> list[Reading]:
    """Return the SELECTs of every table that the cohort reaches, parents first."""
    return [
        _reading(judged)
        for table in found.setting.graph.ours
        if (judged := Verdicts(found.setting, found.closure, table)).touched
    ]


def _reading(judged: Verdicts) -> Reading:
    judged.add_whose()
    judged.add_masks()
    graph, table = judged.setting.graph, judged.table
    columns = tuple(graph.schema.tables[table].columns)
    mapped = graph.map.tables.get(table)
    elements = tuple(mapped.columns[name].element if mapped and name in mapped.columns else None for name in columns)
    statement = judged.select(f"what {table} holds about them", columns=True)
    purposes = tuple(tuple(judged.justify.purposes(group)) for group in judged.groups)
    flags = tuple(flag.name for flag in judged.varying)
    assert isinstance(statement.tree, exp.Select)
    first = Statement(statement.tree.limit(AT_ONCE), statement.binds, statement.comment)
    return Reading(judged, statement, first, flags, judged.constants, purposes, columns, elements)


def contents(reading: Session, found: Population, classes: Classes, tables: Sequence[Reading]) -> Iterator[Contents]:
    """Yield what a store holds about the cohort, table by table, by SELECTs compiled for its shape (`readings`)."""
    reading.given = found.given
    for table in tables:
        reader = _Reader(table, found, classes)
        rows = reader.read(_rows(reading, found, table))
        yield Contents(table.judged.table, table.columns, table.elements, rows)


def _rows(reading: Session, found: Population, table: Reading) -> Iterable[tuple[Any, ...]]:
    """Return a table's rows: of a few people at once where they are few, else as a stream."""
    people = sum(len(found.keysets[name].keys) for name in found.closure.cohort.values())
    if reading.dialect == "postgres" and people <= FEW:
        few = reading.few(table.first, found.keysets, AT_ONCE)
        if few is not None:
            return few
    return reading.stream(table.statement, found.keysets)


class _Reader:
    """Reads one table's rows: values, classes, and what is left out."""

    def __init__(self, table: Reading, found: Population, classes: Classes) -> None:
        self.judged, self.classes, self.columns = table.judged, classes, table.columns
        self.flags, self.constants, self.purposes = table.flags, table.constants, table.purposes
        self.own = frozenset(self.judged.setting.graph.key(self.judged.table))
        self.naming = [
            (positions[0] if len(positions) == 1 else itemgetter(*positions), positions, people)
            for positions, people in _naming(self.judged, found, table.columns)
        ]
        self._decided: dict[tuple[int, ...], tuple[list[int], frozenset[str]]] = {}

    def read(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Sequence[object], Sequence[int]]]:
        """Yield each row's values and their classes."""
        size = len(self.columns)
        if not self.flags and not self.naming:
            numbers, shown = self._decide(())
            if shown.issuperset(self.columns):
                yield from ((row, numbers) for row in rows)
                return
        decided = self._decided
        for row in rows:
            raw = row[size:]
            if raw not in decided:
                decided[raw] = self._decide(tuple(int(item or 0) for item in raw))
            yield self._shown(row[:size], *decided[raw])

    def _shown(
        self, row: tuple[Any, ...], numbers: list[int], shown: frozenset[str]
    ) -> tuple[Sequence[object], Sequence[int]]:
        """Return a row without what is about somebody else."""
        hidden: set[str] = set() if len(shown) == len(self.columns) else {c for c in self.columns if c not in shown}
        for named, positions, people in self.naming:
            if (row[named] if isinstance(named, int) else named(row)) not in people:
                hidden.update(self.columns[at] for at in positions)
        if not hidden:
            return row, numbers
        values = [
            LEFT_OUT if name in hidden and value is not None else value
            for name, value in zip(self.columns, row, strict=True)
        ]
        return values, [-1 if name in hidden else numbers[at] for at, name in enumerate(self.columns)]

    def _decide(self, raw: tuple[int, ...]) -> tuple[list[int], frozenset[str]]:
        flags = {**self.constants, **dict(zip(self.flags, raw, strict=True))}
        numbers = dict.fromkeys(self.columns, -1)
        hers = bool(flags["hers"])
        shown = set(self.columns) if hers else set(self.own)
        for at, group in enumerate(self.judged.groups):
            if group.about is not None:
                shown = shown | set(group.columns) if flags[f"about{at}"] else shown - set(group.columns)
            for name in group.columns:
                numbers[name] = self.classes.number(self._class(flags, at, group))
        return [numbers[name] for name in self.columns], frozenset(shown)

    def _class(self, flags: Mapping[str, int], at: int, group: Group) -> DatumClass:
        names = self.purposes[at]
        held = flags[f"h{at}"]
        return DatumClass(
            _named(flags, f"k{at}", names), _named(flags, f"u{at}", names), bool(held & 1), bool(held & 2)
        )


def _named(flags: Mapping[str, int], name: str, purposes: Sequence[str]) -> tuple[str, ...]:
    """Return the purposes whose bits are set in a mask that may be spread over several columns."""
    found = []
    for number, purpose in enumerate(purposes):
        chunk = name if number < BITS else f"{name}_{number // BITS}"
        if flags[chunk] >> (number % BITS) & 1:
            found.append(purpose)
    return tuple(found)


def _naming(
    judged: Verdicts, found: Population, columns: tuple[str, ...]
) -> Iterator[tuple[tuple[int, ...], frozenset[Any]]]:
    """Yield the columns whose values are the key of a person, with the keys that are the cohort's own.

    A key of one column stands as its plain value.
    """
    graph = judged.setting.graph
    edges: dict[Edge, set[str]] = {}
    for owner in [*judged.owners, *(o for g in judged.groups for o in judged.owners_of(g))]:
        if len(owner.path) == 1 and owner.path[0].json is None and owner.path[0].match == "exact":
            edges.setdefault(owner.path[0], set()).add(owner.entry)
    for edge in graph.mentions(judged.table):
        names = {name for name, _ in graph.entries(edge.parent)}
        if names <= graph.map.people.keys():  # her employer is an organisation, also where a sole trader could be one
            edges.setdefault(edge, set()).update(names)
    if judged.justify.only_cohort:  # the rows were selected by that very key
        edges = {edge: entries for edge, entries in edges.items() if (edge,) != judged.owners[0].path}
    for edge, entries in edges.items():
        if any(edge.parent_columns != graph.entry(entry).key for entry in entries):
            continue
        if set(edge.columns) & set(graph.key(judged.table)):
            continue
        keys = {key for entry in entries for key in _keys(found, entry)} | {(None,) * len(edge.columns)}
        own = {key[0] for key in keys} if len(edge.columns) == 1 else keys
        yield tuple(columns.index(name) for name in edge.columns), frozenset(own)


def _keys(found: Population, entry: str) -> Sequence[tuple[Any, ...]]:
    name = found.closure.cohort.get(entry)
    return found.keysets[name].keys if name is not None else ()

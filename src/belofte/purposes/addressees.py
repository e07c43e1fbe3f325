"""Whom a message about the processing itself is for (art. 13(3), 14(4)): everyone concerned, once, with an address.

It goes to people whatever they said to advertising: it is drawn through purposes that are no advertising, and through
the one that it is about. A restriction does not stand in its way: to tell her is a duty towards herself, restriction
is about what is done with her data otherwise, and art. 18(3) has her told things while it lasts. Whose kind nobody
knows may be concerned: no purpose surely uses her address, so she is on the list without one. People in stores kept by
hand are told by hand, and those whose data is held for another controller are told by that one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.pseudonym import halves
from belofte.compiler.setting import Population, Setting
from belofte.compiler.statement import Keys, Statement
from belofte.compiler.views import extract as compiled
from belofte.datamap.graph import Graph
from belofte.datamap.model import UNKNOWN_KIND, DataMap
from belofte.policy.model import Basis, Policy
from belofte.purposes.desk import Desk, Opened, databases, standing
from belofte.purposes.extracting import population_of
from belofte.purposes.persons import Persons, Row, rows
from belofte.purposes.projecting import entries
from belofte.stores.connect import Unreachable
from belofte.stores.session import Session, session

ADDRESS = "email"
"""The sort of identifier that a message goes to; whoever has none is listed without, for a letter."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person: one of her rows, her kind (None: unknown) and language, and the address that may be used for her."""

    store: str
    entry: str
    key: tuple[object, ...]
    kind: str | None
    language: str
    address: str


@dataclass(frozen=True)
class Listed:
    """Who is to be told, each once; stores that were silent, and those whose people are told by hand.

    `at_most`: nothing links some of the rows to those elsewhere, so that somebody may be listed twice.
    """

    people: tuple[Addressee, ...]
    at_most: bool
    silent: tuple[str, ...]
    by_hand: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """How many people there are: in all, and of each kind, each person once; else as of `Listed`.

    A person who is of two kinds counts for each of them, and once in all.
    """

    people: int
    kinds: Mapping[str, int]
    at_most: bool
    silent: tuple[str, ...]
    by_hand: tuple[str, ...]


def through(policy: Policy, concerned: Collection[str]) -> list[str]:
    """Return the purposes through which people may be told: no advertising, not by consent; and those concerned."""
    return [
        name
        for name, one in policy.purposes.items()
        if name in concerned or not (one.direct_marketing or Basis.CONSENT in one.bases(None))
    ]


def told_by_hand(desk: Desk, kinds: Collection[str]) -> tuple[str, ...]:
    """Return the stores without a connection that may hold people of these kinds: somebody tells those by hand."""
    manual = {name: spec.map for name, spec in desk.specs.items() if spec.map.kind == "manual"}
    return tuple(
        name
        for name, one in sorted(manual.items())
        if not one.all_passed_on and (not one.people or any(e.may_be(None, kinds) for e in one.people.values()))
    )


def addressees(desk: Desk, kinds: Collection[str], purposes: Sequence[str]) -> Listed:
    """Return every person of these kinds (() for all) whom one of the purposes may use something of now, each once.

    The address is there where a purpose may use it. People's states are read at the moment of asking.
    """
    persons, best, silent = Persons(desk.db, desk.key), dict[int, Addressee](), []
    found: list[tuple[int, Addressee]] = []
    for store in databases(desk):
        try:
            found += _of_store(desk, desk.open(store), kinds, purposes, persons)
        except Unreachable:
            silent.append(store)
    for number, one in found:
        who = persons.of(number)
        if who not in best or _more(one, best[who]):
            best[who] = one
    return Listed(tuple(best.values()), persons.at_most, tuple(silent), told_by_hand(desk, kinds))


def _concerned(store: DataMap, graph: Graph, kinds: Collection[str]) -> list[str]:
    """Return the people entries of a store whose people may be of these kinds, and are ours to tell."""
    return [
        entry
        for entry in entries(graph)
        if store.people[entry].may_be(None, kinds) and not store.for_others(store.people[entry].table)
    ]


def _of_store(
    desk: Desk, opened: Opened, kinds: Collection[str], purposes: Sequence[str], persons: Persons
) -> list[tuple[int, Addressee]]:  # fmt: skip
    """Return those of a store, each with its number among persons."""
    found: list[tuple[int, Addressee]] = []
    with session(opened.store) as reading:
        keysets: dict[str, Keys] = {}
        population, _ = population_of(desk, opened, reading, keysets)
        setting = replace(standing(desk, opened.graph), population=_unrestricted(population))
        for entry in _concerned(opened.graph.map, opened.graph, kinds):
            stated = opened.graph.map.people[entry]
            addresses = _addresses(desk, opened, reading, keysets, setting, entry, purposes)
            for batch in rows(opened.graph, reading, opened.name, entry, desk.policy.organisation.country):
                told = [
                    row
                    for row in batch
                    if stated.may_be(row.kind, kinds) and (row.kind is None or row.key in addresses)
                ]
                numbers = persons.add(told)
                found += [(n, _addressee(row, addresses)) for n, row in zip(numbers, told, strict=True)]
    return found


def _unrestricted(population: Population) -> Population:
    """Return everybody in the state in which she is told: restriction does not keep her from being told."""
    return {
        entry: [replace(one, state=replace(one.state, restricted=frozenset())) for one in classes]
        for entry, classes in population.items()
    }


def _addresses(
    desk: Desk, opened: Opened, reading: Session, keysets: Mapping[str, Keys], setting: Setting, entry: str,
    purposes: Sequence[str],
) -> dict[tuple[object, ...], str]:  # fmt: skip
    """Return the address of everyone of an entry of whom one of the purposes may use something; "" where it may not."""
    stated = opened.graph.map.people[entry]
    named = [one.column for sort, one in stated.identified_by() if sort == ADDRESS and one.identifies == "person"]
    found: dict[tuple[object, ...], str] = {}
    for purpose in purposes:
        made = compiled(setting, purpose, stated.table)
        if made is None or not set(stated.key) <= set(made.columns):
            continue
        reading.given = halves({purpose: desk.key.masking(purpose)})
        for row in reading.stream(made.statement, keysets):
            seen = dict(zip(made.columns, row, strict=True))
            key = tuple(seen[name] for name in stated.key)
            found[key] = found.get(key) or next((str(seen[name]) for name in named if seen.get(name)), "")
    return found


def _addressee(row: Row, addresses: Mapping[tuple[object, ...], str]) -> Addressee:
    return Addressee(row.store, row.entry, row.key, row.kind, row.language, addresses.get(row.key, ""))


def _more(one: Addressee, other: Addressee) -> bool:
    return (bool(one.address), bool(one.language)) > (bool(other.address), bool(other.language))


def counted(desk: Desk, kinds: Collection[str]) -> Counted:
    """Return how many people of these kinds (() for all) the stores hold, whatever may use them, each person once.

    Whose kind nobody knows counts where she may be of one of them. Where one table holds them all the database counts.
    """
    places: list[tuple[Opened, str]] = []
    silent: list[str] = []
    for store in databases(desk):
        try:
            opened = desk.open(store)
            places += [(opened, entry) for entry in _concerned(opened.graph.map, opened.graph, kinds)]
        except Unreachable:
            silent.append(store)
    persons, by_kind, everybody = Persons(desk.db, desk.key), dict[str | None, set[int]](), set[int]()
    of_rows: list[tuple[str | None, Sequence[int]]] = []
    if len(places) == 1:
        return _of_one(*places[0], kinds, tuple(silent), told_by_hand(desk, kinds))
    for opened, entry in places:
        stated = opened.graph.map.people[entry]
        with session(opened.store) as reading:
            for batch in rows(opened.graph, reading, opened.name, entry, desk.policy.organisation.country):
                alike: dict[str | None, list[Row]] = {}
                for row in batch:
                    if stated.may_be(row.kind, kinds):
                        alike.setdefault(row.kind, []).append(row)
                of_rows += [(kind, persons.add(some)) for kind, some in alike.items()]
    for kind, numbers in of_rows:
        people = {persons.of(number) for number in numbers}
        by_kind.setdefault(kind, set()).update(people)
        everybody |= people
    figures = {kind or UNKNOWN_KIND: len(people) for kind, people in by_kind.items()}
    return Counted(len(everybody), figures, persons.at_most, tuple(silent), told_by_hand(desk, kinds))


def _of_one(
    opened: Opened, entry: str, kinds: Collection[str], silent: tuple[str, ...], by_hand: tuple[str, ...]
) -> Counted:  # fmt: skip
    """Return how many people of these kinds one table holds, as its database counts them."""
    stated = opened.graph.map.people[entry]
    found: dict[str, int] = {}
    with session(opened.store) as reading:
        for value, count in reading.rows(_count(opened.graph, entry), {}):
            kind = stated.kind_of({stated.kind_column or "": value})
            if stated.may_be(kind, kinds):
                found[kind or UNKNOWN_KIND] = found.get(kind or UNKNOWN_KIND, 0) + int(count)
    return Counted(sum(found.values()), found, False, silent, by_hand)


def _count(graph: Graph, entry: str) -> Statement:
    stated = graph.map.people[entry]
    kind = column(stated.kind_column, "t") if stated.kind_column is not None else exp.Literal.number(1)
    found = exp.select(*(column(name, "t") for name in stated.key), exp.alias_(kind, "kind_of", quoted=True))
    found = found.distinct().from_(table_of(stated.table, "t"))
    where = graph.where(entry)
    if where is not None:
        found = found.where(Closure(graph, {}).expression(where, "t"))
    whole = exp.alias_(exp.Subquery(this=found), "people", quoted=True, table=True)
    told = column("kind_of", "people")
    return Statement(exp.select(told, exp.Count(this=exp.Star())).from_(whole).group_by(told.copy()))

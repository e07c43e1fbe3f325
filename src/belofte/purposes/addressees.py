"""Whom a purpose may write to now: people of some kinds, with their address, by the conditions that bind its readers.

A message about the processing itself (a change of the notice, art. 13(3)) goes to people whatever they said to
advertising: it is drawn through purposes that are no advertising, and through the one that it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.pseudonym import halves
from belofte.compiler.setting import Setting
from belofte.compiler.statement import Keys, Statement
from belofte.compiler.views import extract as compiled
from belofte.datamap.graph import Graph
from belofte.datamap.model import KindBy, PeopleEntry
from belofte.policy.model import Basis, Policy
from belofte.purposes.desk import Desk, Opened, standing
from belofte.purposes.extracting import population_of
from belofte.purposes.projecting import entries, people
from belofte.stores.session import Row, Session, session

ADDRESS = "email"
"""The sort of identifier that a message goes to; whoever has none is listed without, for a letter."""


@dataclass(frozen=True)
class Addressee:
    """A row that is a person: where it is, her kind and language, and the address that a purpose may use for her."""

    store: str
    entry: str
    key: tuple[object, ...]
    kind: str
    language: str
    address: str


def through(policy: Policy, concerned: Collection[str]) -> list[str]:
    """Return the purposes through which people may be told: no advertising, not by consent; and those concerned."""
    return [
        name
        for name, one in policy.purposes.items()
        if name in concerned or not (one.direct_marketing or Basis.CONSENT in one.bases(None))
    ]


def addressees(desk: Desk, opened: Opened, kinds: Collection[str], purposes: Sequence[str]) -> Iterator[Addressee]:
    """Yield every person of these kinds (() for all) whom one of the purposes may use something of now, once per row.

    The address is there where a purpose may use it. People's states are read at the moment of asking.
    """
    with session(opened.store) as reading:
        keysets: dict[str, Keys] = {}
        population, _ = population_of(desk, opened, reading, keysets)
        setting = replace(standing(desk, opened.graph), population=population)
        for entry in entries(opened.graph):
            if set(opened.graph.map.people[entry].kinds) & set(kinds) or not kinds:
                yield from _of_entry(desk, opened, reading, keysets, setting, entry, kinds, purposes)


def _of_entry(
    desk: Desk, opened: Opened, reading: Session, keysets: dict[str, Keys], setting: Setting, entry: str,
    kinds: Collection[str], purposes: Sequence[str],
) -> Iterator[Addressee]:  # fmt: skip
    stated = opened.graph.map.people[entry]
    rows = {one.key for one in people(opened.graph, reading, entry, desk.policy.organisation.country)}
    found: dict[tuple[object, ...], Addressee] = {}
    for purpose in purposes:
        made = compiled(setting, purpose, stated.table)
        if made is None or not set(stated.key) <= set(made.columns):
            continue
        reading.given = halves({purpose: desk.key.masking(purpose)})
        for row in reading.stream(made.statement, keysets):
            one = _addressee(opened.name, entry, stated, made.columns, row)
            before = found.get(one.key)
            if one.key in rows and (not kinds or one.kind in kinds) and (before is None or _more(one, before)):
                found[one.key] = one
    yield from found.values()


def _more(one: Addressee, other: Addressee) -> bool:
    return (bool(one.address), bool(one.language)) > (bool(other.address), bool(other.language))


def _addressee(store: str, entry: str, stated: PeopleEntry, columns: Sequence[str], row: Row) -> Addressee:
    seen = dict(zip(columns, row, strict=True))
    addresses = [one.column for sort, one in stated.identified_by() if sort == ADDRESS and one.identifies == "person"]
    address = next((str(seen[name]) for name in addresses if seen.get(name)), "")
    language = str(seen.get(stated.language or "") or "")
    key = tuple(seen[name] for name in stated.key)
    return Addressee(store, entry, key, _kind(stated, seen), language.lower()[:2], address)


def _kind(stated: PeopleEntry, seen: dict[str, object]) -> str:
    if not isinstance(stated.is_, KindBy):
        return stated.is_
    return stated.is_.values.get(str(seen.get(stated.is_.column)), stated.is_.else_ or "")


def counted(opened: Opened, kinds: Collection[str]) -> dict[str, int]:
    """Return how many people of each of these kinds (() for all) the tables of a store hold, whatever may use them."""
    found: dict[str, int] = {}
    with session(opened.store) as reading:
        for entry in entries(opened.graph):
            stated = opened.graph.map.people[entry]
            if kinds and not set(stated.kinds) & set(kinds):
                continue
            for value, count in reading.rows(_count(opened.graph, entry), {}):
                kind = _kind(stated, {stated.is_.column: value}) if isinstance(stated.is_, KindBy) else stated.is_
                if not kinds or kind in kinds:
                    found[kind] = found.get(kind, 0) + int(count)
    return found


def _count(graph: Graph, entry: str) -> Statement:
    stated = graph.map.people[entry]
    kind = column(stated.is_.column, "t") if isinstance(stated.is_, KindBy) else exp.Literal.number(1)
    rows = exp.select(*(column(name, "t") for name in stated.key), exp.alias_(kind, "kind_of", quoted=True))
    rows = rows.distinct().from_(table_of(stated.table, "t"))
    where = graph.where(entry)
    if where is not None:
        rows = rows.where(Closure(graph, {}).expression(where, "t"))
    whole = exp.alias_(exp.Subquery(this=rows), "people", quoted=True, table=True)
    told = column("kind_of", "people")
    return Statement(exp.select(told, exp.Count(this=exp.Star())).from_(whole).group_by(told.copy()))

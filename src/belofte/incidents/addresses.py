"""How the people of a breach are reached, so that each is told (GDPR art. 34): read where they stand, kept nowhere.

Only ways to reach somebody and her language come out: no name, no key, nothing that was touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from belofte.compiler.search import identity_columns, rows_of
from belofte.compiler.statement import Keys
from belofte.datamap.graph import Graph
from belofte.datamap.model import PeopleEntry
from belofte.stores.session import Session

AT_ONCE = 5_000
WAYS = ("email", "mobile", "phone")
"""The identifiers by which somebody is reached, the first that she has of each."""


@dataclass(frozen=True)
class Address:
    """How one person is reached: her language as the store has it, and an address or number per way."""

    language: str | None
    reach: Mapping[str, str]


def addresses(graph: Graph, reading: Session, people: Mapping[str, Sequence[tuple[Any, ...]]]) -> Iterator[Address]:
    """Yield how each of some people of a store is reached; who has no address there comes out without one."""
    for entry, keys in people.items():
        named = graph.entry(entry)
        assert isinstance(named, PeopleEntry)
        info = graph.schema.tables[named.table]
        families = tuple(info.columns[name].family for name in named.key)
        columns = [*named.key, *identity_columns(graph, entry)]
        question = rows_of(graph, entry, "told")
        for start in range(0, len(keys), AT_ONCE):
            for row in reading.rows(question, {"told": Keys(families, keys[start : start + AT_ONCE])}):
                yield _address(named, dict(zip(columns, row, strict=True)))


def _address(named: PeopleEntry, row: Mapping[str, Any]) -> Address:
    reach: dict[str, str] = {}
    for kind, identifier in named.identified_by():
        value = row.get(identifier.column)
        if kind in WAYS and value and identifier.identifies != "organisation":
            reach.setdefault(kind, str(value).strip())
    return Address(row.get(named.language) if named.language else None, reach)

"""The rules on a data map: each looks at the map, held against the policy and the live catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeAlias

from belofte.datamap.graph import Graph
from belofte.datamap.model import Column, DataMap, Table
from belofte.datamap.recognise.columns import Context, proposal
from belofte.datamap.recognise.findings import Proposal
from belofte.datamap.recognise.nouns import sort
from belofte.datamap.recognise.sample import EMPTY
from belofte.datamap.schema import Schema, TableInfo
from belofte.policy import findings
from belofte.policy.model import Policy

LIKELY = 0.7
"""How convincing a column's name must be before it counts as personal-looking."""


@dataclass(frozen=True)
class Held:
    """What a map is held against: the policy, the live catalogue, and the day."""

    map: DataMap
    policy: Policy
    schema: Schema
    today: date

    @cached_property
    def graph(self) -> Graph:
        """Ownership in this store."""
        return Graph(self.map, self.schema)

    @cached_property
    def tables(self) -> list[tuple[str, Table, TableInfo]]:
        """The mapped tables that exist, as (name, what the map says, what the database says)."""
        found = self.schema.tables
        return [(name, table, found[name]) for name, table in self.map.tables.items() if name in found]

    @cached_property
    def proposals(self) -> dict[str, tuple[Proposal, ...]]:
        """What the names of each table's columns convincingly say, knowing what the map says of the table."""
        people = {entry.table for entry in self.map.people.values()}
        found: dict[str, tuple[Proposal, ...]] = {}
        for name, table in self.schema.tables.items():
            person = name in people
            about = person or bool(name in self.map.tables and self.graph.people(name))
            context = Context(sort(name), 1.0 if person else 0.0, about)
            said = (proposal(table, column, EMPTY, context) for column in table.columns.values())
            found[name] = tuple(one for one in said if one is not None and one.confidence >= LIKELY)
        return found

    def columns(self) -> Iterator[tuple[str, TableInfo, str, Column]]:
        """Yield (path, table, name, what the map says) of each mapped column that exists."""
        for table, mapped, info in self.tables:
            for name, column in mapped.columns.items():
                if name in info.columns:
                    yield f"tables.{table}.columns.{name}", info, name, column


Rule: TypeAlias = findings.Rule[[Held]]

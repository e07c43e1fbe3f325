"""Edges from row to row, and the paths of them by which a row belongs to people or organisations."""

from __future__ import annotations

from dataclasses import dataclass

from belofte.datamap.expression import Expression

MAX_PATH = 8
"""An ownership path is at most this many edges long."""


@dataclass(frozen=True)
class Edge:
    """From a row of `child` up to the rows of `parent` whose `parent_columns` equal its `columns`."""

    child: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    declared: bool = False
    """True when the map states it and no foreign key does."""
    nullable: bool = True
    unique: bool = True
    """At most one parent row matches."""
    when: Expression | None = None
    json: str | None = None
    match: str = "exact"
    foreign_key: bool = False

    def __str__(self) -> str:
        return f"{self.child}.{'+'.join(self.columns)} → {self.parent}.{'+'.join(self.parent_columns)}"


@dataclass(frozen=True)
class Owner:
    """One way from a table's rows to people (or organisations): the entry reached and the edges up to its table."""

    entry: str
    person: bool
    path: tuple[Edge, ...]

    @property
    def nullable(self) -> bool:
        """A row may reach nobody along this path."""
        return any(edge.nullable for edge in self.path)

    @property
    def unique(self) -> bool:
        """A row reaches at most one person along this path."""
        return all(edge.unique for edge in self.path)

    def __str__(self) -> str:
        return " → ".join([*(f"{edge.child}.{'+'.join(edge.columns)}" for edge in self.path), self.entry])

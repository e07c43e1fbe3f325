"""Rows as plain values, joined by loops and comparisons: where a row's paths end, and whom it is about.

The reference evaluator's own joins, slow and obvious on purpose; the compiler's are in `joins.py` and `closure.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from belofte.datamap.expression import alike, truth
from belofte.datamap.graph import Graph
from belofte.datamap.paths import Edge, Owner
from belofte.datamap.schema import Dialect

Row = Mapping[str, Any]
Person = tuple[str, tuple[Any, ...]]
"""An entry of the map's people, and the key of one of them."""

Chain = Mapping[tuple[Edge, ...], Row | None]
"""One row at the end of each path."""


@dataclass(frozen=True)
class PlainRows:
    """One store's rows, per table, compared as its database would."""

    graph: Graph
    rows: Mapping[str, Sequence[Row]]
    dialect: Dialect

    def parents(self, edge: Edge, row: Row) -> list[Row]:
        """Return the rows of the edge's parent that a row points at."""
        if edge.when is not None and truth(edge.when.tree, row) is not True:
            return []
        wanted = [_inside(row[column], edge.json) for column in edge.columns]
        if any(item is None for item in wanted):
            return []
        pairs = list(zip(wanted, edge.parent_columns, strict=True))
        return [
            parent
            for parent in self.rows.get(edge.parent, ())
            if all(self._same(item, parent[column], edge) for item, column in pairs)
        ]

    def _same(self, left: Any, right: Any, edge: Edge) -> bool:
        if right is None:
            return False
        left, right = alike(left, right)
        if isinstance(left, str) and isinstance(right, str):
            if edge.match == "email":
                return left.lower() == right.lower()
            if self.dialect == "mysql" and edge.foreign_key:
                return left.rstrip(" ").casefold() == right.rstrip(" ").casefold()
        return bool(left == right)

    def up(self, path: Iterable[Edge], table: str, row: Row) -> list[Row]:
        """Return the rows at the end of a path; before each edge, the loops of the table it leaves are closed over."""
        found, here = [row], table
        for edge in path:
            found = _distinct(parent for child in self.looped(here, found) for parent in self.parents(edge, child))
            here = edge.parent
        return found

    def looped(self, table: str, rows: list[Row]) -> list[Row]:
        """Return rows of a table with all those above them along its loops."""
        loops = self.graph.loops(table)
        found, fresh = _distinct(rows), _distinct(rows)
        while loops and fresh:
            reached: list[Row] = []
            for loop in loops:
                step = fresh
                for edge in loop:
                    step = [parent for child in step for parent in self.parents(edge, child)]
                reached += step
            fresh = [row for row in _distinct(reached) if not any(row is other for other in found)]
            found += fresh
        return found

    def reached(self, table: str, row: Row, column: str | None = None) -> dict[Person, list[Owner]]:
        """Return the people that a row (or one column of it) is about, with the ways that lead to each."""
        people: dict[Person, list[Owner]] = {}
        for owner in self.graph.people(table, column):
            entry = self.graph.entry(owner.entry)
            where = self.graph.where(owner.entry)
            for end in self.up(owner.path, table, row):
                key = tuple(end[name] for name in entry.key)
                if None in key or (where is not None and truth(where.tree, end) is not True):
                    continue
                ways = people.setdefault((owner.entry, key), [])
                if owner not in ways:
                    ways.append(owner)
        return people

    def chains(self, table: str, row: Row, paths: Iterable[tuple[Edge, ...]]) -> list[Chain]:
        """Return every choice of one row at the end of each path (and of its beginnings); None where there is none."""
        wanted = {path[:end] for path in paths for end in range(1, len(path) + 1)}
        found: list[Chain] = [{(): row}]
        above: dict[int, list[Row]] = {}
        starts = dict.fromkeys(path[:-1] for path in sorted(wanted, key=len))
        for start in starts:
            here = start[-1].parent if start else table
            longer: list[Chain] = []
            for chain in found:
                below = chain[start]
                tops = above.setdefault(id(below), self.looped(here, [below])) if below is not None else [None]
                longer += [one for top in tops for one in self._steps(chain, top, start, wanted)]
            found = longer
        return found

    def _steps(
        self, chain: Chain, top: Row | None, start: tuple[Edge, ...], wanted: set[tuple[Edge, ...]]
    ) -> list[Chain]:
        found = [chain]
        for path in wanted:
            if path[:-1] == start:
                ends: list[Row | None] = [*self.parents(path[-1], top)] if top is not None else []
                found = [{**one, path: end} for one in found for end in ends or [None]]
        return found


def _inside(found: Any, path: str | None) -> Any:
    """Return what a dotted path finds in a JSON value."""
    if path is None or found is None:
        return found
    for name in path.removeprefix("$.").split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _distinct(rows: Iterable[Row]) -> list[Row]:
    return list({id(row): row for row in rows}.values())

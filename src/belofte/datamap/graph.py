"""How each row reaches a person: ownership paths, the order of tables, and where a fact resolves.

Derived once from a data map and the live catalogue; everything that follows people through a database uses it:
the reference evaluator and the compiler follow the same paths, each with joins of its own (DESIGN §1, §2).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from belofte.datamap.expression import parse
from belofte.datamap.facts import AggregateFact, FactDef, ResolvedFact, RowFact, defined
from belofte.datamap.links import Links
from belofte.datamap.model import DataMap, OrganisationEntry, PeopleEntry
from belofte.datamap.paths import MAX_PATH, Edge, Owner
from belofte.datamap.schema import Schema, TableInfo


class Graph(Links):
    """Ownership in one store. Construct with a map and its catalogue; everything else is derived and cached."""

    def __init__(self, datamap: DataMap, schema: Schema) -> None:
        super().__init__(datamap, schema)
        self._owners: dict[tuple[str, str | None], tuple[Owner, ...]] = {}

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(path in the map, what is wrong) of all facts, and of the links that were followed so far."""
        return [*self._defined[1], *self.wrong]

    @cached_property
    def _defined(self) -> tuple[dict[str, FactDef], list[tuple[str, str]]]:
        return defined(self.map, self.schema)

    # -- owners ----------------------------------------------------------------------------------------------

    def owners(self, table: str, column: str | None = None) -> tuple[Owner, ...]:
        """Return every path from a table's rows (or one column's data) to people and organisations."""
        edges = self.column_about(table, column) if column is not None else None
        where = column if edges is not None else None
        if (table, where) not in self._owners:
            self._owners[(table, where)] = tuple(self._paths(table, edges))
        return self._owners[(table, where)]

    def people(self, table: str, column: str | None = None) -> tuple[Owner, ...]:
        """Return the paths that end in people."""
        return tuple(owner for owner in self.owners(table, column) if owner.person)

    def _paths(self, table: str, edges: tuple[Edge, ...] | None) -> Iterator[Owner]:
        if edges is None or (not edges and self.entries(table)):
            for name, entry in self.entries(table):
                yield Owner(name, isinstance(entry, PeopleEntry), ())
        for edge in self.about(table) if edges is None else edges:
            if edge.parent != edge.child:
                yield from self._upwards((edge,), {table})
            else:
                for name, entry in self.entries(table):
                    yield Owner(name, isinstance(entry, PeopleEntry), (edge,))

    def _upwards(self, path: tuple[Edge, ...], seen: set[str]) -> Iterator[Owner]:
        table = path[-1].parent
        if table in seen or len(path) > MAX_PATH:
            return
        entries = self.entries(table)
        for name, entry in entries:
            yield Owner(name, isinstance(entry, PeopleEntry), path)
        if entries:
            return
        for edge in self.about(table):
            if edge.parent != table:
                yield from self._upwards((*path, edge), seen | {table})

    def loops(self, table: str) -> tuple[tuple[Edge, ...], ...]:
        """Return the ways from a row back to a row of the same table along ownership (a folder in a folder)."""
        found: list[tuple[Edge, ...]] = []

        def walk(path: tuple[Edge, ...], seen: frozenset[str]) -> None:
            for edge in self.about(path[-1].parent if path else table):
                if self.entries(edge.child):
                    continue
                if edge.parent == table:
                    found.append((*path, edge))
                elif edge.parent not in seen and len(path) < MAX_PATH and not self.entries(edge.parent):
                    walk((*path, edge), seen | {edge.parent})

        if not self.entries(table):
            walk((), frozenset({table}))
        return tuple(found)

    def mentions(self, table: str) -> list[Edge]:
        """Return the foreign keys of a table that name people whom its rows are not about (the handling employee)."""
        about = {edge.columns for edge in self.about(table)}
        for column in self.map.tables[table].columns if table in self.map.tables else ():
            about |= {edge.columns for edge in self.column_about(table, column) or ()}
        return [
            edge
            for edge in self.foreign_edges(table)
            if edge.columns not in about and any(isinstance(e, PeopleEntry) for _, e in self.entries(edge.parent))
        ]

    # -- scope and order -------------------------------------------------------------------------------------

    @cached_property
    def mapped(self) -> list[str]:
        """The mapped tables that exist, parents before children by keys and links; tables in a cycle stand by name."""
        tables = [name for name in self.map.tables if name in self.schema.tables]
        tables += [e.table for e in self.map.people.values() if e.table in self.schema.tables and e.table not in tables]
        return self.order(dict.fromkeys(t for t in tables if self.schema.tables[t].kind != "view"), links=True)

    @cached_property
    def ours(self) -> list[str]:
        """The mapped tables that are ours to decide about: not those held as processor, which are never written."""
        return [table for table in self.mapped if not self.map.for_others(table)]

    def order(self, tables: dict[str, None], *, links: bool = True) -> list[str]:
        """Return tables with parents before children, by foreign keys and by the map's links.

        In a ring links give way first, then nullable keys by which a row is about nobody, then nullable keys, and
        then the first by name stands first.
        """
        found = [self._parents(table, tables, links) for table in sorted(tables)]
        ranks = [dict(zip(sorted(tables), rank, strict=True)) for rank in zip(*found, strict=True)]
        done: dict[str, None] = {}
        left = sorted(tables)
        while left:
            ready = [table for table in left if ranks[0][table] <= done.keys()]
            for rank in ranks[1:]:
                ready = ready or [table for table in left if rank[table] <= done.keys()][:1]
            done.update(dict.fromkeys(ready or left[:1]))
            left = [table for table in left if table not in done]
        return list(done)

    def _parents(self, table: str, tables: dict[str, None], links: bool) -> tuple[set[str], ...]:
        """Return a table's parents four times, each time without those that give way in a ring."""
        others = [edge for edge in self.foreign_edges(table) if edge.parent != table and edge.parent in tables]
        about = self.about(table)
        hard = {edge.parent for edge in others if not edge.nullable}
        owners = hard | {edge.parent for edge in others if edge in about}
        keys = {edge.parent for edge in others}
        linked = {edge.parent for edge in about if edge.parent != table and edge.parent in tables} if links else set()
        return keys | linked, keys, owners, hard

    def pointing(self, table: str) -> list[Edge]:
        """Return every edge from a child's rows to this table's by its columns: foreign keys, then the map's links.

        A table whose rows another's include (inheritance) is left out where the other has the same edge.
        """
        found = [
            edge
            for child in self.schema.tables.values()
            if not self._included(child, table)
            for edge in self.foreign_edges(child.name)
            if edge.parent == table
        ]
        for child_name in self.mapped:
            for edge in self._all_about(child_name):
                if edge.declared and edge.parent == table and self.points(edge):
                    found.append(edge)
        return found

    def _included(self, child: TableInfo, table: str) -> bool:
        above = self.schema.tables.get(child.child_of or "")
        return above is not None and any(fk.parent == table for fk in above.foreign_keys)

    def _all_about(self, table: str) -> list[Edge]:
        found = list(self.about(table))
        for name in self.map.tables[table].columns if table in self.map.tables else ():
            found += self.column_about(table, name) or ()
        return list(dict.fromkeys(found))

    def led_to(self, table: str) -> frozenset[str]:
        """Return the columns by which the map's links lead to a table's rows, where they are not its key."""
        key = self.key(table)
        found = (edge for child in self.mapped for edge in self._all_about(child) if edge.parent == table)
        return frozenset(name for edge in found if edge.declared for name in edge.parent_columns if name not in key)

    def points(self, edge: Edge) -> bool:
        """Return whether an edge points at its parent's row, as a child does.

        A link from a row's own key to a column of others (an address, from those who live there) is the other way
        round: they point at it, and can go while it stays.
        """
        if edge.foreign_key:
            return True
        here, there = self.schema.tables[edge.child], self.schema.tables[edge.parent]
        return not here.is_unique(edge.columns) or there.is_unique(edge.parent_columns)

    def is_mention(self, edge: Edge) -> bool:
        """Return whether an edge names a person whom the child's row is not about, and may lose.

        What names no person (the rental that a payment is for) is a parent: a kept child keeps its row.
        """
        people = any(isinstance(entry, PeopleEntry) for _, entry in self.entries(edge.parent))
        if not people or edge.child not in self.ours or edge in self._all_about(edge.child):
            return False
        info = self.schema.tables[edge.child]
        return all(info.columns[name].nullable and name not in info.primary_key for name in edge.columns)

    # -- facts -----------------------------------------------------------------------------------------------

    @property
    def facts(self) -> dict[str, FactDef]:
        """The store's facts by name; a table's own fact is `table.fact`."""
        return self._defined[0]

    def resolve(self, fact: FactDef, table: str, owner: Owner) -> ResolvedFact | None:
        """Return where a fact is found for a row of `table` and the person that `owner` leads to.

        On the row, else up its ownership path, else at the person's organisation, else as the declared aggregate
        over rows about the person (or about her organisation). None: the fact does not resolve.
        """
        reached = list(self._reached(table, owner))
        if fact.aggregate is None:
            for path in reached:
                if (path[-1].parent if path else table) == fact.table:
                    return RowFact(fact, path)
            return None
        for path in reached:
            node = path[-1].parent if path else table
            if not self.entries(node) or (owner.path != path and not self._past(owner, path)):
                continue
            down = tuple(way.path for way in self.owners(fact.table) if way.path and way.path[-1].parent == node)
            if down:
                return AggregateFact(fact, path, down)
        return None

    @staticmethod
    def _past(owner: Owner, path: tuple[Edge, ...]) -> bool:
        return len(path) > len(owner.path) and path[: len(owner.path)] == owner.path

    def _reached(self, table: str, owner: Owner) -> Iterator[tuple[Edge, ...]]:
        """Yield paths to the rows that a row's facts may be on, nearest first."""
        for end in range(len(owner.path) + 1):
            yield owner.path[:end]
        yield from self._organisations(owner.path, table, set())
        for way in self.owners(table):
            for end in range(1, len(way.path) + 1):
                yield way.path[:end]
            yield from self._organisations(way.path, table, set())

    def _organisations(self, path: tuple[Edge, ...], table: str, seen: set[str]) -> Iterator[tuple[Edge, ...]]:
        """Yield the paths on from a row to the organisations it belongs to."""
        node = path[-1].parent if path else table
        if node in seen:
            return
        for edge in self.foreign_edges(node):
            owns = any(isinstance(entry, OrganisationEntry) for _, entry in self.entries(edge.parent))
            if owns and edge.parent != node:
                longer = (*path, edge)
                yield longer
                yield from self._organisations(longer, table, seen | {node})

    def collected(self, table: str, owner: Owner) -> RowFact | None:
        """Return where it is said when a row's data was collected; None when the map does not say."""
        mapped = self.map.tables.get(table)
        text = mapped.collected if mapped is not None and mapped.collected else None
        if text is None and self.map.collected is not None:
            text = self.map.collected.is_
        if text is None:
            return None
        expression = parse(text)
        home: str = expression.table or table
        info = self.schema.tables.get(home)
        if info is None or any(column not in info.columns for column in expression.columns):
            return None
        found = self.resolve(FactDef("collected", home, expression, False), table, owner)
        return found if isinstance(found, RowFact) else None

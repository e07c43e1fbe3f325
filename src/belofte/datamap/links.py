"""What a map and its catalogue say of each table alone: whose rows they are, their key, and the edges out of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from belofte.datamap.expression import Expression, parse
from belofte.datamap.model import About, DataMap, Link, OrganisationEntry, PeopleEntry
from belofte.datamap.paths import Edge
from belofte.datamap.schema import Schema


class Links:
    """The entries and edges of one store. What the map says wrongly of them gathers in `wrong`."""

    def __init__(self, datamap: DataMap, schema: Schema) -> None:
        self.map = datamap
        self.schema = schema
        self.wrong: list[tuple[str, str]] = []
        """(path in the map, what is wrong)"""
        self._about: dict[str, tuple[Edge, ...]] = {}
        self._columns: dict[tuple[str, str], tuple[Edge, ...]] = {}

    # -- entries ---------------------------------------------------------------------------------------------

    def entries(self, table: str) -> list[tuple[str, PeopleEntry | OrganisationEntry]]:
        """Return the people and organisations entries whose rows are this table's."""
        return [(name, entry) for name, entry in self._all_entries.items() if entry.table == table]

    @cached_property
    def _all_entries(self) -> dict[str, PeopleEntry | OrganisationEntry]:
        return {**self.map.organisations, **self.map.people}

    def entry(self, name: str) -> PeopleEntry | OrganisationEntry:
        """Return a people or organisations entry by name."""
        return self._all_entries[name]

    def where(self, name: str) -> Expression | None:
        """Return which rows of the entry's table belong to the entry (None: all)."""
        text = self._all_entries[name].where
        return parse(text) if text else None

    def key(self, table: str) -> tuple[str, ...]:
        """Return the columns that tell a table's rows apart: the map's word, the primary key, a unique key, or all."""
        mapped = self.map.tables.get(table)
        if mapped is not None and mapped.key:
            return mapped.key
        info = self.schema.tables[table]
        if info.primary_key:
            return info.primary_key
        for unique in info.unique:
            if all(not info.columns[column].nullable for column in unique):
                return unique
        return tuple(info.columns)

    # -- edges -----------------------------------------------------------------------------------------------

    def foreign_edges(self, table: str) -> list[Edge]:
        """Return every foreign key of a table as an edge."""
        info = self.schema.tables[table]
        return [
            Edge(
                child=table, columns=fk.columns, parent=fk.parent, parent_columns=fk.parent_columns, foreign_key=True,
                nullable=any(info.columns[c].nullable for c in fk.columns),
            )
            for fk in info.foreign_keys
            if fk.parent in self.schema.tables
        ]  # fmt: skip

    def about(self, table: str) -> tuple[Edge, ...]:
        """Return the edges by which a table's rows are about others: declared, else derived from foreign keys."""
        if table not in self._about:
            self._about[table] = ()
            mapped = self.map.tables.get(table)
            if mapped is not None and mapped.about is not None:
                self._about[table] = tuple(self._declared(table, mapped.about, f"tables.{table}.about"))
            elif not self.entries(table):
                self._about[table] = tuple(
                    edge
                    for edge in self.foreign_edges(table)
                    if edge.parent != table and self._leads(edge.parent, {table})
                )
        return self._about[table]

    def column_about(self, table: str, column: str) -> tuple[Edge, ...] | None:
        """Return the edges of a column that is about other people than its row; None when it is about the row's."""
        mapped = self.map.tables.get(table)
        found = mapped.columns.get(column) if mapped else None
        if found is None or found.about is None:
            return None
        key = (table, column)
        if key not in self._columns:
            place = f"tables.{table}.columns.{column}.about"
            self._columns[key] = tuple(self._declared(table, found.about, place))
        return self._columns[key]

    def _leads(self, table: str, seen: set[str]) -> bool:
        """Return whether a table's rows can reach a person or an organisation by what the map and the keys state."""
        if self.entries(table):
            return True
        if table in seen or table in self.map.ignore:
            return False
        mapped = self.map.tables.get(table)
        if mapped is not None and mapped.about is not None:
            return any(link.of != "none" for link in mapped.about)
        return any(
            self._leads(edge.parent, seen | {table}) for edge in self.foreign_edges(table) if edge.parent != table
        )

    def _declared(self, table: str, about: About, place: str) -> Iterator[Edge]:
        for link in about:
            if link.of != "none":
                yield from self._edges_of(table, link, place)

    def _edges_of(self, table: str, link: Link, place: str) -> Iterator[Edge]:
        target = self._all_entries.get(link.of)
        parent = target.table if target is not None else link.of
        info, found = self.schema.tables[table], self.schema.tables.get(parent)
        if found is None:
            self.wrong.append((place, f"`{link.of}` is neither people, an organisation nor a table of this store"))
            return
        if parent == table and link.columns is None:
            return  # the row's own person: a path without edges
        keys = [e for e in self.foreign_edges(table) if e.parent == parent and link.columns in (None, e.columns)]
        if link.json_ is None and link.match == "exact" and link.to is None and keys:
            if len(keys) > 1:
                columns = ", ".join("+".join(edge.columns) for edge in keys)
                self.wrong.append((place, f"several foreign keys lead to `{link.of}` ({columns}): name the column"))
            for edge in keys:
                yield _with_when(edge, link)
            return
        if link.columns is None:
            self.wrong.append((place, f"no foreign key leads from `{table}` to `{link.of}`: name the column"))
            return
        to = link.to or (target.key if target is not None else self.key(parent))
        missing = [c for c in link.columns if c not in info.columns] + [c for c in to if c not in found.columns]
        if missing or len(to) != len(link.columns):
            what = f"has no column `{missing[0]}`" if missing else "names as many columns here as there"
            self.wrong.append((place, f"the link to `{link.of}` {what}"))
            return
        yield Edge(
            child=table, columns=link.columns, parent=parent, parent_columns=tuple(to), declared=True,
            unique=found.is_unique(tuple(to)) and link.match == "exact", json=link.json_, match=link.match,
            when=parse(link.when) if link.when else None,
        )  # fmt: skip


def _with_when(edge: Edge, link: Link) -> Edge:
    return edge if link.when is None else replace(edge, when=parse(link.when), nullable=True)

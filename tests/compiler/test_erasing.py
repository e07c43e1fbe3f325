"""An erasure leaves exactly the rows that a plain-Python eraser leaves, in every dialect, as values and as tables."""

from __future__ import annotations

import hmac
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.compiler.test_agreement import EXAMPLES, KEY, compiled, fill, referee
from tests.compiler.test_agreement import schema as schema
from tests.compiler.test_agreement import store as store
from tests.compiler.world import TABLES, World, linked_worlds, worlds

from belofte.compiler.erasure import erasure
from belofte.compiler.plain_rows import Person, Row
from belofte.compiler.reference import Reference
from belofte.compiler.setting import Group, groups
from belofte.datamap.expression import truth
from belofte.datamap.graph import Graph
from belofte.datamap.paths import Edge, Owner
from belofte.datamap.removal import MARK, form, pseudonym_digits
from belofte.datamap.schema import Schema
from belofte.stores.connect import Store
from belofte.stores.erasing import carry_out
from belofte.stores.session import Session, session

Rows = dict[str, list[dict[str, Any]]]
GONE: dict[str, Any] = {"gone": True}


@pytest.mark.parametrize("many", [False, True], ids=["values", "tables"])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_an_erasure_leaves_what_the_plain_eraser_leaves(store: Store, schema: Schema, many: bool, world: World) -> None:
    the_plain_eraser_agrees(store, schema, many, world)


@pytest.mark.parametrize("many", [False, True], ids=["values", "tables"])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=linked_worlds())
def test_an_erasure_leaves_what_leads_to_her_from_what_the_law_keeps(
    store: Store, schema: Schema, many: bool, world: World
) -> None:
    the_plain_eraser_agrees(store, schema, many, world)


def the_plain_eraser_agrees(store: Store, schema: Schema, many: bool, world: World) -> None:
    graph = world.graph(schema)
    setting, closure, keysets = compiled(world, graph)
    expected = Eraser(world, graph, referee(world, graph)).erased()
    with session(store) as opened:
        fill(opened, world.rows)
        carry_out(opened, erasure(setting, closure), keysets, many=many)
        left = {table: read(opened, table, world) for table in world.rows}
    for table, rows in expected.items():
        assert (table, left[table]) == (table, comparable(table, rows))


def read(opened: Session, table: str, world: World) -> list[tuple[str, ...]]:
    found = opened.execute(f"select {', '.join(columns_of(table))} from {table}")  # noqa: S608
    return sorted(tuple(plain(value) for value in row) for row in found)


def comparable(table: str, rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return sorted(tuple(plain(row[name]) for name in columns_of(table)) for row in rows)


def columns_of(table: str) -> list[str]:
    """Return a table's columns, from its DDL."""
    return [column.split()[0] for column in TABLES[table].split(", ")]


def plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


@dataclass
class Eraser:
    """Erases on plain rows, with joins and loops of its own; what decides is judged on the rows as they were.

    `sweep`: nobody asked, so that a row goes, or loses its link, only for a datum in it that nothing justifies.
    """

    world: World
    graph: Graph
    reference: Reference
    sweep: bool = False
    rows: Rows = field(init=False)
    goes: dict[str, list[bool]] = field(init=False, default_factory=dict)
    """Per table, which rows nothing keeps, whatever still points at them."""

    staying: dict[str, list[Row]] = field(init=False, default_factory=dict)
    """Per table that had its turn, the rows that stay, as they were."""

    def __post_init__(self) -> None:
        self.rows = deepcopy(dict(self.world.rows))
        self.asked = {(entry, key) for entry, keys in self.world.cohort.items() for key in keys}

    def erased(self) -> Rows:
        """Return the rows that are left."""
        for table in self.graph.mapped:
            self.goes[table] = [self.let_go(table, row) for row in self.world.rows[table]]
        for table in reversed(self.graph.mapped):
            gone = [number for number, goes in enumerate(self.goes[table]) if goes]
            while blocked := [n for n in gone if self.pointed_at(table, n, gone)]:
                gone = [n for n in gone if n not in blocked]
            self.staying[table] = [row for n, row in enumerate(self.world.rows[table]) if n not in gone]
            self.unlink_mentions(table, gone)
            for number, row in enumerate(self.rows[table]):
                if number not in gone:
                    self.change(table, self.world.rows[table][number], row)
            self.rows[table] = [GONE if n in gone else row for n, row in enumerate(self.rows[table])]
        return {table: [row for row in found if row is not GONE] for table, found in self.rows.items()}

    def let_go(self, table: str, row: Row) -> bool:
        """Return whether a row is hers, no organisation's, in no held table, and nothing in it is justified."""
        if table in self.world.held_tables or not set(self.reference.plain.reached(table, row)) & self.asked:
            return False
        for owner in self.graph.owners(table):
            where = self.graph.where(owner.entry)
            ends = self.reference.plain.up(owner.path, table, row) if not owner.person else []
            if any(where is None or truth(where.tree, end) is True for end in ends):
                return False
        found = groups(self.graph, table)
        if not found:
            edges = {owner.path[0] for owner in self.graph.people(table) if owner.path}
            return all(self.carried(edge, row) for edge in edges) and (bool(edges) or not self.sweep)
        if self.sweep and not any(self.hers(table, row, group) and self.there(table, row, group) for group in found):
            return False
        return not any(self.kept(table, row, group) for group in found)

    def carried(self, edge: Edge, row: Row) -> bool:
        """Return whether the row above, to which a row without data belongs, goes; or there is none."""
        if any(row[name] is None for name in edge.columns):
            return True
        above = zip(self.world.rows[edge.parent], self.goes[edge.parent], strict=True)
        return any(goes and points(edge, row, parent) for parent, goes in above)

    def kept(self, table: str, row: Row, group: Group) -> bool:
        columns: list[str | None] = [*([None] if group.row else []), *group.columns]
        return any(self.reference.justified(table, row, column) for column in columns)

    def hers(self, table: str, row: Row, group: Group) -> bool:
        """Return whether a group is about somebody asked about."""
        column = None if group.row else group.columns[0]
        return bool(set(self.reference.plain.reached(table, row, column)) & self.asked)

    def there(self, table: str, row: Row, group: Group) -> bool:
        """Return whether a group still holds a datum."""
        return group.row or not all(self.reference.erased(table, row, column) for column in group.columns)

    def pointed_at(self, table: str, number: int, gone: list[int]) -> bool:
        target = self.rows[table][number]
        for edge in self.graph.pointing(table):
            if self.graph.is_mention(edge) and edge.child not in self.world.held_tables:
                continue
            for other, child in enumerate(self.rows[edge.child]):
                if child is GONE or (edge.child == table and other in gone):
                    continue
                if points(edge, child, target):
                    return True
        return False

    def unlink_mentions(self, table: str, gone: list[int]) -> None:
        for edge in self.graph.pointing(table):
            if not self.graph.is_mention(edge):
                continue
            for child in self.rows[edge.child]:
                if child is not GONE and any(points(edge, child, self.rows[table][n]) for n in gone):
                    child.update(dict.fromkeys(edge.columns))

    def change(self, table: str, before: Row, row: dict[str, Any]) -> None:
        """Unlink her from a row that stays, and let what nothing justifies in it take its removal form."""
        if table in self.world.held_tables:
            return
        needed = self.by_which_others_reach(table, before)
        self.unlink(table, before, row, needed)
        for group in groups(self.graph, table):
            if any(set(group.columns) & set(edge.parent_columns) for edge in needed if edge.parent == table):
                continue
            hers = self.hers(table, before, group) and self.there(table, before, group)
            if hers and not self.kept(table, before, group):
                for name in group.columns:
                    self.remove(table, row, name)

    def by_which_others_reach(self, table: str, row: Row) -> set[Edge]:
        """Return a row's keys, and the links that lead to it, by which rows that stay reach whom they are kept for."""
        needed: set[Edge] = set()
        for below, others in self.staying.items():
            for owner in dict.fromkeys(o for g in groups(self.graph, below) for o in self.graph.people(below, g.about)):
                for other in others:
                    passed = self.passed(below, other, owner, table, row)
                    if passed and self.kept_for(below, other, owner):
                        needed |= passed
        return needed

    def passed(self, below: str, other: Row, owner: Owner, table: str, row: Row) -> set[Edge]:
        """Return what of a row another's way to people passes: a key that the row has, a link that leads to it."""
        found = set()
        for at, edge in enumerate(owner.path):
            if edge.child == table and below != table and self.reaches(owner.path[:at], below, other, row):
                found.add(edge)
            linked = edge.parent == table and edge.declared
            if linked and self.reaches(owner.path[: at + 1], below, other, row):
                found.add(edge)
        if below == table and owner.path:
            above = [up for loop in self.graph.loops(table) for up in self.reference.plain.up(loop, table, other)]
            if any(row is one for one in self.reference.plain.looped(table, above)):
                found.add(owner.path[0])
        return found

    def reaches(self, path: tuple[Edge, ...], below: str, other: Row, row: Row) -> bool:
        ends = self.reference.plain.up(path, below, other)
        return any(row is one for one in (self.reference.plain.looped(path[-1].parent, ends) if path else ends))

    def kept_for(self, table: str, row: Row, owner: Owner) -> bool:
        """Return whether something of a row is justified for somebody asked about, whom this way leads to."""
        entry, where = self.graph.entry(owner.entry), self.graph.where(owner.entry)
        people = {
            (owner.entry, tuple(end[name] for name in entry.key))
            for end in self.reference.plain.up(owner.path, table, row)
            if where is None or truth(where.tree, end) is True
        } & self.asked
        if people and table in self.world.held_tables:
            return True
        mine = [group for group in groups(self.graph, table) if owner in self.graph.people(table, group.about)]
        return any(self.justified_for(table, row, group, person) for group in mine for person in people)

    def remove(self, table: str, row: dict[str, Any], name: str) -> None:
        """Put a value's removal form in its place; a NULL stays NULL."""
        found = form(
            self.graph.schema, self.graph.schema.tables[table], name, self.graph.map.tables[table].columns[name]
        )
        if row[name] is None or not found.in_place:
            return
        match found.kind:
            case "null":
                row[name] = None
            case "text" | "number":
                row[name] = found.value
            case "unique":
                row[name] = str(found.value).replace("{key}", str(row["id"]))
            case "first":
                row[name] = row[name][: int(found.value or 0)]
            case "pseudonym":
                digits = pseudonym_digits(self.graph.schema.tables[table].columns[name])
                row[name] = MARK + hmac.new(KEY, row[name].encode(), "sha256").hexdigest()[:digits]
            case "year" | "month":
                row[name] = row[name].replace(day=1, month=1 if found.kind == "year" else row[name].month)

    def unlink(self, table: str, before: Row, row: dict[str, Any], needed: set[Edge]) -> None:
        """Unlink the people asked about from a row that stays where nothing in it is justified for them."""
        shared = {owner.path[0].columns for owner in self.graph.owners(table) if not owner.person and owner.path}
        info = self.graph.schema.tables[table]
        found = groups(self.graph, table)
        for about in dict.fromkeys([None, *(group.about for group in found)]):
            for owner in self.graph.people(table, about):
                if len(owner.path) != 1 or owner.path[0].columns in shared:
                    continue
                edge = owner.path[0]
                if edge in needed or any(not info.columns[c].nullable for c in edge.columns):
                    continue
                people = self.named(owner, before)
                if not people or not people <= self.asked:
                    continue
                mine = [group for group in found if owner in self.graph.people(table, group.about)]
                if self.sweep and not any(self.there(table, before, group) for group in mine):
                    continue
                if any(self.justified_for(table, before, group, person) for group in mine for person in people):
                    continue
                row.update(dict.fromkeys(edge.columns))
                if about is None and len(self.graph.people(table)) > 1:
                    for name, column in self.graph.map.tables[table].columns.items():
                        if column.on_unlink == "redact" and column.about is None:
                            self.remove(table, row, name)

    def named(self, owner: Owner, row: Row) -> set[Person]:
        """Return the people whom a row itself names by a way."""
        entry, where = self.graph.entry(owner.entry), self.graph.where(owner.entry)
        ends = self.reference.plain.parents(owner.path[0], row)
        return {
            (owner.entry, tuple(end[name] for name in entry.key))
            for end in ends
            if where is None or truth(where.tree, end) is True
        }

    def justified_for(self, table: str, row: Row, group: Group, person: Person) -> bool:
        if not self.there(table, row, group):
            return False
        state = self.reference.states.get(person, self.reference.nobody)
        if state.held or state.restricts(group.category):
            return True
        column = None if group.row else group.columns[0]
        names = self.reference.policy.purposes
        return any(self.reference.keep(name, person, table, row, column) is not False for name in names)


def points(edge: Edge, child: Row, parent: Row) -> bool:
    if edge.when is not None and truth(edge.when.tree, child) is not True:
        return False
    pairs = zip(edge.columns, edge.parent_columns, strict=True)
    return all(child[c] is not None and child[c] == parent[p] for c, p in pairs)

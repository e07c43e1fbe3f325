"""An erasure leaves exactly the rows that a plain-Python eraser leaves, in every dialect, as values and as tables."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.compiler.test_agreement import EXAMPLES, compiled, fill
from tests.compiler.test_agreement import graph as graph
from tests.compiler.test_agreement import store as store
from tests.compiler.world import NOW, World, worlds

from belofte.compiler.erasure import erasure
from belofte.compiler.justify import groups
from belofte.compiler.reference import Reference
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.expression import truth
from belofte.datamap.graph import Edge, Graph
from belofte.policy.person import nobody
from belofte.stores.connect import Store
from belofte.stores.erasing import carry_out
from belofte.stores.session import Session, session

Rows = dict[str, list[dict[str, Any]]]


@pytest.mark.parametrize("many", [False, True], ids=["values", "tables"])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_an_erasure_leaves_what_the_plain_eraser_leaves(store: Store, graph: Graph, many: bool, world: World) -> None:
    setting, closure, keysets = compiled(world, graph)
    expected = erased(world, graph, store, Verdicts(setting, closure, "message"))
    with session(store) as opened:
        fill(opened, world.rows)
        carry_out(opened, erasure(setting, closure), keysets, many=many)
        left = {table: read(opened, table, world) for table in world.rows}
    for table, rows in expected.items():
        assert (table, left[table]) == (table, comparable(rows))


def read(opened: Session, table: str, world: World) -> list[tuple[str, ...]]:
    columns = list(MAP_COLUMNS[table])
    found = opened.execute(f"select {', '.join(columns)} from {table}")  # noqa: S608
    return sorted(tuple(plain(value) for value in row) for row in found)


def comparable(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return sorted(tuple(plain(value) for value in row.values()) for row in rows)


def plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


MAP_COLUMNS = {
    "company": ("id", "name", "status", "ended_on", "form"),
    "contact": ("id", "company_id", "name", "email", "created_at", "deleted"),
    "invoice": ("id", "company_id", "contact_id", "issued", "attention"),
    "message": ("id", "sender_id", "recipient_id", "body", "sent"),
    "purchase": ("id", "contact_id", "placed", "note"),
    "purchase_line": ("id", "purchase_id", "engraving"),
    "phone_call": ("id", "contact_id", "at", "notes"),
    "folder": ("id", "parent_id", "contact_id", "title"),
    "document": ("id", "folder_id", "title"),
    "visit": ("email", "at", "page"),
    "remark": ("id", "owner_type", "owner_id", "remark"),
}


def erased(world: World, graph: Graph, store: Store, judged: Verdicts) -> Rows:
    """Erase on plain rows, with joins and loops of its own."""
    rows: Rows = deepcopy(dict(world.rows))
    reference = Reference(
        world.policy, graph, world.rows, world.states, nobody(world.policy), NOW, dialect=store.dialect
    )
    asked = {(entry, key) for entry, keys in world.cohort.items() for key in keys}
    for table in reversed(graph.mapped):
        verdict = [judge(graph, reference, table, row, asked) for row in world.rows[table]]
        gone = [number for number, found in enumerate(verdict) if found["gone"]]
        while blocked := [n for n in gone if pointed_at(graph, rows, table, n, gone)]:
            gone = [n for n in gone if n not in blocked]
        unlink_mentions(graph, rows, table, gone)
        for number, (row, found) in enumerate(zip(rows[table], verdict, strict=True)):
            if number in gone:
                continue
            for column in found["erase"]:
                row[column] = None
            unlink(graph, reference, table, world.rows[table][number], row, asked)
        rows[table] = [{"gone": True} if n in gone else row for n, row in enumerate(rows[table])]
    return {table: [row for row in found if row != {"gone": True}] for table, found in rows.items()}


def judge(graph: Graph, reference: Reference, table: str, row: Any, asked: set[Any]) -> dict[str, Any]:
    own = bool(set(reference.reached(table, row)) & asked)
    org = any(
        truth(where.tree, end) is True
        for owner in graph.owners(table) if not owner.person
        for where in [graph.where(owner.entry)] if where is not None
        for end in reference.up(owner.path, table, row)
    )  # fmt: skip
    erase: list[str] = []
    justified = False
    for group in groups(graph, table):
        columns: list[str | None] = [*([None] if group.row else []), *group.columns]
        kept = any(reference.justified(table, row, column) for column in columns)
        justified = justified or kept
        hers = bool(set(reference.reached(table, row, columns[0])) & asked)
        if hers and not kept:
            erase += [column for column in group.columns if row[column] is not None]
    return {"gone": own and not org and not justified, "erase": erase}


def pointed_at(graph: Graph, rows: Rows, table: str, number: int, gone: list[int]) -> bool:
    target = rows[table][number]
    for edge in graph.pointing(table):
        if graph.is_mention(edge):
            continue
        for other, child in enumerate(rows[edge.child]):
            if child == {"gone": True} or (edge.child == table and other in gone):
                continue
            if points(edge, child, target):
                return True
    return False


def unlink_mentions(graph: Graph, rows: Rows, table: str, gone: list[int]) -> None:
    for edge in graph.pointing(table):
        for child in rows[edge.child]:
            if (
                graph.is_mention(edge)
                and child != {"gone": True}
                and any(points(edge, child, rows[table][n]) for n in gone)
            ):
                child.update(dict.fromkeys(edge.columns))


def points(edge: Edge, child: dict[str, Any], parent: dict[str, Any]) -> bool:
    if edge.when is not None and truth(edge.when.tree, child) is not True:
        return False
    pairs = zip(edge.columns, edge.parent_columns, strict=True)
    return all(child[c] is not None and child[c] == parent[p] for c, p in pairs)


def unlink(graph: Graph, reference: Reference, table: str, before: Any, row: dict[str, Any], asked: set[Any]) -> None:
    """Unlink the people asked about from a row that stays where nothing in it is justified for them."""
    shared = {owner.path[0].columns for owner in graph.owners(table) if not owner.person and owner.path}
    info = graph.schema.tables[table]
    found = groups(graph, table)
    for about in dict.fromkeys([None, *(group.about for group in found)]):
        for owner in graph.people(table, about):
            if len(owner.path) != 1 or owner.path[0].columns in shared:
                continue
            edge = owner.path[0]
            if any(not info.columns[c].nullable for c in edge.columns):
                continue
            named = reference.parents(edge, before)
            entry, where = graph.entry(owner.entry), graph.where(owner.entry)
            people = {
                (owner.entry, tuple(end[name] for name in entry.key))
                for end in named
                if where is None or truth(where.tree, end) is True
            }
            if not people <= asked:
                continue
            mine = [group for group in found if owner in graph.people(table, group.about)]
            kept = {p for p in people if any(justified_for(reference, table, before, g, p) for g in mine)}
            if people - kept and not kept:
                for column in edge.columns:
                    row[column] = None
                if about is None and len(graph.people(table)) > 1:
                    mapped = graph.map.tables[table].columns
                    row.update({name: None for name, column in mapped.items() if column.on_unlink == "redact"})


def justified_for(reference: Reference, table: str, row: Any, group: Any, person: Any) -> bool:
    columns: list[str | None] = [*([None] if group.row else []), *group.columns]
    if all(column is not None and row[column] is None for column in columns):
        return False
    state = reference.states.get(person, reference.nobody)
    if state.held or state.restricts(group.category):
        return True
    return any(reference.keep(n, person, table, row, columns[0]) is not False for n in reference.policy.purposes)

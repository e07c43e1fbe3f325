"""What stays where its row does: data of which a plan can change nothing more, so that it is nothing to do.

A key, what the database computes, the row itself, and what is a pseudonym already go only with their row. While
anything keeps the row they are told (the proof, `overdue`), and no reason to start a sweep.
"""

from __future__ import annotations

from sqlglot import exp

from belofte.compiler.closure import Closure, table_of
from belofte.compiler.logic import Condition, conjunction, disjunction, inverse, tree
from belofte.compiler.removal_sql import settled
from belofte.compiler.setting import Group, Setting
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Graph
from belofte.datamap.paths import Edge, Owner


def some_stay(setting: Setting) -> bool:
    """Return whether a store has data that does not all go where its row stays, so that nothing may be left to do."""
    return any(with_row_only(Verdicts(setting, Closure(setting.graph, {}), table)) for table in setting.graph.ours)


def with_row_only(judged: Verdicts) -> bool:
    """Return whether a table has data that does not all go where its row stays."""
    return any(_with_row_only(judged, group) for group in judged.groups)


def _with_row_only(judged: Verdicts, group: Group) -> bool:
    return group.row or not all(found.in_place and found.erases for found, _ in judged.forms(group))


def removable(judged: Verdicts, owner: Owner) -> Condition:
    """Return whether a row holds a datum that nothing justifies for a person, and of which a plan can let go.

    In its place, with its row, or by unlinking her from it.
    """
    if judged.table in judged.setting.held_tables:
        return False
    lost = []
    for group in judged.groups:
        if owner not in judged.owners_of(group):
            continue
        there = judged.value(group)
        if _with_row_only(judged, group):
            unlinked = inverse(judged.justified(owner)) if judged.looses(owner) else False
            gone = [judged.value(group, settled), inverse(row_stays(judged, (group, owner))), unlinked]
            there = conjunction([there, disjunction(gone)])
        lost.append(conjunction([there, inverse(judged.justified_for(group, owner))]))
    return disjunction(lost)


def row_stays(judged: Verdicts, besides: tuple[Group, Owner] | None = None) -> Condition:
    """Return whether no plan deletes a row: it is an organisation's, justified for anyone, or something points at it.

    `besides`: of whom it is known already that this is not justified. What points at it and is to go itself is named
    for its own data; when it is gone, the next pass asks again.
    """
    graph, closure = judged.setting.graph, judged.closure
    kept = [
        conjunction([judged.justify.present(owner), judged.value(group), judged.justified_for(group, owner)])
        for group in judged.groups
        for owner in judged.owners_of(group)
        if (group, owner) != besides
    ]
    pointing = [edge for edge in graph.pointing(judged.table) if _holds(judged.setting, edge)]
    return disjunction([*kept, judged.organisation(), *(pointed_at(closure, edge, "t") for edge in pointing)])


def _holds(setting: Setting, edge: Edge) -> bool:
    """Return whether a row that an edge leads from keeps the one that it leads to, until it goes for its own data."""
    graph = setting.graph
    if is_loose(setting, edge):
        return False
    if edge.child not in graph.ours:
        return True
    # INVARIANT: of rows in a ring, or of one table, none waits for another that waits for it
    turn = {name: number for number, name in enumerate(graph.mapped)}
    below = turn.get(edge.parent, -1) < turn.get(edge.child, -1)
    return below and _has_data(graph, edge.child)


def _has_data(graph: Graph, table: str) -> bool:
    mapped = graph.map.tables[table]
    return mapped.row is not None or any(one.element is not None for one in mapped.columns.values())


def is_loose(setting: Setting, edge: Edge) -> bool:
    """Return whether rows lose an edge where the row that it names goes: a mention, unless a hold keeps their table."""
    graph = setting.graph
    keyed = edge.parent_columns == graph.key(edge.parent)
    return keyed and graph.is_mention(edge) and edge.child not in setting.held_tables


def pointed_at(closure: Closure, edge: Edge, alias: str) -> exp.Expr:
    """Return whether any row of an edge's child points at a row."""
    points = exp.select(exp.Literal.number(1)).from_(table_of(edge.child, "c"))
    return exp.Exists(this=points.where(tree(closure.matches(edge, "c", alias))))

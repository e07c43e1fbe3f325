"""Deleting at once: where every row about a cohort goes, whatever it holds, no key is taken first (decision 0014).

A sweep takes a row only for a datum in it: it deletes at once where the row's own values tell (decision 0026).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from belofte.compiler.capture import taking
from belofte.compiler.closure import table_of
from belofte.compiler.logic import Condition, conjunction, disjunction, inverse, on, tells, tree
from belofte.compiler.statement import Statement
from belofte.compiler.staying import pointed_at
from belofte.compiler.steps import Capture, Change
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Graph
from belofte.datamap.paths import Edge


@dataclass(frozen=True)
class AtOnce:
    """The delete of all rows about a cohort that go, and the taking of those that should and that it leaves.

    `left_over`: None where it leaves none of them; `clean`: it leaves no row about the cohort at all.
    """

    delete: Change
    left_over: Capture | None
    clean: bool


def at_once(
    judged: Verdicts, taken: Capture, captured: Mapping[str, Capture], before: Mapping[str, AtOnce]
) -> AtOnce | None:
    """Return the delete of all rows of a table that are about the cohort, where that can be told without taking them.

    Only where all of them go, whatever they hold, where nothing asks later which they were, and where the rows by
    which they are the cohort's are still there when their turn comes. `before`: the tables that go so already.
    """
    graph, table, closure = judged.setting.graph, judged.table, judged.closure
    asked = any(reading.capture == taken.name for other in captured.values() for _, reading in other.reads)
    if asked or not _all_go(taken) or not _led_to_until_its_turn(judged) or _entangled(graph, table):
        return None
    alias = table.rpartition(".")[2]
    lost = _lost(judged)
    if not tells(lost, "t"):
        return None
    where = conjunction([closure.rows(table, alias, [None]), on(alias, lost)])
    read = {found.name for found in tree(where).find_all(exp.Table)}
    if closure.dialect == "mysql" and alias in read:  # MySQL does not read a table while it deletes from it
        return None
    # INVARIANT: what a delete of all took from a table below, without leaving a row, points at nothing any more
    whole = {name for name, found in before.items() if found.clean}
    pointing = [edge for edge in graph.pointing(table) if edge.child not in whole or not _all_below(judged, edge)]
    free = [inverse(pointed_at(closure, edge, alias)) for edge in pointing]
    delete = exp.Delete(this=table_of(table), where=exp.Where(this=tree(conjunction([where, *free]))))
    comment = f"{table}: all that is about them, for nothing in it is justified"
    if lost is not True:
        comment = f"{table}: all that is about them and holds a datum, for nothing in it is justified"
    change = Change("delete", table, table, Statement(delete, {}, comment), ())
    if not pointing and not graph.schema.tables[table].triggers:
        return AtOnce(change, None, clean=lost is True)
    judged.add("spared", [disjunction(pointed_at(closure, edge, "t") for edge in pointing)])
    return AtOnce(change, taking(judged, left_over=True, only=lost), clean=False)


def _all_go(taken: Capture) -> bool:
    """Return whether every row that is taken goes (in a sweep: that holds a datum), and its key tells it apart."""
    constants = dict(taken.constants)
    asked = [(name, value) for name, value in taken.gone_when if name != "overdue" or name in constants]
    return not taken.twins and all(constants.get(name) == value for name, value in asked)


def _lost(judged: Verdicts) -> Condition:
    """Return whether a row of which nothing is justified goes: in a sweep, for a datum in it."""
    if not judged.setting.sweep:
        return True
    judged.add_whose()
    judged.add_justified()
    return judged.add_overdue() if judged.groups else True


def _led_to_until_its_turn(judged: Verdicts) -> bool:
    """Return whether all that leads from a table to the cohort, or that its keys name, goes after it."""
    graph, table = judged.setting.graph, judged.table
    turn = {name: number for number, name in enumerate(graph.mapped)}
    ways = [edge for owner in judged.owners if judged.closure.touches(owner) for edge in owner.path]
    if any(graph.loops(edge.child) or turn.get(edge.parent, -1) >= turn.get(edge.child, 0) for edge in ways):
        return False
    return all(turn.get(edge.parent, -1) < turn[table] for edge in graph.foreign_edges(table))


def _entangled(graph: Graph, table: str) -> bool:
    """Return whether a table's rows stand in other tables too, point at each other, or are only mentioned."""
    tables = graph.schema.tables
    if tables[table].child_of or any(info.child_of == table for info in tables.values()):
        return True
    return any(edge.child == table or graph.is_mention(edge) for edge in graph.pointing(table))


def _all_below(judged: Verdicts, edge: Edge) -> bool:
    """Return whether every row that an edge leads from, to a row about the cohort, is about the cohort by that way."""
    graph, touches = judged.setting.graph, judged.closure.touches
    ways = {owner.path for owner in graph.people(edge.child) if touches(owner)}
    return all((edge, *owner.path) in ways for owner in judged.owners if touches(owner))

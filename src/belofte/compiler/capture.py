"""The capture: the rows of a table about a cohort are taken by key, each with what it holds and what keeps it.

What a later step asks is asked of the keys that were taken, for by then the rows that led to them may be gone.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from belofte.compiler.closure import column
from belofte.compiler.logic import Condition, conjunction, disjunction, possibly
from belofte.compiler.setting import Group
from belofte.compiler.statement import Among
from belofte.compiler.steps import GONE, Capture, Only, Reading, capture_name, key_set
from belofte.compiler.ties import Tie
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.paths import Owner
from belofte.datamap.schema import Family


def taking(
    judged: Verdicts, tied: Iterable[Tie] = (), *, left_over: bool = False, only: Condition = True
) -> Capture:  # fmt: skip
    """Return the taking of a table's rows about the cohort: their keys, what goes with them, what keeps them, and why.

    `left_over`: of those that a delete of all of them (of which `only` is true) has left.
    """
    setting, closure, table = judged.setting, judged.closure, judged.table
    graph = setting.graph
    judged.add_whose()
    judged.add_justified()
    for number, group in enumerate(judged.groups):
        owners = judged.owners_of(group)
        kept = [
            disjunction(
                conjunction([judged.justify.present(owner), _possibly(judged, group, name, owner)]) for owner in owners
            )
            for name in judged.justify.purposes(group)
        ]
        judged.add(f"k{number}", kept)
    if any(group.about is not None for group in judged.groups):
        judged.add_nobody()
    reads: dict[str, Reading] = {}
    gone: dict[str, int] = {"hers": 1, "org": 0}
    if judged.groups:
        gone.update({f"j{number}": 0 for number, _ in enumerate(judged.groups)})
        if setting.sweep:
            judged.add_overdue()
            gone["overdue"] = 1
    else:
        judged.add("carried", [_carried(judged, reads)])
        gone["carried"] = 1
    if table in setting.held_tables:
        judged.add("held", [True])
        gone["held"] = 0
    comment = f"what is about them in {table}, and what justifies it"
    if left_over:
        comment = f"what of theirs is left in {table}: something still points at it"
    statement = judged.select(comment, columns=False, only=only)
    families: tuple[Family, ...] = tuple(
        "text" if closure.keyless(table) else graph.schema.tables[table].columns[name].family
        for name in graph.key(table)
    )
    return Capture(
        name=capture_name(table), table=table, statement=statement, families=families,
        flags=tuple(flag.name for flag in judged.varying), constants=tuple(judged.constants.items()),
        gone_when=tuple(gone.items()), groups=tuple(judged.groups),
        purposes=tuple(tuple(judged.justify.purposes(group)) for group in judged.groups), reads=tuple(reads.items()),
        twins=closure.keyless(table), left_over=left_over,
        marks=tuple(dict.fromkeys(tie.mark for tie in tied)),
    )  # fmt: skip


def _possibly(judged: Verdicts, group: Group, name: str, owner: Owner) -> Condition:
    return possibly(judged.justify.keep_and_use(group, name, owner)[0])


def _carried(judged: Verdicts, reads: dict[str, Reading]) -> Condition:
    """Return whether a row without data of its own goes with the rows that it is about (an order's lines).

    A sweep takes none that belongs to no row: nothing in it could be overdue.
    """
    graph = judged.setting.graph
    conditions: list[Condition] = []
    for edge in dict.fromkeys(owner.path[0] for owner in judged.owners if owner.path):
        if edge.parent_columns != graph.key(edge.parent) or edge.json or edge.match != "exact":
            return False
        name = key_set(capture_name(edge.parent), GONE)
        reads[name] = Reading(capture_name(edge.parent), GONE)
        columns: list[exp.Expr] = [column(c, "t") for c in edge.columns]
        nobody = exp.Is(this=columns[0].copy(), expression=exp.null())
        conditions.append(disjunction([nobody, Among(expressions=columns, this=name)]))
    return conjunction(conditions) if conditions else not judged.setting.sweep


def among(taken: Capture, only: Only, columns: list[exp.Expr]) -> tuple[exp.Expr, tuple[tuple[str, Reading], ...]]:
    """Return the condition that columns hold the key of a captured row with some flags, and what that reads."""
    name = key_set(taken.name, only)
    return Among(expressions=columns, this=name), ((name, Reading(taken.name, only)),)

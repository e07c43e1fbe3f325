"""What a breach touched: whose data some rows of a table hold, of which categories, and how many rows there are.

Set-based questions, one per way from the rows to people; a category counts where the row still holds a datum of it.
Which rows: those of a condition of the map's small language, or with a moment between two others; parsed and bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.logic import Condition, conjunction, disjunction, flag, tree
from belofte.compiler.overdue import about_nobody, everybody
from belofte.compiler.setting import Setting
from belofte.compiler.statement import Statement
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.expression import Expression
from belofte.datamap.paths import Owner


@dataclass(frozen=True)
class Rows:
    """Which rows of a table: all, those of a condition, those with a column's moment since or until another."""

    table: str
    condition: Expression | None = None
    when: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class ExposedPeople:
    """The SELECT of the people of one entry that rows lead to: key, number of the kind, then 1 or 0 per category."""

    entry: str
    kinds: tuple[str, ...]
    categories: tuple[str, ...]
    statement: Statement


def exposed_people(setting: Setting, rows: Rows) -> Iterator[ExposedPeople]:
    """Yield, per way from the rows to people, the SELECT of whom they are about, each once."""
    closure = Closure(setting.graph, {})
    first = everybody(setting, closure, rows.table)
    owners = dict.fromkeys(owner for group in first.groups for owner in first.owners_of(group))
    for owner in dict.fromkeys((*owners, *first.owners)):
        judged = everybody(setting, closure, rows.table)
        yield _people(judged, owner, rows)


def _people(judged: Verdicts, owner: Owner, rows: Rows) -> ExposedPeople:
    held: dict[str, list[Condition]] = {}
    for group in judged.groups:
        if owner in judged.owners_of(group):
            held.setdefault(group.category, []).append(judged.value(group))
    kinds = judged.justify.kinds(owner)
    present = judged.justify.present(owner)
    key = judged.justify.person_key(owner)
    numbers = [exp.If(this=tree(condition), true=exp.Literal.number(n)) for n, (condition, _) in enumerate(kinds)]
    kind: exp.Expr = exp.Case(ifs=numbers, default=exp.Literal.number(len(kinds)))
    outputs = [exp.alias_(item.copy(), f"key{n}", quoted=True) for n, item in enumerate(key)]
    outputs.append(exp.alias_(exp.Min(this=kind), "kind", quoted=True))
    for number, values in enumerate(held.values()):
        outputs.append(exp.alias_(exp.Max(this=flag(disjunction(values))), f"c{number}", quoted=True))
    query = judged.justify.joins.apply(exp.select(*outputs).from_(table_of(rows.table, "t")))
    query = query.where(tree(conjunction([_which(judged, rows), present])))
    query = query.group_by(*(item.copy() for item in key))
    statement = Statement(query, dict(judged.justify.binds), f"whose data {rows.table} holds")
    return ExposedPeople(owner.entry, tuple(name for _, name in kinds), tuple(held), statement)


@dataclass(frozen=True)
class ExposedRows:
    """The SELECT of how many rows there are, and how many of them hold a datum of each category."""

    categories: tuple[str, ...]
    statement: Statement


def exposed_rows(setting: Setting, rows: Rows) -> ExposedRows:
    """Return the count of rows, whole and per category; whether they lead to anybody or not."""
    judged = everybody(setting, Closure(setting.graph, {}), rows.table)
    held: dict[str, list[Condition]] = {}
    for group in judged.groups:
        held.setdefault(group.category, []).append(judged.value(group))
    counts = [exp.Count(this=exp.Star()), *(exp.Sum(this=flag(disjunction(values))) for values in held.values())]
    query = exp.select(*(exp.alias_(item, f"c{n}", quoted=True) for n, item in enumerate(counts)))
    query = query.from_(table_of(rows.table, "t")).where(tree(_which(judged, rows)))
    return ExposedRows(tuple(held), Statement(query, dict(judged.justify.binds), f"how much {rows.table} holds"))


def exposed_nobody(setting: Setting, rows: Rows) -> Statement | None:
    """Return the count of rows that should lead to somebody and do not; None where the table is not of that sort."""
    judged = everybody(setting, Closure(setting.graph, {}), rows.table)
    return about_nobody(judged, _which(judged, rows))


def _which(judged: Verdicts, rows: Rows) -> Condition:
    """Return the condition on `t` that a row is one of those asked about."""
    parts: list[Condition] = []
    if rows.condition is not None:
        parts.append(judged.closure.expression(rows.condition, "t"))
    if rows.when is not None:
        family = judged.setting.graph.schema.tables[rows.table].columns[rows.when].family
        for edge, compare in ((rows.since, exp.GTE), (rows.until, exp.LTE)):
            if edge is not None:
                parts.append(compare(this=column(rows.when, "t"), expression=judged.justify.moment(edge, family)))
    return conjunction(parts)

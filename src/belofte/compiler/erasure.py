"""Erasure as a list of steps: take the closure with its verdicts, then let go of what nothing justifies.

Children before parents: a person is unlinked where others keep a row, a row goes when nothing in it is justified and
nothing that stays points at it, and what is not justified in the rows that stay takes its removal form. Nothing is
deleted by a cascade: a row that anything still points at stays, and says so (DESIGN §2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlglot import exp

from belofte.compiler.at_once import AtOnce, at_once
from belofte.compiler.capture import among, taking
from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.logic import Condition, conjunction, disjunction, inverse, tree
from belofte.compiler.removal_sql import replacement
from belofte.compiler.setting import Group, Setting
from belofte.compiler.statement import Among, Statement, text
from belofte.compiler.staying import is_loose
from belofte.compiler.steps import (
    GONE,
    Capture,
    Change,
    Only,
    Reading,
    Spare,
    Step,
    Stuck,
    key_set,
)
from belofte.compiler.ties import Tie, column_mark, ties, way_mark
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Graph
from belofte.datamap.paths import Edge
from belofte.datamap.removal import form
from belofte.datamap.schema import Dialect


@dataclass
class Erasure:
    """The plan of an erasure (or of a sweep) over one store: steps in order, and what no step can remove."""

    setting: Setting
    closure: Closure
    steps: list[Step] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    pseudonymised: list[Stuck] = field(default_factory=list)
    """Columns that only become a pseudonym where their row stays: personal data still, so that it counts as kept."""
    tables: list[str] = field(default_factory=list)
    """The tables that the cohort reaches, parents before children."""

    @property
    def dialect(self) -> Dialect:
        """The store's dialect."""
        return self.closure.dialect

    def text(self) -> str:
        """Return the plan as a person reads it."""
        shown = [text(step.statement, self.dialect) for step in self.steps]
        return "\n\n".join(shown) + "\n"


def erasure(setting: Setting, closure: Closure, *, foresee: bool = False) -> Erasure:
    """Return the plan that lets go of what nothing justifies about a cohort.

    Where every row of a table goes, whatever it holds, the plan deletes at once. With `foresee` each table's rows are
    taken first, so that they can be counted without a write.
    """
    plan = Erasure(setting, closure)
    graph = setting.graph
    judged = {table: Verdicts(setting, closure, table) for table in graph.order(dict.fromkeys(graph.ours))}
    judged = {table: one for table, one in judged.items() if one.touched}
    tied = {table: list(ties(one, (o for o in judged.values() if o is not one))) for table, one in judged.items()}
    for table, one in judged.items():
        plan.steps.append(taking(one, tied[table]))
        plan.tables.append(table)
    captured = {step.table: step for step in plan.steps if isinstance(step, Capture)}
    tied = {table: [tie for tie in found if _may_be(captured[tie.below], tie.kept)] for table, found in tied.items()}
    whole: dict[str, AtOnce] = {}
    for table in [] if foresee else reversed(captured):
        found = at_once(Verdicts(setting, closure, table), captured[table], captured, whole)
        # INVARIANT: what a row below keeps of a table is looked up in rows that were taken, of both
        if found is not None and all(tie.below in whole for tie in tied[table]):
            whole[table] = found
    tied = {table: [tie for tie in ties_ if tie.below not in whole] for table, ties_ in tied.items()}
    plan.steps = [step for step in plan.steps if step.table not in whole]
    left = {table: capture for table, capture in captured.items() if table not in whole}
    for table in reversed(graph.ours):
        if table in whole:
            left_over = whole[table].left_over
            plan.steps += [*_cleared(plan, captured[table], left), whole[table].delete]
            if left_over is not None:
                plan.steps += [left_over, *_unlinked_ways(plan, left_over), *_erased_in_place(plan, left_over)]
        elif table in captured:
            del left[table]
            plan.steps += _cleared(plan, captured[table], left)
            plan.steps += _removal(plan, captured[table], captured, tied[table])
    return plan


def _may_be(taken: Capture, only: Only) -> bool:
    """Return whether a captured row may have these flags: none of them is another one for every row."""
    constants = dict(taken.constants)
    return all(constants.get(name, value) == value for name, value in only)


def _cleared(plan: Erasure, capture: Capture, left: Mapping[str, Capture]) -> Iterator[Change]:
    """Clear one nullable edge of each ring: rows that go as well, and later, no longer point at this table's."""
    graph = plan.setting.graph
    for edge in graph.pointing(capture.table):
        if edge.child not in left or edge.child == edge.parent:
            continue
        info = graph.schema.tables[edge.child]
        if all(info.columns[name].nullable and name not in info.primary_key for name in edge.columns):
            member, reads = among(left[edge.child], GONE, plan.closure.key(edge.child, None))
            comment = f"rows of {edge.child} that go no longer point at {capture.table}"
            changes: dict[str, exp.Expr] = {name: exp.null() for name in edge.columns}
            yield Change("prepare", edge.child, edge.child, _update(edge.child, changes, member, comment), reads)


def _removal(plan: Erasure, capture: Capture, captured: Mapping[str, Capture], tied: Iterable[Tie]) -> Iterator[Step]:
    yield from _spared(plan, capture, captured)
    yield from _tied(plan, capture, captured, tied)
    yield from _unlinked_mentions(plan, capture)
    yield from _unlinked_ways(plan, capture)
    yield from _deleted(plan, capture)
    yield from _erased_in_place(plan, capture)


def _unlinked_mentions(plan: Erasure, capture: Capture) -> Iterator[Change]:
    """Unlink the rows of others that only name a row which goes (the employee who handled an order)."""
    graph = plan.setting.graph
    for edge in graph.pointing(capture.table):
        if not is_loose(plan.setting, edge):
            continue
        member, reads = among(capture, GONE, [column(name) for name in edge.columns])
        yield Change(
            "unlink", edge.child, edge.child, _update(edge.child, {name: exp.null() for name in edge.columns}, member,
            f"{edge.child} no longer names them"), reads,
        )  # fmt: skip


def _spared(plan: Erasure, capture: Capture, captured: Mapping[str, Capture]) -> Iterator[Spare]:
    """Spare the rows that something which stays points at; nothing is deleted by a cascade."""
    graph = plan.setting.graph
    own: list[Edge] = []
    for edge in graph.pointing(capture.table):
        if is_loose(plan.setting, edge):
            continue
        if edge.child == edge.parent:
            own.append(edge)
            continue
        found = _spared_by(plan, capture, (edge,), ())
        if edge.child in captured:
            by_then: list[Reading] = [Reading(captured[edge.child].name, GONE)]
            judged = Verdicts(plan.setting, plan.closure, edge.child)
            by_then += [
                Reading(captured[edge.child].name, _unlinked(captured[edge.child], number))
                for number, owner in enumerate(judged.unlinkable)
                if owner.path[0].columns == edge.columns
            ]
            found = replace(found, foreseen=_spared_by(plan, capture, (edge,), tuple(by_then)))
        yield found
    # INVARIANT: a table's keys to itself come last and together: a row spared for any reason spares those above it
    if own:
        yield _spared_by(plan, capture, tuple(own), ())


def _spared_by(plan: Erasure, capture: Capture, edges: tuple[Edge, ...], without: tuple[Reading, ...]) -> Spare:
    """Return the step that spares rows to which `edges` point, from children that are not among `without`."""
    edge = edges[0]
    member, reads = among(capture, GONE, plan.closure.key(capture.table, "t"))
    ways: list[Condition] = []
    for each in edges:
        going, _ = among(capture, GONE, plan.closure.key(each.child, "c"))
        out_of_the_way = each.child != each.parent or _holds_itself(plan, each)
        ways.append(conjunction([plan.closure.matches(each, "c", "t"), True if out_of_the_way else inverse(going)]))
    conditions: list[Condition] = [disjunction(ways)]
    for reading in without:
        name = key_set(reading.capture, reading.only)
        conditions.append(inverse(Among(expressions=plan.closure.key(edge.child, "c"), this=name)))
        reads = (*reads, (name, reading))
    points = exp.select(exp.Literal.number(1)).from_(table_of(edge.child, "c")).where(tree(conjunction(conditions)))
    query = exp.select(*plan.closure.key(capture.table, "t")).from_(table_of(capture.table, "t"))
    query = query.where(member).where(exp.Exists(this=points))
    names = " or ".join(f"{edge.child}.{'+'.join(each.columns)}" for each in edges)
    comment = f"rows of {capture.table} that stay: {names} points at it"
    repeat = edge.child == edge.parent
    return Spare(capture.name, capture.table, Statement(query, {}, comment), reads, repeat, edge.child)


def _holds_itself(plan: Erasure, edge: Edge) -> bool:
    """Return whether a key of a table to itself holds even rows that go together: MariaDB checks row by row."""
    info = plan.setting.graph.schema.tables[edge.child]
    loose = all(info.columns[name].nullable and name not in info.primary_key for name in edge.columns)
    return plan.dialect == "mysql" and edge.foreign_key and not loose


def _tied(plan: Erasure, capture: Capture, captured: Mapping[str, Capture], tied: Iterable[Tie]) -> Iterator[Spare]:
    """Mark the rows whose way or link column a row below, kept for the cohort, reaches its person by."""
    for tie in tied:
        kept, below = among(captured[tie.below], tie.kept, plan.closure.key(tie.below, "c"))
        member, reads = among(capture, (("gone", 0), (tie.mark, 0)), plan.closure.key(capture.table, "t"))
        aliases = ["c", *(f"c{number}" for number, _ in enumerate(tie.chain[1:], 1)), "t"]
        points = exp.select(exp.Literal.number(1)).from_(table_of(tie.below, "c")).where(kept)
        for edge, here, there in zip(tie.chain, aliases, aliases[1:], strict=False):
            match = tree(plan.closure.matches(edge, here, there))
            points = points.where(match) if there == "t" else points.join(table_of(edge.parent, there), on=match)
        query = exp.select(*plan.closure.key(capture.table, "t")).from_(table_of(capture.table, "t"))
        query = query.where(member).where(exp.Exists(this=points))
        names = " → ".join(f"{edge.child}.{'+'.join(edge.columns)}" for edge in tie.chain)
        comment = f"rows of {capture.table} by which kept rows reach their person: {names}"
        statement = Statement(query, {}, comment)
        yield Spare(
            capture.name, capture.table, statement, (*below, *reads), tie.repeat, tie.below, sets=((tie.mark, 1),)
        )


def _unlinked(capture: Capture, number: int) -> Only:
    """Return which captured rows lose a way to a person: nothing keeps hers, and no kept row below needs it."""
    return ((f"w{number}", 1), ("gone", 0), *_unmarked(capture, way_mark(number)))


def _unmarked(capture: Capture, mark: str) -> Only:
    return ((mark, 0),) if mark in capture.marks else ()


def _unlinked_ways(plan: Erasure, capture: Capture) -> Iterator[Change]:
    """Unlink the cohort from rows that others keep; each column says what it becomes."""
    judged = Verdicts(plan.setting, plan.closure, capture.table)
    graph, table = plan.setting.graph, capture.table
    mapped = graph.map.tables.get(table)
    for number, owner in enumerate(judged.unlinkable):
        only = _unlinked(capture, number)
        changes: dict[str, exp.Expr] = {name: exp.null() for name in owner.path[0].columns}
        if mapped is not None and owner in judged.owners and len(judged.owners) > 1:
            changes.update(_on_unlink(plan, table))
        member, reads = among(capture, only, plan.closure.key(table, None))
        edge = "+".join(owner.path[0].columns)
        statement = _update(table, changes, member, f"{table} that others keep is no longer linked to them by {edge}")
        yield Change("unlink", table, table, statement, reads)


def _on_unlink(plan: Erasure, table: str) -> Iterator[tuple[str, exp.Expr]]:
    graph = plan.setting.graph
    info = graph.schema.tables[table]
    for name, mapped in graph.map.tables[table].columns.items():
        if mapped.on_unlink == "redact" and mapped.about is None and name in info.columns:
            found = form(graph.schema, info, name, mapped)
            if found.in_place:
                value = replacement(found, info.columns[name], plan.closure.key(table, None), plan.dialect)
                yield name, _kept_if_erased(plan, table, name, value)


def _deleted(plan: Erasure, capture: Capture) -> Iterator[Change]:
    graph, table = plan.setting.graph, capture.table
    member, reads = among(capture, GONE, plan.closure.key(table, None))
    own = [edge for edge in graph.foreign_edges(table) if edge.parent == table]
    if plan.dialect == "mysql" and own:
        # MariaDB checks a table's key to itself row by row: such rows are first taken out of each other's way
        info = graph.schema.tables[table]
        loose = {
            n: exp.null() for e in own for n in e.columns if info.columns[n].nullable and n not in info.primary_key
        }
        if loose:
            comment = f"rows of {table} that go no longer point at each other"
            yield Change("prepare", table, table, _update(table, loose, member.copy(), comment), reads)
    delete = exp.Delete(this=table_of(table), where=exp.Where(this=member))
    yield Change(
        "delete", table, table, Statement(delete, {}, f"{table} in which nothing is justified any more"), reads
    )


def _erased_in_place(plan: Erasure, capture: Capture) -> Iterator[Change]:
    graph, table = plan.setting.graph, capture.table
    info, mapped = graph.schema.tables[table], graph.map.tables.get(table)
    if mapped is None:
        return
    key = plan.closure.key(table, None)
    for number, group in enumerate(capture.groups):
        only = unjustified(capture, number)
        changes: dict[str, exp.Expr] = {}
        for name in group.columns:
            found = form(graph.schema, info, name, mapped.columns[name])
            if found.kind == "pseudonym":
                plan.pseudonymised.append(Stuck(table, name, number, f"`{table}.{name}` becomes a pseudonym"))
            if not found.in_place:
                plan.stuck.append(Stuck(table, name, number, found.why or f"`{table}.{name}` goes only with its row"))
                continue
            changes[name] = _kept_if_erased(
                plan, table, name, replacement(found, info.columns[name], key, plan.dialect)
            )
        if group.row:
            plan.stuck.append(Stuck(table, "", number, f"the row of `{table}` is itself the datum"))
        if changes:
            member, reads = among(capture, only, plan.closure.key(table, None))
            pseudonyms = any(one.table == table and one.group == number for one in plan.pseudonymised)
            takes = "becomes a pseudonym, and stays personal data" if pseudonyms else "takes its removal form"
            comment = f"{table}: {group.element} that nothing justifies {takes}"
            yield Change("erase", table, table, _update(table, changes, member, comment), reads)


def unjustified(capture: Capture, number: int) -> Only:
    """Return which captured rows a group's data of the cohort goes from while they stay."""
    return ((f"x{number}", 1), (f"j{number}", 0), ("gone", 0), *_unmarked(capture, column_mark(number)))


def told_by_rows(plan: Erasure) -> bool:
    """Return whether each row alone says what goes from it: none keeps a column for one below, and its key tells it."""
    taken = [step for step in plan.steps if isinstance(step, Capture)]
    marked = [one for one in taken if any(column_mark(number) in one.marks for number, _ in enumerate(one.groups))]
    return not marked and not any(one.twins for one in taken)


def in_place(graph: Graph, table: str, group: Group) -> str | None:
    """Return why a group's data cannot all go where its row stays; None where each value has a removal form."""
    info, mapped = graph.schema.tables[table], graph.map.tables.get(table)
    if mapped is None or group.row:
        return f"the row of `{table}` is itself the datum"
    for name in group.columns:
        found = form(graph.schema, info, name, mapped.columns[name])
        if found.kind == "pseudonym":
            return f"`{table}.{name}` becomes a pseudonym, which is personal data still"
        if not found.in_place:
            return found.why or f"`{table}.{name}` goes only with its row"
    return None


def _kept_if_erased(plan: Erasure, table: str, name: str, value: exp.Expr) -> exp.Expr:
    """Return the removal form, unless the value has it already: a NULL stays NULL."""
    info = plan.setting.graph.schema.tables[table].columns[name]
    if isinstance(value, exp.Null) or not info.nullable:
        return value
    null = exp.Is(this=column(name), expression=exp.null())
    return exp.Case(ifs=[exp.If(this=exp.Not(this=null), true=value)])


def _update(table: str, changes: Mapping[str, exp.Expr], member: exp.Expr, comment: str) -> Statement:
    sets: list[exp.Expr] = [exp.EQ(this=column(name), expression=value) for name, value in changes.items()]
    return Statement(exp.Update(this=table_of(table), expressions=sets, where=exp.Where(this=member)), {}, comment)

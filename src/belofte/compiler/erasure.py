"""Erasure as a list of steps: take the closure with its verdicts, then let go of what nothing justifies.

Children before parents: a person is unlinked where others keep a row, a row goes when nothing in it is justified and
nothing that stays points at it, and what is not justified in the rows that stay takes its removal form. Nothing is
deleted by a cascade: a row that anything still points at stays, and says so (DESIGN §2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlglot import exp

from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.logic import Condition, conjunction, disjunction, inverse, possibly, tree
from belofte.compiler.removal_sql import replacement
from belofte.compiler.setting import Group, Setting
from belofte.compiler.statement import Among, Statement, text
from belofte.compiler.steps import (
    GONE,
    Capture,
    Change,
    Only,
    Reading,
    Spare,
    Step,
    Stuck,
    capture_name,
    key_set,
)
from belofte.compiler.ties import Tie, column_mark, ties, way_mark
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Edge, Graph, Owner
from belofte.datamap.removal import form
from belofte.datamap.schema import Dialect, Family


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
        plan.steps.append(_capture(plan, one, tied[table]))
        plan.tables.append(table)
    captured = {step.table: step for step in plan.steps if isinstance(step, Capture)}
    tied = {table: [tie for tie in found if _may_be(captured[tie.below], tie.kept)] for table, found in tied.items()}
    at_once: dict[str, tuple[Change, Capture | None]] = {}
    for table in [] if foresee else reversed(captured):
        found = _at_once(plan, captured[table], captured, at_once)
        # INVARIANT: what a row below keeps of a table is looked up in rows that were taken, of both
        if found is not None and all(tie.below in at_once for tie in tied[table]):
            at_once[table] = found
    tied = {table: [tie for tie in ties_ if tie.below not in at_once] for table, ties_ in tied.items()}
    plan.steps = [step for step in plan.steps if step.table not in at_once]
    left = {table: capture for table, capture in captured.items() if table not in at_once}
    for table in reversed(graph.ours):
        if table in at_once:
            delete, left_over = at_once[table]
            plan.steps += [*_cleared(plan, captured[table], left), delete]
            if left_over is not None:
                plan.steps += [left_over, *_unlinked_ways(plan, left_over), *_erased_in_place(plan, left_over)]
        elif table in captured:
            del left[table]
            plan.steps += _cleared(plan, captured[table], left)
            plan.steps += _removal(plan, captured[table], captured, tied[table])
    return plan


def _may_be(capture: Capture, only: Only) -> bool:
    """Return whether a captured row may have these flags: none of them is another one for every row."""
    constants = dict(capture.constants)
    return all(constants.get(name, value) == value for name, value in only)


def _at_once(
    plan: Erasure, capture: Capture, captured: Mapping[str, Capture],
    before: Mapping[str, tuple[Change, Capture | None]],
) -> tuple[Change, Capture | None] | None:  # fmt: skip
    """Return the delete of all rows of a table that are about the cohort, and the taking of those that it leaves.

    Only where all of them go, whatever they hold, where nothing asks later which they were, and where the rows by
    which they are the cohort's are still there when their turn comes.
    """
    graph, table = plan.setting.graph, capture.table
    constants = dict(capture.constants)
    if any(constants.get(name) != value for name, value in capture.gone_when) or capture.twins:
        return None
    if any(reading.capture == capture.name for other in captured.values() for _, reading in other.reads):
        return None
    turn = {name: number for number, name in enumerate(graph.mapped)}
    judged = Verdicts(plan.setting, plan.closure, table)
    ways = [edge for owner in judged.owners if plan.closure.touches(owner) for edge in owner.path]
    if any(graph.loops(edge.child) or turn.get(edge.parent, -1) >= turn.get(edge.child, 0) for edge in ways):
        return None
    if any(turn.get(edge.parent, -1) >= turn[table] for edge in graph.foreign_edges(table)):
        return None
    if any(info.child_of == table or (info.name == table and info.child_of) for info in graph.schema.tables.values()):
        return None
    pointing = graph.pointing(table)
    if any(edge.child == table or graph.is_mention(edge) for edge in pointing):
        return None
    alias = table.rpartition(".")[2]
    where = plan.closure.rows(table, alias, [None])
    read = {found.name for found in tree(where).find_all(exp.Table)}
    if plan.dialect == "mysql" and alias in read:  # MySQL does not read a table while it deletes from it
        return None
    # INVARIANT: what a delete of all took from a table below, without leaving a row, points at nothing any more
    whole = {name for name, (_, left_over) in before.items() if left_over is None}
    pointing = [edge for edge in pointing if edge.child not in whole or not _all_below(plan, judged, edge)]
    free = [inverse(_pointed_at(plan, edge, alias)) for edge in pointing]
    delete = exp.Delete(this=table_of(table), where=exp.Where(this=tree(conjunction([where, *free]))))
    comment = f"{table}: all that is about them, for nothing in it is justified"
    change = Change("delete", table, table, Statement(delete, {}, comment), ())
    if not pointing and not graph.schema.tables[table].triggers:
        return change, None
    judged.add("spared", [disjunction(_pointed_at(plan, edge, "t") for edge in pointing)])
    return change, _capture(plan, judged, left_over=True)


def _all_below(plan: Erasure, judged: Verdicts, edge: Edge) -> bool:
    """Return whether every row that an edge leads from, to a row about the cohort, is about the cohort by that way."""
    graph, touches = plan.setting.graph, plan.closure.touches
    ways = {owner.path for owner in graph.people(edge.child) if touches(owner)}
    return all((edge, *owner.path) in ways for owner in judged.owners if touches(owner))


def _pointed_at(plan: Erasure, edge: Edge, alias: str) -> exp.Expr:
    points = exp.select(exp.Literal.number(1)).from_(table_of(edge.child, "c"))
    return exp.Exists(this=points.where(tree(plan.closure.matches(edge, "c", alias))))


def _capture(plan: Erasure, judged: Verdicts, tied: Iterable[Tie] = (), *, left_over: bool = False) -> Capture:
    graph, table = plan.setting.graph, judged.table
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
        if plan.setting.sweep:
            judged.add_overdue()
            gone["overdue"] = 1
    else:
        judged.add("carried", [_carried(plan, judged, reads)])
        gone["carried"] = 1
    if table in plan.setting.held_tables:
        judged.add("held", [True])
        gone["held"] = 0
    comment = f"what is about them in {table}, and what justifies it"
    if left_over:
        comment = f"what of theirs is left in {table}: something still points at it"
    statement = judged.select(comment, columns=False)
    families: tuple[Family, ...] = tuple(
        "text" if plan.closure.keyless(table) else graph.schema.tables[table].columns[name].family
        for name in graph.key(table)
    )
    return Capture(
        name=capture_name(table), table=table, statement=statement, families=families,
        flags=tuple(flag.name for flag in judged.varying), constants=tuple(judged.constants.items()),
        gone_when=tuple(gone.items()), groups=tuple(judged.groups),
        purposes=tuple(tuple(judged.justify.purposes(group)) for group in judged.groups), reads=tuple(reads.items()),
        twins=plan.closure.keyless(table), left_over=left_over,
        marks=tuple(dict.fromkeys(tie.mark for tie in tied)),
    )  # fmt: skip


def _possibly(judged: Verdicts, group: Group, name: str, owner: Owner) -> Condition:
    return possibly(judged.justify.keep_and_use(group, name, owner)[0])


def _carried(plan: Erasure, judged: Verdicts, reads: dict[str, Reading]) -> Condition:
    """Return whether a row without data of its own goes with the rows that it is about (an order's lines).

    A sweep takes none that belongs to no row: nothing in it could be overdue.
    """
    graph = plan.setting.graph
    conditions: list[Condition] = []
    for edge in dict.fromkeys(owner.path[0] for owner in judged.owners if owner.path):
        if edge.parent_columns != graph.key(edge.parent) or edge.json or edge.match != "exact":
            return False
        name = key_set(capture_name(edge.parent), GONE)
        reads[name] = Reading(capture_name(edge.parent), GONE)
        columns: list[exp.Expr] = [column(c, "t") for c in edge.columns]
        nobody = exp.Is(this=columns[0].copy(), expression=exp.null())
        conditions.append(disjunction([nobody, Among(expressions=columns, this=name)]))
    return conjunction(conditions) if conditions else not plan.setting.sweep


def _cleared(plan: Erasure, capture: Capture, left: Mapping[str, Capture]) -> Iterator[Change]:
    """Clear one nullable edge of each ring: rows that go as well, and later, no longer point at this table's."""
    graph = plan.setting.graph
    for edge in graph.pointing(capture.table):
        if edge.child not in left or edge.child == edge.parent:
            continue
        info = graph.schema.tables[edge.child]
        if all(info.columns[name].nullable and name not in info.primary_key for name in edge.columns):
            member, reads = _among(left[edge.child], GONE, plan.closure.key(edge.child, None))
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


def _among(capture: Capture, only: Only, columns: list[exp.Expr]) -> tuple[exp.Expr, tuple[tuple[str, Reading], ...]]:
    name = key_set(capture.name, only)
    return Among(expressions=columns, this=name), ((name, Reading(capture.name, only)),)


def _unlinked_mentions(plan: Erasure, capture: Capture) -> Iterator[Change]:
    """Unlink the rows of others that only name a row which goes (the employee who handled an order)."""
    graph = plan.setting.graph
    for edge in graph.pointing(capture.table):
        if not _is_loose(plan, edge):
            continue
        member, reads = _among(capture, GONE, [column(name) for name in edge.columns])
        yield Change(
            "unlink", edge.child, edge.child, _update(edge.child, {name: exp.null() for name in edge.columns}, member,
            f"{edge.child} no longer names them"), reads,
        )  # fmt: skip


def _is_loose(plan: Erasure, edge: Edge) -> bool:
    """Return whether rows lose an edge where the row that it names goes: a mention, unless a hold keeps their table."""
    graph = plan.setting.graph
    keyed = edge.parent_columns == graph.key(edge.parent)
    return keyed and graph.is_mention(edge) and edge.child not in plan.setting.held_tables


def _spared(plan: Erasure, capture: Capture, captured: Mapping[str, Capture]) -> Iterator[Spare]:
    """Spare the rows that something which stays points at; nothing is deleted by a cascade."""
    graph = plan.setting.graph
    own: list[Edge] = []
    for edge in graph.pointing(capture.table):
        if _is_loose(plan, edge):
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
    member, reads = _among(capture, GONE, plan.closure.key(capture.table, "t"))
    ways: list[Condition] = []
    for each in edges:
        going, _ = _among(capture, GONE, plan.closure.key(each.child, "c"))
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
        kept, below = _among(captured[tie.below], tie.kept, plan.closure.key(tie.below, "c"))
        member, reads = _among(capture, (("gone", 0), (tie.mark, 0)), plan.closure.key(capture.table, "t"))
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
        member, reads = _among(capture, only, plan.closure.key(table, None))
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
    member, reads = _among(capture, GONE, plan.closure.key(table, None))
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
            member, reads = _among(capture, only, plan.closure.key(table, None))
            pseudonyms = any(one.table == table and one.group == number for one in plan.pseudonymised)
            takes = "becomes a pseudonym, and stays personal data" if pseudonyms else "takes its removal form"
            comment = f"{table}: {group.element} that nothing justifies {takes}"
            yield Change("erase", table, table, _update(table, changes, member, comment), reads)


def unjustified(capture: Capture, number: int) -> Only:
    """Return which captured rows a group's data of the cohort goes from while they stay."""
    return ((f"x{number}", 1), (f"j{number}", 0), ("gone", 0), *_unmarked(capture, column_mark(number)))


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

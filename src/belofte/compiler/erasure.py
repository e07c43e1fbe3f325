"""Erasure as a list of steps: take the closure with its verdicts, then let go of what nothing justifies.

Children before parents: a person is unlinked where others keep a row, a row goes when nothing in it is justified and
nothing that stays points at it, and what is not justified in the rows that stay takes its removal form. Nothing is
deleted by a cascade: a row that anything still points at stays, and says so (DESIGN §2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from zlib import crc32

from sqlglot import exp

from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.justify import Group, Setting
from belofte.compiler.logic import Condition, conjunction, disjunction, inverse, possibly, tree
from belofte.compiler.removal_sql import replacement
from belofte.compiler.statement import Among, Statement, text
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Edge, Owner
from belofte.datamap.removal import form
from belofte.datamap.schema import Dialect, Family

Only = tuple[tuple[str, int], ...]
"""Which captured rows count: flags and the value that each must have."""

GONE: Only = (("gone", 1),)


@dataclass(frozen=True)
class Reading:
    """A key set that a step reads: which capture's rows, and which of them."""

    capture: str
    only: Only


@dataclass(frozen=True)
class Capture:
    """Take a table's rows about the cohort with their flags. `gone` is added: every flag of `gone_when` as it says."""

    name: str
    table: str
    statement: Statement
    families: tuple[Family, ...]
    flags: tuple[str, ...]
    """The flags that the statement returns, after the key."""
    constants: tuple[tuple[str, int], ...]
    gone_when: Only
    groups: tuple[Group, ...]
    purposes: tuple[tuple[str, ...], ...]
    """Per group, the purposes of its mask's bits."""
    twins: bool = False
    """The table has no key: rows that are alike in every column are captured, and go, as one."""
    reads: tuple[tuple[str, Reading], ...] = ()


@dataclass(frozen=True)
class Spare:
    """Rows that would go and that something still points at stay. Repeated while it finds more (`repeat`)."""

    name: str
    table: str
    statement: Statement
    reads: tuple[tuple[str, Reading], ...]
    repeat: bool
    because: str
    foreseen: Spare | None = None
    """The same, for telling beforehand: without the children that would be gone or unlinked by then."""


@dataclass(frozen=True)
class Change:
    """A write: which captured rows it is for, and what it is counted as in `counted_in`'s figures."""

    kind: Literal["unlink", "delete", "erase", "prepare"]
    table: str
    counted_in: str
    statement: Statement
    reads: tuple[tuple[str, Reading], ...]
    repeat: bool = False


Step = Capture | Spare | Change


@dataclass(frozen=True)
class Stuck:
    """A column that cannot be erased where its row stays: it has no removal form in place."""

    table: str
    column: str
    group: int
    why: str


@dataclass
class Erasure:
    """The plan of an erasure (or of a sweep) over one store: steps in order, and what no step can remove."""

    setting: Setting
    closure: Closure
    steps: list[Step] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
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


def erasure(setting: Setting, closure: Closure) -> Erasure:
    """Return the plan that lets go of what nothing justifies about a cohort."""
    plan = Erasure(setting, closure)
    graph = setting.graph
    tables = dict.fromkeys(graph.mapped)
    for table in graph.order(tables, links=True):
        judged = Verdicts(setting, closure, table)
        if judged.touched:
            plan.steps.append(_capture(plan, judged))
            plan.tables.append(table)
    captured = {step.table: step for step in plan.steps if isinstance(step, Capture)}
    left = dict(captured)
    for table in reversed(graph.mapped):
        if table in captured:
            del left[table]
            plan.steps += _cleared(plan, captured[table], left)
            plan.steps += _removal(plan, captured[table], captured)
    return plan


def capture_name(table: str) -> str:
    """Return the name of a table's captured rows: one per table, short enough for every database."""
    plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in table)
    same = table == plain.lower() and len(table) <= 40
    return f"rows_{table}" if same else f"rows_{plain[:30]}_{crc32(table.encode())}"


def key_set(name: str, only: Only) -> str:
    """Return the name of a key set over captured rows."""
    return "_".join([name, *(flag if value else f"not_{flag}" for flag, value in only)])


def _capture(plan: Erasure, judged: Verdicts) -> Capture:
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
    reads: dict[str, Reading] = {}
    gone: dict[str, int] = {"hers": 1, "org": 0}
    if judged.groups:
        gone.update({f"j{number}": 0 for number, _ in enumerate(judged.groups)})
    else:
        judged.add("carried", [_carried(plan, judged, reads)])
        gone["carried"] = 1
    statement = judged.select(f"what is about them in {table}, and what justifies it", columns=False)
    families: tuple[Family, ...] = tuple(
        "text" if plan.closure.keyless(table) else graph.schema.tables[table].columns[name].family
        for name in graph.key(table)
    )
    return Capture(
        name=capture_name(table), table=table, statement=statement, families=families,
        flags=tuple(flag.name for flag in judged.varying), constants=tuple(judged.constants.items()),
        gone_when=tuple(gone.items()), groups=tuple(judged.groups),
        purposes=tuple(tuple(judged.justify.purposes(group)) for group in judged.groups), reads=tuple(reads.items()),
        twins=plan.closure.keyless(table),
    )  # fmt: skip


def _possibly(judged: Verdicts, group: Group, name: str, owner: Owner) -> Condition:
    return possibly(judged.justify.keep_and_use(group, name, owner)[0])


def _carried(plan: Erasure, judged: Verdicts, reads: dict[str, Reading]) -> Condition:
    """Return whether a row without data of its own goes with the rows that it is about (an order's lines)."""
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
    return conjunction(conditions) if conditions else True


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


def _removal(plan: Erasure, capture: Capture, captured: Mapping[str, Capture]) -> Iterator[Step]:
    yield from _spared(plan, capture, captured)
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
        if not graph.is_mention(edge) or edge.parent_columns != graph.key(capture.table):
            continue
        member, reads = _among(capture, GONE, [column(name) for name in edge.columns])
        yield Change(
            "unlink", edge.child, edge.child, _update(edge.child, {name: exp.null() for name in edge.columns}, member,
            f"{edge.child} no longer names them"), reads,
        )  # fmt: skip


def _spared(plan: Erasure, capture: Capture, captured: Mapping[str, Capture]) -> Iterator[Spare]:
    """Spare the rows that something which stays points at; nothing is deleted by a cascade."""
    graph = plan.setting.graph
    own: list[Edge] = []
    for edge in graph.pointing(capture.table):
        if graph.is_mention(edge) and edge.parent_columns == graph.key(capture.table):
            continue
        if edge.child == edge.parent:
            own.append(edge)
            continue
        found = _spared_by(plan, capture, (edge,), ())
        if edge.child in captured:
            by_then: list[Reading] = [Reading(captured[edge.child].name, GONE)]
            judged = Verdicts(plan.setting, plan.closure, edge.child)
            by_then += [
                Reading(captured[edge.child].name, ((f"w{number}", 1), ("gone", 0)))
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


def _unlinked_ways(plan: Erasure, capture: Capture) -> Iterator[Change]:
    """Unlink the cohort from rows that others keep; each column says what it becomes."""
    judged = Verdicts(plan.setting, plan.closure, capture.table)
    graph, table = plan.setting.graph, capture.table
    mapped = graph.map.tables.get(table)
    for number, owner in enumerate(judged.unlinkable):
        only: Only = ((f"w{number}", 1), ("gone", 0))
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
            if found.in_place and found.kind != "pseudonym":
                yield name, replacement(found, info.columns[name], plan.closure.key(table, None), plan.dialect)


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
        only: Only = ((f"x{number}", 1), (f"j{number}", 0), ("gone", 0))
        changes: dict[str, exp.Expr] = {}
        for name in group.columns:
            found = form(graph.schema, info, name, mapped.columns[name])
            if not found.in_place or found.kind == "pseudonym":
                plan.stuck.append(Stuck(table, name, number, found.why or f"`{table}.{name}` goes only with its row"))
                continue
            changes[name] = _kept_if_erased(
                plan, table, name, replacement(found, info.columns[name], key, plan.dialect)
            )
        if group.row:
            plan.stuck.append(Stuck(table, "", number, f"the row of `{table}` is itself the datum"))
        if changes:
            member, reads = _among(capture, only, plan.closure.key(table, None))
            comment = f"{table}: {group.element} that nothing justifies takes its removal form"
            yield Change("erase", table, table, _update(table, changes, member, comment), reads)


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

"""Purpose-bound views: of each mapped table, what one purpose may use now (DESIGN §1, *shown*).

A row is in a purpose's view when at least one of its data is shown; of its other data there is NULL, and columns that
the purpose does not use are not there at all, and what it sees masked (`masks.py`) is there in that form only. What
tells the row apart and what links it to other rows comes with it, unless it copies what the purpose does not see.
What is an organisation's and nobody's is no personal data: it is shown where the purpose uses the element.

WHERE and CASE take a condition only where it is surely true: that is *surely use*.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlglot import exp

from belofte.compiler import masks
from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.justify import Justify
from belofte.compiler.logic import Condition, conjunction, disjunction, flag, inverse, surely, tree
from belofte.compiler.pseudonym import bound
from belofte.compiler.setting import Group, Setting, groups
from belofte.compiler.standing import Standing, fitted
from belofte.compiler.statement import Bind, Statement, text
from belofte.datamap.paths import Owner
from belofte.datamap.removal import Form
from belofte.datamap.schema import Dialect
from belofte.policy.model import Period
from belofte.policy.person import Key
from belofte.policy.uses import used

PRESENCE = "there"
"""The one column of a row of which a purpose sees that it is there, and nothing else."""


@dataclass(frozen=True)
class View:
    """One purpose's view of one table: its name, its columns in order, the SELECT, and what it reads."""

    purpose: str
    table: str
    name: str
    columns: tuple[str, ...]
    query: exp.Expr
    comment: str
    reads: Mapping[str, tuple[str, ...]]
    """The columns of the company's tables that it reads."""
    terms: Mapping[str, Period] = field(default_factory=dict)
    slots: Mapping[tuple[str, Key], int] = field(default_factory=dict)

    def sql(self, dialect: Dialect) -> str:
        """Return the SELECT as a person reads it, without its comment."""
        return text(Statement(self.query.copy()), dialect).removesuffix(";")


def views(setting: Setting, purpose: str) -> list[View]:
    """Return a purpose's views, parents before children. `setting` needs no population: choices are read standing."""
    found = (view(setting, purpose, table) for table in setting.graph.mapped)
    return [one for one in found if one is not None]


def view(setting: Setting, purpose: str, table: str) -> View | None:
    """Return a purpose's view of a table; None where the purpose uses nothing of it."""
    standing = Standing(setting, Closure(setting.graph, {}), table)
    made = _View(setting, purpose, table, standing)
    return made.finished(standing) if made.groups else None


class Extracted(NamedTuple):
    """What an extract holds: its columns, the SELECT, and per way to people the SELECT of whose rows are in it."""

    columns: tuple[str, ...]
    statement: Statement
    people: tuple[tuple[str, Statement], ...]


def extract(setting: Setting, purpose: str, table: str, only: Collection[str] | None = None) -> Extracted | None:
    """Return what a purpose may use of a table now, for people in the states of `setting`; None: nothing.

    The same conditions as a view's, on a population instead of on what a store was told: for any store, at one moment.
    `only`: the elements that its recipient may have (None: all that the purpose uses).
    """
    made = _View(setting, purpose, table, Justify(setting, Closure(setting.graph, {}), table), only)
    return made.extracted() if made.groups else None


def view_name(table: str) -> str:
    """Return the name of a table's view: views of all schemas stand in one."""
    return fitted(table.replace(".", "_"))


class _View:
    def __init__(
        self, setting: Setting, purpose: str, table: str, justify: Justify, only: Collection[str] | None = None
    ) -> None:  # fmt: skip
        self.setting, self.graph, self.purpose, self.table = setting, setting.graph, purpose, table
        self.justify, self.only = justify, only
        self.groups = [
            group
            for group in groups(self.graph, table)
            if purpose in self.justify.purposes(group) and (only is None or group.element in only)
        ]

    def query(self) -> exp.Select:
        """Return the SELECT, with its bound values."""
        decided, judged = self._decided()
        return self._over(self._selected(decided), decided.values(), judged)

    def extracted(self) -> Extracted:
        """Return the columns and the SELECT of an extract, and those of the people in it."""
        decided, judged = self._decided()
        query = self._over(self._selected(decided), decided.values(), judged)
        people = [(owner.entry, self._people(owner, decided, judged)) for owner in self._owners()]
        binds = dict(self.justify.binds)
        return Extracted(
            self._names(), Statement(query, binds, self._comment()),
            tuple((entry, Statement(one, binds, f"whose rows of {self.table} are in it")) for entry, one in people),
        )  # fmt: skip

    def finished(self, standing: Standing) -> View:
        """Return the view."""
        query = standing.guarded(_constant(self.query(), standing.binds))
        return View(
            self.purpose, self.table, view_name(self.table), self._names(), query, self._comment(),
            reads(query), dict(standing.terms), dict(standing.used),
        )  # fmt: skip

    # -- conditions ------------------------------------------------------------------------------------------

    def _shown(self, group: Group) -> tuple[Condition, Condition]:
        """Return whether the purpose uses a group's data for everyone it is about, and whether it is about anyone.

        Where rows are multiplied the first has to hold for each, the second for one.
        """
        owners = [(o, self.justify.present(o)) for o in self.graph.people(self.table, group.about)]
        used = {owner: self.justify.keep_and_use(group, self.purpose, owner)[1] for owner, _ in owners}
        someone = disjunction(there for _, there in owners)
        organisation = self._organisation(group)
        if len(owners) == 1 and organisation is False and not self.justify.joins.multiplies:
            every: Condition = used[owners[0][0]]
        else:
            every = conjunction(disjunction([inverse(there), surely(used[owner])]) for owner, there in owners)
        return every, disjunction([someone, organisation])

    def _organisation(self, group: Group) -> Condition:
        """Return whether a group's data is an organisation's."""
        return disjunction(
            self.justify.present(owner) for owner in self.graph.owners(self.table, group.about) if not owner.person
        )

    # -- queries ---------------------------------------------------------------------------------------------

    def _decided(self) -> tuple[Mapping[int, Condition], exp.Expr | None]:
        """Return when each group's data is shown, and what it is judged by where joins multiply a row, on alias `v`."""
        conditions = {number: self._shown(group) for number, group in enumerate(self.groups)}
        if self.justify.joins.multiplies:
            return self._put_together(conditions)
        return {number: conjunction([someone, every]) for number, (every, someone) in conditions.items()}, None

    def _over(
        self, selected: Sequence[exp.Expr], shown: Iterable[Condition], judged: exp.Expr | None,
        *also: Condition,
    ) -> exp.Select:  # fmt: skip
        """Return a SELECT over the rows of which something is shown."""
        conditions = [tree(disjunction(shown)), *map(tree, also)]
        query = exp.select(*selected).from_(table_of(self.table, "t"))
        query = self.justify.joins.needed([*selected, *conditions]).apply(query)
        if judged is not None:
            key = self.justify.closure.key(self.table, "t")
            match = [exp.EQ(this=item, expression=column(f"key{n}", "v")) for n, item in enumerate(key)]
            query = query.join(judged.copy(), on=exp.and_(*match))
        return query.where(*conditions)

    def _put_together(
        self, conditions: Mapping[int, tuple[Condition, Condition]]
    ) -> tuple[Mapping[int, Condition], exp.Expr]:
        """Decide each datum over all copies of a row that joins multiply."""
        key = self.justify.closure.key(self.table, "t")
        flags = []
        for number, (every, someone) in conditions.items():
            both = exp.Mul(this=exp.Max(this=flag(someone)), expression=exp.Min(this=flag(_two_valued(every))))
            flags.append(exp.alias_(both, f"shown{number}", quoted=True))
        names = [exp.alias_(item.copy(), f"key{n}", quoted=True) for n, item in enumerate(key)]
        judged = exp.select(*names, *flags).from_(table_of(self.table, "t"))
        joins = self.justify.joins.needed(flags)
        judged = joins.apply(judged).group_by(*(item.copy() for item in key))
        decided: dict[int, Condition] = {
            number: exp.EQ(this=column(f"shown{number}", "v"), expression=exp.Literal.number(1))
            for number in conditions
        }
        return decided, exp.alias_(exp.Subquery(this=judged), "v", quoted=True, table=True)

    # -- people ----------------------------------------------------------------------------------------------

    def _owners(self) -> list[Owner]:
        """Return the ways from the table's rows to the people whom what is shown is about."""
        return list(dict.fromkeys(o for group in self.groups for o in self.graph.people(self.table, group.about)))

    def _people(self, owner: Owner, decided: Mapping[int, Condition], judged: exp.Expr | None) -> exp.Select:
        """Return the SELECT of the keys of the people at the end of a path, of whom something is shown."""
        about = [n for n, group in enumerate(self.groups) if owner in self.graph.people(self.table, group.about)]
        shown = [tree(decided[number]).copy() for number in about]
        there = tree(self.justify.present(owner)).copy()
        key = [item.copy() for item in self.justify.person_key(owner)]
        return self._over(key, shown, judged, there).distinct()

    # -- columns ---------------------------------------------------------------------------------------------

    def _outputs(self) -> dict[str, int | None]:
        """Return the view's columns in the table's order, each with the group that decides on it; None: the row."""
        info, mapped = self.graph.schema.tables[self.table], self.graph.map.tables[self.table]
        judged = {name: number for number, group in enumerate(self.groups) for name in group.columns}
        with_row = self._structural()
        found: dict[str, int | None] = {}
        for name in info.columns:
            stated = mapped.columns.get(name)
            if name in judged:
                if (masked := self._mask(name)) is None or masked.kind != "none":
                    found[name] = judged[name]
            elif stated is not None and stated.element is not None:
                continue
            elif stated is not None or name in with_row:
                found[name] = None
        return found

    def _structural(self) -> set[str]:
        """Return the columns that tell a row apart or link it to what it is about, or to what is nobody's."""
        found = set(self.graph.key(self.table)) if not self.justify.closure.keyless(self.table) else set()
        own = {c for edge in self.graph.about(self.table) if edge.json is None for c in edge.columns}
        people = {edge.columns for edge in self.graph.mentions(self.table)}
        apart = {
            c
            for name in self.graph.map.tables[self.table].columns
            for edge in self.graph.column_about(self.table, name) or ()
            for c in edge.columns
        }
        keys = {c for e in self.graph.foreign_edges(self.table) if e.columns not in people for c in e.columns}
        return (found | own | (keys - apart)) - self._copies()

    def _copies(self) -> set[str]:
        """Return the columns that link by a value which the purpose does not see, or sees masked."""
        policy, found = self.setting.policy, set()
        plain = {
            one
            for one in used(policy, policy.purposes[self.purpose])
            if policy.purposes[self.purpose].mask(one) is None and (self.only is None or one in self.only)
        }
        for edge in (*self.graph.about(self.table), *self.graph.foreign_edges(self.table)):
            parent = self.graph.map.tables.get(edge.parent)
            for name, there in zip(edge.columns, edge.parent_columns, strict=False):
                mapped = parent.columns.get(there) if parent is not None else None
                if mapped is not None and mapped.element is not None and mapped.element not in plain:
                    found.add(name)
        return found

    def _mask(self, name: str) -> Form | None:
        """Return the form in which the purpose sees a column; None: as it is."""
        element = self.graph.map.tables[self.table].columns[name].element
        info = self.graph.schema.tables[self.table].columns[name]
        return masks.form(self.setting.policy, self.purpose, self.table, info, element or "")

    def _value(self, name: str) -> exp.Expr:
        """Return a column's value as the purpose sees it: a view reads its key where it stands, an extract binds it."""
        masked = self._mask(name)
        if masked is None:
            return column(name, "t")
        key = masks.kept_key(self.purpose) if isinstance(self.justify, Standing) else bound(self.purpose)
        info = self.graph.schema.tables[self.table].columns[name]
        return masks.shown(masked, info, key, self.graph.schema.dialect, self.setting.zone)

    def _selected(self, decided: Mapping[int, Condition]) -> Sequence[exp.Expr]:
        whole = list(dict.fromkeys(tree(condition) for condition in decided.values()))
        found: list[exp.Expr] = []
        for name, number in self._outputs().items():
            value = self._value(name) if number is not None else column(name, "t")
            if number is not None and len(whole) > 1:
                value = exp.Case(ifs=[exp.If(this=tree(decided[number]).copy(), true=value)])
            found.append(value if isinstance(value, exp.Column) else exp.alias_(value, name, quoted=True))
        return found or [exp.alias_(exp.Literal.number(1), PRESENCE, quoted=True)]

    def _names(self) -> tuple[str, ...]:
        return tuple(self._outputs()) or (PRESENCE,)

    def _comment(self) -> str:
        elements = ", ".join(dict.fromkeys(group.element for group in self.groups))
        return f"{self.purpose}: {self.table} ({elements})"


def _two_valued(condition: Condition) -> Condition:
    return surely(condition)


def reads(query: exp.Expr) -> dict[str, tuple[str, ...]]:
    """Return which columns of which tables a query reads, for the rights that the views' owner needs."""
    found: dict[str, dict[str, None]] = {}
    own = {cte.alias for cte in query.find_all(exp.CTE)}
    for one in query.find_all(exp.Column):
        table = _table_of(one)
        if table is not None and table not in own:
            found.setdefault(table, {})[one.name] = None
    return {table: tuple(sorted(columns)) for table, columns in sorted(found.items())}


def read_columns(found: Iterable[View]) -> dict[str, list[str]]:
    """Return which columns of which tables several views read together, both in order."""
    columns: dict[str, set[str]] = {}
    for one in found:
        for table, names in one.reads.items():
            columns.setdefault(table, set()).update(names)
    return {table: sorted(columns[table]) for table in sorted(columns)}


def _table_of(one: exp.Column) -> str | None:
    """Return the table that a column's alias stands for in the nearest query round it; None: a query's own name."""
    scope: exp.Expr | None = one.find_ancestor(exp.Select)
    while scope is not None:
        sources = [scope.args.get("from_"), *(scope.args.get("joins") or [])]
        for source in sources:
            if source is not None and source.this.alias_or_name == one.table:
                found = source.this
                if not isinstance(found, exp.Table):
                    return None
                return ".".join(part.name for part in (found.args.get("db"), found.this) if part is not None)
        scope = scope.find_ancestor(exp.Select)
    return None


def _constant(query: exp.Select, binds: Mapping[str, object]) -> exp.Select:
    """Return a query with its bound values as constants: a view takes no parameters."""

    def constant(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, Bind):
            return node
        value = binds[node.name]
        if isinstance(value, datetime):
            kind = "timestamptz" if value.tzinfo is not None else "timestamp"
        else:
            assert isinstance(value, date)
            kind = "date"
        return exp.Cast(this=exp.Literal.string(str(value)), to=exp.DataType.build(kind, dialect="postgres"))

    found = query.transform(constant)
    assert isinstance(found, exp.Select)
    return found

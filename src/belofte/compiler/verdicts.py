"""Verdicts: for every row about a cohort, what keeps it, what uses it, and whom it is about besides.

One SELECT per table. What is the same for every row is folded; a row that its joins multiply is put together again
(kept by anyone keeps, shown only if used for everyone).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from sqlglot import exp

from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.flags import BITS, Flag
from belofte.compiler.justify import Justify
from belofte.compiler.logic import Condition, conjunction, disjunction, inverse, possibly, surely, tree
from belofte.compiler.removal_sql import erased
from belofte.compiler.setting import Group, Setting, groups
from belofte.compiler.statement import Statement
from belofte.datamap.paths import Edge, Owner
from belofte.datamap.removal import Form, form
from belofte.datamap.schema import ColumnInfo, Dialect, TableInfo


def loose(info: TableInfo, edge: Edge) -> bool:
    """Return whether a row may lose an edge and stay: its columns may be NULL and are no key of the row."""
    return all(info.columns[name].nullable and name not in info.primary_key for name in edge.columns)


@dataclass
class Verdicts:
    """The verdicts of one table's rows about a cohort."""

    setting: Setting
    closure: Closure
    table: str
    flags: dict[str, Flag] = field(default_factory=dict)

    def __post_init__(self) -> None:
        graph = self.setting.graph
        self.groups: list[Group] = groups(graph, self.table)
        self.owners: tuple[Owner, ...] = graph.people(self.table)
        self.organisations = tuple(owner for owner in graph.owners(self.table) if not owner.person)
        alone = len(self.owners) == 1 and self.closure.touches(self.owners[0]) and self.owners[0].unique
        alone = alone and all(self._told_by_key(owner) for owner in self.owners)
        looped = any(graph.loops(edge.child) for owner in self.owners for edge in owner.path)
        own_columns = all(group.about is None for group in self.groups)
        self.justify = Justify(self.setting, self.closure, self.table, alone and not looped and own_columns)
        abouts = dict.fromkeys(self._abouts())
        self.justify.joins.only = lambda alias: self.closure.rows(self.table, alias, abouts)
        told = all(graph.where(owner.entry) is None for owner in self.owners if self.closure.touches(owner))
        self.all_hers = own_columns and told

    def _told_by_key(self, owner: Owner) -> bool:
        """Return whether an entry's key alone says that a row is that person (not also a company of the same key)."""
        entry = self.setting.graph.entry(owner.entry)
        return entry.where is None or self.setting.graph.schema.tables[entry.table].is_unique(entry.key)

    @property
    def touched(self) -> bool:
        """Return whether the cohort can reach this table at all."""
        return any(
            self.closure.touches(owner)
            for about in self._abouts()
            for owner in self.setting.graph.people(self.table, about)
        )

    def _abouts(self) -> list[str | None]:
        return [None, *(group.about for group in self.groups if group.about is not None)]

    def owners_of(self, group: Group) -> tuple[Owner, ...]:
        """Return the ways that lead from a group's data to people."""
        return self.setting.graph.people(self.table, group.about)

    # -- flags -----------------------------------------------------------------------------------------------

    def add(
        self, name: str, bits: list[Condition], over: Literal["any", "every"] = "any", someone: Condition = True
    ) -> None:
        """Add an output; more than `BITS` bits are spread over several columns."""
        for start in range(0, max(len(bits), 1), BITS):
            chunk = name if start == 0 else f"{name}_{start // BITS}"
            self.flags[chunk] = Flag(chunk, tuple(bits[start : start + BITS]), over, someone)

    def add_whose(self) -> None:
        """Add whether the row is the cohort's (`hers`), an organisation's (`org`), and each own group's (`about…`)."""
        # INVARIANT: only rows about the cohort are selected; where no column has people of its own, each is hers
        self.add("hers", [self.all_hers or disjunction(self.justify.asked(owner) for owner in self.owners)])
        self.add("org", [self.organisation()])
        for number, group in enumerate(self.groups):
            if group.about is not None:
                self.add(f"about{number}", [disjunction(self.justify.asked(owner) for owner in self.owners_of(group))])

    def add_nobody(self) -> None:
        """Add whether a row that ought to be somebody's is nobody's (`nobody`); data in it may be about people."""
        someone = [self.organisation(), *(self.justify.present(owner) for owner in self.owners)]
        self.add("nobody", [inverse(disjunction(someone)) if self.owners else False], "every")

    def organisation(self) -> Condition:
        """Return whether a row is an organisation's."""
        conditions: list[Condition] = []
        for owner in self.organisations:
            where = self.setting.graph.where(owner.entry)
            alias = self.justify.joins.alias(owner.path)
            keys = self.setting.graph.entry(owner.entry).key
            there: list[Condition] = [inverse(exp.Is(this=column(k, alias), expression=exp.null())) for k in keys]
            if where is not None:
                there.append(surely(self.closure.expression(where, alias)))
            conditions.append(conjunction(there if owner.path or where is not None else []))
        return disjunction(conditions)

    def add_masks(self) -> None:
        """Add, per group, which purposes possibly keep (`k…`) and show (`u…`), and whether held or restricted."""
        for number, group in enumerate(self.groups):
            names = self.justify.purposes(group)
            owners = [(owner, self.justify.present(owner)) for owner in self.owners_of(group)]
            judged = {
                (name, owner): self.justify.keep_and_use(group, name, owner) for name in names for owner, _ in owners
            }
            kept = [disjunction(conjunction([there, possibly(judged[n, o][0])]) for o, there in owners) for n in names]
            someone = self.all_hers or disjunction(there for _, there in owners)
            shown = [self._shown({owner: judged[n, owner][1] for owner, _ in owners}, owners) for n in names]
            self.add(f"k{number}", kept)
            self.add(f"u{number}", shown, "every", someone)
            self.add(f"h{number}", [self._held(group, owners), self._restricted(group, owners)])

    def _shown(self, used: Mapping[Owner, Condition], owners: list[tuple[Owner, Condition]]) -> Condition:
        """Return whether a purpose uses a datum for everyone whom it is about."""
        mine = [used[owner] for owner, _ in owners if self.closure.touches(owner)]
        if self.all_hers and all(surely(condition) is False for condition in mine):
            return False  # each row is about someone asked about, for whom it is not used
        return conjunction(disjunction([inverse(there), surely(used[owner])]) for owner, there in owners)

    def _held(self, group: Group, owners: list[tuple[Owner, Condition]]) -> Condition:
        if self.table in self.setting.held_tables:
            return True
        return disjunction(
            conjunction([there, self.justify.by_state(owner, lambda state: state.held)]) for owner, there in owners
        )

    def _restricted(self, group: Group, owners: list[tuple[Owner, Condition]]) -> Condition:
        return disjunction(
            conjunction([there, self.justify.by_state(owner, lambda state: state.restricts(group.category))])
            for owner, there in owners
        )

    def add_justified(self) -> None:
        """Add, per group, whether there is a datum of the cohort's (`x…`) and whether its data may stay (`j…`).

        And per way to a person whether hers may not, so that she can be unlinked from the row (`w…`).
        """
        ways: dict[Owner, list[Condition]] = {}
        there: dict[Owner, list[Condition]] = {}
        for number, group in enumerate(self.groups):
            value = self.value(group)
            stays: list[Condition] = []
            if self.table in self.setting.held_tables:
                stays.append(True)
            for owner in self.owners_of(group):
                mine = self.justified_for(group, owner)
                stays.append(conjunction([self.justify.present(owner), mine]))
                ways.setdefault(owner, []).append(conjunction([value, mine]))
                there.setdefault(owner, []).append(value)
            kept = disjunction(stays)
            self.add(f"j{number}", [conjunction([value, kept])])
            self.add(f"x{number}", [conjunction([value, self._asked_of(group)])])
        if self.table in self.setting.held_tables:
            ways = {owner: [True] for owner in ways}
        for number, owner in enumerate(self.several):
            self.add(f"p{number}", [conjunction([self.justify.asked(owner), disjunction(ways.get(owner, []))])])
        for number, owner in enumerate(self.unlinkable):
            asked = self.justify.asked(owner)
            lost = conjunction([asked, inverse(disjunction(ways.get(owner, [])))])
            if self.setting.sweep:
                lost = conjunction([disjunction(there.get(owner, [])), lost])
            if not self.justify.joins.multiplies:
                self.add(f"w{number}", [lost])
                continue
            # INVARIANT: only her own value is let go, and one that leads to several people only for all of them
            own = self._own(owner)
            reached = conjunction([self.justify.present(owner), own])
            self.add(f"w{number}", [disjunction([inverse(reached), lost])], "every", conjunction([asked, own]))

    def add_overdue(self) -> Condition:
        """Add, and return, whether a row holds a datum of theirs that nothing justifies: what a sweep takes it for."""
        lost = [
            conjunction([self.flags[f"x{n}"].bits[0], inverse(self.flags[f"j{n}"].bits[0])])
            for n, _ in enumerate(self.groups)
        ]
        found = disjunction(lost)
        self.add("overdue", [found])
        return found

    def unjustified(self, owner: Owner) -> Condition:
        """Return whether a row holds a datum of the person at the end of a path that nothing justifies for her."""
        lost = [
            conjunction([self.value(group), inverse(self.justified_for(group, owner))])
            for group in self.groups
            if owner in self.owners_of(group)
        ]
        return False if self.table in self.setting.held_tables else disjunction(lost)

    def justified(self, owner: Owner) -> Condition:
        """Return whether a row holds a datum of the person at the end of a path that something justifies for her."""
        return disjunction(
            conjunction([self.value(group), self.justified_for(group, owner)])
            for group in self.groups
            if owner in self.owners_of(group)
        )

    def _own(self, owner: Owner) -> Condition:
        """Return whether a person is the one whom the row itself names, and not one of a row above it."""
        if not self.setting.graph.loops(self.table):
            return True
        return self.closure.matches(owner.path[0], "t", self.justify.joins.alias(owner.path))

    def _asked_of(self, group: Group) -> Condition:
        """Return whether a group's data is about someone in the cohort."""
        return self.all_hers or disjunction(self.justify.asked(owner) for owner in self.owners_of(group))

    def justified_for(self, group: Group, owner: Owner) -> Condition:
        """Return whether something justifies a group's data for the person at the end of a path."""
        ordered = self.justify.by_state(owner, lambda state: state.held or state.restricts(group.category))
        kept = (possibly(self.justify.keep_and_use(group, name, owner)[0]) for name in self.justify.purposes(group))
        return disjunction([ordered, *kept])

    def value(
        self, group: Group, over: Callable[[Form, ColumnInfo, str, Dialect], Condition] = erased
    ) -> Condition:  # fmt: skip
        """Return whether a group still holds a datum: a value that is not in its removal form.

        With `settled`: one of which something can become in its place.
        """
        if group.row:
            return over is erased
        tests = (over(found, info, "t", self.closure.dialect) for found, info in self.forms(group))
        return disjunction(inverse(test) for test in tests)

    def forms(self, group: Group) -> list[tuple[Form, ColumnInfo]]:
        """Return the removal form of each column of a group."""
        schema, mapped = self.setting.graph.schema, self.setting.graph.map.tables[self.table]
        info = schema.tables[self.table]
        return [(form(schema, info, name, mapped.columns[name]), info.columns[name]) for name in group.columns]

    @cached_property
    def several(self) -> list[Owner]:
        """The ways to people that others stand beside, and that a row above may need to keep open (`ties`)."""
        graph = self.setting.graph
        owners = dict.fromkeys(owner for group in self.groups for owner in self.owners_of(group))
        looped = any(graph.loops(table) for table in {self.table, *(e.parent for o in owners for e in o.path)})
        if len(owners) == 1 and all(owner.unique for owner in owners) and not looped:
            return []  # what is kept is kept for the one person of the row
        return [owner for owner in owners if self.closure.touches(owner) and (looped or self._passes(owner))]

    def _passes(self, owner: Owner) -> bool:
        """Return whether a way goes over a row that could lose it: its last key, or a column that links lead to."""
        graph = self.setting.graph
        linked = any(set(edge.parent_columns) & graph.led_to(edge.parent) for edge in owner.path)
        return linked or (len(owner.path) > 1 and loose(graph.schema.tables[owner.path[-1].child], owner.path[-1]))

    @property
    def unlinkable(self) -> list[Owner]:
        """The ways to people by one nullable foreign key or link that a row can lose and stay; none under a hold."""
        if self.table in self.setting.held_tables:
            return []
        found = dict.fromkeys(
            owner for about in self._abouts() for owner in self.setting.graph.people(self.table, about)
        )
        return [owner for owner in found if self.closure.touches(owner) and self.looses(owner)]

    def looses(self, owner: Owner) -> bool:
        """Return whether a row can lose the way by which it is somebody's, and stay."""
        shared = {one.path[0].columns for one in self.organisations if one.path}
        edge = owner.path[0] if len(owner.path) == 1 else None
        if edge is None or edge.json is not None or edge.columns in shared:
            return False
        return loose(self.setting.graph.schema.tables[self.table], edge)

    # -- the statement ---------------------------------------------------------------------------------------

    def where(self) -> Condition:
        """Return the condition on `t` that its row is about someone in the cohort."""
        return self.closure.rows(self.table, "t", dict.fromkeys(self._abouts()))

    def select(
        self, comment: str, *, columns: bool, more: Mapping[str, exp.Expr] | None = None, only: Condition = True
    ) -> Statement:
        """Return the SELECT: the row's key (`k…`) or all its columns, the flags that are not constant, and `more`.

        `only`: of those rows whose own values say so.
        Of what is asked besides (`more`) the least counts where a row's joins multiply it.
        """
        comment = "\n".join([comment, *self._legend()])
        key = self.closure.key(self.table, "t")
        besides = dict(more or {})
        joins = self.justify.joins.needed([*(f.expression(False) for f in self.varying), *besides.values()])
        wanted = [exp.alias_(f.expression(joins.multiplies), f.name, quoted=True) for f in self.varying]
        least = {name: exp.Min(this=found) if joins.multiplies else found for name, found in besides.items()}
        wanted += [exp.alias_(found, name, quoted=True) for name, found in least.items()]
        together = joins.multiplies and not self._told_by_group
        outputs = self._columns("t") if columns and not together else self._keys(key)
        query = exp.select(*outputs, *wanted, copy=False).from_(table_of(self.table, "t"))
        query = joins.apply(query).where(tree(conjunction([self.where(), only])))
        if joins.multiplies:
            query = query.group_by(*(item.copy() for item in key))
        if columns and together:
            query = self._with_columns(query)
        return Statement(query, dict(self.justify.binds), comment)

    @property
    def _told_by_group(self) -> bool:
        """Return whether a group by the row's key tells all its columns: PostgreSQL knows it of a primary key."""
        info = self.setting.graph.schema.tables[self.table]
        return self.closure.dialect == "postgres" and info.primary_key == self.setting.graph.key(self.table) != ()

    def _with_columns(self, judged: exp.Select) -> exp.Select:
        """Return the SELECT of all columns with the flags that were put together per key."""
        match = [
            exp.EQ(this=item, expression=column(f"key{n}", "v"))
            for n, item in enumerate(self.closure.key(self.table, "t"))
        ]
        query = exp.select(*self._columns("t"), *(column(f.name, "v") for f in self.varying))
        query = query.from_(table_of(self.table, "t"))
        return query.join(exp.alias_(exp.Subquery(this=judged), "v", quoted=True, table=True), on=exp.and_(*match))

    @property
    def varying(self) -> list[Flag]:
        """The flags that differ from row to row."""
        return [found for found in self.flags.values() if found.constant is None]

    @property
    def constants(self) -> Mapping[str, int]:
        """The flags that are the same for every row, with their values."""
        return {name: found.constant for name, found in self.flags.items() if found.constant is not None}

    def _legend(self) -> list[str]:
        """Return what each flag of the SELECT says, for the reader of a plan."""
        words = {"hers": "the row is about them", "org": "it belongs to an organisation"}
        for number, group in enumerate(self.groups):
            data = f"{group.element} ({', '.join([*(['the row itself'] if group.row else []), *group.columns])})"
            names = [self._clause(name) for name in self.justify.purposes(group)]
            bits = ", ".join(f"{1 << (bit % BITS)} {name}" for bit, name in enumerate(names)) or "no purpose"
            words[f"about{number}"] = f"{data} is about them"
            words[f"k{number}"] = f"what may keep {data}: {bits}"
            words[f"u{number}"] = f"what may use {data} now: {bits}"
            words[f"h{number}"] = f"{data}: 1 held, 2 restricted"
            words[f"j{number}"] = f"{data} is there, and something justifies it"
            words[f"x{number}"] = f"{data} is there, and theirs"
        for number, owner in enumerate(self.several):
            words[f"p{number}"] = f"something is justified for them by {owner}"
        for number, owner in enumerate(self.unlinkable):
            words[f"w{number}"] = f"nothing justifies what is theirs by {'+'.join(owner.path[0].columns)}"
        words["nobody"] = "it is nobody's"
        words["overdue"] = "it holds a datum of theirs that nothing justifies"
        words["carried"] = "it goes with the rows that it belongs to"
        return [f"  {found.name}: {words[found.name]}" for found in self.varying if found.name in words]

    def _clause(self, name: str) -> str:
        """Return a purpose, with the law that it rests on where the policy names one."""
        law = self.setting.policy.purposes[name].law
        return f"{name} ({law})" if law else name

    def _columns(self, alias: str) -> list[exp.Expr]:
        return [column(name, alias) for name in self.setting.graph.schema.tables[self.table].columns]

    @staticmethod
    def _keys(key: list[exp.Expr]) -> list[exp.Expr]:
        return [exp.alias_(item.copy(), f"key{number}", quoted=True) for number, item in enumerate(key)]

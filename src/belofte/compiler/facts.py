"""What the facts of a table's rows say, as three-valued conditions: whether one holds, whether a term from it runs.

Days and moments are compared in the type of the column that has them; no dialect computes with the calendar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlglot import exp

from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.joins import Joins
from belofte.compiler.logic import Condition, conjunction, disjunction, inverse, tree
from belofte.compiler.setting import Setting, moments
from belofte.compiler.statement import Bind
from belofte.datamap.facts import AggregateFact, FactDef, ResolvedFact, RowFact
from belofte.datamap.graph import Graph
from belofte.datamap.paths import Edge, Owner
from belofte.datamap.schema import Family
from belofte.law.term import cutoff
from belofte.policy.model import Period, Purpose


@dataclass
class Facts:
    """The facts of one table's rows. `joins` collects what they need; `binds` the values they compare with."""

    setting: Setting
    closure: Closure
    table: str
    binds: dict[str, Any] = field(default_factory=dict, kw_only=True)

    @cached_property
    def joins(self) -> Joins:
        """The joins from the table's rows."""
        return Joins(self.closure, self.table)

    @property
    def graph(self) -> Graph:
        """The store's graph."""
        return self.setting.graph

    def bind(self, hint: str, found: Any) -> Bind:
        """Return a bound value, named for what it is."""
        name, number = hint, 1
        while name in self.binds and self.binds[name] != found:
            number += 1
            name = f"{hint}_{number}"
        self.binds[name] = found
        return Bind(this=name)

    # -- whether a fact holds, or a term runs ------------------------------------------------------------------

    def _resolved(self, name: str, owner: Owner) -> ResolvedFact | None:
        fact = self.graph.facts.get(name)
        return self.graph.resolve(fact, self.table, owner) if fact is not None else None

    def _reached(self, name: str, owner: Owner) -> Condition:
        """Return whether a fact resolves for a row."""
        found = self._resolved(name, owner)
        if found is None:
            return False
        if isinstance(found, RowFact):
            return self._there(found.path)
        return self._rows_of(found, lambda _: True)

    def _there(self, path: tuple[Edge, ...]) -> Condition:
        """Return whether there is a row at the end of a path."""
        if not path:
            return True
        alias = self.joins.alias(path)
        return conjunction(
            inverse(exp.Is(this=column(name, alias), expression=exp.null())) for name in path[-1].parent_columns
        )

    def holds(self, fact: FactDef, alias: str) -> exp.Expr:
        """Return whether a fact that a purpose runs on holds on a row of its table."""
        value = self.closure.expression(fact.expression, alias)
        if not self._is_truth(fact):
            value = exp.NEQ(this=value, expression=exp.Literal.number(0))
        return exp.Coalesce(this=value, expressions=[exp.false()]) if fact.not_yet else exp.Paren(this=value)

    def _while(self, name: str, owner: Owner, declared: bool, ended: str | None = None) -> Condition:
        """Return whether the fact that a purpose runs on holds; where it does not, but is none of `ended`, it does."""
        found = self._resolved(name, owner)
        unresolved: Condition = None if declared else False
        if found is None:
            return unresolved

        def holds(alias: str) -> exp.Expr:
            value = self.holds(found.fact, alias)
            if ended is None:
                return value
            lately = exp.Not(this=exp.Paren(this=self.closure.row_among(found.fact.table, alias, ended)))
            return exp.Paren(this=exp.or_(value, lately))

        if isinstance(found, RowFact):
            there = self._there(found.path)
            value = holds(self.joins.alias(found.path))
            if there is True or not declared:
                return conjunction([there, value])
            return exp.Case(ifs=[exp.If(this=tree(there), true=value)], default=exp.null())
        return self._three_valued(found, holds, unresolved)

    def _is_truth(self, fact: FactDef) -> bool:
        """Return whether a fact is a truth by itself (a comparison or a boolean column)."""
        expression = fact.expression
        if not isinstance(expression.tree, exp.Column):
            return True
        info = self.graph.schema.tables[fact.table].columns[expression.columns[0]]
        return info.family == "boolean" or self.closure.dialect != "postgres"

    def _term(self, purpose: Purpose, owner: Owner, declared: bool) -> Condition:
        """Return whether now < trigger + term, as trigger > cutoff: no dialect computes with the calendar."""
        assert purpose.keep is not None
        hidden = purpose.hide_first if self.setting.sweep else None
        first = self.first_day(purpose.keep) if hidden is None else self._first_day_hidden(purpose.keep, hidden)
        if first is None:
            return False
        unresolved: Condition = None if declared else False
        if purpose.after is None:
            collected = self.graph.collected(self.table, owner)
            if collected is None:
                return None
            return self._compare(collected, lambda value, family: exp.GTE(this=value, expression=first(family)))
        found = self._resolved(purpose.after, owner)
        if found is None:
            return unresolved

        def runs(alias: str) -> exp.Expr:
            value, family = self._fact_value(found, alias)
            later = exp.GTE(this=value, expression=first(family))
            if found.fact.not_yet:
                return exp.Paren(this=exp.or_(exp.Is(this=value.copy(), expression=exp.null()), later))
            return later

        if isinstance(found, RowFact):
            there = self._there(found.path)
            value = runs(self.joins.alias(found.path))
            if there is True or not declared:
                return conjunction([there, value])
            return exp.Case(ifs=[exp.If(this=tree(there), true=value)], default=exp.null())
        return self._three_valued(found, runs, unresolved)

    # -- the clock ---------------------------------------------------------------------------------------------

    def first_day(self, term: Period) -> Callable[[Family], exp.Expr] | None:
        """Return the first day from which a term still runs, as each family compares with it; None: from none."""
        return self._from(cutoff(self.setting.today, term))

    def _first_day_hidden(self, term: Period, hidden: Period) -> Callable[[Family], exp.Expr] | None:
        """Return the first day from which a term still runs, or the days for which its data is hidden after it."""
        return self._from(cutoff(cutoff(self.setting.today, hidden), term))

    def _from(self, last: date) -> Callable[[Family], exp.Expr] | None:
        return None if last == date.max else lambda family: self._day(last + timedelta(days=1), family)

    def reached_day(self, day: date) -> Condition:
        """Return whether a day has come."""
        return day <= self.setting.today

    # -- days and moments on rows ------------------------------------------------------------------------------

    def _fact_value(self, found: ResolvedFact, alias: str) -> tuple[exp.Expr, Family]:
        """Return a date or moment to compare, and its family."""
        expression = found.fact.expression
        family: Family = "other"
        if isinstance(expression.tree, exp.Column):
            family = self.graph.schema.tables[found.fact.table].columns[expression.columns[0]].family
        value = self.closure.expression(expression, alias)
        if self.closure.dialect == "sqlite":
            value = exp.Anonymous(this="datetime", expressions=[value])
        return value, family

    def moment_of(self, found: RowFact) -> exp.Expr:
        """Return the day or moment of a fact, as the row has it."""
        return self._fact_value(found, self.joins.alias(found.path))[0]

    def _compare(self, found: RowFact, condition: Callable[[exp.Expr, Family], exp.Expr]) -> Condition:
        value, family = self._fact_value(found, self.joins.alias(found.path))
        return condition(value, family)

    def _day(self, day: date, family: Family) -> exp.Expr:
        """Return the first moment of a civil day, in the type of the column that it is compared with."""
        if family in ("timestamp", "timestamptz"):
            return self.moment(datetime(day.year, day.month, day.day, tzinfo=self.setting.zone), family)
        return self.bind("day", day)

    def _closing(self, moment: datetime, family: Family) -> exp.Expr:
        """Return the moment of a closing act; the present moment by a name of its own, so that a plan can be reused."""
        if moment != self.setting.now:
            return self.moment(moment, family)
        aware = family == "timestamptz"
        name = "now_day" if family == "date" else "now_local" if not aware else "now_aware"
        if aware and self.closure.dialect != "postgres":
            name = "now_utc"
        return self.bind(name, moments(moment, self.setting.zone)[name])

    def moment(self, moment: datetime, family: Family) -> exp.Expr:
        """Return a moment in the type of the column that it is compared with."""
        local = moment.astimezone(self.setting.zone)
        if family == "timestamptz":
            # our sessions read such columns in UTC, and MySQL compares them with a bare moment of the session
            utc = moment.astimezone(UTC)
            return self.bind("moment", utc if self.closure.dialect == "postgres" else utc.replace(tzinfo=None))
        if family == "date":
            return self.bind("day", local.date())
        return self.bind("moment", local.replace(tzinfo=None))

    # -- aggregates --------------------------------------------------------------------------------------------

    def _rows_of(self, found: AggregateFact, condition: Callable[[str], Condition]) -> Condition:
        """Return whether an aggregate's table has a row, about the row that `found.path` reaches, with a condition."""
        top = self.joins.alias(found.path)
        parts: list[Condition] = []
        for way in found.down:
            inner = Joins(self.closure, found.fact.table, root="h")
            below = inner.alias(way[:-1])
            met = self.closure.matches(way[-1], below, top)
            query = exp.select(exp.Literal.number(1)).from_(table_of(found.fact.table, "h"))
            query = inner.apply(query).where(tree(conjunction([met, condition("h")])))
            parts.append(exp.Exists(this=query))
        return disjunction(parts)

    def _three_valued(
        self, found: AggregateFact, decide: Callable[[str], exp.Expr], unresolved: Condition
    ) -> Condition:
        """Return an aggregate's condition: for max and any one row decides, for min every row; no row: unresolved."""
        if found.fact.aggregate == "min":
            wrong = self._rows_of(found, lambda a: exp.Is(this=exp.Paren(this=decide(a)), expression=exp.false()))
            order: list[tuple[Condition, Condition]] = [(wrong, False)]
            rest: Condition = True
        else:
            order = [(self._rows_of(found, decide), True)]
            rest = False
        unknown = self._rows_of(found, lambda a: exp.Is(this=exp.Paren(this=decide(a)), expression=exp.null()))
        order.append((unknown, None))
        if rest is True or unresolved is None:
            order.append((self._rows_of(found, lambda _: True), rest))
        default = unresolved if rest is True or unresolved is None else False
        return exp.Paren(
            this=exp.Case(ifs=[exp.If(this=tree(c), true=_value(then)) for c, then in order], default=_value(default))
        )


def _value(condition: Condition) -> exp.Expr:
    if condition is None:
        return exp.null()
    return condition if isinstance(condition, exp.Expr) else (exp.true() if condition else exp.false())

"""`justify`: keep and use as conditions on a row, from the definition of DESIGN §1.

For each datum (a column with an element, or the row itself), each way that leads to a person, and each purpose, two
three-valued conditions come out: whether the purpose keeps, and whether it uses. Everything else (what an erasure
removes, what an access says, what a view shows) is put together from these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlglot import exp

from belofte.compiler.closure import Closure, column, exact, table_of, text_of
from belofte.compiler.joins import Joins
from belofte.compiler.logic import Condition, conjunction, disjunction, inverse, possibly, tree
from belofte.compiler.setting import Group, NoticeSpans, Setting, moments, named_in, notice_spans
from belofte.compiler.statement import Bind
from belofte.datamap.facts import AggregateFact, FactDef, ResolvedFact, RowFact
from belofte.datamap.graph import Graph
from belofte.datamap.model import KindBy, PeopleEntry
from belofte.datamap.paths import Edge, Owner
from belofte.datamap.schema import Family
from belofte.law.term import cutoff
from belofte.policy.model import Basis, Period, Purpose
from belofte.policy.person import EVERYTHING, Key, PersonState


@dataclass
class Justify:
    """The conditions of one table's rows. `joins` collects what they need; `binds` the values they compare with.

    `only_cohort`: every row's only person is known to be in the cohort, so that no other state can occur.
    """

    setting: Setting
    closure: Closure
    table: str
    only_cohort: bool = False
    binds: dict[str, Any] = field(default_factory=dict)

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

    # -- people ----------------------------------------------------------------------------------------------

    def person_key(self, owner: Owner) -> list[exp.Expr]:
        """Return the key of the person at the end of a path: off the last foreign key where it holds it."""
        entry = self.graph.entry(owner.entry)
        if owner.path and self._keyed(owner):
            below = owner.path[:-1]
            if not self.graph.loops(owner.path[-1].child):
                return [column(name, self.joins.alias(below)) for name in owner.path[-1].columns]
        return [column(name, self.joins.alias(owner.path)) for name in entry.key]

    def _keyed(self, owner: Owner) -> bool:
        edge = owner.path[-1]
        plain = edge.foreign_key and edge.when is None and self.closure.dialect != "sqlite"
        return (
            plain and edge.parent_columns == self.graph.entry(owner.entry).key and self.graph.where(owner.entry) is None
        )

    def present(self, owner: Owner) -> Condition:
        """Return whether a row reaches a person along a path."""
        if self.only_cohort:
            return True
        if owner.entry in self.setting.alone and owner.entry not in self.closure.cohort:
            return False
        conditions: list[Condition] = []
        if owner.path or any(self._nullable(owner.entry)):
            conditions = [inverse(exp.Is(this=key, expression=exp.null())) for key in self.person_key(owner)]
        where = self.graph.where(owner.entry)
        if where is not None:
            found = self.closure.expression(where, self.joins.alias(owner.path))
            conditions.append(exp.Is(this=exp.Paren(this=found), expression=exp.true()))
        return conjunction(conditions)

    def _nullable(self, entry: str) -> Iterator[bool]:
        found = self.graph.entry(entry)
        info = self.graph.schema.tables[found.table]
        for name in found.key:
            yield info.columns[name].nullable and name not in info.primary_key

    def asked(self, owner: Owner) -> Condition:
        """Return whether the person at the end of a path is in the cohort."""
        if owner.entry not in self.closure.cohort:
            return False
        if self.only_cohort:
            return True
        return conjunction([self.present(owner), self._member(owner, self.closure.cohort[owner.entry])])

    def _member(self, owner: Owner, keys: str) -> exp.Expr:
        """Return whether the person at the end of a path is one of a key set; never someone whose key looks alike."""
        found = self.person_key(owner)
        columns = tuple(item.name for item in found)
        own = not owner.path or found[0].text("table") == self.joins.alias(owner.path)
        table = self.graph.entry(owner.entry).table if own else owner.path[-1].child
        return self.closure.member(table, columns, found[0].text("table"), (owner.entry, keys), exactly=own)

    def by_state(self, owner: Owner, condition: Callable[[PersonState], Condition]) -> Condition:
        """Return a condition that depends on the state of the person at the end of a path."""
        people = self.setting.people(owner.entry)
        covered = self.only_cohort or owner.entry in self.setting.alone
        if covered and owner.entry in self.setting.covered:
            people = [one for one in people if one.keys is not None] or people
        found = [(one, condition(one.state)) for one in people]
        first = found[0][1]
        if all(type(c) is type(first) and c == first for _, c in found):
            return first
        parts: list[Condition] = []
        for one, decided in found:
            if decided is False:
                continue
            if one.keys is not None:
                member: Condition = self._member(owner, one.keys)
            else:
                known = [self._member(owner, p.keys) for p in people if p.keys is not None]
                member = inverse(disjunction(known))
            parts.append(conjunction([member, decided]))
        return disjunction(parts)

    # -- the definition --------------------------------------------------------------------------------------

    def purposes(self, group: Group) -> list[str]:
        """Return the purposes that use a group's element at all."""
        return [name for name in self.setting.policy.purposes if self._keys(name, group.element)]

    def _keys(self, name: str, element: str) -> list[Key]:
        policy, purpose = self.setting.policy, self.setting.policy.purposes[name]
        if any(element in policy.elements(ref) for ref in purpose.uses):
            return [(name, None)]
        return [(name, channel) for channel, ref in purpose.channels.items() if element in policy.elements(ref)]

    def keep_and_use(self, group: Group, name: str, owner: Owner) -> tuple[Condition, Condition]:
        """Return whether a purpose keeps, and uses, a group's data about the person at the end of a path."""
        keeps: list[Condition] = []
        uses: list[Condition] = []
        for of_kind, kind in self.kinds(owner):
            for basis in self.setting.policy.purposes[name].bases(kind):
                term, condition = self._term_and_condition(group, name, basis, owner)
                origin = self._origin(name, basis, owner)
                for key in self._keys(name, group.element):
                    keep = conjunction([of_kind, origin, self.opened(key, basis, owner, group), term])
                    keeps.append(keep)
                    uses.append(conjunction([keep, condition, inverse(self.narrowed(key, group, name, owner))]))
        return disjunction(keeps), disjunction(uses)

    def opened(self, key: Key, basis: Basis, owner: Owner, group: Group) -> Condition:
        """Return whether no choice of the person at the end of a path has closed a key (`not closed`) for a group."""
        return self.by_state(owner, lambda state: self._open(state, key, basis, owner))

    def narrowed(self, key: Key, group: Group, name: str, owner: Owner) -> Condition:
        """Return whether use is suspended or restricted for her, or special-category data has no ground."""
        return self.by_state(owner, lambda state: self._narrowed(state, key, group, name))

    def _open(self, state: PersonState, key: Key, basis: Basis, owner: Owner) -> Condition:
        """Return whether nothing has closed the purpose for data of this row (`not closed`)."""
        if basis is Basis.CONSENT and key in state.consent_closed:
            return False
        closed = state.closed_before.get(key)
        if closed is None:
            return True
        if closed == EVERYTHING:
            return False
        found = self.graph.collected(self.table, owner)
        if found is None:
            return False
        later = self._compare(found, lambda value, family: exp.GT(this=value, expression=self._closing(closed, family)))
        return (
            exp.Coalesce(this=tree(later), expressions=[exp.false()]) if isinstance(later, exp.Expr) else later is True
        )

    def _narrowed(self, state: PersonState, key: Key, group: Group, name: str) -> Condition:
        return key in state.unusable or state.restricts(group.category) or self._groundless(group, name)

    def _groundless(self, group: Group, name: str) -> bool:
        policy = self.setting.policy
        return policy.special(group.element) is not None and policy.purposes[name].special_ground is None

    def _origin(self, name: str, basis: Basis, owner: Owner) -> Condition:
        """Return whether the purpose was in the notice when the data was collected, or was covered since."""
        policy, purpose = self.setting.policy, self.setting.policy.purposes[name]
        if basis in (Basis.LEGAL_OBLIGATION, Basis.CONSENT):
            return True
        told = purpose.compatible is not None and self.reached_day(purpose.compatible.told)
        spans = notice_spans(policy, name)
        if told is True or spans is None:
            return True
        return disjunction([told, self._named(name, spans, owner)])

    def _named(self, name: str, spans: NoticeSpans, owner: Owner) -> Condition:
        """Return whether the notice under which the data was collected named the purpose."""
        policy = self.setting.policy
        stated = self.graph.map.collected
        older: Condition = None
        if stated is not None and stated.older is not None:
            older = named_in(policy, stated.older, name)
        found = self.graph.collected(self.table, owner)
        if found is None:
            return older
        first, inside = spans
        return self._dated(found, first, inside, older)

    def _dated(
        self, found: RowFact, first: date, inside: list[tuple[date, date | None]], older: Condition
    ) -> Condition:
        def since(day: date) -> Condition:
            return self._compare(found, lambda value, family: exp.GTE(this=value, expression=self._day(day, family)))

        named = disjunction(
            conjunction([since(start), inverse(since(end)) if end is not None else True]) for start, end in inside
        )
        # before the first notice, or at an unknown time: what the map declares for older data
        known = since(first)
        case = exp.Case(
            ifs=[exp.If(this=tree(known), true=tree(named))] if isinstance(known, exp.Expr) else [], default=tree(older)
        )
        return exp.Paren(this=case)

    def _term_and_condition(self, group: Group, name: str, basis: Basis, owner: Owner) -> tuple[Condition, Condition]:
        """Return whether the term runs (where it has none: the condition), and whether the basis condition holds."""
        purpose = self.setting.policy.purposes[name]
        if self._told_by_her_row(purpose, owner) and self.by_state(owner, lambda state: name in state.over) is True:
            return False, False
        return self._by_facts(name, basis, owner, declared=name in group.declared_for)

    def over(self, name: str, owner: Owner) -> Condition:
        """Return whether the person's own row says that a purpose keeps nothing of hers any more."""
        purpose = self.setting.policy.purposes[name]
        if not self._told_by_her_row(purpose, owner):
            return False
        bases = {basis for _, kind in self.kinds(owner) for basis in purpose.bases(kind)}
        terms = (self._by_facts(name, basis, owner, declared=False)[0] for basis in sorted(bases))
        return inverse(disjunction(possibly(term) for term in terms))

    def _told_by_her_row(self, purpose: Purpose, owner: Owner) -> bool:
        """Return whether every fact that a purpose's term or condition counts from is on the person's own row."""
        facts = [purpose.while_, purpose.after] if purpose.keep is not None else [purpose.while_]
        found = [self._resolved(fact, owner) for fact in facts if fact is not None]
        dated = purpose.keep is None or purpose.after is not None
        return dated and bool(found) and all(isinstance(f, RowFact) and f.path == owner.path for f in found)

    def _by_facts(self, name: str, basis: Basis, owner: Owner, *, declared: bool) -> tuple[Condition, Condition]:
        """Return whether the term runs, and whether the basis condition holds, as the facts of a row say."""
        purpose = self.setting.policy.purposes[name]
        condition: Condition = True
        if purpose.while_ is not None:
            condition = self._while(purpose.while_, owner, declared)
            if condition is False:
                return False, False
        elif basis is Basis.CONTRACT and purpose.keep is None:
            condition = None
        if purpose.keep is None:
            if self.setting.sweep and purpose.while_ is not None:
                return self._graced(name, purpose, owner, (condition, declared)), condition
            return condition, condition
        term = self._term(purpose, owner, declared)
        if purpose.while_ is not None:
            reached = self._reached(purpose.while_, owner)
            term = conjunction([term, True if declared else reached])
        return term, condition

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
        return self._any(found, lambda _: True)

    def _there(self, path: tuple[Edge, ...]) -> Condition:
        """Return whether there is a row at the end of a path."""
        if not path:
            return True
        alias = self.joins.alias(path)
        return conjunction(
            inverse(exp.Is(this=column(name, alias), expression=exp.null())) for name in path[-1].parent_columns
        )

    def _graced(self, name: str, purpose: Purpose, owner: Owner, held: tuple[Condition, bool]) -> Condition:
        """Return whether a condition holds, or did until too short ago for a sweep to take what rested on it."""
        condition, declared = held
        assert purpose.while_ is not None
        if name in self.setting.ended:
            return self._while(purpose.while_, owner, declared, self.setting.ended[name])
        if purpose.hide_first is None:
            return condition
        # no row tells since when the condition does not hold: no day is known on which the grace is over
        ended = True if declared else self._reached(purpose.while_, owner)
        return disjunction([condition, conjunction([ended, None])])

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

    # -- the clock -------------------------------------------------------------------------------------------

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

    # -- facts on rows ---------------------------------------------------------------------------------------

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

    def _any(self, found: AggregateFact, condition: Callable[[str], Condition]) -> Condition:
        return self._rows_of(found, condition)

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
            order.append((self._any(found, lambda _: True), rest))
        default = unresolved if rest is True or unresolved is None else False
        return exp.Paren(
            this=exp.Case(ifs=[exp.If(this=tree(c), true=_value(then)) for c, then in order], default=_value(default))
        )

    def kinds(self, owner: Owner) -> list[tuple[Condition, str]]:
        """Return the kinds that a person at the end of a path may be, each with its condition."""
        entry = self.graph.entry(owner.entry)
        assert isinstance(entry, PeopleEntry)
        if not isinstance(entry.is_, KindBy):
            return [(True, entry.is_)]
        by, alias = entry.is_, self.joins.alias(owner.path)
        family = self.graph.schema.tables[entry.table].columns[by.column].family
        found: exp.Expr = column(by.column, alias)
        if family != "text":
            found = text_of(found, self.closure.dialect)

        def literal(text: str) -> exp.Expr:
            value = exp.Literal.string(text)
            return exact(value) if self.closure.dialect == "mysql" else value

        left = exact(found) if self.closure.dialect == "mysql" else found
        kinds: dict[str, list[str]] = {}
        for text, kind in by.values.items():
            kinds.setdefault(kind, []).append(text)
        parts: list[tuple[Condition, str]] = [
            (exp.In(this=left.copy(), expressions=[literal(text) for text in texts]), kind)
            for kind, texts in kinds.items()
        ]
        if by.else_ is not None:
            listed = exp.In(this=left.copy(), expressions=[literal(text) for text in by.values])
            parts.append((exp.Not(this=listed), by.else_))
        return parts


def _value(condition: Condition) -> exp.Expr:
    if condition is None:
        return exp.null()
    return condition if isinstance(condition, exp.Expr) else (exp.true() if condition else exp.false())

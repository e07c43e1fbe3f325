"""`justify`: keep and use as conditions on a row, from the definition of DESIGN §1.

For each datum (a column with an element, or the row itself), each way that leads to a person, and each purpose, two
three-valued conditions come out: whether the purpose keeps, and whether it uses. Everything else (what an erasure
removes, what an access says, what a view shows) is put together from these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from belofte.compiler.closure import column, exact, text_of
from belofte.compiler.facts import Facts
from belofte.compiler.logic import Condition, conjunction, disjunction, inverse, possibly, tree
from belofte.compiler.setting import Group, NoticeSpans, named_in, notice_spans
from belofte.datamap.facts import RowFact
from belofte.datamap.model import KindBy, PeopleEntry
from belofte.datamap.paths import Owner
from belofte.policy.model import Basis, Purpose
from belofte.policy.person import EVERYTHING, Key, PersonState


@dataclass
class Justify(Facts):
    """The conditions of one table's rows: who is at the end of each path, and what each purpose keeps and uses.

    `only_cohort`: every row's only person is known to be in the cohort, so that no other state can occur.
    """

    only_cohort: bool = False

    # -- people ------------------------------------------------------------------------------------------------

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

    # -- the definition ----------------------------------------------------------------------------------------

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

"""The reference evaluator: `keep`, `use`, shown, justified, over plain rows, read straight from DESIGN §1.

It is slow and obvious on purpose. It shares with the compiler only the values that both read (policy, map, catalogue,
and where the graph says that a fact resolves); its joins, its logic and its calendar are its own. What the compiler
says of a database must agree with what this says of its rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cached_property, reduce
from typing import Any
from zoneinfo import ZoneInfo

from belofte.compiler.plain_rows import Chain, Person, PlainRows, Row
from belofte.datamap.expression import Truth, both, either, truth, value
from belofte.datamap.facts import ResolvedFact, RowFact
from belofte.datamap.graph import Graph
from belofte.datamap.model import PeopleEntry
from belofte.datamap.paths import Edge, Owner
from belofte.datamap.removal import form, is_erased
from belofte.datamap.schema import Dialect
from belofte.law.term import add
from belofte.policy.model import Basis, Policy, Purpose
from belofte.policy.person import EVERYTHING, Key, PersonState

BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True)
class Holds:
    """Legal holds that name a table as a whole."""

    tables: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Datum:
    """A datum as it is about one person: by which way, along which rows (`chain`), and her own row (`end`)."""

    table: str
    column: str | None
    element: str
    owner: Owner
    chain: Chain
    end: Row


@dataclass(frozen=True)
class Reference:
    """One store's rows, its people's states and a moment: what every purpose may keep and use.

    `rows` maps each table to its rows. `states` maps people to what their choices leave open; a person who is not in
    it has `nobody`. `zone` is the civil time that terms are counted in and naive timestamps are read in.
    """

    policy: Policy
    graph: Graph
    rows: Mapping[str, Sequence[Row]]
    states: Mapping[Person, PersonState]
    nobody: PersonState
    now: datetime
    holds: Holds = Holds()
    zone: tzinfo = BRUSSELS
    dialect: Dialect = field(default="postgres")
    sweep: bool = False
    """Judged for a sweep: what a purpose hides first counts as kept until that is over too."""

    @cached_property
    def plain(self) -> PlainRows:
        """The rows, joined."""
        return PlainRows(self.graph, self.rows, self.dialect)

    # -- facts -----------------------------------------------------------------------------------------------

    def _fact_values(self, found: ResolvedFact, chain: Chain) -> list[Any]:
        """Return the values that decide a fact: one row's, or every row's of an aggregate; [] when it is unresolved."""
        end = chain[found.path]
        if end is None:
            return []
        if isinstance(found, RowFact):
            return [value(found.fact.expression.tree, end)]
        return [
            value(found.fact.expression.tree, home)
            for home in self.rows.get(found.fact.table, ())
            if any(top is end for way in found.down for top in self.plain.up(way, found.fact.table, home))
        ]

    def _term_runs(self, found: ResolvedFact, chain: Chain, purpose: Purpose) -> Truth:
        """Return whether now < trigger + term; for an aggregate, of its maximum or minimum."""
        assert purpose.keep is not None
        today = self.now.astimezone(self.zone).date()
        values = self._fact_values(found, chain)
        truths: list[Truth] = []
        for trigger in values:
            if trigger is None:
                truths.append(True if found.fact.not_yet else None)
            else:
                truths.append(today < self._over(self._day(trigger), purpose))
        return reduce(both, truths) if found.fact.aggregate == "min" else reduce(either, truths)

    def _over(self, day: date, purpose: Purpose) -> date:
        """Return the day on which a term from `day` is over, and for a sweep what comes after it."""
        assert purpose.keep is not None
        over = add(day, purpose.keep)
        return add(over, purpose.hide_first) if self.sweep and purpose.hide_first is not None else over

    def _day(self, moment: Any) -> date:
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment) if len(moment) > 10 else date.fromisoformat(moment)
        if isinstance(moment, datetime):
            return moment.astimezone(self.zone).date() if moment.tzinfo else moment.date()
        assert isinstance(moment, date)
        return moment

    def _resolved(self, name: str | None, table: str, owner: Owner) -> ResolvedFact | None:
        fact = self.graph.facts.get(name) if name is not None else None
        return self.graph.resolve(fact, table, owner) if fact is not None else None

    def _holds(self, name: str, datum: Datum) -> tuple[bool, Truth]:
        """Return whether a `while` fact resolves, and whether it holds."""
        found = self._resolved(name, datum.table, datum.owner)
        if found is None:
            return False, None
        values = self._fact_values(found, datum.chain)
        truths: list[Truth] = [None if item is None else bool(item) for item in values]
        if found.fact.not_yet:
            truths = [bool(item) for item in truths]
        return bool(values), (reduce(either, truths) if truths else False)

    # -- the definition --------------------------------------------------------------------------------------

    def keep(self, purpose: str, person: Person, table: str, row: Row, column: str | None) -> Truth:
        """Return whether a purpose may still hold a datum about a person (reach, origin, not closed, term)."""
        return self._decided(purpose, person, table, row, column)[0]

    def use(self, purpose: str, person: Person, table: str, row: Row, column: str | None) -> Truth:
        """Return whether a purpose may work with a datum about a person now, by every way that leads to her."""
        return self._decided(purpose, person, table, row, column)[1]

    def _decided(self, purpose: str, person: Person, table: str, row: Row, column: str | None) -> tuple[Truth, Truth]:
        """Return (keep, use): any way to the person keeps; every way to her, and every row on it, must use."""
        element = self._element(table, column)
        entry, where = self.graph.entry(person[0]), self.graph.where(person[0])
        keeps: Truth = False
        uses: Truth = True
        for owner in self.plain.reached(table, row, column).get(person, ()):
            for chain in self.plain.chains(table, row, self._needed(purpose, table, owner)):
                end = chain[owner.path]
                if end is None or tuple(end[name] for name in entry.key) != person[1]:
                    continue
                if where is not None and truth(where.tree, end) is not True:
                    continue
                datum = Datum(table, column, element, owner, chain, end)
                kept, used = self._on_any_basis(purpose, person, datum)
                keeps, uses = either(keeps, kept), both(uses, used)
        return keeps, both(uses, keeps)

    def _needed(self, name: str, table: str, owner: Owner) -> list[tuple[Edge, ...]]:
        """Return the paths to the person and to the facts that decide about her data."""
        purpose = self.policy.purposes[name]
        facts = [self._resolved(fact, table, owner) for fact in (purpose.while_, purpose.after)]
        facts.append(self.graph.collected(table, owner))
        return [owner.path, *(found.path for found in facts if found is not None)]

    def _on_any_basis(self, purpose: str, person: Person, datum: Datum) -> tuple[Truth, Truth]:
        keeps: Truth = False
        uses: Truth = False
        for kind, certain in self._kinds(person, datum.end):
            for basis in self.policy.purposes[purpose].bases(kind):
                for key in self._keys(purpose, datum.element):
                    kept, used = self._decided_on(purpose, basis, key, person, datum)
                    if not certain:
                        kept, used = both(kept, None), both(used, None)
                    keeps, uses = either(keeps, kept), either(uses, used)
        return keeps, uses

    def _decided_on(self, name: str, basis: Basis, key: Key, person: Person, datum: Datum) -> tuple[Truth, Truth]:
        purpose, state = self.policy.purposes[name], self.states.get(person, self.nobody)
        term, condition = self._term_and_condition(name, purpose, basis, datum)
        closed = self._closed(state, key, basis, datum)
        kept = both(both(self._origin(name, purpose, basis, datum), not closed), term)
        special = self.policy.special(datum.element) is not None and purpose.special_ground is None
        narrowed = key in state.unusable or state.restricts(datum.element.partition(".")[0]) or special
        return kept, both(both(kept, condition), not narrowed)

    def _term_and_condition(self, name: str, purpose: Purpose, basis: Basis, datum: Datum) -> tuple[Truth, Truth]:
        """Return whether the term runs (where it has none: the condition), and whether the basis condition holds."""
        declared = name in self._declared_for(datum.table, datum.column)
        condition: Truth = True
        if purpose.while_ is not None:
            resolves, condition = self._holds(purpose.while_, datum)
            if not resolves:
                if not declared:
                    return False, False
                condition = None
        elif basis is Basis.CONTRACT and purpose.keep is None:
            condition = None
        if purpose.keep is None:
            hides = self.sweep and purpose.hide_first is not None and purpose.while_ is not None
            return (None if hides and condition is False else condition), condition
        if purpose.after is None:
            moment = self._collected(datum)
            term: Truth = None
            if moment is not None:
                term = self.now.astimezone(self.zone).date() < self._over(self._day(moment), purpose)
            return term, condition
        found = self._resolved(purpose.after, datum.table, datum.owner)
        if found is None or not self._fact_values(found, datum.chain):
            return (None if declared else False), condition
        return self._term_runs(found, datum.chain, purpose), condition

    def _closed(self, state: PersonState, key: Key, basis: Basis, datum: Datum) -> bool:
        if basis is Basis.CONSENT and key in state.consent_closed:
            return True
        closed = state.closed_before.get(key)
        if closed is None or closed == EVERYTHING:
            return closed is not None
        collected = self._collected(datum)
        return collected is None or not self._moment(collected) > closed

    def _origin(self, name: str, purpose: Purpose, basis: Basis, datum: Datum) -> Truth:
        if basis in (Basis.LEGAL_OBLIGATION, Basis.CONSENT):
            return True
        if purpose.compatible is not None and purpose.compatible.told <= self.now.astimezone(self.zone).date():
            return True
        notices = sorted(self.policy.notices.values(), key=lambda notice: notice.from_)
        if self.policy.version is not None:
            notices = [n for n in notices if n.from_ < self.policy.version.from_]
        if not notices or all(n.purposes is None or name in n.purposes for n in notices):
            return True
        moment = self._collected(datum)
        named: Truth = None
        older = self.graph.map.collected.older if self.graph.map.collected is not None else None
        if older is not None:
            named = _names(self.policy, older, name)
        if moment is None:
            return named
        day = self._day(moment)
        if self.policy.version is not None and day >= self.policy.version.from_:
            return True
        for notice in notices:
            if notice.from_ <= day:
                named = notice.purposes is None or name in notice.purposes
        return named

    def shown(self, purpose: str, table: str, row: Row, column: str) -> bool:
        """Return whether a purpose shows a datum: it is about someone, and surely used for everyone it is about."""
        people = self.plain.reached(table, row, column)
        return bool(people) and all(self.use(purpose, p, table, row, column) is True for p in people)

    def kept_by(self, table: str, row: Row, column: str | None) -> list[str]:
        """Return the purposes that possibly keep a datum for someone it is about."""
        people = self.plain.reached(table, row, column)
        return [
            name
            for name in self.policy.purposes
            if any(self.keep(name, person, table, row, column) is not False for person in people)
        ]

    def justified(self, table: str, row: Row, column: str | None) -> bool:
        """Return whether a datum may stay: held, under restriction, or possibly kept by a purpose for someone.

        A value that is in its removal form already is no datum: nothing justifies it and nothing has to.
        """
        if column is not None and self.erased(table, row, column):
            return False
        people = self.plain.reached(table, row, column)
        category = self._element(table, column).partition(".")[0]
        states = [self.states.get(person, self.nobody) for person in people]
        if table in self.holds.tables or any(state.held or state.restricts(category) for state in states):
            return True
        return bool(self.kept_by(table, row, column))

    def erased(self, table: str, row: Row, column: str) -> bool:
        """Return whether a value is in its removal form."""
        info = self.graph.schema.tables[table]
        mapped = self.graph.map.tables[table].columns.get(column)
        return is_erased(form(self.graph.schema, info, column, mapped), row[column])

    # -- what the policy says --------------------------------------------------------------------------------

    def _element(self, table: str, column: str | None) -> str:
        mapped = self.graph.map.tables[table]
        found = mapped.row if column is None else mapped.columns[column].element
        assert found is not None
        return found

    def _declared_for(self, table: str, column: str | None) -> tuple[str, ...]:
        mapped = self.graph.map.tables[table]
        return mapped.for_ + (mapped.columns[column].for_ if column is not None else ())

    def _keys(self, purpose: str, element: str) -> list[Key]:
        found = self.policy.purposes[purpose]
        if any(element in self.policy.elements(ref) for ref in found.uses):
            return [(purpose, None)]
        return [(purpose, channel) for channel, ref in found.channels.items() if element in self.policy.elements(ref)]

    def _kinds(self, person: Person, row: Row) -> list[tuple[str, bool]]:
        """Return the kinds a person may be, and whether each is certain; a value that the map does not list is none."""
        entry = self.graph.entry(person[0])
        assert isinstance(entry, PeopleEntry)
        if entry.kind_column is None:
            return [(kind, True) for kind in entry.kinds]
        if row[entry.kind_column] is None:
            return [(kind, False) for kind in entry.kinds]
        kind = entry.kind_of(row)
        return [(kind, True)] if kind is not None else []

    def _collected(self, datum: Datum) -> Any:
        found = self.graph.collected(datum.table, datum.owner)
        values = self._fact_values(found, datum.chain) if found is not None else []
        return values[0] if values else None

    def _moment(self, found: Any) -> datetime:
        if isinstance(found, str):
            found = datetime.fromisoformat(found)
        if not isinstance(found, datetime):
            found = datetime(found.year, found.month, found.day)
        assert isinstance(found, datetime)
        return found if found.tzinfo else found.replace(tzinfo=self.zone)


def _names(policy: Policy, notice: str, purpose: str) -> bool:
    found = policy.notices.get(notice)
    if found is None:
        return policy.version is not None and policy.version.id == notice
    return found.purposes is None or purpose in found.purposes

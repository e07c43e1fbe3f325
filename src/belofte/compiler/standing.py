"""The definition for a query that stands: choices and the clock are read where it runs, at the moment it runs.

A view outlives the people and the day it was made on. So where a plan on a cohort names key sets and binds dates, a
standing query joins what the store was told of choices (`allowed_<entry>`, one row per person and slot), and reads the
day on which each term still runs from a calendar that was computed in `law/` (`first_day`). Everything else is the
definition of `justify.py`, unchanged.

Doubt closes: no row for a consent, an identity that is not the one that chose, a lease that is over, a day that the
calendar does not reach: all are false.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from sqlglot import exp

from belofte.compiler.bitmap import block, is_set, may_tell_more
from belofte.compiler.closure import column, exact, table_of, text_of
from belofte.compiler.joins import Join
from belofte.compiler.justify import Justify
from belofte.compiler.logic import Condition, conjunction, disjunction, inverse, tree
from belofte.compiler.setting import Group
from belofte.datamap.facts import ResolvedFact
from belofte.datamap.graph import Graph
from belofte.datamap.model import PeopleEntry
from belofte.datamap.paths import Owner
from belofte.datamap.schema import Family
from belofte.law.term import cutoff
from belofte.policy.model import Basis, Period, Policy
from belofte.policy.person import ALL_CATEGORIES, EVERYTHING, Key, PersonState, keys_of, nobody

SCHEMA = "belofte"
"""The schema (MariaDB: database) in the store that holds what it was told."""
CalendarRow = tuple[str, date, date, datetime, datetime]
"""A term, a day, and the first day from which the term runs on it: as a date, a local and an aware moment."""
FEW = 100_000
"""Rows that a query looks up a person among; with a bound to them, PostgreSQL does it by a table in memory."""
NAME_BYTES = 63
"""PostgreSQL cuts longer names, and MariaDB refuses those over 64."""


def fitted(name: str) -> str:
    """Return a name that no database cuts: what is too long ends in a digest of the whole."""
    raw = name.encode()
    if len(raw) <= NAME_BYTES:
        return name
    mark = hashlib.sha256(raw).hexdigest()[:10]
    return f"{raw[: NAME_BYTES - 11].decode(errors='ignore')}_{mark}"


def allowed_table(entry: str) -> str:
    """Return the name of the relation of an entry's people who chose something."""
    return f"{SCHEMA}.{fitted('allowed_' + entry.replace('.', '_'))}"


def person_table(entry: str) -> str:
    """Return the name of the relation that says which of an entry's rows are whose."""
    return f"{SCHEMA}.{fitted('person_' + entry.replace('.', '_'))}"


def open_table(entry: str) -> str:
    """Return the name of the relation of the bits of an entry's people, of those who consented and nothing else."""
    return f"{SCHEMA}.{fitted('open_' + entry.replace('.', '_'))}"


def changed_table(entry: str) -> str:
    """Return the name of the relation of an entry's people who changed since the store was told of them."""
    return f"{SCHEMA}.{fitted('changed_' + entry.replace('.', '_'))}"


def watch_function(entry: str) -> str:
    """Return the name of the function that an entry's triggers call."""
    return f"{SCHEMA}.{fitted('watch_' + entry.replace('.', '_'))}"


def watched(graph: Graph, entry: str) -> bool:
    """Return whether a trigger says which of an entry's people changed: then a read compares no identities.

    Only a table of its own can be watched, whose rows come and go nowhere else.
    """
    tables = graph.schema.tables
    table = graph.entry(entry).table
    alone = tables[table].kind == "table" and all(one.child_of != table for one in tables.values())
    return graph.schema.dialect == "postgres" and graph.map.watch and alone


def bitmapped(graph: Graph, entry: str) -> bool:
    """Return whether an entry's people have a bit each: they are watched, and their key is one integer."""
    key = graph.entry(entry).key
    columns = graph.schema.tables[graph.entry(entry).table].columns
    return len(key) == 1 and columns[key[0]].family == "integer" and watched(graph, entry)


def slots(policy: Policy) -> dict[Key, int]:
    """Return the number of each purpose and channel: the same wherever and whenever it is asked."""
    found: dict[Key, int] = {}
    taken: set[int] = set()
    for key in sorted((key for name in policy.purposes for key in keys_of(policy, name)), key=str):
        turn = 0
        while (number := _number(key, turn)) in taken:
            turn += 1
        taken.add(number)
        found[key] = number
    return found


def _number(key: Key, turn: int) -> int:
    raw = "\0".join((key[0], key[1] or "", str(turn))).encode()
    return int.from_bytes(hashlib.sha256(raw).digest()[:4]) & 0x7FFFFFFF


def identity_columns(graph: Graph, entry: str) -> tuple[str, ...]:
    """Return the columns that tell a person from the next one under the same key: her identifiers, () without any."""
    found = graph.entry(entry)
    if not isinstance(found, PeopleEntry):
        return ()
    named = [(one.column, one.identifies) for _, one in found.identified_by() if one.column not in found.key]
    hers = [name for name, identifies in named if identifies == "person"]
    columns = graph.schema.tables[found.table].columns
    return tuple(sorted({name for name in hers or (name for name, _ in named) if name in columns}))


def identity(graph: Graph, entry: str, alias: str) -> exp.Expr:
    """Return the digest, by the store's own function, of what tells a row's person from the next under its key.

    SQLite has no such function, and is told nothing that would be held against it: 0 there.
    """
    dialect = graph.schema.dialect
    names = identity_columns(graph, entry)
    if not names or dialect == "sqlite":
        return exp.Literal.number(0)
    info = graph.schema.tables[graph.entry(entry).table]
    texts = [
        column(name, alias) if info.columns[name].family == "text" else text_of(column(name, alias), dialect)
        for name in names
    ]
    if dialect == "mysql":  # in bytes: two columns may fold case in ways that do not mix
        texts = [exact(text) for text in texts]
    parts: list[exp.Expr] = [exp.Coalesce(this=text, expressions=[exp.Literal.string("")]) for text in texts]
    if dialect == "mysql":
        whole = exp.Anonymous(this="CONCAT_WS", expressions=[exp.Literal.string("\x1f"), *parts])
        digits = exp.Anonymous(
            this="LEFT", expressions=[exp.Anonymous(this="SHA1", expressions=[whole]), exp.Literal.number(15)]
        )
        sixteen, ten = exp.Literal.number(16), exp.Literal.number(10)
        number = exp.Anonymous(this="CONV", expressions=[digits, sixteen, ten])
        return exp.Cast(this=number, to=exp.DataType.build("signed", dialect="mysql"))
    joined = parts[0]
    for part in parts[1:]:
        joined = exp.DPipe(this=exp.DPipe(this=joined, expression=exp.Literal.string("\x1f")), expression=part)
    return exp.Anonymous(this="pg_catalog.hashtextextended", expressions=[joined, exp.Literal.number(0)])


def today() -> exp.Expr:
    """Return the civil day by the store's clock."""
    return _ours("today")


def moment() -> exp.Expr:
    """Return the present moment by the store's clock."""
    return _ours("moment")


def _ours(function: str) -> exp.Expr:
    return exp.Dot(this=exp.to_identifier(SCHEMA, quoted=True), expression=exp.Anonymous(this=function, expressions=[]))


@dataclass
class Standing(Justify):
    """The conditions of one table's rows, read at the moment at which somebody asks."""

    terms: dict[str, Period] = field(default_factory=dict)
    """The terms whose first day the calendar has to hold."""
    used: dict[tuple[str, Key], int] = field(default_factory=dict)
    """The slots that decide, per people entry, purpose and channel."""
    _choices: dict[tuple[Owner, Key], str] = field(default_factory=dict)
    _blocks: dict[tuple[Owner, Key], str] = field(default_factory=dict)

    def opened(self, key: Key, basis: Basis, owner: Owner, group: Group) -> Condition:
        """Return whether no choice has closed a key, or suspended it, for the person at the end of a path.

        A consent needs a row that says so. On another basis whoever has no row is open: rows are of those who closed
        something, and then only what the row says is open. The lease bounds both.
        """
        if basis is Basis.CONSENT and bitmapped(self.graph, owner.entry):
            bit = is_set(self.person_key(owner)[0], self._block(key, owner))
            told_of = disjunction([bit, self._told_more(key, owner, group.category)])
            # in one CASE, for PostgreSQL takes that to hold for half of all rows, and an equality for hardly any; the
            # lease in it too: as a condition of the query it would be a step of its own, that every row goes through
            still = tree(conjunction([self._leased(key), self._same(owner)]))
            return exp.Case(ifs=[exp.If(this=tree(told_of), true=still)], default=exp.false())
        alias = self._choice(key, owner)
        told: list[Condition] = [inverse(column("shut", alias)), self._same(owner, alias), self._later(owner, alias)]
        if basis is Basis.CONSENT:
            return conjunction([self._leased(key), column("consent", alias), *told])
        unnamed = exp.Is(this=column("slot", alias), expression=exp.null())
        return conjunction([self._leased(key), disjunction([unnamed, conjunction(told)])])

    def narrowed(self, key: Key, group: Group, name: str, owner: Owner) -> Condition:
        """Return whether she restricted the category, or special-category data has no ground."""
        if self._groundless(group, name):
            return True
        if (owner, key) in self._blocks and (owner, key) not in self._choices:
            return False  # no row that restricts the category opened it
        return self._restricts(group.category, self._choice(key, owner))

    def _restricts(self, category: str, alias: str) -> Condition:
        restricted = column("restricted", alias)
        named = exp.StrPosition(this=restricted, substr=exp.Literal.string(f" {category} "))
        given = inverse(exp.Is(this=restricted.copy(), expression=exp.null()))
        return conjunction([given, exp.GT(this=named, expression=exp.Literal.number(0))])

    def _block(self, key: Key, owner: Owner) -> str:
        """Return the alias of the block in which a person has her bit: she consented, and there is no more to tell."""
        if (owner, key) not in self._blocks:
            number = self.used[owner.entry, key] = slots(self.setting.policy)[key]
            mine = self.person_key(owner)[0]
            self.joins.alias(owner.path)
            alias = f"b{len(self._blocks) + 1}"
            self.joins.joins.append(block(mine, open_table(owner.entry), number, alias))
            self._blocks[owner, key] = alias
        return self._blocks[owner, key]

    def _told_more(self, key: Key, owner: Owner, category: str) -> Condition:
        """Return whether she consented and the store was told more of her than a bit, which leaves this data open.

        Among more than a query can hold some are not found.
        """
        number = exp.Literal.number(slots(self.setting.policy)[key])
        rows = exp.select(column("k0", "d")).from_(table_of(allowed_table(owner.entry), "d"))
        rows = rows.where(exp.EQ(this=column("slot", "d"), expression=number), column("consent", "d"))
        later = tree(self._later(owner, "d"))
        rows = rows.where(inverse(column("shut", "d")), later, tree(inverse(self._restricts(category, "d"))))
        mine = self.person_key(owner)[0].copy()
        if all(one.table == "d" for one in later.find_all(exp.Column)):
            found: exp.Expr = exp.In(this=mine, query=exp.Subquery(this=rows.limit(FEW)))
        else:
            found = exp.Exists(this=rows.where(exp.EQ(this=column("k0", "d"), expression=mine)))
        return conjunction([may_tell_more(self._block(key, owner)), found])

    def _same(self, owner: Owner, alias: str | None = None) -> Condition:
        """Return whether a row's person is the one whom the store was told of.

        Where more people changed than a query can hold, nobody is until the store is told anew.
        """
        if not watched(self.graph, owner.entry):
            assert alias is not None
            own = identity(self.graph, owner.entry, self.joins.alias(owner.path))
            return exp.EQ(this=column("identity", alias), expression=own)
        changed, keys = table_of(changed_table(owner.entry), "c"), self.person_key(owner)
        rows = exp.select(*(column(f"k{number}", "c") for number, _ in enumerate(keys))).from_(changed)
        found = keys[0].copy() if len(keys) == 1 else exp.Tuple(expressions=[one.copy() for one in keys])
        among = exp.In(this=found, query=exp.Subquery(this=rows.limit(FEW)))
        one = exp.select("1").from_(changed.copy())
        nobody_changed, crowd = inverse(exp.Exists(this=one)), exp.Exists(this=one.limit(1).offset(FEW))
        known = [exp.If(this=tree(nobody_changed), true=exp.true()), exp.If(this=crowd, true=exp.false())]
        return exp.Case(ifs=known, default=tree(inverse(among)))

    def _choice(self, key: Key, owner: Owner) -> str:
        """Return the alias of what the person at the end of a path chose about a key, joined."""
        if (owner, key) not in self._choices:
            number = self.used[owner.entry, key] = slots(self.setting.policy)[key]
            keys = self.person_key(owner)
            self.joins.alias(owner.path)
            alias = f"a{len(self._choices) + 1}"
            on = [exp.EQ(this=column("slot", alias), expression=exp.Literal.number(number))]
            on += [exp.EQ(this=column(f"k{index}", alias), expression=found.copy()) for index, found in enumerate(keys)]
            joined = table_of(allowed_table(owner.entry), alias)
            self.joins.joins.append(Join(alias, joined, exp.and_(*on), False))
            self._choices[owner, key] = alias
        return self._choices[owner, key]

    def _leased(self, key: Key) -> exp.Expr:
        """Return whether a slot has a lease now: asked once per query, beside every row."""
        number = exp.Literal.number(slots(self.setting.policy)[key])
        query = exp.select(exp.GT(this=column("until", "s"), expression=moment())).from_(
            table_of(f"{SCHEMA}.slot", "s")
        )
        return exp.Subquery(this=query.where(exp.EQ(this=column("id", "s"), expression=number)))

    def _later(self, owner: Owner, alias: str) -> Condition:
        """Return whether the data was collected after what closed the key; of unknown age: only if nothing did."""
        after = column("after", alias)
        nothing = exp.Is(this=after, expression=exp.null())
        found = self.graph.collected(self.table, owner)
        if found is None:
            return nothing
        later = self._compare(found, lambda value, family: exp.GT(this=value, expression=self._civil(after, family)))
        return disjunction([nothing, later])

    def _civil(self, at: exp.Expr, family: Family) -> exp.Expr:
        """Return a moment of the store's as a family of columns compares with it."""
        if self.closure.dialect == "mysql":  # kept there in civil time, and in seconds
            if family == "timestamptz":
                return column(f"{at.name}_second", at.text("table"))
            return exp.Cast(this=at.copy(), to=exp.DataType.build("date")) if family == "date" else at.copy()
        if family == "timestamptz":
            return at.copy()
        local = exp.AtTimeZone(this=at.copy(), zone=exp.Literal.string(str(self.setting.zone)))
        return exp.Cast(this=local, to=exp.DataType.build("date")) if family == "date" else local

    # -- MariaDB, where a session can change what a condition means ------------------------------------------

    def guarded(self, query: exp.Select) -> exp.Select:
        """Return a query that shows nothing to a session with settings that change what its conditions mean.

        MariaDB pads CHAR columns, and cuts the climb along loops short, as a session likes.
        """
        if self.closure.dialect != "mysql":
            return query
        plain = exp.EQ(this=exp.Anonymous(this="OCTET_LENGTH", expressions=[column("padded", "s")]),
                       expression=exp.Literal.number(1))  # fmt: skip
        slot = exp.select(exp.Literal.number(1)).from_(table_of(f"{SCHEMA}.slot", "s")).where(plain)
        return query.where(_ours("unbent")).where(exp.Exists(this=slot))

    def _keyed(self, owner: Owner) -> bool:
        """Return whether a link holds the person's key as she has it: MariaDB's may differ in case and blanks."""
        return self.closure.dialect != "mysql" and super()._keyed(owner)

    def _fact_value(self, found: ResolvedFact, alias: str) -> tuple[exp.Expr, Family]:
        """Return a date or moment to compare: a TIMESTAMP in seconds, for a session chooses the zone it is read in."""
        value, family = super()._fact_value(found, alias)
        if family == "timestamptz" and self.closure.dialect == "mysql":
            value = exp.Anonymous(this="UNIX_TIMESTAMP", expressions=[value])
        return value, family

    def moment(self, moment: datetime, family: Family) -> exp.Expr:
        if family == "timestamptz" and self.closure.dialect == "mysql":
            return exp.Literal.number(int(moment.timestamp()))
        return super().moment(moment, family)

    # -- the clock -------------------------------------------------------------------------------------------

    def first_day(self, term: Period) -> Callable[[Family], exp.Expr] | None:
        """Return the first day from which a term still runs, read from the calendar."""
        self.terms[str(term)] = term
        names: dict[Family, str] = {"timestamp": "local", "timestamptz": "aware"}

        def first(family: Family) -> exp.Expr:
            query = exp.select(column(names.get(family, "day"), "f")).from_(table_of(f"{SCHEMA}.first_day", "f"))
            query = query.where(exp.EQ(this=column("term", "f"), expression=exp.Literal.string(str(term))))
            return exp.Subquery(this=query.where(exp.EQ(this=column("today", "f"), expression=today())))

        return first

    def reached_day(self, day: date) -> Condition:
        """Return whether a day has come, by the store's clock."""
        return exp.GTE(this=today(), expression=dated(day))


def dated(day: date) -> exp.Expr:
    """Return a day as a constant."""
    return exp.Cast(this=exp.Literal.string(day.isoformat()), to=exp.DataType.build("date"))


@dataclass(frozen=True)
class Told:
    """What a store is told of one person's choices about one slot: a `PersonState`, for that key alone."""

    consent: bool
    """Her consent is open; it says nothing on another basis."""
    shut: bool = False
    """Nothing may be used: an objection stands or is weighed, the consent is stale, everything is restricted."""
    after: datetime | None = None
    """Only what was collected after this moment."""
    restricted: str | None = None
    """The categories that she restricted, each between blanks."""


def told(policy: Policy, state: PersonState) -> dict[Key, Told]:
    """Return what a store is told of a person in a state; nothing about keys where she is like anyone."""
    unknown = nobody(policy)
    found = {key: _told(state, key) for name in policy.purposes for key in keys_of(policy, name)}
    return {key: one for key, one in found.items() if one != _told(unknown, key)}


def _told(state: PersonState, key: Key) -> Told:
    closed = state.closed_before.get(key)
    shut = closed == EVERYTHING or key in state.unusable or ALL_CATEGORIES in state.restricted
    consent = key not in state.consent_closed
    if shut:
        return Told(consent, shut)
    restricted = f" {' '.join(sorted(state.restricted))} " if state.restricted else None
    return Told(consent, shut, closed, restricted)


def calendar(terms: Iterable[Period], first: date, days: int, zone: tzinfo) -> Iterator[CalendarRow]:
    """Yield, per term and day from `first` on, the first day from which the term still runs on that day."""
    for term in sorted(set(terms), key=str):
        for number in range(days):
            day = first + timedelta(days=number)
            last = cutoff(day, term)
            runs = last if last in (date.min, date.max) else last + timedelta(days=1)
            midnight = datetime(runs.year, runs.month, runs.day)
            # a year before 1900 has no zone worth the name, and the ends of the calendar overflow in one
            aware = midnight.replace(tzinfo=zone if 1900 < runs.year < 9999 else UTC)
            yield str(term), day, runs, midnight, aware

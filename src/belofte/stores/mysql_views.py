"""Purpose-bound use on MariaDB: the statements that make and drop databases, roles, views and what they read.

A database is what PostgreSQL calls a schema. The views' definer is a role: nobody can log in as it, and it reads the
columns that the views need.

MariaDB commits at each of these statements. So each does nothing where it was done before, and a step that stopped
half-way is taken again from its beginning.

A view is worked out whole before its reader's query sees a row (ALGORITHM=TEMPTABLE, and a LIMIT that lets no condition
in): a condition of the reader's own is otherwise tried on hidden rows, and its warnings and variables tell of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import LiteralString

from sqlglot import exp

from belofte.compiler.masks import KEYS
from belofte.compiler.standing import SCHEMA, allowed_table, person_table
from belofte.compiler.views import View, read_columns
from belofte.law.term import CIVIL
from belofte.stores import mysql_stated
from belofte.stores.bound import Entries, Item, Statements
from belofte.stores.mysql_names import (
    account_quoted,
    literal,
    named,
    owner_role,
    purpose_role,
    put_together,
    quoted,
    role_taken,
)
from belofte.stores.mysql_names import place as place
from belofte.stores.mysql_names import purpose as purpose
from belofte.stores.mysql_names import schema as schema
from belofte.stores.session import Session

ATOMIC = False
EVERY_ROW = 18_446_744_073_709_551_615
NOT_GRANTED = (1133, 1141, 1147, 1403, 1962)
"""What MariaDB says to a REVOKE of what nobody has, and to one from an account that is gone."""
YEARS = range(2020, 2051)
"""The years of which the store's clock knows when summer begins and ends."""

SLOT: LiteralString = """CREATE TABLE IF NOT EXISTS {slot} (
    id INT PRIMARY KEY, purpose VARCHAR(63) NOT NULL, channel VARCHAR(63), `until` DATETIME(6), told_at DATETIME(6),
    padded CHAR(4) NOT NULL DEFAULT 'x'
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin"""
CALENDAR: LiteralString = """CREATE TABLE IF NOT EXISTS {calendar} (
    term VARCHAR(40), today DATE, day DATE NOT NULL, local DATETIME NOT NULL, aware BIGINT NOT NULL,
    PRIMARY KEY (term, today)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin"""
KEY: LiteralString = """CREATE TABLE IF NOT EXISTS {key} (
    purpose VARCHAR(63) PRIMARY KEY, inner_half VARBINARY(200) NOT NULL, outer_half VARBINARY(200) NOT NULL
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin"""
JOURNAL: LiteralString = """CREATE TABLE IF NOT EXISTS {journal} (
    plan VARCHAR(80), step INT, at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, said LONGTEXT NOT NULL,
    PRIMARY KEY (plan, step)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin"""
MADE: LiteralString = """CREATE TABLE IF NOT EXISTS {made} (
    item VARCHAR(200) PRIMARY KEY, wanted VARCHAR(80) NOT NULL, found VARCHAR(80), make LONGTEXT NOT NULL,
    `drop` LONGTEXT NOT NULL
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_bin"""
TURN: LiteralString = "CREATE TABLE IF NOT EXISTS {turn} (id INT PRIMARY KEY)"
FIRST_TURN: LiteralString = "INSERT IGNORE INTO {turn} VALUES (1)"
"""The row that whoever tells the store locks."""
ALLOWED: LiteralString = """CREATE TABLE IF NOT EXISTS {table} (
    slot INT NOT NULL, {columns}, consent BOOLEAN NOT NULL, shut BOOLEAN NOT NULL, identity BIGINT NOT NULL,
    after DATETIME(6), after_second DECIMAL(20, 6), restricted TEXT, PRIMARY KEY (slot, {keys})
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_nopad_bin"""
PERSON: LiteralString = """CREATE TABLE IF NOT EXISTS {table} (
    handle BIGINT NOT NULL, {columns}, PRIMARY KEY ({keys}, handle), INDEX (handle)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_nopad_bin"""
MOMENT: LiteralString = """CREATE OR REPLACE FUNCTION {moment}() RETURNS DATETIME(6) DETERMINISTIC NO SQL
SQL SECURITY INVOKER BEGIN
    DECLARE zone VARCHAR(64) DEFAULT @@SESSION.time_zone;
    DECLARE found DATETIME(6);
    SET SESSION time_zone = '+00:00';
    SET found = {now};
    SET SESSION time_zone = zone;
    RETURN found;
END"""
"""The server's clock in UTC. NOW() follows what a session sets as its timestamp, SYSDATE() does not; it is read in the
session's zone, and a server may know no zones by name. Deterministic within a statement: it is asked once."""
TODAY: LiteralString = """CREATE OR REPLACE FUNCTION {today}() RETURNS DATE DETERMINISTIC NO SQL
SQL SECURITY INVOKER BEGIN
    DECLARE at DATETIME(6) DEFAULT {moment}();
    RETURN DATE(at + INTERVAL {offset} SECOND);
END"""
UNBENT: LiteralString = """CREATE OR REPLACE FUNCTION {unbent}() RETURNS BOOLEAN DETERMINISTIC NO SQL
SQL SECURITY INVOKER RETURN @@SESSION.max_recursive_iterations >= 1000"""
"""Whether a session has left alone what would cut short the climb to everybody a row is about."""
VIEW: LiteralString = """CREATE OR REPLACE ALGORITHM = TEMPTABLE DEFINER = {owner} SQL SECURITY DEFINER VIEW {view} AS
{query}"""


# -- what should stand ---------------------------------------------------------------------------------------------


def ground(store: str) -> Statements:
    """Return what makes the database of ours, with the journal and the row to lock."""
    own = place(store)
    turn = named(f"{own}.turn")
    return (
        put_together("CREATE DATABASE IF NOT EXISTS {own}", own=named(own)),
        put_together(JOURNAL, journal=named(f"{own}.journal")),
        put_together(MADE, made=named(f"{own}.made")),
        put_together(TURN, turn=turn),
        put_together(FIRST_TURN, turn=turn),
    )


def items(store: str, entries: Entries, views: Sequence[View], frozen: datetime | None = None) -> Iterator[Item]:
    """Yield what should stand for these views."""
    own, owner = place(store), owner_role(store)
    yield _role(owner)
    yield _relation(f"{own}.slot", put_together(SLOT, slot=named(f"{own}.slot")))
    yield _relation(f"{own}.first_day", put_together(CALENDAR, calendar=named(f"{own}.first_day")))
    if any(KEYS in view.reads for view in views):  # the keys themselves are told, never planned
        keys = _placed(KEYS, own)
        yield _relation(keys, put_together(KEY, key=named(keys)))
    yield _relation(*mysql_stated.log(own))
    for entry, types in entries.items():
        for table, template in ((allowed_table(entry), ALLOWED), (person_table(entry), PERSON)):
            yield _relation(_placed(table, own), _keyed(template, _placed(table, own), types))
    yield Item("rights", own, (), (), says="nobody's but those of the views' definer and of the account that applies")
    yield from _clock(own, frozen)
    yield from _reads(own, owner, views)
    for bound in dict.fromkeys(view.purpose for view in views):
        yield from _purpose(store, bound, [view for view in views if view.purpose == bound])
    for view in views:
        name = f"{schema(store, view.purpose)}.{view.name}"
        query = replace(view, query=_query(view, own)).sql("mysql")
        make = put_together(VIEW, owner=quoted(owner), view=named(name), query=query)
        yield Item("view", name, (make,), (_dropped("VIEW", name),), view.purpose)


def _role(role: str, bound: str | None = None) -> Item:
    return Item("role", role, (put_together("CREATE ROLE IF NOT EXISTS {role}", role=quoted(role)),),
                (_dropped("ROLE", role),), bound)  # fmt: skip


def _relation(name: str, make: str) -> Item:
    return Item("relation", name, (make,), (_dropped("TABLE", name),))


def _keyed(template: LiteralString, table: str, types: Sequence[str]) -> str:
    names = [f"k{number}" for number, _ in enumerate(types)]
    columns = (put_together("{name} {kind} NOT NULL", name=n, kind=_kind(t)) for n, t in zip(names, types, strict=True))
    return put_together(template, table=named(table), columns=", ".join(columns), keys=", ".join(names))


def _kind(type_: str) -> str:
    """Return the type of a key of ours: text is kept to the letter, also where the company's column folds case."""
    if type_.endswith("text"):
        return "varchar(255)"
    return type_.replace("char(", "varchar(", 1) if type_.startswith("char(") else type_


def _clock(own: str, frozen: datetime | None) -> Iterator[Item]:
    made = zip(("moment", "today", "unbent"), clock_made(own, frozen), strict=True)
    for name, make in made:
        yield Item("clock", f"{own}.{name}", (make,), (_dropped("FUNCTION", f"{own}.{name}"),))


def clock_made(own: str, frozen: datetime | None = None) -> Statements:
    """Return what makes the store's moment and day, and the guard of its session; `frozen` stops it, for a test."""
    moment = named(f"{own}.moment")
    stopped = frozen.astimezone(UTC).replace(tzinfo=None) if frozen is not None else None
    now = "SYSDATE(6)" if stopped is None else literal(stopped.isoformat(sep=" "))
    return (
        put_together(MOMENT, moment=moment, now=now),
        put_together(TODAY, today=named(f"{own}.today"), moment=moment, offset=_offset().sql(dialect="mysql")),
        put_together(UNBENT, unbent=named(f"{own}.unbent")),
    )


@cache
def _offset() -> exp.Expr:
    """Return how many seconds civil time is ahead of UTC at a moment: no server has to know the zone by name."""
    ifs: list[exp.If] = []
    hour, end = datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[-1] + 1, 1, 1, tzinfo=UTC)
    known = _ahead(hour)
    while hour < end:
        later = hour + timedelta(days=1)
        if _ahead(later) != known:
            later = next(at for n in range(1, 25) if _ahead(at := hour + timedelta(hours=n)) != known)
            until = exp.Literal.string(later.strftime("%Y-%m-%d %H:%M:%S"))
            before = exp.LT(this=exp.column("at"), expression=until)
            ifs.append(exp.If(this=before, true=exp.Literal.number(known)))
            known = _ahead(later)
        hour = later
    return exp.Case(ifs=ifs, default=exp.Literal.number(known))


def _ahead(at: datetime) -> int:
    offset = at.astimezone(CIVIL).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _reads(own: str, owner: str, views: Sequence[View]) -> Iterator[Item]:
    """Yield the rights of the views' definer."""
    for table, columns in read_columns(views).items():
        parts = {
            "some": ", ".join(quoted(name) for name in columns),
            "table": named(_placed(table, own)),
            "owner": quoted(owner),
        }
        make = put_together("GRANT SELECT ({some}) ON {table} TO {owner}", **parts)
        drop = put_together("REVOKE SELECT ({some}) ON {table} FROM {owner}", **parts)
        yield Item("reads", _placed(table, own), (make,), (drop,))
    for name in ("moment", "today", "unbent"):
        parts = {"function": named(f"{own}.{name}"), "owner": quoted(owner)}
        make = put_together("GRANT EXECUTE ON FUNCTION {function} TO {owner}", **parts)
        drop = put_together("REVOKE EXECUTE ON FUNCTION {function} FROM {owner}", **parts)
        yield Item("reads", f"{own}.{name}", (make,), (drop,))
    yield mysql_stated.written(own, owner)


def _purpose(store: str, bound: str, views: Sequence[View]) -> Iterator[Item]:
    role, own = purpose_role(store, bound), schema(store, bound)
    yield _role(role, bound)
    make = put_together("CREATE DATABASE IF NOT EXISTS {own}", own=named(own))
    yield Item("schema", own, (make,), (_dropped("DATABASE", own),), bound)
    parts = [{"view": named(f"{own}.{view.name}"), "role": quoted(role)} for view in views]
    given = tuple(put_together("GRANT SELECT ON {view} TO {role}", **one) for one in parts)
    taken = tuple(put_together("REVOKE SELECT ON {view} FROM {role}", **one) for one in parts)
    yield from mysql_stated.procedures(store, bound)
    calls, ended = mysql_stated.called(store, bound)
    yield Item("usage", own, (*given, *calls), (*taken, *ended), bound)


def _dropped(kind: LiteralString, name: str) -> str:
    found = quoted(name) if kind == "ROLE" else named(name)
    return put_together("DROP {kind} IF EXISTS {name}", kind=kind, name=found)


def _placed(name: str, own: str) -> str:
    """Return a table's name, one of ours in the store's own database."""
    return f"{own}.{name.removeprefix(SCHEMA + '.')}" if name.startswith(f"{SCHEMA}.") else name


def _query(view: View, own: str) -> exp.Expr:
    """Return a view's SELECT over the store's own database, worked out before anything is asked of it."""

    def ours(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Identifier) and node.name == SCHEMA and isinstance(node.parent, exp.Table | exp.Dot):
            return exp.to_identifier(own, quoted=True)
        return node

    query = view.query.transform(ours)
    assert isinstance(query, exp.Select)
    return query.limit(EVERY_ROW)


def mended(item: Item, standing: Sequence[Item]) -> Statements:
    """Return what takes from a role every right. Those on standing views and columns are given anew after; those of the
    views' definer on procedures that stand, here.
    """
    all_taken = put_together("REVOKE ALL PRIVILEGES, GRANT OPTION FROM {role}", role=quoted(item.name))
    called = (right for one in standing if item.purpose is None for right in one.make[1:])
    return (all_taken, *called)


def member(store: str, purpose: str, account: str) -> Item:
    """Return that an account (`anna`, `anna@host`), or a role of the company's, has a purpose's role."""
    role = purpose_role(store, purpose)
    give = put_together("GRANT {role} TO {account}", role=quoted(role), account=account_quoted(account))
    return Item("member", f"{account} of {role}", (give,), (role_taken(role, account),))


def carry_out(changing: Session, statements: Iterable[str]) -> None:
    """Run statements that make or drop; what is not granted needs no REVOKE."""
    for statement in statements:
        revokes = statement.startswith("REVOKE ")
        changing.execute(statement.replace("%", "%%"), unless=NOT_GRANTED if revokes else ())

"""What should stand in a PostgreSQL store for purpose-bound use: every item, with how it is made and dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from psycopg.errors import Diagnostic

from belofte.compiler.masks import KEYS
from belofte.compiler.standing import SCHEMA, allowed_table, person_table
from belofte.compiler.views import View, read_columns
from belofte.stores import postgres_stated, postgres_whose
from belofte.stores import postgres_views as ddl
from belofte.stores.bound import Entries, Item, Statements
from belofte.stores.connect import SQLSTATES
from belofte.stores.session import Failed, Session

ATOMIC = True
UNGRANTED = "01007"
"""The SQLSTATE with which PostgreSQL warns that a GRANT gave nothing."""


def place(_: str) -> str:
    """Return the schema of what a store was told: a database is one store."""
    return SCHEMA


def schema(_: str, purpose: str) -> str:
    """Return the schema that holds a purpose's views."""
    return ddl.purpose_schema(purpose)


def purpose(_: str, schema: str) -> str:
    """Return the purpose whose views a schema holds."""
    return schema.removeprefix(ddl.purpose_schema(""))


def ground(_: str) -> Statements:
    """Return what makes the schema of ours, with the journal."""
    return ddl.ground_made()


def items(store: str, entries: Entries, views: Sequence[View], frozen: datetime | None = None) -> Iterator[Item]:
    """Yield what should stand for these views."""
    owner = ddl.owner_role(store)
    yield Item("role", owner, (*ddl.role_made(owner), *ddl.member_made(owner)), ddl.role_dropped(owner))
    for name, make in (("slot", ddl.slot_made()), ("first_day", ddl.calendar_made())):
        yield _relation(f"{SCHEMA}.{name}", make)
    if any(KEYS in view.reads for view in views):  # the keys themselves are told, never planned
        yield _relation(KEYS, ddl.keys_made())
    yield postgres_stated.log()
    for entry, types in entries.items():
        yield _relation(allowed_table(entry), ddl.allowed_made(entry, types))
        yield _relation(person_table(entry), postgres_whose.made(entry, types))
    for name, make in zip(("today", "moment"), ddl.clock_made(frozen), strict=True):
        yield Item("clock", f"{SCHEMA}.{name}", make, ddl.function_dropped(f"{SCHEMA}.{name}"))
    for table, some in read_columns(views).items():
        yield Item("reads", table, ddl.read_given(owner, table, some), ddl.read_revoked(owner, table, some))
    for bound in dict.fromkeys(view.purpose for view in views):
        yield from _purpose(store, owner, bound)
    for view in views:
        role = ddl.purpose_role(store, view.purpose)
        name = f"{ddl.purpose_schema(view.purpose)}.{view.name}"
        yield Item("view", name, ddl.view_made(view, owner, role), ddl.view_dropped(view), view.purpose)


def _relation(name: str, make: Statements) -> Item:
    return Item("relation", name, make, ddl.relation_dropped(name))


def _purpose(store: str, owner: str, bound: str) -> Iterator[Item]:
    role, own = ddl.purpose_role(store, bound), ddl.purpose_schema(bound)
    yield Item("role", role, ddl.role_made(role), ddl.role_dropped(role), bound)
    yield Item("schema", own, ddl.schema_made(bound, owner), ddl.schema_dropped(bound), bound)
    yield postgres_stated.function(store, bound)
    yield Item("usage", own, ddl.usage_given(bound, role), ddl.usage_revoked(bound, role), bound)


def member(store: str, purpose: str, account: str) -> Item:
    """Return that an account, or a group of them, is a member of a purpose's role."""
    role = ddl.purpose_role(store, purpose)
    return Item("member", f"{account} of {role}", ddl.given(role, account), ddl.taken(role, account))


def mended(item: Item, standing: Sequence[Item]) -> Statements:
    """Return what takes from a purpose's role its rights; those on these views are given anew. The views' owner keeps
    what it owns.
    """
    if item.purpose is None:
        return ()
    return (*ddl.role_mended(item.name), *(right for one in standing for right in one.make[2:]))


def carry_out(changing: Session, statements: Iterable[str]) -> None:
    """Run statements that make or drop, in the session's transaction.

    Raises `Failed` also where a right to read was not given: to an account that may read and not pass that on,
    PostgreSQL says so in a warning. A schema that everybody may use needs no right.
    """
    ungranted: list[str | None] = []

    def heard(notice: Diagnostic) -> None:
        if notice.sqlstate == UNGRANTED:
            ungranted.append(notice.sqlstate)

    changing.connection.add_notice_handler(heard)
    try:
        for statement in statements:
            ungranted.clear()
            changing.execute(statement.replace("%", "%%"))
            if ungranted and statement.startswith("GRANT SELECT "):
                raise Failed(changing.store.name, SQLSTATES["42501"])
    finally:
        changing.connection.remove_notice_handler(heard)

"""What readers of a PostgreSQL store say they read for: a function per purpose, and the log that it adds to.

`SELECT for_mailing.state_purpose('why')` writes who, for which purpose, why and when, and makes the session that
purpose's alone. Who and when are the server's word: a reader may give nothing but purpose and reason, and can neither
read nor change what stands there. That everybody states a purpose no database can force whose accounts may read at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from psycopg.sql import SQL, Identifier, Literal

from belofte.compiler.standing import SCHEMA
from belofte.stores.bound import Item
from belofte.stores.postgres_views import named, purpose_role, purpose_schema, relation_dropped, texts
from belofte.stores.session import Row, Session

STATED = f"{SCHEMA}.stated"
FUNCTION = "state_purpose"
LONGEST = 500
"""Characters of a reason."""

LOG: LiteralString = """CREATE TABLE {stated} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    account text NOT NULL DEFAULT session_user,
    client text DEFAULT pg_catalog.host(pg_catalog.inet_client_addr()),
    purpose text NOT NULL,
    reason text NOT NULL CHECK (pg_catalog.btrim(reason) <> '' AND pg_catalog.length(reason) <= {longest})
)"""
STATE: LiteralString = """CREATE FUNCTION {function}(reason text) RETURNS void LANGUAGE sql SECURITY INVOKER
BEGIN ATOMIC
    INSERT INTO {stated} (purpose, reason) VALUES ({purpose}, $1);
    SELECT pg_catalog.set_config('role', {role}, false);
END"""


def log() -> Item:
    """Return the log of what readers state."""
    made = texts(SQL(LOG).format(stated=named(STATED), longest=Literal(LONGEST)))
    return Item("relation", STATED, made, relation_dropped(STATED))


def function(store: str, purpose: str) -> Item:
    """Return the function by which a purpose is stated; only that purpose's readers may call it."""
    name, role = f"{purpose_schema(purpose)}.{FUNCTION}", purpose_role(store, purpose)
    made = SQL(STATE).format(
        function=named(name), stated=named(STATED), purpose=Literal(purpose), role=Literal(role)
    )  # fmt: skip
    called = SQL("{}(text)").format(named(name))
    rights = (
        SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(called, Identifier(role)),
        SQL("GRANT INSERT (purpose, reason) ON {} TO {}").format(named(STATED), Identifier(role)),
    )
    make = texts(made, SQL("REVOKE ALL ON FUNCTION {} FROM PUBLIC").format(called), *rights)
    drop = texts(
        SQL("REVOKE INSERT (purpose, reason) ON {} FROM {}").format(named(STATED), Identifier(role)),
        SQL("DROP FUNCTION {}").format(called),
    )
    return Item("function", name, make, drop, purpose)


def stated(session: Session, most: int) -> list[Row]:
    """Return (number, account, client, purpose, reason, at) of the first statements in the log."""
    query = SQL("SELECT id, account, client, purpose, reason, at FROM {} ORDER BY id LIMIT %(most)s")
    return session.execute(query.format(named(STATED)).as_string(None), {"most": most})


def let_go(session: Session, numbers: Sequence[int]) -> None:
    """Delete statements from the log: they stand in Belofte's own database."""
    query = SQL("DELETE FROM {} WHERE id = ANY(%(numbers)s)").format(named(STATED)).as_string(None)
    session.execute(query, {"numbers": list(numbers)})

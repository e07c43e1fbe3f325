"""Purpose-bound use on PostgreSQL: the statements that make and drop schemas, roles, views and what they read.

Statements are composed by the driver, which quotes names; nothing is pasted. Whoever owns the views is a role that
nobody logs in with and no superuser (DESIGN §9): it reads the columns that the views need, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from psycopg import sql
from psycopg.sql import SQL, Composed, Identifier, Literal

from belofte.compiler.masks import KEYS
from belofte.compiler.standing import SCHEMA, allowed_table, fitted
from belofte.compiler.views import View

Statements = tuple[str, ...]

SLOT: LiteralString = """CREATE TABLE {slot} (
    id integer PRIMARY KEY, purpose text NOT NULL, channel text, until timestamptz, told_at timestamptz
)"""
CALENDAR: LiteralString = """CREATE TABLE {calendar} (
    term text, today date, day date NOT NULL, local timestamp NOT NULL, aware timestamptz NOT NULL,
    PRIMARY KEY (term, today)
)"""
KEY: LiteralString = """CREATE TABLE {key} (
    purpose text PRIMARY KEY, inner_half bytea NOT NULL, outer_half bytea NOT NULL
)"""
JOURNAL: LiteralString = """CREATE TABLE IF NOT EXISTS {journal} (
    plan text, step integer, at timestamptz NOT NULL DEFAULT now(), said text NOT NULL, PRIMARY KEY (plan, step)
)"""
MADE: LiteralString = """CREATE TABLE IF NOT EXISTS {made} (
    item text PRIMARY KEY, wanted text NOT NULL, found text, make text NOT NULL, drop text NOT NULL
)"""
TODAY: LiteralString = "CREATE OR REPLACE FUNCTION {name}() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE RETURN {day}"
MOMENT: LiteralString = (
    "CREATE OR REPLACE FUNCTION {name}() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE RETURN {now}"
)
ALLOWED: LiteralString = """CREATE TABLE {table} (
    slot integer NOT NULL, {columns}, consent boolean NOT NULL, shut boolean NOT NULL, identity bigint,
    after timestamptz, restricted text, PRIMARY KEY (slot, {keys})
)"""
RIGHTS_DROPPED: LiteralString = """DO $role$ BEGIN
    IF pg_catalog.pg_has_role({name}, 'USAGE') THEN DROP OWNED BY {role};
    ELSE GRANT {role} TO CURRENT_USER; DROP OWNED BY {role}; REVOKE {role} FROM CURRENT_USER;
    END IF;
END $role$"""
"""Whoever made a role may give it to itself, and needs to have it to take its rights."""
ATTRIBUTES_DROPPED: LiteralString = """DO $role$ DECLARE found pg_catalog.pg_roles; BEGIN
    SELECT * INTO STRICT found FROM pg_catalog.pg_roles WHERE rolname = {name};
    IF found.rolcanlogin THEN ALTER ROLE {role} NOLOGIN; END IF;
    IF found.rolcreatedb THEN ALTER ROLE {role} NOCREATEDB; END IF;
    IF found.rolcreaterole THEN ALTER ROLE {role} NOCREATEROLE; END IF;
    IF found.rolsuper OR found.rolreplication OR found.rolbypassrls THEN
        ALTER ROLE {role} NOSUPERUSER NOREPLICATION NOBYPASSRLS;
    END IF;
END $role$"""
"""Only a superuser may name what only a superuser can give, even to take away what is not there."""
FEW: LiteralString = "CREATE INDEX ON {table} (slot, {keys}) WHERE NOT shut"


INTEGERS = (["smallint"], ["integer"], ["bigint"])
"""The types of keys of people who have a bit."""


def named(name: str) -> Identifier:
    """Return a name or `schema.name`, quoted."""
    schema, _, bare = name.rpartition(".")
    return Identifier(schema, bare) if schema else Identifier(bare)


def texts(*statements: Composed | SQL) -> Statements:
    """Return statements as the server reads them."""
    return tuple(one.as_string(None) for one in statements)


def owner_role(store: str) -> str:
    """Return the role that owns a store's views. Roles are of the whole cluster, so the store is in the name."""
    return fitted(f"belofte_{store}_views")


def purpose_role(store: str, purpose: str) -> str:
    """Return the role through which a purpose reads a store."""
    return fitted(f"belofte_{store}_for_{purpose}")


def purpose_schema(purpose: str) -> str:
    """Return the schema that holds a purpose's views: at most 44 bytes, for a purpose's id is at most 40."""
    return f"for_{purpose}"


def role_made(role: str) -> Statements:
    """Return what makes a role that nobody logs in with."""
    return texts(
        SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS").format(named(role))
    )


def role_dropped(role: str) -> Statements:
    """Return what drops a role; one that another database of the cluster still uses is refused there."""
    return (*rights_dropped(role), *texts(SQL("DROP ROLE {}").format(named(role))))


def rights_dropped(role: str) -> Statements:
    """Return what takes from a role all that it has here; who may make roles becomes it for as long as that takes."""
    return texts(SQL(RIGHTS_DROPPED).format(role=named(role), name=Literal(role)))


def ground_made() -> Statements:
    """Return what makes the schema of ours, with the journal of what is done here; a second time it does nothing."""
    return texts(
        SQL("CREATE SCHEMA IF NOT EXISTS {}").format(named(SCHEMA)),
        SQL(JOURNAL).format(journal=named(f"{SCHEMA}.journal")),
        SQL(MADE).format(made=named(f"{SCHEMA}.made")),
    )


def slot_made() -> Statements:
    """Return what makes the relation of slots and their leases."""
    return texts(SQL(SLOT).format(slot=named(f"{SCHEMA}.slot")))


def calendar_made() -> Statements:
    """Return what makes the calendar of terms."""
    return texts(SQL(CALENDAR).format(calendar=named(f"{SCHEMA}.first_day")))


def keys_made() -> Statements:
    """Return what makes the relation of the keys with which purposes see pseudonyms: only the views' owner reads it."""
    return texts(SQL(KEY).format(key=named(KEYS)))


def clock_made(frozen: datetime | None = None, zone: str = "Europe/Brussels") -> tuple[Statements, Statements]:
    """Return what makes the store's day and moment: its server's clock, in civil time; `frozen` stops it, for a test.

    A reader cannot move it: it is no setting.
    """
    now: sql.Composable = SQL("pg_catalog.now()")
    if frozen is not None:
        now = SQL("CAST({} AS pg_catalog.timestamptz)").format(Literal(frozen.isoformat()))
    day = SQL("CAST({} AT TIME ZONE {} AS pg_catalog.date)").format(now, Literal(zone))
    return (
        texts(SQL(TODAY).format(name=named(f"{SCHEMA}.today"), day=day)),
        texts(SQL(MOMENT).format(name=named(f"{SCHEMA}.moment"), now=now)),
    )


def function_dropped(name: str) -> Statements:
    """Return what drops one of our functions."""
    return texts(SQL("DROP FUNCTION {}()").format(named(name)))


def relation_dropped(name: str) -> Statements:
    """Return what drops one of our relations."""
    return texts(SQL("DROP TABLE {}").format(named(name)))


def allowed_made(entry: str, types: Sequence[str]) -> Statements:
    """Return what makes the relation of an entry's people who chose something; its key has columns of these types."""
    names, columns = key_columns(types)
    table = named(allowed_table(entry))
    made = SQL(ALLOWED).format(table=table, columns=columns, keys=names)
    # only where most people have a bit is a row looked for among those of a slot that are not shut
    few = [SQL(FEW).format(table=table, keys=names)] if types in INTEGERS else []
    return texts(made, *few)


def key_columns(types: Sequence[str]) -> tuple[Composed, Composed]:
    """Return the names of a key's columns in our relations, and their definitions."""
    names = [Identifier(f"k{number}") for number, _ in enumerate(types)]
    columns = (SQL("{} {} NOT NULL").format(name, SQL(kind)) for name, kind in zip(names, types, strict=True))
    return SQL(", ").join(names), SQL(", ").join(columns)


def schema_made(purpose: str, owner: str) -> Statements:
    """Return what makes a purpose's schema. Who makes it becomes a member of its owner, to make views for it."""
    return texts(SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(named(purpose_schema(purpose)), named(owner)))


def schema_dropped(purpose: str) -> Statements:
    """Return what drops a purpose's schema, which is empty by then."""
    return texts(SQL("DROP SCHEMA {}").format(named(purpose_schema(purpose))))


def usage_given(purpose: str, role: str) -> Statements:
    """Return what opens a purpose's schema to its role."""
    return texts(SQL("GRANT USAGE ON SCHEMA {} TO {}").format(named(purpose_schema(purpose)), named(role)))


def usage_revoked(purpose: str, role: str) -> Statements:
    """Return what closes a purpose's schema to its role: nothing in it can be read, whatever is granted there."""
    return texts(SQL("REVOKE ALL ON SCHEMA {} FROM {}").format(named(purpose_schema(purpose)), named(role)))


def view_made(view: View, owner: str, role: str) -> Statements:
    """Return what makes a view: its conditions are decided before any function of its reader sees a row."""
    name = _view(view)
    head = SQL("CREATE VIEW {} WITH (security_barrier = true) AS\n").format(name)
    return texts(
        head + SQL(view.sql("postgres")),
        SQL("ALTER VIEW {} OWNER TO {}").format(name, named(owner)),
        SQL("GRANT SELECT ON {} TO {}").format(name, named(role)),
    )


def view_dropped(view: View) -> Statements:
    """Return what drops a view."""
    return texts(SQL("DROP VIEW {}").format(_view(view)))


def _view(view: View) -> Identifier:
    return Identifier(purpose_schema(view.purpose), view.name)


def read_given(owner: str, table: str, columns: Sequence[str]) -> Statements:
    """Return what lets the views' owner read columns of a table, and nothing else of it."""
    schema = named(table.rpartition(".")[0] or "public")
    some = SQL(", ").join(Identifier(name) for name in columns)
    return texts(
        SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, named(owner)),
        SQL("GRANT SELECT ({}) ON {} TO {}").format(some, named(table), named(owner)),
    )


def read_revoked(owner: str, table: str, columns: Sequence[str]) -> Statements:
    """Return what takes that back."""
    some = SQL(", ").join(Identifier(name) for name in columns)
    return texts(SQL("REVOKE SELECT ({}) ON {} FROM {}").format(some, named(table), named(owner)))


def member_made(owner: str) -> Statements:
    """Return what lets the account that applies act for the views' owner."""
    return texts(SQL("GRANT {} TO CURRENT_USER").format(named(owner)))


def given(role: str, account: str) -> Statements:
    """Return what makes an account a member of a purpose's role; it cannot hand that on."""
    return texts(SQL("GRANT {} TO {}").format(Identifier(role), Identifier(account)))


def taken(role: str, account: str) -> Statements:
    """Return what takes from an account, or from another role, a role that it was given."""
    return texts(SQL("REVOKE {} FROM {}").format(Identifier(role), Identifier(account)))


def relation_taken(relation: str, role: str) -> Statements:
    """Return what takes from a role every right on a relation, those on its columns too."""
    return texts(SQL("REVOKE ALL ON {} FROM {}").format(named(relation), named(role)))


def schema_taken(schema: str, account: str | None) -> Statements:
    """Return what closes a schema to an account; None: to everybody."""
    whom = SQL("PUBLIC") if account is None else named(account)
    return texts(SQL("REVOKE ALL ON SCHEMA {} FROM {}").format(named(schema), whom))


def role_mended(role: str) -> Statements:
    """Return what takes from a purpose's role its rights: it owns nothing, and they are given anew."""
    return (*texts(SQL(ATTRIBUTES_DROPPED).format(role=named(role), name=Literal(role))), *rights_dropped(role))

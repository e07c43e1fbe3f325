"""Names on MariaDB, of what is made there and of accounts, quoted; and the statements that take rights away.

Databases and roles are of the whole server, so the store is in the name of each.
"""

from __future__ import annotations

from typing import LiteralString

from sqlglot import exp

from belofte.compiler.closure import table_of
from belofte.compiler.standing import SCHEMA, fitted
from belofte.stores.bound import Statements


def place(store: str) -> str:
    """Return the database of what a store was told."""
    return fitted(f"{SCHEMA}_{_plain(store)}")


def schema(store: str, purpose: str) -> str:
    """Return the database that holds a purpose's views of a store."""
    return fitted(f"for_{_plain(store)}_{purpose}")


def purpose(store: str, schema: str) -> str:
    """Return the purpose whose views a database holds, as far as its name still tells."""
    return schema.removeprefix(f"for_{_plain(store)}_")


def owner_role(store: str) -> str:
    """Return the role that defines a store's views."""
    return fitted(f"{SCHEMA}_{store}_views")


def purpose_role(store: str, purpose: str) -> str:
    """Return the role through which a purpose reads a store."""
    return fitted(f"{SCHEMA}_{store}_for_{purpose}")


def _plain(store: str) -> str:
    """Return a store's name as part of a database's: without dots, and in the case that every server keeps."""
    return store.replace(".", "_").lower()


def named(name: str) -> str:
    """Return a name or `database.name`, quoted."""
    return table_of(name).sql(dialect="mysql")


def quoted(name: str) -> str:
    """Return the name of a role or a column, quoted: a dot in it parts nothing."""
    return exp.to_identifier(name, quoted=True).sql(dialect="mysql")


def literal(text: str) -> str:
    """Return a text of ours as a value."""
    return exp.Literal.string(text).sql(dialect="mysql")


def put_together(template: LiteralString, **parts: str) -> str:
    """Return a statement: a text of ours, with quoted names and statements of ours in it; never a value."""
    return template.format(**parts)


def role_taken(role: str, account: str) -> str:
    """Return what takes from an account, or from another role, a role that it was given."""
    return put_together("REVOKE {role} FROM {account}", role=quoted(role), account=account_quoted(account))


def account_quoted(account: str) -> str:
    """Return an account, quoted: without a host it is a role, or one that comes from anywhere."""
    name, at, host = account.rpartition("@")
    return put_together("{name}@{host}", name=quoted(name), host=quoted(host)) if at else quoted(account)


def right_taken(kind: str, name: str, account: str) -> Statements:
    """Return what takes from an account, or from a role, every right on a table or a routine."""
    what = "TABLE" if kind == "TABLE" else "FUNCTION" if kind == "FUNCTION" else "PROCEDURE"
    return _rights_taken(put_together("{what} {name}", what=what, name=named(name)), account)


def database_taken(pattern: str, account: str) -> Statements:
    """Return what takes from an account, or from a role, its rights on all of a database, or of several."""
    return _rights_taken(put_together("{pattern}.*", pattern=quoted(pattern)), account)


def _rights_taken(on: str, account: str) -> Statements:
    parts = {"on": on, "by": account_quoted(account)}
    return (
        put_together("REVOKE ALL PRIVILEGES ON {on} FROM {by}", **parts),
        put_together("REVOKE GRANT OPTION ON {on} FROM {by}", **parts),
    )


def account_name(user: str, host: str) -> str:
    """Return an account as a map names it: its host only where it comes from one alone. A role has none."""
    return user if host in ("", "%") else f"{user}@{host}"

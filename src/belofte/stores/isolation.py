"""Isolation: what a transaction that removes sees of others (docs/security.md).

It sees one picture of the store, and changes no row that somebody else changed after that picture was taken: the
database refuses, the transaction is undone, and everything is judged anew.

- PostgreSQL: REPEATABLE READ.
- MariaDB from 10.6.18 and 10.11.8: REPEATABLE READ with `innodb_snapshot_isolation`. Its picture is taken at the first
  plain read: lock people's rows before anything else.
- Older MariaDB, and MySQL: SERIALIZABLE, where what was read is locked.
- SQLite: whoever writes has the file to himself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from belofte.stores.connect import SQLSTATES, Store
from belofte.stores.session import Failed, Session, session

T = TypeVar("T")

TRIES = 3
"""How often a change is tried when others change the same rows at the same time."""
PASSING = (SQLSTATES["40"], SQLSTATES["55P03"])
"""What is over when one tries again."""


def alone(changing: Session) -> None:
    """Let a transaction that has not begun see one picture of the store, and change nothing that is newer."""
    if changing.dialect == "postgres":
        changing.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    elif changing.dialect == "mysql":
        if changing.execute("SHOW VARIABLES LIKE 'innodb_snapshot_isolation'"):
            changing.execute("SET SESSION innodb_snapshot_isolation = ON")
            changing.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        else:
            changing.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")


@contextmanager
def only_one(store: Store) -> Iterator[bool]:
    """Say whether nobody else changes what stands in a store at this moment, and keep others out until the end.

    A process that dies lets go with its connection.
    """
    ask, release, values = _ONLY_ONE[store.dialect]
    with session(store) as holding:
        got = bool(holding.execute(ask, values)[0][0])
        holding.commit()
        try:
            yield got
        finally:
            if got:
                holding.execute(release, values)
                holding.commit()


_LOCK = 0x62656C61
"""The advisory lock of whoever changes what stands in a PostgreSQL store ("bela")."""
_ONLY_ONE: dict[str, tuple[str, str, dict[str, int]]] = {
    "postgres": (
        "SELECT pg_catalog.pg_try_advisory_lock(%(lock)s)",
        "SELECT pg_catalog.pg_advisory_unlock(%(lock)s)",
        {"lock": _LOCK},
    ),
    # its names are the whole server's
    "mysql": (
        "SELECT GET_LOCK(CONCAT('belofte ', MD5(DATABASE())), 0)",
        "SELECT RELEASE_LOCK(CONCAT('belofte ', MD5(DATABASE())))",
        {},
    ),
    "sqlite": ("SELECT 1", "SELECT 1", {}),
}


def holder(store: Store) -> str | None:
    """Return who changes what stands in a store at this moment, None where that cannot be told.

    Any account of a database can take such a lock and keep it: it is named, so that somebody can end its session.
    """
    if store.dialect not in _HOLDER:
        return None
    query, values = _HOLDER[store.dialect]
    with session(store) as looking:
        found = looking.execute(query, values)
    return str(found[0][0]) if found and found[0][0] is not None else None


_HOLDER: dict[str, tuple[str, dict[str, int]]] = {
    "postgres": (
        "SELECT 'account `' || a.usename || '`' FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a "
        "USING (pid) WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = %(lock)s "
        "AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())",
        {"lock": _LOCK},
    ),
    "mysql": ("SELECT CONCAT('connection ', IS_USED_LOCK(CONCAT('belofte ', MD5(DATABASE()))))", {}),
}


def give_way(changing: Session) -> None:
    """Let a transaction wait seconds, and no longer, for whoever holds its rows."""
    if changing.dialect == "postgres":
        changing.execute("SET LOCAL lock_timeout = '5s'")
    elif changing.dialect == "mysql":
        changing.execute("SET SESSION innodb_lock_wait_timeout = 5")


def tried(change: Callable[[], T]) -> T:
    """Return what a change returns; it is tried again when others changed the same rows. Raises its last `Failed`.

    `change` is one whole transaction.
    """
    for _ in range(TRIES - 1):
        try:
            return change()
        except Failed as why:
            if why.why not in PASSING:
                raise
    return change()

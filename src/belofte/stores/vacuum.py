"""How far what was removed is gone from a database's files: deleted, or vacuumed.

A deleted row stays in PostgreSQL's pages until a VACUUM takes it; nothing shows it, and whoever reads the files does.
`VACUUM` runs outside every transaction and skips, with a warning, what the account may not vacuum: what became of it
is read from the statistics. Rows that an older transaction may still see stay until it is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Literal

from psycopg import sql

from belofte.stores.connect import Store
from belofte.stores.session import Failed, Session, session

Level = Literal["deleted", "vacuumed"]


def vacuum(store: Store, tables: Sequence[str]) -> dict[str, Level]:
    """Vacuum tables where the database knows how and the account may; return how far each one's removed rows are gone.

    A table that cannot be vacuumed is no failure: what was removed from it stays deleted.
    """
    found: dict[str, Level] = dict.fromkeys(tables, "deleted")
    if store.dialect != "postgres":
        return found
    with session(store) as outside:
        ((began, flushes),) = outside.execute(
            "SELECT clock_timestamp(), to_regproc('pg_catalog.pg_stat_force_next_flush') IS NOT NULL"
        )
        if flushes:  # what this connection deleted a moment ago is counted before, not after
            outside.execute("SELECT pg_stat_force_next_flush()")
        outside.commit()
        outside.connection.autocommit = True
        try:
            for name in tables:
                with suppress(Failed):  # it stays deleted, and the next table has its turn
                    found[name] = _vacuumed(outside, name, began)
        finally:
            outside.connection.autocommit = False
    return found


def reached(store: Store, tables: Sequence[str], since: datetime) -> Level:
    """Return how far rows are gone that were removed from tables at a moment, by whoever vacuumed them since."""
    if store.dialect != "postgres":
        return "deleted"
    with session(store) as reading:
        ((rest,),) = reading.execute(
            "SELECT count(*) FROM unnest(%(tables)s::text[]) AS removed (name) WHERE NOT EXISTS ("
            " SELECT FROM pg_stat_user_tables AS stat WHERE stat.relid = to_regclass(removed.name)"
            " AND greatest(stat.last_vacuum, stat.last_autovacuum) >= %(since)s AND stat.n_dead_tup = 0)",
            {"tables": [_quoted(name).as_string(reading.connection) for name in tables], "since": since},
        )
    return "deleted" if rest else "vacuumed"


def _quoted(table: str) -> sql.Identifier:
    return sql.Identifier(*(part for part in table.rpartition(".")[::2] if part))


def _vacuumed(outside: Session, table: str, began: datetime) -> Level:
    name = _quoted(table)
    outside.execute(sql.SQL("VACUUM (SKIP_LOCKED) {}").format(name).as_string(outside.connection))
    done = outside.execute(
        "SELECT last_vacuum >= %(began)s AND n_dead_tup = 0 FROM pg_stat_user_tables WHERE relid = %(table)s::regclass",
        {"began": began, "table": name.as_string(outside.connection)},
    )
    return "vacuumed" if done and done[0][0] else "deleted"

"""MariaDB and MySQL sessions, over PyMySQL: UTF-8 in four bytes, strict, backquoted names, times in UTC."""

from __future__ import annotations

from sqlalchemy import URL, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from belofte.stores.server import server_engine

SQL_MODE = "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
"""Values that do not fit are refused, never cut; double quotes stand for text (no ANSI_QUOTES)."""


def engine(url: URL, *, read_only: bool) -> Engine:
    """Return an engine; a read-only session lets the server refuse every write."""
    made = server_engine(url, "mysql+pymysql", read_only=read_only, charset="utf8mb4", local_infile=False)

    @event.listens_for(made, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("SET SESSION sql_mode = %s, time_zone = '+00:00'", (SQL_MODE,))
        if read_only:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
        cursor.close()

    return made

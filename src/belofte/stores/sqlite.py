"""SQLite sessions: an existing file, never a new one; foreign keys enforced; transactions begun by us.

A writing transaction takes the file's lock when it begins, so that what was read cannot change before it is written.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event

from belofte.compiler.pseudonym import SQLITE_FUNCTION, digest

LOCK_SECONDS = 10


def engine(url: URL, *, read_only: bool) -> Engine:
    """Return an engine on the file of `url`; a read-only one opens it with `mode=ro` and refuses every write.

    Raises `FileNotFoundError` when the URL names no file.
    """
    if not url.database or url.database == ":memory:":
        raise FileNotFoundError("the URL names no file")
    path = Path(url.database).absolute()
    address = f"file:{quote(str(path))}?mode={'ro' if read_only else 'rw'}"

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, uri=True, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA schema_version")  # reads the file: what is no database is refused here
        connection.execute("PRAGMA foreign_keys = ON")
        connection.create_function(SQLITE_FUNCTION, 3, digest, deterministic=True)
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        return connection

    made = create_engine("sqlite://", creator=opened, hide_parameters=True)

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return made

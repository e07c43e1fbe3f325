"""Sessions with a database server, whichever it is: how long to wait for it, and what a transaction sees."""

from __future__ import annotations

from sqlalchemy import URL, Engine, create_engine

CONNECT_SECONDS = 10


def server_engine(url: URL, driver: str, *, read_only: bool, **connect: object) -> Engine:
    """Return an engine for a driver, with what it connects with besides.

    Reading sees one consistent picture per transaction (REPEATABLE READ); writing locks rows first and then sees the
    latest committed state (READ COMMITTED). What is bound is never in an error.
    """
    return create_engine(
        url.set(drivername=driver),
        hide_parameters=True,
        isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
        connect_args={"connect_timeout": CONNECT_SECONDS, **connect},
    )

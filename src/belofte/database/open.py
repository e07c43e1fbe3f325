"""Open Belofte's own database: connected, its schema up to date, its named queries at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import LiteralString, TypeVar, cast
from urllib.parse import quote, urlencode
from uuid import UUID

import aiosql
import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.rows import class_row, tuple_row

from belofte.database.errors import DatabaseTooNew, DatabaseUnavailable
from belofte.database.migrations import HEAD

Row = TypeVar("Row")
Value = None | bool | int | float | str | bytes | UUID | object
"""What a query may be given; psycopg adapts it or refuses it."""

_QUERIES = Path(__file__).parent / "queries"
_named = aiosql.from_path(_QUERIES, "psycopg")

OURS = ("-csearch_path=belofte", "-cbelofte.writer=belofte")
"""What a session says that works on our own tables as on those of a store."""
FOR_MIGRATION = 0x62656C6F
"""The advisory lock that one migrating process holds ("belo")."""


class Database:
    """Belofte's own database, open. One per thread; every write outside `transaction` is its own transaction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what happens inside happen wholly or not at all; nests."""
        with self.connection.transaction():
            yield

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Let everything that is written inside be undone at its end: it was tried, and never happened."""
        with self.connection.transaction(force_rollback=True):
            yield

    @contextmanager
    def part(self) -> Iterator[None]:
        """Make what happens inside happen with the transaction around it; wholly or not at all where there is none.

        INVARIANT: what fails inside fails the transaction around it: nobody catches it there and goes on. A nested
        `transaction` can be undone alone, and costs two more round trips.
        """
        if self.connection.info.transaction_status == TransactionStatus.IDLE:
            with self.transaction():
                yield
        else:
            yield

    @contextmanager
    def picture(self) -> Iterator[None]:
        """Let everything that is read inside be as it stood at one moment; nothing is written."""
        with self.connection.transaction():
            self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    def run(self, query: str, /, **values: Value) -> int:
        """Run a named query that changes something; return how many rows it touched."""
        return self.connection.execute(statement(query), values).rowcount

    def run_many(self, query: str, values: Sequence[dict[str, Value]]) -> int:
        """Run a named query once per set of values, in one round trip; return how many rows it touched."""
        if not values:
            return 0
        with self.connection.cursor() as cursor, self.connection.transaction():
            cursor.executemany(statement(query), values)
            return cursor.rowcount

    def rows(self, query: str, shape: type[Row], /, **values: Value) -> list[Row]:
        """Return what a named query finds, each row as a `shape` made by its column names."""
        with self.connection.cursor(row_factory=class_row(shape)) as cursor:
            return cursor.execute(statement(query), values).fetchall()

    def row(self, query: str, shape: type[Row], /, **values: Value) -> Row | None:
        """Return the one row that a named query finds, or None."""
        with self.connection.cursor(row_factory=class_row(shape)) as cursor:
            return cursor.execute(statement(query), values).fetchone()

    def values(self, query: str, /, **values: Value) -> list[tuple[object, ...]]:
        """Return what a named query finds, as plain tuples: for large results."""
        with self.connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            return cursor.execute(statement(query), values).fetchall()


def statement(query: str) -> LiteralString:
    """Return the text of a named query of `database/queries/`; `KeyError` where there is none."""
    found = getattr(_named, query, None)
    if found is None:
        raise KeyError(query)
    return cast(LiteralString, found.sql)


def open_database(conninfo: str) -> Database:
    """Return the database at a PostgreSQL address, with its schema up to date.

    The session says that it is Belofte's: what others write into the tables of evidence is marked in the log.
    An up-to-date database costs the connection and one query. Raises `DatabaseUnavailable` where nobody answers or
    the schema cannot be made, and `DatabaseTooNew` where a newer Belofte made it.
    """
    try:
        connection = psycopg.connect(conninfo, autocommit=True)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(f"Belofte's own database does not answer: {_first_line(error)}") from error
    try:
        if _version(connection) != HEAD:
            _migrate(connection, conninfo)
        connection.execute("SET belofte.writer = 'belofte'")
    except psycopg.Error as error:
        connection.close()
        raise DatabaseUnavailable(
            f"Belofte's own database cannot be brought up to date: {_first_line(error)}"
        ) from error
    except DatabaseUnavailable:
        connection.close()
        raise
    return Database(connection)


def as_store(conninfo: str) -> str:
    """Return the address of Belofte's own database as one of a store, that a data map can be of.

    Its schema is the one that is mapped, and its session says that it is Belofte's.
    """
    parts = conninfo_to_dict(conninfo)
    given = {name: str(value) for name, value in parts.items() if value is not None and name != "options"}
    options = " ".join(filter(None, [str(parts.get("options") or ""), *OURS]))
    query = urlencode({**given, "options": options}, quote_via=quote)
    return f"postgresql:///?{query}"


def _version(connection: psycopg.Connection) -> str | None:
    """Return the migration that the database is at; None for one without Belofte's schema."""
    try:
        found = connection.execute("SELECT version_num FROM belofte.migration").fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return None
    return found[0] if found else None


def _migrate(connection: psycopg.Connection, conninfo: str) -> None:
    # alembic takes longer to import than an up-to-date database to open
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    connection.execute("SELECT pg_advisory_lock(%s)", [FOR_MIGRATION])
    try:
        version = _version(connection)
        if version == HEAD:
            return
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if version is not None and version not in known:
            raise DatabaseTooNew("a newer Belofte made this database: install that version, or restore a backup")
        engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo), poolclass=NullPool)
        with engine.begin() as migrating:
            migrating.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS belofte")
            migrating.exec_driver_sql("SET LOCAL belofte.writer = 'belofte'")
            config.attributes["connection"] = migrating
            command.upgrade(config, "head")
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [FOR_MIGRATION])


def _first_line(error: psycopg.Error) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__

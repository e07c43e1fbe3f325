"""A session on a store: run compiled statements, in one transaction, through the driver's own cursor.

Large results stream: PostgreSQL in chunks as they arrive, MariaDB unbuffered, SQLite as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pymysql
from pymysql.cursors import SSCursor
from sqlalchemy.exc import DBAPIError

from belofte.compiler.statement import Keys, Statement, render
from belofte.datamap.schema import Dialect
from belofte.stores.connect import Store, reason

Row = tuple[Any, ...]
KeySets = Mapping[str, Keys]


DRIVERS = (psycopg.Error, pymysql.MySQLError, sqlite3.Error, DBAPIError)
"""What the drivers raise."""


class Failed(Exception):
    """A store failed or refused in the middle of its transaction, which is undone; says which store and why."""

    def __init__(self, store: str, why: str) -> None:
        super().__init__(f"store `{store}` failed: {why}")
        self.store, self.why = store, why


@contextmanager
def _told(store: Store) -> Iterator[None]:
    """Turn what a driver raises into `Failed`, without the driver's own message."""
    try:
        yield
    except DRIVERS as error:
        raise Failed(store.name, reason(error)) from None


class Session:
    """One transaction on a store. Leaving it by an exception rolls back; `commit` makes it last."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.dialect: Dialect = store.dialect
        with _told(store):
            self._pooled = store.engine.raw_connection()
        self.connection: Any = self._pooled.driver_connection
        self.given: Mapping[str, Any] = {}
        """Bound values that override those a plan was compiled with: the moment of its present use."""

        self.knows: dict[str, bool] = {}
        """The people entries that were looked at: whether they have bits here."""

    def rows(self, statement: Statement, keysets: KeySets) -> list[Row]:
        """Return every row of a statement."""
        with _told(self.store):
            cursor = self._run(self._cursor(), statement, keysets)
            try:
                return [tuple(row) for row in cursor.fetchall()]
            finally:
                cursor.close()

    def names(self, statement: Statement) -> list[str]:
        """Return the names of a statement's columns."""
        with _told(self.store):
            cursor = self._run(self._cursor(), statement, {})
            try:
                return [str(one[0]) for one in cursor.description]
            finally:
                cursor.close()

    def few(self, statement: Statement, keysets: KeySets, most: int) -> list[Row] | None:
        """Return the rows of a statement that asks for `most` at most; None where there may be more.

        One answer, of a statement that the server has prepared; a stream is planned anew each time.
        """
        found = self.rows(statement, keysets)
        return found if len(found) < most else None

    def stream(self, statement: Statement, keysets: KeySets, size: int = 2000) -> Iterator[Row]:
        """Yield the rows of a statement without holding them all; no other statement runs meanwhile."""
        with _told(self.store):
            if self.dialect == "postgres":
                sql, params = self._prepared(statement, keysets)
                with self.connection.cursor() as streaming:
                    yield from streaming.stream(sql, params, size=size)
                return
            cursor = self._run(self._server_side(), statement, keysets)
            try:
                while found := cursor.fetchmany(size):
                    yield from (tuple(row) for row in found)
            finally:
                cursor.close()

    def change(self, statement: Statement, keysets: KeySets) -> int:
        """Run a statement that writes; return how many rows it says it changed."""
        with _told(self.store):
            cursor = self._run(self._cursor(), statement, keysets)
            try:
                return max(int(cursor.rowcount), 0)
            finally:
                cursor.close()

    def execute(
        self, sql: str, params: Mapping[str, Any] | Sequence[Any] = (), *, unless: Collection[int] = ()
    ) -> list[Row]:
        """Run a fixed statement of ours (never one with a value in it) and return its rows, if it has any.

        `unless`: MariaDB's numbers of refusals that say that there is nothing to do.
        """
        with _told(self.store):
            cursor = self._cursor()
            try:
                cursor.execute(sql, params)
                return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
            except pymysql.MySQLError as error:
                if error.args[0] not in unless:
                    raise
                return []
            finally:
                cursor.close()

    def insert(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run an INSERT of bound values for many rows, as many at once as the driver can send."""
        if rows:
            sql, _ = render(statement, self.dialect, {}, rows[0])
            with _told(self.store), self._cursor() as cursor:
                cursor.executemany(sql, rows)

    def commit(self) -> None:
        """Make the transaction last."""
        with _told(self.store):
            self.connection.commit()

    def rollback(self) -> None:
        """Undo the transaction; a connection that is gone has done so already."""
        try:
            self.connection.rollback()
        except DRIVERS:
            self._pooled.invalidate()

    def close(self) -> None:
        """Give the connection back."""
        self._pooled.close()

    def _run(self, cursor: Any, statement: Statement, keysets: KeySets) -> Any:
        cursor.execute(*self._prepared(statement, keysets))
        return cursor

    def _prepared(self, statement: Statement, keysets: KeySets) -> tuple[str, Mapping[str, Any]]:
        return render(statement, self.dialect, keysets, self.given)

    def _server_side(self) -> Any:
        if isinstance(self.connection, pymysql.connections.Connection):
            return self.connection.cursor(SSCursor)
        return self._cursor()

    def _cursor(self) -> Any:
        """Return a cursor in a transaction: SQLite's driver begins none, and a writing one takes the file's lock."""
        cursor = self.connection.cursor()
        if self.dialect == "sqlite" and not self.connection.in_transaction:
            cursor.execute("BEGIN" if self.store.read_only else "BEGIN IMMEDIATE")
        return cursor


@contextmanager
def session(store: Store) -> Iterator[Session]:
    """Open a session; roll back when left by an exception, and always at the end what was not committed.

    One that only reads ends with a commit: the driver forgets its prepared statements with each rollback.
    """
    opened = Session(store)
    try:
        yield opened
        if store.read_only:
            with suppress(Failed):  # what was read was read
                opened.commit()
    finally:
        try:
            opened.rollback()
        finally:
            opened.close()

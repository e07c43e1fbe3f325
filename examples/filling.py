"""Fill an example's databases: tables first, then rows in bulk while they are made, indexes at the end.

One schema in PostgreSQL's words serves all three: `timestamp` is written as `datetime` on MariaDB and SQLite.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pymysql
from sqlalchemy.engine import URL, make_url

Batch = dict[str, list[tuple[Any, ...]]]
"""Rows per table, in the order of the table's columns."""
Sink = Callable[[Batch], None]


def statements(schema: Path, dialect: str) -> tuple[list[str], list[str]]:
    """Return a schema's `create table` statements and its `create index` statements, for one dialect."""
    lines = schema.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    if dialect != "postgresql":
        text = text.replace(" timestamp with time zone", " datetime").replace(" timestamp", " datetime")
    found = [one.strip() for one in text.split(";") if one.strip()]
    return [one for one in found if one.startswith("create table")], [one for one in found if "index" in one[:15]]


def filled(url: str, schema: Path, tables: Sequence[str]) -> AbstractContextManager[Sink]:
    """Return what takes batches for an empty database: tables first, then rows, indexes at the end."""
    place = make_url(url)
    create, index = statements(schema, place.get_backend_name())
    return SINKS[place.get_backend_name()](place, create, index, tables)


def _line(row: tuple[Any, ...]) -> str:
    """Return a row in COPY's text form. INVARIANT: no value of ours has a tab, a line break or a backslash."""
    return "\t".join(["\\N" if value is None else str(value) for value in row]) + "\n"


@contextmanager
def _postgres(url: URL, create: list[str], index: list[str], tables: Sequence[str]) -> Iterator[Sink]:
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn) as connection:
        connection.execute("set timezone = 'Europe/Brussels'")
        for one in create:
            connection.execute(one.encode())
        trusted = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
        if trusted and trusted[0]:  # the rows are consistent by construction: no need to look up every foreign key
            connection.execute("set session_replication_role = replica")

        def write(batch: Batch) -> None:
            for table in tables:
                query = psycopg.sql.SQL("copy {} from stdin").format(psycopg.sql.Identifier(table))
                with connection.cursor().copy(query) as copy:
                    copy.write("".join(map(_line, batch.get(table, ()))))

        yield write
        for one in index:
            connection.execute(one.encode())
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("analyze")


def _insert(tables: Sequence[str], batch: Batch, mark: str, run: Callable[[str, list[Any]], Any]) -> None:
    for table in tables:
        if rows := batch.get(table):
            run(f"insert into {table} values ({', '.join([mark] * len(rows[0]))})", rows)  # noqa: S608 our own names


@contextmanager
def _mariadb(url: URL, create: list[str], index: list[str], tables: Sequence[str]) -> Iterator[Sink]:
    socket = url.query.get("unix_socket")
    where: dict[str, Any] = {"unix_socket": socket} if socket else {"host": url.host, "port": url.port or 3306}
    connection = pymysql.connect(
        user=url.username, password=url.password or "", database=url.database, charset="utf8mb4", **where
    )
    with connection, connection.cursor() as cursor:
        for one in [*create, *index]:
            cursor.execute(one)
        cursor.execute("set foreign_key_checks = 0, unique_checks = 0")
        yield lambda batch: _insert(tables, batch, "%s", cursor.executemany)
        connection.commit()


@contextmanager
def _sqlite(url: URL, create: list[str], index: list[str], tables: Sequence[str]) -> Iterator[Sink]:
    connection = sqlite3.connect(url.database or ":memory:")
    connection.execute("pragma synchronous = off")
    for one in create:
        connection.execute(one)
    yield lambda batch: _insert(tables, batch, "?", connection.executemany)
    for one in index:
        connection.execute(re.sub(r"\((email)\)$", r"(\1 collate nocase)", one))
    connection.commit()
    connection.close()


SINKS = {"postgresql": _postgres, "mysql": _mariadb, "mariadb": _mariadb, "sqlite": _sqlite}

"""PostgreSQL sessions, over psycopg 3.

Times are read and bound in UTC. `infinity` dates, and those that Python cannot hold, are read as the last (or first)
moment that it can: an end that never comes has not come yet (DESIGN §9).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import LiteralString, TypeVar

import psycopg
from psycopg.abc import Buffer
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader
from psycopg.types.string import TextLoader
from sqlalchemy import URL, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from belofte.stores.server import server_engine

PATH: LiteralString = """SELECT pg_catalog.set_config('search_path',
    pg_catalog.array_to_string(pg_catalog.array_remove(
        pg_catalog.regexp_split_to_array(pg_catalog.current_setting('search_path'), '\\s*,\\s*'), '"$user"'), ', '),
    false) WHERE CURRENT_USER = 'belofte'"""
"""An account with the name of our own schema still has the company's tables first: "$user" would be ours."""


def engine(url: URL, *, read_only: bool) -> Engine:
    """Return an engine; a read-only session lets the server refuse every write."""
    made = server_engine(url, "postgresql+psycopg", read_only=read_only, application_name="belofte")

    @event.listens_for(made, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        driver = connection.driver_connection if hasattr(connection, "driver_connection") else connection
        assert isinstance(driver, psycopg.Connection)
        read_far_dates(driver)
        driver.adapters.register_loader("bpchar", Unpadded)
        before = driver.autocommit
        driver.autocommit = True
        driver.execute("SET TIME ZONE 'UTC'")
        for planned in (*PLANNING, PATH):
            driver.execute(planned)
        if read_only:
            driver.execute("SET default_transaction_read_only = on")
            driver.read_only = True
        driver.autocommit = before

    return made


PLANNING: tuple[LiteralString, ...] = ("SET seq_page_cost = 0.2", "SET random_page_cost = 0.2", "SET jit = off")
"""How a session lets PostgreSQL plan: what is about some people is looked up by keys, and a page that an index
leads to is as near as the next one (decision 0014)."""


def read_far_dates(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Let a connection read `infinity`, years after 9999 and years before 1 instead of failing on them."""
    connection.adapters.register_loader("date", FarDate)
    connection.adapters.register_loader("timestamp", FarTimestamp)
    connection.adapters.register_loader("timestamptz", FarTimestamptz)


class Unpadded(TextLoader):
    """A `char(n)` without its padding, which compares as nothing: read back as a key it finds its row again."""

    def load(self, data: Buffer) -> bytes | str:
        """Return the text without trailing blanks."""
        found: bytes | str = super().load(data)
        return found.rstrip()


Moment = TypeVar("Moment", date, datetime)


def _far(data: Buffer, driver: Callable[[Buffer], Moment], kind: type[Moment]) -> Moment:
    """Return what is no ISO day of ours: as the driver reads it (another DateStyle), else the last or the first."""
    try:
        return driver(data)
    except psycopg.DataError:
        text = bytes(data)  # no year of four digits comes first in another DateStyle, and no sign
        return kind.min if text.startswith(b"-") or text.endswith(b"BC") else kind.max


class FarDate(DateLoader):
    """A date; what Python cannot hold is `date.max` or `date.min`."""

    def load(self, data: Buffer) -> date:
        """Return the date that PostgreSQL's text stands for."""
        try:
            return date.fromisoformat(bytes(data).decode())
        except ValueError:
            return _far(data, super().load, date)


class FarTimestamp(TimestampLoader):
    """A timestamp without zone; what Python cannot hold is `datetime.max` or `datetime.min`."""

    def load(self, data: Buffer) -> datetime:
        """Return the moment that PostgreSQL's text stands for."""
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            return _far(data, super().load, datetime)


class FarTimestamptz(TimestamptzLoader):
    """A timestamp with zone; what Python cannot hold is `datetime.max` or `datetime.min` in UTC."""

    def load(self, data: Buffer) -> datetime:
        """Return the moment that PostgreSQL's text stands for."""
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            found = _far(data, super().load, datetime)
            return found if found.tzinfo is not None else found.replace(tzinfo=UTC)

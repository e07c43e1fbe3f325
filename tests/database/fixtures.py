"""Belofte's own database for tests: migrated once per test process, copied for each test in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.servers import Postgres

from belofte.database.key import CompanyKey
from belofte.database.open import Database, open_database


def conninfo(server: Postgres, name: str) -> str:
    """Return the connection string of a database of the test server."""
    return f"host='{server.socket}' user=postgres dbname={name}"


@pytest.fixture(scope="session")
def migrated(postgres_running: Postgres) -> str:
    """The name of a migrated database that others are copied from."""
    name = postgres_running.fresh()
    open_database(conninfo(postgres_running, name)).close()
    return name


@pytest.fixture
def db(postgres_running: Postgres, migrated: str) -> Iterator[Database]:
    """A fresh database of Belofte's own, open."""
    name = postgres_running.fresh(migrated)
    with open_database(conninfo(postgres_running, name)) as database:
        yield database
    postgres_running.drop(name)


@pytest.fixture
def key() -> CompanyKey:
    """A company's key."""
    return CompanyKey(bytes(range(32)))

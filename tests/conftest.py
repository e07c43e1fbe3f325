"""Databases for every test: `postgres()`, `mariadb()` and `sqlite()` each return the URL of a fresh, empty database.

`store_url` runs a test once on each of the three. The servers start once per test process, when first asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests import shared_data
from tests.servers import Absent, MariaDB, Postgres, mariadb_server, postgres_server

Fresh = Callable[[], str]
"""What returns the SQLAlchemy URL of a fresh, empty database; it is dropped after the test."""


@pytest.fixture(scope="session")
def postgres_running() -> Iterator[Postgres]:
    """The PostgreSQL server of this test process."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_running() -> Iterator[MariaDB]:
    """The MariaDB server of this test process; without `mariadbd`, skipped here and failed in CI."""
    try:
        with mariadb_server() as server:
            yield server
    except Absent as absent:
        if os.environ.get("CI") == "true":
            pytest.fail(str(absent))
        pytest.skip(str(absent))


@pytest.fixture
def postgres(postgres_running: Postgres) -> Iterator[Fresh]:
    """What makes fresh PostgreSQL databases."""
    made: list[str] = []

    def fresh() -> str:
        made.append(postgres_running.fresh())
        return postgres_running.url(made[-1])

    yield fresh
    for name in made:
        postgres_running.drop(name)


@pytest.fixture
def mariadb(mariadb_running: MariaDB) -> Iterator[Fresh]:
    """What makes fresh MariaDB databases."""
    made: list[str] = []

    def fresh() -> str:
        made.append(mariadb_running.fresh())
        return mariadb_running.url(made[-1])

    yield fresh
    for name in made:
        mariadb_running.drop(name)


@pytest.fixture
def sqlite(tmp_path: Path) -> Fresh:
    """What makes fresh SQLite files."""
    made: list[Path] = []

    def fresh() -> str:
        made.append(tmp_path / f"t{len(made) + 1}.db")
        made[-1].touch()
        return f"sqlite:///{made[-1]}"

    return fresh


@pytest.fixture(params=["postgres", "mariadb", "sqlite"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database, on PostgreSQL, MariaDB and SQLite in turn."""
    fresh: Fresh = request.getfixturevalue(request.param)
    return fresh()


@pytest.fixture
def shared(request: pytest.FixtureRequest) -> Iterator[Callable[[str, str], str]]:
    """What returns the URL of a fresh copy of a shared set: `shared("sakila", "postgres")`.

    Sets: chinook (postgres, mariadb, sqlite), sakila and fides_sample (postgres, mariadb), northwind (postgres).
    """
    made: list[tuple[Postgres | MariaDB, str]] = []

    def copy(name: str, dialect: str) -> str:
        if dialect == "sqlite":
            file = request.getfixturevalue("tmp_path") / f"{name}.db"
            shared_data.load_sqlite(file, shared_data.script(name, dialect))
            return f"sqlite:///{file}"
        server = request.getfixturevalue(f"{dialect}_running")
        if dialect == "postgres":
            made.append((server, server.fresh(shared_data.postgres_template(server, name))))
        else:
            script = shared_data.script(name, dialect)
            made.append((server, server.fresh()))
            shared_data.load_mariadb(server, made[-1][1], script)
        return server.url(made[-1][1])

    yield copy
    for server, database in made:
        server.drop(database)


@pytest.fixture
def fides_scaled(postgres: Fresh) -> Callable[[int], str]:
    """What returns the URL of fides_sample's shape scaled to n customers, on PostgreSQL."""

    def filled(n: int) -> str:
        url = postgres()
        shared_data.scaled_fides(url, n)
        return url

    return filled

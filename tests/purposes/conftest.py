"""The shop of these tests, in fresh databases; roles are of the whole server and go with each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.purposes import maria
from tests.purposes.maria import MariaShop
from tests.purposes.shop import NOW, Shop, opened
from tests.servers import MariaDB, Postgres

from belofte.database.open import open_database
from belofte.purposes import applying


@pytest.fixture(scope="session")
def own_template(postgres_running: Postgres) -> str:
    """A migrated database of Belofte's own, to copy."""
    name = postgres_running.fresh()
    open_database(dsn(postgres_running, name)).close()
    postgres_running.rename(name, "purposes_own")
    return "purposes_own"


def dsn(server: Postgres, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={server.socket}"


@pytest.fixture
def shop(postgres_shop: Shop) -> Shop:
    """The shop, where nothing else is said on PostgreSQL."""
    return postgres_shop


@pytest.fixture
def maria_shop(
    postgres_running: Postgres, mariadb_running: MariaDB, own_template: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MariaShop]:  # fmt: skip
    """The shop on MariaDB, its clock stopped, nothing applied yet."""
    monkeypatch.setattr(applying, "FROZEN", NOW)
    own = postgres_running.fresh(own_template)
    made = maria.opened(mariadb_running, dsn(postgres_running, own), tmp_path)
    yield made
    made.db.close()
    postgres_running.drop(own)
    maria.clear(mariadb_running, made)


@pytest.fixture
def postgres_shop(
    postgres_running: Postgres, own_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    """The shop, its clock stopped, nothing applied yet."""
    monkeypatch.setattr(applying, "FROZEN", NOW)
    crm, own = postgres_running.fresh(), postgres_running.fresh(own_template)
    made = opened(lambda name: dsn(postgres_running, name), crm, own, tmp_path)
    yield made
    made.db.close()
    postgres_running.drop(own)
    postgres_running.drop(crm)
    postgres_running.drop_roles()

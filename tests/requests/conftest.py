"""The company of these tests: fresh databases each, made from templates in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from tests.requests.company import CRM_SQL, NEWS_SQL, Company
from tests.servers import Postgres

from belofte.database.open import open_database


def _plain(server: Postgres, name: str) -> str:
    return f"postgresql://postgres@/{name}?host={server.socket}"


@pytest.fixture(scope="session")
def templates(postgres_running: Postgres) -> tuple[str, str]:
    """A migrated database of Belofte's own, and a filled CRM, to copy."""
    own, crm = postgres_running.fresh(), postgres_running.fresh()
    open_database(_plain(postgres_running, own)).close()
    with psycopg.connect(_plain(postgres_running, crm), autocommit=True) as filling:
        filling.execute(CRM_SQL)
    # other folders of tests have these fixtures too, and templates of their own
    named = f"{own}_requests_own", f"{crm}_requests_crm"
    postgres_running.rename(own, named[0])
    postgres_running.rename(crm, named[1])
    return named


@pytest.fixture
def company(postgres_running: Postgres, templates: tuple[str, str], tmp_path: Path) -> Iterator[Company]:
    """The company, as it is before anybody asks anything."""
    with made(postgres_running, templates, tmp_path) as company:
        yield company


@contextmanager
def made(postgres_running: Postgres, templates: tuple[str, str], tmp_path: Path) -> Iterator[Company]:
    """Make the company in a folder, with databases of its own that go when it goes."""
    own, crm = (postgres_running.fresh(template) for template in templates)
    folder = tmp_path / "company"
    folder.mkdir()
    news = tmp_path / "news.db"
    found = Company(
        folder,
        {
            "CRM_URL": postgres_running.url(crm),
            "NEWS_URL": f"sqlite:///{news}",
            "BELOFTE_DATABASE": _plain(postgres_running, own),
        },
        _plain(postgres_running, crm),
        news,
        _plain(postgres_running, own),
    )
    with found.news() as filling:
        filling.executescript(NEWS_SQL)
    found.write()
    yield found
    postgres_running.drop(own)
    postgres_running.drop(crm)

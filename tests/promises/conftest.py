"""The example company of these tests: one for each file, for every test undoes what it did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from examples.selligent import company as data
from tests.promises.company import Prepared, copied, imported
from tests.servers import Postgres

from belofte.database.open import open_database
from belofte.purposes import applying

PEOPLE = 20
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""Shortly after the books of the examples end."""


@pytest.fixture(scope="module")
def vendor(postgres_running: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """The marketing vendor: its business database bound to purposes, its sites and its client's list SQLite files."""
    folder = tmp_path_factory.mktemp("vendor")
    own, business = postgres_running.fresh(), postgres_running.fresh()
    urls = {"BUSINESS_URL": postgres_running.url(business)}
    urls |= {f"{name.upper()}_URL": f"sqlite:///{folder / name}.db" for name in ("site", "hosted")}
    copied("selligent", folder, "business", "fraud, marketing-email, support")
    data.build(urls["BUSINESS_URL"], urls["SITE_URL"], urls["HOSTED_URL"], PEOPLE)
    made = Prepared(folder, open_database(f"postgresql://postgres@/{own}?host={postgres_running.socket}"), urls, NOW)
    data.write_consents(folder / "consents.csv", PEOPLE)
    imported(made, (folder / "consents.csv").read_bytes())
    before, applying.FROZEN = applying.FROZEN, NOW
    made.bind()
    yield made
    applying.FROZEN = before
    made.db.close()
    for name in (own, business):
        postgres_running.drop(name)
    postgres_running.drop_roles()

"""The shared sets load whole, on each dialect that has a script for them."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text
from tests.shared_data import SETS

ROWS = {
    "chinook": ("invoice_line", 2240),
    "sakila": ("rental", 16044),
    "northwind": ("order_details", 2155),
    "fides_sample": ("customer", 3),
}


@pytest.mark.parametrize(("name", "dialect"), SETS, ids=lambda part: part)
def test_a_shared_set_loads_whole(name, dialect, shared):
    table, expected = ROWS[name]
    if dialect in ("mariadb", "sqlite"):
        table = {"invoice_line": "InvoiceLine"}.get(table, table)
    expected = 0 if (name, dialect) == ("fides_sample", "mariadb") else expected
    engine = create_engine(shared(name, dialect))
    with engine.connect() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == expected  # noqa: S608
    engine.dispose()


def test_the_scaled_sample_has_its_proportions(fides_scaled):
    engine = create_engine(fides_scaled(100))
    tables = {"customer": 1, "address": 3, "orders": 2, "order_item": 4, "visit": 2, "login": 2, "service_request": 1}
    with engine.connect() as connection:
        for table, times in tables.items():
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 100 * times  # noqa: S608
    engine.dispose()

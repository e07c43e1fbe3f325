"""A session on a store: what it leaves to the next one on the same connection."""

from __future__ import annotations

import pytest
from sqlglot import exp
from tests.conftest import Fresh

from belofte.compiler.closure import column, table_of
from belofte.compiler.statement import Bind, Statement
from belofte.stores.connect import Store, connect
from belofte.stores.session import session

UP_TO = Statement(
    exp.select(column("relname"))
    .from_(table_of("pg_class"))
    .where(exp.LTE(this=column("relname"), expression=Bind(this="last"))),
    {"last": "pg_b"},
)


@pytest.fixture
def store(postgres: Fresh):
    """A store that is only read."""
    made = connect(postgres(), read_only=True)
    yield made
    made.close()


def prepared(store: Store) -> list[str]:
    with session(store) as reading:
        return [str(one[0]) for one in reading.execute("SELECT statement FROM pg_prepared_statements")]


def test_what_the_server_prepared_outlives_a_session_that_only_read(store):
    for _ in range(7):
        with session(store) as reading:
            reading.rows(UP_TO, {})
    assert any("relname" in one for one in prepared(store))


def test_few_rows_come_at_once_and_more_do_not(store):
    with session(store) as reading:
        there = reading.rows(UP_TO, {})
        assert reading.few(UP_TO, {}, len(there) + 1) == there
        assert reading.few(UP_TO, {}, len(there)) is None


def test_a_stream_that_nobody_read_to_its_end_leaves_a_connection_that_works(store):
    with session(store) as reading:
        next(reading.stream(UP_TO, {}, 1))
    with session(store) as reading:
        assert reading.rows(UP_TO, {})

"""What a driver says of a row does not reach a trace; where it went wrong does."""

import pytest
from psycopg.errors import CheckViolation

from belofte.cli.trace import trace
from belofte.database.errors import KeyUnusable

SECRET = "alice@example.com"


def test_a_trace_has_the_place_and_no_value(db):
    with pytest.raises(CheckViolation, match=SECRET) as driver:
        db.connection.execute(
            "INSERT INTO belofte.retention_task (id, kind, store, what, opened_at, closed_by)"
            " VALUES (gen_random_uuid(), 'manual', 'crm', %s, now(), 'anna')",
            [SECRET],
        )
    after = LookupError(SECRET)
    after.__cause__ = driver.value
    said = "\n".join(trace(after))
    assert SECRET not in said
    assert "psycopg.errors.CheckViolation: 23514, schema belofte, table retention_task, constraint" in said
    assert "test_trace.py" in said
    assert said.endswith("LookupError")


def test_our_own_words_stand_in_a_trace():
    assert list(trace(KeyUnusable("the key is none")))[-1] == "belofte.database.errors.KeyUnusable: the key is none"

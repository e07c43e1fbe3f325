"""The marker in a store: found again by request and step, also where an older Belofte made its table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from belofte.stores import marker
from belofte.stores.connect import connect
from belofte.stores.session import Failed, Session, session

OLD = """CREATE TABLE belofte_marker (request varchar(200) NOT NULL, plan varchar(200) NOT NULL, counts text NOT NULL,
at varchar(200) NOT NULL, PRIMARY KEY (request, plan))"""
COUNTS = {"person": {"deleted": 1}}


@pytest.fixture
def opened(store_url) -> Iterator[Session]:
    """A session on a store whose marker was made before markers had a step, with two markers of one request."""
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text(OLD))
        for plan in ("aa", "bb"):
            connection.execute(text("INSERT INTO belofte_marker VALUES ('r1', :plan, '{}', 'then')"), {"plan": plan})
    engine.dispose()
    store = connect(store_url, read_only=False)
    with session(store) as made:
        yield made
    store.close()


def test_table_of_an_older_belofte_takes_new_markers_and_keeps_its_own(opened):
    marker.ensure(opened)
    marker.put(opened, "r1", "today", b"\xcc", COUNTS)
    opened.commit()
    assert marker.read(opened, "r1", "today") == COUNTS
    assert marker.read(opened, "r1", "yesterday") is None
    assert sorted(opened.execute("SELECT plan FROM belofte_marker")) == [("aa",), ("bb",), ("cc",)]


def test_table_that_was_mended_is_left_alone(opened):
    marker.ensure(opened)
    marker.put(opened, "r1", "today", b"\xcc", COUNTS)
    opened.commit()
    marker.ensure(opened)
    assert marker.read(opened, "r1", "today") == COUNTS


def test_mended_table_refuses_a_second_marker_of_the_same_step_as_a_new_one_does(opened):
    marker.ensure(opened)
    marker.put(opened, "r1", "today", b"\xcc", COUNTS)
    with pytest.raises(Failed, match="somebody else changed the same rows"):
        marker.put(opened, "r1", "today", b"\xdd", COUNTS)

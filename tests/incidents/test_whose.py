"""Whose data rows hold, on each database: the same people whom the closure of each of them finds there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.compiler.small import NOW, small

from belofte.compiler.closure import Closure
from belofte.compiler.statement import Keys, Statement
from belofte.incidents.affected import Scope, counted
from belofte.stores.session import session

SCRIPT = [
    "create table person (id integer primary key, name varchar(40), email varchar(60))",
    "create table purchase (id integer primary key, person_id integer references person(id))",
    "create table line (id integer primary key, purchase_id integer references purchase(id), words varchar(40))",
    "create table message (id integer primary key, sender_id integer references person(id), "
    "recipient_id integer references person(id), words varchar(40), sent date)",
    "create table folder (id integer primary key, parent_id integer references folder(id), "
    "person_id integer references person(id), words varchar(40))",
    "create table mail (id integer primary key, address varchar(60), words varchar(40))",
    "insert into person values (1, 'alice', 'Alice@example.com'), (2, 'bob', 'bob@example.com'), (3, 'charlie', NULL)",
    "insert into purchase values (10, 1), (11, 1), (12, NULL)",
    "insert into line values (20, 10, 'blue'), (21, 11, NULL), (22, 12, 'nobody')",
    "insert into message values (30, 1, 2, 'hello', '2026-01-02'), (31, 2, NULL, 'lost', '2026-01-04')",
    "insert into folder values (40, NULL, 2, 'root'), (41, 40, NULL, 'leaf'), (42, 41, 3, 'hers')",
    "insert into mail values (50, 'alice@EXAMPLE.com', 'hi'), (51, 'stranger@example.com', 'who')",
]
MAP = {
    "people": {"customer": {"table": "person", "key": "id", "is": "customer"}},
    "tables": {
        "person": {"columns": {"name": "data.name", "email": "data.text"}},
        "line": {"columns": {"words": "data.text"}},
        "message": {
            "about": {"sender_id": "customer", "recipient_id": "customer"}, "columns": {"words": "data.text"},
        },
        "folder": {"about": {"person_id": "customer", "parent_id": "folder"}, "columns": {"words": "data.text"}},
        "mail": {
            "about": {"of": "customer", "columns": "address", "to": "email", "match": "email"},
            "columns": {"words": "data.text"},
        },
    },
}  # fmt: skip
PEOPLE = [(1,), (2,), (3,)]


@pytest.fixture
def opened(store_url):
    with small(store_url, SCRIPT, MAP, {}) as found:
        yield found


def asked(opened, scope):
    """What is counted of a scope, and the keys of whose data it is."""
    graph = opened.graph
    with session(opened.store) as reading:
        said, people = counted(opened.policy, graph, reading, "s", scope, NOW)
    return said, sorted(people.found.get("customer", {}))


def by_closure(opened, table):
    """The people whose own closure has a row of the table."""
    found, graph = [], opened.graph
    with session(opened.store) as reading:
        for key in PEOPLE:
            columns = [None, *graph.map.tables[table].columns]
            rows = Closure(graph, {"customer": "cohort"}).taken(table, columns, ["id"])
            if reading.rows(Statement(rows), {"cohort": Keys(("integer",), [key])}):
                found.append(key)
    return found


def test_rows_lead_to_the_people_in_whose_closure_they_are(opened):
    for table, expected in (
        ("person", [(1,), (2,), (3,)]), ("line", [(1,)]), ("message", [(1,), (2,)]), ("folder", [(2,), (3,)]),
        ("mail", [(1,)]),
    ):  # fmt: skip
        said, people = asked(opened, Scope((table,)))
        assert people == expected == by_closure(opened, table), table
        assert said.people == len(expected)
    said, people = asked(opened, Scope())
    assert people == PEOPLE
    assert (said.people, said.records) == (3, 13)
    assert said.categories["data"].records == 12
    alone = {table: asked(opened, Scope((table,)))[0].nobody for table in said.tables}
    assert alone == {"line": 1, "person": 0, "folder": 0, "mail": 1, "message": 0}


def test_some_rows_are_those_of_a_day_or_of_a_condition(opened):
    day = datetime(2026, 1, 2, 9, tzinfo=UTC)
    said, people = asked(opened, Scope(("message",), when="sent", since=day, until=day))
    assert (said.records, people) == (1, [(1,), (2,)])
    said, _ = asked(opened, Scope(("message",), where="words <> 'hello' and sent is not null"))
    assert said.records == 1

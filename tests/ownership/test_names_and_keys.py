"""Names that databases allow, keys of every type, and sizes at both ends."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from tests.ownership.shape import ALICE, NAMED, PEOPLE, PERSON, POLICY, Shapes

NAMES = [
    "order",
    "Group",
    "mixedCase",
    "with space",
    "naïve",
    "注文",
    "semi;colon",
    "back`tick",
    "per%cent",
    "colon:name",
    "a" * 55,
]


@pytest.mark.parametrize("name", NAMES)
def test_name_of_a_table_and_a_column(shape: Shapes, name: str):
    shop = shape(
        [
            PERSON,
            f'create table "{name}" (id integer primary key, "select" integer not null, "{name}" varchar(40), '
            f'foreign key ("select") references person(id))',
        ],
        {"person": PEOPLE},
        {"person": NAMED, name: {"columns": {name: "dealings.text"}}},
    )
    with shop._building() as cursor:
        column = name.replace("%", "%%") if shape.dialect != "sqlite" else name
        for key, person in ((1, 1), (2, 2)):
            mark = "?, ?, ?" if shape.dialect == "sqlite" else "%s, %s, %s"
            cursor.execute(f'insert into "{column}" (id, "select", "{column}") values ({mark})', (key, person, "x"))  # noqa: S608
    assert shop.about(ALICE) == {"person": [ALICE], name: [1]}
    shop.erase(ALICE)
    assert shop.values(name, "id") == [2]


def test_tables_that_differ_in_their_case_only(postgres_shape: Shapes):
    ddl = [
        f'create table "{name}" (id integer primary key, person_id integer references person(id), body text)'
        for name in ("Note", "note")
    ]
    rows = [{"id": 1, "person_id": 1, "body": "a"}, {"id": 2, "person_id": 2, "body": "b"}]
    shop = postgres_shape(
        [PERSON, *ddl],
        {"person": PEOPLE, "Note": rows, "note": rows},
        {"person": NAMED, **{key: {"columns": {"body": "dealings.text"}} for key in ("Note", "note")}},
    )
    assert shop.about(ALICE) == {"person": [1], "Note": [1], "note": [1]}
    shop.erase(ALICE)
    assert (shop.values("Note", "id"), shop.values("note", "id")) == ([2], [2])


A, B = uuid.UUID(int=10), uuid.UUID(int=11)
KEYS: dict[str, tuple[str, Any, Any]] = {
    "bigint": ("bigint", 2**62, 2**62 + 1),
    "uuid": ("uuid", A, B),
    "text": ("varchar(40)", "a/1", "A/1 "),
    "char": ("char(6)", "abc", "abd"),
    "numeric": ("numeric(12,2)", "1.50", "2.50"),
    "date": ("date", "2026-01-02", "2026-01-03"),
}


@pytest.mark.parametrize("kind", KEYS)
def test_type_of_a_key(shape: Shapes, kind: str):
    type_, first, second = KEYS[kind]
    if kind == "uuid" and shape.dialect != "postgres":
        type_, first, second = ("uuid" if shape.dialect == "mysql" else "text"), str(first), str(second)
    if kind == "text" and shape.dialect == "mysql":
        type_ = "varchar(40) collate utf8mb4_bin"
        second = "B/1"
    shop = shape(
        [
            f"create table person (id {type_} primary key, name varchar(40))",
            f"create table note (id {type_} primary key, person_id {type_} not null, body varchar(40), "
            "foreign key (person_id) references person(id))",
        ],
        {
            "person": [{"id": first, "name": "alice"}, {"id": second, "name": "bob"}],
            "note": [{"id": first, "person_id": first, "body": "a"}, {"id": second, "person_id": second, "body": "b"}],
        },
        {"person": NAMED, "note": {"columns": {"body": "dealings.text"}}},
    )
    key = shop.key_of("person", "name", "alice")
    assert {table: len(keys) for table, keys in shop.about(key).items()} == {"person": 1, "note": 1}
    shop.erase(key)
    assert (shop.values("person", "name"), shop.values("note", "body")) == (["bob"], ["b"])


def test_enum_columns(shape: Shapes):
    """An enum that may not be NULL has no value that says `erased`: it goes only with its row, and the plan says so."""
    mood = {"postgres": "mood", "mysql": "enum('glad', 'sad')", "sqlite": "varchar(8) check (a in ('glad', 'sad'))"}[
        shape.dialect
    ]
    before = ["create type mood as enum ('glad', 'sad')"] if shape.dialect == "postgres" else []
    shop = shape(
        [
            *before,
            PERSON,
            f"create table note (id integer primary key, person_id integer, a {mood} not null, "
            f"b {mood.replace('(a in', '(b in')}, "
            "amount integer, foreign key (person_id) references person(id))",
        ],
        {
            "person": PEOPLE,
            "note": [
                {"id": 1, "person_id": 1, "a": "glad", "b": "sad", "amount": 1},
                {"id": 2, "person_id": 2, "a": "sad", "b": "sad", "amount": 2},
                {"id": 3, "person_id": 1, "a": "glad", "b": "sad", "amount": None},
            ],
        },
        {"person": NAMED, "note": {"columns": {"a": "dealings.text", "b": "dealings.text", "amount": "books.amount"}}},
    )
    plan, _ = shop.plan(ALICE)
    assert [(one.table, one.column) for one in plan.stuck] == [("note", "a")]
    shop.erase(ALICE)
    assert shop.rows("note") == [
        {"id": 1, "person_id": 1, "a": "glad", "b": None, "amount": 1},
        {"id": 2, "person_id": 2, "a": "sad", "b": "sad", "amount": 2},
    ]


def test_tables_without_rows(shape: Shapes):
    shop = shape(
        [
            PERSON,
            "create table note (id integer primary key, person_id integer, body varchar(40), "
            "foreign key (person_id) references person(id))",
        ],
        {},
        {"person": NAMED, "note": {"columns": {"body": "dealings.text"}}},
    )
    assert shop.about(ALICE) == {}
    counts = shop.erase(ALICE)
    assert all((one.deleted, one.erased, one.kept) == (0, 0, 0) for one in counts.values())


def test_twelve_hundred_purposes_on_one_element(shape: Shapes):
    """The last of 1,200 keeps the amounts; its name is read from the masks, not its neighbour's."""
    asks = {"title": "T", "basis": "consent", "uses": ["books"]}
    purposes = {f"wish-{n}": asks for n in range(1199)} | {"accounting": POLICY["purposes"]["accounting"]}
    shop = shape(
        [
            PERSON,
            "create table invoice (id integer primary key, person_id integer not null, amount integer, "
            "foreign key (person_id) references person(id))",
        ],
        {"person": PEOPLE, "invoice": [{"id": 1, "person_id": 1, "amount": 5}]},
        {"person": NAMED, "invoice": {"columns": {"amount": "books.amount"}}},
        policy={**POLICY, "purposes": purposes},
    )
    assert shop.about(ALICE) == {"person": [1], "invoice": [1]}
    counts = shop.erase(ALICE)
    assert counts["invoice"].reasons == {"purpose:accounting": 1}
    assert shop.values("invoice", "amount") == [5]

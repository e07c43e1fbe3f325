"""How data goes where its row has to stay, and rows that hold each other."""

from __future__ import annotations

import pytest
from tests.ownership.shape import ALICE, BOB, NAMED, PEOPLE, PERSON, Shapes

INVOICE = (
    "create table invoice (id integer primary key, person_id integer not null, amount integer, "
    "foreign key (person_id) references person(id))"
)
INVOICES = [{"id": 1, "person_id": ALICE, "amount": 5}, {"id": 2, "person_id": BOB, "amount": 6}]
BOOKS = {"columns": {"amount": "books.amount"}}


def person(columns: str) -> str:
    return f"create table person (id integer primary key, {columns})"


def test_unique_text_takes_a_filler(shape: Shapes):
    """An address that may not be NULL and must be unique: everybody erased has a filler of her own."""
    people = [
        {"id": 1, "email": "alice@example.org"},
        {"id": 2, "email": "bob@example.org"},
        {"id": 3, "email": "c@example.org"},
    ]
    shop = shape(
        [person("email varchar(60) not null unique"), INVOICE],
        {"person": people, "invoice": [*INVOICES, {"id": 3, "person_id": 3, "amount": 7}]},
        {"person": {"columns": {"email": "identity.email"}}, "invoice": BOOKS},
    )
    shop.erase([ALICE, 3])
    assert shop.values("person", "email") == ["erased-1", "bob@example.org", "erased-3"]


def test_filler_that_the_map_words(shape: Shapes):
    shop = shape(
        [person("email varchar(60) not null unique"), INVOICE],
        {
            "person": [{"id": 1, "email": "alice@example.org"}, {"id": 2, "email": "bob@example.org"}],
            "invoice": INVOICES,
        },
        {
            "person": {"columns": {"email": {"element": "identity.email", "erase": {"unique": "gone-{key}@invalid"}}}},
            "invoice": BOOKS,
        },
    )
    shop.erase(ALICE)
    assert shop.values("person", "email") == ["gone-1@invalid", "bob@example.org"]


def test_text_that_may_not_be_null_is_redacted(shape: Shapes):
    shop = shape(
        [
            person("name varchar(40) not null, initials char(3) not null, points integer not null, born date not null"),
            INVOICE,
        ],
        {
            "person": [
                {"id": 1, "name": "alice", "initials": "ali", "points": 7, "born": "1990-05-17"},
                {"id": 2, "name": "bob", "initials": "bob", "points": 8, "born": "1991-06-18"},
            ],
            "invoice": INVOICES,
        },
        {
            "person": {"columns": dict.fromkeys(["name", "initials", "points", "born"], "identity.name")},
            "invoice": BOOKS,
        },
    )
    shop.erase(ALICE)
    alice, bob = shop.rows("person")
    short = "[erased]" if shape.dialect == "sqlite" else ""  # SQLite holds any text in three characters
    assert alice == {"id": 1, "name": "[erased]", "initials": short, "points": 0, "born": "1900-01-01"}
    assert bob == {"id": 2, "name": "bob", "initials": "bob", "points": 8, "born": "1991-06-18"}


@pytest.mark.parametrize(("to", "left"), [("year", "1990-01-01"), ("month", "1990-05-01")])
def test_day_that_is_generalised(shape: Shapes, to: str, left: str):
    shop = shape(
        [person("born date, postcode varchar(8)"), INVOICE],
        {
            "person": [
                {"id": 1, "born": "1990-05-17", "postcode": "9810"},
                {"id": 2, "born": "1991-06-18", "postcode": "9000"},
            ],
            "invoice": INVOICES,
        },
        {
            "person": {
                "columns": {
                    "born": {"element": "identity.name", "erase": {"generalise": to}},
                    "postcode": {"element": "identity.name", "erase": {"generalise": 2}},
                }
            },
            "invoice": BOOKS,
        },
    )
    shop.erase(ALICE)
    assert shop.rows("person") == [
        {"id": 1, "born": left, "postcode": "98"},
        {"id": 2, "born": "1991-06-18", "postcode": "9000"},
    ]


def test_null_stays_null_when_its_neighbour_is_redacted(shape: Shapes):
    shop = shape(
        [person("name varchar(40), nick varchar(40)"), INVOICE],
        {
            "person": [{"id": 1, "name": "alice", "nick": None}, {"id": 2, "name": None, "nick": "b"}],
            "invoice": INVOICES,
        },
        {
            "person": {"columns": {key: {"element": "identity.name", "erase": "redact"} for key in ["name", "nick"]}},
            "invoice": BOOKS,
        },
    )
    shop.erase(ALICE)
    assert shop.rows("person") == [{"id": 1, "name": "[erased]", "nick": None}, {"id": 2, "name": None, "nick": "b"}]


def test_check_that_names_a_column(shape: Shapes):
    """A value that only goes with its row, in a row that must stay, is reported and left."""
    shop = shape(
        [person("form varchar(8) not null check (form in ('EZ', 'NV')), name varchar(40)"), INVOICE],
        {"person": [{"id": 1, "form": "EZ", "name": "alice"}], "invoice": INVOICES[:1]},
        {"person": {"columns": {"form": "identity.name", "name": "identity.email"}}, "invoice": BOOKS},
    )
    plan, _ = shop.plan(ALICE)
    assert [(one.table, one.column) for one in plan.stuck] == [("person", "form")]
    shop.erase(ALICE)
    assert shop.rows("person") == [{"id": 1, "form": "EZ", "name": None}]


def test_text_in_a_table_without_a_primary_key(shape: Shapes):
    """All columns together tell rows apart; twins are erased together."""
    rows = [
        {"person_id": ALICE, "at": 1, "body": "x"},
        {"person_id": ALICE, "at": 1, "body": "x"},
        {"person_id": ALICE, "at": None, "body": "y"},
        {"person_id": BOB, "at": 1, "body": "x"},
    ]
    shop = shape(
        [
            PERSON,
            "create table note (person_id integer, at integer, body varchar(40), "
            "foreign key (person_id) references person(id))",
        ],
        {"person": PEOPLE, "note": rows},
        {"person": NAMED, "note": {"columns": {"body": "dealings.text"}}},
    )
    shop.erase(ALICE)
    assert shop.rows("note") == rows[3:]


def test_text_erased_in_place_in_a_table_without_a_primary_key(shape: Shapes):
    rows = [
        {"person_id": ALICE, "amount": 1, "body": "x"},
        {"person_id": ALICE, "amount": None, "body": "y"},
        {"person_id": BOB, "amount": 1, "body": "x"},
    ]
    shop = shape(
        [
            PERSON,
            "create table note (person_id integer, amount integer, body varchar(40), "
            "foreign key (person_id) references person(id))",
        ],
        {"person": PEOPLE, "note": rows},
        {"person": NAMED, "note": {"columns": {"body": "dealings.text", "amount": "books.amount"}}},
    )
    shop.erase(ALICE)
    assert shop.rows("note") == [{"person_id": ALICE, "amount": 1, "body": None}, rows[2]]


def ring(shape: Shapes, null: str) -> list[str]:
    """An order names its invoice and an invoice its order."""
    late = " deferrable initially deferred" if shape.dialect != "mysql" else ""
    last = (
        ""
        if shape.dialect == "sqlite"
        else f"alter table bill add foreign key (purchase_id) references purchase(id){late}"
    )
    inline = f", foreign key (purchase_id) references purchase(id){late}" if shape.dialect == "sqlite" else ""
    return [
        PERSON,
        f"create table bill (id integer primary key, purchase_id integer {null}, body varchar(40){inline})",
        f"create table purchase (id integer primary key, person_id integer not null, "
        f"bill_id integer {null}, body varchar(40), "
        f"foreign key (person_id) references person(id), foreign key (bill_id) references bill(id){late})",
        *filter(None, [last]),
    ]


RING = {"about": ["purchase"], "columns": {"body": "dealings.text"}}


def test_cycle_of_keys_that_may_be_null(shape: Shapes):
    shop = shape(
        ring(shape, ""),
        {
            "person": PEOPLE,
            "bill": [{"id": n, "body": "x"} for n in (1, 2)],
            "purchase": [{"id": n, "person_id": n, "bill_id": n, "body": "y"} for n in (1, 2)],
        },
        {"person": NAMED, "bill": RING, "purchase": {"columns": {"body": "dealings.text"}}},
    )
    with shop._building() as cursor:
        cursor.execute("update bill set purchase_id = id")
    assert shop.about(ALICE) == {"person": [1], "bill": [1], "purchase": [1]}
    shop.erase(ALICE)
    assert (shop.values("bill", "id"), shop.values("purchase", "id")) == ([2], [2])
    assert shop.values("person", "name") == ["bob", "charlie"]


def test_cycle_of_keys_that_may_not_be_null(shape: Shapes):
    """No row of such a ring can be deleted first: all stay, erased in place, and say so."""
    if shape.dialect == "mysql":
        pytest.skip("MariaDB cannot fill a ring of keys that may not be NULL")
    shop = shape(
        ring(shape, "not null"),
        {
            "person": PEOPLE,
            "bill": [{"id": n, "purchase_id": n, "body": "x"} for n in (1, 2)],
            "purchase": [{"id": n, "person_id": n, "bill_id": n, "body": "y"} for n in (1, 2)],
        },
        {"person": NAMED, "bill": RING, "purchase": {"columns": {"body": "dealings.text"}}},
    )
    counts = shop.erase(ALICE)
    assert counts["bill"].reasons == counts["purchase"].reasons == {"needed-by-a-kept-row": 1}
    assert shop.values("bill", "body") == [None, "x"]
    assert shop.values("purchase", "body") == [None, "y"]
    assert shop.values("person", "name") == [None, "bob", "charlie"]

"""Ownership that no foreign key states: one test per shape of link, named by the shape."""

from __future__ import annotations

import json

from tests.ownership.shape import ALICE, BOB, NAMED, PEOPLE, PERSON, Shapes


def test_declared_link_without_a_foreign_key(shape: Shapes):
    shop = shape(
        [PERSON, "create table a_call (id integer primary key, person_id integer, notes varchar(40))"],
        {
            "person": PEOPLE,
            "a_call": [
                {"id": 1, "person_id": ALICE, "notes": "a"},
                {"id": 2, "person_id": BOB, "notes": "b"},
                {"id": 3, "person_id": 99, "notes": "dangling"},
            ],
        },
        {"person": NAMED, "a_call": {"about": {"person_id": "person"}, "columns": {"notes": "dealings.text"}}},
    )
    assert shop.about(ALICE) == {"a_call": [1], "person": [ALICE]}
    shop.erase(ALICE)
    assert (shop.values("a_call", "id"), shop.values("person", "name")) == ([2, 3], ["bob", "charlie"])


def test_polymorphic(shape: Shapes):
    """`owner_type` says what `owner_id` is the key of; a company of the same number owns its own."""
    remarks = [
        {"id": 1, "owner_type": "person", "owner_id": ALICE, "remark": "a"},
        {"id": 2, "owner_type": "company", "owner_id": ALICE, "remark": "firm"},
        {"id": 3, "owner_type": "person", "owner_id": BOB, "remark": "b"},
        {"id": 4, "owner_type": None, "owner_id": ALICE, "remark": "nobody's"},
        {"id": 5, "owner_type": "Person", "owner_id": ALICE, "remark": "another word"},
    ]
    shop = shape(
        [
            PERSON,
            "create table company (id integer primary key, name varchar(40))",
            "create table remark (id integer primary key, owner_type varchar(20), "
            "owner_id integer, remark varchar(40))",
        ],
        {"person": PEOPLE, "company": [{"id": 1, "name": "firm"}], "remark": remarks},
        {
            "person": NAMED,
            "remark": {
                "about": [
                    {"of": "person", "columns": "owner_id", "when": "owner_type = 'person'"},
                    {"of": "company", "columns": "owner_id", "when": "owner_type = 'company'"},
                ],
                "columns": {"remark": "dealings.text"},
            },
        },
        organisations={"company": {"table": "company", "key": "id"}},
    )
    assert shop.about(ALICE) == {"person": [ALICE], "remark": [1]}
    shop.erase(ALICE)
    assert shop.rows("remark") == [row for row in remarks if row["id"] != 1]
    assert shop.values("company", "name") == ["firm"]


LOG = "create table log (at integer, email varchar(60), page varchar(40))"
VISITS = [
    {"at": 1, "email": "alice@example.org", "page": "/a"},
    {"at": 2, "email": "bob@example.org", "page": "/b"},
    {"at": 3, "email": "alice@example.org", "page": "/c"},
    {"at": 4, "email": None, "page": "/d"},
]


def test_identity_without_a_people_table(shape: Shapes):
    shop = shape(
        [LOG],
        {"log": VISITS},
        {"log": {"columns": {"email": "identity.email", "page": "dealings.text"}}},
        people={"visitor": {"table": "log", "key": "email", "is": "person", "identifiers": {"email": "email"}}},
    )
    assert len(shop.about("alice@example.org", "visitor")["log"]) == 2
    counts = shop.erase("alice@example.org", "visitor")
    assert counts["log"].deleted == 2
    assert shop.values("log", "page") == ["/b", "/d"]


def test_identity_without_a_people_table_kept_for_the_books(shape: Shapes):
    shop = shape(
        ["create table log (id integer primary key, email varchar(60), amount integer)"],
        {
            "log": [
                {"id": 1, "email": "alice@example.org", "amount": 5},
                {"id": 2, "email": "bob@example.org", "amount": 6},
            ]
        },
        {"log": {"columns": {"email": "identity.email", "amount": "books.amount"}}},
        people={"visitor": {"table": "log", "key": "email", "is": "person"}},
    )
    shop.erase("alice@example.org", "visitor")
    assert shop.rows("log") == [
        {"id": 1, "email": None, "amount": 5},
        {"id": 2, "email": "bob@example.org", "amount": 6},
    ]


def test_email_of_a_people_table_whatever_its_case(shape: Shapes):
    people = [
        {"id": ALICE, "name": "alice", "email": "Alice@Example.org"},
        {"id": BOB, "name": "bob", "email": "bob@example.org"},
    ]
    shop = shape(
        ["create table person (id integer primary key, name varchar(40), email varchar(60))", LOG],
        {"person": people, "log": VISITS},
        {
            "person": {"columns": {"name": "identity.name", "email": "identity.email"}},
            "log": {
                "about": {"email": {"of": "person", "to": "email", "match": "email"}},
                "columns": {"page": "dealings.text"},
            },
        },
    )
    assert len(shop.about(ALICE)["log"]) == 2
    shop.erase(ALICE)
    assert shop.values("log", "page") == ["/b", "/d"]
    assert shop.values("person", "name") == ["bob"]


def test_link_inside_json(shape: Shapes):
    kind = "jsonb" if shape.dialect == "postgres" else "json"
    events = [(1, {"user": {"id": ALICE}, "what": "login"}), (2, {"user": {"id": BOB}}), (3, {"user": {}}), (4, None)]
    shop = shape(
        [PERSON, f"create table event (id integer primary key, payload {kind})"],
        {
            "person": PEOPLE,
            "event": [{"id": n, "payload": None if data is None else json.dumps(data)} for n, data in events],
        },
        {
            "person": NAMED,
            "event": {
                "about": [{"of": "person", "columns": "payload", "json": "$.user.id"}],
                "columns": {"payload": "dealings.text"},
            },
        },
    )
    assert shop.about(ALICE) == {"event": [1], "person": [ALICE]}
    shop.erase(ALICE)
    assert shop.values("event", "id") == [2, 3, 4]


def test_link_between_text_and_number(shape: Shapes):
    shop = shape(
        [PERSON, "create table import_line (id integer primary key, customer varchar(20), body varchar(40))"],
        {
            "person": PEOPLE,
            "import_line": [
                {"id": 1, "customer": "1", "body": "a"},
                {"id": 2, "customer": "2", "body": "b"},
                {"id": 3, "customer": "1x", "body": "not hers"},
            ],
        },
        {"person": NAMED, "import_line": {"about": {"customer": "person"}, "columns": {"body": "dealings.text"}}},
    )
    assert shop.about(ALICE) == {"person": [ALICE], "import_line": [1]}
    shop.erase(ALICE)
    assert shop.values("import_line", "id") == [2, 3]


def test_column_about_somebody_else(shape: Shapes):
    """An order is bob's; the name on its parcel is alice's."""
    shop = shape(
        [
            PERSON,
            "create table purchase (id integer primary key, buyer_id integer not null, consignee_id integer, "
            "consignee varchar(40), wish varchar(40), foreign key (buyer_id) references person(id), "
            "foreign key (consignee_id) references person(id))",
        ],
        {
            "person": PEOPLE,
            "purchase": [
                {"id": 1, "buyer_id": BOB, "consignee_id": ALICE, "consignee": "alice", "wish": "bob's"},
                {"id": 2, "buyer_id": ALICE, "consignee_id": BOB, "consignee": "bob", "wish": "alice's"},
            ],
        },
        {
            "person": NAMED,
            "purchase": {
                "about": {"buyer_id": "person"},
                "columns": {
                    "consignee": {"element": "identity.name", "about": {"consignee_id": "person"}},
                    "wish": "dealings.text",
                },
            },
        },
    )
    assert shop.about(ALICE)["purchase"] == [1, 2]
    plan, keysets = shop.plan(ALICE)
    assert plan.stuck == []
    from belofte.stores.erasing import carry_out
    from belofte.stores.session import session

    with session(shop.store) as opened:
        carry_out(opened, plan, keysets, many=False)
        opened.commit()
    assert shop.rows("purchase") == [
        {"id": 1, "buyer_id": BOB, "consignee_id": None, "consignee": None, "wish": "bob's"}
    ]

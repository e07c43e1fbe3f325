"""Ownership by foreign keys: one test per shape of path, named by the shape."""

from __future__ import annotations

import itertools

import pytest
from tests.ownership.shape import ALICE, BOB, CHARLIE, NAMED, PEOPLE, PERSON, Shapes


def test_direct(shape: Shapes):
    shop = shape(
        [
            PERSON,
            "create table note (id integer primary key, person_id integer not null, body varchar(40), "
            "foreign key (person_id) references person(id))",
        ],
        {
            "person": PEOPLE,
            "note": [{"id": 10, "person_id": ALICE, "body": "a"}, {"id": 11, "person_id": BOB, "body": "b"}],
        },
        {"person": NAMED, "note": {"columns": {"body": "dealings.text"}}},
    )
    assert shop.about(ALICE) == {"person": [ALICE], "note": [10]}
    counts = shop.erase(ALICE)
    assert counts["note"].deleted == counts["person"].deleted == 1
    assert shop.rows("note") == [{"id": 11, "person_id": BOB, "body": "b"}]
    assert shop.values("person", "name") == ["bob", "charlie"]


def test_transitive(shape: Shapes):
    shop = shape(
        [
            PERSON,
            "create table purchase (id integer primary key, person_id integer not null, "
            "foreign key (person_id) references person(id))",
            "create table line (id integer primary key, purchase_id integer not null, engraving varchar(40), "
            "foreign key (purchase_id) references purchase(id))",
        ],
        {
            "person": PEOPLE,
            "purchase": [{"id": 1, "person_id": ALICE}, {"id": 2, "person_id": BOB}],
            "line": [
                {"id": 10, "purchase_id": 1, "engraving": "for alice"},
                {"id": 11, "purchase_id": 2, "engraving": "x"},
            ],
        },
        {"person": NAMED, "purchase": {"row": "dealings.order"}, "line": {"columns": {"engraving": "dealings.text"}}},
    )
    assert shop.about(ALICE) == {"person": [ALICE], "purchase": [1], "line": [10]}
    shop.erase(ALICE)
    assert (shop.values("purchase", "id"), shop.values("line", "id")) == ([2], [11])


def test_transitive_where_the_child_is_kept_keeps_its_parents(shape: Shapes):
    shop = shape(
        [
            PERSON,
            "create table purchase (id integer primary key, person_id integer not null, wish varchar(40), "
            "foreign key (person_id) references person(id))",
            "create table line (id integer primary key, purchase_id integer not null, amount integer, "
            "foreign key (purchase_id) references purchase(id))",
        ],
        {
            "person": PEOPLE,
            "purchase": [{"id": 1, "person_id": ALICE, "wish": "soon"}, {"id": 2, "person_id": BOB, "wish": "x"}],
            "line": [{"id": 10, "purchase_id": 1, "amount": 5}, {"id": 11, "purchase_id": 2, "amount": 6}],
        },
        {
            "person": NAMED,
            "purchase": {"columns": {"wish": "dealings.text"}},
            "line": {"columns": {"amount": "books.amount"}},
        },
    )
    counts = shop.erase(ALICE)
    assert counts["line"].reasons == {"purpose:accounting": 1}
    assert counts["purchase"].reasons == {"needed-by-a-kept-row": 1}
    assert shop.rows("person")[0] == {"id": ALICE, "name": None}
    assert shop.rows("purchase")[0] == {"id": 1, "person_id": ALICE, "wish": None}
    assert shop.rows("line")[0] == {"id": 10, "purchase_id": 1, "amount": 5}


@pytest.mark.parametrize("length", [4, 7])
def test_deep(shape: Shapes, length: int):
    names = ["person", *(f"level{n}" for n in range(1, length + 1))]
    ddl, rows, tables = [PERSON], {"person": PEOPLE}, {"person": NAMED}
    for above, name in itertools.pairwise(names):
        ddl.append(
            f"create table {name} (id integer primary key, above integer not null, body varchar(40), "
            f"foreign key (above) references {above}(id))"
        )
        rows[name] = [{"id": n, "above": n, "body": "x"} for n in (ALICE, BOB)]
        tables[name] = {"columns": {"body": "dealings.text"}}
    shop = shape(ddl, rows, tables)
    assert shop.about(ALICE) == {key: [ALICE] for key in sorted(names)}
    shop.erase(ALICE)
    assert {name: shop.values(name, "id") for name in names[1:]} == {key: [BOB] for key in names[1:]}


MESSAGE = (
    "create table message (id integer primary key, sender_id integer, recipient_id integer, body varchar(40), "
    "foreign key (sender_id) references person(id), foreign key (recipient_id) references person(id))"
)
MESSAGES = [
    {"id": 1, "sender_id": ALICE, "recipient_id": BOB, "body": "hello"},
    {"id": 2, "sender_id": BOB, "recipient_id": CHARLIE, "body": "psst"},
    {"id": 3, "sender_id": ALICE, "recipient_id": ALICE, "body": "to do"},
    {"id": 4, "sender_id": ALICE, "recipient_id": None, "body": "lost"},
]


def test_several_owners(shape: Shapes):
    policy_keeps = {
        "about": {"sender_id": "person", "recipient_id": "person"},
        "columns": {"body": {"element": "books.amount", "on_unlink": "redact"}},
    }
    shop = shape([PERSON, MESSAGE], {"person": PEOPLE, "message": MESSAGES}, {"person": NAMED, "message": policy_keeps})
    assert shop.about(ALICE) == {"person": [ALICE], "message": [1, 3, 4]}
    assert shop.about(BOB) == {"person": [BOB], "message": [1, 2]}
    shop.erase(ALICE)
    assert shop.rows("message") == MESSAGES  # the books are kept for everyone in it
    assert shop.values("person", "name") == [None, "bob", "charlie"]


def test_several_owners_of_whom_nothing_is_kept(shape: Shapes):
    shop = shape(
        [PERSON, MESSAGE],
        {"person": PEOPLE, "message": MESSAGES},
        {
            "person": NAMED,
            "message": {
                "about": {"sender_id": "person", "recipient_id": "person"},
                "columns": {"body": "dealings.text"},
            },
        },
    )
    shop.erase(ALICE)
    assert shop.values("message", "id") == [2]
    assert shop.values("person", "name") == ["bob", "charlie"]


def test_owner_and_accessor(shape: Shapes):
    """The employee who handled an order is named in it; it is not hers."""
    shop = shape(
        [
            PERSON,
            "create table purchase (id integer primary key, buyer_id integer not null, handled_by integer, "
            "wish varchar(40), foreign key (buyer_id) references person(id), "
            "foreign key (handled_by) references person(id))",
        ],
        {
            "person": PEOPLE,
            "purchase": [
                {"id": 1, "buyer_id": BOB, "handled_by": ALICE, "wish": "x"},
                {"id": 2, "buyer_id": ALICE, "handled_by": BOB, "wish": "y"},
            ],
        },
        {"person": NAMED, "purchase": {"about": {"buyer_id": "person"}, "columns": {"wish": "dealings.text"}}},
    )
    assert shop.about(ALICE) == {"person": [ALICE], "purchase": [2]}
    counts = shop.erase(ALICE)
    assert counts["purchase"].unlinked == 1
    assert shop.rows("purchase") == [{"id": 1, "buyer_id": BOB, "handled_by": None, "wish": "x"}]
    assert shop.values("person", "name") == ["bob", "charlie"]


def test_accessor_that_may_not_be_null_keeps_her_row(shape: Shapes):
    shop = shape(
        [
            PERSON,
            "create table purchase (id integer primary key, buyer_id integer not null, handled_by integer not null, "
            "foreign key (buyer_id) references person(id), foreign key (handled_by) references person(id))",
        ],
        {"person": PEOPLE, "purchase": [{"id": 1, "buyer_id": BOB, "handled_by": ALICE}]},
        {"person": NAMED, "purchase": {"about": {"buyer_id": "person"}, "row": "dealings.order"}},
    )
    counts = shop.erase(ALICE)
    assert counts["person"].reasons == {"needed-by-a-kept-row": 1}
    assert shop.rows("person")[0] == {"id": ALICE, "name": None}


FOLDER = (
    "create table folder (id integer primary key, parent_id integer, person_id integer, title varchar(40), "
    "foreign key (parent_id) references folder(id), foreign key (person_id) references person(id))"
)
FOLDERS = [
    {"id": 1, "parent_id": None, "person_id": ALICE, "title": "a"},
    {"id": 2, "parent_id": 1, "person_id": None, "title": "in a"},
    {"id": 3, "parent_id": 2, "person_id": None, "title": "in in a"},
    {"id": 4, "parent_id": None, "person_id": BOB, "title": "b"},
    {"id": 5, "parent_id": 4, "person_id": None, "title": "in b"},
]
FOLDER_MAP = {"about": {"parent_id": "folder", "person_id": "person"}, "columns": {"title": "dealings.text"}}


def test_self_reference(shape: Shapes):
    shop = shape([PERSON, FOLDER], {"person": PEOPLE, "folder": FOLDERS}, {"person": NAMED, "folder": FOLDER_MAP})
    assert shop.about(ALICE) == {"person": [ALICE], "folder": [1, 2, 3]}
    counts = shop.erase(ALICE)
    assert counts["folder"].deleted == 3
    assert shop.rows("folder") == FOLDERS[3:]


def test_self_reference_that_may_not_be_null(shape: Shapes):
    """A root that is its own parent: MariaDB refuses to delete it by any statement, so it is erased in place there."""
    shop = shape(
        [
            PERSON,
            "create table folder (id integer primary key, parent_id integer not null, person_id integer, "
            "title varchar(40), foreign key (parent_id) references folder(id), "
            "foreign key (person_id) references person(id))",
        ],
        {
            "person": PEOPLE,
            "folder": [
                {"id": 1, "parent_id": 1, "person_id": ALICE, "title": "a"},
                {"id": 2, "parent_id": 2, "person_id": BOB, "title": "b"},
            ],
        },
        {"person": NAMED, "folder": FOLDER_MAP},
    )
    counts = shop.erase(ALICE)
    if shape.dialect == "mysql":
        assert counts["folder"].reasons == {"needed-by-a-kept-row": 1}
        assert shop.rows("folder")[0] == {"id": 1, "parent_id": 1, "person_id": None, "title": None}
    else:
        assert shop.values("folder", "id") == [2]


def test_self_reference_of_a_person(shape: Shapes):
    """Whoever brought bob in is named in his row; his row is his own."""
    shop = shape(
        [
            "create table person (id integer primary key, name varchar(40), brought_by integer, "
            "foreign key (brought_by) references person(id))"
        ],
        {
            "person": [
                {"id": ALICE, "name": "alice", "brought_by": None},
                {"id": BOB, "name": "bob", "brought_by": ALICE},
                {"id": CHARLIE, "name": "charlie", "brought_by": BOB},
            ]
        },
        {"person": NAMED},
    )
    assert shop.about(ALICE) == {"person": [ALICE]}
    shop.erase(ALICE)
    assert shop.rows("person") == [
        {"id": BOB, "name": "bob", "brought_by": None},
        {"id": CHARLIE, "name": "charlie", "brought_by": BOB},
    ]


def test_self_reference_in_a_ring(shape: Shapes):
    ring = [{**folder, "parent_id": None} for folder in FOLDERS]
    shop = shape(
        [
            PERSON,
            FOLDER,
        ],
        {"person": PEOPLE, "folder": ring},
        {"person": NAMED, "folder": FOLDER_MAP},
    )
    with shop._building() as cursor:
        cursor.execute("update folder set parent_id = 3 where id = 1")
        cursor.execute("update folder set parent_id = 1 where id = 2")
        cursor.execute("update folder set parent_id = 2 where id = 3")
    assert shop.about(ALICE) == {"person": [ALICE], "folder": [1, 2, 3]}
    shop.erase(ALICE)
    assert shop.values("folder", "id") == [4, 5]


def test_cycle(shape: Shapes):
    """An account has a main user, a user an account: each points at the other."""
    shop = shape(
        [
            "create table account (id integer primary key, main_user integer, label varchar(40))",
            "create table person (id integer primary key, name varchar(40), account_id integer, "
            "foreign key (account_id) references account(id))",
            *(
                []
                if shape.dialect == "sqlite"
                else ["alter table account add foreign key (main_user) references person(id)"]
            ),
        ],
        {
            "account": [{"id": 1, "main_user": None, "label": "a"}, {"id": 2, "main_user": None, "label": "b"}],
            "person": [{"id": ALICE, "name": "alice", "account_id": 1}, {"id": BOB, "name": "bob", "account_id": 2}],
        },
        {"person": NAMED, "account": {"about": {"main_user": "person"}, "columns": {"label": "dealings.text"}}},
    )
    with shop._building() as cursor:
        cursor.execute("update account set main_user = id")
    assert shop.about(ALICE) == {"account": [1], "person": [ALICE]}
    shop.erase(ALICE)
    assert shop.rows("person")[-1] == {"id": BOB, "name": "bob", "account_id": 2}
    assert shop.rows("account")[-1] == {"id": 2, "main_user": BOB, "label": "b"}
    assert "alice" not in shop.values("person", "name")
    assert shop.values("account", "label") in (["b"], [None, "b"])


def test_composite_key(shape: Shapes):
    shop = shape(
        [
            "create table person (shop varchar(8), number integer, name varchar(40), primary key (shop, number))",
            "create table note (id integer primary key, shop varchar(8), number integer, body varchar(40), "
            "foreign key (shop, number) references person(shop, number))",
        ],
        {
            "person": [
                {"shop": "x", "number": 1, "name": "alice"},
                {"shop": "y", "number": 1, "name": "bob"},
                {"shop": "x", "number": 2, "name": "charlie"},
            ],
            "note": [
                {"id": 1, "shop": "x", "number": 1, "body": "a"},
                {"id": 2, "shop": "y", "number": 1, "body": "b"},
                {"id": 3, "shop": "x", "number": None, "body": "nobody's"},
                {"id": 4, "shop": "x", "number": 2, "body": "c"},
            ],
        },
        {"person": NAMED, "note": {"columns": {"body": "dealings.text"}}},
        people={"person": {"table": "person", "key": ["shop", "number"], "is": "person"}},
    )
    assert shop.about(("x", 1)) == {"person": [("x", 1)], "note": [1]}
    assert shop.about([("x", 1), ("y", 1)]) == {"person": [("x", 1), ("y", 1)], "note": [1, 2]}
    shop.erase(("x", 1))
    assert (shop.values("note", "id"), shop.values("person", "name")) == ([2, 3, 4], ["charlie", "bob"])


def test_nullable_path(shape: Shapes):
    """A row whose key is NULL is nobody's: it is in no answer, and stays."""
    rows = [{"id": 1, "person_id": ALICE, "body": "a"}, {"id": 2, "person_id": None, "body": "nobody's"}]
    shop = shape(
        [
            PERSON,
            "create table note (id integer primary key, person_id integer, body varchar(40), "
            "foreign key (person_id) references person(id))",
        ],
        {"person": PEOPLE, "note": rows},
        {"person": NAMED, "note": {"columns": {"body": "dealings.text"}}},
    )
    assert shop.about(ALICE)["note"] == [1]
    shop.erase(ALICE)
    assert shop.rows("note") == rows[1:]

"""What a database does by itself: cascades, inheritance, partitions, views, generated columns, triggers."""

from __future__ import annotations

import pytest
from tests.ownership.shape import ALICE, BOB, CHARLIE, NAMED, PEOPLE, PERSON, Shapes

NOTE = (
    "create table note (id integer primary key, person_id integer not null, body varchar(40), "
    "foreign key (person_id) references person(id))"
)
NOTES = [{"id": 1, "person_id": ALICE, "body": "a"}, {"id": 2, "person_id": BOB, "body": "b"}]
TEXT = {"columns": {"body": "dealings.text"}}


@pytest.mark.parametrize("action", ["cascade", "set null"])
def test_cascade_beyond_the_plan_is_refused(shape: Shapes, action: str):
    """A table that the map does not know points at her row: nothing of it goes, and her row is erased in place."""
    shop = shape(
        [
            PERSON,
            "create table badge (id integer primary key, person_id integer, colour varchar(40), "
            f"foreign key (person_id) references person(id) on delete {action})",
        ],
        {
            "person": PEOPLE,
            "badge": [{"id": 1, "person_id": ALICE, "colour": "red"}, {"id": 2, "person_id": BOB, "colour": "x"}],
        },
        {"person": NAMED},
    )
    counts = shop.erase(ALICE)
    assert counts["person"].deleted == 0
    assert counts["person"].reasons == {"needed-by-a-kept-row": 1}
    assert shop.rows("badge") == [
        {"id": 1, "person_id": ALICE, "colour": "red"},
        {"id": 2, "person_id": BOB, "colour": "x"},
    ]
    assert shop.values("person", "name") == [None, "bob", "charlie"]


@pytest.mark.parametrize("action", ["cascade", "set null"])
def test_cascade_within_the_plan(shape: Shapes, action: str):
    shop = shape(
        [
            PERSON,
            "create table note (id integer primary key, person_id integer, body varchar(40), "
            f"foreign key (person_id) references person(id) on delete {action})",
        ],
        {"person": PEOPLE, "note": NOTES},
        {"person": NAMED, "note": TEXT},
    )
    counts = shop.erase(ALICE)
    assert (counts["note"].deleted, counts["person"].deleted) == (1, 1)
    assert (shop.values("note", "id"), shop.values("person", "name")) == ([2], ["bob", "charlie"])


def test_cascade_to_a_row_that_is_kept(shape: Shapes):
    shop = shape(
        [
            PERSON,
            "create table invoice (id integer primary key, person_id integer, amount integer, "
            "foreign key (person_id) references person(id) on delete cascade)",
        ],
        {"person": PEOPLE, "invoice": [{"id": 1, "person_id": ALICE, "amount": 5}]},
        {"person": NAMED, "invoice": {"columns": {"amount": "books.amount"}}},
    )
    shop.erase(ALICE)
    assert shop.rows("invoice") == [{"id": 1, "person_id": ALICE, "amount": 5}]
    assert shop.values("person", "name") == [None, "bob", "charlie"]


def test_folders_above_one_that_is_kept_stay(shape: Shapes):
    """What points at a row is looked at before what the row points at: the whole branch stays."""
    shop = shape(
        [
            PERSON,
            "create table folder (id integer primary key, parent_id integer, person_id integer, title varchar(40), "
            "foreign key (parent_id) references folder(id) on delete cascade, "
            "foreign key (person_id) references person(id))",
            "create table zone (id integer primary key, folder_id integer, "
            "foreign key (folder_id) references folder(id))",
        ],
        {
            "person": PEOPLE,
            "folder": [
                {"id": 1, "parent_id": None, "person_id": ALICE, "title": "a"},
                {"id": 2, "parent_id": 1, "person_id": None, "title": "in a"},
                {"id": 3, "parent_id": None, "person_id": ALICE, "title": "free"},
            ],
            "zone": [{"id": 1, "folder_id": 2}],
        },
        {
            "person": NAMED,
            "folder": {"about": {"parent_id": "folder", "person_id": "person"}, "columns": {"title": "dealings.text"}},
        },
    )
    shop.erase(ALICE)
    assert shop.values("folder", "id") == [1, 2]
    assert shop.values("folder", "title") == [None, None]
    assert shop.values("zone", "folder_id") == [2]


def test_table_inheritance(postgres_shape: Shapes):
    shop = postgres_shape(
        [
            PERSON,
            "create table note (id integer primary key, person_id integer references person(id), body text)",
            "create table letter (stamp text, foreign key (person_id) references person(id)) inherits (note)",
        ],
        {
            "person": PEOPLE,
            "note": [{"id": 1, "person_id": ALICE, "body": "a"}],
            "letter": [
                {"id": 2, "person_id": ALICE, "body": "la", "stamp": "s"},
                {"id": 3, "person_id": BOB, "body": "lb", "stamp": "s"},
            ],
        },
        {"person": NAMED, "note": TEXT},
    )
    assert shop.about(ALICE) == {"person": [ALICE], "note": [1, 2]}
    shop.erase(ALICE)
    assert shop.values("note", "id") == [3]
    assert shop.values("letter", "id") == [3]
    assert shop.values("person", "name") == ["bob", "charlie"]


def test_partitions(postgres_shape: Shapes):
    shop = postgres_shape(
        [
            PERSON,
            "create table note (id integer, day date, person_id integer references person(id), body text, "
            "primary key (id, day)) partition by range (day)",
            "create table note_2025 partition of note for values from ('2025-01-01') to ('2026-01-01')",
            "create table note_2026 partition of note for values from ('2026-01-01') to ('2027-01-01')",
        ],
        {
            "person": PEOPLE,
            "note": [
                {"id": 1, "day": "2025-02-01", "person_id": ALICE, "body": "a"},
                {"id": 2, "day": "2026-02-01", "person_id": ALICE, "body": "b"},
                {"id": 3, "day": "2026-02-01", "person_id": BOB, "body": "c"},
            ],
        },
        {"person": NAMED, "note": TEXT},
    )
    assert [key[0] for key in shop.about(ALICE)["note"]] == [1, 2]
    counts = shop.erase(ALICE)
    assert counts["note"].deleted == 2
    assert (shop.values("note_2025", "id"), shop.values("note_2026", "id")) == ([], [3])


def test_view(shape: Shapes):
    """A view shows rows of tables; the tables are what is erased, and the view follows."""
    shop = shape(
        [
            PERSON,
            NOTE,
            "create view shown as select person.name, note.body from note join person on person.id = note.person_id",
        ],
        {"person": PEOPLE, "note": NOTES},
        {"person": NAMED, "note": TEXT, "shown": {"columns": {"name": "identity.name"}}},
    )
    assert shop.about(ALICE) == {"person": [ALICE], "note": [1]}
    shop.erase(ALICE)
    assert shop.values("shown", "name") == ["bob"]


def test_generated_column(shape: Shapes):
    length = {"postgres": "length", "mysql": "char_length", "sqlite": "length"}[shape.dialect]
    shop = shape(
        [
            PERSON,
            "create table note (id integer primary key, person_id integer not null, amount integer, body varchar(40), "
            f"size integer generated always as ({length}(body)) stored, foreign key (person_id) references person(id))",
        ],
        {"person": PEOPLE, "note": [{"id": 1, "person_id": ALICE, "amount": 5, "body": "abc"}]},
        {
            "person": NAMED,
            "note": {"columns": {"body": "dealings.text", "size": "dealings.text", "amount": "books.amount"}},
        },
    )
    plan, _ = shop.plan(ALICE)
    assert [(one.table, one.column) for one in plan.stuck] == [("note", "size")]
    shop.erase(ALICE)
    assert shop.rows("note") == [{"id": 1, "person_id": ALICE, "amount": 5, "body": None, "size": None}]


TRIGGERS = {
    "postgres": [
        "create function noted() returns trigger language plpgsql as "
        "$$ begin insert into audit (what) values (old.id); return old; end $$",
        "create trigger noting after delete on note for each row execute function noted()",
    ],
    "mysql": ["create trigger noting after delete on note for each row insert into audit (what) values (old.id)"],
    "sqlite": ["create trigger noting after delete on note begin insert into audit (what) values (old.id); end"],
}


def test_trigger_that_writes_an_audit_row(shape: Shapes):
    """The trigger's own row does not count as hers: exactly the planned rows are deleted, and the audit grows."""
    shop = shape(
        [PERSON, NOTE, "create table audit (what integer)", *TRIGGERS[shape.dialect]],
        {"person": PEOPLE, "note": NOTES},
        {"person": NAMED, "note": TEXT},
    )
    assert shop.graph.schema.tables["note"].triggers == ("noting",)
    counts = shop.erase(ALICE)
    assert counts["note"].deleted == 1
    assert shop.rows("audit") == [{"what": 1}]


def test_soft_delete(shape: Shapes):
    """A row that is marked deleted is a person's still; only the map's `where` says otherwise."""
    people = [{**person, "deleted": int(person["id"] == CHARLIE)} for person in PEOPLE]
    ddl = ["create table person (id integer primary key, name varchar(40), deleted integer not null)", NOTE]
    notes = [*NOTES, {"id": 3, "person_id": CHARLIE, "body": "c"}]
    shop = shape(ddl, {"person": people, "note": notes}, {"person": NAMED, "note": TEXT})
    assert shop.about(CHARLIE) == {"person": [CHARLIE], "note": [3]}
    shop.erase(CHARLIE)
    assert (shop.values("note", "id"), shop.values("person", "name")) == ([1, 2], ["alice", "bob"])


def test_soft_delete_that_the_map_leaves_out(shape: Shapes):
    people = [{**person, "deleted": int(person["id"] == CHARLIE)} for person in PEOPLE]
    shop = shape(
        ["create table person (id integer primary key, name varchar(40), deleted integer not null)", NOTE],
        {"person": people, "note": [*NOTES, {"id": 3, "person_id": CHARLIE, "body": "c"}]},
        {"person": NAMED, "note": TEXT},
        people={"person": {"table": "person", "key": "id", "is": "person", "where": "deleted = 0"}},
    )
    assert shop.about(ALICE) == {"person": [ALICE], "note": [1]}
    shop.erase(ALICE)
    assert (shop.values("note", "id"), shop.values("person", "name")) == ([2, 3], ["bob", "charlie"])


def test_tables_in_other_schemas(postgres_shape: Shapes):
    shop = postgres_shape(
        [
            "create schema crm",
            "create schema sales",
            "create table crm.person (id integer primary key, name text)",
            "create table sales.note (id integer primary key, person_id integer references crm.person(id), body text)",
            "create table note (id integer primary key, person_id integer references crm.person(id), body text)",
        ],
        {"crm.person": PEOPLE, "sales.note": NOTES, "note": [{"id": 7, "person_id": ALICE, "body": "public"}]},
        {"crm.person": NAMED, "sales.note": TEXT, "note": TEXT},
        people={"person": {"table": "crm.person", "key": "id", "is": "person"}},
    )
    assert shop.about(ALICE) == {"crm.person": [ALICE], "sales.note": [1], "note": [7]}
    shop.erase(ALICE)
    assert (shop.values("sales.note", "id"), shop.values("note", "id")) == ([2], [])
    assert shop.values("crm.person", "name") == ["bob", "charlie"]

"""What a row keeps so that a kept row below still reaches its person, and what is told of a row that names nobody."""

from __future__ import annotations

from typing import Any

import pytest
from tests.compiler.small import small

from belofte.policy.person import PersonState

CUSTOMER: dict[str, Any] = {"customer": {"table": "person", "key": "id", "is": "customer"}}
BOOKS = {"books": {"title": "T", "basis": "legal-obligation", "uses": ["data.text"]}}
VALUES_OR_TABLES = pytest.mark.parametrize("many", [False, True], ids=["values", "tables"])


@VALUES_OR_TABLES
@pytest.mark.parametrize("match", ["exact", "email"])
def test_an_address_by_which_a_kept_visit_reaches_her_stays_until_the_visit_goes(
    store_url: str, match: str, many: bool
) -> None:
    script = [
        "create table person (id integer primary key, email varchar(40), mailbox varchar(40))",
        "create table visit (id integer primary key, email varchar(40), page varchar(40))",
        "insert into person values (1, 'a@x.be', 'home@x.be'), (2, 'b@x.be', 'b@x.be')",
        "insert into visit values (1, 'a@x.be', 'shirts'), (2, 'b@x.be', null)",
    ]
    link = {"email": {"of": "customer", "to": "email", "match": match}}
    datamap = {
        "people": CUSTOMER,
        "tables": {
            "visit": {"about": link, "columns": {"page": "data.text"}},
            "person": {"columns": {"email": "data.name", "mailbox": "data.name"}},
        },
    }
    with small(store_url, script, datamap, BOOKS) as found:
        counts = found.erase("customer", [(1,), (2,)], many=many)["person"]
        assert found.rows("select id, email, mailbox from person") == [(1, "a@x.be", None)]
        assert found.rows("select id, page from visit") == [(1, "shirts")]
        assert dict(counts.reasons) == {"links-a-kept-row": 1}
        with found.store.engine.begin() as connection:
            connection.exec_driver_sql("update visit set page = null")
        found.erase("customer", [(1,)], many=many)
        assert found.rows("select id from person") == []


@VALUES_OR_TABLES
def test_an_order_kept_for_its_payment_stays_linked_to_its_customer(store_url: str, many: bool) -> None:
    script = [
        "create table person (id integer primary key, name varchar(20))",
        "create table purchase (id integer primary key, person_id integer references person(id), note varchar(20))",
        "create table payment (id integer primary key, purchase_id integer not null references purchase(id), "
        "words varchar(20))",
        "insert into person values (1, 'alice'), (2, 'bob')",
        "insert into purchase values (1, 1, 'blue'), (2, 2, 'red'), (3, 1, 'green')",
        "insert into payment values (1, 1, 'paid'), (2, 2, 'paid'), (3, 3, null)",
    ]
    columns = {"person": {"name": "data.name"}, "purchase": {"note": "data.name"}, "payment": {"words": "data.text"}}
    tables = {table: {"columns": stated} for table, stated in columns.items()}
    with small(store_url, script, {"people": CUSTOMER, "tables": tables}, BOOKS) as found:
        counts = found.erase("customer", [(1,)], many=many)
        assert found.rows("select id, person_id, note from purchase") == [(1, 1, None), (2, 2, "red")]
        assert found.rows("select id, name from person") == [(1, None), (2, "bob")]
        assert (counts["purchase"].unlinked, counts["purchase"].deleted) == (0, 1)
        assert found.erase("customer", [(1,)], many=many)["purchase"].erased == 0


@VALUES_OR_TABLES
def test_a_folder_above_a_kept_one_without_a_person_of_its_own_stays_hers(store_url: str, many: bool) -> None:
    script = [
        "create table person (id integer primary key, name varchar(20))",
        "create table folder (id integer primary key, parent_id integer references folder(id), "
        "person_id integer references person(id), title varchar(20), words varchar(20))",
        "insert into person values (1, 'alice')",
        "insert into folder values (1, null, 1, 'x', null)",
        "insert into folder values (2, 1, null, 'y', null)",
        "insert into folder values (3, 2, null, 'z', 'kept')",
    ]
    about = {"parent_id": "folder", "person_id": "customer"}
    stated = {"about": about, "columns": {"title": "data.name", "words": "data.text"}}
    with small(store_url, script, {"people": CUSTOMER, "tables": {"folder": stated}}, BOOKS) as found:
        found.erase("customer", [(1,)], many=many)
        assert found.rows("select id, person_id, title, words from folder") == [
            (1, 1, None, None), (2, None, None, None), (3, None, None, "kept"),
        ]  # fmt: skip


def test_a_row_left_with_nobody_by_another_persons_column_is_told_and_not_taken(store_url: str) -> None:
    script = [
        "create table person (id integer primary key, name varchar(20))",
        "create table memo (id integer primary key, person_id integer references person(id), "
        "quoted_id integer references person(id), words varchar(20), quote varchar(20))",
        "insert into person values (1, 'alice'), (2, 'bob')",
        "insert into memo values (1, 1, 2, 'hers', 'his'), (2, 1, 2, 'hers', null)",
    ]
    quote = {"element": "data.text", "about": {"quoted_id": "customer"}}
    memo = {"about": {"person_id": "customer"}, "columns": {"words": "data.name", "quote": quote}}
    datamap = {"people": CUSTOMER, "tables": {"person": {"columns": {"name": "data.name"}}, "memo": memo}}
    held = {(2,): PersonState(held=True)}
    with small(store_url, script, datamap, {}) as found:
        found.erase("customer", [(1,)], states=held)
        assert found.rows("select id, person_id, quoted_id, words, quote from memo") == [(1, None, 2, None, "his")]
        counts = found.erase("customer", [(2,)])["memo"]
        assert found.rows("select id, person_id, quoted_id, words, quote from memo") == [(1, None, None, None, None)]
        assert (counts.erased, dict(counts.reasons)) == (1, {"names-nobody-any-more": 1})


def test_a_row_under_a_hold_on_its_table_is_not_unlinked(store_url: str) -> None:
    script = [
        "create table person (id integer primary key, name varchar(20))",
        "create table note (id integer primary key, person_id integer references person(id), words varchar(20))",
        "insert into person values (1, 'alice')",
        "insert into note values (1, 1, 'said')",
    ]
    tables = {"person": {"columns": {"name": "data.name"}}, "note": {"columns": {"words": "data.text"}}}
    with small(store_url, script, {"people": CUSTOMER, "tables": tables}, {}) as found:
        found.erase("customer", [(1,)], held_tables=frozenset({"note"}))
        assert found.rows("select id, person_id, words from note") == [(1, 1, "said")]
        assert found.rows("select id, name from person") == [(1, None)]

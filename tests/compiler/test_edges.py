"""Situations at the edges of the databases: nobody else's rows, whatever a collation, type or limit makes of a key."""

# ruff: noqa: E501
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.compiler.small import small
from tests.conftest import Fresh

from belofte.policy.person import PersonState

NOTHING: dict[str, Any] = {}
CUSTOMER: dict[str, Any] = {"customer": {"table": "person", "key": "id", "is": "customer"}}


def test_a_twin_by_case_and_blanks_is_somebody_else(store_url: str) -> None:
    script = [
        "create table log (email varchar(40), friend varchar(40), page varchar(40))",
        "insert into log values ('a@x.be', 'b@x.be', 'one'), ('A@x.be', 'b@x.be', 'two'), ('a@x.be ', 'b@x.be', 'three')",
    ]
    datamap = {
        "people": {"visitor": {"table": "log", "key": "email", "is": "customer"}},
        "tables": {"log": {"columns": {"page": "data.text"}}},
    }
    with small(store_url, script, datamap, NOTHING) as found:
        found.erase("visitor", [("a@x.be",)])
        assert found.rows("select email, page from log") == [("A@x.be", "two"), ("a@x.be ", "three")]


def test_a_row_of_two_people_is_not_hers_by_a_twin_of_her_key(store_url: str) -> None:
    script = [
        "create table account (name varchar(20))",
        "create table note (id integer primary key, writer varchar(20), reader varchar(20), words varchar(40))",
        "insert into account values ('alice'), ('ALICE'), ('bob')",
        "insert into note values (1, 'ALICE', 'bob', 'hello'), (2, 'alice', 'ALICE', 'hi')",
    ]
    link = {"of": "holder", "to": "name"}
    datamap = {
        "people": {"holder": {"table": "account", "key": "name", "is": "customer"}},
        "tables": {"note": {"about": {"writer": link, "reader": link}, "columns": {"words": "data.text"}}},
    }
    held = {("ALICE",): PersonState(held=True)}
    with small(store_url, script, datamap, NOTHING) as found:
        verdicts = found.verdicts("note", "holder", [("alice",), ("bob",)], held)
        assert {row["key0"]: (row["hers"], row["j0"]) for row in verdicts} == {1: (1, 1), 2: (1, 1)}
        found.erase("holder", [("alice",)], states=held)
        assert found.rows("select id, reader, words from note") == [(1, "bob", "hello"), (2, "ALICE", "hi")]
        assert found.rows("select name from account") == [("ALICE",), ("bob",)]


def test_two_people_of_one_address_are_not_unlinked_for_one_of_them(store_url: str) -> None:
    script = [
        "create table person (id integer primary key, email varchar(40), since date)",
        "create table visit (id integer primary key, email varchar(40), page varchar(40))",
        "insert into person values (1, 'home@x.be', '2019-01-01'), (2, 'home@x.be', '2026-01-01')",
        "insert into visit values (1, 'home@x.be', 'shirts')",
    ]
    link = {"email": {"of": "customer", "to": "email"}}
    datamap = {
        "people": CUSTOMER,
        "collected": "person.since",
        "tables": {
            "visit": {"about": link, "columns": {"page": "data.text"}},
            "person": {"columns": {"email": "data.text"}},
        },
    }
    with small(store_url, script, datamap) as found:
        found.erase("customer", [(1,)])
        assert found.rows("select email, page from visit") == [("home@x.be", "shirts")]
        assert (2, "home@x.be") in found.rows("select id, email from person")


def test_a_key_that_people_and_others_share_takes_only_the_rows_of_people(store_url: str) -> None:
    script = [
        "create table log (id integer primary key, who varchar(20), kind varchar(10), page varchar(40))",
        "insert into log values (1, 'x', 'person', 'one'), (2, 'x', 'machine', 'two')",
    ]
    datamap = {
        "people": {"visitor": {"table": "log", "key": "who", "is": "customer", "where": "kind = 'person'"}},
        "tables": {"log": {"columns": {"page": "data.text"}}},
    }
    with small(store_url, script, datamap, NOTHING) as found:
        found.erase("visitor", [("x",)])
        assert found.rows("select id, page from log") == [(2, "two")]


def test_a_moment_in_universal_time_is_compared_with_universal_time(store_url: str) -> None:
    kind = "timestamptz" if store_url.startswith("postgres") else "timestamp"
    if store_url.startswith("sqlite"):
        pytest.skip("SQLite has no type for a moment in universal time")
    script = [
        f"create table person (id integer primary key, name varchar(20), since {kind} null)",
        "insert into person values (1, 'alice', '2026-03-31 09:30:00'), (2, 'bob', '2026-03-31 10:30:00')",
    ]
    datamap = {
        "people": CUSTOMER,
        "collected": "person.since",
        "tables": {"person": {"columns": {"name": "data.name"}}},
    }
    closed = PersonState(closed_before={("service", None): datetime(2026, 3, 31, 10, tzinfo=UTC)})
    with small(store_url, script, datamap) as found:
        verdicts = found.verdicts("person", "customer", [(1,), (2,)], {(1,): closed, (2,): closed})
        assert {row["key0"]: row["k0"] for row in verdicts} == {1: 0, 2: 1}


@pytest.mark.parametrize("many", [False, True], ids=["values", "tables"])
def test_rows_that_are_the_same_in_every_column_all_go(store_url: str, many: bool) -> None:
    script = [
        "create table log (email varchar(40), page varchar(40))",
        "insert into log values ('a@x.be', null), ('a@x.be', null), ('A@x.be', null)",
    ]
    datamap = {
        "people": {"visitor": {"table": "log", "key": "email", "is": "customer"}},
        "tables": {"log": {"columns": {"page": "data.text", "email": "data.text"}}},
    }
    with small(store_url, script, datamap, NOTHING) as found:
        found.erase("visitor", [("a@x.be",)], many=many)
        assert found.rows("select email from log") == [("A@x.be",)]


def test_forty_thousand_rows_of_one_person_fit_in_one_statement(store_url: str) -> None:
    script = [
        "create table person (id integer primary key, name varchar(20))",
        "create table item (a integer, b varchar(20), person_id integer, words varchar(20), primary key (a, b))",
        "create index item_person on item (person_id)",
        "insert into person values (1, 'alice'), (2, 'bob')",
        "insert into item with recursive n(i) as (select 1 union all select i + 1 from n where i < 40000) "
        "select i, concat('k', i), 1, 'w' from n",
        "insert into item values (1, 'other', 2, 'w')",
    ]
    if store_url.startswith(("mysql", "mariadb")):
        script.insert(0, "set session max_recursive_iterations = 50000")
    if store_url.startswith("sqlite"):
        script[4] = script[4].replace("concat('k', i)", "'k' || i")
    datamap = {
        "people": CUSTOMER,
        "tables": {
            "person": {"columns": {"name": "data.name"}},
            "item": {"about": {"person_id": "customer"}, "columns": {"words": "data.text"}},
        },
    }
    with small(store_url, script, datamap, NOTHING) as found:
        counts = found.erase("customer", [(1,)])
        assert counts["item"].deleted == 40000
        assert found.rows("select a, b from item") == [(1, "other")]


def test_a_key_padded_with_blanks_is_found(store_url: str) -> None:
    script = [
        "create table person (code char(6) primary key, name varchar(20))",
        "insert into person values ('ab', 'alice'), ('cd', 'bob')",
    ]
    datamap = {
        "people": {"customer": {"table": "person", "key": "code", "is": "customer"}},
        "tables": {"person": {"columns": {"name": "data.name"}}},
    }
    with small(store_url, script, datamap, NOTHING) as found:
        [(code,)] = found.rows("select code from person where name = 'alice'")
        found.erase("customer", [(code,)])
        assert found.rows("select name from person") == [("bob",)]


def test_names_and_texts_of_any_letters_stay_names_and_texts(store_url: str) -> None:
    quote = "`" if store_url.startswith(("mysql", "mariadb")) else '"'
    odd = '50%s "off" `now`; --'
    column = quote + odd.replace(quote, quote * 2) + quote
    create = f"create table person (id integer primary key, kind varchar(40), {column} varchar(40))".replace("%", "%%")
    insert = "insert into person values (1, '100%%', 'x'), (2, '%%s', 'y')"
    if store_url.startswith("sqlite"):
        create, insert = create.replace("%%", "%"), insert.replace("%%", "%")
    datamap = {
        "people": {
            "a-b.c": {"table": "person", "key": "id", "is": "customer", "where": "kind = '100%' or kind = 'it''s \\'"}
        },
        "tables": {"person": {"columns": {odd: "data.name"}}},
    }
    with small(store_url, [create, insert], datamap, NOTHING) as found:
        found.erase("a-b.c", [(1,)])
        assert found.rows("select id from person") == [(2,)]


def test_a_shortened_text_counts_its_letters_not_its_bytes(store_url: str) -> None:
    script = [
        "create table person (id integer primary key, name varchar(20))",
        "create table bill (id integer primary key, person_id integer references person(id), day date)",
        "insert into person values (1, 'éàü')",
        "insert into bill values (1, 1, '2026-03-01')",
    ]
    purposes = {"books": {"title": "T", "basis": "legal-obligation", "uses": ["data.text"]}}
    datamap = {
        "people": CUSTOMER,
        "tables": {
            "person": {"columns": {"name": {"element": "data.name", "erase": {"generalise": 2}}}},
            "bill": {"about": {"person_id": "customer"}, "columns": {"day": "data.text"}},
        },
    }
    with small(store_url, script, datamap, purposes) as found:
        assert found.erase("customer", [(1,)])["person"].erased == 1
        assert found.rows("select name from person") == [("éà",)]
        assert found.erase("customer", [(1,)])["person"].erased == 0


def test_letters_of_another_character_set_are_the_same_letters(mariadb: Fresh) -> None:
    script = [
        "create table person (name varchar(20) primary key, words varchar(20)) character set latin1",
        "insert into person values ('zoé', 'x'), ('zoe', 'y')",
    ]
    script[0] = script[0].replace("character set latin1", "character set latin1 collate latin1_bin")
    datamap = {
        "people": {"customer": {"table": "person", "key": "name", "is": "customer", "where": "name <> 'zoe'"}},
        "tables": {"person": {"columns": {"words": "data.text"}}},
    }
    with small(mariadb(), script, datamap, NOTHING) as found:
        found.erase("customer", [("zoé",)])
        assert found.rows("select words from person") == [("y",)]


def test_an_address_with_an_accent_is_not_the_one_without(store_url: str) -> None:
    script = [
        "create table person (id integer primary key, email varchar(40))",
        "create table visit (id integer primary key, email varchar(40), page varchar(40))",
        "insert into person values (1, 'Rene@x.be'), (2, 'rené@x.be')",
        "insert into visit values (1, 'rene@X.be', 'one'), (2, 'rené@x.be', 'two')",
    ]
    link = {"email": {"of": "customer", "to": "email", "match": "email"}}
    datamap = {"people": CUSTOMER, "tables": {"visit": {"about": link, "columns": {"page": "data.text"}}}}
    with small(store_url, script, datamap, NOTHING) as found:
        found.erase("customer", [(1,)])
        assert found.rows("select page from visit") == [("two",)]


def test_two_tables_that_point_at_each_other_both_go(store_url: str) -> None:
    script = [
        "create table person (id integer primary key, name varchar(20), main_id integer)",
        "create table address (id integer primary key, person_id integer not null, street varchar(20), "
        "foreign key (person_id) references person(id))",
        "insert into person values (1, 'alice', null), (2, 'bob', null)",
        "insert into address values (1, 1, 'here'), (2, 2, 'there')",
        "update person set main_id = id",
    ]
    if store_url.startswith("sqlite"):
        script[0] = script[0].replace("main_id integer", "main_id integer references address(id)")
    else:
        script.append("alter table person add foreign key (main_id) references address(id)")
    datamap = {
        "people": CUSTOMER,
        "tables": {"person": {"columns": {"name": "data.name"}}, "address": {"columns": {"street": "data.text"}}},
    }
    with small(store_url, script, datamap, NOTHING) as found:
        found.erase("customer", [(1,)])
        assert found.rows("select name, street from person join address on address.id = main_id") == [("bob", "there")]
        assert found.rows("select count(*) from person") == [(1,)]
        assert found.rows("select count(*) from address") == [(1,)]


def test_a_folder_of_another_inside_hers_stays_the_others(store_url: str) -> None:
    script = [
        "create table person (id integer primary key, name varchar(20))",
        "create table folder (id integer primary key, parent_id integer, person_id integer, title varchar(20), "
        "foreign key (parent_id) references folder(id), foreign key (person_id) references person(id))",
        "insert into person values (1, 'alice'), (2, 'bob')",
        "insert into folder values (1, null, 1, 'x')",
        "insert into folder values (2, 1, 2, 'y')",
    ]
    about = {"parent_id": "folder", "person_id": "customer"}
    datamap = {"people": CUSTOMER, "tables": {"folder": {"about": about, "columns": {"title": "data.text"}}}}
    with small(store_url, script, datamap, NOTHING) as found:
        found.erase("customer", [(1,)], states={(2,): PersonState(held=True)})
        assert found.rows("select id, person_id, title from folder") == [(1, None, None), (2, 2, "y")]
        assert found.rows("select id from person") == [(2,)]

"""Whose rows are whose: a word about a person finds her rows, wherever they went; of who is gone nothing is left."""

from __future__ import annotations

from typing import Any

from tests.purposes.shop import Shop
from tests.servers import Postgres

from belofte.choices.events import Kind
from belofte.purposes import applying
from belofte.stores import postgres_whose
from belofte.stores.connect import connect
from belofte.stores.session import session

OLD = """
DROP TABLE belofte.person_customer;
CREATE TABLE belofte.person_customer (handle bigint NOT NULL, k0 integer NOT NULL, PRIMARY KEY (k0, handle));
INSERT INTO belofte.person_customer VALUES (1, 1), (2, 2), (3, 3);
"""


def pairs(shop: Shop) -> list[Any]:
    """The keys of the rows that the store knows somebody of, in order, and how many rows that takes."""
    with shop.crm() as crm:
        keys = crm.execute("SELECT array(SELECT unnest(k0) FROM belofte.person_customer ORDER BY 1)").fetchone()[0]
        return [keys, crm.execute("SELECT count(*) FROM belofte.person_customer").fetchone()[0]]


def test_a_store_that_was_applied_before_shows_the_change_and_takes_it(shop: Shop) -> None:
    shop.apply()
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    shop.refresh()
    with shop.crm() as crm:
        crm.execute(OLD)
        crm.execute(
            "UPDATE belofte.made SET wanted = 'older', found = 'older' WHERE item = 'relation belofte.person_customer'"
        )
    assert "relation belofte.person_customer" in {change.item for change in shop.plan().stores[0].changes}
    shop.apply()
    assert shop.plan().empty
    assert shop.sees("mailing", "contact", "id") == [(1,)]
    shop.choose("alice", Kind.CONSENT_WITHDRAWN, "mailing")
    assert shop.sees("mailing", "contact", "id") == []


def test_undone_the_store_shows_nothing_until_it_is_told_anew(shop: Shop) -> None:
    shop.apply()
    shop.choose("bob", Kind.OBJECTION_MADE, "service")
    with shop.crm() as crm:
        crm.execute("UPDATE belofte.made SET wanted = 'older' WHERE item = 'relation belofte.allowed_customer'")
    shop.apply()
    assert shop.sees("service", "contact", "id") == [(1,), (3,)]
    with shop.desk() as desk:
        applying.undo(desk, desk.open("crm", read_only=False))
    assert shop.sees("service", "contact", "id") == []
    shop.refresh()
    assert shop.sees("service", "contact", "id") == [(1,), (3,)]


def test_a_person_whose_row_has_another_key_by_now_is_looked_for(shop: Shop) -> None:
    shop.apply()
    shop.choose("bob", Kind.CONSENT_GIVEN, "mailing")
    shop.refresh()
    with shop.crm() as crm:
        crm.execute("DELETE FROM message; DELETE FROM orders; DELETE FROM contact WHERE id = 2")
        crm.execute("INSERT INTO contact VALUES (2, 'Dora', 'dora@example.com'), (7, 'Bob', 'bob@example.com')")
    shop.choose("bob", Kind.OBJECTION_MADE, "service")
    assert shop.sees("service", "contact", "id") == [(1,), (2,), (3,)]


def test_of_who_is_gone_nothing_is_left_and_the_rest_is_packed(shop: Shop) -> None:
    shop.apply()
    assert pairs(shop) == [[], 0]
    for who in ("alice", "bob", "charlie"):
        shop.choose(who, Kind.CONSENT_GIVEN, "mailing")
    shop.refresh()
    shop.refresh()
    assert pairs(shop) == [[1, 2, 3], 3]
    with shop.crm() as crm:
        crm.execute("DELETE FROM message; DELETE FROM orders; DELETE FROM contact WHERE id < 3")
    shop.choose("alice", Kind.CONSENT_WITHDRAWN, "mailing")
    assert pairs(shop)[0] == [2, 3]
    shop.refresh()
    assert pairs(shop) == [[3], 1]


def test_people_of_one_place_are_told_apart_whatever_their_keys(postgres_running: Postgres) -> None:
    kinds, made = ["text", "character varying(5)"], postgres_running.fresh()
    alice, bob = ('it\'s "a", {key}', "a"), ("b\\", "NULL")
    store = connect(postgres_running.url(made), read_only=False, name="crm")
    with session(store) as s:
        s.execute("CREATE SCHEMA belofte")
        for statement in postgres_whose.made("customer", kinds):
            s.execute(statement)
        s.execute("CREATE TABLE people (x text, y varchar(5))")
        s.execute("INSERT INTO people VALUES (%s, %s), (%s, %s)", (*alice, *bob))
        postgres_whose.tell_persons(s, "customer", kinds, {alice: [-1, 5], bob: [-1, -2]})
        assert postgres_whose.pack(s, "customer", "people", ("x", "y"), kinds) == 0
        assert s.execute("SELECT count(*) FROM belofte.person_customer") == [(2,)]
        found = postgres_whose.persons(s, "customer", kinds, [-1, 5, 6])
        assert {handle: sorted(keys) for handle, keys in found.items()} == {-1: [bob, alice], 5: [alice]}
        postgres_whose.tell_persons(s, "customer", kinds, {alice: [5]}, led=[-1])
        assert postgres_whose.persons(s, "customer", kinds, [-1, -2, 5]) == {-1: [bob], -2: [bob], 5: [alice]}
        s.execute("DELETE FROM people WHERE y = 'a'")
        assert postgres_whose.pack(s, "customer", "people", ("x", "y"), kinds) == 1
        assert postgres_whose.persons(s, "customer", kinds, [5]) == {}
    store.close()
    postgres_running.drop(made)

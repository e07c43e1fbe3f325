"""Whom a message about the processing reaches: everyone concerned, whatever she said to advertising."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from tests.purposes.shop import EMAILS, Shop

from belofte.choices.events import Kind
from belofte.choices.subjects import Identifier, add_identifiers, subject_of
from belofte.datamap.model import DataMap
from belofte.purposes.addressees import Listed, addressees, counted, through
from belofte.rights.desk import StoreSpec


def told(shop: Shop, concerned: str, kinds: Sequence[str] = ("customer",)) -> dict[tuple[object, ...], str]:
    """The address of everyone whom a message about a purpose reaches, by key."""
    with shop.desk() as desk:
        purposes = through(desk.policy, [concerned])
        return {one.key: one.address for one in addressees(desk, kinds, purposes).people}


EVERYONE = {(1,): "Alice@example.com", (2,): "bob@example.com", (3,): "charlie@example.com"}


def test_a_message_on_the_processing_reaches_also_who_refused_advertising(shop):
    shop.map["mode"] = "observe"
    shop.choose("alice", Kind.OBJECTION_MADE, "mailing")
    assert told(shop, "books") == EVERYONE


def test_it_goes_through_no_advertising_but_the_one_that_it_is_about(shop):
    with shop.desk() as desk:
        assert through(desk.policy, ["books"]) == ["service", "books"]
        assert through(desk.policy, ["mailing"]) == ["service", "books", "mailing"]


def test_whose_address_nothing_may_use_now_is_listed_without(shop):
    shop.map["mode"] = "observe"
    shop.policy["purposes"]["service"]["uses"] = ["identity.name"]
    nobody = dict.fromkeys(EVERYONE, "")
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing", channel="email")
    assert told(shop, "books") == nobody
    assert told(shop, "mailing") == {**nobody, (1,): "Alice@example.com"}


def test_only_the_kinds_concerned_are_told_and_counted(shop):
    shop.map["mode"] = "observe"
    assert told(shop, "books", ["employee"]) == {}
    assert told(shop, "books", []) == EVERYONE
    with shop.desk() as desk:
        assert counted(desk, ["customer"]).kinds == {"customer": 3}
        assert counted(desk, ["employee"]).kinds == {}


def test_the_kind_of_each_row_counts_where_a_column_tells_it(shop):
    shop.map["mode"] = "observe"
    shop.policy["people"] = ["customer", "giant"]
    shop.map["people"]["customer"]["is"] = {"column": "shoe_size", "values": {"45": "giant"}, "else": "customer"}
    shop.map["tables"]["contact"]["columns"]["shoe_size"] = "none"
    assert set(told(shop, "books", ["giant"])) == {(2,)}
    with shop.desk() as desk:
        assert counted(desk, []).kinds == {"customer": 2, "giant": 1}


def test_who_is_of_an_unknown_kind_is_told_and_counted_whatever_else_says(shop):
    shop.map["mode"] = "observe"
    shop.policy["people"] = ["customer", "giant", "employee"]
    shop.map["people"]["customer"]["is"] = {"column": "shoe_size", "values": {"45": "giant"}, "else": "customer"}
    shop.map["tables"]["contact"]["columns"]["shoe_size"] = "none"
    with shop.crm() as crm:
        crm.execute("UPDATE contact SET shoe_size = NULL WHERE id = 3")
    assert told(shop, "books", ["giant"]) == {(2,): "bob@example.com", (3,): ""}
    assert set(told(shop, "books", ["employee"])) == set()
    with shop.desk() as desk:
        assert counted(desk, []).kinds == {"customer": 1, "giant": 1, "unknown": 1}
        assert counted(desk, ["giant"]).kinds == {"giant": 1, "unknown": 1}


def second_store(shop: Shop, folder: Path, rows: Sequence[tuple[str | None, str | None]]) -> None:
    """A web shop beside the shop's own database: its accounts by e-mail and telephone."""
    shop.map["mode"] = "observe"
    shop.policy["people"] = ["customer", "visitor"]
    shop.policy["categories"]["identity"]["elements"]["phone"] = "pd:TelephoneNumber"
    file = folder / "web.db"
    with sqlite3.connect(file) as web:
        web.execute("CREATE TABLE account (id integer PRIMARY KEY, email text, phone text)")
        web.executemany("INSERT INTO account (email, phone) VALUES (?, ?)", rows)
    web.close()
    stated = {
        "store": "web", "url": "${WEB_URL}",
        "people": {"account": {"table": "account", "key": "id", "is": "visitor",
                               "identifiers": {"email": "email", "phone": "phone"}}},
        "tables": {"account": {"columns": {"email": "identity.email", "phone": "identity.phone"}}},
    }  # fmt: skip
    shop.others["web"] = StoreSpec(DataMap.model_validate(stated), lambda: f"sqlite:///{file}")


def listed(shop: Shop) -> Listed:
    with shop.desk() as desk:
        return addressees(desk, (), through(desk.policy, ["books"]))


def test_who_is_in_two_stores_is_counted_and_listed_once(shop, tmp_path):
    second_store(shop, tmp_path, [("ALICE@example.com ", None), ("dave@example.com", None)])
    with shop.desk() as desk:
        found = counted(desk, ())
    assert (found.people, dict(found.kinds), found.at_most) == (4, {"customer": 3, "visitor": 2}, False)
    assert sorted(one.address.lower() for one in listed(shop).people) == [
        "alice@example.com", "bob@example.com", "charlie@example.com", "dave@example.com",
    ]  # fmt: skip


def test_accounts_that_lead_to_each_other_are_one_person(shop, tmp_path):
    second_store(shop, tmp_path, [("alice@example.com", "+32 470 12 34 56"), ("a@work.example", "0470/123456")])
    with shop.desk() as desk:
        assert counted(desk, ()).people == 3


def test_a_row_that_nothing_links_is_counted_by_itself_and_at_most(shop, tmp_path):
    second_store(shop, tmp_path, [("alice@example.com", None), (None, "+32 470 12 34 56")])
    with shop.desk() as desk:
        found = counted(desk, ())
    assert (found.people, found.at_most) == (4, True)
    assert listed(shop).at_most


def test_what_is_known_to_be_two_people_is_never_one(shop, tmp_path):
    second_store(shop, tmp_path, [("alice@example.com", "+32 470 12 34 56"), ("bob@example.com", "0470 12 34 56")])
    with shop.desk() as desk:
        for name in ("alice", "bob"):
            one = subject_of(shop.db, desk.key, [Identifier("email", EMAILS[name])])
            assert not isinstance(one, tuple)
        assert counted(desk, ()).people == 3
        bob = subject_of(shop.db, desk.key, [Identifier("email", EMAILS["bob"])])
        add_identifiers(shop.db, desk.key, bob, [Identifier("email", EMAILS["alice"])])
        found = counted(desk, ())
    assert (found.people, found.at_most) == (4, True)  # a mailbox of two: it shows of neither account whose it is


def test_a_restriction_does_not_keep_her_from_being_told(shop):
    shop.map["mode"] = "observe"
    shop.choose("alice", Kind.RESTRICTION_SET, category="identity")
    assert told(shop, "books") == EVERYONE


def test_people_in_a_store_kept_by_hand_are_told_by_hand(shop):
    shop.map["mode"] = "observe"
    paper = {"store": "paper", "kind": "manual", "manual": {"holds": ["identity.name"]}}
    shop.others["paper"] = StoreSpec(DataMap.model_validate(paper), lambda: "")
    assert listed(shop).by_hand == ("paper",)


def test_whom_another_company_has_us_keep_data_of_is_told_by_that_one(shop):
    shop.map["mode"] = "observe"
    shop.map["role"] = "processor"
    assert listed(shop).people == ()

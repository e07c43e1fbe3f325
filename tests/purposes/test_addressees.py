"""Whom a message about the processing reaches: everyone concerned, whatever she said to advertising."""

from __future__ import annotations

from collections.abc import Sequence

from tests.purposes.shop import Shop

from belofte.choices.events import Kind
from belofte.purposes.addressees import addressees, counted, through


def told(shop: Shop, concerned: str, kinds: Sequence[str] = ("customer",)) -> dict[tuple[object, ...], str]:
    """The address of everyone whom a message about a purpose reaches, by key."""
    with shop.desk() as desk:
        purposes = through(desk.policy, [concerned])
        return {one.key: one.address for one in addressees(desk, desk.open("crm"), kinds, purposes)}


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
        assert counted(desk.open("crm"), ["customer"]) == {"customer": 3}
        assert counted(desk.open("crm"), ["employee"]) == {}


def test_the_kind_of_each_row_counts_where_a_column_tells_it(shop):
    shop.map["mode"] = "observe"
    shop.policy["people"] = ["customer", "giant"]
    shop.map["people"]["customer"]["is"] = {"column": "shoe_size", "values": {"45": "giant"}, "else": "customer"}
    shop.map["tables"]["contact"]["columns"]["shoe_size"] = "none"
    assert set(told(shop, "books", ["giant"])) == {(2,)}
    with shop.desk() as desk:
        assert counted(desk.open("crm"), []) == {"customer": 2, "giant": 1}

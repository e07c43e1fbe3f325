"""What an answer to access holds and states."""

from __future__ import annotations

from tests.rights.deciding import CUSTOMER, NOW, POLICY, TRADER

from belofte.policy.model import Transfer
from belofte.rights.access import decide
from belofte.rights.decision import beside, passed_on


def test_every_category_is_shown_also_what_no_purpose_uses():
    decision = decide(POLICY, CUSTOMER, NOW)
    assert {one.category for one in decision.outcomes} == set(POLICY.categories)
    assert {one.outcome for one in decision.outcomes} == {"granted"}
    assert [one.purpose for one in decision.outcomes if one.category == "unused"] == [None]


def test_purposes_are_those_that_reach_her():
    purposes = {one.purpose for one in decide(POLICY, TRADER, NOW).outcomes}
    assert "orders" in purposes
    assert "complaints" not in purposes


def test_unknown_kind_leaves_nothing_out():
    assert {one.purpose for one in decide(POLICY, frozenset(), NOW).outcomes} == {*POLICY.purposes, None}


def test_what_must_be_stated_follows_from_the_policy():
    codes = [item.code for item in decide(POLICY, CUSTOMER, NOW).stated]
    assert {"confirmation", "purposes", "retention", "complaint", "copy", "source"} <= set(codes)
    assert "safeguards" not in codes
    assert "automated" not in codes


def test_a_transfer_makes_its_safeguards_due():
    policy = POLICY.model_copy(update={"transfers": {"us": Transfer(country="US", ground="scc")}})
    assert "safeguards" in [item.code for item in decide(policy, CUSTOMER, NOW).stated]


def test_data_held_only_as_processor_is_passed_on_and_not_answered():
    decision = passed_on(["visits", "payment"], NOW)
    assert [(one.category, one.outcome) for one in decision.outcomes] == [
        ("payment", "passed-on"),
        ("visits", "passed-on"),
    ]
    assert decision.closings == ()


def test_what_is_passed_on_stands_beside_the_answer():
    decision = beside(decide(POLICY, CUSTOMER, NOW), ["visits"])
    assert decision.stated
    assert decision.outcomes[-1].outcome == "passed-on"

"""What an objection leads to, per purpose and basis."""

from __future__ import annotations

import pytest
from tests.rights.deciding import CUSTOMER, NOW, POLICY, TRADER, events, said

from belofte.rights.objection import decide


def test_objection_to_everything_is_answered_per_purpose_that_reaches_her():
    decision = decide(POLICY, CUSTOMER, NOW)
    assert said(decision, "orders") == [("granted", "21(1)", "upheld")]
    assert said(decision, "books") == [("refused", "21(1), 6(1)(c)", "legal-obligation")]
    assert said(decision, "claims") == [("refused", "21(1), 17(3)", "overruled")]
    assert said(decision, "complaints") == [("undetermined", "21(1), 18(1)(d)", "weighing")]
    assert said(decision, "measuring") == [("granted", "7(3)", "withdrawn")]
    assert said(decision, "newsletter") == [("granted", "21(2), 21(3)", "direct-marketing")]
    assert said(decision, "rescue") == []


def test_no_erasure_follows_from_an_objection():
    assert "erasure:closed" not in {one.kind.value for one in decide(POLICY, CUSTOMER, NOW).closings}


def test_direct_marketing_only_leaves_the_rest_alone():
    decision = decide(POLICY, CUSTOMER, NOW, direct_marketing_only=True)
    assert {one.purpose for one in decision.outcomes} == {"newsletter", "post"}
    assert events(decision, "post") == ["objection:made"]


def test_advertising_stops_even_for_who_is_not_known():
    decision = decide(POLICY, frozenset(), NOW, direct_marketing_only=True)
    assert {one.outcome for one in decision.outcomes} == {"granted"}


def test_never_an_objection_recorded_where_a_contract_or_duty_holds():
    for kinds in (TRADER, CUSTOMER | TRADER):
        decision = decide(POLICY, kinds, NOW)
        assert events(decision, "orders") == []
        assert events(decision, "books") == []


def test_asked_about_a_purpose_that_does_not_use_her_data():
    assert said(decide(POLICY, CUSTOMER, NOW, ["rescue"]), "rescue") == [("granted", "21(1)", "no-data")]


def test_a_refusal_says_where_to_turn_to():
    for one in decide(POLICY, CUSTOMER | TRADER, NOW).refusals:
        assert one.words.en.endswith("You may complain to the supervisory authority or go to court."), one.purpose


def test_unknown_purpose_is_refused():
    with pytest.raises(ValueError, match="unknown purpose `order`"):
        decide(POLICY, CUSTOMER, NOW, ["order"])

"""What a withdrawal of consent leads to, per purpose and channel."""

from __future__ import annotations

import pytest
from tests.rights.deciding import CUSTOMER, NOW, POLICY, TRADER, events, said

from belofte.choices.events import Kind
from belofte.rights.decision import Closing
from belofte.rights.withdrawal import decide


def test_every_consent_is_withdrawn_and_nothing_else():
    decision = decide(POLICY, CUSTOMER, NOW)
    assert {closing.purpose for closing in decision.closings} == {"newsletter", "measuring"}
    assert {closing.kind for closing in decision.closings} == {Kind.CONSENT_WITHDRAWN}


def test_one_channel_leaves_the_other():
    decision = decide(POLICY, CUSTOMER, NOW, {"newsletter": ["sms"]})
    assert decision.closings == (Closing(Kind.CONSENT_WITHDRAWN, "newsletter", "sms"),)
    assert [(one.channel, one.category) for one in decision.outcomes] == [("sms", "identity")]


def test_advertising_on_interest_stops_as_an_objection():
    decision = decide(POLICY, CUSTOMER, NOW, {"post": None})
    assert said(decision, "post") == [("granted", "21(2), 21(3)", "direct-marketing")]
    assert events(decision, "post") == ["objection:made"]


def test_what_rests_on_interest_says_that_she_may_object():
    assert said(decide(POLICY, CUSTOMER, NOW, {"orders": None}), "orders") == [("refused", "7(3)", "may-object")]


def test_what_rests_on_contract_has_nothing_to_withdraw():
    decision = decide(POLICY, TRADER, NOW, {"orders": None})
    assert said(decision, "orders") == [("refused", "7(3)", "not-on-consent")]
    assert decision.closings == ()


def test_unknown_kind_withdraws_what_may_be_a_consent():
    assert events(decide(POLICY, frozenset(), NOW), "measuring") == ["consent:withdrawn"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [({"news": None}, "unknown purpose `news`"), ({"newsletter": ["fax"]}, "unknown channel `fax` of `newsletter`")],
)
def test_what_the_policy_does_not_declare_is_refused(asked, message):
    with pytest.raises(ValueError, match=message):
        decide(POLICY, CUSTOMER, NOW, asked)

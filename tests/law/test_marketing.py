"""Direct marketing in Belgium: whether a message may leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from belofte.law.marketing import RULES, Message, SoftOptIn, call_regime, permission

MAIL = Message(
    "email",
    objected=False,
    consent=False,
    on_national_list=False,
    recognisable=True,
    valid_opt_out=True,
    joint_arrangement=False,
    purpose_live=True,
)
CUSTOMER = SoftOptIn(True, True, True, True)


@pytest.mark.parametrize(
    ("message", "allowed", "code"),
    [
        (MAIL, False, "NO_CONSENT"),
        (replace(MAIL, consent=True), True, "CONSENT"),
        (replace(MAIL, soft_opt_in=CUSTOMER), True, "SOFT_OPT_IN"),
        (replace(MAIL, channel="sms", soft_opt_in=CUSTOMER), True, "SOFT_OPT_IN"),
        (replace(MAIL, soft_opt_in=replace(CUSTOMER, similar_products=False)), False, "NO_CONSENT"),
        (replace(MAIL, address="impersonal-company"), True, "COMPANY_ADDRESS"),
        (replace(MAIL, address="named-at-company"), False, "NO_CONSENT"),
        (replace(MAIL, consent=True, objected=True), False, "OBJECTED"),
        (replace(MAIL, address="impersonal-company", objected=True), False, "OBJECTED"),
        (replace(MAIL, consent=True, valid_opt_out=False), False, "NO_OPT_OUT"),
        (replace(MAIL, consent=True, recognisable=False), False, "NOT_RECOGNISABLE"),
        (replace(MAIL, consent=True, purpose_live=False), False, "PURPOSE_CLOSED"),
        (replace(MAIL, channel="call"), True, "OPT_OUT_CHANNEL"),
        (replace(MAIL, channel="call", on_national_list=True), False, "NATIONAL_LIST"),
        (replace(MAIL, channel="post"), True, "OPT_OUT_CHANNEL"),
        (replace(MAIL, channel="automatic-call", soft_opt_in=CUSTOMER), False, "NO_CONSENT"),
        (replace(MAIL, channel="fax", consent=True), True, "CONSENT"),
        (replace(MAIL, channel="custom-audience", consent=True), False, "NO_ARRANGEMENT"),
        (replace(MAIL, channel="custom-audience", consent=True, joint_arrangement=True), True, "CONSENT"),
        (replace(MAIL, channel="invitation"), False, "NO_CONSENT"),
    ],
)
def test_rule(message, allowed, code):
    found = permission(message)
    assert (found.allowed, found.code) == (allowed, code)


@pytest.mark.parametrize("channel", ["email", "sms", "automatic-call", "fax", "call", "post", "custom-audience"])
@pytest.mark.parametrize("fact", ["objected", "recognisable", "valid_opt_out", "purpose_live"])
def test_unknown_fact_lets_nothing_leave(channel, fact):
    message = replace(MAIL, channel=channel, consent=True, joint_arrangement=True, **{fact: None})
    assert permission(message).allowed is None


def test_unknown_consent_is_not_a_no_and_not_a_yes():
    assert permission(replace(MAIL, consent=None)).allowed is None
    assert permission(replace(MAIL, soft_opt_in=replace(CUSTOMER, similar_products=None))).allowed is None
    assert permission(replace(MAIL, channel="call", on_national_list=None)).allowed is None


def test_a_change_of_the_law_on_calls_is_one_dated_line():
    regimes = ((date(2013, 1, 1), "opt-out"), (date(2030, 1, 1), "opt-in"))
    assert call_regime(date(2029, 12, 31), regimes) == "opt-out"
    assert call_regime(date(2030, 1, 1), regimes) == "opt-in"
    assert call_regime(date(2012, 12, 31), regimes) == "opt-in"


def test_call_needs_consent_where_the_law_asks_it():
    call = replace(MAIL, channel="call")
    assert permission(call, "opt-in").code == "NO_CONSENT"
    assert permission(replace(call, consent=True), "opt-in").code == "CONSENT"
    assert permission(replace(call, consent=None), "opt-in").allowed is None


def test_each_rule_names_its_source_and_speaks_three_languages():
    assert all(source and len(set(words)) == 3 for source, words in RULES.values())

"""When a restriction is granted, and when it may be lifted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.rights.deciding import NOW, POLICY, said

from belofte.choices.events import Kind
from belofte.rights.decision import Closing
from belofte.rights.restriction import Asked, decide, lift


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [
        (Asked("accuracy"), ("granted", "18(1)(a)", "restricted")),
        (Asked("unlawful", True), ("granted", "18(1)(b)", "restricted")),
        (Asked("claim", True), ("granted", "18(1)(c)", "restricted")),
        (Asked("objection", True), ("granted", "18(1)(d)", "restricted")),
        (Asked("unlawful"), ("undetermined", "18(1)(b)", "ground-unknown")),
        (Asked("claim"), ("undetermined", "18(1)(c)", "ground-unknown")),
        (Asked("objection", False), ("refused", "18(1)(d)", "ground-absent")),
    ],
)
def test_each_ground(asked, outcome):
    decision = decide(POLICY, {"payment": asked}, NOW)
    assert said(decision, None) == [outcome]
    granted = (Closing(Kind.RESTRICTION_SET, category="payment"),) if outcome[0] == "granted" else ()
    assert decision.closings == granted


def test_every_category_at_once():
    decision = decide(POLICY, {"*": Asked("accuracy")}, NOW)
    assert decision.closings == (Closing(Kind.RESTRICTION_SET),)


def test_lifting_needs_a_notice_beforehand():
    told = lift(POLICY, {"payment"}, NOW, told=NOW - timedelta(days=7))
    assert told.closings == (Closing(Kind.RESTRICTION_LIFTED, category="payment"),)
    for moment in (None, NOW, NOW + timedelta(days=1)):
        untold = lift(POLICY, {"payment"}, NOW, told=moment)
        assert said(untold, None) == [("refused", "18(3)", "not-told")]
        assert untold.closings == ()


@pytest.mark.parametrize(
    ("category", "message"), [("pay", "unknown category `pay`"), ("payment.invoice", "is one element")]
)
def test_what_is_no_category_is_refused(category, message):
    with pytest.raises(ValueError, match=message):
        decide(POLICY, {category: Asked("accuracy")}, NOW)
    with pytest.raises(ValueError, match=message):
        lift(POLICY, {category}, NOW, told=None)

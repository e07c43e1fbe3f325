"""Impact assessment and data protection officer: when they are due."""

from __future__ import annotations

import pytest

from belofte.law.dpia import TRIGGERS, assessment, officer_due


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({}, False),
        ({"scoring": True}, False),
        ({"scoring": True, "monitoring": True}, True),
        ({"gba-8": True}, True),
        ({"special-large-scale": True}, True),
        ({"scoring": True, "matching": None}, None),
        ({"scoring": None}, False),
        ({"gba-4": None}, None),
        ({"gba-4": None, "gba-8": True}, True),
    ],
)
def test_one_that_suffices_or_two_of_nine(facts, due):
    assert assessment(facts).due is due


def test_triggers_are_three_of_the_law_eight_of_the_authority_and_nine_of_wp248():
    assert sum(trigger.alone for trigger in TRIGGERS.values()) == 3 + 8
    assert sum(not trigger.alone for trigger in TRIGGERS.values()) == 9
    assert all(all(trigger.words) for trigger in TRIGGERS.values())


def test_unknown_trigger_is_refused():
    with pytest.raises(ValueError, match="unknown trigger `gba-9`"):
        assessment({"gba-9": True})


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((False, True, False), (True, "37(1)(b)")),
        ((True, None, None), (True, "37(1)(a)")),
        ((False, False, True), (True, "37(1)(c)")),
        ((False, None, False), (None, "37(1)")),
        ((False, False, False), (False, "37(1)")),
    ],
)
def test_officer(facts, expected):
    public, monitoring, special = facts
    assert officer_due(public_body=public, core_monitoring=monitoring, core_special=special) == expected

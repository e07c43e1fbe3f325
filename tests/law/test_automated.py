"""Automated decisions: when they are allowed, and with what shield."""

from __future__ import annotations

from dataclasses import replace

import pytest

from belofte.law.automated import RULES, Decision, verdict

CREDIT = Decision(solely_automated=True, significant=True, ground="contract-necessity", human_review=True)


@pytest.mark.parametrize(
    ("decision", "allowed", "code"),
    [
        (CREDIT, True, "SHIELDED"),
        (replace(CREDIT, solely_automated=False, ground="none"), True, "OUTSIDE"),
        (replace(CREDIT, significant=False, ground="none"), True, "OUTSIDE"),
        (replace(CREDIT, significant=None), None, "UNKNOWN"),
        (replace(CREDIT, ground="none"), False, "NO_GROUND"),
        (replace(CREDIT, ground=None), None, "NO_GROUND"),
        (replace(CREDIT, human_review=False), False, "NO_HUMAN"),
        (replace(CREDIT, human_review=None), None, "NO_HUMAN"),
        (replace(CREDIT, ground="law", human_review=False), True, "SHIELDED"),
        (replace(CREDIT, special=True), False, "SPECIAL"),
        (replace(CREDIT, special=None), None, "SPECIAL"),
        (replace(CREDIT, special=True, special_ground="9(2)(a)"), True, "SHIELDED"),
        (replace(CREDIT, special=True, special_ground="9(2)(b)"), False, "SPECIAL"),
    ],
)
def test_rule(decision, allowed, code):
    found = verdict(decision)
    assert (found.allowed, found.code) == (allowed, code)


def test_each_rule_has_words_in_three_languages():
    assert all(len(set(words)) == 3 for _, words in RULES.values())

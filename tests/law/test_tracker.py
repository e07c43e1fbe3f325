"""Trackers on a person's device: what needs consent."""

from __future__ import annotations

import pytest

from belofte.law.tracker import WORDS, basis_allowed, verdict


@pytest.mark.parametrize("technique", ["cookie", "local-storage", "pixel", "email-pixel", "link", "sdk", "fingerprint"])
def test_tracker_that_nothing_exempts_needs_consent(technique):
    assert verdict(technique) == "consent"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"necessary": True}, "exempt"),
        ({"transmission": True}, "exempt"),
        ({"necessary": None}, "undetermined"),
        ({"transmission": None}, "undetermined"),
        ({"transmission": None, "necessary": True}, "exempt"),
    ],
)
def test_exemption(facts, expected):
    assert verdict("cookie", **facts) == expected


@pytest.mark.parametrize(("from_terminal", "expected"), [(True, "consent"), (None, "consent"), (False, "outside")])
def test_address_alone_is_outside_only_where_it_is_not_the_devices(from_terminal, expected):
    assert verdict("ip-only", from_terminal=from_terminal) == expected


def test_interest_never_carries_a_tracker_that_needs_consent():
    assert not basis_allowed("legitimate-interest", "consent")
    assert not basis_allowed("legitimate-interest", "undetermined")
    assert basis_allowed("consent", "consent")
    assert basis_allowed("legitimate-interest", "exempt")


def test_each_verdict_has_words_in_three_languages():
    assert all(len(set(words)) == 3 for words in WORDS.values())

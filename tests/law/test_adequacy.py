"""Transfers: the first ground that matches, on the day that it holds."""

from __future__ import annotations

from datetime import date

import pytest

from belofte.law.adequacy import DECISIONS, EEA, GROUNDS, Safeguards, adequacy, ground, is_eea


def test_eea_is_the_union_and_three_more():
    assert len(EEA) == 30
    assert is_eea("BE")
    assert is_eea("NO")
    assert not is_eea("CH")
    assert not is_eea("GB")


def test_adequate_countries_are_those_of_the_list():
    listed = "AD AR BR CA CH EPO FO GB GG IL IM JE JP KR NZ US UY"
    assert " ".join(sorted(decision.country for decision in DECISIONS)) == listed


@pytest.mark.parametrize(
    ("country", "on", "holds"),
    [
        ("BR", date(2026, 1, 25), False),
        ("BR", date(2026, 1, 26), True),
        ("GB", date(2031, 12, 27), True),
        ("GB", date(2031, 12, 28), False),
        ("US", date(2023, 7, 9), False),
        ("RU", date(2026, 11, 1), False),
    ],
)
def test_decision_holds_from_its_day_to_its_last(country, on, holds):
    assert (adequacy(country, on) is not None) is holds


@pytest.mark.parametrize(
    ("country", "declared", "code", "permitted", "lacking"),
    [
        ("BE", None, "eea", True, ()),
        ("CH", None, "adequacy", True, ()),
        ("CH", Safeguards("scc"), "adequacy", True, ()),
        ("US", None, "block", False, ("certified",)),
        ("US", Safeguards("adequacy"), "block", False, ("certified",)),
        ("US", Safeguards("adequacy", certified=True), "adequacy", True, ()),
        ("US", Safeguards("scc", module=2, assessment=True), "scc", True, ()),
        ("IN", None, "block", False, ("ground",)),
        ("IN", Safeguards("adequacy"), "block", False, ("ground",)),
        ("IN", Safeguards("we-promise"), "block", False, ("ground",)),
        ("IN", Safeguards("eea"), "block", False, ("ground",)),
        ("IN", Safeguards("scc", module=2), "scc", False, ("assessment",)),
        ("IN", Safeguards("scc", module=5, assessment=True), "scc", False, ("module",)),
        ("IN", Safeguards("bcr", assessment=True), "bcr", True, ()),
        ("IN", Safeguards("ad-hoc", assessment=True), "ad-hoc", False, ("authorised",)),
        ("IN", Safeguards("art49-1-a"), "art49-1-a", True, ()),
        ("IN", Safeguards("art49-2"), "art49-2", True, ()),
    ],
)
def test_first_ground_that_matches(country, declared, code, permitted, lacking):
    found = ground(country, declared)
    assert (found.code, found.permitted, found.missing) == (code, permitted, lacking)


def test_ground_lapses_with_its_decision():
    assert ground("GB", on=date(2026, 11, 1)).permitted
    assert not ground("GB", on=date(2032, 1, 1)).permitted


def test_derogations_carry_their_article_and_words():
    assert GROUNDS["art49-1-e"].article == "49(1)(e)"
    assert GROUNDS["art49-2"].article == "49(1), second subparagraph"
    assert all(all(entry.words) for entry in GROUNDS.values())

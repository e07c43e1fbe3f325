"""The notice checklist: what is due in which situation, and when."""

from __future__ import annotations

from datetime import date

import pytest

from belofte.law.notice import CHECKLIST, Situation, due, indirect_due, missing

PLAIN = Situation(
    officer=False,
    legitimate_interest=False,
    recipients=False,
    transfers=False,
    consent=False,
    objection=False,
    joint=False,
)


def codes(items) -> list[str]:
    return [item.code for item in items]


def test_checklist_is_complete_and_in_order():
    assert codes(CHECKLIST) == [f"N{n:02}" for n in range(1, 20)]
    assert all(all(item.words) for item in CHECKLIST)


def test_plain_direct_notice_owes_what_always_holds():
    assert codes(due(PLAIN)) == ["N01", "N03", "N08", "N09", "N11", "N12", "N13", "N15", "N17"]


def test_data_from_elsewhere_adds_categories_and_source_and_drops_the_requirement():
    indirect = Situation(**{**vars(PLAIN), "direct": False, "indirect": True})
    assert set(codes(due(indirect))) ^ set(codes(due(PLAIN))) == {"N05", "N12", "N14"}


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ("officer", "N02"),
        ("legitimate_interest", "N04"),
        ("recipients", "N06"),
        ("transfers", "N07"),
        ("consent", "N10"),
        ("new_purpose", "N16"),
        ("objection", "N18"),
        ("joint", "N19"),
    ],
)
@pytest.mark.parametrize("value", [True, None])
def test_condition_that_holds_or_is_unknown_makes_its_item_due(fact, code, value):
    situation = Situation(**{**vars(PLAIN), fact: value})
    assert code in codes(due(situation))
    assert code not in codes(due(PLAIN))


def test_what_is_stated_is_not_missing():
    assert codes(missing({"N01", "N03", "N08", "N09", "N11", "N12", "N13", "N15"}, PLAIN)) == ["N17"]


def test_unknown_code_is_refused():
    with pytest.raises(ValueError, match="unknown notice item `N20`"):
        missing({"N20"})


@pytest.mark.parametrize(
    ("obtained", "contact", "disclosure", "last"),
    [
        (date(2026, 1, 31), None, None, date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 2, 3), date(2026, 2, 10), date(2026, 2, 3)),
        (date(2026, 1, 31), date(2026, 5, 1), date(2026, 2, 10), date(2026, 2, 10)),
    ],
)
def test_people_hear_of_data_from_elsewhere_at_the_earliest_of_three(obtained, contact, disclosure, last):
    assert indirect_due(obtained, contact, disclosure) == last

"""Valid consent: each point fails alone, and what the record does not show fails as not shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from belofte.law.consent import CHECKS, ConsentEvidence, failures

SOUND = ConsentEvidence(
    act="click",
    purposes=1,
    apart_from_terms=True,
    refusal_equal=True,
    without_detriment=True,
    informed=True,
    withdrawal_easy=True,
    proof_kept=True,
    asked_under="2026-1",
    material_since=(),
)


def codes(evidence: ConsentEvidence) -> list[str]:
    return [failure.code for failure in failures(evidence)]


def test_sound_consent_has_no_failures():
    assert failures(SOUND) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"act": "pre-ticked"}, "NO_ACT"),
        ({"act": "continued-use"}, "NO_ACT"),
        ({"act": "silence"}, "NO_ACT"),
        ({"purposes": 2}, "BUNDLED"),
        ({"apart_from_terms": False}, "TIED_TO_TERMS"),
        ({"refusal_equal": False}, "NO_EQUAL_REFUSAL"),
        ({"without_detriment": False}, "WALL"),
        ({"informed": False}, "UNINFORMED"),
        ({"withdrawal_easy": False}, "HARD_WITHDRAW"),
        ({"proof_kept": False}, "UNPROVEN"),
        ({"material_since": ("2026-2",)}, "STALE"),
        ({"online_service": True, "age": 12, "parent_agreed": False}, "CHILD"),
        ({"explicit_needed": True, "explicit": False}, "NOT_EXPLICIT"),
        ({"employee": True, "freely_given_shown": False}, "IMBALANCE"),
        ({"recipients_used": frozenset({"network"}), "recipients_shown": frozenset()}, "UNDISCLOSED_RECIPIENT"),
    ],
)
def test_each_defect_is_found_alone(change, code):
    found = failures(replace(SOUND, **change))
    assert [failure.code for failure in found] == [code]
    assert found[0].shown
    assert found[0].article


def test_a_consent_that_cannot_be_proven_says_which_piece_is_missing():
    (found,) = failures(replace(SOUND, proof_kept=False, missing=("notice", "language")))
    assert found.words.en.endswith("Missing here: which text she saw, in which language.")
    assert found.words.fr.endswith("Il manque ici : quel texte elle a vu, dans quelle langue.")


def test_empty_record_fails_on_all_that_it_does_not_show():
    found = failures(ConsentEvidence())
    assert [failure.check for failure in found] == [f"C{n}" for n in range(1, 10)]
    assert not any(failure.shown for failure in found)


@pytest.mark.parametrize(
    ("country", "age", "fails"), [("BE", 13, False), ("BE", 12, True), ("DE", 15, True), ("DE", 16, False)]
)
def test_age_of_consent_is_the_countrys(country, age, fails):
    evidence = replace(SOUND, online_service=True, country=country, age=age, parent_agreed=None)
    assert (codes(evidence) == ["CHILD"]) is fails


def test_parent_agrees_for_a_young_child():
    assert codes(replace(SOUND, online_service=True, age=9, parent_agreed=True)) == []


def test_refusal_of_one_list_of_recipients_does_not_cover_another():
    evidence = replace(
        SOUND, recipients_shown=frozenset({"printer"}), recipients_used=frozenset({"printer", "network"})
    )
    assert codes(evidence) == ["UNDISCLOSED_RECIPIENT"]


def test_checks_are_thirteen_with_words_in_three_languages():
    assert [check.number for check in CHECKS] == [f"C{n}" for n in range(1, 14)]
    assert all(len(set(check.words)) == 3 for check in CHECKS)

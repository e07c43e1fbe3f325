"""The erasure ladder: each rung, their order, and that the unknown never counts as a yes."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belofte.law.erasure import LADDER, Facts, Outcome, as_requested, decide, duties_after
from belofte.law.erasure_words import WORDS

ORDERS = Facts(basis="contract", live=True)
NEWSLETTER = Facts(basis="consent", live=True, direct_marketing=True)
ANALYSIS = Facts(basis="legitimate-interest", live=True)


@pytest.mark.parametrize(
    ("facts", "outcome", "code", "article"),
    [
        (replace(ORDERS, legal_hold=True, live=False), "keep-restricted", "E1", "17(3)(e), 18"),
        (replace(ORDERS, live=False, statutory_term=True, statute_needs_item=True), "keep", "E2", "17(3)(b)"),
        (
            replace(ORDERS, live=False, statutory_term=True, statute_needs_item=False),
            "erase",
            "E7",
            "17(1)(a), 5(1)(e)",
        ),
        (replace(ORDERS, live=False, exemption="expression"), "keep", "E3", "17(3)(a)"),
        (replace(ORDERS, live=False, exemption="archiving"), "keep", "E3", "17(3)(d)"),
        (replace(ORDERS, live=False, restriction="claim"), "keep-restricted", "R18", "18(1)(c)"),
        (replace(NEWSLETTER, withdrawn=True), "erase", "E4", "17(1)(b)"),
        (replace(NEWSLETTER, withdrawn=True, other_declared_basis=True), "refuse", "E10", "17(1)(b)"),
        (replace(ANALYSIS, direct_marketing=True, marketing_objection=True), "erase", "E5", "17(1)(c), 21(3)"),
        (replace(ANALYSIS, objection="upheld"), "erase", "E6", "17(1)(c)"),
        (replace(ANALYSIS, objection="pending"), "restrict", "E6w", "18(1)(d), 21(1)"),
        (replace(ANALYSIS, objection="pending", live=False), "erase", "E7", "17(1)(a), 5(1)(e)"),
        (replace(ANALYSIS, objection="overridden"), "refuse", "E10", "17(1), 6(1)(f)"),
        (replace(ORDERS, live=False), "erase", "E7", "17(1)(a), 5(1)(e)"),
        (replace(ORDERS, lawful=False), "erase", "E8", "17(1)(d)"),
        (replace(ORDERS, lawful=False, prefers_restriction=True), "keep-restricted", "E8", "18(1)(b)"),
        (replace(ORDERS, duty_to_erase=True), "erase", "E9", "17(1)(e)"),
        (replace(NEWSLETTER, child_service=True), "erase", "E9", "17(1)(f)"),
        (ORDERS, "refuse", "E10", "17(1), 6(1)(b)"),
        (NEWSLETTER, "keep", "E10a", "6(1)(a)"),
    ],
)
def test_rung(facts, outcome, code, article):
    decision = decide(facts)
    assert (decision.outcome, decision.code, decision.article) == (outcome, code, article)


def test_claim_keeps_what_a_withdrawal_would_erase():
    assert decide(replace(NEWSLETTER, withdrawn=True, legal_hold=True)).outcome is Outcome.KEEP_RESTRICTED


def test_unknown_hold_leaves_an_erasure_undetermined_and_says_what_to_find_out():
    decision = decide(replace(ORDERS, live=False, legal_hold=None))
    assert decision.outcome is Outcome.UNDETERMINED
    assert decision.unknown == ("legal_hold",)


def test_unknown_that_changes_nothing_does_not_stop_a_decision():
    decision = decide(replace(NEWSLETTER, withdrawn=None, marketing_objection=True))
    assert (decision.outcome, decision.code) == (Outcome.ERASE, "E5")


def test_request_reads_as_withdrawal_and_objection():
    assert decide(as_requested(NEWSLETTER)).code == "E4"
    assert decide(as_requested(ANALYSIS)).outcome is Outcome.RESTRICT
    assert decide(as_requested(replace(ANALYSIS, direct_marketing=True))).code == "E5"
    assert decide(as_requested(ORDERS)).outcome is Outcome.REFUSE


def test_request_does_not_reopen_an_objection_already_weighed():
    assert decide(as_requested(replace(ANALYSIS, objection="overridden"))).outcome is Outcome.REFUSE


def test_recipients_and_the_public_are_told_after_an_erasure():
    facts = replace(ORDERS, live=False, made_public=True, recipients=True)
    assert duties_after(facts, decide(facts)) == ("17(2)", "19")
    kept = replace(facts, live=True)
    assert duties_after(kept, decide(kept)) == ()


def test_every_rung_has_words_in_three_languages():
    for code in {*(rung.code for rung in LADDER), "E8r", "E?"}:
        assert all(WORDS[code]), code
        assert len(set(WORDS[code])) == 3, code


_CHOICES: dict[str, list[object]] = {
    "basis": ["consent", "contract", "legal-obligation", "vital-interests", "public-task", "legitimate-interest"],
    "exemption": ["none", "expression", "public-health"],
    "restriction": ["none", "accuracy", "claim"],
    "objection": ["none", "pending", "upheld", "overridden"],
}
_SURE = {"basis", "direct_marketing", "prefers_restriction"}


def _values(name: str) -> list[object]:
    return _CHOICES.get(name, [True, False])


def _maybe(name: str) -> st.SearchStrategy[object]:
    known = st.sampled_from(_values(name))
    return known if name in _SURE else st.one_of(known, known, known, st.none())


any_facts = st.fixed_dictionaries({field.name: _maybe(field.name) for field in fields(Facts)}).map(
    lambda values: Facts(**values)
)


@given(any_facts)
def test_decision_is_the_same_however_the_unknown_turns_out(facts):
    decision = decide(facts)
    unknown = [
        f.name for f in fields(Facts) if getattr(facts, f.name) is None and f.name not in {"made_public", "recipients"}
    ]
    if len(unknown) > 6:
        return
    outcomes = {
        decide(replace(facts, **dict(zip(unknown, values, strict=True)))).outcome
        for values in itertools.product(*(_values(name) for name in unknown))
    }
    assert Outcome.UNDETERMINED not in outcomes
    if decision.outcome is not Outcome.UNDETERMINED:
        assert outcomes == {decision.outcome}
    else:
        assert set(decision.unknown) <= set(unknown)
        assert decision.unknown


@pytest.mark.parametrize(
    ("facts", "term"),
    [
        (replace(ORDERS, legal_hold=True), "gdpr#JustificationA17LegalClaims"),
        (replace(ORDERS, exemption="public-health"), "gdpr#JustificationA17PublicHealth"),
        (replace(ORDERS, restriction="accuracy"), "justifications#ContestAccuracy"),
        (replace(ORDERS, restriction="claim"), "justifications#LegalClaimImpaired"),
        (replace(ORDERS, duty_to_erase=True), "gdpr#JustificationA17LegalErasure"),
        (replace(ORDERS, child_service=True), "gdpr#JustificationA17ChildData"),
        (ORDERS, "justifications#ContractPerformanceNecessity"),
        (ANALYSIS, "justifications#LegitimateInterestOverride"),
    ],
)
def test_reason_in_the_vocabulary_follows_the_facts(facts, term):
    reason = decide(facts).justification
    assert reason is not None
    assert reason.endswith("/" + term)

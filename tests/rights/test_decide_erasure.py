"""Which purposes an erasure request closes, which go on, and what then holds."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.rights.deciding import CUSTOMER, NOW, POLICY, TRADER, events, said

from belofte.choices.events import Event, Origin
from belofte.choices.state import present
from belofte.policy.person import EVERYTHING
from belofte.rights.decision import beside, where_held
from belofte.rights.erasure import decide


def state_after(decision):
    """Return the state of a person of whom only this decision is recorded."""
    found = [
        Event(one.kind, UUID(int=1), decision.at, one.purpose, one.channel, one.category, origin=Origin.REQUEST)
        for one in decision.closings
    ]
    return present(found, POLICY, NOW)


def test_interest_whose_objections_are_upheld_closes():
    decision = decide(POLICY, CUSTOMER, NOW)
    assert said(decision, "orders") == [("granted", "17(1)(c), 21(1)", "upheld")]
    assert state_after(decision).closed_before["orders", None] == NOW


def test_the_same_purpose_stays_for_who_has_a_contract():
    decision = decide(POLICY, TRADER, NOW)
    assert said(decision, "orders") == [("refused", "17(1), 6(1)(b)", "contract")]
    assert events(decision, "orders") == []
    assert "orders" not in {purpose for purpose, _ in state_after(decision).closed_before}


def test_a_contract_holds_for_who_is_also_reached_on_interest():
    decision = decide(POLICY, CUSTOMER | TRADER, NOW)
    assert said(decision, "orders") == [("refused", "17(1), 6(1)(b)", "contract")]
    assert events(decision, "orders") == []


def test_legal_duty_is_kept_and_its_term_is_said():
    decision = decide(POLICY, CUSTOMER, NOW)
    assert said(decision, "books") == [("refused", "17(3)(b)", "legal-obligation")]
    assert [one.category for one in decision.of("books")] == ["identity", "payment"]
    words = decision.of("books")[0].words
    assert "Bewaartermijn: 7 jaar, te rekenen vanaf de factuur." in words.nl
    assert "Durée de conservation : 7 ans, à compter de la facture." in words.fr
    assert "Kept for 7 years, counted from the invoice." in words.en
    assert words.en.endswith("You may complain to the supervisory authority or go to court.")
    assert events(decision, "books") == []


def test_compelling_grounds_are_said_and_keep_the_data():
    decision = decide(POLICY, CUSTOMER, NOW)
    assert said(decision, "claims") == [("refused", "17(1)(c), 21(1), 17(3)", "overruled")]
    assert "evidence" in decision.of("claims")[0].words.en
    assert events(decision, "claims") == ["objection:overruled"]
    assert ("claims", None) not in state_after(decision).closed_before


def test_an_officer_may_uphold_against_the_policys_grounds():
    decision = decide(POLICY, CUSTOMER, NOW, upheld=frozenset({"claims"}))
    assert said(decision, "claims") == [("granted", "17(1)(c), 21(1)", "upheld")]


def test_an_objection_to_be_weighed_leaves_the_request_open_and_suspends_use():
    decision = decide(POLICY, CUSTOMER, NOW)
    assert said(decision, "complaints") == [("undetermined", "18(1)(d), 21(1)", "weighing")]
    assert [one.purpose for one in decision.open] == ["complaints"]
    state = state_after(decision)
    assert ("complaints", None) in state.unusable
    assert ("complaints", None) not in state.closed_before


@pytest.mark.parametrize(
    ("word", "outcome", "follow"),
    [
        ({"upheld": frozenset({"complaints"})}, "granted", ["objection:upheld", "erasure:closed"]),
        ({"overruled": {"complaints": "a court case runs"}}, "refused", ["objection:overruled"]),
    ],
)
def test_an_officers_word_settles_it(word, outcome, follow):
    decision = decide(POLICY, CUSTOMER, NOW, **word)
    assert [one.outcome for one in decision.of("complaints")] == [outcome]
    assert events(decision, "complaints") == follow
    assert decision.open == ()


def test_an_objection_is_not_weighed_where_nothing_is_held():
    decision = where_held(decide(POLICY, CUSTOMER, NOW), {"books"})
    assert decision.open == ()
    assert events(decision, "complaints") == []
    assert events(decision, "orders") == ["objection:upheld", "erasure:closed"]


def test_direct_marketing_closes_for_good_on_any_basis():
    decision = decide(POLICY, CUSTOMER, NOW)
    state = state_after(decision)
    assert (
        said(decision, "newsletter") == said(decision, "post") == [("granted", "17(1)(c), 21(3)", "direct-marketing")]
    )
    keys = [("newsletter", None), ("newsletter", "email"), ("newsletter", "sms"), ("post", None)]
    assert [state.closed_before[key] for key in keys] == [EVERYTHING] * 4


def test_consent_is_withdrawn_and_erased():
    decision = decide(POLICY, CUSTOMER, NOW)
    assert said(decision, "measuring") == [("granted", "17(1)(b)", "withdrawn")]
    assert events(decision, "measuring") == ["consent:withdrawn", "erasure:closed"]


def test_consent_beside_a_contract_is_withdrawn_and_the_contract_goes_on():
    decision = decide(POLICY, CUSTOMER | TRADER, NOW)
    assert said(decision, "measuring") == [("partly", "17(1), 6(1)(b)", "contract")]
    assert events(decision, "measuring") == ["consent:withdrawn"]
    assert decision.of("measuring")[0].words.en.startswith("Your consent is withdrawn.")


@pytest.mark.parametrize("kinds", [frozenset(), frozenset({"stranger"}), frozenset({"customer", "stranger"})])
def test_unknown_kind_is_undetermined_where_it_matters(kinds):
    decision = decide(POLICY, kinds, NOW)
    for purpose in ("orders", "measuring", "rescue"):
        assert said(decision, purpose) == [("undetermined", "5(2)", "kind-unknown")], purpose
        assert events(decision, purpose) == []
    assert said(decision, "books") == [("refused", "17(3)(b)", "legal-obligation")]
    assert said(decision, "newsletter") == [("granted", "17(1)(c), 21(3)", "direct-marketing")]


def test_a_purpose_that_does_not_reach_her_is_not_decided():
    decision = decide(POLICY, CUSTOMER, NOW)
    assert decision.of("rescue") == ()
    assert events(decide(POLICY, TRADER, NOW), "complaints") == []


def test_every_outcome_has_words_in_three_languages():
    for kinds in (CUSTOMER, TRADER, CUSTOMER | TRADER, frozenset({"employee"}), frozenset()):
        for one in decide(POLICY, kinds, NOW).outcomes:
            assert all(one.words), one
            assert len(set(one.words)) == 3, one


def test_data_held_as_processor_is_passed_on_beside_our_own():
    decision = beside(decide(POLICY, CUSTOMER, NOW), {"visits"})
    assert said(decision, None) == [("passed-on", "28(3)(e)", "processor")]
    assert decision.closings == decide(POLICY, CUSTOMER, NOW).closings


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ({"upheld": frozenset({"bokks"})}, "unknown purpose `bokks`"),
        ({"overruled": {"complaints": " "}}, "the objection to `complaints` is overruled without a reason"),
        ({"overruled": {"newsletter": "we like it"}}, "`newsletter` is direct marketing"),
        ({"overruled": {"orders": "we like it"}}, "`orders` says `on_objection: uphold`"),
        ({"upheld": frozenset({"complaints"}), "overruled": {"complaints": "x"}}, "both upheld and overruled"),
    ],
)
def test_a_word_that_cannot_be_given_is_refused(word, message):
    with pytest.raises(ValueError, match=message):
        decide(POLICY, CUSTOMER, NOW, **word)

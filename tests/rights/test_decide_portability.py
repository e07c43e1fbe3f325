"""Which elements are portable, for which purpose, and why others are not."""

from __future__ import annotations

import pytest
from tests.rights.deciding import CUSTOMER, NOW, POLICY, TRADER

from belofte.rights.portability import decide

HELD = dict.fromkeys(
    ["identity.name", "identity.email", "payment.invoice", "visits.page", "taste.interest", "credit.score"], True
)


def reason(decision, purpose, element):
    return next((one.outcome, one.reason) for one in decision.of(purpose) if one.category == element)


def test_what_she_gave_or_did_on_consent_is_portable():
    decision = decide(POLICY, CUSTOMER, NOW, automated=HELD)
    assert decision.portable == {
        ("newsletter", "identity.email"),
        ("newsletter", "identity.name"),
        ("measuring", "visits.page"),
    }
    assert decision.offer_access


def test_a_contract_makes_the_order_portable_for_the_trader_alone():
    trader, customer = (decide(POLICY, kinds, NOW, automated=HELD) for kinds in (TRADER, CUSTOMER))
    assert ("orders", "payment.invoice") in trader.portable
    assert reason(customer, "orders", "payment.invoice") == ("refused", "other-basis")


@pytest.mark.parametrize(("element", "why"), [("taste.interest", "inferred"), ("credit.score", "third-party")])
def test_what_she_did_not_provide_is_not_portable(element, why):
    assert reason(decide(POLICY, TRADER, NOW, automated=HELD), "measuring", element) == ("refused", why)


def test_paper_is_not_portable_and_an_unknown_store_is_undetermined():
    decision = decide(POLICY, CUSTOMER, NOW, automated={"visits.page": False, "identity.email": None})
    assert reason(decision, "measuring", "visits.page") == ("refused", "not-automated")
    assert reason(decision, "newsletter", "identity.email") == ("undetermined", "automation-unknown")
    assert decision.elements == frozenset()


def test_unknown_kind_is_undetermined_where_the_bases_differ():
    decision = decide(POLICY, frozenset(), NOW, automated=HELD)
    assert reason(decision, "orders", "payment.invoice") == ("undetermined", "kind-unknown")
    assert reason(decision, "books", "payment.invoice") == ("refused", "other-basis")


def test_what_no_store_holds_is_not_mentioned():
    decision = decide(POLICY, CUSTOMER, NOW, automated={"visits.page": True})
    assert {one.category for one in decision.outcomes} == {"visits.page"}

"""A decision for one person: the reason, what it depends on, and that it is the kernel's own."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from tests.choices.company import NOW, POLICY, day, event, given, imported
from tests.choices.test_state import _events

from belofte.choices.decide import KIND, Decider, decide
from belofte.choices.events import Origin
from belofte.choices.granting import Shown, granted
from belofte.choices.reasons import SAID, Reason
from belofte.choices.state import present
from belofte.compiler.reference import Reference
from belofte.law.term import CIVIL
from belofte.policy.model import Basis, Policy
from belofte.policy.person import Key, keys_of

KEYS: list[Key] = [key for name in POLICY.purposes for key in keys_of(POLICY, name)]


def why(purpose, channel=None, *events, at=NOW, policy=POLICY, **more) -> Reason:
    return decide(events, policy, purpose, channel, at, **more).reason


def test_each_choice_has_its_reason():
    email = ("newsletter", "email")
    assert why(*email) is Reason.NEVER_ASKED
    assert why(*email, given(0, *email)) is Reason.CONSENT
    assert why(*email, given(0, *email, act="scroll")) is Reason.INVALID
    assert why(*email, imported(0, *email)) is Reason.QUARANTINED
    assert why(*email, event("consent:refused", 0, *email)) is Reason.REFUSED
    assert why(*email, given(0, *email), event("consent:withdrawn", 1, *email)) is Reason.WITHDRAWN
    assert why(*email, given(0, *email), event("objection:made", 1, "newsletter")) is Reason.OBJECTED
    assert why(*email, given(0, *email), event("erasure:closed", 1)) is Reason.ERASED
    assert why(*email, given(0, *email), at=day(1000)) is Reason.EXPIRED
    assert why(*email, given(0, *email), event("death:recorded", 1)) is Reason.DECEASED
    assert why(*email, given(0, *email), event("restriction:set", 1, category="identity")) is Reason.RESTRICTED
    assert why("reference", None, given(0, "reference", notice="notice-2018")) is Reason.STALE
    assert why("dealings", None, event("objection:made", 1, "dealings")) is Reason.WEIGHED
    assert why("dealings") is Reason.OTHER_BASIS
    assert why("sales") is Reason.NO_PURPOSE
    assert why("newsletter", "fax") is Reason.NO_CHANNEL


def test_a_reason_says_since_when():
    found = decide(
        [given(0, "newsletter"), event("consent:withdrawn", 3, "newsletter")], POLICY, "newsletter", None, NOW
    )
    assert (found.allowed, found.since) == (False, day(3))


def test_every_reason_has_its_article_and_words_in_three_languages():
    assert set(SAID) == set(Reason)
    assert all(words.strip() for said in SAID.values() for words in (said.article, *said.words))


def test_what_only_stores_know_makes_it_uncertain_and_never_a_yes():
    found = decide([], POLICY, "orders", None, NOW)
    assert (found.allowed, found.answer, found.facts) == (True, None, ("contract.active",))
    closed = decide([], POLICY, "newsletter", "email", NOW)
    assert closed.answer is False


def test_data_that_was_collected_after_an_erasure_is_open_and_data_of_unknown_age_is_not():
    erased = event("erasure:closed", 3, "dealings")
    assert why("dealings", None, erased) is Reason.ERASED
    assert why("dealings", None, erased, collected=day(2)) is Reason.ERASED
    assert why("dealings", None, erased, collected=day(4)) is Reason.OTHER_BASIS


def of_kinds(**bases):
    stated = POLICY.model_dump(mode="json", by_alias=True)
    stated["people"] = {"customer": {}, "visitor": {}, "employee": {}}
    stated["purposes"]["dealings"]["basis"] = bases
    return Policy.model_validate(stated)


def test_a_basis_may_differ_per_kind_and_an_unknown_kind_opens_only_what_every_basis_opens():
    policy = of_kinds(**{"consent": ["visitor"], "legitimate-interest": ["customer"]})

    def one(*kinds, events=()):
        return decide(events, policy, "dealings", None, NOW, kinds=frozenset(kinds))

    assert one("customer").reason is Reason.OTHER_BASIS
    assert one("visitor").reason is Reason.NEVER_ASKED
    assert one("employee").reason is Reason.NOT_REACHED
    assert one("customer", "visitor").allowed
    assert one().reason is Reason.NEVER_ASKED
    unknown = one(events=[given(0, "dealings")])
    assert (unknown.allowed, unknown.answer, KIND in unknown.facts) == (True, None, True)


SALE = {
    "address_from_sale": True, "similar_products": True, "objection_at_collection": True,
    "objection_in_each_message": True,
}  # fmt: skip


def sale(on=0, **points):
    return event("sale:recorded", on, "newsletter", "email", origin=Origin.STAFF, evidence=SALE | points)


def soft():
    stated = POLICY.model_dump(mode="json", by_alias=True)
    stated["purposes"]["newsletter"]["soft_opt_in"] = {"nl": "werkkledij"}
    return Policy.model_validate(stated)


def test_a_sale_opens_mail_to_own_customers_where_the_policy_declares_it():
    email = ("newsletter", "email")
    assert why(*email, sale()) is Reason.NEVER_ASKED
    assert why(*email, sale(), policy=soft()) is Reason.SOFT_OPT_IN
    assert why("newsletter", "sms", sale(), policy=soft()) is Reason.NEVER_ASKED
    for point in SALE:
        assert why(*email, sale(**{point: False}), policy=soft()) is Reason.NEVER_ASKED


@pytest.mark.parametrize("closing", ["consent:refused", "consent:withdrawn", "objection:made", "erasure:closed"])
def test_no_sale_opens_what_she_closed(closing):
    closed = event(closing, 1, "newsletter")
    assert not decide([sale(0), closed, sale(2)], soft(), "newsletter", "email", NOW).allowed
    assert decide([sale(0), closed, given(2, "newsletter")], soft(), "newsletter", "email", NOW).allowed


# -- a new policy version --------------------------------------------------------------------------------------


def changed(**purpose):
    stated = POLICY.model_dump(mode="json", by_alias=True)
    stated["purposes"]["newsletter"] |= purpose
    stated["purposes"]["newsletter"] = {k: v for k, v in stated["purposes"]["newsletter"].items() if v is not None}
    return Policy.model_validate(stated)


def changed_in_june():
    stated = changed(consent_since="2024-06-01").model_dump(mode="json", by_alias=True)
    stated["notices"]["notice-2024"] = {"from": "2024-01-01"}
    stated["version"] = {"id": "notice-2024-06", "from": "2024-06-01"}
    return Policy.model_validate(stated)


def without_its_notice():
    stated = POLICY.model_dump(mode="json", by_alias=True)
    stated["version"] = {"id": "notice-2025", "from": "2024-11-01"}
    return Policy.model_validate(stated)


SHOWN = Shown("click", "notice-2024", "sha256:" + "0" * 64, "nl", "web-form")


@pytest.mark.parametrize(
    "policy",
    [
        changed_in_june(),
        changed(consent_expires="P1M"),
        changed(special_ground="9(2)(a)"),
        without_its_notice(),
    ],
    ids=["changed materially", "shorter term", "has to be explicit", "its notice forgotten"],
)
def test_what_a_new_policy_makes_stale_is_kept_and_not_used(policy):
    record = granted(POLICY, event("consent:given").subject_id, "newsletter", "email", SHOWN, day(0))
    assert why("newsletter", "email", record) is Reason.CONSENT
    assert why("newsletter", "email", record, policy=policy) is Reason.STALE
    after = present([record], policy, NOW)
    assert ("newsletter", "email") not in after.consent_closed
    assert ("newsletter", "email") not in after.closed_before
    assert ("newsletter", "email") in after.unusable
    again = granted(policy, record.subject_id, "newsletter", "email", asked_again(policy), NOW)
    assert why("newsletter", "email", record, again, policy=policy) is Reason.CONSENT


def asked_again(policy):
    return Shown("click", policy.version.id, "sha256:" + "1" * 64, "nl", "web-form", explicit=True)


def test_a_consent_goes_on_no_longer_than_the_person_was_told():
    record = granted(POLICY, event("consent:given").subject_id, "newsletter", "email", SHOWN, day(0))
    assert record.valid_until == datetime(2026, 3, 1, tzinfo=CIVIL)
    longer = changed(consent_expires="P9Y")
    assert why("newsletter", "email", record, policy=longer, at=record.valid_until) is Reason.EXPIRED


# -- the kernel's own ------------------------------------------------------------------------------------------


def by_state(events, key: Key, at=NOW) -> bool:
    """Return what the state that the compiler reads leaves open for a datum of unknown age, read without `decide`."""
    purpose, state = POLICY.purposes[key[0]], present(events, POLICY, at)
    if key in state.closed_before or key in state.unusable or state.restricts("identity"):
        return False
    return any(basis is not Basis.CONSENT or key not in state.consent_closed for basis in purpose.bases(None))


@settings(max_examples=300)
@for_all(_events(), st.sampled_from(KEYS), st.integers(0, 800))
def test_a_decision_is_what_the_state_leaves_open(events, key, later):
    at = day(later)
    found = Decider(POLICY, at).decide(events, *key)
    assert found.allowed == by_state(events, key, at)
    assert found.allowed == found.reason.allows


@settings(max_examples=100)
@for_all(_events(), st.sampled_from(KEYS))
def test_a_decision_is_what_the_reference_evaluator_would_use(events, key):
    graph = SimpleNamespace(collected=lambda table, owner: None)
    judge = Reference(POLICY, graph, {}, {}, present(events, POLICY, NOW), NOW)
    datum = SimpleNamespace(table="contact", owner=None, element="identity.email")
    name, state = key[0], judge.nobody
    uses = [
        not judge._closed(state, key, basis, datum) and key not in state.unusable and not state.restricts("identity")
        for basis in POLICY.purposes[name].bases(None)
    ]
    assert decide(events, POLICY, *key, NOW).allowed == any(uses)

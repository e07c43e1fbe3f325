"""What changed in meaning from one policy to the next: every kind of change is found, and nothing else."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples.folders import policy as example

from belofte.policy.change import MEANINGS, Change, Kind
from belofte.policy.compare import compare, unasked
from belofte.policy.model import Basis, Policy

EXAMPLES = int(os.environ.get("BELOFTE_EXAMPLES", "25"))
ALSICO, SELLIGENT = example("alsico").policy, example("selligent").policy
GONE = object()


def changed(policy: Policy, parts: dict[str, Any]) -> Policy:
    """A policy with other values at some paths; `GONE` takes one away."""
    whole = policy.model_dump(mode="json", by_alias=True)
    for path, value in parts.items():
        *way, last = path.split("/")
        here = whole
        for step in way:
            here = here[int(step) if isinstance(here, list) else step]
        last = int(last) if isinstance(here, list) else last
        if value is GONE:
            del here[last]
        else:
            here[last] = value
    return Policy.model_validate(whole)


def dumped(policy: Policy, path: str) -> Any:
    here = policy.model_dump(mode="json", by_alias=True)
    for step in path.split("/"):
        here = here[step]
    return here


MARKETING = "purposes/marketing-digital"
BY_KIND: list[tuple[Kind, dict[str, Any]]] = [
    (Kind.ARRANGEMENT_CHANGED, {"recipients/printer/arrangement": "wij antwoorden"}),
    (Kind.ASKING_CHANGED, {f"{MARKETING}/how_asked": "met een knop"}),
    (Kind.AUTHORITY_CHANGED, {"organisation/authority": "fr-cnil"}),
    (Kind.AUTOMATED_ADDED, {f"{MARKETING}/automated/profiling": True}),
    (Kind.AUTOMATED_ADDED, {"purposes/assessment/automated/human_review": False}),
    (Kind.AUTOMATED_CHANGED, {"purposes/assessment/automated/logic": "een worp"}),
    (Kind.AUTOMATED_REMOVED, {"purposes/assessment/automated/profiling": False}),
    (Kind.BALANCING_CHANGED, {"purposes/reception/balancing": "anders gewogen"}),
    (Kind.BASIS_CHANGED, {f"{MARKETING}/basis": "legitimate-interest"}),
    (Kind.CHANNEL_ADDED, {f"{MARKETING}/channels/post": "identity.address"}),
    (Kind.CHANNEL_REMOVED, {f"{MARKETING}/channels/sms": GONE}),
    (Kind.COMPATIBLE_ADDED, {"purposes/quality/compatible": {"because": "even dichtbij", "told": "2026-01-01"}}),
    (Kind.COMPLAINT_TERM_LONGER, {"rights/complaints/within": "P2M"}),
    (Kind.COMPLAINT_TERM_SHORTER, {"rights/complaints/within": "P2W"}),
    (Kind.CONSENT_SINCE_CHANGED, {f"{MARKETING}/consent_since": "2027-01-01"}),
    (Kind.CONSENT_TERM_LONGER, {f"{MARKETING}/consent_expires": "P5Y"}),
    (Kind.CONSENT_TERM_LONGER, {f"{MARKETING}/consent_expires": None}),
    (Kind.CONSENT_TERM_SHORTER, {f"{MARKETING}/consent_expires": "P1Y"}),
    (Kind.CONTACT_CHANGED, {"organisation/contact/email": "privacy@alsico.example"}),
    (Kind.CONTACT_CHANGED, {"rights/url": "https://privacy.alsico.example"}),
    (Kind.CONTROLLER_CHANGED, {"organisation/name": "Alsico NV"}),
    (Kind.CONTROLLER_CHANGED, {"organisation/group": ["Alsico Holding"]}),
    (Kind.DATA_ADDED, {f"{MARKETING}/uses": ["identity.name", "identity.language", "dealings.mailing", "preference"]}),
    (Kind.DATA_REMOVED, {"purposes/reception/uses": ["protection.visit"]}),
    (Kind.DEPARTMENT_ADDED, {"departments/support/purposes": ["support", "complaints", "call-quality", "orders"]}),
    (Kind.DEPARTMENT_REMOVED, {"departments/support/purposes": ["support", "complaints"]}),
    (Kind.EXAMPLES_CHANGED, {"categories/identity/examples": "naam en schoenmaat"}),
    (Kind.GRACE_CHANGED, {f"{MARKETING}/hide_first": "P1M"}),
    (Kind.INTEREST_CHANGED, {"purposes/reception/interest": "weten wie er rookt"}),
    (Kind.INTEREST_REMOVED, {"purposes/reception/interest": None}),
    (Kind.LANGUAGE_ADDED, {"languages": ["nl", "fr", "en", "de"]}),
    (Kind.LANGUAGE_REMOVED, {"languages": ["nl", "fr"]}),
    (Kind.LAW_CHANGED, {"purposes/tax/law": "WIB92 315"}),
    (Kind.MARKETING_ADDED, {"purposes/quality/direct_marketing": True}),
    (Kind.MARKETING_REMOVED, {f"{MARKETING}/direct_marketing": False}),
    (Kind.MASK_CHANGED, {"purposes/quality/masked": {"identity.email": "redact"}}),
    (Kind.NOTICE_CHANGED, {"notices/notice-2018/from": "2016-05-25"}),
    (Kind.OBJECTION_EASIER, {"purposes/claims/compelling": None}),
    (Kind.OBJECTION_HARDER, {"purposes/reception/on_objection": "weigh"}),
    (Kind.OBJECTION_HARDER, {"purposes/reception/compelling": "wij moeten wel"}),
    (Kind.OFFICER_CHANGED, {"organisation/officer": {"name": "Charlie", "contact": {"email": "c@alsico.example"}}}),
    (Kind.PEOPLE_ADDED, {f"{MARKETING}/basis/consent": ["customer_contact", "sole_trader", "visitor", "wearer"]}),
    (Kind.PEOPLE_REMOVED, {f"{MARKETING}/basis/consent": ["customer_contact"]}),
    (Kind.PROMISE_CHANGED, {"promises/0/text": "Wij beloven niets."}),
    (Kind.PROMISE_REMOVED, {"promises/0": GONE}),
    (Kind.PURPOSE_ADDED, {"purposes/training": dumped(ALSICO, "purposes/reception")}),
    (Kind.PURPOSE_CHANGED, {"purposes/quality/purpose": "dpv:DirectMarketing"}),
    (Kind.PURPOSE_REMOVED, {"purposes/statistics": GONE}),
    (Kind.RECIPIENT_ADDED, {f"{MARKETING}/recipients": ["mail-platform", "printer"]}),
    (Kind.RECIPIENT_CHANGED, {"recipients/mail-platform/name": "Snelpost BV"}),
    (Kind.RECIPIENT_CHANGED, {"recipients/mail-platform/role": "controller"}),
    (Kind.RECIPIENT_CHANGED, {"recipients/mail-platform/location": "US"}),
    (Kind.RECIPIENT_CHANGED, {"recipients/printer/receives": ["identity"]}),
    (Kind.RECIPIENT_REMOVED, {"purposes/marketing-post/recipients": [], "recipients/printer": GONE}),
    (Kind.REQUIRED_CHANGED, {"purposes/tax/required": "De wet wil het zo."}),
    (Kind.REQUIRED_CHANGED, {"purposes/orders/required": "Het moet."}),
    (Kind.REQUIRED_REMOVED, {"purposes/orders/required": None}),
    (Kind.RIGHT_ADDED, {"rights/ways": ["web", "email", "post", "phone", "desk"], "rights/form": "free"}),
    (Kind.RIGHT_REMOVED, {"rights/form": "signed-letter"}),
    (Kind.RIGHT_REMOVED, {"rights/offered": ["access", "complaint"]}),
    (Kind.SAFEGUARD_ADDED, {"purposes/quality/safeguards": ["encryption"]}),
    (Kind.SAFEGUARD_REMOVED, {"safeguards/perimeter": GONE}),
    (Kind.SITE_ADDED, {"links/video": {"url": "https://video.example", "embedded": True}}),
    (Kind.SITE_REMOVED, {"links/authority": GONE}),
    (Kind.SOFT_OPT_IN_ADDED, {f"{MARKETING}/soft_opt_in": "verkocht: werkkledij"}),
    (Kind.SOURCE_CHANGED, {"categories/identity/elements/email/source": "third-party"}),
    (Kind.SPECIAL_ADDED, {"categories/wearing/elements/size/special": "health"}),
    (Kind.SPECIAL_ADDED, {"purposes/orders/special_ground": "9(2)(a)"}),
    (Kind.TERM_CHANGED, {f"{MARKETING}/after": "enquiry.received_at"}),
    (Kind.TERM_CHANGED, {"purposes/statistics/while": "supply.active"}),
    (Kind.TERM_LONGER, {f"{MARKETING}/keep": "P40M"}),
    (Kind.TERM_LONGER, {"rights/complaints/keep": "P9Y"}),
    (Kind.TERM_SHORTER, {f"{MARKETING}/keep": "P1Y"}),
    (Kind.TEXT_LOOSER, {"published/sharing_own_purposes": True}),
    (Kind.TEXT_LOOSER, {"published/stays_in_eea": False}),
    (Kind.TRACKER_ADDED, {"trackers/ads": {"title": "reclame", "purpose": "marketing-digital", "lasts": "P1Y"}}),
    (Kind.TRACKER_CHANGED, {"trackers/visits/lasts": "P2Y"}),
    (Kind.TRACKER_CHANGED, {"trackers/visits/consent": False}),
    (Kind.TRACKER_CHANGED, {"trackers/visits/refusable": "browser-only"}),
    (Kind.TRACKER_LESS, {"trackers/visits/lasts": "P1M"}),
    (Kind.TRACKER_REMOVED, {"trackers/visits": GONE}),
    (Kind.TRANSFER_ADDED, {"transfers/us": {"country": "US", "ground": "scc"}, "recipients/printer/transfer": "us"}),
]  # fmt: skip
BACK = {
    Kind.COMPATIBLE_REMOVED: Kind.COMPATIBLE_ADDED,
    Kind.CONTROLLER_REMOVED: Kind.CONTROLLER_CHANGED, Kind.PROMISE_ADDED: Kind.PROMISE_REMOVED,
    Kind.SOFT_OPT_IN_REMOVED: Kind.SOFT_OPT_IN_ADDED, Kind.SPECIAL_REMOVED: Kind.SPECIAL_ADDED,
    Kind.TEXT_STRICTER: Kind.TEXT_LOOSER,
}  # fmt: skip
"""Kinds that are the way back of another one."""
ELSEWHERE = {Kind.MASK_REMOVED, Kind.SOFT_OPT_IN_CHANGED, Kind.TRANSFER_CHANGED, Kind.TRANSFER_REMOVED, *BACK}
"""Kinds that Alsico's policy cannot show in one step."""


@pytest.mark.parametrize("policy", [ALSICO, SELLIGENT], ids=["alsico", "selligent"])
def test_a_policy_does_not_differ_from_itself(policy: Policy):
    again = Policy.model_validate(policy.model_dump(mode="json", by_alias=True))
    assert compare(policy, again) == []


def kinds(before: Policy, after: Policy) -> set[Kind]:
    return {one.kind for one in compare(before, after)}


@pytest.mark.parametrize(("kind", "parts"), BY_KIND, ids=[f"{kind}-{next(iter(parts))}" for kind, parts in BY_KIND])
def test_each_kind_of_change_is_found(kind: Kind, parts: dict[str, Any]):
    before = changed(ALSICO, {"rights/ways": ["web"]}) if kind is Kind.RIGHT_ADDED else ALSICO
    if kind is Kind.MASK_CHANGED:
        before = changed(ALSICO, {"purposes/quality/masked": {"identity.email": "pseudonym"}})
    found = kinds(before, changed(before, parts))
    assert kind in found
    assert len(found) <= 2


def test_what_a_mask_or_a_transfer_loses_is_found():
    masked = changed(ALSICO, {"purposes/quality/masked": {"identity.email": "pseudonym"}})
    assert kinds(masked, ALSICO) == {Kind.MASK_REMOVED}
    other = changed(SELLIGENT, {"transfers/united-kingdom/ground": "scc"})
    assert kinds(SELLIGENT, other) == {Kind.TRANSFER_CHANGED}
    argued = changed(ALSICO, {f"{MARKETING}/soft_opt_in": "verkocht: werkkledij"})
    assert kinds(argued, changed(argued, {f"{MARKETING}/soft_opt_in": "iets anders"})) == {Kind.SOFT_OPT_IN_CHANGED}
    home = {"transfers/united-kingdom": GONE, "recipients/support-desk/transfer": None}
    assert kinds(SELLIGENT, changed(SELLIGENT, home)) == {Kind.TRANSFER_REMOVED}


@pytest.mark.parametrize("kind", BACK)
def test_each_kind_of_change_is_found_on_the_way_back(kind: Kind):
    ways = [changed(ALSICO, parts) for found, parts in BY_KIND if found is BACK[kind]]
    assert any(kind in kinds(after, ALSICO) for after in ways)


def test_a_channel_by_another_element_is_another_way_to_be_reached():
    both = changed(ALSICO, {f"{MARKETING}/channels/post": "identity.email"})
    found = compare(both, changed(both, {f"{MARKETING}/channels/post": "identity.mobile"}))
    assert [(one.kind, one.path) for one in found] == [(Kind.CHANNEL_ADDED, "purposes.marketing-digital.channels.post")]


def test_another_transfer_for_a_recipient_is_told():
    two = {name: {"country": name.upper(), "ground": "scc"} for name in ("us", "in")}
    before = changed(ALSICO, {"transfers": two, "recipients/printer/transfer": "us"})
    (found,) = compare(before, changed(before, {"recipients/printer/transfer": "in"}))
    assert (found.kind, found.after, found.told) == (Kind.TRANSFER_CHANGED, ("in",), True)
    (found,) = compare(before, changed(before, {"recipients/printer/transfer": None}))
    assert (found.kind, found.told) == (Kind.TRANSFER_REMOVED, False)
    (found,) = compare(changed(before, {"recipients/printer/transfer": None}), before)
    assert (found.kind, found.told) == (Kind.TRANSFER_ADDED, True)


def test_one_language_more_is_no_change_of_a_promise_or_an_interest():
    first = changed(ALSICO, {"promises/0/text": {"nl": "Wij beloven het."}, "purposes/reception/interest": "weten wie"})
    more = {"promises/0/text": {"nl": "Wij beloven het.", "fr": "Nous le promettons."},
            "purposes/reception/interest": {"nl": "weten wie", "fr": "savoir qui"}}  # fmt: skip
    assert compare(first, changed(first, more)) == []


def test_an_earlier_notice_that_names_all_purposes_is_said_to_have_named_a_new_one():
    """Its data would count as collected for a purpose that it did not know."""
    new = {"purposes/training": dumped(ALSICO, "purposes/reception")}
    assert Kind.NOTICE_CHANGED not in kinds(ALSICO, changed(ALSICO, new))
    later = {**new, "version/id": "2027-1", "version/from": "2027-01-01"}
    found = only(ALSICO, later, Kind.NOTICE_CHANGED)
    assert (found.path, set(found.after) - set(found.before)) == ("notices.notice-2026", {"training"})
    named = {**later, "notices/notice-2026/purposes": [*ALSICO.purposes]}
    assert Kind.NOTICE_CHANGED not in kinds(ALSICO, changed(ALSICO, named))
    recorded = {"notices/n2026": {"from": "2026-01-15", "purposes": [*ALSICO.purposes]}}
    assert compare(ALSICO, changed(ALSICO, recorded)) == []


def test_every_kind_has_a_meaning_and_a_test():
    assert set(MEANINGS) == set(Kind)
    assert {kind for kind, _ in BY_KIND} | ELSEWHERE == set(Kind)
    assert list(Kind) == sorted(Kind)


def test_other_words_for_the_same_are_no_change():
    words = {f"{MARKETING}/title": "Post", "categories/identity/title": "u",
             "scope": "iedereen", "version/id": "2027-1"}  # fmt: skip
    assert compare(ALSICO, changed(ALSICO, words)) == []


def test_the_order_in_which_a_policy_is_written_is_no_change():
    whole = ALSICO.model_dump(mode="json", by_alias=True)
    for key in ("purposes", "recipients", "categories", "trackers"):
        whole[key] = dict(reversed(whole[key].items()))
    assert compare(ALSICO, Policy.model_validate(whole)) == []


def only(before: Policy, parts: dict[str, Any], kind: Kind) -> Change:
    (found,) = [one for one in compare(before, changed(before, parts)) if one.kind is kind]
    return found


def test_whoever_consented_is_asked_again_when_more_data_is_used():
    more = only(ALSICO, {f"{MARKETING}/uses": ["identity.name", "identity.language", "dealings.mailing", "preference"]},
                Kind.DATA_ADDED)  # fmt: skip
    assert (more.purpose, more.told, more.asked) == ("marketing-digital", True, True)
    assert more.after == ("preference.interest",)
    assert more.people == ("customer_contact", "sole_trader", "visitor")


def test_without_consent_nobody_is_asked_and_all_are_told():
    longer = only(ALSICO, {"purposes/claims/keep": "P12Y"}, Kind.TERM_LONGER)
    assert (longer.before, longer.after, longer.told, longer.asked) == (("P10Y",), ("P12Y",), True, False)


def test_less_is_neither_told_nor_asked():
    shorter = only(ALSICO, {f"{MARKETING}/keep": "P1Y"}, Kind.TERM_SHORTER)
    assert (shorter.told, shorter.asked) == (False, False)


def test_a_basis_is_compared_per_kind_of_people():
    swapped = {
        "purposes/enquiries/basis": {
            "contract": ["sole_trader"],
            "legitimate-interest": ["customer_contact", "visitor"],
        }
    }
    found = only(ALSICO, swapped, Kind.BASIS_CHANGED)
    assert (found.people, found.before, found.after) == (("visitor",), ("contract",), ("legitimate-interest",))


def test_another_form_of_the_same_basis_is_no_change():
    whole = {"purposes/tax/basis": {"legal-obligation": [*ALSICO.people]}}
    assert compare(ALSICO, changed(ALSICO, whole)) == []


def test_a_consent_that_the_policy_would_not_ask_again_is_named():
    more = {"trackers/visits/lasts": "P2Y", "version/from": "2027-01-01", "version/id": "2027-1"}
    assert unasked(ALSICO, changed(ALSICO, more)) == ["site-measurement"]
    since = {**more, "purposes/site-measurement/consent_since": "2027-01-01"}
    assert unasked(ALSICO, changed(ALSICO, since)) == []


@given(st.sets(st.sampled_from(range(len(BY_KIND))), min_size=1, max_size=3))
@settings(max_examples=min(EXAMPLES, 10), deadline=None)
def test_a_change_is_seen_beside_others(chosen: set[int]):
    whole: dict[str, Any] = {}
    for kind, parts in (BY_KIND[one] for one in sorted(chosen)):
        apart = not any(a.startswith(b) or b.startswith(a) for a in parts for b in whole)
        if apart and kind not in (Kind.RIGHT_ADDED, Kind.MASK_CHANGED):
            whole |= parts
    found = kinds(ALSICO, changed(ALSICO, whole))
    assert len(found) >= min(len(whole), 1)
    assert bool(found) == bool(whole)


def test_what_must_be_given_is_told_and_what_only_weighs_or_illustrates_is_not():
    after = changed(ALSICO, {"purposes/orders/required": "Het moet.", "purposes/reception/balancing": "anders",
                             "categories/identity/examples": "naam"})  # fmt: skip
    found = {one.kind: one for one in compare(ALSICO, after)}
    assert {kind for kind, one in found.items() if one.told} == {Kind.REQUIRED_CHANGED}
    basis = ALSICO.purposes["orders"].basis
    assert not isinstance(basis, Basis)
    assert set(found[Kind.REQUIRED_CHANGED].people) == {kind for kinds in basis.values() for kind in kinds}
    assert not any(one.asked for one in found.values())

"""Present state: what alice's events leave open."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from tests.choices.company import CLICK, NOW, POLICY, day, event, given, imported

from belofte.choices.events import OPENING, Event, Kind, Origin
from belofte.choices.state import Consent, Derivation, Objection, present, strictest
from belofte.law.term import CIVIL
from belofte.policy.person import EVERYTHING, PersonState, consent_keys, nobody

EMAIL, SMS, NEWSLETTER = ("newsletter", "email"), ("newsletter", "sms"), ("newsletter", None)
REFERENCE, DEALINGS, POST = ("reference", None), ("dealings", None), ("post", None)


def state(*events, at=NOW):
    return present(events, POLICY, at)


def consents(*events, at=NOW):
    found = Derivation(POLICY, at).choices(events)
    return {key: choice.consent for key, choice in found.items() if choice.consent is not Consent.NONE}


def test_of_a_person_without_events_every_consent_is_closed_and_nothing_else():
    assert state() == nobody(POLICY) == PersonState(consent_closed=frozenset({EMAIL, SMS, NEWSLETTER, REFERENCE}))


def test_consent_opens_its_channel_and_the_purpose_as_its_most_open_channel():
    assert state(given(0, "newsletter", "email")).consent_closed == {SMS, REFERENCE}


def test_consent_without_a_channel_is_for_every_channel_of_the_purpose():
    assert state(given(0, "newsletter")).consent_closed == {REFERENCE}


def test_consent_does_not_open_before_it_is_given():
    assert state(given(5, "newsletter", "email"), at=day(4)) == nobody(POLICY)
    assert EMAIL not in state(given(5, "newsletter", "email"), at=day(5)).consent_closed


def test_withdrawal_of_one_channel_leaves_the_other():
    found = state(given(0, "newsletter"), event("consent:withdrawn", 1, "newsletter", "sms"))
    assert found.consent_closed == {SMS, REFERENCE}


def test_withdrawal_without_a_channel_closes_all_and_without_a_purpose_everything():
    both = [given(0, "newsletter"), given(0, "reference")]
    assert state(*both, event("consent:withdrawn", 1, "newsletter")).consent_closed == {EMAIL, SMS, NEWSLETTER}
    assert state(*both, event("consent:withdrawn", 1)).consent_closed == consent_keys(POLICY)


def test_withdrawal_of_a_channel_that_the_policy_no_longer_has_closes_every_channel():
    found = state(given(0, "newsletter"), event("consent:withdrawn", 1, "newsletter", "fax"))
    assert {EMAIL, SMS, NEWSLETTER} <= found.consent_closed


def test_her_own_later_consent_opens_again():
    acts = [
        given(0, "newsletter", "email"),
        event("consent:withdrawn", 1, "newsletter"),
        given(2, "newsletter", "email"),
    ]
    assert EMAIL not in state(*acts).consent_closed
    assert EMAIL not in state(*acts).closed_before


def used(found):
    """Return the keys on consent that may be used."""
    return {
        key for key in consent_keys(POLICY) - found.consent_closed - found.unusable if key not in found.closed_before
    }


def test_an_import_without_its_proof_is_kept_and_not_used():
    found = state(imported(0, "newsletter", "email"))
    assert found.consent_closed == {SMS, REFERENCE}
    assert found.unusable == {EMAIL, NEWSLETTER}
    assert consents(imported(0, "newsletter", "email"))[EMAIL] is Consent.QUARANTINED


def test_what_waits_for_its_proof_goes_on_waiting_until_her_own_word_or_the_company_s():
    waits = imported(0, "newsletter", "email")
    assert state(waits, event("consent:released", 1, "newsletter", "email", origin=Origin.STAFF)) == nobody(POLICY)
    assert used(state(waits, given(1, "newsletter", "email"))) == {EMAIL, NEWSLETTER}
    assert EMAIL in state(waits, event("consent:withdrawn", 1, "newsletter")).consent_closed
    assert EMAIL in state(waits, event("erasure:closed", 1, "newsletter")).consent_closed
    assert EMAIL in state(waits, at=day(1000)).consent_closed


def test_a_consent_that_she_gave_is_not_let_go_of_by_the_company_s_word():
    let_go = event("consent:released", 1, "newsletter", "email", origin=Origin.STAFF)
    assert used(state(given(0, "newsletter", "email"), let_go)) == {EMAIL, NEWSLETTER}


def test_an_import_suspends_nothing_that_rests_on_another_basis():
    assert state(imported(0, "dealings")) == nobody(POLICY)


@pytest.mark.parametrize("closing", ["consent:withdrawn", "consent:refused", "objection:made", "erasure:closed"])
def test_an_imported_record_of_consent_never_opens_what_she_closed(closing):
    closed = event(closing, 1, "newsletter")
    assert EMAIL not in state(given(0, "newsletter", "email", via="import")).consent_closed
    assert EMAIL in state(closed, given(2, "newsletter", "email", via="import")).consent_closed


def test_an_imported_record_of_consent_never_lets_go_on_what_she_objects_to():
    objected = event("objection:pending", 1, "dealings")
    assert DEALINGS in state(objected, given(2, "dealings", via="import")).unusable
    assert DEALINGS not in state(objected, given(2, "dealings")).unusable


@pytest.mark.parametrize(
    "failing",
    [
        {"act": "pre-ticked"},
        {"act": "scroll"},
        {"act": None},
        {"notice": None},
        {"notice": "notice-unknown"},
        {"language": ""},
        {"double_opt_in": "pending"},
        {"purposes": 2},
        {"apart_from_terms": False},
        {"age": 12},
    ],
)
def test_consent_with_failing_evidence_opens_nothing(failing):
    assert state(given(0, "newsletter", "email", **failing)) == nobody(POLICY)


def test_consent_under_a_notice_that_did_not_name_the_purpose_opens_nothing():
    assert EMAIL not in state(given(0, "newsletter", "email", notice="notice-2020")).consent_closed
    assert REFERENCE in state(given(0, "reference", notice="notice-2020")).consent_closed


def test_consent_of_staff_on_her_word_needs_the_same_evidence():
    spoken = event("consent:given", 0, "reference", origin=Origin.STAFF, evidence=CLICK | {"act": "spoken"})
    assert REFERENCE not in state(spoken).consent_closed


def test_consent_is_over_when_its_term_is():
    last_day = datetime(2026, 2, 28, 23, 59, tzinfo=CIVIL)
    assert EMAIL not in state(given(0, "newsletter", "email"), at=last_day).consent_closed
    over = state(given(0, "newsletter", "email"), at=last_day + timedelta(minutes=1))
    assert EMAIL in over.consent_closed
    assert consents(given(0, "newsletter", "email"), at=day(1000))[EMAIL] is Consent.EXPIRED


def test_consent_is_over_at_its_own_end():
    short = event("consent:given", 0, "reference", valid_until=day(10), evidence=CLICK)
    assert REFERENCE not in state(short, at=day(9)).consent_closed
    assert REFERENCE in state(short, at=day(10)).consent_closed


def test_consent_under_a_notice_from_before_the_change_is_kept_and_not_used():
    found = state(given(0, "reference", notice="notice-2018"))
    assert REFERENCE not in found.consent_closed
    assert REFERENCE in found.unusable


def test_objection_to_direct_marketing_closes_everything_whatever_the_basis():
    found = state(given(0, "newsletter"), event("objection:made", 1, "newsletter"), event("objection:made", 1, "post"))
    assert found.closed_before == {EMAIL: EVERYTHING, SMS: EVERYTHING, NEWSLETTER: EVERYTHING, POST: EVERYTHING}
    assert found.unusable == frozenset()


def test_nobody_overrules_an_objection_to_direct_marketing():
    overruled = event("objection:overruled", 2, "post", origin=Origin.STAFF)
    assert state(event("objection:made", 1, "post"), overruled).closed_before[POST] == EVERYTHING


def test_another_objection_suspends_use_until_it_is_weighed():
    made = event("objection:made", 1, "dealings")
    assert state(made).unusable == {DEALINGS}
    assert state(made).closed_before == {}
    assert state(made, event("objection:overruled", 2, "dealings")) == nobody(POLICY)
    upheld = state(made, event("objection:upheld", 2, "dealings"))
    assert (upheld.closed_before, upheld.unusable) == ({DEALINGS: day(2)}, frozenset())


def test_a_policy_may_uphold_every_objection():
    assert state(event("objection:made", 1, "quality")).closed_before == {("quality", None): day(1)}


def test_there_is_nothing_to_object_to_in_a_contract():
    assert state(event("objection:made", 1, "orders")) == nobody(POLICY)


def test_objection_to_what_rests_on_consent_reads_as_withdrawal():
    assert REFERENCE in state(given(0, "reference"), event("objection:made", 1, "reference")).consent_closed


def test_an_objection_taken_back_by_herself_is_gone_and_by_staff_is_not():
    made = event("objection:made", 1, "post")
    assert state(made, event("objection:withdrawn", 2, "post")) == nobody(POLICY)
    assert state(made, event("objection:withdrawn", 2, "post", origin=Origin.STAFF)).closed_before == {POST: EVERYTHING}


def test_erasure_closes_what_was_collected_up_to_it():
    found = state(given(0, "reference"), event("erasure:closed", 3, "reference", origin=Origin.REQUEST))
    assert found.closed_before == {REFERENCE: day(3)}
    assert REFERENCE in found.consent_closed


def test_erasure_without_a_purpose_closes_all_of_them():
    assert set(state(event("erasure:closed", 3)).closed_before) == {
        (name, channel) for name, purpose in POLICY.purposes.items() for channel in (None, *purpose.channels)
    }


def test_the_later_of_two_closings_counts():
    acts = [event("erasure:closed", 3, "dealings"), event("objection:upheld", 2, "dealings")]
    assert state(*acts).closed_before == {DEALINGS: day(3)}


def test_restriction_is_per_category_and_a_general_one_is_lifted_as_a_whole():
    one = event("restriction:set", 0, category="identity")
    assert state(one).restricted == {"identity"}
    assert state(one, event("restriction:set", 1)).restricts("payment")
    assert state(one, event("restriction:lifted", 1, category="identity")).restricted == frozenset()
    assert state(one, event("restriction:set", 1), event("restriction:lifted", 2)).restricted == frozenset()


def test_a_hold_stays_until_its_own_case_is_over():
    case = UUID(int=7)
    held = [event("hold:set", 0, hold_id=case), event("hold:set", 0, hold_id=UUID(int=8))]
    assert state(*held).held
    assert state(*held, event("hold:lifted", 1, hold_id=case)).held
    lifted = [event("hold:lifted", 1, hold_id=one.hold_id) for one in held]
    assert not state(*held, *lifted).held


def test_outreach_to_the_dead_stops_and_what_is_kept_stays():
    found = state(given(0, "newsletter", "email"), event("death:recorded", 1, origin=Origin.STAFF))
    assert found.unusable == {EMAIL, SMS, NEWSLETTER, POST}
    assert EMAIL not in found.consent_closed
    corrected = event("death:corrected", 2, origin=Origin.STAFF)
    assert state(event("death:recorded", 1, origin=Origin.STAFF), corrected) == nobody(POLICY)


def test_closing_and_opening_from_the_same_moment_is_closed():
    assert EMAIL in state(given(1, "newsletter", "email"), event("consent:withdrawn", 1, "newsletter")).consent_closed


def test_a_row_of_two_people_gets_whatever_either_closed():
    one = state(given(0, "newsletter"), event("objection:made", 1, "dealings"))
    two = state(given(0, "reference"), event("restriction:set", 1, category="identity"))
    both = strictest([one, two])
    assert both.consent_closed == consent_keys(POLICY)
    assert both.unusable == {DEALINGS}
    assert both.restricted == {"identity"}


def test_the_desk_reads_where_each_key_stands():
    found = Derivation(POLICY, NOW).choices([given(0, "newsletter", "email"), event("objection:made", 1, "dealings")])
    assert (found[EMAIL].consent, found[EMAIL].since) == (Consent.OPEN, day(0))
    assert (found[SMS].consent, found[DEALINGS].objection) == (Consent.NONE, Objection.PENDING)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        present([], POLICY, datetime(2024, 1, 1))


def _events() -> st.SearchStrategy[list[Event]]:
    def make(kind: Kind, on: int, purpose: str | None, channel: str | None, category: str | None, act: str, via: str):
        imports = kind is Kind.CONSENT_IMPORTED
        return event(
            kind,
            on,
            purpose,
            channel if purpose else None,
            category=category,
            origin=Origin.IMPORT if imports else Origin.PERSON,
            evidence=CLICK | {"act": act, "via": via},
        )

    purposes = st.sampled_from([None, *POLICY.purposes])
    channels = st.sampled_from([None, "email", "sms", "fax"])
    categories = st.sampled_from([None, "identity"])
    acts, ways = st.sampled_from(["click", "click", "scroll"]), st.sampled_from(["form", "form", "import"])
    one = st.builds(make, st.sampled_from(Kind), st.integers(0, 8), purposes, channels, categories, acts, ways)
    return st.lists(one, max_size=8)


@settings(max_examples=300)
@for_all(_events().flatmap(lambda events: st.tuples(st.just(events), st.permutations(events))))
def test_any_order_of_recording_gives_the_same_state(both):
    assert state(*both[0]) == state(*both[1])


@settings(max_examples=300)
@for_all(_events(), st.sampled_from(sorted(consent_keys(POLICY), key=str)))
def test_her_own_later_act_opens_whatever_came_before(events, key):
    found = state(*events, given(9, *key))
    assert key not in found.consent_closed
    assert key not in found.closed_before


@settings(max_examples=300)
@for_all(_events(), st.sampled_from([*POLICY.purposes]), st.booleans(), st.integers(0, 9))
def test_an_import_without_evidence_lets_nothing_be_used_and_lets_nothing_go(events, purpose, with_channel, on):
    channel = "email" if with_channel and purpose == "newsletter" else None
    before, after = state(*events), state(*events, imported(on, purpose, channel))
    assert used(after) <= used(before)
    assert after.consent_closed <= before.consent_closed
    assert after.closed_before == before.closed_before


@settings(max_examples=300)
@for_all(_events(), st.sampled_from(sorted(consent_keys(POLICY), key=str)), st.integers(0, 8))
def test_no_record_of_consent_that_is_imported_opens_what_an_act_closed(events, key, on):
    closing = event("consent:withdrawn", on, key[0])
    before = state(*events, closing, at=day(on))
    assert key in before.consent_closed
    later = [one for one in events if one.valid_from <= day(on)] + [closing, given(9, *key, via="import")]
    assert key in state(*later).consent_closed


@settings(max_examples=300)
@for_all(_events(), _events())
def test_a_closing_act_never_opens_anything(events, more):
    closing = [one for one in more if one.kind not in OPENING]
    before, after = state(*events), state(*events, *(later(one) for one in closing))
    assert before.consent_closed <= after.consent_closed
    assert set(before.closed_before) <= set(after.closed_before)
    assert before.restricted <= after.restricted
    assert before.held <= after.held


def later(one: Event) -> Event:
    """Return the same event, after all the others."""
    return event(one.kind, 20, one.purpose, one.channel, category=one.category, evidence=one.evidence)


def test_the_farthest_closing_is_a_moment_that_databases_and_people_can_compare():
    assert datetime(9999, 1, 1, tzinfo=UTC) < EVERYTHING

"""Whom a change of the policy has to be told, and that time alone lets nobody go."""

from datetime import date

from tests.choices.company import CLICK, NOW, POLICY, day
from tests.choices.test_decide import changed_in_june

from belofte.choices.again import ToAsk, let_go, release_of, to_ask
from belofte.choices.events import Event, Kind, Origin, record
from belofte.choices.subjects import Identifier, states, subjects_of
from belofte.policy.model import Policy

EMAIL = ("newsletter", "email")


def consents(db, key, count):
    subjects = subjects_of(db, key, [[Identifier("customer_number", f"K{n}")] for n in range(count)])
    record(db, [Event(Kind.CONSENT_GIVEN, one, day(0), *EMAIL, evidence=CLICK) for one in subjects])
    return subjects


def with_term(term):
    stated = changed_in_june().model_dump(mode="json", by_alias=True)
    stated["purposes"]["newsletter"]["ask_again"] = term
    return Policy.model_validate(stated)


def test_nobody_is_asked_again_while_nothing_changed(db, key):
    consents(db, key, 3)
    assert to_ask(db, POLICY, NOW) == []


def test_a_change_names_how_many_and_until_when(db, key):
    consents(db, key, 3)
    assert to_ask(db, changed_in_june(), day(100)) == [ToAsk(*EMAIL, 3, date(2024, 9, 1), over=False)]
    assert to_ask(db, with_term("P1M"), day(200)) == [ToAsk(*EMAIL, 3, date(2024, 7, 1), over=True)]


def test_the_term_to_ask_again_lets_nobody_go_and_only_a_word_does(db, key):
    (alice,) = consents(db, key, 1)
    policy = with_term("P1M")
    kept = states(db, policy, [alice], NOW)[alice]
    assert (EMAIL in kept.consent_closed, EMAIL in kept.unusable) == (False, True)
    record(db, [Event(Kind.CONSENT_RELEASED, alice, day(250), *EMAIL, origin=Origin.STAFF)])
    assert EMAIL in states(db, policy, [alice], NOW)[alice].consent_closed
    assert EMAIL not in states(db, POLICY, [alice], NOW)[alice].consent_closed


def test_whoever_answered_is_not_asked_again(db, key):
    alice, bob = consents(db, key, 2)
    again = CLICK | {"notice": "notice-2024-06"}
    record(db, [Event(Kind.CONSENT_GIVEN, alice, day(150), *EMAIL, evidence=again)])
    record(db, [Event(Kind.CONSENT_WITHDRAWN, bob, day(150), *EMAIL)])
    assert to_ask(db, changed_in_june(), NOW) == []


def test_two_words_let_go_of_exactly_those_who_were_asked_in_vain(db, key):
    alice, bob = consents(db, key, 2)
    policy = with_term("P1M")
    record(db, [Event(Kind.CONSENT_GIVEN, bob, day(150), *EMAIL, evidence=CLICK | {"notice": "notice-2024-06"})])
    release = release_of(db, policy, "newsletter", day(250))
    assert (release.people, release.over) == ((alice,), True)
    assert not release_of(db, changed_in_june(), "newsletter", day(160)).over
    assert let_go(db, release, "anna", "ben", day(250)) == 1
    closed = {one: EMAIL in state.consent_closed for one, state in states(db, policy, [alice, bob], NOW).items()}
    assert closed == {alice: True, bob: False}
    assert release_of(db, policy, "newsletter", NOW).people == ()


def test_an_approval_is_for_these_people_and_no_others(db, key):
    first = release_of(db, with_term("P1M"), "newsletter", day(250))
    consents(db, key, 1)
    assert release_of(db, with_term("P1M"), "newsletter", day(250)).digest != first.digest

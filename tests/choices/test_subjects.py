"""People in Belofte's own database: found by digests, linked to rows, their state in bulk."""

import threading
from datetime import date
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.choices.company import CLICK, NOW, POLICY, day

from belofte.choices.events import Event, Kind, Origin, record
from belofte.choices.subjects import (
    AT_ONCE,
    Identifier,
    Link,
    Several,
    candidates,
    events_of,
    forget,
    grouped,
    link_keys,
    states,
    states_of,
    subject_of,
    subjects_of,
)
from belofte.database.open import open_database
from belofte.policy.person import nobody

ALICE = Identifier("email", "alice@example.be")
ALICE_MOBILE = Identifier("mobile", "+32478123456")
BOB = Identifier("email", "bob@example.be")


def consent(subject, on=0, purpose="reference", kind="consent:given", **more):
    return Event(Kind(kind), subject, day(on), purpose, evidence=CLICK, **more)


def test_the_same_identifier_leads_to_the_same_person(db, key):
    assert subject_of(db, key, [ALICE]) == subject_of(db, key, [ALICE])
    assert subject_of(db, key, [ALICE]) != subject_of(db, key, [BOB])


def test_an_identifier_that_comes_with_a_known_one_is_hers_too(db, key):
    alice = subject_of(db, key, [ALICE, ALICE_MOBILE])
    assert subject_of(db, key, [ALICE_MOBILE]) == alice


def test_two_people_whom_a_later_identifier_joins_are_shown_and_not_guessed(db, key):
    alice, bob = subject_of(db, key, [ALICE]), subject_of(db, key, [BOB])
    assert subject_of(db, key, [ALICE, BOB]) == Several((alice, bob))
    assert candidates(db, key, [[ALICE, BOB], [ALICE_MOBILE]]) == [(alice, bob), ()]


def test_two_sets_of_one_batch_that_share_an_identifier_are_one_person(db, key):
    one, two, three = subjects_of(db, key, [[ALICE], [ALICE, ALICE_MOBILE], [BOB]])
    assert one == two != three


def test_a_person_without_identifiers_is_refused(db, key):
    with pytest.raises(ValueError, match="found again"):
        subject_of(db, key, [])


def test_no_identifier_is_written_anywhere(db, key):
    subject_of(db, key, [ALICE, ALICE_MOBILE])
    found = db.connection.execute("SELECT string_agg(t::text, ' ') FROM belofte.subject_identifier t").fetchone()
    assert "alice" not in found[0]
    assert "478123456" not in found[0]
    assert b"alice".hex() not in found[0]


def test_another_company_s_key_finds_nobody(db, key):
    from belofte.database.key import CompanyKey

    subject_of(db, key, [ALICE])
    assert candidates(db, CompanyKey(bytes(32)), [[ALICE]]) == [()]


def test_two_processes_that_make_the_same_person_known_at_once_make_one(db, key):
    info = db.connection.info
    address = psycopg.conninfo.make_conninfo(host=info.host, user=info.user, dbname=info.dbname)
    made: list[UUID | Several] = []

    def know() -> None:
        with open_database(address) as mine:
            made.append(subject_of(mine, key, [ALICE]))

    threads = [threading.Thread(target=know) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert len(set(made)) == 1


def test_the_state_of_the_people_behind_the_keys_of_a_store(db, key):
    alice, bob, charlie = subjects_of(db, key, [[ALICE], [BOB], [Identifier("email", "charlie@example.be")]])
    link_keys(db, key, "crm", "customer", [Link(1, alice), Link((2, "b"), bob), Link(3, charlie)])
    record(db, [consent(alice), consent(charlie)])
    found = states_of(db, key, POLICY, "crm", "customer", [1, (2, "b"), 3, 4], NOW)
    assert ("reference", None) not in found[1].consent_closed
    assert found[(2, "b")] == found[4] == nobody(POLICY)
    assert {frozenset(keys) for keys in grouped(found).values()} == {frozenset({1, 3}), frozenset({(2, "b"), 4})}
    assert states_of(db, key, POLICY, "shop", "customer", [1], NOW)[1] == nobody(POLICY)


def test_a_key_given_to_somebody_else_is_not_the_same_person(db, key):
    alice = subject_of(db, key, [ALICE])
    link_keys(db, key, "crm", "customer", [Link(1, alice, ("Alice", date(1980, 1, 1)))])
    record(db, [consent(alice)])
    same = states_of(db, key, POLICY, "crm", "customer", [1], NOW, {1: ("alice ", date(1980, 1, 1))})
    other = states_of(db, key, POLICY, "crm", "customer", [1], NOW, {1: ("Bob", date(1990, 1, 1))})
    assert ("reference", None) not in same[1].consent_closed
    assert other[1] == nobody(POLICY)


def test_a_key_of_two_people_without_their_identity_gets_the_strictest_of_their_states(db, key):
    alice, bob = subjects_of(db, key, [[ALICE], [BOB]])
    link_keys(db, key, "crm", "customer", [Link(1, alice, ("Alice",)), Link(1, bob, ("Bob",))])
    record(db, [consent(alice), consent(bob), consent(bob, 1, "dealings", "objection:made")])
    found = states_of(db, key, POLICY, "crm", "customer", [1], NOW)[1]
    assert found.unusable == {("dealings", None)}


def test_a_link_may_be_mended_and_says_whether_it_changed(db, key):
    alice, bob = subjects_of(db, key, [[ALICE], [BOB]])
    assert link_keys(db, key, "crm", "customer", [Link(1, alice)]) == 1
    assert link_keys(db, key, "crm", "customer", [Link("1", alice)]) == 0
    assert link_keys(db, key, "crm", "customer", [Link(1, bob)]) == 1


def test_a_person_whom_belofte_forgot_is_not_found_and_her_events_have_no_name(db, key):
    alice, bob = subjects_of(db, key, [[ALICE, ALICE_MOBILE], [BOB]])
    link_keys(db, key, "crm", "customer", [Link(1, alice), Link(2, bob)])
    record(db, [consent(alice), consent(bob)])
    assert forget(db, [alice]) == 2
    assert candidates(db, key, [[ALICE], [BOB]]) == [(), (bob,)]
    found = states_of(db, key, POLICY, "crm", "customer", [1, 2], NOW)
    assert (found[1] == nobody(POLICY), found[2] == nobody(POLICY)) == (True, False)
    assert len(events_of(db, [alice], NOW)[alice]) == 1


def test_what_holds_later_is_not_there_yet(db, key):
    alice = subject_of(db, key, [ALICE])
    record(db, [consent(alice, 0), consent(alice, 5, kind="consent:withdrawn")])
    assert [one.kind for one in events_of(db, [alice], day(4))[alice]] == [Kind.CONSENT_GIVEN]
    assert states(db, POLICY, [alice], day(4))[alice] != states(db, POLICY, [alice], day(5))[alice]


def test_an_event_comes_back_as_it_was_recorded(db, key):
    alice = subject_of(db, key, [ALICE])
    written = Event(
        Kind.CONSENT_IMPORTED,
        alice,
        day(0),
        "newsletter",
        "email",
        valid_until=day(9),
        origin=Origin.IMPORT,
        evidence={"via": "import", "defects": ["NO_ACT"]},
    )
    record(db, [written])
    assert events_of(db, [alice], NOW) == {alice: [written]}


def test_all_events_are_recorded_or_none(db, key):
    alice = subject_of(db, key, [ALICE])
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        record(db, [consent(alice), consent(uuid4())])
    assert events_of(db, [alice], NOW) == {}


@pytest.mark.parametrize(
    "change", ["UPDATE belofte.event SET purpose = 'x'", "DELETE FROM belofte.event", "TRUNCATE belofte.event"]
)
def test_what_was_recorded_is_never_changed(db, key, change):
    alice = subject_of(db, key, [ALICE])
    record(db, [consent(alice)])
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        db.connection.execute(change)
    assert len(events_of(db, [alice], NOW)[alice]) == 1


def test_more_people_than_are_named_one_by_one(db, key):
    count = AT_ONCE + 10
    people = subjects_of(db, key, [[Identifier("customer_number", f"K{n}")] for n in range(count)])
    link_keys(db, key, "crm", "customer", [Link(n, subject) for n, subject in enumerate(people)])
    record(db, (consent(subject) for n, subject in enumerate(people) if n % 2))
    groups = grouped(states_of(db, key, POLICY, "crm", "customer", range(count), NOW))
    assert sorted(len(keys) for keys in groups.values()) == [count // 2, count // 2]
    assert set(groups[nobody(POLICY)]) == set(range(0, count, 2))

"""Sets of people: whom a purpose may reach, as many as there are, and always what is decided for each of them."""

import threading
from datetime import timedelta
from uuid import uuid4

import psycopg
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from tests.choices.company import CLICK, NOW, POLICY, day
from tests.choices.test_decide import KEYS, changed_in_june, of_kinds
from tests.choices.test_state import _events

from belofte.choices.decide import Decider, Known, decide
from belofte.choices.events import Event, Kind, record
from belofte.choices.present import allowed, settle, standing_of, turns
from belofte.choices.subjects import Identifier, subjects_of
from belofte.database.open import open_database

EMAIL = ("newsletter", "email")


def people(db, key, count):
    return subjects_of(db, key, [[Identifier("customer_number", f"K{n}")] for n in range(count)])


def consent(subject, on=0, kind="consent:given", purpose="newsletter", channel="email"):
    return Event(Kind(kind), subject, day(on), purpose, channel, evidence=CLICK)


def reached(db, *key, at=NOW, policy=POLICY, **more):
    return set(allowed(db, policy, *key, at, **more))


def test_a_set_is_whoever_may_be_reached(db, key):
    alice, bob, charlie = people(db, key, 3)
    record(db, [consent(alice), consent(bob), consent(bob, 1, "consent:withdrawn")])
    assert reached(db, *EMAIL) == {alice}
    assert reached(db, "dealings", None) == {alice, bob, charlie}
    assert reached(db, "newsletter", "fax") == reached(db, "sales", None) == set()
    assert reached(db, "dealings", None, people=[bob, uuid4()]) == {bob}
    assert (alice in allowed(db, POLICY, *EMAIL, NOW), len(allowed(db, POLICY, *EMAIL, NOW))) == (True, 1)


def test_a_choice_counts_in_the_next_set(db, key):
    (alice,) = people(db, key, 1)
    assert reached(db, *EMAIL) == set()
    record(db, [consent(alice)])
    assert reached(db, *EMAIL) == {alice}
    record(db, [consent(alice, 1, "consent:withdrawn")])
    assert reached(db, *EMAIL) == set()
    record(db, [consent(alice, 2)])
    assert reached(db, *EMAIL) == {alice}


def test_time_alone_closes_and_opens(db, key):
    (alice,) = people(db, key, 1)
    record(db, [consent(alice, 0), consent(alice, 10, "consent:withdrawn"), consent(alice, 20)])
    for on, there in ((5, True), (15, False), (25, True), (2000, False), (5, True)):
        assert (alice in allowed(db, POLICY, *EMAIL, day(on))) == there
        assert (alice in allowed(db, POLICY, *EMAIL, day(on), now=day(30))) == there


def test_another_policy_settles_everybody_anew(db, key):
    (alice,) = people(db, key, 1)
    record(db, [consent(alice)])
    assert reached(db, *EMAIL) == {alice}
    assert reached(db, *EMAIL, policy=changed_in_june()) == set()
    assert reached(db, *EMAIL) == {alice}


def test_whoever_waits_to_be_settled_is_in_no_set(db, key, monkeypatch):
    alice, bob = people(db, key, 2)
    record(db, [consent(alice), consent(bob)])
    settle(db, POLICY, NOW)
    record(db, [consent(alice, 1, "consent:withdrawn")])
    monkeypatch.setattr("belofte.choices.present.settle", lambda *_: 0)
    assert reached(db, *EMAIL) == {bob}


def test_nothing_is_settled_twice(db, key):
    record(db, [consent(one) for one in people(db, key, 5)])
    assert (settle(db, POLICY, NOW), settle(db, POLICY, NOW)) == (5, 0)


def test_what_is_kept_may_be_thrown_away(db, key):
    (alice,) = people(db, key, 1)
    record(db, [consent(alice)])
    settle(db, POLICY, NOW)
    db.connection.execute("TRUNCATE belofte.present, belofte.standing, belofte.present_policy, belofte.unsettled")
    assert reached(db, *EMAIL) == {alice}


def test_two_that_settle_at_once_agree_with_the_last_choice(db, key):
    subjects = people(db, key, 200)
    info = db.connection.info
    address = psycopg.conninfo.make_conninfo(host=info.host, user=info.user, dbname=info.dbname)

    def choose(first: int) -> None:
        with open_database(address) as mine:
            for on in range(first, first + 6, 2):
                kind = "consent:given" if on % 4 == 0 else "consent:withdrawn"
                record(mine, [consent(one, on, kind) for one in subjects])
                allowed(mine, POLICY, *EMAIL, NOW)

    threads = [threading.Thread(target=choose, args=(first,)) for first in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    known = Known.of(db, POLICY, subjects, NOW)
    assert reached(db, *EMAIL) == {one for one in subjects if known.decide(one, *EMAIL).allowed}


def test_kinds_count_for_a_set_as_for_one(db, key):
    policy = of_kinds(**{"consent": ["visitor"], "legitimate-interest": ["customer"]})
    alice, bob = people(db, key, 2)
    record(db, [consent(alice, purpose="dealings", channel=None)])
    dealings = ("dealings", None)
    assert reached(db, *dealings, policy=policy, kinds=frozenset({"customer"})) == {alice, bob}
    assert reached(db, *dealings, policy=policy, kinds=frozenset({"visitor"})) == {alice}
    assert reached(db, *dealings, policy=policy, kinds=frozenset({"employee"})) == set()
    assert reached(db, *dealings, policy=policy) == {alice}


@settings(max_examples=300)
@for_all(_events(), st.integers(0, 900))
def test_what_is_kept_of_a_person_is_what_is_decided_for_her_while_it_holds(events, on):
    at = day(on)
    since, until = turns(POLICY, events, at)
    assert since <= at < until
    kept = standing_of(Decider(POLICY, at), events)
    for moment in {max(since, day(-5)), at, min(until - timedelta(microseconds=1), day(3000))}:
        assert standing_of(Decider(POLICY, moment), events) == kept
    decider = Decider(POLICY, at)
    for purpose, channel in KEYS:
        name = purpose if channel is None else f"{purpose}/{channel}"
        by_set = name in kept.keys and decider.reach(purpose, frozenset()).opens(name in kept.consented)
        assert by_set == decide(events, POLICY, purpose, channel, at).allowed


def test_a_set_of_generated_people_is_the_sum_of_decisions(db, key):
    histories: list[list[Event]] = []

    @settings(max_examples=60, database=None)
    @for_all(_events())
    def gather(events):
        histories.append(events)

    gather()
    subjects = people(db, key, len(histories))
    record(
        db,
        (event_of(one, subject) for subject, events in zip(subjects, histories, strict=True) for one in events),
    )
    for at in (day(3), NOW, day(800)):
        known = Known.of(db, POLICY, subjects, at)
        for one in KEYS:
            assert reached(db, *one, at=at) == {who for who in subjects if known.decide(who, *one).allowed}, one


def event_of(one, subject):
    """Return the same event, of another person; without the hold's case, which is not in this database."""
    return Event(
        one.kind, subject, one.valid_from, one.purpose, one.channel, one.category, valid_until=one.valid_until,
        origin=one.origin, evidence=one.evidence,
    )  # fmt: skip

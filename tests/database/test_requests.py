"""Requests as recorded: which moves are refused."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from belofte.choices.subjects import Identifier, subject_of
from belofte.database import requests, sweeps
from belofte.database.requests import NotAllowed, RequestState, StoreState
from belofte.database.sealed import Shredded, first, unsealed

AT = datetime(2026, 3, 5, 10, tzinfo=UTC)
DUE = date(2026, 4, 7)


@pytest.fixture
def asked(db):
    return requests.receive(db, "erasure", AT, DUE, "nl")


def test_a_request_is_found_by_what_people_read(db, asked):
    assert asked.state == "received"
    assert requests.by_name(db, f" {asked.short.lower()} ") == asked == requests.by_id(db, asked.id)
    assert requests.by_name(db, "0000-0000") is None
    with pytest.raises(KeyError):
        requests.by_id(db, asked.id.__class__(int=0))


def test_a_request_is_fulfilled_when_every_store_is_done(db, asked):
    requests.progress(db, asked.id, "crm", StoreState.DONE, counts={"contact": {"deleted": 1}})
    requests.progress(db, asked.id, "shop", StoreState.UNREACHABLE)
    with pytest.raises(NotAllowed, match="a store is not done"):
        requests.close(db, asked.id, RequestState.FULFILLED, AT)
    assert requests.by_id(db, asked.id).state == "received"
    requests.progress(db, asked.id, "shop", StoreState.DONE)
    requests.close(db, asked.id, RequestState.FULFILLED, AT)
    assert requests.by_id(db, asked.id).state == "fulfilled"
    assert requests.open_requests(db) == []


@pytest.mark.parametrize("state", [one for one in StoreState if one is not StoreState.DONE])
def test_a_store_in_any_other_state_keeps_it_open(db, asked, state):
    requests.progress(db, asked.id, "crm", state)
    with pytest.raises(NotAllowed):
        requests.close(db, asked.id, RequestState.FULFILLED, AT)


def test_an_open_task_keeps_it_open_and_evidence_closes_it(db, asked):
    task = requests.open_task(db, asked.id, "archive", "remove the file of request")
    with pytest.raises(NotAllowed):
        requests.close(db, asked.id, RequestState.FULFILLED, AT)
    with pytest.raises(NotAllowed, match="evidence"):
        requests.close_task(db, task, "bob", {}, AT)
    assert [one.id for one in requests.open_tasks(db)] == [task]
    requests.close_task(db, task, "bob", {"note": "shredded, list 12"}, AT)
    with pytest.raises(NotAllowed, match="no such open task"):
        requests.close_task(db, task, "bob", {"note": "again"}, AT)
    requests.close(db, asked.id, RequestState.FULFILLED, AT)
    assert [(one.state, one.closed_by) for one in requests.tasks(db, asked.id)] == [("closed", "bob")]


def test_a_refusal_needs_no_store(db, asked):
    requests.progress(db, asked.id, "crm", StoreState.PENDING)
    requests.close(db, asked.id, RequestState.REFUSED, AT, "manifestly excessive")
    assert requests.by_id(db, asked.id).reason == "manifestly excessive"


def test_what_has_its_answer_never_moves_again(db, asked):
    requests.close(db, asked.id, RequestState.REFUSED, AT)
    with pytest.raises(NotAllowed):
        requests.move(db, asked.id, RequestState.RUNNING)
    with pytest.raises(NotAllowed):
        requests.close(db, asked.id, RequestState.FULFILLED, AT)
    with pytest.raises(NotAllowed):
        requests.verify(db, asked.id, "portal session", AT)


def test_an_answer_is_not_reached_by_moving_nor_a_state_by_closing(db, asked):
    with pytest.raises(NotAllowed, match="close the request"):
        requests.move(db, asked.id, RequestState.FULFILLED)
    with pytest.raises(NotAllowed, match="no answer"):
        requests.close(db, asked.id, RequestState.OPEN, AT)


def test_what_is_done_in_a_store_stays_done(db, asked):
    assert requests.progress(db, asked.id, "crm", StoreState.RUNNING, step=1, plan_digest=b"p")
    assert requests.progress(db, asked.id, "crm", StoreState.DONE, step=2, counts={"contact": 1})
    assert not requests.progress(db, asked.id, "crm", StoreState.FAILED)
    (found,) = requests.stores(db, asked.id)
    assert (found.state, found.step, found.counts, found.plan_digest) == ("done", 2, {"contact": 1}, b"p")
    assert found.finished_at is not None


def test_a_deadline_is_extended_once_and_in_time(db, asked):
    with pytest.raises(NotAllowed):
        requests.extend(db, asked.id, date(2026, 6, 5), "many requests", today=date(2026, 4, 8))
    requests.extend(db, asked.id, date(2026, 6, 5), "many requests", today=date(2026, 4, 7))
    with pytest.raises(NotAllowed):
        requests.extend(db, asked.id, date(2026, 7, 5), "more", today=date(2026, 4, 7))
    assert requests.by_id(db, asked.id).extended_due == date(2026, 6, 5)


def test_what_is_not_done_is_named_stores_first(db, asked):
    requests.progress(db, asked.id, "shop", StoreState.UNREACHABLE)
    requests.progress(db, asked.id, "crm", StoreState.DONE)
    requests.open_task(db, asked.id, "archive", "remove the file of request")
    sweeps.open_task(db, "notice", "crm", "tell bob & co", AT, recipient="bob & co", request=asked.id)
    assert requests.undone(db, asked.id) == [
        "archive: task", "shop: unreachable", "task at archive", "bob & co is to be told",
    ]  # fmt: skip


def test_a_request_begins_with_its_people_its_stores_and_what_it_seals_and_closes_without(db, key):
    alice = subject_of(db, key, [Identifier("email", "alice@example.be")])
    silent = (StoreState.UNREACHABLE, "no answer in time")
    sealed = first(key, uuid4(), "cohort", b"42")
    made = requests.receive(
        db, "erasure", AT, DUE, "nl", subjects=[alice], stores={"crm": (StoreState.PENDING, None), "shop": silent},
        first=sealed,
    )  # fmt: skip
    assert made.id == sealed.matter
    assert [(one.store, one.state, one.reason) for one in requests.stores(db, made.id)] == [
        ("crm", "pending", None), ("shop", *silent),
    ]  # fmt: skip
    assert unsealed(db, key, made.id, "cohort") == b"42"
    with pytest.raises(NotAllowed):
        requests.close(db, made.id, RequestState.FULFILLED, AT)
    assert unsealed(db, key, made.id, "cohort") == b"42"  # what did not close remembers
    for store in ("crm", "shop"):
        requests.progress(db, made.id, store, StoreState.DONE)
    requests.close(db, made.id, RequestState.FULFILLED, AT)
    with pytest.raises(Shredded):
        unsealed(db, key, made.id, "cohort")


def test_a_name_that_is_taken_is_drawn_again_and_nothing_is_written_twice(db, key, asked, monkeypatch):
    names = iter([asked.short, "ABCD-2345"])
    monkeypatch.setattr(requests, "_short", lambda: next(names))
    made = requests.receive(db, "access", AT, DUE, "nl", stores={"crm": (StoreState.PENDING, None)})
    assert made.short == "ABCD-2345"
    assert requests.stores(db, asked.id) == []
    assert len(requests.stores(db, made.id)) == 1


def test_the_most_urgent_comes_first(db, asked):
    later = requests.receive(db, "access", AT, date(2026, 5, 1), "fr")
    assert [one.id for one in requests.open_requests(db)] == [asked.id, later.id]
    requests.extend(db, asked.id, date(2026, 6, 5), "many requests", today=DUE)
    assert [one.id for one in requests.open_requests(db)] == [later.id, asked.id]


def test_identity_and_plan_are_on_record(db, asked):
    requests.verify(db, asked.id, "code sent to the registered address", AT)
    requests.plan(db, asked.id, b"policy", b"plan")
    found = requests.by_id(db, asked.id)
    assert (found.state, found.verified_at, found.plan_digest) == ("planned", AT, b"plan")


def test_the_requests_of_a_person(db, key):
    alice = subject_of(db, key, [Identifier("email", "alice@example.be")])
    asked = requests.receive(db, "access", AT, DUE, "nl", subjects=[alice, alice])
    assert [one.id for one in requests.requests_of(db, [alice])] == [asked.id]
    assert requests.subjects(db, asked.id) == [alice]


def test_an_approval_is_of_one_plan_and_one_person_counts_once(db, asked):
    for approver in ("alice", "alice", "bob"):
        requests.approve(db, approver, b"plan", request=asked.id)
    requests.approve(db, "charlie", b"plan", run="sweep-1")
    assert requests.approvers(db, b"plan", request=asked.id) == ["alice", "bob"]
    assert requests.approvers(db, b"other", request=asked.id) == []
    assert requests.approvers(db, b"plan", run="sweep-1") == ["charlie"]


def test_a_name_written_otherwise_is_no_second_person(db, asked):
    for approver in ("Alice  Peeters", "ALICE PEETERS", " alice\u00a0peeters "):
        requests.approve(db, approver, b"plan", request=asked.id)
    assert len(requests.approvers(db, b"plan", request=asked.id)) == 1
    assert requests.approvers(db, b"plan", beside=("alice peeters",), request=asked.id) == []
    requests.approve(db, "bob", b"plan", request=asked.id)
    assert requests.approvers(db, b"plan", beside=("alice peeters",), request=asked.id) == ["bob"]

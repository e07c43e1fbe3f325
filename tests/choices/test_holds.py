"""Legal holds: who and what a case keeps, and until when."""

from datetime import date

import pytest
from tests.choices.company import NOW, POLICY, day

from belofte.choices.holds import (
    HoldExists,
    close_hold,
    held_by,
    held_tables,
    hold_people,
    hold_table,
    lift,
    open_hold,
    open_holds,
)
from belofte.choices.subjects import Identifier, states, subjects_of

REVIEW = date(2025, 1, 1)


@pytest.fixture
def people(db, key):
    return subjects_of(db, key, [[Identifier("email", f"{name}@example.be")] for name in ("alice", "bob")])


def held(db, people, at=NOW):
    found = states(db, POLICY, people, at)
    return [found[person].held for person in people]


def test_a_case_holds_whom_it_names_until_she_is_taken_out(db, people):
    case = open_hold(db, "case 12", "claim on a delivery", "charlie", REVIEW, day(0))
    hold_people(db, case, people[:1], day(1))
    assert (held(db, people, day(0)), held(db, people)) == ([False, False], [True, False])
    lift(db, case, people[:1], day(2))
    assert held(db, people) == [False, False]
    assert held_by(db, case) == []


def test_another_case_holds_her_still(db, people):
    one = open_hold(db, "one", "claim", "charlie", REVIEW, day(0))
    two = open_hold(db, "two", "claim", "charlie", REVIEW, day(0))
    for case in (one, two):
        hold_people(db, case, people, day(1))
    assert close_hold(db, one, day(2))
    assert held(db, people) == [True, True]
    assert close_hold(db, two, day(3))
    assert held(db, people) == [False, False]


def test_a_table_is_held_while_the_case_is_open(db):
    case = open_hold(db, "audit", "inspection", "charlie", REVIEW, day(0))
    hold_table(db, case, "crm", "invoice")
    hold_table(db, case, "crm", "invoice")
    assert held_tables(db, day(5)) == {("crm", "invoice")}
    assert close_hold(db, case, day(6))
    assert not close_hold(db, case, day(7))
    assert (held_tables(db, day(5)), held_tables(db, day(6))) == ({("crm", "invoice")}, frozenset())


def test_the_first_to_review_comes_first_and_one_past_its_day_still_holds(db):
    open_hold(db, "later", "claim", "charlie", date(2030, 1, 1), day(0))
    open_hold(db, "overdue", "claim", "charlie", date(2020, 1, 1), day(0))
    assert [one.title for one in open_holds(db, NOW)] == ["overdue", "later"]


def test_two_cases_of_one_title_are_refused(db):
    open_hold(db, "case 12", "claim", "charlie", REVIEW, day(0))
    with pytest.raises(HoldExists, match="`case 12`"):
        open_hold(db, "case 12", "claim", "charlie", REVIEW, day(0))

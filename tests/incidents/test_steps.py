"""No step of a breach can be skipped, and each refusal says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.incidents.desk import AWARE, LAPTOP, NOW, TWO_PEOPLE, Desk

from belofte.incidents.entry import (
    Affected,
    Assessment,
    Closing,
    Decision,
    Facts,
    FollowUp,
    InWords,
    Notification,
)

UNLIKELY = Assessment(risk="unlikely", because="the disk is encrypted and the key is safe")
RISK = Assessment(risk="risk", because="addresses can be misused")
HIGH = Assessment(risk="high", because="health data, seen by strangers")
NOBODY = Decision(authority="not", people="not", because="no risk: encrypted")
AUTHORITY = Decision(authority="notify", people="not", because="a risk, and not a high one")
EVERYBODY = Decision(authority="notify", people="tell", because="a high risk")
DONE = Facts(effects="none known", measures="the laptop was wiped from afar")
CLOSING = Closing(because="found and wiped")


def told(to, after=timedelta(hours=3), **more):
    return Notification(to=to, at=AWARE + after, evidence="reference 12", **more)


def test_a_lost_laptop_with_an_encrypted_disk_is_registered_with_the_reasons_and_nobody_is_told():
    desk = Desk(LAPTOP, TWO_PEOPLE, UNLIKELY, NOBODY, DONE)
    assert [duty.code for duty in desk.breach.duties] == ["B3", "B6"]
    assert desk.breach.to_tell == []
    assert desk.enter(CLOSING).state == "closed"
    assert desk.breach.assessment.because == "the disk is encrypted and the key is safe"


def test_a_table_that_strangers_read_is_told_to_authority_and_people_before_it_closes():
    desk = Desk(LAPTOP, TWO_PEOPLE, HIGH, EVERYBODY, DONE)
    assert desk.refused(CLOSING) == "not told anything yet: the authority\nnot told anything yet: the people"
    later = AWARE + timedelta(hours=4)
    desk.enter(told("authority", partial=True), later)
    desk.enter(told("people", count=2), later)
    assert desk.refused(CLOSING, later) == "not told everything yet: the authority"
    desk.enter(told("authority"), later)
    assert desk.enter(CLOSING, later).state == "closed"
    assert desk.refused(DONE, later) == "breach B-TEST2 is closed"


@pytest.mark.parametrize("title", ["x" * 201, "two\nlines", "\u202ebackwards"])
def test_a_title_is_one_plain_line(title):
    assert "a title is one plain line of at most 200 characters" in Desk().refused(
        LAPTOP.model_copy(update={"title": title})
    )


def test_every_step_that_is_missing_is_named_at_once():
    assert Desk(LAPTOP).refused(CLOSING).splitlines() == [
        "the register has the effects (art. 33(5)), and has none",
        "the register has the remedial action (art. 33(5)), and has none",
        "it is not known whose data it was (art. 33(3)(a))",
        "the risk is not assessed",
    ]


def test_nobody_is_told_before_it_is_decided_and_nothing_is_decided_before_the_risk_is_assessed():
    desk = Desk(LAPTOP)
    assert "is not decided" in desk.refused(told("authority"), NOW + timedelta(hours=9))
    assert desk.refused(NOBODY) == "the risk is not assessed"
    desk.enter(UNLIKELY)
    desk.enter(NOBODY)
    assert desk.refused(told("people"), NOW + timedelta(hours=9)) == "not to be told: the people"


def test_what_becomes_known_of_the_people_asks_for_a_new_assessment_and_a_new_decision():
    desk = Desk(LAPTOP, TWO_PEOPLE, UNLIKELY, NOBODY, DONE)
    desk.enter(Affected(store="crm", state="counted", people=2000, records=5000))
    assert desk.breach.state == "open"
    assert desk.refused(CLOSING) == "more became known of the people after the risk was assessed"
    assert desk.breach.people == 2000
    desk.enter(HIGH)
    assert "the risk was assessed anew" in desk.refused(CLOSING)


@pytest.mark.parametrize(
    ("assessed", "decided", "why"),
    [
        (RISK, NOBODY, "there is a risk: the authority is notified (art. 33(1))"),
        (HIGH, AUTHORITY, "the risk is high: the people are told (art. 34(1))"),
        (
            HIGH,
            Decision(authority="notify", people="not", exception="disproportionate", because="too many"),
            "who need not be told one by one is told in public (art. 34(3)(c))",
        ),
        (
            RISK,
            Decision(authority="notify", people="not", exception="unintelligible", because="encrypted"),
            "the exceptions of art. 34(3) are from a high risk, and it is not",
        ),
        (RISK, Decision(authority="notify", people="not", because=" "), "a decision is recorded with its reasons"),
    ],
)
def test_the_law_refuses_a_decision_that_it_forbids(assessed, decided, why):
    assert why in Desk(LAPTOP, TWO_PEOPLE, assessed).refused(decided)


@pytest.mark.parametrize("exception", ["unintelligible", "risk-removed"])
def test_a_high_risk_need_not_be_told_to_the_people_where_an_exception_takes_it_away(exception):
    decided = Decision(authority="notify", people="not", exception=exception, because="the key was never out")
    desk = Desk(LAPTOP, TWO_PEOPLE, HIGH, decided)
    assert desk.breach.to_tell == ["authority"]


def test_the_clock_runs_over_a_weekend_and_a_holiday_and_stops_with_the_first_notification():
    desk = Desk(LAPTOP, TWO_PEOPLE, RISK, AUTHORITY)
    easter_monday = AWARE + timedelta(hours=71)
    assert desk.breach.due == AWARE + timedelta(hours=72)
    assert desk.breach.left(easter_monday) == timedelta(hours=1)
    assert desk.breach.left(AWARE + timedelta(hours=73)) == timedelta(hours=-1)
    desk.enter(told("authority", timedelta(hours=71), partial=True), AWARE + timedelta(hours=72))
    assert desk.breach.left(AWARE + timedelta(hours=73)) is None


def test_a_late_notification_says_why():
    desk = Desk(LAPTOP, TWO_PEOPLE, RISK, AUTHORITY)
    later = AWARE + timedelta(hours=80)
    assert "the 72 hours were over" in desk.refused(told("authority", timedelta(hours=73)), later)
    desk.enter(told("authority", timedelta(hours=73), late_because="the backup had to be read first"), later)
    assert desk.breach.was_told("authority")


def test_a_processor_tells_the_controller_and_decides_nothing():
    as_processor = LAPTOP.model_copy(update={"role": "processor"})
    assert "none is named" in Desk().refused(as_processor)
    desk = Desk(as_processor.model_copy(update={"controller": "Example NV"}), TWO_PEOPLE, DONE)
    assert [duty.code for duty in desk.breach.duties] == ["B1", "B6"]
    assert desk.breach.due is None
    assert "not its processor" in desk.refused(NOBODY)
    assert desk.refused(CLOSING) == "not told anything yet: the controller"
    desk.enter(told("controller"), NOW + timedelta(hours=2))
    assert desk.enter(CLOSING).state == "closed"


def test_an_incident_without_personal_data_closes_with_the_reason_and_no_clock_runs():
    desk = Desk(LAPTOP.model_copy(update={"personal_data": False}))
    assert [duty.code for duty in desk.breach.duties] == ["B0"]
    assert desk.breach.left(NOW) is None
    assert "nobody is at risk" in desk.refused(UNLIKELY)
    assert desk.enter(CLOSING).state == "closed"


def test_a_breach_that_reached_nobody_still_gets_an_assessment_and_a_decision():
    desk = Desk(LAPTOP, Affected(store="crm", state="counted", people=0, records=0), DONE)
    assert desk.refused(CLOSING) == "the risk is not assessed"
    desk.enter(UNLIKELY)
    desk.enter(NOBODY)
    assert desk.enter(CLOSING).people == 0


def test_a_store_that_did_not_answer_leaves_the_whole_number_unknown():
    desk = Desk(LAPTOP, TWO_PEOPLE, Affected(store="news", state="cannot-tell", because="it did not answer"))
    assert desk.breach.people is None


def test_a_follow_up_keeps_the_breach_open_until_something_shows_that_it_was_done():
    desk = Desk(LAPTOP, TWO_PEOPLE, UNLIKELY, NOBODY, DONE)
    desk.enter(FollowUp(what="encrypt every laptop", owner="it desk"))
    assert desk.refused(CLOSING) == "follow-up 6 is open"
    assert desk.refused(FollowUp(number=2, evidence="ticket 7")) == "nothing is open under the number 2"
    assert desk.refused(FollowUp(number=6)) == "nothing shows that it was done"
    desk.enter(FollowUp(number=6, evidence="ticket 7"))
    assert desk.enter(CLOSING).state == "closed"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"aware": NOW + timedelta(days=1)}, "the moment of awareness lies in the future"),
        ({"happened_from": AWARE + timedelta(hours=1)}, "the company became aware of it before it happened"),
        ({"happened_until": AWARE - timedelta(days=1)}, "it ended before it began"),
        ({"title": None}, "it is not said what it is called"),
        ({"facts": "alice.peeters@example.com was shown"}, "holds something like e-mail addresses"),
    ],
)
def test_what_cannot_be_or_names_somebody_is_refused(wrong, why):
    assert why in Desk().refused(LAPTOP.model_copy(update=wrong))


def test_another_moment_of_awareness_is_entered_with_the_reason_and_the_first_stays():
    desk = Desk(LAPTOP)
    earlier = AWARE - timedelta(minutes=30)
    assert desk.refused(Facts(aware=earlier)) == "the moment of awareness was another one"
    desk.enter(Facts(aware=earlier, aware_because="the helpdesk knew before"))
    assert desk.breach.due == earlier + timedelta(hours=72)
    assert desk.breach.entered[0].said.aware == AWARE


def test_the_words_for_the_people_leave_nothing_of_art_34_out():
    assert Desk(LAPTOP).refused(InWords(language="nl", nature="x", consequences="", measures=" ")).splitlines() == [
        "the people are told the consequences (art. 34(2)), and it is empty",
        "the people are told the measures (art. 34(2)), and it is empty",
    ]

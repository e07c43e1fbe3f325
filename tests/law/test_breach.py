"""A breach: what must be done, by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from belofte.law.breach import STEPS, Incident, duties, is_late

AWARE = datetime(2026, 4, 3, 14, 20, tzinfo=UTC)
DUE = datetime(2026, 4, 6, 14, 20, tzinfo=UTC)
LOST = Incident(personal_data=True, aware=AWARE, risk="high")


@pytest.mark.parametrize(
    ("incident", "codes"),
    [
        (Incident(personal_data=False), ["B0"]),
        (Incident(personal_data=None), ["B?"]),
        (replace(LOST, processor=True), ["B1", "B6"]),
        (replace(LOST, risk="unlikely"), ["B3", "B6"]),
        (replace(LOST, risk="risk"), ["B4", "B6"]),
        (LOST, ["B4", "B5", "B6"]),
        (replace(LOST, unintelligible=True), ["B4", "B5x", "B6"]),
        (replace(LOST, risk_removed=True), ["B4", "B5x", "B6"]),
        (replace(LOST, disproportionate=True), ["B4", "B5p", "B6"]),
        (replace(LOST, risk=None), ["B2", "B?", "B6"]),
    ],
)
def test_duties(incident, codes):
    assert [duty.code for duty in duties(incident)] == codes


def test_authority_hears_within_72_hours_and_people_without_delay():
    by_code = {duty.code: duty for duty in duties(LOST)}
    assert by_code["B4"].due == DUE
    assert by_code["B5"].due is None


def test_clock_runs_while_the_risk_is_being_assessed():
    assert duties(replace(LOST, risk=None))[0].due == DUE


def test_notification_after_the_72nd_hour_is_late():
    assert is_late(LOST, DUE) is False
    assert is_late(LOST, DUE + timedelta(seconds=1)) is True
    assert is_late(replace(LOST, aware=None), DUE) is None


def test_each_step_has_words_in_three_languages():
    assert all(len(set(words)) == 3 for _, _, words in STEPS.values())

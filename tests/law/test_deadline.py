"""Deadlines: the vectors of LAW §2.1, and ten years of days against a reckoning of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from dateutil.relativedelta import relativedelta

from belofte.law.deadline import answer_due, breach_due, extended_due, suspended_due

BRUSSELS = ZoneInfo("Europe/Brussels")

VECTORS = [
    ("2026-03-05", "2026-04-07", "2026-06-05"),
    ("2026-08-31", "2026-09-30", "2026-11-30"),
    ("2026-01-31", "2026-03-02", "2026-04-30"),
    ("2028-01-31", "2028-02-29", "2028-05-02"),
    ("2026-04-01", "2026-05-04", "2026-07-01"),
    ("2026-04-14", "2026-05-15", "2026-07-14"),
    ("2026-06-21", "2026-07-22", "2026-09-21"),
    ("2026-07-15", "2026-08-17", "2026-10-15"),
    ("2026-10-11", "2026-11-12", "2027-01-11"),
    ("2026-11-25", "2026-12-28", "2027-02-25"),
    ("2027-11-30", "2027-12-30", "2028-02-29"),
]


@pytest.mark.parametrize(("received", "due", "extended"), VECTORS)
def test_vector_of_the_law_tables(received, due, extended):
    day = date.fromisoformat(received)
    assert answer_due(day).isoformat() == due
    assert extended_due(day).isoformat() == extended


def test_every_day_of_ten_years_agrees_with_a_reckoning_by_dateutil():
    free = holidays.Belgium(years=range(2024, 2037))

    def rolled(day):
        while day.isoweekday() > 5 or day in free:
            day += relativedelta(days=1)
        return day

    day = date(2025, 1, 1)
    for _ in range(3653):
        assert answer_due(day) == rolled(day + relativedelta(months=1)), day
        assert extended_due(day) == rolled(day + relativedelta(months=3)), day
        day += timedelta(days=1)
    assert day == date(2035, 1, 2)


def test_extension_counts_from_receipt_and_not_from_the_rolled_first_date():
    received = date(2026, 1, 31)
    assert extended_due(received) == date(2026, 4, 30) != answer_due(received) + relativedelta(months=2)


def test_holiday_of_another_country_does_not_move_a_belgian_deadline():
    received = date(2026, 6, 14)  # 14 July is a holiday in France, a Tuesday
    assert answer_due(received, "BE") == date(2026, 7, 14)
    assert answer_due(received, "FR") == date(2026, 7, 15)


def test_breach_clock_runs_over_easter_weekend():
    aware = datetime(2026, 4, 3, 16, 20, tzinfo=BRUSSELS)
    assert breach_due(aware) == datetime(2026, 4, 6, 16, 20, tzinfo=BRUSSELS)
    assert breach_due(aware).tzinfo is UTC


def test_breach_clock_counts_hours_and_not_wall_clock_when_summer_time_begins():
    aware = datetime(2026, 3, 27, 12, 0, tzinfo=BRUSSELS)
    assert breach_due(aware).astimezone(BRUSSELS) == datetime(2026, 3, 30, 13, 0, tzinfo=BRUSSELS)


def test_breach_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="has no time zone"):
        breach_due(datetime(2026, 4, 3, 16, 20))


def test_clock_stands_still_while_identity_is_asked():
    received, asked, supplied = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 13)
    assert answer_due(received) == date(2026, 4, 2)
    assert suspended_due(received, asked, supplied) == date(2026, 4, 13)  # Sunday the 12th rolls


def test_suspension_with_days_out_of_order_is_refused():
    with pytest.raises(ValueError, match="not in order"):
        suspended_due(date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 13))


@pytest.mark.parametrize(("day", "country"), [(date(2026, 3, 2), "XX"), (date(2206, 3, 2), "BE")])
def test_deadline_without_known_holidays_is_refused(day, country):
    with pytest.raises(ValueError, match="public holidays"):
        answer_due(day, country)

"""Terms in civil days: the cutoff is exactly where the term is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given
from hypothesis import strategies as st

from belofte.law.term import Span, add, cutoff
from belofte.policy.model import Period

spans = st.builds(Span, st.integers(0, 120), st.integers(0, 60), st.integers(0, 60), st.integers(0, 400))
days = st.dates(date(1200, 1, 1), date(9000, 1, 1))
month_ends = days.map(lambda day: day.replace(day=1) - timedelta(days=1))
leap_days = (
    st.integers(300, 2000).map(lambda n: n * 4).filter(lambda y: y % 100 or not y % 400).map(lambda y: date(y, 2, 29))
)
telling = st.one_of(days, month_ends, leap_days)


@given(telling, spans)
def test_cutoff_is_the_latest_day_that_is_past_its_term(today, span):
    last = cutoff(today, span)
    assert add(last, span) <= today
    assert add(last + timedelta(days=1), span) > today


@given(telling, spans, st.integers(-70, 70), st.booleans())
@example(date(2028, 2, 29), Span(years=1), 0, False)
@example(date(2027, 2, 28), Span(months=1), 3, True)
def test_running_term_is_a_trigger_after_the_cutoff(today, span, off, near):
    trigger = (cutoff(today, span) if near else today) + timedelta(days=off)
    assert (today < add(trigger, span)) == (trigger > cutoff(today, span))


@given(telling, spans)
def test_sum_agrees_with_dateutil(day, span):
    months = relativedelta(years=span.years, months=span.months)
    assert add(day, span) == day + months + timedelta(weeks=span.weeks, days=span.days)


@given(telling, telling, spans)
def test_later_trigger_never_ends_earlier(one, other, span):
    assert (add(min(one, other), span)) <= add(max(one, other), span)


@given(
    st.dates(),
    st.builds(Span, st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 99999)),
    st.dates(date(1, 1, 2)),
)
@example(date.max, Span(days=1), date.max)
@example(date.max, Span(years=9999), date(1, 1, 2))
@example(date.min, Span(years=1), date(1, 1, 2))
@example(date(9999, 12, 30), Span(months=1), date(9999, 12, 31))
def test_no_date_of_the_calendar_is_too_far(today, span, trigger):
    assert (today < add(trigger, span)) == (trigger > cutoff(today, span))


@pytest.mark.parametrize(
    ("day", "span", "end"),
    [
        (date(2024, 2, 29), Span(years=1), date(2025, 2, 28)),
        (date(2024, 2, 29), Span(years=4), date(2028, 2, 29)),
        (date(2026, 1, 31), Span(months=1), date(2026, 2, 28)),
        (date(2026, 1, 31), Span(months=1, days=1), date(2026, 3, 1)),
        (date(2026, 12, 31), Span(months=2), date(2027, 2, 28)),
        (date(9999, 12, 31), Span(days=1), date.max),
    ],
)
def test_month_ends_are_clamped(day, span, end):
    assert add(day, span) == end


def test_period_of_the_policy_language_is_a_period():
    assert cutoff(date(2026, 11, 22), Period(years=7)) == date(2019, 11, 22)

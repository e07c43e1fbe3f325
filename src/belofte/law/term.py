"""Terms in civil days: when a retention term ends, and which triggers are past it today.

A month or year ends on the same day of the month, or on that month's last day where there is none (the rule of
Regulation 1182/71 art. 3(2)(c)). Databases disagree about 31 January + 1 month, so dates are computed here and bound
as parameters. Dates outside the calendar (year 1 to 9999) are clamped to its ends.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

CIVIL = ZoneInfo("Europe/Brussels")
"""The civil time of the controller, in which days begin and end, terms are counted and naive timestamps are read
(LAW §2.1)."""


def civil_day(moment: datetime) -> date:
    """Return the day of an aware moment by the controller's civil time."""
    return moment.astimezone(CIVIL).date()


class Period(Protocol):
    """Calendar units, each ≥ 0, added from the largest to the smallest."""

    @property
    def years(self) -> int: ...
    @property
    def months(self) -> int: ...
    @property
    def weeks(self) -> int: ...
    @property
    def days(self) -> int: ...


@dataclass(frozen=True)
class Span:
    """A period as this chapter writes it in its own tables."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0


def add(day: date, period: Period) -> date:
    """Return the civil day on which `period` from `day` is over; `date.max` when that lies beyond the calendar."""
    moved = _month_shifted(day, period.years * 12 + period.months)
    return date.max if moved is None else _day_shifted(moved, period.weeks * 7 + period.days)


def cutoff(today: date, period: Period) -> date:
    """Return the latest day `c` with `add(c, period) <= today`.

    INVARIANT: `today < add(trigger, period)` is exactly `trigger > cutoff(today, period)`: what has its trigger on or
    before the cutoff is past its term. A term that reaches back beyond the calendar gives `date.min`: then only for
    a trigger of 1 January of the year 1 itself does the equivalence not hold.
    """
    if today == date.max:
        return date.max
    target = _day_shifted(today, -(period.weeks * 7 + period.days))
    months = period.years * 12 + period.months
    earlier = _month_shifted(target, -months)
    if earlier is None:
        return date.min
    if target.day == monthrange(target.year, target.month)[1]:
        return earlier.replace(day=monthrange(earlier.year, earlier.month)[1])
    return earlier


def _month_shifted(day: date, months: int) -> date | None:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day_shifted(day: date, days: int) -> date:
    ordinal = day.toordinal() + days
    return date.fromordinal(max(date.min.toordinal(), min(ordinal, date.max.toordinal())))

"""Deadlines: art. 12(3) GDPR counted by Regulation (EEC, Euratom) 1182/71, and the 72 hours of art. 33(1).

A month starts on the day a request reaches the controller, which is not counted (3(1)), runs through weekends and
holidays (3(3)), ends on the same calendar date of the next month or that month's last day (3(2)(c)), and when that is a
Saturday, a Sunday or a public holiday of the Member State, with the end of the next working day (3(4), 2(1)).
Hours never roll: 3(4) excludes them. Days are civil days of the controller (Europe/Brussels), hours are counted in UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import holidays

from belofte.law.source import Source
from belofte.law.term import Span, add

SOURCE = Source("GDPR art. 12(3), 33(1); Reg. (EEC, Euratom) 1182/71 art. 2(1), 3")

ANSWER = Span(months=1)
ANSWER_EXTENDED = Span(months=3)
"""Counted from receipt: adding two months to the first, already rolled date would be wrong."""

BREACH_HOURS: tuple[tuple[date, int], ...] = ((date(2018, 5, 25), 72),)
"""Hours to notify a breach, each from the day it holds; a change of the law is a line here (art. 33(1))."""


def answer_due(received: date, country: str = "BE") -> date:
    """Return the last day for the answer to a request that arrived on `received` (art. 12(3), first sentence).

    Also the last day to tell of an extension, or of a refusal and its reasons (art. 12(3)-(4)).
    """
    return working_day(add(received, ANSWER), country)


def extended_due(received: date, country: str = "BE") -> date:
    """Return the last day after an extension told, with its reasons, by `answer_due` (art. 12(3), second sentence)."""
    return working_day(add(received, ANSWER_EXTENDED), country)


def suspended_due(received: date, asked: date, supplied: date, country: str = "BE") -> date:
    """Return the last day when the clock stood still from `asked` to `supplied`, for identity (art. 12(6); LAW G4).

    Holds only where the information was asked without undue delay; keep `answer_due` beside it.
    Raises `ValueError` when the days are not in order.
    """
    if not received <= asked <= supplied:
        raise ValueError("the days are not in order: received, then asked, then supplied")
    return working_day(add(add(received, ANSWER), Span(days=(supplied - asked).days)), country)


def breach_due(aware: datetime) -> datetime:
    """Return, in UTC, the moment 72 hours after the controller became aware of a breach (art. 33(1)).

    Weekends and holidays do not move it; the hour of the event is counted, which is earlier than 1182/71 allows.
    Raises `ValueError` for a moment without a time zone: it could be hours off.
    """
    if aware.tzinfo is None or aware.utcoffset() is None:
        raise ValueError("the moment of awareness has no time zone: give one, since 72 hours are counted in UTC")
    moment = aware.astimezone(UTC)
    hours = [hours for since, hours in BREACH_HOURS if since <= moment.date()]
    return moment + timedelta(hours=hours[-1] if hours else BREACH_HOURS[0][1])


def working_day(day: date, country: str = "BE") -> date:
    """Return `day`, or the next day that is no Saturday, Sunday or public holiday of `country`."""
    while day < date.max and (day.weekday() >= 5 or day in public_holidays(country, day.year)):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=512)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Return the public holidays of `country` (ISO 3166-1, two capitals) in `year`.

    Raises `ValueError` where they are not known, for the country or the year: no deadline is computed without them.
    """
    try:
        days = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        raise ValueError(
            f"no public holidays are known for the country `{country}`: give its two-letter code"
        ) from None
    if not days:
        raise ValueError(f"the public holidays of `{country}` in {year} are not known: is the year right?")
    return frozenset(days)

"""Moments as people write them: a civil day in Belgium, or a moment of ISO 8601."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from belofte.law.term import CIVIL

_DAY = len("2026-01-31")


class NoMoment(ValueError):
    """What was written is no day and no moment."""


def moment(text: str) -> datetime:
    """Return the moment that a text names; a bare day begins at midnight, a moment without a zone is local."""
    try:
        if len(text) == _DAY:
            return datetime.combine(date.fromisoformat(text), time(), CIVIL)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise NoMoment("the time is no ISO 8601 day or moment") from None
    return found if found.tzinfo else found.replace(tzinfo=CIVIL)


def span(text: str) -> tuple[datetime, datetime]:
    """Return the first and the last moment of what a text names: a whole day, or one moment twice."""
    first = moment(text)
    if len(text) != _DAY:
        return first, first
    return first, datetime.combine(first.date() + timedelta(days=1), time(), CIVIL) - timedelta(microseconds=1)

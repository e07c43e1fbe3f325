"""Which of a company's texts was in force at a moment: of its policies, and of the notices that it published.

A text that is taken up for the first time holds from the day that it names, also where that day had passed; without a
day, from when it was taken up. A text that is taken up again, because the company went back to it, holds again from
then. One that had not begun to hold when the company took up another, which held before, never began.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from belofte.law.term import CIVIL


@dataclass(frozen=True)
class Taken:
    """A text as taken up: its name (a digest), when, and from when it held because of that."""

    text: str
    at: datetime
    holds_from: datetime


def taken_up(said: Iterable[tuple[str, datetime, date | None]]) -> list[Taken]:
    """Return how texts were taken up, from who says so in the order of time: the text, when, the day that it names.

    The same text twice without another one in between was taken up once.
    """
    found: list[Taken] = []
    for text, at, day in said:
        if found and found[-1].text == text:
            continue
        named = at if day is None else datetime.combine(day, time(), CIVIL)
        again = any(one.text == text for one in found)
        found.append(Taken(text, at, max(named, at) if again else named))
    return found


def in_force(taken: Sequence[Taken], at: datetime) -> Taken | None:
    """Return which text was in force at a moment; None: none that is known.

    Of several that hold from the same moment (somebody mended a text), it is the one taken up last by then.
    """
    started = [one for one in taken if one.holds_from <= at and not _overtaken(one, taken)]
    if not started:
        return None
    newest = max(one.holds_from for one in started)
    same = sorted((one for one in started if one.holds_from == newest), key=lambda one: one.at)
    by_then = [one for one in same if one.at <= at]
    return by_then[-1] if by_then else same[0]


@dataclass(frozen=True)
class Held:
    """A text as taken up, and from when until when it was in force because of that; `until` None: it still is.

    `since` is None where it never was: the company took up another before it began to hold.
    """

    taken: Taken
    since: datetime | None
    until: datetime | None


def held(taken: Sequence[Taken]) -> list[Held]:
    """Return of each text when it was in force, or will be, as far as is known; in the order in which they came.

    One that was taken up again while it was in force, because what was to come was given up, is there once.
    """
    started: list[tuple[Taken, datetime]] = []
    again: list[Taken] = []
    for moment in sorted({moment for one in taken for moment in (one.at, one.holds_from)}):
        chosen = in_force(taken, moment)
        if chosen is None or (started and started[-1][0] == chosen):
            continue
        if started and started[-1][0].text == chosen.text:
            again.append(chosen)
        else:
            started.append((chosen, moment))
    ends = [moment for _, moment in started[1:]]
    found = []
    for one in (one for one in taken if one not in again):
        own = [number for number, (chosen, _) in enumerate(started) if chosen == one]
        since = started[own[0]][1] if own else None
        found.append(Held(one, since, ends[own[-1]] if own and own[-1] < len(ends) else None))
    return found


def _overtaken(one: Taken, taken: Sequence[Taken]) -> bool:
    return any(one.at < other.at < one.holds_from and other.holds_from < one.holds_from for other in taken)

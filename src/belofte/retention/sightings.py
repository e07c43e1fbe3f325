"""Since when a condition does not hold: nothing in a store says it, so it counts from when a look first saw it.

A purpose with only a condition (`while`, no term) ends without a day. A sweep, and the alarm, record of each row of its
fact that says so when it was first seen: a keyed digest, let go of again when the row holds, or is not there, at the
next look. What comes back and ends again between two looks is not seen to: let the alarm look as often as the grace is
short. A grace (`hide_first`) and the days of the alarm count from the first look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from belofte.compiler.ended import Ended, ended_facts
from belofte.compiler.setting import Setting, moments
from belofte.compiler.statement import Keys
from belofte.database import sightings
from belofte.law.term import add, civil_day
from belofte.policy.model import Policy
from belofte.policy.person import nobody
from belofte.rights.desk import Desk, Opened
from belofte.stores.session import Session


@dataclass(frozen=True)
class Seen:
    """Of each purpose on a condition alone: the rows of its fact that ended so long ago that its data may go.

    `since`: the day of the first of all its rows that were seen to have ended; None: none is.
    """

    over: Mapping[str, Keys] = field(default_factory=dict)
    since: Mapping[str, date | None] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """Per purpose, the name of its key set."""
        return {purpose: _name(purpose) for purpose in self.over}

    @property
    def keysets(self) -> dict[str, Keys]:
        """The key sets by their names."""
        return {_name(purpose): keys for purpose, keys in self.over.items()}


NOTHING = Seen()


def _name(purpose: str) -> str:
    return f"ended_{purpose}"


def without_a_day(policy: Policy) -> list[str]:
    """Return the purposes that rest on a condition alone."""
    return [name for name, one in policy.purposes.items() if one.while_ is not None and one.keep is None]


def looked(
    desk: Desk, opened: Opened, reading: Session, at: datetime, *, record: bool, all_: bool = False,
    until: datetime | None = None,
) -> Seen:  # fmt: skip
    """Look which conditions do not hold, and return those of which that was first seen a grace ago.

    `record`: what is seen now is recorded, and what is not seen any more forgotten. `all_`: also of purposes that hide
    nothing first. `until`: the moment at which the grace was over (default: `at`).
    """
    reading.given = moments(at)
    over: dict[str, Keys] = {}
    since: dict[str, date | None] = {}
    for question in ended_facts(Setting(desk.policy, opened.graph, at, {}, nobody(desk.policy))):
        if record or all_ or desk.policy.purposes[question.purpose].hide_first is not None:
            keys, first = _over(desk, opened.name, reading, question, (at, until or at), record)
            since[question.purpose] = first
            if all_ or desk.policy.purposes[question.purpose].hide_first is not None:
                over[question.purpose] = keys
    return Seen(over, since)


def _over(
    desk: Desk, store: str, reading: Session, question: Ended, moments_: tuple[datetime, datetime], record: bool
) -> tuple[Keys, date | None]:
    at, until = moments_
    rows = {desk.key.fact(store, question.table, key): key for key in reading.rows(question.statement, {})}
    if record:
        sightings.see(desk.db, store, question.purpose, list(rows), at)
    first = sightings.first_seen(desk.db, store, question.purpose)
    days = {digest: civil_day(moment) for digest, moment in first.items() if digest in rows}
    grace, today = desk.policy.purposes[question.purpose].hide_first, civil_day(until)
    over = [rows[digest] for digest, day in days.items() if (add(day, grace) if grace is not None else day) <= today]
    return Keys(question.families, over), min(days.values(), default=None)

"""Late: what a sweep of some days ago would already have let go of, and is still there.

The question is the sweep's own, asked of an earlier day: so no rule of its own says what is late. A purpose that rests
on a condition alone (`while`, without a term) has no day in the store: it counts from the day that a look first saw
that the condition does not hold, and the alarm is such a look. Whoever may not be swept now, because of a hold of
yesterday, is not late either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from belofte.database import sweeps
from belofte.database.sweeps import Sweep, SweepState
from belofte.policy.forms import Period
from belofte.policy.model import Policy
from belofte.retention.overdue import Overdue, counted, overdue_of
from belofte.retention.sightings import looked, without_a_day
from belofte.retention.sweep import barred
from belofte.rights.desk import Desk
from belofte.stores.connect import Unreachable
from belofte.stores.session import Failed, session


@dataclass(frozen=True)
class LatePurpose:
    """How much too old data a purpose left behind: rows times elements, and the day that the oldest counts from."""

    rows: int
    oldest: str | None


@dataclass(frozen=True)
class Late:
    """What is late in a store. `stuck`: a sweep that waits for a second person, or failed, for too long.

    `since_seen`: per purpose on a condition alone, the day that it was first seen not to hold somewhere; None: it holds
    everywhere. `undated`: those of which no row tells. `why`: nothing can be told, or nothing is swept there.
    """

    store: str
    people: int = 0
    purposes: Mapping[str, LatePurpose] = field(default_factory=dict)
    stuck: Sweep | None = None
    undated: tuple[str, ...] = ()
    since_seen: Mapping[str, date | None] = field(default_factory=dict)
    unreachable: str | None = None
    not_swept: str | None = None

    @property
    def alarms(self) -> bool:
        """Return whether somebody has to look."""
        return bool(self.purposes) or self.stuck is not None


NO_PURPOSE = "(no purpose)"


def late(desk: Desk, store: str, days: int) -> Late:
    """Return what should have gone from a store more than `days` days ago. Nothing is written there.

    What has ended without a day is recorded in Belofte's own database as seen today, where it was not seen before.
    """
    if desk.specs[store].map.kind != "sql" or desk.specs[store].map.all_passed_on:
        return Late(store, not_swept=barred(desk, store))
    now = desk.clock()
    alone = without_a_day(desk.policy)
    try:
        people, data, since = _still_there(desk, store, now, now - timedelta(days=days))
    except (Unreachable, Failed) as why:
        return Late(store, unreachable=why.why)
    purposes: dict[str, LatePurpose] = {}
    for one in data.data:
        if one.left is None:
            for name in one.purposes or (NO_PURPOSE,):
                was = purposes.get(name, LatePurpose(0, None))
                oldest = min(filter(None, (was.oldest, one.oldest)), default=None)
                purposes[name] = LatePurpose(was.rows + one.rows, oldest)
    undated = tuple(name for name in alone if name not in since)
    return Late(store, people, purposes, _stuck(desk, store, now - timedelta(days=days)), undated, since)


def _still_there(
    desk: Desk, store: str, now: datetime, then: datetime
) -> tuple[int, Overdue, Mapping[str, date | None]]:
    """Return what was overdue at an earlier moment, of people of whom something is overdue now."""
    dated = replace(desk, policy=_dated(desk.policy), _compiled={})
    opened = desk.open(store)
    with session(opened.store) as reading:
        seen = looked(desk, opened, reading, now, record=True, all_=True, until=then)
        before = overdue_of(dated, opened, reading, then, seen, removable=True)
        both = before
        if any(before.values()):
            both = overdue_of(dated, opened, reading, now, seen, among=before, removable=True)
        found = counted(dated, opened, reading, Overdue(both, 0), then, seen)
    held = desk.held_tables(store, now)
    found.data = [one for one in found.data if one.table not in held]
    return found.number, found, seen.since


def _dated(policy: Policy) -> Policy:
    """Return the policy as if what rests on a condition alone were hidden first: kept where no row says since when."""
    alone = {name: policy.purposes[name] for name in without_a_day(policy)}
    hidden = {name: one.model_copy(update={"hide_first": Period(days=1)}) for name, one in alone.items()}
    purposes = {**policy.purposes, **hidden}
    return policy.model_copy(update={"purposes": purposes})


def _stuck(desk: Desk, store: str, before: datetime) -> Sweep | None:
    run = sweeps.open_of(desk.db, store)
    waits = run is not None and run.state in (SweepState.WAITING, SweepState.FAILED)
    return run if run is not None and waits and run.planned_at < before else None

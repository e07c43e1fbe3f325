"""Late: what a sweep of some days ago would already have let go of, and is still there.

The question is the sweep's own, asked of an earlier day: so no rule of its own says what is late. A purpose that rests
on a condition alone (`while`, without a term) has no day: nothing says since when the condition does not hold, and what
only it kept is never called late. Whoever may not be swept now, because of a hold of yesterday, is not late either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from belofte.database import sweeps
from belofte.database.sweeps import Sweep, SweepState
from belofte.policy.forms import Period
from belofte.policy.model import Policy
from belofte.retention.overdue import Overdue, People, counted, overdue_of
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

    `undated`: purposes that rest on a condition alone. `why`: nothing can be told, or nothing is swept there.
    """

    store: str
    people: int = 0
    purposes: Mapping[str, LatePurpose] = field(default_factory=dict)
    stuck: Sweep | None = None
    undated: tuple[str, ...] = ()
    unreachable: str | None = None
    not_swept: str | None = None

    @property
    def alarms(self) -> bool:
        """Return whether somebody has to look."""
        return bool(self.purposes) or self.stuck is not None


NO_PURPOSE = "(no purpose)"


def late(desk: Desk, store: str, days: int) -> Late:
    """Return what should have gone from a store more than `days` days ago. Nothing is written."""
    if desk.specs[store].map.kind != "sql" or desk.specs[store].map.all_passed_on:
        return Late(store, not_swept=barred(desk, store))
    now = desk.clock()
    undated = tuple(name for name, one in desk.policy.purposes.items() if one.while_ is not None and one.keep is None)
    try:
        people, data = _still_there(desk, store, now, now - timedelta(days=days))
    except (Unreachable, Failed) as why:
        return Late(store, unreachable=why.why, undated=undated)
    purposes: dict[str, LatePurpose] = {}
    for one in data.data:
        if one.left is None:
            for name in one.purposes or (NO_PURPOSE,):
                was = purposes.get(name, LatePurpose(0, None))
                oldest = min(filter(None, (was.oldest, one.oldest)), default=None)
                purposes[name] = LatePurpose(was.rows + one.rows, oldest)
    return Late(store, people, purposes, _stuck(desk, store, now - timedelta(days=days)), undated)


def _still_there(desk: Desk, store: str, now: datetime, then: datetime) -> tuple[int, Overdue]:
    """Return what was overdue at an earlier moment, of people of whom something is overdue now."""
    dated = replace(desk, policy=_dated(desk.policy), _compiled={})
    opened = desk.open(store)
    with session(opened.store) as reading:
        before = overdue_of(dated, opened, reading, then)
        present = overdue_of(dated, opened, reading, now) if before else {}
        both: People = {}
        for entry, keys in before.items():
            there = set(present.get(entry, ()))
            both[entry] = [key for key in keys if key in there]
        found = counted(dated, opened, reading, Overdue(both, 0), then)
    held = desk.held_tables(store, now)
    found.data = [one for one in found.data if one.table not in held]
    return found.number, found


def _dated(policy: Policy) -> Policy:
    """Return the policy as if what rests on a condition alone were hidden first: kept, for nothing says since when."""
    purposes = {
        name: one.model_copy(update={"hide_first": Period(days=1)})
        if one.while_ is not None and one.keep is None
        else one
        for name, one in policy.purposes.items()
    }
    return policy.model_copy(update={"purposes": purposes})


def _stuck(desk: Desk, store: str, before: datetime) -> Sweep | None:
    run = sweeps.open_of(desk.db, store)
    waits = run is not None and run.state in (SweepState.WAITING, SweepState.FAILED)
    return run if run is not None and waits and run.planned_at < before else None

"""How far behind a store is: what of people's choices it has not learnt, and since when (DESIGN §1, *lag measured*).

Measured, not assumed: what a store would be told now is held against what it knows, for everybody who chose something
since it was last told everything; the transaction in which that is done is rolled back.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from belofte.purposes.desk import Desk, Opened, enforced
from belofte.purposes.projecting import learns
from belofte.stores.binding import binding, unbindable
from belofte.stores.connect import Store, Unreachable
from belofte.stores.session import Failed, session


@dataclass(frozen=True)
class Lag:
    """One store: when it was told everything and until when that holds; how many rows it knows otherwise, since when.

    `why`: it did not answer. `told_at` None: never told.
    """

    store: str
    told_at: datetime | None = None
    until: datetime | None = None
    waiting: int = 0
    since: datetime | None = None
    why: str = ""

    def behind(self, now: datetime) -> timedelta:
        """Return how long the oldest choice waits; nothing where the store knows all."""
        return max(now - self.since, timedelta(0)) if self.since is not None else timedelta(0)


def lags(desk: Desk) -> list[Lag]:
    """Return how far behind each store is whose readers are bound."""
    found = []
    for name in enforced(desk):
        try:
            opened = desk.open(name, read_only=False)
            if unbindable(opened.store.dialect) is None:
                found.append(_lag(desk, opened))
        except (Unreachable, Failed) as silent:
            found.append(Lag(name, why=silent.why))
    return found


def told_until(store: Store) -> tuple[datetime | None, datetime | None]:
    """Return until when what a store was told holds, and when it was told everything; None where it never was."""
    with session(store) as reading:
        if not binding(reading).looking.has(reading, "slot"):
            return None, None
        return binding(reading).telling.told_until(reading)


def _lag(desk: Desk, opened: Opened) -> Lag:
    until, at = told_until(opened.store)
    if at is None:
        return Lag(opened.name)
    rows = desk.db.values("chose_since", since=at)
    subjects, moments = [cast(UUID, row[0]) for row in rows], [cast(datetime, row[1]) for row in rows]
    waiting = _unlearnt(desk, opened, subjects)
    if not waiting:
        return Lag(opened.name, at, until)
    first = bisect_left(range(1, len(rows)), 1, key=lambda many: min(1, _unlearnt(desk, opened, subjects[:many])))
    return Lag(opened.name, at, until, waiting, moments[first])


def _unlearnt(desk: Desk, opened: Opened, subjects: list[UUID]) -> int:
    """Return how many rows a store would be told about these people; nothing of it lasts."""
    if not subjects:
        return 0
    with session(opened.store) as trying:
        return learns(desk, opened, trying, subjects)

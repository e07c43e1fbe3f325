"""What readers say they read for: collected from the stores into Belofte's own database, and kept there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from belofte.purposes.desk import Desk, enforced
from belofte.stores.binding import binding, unbindable
from belofte.stores.connect import Unreachable
from belofte.stores.session import Failed, Session, session

AT_ONCE = 5_000
"""Statements that are taken together."""


@dataclass(frozen=True)
class Statement:
    """Who said where, when and why that he reads for a purpose."""

    store: str
    account: str
    client: str | None
    purpose: str
    reason: str
    stated_at: datetime


def collect(desk: Desk) -> tuple[int, dict[str, str]]:
    """Keep what readers stated in every store that answers; return how much was new, and the stores that did not.

    What is kept here is let go of there: a store's log holds what was not collected yet, and nobody's name for longer.
    """
    new, silent = 0, {}
    for name in enforced(desk):
        try:
            opened = desk.open(name, read_only=False)
            if unbindable(opened.store.dialect) is not None:
                continue
            with session(opened.store) as reading:
                if binding(reading).looking.has(reading, "stated"):
                    new += _collected(desk, reading, name)
        except (Unreachable, Failed) as error:
            silent[name] = error.why
    return new, silent


def _collected(desk: Desk, reading: Session, store: str) -> int:
    """Take what a store's log holds, part by part: kept first, then let go of. What is read twice is kept once."""
    new, stating = 0, binding(reading).stating
    while found := stating.stated(reading, AT_ONCE):
        names = ("numbers", "accounts", "clients", "purposes", "reasons", "moments")
        lists = {key: list(own) for key, own in zip(names, zip(*found, strict=True), strict=True)}
        new += desk.db.run("stated_collected", stores=[store] * len(found), **lists)
        stating.let_go(reading, lists["numbers"])
        reading.commit()
    return new


def since(desk: Desk, at: datetime) -> list[Statement]:
    """Return what readers stated since a moment, as far as it was collected."""
    return desk.db.rows("stated_since", Statement, since=at)

"""What readers say they read for: collected from the stores into Belofte's own database, and kept there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from belofte.purposes.desk import Desk, enforced
from belofte.stores.binding import binding, unbindable
from belofte.stores.connect import Unreachable
from belofte.stores.session import Failed, session

OVERLAP = timedelta(days=1)
"""A statement is seen when its transaction ends, later than it says: so much before the last one is read again."""


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
    """Keep what readers stated in every store that answers; return how much was new, and the stores that did not."""
    new, silent = 0, {}
    for name in enforced(desk):
        try:
            opened = desk.open(name)
            if unbindable(opened.store.dialect) is not None:
                continue
            with session(opened.store) as reading:
                bound_by = binding(reading)
                if not bound_by.looking.has(reading, "stated"):
                    continue
                last = cast(datetime | None, desk.db.values("stated_last", store=name)[0][0])
                found = list(bound_by.stating.stated(reading, last - OVERLAP if last is not None else None))
        except (Unreachable, Failed) as error:
            silent[name] = error.why
            continue
        if found:
            names = ("numbers", "accounts", "clients", "purposes", "reasons", "moments")
            lists = {key: list(own) for key, own in zip(names, zip(*found, strict=True), strict=True)}
            new += desk.db.run("stated_collected", stores=[name] * len(found), **lists)
    return new, silent


def since(desk: Desk, at: datetime) -> list[Statement]:
    """Return what readers stated since a moment, as far as it was collected."""
    return desk.db.rows("stated_since", Statement, since=at)

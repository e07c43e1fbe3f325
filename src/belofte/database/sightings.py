"""When a row was first seen to say that a condition has ended; without its name, and only while it says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from belofte.database.open import Database


def see(db: Database, store: str, purpose: str, digests: Sequence[bytes], at: datetime) -> None:
    """Record what a look saw: what is seen for the first time, and no more of what is not seen any more."""
    with db.transaction():
        db.run("sightings_over", store=store, purpose=purpose, digests=list(digests))
        db.run("sightings_seen", store=store, purpose=purpose, digests=list(digests), at=at)


def first_seen(db: Database, store: str, purpose: str) -> dict[bytes, datetime]:
    """Return when each row was first seen, by digest."""
    found = db.values("sightings", store=store, purpose=purpose)
    return {bytes(cast(bytes, digest)): cast(datetime, at) for digest, at in found}

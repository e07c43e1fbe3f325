"""Announcements of a changed policy, and what became of telling each, in Belofte's own database. Append-only.

No address is here: whom a telling was for is a keyed digest. What happened last with a recipient is how it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, cast
from uuid import UUID, uuid4

from belofte.database.names import readable
from belofte.database.open import Database

AT_ONCE = 5_000
"""Tellings that are recorded together."""

Way = Literal["smtp", "mailer", "hand", "before"]
"""By what somebody was told: Belofte, the company's own mailer, a person of the company; or it was done before."""


class Told(StrEnum):
    """How it stands with a recipient: a message was on its way and nobody knows more; she was told; she was not."""

    ATTEMPTED = "attempted"
    TOLD = "told"
    FAILED = "failed"


@dataclass(frozen=True)
class Announcement:
    """An announcement: from which policy to which, to people of which kinds, how many; stores that were silent.

    `digest` is that of its messages and its list; `by_hand`: stores whose people somebody tells.
    """

    id: UUID
    short: str
    digest: bytes
    from_policy: bytes
    to_policy: bytes
    kinds: list[str]
    people: int
    silent: list[str]
    by_hand: list[str]
    prepared_by: str
    prepared_at: datetime


@dataclass(frozen=True)
class Prepared:
    """What an announcement is recorded with."""

    digest: bytes
    from_policy: bytes
    to_policy: bytes
    kinds: Sequence[str]
    people: int
    silent: Sequence[str]
    by_hand: Sequence[str]


@dataclass(frozen=True)
class Telling:
    """What became of telling one: by digest, or a store kept by hand; `reason` says why not, or what shows it."""

    state: Told
    recipient: bytes | None = None
    store: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Standing:
    """How it stands with a recipient, or a store kept by hand, and since when."""

    recipient: bytes | None
    store: str | None
    state: str
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class Heard:
    """What became of telling somebody by an announcement, and since when."""

    short: str
    state: str
    reason: str | None
    at: datetime


class Busy(Exception):
    """Somebody else sends this announcement at this moment."""


def prepare(db: Database, prepared: Prepared, by: str, at: datetime) -> Announcement:
    """Record an announcement; the very same messages to the very same people are one announcement."""
    made = db.row(
        "announcement_prepared", Announcement, id=uuid4(), short=f"N-{readable(5)}", digest=prepared.digest,
        from_policy=prepared.from_policy, to_policy=prepared.to_policy, kinds=list(prepared.kinds),
        people=prepared.people, silent=list(prepared.silent), by_hand=list(prepared.by_hand), prepared_by=by, at=at,
    ) or of(db, prepared.digest)  # fmt: skip
    assert made is not None
    return made


def of(db: Database, digest: bytes) -> Announcement | None:
    """Return the announcement whose messages and list have this digest."""
    return db.row("announcement_of", Announcement, digest=digest)


def every(db: Database) -> list[Announcement]:
    """Return all announcements, the oldest first."""
    return db.rows("announcements", Announcement)


def record(db: Database, announcement: UUID, tellings: Sequence[Telling], way: Way, at: datetime) -> None:
    """Record what became of telling people: when this returns, it is in the database and its log for good."""
    with db.transaction():
        for start in range(0, len(tellings), AT_ONCE):
            some = tellings[start : start + AT_ONCE]
            db.run(
                "tellings_recorded", announcement=announcement, recipients=[one.recipient for one in some],
                stores=[one.store for one in some], states=[one.state.value for one in some], way=way,
                reasons=[one.reason for one in some], at=at,
            )  # fmt: skip


def standing(db: Database, announcement: UUID) -> list[Standing]:
    """Return how it stands with each that was tried."""
    return db.rows("tellings_standing", Standing, announcement=announcement)


def before(db: Database, announcement: UUID) -> list[Standing]:
    """Return how it stands with each who was tried by another announcement of the same policy."""
    return db.rows("tellings_before", Standing, announcement=announcement)


def heard(db: Database, subjects: Sequence[UUID], recipients: Sequence[bytes]) -> list[Heard]:
    """Return what became of telling people, known by who they are or by the digests that they were told under."""
    return db.rows("tellings_of", Heard, subjects=list(subjects), recipients=list(recipients))


@contextmanager
def alone(db: Database, announcement: UUID) -> Iterator[None]:
    """Be the only one that sends an announcement; raises `Busy`. A process that dies lets go with its connection."""
    key = str(announcement)
    if not cast(bool, db.values("announcement_locked", key=key)[0][0]):
        raise Busy
    try:
        yield
    finally:
        if not db.connection.closed:
            db.values("announcement_unlocked", key=key)

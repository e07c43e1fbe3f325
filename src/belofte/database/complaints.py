"""The register of complaints in Belofte's own database: a row per complaint, which moves by statements that refuse.

What somebody wrote, and was written back, is sealed (`database/sealed.py`); who she is, is there as a subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from psycopg.errors import UniqueViolation

from belofte.database.names import readable
from belofte.database.open import Database


@dataclass(frozen=True)
class New:
    """A complaint as it came: which way, when, about what, in which language; `due` is the last day for an answer."""

    way: str
    about: str | None
    language: str
    received_at: datetime
    due: date


@dataclass(frozen=True)
class Complaint:
    """A complaint as the register has it. `short` is what people say; `request`: that of the request it became."""

    id: UUID
    short: str
    state: str
    way: str
    about: str | None
    language: str
    received_at: datetime
    due: date
    recorded_at: datetime
    recorded_by: str
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    outcome: str | None
    closed_at: datetime | None
    answered_by: str | None
    keep_until: date | None
    request: str | None


def recorded(db: Database, new: New, by: str, at: datetime) -> UUID:
    """Record a complaint and return its id."""
    while True:
        complaint = uuid4()
        try:
            with db.transaction():
                db.run(
                    "complaint_recorded", id=complaint, short=f"K-{readable(5)}", way=new.way, about=new.about,
                    language=new.language, received_at=new.received_at, due=new.due, by=by, at=at,
                )  # fmt: skip
        except UniqueViolation:
            continue
        return complaint


def named(db: Database, complaint: UUID, subjects: Sequence[UUID]) -> None:
    """Name the people who complain."""
    db.run("complaint_subjects_added", id=complaint, subjects=list(subjects))


def subjects(db: Database, complaint: UUID) -> list[UUID]:
    """Return the people who complain."""
    return [UUID(str(subject)) for (subject,) in db.values("complaint_subjects", id=complaint)]


def by_id(db: Database, complaint: UUID) -> Complaint:
    """Return a complaint; `KeyError` when there is none."""
    found = _found(db, complaint=complaint)
    if not found:
        raise KeyError(complaint)
    return found[0]


def by_name(db: Database, name: str) -> Complaint | None:
    """Return the complaint that people call `name`, in whatever case."""
    found = _found(db, short=name.strip().upper())
    return found[0] if found else None


def register(db: Database) -> list[Complaint]:
    """Return the whole register, the oldest first."""
    return _found(db)


def of_people(db: Database, subjects: Sequence[UUID]) -> list[Complaint]:
    """Return the complaints that came from people."""
    return _found(db, subjects=subjects)


def over(db: Database, today: date) -> list[Complaint]:
    """Return the complaints whose term of keeping is over."""
    return _found(db, over=today)


def _found(
    db: Database, *, complaint: UUID | None = None, short: str | None = None, over: date | None = None,
    subjects: Sequence[UUID] | None = None,
) -> list[Complaint]:  # fmt: skip
    of = None if subjects is None else list(subjects)
    return db.rows("complaints_found", Complaint, id=complaint, short=short, over=over, subjects=of)


def acknowledge(db: Database, complaint: UUID, by: str, at: datetime) -> bool:
    """Record that a complaint was acknowledged; return whether it was waiting for that."""
    return bool(db.run("complaint_acknowledged", id=complaint, by=by, at=at))


def close(db: Database, complaint: UUID, outcome: str, by: str, at: datetime, keep_until: date) -> bool:
    """Record the answer to a complaint; return whether it had none."""
    return bool(db.run("complaint_closed", id=complaint, outcome=outcome, by=by, at=at, keep_until=keep_until))


def become(db: Database, complaint: UUID, request: UUID, by: str, at: datetime, keep_until: date) -> bool:
    """Record that a complaint became a request; return whether it had no answer."""
    return bool(db.run("complaint_became", id=complaint, request=request, by=by, at=at, keep_until=keep_until))


def advance(db: Database, request: UUID, received_at: datetime, due: date) -> bool:
    """Let an open request count from an earlier moment: that at which the complaint came that asked for it.

    Return whether it does: not where its deadline was extended.
    """
    return bool(db.run("request_advanced", id=request, received_at=received_at, due=due))


def remove(db: Database, complaint: UUID) -> None:
    """Remove a complaint and who it was from."""
    with db.transaction():
        db.run("complaint_left", id=complaint)
        db.run("complaint_removed", id=complaint)

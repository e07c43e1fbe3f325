"""Legal holds (GDPR art. 17(3)(e), 18): a case, with an owner and a day of review, that keeps people's data or tables.

A hold narrows removal, never use. It ends by being lifted, not by forgetting: one past its review day still holds, and
is shown first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID, uuid4

from psycopg.errors import UniqueViolation

from belofte.choices.events import Event, Kind, Origin, record
from belofte.database.open import Database


class HoldExists(Exception):
    """There is a hold of this title already: name people in that one, or choose another title."""


@dataclass(frozen=True)
class Hold:
    """A case. Title and reason name the case, not the person."""

    id: UUID
    title: str
    reason: str
    owner: str
    review_on: date
    opened_at: datetime
    closed_at: datetime | None


def open_hold(db: Database, title: str, reason: str, owner: str, review_on: date, at: datetime) -> UUID:
    """Open a case and return its id; it holds nothing until people or tables are named. Raises `HoldExists`."""
    hold = uuid4()
    try:
        with db.transaction():
            db.run("hold_opened", id=hold, title=title, reason=reason, owner=owner, review_on=review_on, at=at)
    except UniqueViolation:
        raise HoldExists(
            f"there is a hold `{title}` already: name people in that one, or choose another title"
        ) from None
    return hold


def hold_people(db: Database, hold: UUID, people: Iterable[UUID], at: datetime) -> int:
    """Name people in a case; return how many."""
    return record(db, (_event(Kind.HOLD_SET, hold, person, at) for person in people))


def hold_table(db: Database, hold: UUID, store: str, table: str) -> None:
    """Name a whole table in a case."""
    db.run("hold_table_named", hold_id=hold, store=store, table_name=table)


def lift(db: Database, hold: UUID, people: Iterable[UUID], at: datetime) -> int:
    """Take people out of a case; return how many. Another case may hold them still."""
    return record(db, (_event(Kind.HOLD_LIFTED, hold, person, at) for person in people))


def close_hold(db: Database, hold: UUID, at: datetime) -> bool:
    """Close a case and lift it from everyone whom it holds; return whether it was open."""
    with db.transaction():
        if not db.run("hold_closed", id=hold, at=at):
            return False
        lift(db, hold, held_by(db, hold), at)
    return True


def held_by(db: Database, hold: UUID) -> list[UUID]:
    """Return the people whom a case holds."""
    return [cast(UUID, person) for (person,) in db.values("hold_people", hold_id=hold)]


def open_holds(db: Database, at: datetime) -> list[Hold]:
    """Return the cases open at a moment, the first to review first."""
    return db.rows("holds_open", Hold, at=at)


def held_tables(db: Database, at: datetime) -> frozenset[tuple[str, str]]:
    """Return the (store, table) pairs of which nothing may be removed at a moment."""
    return frozenset((str(store), str(table)) for store, table in db.values("tables_held", at=at))


def _event(kind: Kind, hold: UUID, person: UUID, at: datetime) -> Event:
    return Event(kind, person, at, origin=Origin.STAFF, hold_id=hold)

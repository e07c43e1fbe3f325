"""The register of breaches in Belofte's own database: entries in order, and nothing else; the database changes none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from belofte.database.names import readable
from belofte.database.open import Database


@dataclass(frozen=True)
class Incident:
    """A breach as the register names it. `short` is what people say."""

    id: UUID
    short: str
    recorded_at: datetime


@dataclass(frozen=True)
class Entry:
    """What was entered about a breach: which sort of thing, its content, by whom and when."""

    number: int
    kind: str
    said: Mapping[str, object]
    entered_by: str
    entered_at: datetime


def opened(db: Database, at: datetime) -> Incident:
    """Open a breach in the register and return it."""
    while True:
        try:
            with db.transaction():
                found = db.row("incident_opened", Incident, id=uuid4(), short=f"B-{readable(5)}", at=at)
        except UniqueViolation:
            continue
        if found is not None:
            return found


def by_name(db: Database, name: str) -> Incident | None:
    """Return the breach that people call `name`, in whatever case."""
    return db.row("incident_by_name", Incident, short=name.strip().upper())


def register(db: Database) -> list[Incident]:
    """Return every breach, the oldest first."""
    return db.rows("incidents", Incident)


def alone(db: Database, incident: UUID) -> None:
    """Wait until nobody else works on a breach, inside a transaction; its end lets go."""
    db.values("incident_locked", id=incident)


def entries(db: Database, incident: UUID) -> list[Entry]:
    """Return what was entered about a breach, in order."""
    return db.rows("incident_entries", Entry, id=incident)


def enter(
    db: Database, incident: UUID, number: int, kind: str, said: Mapping[str, object], by: str, at: datetime
) -> None:  # fmt: skip
    """Enter something under its number; when two take the same turn, the database refuses one of them."""
    db.run("incident_entered", id=incident, number=number, kind=kind, said=Jsonb(said), entered_by=by, at=at)

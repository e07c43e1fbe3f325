"""The breach register (GDPR art. 33(5)): open a breach, enter what becomes known and is done, read it back.

Each entry is one transaction with the breach locked: it is judged by what is there, and lands whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from belofte.database import incidents
from belofte.database.incidents import Incident
from belofte.database.key import CompanyKey
from belofte.database.open import Database
from belofte.database.sealed import seal, shred
from belofte.incidents.allowed import Refusal, refusals
from belofte.incidents.breach import Breach, Entered
from belofte.incidents.entry import NAMES, SORTS, Closing, Facts, Said


class Refused(Exception):
    """Something is not entered; `reasons` has everything that stands against it."""

    def __init__(self, reasons: list[Refusal]) -> None:
        super().__init__(reasons[0].why)
        self.reasons = reasons


def opened(db: Database, facts: Facts, by: str, at: datetime) -> Breach:
    """Open a breach with what is known; `Refused` where something is missing or cannot be."""
    wrong = refusals(Breach("", at), facts, at)
    if wrong:
        raise Refused(wrong)
    with db.transaction():
        incident = incidents.opened(db, at)
        incidents.enter(db, incident.id, 1, NAMES[Facts], facts.document(), by, at)
    return breach(db, incident)


def entered(
    db: Database, incident: Incident, said: Said, by: str, at: datetime, sealing: Callable[[], None] | None = None
) -> Breach:  # fmt: skip
    """Enter something about a breach and return it as it is then; `Refused` where that may not be.

    `sealing` runs in the same transaction. Closing destroys what was sealed of the people.
    """
    with db.transaction():
        incidents.alone(db, incident.id)
        before = breach(db, incident)
        wrong = refusals(before, said, at)
        if wrong:
            raise Refused(wrong)
        incidents.enter(db, incident.id, len(before.entered) + 1, NAMES[type(said)], said.document(), by, at)
        if sealing is not None:
            sealing()
        if isinstance(said, Closing):
            shred(db, incident.id)
    return breach(db, incident)


def breach(db: Database, incident: Incident) -> Breach:
    """Return a breach as the register has it."""
    rows = incidents.entries(db, incident.id)
    found = (
        Entered(one.number, SORTS[one.kind].model_validate(one.said), one.entered_by, one.entered_at) for one in rows
    )
    return Breach(incident.short, incident.recorded_at, tuple(found))


def register(db: Database) -> list[Breach]:
    """Return the whole register, the oldest first."""
    return [breach(db, one) for one in incidents.register(db)]


def keep_people(db: Database, key: CompanyKey, incident: Incident, store: str, people: bytes) -> None:
    """Seal whose data it was in a store, until the breach is closed; what was sealed of it before is replaced."""
    seal(db, key, incident.id, store, people)

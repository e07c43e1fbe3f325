"""Whom to tell (GDPR art. 19): every recipient to whom a person's data was disclosed, of what was done with it since.

A disclosure that is recorded of a person is hers for certain. An extract is recorded as a whole: whoever received one
from a store in which she is may have her data, and is told too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from belofte.database import requests
from belofte.database.open import Database
from belofte.database.requests import Disclosure


@dataclass(frozen=True)
class Received:
    """A recipient with the disclosures of a person's data to it, and the extracts in which she may have been."""

    name: str
    hers: tuple[Disclosure, ...]
    extracts: tuple[Disclosure, ...]

    @property
    def days(self) -> list[str]:
        """The days on which it received something, in order."""
        return sorted({one.disclosed_at.date().isoformat() for one in (*self.hers, *self.extracts)})


def recipients(
    db: Database, subjects: Sequence[UUID], stores: Sequence[str], categories: Collection[str] | None = None
) -> list[Received]:
    """Return who received data of people with records in some stores, by name; of these categories, or of any."""

    def about(found: Sequence[Disclosure]) -> list[Disclosure]:
        return [one for one in found if categories is None or not one.categories or set(one.categories) & {*categories}]

    hers, extracts = about(requests.disclosures(db, subjects)), about(requests.extracts(db, stores))
    return [
        Received(
            name,
            tuple(one for one in hers if one.recipient == name),
            tuple(one for one in extracts if one.recipient == name),
        )
        for name in sorted({one.recipient for one in (*hers, *extracts)})
    ]


def received_by(db: Database, subjects: Sequence[UUID], stores: Sequence[str], name: str) -> Received:
    """Return what one recipient received of these people."""
    return next((one for one in recipients(db, subjects, stores) if one.name == name), Received(name, (), ()))

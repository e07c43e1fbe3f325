"""Whom to tell (GDPR art. 19): every recipient to whom a person's data was disclosed, of what was done with it since.

A disclosure that is recorded of a person is hers for certain, also where it is one of many whose rows it held. Where
nobody recorded whose data it was, whoever received some from a store in which she is may have hers, and is told too. So
is a recipient that only the policy names: nothing says that it has nothing of hers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from belofte.database.disclosures import Disclosure, disclosures, on_record, unlisted
from belofte.database.open import Database
from belofte.policy.model import Policy
from belofte.policy.receiving import received, served


@dataclass(frozen=True)
class Whose:
    """People: who they are, the keyed digests of their rows, and the stores that these are in."""

    subjects: Sequence[UUID]
    rows: Sequence[bytes]
    stores: Sequence[str]


@dataclass(frozen=True)
class Received:
    """A recipient with the disclosures of a person's data to it, and those in which she may have been."""

    name: str
    hers: tuple[Disclosure, ...]
    perhaps: tuple[Disclosure, ...]

    @property
    def days(self) -> list[str]:
        """The days on which it received something, in order."""
        return sorted({one.disclosed_at.date().isoformat() for one in (*self.hers, *self.perhaps)})


def recipients(
    db: Database, whose: Whose, categories: Collection[str] | None = None
) -> list[Received]:  # fmt: skip
    """Return who received data of people, by name; of these categories, or of any."""

    def about(found: Sequence[Disclosure]) -> list[Disclosure]:
        return [one for one in found if categories is None or not one.categories or set(one.categories) & {*categories}]

    hers, perhaps = about(disclosures(db, whose.subjects, whose.rows)), about(unlisted(db, whose.stores))
    return [
        Received(
            name,
            tuple(one for one in hers if one.recipient == name),
            tuple(one for one in perhaps if one.recipient == name),
        )
        for name in sorted({one.recipient for one in (*hers, *perhaps)})
    ]


OCCASIONAL = ("authority", "court")
"""Who receives on occasion: not a recipient by that alone (art. 4(9)), and on record when it did."""


def named_only(db: Database, policy: Policy, kinds: Collection[str], categories: Collection[str]) -> list[str]:
    """Return the recipients that the policy names for people of these kinds and these categories, and no record does.

    Whose disclosures are recorded, of anybody, is not among them: of it the record says who was in them.
    """
    recorded = on_record(db)
    found = []
    for name, one in policy.recipients.items():
        reached = (p for p in served(policy, name) if any(policy.purposes[p].bases(kind) for kind in kinds))
        has = {element.partition(".")[0] for purpose in reached for element in received(policy, name, purpose)}
        standing = one.told == "each-time" and one.role not in OCCASIONAL
        if standing and has & set(categories) and not {name, one.name} & recorded:
            found.append(name)
    return found


def received_by(db: Database, whose: Whose, name: str) -> Received:
    """Return what one recipient received of these people."""
    return next((one for one in recipients(db, whose) if one.name == name), Received(name, (), ()))

"""Disclosures: that a recipient received data, when, why and on what ground; what was sent is there as a digest only.

A disclosure is of one person, or of a list of people who are there by keyed digests of their rows, and as subjects
where they are known. `people` counts the list, `people_digest` commits to it; both are NULL where nobody recorded it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple, cast
from uuid import UUID

from belofte.database import acts
from belofte.database.acts import Act
from belofte.database.open import Database

_WHOSE = "COPY belofte.disclosure_person (disclosure_id, key_digest, subject_id) FROM STDIN (FORMAT binary)"


@dataclass(frozen=True)
class Disclosed:
    """That a recipient received data: to whom, for what, on what ground, which categories, from where, when."""

    recipient: str
    purpose: str
    ground: str
    categories: Sequence[str]
    store: str | None
    disclosed_at: datetime
    digest: bytes
    subject_id: UUID | None = None
    request_id: UUID | None = None
    reference: str | None = None
    """The order or request that asked for it, where an authority or a court did."""


@dataclass(frozen=True)
class Disclosure(Disclosed):
    """A disclosure as it is recorded."""

    id: int = field(kw_only=True)
    people: int | None = field(kw_only=True)


class PersonIn(NamedTuple):
    """A person whose row was disclosed: the keyed digest of the row's key, and who she is, where that is known."""

    key_digest: bytes
    subject_id: UUID | None


def disclose(db: Database, one: Disclosed, people: Sequence[PersonIn] | None = None) -> int:
    """Record a disclosure, of one person or of the people listed (in the order of their digests); return its number.

    `people` None: whose data it was is not recorded.
    """
    digests = [digest for digest, _ in groupby(person.key_digest for person in people or ())]
    with db.transaction():
        ((number,),) = db.values(
            "disclosed", recipient=one.recipient, purpose=one.purpose, ground=one.ground,
            categories=list(one.categories), store=one.store, at=one.disclosed_at, digest=one.digest,
            subject_id=one.subject_id, request_id=one.request_id, reference=one.reference,
            people=None if people is None else len(digests),
            people_digest=None if people is None else committed(digests),
        )  # fmt: skip
        assert isinstance(number, int)
        if people:
            with db.connection.cursor() as cursor, cursor.copy(_WHOSE) as copying:
                copying.set_types(["int8", "bytea", "uuid"])
                for person in people:
                    copying.write_row((number, person.key_digest, person.subject_id))
    return number


class NotRedacted(ValueError):
    """There is nothing to redact; says why."""


def redact(
    db: Database, number: int, ground: str, reference: str | None, why: str, by: str, at: datetime
) -> list[int]:  # fmt: skip
    """Let these words stand for what was written freely of a disclosure; return the acts that say no more of it.

    What the log said of the disclosure is erased, the digests of the texts with their salts among it; the places stay
    proven. The row as it is now is written to the log anew, and why and by whom it was. Raises `NotRedacted`.
    """
    with db.transaction():
        found = db.values("disclosure_locked", id=number)
        if not found:
            raise NotRedacted(f"there is no disclosure {number}")
        if found[0] == (ground, reference):
            raise NotRedacted(f"disclosure {number} says just that already")
        gone = sorted(cast(int, act) for (act,) in db.values("disclosure_acts_erased", id=number))
        acts.record(db, Act.ACTS_ERASED, {"acts": gone, "subjects": []})
        db.run("disclosure_redacted", id=number, ground=ground, reference=reference)
        db.run("redaction_recorded", disclosure=number, why=why, by=by, at=at)
    return gone


def committed(digests: Iterable[bytes]) -> bytes:
    """Return the SHA-256 over the digests of people, in order."""
    return hashlib.sha256(b"".join(digests)).digest()


def disclosures(db: Database, subjects: Sequence[UUID], keys: Sequence[bytes] = ()) -> list[Disclosure]:
    """Return what was disclosed about people (art. 15(1)(c), 19), by who they are and by the digests of their rows."""
    return db.rows("disclosures", Disclosure, subjects=list(subjects), keys=list(keys))


def unlisted(db: Database, stores: Sequence[str]) -> list[Disclosure]:
    """Return disclosures from these stores of which nobody recorded whose data it was."""
    return db.rows("disclosures_unlisted", Disclosure, stores=list(stores))


def on_record(db: Database) -> set[str]:
    """Return the recipients to whom something was disclosed, about whomever."""
    return {str(name) for (name,) in db.values("disclosures_recipients")}


def register(db: Database, since: datetime | None = None, recipient: str | None = None) -> list[Disclosure]:
    """Return the register of disclosures, in the order of time."""
    return db.rows("disclosures_register", Disclosure, since=since, recipient=recipient)

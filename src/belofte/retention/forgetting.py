"""Whom Belofte itself lets go of: people by whose digests no purpose of its own policy knows them again any more.

An erasure leaves them: they keep an erased person from coming back with an import or a backup (DESIGN §8). They go when
the terms of the company's map of Belofte's own database are over, and with them what the log says of these people.
Digests that went cannot be made again, so two people name exactly whom.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from belofte.choices.subjects import forget, states
from belofte.database import complaints, requests
from belofte.retention.overdue import overdue_of
from belofte.rights.contents import Classes, contents, own_entries, readings
from belofte.rights.desk import Desk
from belofte.rights.population import population
from belofte.stores.session import session

KNOWN_BY = ("subject_identifier", "subject_key")
"""The tables by which somebody is known again."""
RUN = "forget"
AT_ONCE = 1_000
"""People who are judged, or forgotten, together."""


@dataclass(frozen=True)
class Forgettable:
    """People who are to be forgotten; `digest` stands for exactly these."""

    people: tuple[UUID, ...]

    @property
    def digest(self) -> bytes:
        """The SHA-256 over who they are, in order."""
        return hashlib.sha256(b"".join(one.bytes for one in self.people)).digest()


def forgettable(desk: Desk) -> Forgettable:
    """Return the people who are known again by nothing that a purpose keeps; nobody, without a map of our own."""
    found: set[UUID] = set()
    for store, entry, _ in own_entries(desk):
        opened, now = desk.open(store), desk.clock()
        with session(opened.store) as reading:
            over = [cast(UUID, key[0]) for key in overdue_of(desk, opened, reading, now).get(entry, ())]
            for start in range(0, len(over), AT_ONCE):
                some = over[start : start + AT_ONCE]
                known = states(desk.db, desk.policy, some, now)
                whom = population(desk, opened, reading, {entry: {(one,): known[one] for one in some}}, now)
                classes, kept, there = Classes(), set(), set()
                for part in contents(reading, whom, classes, [r for r in readings(whom) if r.judged.table in KNOWN_BY]):
                    who = part.columns.index("subject_id")
                    for row, numbers in part.rows:
                        there.add(cast(UUID, row[who]))
                        if any(number >= 0 and classes.found[number].justified for number in numbers):
                            kept.add(cast(UUID, row[who]))
                found |= there - kept
    return Forgettable(tuple(sorted(one for one in found if not _asks(desk, one))))


def _asks(desk: Desk, one: UUID) -> bool:
    """Return whether somebody waits for an answer: nobody is forgotten in the middle of what she asked."""
    return any(asked.closed_at is None for asked in requests.requests_of(desk.db, [one])) or any(
        came.closed_at is None for came in complaints.of_people(desk.db, [one])
    )


def agreed(desk: Desk, found: Forgettable, by: str) -> Sequence[str]:
    """Record that somebody agrees to forget exactly these people; return who did."""
    requests.approve(desk.db, by, found.digest, run=RUN)
    return requests.approvers(desk.db, found.digest, run=RUN)


def carry_out(desk: Desk, found: Forgettable) -> int:
    """Forget people; return how many digests of identifiers went."""
    gone = 0
    for start in range(0, len(found.people), AT_ONCE):
        gone += forget(desk.db, found.people[start : start + AT_ONCE])
    return gone

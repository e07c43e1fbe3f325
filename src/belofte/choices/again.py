"""Whom to ask again: consents that a new policy made stale, and until when they are to be asked (LAW §2.6 C9).

A stale consent closes use and never keep. The term to ask again is the purpose's (`ask_again`), counted from the day of
the change; that it is over removes nothing by itself: letting go takes a word and a second person's approval.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from belofte.choices.events import Event, Kind, Origin, record
from belofte.choices.present import batches
from belofte.choices.state import Consent, Derivation, in_order
from belofte.choices.subjects import events_of
from belofte.database.open import Database
from belofte.law.term import Span, add, civil_day
from belofte.policy.model import Policy
from belofte.policy.person import Key

TERM = Span(months=3)
"""How long people are asked again where the purpose does not say."""


@dataclass(frozen=True)
class ToAsk:
    """How many people are to be asked again for a key, and until when; `over` when that day is past."""

    purpose: str
    channel: str | None
    people: int
    until: date | None
    over: bool


def to_ask(db: Database, policy: Policy, at: datetime) -> list[ToAsk]:
    """Return, per purpose and channel, how many people's consent is stale at a moment, in the policy's order."""
    counts = Counter(key for _, key in _stale(db, policy, at))
    today = civil_day(at)
    found = []
    for name in policy.purposes:
        until = ask_until(policy, name)
        for key, people in counts.items():
            if key[0] == name:
                found.append(ToAsk(name, key[1], people, until, until is not None and today > until))
    return found


def consenting(db: Database, policy: Policy, at: datetime) -> Counter[str]:
    """Return, per purpose, how many people's consent is in force at a moment under a policy."""
    return Counter(purpose for purpose, _ in {(key[0], subject) for subject, key in _in(db, policy, at, Consent.OPEN)})


def _stale(db: Database, policy: Policy, at: datetime) -> Iterator[tuple[UUID, Key]]:
    return _in(db, policy, at, Consent.STALE)


def _in(db: Database, policy: Policy, at: datetime, standing: Consent) -> Iterator[tuple[UUID, Key]]:
    """Yield every person with every key for which her consent stands like this."""
    derivation = Derivation(policy, at)
    everybody = (cast(UUID, one) for (one,) in db.values("subjects_who_consented", at=at))
    for some in batches(everybody):
        for subject, events in events_of(db, some, at).items():
            for key, choice in derivation.choices_of(in_order(events, at)):
                whole = key[1] is None and bool(policy.purposes[key[0]].channels)
                if choice.consent is standing and not whole:
                    yield subject, key


@dataclass(frozen=True)
class Release:
    """The people whose stale consent for a purpose is let go of; `digest` stands for exactly these people."""

    purpose: str
    people: tuple[UUID, ...]
    until: date | None
    over: bool

    @property
    def digest(self) -> bytes:
        """What two persons approve: this purpose, these people."""
        return hashlib.sha256(self.purpose.encode() + b"".join(one.bytes for one in self.people)).digest()


def release_of(db: Database, policy: Policy, purpose: str, at: datetime) -> Release:
    """Return whose stale consent for a purpose would be let go of at a moment. Nothing is written."""
    people = sorted({subject for subject, key in _stale(db, policy, at) if key[0] == purpose})
    until = ask_until(policy, purpose)
    return Release(purpose, tuple(people), until, until is not None and civil_day(at) > until)


def let_go(db: Database, release: Release, by: str, with_: str, at: datetime) -> int:
    """Record that these people's stale consent holds on to nothing any more, by the word of two; return of how many.

    What rested on it goes with the next sweep, unless something else keeps it. Who consents anew has opened it again.
    """
    released = {"by": by, "with": with_}
    return record(
        db,
        (
            Event(Kind.CONSENT_RELEASED, one, at, purpose=release.purpose, origin=Origin.STAFF, evidence=released)
            for one in release.people
        ),
    )


def ask_until(policy: Policy, purpose: str) -> date | None:
    """Return the last day on which people are asked again; None where no day of a change is known to count from."""
    asked = policy.purposes[purpose]
    changed = asked.consent_since or (policy.version.from_ if policy.version is not None else None)
    return add(changed, asked.ask_again or TERM) if changed is not None else None

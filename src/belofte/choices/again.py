"""Whom to ask again: consents that a new policy made stale, and until when they are to be asked (LAW §2.6 C9).

A stale consent closes use and never keep. The term to ask again is the purpose's (`ask_again`), counted from the day of
the change; that it is over removes nothing by itself: letting go takes a word and a second person's approval.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from belofte.choices.consent import ZONE
from belofte.choices.present import batches
from belofte.choices.state import Consent, Derivation, in_order
from belofte.choices.subjects import events_of
from belofte.database.open import Database
from belofte.law.term import Span, add
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
    counts: Counter[Key] = Counter()
    derivation = Derivation(policy, at)
    everybody = (cast(UUID, one) for (one,) in db.values("subjects_who_consented", at=at))
    for some in batches(everybody):
        for events in events_of(db, some, at).values():
            for key, choice in derivation.choices_of(in_order(events, at)):
                whole = key[1] is None and bool(policy.purposes[key[0]].channels)
                if choice.consent is Consent.STALE and not whole:
                    counts[key] += 1
    today = at.astimezone(ZONE).date()
    found = []
    for name in policy.purposes:
        until = ask_until(policy, name)
        for key, people in counts.items():
            if key[0] == name:
                found.append(ToAsk(name, key[1], people, until, until is not None and today > until))
    return found


def ask_until(policy: Policy, purpose: str) -> date | None:
    """Return the last day on which people are asked again; None where no day of a change is known to count from."""
    asked = policy.purposes[purpose]
    changed = asked.consent_since or (policy.version.from_ if policy.version is not None else None)
    return add(changed, asked.ask_again or TERM) if changed is not None else None

"""A consent as it is recorded: what shows it, whether the law accepts it, and until when it holds (LAW §2.6).

A record that fails is kept as what it is: evidence of an invalid consent, which opens nothing. What the record shows
is judged under the policy of the day it is made, and the record says so: a later policy may make it stale, not void.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from belofte.choices.consent import SOFT_POINTS, end_of_term, failed
from belofte.choices.events import Event, Evidence, Kind, Origin
from belofte.compiler.digests import policy_digest
from belofte.law.consent import Failure
from belofte.policy.model import Policy

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_LOOSE = re.compile(r"[@?]|\d{8}")
"""What a word on how and where must not hold: an address, a query of a URL, a number of somebody."""


class NotRecorded(ValueError):
    """A consent that cannot be recorded as it was given; the message says why, without its values."""


@dataclass(frozen=True)
class Shown:
    """What shows a consent. `text`: the digest of the words she saw. Of a double opt-in both acts have their time."""

    act: str
    notice: str
    text: str
    language: str
    how: str
    where: str | None = None
    asked_at: datetime | None = None
    confirmed_at: datetime | None = None
    age: int | None = None
    parent_agreed: bool | None = None
    explicit: bool | None = None
    denied: tuple[str, ...] = ()
    """Points of `law.consent.ConsentEvidence` on which the asking failed."""

    def evidence(self) -> dict[str, str | int | bool | list[str] | None]:
        """Return it as an event shows it. Raises `NotRecorded`."""
        if not _DIGEST.fullmatch(self.text):
            raise NotRecorded("the text is no digest: give the file with the words, or `sha256:` and 64 digits")
        for word in (self.how, self.where):
            if word is not None and _LOOSE.search(word):
                raise NotRecorded(
                    "how and where are to name a form or a desk: no address, no number, no query of a URL"
                )
        found: dict[str, str | int | bool | list[str] | None] = {
            "act": self.act, "notice": self.notice, "text": self.text, "language": self.language, "how": self.how,
        }  # fmt: skip
        if self.where is not None:
            found["where"] = self.where
        if self.asked_at is not None:
            found["asked_at"] = self.asked_at.isoformat()
            found["double_opt_in"] = "confirmed" if self.confirmed_at is not None else "pending"
        if self.confirmed_at is not None:
            found["confirmed_at"] = self.confirmed_at.isoformat()
        for name in ("age", "parent_agreed", "explicit"):
            if getattr(self, name) is not None:
                found[name] = getattr(self, name)
        return found | dict.fromkeys(self.denied, False)


def text_digest(words: bytes) -> str:
    """Return the digest of the words that a person saw."""
    return "sha256:" + hashlib.sha256(words).hexdigest()


def granted(
    policy: Policy,
    subject: UUID,
    purpose: str,
    channel: str | None,
    shown: Shown,
    at: datetime,
    until: datetime | None = None,
) -> Event:
    """Return the record of a consent given at a moment; `failing` says whether it opens anything.

    Of a double opt-in the second act counts. Without an end of its own it ends with the purpose's term of today, which
    is what the person was told. Raises `NotRecorded`.
    """
    _declared(policy, purpose, channel)
    if shown.confirmed_at is not None and (shown.asked_at is None or shown.confirmed_at < shown.asked_at):
        raise NotRecorded("a double opt-in is asked first and confirmed later: give both times, in that order")
    given = shown.confirmed_at or at
    end = until or end_of_term(given, policy.purposes[purpose])
    event = Event(
        Kind.CONSENT_GIVEN, subject, given, purpose, channel, valid_until=end, evidence=shown.evidence()
    )  # fmt: skip
    if failing(event.evidence, policy, purpose):
        return event
    return replace(event, evidence=proven(event.evidence, policy))


def proven(evidence: Evidence, policy: Policy) -> Evidence:
    """Return evidence that was found valid, with the policy that it was judged by."""
    version = policy.version.id if policy.version is not None else policy_digest(policy).hex()[:12]
    return {**evidence, "valid_under": version}


def failing(evidence: Evidence, policy: Policy, purpose: str) -> tuple[Failure, ...]:
    """Return the points of LAW §2.6 on which a record fails, with their words."""
    return tuple(failed(evidence, policy, purpose))


def sold(policy: Policy, subject: UUID, purpose: str, channel: str, points: Mapping[str, bool], at: datetime) -> Event:
    """Return the record of a sale that lets the company write to its own customer (LAW §2.7). Raises `NotRecorded`."""
    _declared(policy, purpose, channel)
    if policy.purposes[purpose].soft_opt_in is None:
        raise NotRecorded(
            f"`{purpose}` does not declare `soft_opt_in`: state in the policy what is sold and how similar"
        )
    evidence = {point: points[point] for point in SOFT_POINTS if point in points}
    return Event(Kind.SALE_RECORDED, subject, at, purpose, channel, origin=Origin.STAFF, evidence=evidence)


def _declared(policy: Policy, purpose: str, channel: str | None) -> None:
    if purpose not in policy.purposes:
        raise NotRecorded(f"unknown purpose `{purpose}`: the policy declares {', '.join(sorted(policy.purposes))}")
    channels = policy.purposes[purpose].channels
    if channel is not None and channel not in channels:
        known = ", ".join(channels) or "none"
        raise NotRecorded(f"unknown channel `{channel}` of `{purpose}`: the policy declares {known}")

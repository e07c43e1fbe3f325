"""What a person's own choices leave open, per purpose and channel (DESIGN §1, `not closed` and `use`).

The events live in Belofte's own database and are derived to this value in `choices/`; the compiler and the reference
evaluator read nothing else about choices. A person of whom nothing is known has the state `nobody`: every consent is
closed, because silence opens nothing (GDPR art. 4(11)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from belofte.policy.model import Basis, Policy

Key = tuple[str, str | None]
"""A purpose and one of its channels; None: the purpose itself, which is as open as its most open channel."""

EVERYTHING = datetime.max.replace(tzinfo=UTC)
"""A closing that no later data escapes: an objection to direct marketing (art. 21(3))."""

ALL_CATEGORIES = "*"


@dataclass(frozen=True)
class PersonState:
    """What one person's choices close, suspend and restrict at one moment.

    `closed_before`   data that was collected up to this moment is closed for the key; `EVERYTHING`: all data is.
                      Erasures and upheld objections; it holds whatever the basis. Absent: not closed.
    `consent_closed`  keys whose consent is not open (none, invalid, refused, withdrawn, expired). It matters only for
                      kinds of people whom the purpose reaches on consent.
    `unusable`        keep, but do not use: an objection is pending, the consent is stale, the person has died.
    `restricted`      categories under restriction (art. 18); `*` is every category. Narrows use, never keep.
    `held`            a legal hold names her: nothing of hers may be removed.
    `over`            purposes of which her own row says that nothing of hers is kept any more. No choice, and never
                      recorded: a sweep reads it off the store once, instead of off each of her rows.
    """

    closed_before: Mapping[Key, datetime] = field(default_factory=dict)
    consent_closed: frozenset[Key] = frozenset()
    unusable: frozenset[Key] = frozenset()
    restricted: frozenset[str] = frozenset()
    held: bool = False
    over: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        closed = frozenset(self.closed_before.items())
        return hash((closed, self.consent_closed, self.unusable, self.restricted, self.held, self.over))

    def restricts(self, category: str) -> bool:
        """Return whether use of `category` is restricted for her."""
        return ALL_CATEGORIES in self.restricted or category in self.restricted

    def kept_as(self, later: PersonState) -> PersonState:
        """Return this state with what a later one orders kept besides: holds and restrictions, and nothing else."""
        return replace(self, restricted=self.restricted | later.restricted, held=self.held or later.held)


def keys_of(policy: Policy, purpose: str) -> tuple[Key, ...]:
    """Return the keys of a purpose: itself, then its channels in the policy's order."""
    return ((purpose, None), *((purpose, channel) for channel in policy.purposes[purpose].channels))


def on_consent(policy: Policy, purpose: str) -> bool:
    """Return whether consent is among the bases of a purpose, for any kind of person."""
    return Basis.CONSENT in policy.purposes[purpose].bases(None)


def consent_keys(policy: Policy) -> frozenset[Key]:
    """Return every key that only a consent opens, for the kinds of people on consent."""
    return frozenset(
        key for purpose in policy.purposes if on_consent(policy, purpose) for key in keys_of(policy, purpose)
    )


def nobody(policy: Policy) -> PersonState:
    """Return the state of a person of whom Belofte knows nothing: no consent is open, nothing else is closed."""
    return PersonState(consent_closed=consent_keys(policy))

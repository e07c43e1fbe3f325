"""May a purpose reach this person, over this channel, at this moment? The decision and the reason (DESIGN §1 `use`).

    decide(events, policy, "newsletter", "email", at).allowed

The rule is the kernel's: `Derivation` says where a key stands, and a decision reads that and nothing else. What the
choices cannot know are the facts of the stores (does the contract run, when was the last contact): `facts` names those
that the purpose needs, and then `answer` is None: cannot tell. A reader of a store asks its view, which knows both.

`decide` is for one person whose events are at hand, `Known` for people of Belofte's database, and
`choices.present.allowed` for the set of all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from belofte.choices.events import Event
from belofte.choices.reasons import SAID, Reason
from belofte.choices.state import Choice, Consent, Derivation, Objection, died, in_order, restricted
from belofte.choices.subjects import events_of
from belofte.compiler.setting import notice_spans
from belofte.database.open import Database
from belofte.law.source import Words
from belofte.policy.model import Basis, Policy
from belofte.policy.person import ALL_CATEGORIES, Key

NO_KINDS: frozenset[str] = frozenset()
"""Her kinds are not known."""

KIND = "kind"
COLLECTED = "collected"
CONTRACT = "contract"
"""Facts of a store that no map names: what kind of person she is, when data was collected, whether a contract runs."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the choices let a purpose reach a person, why, since when, and which facts of the stores decide too."""

    allowed: bool
    reason: Reason
    since: datetime | None = None
    facts: tuple[str, ...] = ()

    @property
    def answer(self) -> bool | None:
        """Yes, no, or None: the choices allow it, and facts of the stores that are not known here decide too."""
        return None if self.allowed and self.facts else self.allowed

    @property
    def article(self) -> str:
        """What the decision rests on."""
        return SAID[self.reason].article

    @property
    def words(self) -> Words:
        """The reason in words, in nl, fr and en."""
        return SAID[self.reason].words


class Reach(NamedTuple):
    """The bases on which a purpose reaches a person of certain kinds; not `certain` where a kind is not known."""

    bases: frozenset[Basis]
    certain: bool

    def opens(self, consented: bool) -> bool:
        """Return whether one of the bases is there. Where her kind is not known, every possible one has to be."""
        if not self.bases:
            return False
        if Basis.CONSENT not in self.bases or consented:
            return True
        return self.certain and len(self.bases) > 1


class Aspect(NamedTuple):
    """What the policy says of a key, the same for everybody: its categories, and whether it may be used at all.

    `facts`: what the condition and the term need from the stores. `origin`: on a basis other than consent, it decides
    too when the data was collected, because an older notice did not name the purpose.
    """

    categories: frozenset[str]
    outreach: bool
    special: bool
    facts: tuple[str, ...]
    origin: bool


def decide(
    events: Iterable[Event],
    policy: Policy,
    purpose: str,
    channel: str | None,
    at: datetime,
    *,
    kinds: frozenset[str] = NO_KINDS,
    collected: datetime | None = None,
) -> Decision:
    """Return whether a purpose may reach, at a moment, the one person whose events these are.

    `kinds`: hers, where they are known. `collected`: when the data that would be used was; an erasure closes what was
    collected up to it, and data of unknown age.
    """
    return Decider(policy, at).decide(events, purpose, channel, kinds=kinds, collected=collected)


@dataclass
class Decider:
    """Decisions under one policy at one moment, for any number of people."""

    policy: Policy
    at: datetime
    derivation: Derivation = field(init=False)
    _aspects: dict[Key, Aspect | None] = field(init=False, default_factory=dict)
    _reaches: dict[tuple[str, frozenset[str]], Reach] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.derivation = Derivation(self.policy, self.at)

    def decide(
        self,
        events: Iterable[Event],
        purpose: str,
        channel: str | None = None,
        *,
        kinds: frozenset[str] = NO_KINDS,
        collected: datetime | None = None,
    ) -> Decision:
        """Return the decision for the one person whose events these are."""
        key = (purpose, channel)
        aspect = self.aspect(key)
        if aspect is None:
            known = purpose in self.policy.purposes
            return Decision(False, Reason.NO_CHANNEL if known else Reason.NO_PURPOSE)
        holding = in_order(events, self.at)
        choice = self.derivation.choice(key, holding)
        reach = self.reach(purpose, kinds)
        reason = barred(aspect, choice, holding, collected) or basis_reason(reach, choice)
        if not reason.allows:
            return Decision(False, reason, choice.since)
        facts = aspect.facts
        if not reach.certain:
            facts = (*facts, KIND)
        if aspect.origin and reason is Reason.OTHER_BASIS and COLLECTED not in facts:
            facts = (*facts, COLLECTED)
        return Decision(True, reason, choice.since, facts)

    def aspect(self, key: Key) -> Aspect | None:
        """Return what the policy says of a key; None for one that it does not have."""
        if key not in self._aspects:
            self._aspects[key] = _aspect(self.policy, key)
        return self._aspects[key]

    def reach(self, purpose: str, kinds: frozenset[str]) -> Reach:
        """Return the bases on which a purpose reaches people of these kinds."""
        if (purpose, kinds) not in self._reaches:
            self._reaches[purpose, kinds] = _reach(self.policy, purpose, kinds)
        return self._reaches[purpose, kinds]


def barred(
    aspect: Aspect, choice: Choice, holding: Sequence[Event], collected: datetime | None = None
) -> Reason | None:
    """Return why a key is closed to a person on whatever basis; None where it is not."""
    if aspect.outreach and died(holding):
        return Reason.DECEASED
    closed = choice.closed_before
    if closed is not None and (collected is None or collected <= closed):
        if choice.objection is Objection.UPHELD:
            return Reason.OBJECTED
        if choice.consent is Consent.WITHDRAWN and choice.erased is None:
            return Reason.WITHDRAWN
        return Reason.ERASED if choice.erased is not None else Reason.OBJECTED
    narrowed = restricted(holding)
    if narrowed and (ALL_CATEGORIES in narrowed or (aspect.categories and aspect.categories <= narrowed)):
        return Reason.RESTRICTED
    if choice.suspended:
        return _SUSPENDED.get(choice.consent, Reason.WEIGHED)
    return Reason.SPECIAL if aspect.special else None


def basis_reason(reach: Reach, choice: Choice) -> Reason:
    """Return on which basis the purpose reaches the person, or why on none."""
    consented = choice.opens
    if not reach.opens(consented):
        return _CLOSED[choice.consent] if Basis.CONSENT in reach.bases else Reason.NOT_REACHED
    if Basis.CONSENT in reach.bases and consented:
        return Reason.SOFT_OPT_IN if choice.consent is Consent.SOFT else Reason.CONSENT
    return Reason.OTHER_BASIS


@dataclass
class Known:
    """People of Belofte's own database whose events are at hand: decisions without asking the database again.

    It knows what was recorded when it was made. `known_at`: as if only what had been recorded by then were known.
    """

    decider: Decider
    events: dict[UUID, list[Event]]

    @classmethod
    def of(
        cls, db: Database, policy: Policy, people: Collection[UUID], at: datetime, known_at: datetime | None = None
    ) -> Known:
        """Read the events of people; those whom Belofte does not know are left out."""
        asked = list(people)
        known: dict[UUID, list[Event]] = {cast(UUID, one): [] for (one,) in db.values("subjects_there", subjects=asked)}
        return cls(Decider(policy, at), known | events_of(db, asked, at, known_at))

    def decide(
        self, person: UUID, purpose: str, channel: str | None = None, *, kinds: frozenset[str] = NO_KINDS
    ) -> Decision:
        """Return whether a purpose may reach a person."""
        events = self.events.get(person)
        if events is None:
            return Decision(False, Reason.UNKNOWN)
        return self.decider.decide(events, purpose, channel, kinds=kinds)


_ANY_ORIGIN = {Basis.CONSENT, Basis.LEGAL_OBLIGATION}
"""Bases that bring their own origin."""

_SUSPENDED = {Consent.STALE: Reason.STALE, Consent.QUARANTINED: Reason.QUARANTINED}

_CLOSED = {
    Consent.NONE: Reason.NEVER_ASKED,
    Consent.INVALID: Reason.INVALID,
    Consent.EXPIRED: Reason.EXPIRED,
    Consent.REFUSED: Reason.REFUSED,
    Consent.WITHDRAWN: Reason.WITHDRAWN,
}


def _aspect(policy: Policy, key: Key) -> Aspect | None:
    name, channel = key
    purpose = policy.purposes.get(name)
    if purpose is None or (channel is not None and channel not in purpose.channels):
        return None
    refs = [purpose.channels[channel]] if channel is not None else [*purpose.uses, *purpose.channels.values()]
    elements = [element for ref in refs for element in policy.elements(ref)]
    special = bool(elements) and purpose.special_ground is None and all(policy.special(one) for one in elements)
    facts = [fact for fact in (purpose.while_, purpose.after if purpose.keep is not None else None) if fact]
    if Basis.CONTRACT in purpose.bases(None) and purpose.while_ is None and purpose.keep is None:
        facts.append(CONTRACT)
    if purpose.keep is not None and purpose.after is None:
        facts.append(COLLECTED)
    return Aspect(
        frozenset(ref.partition(".")[0] for ref in refs),
        purpose.direct_marketing or bool(purpose.channels),
        special,
        tuple(facts),
        purpose.compatible is None
        and bool(set(purpose.bases(None)) - _ANY_ORIGIN)
        and notice_spans(policy, name) is not None,
    )


def _reach(policy: Policy, purpose: str, kinds: frozenset[str]) -> Reach:
    found = policy.purposes[purpose]
    if isinstance(found.basis, Basis):
        return Reach(frozenset({found.basis}), certain=True)
    known = kinds & policy.people.keys()
    if not known or known != kinds:
        return Reach(frozenset(found.bases(None)), certain=False)
    return Reach(frozenset(basis for kind in known for basis in found.bases(kind)), certain=True)

"""Present state: what a person's events leave open, per purpose and channel (DESIGN §1; LAW §2.4-2.6).

Pure: the same events give the same state in whatever order they were recorded. They count in the order in which they
hold; of two that hold from the same moment, the one that closes counts last.

- Consent opens a key when the record shows a clear act under a known notice, and no act has closed the key since.
- Withdrawal and refusal close it; so does the end of its term. A material change makes it stale: kept, not used.
- An objection to direct marketing is absolute, whatever the basis (art. 21(3)). Another one suspends use until it is
  upheld (data collected up to then is closed) or overruled. On a purpose that rests on consent only it reads as a
  withdrawal; on a contract or a legal duty there is nothing to object to (art. 21(1)).
- An erasure closes the data collected up to it.
- A record of consent that an import brings without its proof waits: what rests on it is kept and not used, until a
  second person proves it or lets it go. So does a consent whose record was valid and whose policy changed.
- A sale opens electronic mail to the company's own customer, where the policy declares it and she closed nothing.
- What closed opens again by the person's own later act, and what is weighed is no longer suspended; never by an
  import, not even of a record of consent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from belofte.choices.consent import expired, held_valid, shortened, soft_opt_in, stale
from belofte.choices.events import OPENING, Event, Evidence, Kind, Origin
from belofte.policy.model import Basis, Policy
from belofte.policy.person import ALL_CATEGORIES, EVERYTHING, Key, PersonState, keys_of, nobody, on_consent


class Consent(StrEnum):
    """Where the consent for a key stands. `soft`: an own customer, who was sold something (LAW §2.7)."""

    NONE = "none"
    INVALID = "invalid"
    QUARANTINED = "quarantined"
    OPEN = "open"
    SOFT = "soft"
    STALE = "stale"
    EXPIRED = "expired"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Objection(StrEnum):
    """Where an objection stands."""

    NONE = "none"
    PENDING = "pending"
    UPHELD = "upheld"
    OVERRULED = "overruled"


@dataclass
class Choice:
    """Where one key stands: what people, desk and letters are told. `given` is the consent that counts, open or not."""

    consent: Consent = Consent.NONE
    given: Event | None = None
    objection: Objection = Objection.NONE
    objected: datetime | None = None
    erased: datetime | None = None
    since: datetime | None = None
    shut: bool = False
    """A closing act stands; only the person's own later act, not an imported record of one, opens again."""

    @property
    def opens(self) -> bool:
        """Whether what rests on consent may be kept."""
        return self.consent in _KEPT

    @property
    def suspended(self) -> bool:
        """Whether nothing may be used for now, on whatever basis: weighed, to be asked again, or not proven yet."""
        return self.objection is Objection.PENDING or self.consent in (Consent.STALE, Consent.QUARANTINED)

    @property
    def closed_before(self) -> datetime | None:
        """The moment up to which collected data is closed for the key; None when nothing is."""
        return max((moment for moment in (self.objected, self.erased) if moment is not None), default=None)


def present(events: Iterable[Event], policy: Policy, at: datetime) -> PersonState:
    """Return the state, at a moment, of the one person whose events these are."""
    return Derivation(policy, at).state(events)


@dataclass
class Derivation:
    """The derivation for one policy and moment, for any number of people. Equal states are one object."""

    policy: Policy
    at: datetime
    _nobody: PersonState = field(init=False)
    _known: dict[PersonState, PersonState] = field(init=False, default_factory=dict)
    _outreach: frozenset[Key] = field(init=False)
    _consent: frozenset[str] = field(init=False)
    _untouched: dict[str, dict[Key, Choice]] = field(init=False, default_factory=dict)
    _checked: dict[tuple[str, int], tuple[Evidence, bool | None]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the moment has no zone: give one, so that it means one moment")
        self._nobody = nobody(self.policy)
        self._known[self._nobody] = self._nobody
        self._consent = frozenset(name for name in self.policy.purposes if on_consent(self.policy, name))
        self._outreach = frozenset(
            key
            for name, purpose in self.policy.purposes.items()
            for key in keys_of(self.policy, name)
            if purpose.direct_marketing or purpose.channels
        )

    @property
    def nobody(self) -> PersonState:
        """The state of a person without events."""
        return self._nobody

    def state(self, events: Iterable[Event]) -> PersonState:
        """Return the state of the one person whose events these are."""
        holding = in_order(events, self.at)
        if not holding:
            return self._nobody
        closed: dict[Key, datetime] = {}
        consent_closed = set(self._nobody.consent_closed)
        unusable = set(self._outreach) if died(holding) else set()
        for purpose in self._touched(holding):
            for key, choice in self._choices(purpose, holding).items():
                if choice.opens:
                    consent_closed.discard(key)
                if choice.closed_before is not None:
                    closed[key] = choice.closed_before
                if choice.suspended:
                    unusable.add(key)
        found = PersonState(
            closed_before=closed,
            consent_closed=frozenset(consent_closed),
            unusable=frozenset(unusable),
            restricted=restricted(holding),
            held=_held(holding),
        )
        return self._known.setdefault(found, found)

    def choices(self, events: Iterable[Event]) -> dict[Key, Choice]:
        """Return where every key stands, for a person to read."""
        holding = in_order(events, self.at)
        return {key: one for purpose in self.policy.purposes for key, one in self._choices(purpose, holding).items()}

    def choices_of(self, holding: Sequence[Event]) -> Iterator[tuple[Key, Choice]]:
        """Yield where every key stands; the events are in order (`in_order`)."""
        touched = set(self._touched(holding))
        for purpose in self.policy.purposes:
            if purpose not in self._untouched:
                self._untouched[purpose] = self._choices(purpose, ())
            found = self._choices(purpose, holding) if purpose in touched else self._untouched[purpose]
            yield from found.items()

    def choice(self, key: Key, holding: Sequence[Event]) -> Choice:
        """Return where one key of the policy stands; the events are in order (`in_order`)."""
        purpose, channel = key
        if channel is None and self.policy.purposes[purpose].channels:
            return self._choices(purpose, holding)[key]
        return self._choice(purpose, channel, holding)

    def _touched(self, events: Sequence[Event]) -> Iterable[str]:
        """Return the purposes that the events say something about."""
        named = {event.purpose for event in events if event.kind in _ABOUT_PURPOSES}
        if None in named:
            return self.policy.purposes
        return [purpose for purpose in self.policy.purposes if purpose in named]

    def _choices(self, purpose: str, events: Sequence[Event]) -> dict[Key, Choice]:
        """Return where the keys of a purpose stand; the purpose itself as its most open channel."""
        channels = self.policy.purposes[purpose].channels
        found = {(purpose, channel): self._choice(purpose, channel, events) for channel in channels or (None,)}
        if not channels:
            return dict(found)
        return {(purpose, None): most_open(found.values()), **found}

    def _choice(self, purpose: str, channel: str | None, events: Sequence[Event]) -> Choice:
        choice = Choice()
        for event in events:
            if event.purpose in (None, purpose) and self._concerns(event, purpose, channel):
                self._count(choice, purpose, event)
        if choice.given is not None and choice.opens:
            self._age(choice, choice.given, purpose)
        return choice

    def _age(self, choice: Choice, given: Event, name: str) -> None:
        """Let time and the policy's changes count: what is over closes, what changed must be asked again."""
        purpose = self.policy.purposes[name]
        if expired(given, purpose, self.at):
            choice.consent = Consent.EXPIRED
        elif (
            choice.consent is not Consent.QUARANTINED
            and name in self._consent
            and (stale(given, self.policy, purpose) or shortened(given, purpose, self.at))
        ):
            choice.consent = Consent.STALE

    def _concerns(self, event: Event, purpose: str, channel: str | None) -> bool:
        """Return whether an event is about a channel; one that closes a channel unknown to the policy is about all."""
        if event.channel is None or event.channel == channel:
            return True
        return event.kind not in OPENING and event.channel not in self.policy.purposes[purpose].channels

    def _count(self, choice: Choice, purpose: str, event: Event) -> None:
        """Let one event, later than those before it, change where a key stands."""
        match event.kind:
            case Kind.CONSENT_GIVEN | Kind.CONSENT_IMPORTED:
                self._count_consent(choice, purpose, event)
            case Kind.SALE_RECORDED:
                self._count_sale(choice, purpose, event)
            case Kind.CONSENT_RELEASED if choice.consent in (Consent.QUARANTINED, Consent.STALE, Consent.OPEN):
                self._release(choice, purpose, event)
            case Kind.CONSENT_WITHDRAWN | Kind.CONSENT_REFUSED:
                refused = event.kind is Kind.CONSENT_REFUSED
                _close_consent(choice, event, Consent.REFUSED if refused else Consent.WITHDRAWN)
                if self.policy.purposes[purpose].direct_marketing and not refused:
                    choice.objected = EVERYTHING
            case Kind.OBJECTION_MADE | Kind.OBJECTION_PENDING | Kind.OBJECTION_UPHELD:
                self._count_objection(choice, purpose, event)
            case Kind.OBJECTION_OVERRULED if choice.objection is Objection.PENDING:
                choice.objection = Objection.OVERRULED
            case Kind.OBJECTION_WITHDRAWN if event.origin in (Origin.PERSON, Origin.REQUEST):
                choice.objection, choice.objected = Objection.NONE, None
                choice.shut = choice.erased is not None or choice.consent in (Consent.REFUSED, Consent.WITHDRAWN)
            case Kind.ERASURE_CLOSED:
                _close_consent(choice, event, Consent.WITHDRAWN if choice.given else choice.consent)
                choice.erased = event.valid_from
            case _:
                pass

    def _count_consent(self, choice: Choice, purpose: str, event: Event) -> None:
        imported = event.kind is Kind.CONSENT_IMPORTED or event.evidence.get("via") == "import"
        if imported and (choice.shut or choice.objection is Objection.PENDING):
            return
        rests = purpose in self._consent
        if event.kind is Kind.CONSENT_IMPORTED and rests:
            if choice.consent in (Consent.NONE, Consent.INVALID):
                choice.consent, choice.given, choice.since = Consent.QUARANTINED, event, event.valid_from
            return
        valid = self._valid(purpose, event.evidence) if event.kind is Kind.CONSENT_GIVEN else False
        if valid is False:
            if choice.consent is Consent.NONE:
                choice.consent = Consent.INVALID
            return
        choice.consent = Consent.OPEN if valid or not rests else Consent.STALE
        choice.given, choice.since, choice.shut = event, event.valid_from, False
        choice.objection, choice.objected, choice.erased = Objection.NONE, None, None

    def _count_sale(self, choice: Choice, purpose: str, event: Event) -> None:
        """Let a sale open electronic mail to the company's own customer (LAW §2.7), where she closed nothing."""
        if event.channel is None or self.policy.purposes[purpose].soft_opt_in is None or choice.shut:
            return
        if choice.consent in (Consent.OPEN, Consent.STALE) or choice.objection is not Objection.NONE:
            return
        if soft_opt_in(event.evidence).holds():
            choice.consent, choice.given, choice.since = Consent.SOFT, event, event.valid_from

    def _release(self, choice: Choice, purpose: str, event: Event) -> None:
        """Let go of what nobody could prove, or nobody gave again: the company's own word, after a second person's."""
        given = choice.given
        unproven = choice.consent is Consent.QUARANTINED
        if unproven or (given is not None and self._to_ask_again(given, purpose)):
            choice.consent, choice.given, choice.since = Consent.NONE, None, event.valid_from

    def _to_ask_again(self, given: Event, purpose: str) -> bool:
        asked = self.policy.purposes[purpose]
        invalid = self._valid(purpose, given.evidence) is None
        return invalid or stale(given, self.policy, asked) or shortened(given, asked, self.at)

    def _valid(self, purpose: str, evidence: Evidence) -> bool | None:
        """Return whether evidence shows a valid consent; what many people share is checked once (and kept alive)."""
        found = self._checked.get((purpose, id(evidence)))
        if found is None:
            found = (evidence, held_valid(evidence, self.policy, purpose))
            self._checked[purpose, id(evidence)] = found
        return found[1]

    def _count_objection(self, choice: Choice, purpose: str, event: Event) -> None:
        asked = self.policy.purposes[purpose]
        bases = set(asked.bases(None))
        if asked.direct_marketing:
            _close_consent(choice, event, Consent.WITHDRAWN if choice.given else choice.consent)
            choice.objection, choice.objected = Objection.UPHELD, EVERYTHING
        elif event.kind is Kind.OBJECTION_UPHELD or (asked.on_objection == "uphold" and bases & _OPEN_TO_OBJECTION):
            _close_consent(choice, event, Consent.WITHDRAWN if choice.given else choice.consent)
            choice.objection, choice.objected = Objection.UPHELD, event.valid_from
        elif bases & _OPEN_TO_OBJECTION:
            choice.objection, choice.since = Objection.PENDING, event.valid_from
        elif purpose in self._consent:
            _close_consent(choice, event, Consent.WITHDRAWN)


_OPEN_TO_OBJECTION = {Basis.LEGITIMATE_INTEREST, Basis.PUBLIC_TASK}

_ABOUT_PURPOSES = frozenset(
    {
        Kind.CONSENT_GIVEN,
        Kind.CONSENT_IMPORTED,
        Kind.CONSENT_REFUSED,
        Kind.CONSENT_RELEASED,
        Kind.CONSENT_WITHDRAWN,
        Kind.ERASURE_CLOSED,
        Kind.OBJECTION_MADE,
        Kind.OBJECTION_OVERRULED,
        Kind.OBJECTION_PENDING,
        Kind.OBJECTION_UPHELD,
        Kind.OBJECTION_WITHDRAWN,
        Kind.SALE_RECORDED,
    }
)

_KEPT = (Consent.OPEN, Consent.SOFT, Consent.STALE, Consent.QUARANTINED)
"""The consents that keep, the most open first; only the first two let anything be used."""


def most_open(choices: Iterable[Choice]) -> Choice:
    """Return the most open of several channels' choices: what the purpose as a whole may still do."""

    def closedness(choice: Choice) -> tuple[bool, int, bool, datetime]:
        consent = _KEPT.index(choice.consent) if choice.opens else len(_KEPT)
        closed = choice.closed_before
        pending = choice.objection is Objection.PENDING
        return (closed is not None, consent, pending, closed or EVERYTHING)

    return min(choices, key=closedness)


def strictest(states: Sequence[PersonState]) -> PersonState:
    """Return the state that closes whatever one of several states closes: for a row that may be either person's."""
    first, *others = states
    for other in others:
        if other == first:
            continue
        closed = dict(first.closed_before)
        for key, moment in other.closed_before.items():
            closed[key] = max(moment, closed.get(key, moment))
        first = PersonState(
            closed_before=closed,
            consent_closed=first.consent_closed | other.consent_closed,
            unusable=first.unusable | other.unusable,
            restricted=first.restricted | other.restricted,
            held=first.held or other.held,
        )
    return first


def in_order(events: Iterable[Event], at: datetime) -> list[Event]:
    """Return the events that hold at a moment, in the order in which they count."""
    holding = [event for event in events if event.valid_from <= at]
    if len(holding) > 1:
        holding.sort(key=_place)
    return holding


def _place(event: Event) -> tuple[object, ...]:
    shown = sorted((name, str(value)) for name, value in event.evidence.items())
    until = event.valid_until or EVERYTHING
    return (event.valid_from, event.kind not in OPENING, event.kind, event.origin, until, shown)


def _close_consent(choice: Choice, event: Event, how: Consent) -> None:
    choice.consent, choice.given, choice.since, choice.shut = how, None, event.valid_from, True


def died(events: Sequence[Event]) -> bool:
    """Return whether the person of these events, in order, has died: outreach stops (LAW §2.14)."""
    return _on(events, Kind.DEATH_RECORDED, Kind.DEATH_CORRECTED)


def restricted(events: Sequence[Event]) -> frozenset[str]:
    """Return the categories under restriction; lifting it for every category lifts each."""
    found: set[str] = set()
    for event in events:
        category = event.category or ALL_CATEGORIES
        if event.kind is Kind.RESTRICTION_SET:
            found.add(category)
        elif event.kind is Kind.RESTRICTION_LIFTED:
            found = set() if category == ALL_CATEGORIES else found - {category}
    return frozenset(found)


def _held(events: Sequence[Event]) -> bool:
    found: set[UUID | None] = set()
    for event in events:
        if event.kind is Kind.HOLD_SET:
            found.add(event.hold_id)
        elif event.kind is Kind.HOLD_LIFTED:
            found.discard(event.hold_id)
    return bool(found)


def _on(events: Sequence[Event], starts: Kind, ends: Kind) -> bool:
    last: Iterator[Event] = (event for event in reversed(events) if event.kind in (starts, ends))
    return getattr(next(last, None), "kind", None) is starts

"""What is decided about a request: per category and purpose the outcome, its article and reason, and what then holds.

A decision is a value. `closings` are the events that carry it out; whoever records them adds the person, the request
and the moment (`at`). What concerns data that we hold as processor is passed on and never decided (LAW 2.0 G1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeVar

from belofte.choices.events import Kind
from belofte.law.gate import STEPS
from belofte.law.source import Words
from belofte.policy.model import Basis, Policy

Verdict = Literal["granted", "partly", "annotated", "refused", "undetermined", "passed-on"]
"""`partly`: one of several bases closes, another keeps the data. `annotated`: the record stays, a note is added."""

BOUND = frozenset({Basis.CONTRACT, Basis.LEGAL_OBLIGATION, Basis.VITAL_INTERESTS})
"""The bases against which there is no objection (art. 21(1)), save for direct marketing."""

WEIGHABLE = frozenset({Basis.LEGITIMATE_INTEREST, Basis.PUBLIC_TASK})
"""The bases on which an objection is weighed (art. 21(1))."""


@dataclass(frozen=True)
class Outcome:
    """What is decided for one purpose and one category (or element `category.element`); None: for every one.

    `reason` is a stable code; `words` are for the person, and those of a refused erasure say the purpose's term.
    """

    purpose: str | None
    category: str | None
    channel: str | None
    outcome: Verdict
    article: str
    reason: str
    words: Words


@dataclass(frozen=True, order=True)
class Closing:
    """An event that follows from a decision, still without person, request and moment."""

    kind: Kind
    purpose: str | None = None
    channel: str | None = None
    category: str | None = None
    ground: str | None = field(default=None, compare=False)
    """What it rests on: an officer's compelling grounds, or the article of a restriction."""

    @property
    def evidence(self) -> dict[str, str]:
        """What the event shows."""
        return {"ground": self.ground} if self.ground else {}


@dataclass(frozen=True)
class Decision:
    """The outcomes of one request of one person, and the events that follow, which hold from `at`."""

    at: datetime
    outcomes: tuple[Outcome, ...]
    closings: tuple[Closing, ...] = field(default=())

    @property
    def open(self) -> tuple[Outcome, ...]:
        """The outcomes that are not decided yet: while there is one, the request is not answered."""
        return tuple(found for found in self.outcomes if found.outcome == "undetermined")

    @property
    def refusals(self) -> tuple[Outcome, ...]:
        """The outcomes that need the notice of art. 12(4): reasons, complaint and court, within the month."""
        return tuple(found for found in self.outcomes if found.outcome in ("refused", "partly", "annotated"))

    def of(self, purpose: str | None) -> tuple[Outcome, ...]:
        """Return the outcomes for one purpose."""
        return tuple(found for found in self.outcomes if found.purpose == purpose)

    def by_purpose(self) -> dict[str | None, tuple[Outcome, ...]]:
        """Return the outcomes per purpose, said once for all categories and channels where they are alike."""
        found: dict[str | None, dict[Outcome, None]] = {}
        for outcome in self.outcomes:
            found.setdefault(outcome.purpose, {})[replace(outcome, category=None, channel=None)] = None
        return {purpose: tuple(alike) for purpose, alike in found.items()}


Decided = TypeVar("Decided", bound=Decision)


def where_held(decision: Decided, purposes: Collection[str]) -> Decided:
    """Return a decision without what need not be weighed: objections where a purpose keeps nothing of the person.

    `purposes` are those that possibly keep a datum about her. Nothing else is dropped: what closes, closes for good.
    """
    idle = {
        found.purpose
        for found in decision.outcomes
        if found.reason == "weighing" and found.purpose is not None and found.purpose not in purposes
    }
    return replace(
        decision,
        outcomes=tuple(found for found in decision.outcomes if found.purpose not in idle),
        closings=tuple(
            found
            for found in decision.closings
            if found.purpose not in idle or found.kind is not Kind.OBJECTION_PENDING
        ),
    )


def beside(decision: Decided, passed_on: Iterable[str]) -> Decided:
    """Return a decision together with what is passed on: the categories (or `category.element`) held as processor."""
    return replace(decision, outcomes=(*decision.outcomes, *_passed_on(passed_on)))


def passed_on(categories: Iterable[str], at: datetime) -> Decision:
    """Return the decision on data that we hold only as processor: it goes to the controller, undecided (G1)."""
    return Decision(at, _passed_on(categories))


def _passed_on(categories: Iterable[str]) -> tuple[Outcome, ...]:
    _, article, _, words = STEPS["G1"]
    return tuple(
        Outcome(None, category, None, "passed-on", article, "processor", words) for category in sorted(set(categories))
    )


# ------------------------------------------------------------------------------------------- a purpose for a person


@dataclass(frozen=True)
class Standing:
    """The bases on which a purpose reaches a person; `certain` is False when a kind of hers is unknown.

    Then `bases` are all that are possible, and that the purpose reaches her is not sure either.
    """

    bases: frozenset[Basis]
    certain: bool = True


def standing(policy: Policy, purpose: str, kinds: frozenset[str]) -> Standing:
    """Return the bases on which a purpose reaches a person of these kinds; none given or one unknown is uncertain."""
    found = policy.purposes[purpose]
    if isinstance(found.basis, Basis):
        return Standing(frozenset({found.basis}))
    if not kinds or kinds - policy.people.keys():
        return Standing(frozenset(found.bases(None)), certain=False)
    return Standing(frozenset(basis for kind in kinds for basis in found.bases(kind)))


def categories_of(policy: Policy, purpose: str) -> tuple[str, ...]:
    """Return the categories that a purpose uses, by itself or over a channel, in the policy's order."""
    found = policy.purposes[purpose]
    used = {ref.partition(".")[0] for ref in (*found.uses, *found.channels.values())}
    return tuple(category for category in policy.categories if category in used)


def known_purposes(policy: Policy, purposes: Iterable[str]) -> None:
    """Raise `ValueError` when one of `purposes` is none of the policy's."""
    strange = sorted(set(purposes) - policy.purposes.keys())
    if strange:
        raise ValueError(f"unknown purpose `{strange[0]}`: the policy declares {', '.join(sorted(policy.purposes))}")


def known_categories(policy: Policy, refs: Iterable[str], *, every: str | None = None) -> None:
    """Raise `ValueError` when one of `refs` is no category or `category.element` of the policy's (nor `every`)."""
    strange = sorted(ref for ref in set(refs) if ref != every and not policy.elements(ref))
    if strange:
        raise ValueError(f"unknown category `{strange[0]}`: the policy declares {', '.join(sorted(policy.categories))}")


def per_category(policy: Policy, outcome: Outcome) -> tuple[Outcome, ...]:
    """Return an outcome for a purpose once per category that the purpose uses; itself where it uses none."""
    assert outcome.purpose is not None
    categories = categories_of(policy, outcome.purpose)
    return tuple(replace(outcome, category=category) for category in categories) or (outcome,)

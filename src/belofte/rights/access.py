"""Access (GDPR art. 15): everything about the person, and what has to be said beside the copy.

Nothing that is held about her is left out: what is restricted, held, or justified by nothing is shown too, and said to
be so. Only what is about somebody else is made unreadable (15(4)); that is never a reason to refuse the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from belofte.law.access import Item, due
from belofte.policy.model import Policy
from belofte.rights.decision import Decision, Outcome, categories_of, standing
from belofte.rights.decision_words import WORDS


@dataclass(frozen=True)
class Access(Decision):
    """A decision with the items that the answer states (15(1)-(3))."""

    stated: tuple[Item, ...] = ()


def decide(policy: Policy, kinds: frozenset[str], at: datetime) -> Access:
    """Return what a person of these kinds gets: each category per purpose that reaches her, and what must be stated.

    A category that no purpose of hers uses is granted without a purpose: if data of it is found it is shown, and that
    nothing justifies it is said. A purpose that may reach her is shown too: access leaves nothing out.
    """
    words = WORDS["access"]
    reached: dict[str, list[str]] = {category: [] for category in policy.categories}
    for name in policy.purposes:
        if standing(policy, name, kinds).bases:
            for category in categories_of(policy, name):
                reached[category].append(name)
    outcomes = tuple(
        Outcome(name, category, None, "granted", "15(1), 15(3)", "access", words)
        for category, names in reached.items()
        for name in (*names, *((None,) if not names else ()))
    )
    return Access(at, outcomes, stated=due(situation(policy, kinds)))


def situation(policy: Policy, kinds: frozenset[str]) -> frozenset[str]:
    """Return the conditions that make further items due: `indirect`, `transfers`, `automated` (law.access).

    Read from the policy: data inferred or had from others, a transfer outside the EEA, a decision or profile.
    """
    found = set()
    reaching = [purpose for name, purpose in policy.purposes.items() if standing(policy, name, kinds).bases]
    elements = [element for category in policy.categories for element in policy.elements(category)]
    if any(policy.source(element) in ("inferred", "third-party") for element in elements):
        found.add("indirect")
    if policy.transfers:
        found.add("transfers")
    if any(p.automated is not None and (p.automated.decision or p.automated.profiling) for p in reaching):
        found.add("automated")
    return frozenset(found)

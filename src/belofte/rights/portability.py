"""Portability (GDPR art. 20): what a person provided, on consent or contract, where a computer processes it.

Given and observed data is provided; inferred data and data from others is not (WP242 rev.01). Whoever gets less than
she asked is offered a copy of everything under art. 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from belofte.law import rights
from belofte.policy.model import Basis, Policy
from belofte.rights.decision import Decision, Outcome, Standing, Verdict, known_categories, standing
from belofte.rights.decision_words import WORDS


@dataclass(frozen=True)
class Portability(Decision):
    """A decision per purpose and element (`category` holds `category.element`)."""

    @property
    def portable(self) -> frozenset[tuple[str, str]]:
        """The pairs of purpose and element that go along: of what the purpose still keeps."""
        return frozenset(
            (found.purpose, found.category)
            for found in self.outcomes
            if found.outcome == "granted" and found.purpose is not None and found.category is not None
        )

    @property
    def elements(self) -> frozenset[str]:
        """The elements that at least one purpose makes portable."""
        return frozenset(element for _, element in self.portable)

    @property
    def offer_access(self) -> bool:
        """Whether something is not portable, so that the answer offers the copy of art. 15."""
        return any(found.outcome == "refused" for found in self.outcomes)


def decide(policy: Policy, kinds: frozenset[str], at: datetime, *, automated: Mapping[str, bool | None]) -> Portability:
    """Return, per purpose that reaches the person and element held of her, whether it is portable.

    `automated`: each element (`category.element`) that stores hold, and whether a computer processes it (a store of
    kind sql; one on paper does not; None: not known). Raises `ValueError` for an unknown element.
    """
    known_categories(policy, automated)
    outcomes: list[Outcome] = []
    for name, purpose in policy.purposes.items():
        where = standing(policy, name, kinds)
        if not where.bases:
            continue
        used = dict.fromkeys(e for ref in (*purpose.uses, *purpose.channels.values()) for e in policy.elements(ref))
        for element in used:
            if element in automated:
                verdict, reason = _judged(policy, where, element, automated[element])
                outcomes.append(Outcome(name, element, None, verdict, "20(1)", reason, WORDS[reason]))
    return Portability(at, tuple(outcomes))


def _judged(policy: Policy, where: Standing, element: str, automated: bool | None) -> tuple[Verdict, str]:
    """Return the verdict on one element for one purpose, and why: the first reason that stops it."""
    source = policy.source(element)
    on = {basis for basis in where.bases if rights.available("portability", basis.value)}
    if not on:
        return "refused", "other-basis"
    if source in ("inferred", "third-party"):
        return "refused", source
    if automated is False:
        return "refused", "not-automated"
    if not where.certain and where.bases - on:
        return "undetermined", "kind-unknown"
    if automated is None:
        return "undetermined", "automation-unknown"
    assert rights.portable(_one(on), automated=automated, source=source)
    return "granted", "portable"


def _one(bases: set[Basis]) -> str:
    return min(bases).value

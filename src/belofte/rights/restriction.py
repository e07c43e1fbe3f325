"""Restriction (GDPR art. 18): data is kept and not used, per category, while one of four grounds holds.

It narrows use and never keep: what is restricted is not removed either. It is lifted only after the person was told
beforehand (18(3)).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from belofte.choices.events import Kind
from belofte.policy.model import Policy
from belofte.policy.person import ALL_CATEGORIES
from belofte.rights.decision import Closing, Decision, Outcome, known_categories
from belofte.rights.decision_words import WORDS

Ground = Literal["accuracy", "unlawful", "claim", "objection"]

ARTICLES: Mapping[Ground, str] = {
    "accuracy": "18(1)(a)",
    "unlawful": "18(1)(b)",
    "claim": "18(1)(c)",
    "objection": "18(1)(d)",
}
"""Accuracy contested; unlawful and she wants no erasure; needed for her claim only; an objection is being weighed."""


@dataclass(frozen=True)
class Asked:
    """The ground that a person names, and whether it is there; None: not found out yet.

    That she contests accuracy is the ground itself, so `accuracy` holds by being asked.
    """

    ground: Ground
    holds: bool | None = None


def decide(policy: Policy, asked: Mapping[str, Asked], at: datetime) -> Decision:
    """Return, per category (`*`: every category), whether its use is restricted.

    A ground that is still to be established leaves the request open and restricts nothing. Raises `ValueError` for an
    unknown category.
    """
    known_categories(policy, asked, every=ALL_CATEGORIES)
    _whole(asked)
    outcomes: list[Outcome] = []
    closings: list[Closing] = []
    for category, found in asked.items():
        holds = True if found.ground == "accuracy" else found.holds
        article = ARTICLES[found.ground]
        shown = None if category == ALL_CATEGORIES else category
        if holds:
            outcomes.append(Outcome(None, shown, None, "granted", article, "restricted", WORDS["restricted"]))
            closings.append(Closing(Kind.RESTRICTION_SET, category=shown, ground=article))
        elif holds is None:
            outcomes.append(
                Outcome(None, shown, None, "undetermined", article, "ground-unknown", WORDS["ground-unknown"])
            )
        else:
            outcomes.append(Outcome(None, shown, None, "refused", article, "ground-absent", WORDS["ground-absent"]))
    return Decision(at, tuple(outcomes), tuple(closings))


def lift(policy: Policy, categories: Collection[str], at: datetime, *, told: datetime | None) -> Decision:
    """Return whether a restriction of `categories` (`*`: every category) ends at a moment: only if she was told before.

    Raises `ValueError` for an unknown category.
    """
    known_categories(policy, categories, every=ALL_CATEGORIES)
    _whole(categories)
    ends = told is not None and told < at
    outcomes: list[Outcome] = []
    closings: list[Closing] = []
    for category in sorted(categories):
        shown = None if category == ALL_CATEGORIES else category
        reason = "lifted" if ends else "not-told"
        outcomes.append(Outcome(None, shown, None, "granted" if ends else "refused", "18(3)", reason, WORDS[reason]))
        if ends:
            closings.append(Closing(Kind.RESTRICTION_LIFTED, category=shown))
    return Decision(at, tuple(outcomes), tuple(closings))


def _whole(categories: Collection[str]) -> None:
    """Raise `ValueError` for a part of a category: restrictions are recorded per category."""
    parts = sorted(category for category in categories if "." in category)
    if parts:
        raise ValueError(f"`{parts[0]}` is one element: a restriction is of a category, `{parts[0].partition('.')[0]}`")

"""Erasure (GDPR art. 17): which purposes close at a person's request, which do not and why.

A request reads as withdrawal of every consent and as objection to every interest too (LAW 2.14). A purpose closes when
art. 17(1) says so and 17(3) does not keep it; which data then goes is not decided here: the kernel sweeps what no
purpose, hold or restriction justifies any more. What a purpose still open justifies stays, for that purpose only, and
no longer than its term: whether that term still runs is a question per datum, and the answer says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from belofte.choices.events import Kind
from belofte.policy.model import Policy
from belofte.rights.decision import Closing, Decision, Outcome, per_category, standing
from belofte.rights.decision_words import ERASED, WORDS, term_words
from belofte.rights.objection import Objected, Word, objected

ARTICLES: Mapping[str, str] = {
    "withdrawn": "17(1)(b)",
    "direct-marketing": "17(1)(c), 21(3)",
    "upheld": "17(1)(c), 21(1)",
    "overruled": "17(1)(c), 21(1), 17(3)",
    "weighing": "18(1)(d), 21(1)",
    "legal-obligation": "17(3)(b)",
    "contract": "17(1), 6(1)(b)",
    "vital-interests": "17(1), 6(1)(d)",
    "kind-unknown": "5(2)",
}
"""The article of an erasure outcome, by the reason that an objection or withdrawal gives."""


def decide(
    policy: Policy,
    kinds: frozenset[str],
    at: datetime,
    *,
    upheld: frozenset[str] = frozenset(),
    overruled: Mapping[str, str] | None = None,
) -> Decision:
    """Return, per purpose that reaches a person of these kinds (and category), whether erasure closes it.

    `granted` closes the purpose for what was collected up to `at`, `refused` leaves it, `partly` withdraws a consent
    beside which another basis goes on, `undetermined` suspends use and leaves the request open: an objection has to be
    weighed by a person, whose word is then given in `upheld` (purposes) or `overruled` (purpose to reason), or a kind
    of person is not known. Raises `ValueError` for an unknown purpose or a word that cannot be given.
    """
    word = Word(upheld, overruled)
    word.check(policy)
    outcomes: list[Outcome] = []
    closings: list[Closing] = []
    for name in policy.purposes:
        found = objected(policy, name, standing(policy, name, kinds), word)
        if found is None:
            continue
        outcomes += per_category(policy, _outcome(policy, name, found))
        closings += found.closings
        if found.verdict == "granted":
            closings.append(Closing(Kind.ERASURE_CLOSED, name))
    return Decision(at, tuple(outcomes), tuple(closings))


def _outcome(policy: Policy, name: str, found: Objected) -> Outcome:
    """Return the outcome in the words of erasure; a purpose that goes on says for how long."""
    words = ERASED.get(found.reason, WORDS[found.reason])
    words = found.said(policy, name, words, term_words(policy, name))
    return Outcome(name, None, None, found.verdict, ARTICLES[found.reason], found.reason, words)

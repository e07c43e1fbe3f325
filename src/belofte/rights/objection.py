"""Objection (GDPR art. 21): per purpose, whether the company stops, weighs, or need not stop.

Direct marketing stops always, whatever the basis (21(2)-(3)). On an interest or a public task the company stops unless
it shows compelling grounds; until that is settled the data is kept and not used (18(1)(d)). Consent is not objected to
but withdrawn, and an objection reads so. Contract, legal duty and vital interests cannot be objected to.

A person who is reached on such a basis keeps it even where another of her kinds is reached on interest: no objection
is recorded there, since the state of her choices closes a purpose for all of her kinds at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from belofte.choices.events import Kind
from belofte.law.source import Words
from belofte.policy.model import Basis, Policy
from belofte.rights.decision import (
    BOUND,
    WEIGHABLE,
    Closing,
    Decision,
    Outcome,
    Standing,
    Verdict,
    known_purposes,
    per_category,
    standing,
)
from belofte.rights.decision_words import CONSENT_ENDED, REMEDY, WORDS, grounds_words, joined


@dataclass(frozen=True)
class Word:
    """An officer's word in one case: the purposes whose objection is upheld, and those overruled, with the reason."""

    upheld: frozenset[str] = frozenset()
    overruled: Mapping[str, str] | None = None

    def reason(self, purpose: str) -> str | None:
        """Return why the objection to a purpose is overruled; None when it is not."""
        return (self.overruled or {}).get(purpose)

    def check(self, policy: Policy) -> None:
        """Raise `ValueError` for a word that nobody can give: unknown, contradictory, unreasoned, or not weighable."""
        overruled = self.overruled or {}
        known_purposes(policy, (*self.upheld, *overruled))
        for name, why in overruled.items():
            if name in self.upheld:
                raise ValueError(f"the objection to `{name}` is both upheld and overruled: give one word")
            if not why.strip():
                raise ValueError(f"the objection to `{name}` is overruled without a reason: art. 21(1) asks for one")
            if policy.purposes[name].direct_marketing:
                raise ValueError(f"`{name}` is direct marketing: an objection to it is never weighed (art. 21(3))")
            if policy.purposes[name].on_objection == "uphold":
                raise ValueError(f"`{name}` says `on_objection: uphold`: the policy promises never to overrule one")


def decide(
    policy: Policy,
    kinds: frozenset[str],
    at: datetime,
    purposes: Iterable[str] | None = None,
    *,
    direct_marketing_only: bool = False,
    upheld: frozenset[str] = frozenset(),
    overruled: Mapping[str, str] | None = None,
) -> Decision:
    """Return what an objection of a person of these kinds leads to, per purpose (None: every one that reaches her).

    `direct_marketing_only`: she objected to advertising and to nothing else; other purposes are left alone.
    `upheld` and `overruled` are an officer's word in her case. Raises `ValueError` for an unknown purpose or a word
    that cannot be given.
    """
    word = Word(upheld, overruled)
    word.check(policy)
    if purposes is not None:
        purposes = tuple(purposes)
        known_purposes(policy, purposes)
    outcomes: list[Outcome] = []
    closings: list[Closing] = []
    for name, purpose in policy.purposes.items():
        if (purposes is not None and name not in purposes) or (direct_marketing_only and not purpose.direct_marketing):
            continue
        found = objected(policy, name, standing(policy, name, kinds), word)
        if found is None and purposes is not None:
            found = Objected("granted", "21(1)", "no-data", ())
        if found is None:
            continue
        outcomes += per_category(policy, found.outcome(policy, name))
        closings += found.closings
    return Decision(at, tuple(outcomes), tuple(closings))


@dataclass(frozen=True)
class Objected:
    """What an objection to one purpose leads to."""

    verdict: Verdict
    article: str
    reason: str
    closings: tuple[Closing, ...]
    grounds: str | None = None
    """The officer's reason, in the language it was given in."""

    def outcome(self, policy: Policy, name: str) -> Outcome:
        """Return the outcome with its words."""
        words = self.said(policy, name, WORDS[self.reason])
        return Outcome(name, None, None, self.verdict, self.article, self.reason, words)

    def said(self, policy: Policy, name: str, words: Words, *more: Words) -> Words:
        """Return the words on a purpose: a refusal gives its grounds, `more`, and where the person can turn to."""
        if self.verdict not in ("refused", "partly"):
            return words
        parts = [words, *more, REMEDY]
        if self.reason == "overruled":
            parts.insert(1, grounds_words(policy.purposes[name].compelling, self.grounds))
        return joined(*([CONSENT_ENDED] if self.verdict == "partly" else []), *parts)


def objected(policy: Policy, name: str, where: Standing, word: Word) -> Objected | None:
    """Return what an objection to one purpose leads to; None when the purpose does not reach the person."""
    purpose = policy.purposes[name]
    bases = where.bases
    withdrawn = (Closing(Kind.CONSENT_WITHDRAWN, name),) if Basis.CONSENT in bases else ()
    if purpose.direct_marketing:
        return Objected("granted", "21(2), 21(3)", "direct-marketing", (*withdrawn, Closing(Kind.OBJECTION_MADE, name)))
    if not bases:
        return None
    if not where.certain and (len(bases) > 1 or bases & BOUND):
        return Objected("undetermined", "5(2)", "kind-unknown", ())
    if bases & BOUND:
        return _bound(bases, withdrawn)
    if not bases & WEIGHABLE:
        return Objected("granted", "7(3)", "withdrawn", withdrawn)
    if name in word.upheld or purpose.on_objection == "uphold":
        return Objected("granted", "21(1)", "upheld", (*withdrawn, Closing(Kind.OBJECTION_UPHELD, name)))
    if not where.certain:
        return Objected("undetermined", "5(2)", "kind-unknown", ())
    grounds = word.reason(name)
    if grounds is not None or purpose.compelling is not None:
        verdict: Verdict = "partly" if withdrawn else "refused"
        why = grounds or (purpose.compelling.of("en") if purpose.compelling else None)
        closings = (*withdrawn, Closing(Kind.OBJECTION_OVERRULED, name, ground=why))
        return Objected(verdict, "21(1), 17(3)", "overruled", closings, grounds)
    pending = (*withdrawn, Closing(Kind.OBJECTION_PENDING, name))
    return Objected("undetermined", "21(1), 18(1)(d)", "weighing", pending)


def _bound(bases: frozenset[Basis], withdrawn: tuple[Closing, ...]) -> Objected:
    """Return what an objection comes to where a contract, a duty or vital interests hold: only consent can close."""
    reason, article = next(
        (reason, article)
        for basis, reason, article in (
            (Basis.LEGAL_OBLIGATION, "legal-obligation", "21(1), 6(1)(c)"),
            (Basis.CONTRACT, "contract", "21(1), 6(1)(b)"),
            (Basis.VITAL_INTERESTS, "vital-interests", "21(1), 6(1)(d)"),
        )
        if basis in bases
    )
    return Objected("partly" if withdrawn else "refused", article, reason, withdrawn)

"""Erasure (GDPR art. 17): per data item and purpose, whether the datum goes, stays, or is not decided (LAW 2.4).

A ladder, first match wins: what must be kept (E1-E3, a restriction), what must go (E4-E9), else what lives on (E10).
Unknown facts are None and never count as a yes: the outcome is `undetermined` unless it is the same either way.
Of the purposes that touch an item each is judged alone; the item goes when no purpose keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from belofte.law.erasure_words import WORDS
from belofte.law.source import Source, Words, justification

SOURCE = Source("GDPR art. 17, 18, 19, 21; EDPB 05/2020; C-129/21 Proximus; LAW 2.4 and 2.14")

Basis = Literal["consent", "contract", "legal-obligation", "vital-interests", "public-task", "legitimate-interest"]
Exemption = Literal["none", "expression", "public-task", "public-health", "archiving"]
Restriction = Literal["none", "accuracy", "unlawful", "claim", "objection"]
Objection = Literal["none", "pending", "upheld", "overridden"]


class Outcome(StrEnum):
    """What happens to the item for this purpose."""

    ERASE = "erase"
    KEEP = "keep"
    KEEP_RESTRICTED = "keep-restricted"
    RESTRICT = "restrict"
    """Kept and not used while an objection is weighed (art. 18(1)(d))."""
    REFUSE = "refuse"
    """The purpose lives on its basis: the person gets the notice of art. 12(4)."""
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Facts:
    """What the law asks about one item for one purpose. None is unknown."""

    basis: Basis
    live: bool | None
    """The purpose still runs: its condition holds, its period is not over."""
    legal_hold: bool | None = False
    """A claim is open and needs this item."""
    statutory_term: bool | None = False
    """A statutory term is running for this purpose."""
    statute_needs_item: bool | None = False
    exemption: Exemption | None = "none"
    restriction: Restriction | None = "none"
    withdrawn: bool | None = False
    other_declared_basis: bool | None = False
    """Another basis was declared for this purpose before the consent was withdrawn; none is put in its place after."""
    direct_marketing: bool = False
    marketing_objection: bool | None = False
    objection: Objection | None = "none"
    lawful: bool | None = True
    """There was a valid basis in the policy version at collection."""
    prefers_restriction: bool = False
    duty_to_erase: bool | None = False
    child_service: bool | None = False
    """Collected from a child for an information society service (art. 8(1))."""
    made_public: bool | None = False
    recipients: bool | None = False


@dataclass(frozen=True)
class Decision:
    """An outcome with its rung, article, DPV justification and words; `unknown` names the facts still to be found."""

    outcome: Outcome
    code: str
    article: str
    justification: str | None
    words: Words
    unknown: tuple[str, ...] = ()


def as_requested(facts: Facts) -> Facts:
    """Return the facts as an erasure request makes them: it reads as withdrawal and as objection too (LAW 2.14)."""
    changed = replace(facts, withdrawn=True) if facts.basis == "consent" else facts
    if facts.direct_marketing:
        changed = replace(changed, marketing_objection=True)
    elif facts.basis in {"public-task", "legitimate-interest"} and facts.objection == "none":
        changed = replace(changed, objection="pending")
    return changed


def decide(facts: Facts) -> Decision:
    """Return what happens to the item for this purpose: the first rung that surely holds.

    A rung that may hold makes the outcome `undetermined`, unless it would have led to the same outcome.
    """
    possible: list[tuple[Decision, tuple[str, ...]]] = []
    for rung in LADDER:
        holds, unknown = rung.holds(facts)
        if holds is False:
            continue
        found = rung.decision(facts)
        if holds is None:
            possible.append((found, unknown))
            continue
        differing = [names for other, names in possible if other.outcome is not found.outcome]
        return found if not differing else _undetermined(differing)
    raise AssertionError("the last rung of the ladder always holds")


def duties_after(facts: Facts, decision: Decision) -> tuple[str, ...]:
    """Return the articles that ask something more once the outcome is carried out (E11, E12).

    `17(2)`: reasonable steps to tell controllers of data made public. `19`: tell each recipient, unless impossible or
    disproportionate, and tell the person who they are if she asks. Unknown counts as a duty: looking is part of it.
    """
    if decision.outcome in {Outcome.KEEP, Outcome.REFUSE, Outcome.UNDETERMINED}:
        return ()
    erased = decision.outcome is Outcome.ERASE
    public = ("17(2)",) if erased and facts.made_public is not False else ()
    told = ("19",) if facts.recipients is not False else ()
    return public + told


# ------------------------------------------------------------------------------------------------------- the ladder

Answer = tuple[bool | None, tuple[str, ...]]


@dataclass(frozen=True)
class Rung:
    """One line of the ladder: when it holds, and what follows; article and justification may depend on the facts."""

    code: str
    outcome: Outcome
    holds: Callable[[Facts], Answer]
    article: Callable[[Facts], str]
    reason: Callable[[Facts], str]

    def decision(self, facts: Facts) -> Decision:
        """Return the outcome of this rung for `facts`."""
        if self.code == "E8" and facts.prefers_restriction:
            return Decision(
                Outcome.KEEP_RESTRICTED, "E8", "18(1)(b)", justification("UnlawfulActivityObjection"), WORDS["E8r"]
            )
        return Decision(
            self.outcome, self.code, self.article(facts), justification(self.reason(facts)), WORDS[self.code]
        )


def _undetermined(differing: list[tuple[str, ...]]) -> Decision:
    names = tuple(dict.fromkeys(name for group in differing for name in group))
    return Decision(Outcome.UNDETERMINED, "E?", "5(2)", None, WORDS["E?"], names)


def _all(*facts: tuple[str, bool | None]) -> Answer:
    """Three-valued and: no as soon as one is no, else unknown as soon as one is unknown."""
    if any(value is False for _, value in facts):
        return False, ()
    unknown = tuple(name for name, value in facts if value is None)
    return (None if unknown else True), unknown


def _any(*facts: tuple[str, bool | None]) -> Answer:
    if any(value is True for _, value in facts):
        return True, ()
    unknown = tuple(name for name, value in facts if value is None)
    return (None if unknown else False), unknown


def _is(value: str | None, *wanted: str) -> bool | None:
    return None if value is None else value in wanted


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _fixed(text: str) -> Callable[[Facts], str]:
    return lambda _: text


_EXEMPT = {
    "expression": ("17(3)(a)", "A17FreedomOfExpression"),
    "public-task": ("17(3)(b)", "A17PublicInterest"),
    "public-health": ("17(3)(c)", "A17PublicHealth"),
    "archiving": ("17(3)(d)", "A17Archiving"),
}
_RESTRICTED = {
    "accuracy": ("18(1)(a)", "ContestAccuracy"),
    "unlawful": ("18(1)(b)", "UnlawfulActivityObjection"),
    "claim": ("18(1)(c)", "LegalClaimImpaired"),
    "objection": ("18(1)(d)", "Objection"),
}
_LIVING = {
    "consent": ("6(1)(a)", "ConsentProvided"),
    "contract": ("17(1), 6(1)(b)", "ContractPerformanceNecessity"),
    "legal-obligation": ("17(1), 6(1)(c)", "A17LegallyRequired"),
    "vital-interests": ("17(1), 6(1)(d)", "DataSubjectProtectionImpaired"),
    "public-task": ("17(1), 6(1)(e)", "A17OfficialAuthority"),
    "legitimate-interest": ("17(1), 6(1)(f)", "LegitimateInterestOverride"),
}

LADDER: tuple[Rung, ...] = (
    Rung(
        "E1",
        Outcome.KEEP_RESTRICTED,
        lambda f: _all(("legal_hold", f.legal_hold)),
        _fixed("17(3)(e), 18"),
        _fixed("A17LegalClaims"),
    ),
    Rung(
        "E2",
        Outcome.KEEP,
        lambda f: _all(("statutory_term", f.statutory_term), ("statute_needs_item", f.statute_needs_item)),
        _fixed("17(3)(b)"),
        _fixed("A17LegallyRequired"),
    ),
    Rung(
        "E3",
        Outcome.KEEP,
        lambda f: _all(("exemption", _is(f.exemption, *_EXEMPT))),
        lambda f: _EXEMPT.get(f.exemption or "", ("17(3)", ""))[0],
        lambda f: _EXEMPT.get(f.exemption or "", ("", "A17PublicInterest"))[1],
    ),
    Rung(
        "R18",
        Outcome.KEEP_RESTRICTED,
        lambda f: _all(("restriction", _is(f.restriction, *_RESTRICTED))),
        lambda f: _RESTRICTED.get(f.restriction or "", ("18(1)", ""))[0],
        lambda f: _RESTRICTED.get(f.restriction or "", ("", "Objection"))[1],
    ),
    Rung(
        "E4",
        Outcome.ERASE,
        lambda f: _all(
            ("basis", f.basis == "consent"),
            ("withdrawn", f.withdrawn),
            ("other_declared_basis", _not(f.other_declared_basis)),
        ),
        _fixed("17(1)(b)"),
        _fixed("A17NoLegalBasis"),
    ),
    Rung(
        "E5",
        Outcome.ERASE,
        lambda f: _all(("direct_marketing", f.direct_marketing), ("marketing_objection", f.marketing_objection)),
        _fixed("17(1)(c), 21(3)"),
        _fixed("A17ObjectA21"),
    ),
    Rung(
        "E6",
        Outcome.ERASE,
        lambda f: _all(("objection", _is(f.objection, "upheld"))),
        _fixed("17(1)(c)"),
        _fixed("A17ObjectA21"),
    ),
    Rung(
        "E7",
        Outcome.ERASE,
        lambda f: _all(("live", _not(f.live))),
        _fixed("17(1)(a), 5(1)(e)"),
        _fixed("A17NonNecessity"),
    ),
    Rung(
        "E8",
        Outcome.ERASE,
        lambda f: _all(("lawful", _not(f.lawful))),
        _fixed("17(1)(d)"),
        _fixed("A17UnlawfulProcessing"),
    ),
    Rung(
        "E9",
        Outcome.ERASE,
        lambda f: _any(("duty_to_erase", f.duty_to_erase), ("child_service", f.child_service)),
        lambda f: "17(1)(e)" if f.duty_to_erase else "17(1)(f)",
        lambda f: "A17LegalErasure" if f.duty_to_erase else "A17ChildData",
    ),
    Rung(
        "E6w",
        Outcome.RESTRICT,
        lambda f: _all(("objection", _is(f.objection, "pending"))),
        _fixed("18(1)(d), 21(1)"),
        _fixed("Objection"),
    ),
    Rung(
        "E10a",
        Outcome.KEEP,
        lambda f: _all(("basis", f.basis == "consent"), ("withdrawn", _not(f.withdrawn))),
        _fixed("6(1)(a)"),
        _fixed("ConsentProvided"),
    ),
    Rung(
        "E10",
        Outcome.REFUSE,
        lambda f: (True, ()),
        lambda f: "17(1)(b)" if f.basis == "consent" else _LIVING[f.basis][0],
        lambda f: "ProcessRejected" if f.basis == "consent" else _LIVING[f.basis][1],
    ),
)
"""E6 is two rungs: what is upheld goes at once; what is being weighed is restricted only if nothing else removes it."""

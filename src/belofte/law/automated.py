"""Decisions based solely on automated processing (GDPR art. 22; LAW 2.5): when they are allowed, and with what shield.

A score on which others draw strongly is such a decision itself (C-634/21 SCHUFA).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from belofte.law.source import Source, Words

SOURCE = Source("GDPR art. 22, 9(2)(a), 9(2)(g); C-634/21; LAW 2.5")

Ground = Literal["contract-necessity", "law", "explicit-consent", "none"]


@dataclass(frozen=True)
class Decision:
    """A kind of decision as declared. None is unknown."""

    solely_automated: bool | None
    significant: bool | None
    """It has legal effect for the person, or affects her similarly significantly."""
    ground: Ground | None = None
    human_review: bool | None = None
    """She can have a human look, give her own view and contest the decision (22(3))."""
    special: bool | None = False
    special_ground: str | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether the decision may be taken so: yes, no, None where unknown; with code, article and words."""

    allowed: bool | None
    code: str
    article: str
    words: Words


def verdict(decision: Decision) -> Verdict:
    """Return the first rule of art. 22 that stops the decision, or the one that lets it be."""
    if decision.solely_automated is False or decision.significant is False:
        return _said(True, "OUTSIDE")
    if decision.solely_automated is None or decision.significant is None:
        return _said(None, "UNKNOWN")
    if decision.ground in {None, "none"}:
        return _said(None if decision.ground is None else False, "NO_GROUND")
    if decision.special is not False and decision.special_ground not in {"9(2)(a)", "9(2)(g)"}:
        return _said(None if decision.special is None else False, "SPECIAL")
    if decision.ground != "law" and not decision.human_review:
        return _said(None if decision.human_review is None else False, "NO_HUMAN")
    return _said(True, "SHIELDED")


def _said(allowed: bool | None, code: str) -> Verdict:
    article, words = RULES[code]
    return Verdict(allowed, code, article, words)


RULES: dict[str, tuple[str, Words]] = {
    "OUTSIDE": (
        "22(1)",
        Words(
            "Een mens beslist, of het besluit raakt u niet aanmerkelijk.",
            "Un humain décide, ou la décision ne vous affecte pas de manière significative.",
            "A human decides, or the decision does not affect you significantly.",
        ),
    ),
    "UNKNOWN": (
        "22(1)",
        Words(
            "Nog niet vastgesteld of het besluit alleen door een machine valt en u aanmerkelijk raakt.",
            "Pas encore établi si la décision est exclusivement automatisée et vous affecte de manière significative.",
            "Not established yet whether a machine alone decides, with significant effect on you.",
        ),
    ),
    "NO_GROUND": (
        "22(2)",
        Words(
            "Voor dit besluit is geen overeenkomst, wet of uitdrukkelijke toestemming aangewezen.",
            "Aucun contrat, aucune loi ni aucun consentement explicite ne fonde cette décision.",
            "No contract, law or explicit consent was named for this decision.",
        ),
    ),
    "SPECIAL": (
        "22(4)",
        Words(
            "Het besluit gebruikt gevoelige gegevens zonder de grond die daarvoor nodig is.",
            "La décision utilise des données sensibles sans le fondement requis.",
            "The decision uses sensitive data without the ground that this needs.",
        ),
    ),
    "NO_HUMAN": (
        "22(3)",
        Words(
            "U moet een mens kunnen laten kijken, uw standpunt kunnen geven en het besluit kunnen aanvechten.",
            "Vous devez pouvoir obtenir une intervention humaine, exprimer votre avis et contester la décision.",
            "You must be able to have a human look, to give your view and to contest the decision.",
        ),
    ),
    "SHIELDED": (
        "22(2), 22(3)",
        Words(
            "Het besluit mag, met de waarborgen die u beschermen.",
            "La décision est permise, avec les garanties qui vous protègent.",
            "The decision is allowed, with the safeguards that protect you.",
        ),
    ),
}

"""The gate before the rights of art. 15-22 (LAW 2.0, G1-G9): who answers, who asks, whether there is data at all.

The first step that stops wins; a proven identity is noted on the way. Unknown facts give `undetermined`: no answer
leaves without a recorded identity outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from belofte.law.source import Source, Words, justification

SOURCE = Source("GDPR art. 11(2), 12(2)-(6), 21(3), 28(3)(e); EDPB 01/2022; GBA 145/2022; C-526/24; LAW 2.0")


class Passage(StrEnum):
    """What happens to the request at the gate."""

    FORWARD = "forward"
    ACT = "act"
    ASK = "ask"
    INFORM = "inform"
    CHARGE_OR_REFUSE = "charge-or-refuse"
    NO_DATA = "no-data"
    PROCEED = "proceed"
    UNDETERMINED = "undetermined"


Identity = Literal["proven", "doubted", "unidentifiable"]


@dataclass(frozen=True)
class Asked:
    """What is known of a request. None is unknown."""

    processor: bool | None
    """We hold the item as processor for somebody else."""
    marketing_stop: bool = False
    """It objects to, withdraws from or unsubscribes from direct marketing, on the address itself."""
    identity: Identity | None = None
    doubt_recorded: bool = False
    """The reasonable doubt is specific and written down."""
    excessive: Literal["no", "unfounded", "excessive"] = "no"
    excess_proven: bool = False
    """The controller can show that the request is manifestly unfounded or excessive."""
    data_found: bool | None = None


@dataclass(frozen=True)
class Gate:
    """Where the gate leads: step, passage, article, DPV justification, words; `noted` are the steps passed before."""

    code: str
    passage: Passage
    article: str
    justification: str | None
    words: Words
    noted: tuple[str, ...] = ()


def gate(asked: Asked) -> Gate:
    """Return the first step of the gate that stops the request, `G9` when it may go on to its right's own table."""
    if asked.processor is None:
        return _stop("G?")
    if asked.processor:
        return _stop("G1")
    if asked.marketing_stop:
        return _stop("G2")
    if asked.identity is None:
        return _stop("G?")
    if asked.identity == "doubted":
        return _stop("G4" if asked.doubt_recorded else "G4?")
    if asked.identity == "unidentifiable":
        return _stop("G6")
    if asked.excessive != "no" and asked.excess_proven:
        return _stop("G7" if asked.excessive == "excessive" else "G7u", "G3")
    if asked.data_found is None:
        return _stop("G?", "G3")
    return _stop("G9" if asked.data_found else "G8", "G3")


@dataclass(frozen=True)
class CardCopy:
    """How a copy of an identity card would be used (G5)."""

    lighter_means_tried: bool
    masked: bool
    """Without photo, national number and machine-readable zone."""
    deleted_after: bool


def card_copy_allowed(use: CardCopy) -> bool:
    """Return whether a copy of an identity card may be asked: the last means only, masked, deleted after the check.

    Art. 5(1)(c), 12(2), 12(6); GBA 145/2022; Act of 19 July 1991 art. 6 §4; Act of 8 August 1983.
    """
    return use.lighter_means_tried and use.masked and use.deleted_after


def _stop(code: str, *noted: str) -> Gate:
    passage, article, reason, words = STEPS[code]
    return Gate(code, passage, article, justification(reason) if reason else None, words, noted)


STEPS: dict[str, tuple[Passage, str, str | None, Words]] = {
    "G1": (
        Passage.FORWARD,
        "28(3)(e)",
        None,
        Words(
            "We verwerken deze gegevens in opdracht van een ander en geven uw verzoek zonder uitstel aan hem door.",
            "Nous traitons ces données pour le compte d'un tiers et lui transmettons votre demande sans délai.",
            "We process this data on behalf of somebody else and pass your request on without delay.",
        ),
    ),
    "G2": (
        Passage.ACT,
        "21(3), 7(3)",
        None,
        Words(
            "Uw adres krijgt van ons geen reclame meer. Daarvoor hoeft u niet te bewijzen wie u bent.",
            "Votre adresse ne recevra plus de publicité de notre part. Aucune preuve d'identité n'est requise.",
            "Your address gets no more advertising from us. You need not prove who you are for that.",
        ),
    ),
    "G4": (
        Passage.ASK,
        "12(6), 5(1)(c)",
        "A12IdentityRequired",
        Words(
            "We twijfelen aan de identiteit van de aanvrager en vragen het minste dat de twijfel wegneemt.",
            "Nous avons un doute sur l'identité du demandeur et demandons le minimum qui permette de le lever.",
            "We doubt who is asking, and ask for the least that settles the doubt.",
        ),
    ),
    "G4?": (
        Passage.UNDETERMINED,
        "12(6)",
        None,
        Words(
            "Er is twijfel over de identiteit, maar niet genoteerd waarom. Noteer de reden of neem de identiteit aan.",
            "L'identité est mise en doute sans motif consigné. Consignez le motif ou acceptez l'identité.",
            "Identity is doubted without a recorded reason. Record the reason, or accept the identity.",
        ),
    ),
    "G6": (
        Passage.INFORM,
        "11(2), 12(2)",
        "A12IdentityFailure",
        Words(
            "We kunnen u in onze gegevens niet herkennen. Geef ons meer gegevens als u wilt dat we verder zoeken.",
            "Nous ne pouvons pas vous identifier dans nos données. Donnez-nous plus d'éléments pour chercher encore.",
            "We cannot recognise you in our data. Give us more to go by if you want us to look further.",
        ),
    ),
    "G7": (
        Passage.CHARGE_OR_REFUSE,
        "12(5)",
        "A12ManifestlyExcessive",
        Words(
            "Dit verzoek is kennelijk buitensporig. We leggen uit waarom. U kunt klacht indienen of naar de rechter "
            "gaan.",
            "Cette demande est manifestement excessive. Nous expliquons pourquoi. Une réclamation ou un recours est "
            "possible.",
            "This request is manifestly excessive. We explain why. You may complain or go to court.",
        ),
    ),
    "G7u": (
        Passage.CHARGE_OR_REFUSE,
        "12(5)",
        "A12ManifestlyUnfounded",
        Words(
            "Dit verzoek is kennelijk ongegrond. We leggen uit waarom. U kunt klacht indienen of naar de rechter gaan.",
            "Cette demande est manifestement infondée. Nous expliquons pourquoi. Une réclamation ou un recours est "
            "possible.",
            "This request is manifestly unfounded. We explain why. You may complain or go to court.",
        ),
    ),
    "G8": (
        Passage.NO_DATA,
        "15(1), 12(3)",
        None,
        Words(
            "We hebben geen gegevens over u gevonden.",
            "Nous n'avons trouvé aucune donnée vous concernant.",
            "We found no data about you.",
        ),
    ),
    "G9": (
        Passage.PROCEED,
        "12(3), 12(5)",
        None,
        Words(
            "We behandelen uw verzoek. Dat is gratis.",
            "Nous traitons votre demande. C'est gratuit.",
            "We are dealing with your request, free of charge.",
        ),
    ),
    "G?": (
        Passage.UNDETERMINED,
        "12(2)",
        None,
        Words(
            "Er is nog niet vastgesteld wie vraagt, voor wie we verwerken of wat we hebben. Het verzoek blijft open.",
            "Il reste à établir qui demande, pour qui nous traitons ou ce que nous détenons. La demande reste ouverte.",
            "Who asks, for whom we process or what we hold is not established yet. The request stays open.",
        ),
    ),
}

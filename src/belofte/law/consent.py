"""Valid consent (GDPR art. 4(11), 7, 8; LAW 2.6, C1-C13): what a record of consent shows, and on which points it fails.

The controller must be able to demonstrate consent (art. 7(1)): what the record does not show (None) fails like a no,
marked as not shown. EDPB 05/2020; Planet49 C-673/17; Orange Romania C-61/19; Meta C-252/21.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from belofte.law.source import Source, Words

SOURCE = Source("GDPR art. 4(11), 7, 8, 9(2)(a); EDPB 05/2020; LAW 2.6")

Act = Literal["click", "toggle", "signature", "spoken", "scroll", "continued-use", "silence", "pre-ticked"]
AFFIRMATIVE: frozenset[str] = frozenset({"click", "toggle", "signature", "spoken"})
"""Clear affirmative acts (recital 32); a spoken one counts when it is recorded."""

Proof = Literal["notice", "known-notice", "language"]
"""A piece of what proves a consent: which text was shown, that the policy knows it, and in which language."""

AGE_OF_CONSENT = {"BE": 13}
"""The age from which a child consents alone to an online service (art. 8(1)); 16 where a state set no other."""
AGE_SOURCE = Source("Act of 30 July 2018 art. 7; GDPR art. 8(1)")


@dataclass(frozen=True)
class ConsentEvidence:
    """What the record of one consent shows. None is not shown."""

    act: Act | None = None
    purposes: int | None = None
    """How many purposes the one act covered."""
    apart_from_terms: bool | None = None
    refusal_equal: bool | None = None
    """Refusing was on the same layer, as prominent, in as many clicks."""
    without_detriment: bool | None = None
    informed: bool | None = None
    """Controller, purpose, data, recipients, withdrawal; cookies: duration and third parties."""
    withdrawal_easy: bool | None = None
    proof_kept: bool | None = None
    """Who, when, which text (version and hash), how, in which language."""
    missing: tuple[Proof, ...] = ()
    """The pieces of the proof that are not there, where that is known."""
    asked_under: str | None = None
    """The policy version under which it was asked."""
    material_since: tuple[str, ...] | None = None
    """The versions since that changed purpose, recipients, data or duration; () when none did."""
    online_service: bool = False
    age: int | None = None
    parent_agreed: bool | None = None
    country: str = "BE"
    explicit_needed: bool = False
    """Special categories (9(2)(a)), automated decisions (22(2)(c)) or a transfer (49(1)(a)) rest on it."""
    explicit: bool | None = None
    employee: bool = False
    freely_given_shown: bool | None = None
    """For a relation of imbalance: it was shown that refusing had no consequence."""
    recipients_shown: frozenset[str] | None = None
    recipients_used: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Failure:
    """A point on which consent fails, with article and words.

    `shown` is True when the record shows the failure, False when it does not show the point at all.
    """

    check: str
    code: str
    article: str
    words: Words
    shown: bool


@dataclass(frozen=True)
class Check:
    """One point of validity; `holds` gives yes, no, or None where the record does not show it."""

    number: str
    code: str
    article: str
    holds: Callable[[ConsentEvidence], bool | None]
    words: Words


def failures(evidence: ConsentEvidence) -> list[Failure]:
    """Return the points on which the consent fails, in the order of C1 to C13; [] when the record shows it valid."""
    found = []
    for check in CHECKS:
        holds = check.holds(evidence)
        if holds is not True:
            words = _naming(check.words, evidence.missing) if check.code == "UNPROVEN" else check.words
            found.append(Failure(check.number, check.code, check.article, words, shown=holds is False))
    return found


PIECES: Mapping[Proof, Words] = {
    "notice": Words("welke tekst zij zag", "quel texte elle a vu", "which text she saw"),
    "known-notice": Words(
        "een versie van de tekst die het beleid kent",
        "une version du texte que la politique connaît",
        "a version of the text that the policy knows",
    ),
    "language": Words("in welke taal", "dans quelle langue", "in which language"),
}
"""The pieces of the proof, in words."""


def _naming(words: Words, missing: tuple[Proof, ...]) -> Words:
    """Return words on a consent that cannot be proven, with the pieces of the proof that are not there."""
    if not missing:
        return words
    pieces = [PIECES[piece] for piece in missing]
    return Words(
        f"{words.nl} Hier ontbreekt: {', '.join(one.nl for one in pieces)}.",
        f"{words.fr} Il manque ici : {', '.join(one.fr for one in pieces)}.",
        f"{words.en} Missing here: {', '.join(one.en for one in pieces)}.",
    )


def _age(evidence: ConsentEvidence) -> bool | None:
    if not evidence.online_service:
        return True
    if evidence.age is None:
        return True if evidence.parent_agreed else None
    return True if evidence.age >= AGE_OF_CONSENT.get(evidence.country, 16) else evidence.parent_agreed


def _fresh(evidence: ConsentEvidence) -> bool | None:
    if evidence.asked_under is None or evidence.material_since is None:
        return None
    return not evidence.material_since


def _disclosed(evidence: ConsentEvidence) -> bool | None:
    if not evidence.recipients_used:
        return True
    return None if evidence.recipients_shown is None else evidence.recipients_used <= evidence.recipients_shown


CHECKS: tuple[Check, ...] = (
    Check(
        "C1",
        "NO_ACT",
        "4(11)",
        lambda e: None if e.act is None else e.act in AFFIRMATIVE,
        Words(
            "Er is geen duidelijke actieve handeling: zwijgen, verder surfen of een vooraf aangevinkt vakje telt niet.",
            "Aucun acte positif clair : le silence, la poursuite de la navigation ou une case précochée ne comptent "
            "pas.",
            "There is no clear affirmative act: silence, continued use or a pre-ticked box does not count.",
        ),
    ),
    Check(
        "C2",
        "BUNDLED",
        "6(1)(a), recital 43",
        lambda e: None if e.purposes is None else e.purposes == 1,
        Words(
            "Eén handeling gold voor meer dan één doel. Vraag toestemming per doel.",
            "Un seul acte couvrait plusieurs finalités. Demandez le consentement par finalité.",
            "One act covered more than one purpose. Ask for consent per purpose.",
        ),
    ),
    Check(
        "C3",
        "TIED_TO_TERMS",
        "7(2), 7(4)",
        lambda e: e.apart_from_terms,
        Words(
            "De toestemming hangt vast aan het aanvaarden van voorwaarden of van het privacybeleid.",
            "Le consentement est lié à l'acceptation de conditions ou de la politique de confidentialité.",
            "Consent is tied to accepting terms or the privacy policy.",
        ),
    ),
    Check(
        "C4",
        "NO_EQUAL_REFUSAL",
        "7(4), 4(11)",
        lambda e: e.refusal_equal,
        Words(
            "Weigeren was niet even zichtbaar en even makkelijk als aanvaarden.",
            "Refuser n'était pas aussi visible et aussi facile qu'accepter.",
            "Refusing was not as visible and as easy as accepting.",
        ),
    ),
    Check(
        "C5",
        "WALL",
        "7(4), recital 42",
        lambda e: e.without_detriment,
        Words(
            "Wie weigert, ondervindt nadeel of wordt buitengesloten.",
            "Celui qui refuse subit un désavantage ou est exclu.",
            "Whoever refuses is disadvantaged or shut out.",
        ),
    ),
    Check(
        "C6",
        "UNINFORMED",
        "4(11), 13",
        lambda e: e.informed,
        Words(
            "De persoon wist niet genoeg: wie, waarvoor, welke gegevens, welke ontvangers, hoe intrekken.",
            "La personne n'était pas assez informée : qui, pourquoi, quelles données, quels destinataires, le retrait.",
            "The person was not told enough: who, what for, which data, which recipients, how to withdraw.",
        ),
    ),
    Check(
        "C7",
        "HARD_WITHDRAW",
        "7(3)",
        lambda e: e.withdrawal_easy,
        Words(
            "Intrekken is niet even makkelijk als geven.",
            "Retirer le consentement n'est pas aussi simple que le donner.",
            "Withdrawing is not as easy as giving.",
        ),
    ),
    Check(
        "C8",
        "UNPROVEN",
        "7(1)",
        lambda e: e.proof_kept,
        Words(
            "De toestemming is niet te bewijzen: wie, wanneer, welke tekst, hoe, in welke taal.",
            "Le consentement ne peut être prouvé : qui, quand, quel texte, comment, dans quelle langue.",
            "The consent cannot be proven: who, when, which text, how, in which language.",
        ),
    ),
    Check(
        "C9",
        "STALE",
        "7(1), 13(3)",
        _fresh,
        Words(
            "Doel, ontvangers, gegevens of duur veranderden sinds de toestemming. Vraag opnieuw.",
            "La finalité, les destinataires, les données ou la durée ont changé depuis. Redemandez le consentement.",
            "Purpose, recipients, data or duration changed since consent was given. Ask again.",
        ),
    ),
    Check(
        "C10",
        "CHILD",
        "8(1), 8(2)",
        _age,
        Words(
            "Het kind is te jong om alleen toe te stemmen, of de leeftijd is niet bekend.",
            "L'enfant est trop jeune pour consentir seul, ou son âge n'est pas connu.",
            "The child is too young to consent alone, or the age is not known.",
        ),
    ),
    Check(
        "C11",
        "NOT_EXPLICIT",
        "9(2)(a), 22(2)(c), 49(1)(a)",
        lambda e: e.explicit if e.explicit_needed else True,
        Words(
            "Hier is uitdrukkelijke toestemming nodig.",
            "Un consentement explicite est nécessaire ici.",
            "Explicit consent is needed here.",
        ),
    ),
    Check(
        "C12",
        "IMBALANCE",
        "7(4), recital 43",
        lambda e: e.freely_given_shown if e.employee else True,
        Words(
            "Wie van de vrager afhangt, zoals een werknemer, wordt vermoed niet vrij toe te stemmen.",
            "Celui qui dépend du demandeur, comme un travailleur, est présumé ne pas consentir librement.",
            "Somebody who depends on the asker, such as an employee, is presumed not to consent freely.",
        ),
    ),
    Check(
        "C13",
        "UNDISCLOSED_RECIPIENT",
        "13(1)(e)",
        _disclosed,
        Words(
            "Een ontvanger die de gegevens krijgt, stond niet in de lijst bij de keuze.",
            "Un destinataire qui reçoit les données ne figurait pas dans la liste lors du choix.",
            "A recipient that gets the data was not in the list at the time of choice.",
        ),
    ),
)

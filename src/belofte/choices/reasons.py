"""Why a purpose may reach a person or not: each reason with its article, in words for people (nl, fr, en)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from belofte.law.source import Words


class Reason(StrEnum):
    """Every reason of a decision; the first group opens, the second closes."""

    CONSENT = "consent"
    SOFT_OPT_IN = "soft-opt-in"
    OTHER_BASIS = "other-basis"

    NO_PURPOSE = "no-purpose"
    NO_CHANNEL = "no-channel"
    UNKNOWN = "unknown"
    DECEASED = "deceased"
    OBJECTED = "objected"
    ERASED = "erased"
    RESTRICTED = "restricted"
    WEIGHED = "weighed"
    STALE = "stale"
    QUARANTINED = "quarantined"
    SPECIAL = "special"
    NOT_REACHED = "not-reached"
    NEVER_ASKED = "never-asked"
    INVALID = "invalid"
    EXPIRED = "expired"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def allows(self) -> bool:
        """Whether the reason opens."""
        return self in _ALLOWS


_ALLOWS = frozenset({Reason.CONSENT, Reason.SOFT_OPT_IN, Reason.OTHER_BASIS})


class Said(NamedTuple):
    """What a reason rests on, and its words."""

    article: str
    words: Words


SAID: dict[Reason, Said] = {
    Reason.CONSENT: Said(
        "6(1)(a), 7",
        Words(
            "De persoon gaf hiervoor toestemming, en die geldt.",
            "La personne y a consenti, et ce consentement est valable.",
            "The person consented to this, and the consent holds.",
        ),
    ),
    Reason.SOFT_OPT_IN: Said(
        "WER XII.13; KB 4-4-2003 art. 1, 1°",
        Words(
            "De persoon is klant, kreeg de kans om te weigeren en deed dat niet.",
            "La personne est cliente, a pu refuser et ne l'a pas fait.",
            "The person is a customer, was given the chance to refuse and did not.",
        ),
    ),
    Reason.OTHER_BASIS: Said(
        "6(1)",
        Words(
            "Dit doel heeft een andere rechtsgrond dan toestemming, en niets van wat de persoon koos sluit het.",
            "Cette finalité a une autre base juridique que le consentement, et aucun choix de la personne ne l'exclut.",
            "This purpose has another legal basis than consent, and nothing that the person chose closes it.",
        ),
    ),
    Reason.NO_PURPOSE: Said(
        "5(1)(b)",
        Words(
            "Dit doel staat niet in het beleid dat op dat moment gold.",
            "Cette finalité ne figure pas dans la politique alors en vigueur.",
            "This purpose is not in the policy that was in force.",
        ),
    ),
    Reason.NO_CHANNEL: Said(
        "5(1)(b)",
        Words(
            "Dit doel gebruikt dat kanaal niet in het beleid dat op dat moment gold.",
            "Cette finalité n'utilise pas ce canal dans la politique alors en vigueur.",
            "This purpose does not use that channel in the policy that was in force.",
        ),
    ),
    Reason.UNKNOWN: Said(
        "5(2)",
        Words(
            "Van deze persoon is niets bekend. Wat niet bekend is, opent niets.",
            "On ne sait rien de cette personne. Ce qui n'est pas connu n'ouvre rien.",
            "Nothing is known of this person. What is not known opens nothing.",
        ),
    ),
    Reason.DECEASED: Said(
        "recital 27",
        Words("De persoon is overleden.", "La personne est décédée.", "The person has died."),
    ),
    Reason.OBJECTED: Said(
        "21",
        Words(
            "De persoon maakte bezwaar.",
            "La personne s'y est opposée.",
            "The person objected.",
        ),
    ),
    Reason.ERASED: Said(
        "17",
        Words(
            "De persoon liet haar gegevens hiervoor wissen.",
            "La personne a fait effacer ses données pour cette finalité.",
            "The person had her data erased for this purpose.",
        ),
    ),
    Reason.RESTRICTED: Said(
        "18",
        Words(
            "Het gebruik van deze gegevens is beperkt.",
            "L'utilisation de ces données est limitée.",
            "The use of this data is restricted.",
        ),
    ),
    Reason.WEIGHED: Said(
        "21(1), 18(1)(d)",
        Words(
            "De persoon maakte bezwaar, en dat wordt nog afgewogen. Tot dan wordt er niets gebruikt.",
            "La personne s'y est opposée et son opposition est à l'examen. D'ici là, rien n'est utilisé.",
            "The person objected and the objection is being weighed. Until then nothing is used.",
        ),
    ),
    Reason.STALE: Said(
        "7(1), 13(3)",
        Words(
            "De toestemming dateert van vóór een wijziging van het beleid. Ze moet opnieuw gevraagd worden.",
            "Le consentement est antérieur à une modification de la politique. Il doit être redemandé.",
            "The consent is from before a change of the policy. It has to be asked again.",
        ),
    ),
    Reason.QUARANTINED: Said(
        "7(1)",
        Words(
            "De toestemming is overgenomen van elders zonder bewijs. Ze telt pas als een tweede persoon ze aantoont.",
            "Le consentement vient d'ailleurs, sans preuve. Il ne compte que démontré par une seconde personne.",
            "The consent was brought in from elsewhere without proof. It counts only when a second person shows it.",
        ),
    ),
    Reason.SPECIAL: Said(
        "9(1), 10",
        Words(
            "Het gaat om bijzondere gegevens, en het doel noemt daar geen grond voor.",
            "Il s'agit de données particulières, et la finalité n'en indique pas le fondement.",
            "This is special-category data, and the purpose names no ground for it.",
        ),
    ),
    Reason.NOT_REACHED: Said(
        "6(1)",
        Words(
            "Dit doel heeft voor deze soort personen geen rechtsgrond.",
            "Cette finalité n'a pas de base juridique pour cette catégorie de personnes.",
            "This purpose has no legal basis for people of this kind.",
        ),
    ),
    Reason.NEVER_ASKED: Said(
        "4(11), 6(1)(a)",
        Words(
            "Er is toestemming nodig en die is er niet.",
            "Un consentement est nécessaire et il n'y en a pas.",
            "Consent is needed and there is none.",
        ),
    ),
    Reason.INVALID: Said(
        "4(11), 7(1)",
        Words(
            "Wat als toestemming bewaard is, voldoet niet aan de wet.",
            "Ce qui est conservé comme consentement ne répond pas à la loi.",
            "What is recorded as consent does not satisfy the law.",
        ),
    ),
    Reason.EXPIRED: Said(
        "5(1)(e), 7",
        Words(
            "De toestemming is verlopen.",
            "Le consentement a expiré.",
            "The consent has expired.",
        ),
    ),
    Reason.REFUSED: Said(
        "7",
        Words(
            "De persoon weigerde.",
            "La personne a refusé.",
            "The person refused.",
        ),
    ),
    Reason.WITHDRAWN: Said(
        "7(3)",
        Words(
            "De persoon trok de toestemming in.",
            "La personne a retiré son consentement.",
            "The person withdrew the consent.",
        ),
    ),
}
"""The words of each reason, for the person and for whoever asks."""

"""The notice checklist (GDPR art. 12(1), 13, 14, 21(4), 26(2); LAW 2.8, N01-N19): what people are told, and when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from belofte.law.source import Source, Words
from belofte.law.term import Span, add

SOURCE = Source("GDPR art. 12(1), 13, 14, 21(4), 26(2); WER XII.6; WP260 rev.01; LAW 2.8")

INDIRECT = Span(months=1)
"""Data from elsewhere: tell within a reasonable period, at the latest one month (art. 14(3)(a))."""


@dataclass(frozen=True)
class Item:
    """One thing a notice must say: its article for data from the person and from elsewhere, None where not asked.

    `when` names the condition of `Situation` under which it is asked; None is always.
    """

    code: str
    direct: str | None
    indirect: str | None
    when: str | None
    words: Words

    def article(self, *, direct: bool) -> str | None:
        """Return the article for data collected from the person (`direct`) or from elsewhere."""
        return self.direct if direct else self.indirect


@dataclass(frozen=True)
class Situation:
    """What is true of the processing that a notice tells about. None is unknown: then the item must be said."""

    direct: bool = True
    indirect: bool = False
    officer: bool | None = None
    legitimate_interest: bool | None = None
    recipients: bool | None = None
    transfers: bool | None = None
    consent: bool | None = None
    objection: bool | None = None
    joint: bool | None = None
    new_purpose: bool | None = False


EXEMPTIONS: Mapping[str, Words] = {
    "13(4)": Words(
        "de persoon heeft de informatie al", "la personne dispose déjà des informations", "she has it already"
    ),
    "14(5)(a)": Words(
        "de persoon heeft de informatie al", "la personne dispose déjà des informations", "she has it already"
    ),
    "14(5)(b)": Words(
        "onmogelijk of onevenredig veel moeite",
        "impossible ou effort disproportionné",
        "impossible or disproportionate",
    ),
    "14(5)(c)": Words("de wet regelt het verkrijgen", "la loi prévoit l'obtention", "the law lays down the obtaining"),
    "14(5)(d)": Words("beroepsgeheim", "secret professionnel", "professional secrecy"),
}


def due(situation: Situation) -> tuple[Item, ...]:
    """Return the items that a notice for this situation must contain, in the order of the checklist."""
    return tuple(item for item in CHECKLIST if _asked(item, situation))


def missing(stated: Collection[str], situation: Situation | None = None) -> tuple[Item, ...]:
    """Return the items that are due and not among the codes `stated` (`N01`, …).

    Raises `ValueError` for a code that is not on the checklist.
    """
    unknown = sorted(set(stated) - BY_CODE.keys())
    if unknown:
        raise ValueError(f"unknown notice item `{unknown[0]}`; the items are N01 to N19")
    return tuple(item for item in due(situation or Situation()) if item.code not in stated)


def indirect_due(obtained: date, contact: date | None = None, disclosure: date | None = None) -> date:
    """Return the last day to inform a person whose data came from elsewhere (art. 14(3)).

    The earliest of: one month after it was obtained, the first contact with her, the first disclosure to another.
    The month is not rolled over weekends: earlier is always safe here.
    """
    return min(day for day in (add(obtained, INDIRECT), contact, disclosure) if day is not None)


def _asked(item: Item, situation: Situation) -> bool:
    by_way = (situation.direct and item.direct is not None) or (situation.indirect and item.indirect is not None)
    return by_way and (item.when is None or getattr(situation, item.when) is not False)


CHECKLIST: tuple[Item, ...] = (
    Item(
        "N01",
        "13(1)(a)",
        "14(1)(a)",
        None,
        Words(
            "wie de verwerkingsverantwoordelijke is, ondernemingsnummer en contact",
            "qui est le responsable du traitement, numéro d'entreprise et contact",
            "who the controller is, company number and contact",
        ),
    ),
    Item(
        "N02",
        "13(1)(b)",
        "14(1)(b)",
        "officer",
        Words(
            "contact van de functionaris voor gegevensbescherming",
            "contact du délégué à la protection des données",
            "contact of the data protection officer",
        ),
    ),
    Item(
        "N03",
        "13(1)(c)",
        "14(1)(c)",
        None,
        Words(
            "elk doel met zijn rechtsgrond",
            "chaque finalité avec sa base juridique",
            "each purpose with its legal basis",
        ),
    ),
    Item(
        "N04",
        "13(1)(d)",
        "14(2)(b)",
        "legitimate_interest",
        Words(
            "de gerechtvaardigde belangen, bij naam",
            "les intérêts légitimes, nommés",
            "the legitimate interests, named",
        ),
    ),
    Item(
        "N05",
        None,
        "14(1)(d)",
        None,
        Words("de categorieën van gegevens", "les catégories de données", "the categories of data"),
    ),
    Item(
        "N06",
        "13(1)(e)",
        "14(1)(e)",
        "recipients",
        Words(
            "de ontvangers of hun categorieën",
            "les destinataires ou leurs catégories",
            "the recipients or their categories",
        ),
    ),
    Item(
        "N07",
        "13(1)(f)",
        "14(1)(f)",
        "transfers",
        Words(
            "doorgiften buiten de EER, hun grond en hoe men een kopie van de waarborgen krijgt",
            "transferts hors EEE, leur fondement et comment obtenir copie des garanties",
            "transfers outside the EEA, their ground and how to get a copy of the safeguards",
        ),
    ),
    Item(
        "N08",
        "13(2)(a)",
        "14(2)(a)",
        None,
        Words(
            "hoe lang de gegevens blijven, per doel, of de criteria daarvoor",
            "la durée de conservation, par finalité, ou ses critères",
            "how long data is kept, per purpose, or the criteria",
        ),
    ),
    Item(
        "N09",
        "13(2)(b)",
        "14(2)(c)",
        None,
        Words(
            "de rechten: inzage, rectificatie, gegevenswissing, beperking, bezwaar, overdraagbaarheid",
            "les droits : accès, rectification, effacement, limitation, opposition, portabilité",
            "the rights: access, rectification, erasure, restriction, objection, portability",
        ),
    ),
    Item(
        "N10",
        "13(2)(c)",
        "14(2)(d)",
        "consent",
        Words(
            "dat men toestemming kan intrekken",
            "la possibilité de retirer son consentement",
            "that consent can be withdrawn",
        ),
    ),
    Item(
        "N11",
        "13(2)(d)",
        "14(2)(e)",
        None,
        Words(
            "dat men klacht kan indienen bij de toezichthoudende autoriteit",
            "le droit d'introduire une réclamation auprès de l'autorité de contrôle",
            "that one can complain to the supervisory authority",
        ),
    ),
    Item(
        "N12",
        "13(2)(e)",
        None,
        None,
        Words(
            "of men de gegevens moet geven, en wat volgt als men dat niet doet",
            "si la fourniture des données est obligatoire, et les conséquences d'un refus",
            "whether data must be given, and what follows if it is not",
        ),
    ),
    Item(
        "N13",
        "13(2)(f)",
        "14(2)(g)",
        None,
        Words(
            "geautomatiseerde besluiten en profilering, of dat er geen zijn",
            "les décisions automatisées et le profilage, ou leur absence",
            "automated decisions and profiling, or that there are none",
        ),
    ),
    Item(
        "N14",
        None,
        "14(2)(f)",
        None,
        Words(
            "waar de gegevens vandaan komen, en of de bron openbaar is",
            "la source des données, et si elle est publique",
            "where the data comes from, and whether the source is public",
        ),
    ),
    Item(
        "N15",
        "13(1)",
        "14(3)",
        None,
        Words(
            "op tijd: bij het verzamelen, of binnen een maand, bij het eerste contact of de eerste mededeling",
            "à temps : à la collecte, ou dans le mois, au premier contact ou à la première communication",
            "in time: at collection, or within a month, at first contact or first disclosure",
        ),
    ),
    Item(
        "N16",
        "13(3)",
        "14(4)",
        "new_purpose",
        Words("een nieuw doel, vooraf", "une nouvelle finalité, au préalable", "a new purpose, beforehand"),
    ),
    Item(
        "N17",
        "12(1)",
        "12(1)",
        None,
        Words(
            "klare taal in de taal van de lezer, met versie en datum",
            "un langage clair dans la langue du lecteur, avec version et date",
            "plain words in the reader's language, with version and date",
        ),
    ),
    Item(
        "N18",
        "21(4)",
        "21(4)",
        "objection",
        Words(
            "het recht van bezwaar, uitdrukkelijk en apart",
            "le droit d'opposition, explicitement et séparément",
            "the right to object, explicitly and apart",
        ),
    ),
    Item(
        "N19",
        "26(2)",
        "26(2)",
        "joint",
        Words(
            "de kern van de regeling met andere verantwoordelijken",
            "les grandes lignes de l'accord entre responsables conjoints",
            "the essence of the arrangement between joint controllers",
        ),
    ),
)

BY_CODE: Mapping[str, Item] = {item.code: item for item in CHECKLIST}

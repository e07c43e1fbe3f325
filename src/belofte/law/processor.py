"""What a contract with a processor must say (GDPR art. 28(2)-(4), (9)), item by item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from belofte.law.source import Source, Words

SOURCE = Source("GDPR art. 28(2), 28(3)(a)-(h), 28(4), 28(9); EDPB 07/2020")


@dataclass(frozen=True)
class Item:
    """One item of the contract: where the law asks it, and what it is."""

    article: str
    words: Words


ITEMS: Mapping[str, Item] = {
    "scope": Item(
        "28(3)",
        Words(
            "onderwerp, duur, aard en doel, soort gegevens, soorten personen, rechten en plichten van de opdrachtgever",
            "objet, durée, nature et finalité, type de données, catégories de personnes, droits et obligations",
            "subject matter, duration, nature and purpose, type of data, kinds of people, the controller's rights",
        ),
    ),
    "instructions": Item(
        "28(3)(a)",
        Words(
            "alleen op gedocumenteerde instructie, ook voor doorgifte",
            "uniquement sur instruction documentée, transferts compris",
            "on documented instructions only, transfers included",
        ),
    ),
    "confidentiality": Item(
        "28(3)(b)",
        Words(
            "geheimhouding van wie met de gegevens werkt",
            "confidentialité des personnes qui traitent les données",
            "confidentiality of the people who work with the data",
        ),
    ),
    "security": Item("28(3)(c)", Words("beveiliging (art. 32)", "sécurité (art. 32)", "security (art. 32)")),
    "sub-processors": Item(
        "28(3)(d)",
        Words(
            "voorwaarden voor andere verwerkers",
            "conditions pour recourir à un autre sous-traitant",
            "the conditions for engaging another processor",
        ),
    ),
    "rights": Item(
        "28(3)(e)",
        Words(
            "bijstand bij verzoeken van personen",
            "aide pour les demandes des personnes",
            "help with people's requests",
        ),
    ),
    "duties": Item(
        "28(3)(f)",
        Words(
            "bijstand bij beveiliging, inbreuken en effectbeoordeling (art. 32-36)",
            "aide pour la sécurité, les violations et l'analyse d'impact (art. 32-36)",
            "help with security, breaches and impact assessments (art. 32-36)",
        ),
    ),
    "deletion": Item(
        "28(3)(g)",
        Words(
            "wissen of teruggeven op het einde",
            "suppression ou restitution à la fin",
            "deletion or return at the end",
        ),
    ),
    "audit": Item(
        "28(3)(h)",
        Words(
            "informatie en medewerking aan controles",
            "informations et contribution aux audits",
            "information for, and contribution to, audits",
        ),
    ),
    "authorisation": Item(
        "28(2)",
        Words(
            "geen andere verwerker zonder toestemming vooraf",
            "aucun autre sous-traitant sans autorisation préalable",
            "no other processor without prior authorisation",
        ),
    ),
    "onward": Item(
        "28(4)",
        Words(
            "dezelfde plichten voor elke andere verwerker",
            "les mêmes obligations pour tout autre sous-traitant",
            "the same duties for every other processor",
        ),
    ),
    "writing": Item(
        "28(9)",
        Words("schriftelijk of elektronisch", "par écrit, également électronique", "in writing, or in electronic form"),
    ),
}
"""Every item, in the order of the letters; then those of the other paragraphs."""

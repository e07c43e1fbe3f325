"""What the record of processing (GDPR art. 30) calls its entries, in the three languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from belofte.law.source import Words


class Head(NamedTuple):
    """The head of an entry: the letter of art. 30 that asks for it ("" for what we add), and its words."""

    article: str
    words: Words

    def of(self, language: str) -> str:
        """Return the head in a language, with its letter."""
        return f"{self.words.of(language)} ({self.article})" if self.article else self.words.of(language)


WHO: Mapping[str, Head] = {
    "controller": Head("30(1)(a)", Words("verwerkingsverantwoordelijke", "responsable du traitement", "controller")),
    "number": Head("", Words("ondernemingsnummer", "numéro d’entreprise", "company number")),
    "contact": Head("30(1)(a)", Words("contactgegevens", "coordonnées", "contact details")),
    "representative": Head("30(1)(a)", Words("vertegenwoordiger", "représentant", "representative")),
    "joint": Head(
        "30(1)(a)",
        Words(
            "gezamenlijke verwerkingsverantwoordelijken", "responsables conjoints du traitement", "joint controllers"
        ),
    ),
    "officer": Head(
        "30(1)(a)",
        Words(
            "functionaris voor gegevensbescherming",
            "délégué à la protection des données",
            "data protection officer",
        ),
    ),
    "authority": Head("", Words("toezichthouder", "autorité de contrôle", "supervisory authority")),
    "version": Head("", Words("versie van het beleid", "version de la politique", "version of the policy")),
}
ACTIVITY: Mapping[str, Head] = {
    "id": Head("", Words("nummer", "numéro", "number")),
    "activity": Head("", Words("verwerkingsactiviteit", "activité de traitement", "processing activity")),
    "purpose": Head("30(1)(b)", Words("doel", "finalité", "purpose")),
    "basis": Head("", Words("rechtsgrond", "base juridique", "legal basis")),
    "people": Head("30(1)(c)", Words("betrokkenen", "personnes concernées", "data subjects")),
    "data": Head("30(1)(c)", Words("categorieën van gegevens", "catégories de données", "categories of data")),
    "special": Head(
        "",
        Words("bijzondere gegevens (art. 9, 10)", "données particulières (art. 9, 10)", "special data (art. 9, 10)"),
    ),
    "source": Head("", Words("herkomst", "source", "source")),
    "recipients": Head("30(1)(d)", Words("ontvangers", "destinataires", "recipients")),
    "transfers": Head(
        "30(1)(e)",
        Words("doorgifte buiten de EER", "transferts hors de l’EEE", "transfers outside the EEA"),
    ),
    "term": Head("30(1)(f)", Words("bewaartermijn", "délai d’effacement", "time limit for erasure")),
    "measures": Head("30(1)(g)", Words("beveiligingsmaatregelen", "mesures de sécurité", "security measures")),
    "stores": Head("", Words("systemen", "systèmes", "systems")),
    "departments": Head("", Words("afdelingen", "services internes", "departments")),
    "automated": Head(
        "",
        Words("geautomatiseerde besluiten", "décisions automatisées", "automated decisions"),
    ),
    "impact": Head(
        "", Words("effectbeoordeling (art. 35)", "analyse d’impact (art. 35)", "impact assessment (art. 35)")
    ),
}
PROCESSOR: Mapping[str, Head] = {
    "store": Head("", Words("systeem", "système", "system")),
    "controller": Head(
        "30(2)(a)",
        Words(
            "verwerkingsverantwoordelijke (opdrachtgever)", "responsable du traitement (client)", "controller (client)"
        ),
    ),
    "processor": Head("30(2)(a)", Words("verwerker", "sous-traitant", "processor")),
    "processing": Head(
        "30(2)(b)", Words("categorieën van verwerking", "catégories de traitements", "categories of processing")
    ),
    "transfers": Head(
        "30(2)(c)", Words("doorgifte buiten de EER", "transferts hors de l’EEE", "transfers outside the EEA")
    ),
    "measures": Head("30(2)(d)", Words("beveiligingsmaatregelen", "mesures de sécurité", "security measures")),
}
TITLES: Mapping[str, Words] = {
    "record": Words(
        "Register van de verwerkingsactiviteiten",
        "Registre des activités de traitement",
        "Record of processing activities",
    ),
    "who": Words("Wie verantwoordelijk is", "Qui est responsable", "Who is responsible"),
    "activities": Words("Als verantwoordelijke", "En tant que responsable", "As controller"),
    "processor": Words("Als verwerker", "En tant que sous-traitant", "As processor"),
    "recipients": Words("Ontvangers", "Destinataires", "Recipients"),
    "contents": Words("Inhoud", "Sommaire", "Contents"),
}
SAID: Mapping[str, Words] = {
    "none": Words("geen", "aucun", "none"),
    "within": Words(
        "geen: alles blijft in de EER", "aucun : tout reste dans l’EEE", "none: everything stays in the EEA"
    ),
    "unsaid": Words("NOG TE ZEGGEN", "À COMPLÉTER", "TO BE SAID"),
    "no-officer": Words("geen aangesteld", "aucun désigné", "none appointed"),
    "as-of": Words("Toestand op", "Situation au", "As of"),
    "processing": Words("bewaring en verwerking van", "conservation et traitement de", "storage and processing of"),
    "table": Words("tabel", "table", "table"),
    "due": Words("vereist", "requise", "due"),
    "not-due": Words("niet vereist volgens het beleid", "non requise selon la politique", "not due by the policy"),
    "unknown": Words("na te gaan", "à vérifier", "to be looked into"),
    "yes": Words("ja", "oui", "yes"),
    "profiling": Words("profilering", "profilage", "profiling"),
    "decision": Words("besluit zonder mens", "décision sans intervention humaine", "decision without a person"),
}
BASIS: Mapping[str, Words] = {
    "consent": Words("toestemming", "consentement", "consent"),
    "contract": Words("overeenkomst", "contrat", "contract"),
    "legal-obligation": Words("wettelijke verplichting", "obligation légale", "legal obligation"),
    "vital-interests": Words("vitale belangen", "intérêts vitaux", "vital interests"),
    "public-task": Words("taak van algemeen belang", "mission d’intérêt public", "public task"),
    "legitimate-interest": Words("gerechtvaardigd belang", "intérêt légitime", "legitimate interest"),
}
SOURCE: Mapping[str, Words] = {
    "provided": Words("door de betrokkene verstrekt", "fournies par la personne", "provided by the person"),
    "observed": Words("bij het gebruik waargenomen", "observées à l’usage", "observed in use"),
    "inferred": Words("afgeleid", "déduites", "inferred"),
    "third-party": Words("van derden verkregen", "obtenues de tiers", "obtained from others"),
}
ROLE: Mapping[str, Words] = {
    "processor": Words("verwerker", "sous-traitant", "processor"),
    "joint-controller": Words("gezamenlijk verantwoordelijke", "responsable conjoint", "joint controller"),
    "controller": Words("verwerkingsverantwoordelijke", "responsable du traitement", "controller"),
    "authority": Words("overheid", "autorité", "authority"),
    "group": Words("groepsvennootschap", "société du groupe", "group company"),
    "court": Words("gerecht", "juridiction", "court"),
    "professional": Words("beroepsbeoefenaar met geheimhouding", "professionnel tenu au secret", "professional"),
}

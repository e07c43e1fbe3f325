"""The heads of an impact assessment, a balancing test and attestations, in the three languages.

The order of the assessment is that of the EDPB's template, version 1.0 (adopted on 10 March 2026), as public accounts
give it; parts are numbered 0 to 6 there as here. The words are ours.
"""

from __future__ import annotations

from collections.abc import Mapping

from belofte.law.source import Words

PARTS: Mapping[str, Words] = {
    "0": Words("0. Overzicht van de verwerking", "0. Aperçu du traitement", "0. Overview of the processing"),
    "1": Words(
        "1. Stelselmatige beschrijving", "1. Description systématique", "1. Systematic description of the processing"
    ),
    "1.1": Words(
        "1.1 Gegevens, doelen en context", "1.1 Données, finalités et contexte", "1.1 Data, purposes, context"
    ),
    "1.2": Words("1.2 Hoe het verloopt", "1.2 Description fonctionnelle", "1.2 How it works"),
    "1.3": Words("1.3 Middelen en systemen", "1.3 Moyens et systèmes", "1.3 Means and systems"),
    "2": Words("2. Naleving", "2. Analyse de la conformité", "2. Analysis of compliance"),
    "3": Words("3. Noodzaak en evenredigheid", "3. Nécessité et proportionnalité", "3. Necessity and proportionality"),
    "4": Words("4. Risico’s en maatregelen", "4. Risques et mesures", "4. Risks and measures"),
    "5": Words("5. Advies en inspraak", "5. Avis et consultation", "5. Advice and views"),
    "6": Words("6. Besluit", "6. Conclusion et décision", "6. Conclusion and decision"),
}
FACTS: Mapping[str, Words] = {
    "controller": Words("verwerkingsverantwoordelijke", "responsable du traitement", "controller"),
    "processors": Words("verwerkers", "sous-traitants", "processors"),
    "name": Words("naam van de verwerking", "nom du traitement", "name of the processing"),
    "planning": Words("begin en einde", "début et fin", "start and end"),
    "team": Words("wie dit opstelde", "rédigé par", "who wrote this"),
    "reasons": Words("redenen (art. 35)", "motifs (art. 35)", "reasons (art. 35)"),
    "open": Words("nog na te gaan", "à vérifier encore", "still to be looked into"),
    "due": Words("effectbeoordeling", "analyse d’impact", "impact assessment"),
    "approved": Words("goedgekeurd op", "approuvé le", "approved on"),
    "data": Words("persoonsgegevens", "données à caractère personnel", "personal data"),
    "special": Words("bijzondere gegevens (art. 9, 10)", "données particulières", "special data (art. 9, 10)"),
    "people": Words("betrokkenen", "personnes concernées", "data subjects"),
    "number": Words("aantal personen", "nombre de personnes", "number of people"),
    "purpose": Words("doel", "finalité", "purpose"),
    "later": Words("later of verenigbaar gebruik", "usages ultérieurs ou compatibles", "later or compatible use"),
    "collected": Words("verzameld", "collecte", "collected"),
    "used": Words("gebruikt door", "utilisé par", "used by"),
    "shared": Words("gedeeld met", "partagé avec", "shared with"),
    "abroad": Words("buiten de EER", "hors de l’EEE", "outside the EEA"),
    "kept": Words("bewaard", "conservé", "kept"),
    "erased": Words("gewist", "effacé", "erased"),
    "systems": Words("systemen", "systèmes", "systems"),
    "basis": Words("rechtsgrond", "base juridique", "legal basis"),
    "balancing": Words("belangenafweging", "mise en balance", "balancing test"),
    "minimal": Words("minimale gegevensverwerking", "minimisation", "data minimisation"),
    "rights": Words("rechten van personen", "droits des personnes", "people’s rights"),
    "automated": Words("geautomatiseerde besluiten", "décisions automatisées", "automated decisions"),
    "security": Words("beveiliging", "sécurité", "security"),
    "necessary": Words("waarom het nodig is", "pourquoi c’est nécessaire", "why it is necessary"),
    "lighter": Words("overwogen lichtere middelen", "moyens moins intrusifs envisagés", "lighter means weighed"),
    "risk": Words("risico’s vóór maatregelen", "risques, avant mesures", "risks for people, before measures"),
    "plan": Words(
        "bijkomende maatregelen, wie en wanneer",
        "mesures supplémentaires, qui et quand",
        "further measures, by whom and when",
    ),
    "residual": Words("risico dat overblijft", "risque résiduel", "risk that remains"),
    "officer": Words("advies van de functionaris", "avis du délégué", "advice of the officer"),
    "views": Words("mening van betrokkenen", "avis des personnes concernées", "views of the people concerned"),
    "decision": Words(
        "besluit: ja, ja mits, neen, of naar de autoriteit (art. 36)",
        "décision : oui, oui si, non, ou saisine (art. 36)",
        "decision: yes, yes if, no, or to the authority (art. 36)",
    ),
    "review": Words("wordt herzien op", "à revoir le", "to be reviewed on"),
    "interest": Words("het belang", "l’intérêt", "the interest"),
    "weighed": Words("de afweging", "la mise en balance", "the balance"),
    "expects": Words("wat mensen mogen verwachten", "attentes raisonnables", "what people may expect"),
    "safeguards": Words("waarborgen", "garanties", "safeguards"),
    "object": Words("bezwaar", "opposition", "objection"),
    "outcome": Words("uitkomst", "résultat", "outcome"),
    "who": Words("door wie, en wanneer", "par qui, et quand", "by whom, and when"),
    "sentence": Words("zin van het beleid", "phrase de la politique", "sentence of the policy"),
    "owner": Words("wie ervoor instaat", "qui s’en porte garant", "who vouches for it"),
    "evidence": Words("bewijsstuk", "pièce justificative", "evidence"),
    "digest": Words("SHA-256 van het stuk", "SHA-256 de la pièce", "SHA-256 of the file"),
    "expires": Words("geldt tot", "valable jusqu’au", "counts until"),
    "state": Words("toestand", "état", "state"),
}  # fmt: skip
TITLES: Mapping[str, Words] = {
    "impact": Words("Gegevensbeschermingseffectbeoordeling", "Analyse d’impact", "Data protection impact assessment"),
    "balancing": Words("Belangenafweging", "Mise en balance des intérêts", "Balancing test"),
    "attestations": Words("Verklaringen bij het beleid", "Attestations", "Attestations"),
}
SAID: Mapping[str, Words] = {
    "gap": Words("[in te vullen]", "[à compléter]", "[to be filled in]"),
    "due": Words("vereist", "requise", "due"),
    "not-due": Words("niet vereist", "non requise", "not due"),
    "unknown": Words("kan nog niet gezegd worden", "ne peut encore être dit", "cannot be told yet"),
    "none": Words("geen", "aucun", "none"),
    "not-counted": Words("niet geteld", "non compté", "not counted"),
    "by-view": Words(
        "elke lezer ziet alleen wat dit doel nodig heeft; wat niets rechtvaardigt, wordt gewist",
        "chaque lecteur ne voit que ce qu’exige cette finalité; ce que rien ne justifie est effacé",
        "each reader sees only what this purpose needs; what nothing justifies is erased",
    ),
    "objection-always": Words(
        "wie bezwaar maakt, wordt niet meer benaderd", "une opposition suffit toujours", "an objection always wins"
    ),
    "objection-weighed": Words(
        "wordt afgewogen; tot dan ligt het gebruik stil",
        "pesée au cas par cas; l’usage est suspendu",
        "weighed case by case; use is suspended until then",
    ),
    "valid": Words("geldt", "valable", "counts"),
    "expired": Words("vervallen: opnieuw te verklaren", "expirée : à renouveler", "expired: to be attested again"),
    "changed": Words(
        "het stuk is gewijzigd of weg: opnieuw te verklaren",
        "pièce modifiée ou absente : à renouveler",
        "the file was changed or is gone: to be attested again",
    ),
}

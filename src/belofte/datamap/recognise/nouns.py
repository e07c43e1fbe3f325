# ruff: noqa: SIM905, E501 (word lists read best as words)
"""What a table's name says that its rows are: people, organisations, dealings with people, or things (nl, fr, en, de)."""

from __future__ import annotations

from typing import Literal

from belofte.datamap.recognise.words import stems, subject

Sort = Literal["person", "organisation", "dealing", "thing", "unknown"]

PEOPLE: dict[str, str] = {
    word: kind
    for kind, spelled in {
        "customer": "customer client klant kunde cliente acheteur koper buyer shopper consumer consument verbraucher "
        "clientele",
        "employee": "employee staff personeel medewerker werknemer bediende arbeider personnel salarie employe "
        "mitarbeiter angestellter beschaftigter worker salesperson technician",
        "applicant": "applicant candidate sollicitant kandidaat candidat bewerber kandidat",
        "supplier_contact": "freelancer contractor",
        "contact": "contact contactpersoon contactperson ansprechpartner kontakt interlocuteur contactpersonen",
        "user": "user gebruiker utilisateur benutzer account member lid leden membre mitglied subscriber abonnee abonne "
        "abonnent customeruser login loyalty",
        "visitor": "visitor bezoeker visiteur besucher guest gast",
        "patient": "patient patienten",
        "student": "student pupil leerling etudiant eleve schuler studerende",
        "wearer": "wearer drager porteur",
        "person": "person people persoon personen personne mensch individual human citizen burger burgerservice citoyen "
        "burgerin passenger passagier passager tenant huurder locataire mieter driver bestuurder chauffeur conducteur "
        "fahrer owner eigenaar proprietaire lead prospect relatie participant deelnemer donor donateur spender "
        "volunteer vrijwilliger child kind kinderen enfant parent ouder actor author auteur autor teacher leraar "
        "enseignant lehrer doctor arts medecin arzt beneficiary begunstigde recipient ontvanger artist",
    }.items()
    for word in spelled.split()
}
"""Words for people → the kind of people; weaker ones (artist, account) are left to the columns to confirm."""

FAINT = frozenset({"account", "login", "loyalty", "artist", "owner", "lead", "relatie", "recipient", "kind", "parent",
                   "user", "contact", "clientele", "child"})  # fmt: skip
"""Words that are people only where the columns say so too: an account may be a bank's, a parent a tree's."""

ORGANISATIONS = frozenset(
    "company firm firma bedrijf onderneming societe entreprise unternehmen organisation organization organisatie "
    "supplier leverancier fournisseur lieferant vendor shipper carrier vervoerder transporteur store shop winkel "
    "magasin filiale filiaal branch agency agence agentschap school bank partner manufacturer fabrikant fabricant "
    "warehouse magazijn entrepot hotel hospital department afdeling departement abteilung office kantoor bureau site "
    "vestiging etablissement dealer brand merk marque".split()
)

DEALINGS = frozenset(
    "order orders bestelling commande bestellung invoice factuur facture rechnung payment betaling paiement zahlung "
    "rental verhuur location call gesprek appel anruf message bericht nachricht mail visit bezoek visite besuch "
    "login session sessie sitzung request aanvraag demande anfrage ticket complaint klacht plainte beschwerde "
    "subscription abonnement contract contrat vertrag booking reservation reservatie buchung review beoordeling avis "
    "comment note notitie appointment afspraak rendezvous termin delivery levering livraison lieferung claim log "
    "event activity activiteit transaction transactie card kaart carte karte cart basket mandje panier interaction "
    "consent toestemming consentement einwilligung measurement opmeting dossier case file registration inschrijving "
    "inscription anmeldung quote offerte devis angebot return retour purchase aankoop achat kauf survey enquete "
    "newsletter nieuwsbrief line regel ligne address adres adresse anschrift bankaccount post chat document "
    "absence afwezigheid sickness ziekte leave verlof conge payroll loon salaire lohn evaluation".split()
)

THINGS = frozenset(
    "product artikel article item film movie city stad ville stadt country land pays state region regio category "
    "categorie kategorie genre language taal langue sprache status type soort sorte album track playlist media "
    "inventory stock voorraad territory gebied demographic demo color colour kleur couleur size maat taille price "
    "prijs prix preis currency munt devise unit eenheid tag label config configuration setting parameter migration "
    "version translation vertaling role rol permission feature template sjabloon report rapport page pagina asset "
    "job task queue holiday zip postcode province provincie test audit actorfilm course cursus cours kurs project "
    "vehicle voertuig vehicule fahrzeug machine tool device plan service tax btw tva discount korting rate tarief "
    "material materiaal fabric stof".split()
)


PURCHASES = frozenset(
    "order invoice payment rental purchase sale quote bestelling factuur betaling offerte commande facture paiement "
    "bestellung rechnung zahlung".split()
)
"""Dealings that are purchases."""
LOGS = frozenset(
    "login visit session click pageview logon log event activity interaction bezoek visite besuch sitzung aanmelding "
    "connexion".split()
)
"""Dealings that only say that somebody did something, and when."""
_LINES = frozenset(["item", "items", "line", "lines", "regel", "regels", "ligne", "lignes", "position", "positionen"])
"""Words for parts: an order's item is a dealing like the order."""


def sort(table: str) -> Sort:
    """Return what a table's name says that its rows are; the last word decides, in French names the first as well."""
    found = subject(table)
    while len(found) > 1 and found[-1] in _LINES:
        found = found[:-1]
    if not found:
        return "unknown"
    for word in (found[-1], found[0]) if len(found) > 1 and found[0] not in PEOPLE else (found[-1],):
        forms = stems(word)
        if forms & PEOPLE.keys():
            return "person"
        if forms & ORGANISATIONS:
            return "organisation"
        if forms & DEALINGS:
            return "dealing"
        if forms & THINGS:
            return "thing"
    return "unknown"


def kind(table: str) -> tuple[str, str] | None:
    """Return (kind of people, the word that says so) when the table's name is a word for people, else None."""
    found = subject(table)
    if not found:
        return None
    for form in sorted(stems(found[-1]), key=len, reverse=True):
        if form in PEOPLE:
            return PEOPLE[form], form
    if len(found) > 1 and sort(table) == "person":
        for form in sorted(stems(found[0]), key=len, reverse=True):
            if form in PEOPLE:
                return PEOPLE[form], form
    return None

"""Supervisory authorities (GDPR art. 51, 77): how people reach them, and how a complaint is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from belofte.law.source import Source, Words


@dataclass(frozen=True)
class Authority:
    """A supervisory authority: names, address and complaint procedure in words, contacts, and where that was read."""

    id: str
    country: str
    name: Words
    address: Words
    phone: str
    email: str | None
    url: Words
    complaint_url: Words
    procedure: Words
    source: Source
    former: tuple[str, ...] = ()
    """Contacts that once held and no longer do; a notice that gives one is out of date."""
    number: str | None = None

    def block(self, language: str) -> tuple[str, ...]:
        """Return the lines of a notice or letter that say where one can complain."""
        lines = (
            self.name.of(language),
            self.address.of(language),
            self.phone,
            self.email,
            self.complaint_url.of(language),
            self.procedure.of(language),
        )
        return tuple(line for line in lines if line)


AUTHORITIES: Mapping[str, Authority] = {
    entry.id: entry
    for entry in (
        Authority(
            id="be-apd",
            country="BE",
            name=Words(
                "Gegevensbeschermingsautoriteit",
                "Autorité de protection des données",
                "Data Protection Authority (Belgium)",
            ),
            address=Words(
                "Drukpersstraat 35, 1000 Brussel",
                "Rue de la Presse 35, 1000 Bruxelles",
                "Rue de la Presse 35, 1000 Brussels",
            ),
            phone="+32 2 274 48 00",
            email="contact@apd-gba.be",
            url=Words(
                "https://www.gegevensbeschermingsautoriteit.be",
                "https://www.autoriteprotectiondonnees.be",
                "https://www.dataprotectionauthority.be",
            ),
            complaint_url=Words(
                "https://www.gegevensbeschermingsautoriteit.be/burger/acties/klacht-indienen",
                "https://www.autoriteprotectiondonnees.be",
                "https://www.dataprotectionauthority.be",
            ),
            procedure=Words(
                "Dien uw klacht in met het gedateerde en ondertekende formulier (Nederlands, Frans of Duits), online "
                "of per post. Gaat ze over uw rechten, bewijs dan dat u ze eerst bij ons uitoefende. U kunt ook "
                "bemiddeling vragen.",
                "Introduisez la plainte au moyen du formulaire daté et signé (français, néerlandais ou allemand), en "
                "ligne ou par la poste. Si elle porte sur vos droits, joignez la preuve que vous les avez d'abord "
                "exercés auprès de nous. Vous pouvez aussi demander une médiation.",
                "File the complaint on the dated and signed form (Dutch, French or German), online or by post. If it "
                "is about your rights, prove that you exercised them with us first. You may also ask for mediation.",
            ),
            source=Source(
                "the authority's privacy statement (address, phone); GDPRhub (e-mail, 2020); LAW 2.8", date(2026, 11, 1)
            ),
            former=(
                "commission@privacycommission.be",
                "info@privacycommission.be",
                "privacycommission.be",
                "Drukpersstraat 15",
            ),
            number="0694.679.950",
        ),
        Authority(
            id="nl-ap",
            country="NL",
            name=Words(
                "Autoriteit Persoonsgegevens",
                "Autorité néerlandaise de protection des données",
                "Dutch Data Protection Authority",
            ),
            address=Words(*["Postbus 93374, 2509 AJ Den Haag"] * 3),
            phone="+31 88 180 52 50",
            email=None,
            url=Words(*["https://www.autoriteitpersoonsgegevens.nl"] * 3),
            complaint_url=Words(*["https://www.autoriteitpersoonsgegevens.nl"] * 3),
            procedure=Words(
                "Dien de klacht in op de website of per brief. Vraag eerst ons om een oplossing.",
                "Introduisez la plainte sur le site ou par courrier. Demandez-nous d'abord une solution.",
                "File the complaint on the website or by letter. Ask us for a solution first.",
            ),
            source=Source("the authority's complaint pages; phone from memory", memory=True),
        ),
        Authority(
            id="fr-cnil",
            country="FR",
            name=Words(*["Commission nationale de l'informatique et des libertés (CNIL)"] * 3),
            address=Words(*["3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07"] * 3),
            phone="+33 1 53 73 22 22",
            email=None,
            url=Words(*["https://www.cnil.fr"] * 3),
            complaint_url=Words(*["https://www.cnil.fr/fr/plaintes"] * 3),
            procedure=Words(
                "Dien de klacht online of per post in, nadat u zich eerst tot ons hebt gewend.",
                "Introduisez la plainte en ligne ou par courrier, après vous être d'abord adressé à nous.",
                "File the complaint online or by post, after turning to us first.",
            ),
            source=Source("from memory", memory=True),
        ),
        Authority(
            id="lu-cnpd",
            country="LU",
            name=Words(*["Commission nationale pour la protection des données (CNPD)"] * 3),
            address=Words(*["15, boulevard du Jazz, L-4370 Belvaux"] * 3),
            phone="+352 26 10 60 1",
            email=None,
            url=Words(*["https://cnpd.public.lu"] * 3),
            complaint_url=Words(*["https://cnpd.public.lu"] * 3),
            procedure=Words(
                "Dien de klacht online of per post in.",
                "Introduisez la plainte en ligne ou par courrier.",
                "File the complaint online or by post.",
            ),
            source=Source("from memory", memory=True),
        ),
    )
}


def authority(id_: str) -> Authority:
    """Return the authority with this id (`be-apd`). Raises `ValueError` when there is none."""
    found = AUTHORITIES.get(id_)
    if found is None:
        raise ValueError(f"unknown supervisory authority `{id_}`; known are {', '.join(sorted(AUTHORITIES))}")
    return found


def outdated(
    id_: str, *, address: str | None = None, email: str | None = None, phone: str | None = None, url: str | None = None
) -> tuple[str, ...]:
    """Return which of the given contacts are not those of the authority: names among address, email, phone, url.

    What is not given is not judged. Written forms may differ in spaces, capitals and punctuation.
    """
    entry = authority(id_)
    wrong = []
    if address is not None and not any(_letters(part) in _letters(address) for part in _streets(entry)):
        wrong.append("address")
    if email is not None and (entry.email is None or email.strip().casefold() != entry.email):
        wrong.append("email")
    if phone is not None and _digits(phone) != _digits(entry.phone):
        wrong.append("phone")
    if url is not None and _host(url) not in {_host(known) for known in (*entry.url, *entry.complaint_url)}:
        wrong.append("url")
    return tuple(wrong)


def _streets(entry: Authority) -> set[str]:
    return {line.rsplit(", ", 1)[0] for line in entry.address}


def _letters(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip() + " "


def _digits(phone: str) -> str:
    digits = re.sub(r"\D", "", phone.replace("(0)", ""))
    return re.sub(r"^(00)?(32|31|33|352)?0?", "", digits)


def _host(url: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", url.strip().casefold()).split("/", 1)[0]

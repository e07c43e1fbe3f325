"""A personal data breach (GDPR art. 33, 34; LAW 2.12): what must be done, by whom, by when.

Unknown risk is not low risk: until it is known the register is kept, the clock runs, and the outcome is undetermined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from belofte.law.deadline import breach_due
from belofte.law.source import EU_GDPR, Source, Words

SOURCE = Source("GDPR art. 33, 34; EDPB 9/2022; Reg. (EEC, Euratom) 1182/71; LAW 2.12")

Risk = Literal["unlikely", "risk", "high"]


@dataclass(frozen=True)
class Incident:
    """What is known of a security incident. None is unknown."""

    personal_data: bool | None
    processor: bool = False
    """We are processor for the data concerned."""
    aware: datetime | None = None
    """When the controller was reasonably certain; with a time zone."""
    risk: Risk | None = None
    unintelligible: bool | None = None
    """The data was encrypted or otherwise unreadable to whoever got it (34(3)(a))."""
    risk_removed: bool | None = None
    """Later measures made the high risk unlikely (34(3)(b))."""
    disproportionate: bool | None = None
    """Telling each person would be disproportionate: then a public notice (34(3)(c))."""


@dataclass(frozen=True)
class Duty:
    """Something to be done: its step, article, words, and until when (UTC; None: without undue delay)."""

    code: str
    article: str
    words: Words
    due: datetime | None = None
    dpv: str | None = None


def duties(incident: Incident) -> tuple[Duty, ...]:
    """Return what the incident asks for, in order; `B?` stands for what is still to be found out."""
    if incident.personal_data is False:
        return (_duty("B0"),)
    if incident.personal_data is None:
        return (_duty("B?"),)
    if incident.processor:
        return (_duty("B1"), _duty("B6"))
    due = breach_due(incident.aware) if incident.aware else None
    if incident.risk is None:
        return (_duty("B2", due), _duty("B?", due), _duty("B6"))
    if incident.risk == "unlikely":
        return (_duty("B3"), _duty("B6"))
    told = _to_people(incident) if incident.risk == "high" else ()
    return (_duty("B4", due), *told, _duty("B6"))


def is_late(incident: Incident, notified: datetime) -> bool | None:
    """Return whether a notification was later than 72 hours after awareness; then it must say why (33(1))."""
    if incident.aware is None:
        return None
    return notified.astimezone(UTC) > breach_due(incident.aware)


def _to_people(incident: Incident) -> tuple[Duty, ...]:
    if incident.unintelligible or incident.risk_removed:
        return (_duty("B5x"),)
    return (_duty("B5p" if incident.disproportionate else "B5"),)


def _duty(code: str, due: datetime | None = None) -> Duty:
    article, dpv, words = STEPS[code]
    return Duty(code, article, words, due, f"{EU_GDPR}{dpv}" if dpv else None)


STEPS: Mapping[str, tuple[str, str | None, Words]] = {
    "B0": (
        "33(1)",
        "BreachNotificationNotNeeded",
        Words(
            "Geen persoonsgegevens: alleen noteren.",
            "Pas de données personnelles : consigner seulement.",
            "No personal data: log it only.",
        ),
    ),
    "B1": (
        "33(2)",
        "ProcessorBreachNotice",
        Words(
            "Meld het zonder uitstel aan de verantwoordelijke.",
            "Avertissez le responsable du traitement sans délai.",
            "Tell the controller without undue delay.",
        ),
    ),
    "B2": (
        "33(1)",
        "DPABreachNotificationNeeded",
        Words(
            "De 72 uur lopen. Onderzoek het risico.",
            "Les 72 heures courent. Évaluez le risque.",
            "The 72 hours are running. Assess the risk.",
        ),
    ),
    "B3": (
        "33(1), 33(5)",
        "JustificationA33RiskUnlikely",
        Words(
            "Een risico is onwaarschijnlijk: geen melding, wel de redenen in het register.",
            "Un risque est peu probable : pas de notification, mais les motifs au registre.",
            "A risk is unlikely: no notification, but the reasons go in the register.",
        ),
    ),
    "B4": (
        "33(1), 33(3), 33(4)",
        "DPABreachNotice",
        Words(
            "Meld aan de autoriteit; wat nog ontbreekt, mag later. Na 72 uur: met de redenen van de vertraging.",
            "Notifiez l'autorité ; le reste peut suivre. Après 72 heures : avec les motifs du retard.",
            "Notify the authority; what is missing may follow. After 72 hours: with the reasons for the delay.",
        ),
    ),
    "B5": (
        "34(1), 34(2)",
        "DataSubjectBreachNotice",
        Words(
            "Vertel het zonder uitstel aan de betrokkenen, in klare taal.",
            "Informez sans délai les personnes concernées, en termes clairs.",
            "Tell the people concerned without undue delay, in plain words.",
        ),
    ),
    "B5p": (
        "34(3)(c)",
        "JustificationA33DisproportionateEffort",
        Words("Doe een openbare mededeling.", "Faites une communication publique.", "Make a public communication."),
    ),
    "B5x": (
        "34(3)(a)-(b)",
        "JustificationA33RiskMitigated",
        Words(
            "De betrokkenen hoeven geen bericht: de gegevens zijn onleesbaar of het hoge risico is weggenomen.",
            "Pas d'information individuelle : données illisibles ou risque élevé écarté.",
            "The people need not be told: the data is unreadable, or the high risk was removed.",
        ),
    ),
    "B6": (
        "33(5)",
        "DataBreachRegister",
        Words(
            "Schrijf feiten, gevolgen en maatregelen in het register.",
            "Inscrivez les faits, les effets et les mesures au registre.",
            "Enter facts, effects and remedial action in the register.",
        ),
    ),
    "B?": (
        "33(1)",
        None,
        Words(
            "Nog niet bekend: of het persoonsgegevens betreft, of hoe groot het risico is.",
            "Pas encore établi : s'il s'agit de données personnelles, ou l'ampleur du risque.",
            "Not known yet: whether personal data is concerned, or how large the risk is.",
        ),
    ),
}

"""When an impact assessment (GDPR art. 35) or a data protection officer (art. 37) is due (LAW 2.13)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from belofte.law.source import Source, Words

SOURCE = Source("GDPR art. 35(3), 37(1); WP248 rev.01; GBA list, BS 22 March 2019; LAW 2.13")
GBA_LIST_SOURCE = Source("GBA list under art. 35(4), BS 22 March 2019, in force 1 April 2019", date(2026, 11, 1))


Code = Literal[
    "profiling-effect", "special-large-scale", "public-monitoring",
    "gba-1", "gba-2", "gba-3", "gba-4", "gba-5", "gba-6", "gba-7", "gba-8",
    "scoring", "automated-effect", "monitoring", "sensitive", "large-scale", "matching", "vulnerable", "new-technology",
    "blocks-right",
]  # fmt: skip
"""The codes of `TRIGGERS`."""


@dataclass(frozen=True)
class Trigger:
    """A reason for an impact assessment: where it stands, whether it suffices alone, words."""

    code: str
    article: str
    alone: bool
    words: Words


@dataclass(frozen=True)
class Assessment:
    """Whether an impact assessment is due (None: unknown), which triggers decide it, which are still unknown."""

    due: bool | None
    triggers: tuple[Trigger, ...]
    unknown: tuple[Trigger, ...]


def assessment(facts: Mapping[str, bool | None]) -> Assessment:
    """Return whether an impact assessment is due: one trigger that suffices alone, or two of WP248's nine.

    `facts` says per code of `TRIGGERS` whether it holds; absent is no, None is unknown.
    Raises `ValueError` for an unknown code.
    """
    strange = sorted(set(facts) - TRIGGERS.keys())
    if strange:
        raise ValueError(f"unknown trigger `{strange[0]}`; known are {', '.join(TRIGGERS)}")
    sure = tuple(trigger for code, trigger in TRIGGERS.items() if facts.get(code, False))
    unknown = tuple(trigger for code, trigger in TRIGGERS.items() if facts.get(code, False) is None)
    if _suffices(sure):
        return Assessment(True, sure, unknown)
    return Assessment(None if _suffices((*sure, *unknown)) else False, sure, unknown)


def officer_due(
    *, public_body: bool | None, core_monitoring: bool | None, core_special: bool | None
) -> tuple[bool | None, str]:
    """Return whether a data protection officer is mandatory, with the article (37(1)(a)-(c)); None is unknown.

    `core_monitoring`: core activities are regular and systematic monitoring on a large scale. `core_special`: core
    activities are large-scale processing of special categories or offences.
    """
    cases = (("37(1)(a)", public_body), ("37(1)(b)", core_monitoring), ("37(1)(c)", core_special))
    for article, holds in cases:
        if holds:
            return True, article
    return (None if any(holds is None for _, holds in cases) else False), "37(1)"


def _suffices(triggers: Collection[Trigger]) -> bool:
    return any(trigger.alone for trigger in triggers) or len(triggers) >= 2


_LAW = {
    "profiling-effect": (
        "35(3)(a)",
        Words(
            "stelselmatige, uitgebreide profilering met aanzienlijke gevolgen",
            "profilage systématique et approfondi aux effets significatifs",
            "systematic, extensive profiling with significant effect",
        ),
    ),
    "special-large-scale": (
        "35(3)(b)",
        Words(
            "bijzondere categorieën of strafbare feiten op grote schaal",
            "catégories particulières ou infractions à grande échelle",
            "special categories or offences on a large scale",
        ),
    ),
    "public-monitoring": (
        "35(3)(c)",
        Words(
            "stelselmatige bewaking van openbare ruimten op grote schaal",
            "surveillance systématique de zones publiques à grande échelle",
            "systematic monitoring of public areas on a large scale",
        ),
    ),
}
_GBA = (
    Words("biometrie in openbare plaatsen", "biométrie dans des lieux publics", "biometrics in public places"),
    Words(
        "gegevens van derden om een overeenkomst te weigeren",
        "données de tiers pour refuser un contrat",
        "third-party data for refusing a contract",
    ),
    Words("gegevens van medische implantaten", "données d'implants médicaux", "data of health implants"),
    Words(
        "gegevens van derden op grote schaal om gedrag of voorkeuren te voorspellen",
        "données de tiers à grande échelle pour prédire comportements ou préférences",
        "third-party data on a large scale to predict behaviour or preferences",
    ),
    Words(
        "stelselmatige uitwisseling van bijzondere gegevens tussen verantwoordelijken",
        "échange systématique de données particulières entre responsables",
        "systematic exchange of special data between controllers",
    ),
    Words(
        "sensoren op grote schaal om te profileren",
        "capteurs à grande échelle pour profiler",
        "sensors on a large scale to profile",
    ),
    Words(
        "telefonie-, internet- of locatiegegevens op grote schaal",
        "métadonnées de téléphonie, d'internet ou de localisation à grande échelle",
        "telephony, internet or location metadata on a large scale",
    ),
    Words(
        "gedrag op grote schaal observeren of beïnvloeden, ook voor reclame",
        "observer ou influencer le comportement à grande échelle, y compris pour la publicité",
        "observing or influencing behaviour on a large scale, advertising included",
    ),
)
_WP248 = {
    "scoring": Words("beoordelen of scoren", "évaluation ou notation", "evaluation or scoring"),
    "automated-effect": Words(
        "geautomatiseerd besluit met gevolgen", "décision automatisée à effet", "automated decision with effect"
    ),
    "monitoring": Words("stelselmatig volgen", "surveillance systématique", "systematic monitoring"),
    "sensitive": Words("gevoelige gegevens", "données sensibles", "sensitive data"),
    "large-scale": Words("grote schaal", "grande échelle", "large scale"),
    "matching": Words("gegevenssets samenvoegen", "croisement de données", "matching of data sets"),
    "vulnerable": Words("kwetsbare personen", "personnes vulnérables", "vulnerable people"),
    "new-technology": Words("nieuwe technologie", "technologie nouvelle", "new technology"),
    "blocks-right": Words("belet een recht of dienst", "empêche un droit ou un service", "blocks a right or service"),
}

TRIGGERS: Mapping[str, Trigger] = {
    **{code: Trigger(code, article, True, words) for code, (article, words) in _LAW.items()},
    **{f"gba-{n}": Trigger(f"gba-{n}", f"35(4), GBA list {n}", True, words) for n, words in enumerate(_GBA, 1)},
    **{code: Trigger(code, "35(1), WP248", False, words) for code, words in _WP248.items()},
}

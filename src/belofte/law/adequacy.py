"""Transfers outside the EEA (GDPR ch. V; LAW 2.11): where data may go, and on what ground; the first that matches.

Remote access from a third country is a transfer too (EDPB 05/2021).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from belofte.law.source import AS_OF, EU_GDPR, Source, Words

SOURCE = Source("GDPR art. 44-49; Commission adequacy decisions; C-311/18; LAW 2.11")

EEA: frozenset[str] = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
EEA_SOURCE = Source("EEA Agreement: the 27 Member States, Iceland, Liechtenstein and Norway")


@dataclass(frozen=True)
class Adequacy:
    """An adequacy decision (art. 45(3)): country, decision, from when until when, and what it is limited to."""

    country: str
    decision: str
    since: date
    until: date | None = None
    certified_only: bool = False
    """Only for organisations that are certified (US: Data Privacy Framework)."""
    limited_to: str | None = None
    memory: bool = True


DECISIONS: tuple[Adequacy, ...] = (
    Adequacy("AD", "2010/625/EU", date(2010, 10, 19)),
    Adequacy("AR", "2003/490/EC", date(2003, 6, 30)),
    Adequacy("BR", "(EU) 2026/179", date(2026, 1, 26), memory=False),
    Adequacy("CA", "2002/2/EC", date(2001, 12, 20), limited_to="organisations under PIPEDA"),
    Adequacy("CH", "2000/518/EC", date(2000, 7, 26)),
    Adequacy("EPO", "(EU) 2025/1382", date(2025, 7, 15)),
    Adequacy("FO", "2010/146/EU", date(2010, 3, 5)),
    Adequacy("GB", "(EU) 2021/1772", date(2021, 6, 28), date(2031, 12, 27)),  # renewed on 19 December 2025
    Adequacy("GG", "2003/821/EC", date(2003, 11, 21)),
    Adequacy("IL", "2011/61/EU", date(2011, 1, 31)),
    Adequacy("IM", "2004/411/EC", date(2004, 4, 28)),
    Adequacy("JE", "2008/393/EC", date(2008, 5, 8)),
    Adequacy("JP", "(EU) 2019/419", date(2019, 1, 23)),
    Adequacy("KR", "(EU) 2022/254", date(2021, 12, 17)),
    Adequacy("NZ", "2013/65/EU", date(2012, 12, 19)),
    Adequacy("US", "(EU) 2023/1795", date(2023, 7, 10), certified_only=True),
    Adequacy("UY", "2012/484/EU", date(2012, 8, 21)),
)


@dataclass(frozen=True)
class Safeguards:
    """What a company declares for a transfer.

    `ground` is one of `adequacy`, `scc`, `bcr`, `code`, `certification`, `public-body`, `ad-hoc`, `art49-1-a` …
    `art49-1-g`, `art49-2`, or None. None in the others is unknown, and never counts as a yes.
    """

    ground: str | None = None
    certified: bool | None = None
    """The recipient is certified where the adequacy decision asks it."""
    module: int | None = None
    assessment: bool | None = None
    """The law of the country was assessed for this transfer (C-311/18, EDPB 01/2020)."""
    authorised: bool | None = None
    """The authority authorised the clauses (46(3))."""


@dataclass(frozen=True)
class Ground:
    """The ground found: its code, whether it permits the transfer, article, DPV term, and what is still missing."""

    code: str
    permitted: bool
    article: str
    dpv: str | None
    words: Words
    missing: tuple[str, ...] = ()


def is_eea(country: str) -> bool:
    """Return whether `country` (ISO 3166-1, two capitals) is in the European Economic Area: no transfer at all."""
    return country in EEA


def adequacy(country: str, on: date = AS_OF) -> Adequacy | None:
    """Return the adequacy decision for `country` in force on that day; `EPO` is the European Patent Organisation."""
    for decision in DECISIONS:
        in_force = decision.since <= on and (decision.until is None or on <= decision.until)
        if decision.country == country and in_force:
            return decision
    return None


def ground(country: str, declared: Safeguards | None = None, on: date = AS_OF) -> Ground:
    """Return the first ground on which data may go to `country`, or `block` with what is missing.

    Order: EEA, adequacy (45), appropriate safeguards (46(2), 47), authorised ones (46(3)), derogations (49).
    """
    declared = declared or Safeguards()
    if is_eea(country):
        return _found("eea")
    decision = adequacy(country, on)
    if decision is not None and (not decision.certified_only or declared.certified is True):
        return _found("adequacy")
    code = declared.ground
    if code is None or code in NOT_DECLARED or code not in GROUNDS:
        uncertified = decision is not None and decision.certified_only
        return _found("block", missing=("certified",) if uncertified else ("ground",))
    return _found(code, missing=tuple(name for name in GROUNDS[code].needs if not _given(declared, name)))


def _given(declared: Safeguards, name: str) -> bool:
    if name == "module":
        return declared.module in {1, 2, 3, 4}
    return bool(getattr(declared, name))


def _found(code: str, missing: tuple[str, ...] = ()) -> Ground:
    entry = GROUNDS[code]
    permitted = code != "block" and not missing
    iri = f"{EU_GDPR}{entry.dpv}" if entry.dpv else None
    return Ground(code, permitted, entry.article, iri, entry.words, missing)


@dataclass(frozen=True)
class Entry:
    """A ground of chapter V: article, DPV term, words, and what of `Safeguards` it needs."""

    article: str
    dpv: str | None
    words: Words
    needs: tuple[str, ...] = ()


_DEROGATION = {
    "art49-1-a": ("uitdrukkelijke toestemming", "consentement explicite", "explicit consent, told of the risks"),
    "art49-1-b": ("overeenkomst met de persoon", "contrat avec la personne", "a contract with the person"),
    "art49-1-c": ("overeenkomst in haar belang", "contrat dans son intérêt", "a contract in the person's interest"),
    "art49-1-d": ("algemeen belang", "intérêt public", "important public interest"),
    "art49-1-e": ("rechtsvordering", "action en justice", "legal claims"),
    "art49-1-f": ("vitale belangen", "intérêts vitaux", "vital interests"),
    "art49-1-g": ("openbaar register", "registre public", "a public register"),
    "art49-2": (
        "dwingende belangen: eenmalig, weinig personen, gemeld aan autoriteit en persoon",
        "intérêts impérieux : non répétitif, peu de personnes, autorité et personne informées",
        "compelling interests: not repetitive, few people, authority and person told",
    ),
}

NOT_DECLARED = frozenset({"eea", "adequacy", "block"})
"""What follows from the country and the day; declaring it makes nothing true."""

GROUNDS: Mapping[str, Entry] = {
    "eea": Entry("44", None, Words("binnen de EER", "au sein de l'EEE", "within the EEA")),
    "adequacy": Entry("45", "A45-3", Words("adequaatheidsbesluit", "décision d'adéquation", "adequacy decision")),
    "public-body": Entry(
        "46(2)(a)",
        "A46-2-a",
        Words(
            "bindend instrument tussen overheden",
            "instrument contraignant entre autorités",
            "instrument between authorities",
        ),
    ),
    "bcr": Entry(
        "46(2)(b), 47",
        "A46-2-b",
        Words("bindende bedrijfsvoorschriften", "règles d'entreprise contraignantes", "binding corporate rules"),
        ("assessment",),
    ),
    "scc": Entry(
        "46(2)(c)",
        "A46-2-c",
        Words(
            "modelcontractbepalingen (EU) 2021/914",
            "clauses contractuelles types (UE) 2021/914",
            "standard contractual clauses (EU) 2021/914",
        ),
        ("module", "assessment"),
    ),
    "code": Entry("46(2)(e)", "A46-2-e", Words("gedragscode", "code de conduite", "code of conduct"), ("assessment",)),
    "certification": Entry(
        "46(2)(f)", "A46-2-f", Words("certificering", "certification", "certification"), ("assessment",)
    ),
    "ad-hoc": Entry(
        "46(3)(a)",
        "A46-3-a",
        Words(
            "contractbepalingen met machtiging van de autoriteit",
            "clauses contractuelles autorisées par l'autorité",
            "contractual clauses authorised by the authority",
        ),
        ("authorised", "assessment"),
    ),
    **{
        code: Entry(
            "49(1), second subparagraph" if code == "art49-2" else f"49(1)({code[-1]})",
            "A49-2" if code == "art49-2" else f"A49-1-{code[-1]}",
            Words(*words),
        )
        for code, words in _DEROGATION.items()
    },
    "block": Entry(
        "44",
        None,
        Words(
            "geen geldige grond: de doorgifte mag niet",
            "aucun fondement valable : le transfert est interdit",
            "no valid ground: the transfer may not happen",
        ),
    ),
}

"""Belgian statutory retention (LAW 2.4): how long the law orders data kept, looked up by the name of the law.

A duty to keep is a basis (art. 6(1)(c)) and stops erasure (17(3)(b)). A limitation period is neither: keeping evidence
while a claim can be brought is an interest (6(1)(f), 17(3)(e)), with the necessary data only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from belofte.law.source import Source, Words
from belofte.law.term import Span, add

SOURCE = Source("Belgian law as named per entry; LAW 2.4", memory=True)

Start = Literal["event", "next-january"]


@dataclass(frozen=True)
class Statute:
    """A statutory term: the law and its other names, how long, from when, and whether it is a duty or a limitation."""

    law: str
    names: tuple[str, ...]
    term: Span
    start: Start
    """`event`: from the trigger itself. `next-january`: from 1 January of the year after it."""
    kind: Literal["duty", "limitation"]
    words: Words
    source: Source
    since: date | None = None

    def over(self, trigger: date) -> date:
        """Return the first day on which the law no longer orders what was triggered on `trigger` kept."""
        return add(self.counted_from(trigger), self.term)

    def counted_from(self, trigger: date) -> date:
        """Return the day from which the term is counted."""
        if self.start == "event" or trigger.year == date.max.year:
            return trigger
        return date(trigger.year + 1, 1, 1)


STATUTES: tuple[Statute, ...] = (
    Statute(
        "WER III.86",
        ("CDE III.86",),
        Span(years=7),
        "event",
        "duty",
        Words("verantwoordingsstukken van de boekhouding", "pièces justificatives comptables", "accounting vouchers"),
        Source("WER III.86, fourth paragraph, as quoted by Forum for the Future; no starting day: that of the voucher"),
    ),
    Statute(
        "WER III.88",
        ("CDE III.88",),
        Span(years=7),
        "next-january",
        "duty",
        Words("boeken van de boekhouding", "livres comptables", "accounting books"),
        Source("WER III.88, second paragraph, as quoted by Forum for the Future: from 1 January after the closing"),
    ),
    Statute(
        "WBTW 60",
        ("BTW-Wetboek 60", "CTVA 60", "Code TVA 60", "WBTW 60 §4"),
        Span(years=10),
        "next-january",
        "duty",
        Words("boeken en facturen voor de btw", "livres et factures pour la TVA", "VAT books and invoices"),
        Source("VAT Code art. 60 as amended by the Act of 20 November 2022, as quoted in a public excerpt"),
        date(2023, 1, 1),
    ),
    Statute(
        "WIB92 315",
        ("CIR92 315", "WIB 92 315", "CIR 92 315", "WIB 315"),
        Span(years=10),
        "next-january",
        "duty",
        Words("stukken voor de inkomstenbelasting", "documents pour l'impôt sur les revenus", "income tax records"),
        Source("WIB92 art. 315 as amended by the Act of 20 November 2022, from assessment year 2023", memory=True),
        date(2023, 1, 1),
    ),
    Statute(
        "KB 8-8-1980 25",
        ("AR 8-8-1980 25", "KB nr. 5 sociale documenten", "sociale documenten", "documents sociaux"),
        Span(years=5),
        "event",
        "duty",
        Words("sociale documenten", "documents sociaux", "social documents"),
        Source("Royal Decree of 8 August 1980 art. 25, as summarised by Merak (2021) and Securex (2023)"),
    ),
    Statute(
        "BW 2262bis §1",
        ("CC 2262bis §1", "oud BW 2262bis", "BW 2262bis"),
        Span(years=10),
        "event",
        "limitation",
        Words("vorderingen uit overeenkomst", "actions contractuelles", "contractual claims"),
        Source("old Civil Code art. 2262bis §1, first paragraph", memory=True),
    ),
    Statute(
        "BW 2262bis §1 tort",
        ("buitencontractueel", "responsabilité extracontractuelle"),
        Span(years=5),
        "event",
        "limitation",
        Words(
            "buitencontractuele vorderingen, vanaf de kennis van de schade",
            "actions extracontractuelles, à partir de la connaissance du dommage",
            "claims in tort, from knowledge of the damage",
        ),
        Source("old Civil Code art. 2262bis §1, second paragraph", memory=True),
    ),
    Statute(
        "BW 2262bis §1 tort, outer",
        (),
        Span(years=20),
        "event",
        "limitation",
        Words(
            "buitencontractuele vorderingen, vanaf het feit",
            "actions extracontractuelles, à partir du fait",
            "claims in tort, from the event",
        ),
        Source("old Civil Code art. 2262bis §1, third paragraph", memory=True),
    ),
)


def statute(law: str) -> Statute | None:
    """Return the statutory term that a policy's `law:` names; None when the table has none by that name.

    `WER III.86`, `art. III.86 WER` and `CDE III.86 §1` name the same: words stand in any order.
    """
    wanted = _name(law)
    if not wanted:
        return None
    exact = _BY_NAME.get(wanted)
    if exact is not None:
        return exact
    within = [(len(name), entry) for name, entry in _BY_NAME.items() if name <= wanted]
    return max(within, key=lambda pair: pair[0])[1] if within else None


def _name(law: str) -> frozenset[str]:
    text = re.sub(r"\b(art(icle|ikel|\.)?|code|wetboek|de|het|le|la|du|van|nr)\b\.?", " ", law.casefold())
    return frozenset(re.findall(r"[^\s,;()]+", text))


_BY_NAME: Mapping[frozenset[str], Statute] = {
    _name(name): entry for entry in STATUTES for name in (entry.law, *entry.names) if _name(name)
}

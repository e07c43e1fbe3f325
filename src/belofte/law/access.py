"""Access (GDPR art. 15; LAW 2.3): what an answer must contain beside the copy, item by item."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from belofte.law.source import Source, Words

SOURCE = Source("GDPR art. 15; C-154/21, C-487/21, C-579/21, C-203/22; EDPB 01/2022; LAW 2.3")


@dataclass(frozen=True)
class Item:
    """One thing an answer to access says: its code, article and heading; `when` is the condition, None is always."""

    code: str
    article: str
    when: str | None
    words: Words


def due(situation: Collection[str] | None = None) -> tuple[Item, ...]:
    """Return the items due where the conditions in `situation` hold; all of them when it is None (unknown).

    Conditions: `indirect` (data not from the person), `transfers`, `automated` (art. 22 decisions or profiling).
    """
    if situation is None:
        return ITEMS
    strange = sorted(set(situation) - CONDITIONS)
    if strange:
        raise ValueError(f"unknown condition `{strange[0]}`; known are {', '.join(sorted(CONDITIONS))}")
    return tuple(item for item in ITEMS if item.when is None or item.when in situation)


def missing(stated: Collection[str], situation: Collection[str] | None = None) -> tuple[Item, ...]:
    """Return the items that are due and not among the codes `stated`. Raises `ValueError` for an unknown code."""
    strange = sorted(set(stated) - BY_CODE.keys())
    if strange:
        raise ValueError(f"unknown item of access `{strange[0]}`; known are {', '.join(BY_CODE)}")
    return tuple(item for item in due(situation) if item.code not in stated)


ITEMS: tuple[Item, ...] = (
    Item(
        "confirmation",
        "15(1)",
        None,
        Words("of wij gegevens over u verwerken", "si nous traitons vos données", "whether we process your data"),
    ),
    Item("purposes", "15(1)(a)", None, Words("waarvoor", "pour quelles finalités", "for what purposes")),
    Item(
        "categories", "15(1)(b)", None, Words("welke categorieën", "quelles catégories de données", "which categories")
    ),
    Item(
        "recipients",
        "15(1)(c)",
        None,
        Words(
            "wie ze kreeg of krijgt, bij naam als u dat wilt",
            "qui les a reçues ou les recevra, nommément si vous le souhaitez",
            "who got or will get it, by name if you wish",
        ),
    ),
    Item(
        "retention",
        "15(1)(d)",
        None,
        Words("hoe lang, of de criteria", "combien de temps, ou les critères", "how long, or the criteria"),
    ),
    Item(
        "rights",
        "15(1)(e)",
        None,
        Words(
            "uw recht op rectificatie, gegevenswissing, beperking en bezwaar",
            "vos droits de rectification, d'effacement, de limitation et d'opposition",
            "your rights to rectification, erasure, restriction and objection",
        ),
    ),
    Item(
        "complaint",
        "15(1)(f)",
        None,
        Words("waar u klacht kunt indienen", "où introduire une réclamation", "where you can complain"),
    ),
    Item(
        "source",
        "15(1)(g)",
        "indirect",
        Words("waar ze vandaan komen", "d'où elles viennent", "where it comes from"),
    ),
    Item(
        "automated",
        "15(1)(h)",
        "automated",
        Words(
            "de geautomatiseerde besluiten: de logica, het belang en de gevolgen",
            "les décisions automatisées : leur logique, leur importance et leurs conséquences",
            "the automated decisions: their logic, significance and consequences",
        ),
    ),
    Item(
        "safeguards",
        "15(2)",
        "transfers",
        Words(
            "de waarborgen bij doorgifte buiten de EER",
            "les garanties en cas de transfert hors EEE",
            "the safeguards of a transfer outside the EEA",
        ),
    ),
    Item("copy", "15(3)", None, Words("een kopie", "une copie", "a copy")),
)
BY_CODE: Mapping[str, Item] = {item.code: item for item in ITEMS}
CONDITIONS: frozenset[str] = frozenset(item.when for item in ITEMS if item.when)

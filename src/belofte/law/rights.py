"""Which right a person has for data held on which legal basis (GDPR art. 7(3), 12-22, 77; LAW 2.2).

Judged per data item, purpose and basis. That a right is available says that she may ask; what the answer is, is decided
elsewhere (`erasure`, `gate`).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from belofte.law.source import Source

SOURCE = Source("GDPR art. 6(1), 7(3), 13-22, 77, 79; LAW 2.2")

BASES = ("consent", "contract", "legal-obligation", "vital-interests", "public-task", "legitimate-interest")
BASIS_ARTICLES = MappingProxyType({basis: f"6(1)({letter})" for basis, letter in zip(BASES, "abcdef", strict=True)})

ALL = frozenset(BASES)


@dataclass(frozen=True)
class Right:
    """A right: its articles, and the bases on which it is available."""

    name: str
    articles: tuple[str, ...]
    bases: frozenset[str] = ALL


RIGHTS = MappingProxyType(
    {
        right.name: right
        for right in (
            Right("notice", ("13", "14")),
            Right("access", ("15",)),
            Right("rectification", ("16",)),
            Right("erasure", ("17",)),
            Right("restriction", ("18",)),
            Right("notify", ("19",)),
            Right("portability", ("20",), frozenset({"consent", "contract"})),
            Right("objection", ("21",), frozenset({"public-task", "legitimate-interest"})),
            Right("automated", ("22",)),
            Right("withdrawal", ("7(3)",), frozenset({"consent"})),
            Right("complaint", ("77", "79")),
        )
    }
)

MARKETING_BASES = frozenset({"consent", "contract", "public-task", "legitimate-interest"})
"""The bases on which direct marketing can rest at all."""

ERASURE_GROUNDS = MappingProxyType(
    {
        "17(1)(a)": ALL,
        "17(1)(b)": frozenset({"consent"}),
        "17(1)(c)": frozenset({"public-task", "legitimate-interest"}),
        "17(1)(d)": ALL,
        "17(1)(e)": ALL,
        "17(1)(f)": frozenset({"consent"}),
    }
)


def available(right: str, basis: str, *, direct_marketing: bool = False) -> bool:
    """Return whether a person has `right` over data used on `basis`.

    Against direct marketing she may object whatever the basis (art. 21(2)). Raises `ValueError` for an unknown name.
    """
    found = _known(right, basis)
    return basis in found.bases or (right == "objection" and direct_marketing)


def article(right: str, basis: str, *, direct_marketing: bool = False) -> str | None:
    """Return the article that gives `right` over data used on `basis`; None when nothing does."""
    found = _known(right, basis)
    if right == "objection":
        return objection_ground(basis, direct_marketing=direct_marketing)
    return ", ".join(found.articles) if basis in found.bases else None


def objection_ground(basis: str, *, direct_marketing: bool = False, research: bool = False) -> str | None:
    """Return the paragraph of art. 21 on which she may object; None when there is none.

    Research and statistics under art. 89(1) can be objected to, save where a public-interest task needs them (21(6)).
    """
    _known("objection", basis)
    if direct_marketing:
        return "21(2)"
    if research:
        return "21(6)" if basis != "public-task" else None
    return "21(1)" if basis in RIGHTS["objection"].bases else None


def erasure_grounds(basis: str, *, direct_marketing: bool = False) -> tuple[str, ...]:
    """Return the grounds of art. 17(1) that can apply to data used on `basis`, in the order of the law."""
    _known("erasure", basis)
    return tuple(
        ground
        for ground, bases in ERASURE_GROUNDS.items()
        if basis in bases or (ground == "17(1)(c)" and direct_marketing)
    )


def portable(basis: str, *, automated: bool | None, source: str) -> bool | None:
    """Return whether a datum belongs in a portability answer (art. 20(1)); None when that is unknown.

    It is on consent or contract, processed by automated means, and provided by her: given or observed, not inferred
    and not received from others (WP242 rev.01).
    """
    if not available("portability", basis) or source not in {"provided", "observed"}:
        return False
    return automated


def _known(right: str, basis: str) -> Right:
    if right not in RIGHTS:
        raise ValueError(f"unknown right `{right}`; the rights are {', '.join(sorted(RIGHTS))}")
    if basis not in ALL:
        raise ValueError(f"unknown legal basis `{basis}`; the bases are {', '.join(BASES)}")
    return RIGHTS[right]

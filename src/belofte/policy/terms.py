"""Terms of the W3C Data Privacy Vocabulary (DPV 2.3): which there are, and their IRI.

An element names a kind of personal data (`pd:Name`), a purpose may name a purpose (`dpv:DirectMarketing`); a full IRI
stands for the same. Source: w3id.org/dpv 2.3, pinned in `policy/dpv.py`.
"""

from __future__ import annotations

from typing import Literal

from belofte.policy.dpv import CORE_PERSONAL, OFFENCES, PERSONAL, PURPOSES, SPECIAL, VERSION
from belofte.policy.problems import nearest

__all__ = ["OFFENCES", "SPECIAL", "iri", "mistake", "short"]

Role = Literal["personal data", "purpose"]
BASES = {"pd": "https://w3id.org/dpv/pd#", "dpv": "https://w3id.org/dpv#"}
_NAMES: dict[Role, dict[str, frozenset[str]]] = {
    "personal data": {"pd": PERSONAL, "dpv": CORE_PERSONAL},
    "purpose": {"dpv": PURPOSES},
}


def iri(term: str) -> str:
    """Return the full IRI of `pd:Name`; an IRI stays as it is. `ValueError` for any other prefix."""
    prefix, _, name = term.partition(":")
    if prefix in BASES:
        return BASES[prefix] + name
    if term.startswith(("https://", "http://")):
        return term
    raise ValueError(f"`{term}` has no prefix of the vocabulary")


def short(term: str) -> str:
    """Return `pd:Name` for the IRI of a term; anything else as it is."""
    for prefix, base in BASES.items():
        if term.startswith(base):
            return f"{prefix}:{term.removeprefix(base)}"
    return term


def mistake(term: str, role: Role) -> str:
    """Return what is wrong with a term in this role and the nearest one that exists; "" when it exists."""
    prefix, colon, name = short(term).partition(":")
    names = _NAMES[role]
    if name in names.get(prefix, frozenset()):
        return ""
    known = [f"{p}:{n}" for p, found in names.items() for n in found]
    near = nearest(short(term) if colon else f"{next(iter(names))}:{term}", known)
    forms = " or ".join(f"`{p}:…`" for p in names)
    what = f"DPV {VERSION} has no such {role} term; write {forms}"
    return f"{what}; {near}" if near else what

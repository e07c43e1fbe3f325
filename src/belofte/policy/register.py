"""A record of processing that a company has already, read as rows, drafts its policy: what is there, and gaps marked.

The columns are recognised by their heads in Dutch, French or English, as in the register model of the Belgian authority
(2017) and in Belofte's own (`belofte ropa`). A row without a purpose and without an activity is none; rows of one
activity are one purpose. Nothing is guessed that the register does not say: `FILL-IN` stands where it says too little.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from belofte.policy.forms import PURPOSE_ID_BYTES
from belofte.policy.rules.gaps import GAP

HEADS: Mapping[str, tuple[str, ...]] = {
    "recipients": ("ontvanger", "destinataire", "recipient"),
    "people": ("betrokkene", "personnes concernees", "data subject", "kinds of people"),
    "term": ("bewaartermijn", "conservation", "effacement", "retention", "erasure", "bewaarduur"),
    "transfers": ("doorgifte", "derde land", "transfert", "pays tiers", "third countr", "transfer"),
    "measures": ("beveilig", "securite", "security", "maatregel", "mesures"),
    "basis": (
        "rechtsgrond", "grondslag", "rechtmatigheid", "base juridique", "base legale", "fondement", "legal basis",
        "basis for",
    ),
    "special": ("bijzondere gegevens", "donnees particulieres", "special data"),
    "data": ("gegevens", "donnees", "data categor", "categories of data", "personal data"),
    "purpose": ("doel", "finalite", "purpose"),
    "name": (
        "activiteit", "beschrijving", "omschrijving", "naam", "description", "activite", "activity", "processing",
        "traitement",
    ),
}  # fmt: skip
"""Words in the head of a column, without accents: the first kind that matches is what the column holds."""
NEEDED = 3
"""Heads that a row has to have to be the row of heads."""
EXPLAINS = 250
"""Characters from which on the name of an activity is an explanation of the column, as the model has them."""

_BASES = {
    "consent": ("toestemming", "consentement", "consent"),
    "legal-obligation": ("wettelijk", "legale", "legal obligation", "obligation legal", "statut"),
    "vital-interests": ("vitaal", "vitale", "vitaux", "vital"),
    "public-task": ("algemeen belang", "openbaar", "interet public", "public task", "public interest"),
    "legitimate-interest": ("gerechtvaardigd", "legitime", "legitimate"),
    "contract": ("overeenkomst", "contract", "contrat"),
}
_UNITS = {
    "Y": ("jaar", "jaren", "an", "ans", "annee", "annees", "year", "years"),
    "M": ("maand", "maanden", "mois", "month", "months"),
    "W": ("week", "weken", "semaine", "semaines", "weeks"),
    "D": ("dag", "dagen", "jour", "jours", "day", "days"),
}
_NOTHING = frozenset(("", "-", "/", "geen", "aucun", "aucune", "none", "nvt", "n.v.t.", "n/a", "sans objet"))

Row = Mapping[str, str]


def plain(text: str) -> str:
    """Return words in small letters without accents."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in spread if not unicodedata.combining(char))


def columns(heads: Sequence[str]) -> dict[str, int]:
    """Return which column holds what; {} where these are no heads of a register."""
    found: dict[str, int] = {}
    for number, head in enumerate(heads):
        words = plain(head)
        kind = next((kind for kind, signs in HEADS.items() if any(sign in words for sign in signs)), None)
        if kind is not None and len(head) < EXPLAINS:
            found.setdefault(kind, number)
    return found if len(found) >= NEEDED and ("purpose" in found or "name" in found) else {}


def rows(lines: Iterable[Sequence[str]]) -> list[Row]:
    """Return the rows of a sheet below its heads; [] where it has none."""
    places: dict[str, int] = {}
    found: list[Row] = []
    for line in lines:
        if not places:
            places = columns(line)
            continue
        row = {kind: line[at].strip() for kind, at in places.items() if at < len(line)}
        name = row.get("name") or row.get("purpose")
        if name and len(name) < EXPLAINS and not columns(line):
            found.append(row)
    return found


@dataclass
class _Draft:
    """What is drafted: per part of the policy its ids with their words."""

    kinds: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    recipients: dict[str, str] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)
    serves: dict[str, list[str]] = field(default_factory=dict)


def draft(found: Sequence[Row]) -> str:
    """Return the text of a policy file with what rows of a register say, and `FILL-IN` where they do not."""
    merged: dict[str, list[Row]] = {}
    for row in found:
        merged.setdefault(row.get("name") or row["purpose"], []).append(row)
    made, ids = _Draft(), dict[str, str]()
    purposes = []
    for name, own in merged.items():
        purposes += _purpose(made, _id(name, ids, PURPOSE_ID_BYTES, small=True), name, own)
    lines = ["# Drafted from a register of processing activities. Every FILL-IN is a gap: `belofte check` lists them."]
    lines += _part("people", made.kinds, lambda _, words: f"{{title: {_text(words)}}}")
    lines += _part(
        "categories", made.categories,
        lambda _, words: f"{{title: {_text(words)}, source: {GAP}, elements: {{{GAP}: {GAP}}}}}",
    )  # fmt: skip
    lines += ["", "purposes:", *purposes]
    lines += _part(
        "recipients", made.recipients,
        lambda key, words: f"{{title: {_text(words)}, role: {GAP}, receives: {GAP}, "
        f"purposes: [{', '.join(made.serves[key])}]}}",
    )  # fmt: skip
    lines += _part("safeguards", made.measures, lambda _, words: f"{{title: {_text(words)}}}")
    return "\n".join(lines) + "\n"


def _purpose(made: _Draft, key: str, name: str, own: Sequence[Row]) -> list[str]:
    said = {kind: [row[kind] for row in own if row.get(kind)] for kind in HEADS}
    title = said["purpose"][0] if said["purpose"] else name
    kinds = [_known(made.kinds, words) for words in _several(said["people"])]
    data = [_known(made.categories, words) for words in _several(said["data"])]
    for words in _several(said["recipients"]):
        made.serves.setdefault(_known(made.recipients, words), []).append(key)
    for words in _several(said["measures"]):
        _known(made.measures, words)
    bases = [basis for words in said["basis"][:1] if (basis := _basis(words))]
    lines = [f"  {key}:", f"    title: {_text(name)}"]
    if plain(title) != plain(name):
        lines.append(f"    description: {_text(title)}")
    basis = bases[0] if bases else GAP
    lines.append(f"    basis: {{{basis}: [{', '.join(kinds)}]}}" if kinds else f"    basis: {basis}")
    lines += {"legal-obligation": [f"    law: {GAP}"], "legitimate-interest": [f"    interest: {GAP}"]}.get(basis, [])
    lines.append(f"    uses: [{', '.join(data) or GAP}]")
    term = next((period for words in said["term"] if (period := _period(words))), None)
    if term is not None:
        lines += [f"    keep: {term}", f"    after: {GAP}  # {_comment(said['term'][0])}"]
    elif said["term"]:
        lines.append(f"    while: {GAP}  # {_comment(said['term'][0])}")
    else:
        lines += [f"    keep: {GAP}", f"    after: {GAP}"]
    abroad = [words for words in _several(said["transfers"]) if ":" not in words or "EER" not in words.upper()]
    if abroad:
        lines.append(f"    # the register says of transfers: {_comment('; '.join(abroad))}")
    return lines


def _several(texts: Sequence[str]) -> list[str]:
    """Return the parts of cells that list things: a line or a semicolon each, else a comma each."""
    found: list[str] = []
    for text in texts:
        parts = re.split(r"[\n;•]+", text)
        if len(parts) == 1 and ":" not in text and "(" not in text:
            parts = text.split(",")
        found += [part.partition(":")[0].strip(" -*\t.") for part in parts]
    return [one for one in dict.fromkeys(found) if plain(one) not in _NOTHING]


def _basis(words: str) -> str | None:
    said = plain(words)
    at = {
        basis: min((said.find(sign) for sign in signs if sign in said), default=-1) for basis, signs in _BASES.items()
    }
    named = {basis: place for basis, place in at.items() if place >= 0}
    return min(named, key=lambda basis: named[basis]) if named else None


def _period(words: str) -> str | None:
    found = re.search(r"(\d{1,3})\s*([a-z]+)", plain(words))
    if found is None or int(found[1]) == 0:
        return None
    unit = next((unit for unit, signs in _UNITS.items() if found[2] in signs), None)
    return f"P{int(found[1])}{unit}" if unit else None


def _known(part: dict[str, str], words: str) -> str:
    """Return the id of words in a part of the policy, made where they are new."""
    for key, said in part.items():
        if plain(said) == plain(words):
            return key
    key = _id(words, dict.fromkeys(part, ""), 40)
    part[key] = words
    return key


def _id(words: str, taken: dict[str, str], most: int, *, small: bool = False) -> str:
    """Return an id made of words, unlike those taken."""
    base = re.sub(r"[^a-z0-9]+", "-" if small else "_", plain(words)).strip("-_")[: most - 4].strip("-_") or "item"
    base = base if base[0].isalpha() else f"n{base}"
    joint = "-" if small else "_"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}{joint}{number}", number + 1
    taken[found] = words
    return found


def _part(name: str, found: Mapping[str, str], shown: Callable[[str, str], str]) -> list[str]:
    return ["", f"{name}:", *(f"  {key}: {shown(key, words)}" for key, words in found.items())] if found else []


def _text(words: str) -> str:
    """Return words as YAML takes them."""
    return json.dumps(" ".join(words.split()), ensure_ascii=False)


def _comment(words: str) -> str:
    return " ".join(words.split())[:160]

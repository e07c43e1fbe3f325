"""How names of tables and columns fall apart into words, and which words mean the same thing in two forms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_PREFIXES = frozenset({"tbl", "tb", "t", "tab", "dim", "fact", "stg", "vw", "v", "mst", "ref", "app", "dbo"})
_SUFFIXES = frozenset(
    {"old", "new", "bak", "backup", "archive", "archief", "hist", "history", "copy", "tmp", "temp", "list", "lijst",
     "liste", "table", "tabel", "data", "bestand", "info", "details", "record", "records", "master"}
)  # fmt: skip
KEY_WORDS = frozenset(
    {"id", "ids", "nr", "no", "num", "number", "nummer", "numero", "key", "fk", "ref", "uuid", "guid", "code", "pk"}
)
"""Words that turn the name of a thing into the name of its key: customer_id, klantnr, numero_client."""


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a name, without accents: `billing_PostalCode2` → billing, postal, code, 2."""
    bare = name.rpartition(".")[2]
    whole = bare.replace("ß", "ss").replace("ø", "o").replace("æ", "ae")
    plain = "".join(c for c in unicodedata.normalize("NFKD", whole) if not unicodedata.combining(c))
    return tuple(piece.lower() for piece in _PIECE.findall(plain))


@lru_cache(maxsize=8192)
def stems(word: str) -> frozenset[str]:
    """Return the singular forms that a word may have in nl, fr, en, de, itself included."""
    forms = {word}
    for ending, put in (
        ("ies", "y"), ("es", ""), ("s", ""), ("en", ""), ("n", ""), ("x", ""), ("aux", "al"), ("e", ""), ("eren", ""),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            forms.add(word[: len(word) - len(ending)] + put)
    if len(word) > 5 and word.endswith("en") and word[-3] == word[-4]:
        forms.add(word[:-3])
    return frozenset(forms)


def alike(one: str, other: str) -> bool:
    """Return whether two words are forms of the same word (`customers`, `customer`; `klanten`, `klant`)."""
    return one == other or bool(stems(one) & stems(other))


@lru_cache(maxsize=8192)
def subject(table: str) -> tuple[str, ...]:
    """Return the words that say what a row of the table is, without prefixes, suffixes and digits.

    `tbl_klanten_2019` → klanten; `service_request` → service, request.
    """
    found = [word for word in words(table) if not word.isdigit()]
    while len(found) > 1 and found[0] in _PREFIXES:
        found.pop(0)
    while len(found) > 1 and found[-1] in _SUFFIXES:
        found.pop()
    return tuple(found)

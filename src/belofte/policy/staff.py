"""Names of staff as a verb is given them, and when two of them are one person's.

Where one could do harm that nobody undoes, two persons decide. A name written in another way is no second person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def same(one: str, other: str) -> bool:
    """Return whether two names are one person's: case, width and blanks tell nobody apart."""
    return _plain(one) == _plain(other)


def others(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return whom names add to those who are known, each person once, in their order."""
    met = [_plain(name) for name in known]
    found = []
    for name in names:
        if _plain(name) not in met:
            met.append(_plain(name))
            found.append(name)
    return found


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()

"""What every table of this chapter carries: where a statement comes from, as of when, and its words for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

AS_OF = date(2026, 11, 1)
"""The day as of which the tables were put together, unless an entry says otherwise."""

LANGUAGES = ("nl", "fr", "en")

EU_GDPR = "https://w3id.org/dpv/legal/eu/gdpr#"
JUSTIFICATIONS = "https://w3id.org/dpv/justifications#"


@dataclass(frozen=True)
class Source:
    """Where a statement comes from.

    `memory` marks what was written down from memory of the legal text and is still to be verified against it;
    a report that leans on such an entry has to say so.
    """

    text: str
    as_of: date = AS_OF
    memory: bool = False

    def __str__(self) -> str:
        mark = ", from memory, to be verified" if self.memory else ""
        return f"{self.text} (as of {self.as_of.isoformat()}{mark})"


class Words(NamedTuple):
    """A sentence for people in Dutch, French and English."""

    nl: str
    fr: str
    en: str

    def of(self, language: str) -> str:
        """Return the words in `language`, English when there are none in it."""
        return {"nl": self.nl, "fr": self.fr}.get(language, self.en)


def justification(term: str) -> str:
    """Return the IRI of a DPV justification: `A17LegalClaims` is a GDPR one, any other is a general one."""
    if term[:1] == "A" and term[1:3].isdigit():
        return f"{EU_GDPR}Justification{term}"
    return f"{JUSTIFICATIONS}{term}"

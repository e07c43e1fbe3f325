"""What a means came to, as a sentence: in English for the records and for scripts, in each language for who reads it.

What it names (tables, rules, files, accounts, what a store answered) is the same in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from belofte.notices.words import Words


class Sentence(str):
    """A sentence in English that knows how it is said in other languages: its message, and what is filled in."""

    message: str
    values: Mapping[str, object]

    def __new__(cls, message: str, values: Mapping[str, object]) -> Sentence:
        """Return the sentence with its `%(name)s` filled in."""
        made = super().__new__(cls, message % values if values else message)
        made.message, made.values = message, values
        return made

    def of(self, words: Words) -> str:
        """Return it in the language of these words."""
        said = {name: one.of(words) if isinstance(one, Sentence) else one for name, one in self.values.items()}
        return words.say(self.message, **said)


def sentence(message: str, **values: object) -> Sentence:
    """Return a sentence; its message is in the catalogues of every language (`notices/locale`)."""
    return Sentence(message, values)


def of_store(store: str, what: object) -> Sentence:
    """Return what is the matter with a store."""
    return sentence("store `%(store)s`: %(what)s", store=store, what=what)


def written(one: Sentence) -> Mapping[str, object]:
    """Return a sentence as JSON can carry it."""
    return {
        "message": one.message,
        "values": {name: written(value) if isinstance(value, Sentence) else _plain(value)
                   for name, value in one.values.items()},
    }  # fmt: skip


def read(document: object) -> Sentence:
    """Return a sentence as it was written; one from before it was kept so is in English for good."""
    if not isinstance(document, Mapping):
        return Sentence(str(document), {})
    found = cast(Mapping[str, Any], document)
    values = {name: read(value) if isinstance(value, Mapping) else value for name, value in found["values"].items()}
    return Sentence(found["message"], values)


def _plain(value: object) -> object:
    return value if isinstance(value, int) else str(value)

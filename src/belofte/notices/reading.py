"""How easily a text reads, per language: words per sentence and syllables per word, on Flesch's scale of 0 to 100.

English: R. Flesch, A new readability yardstick (1948). Dutch: W.H. Douma, De leesbaarheid van landbouwbladen (1960).
French: L. Kandel and A. Moles, Application de l'indice de Flesch à la langue française (1958). Syllables are counted as
the places where a word may be broken (pyphen). A score says nothing of whether what is said is true or whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import pyphen  # type: ignore[import-untyped, unused-ignore]

FORMULA = {"en": (206.835, 1.015, 84.6), "nl": (206.835, 0.93, 77.0), "fr": (207.0, 1.015, 73.6)}
"""A constant, less so much per word in a sentence, less so much per syllable in a word."""

BANDS = ((70, "easy"), (60, "plain"), (50, "fairly hard"), (30, "hard"), (-10_000, "very hard"))
"""From which score on a text is called what (Flesch's table, shortened)."""

_SENTENCE = re.compile(r"[.!?]+(?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True)
class Level:
    """How a text reads: its score, and what that was made from."""

    score: float
    sentences: int
    words: int
    syllables: int

    @property
    def sentence(self) -> float:
        """Words in a sentence, on average."""
        return round(self.words / self.sentences, 1)

    @property
    def band(self) -> str:
        """What a text of this score is called."""
        return next(name for least, name in BANDS if self.score >= least)


def level(texts: Iterable[str], language: str) -> Level:
    """Return how texts in a language (`nl`, `fr`, `en`) read; each text ends its last sentence.

    Raises `ValueError` for texts without a word.
    """
    sentences = [words for text in texts for part in _SENTENCE.split(text) if (words := _WORD.findall(part))]
    count = sum(len(words) for words in sentences)
    if not count:
        raise ValueError("there is no word to measure")
    syllables = sum(_syllables(word.lower(), language) for words in sentences for word in words)
    constant, per_word, per_syllable = FORMULA[language]
    score = constant - per_word * count / len(sentences) - per_syllable * syllables / count
    return Level(round(score, 1), len(sentences), count, syllables)


@lru_cache(maxsize=20_000)
def _syllables(word: str, language: str) -> int:
    return len(cast("list[int]", _hyphenation(language).positions(word))) + 1


@lru_cache
def _hyphenation(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang={"en": "en_GB", "nl": "nl_NL", "fr": "fr_FR"}[language], left=1, right=1)

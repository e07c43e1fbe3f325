"""How easily a text reads: the published formulas on texts counted by hand, and a floor under the examples' notices."""

from __future__ import annotations

import pytest
from tests.notices.privacy import BOTH, notice

from belofte.notices.document import Bullets, Document, Facts, Section, paragraph
from belofte.notices.reading import level

FLOOR = 60.0
"""Flesch calls it plain from here on."""


@pytest.mark.parametrize(
    ("language", "text", "syllables", "score"),
    [
        ("en", "The cat sat. The dog ran.", 6, 206.835 - 1.015 * 3 - 84.6 * 1),
        ("nl", "De kat zat. De hond liep weg.", 7, 206.835 - 0.93 * 3.5 - 77 * 1),
        ("fr", "Le chat dort. Le lapin mange.", 7, 207 - 1.015 * 3 - 73.6 * 7 / 6),
    ],
)
def test_the_formula_of_each_language(language: str, text: str, syllables: int, score: float):
    found = level([text], language)
    assert (found.sentences, found.syllables) == (2, syllables)
    assert found.score == pytest.approx(score, abs=0.06)


def test_each_point_of_a_list_ends_its_sentence_and_a_point_inside_a_word_ends_none():
    assert level(["one two", "three four"], "en").sentences == 2
    assert level(["see a.example for all"], "en").sentences == 1


def test_longer_words_and_sentences_read_harder():
    easy = level(["We keep it for a year. Then it goes."], "en")
    hard = level(["Retention of personal information continues during approximately twelve consecutive months."], "en")
    assert (easy.band, hard.band) == ("easy", "very hard")


def test_only_running_text_is_measured():
    section = Section("a", "Title", (paragraph("One."), Bullets((("Two",),)), Facts((("Name", ("Street 1",)),))))
    assert Document("en", "s", "t", "about", (section,)).prose() == ["One.", "Two"]


def test_nothing_has_no_level():
    with pytest.raises(ValueError, match="no word to measure"):
        level(["12, 34"], "nl")


@pytest.mark.parametrize(("name", "language"), BOTH)
def test_the_examples_read_plainly(name: str, language: str):
    assert level(notice(name, language).prose(), language).score >= FLOOR

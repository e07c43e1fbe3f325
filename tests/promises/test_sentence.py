"""What the board says is kept in English, and read in each language after it was kept."""

from __future__ import annotations

import json

import pytest

from belofte.notices.words import words_of
from belofte.promises.outcome import outcome
from belofte.promises.sentence import of_store, read, sentence, written

SAID = of_store("shop", sentence("`%(table)s` leads to nobody", table="basket"))


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", "systeem `shop`: `basket` leidt naar niemand"), ("fr", "système `shop` : `basket` ne mène à personne"),
     ("en", "store `shop`: `basket` leads to nobody")],
)  # fmt: skip
def test_a_sentence_is_said_in_each_language_also_after_it_was_kept(language: str, said: str):
    kept = read(json.loads(json.dumps(written(SAID))))
    assert kept == SAID == "store `shop`: `basket` leads to nobody"
    assert kept.of(words_of(language)) == said


def test_what_was_kept_before_sentences_had_languages_stays_as_it_was():
    assert read("100% of `orders`").of(words_of("nl")) == "100% of `orders`"


def test_what_breaks_a_promise_is_named_so_many_times():
    came_to = outcome({}, [sentence("%(count)s of `%(purpose)s`", count=n, purpose="orders") for n in range(23)])
    assert len(came_to.found) == 21
    assert came_to.found[-1].of(words_of("nl")) == "en nog 3"

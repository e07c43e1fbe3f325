"""The board of promises in words: whatever can hold one, and wherever one can stand, is told in every language."""

from __future__ import annotations

from typing import get_args

import pytest

from belofte.notices.board_words import HOLDS, MEANS, STATES, held, ran, summary, unchanged
from belofte.notices.words import words_of
from belofte.policy.promise import Means, Promise
from belofte.promises.outcome import State


def test_every_means_and_state_has_its_words():
    assert set(MEANS) == {str(one) for one in Means} | {"attestation"}
    assert list(STATES) == [str(one) for one in (State.KEPT, State.BROKEN, State.CANNOT_TELL)]
    assert set(HOLDS) == set(get_args(Promise.model_fields["holds"].annotation))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["proven: nothing is kept too long", "planned", "1 deviation", "2 planned, which are never kept"]),
        (
            "nl",
            ["bewezen: niets wordt te lang bewaard", "gepland", "1 afwijking", "2 gepland, die nooit als nagekomen"],
        ),
        ("fr", ["prouvé : rien n’est gardé trop longtemps", "prévu", "1 écart", "2 prévues, qui ne comptent jamais"]),
    ],
)
def test_the_board_speaks_the_language_of_who_reads_it(language, shown):
    words = words_of(language)
    counts = summary(words, {"kept": 3, "broken": 1, "cannot-tell": 0}, 2)
    said = [held(words, "proven", ["overdue"]), held(words, "planned", ()), counts, counts]
    assert [part for part, whole in zip(shown, said, strict=True) if part not in whole] == []
    assert ran(words, 7, 1.25).endswith("1.2 s")
    assert unchanged(words, 1) != unchanged(words, 2)


@pytest.mark.parametrize(
    ("language", "one", "more"),
    [
        ("nl", "1 afwijking,", "2 afwijkingen,"),
        ("fr", "1 tenue (telle", "2 tenues (telles"),
        ("en", "1 dev", "2 deviations"),
    ],
)
def test_the_count_agrees_with_what_is_counted(language, one, more):
    said = [summary(words_of(language), {"kept": n, "broken": n, "cannot-tell": n}, n) for n in (1, 2)]
    assert one in said[0]
    assert more in said[1]

"""Access: what an answer must contain beside the copy."""

from __future__ import annotations

import pytest

from belofte.law.access import ITEMS, due, missing

ALWAYS = ["confirmation", "purposes", "categories", "recipients", "retention", "rights", "complaint", "copy"]


def test_every_letter_of_the_article_has_its_item():
    assert [item.article for item in ITEMS] == [
        "15(1)",
        *(f"15(1)({letter})" for letter in "abcdefgh"),
        "15(2)",
        "15(3)",
    ]
    assert all(len(set(item.words)) == 3 for item in ITEMS)


def test_plain_case_owes_what_always_holds():
    assert [item.code for item in due(())] == ALWAYS


@pytest.mark.parametrize(
    ("condition", "code"), [("indirect", "source"), ("automated", "automated"), ("transfers", "safeguards")]
)
def test_condition_adds_its_item(condition, code):
    assert {item.code for item in due({condition})} == {*ALWAYS, code}


def test_unknown_situation_owes_everything():
    assert due() == ITEMS


def test_what_is_stated_is_not_missing():
    assert [item.code for item in missing(set(ALWAYS) - {"retention"}, ())] == ["retention"]


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="unknown item of access `colour`"):
        missing({"colour"})
    with pytest.raises(ValueError, match="unknown condition `sunny`"):
        due({"sunny"})

"""Letters: what each right's confirmation and refusal says, in three languages."""

from collections.abc import Callable

import pytest
from tests.notices.people import alice, erased

from belofte.notices.answer import Case
from belofte.notices.letters import (
    Letter,
    Refused,
    erasure_letter,
    objection_letter,
    portability_letter,
    rectification_letter,
    refusal_letter,
    restriction_letter,
    withdrawal_letter,
)
from belofte.notices.page import letter_page, letter_text

COURT = {"nl": "naar de rechter", "fr": "saisir un tribunal", "en": "go to court"}
AUTHORITY = {
    "nl": "Gegevensbeschermingsautoriteit",
    "fr": "Autorité de protection des données",
    "en": "Data Protection Authority (Belgium)",
}

LETTERS: dict[str, Callable[[Case], Letter]] = {
    "rectification": lambda case: rectification_letter(case, ["crm: e-mail"], annotated=["invoice 12"], told=["X"]),
    "restriction": lambda case: restriction_letter(case, ["dealings"]),
    "objection": lambda case: objection_letter(case, ["marketing"], weighed=["orders"]),
    "withdrawal": lambda case: withdrawal_letter(case, ["marketing"]),
    "portability": lambda case: portability_letter(case, ["orders"]),
    "refusal": lambda case: refusal_letter(case, "erasure", [Refused("17(3)(b)", "Accounting")]),
    "erasure": lambda case: erasure_letter(erased(case.language)),
}


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_names_sender_request_authority_and_court(name: str, language: str):
    letter = LETTERS[name](alice(language).case)
    text = letter_text(letter).replace("\n", " ")
    for words in ("Werkgoed NV", "2026-0042", "dpo@werkgoed.example", AUTHORITY[language], COURT[language]):
        assert words in text
    assert "%(" not in text
    assert f"<h1>{letter.subject}</h1>" in "".join(letter_page(letter))


def test_lines_of_a_text_letter_are_short():
    assert max(len(line) for line in letter_text(erasure_letter(erased())).splitlines()) <= 90


def test_a_refusal_gives_each_reason_with_its_article():
    letter = refusal_letter(
        alice().case, "erasure", [Refused("17(3)(b)", "Accounting"), Refused("21(1)", words="A case is pending.")]
    )
    assert letter.blocks[1].points == (
        "Accounting: A law obliges us to keep it. (GDPR, art. 17(3)(b))",
        "A case is pending. (GDPR, art. 21(1))",
    )


def test_a_refusal_without_a_reason_is_refused():
    with pytest.raises(ValueError, match="a refusal gives its reasons"):
        refusal_letter(alice().case, "access", [])


def test_an_erasure_letter_says_what_stays_and_until_when():
    text = letter_text(erasure_letter(erased())).replace("\n  ", " ")
    assert "Accounting: A law obliges us to keep it. (GDPR, art. 17(3)(b)) It stays until 31 January 2033." in text
    assert "We erased your data in 32 records." in text
    assert "shop: the system did not answer; we will try again" in text


def test_an_erasure_letter_whose_store_is_down_is_under_way():
    assert erasure_letter(erased()).subject == "Your data: erasure under way"
    assert erasure_letter(erased(open_=False)).subject == "Your data: what we erased"


def test_an_objection_that_is_weighed_says_that_use_stopped_meanwhile():
    letter = objection_letter(alice().case, [], weighed=["Orders"])
    assert "Until then we do not use it" in letter.blocks[1].text

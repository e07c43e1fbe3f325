"""What people are told when the policy changes: a sentence for each change that concerns them, in their language."""

from __future__ import annotations

import pytest
from tests.notices.privacy import LANGUAGES, ON
from tests.notices.test_page import Outline
from tests.policy.test_compare import ALSICO, BY_KIND, MARKETING, changed

from belofte.notices.announcement import Announcement, announcement
from belofte.notices.change_words import SENTENCES, sentences
from belofte.notices.telling import Telling
from belofte.policy.change import MEANINGS, Kind
from belofte.policy.compare import compare
from belofte.policy.model import Policy


def telling(policy: Policy, language: str) -> Telling:
    return Telling(policy, language, {}, ON)


def message(after: Policy, language: str = "en", address: str | None = None) -> Announcement:
    return announcement(telling(ALSICO, language), telling(after, language), compare(ALSICO, after), address)


def test_every_kind_of_change_that_people_are_told_has_a_sentence_and_no_other():
    assert set(SENTENCES) == {kind for kind, meaning in MEANINGS.items() if meaning.told}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_can_be_told(language: str):
    for kind, parts in BY_KIND:
        if kind in SENTENCES:
            after = changed(ALSICO, parts)
            said = sentences(telling(ALSICO, language), telling(after, language), compare(ALSICO, after))
            assert said, kind
            assert all("%(" not in one and ": ." not in one and not one.endswith(": ") for one in said), said


def test_a_longer_term_is_told_with_what_it_was():
    text = " ".join(message(changed(ALSICO, {"purposes/call-quality/keep": "P2M"})).text.split())
    assert "Call-centre quality: we keep data longer. Before: 1 month, counted from: the recording." in text
    assert "From now on: 2 months, counted from: the recording." in text
    assert "We ask for your consent again" not in text


def test_who_consented_is_asked_again_and_told_what_happens_meanwhile():
    made = message(changed(ALSICO, {f"{MARKETING}/recipients": ["mail-platform", "printer"]}))
    assert "someone else receives data for this: Drukkerij Schelde BV." in " ".join(made.text.split())
    outline = Outline(made.html)
    assert "We ask for your consent again" in outline.text
    assert "Until you give it again, we do not use your data for this." in outline.text


def test_the_message_leads_to_the_new_notice_and_is_no_advertising():
    made = message(changed(ALSICO, {"purposes/claims/keep": "P12Y"}), "nl", "https://a.example/2027-1/nl.html")
    assert made.subject == "Alsico High Tech NV verandert hoe het persoonsgegevens gebruikt"
    assert 'href="https://a.example/2027-1/nl.html"' in made.html
    assert "https://a.example/2027-1/nl.html" in made.text
    assert "Het is geen reclame." in made.text
    assert max(len(line) for line in made.text.splitlines()) <= 76


def test_a_change_that_nobody_needs_to_be_told_is_not():
    after = changed(ALSICO, {"purposes/claims/keep": "P5Y", "purposes/tax/law": "WIB92 315"})
    assert sentences(telling(ALSICO, "en"), telling(after, "en"), compare(ALSICO, after)) == []
    assert Kind.TERM_SHORTER in {one.kind for one in compare(ALSICO, after)}

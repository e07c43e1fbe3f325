"""What is written to who complains: that it came, what came of it, or that it is a request (GDPR art. 12(3), 77).

Each letter says where else she can go: the authority, with its address, and the courts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from belofte.notices.answer import Case
from belofte.notices.letters import Block, Letter, contact_words, remedy_words
from belofte.notices.words import mark, words_of

OUTCOME: Mapping[str, str] = {
    "upheld": mark("You were right."),
    "partly": mark("You were partly right."),
    "rejected": mark("We do not agree with your complaint."),
}


def acknowledgement(case: Case, due: date) -> Letter:
    """Return the confirmation that a complaint came, with the day by which it is answered."""
    words = words_of(case.language)
    return _letter(
        case,
        words.say("Your complaint: we received it"),
        Block(words.say("We will answer by %(date)s at the latest.", date=words.day(due))),
    )


def outcome_letter(case: Case, outcome: str, said: str) -> Letter:
    """Return the answer to a complaint: its outcome, and the company's own words, a paragraph for each of theirs."""
    words = words_of(case.language)
    paragraphs = [" ".join(part.split()) for part in said.split("\n\n") if part.strip()]
    return _letter(
        case,
        words.say("Your complaint: our answer"),
        Block(words.say(OUTCOME[outcome])),
        *(Block(one) for one in paragraphs),
    )


def request_letter(case: Case, request: str, due: date) -> Letter:
    """Return that a complaint asks for a right, under which name it goes on, and by when it is answered."""
    words = words_of(case.language)
    asks = words.say(
        "You ask for something that data protection law gives you a right to. We treat your complaint as that "
        "request (%(request)s), from the day on which we received it.",
        request=request,
    )
    return _letter(
        case,
        words.say("Your complaint: we treat it as a request"),
        Block(asks),
        Block(words.say("We will answer by %(date)s at the latest.", date=words.day(due))),
    )


def _letter(case: Case, subject: str, *blocks: Block) -> Letter:
    words = words_of(case.language)
    opening = Block(words.say("You complained to us. We received this on %(date)s.", date=words.day(case.received)))
    closing = (Block(contact_words(case)), Block(remedy_words(case)))
    return Letter(
        case, subject, words.say("Dear reader,"), (opening, *blocks, *closing), words.say("Kind regards,"),
        words.say("Complaint %(complaint)s", complaint=case.request),
    )  # fmt: skip

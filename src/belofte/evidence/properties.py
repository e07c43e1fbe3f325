"""What the GDPR asks of a history of acts, as formulas that look back (evidence/formula.py).

The properties are those that the literature checks logs for: consent before use, no use after withdrawal until a new
consent, deletion within the term, third parties told, information given. They are written from the law and share
nothing with the rules that decide (`choices/state.py`, `compiler/justify.py`): an outside eye, simpler than they are.
So it sees less: a purpose, not its channels; a month as the longest that it can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from belofte.evidence.formula import Formula, Is, Since, once

MONTH = timedelta(days=31 + 4)
"""A month is 31 days at most, and ends four days later where a weekend and holidays follow (Regulation 1182/71)."""
EXTENDED = timedelta(days=92 + 4)
"""One month and two more (art. 12(3))."""

USED, USED_ON_CONSENT = Is("used"), Is("used-on-consent")
CONSENT, SALE, INFORMED, CLOSED = Is("consent"), Is("sale"), Is("informed"), Is("closed")
OBJECTED, OVERRULED, ERASED = Is("objected"), Is("overruled"), Is("erased")
RESTRICTED, LIFTED = Is("restricted"), Is("lifted")
ASKED, ASKED_ACCESS, ASKED_ERASURE = Is("asked"), Is("asked-access"), Is("asked-erasure")
ANSWERED, LONGER = Is("answered"), Is("longer")
DISCLOSED, CHANGED, TOLD = Is("disclosed"), Is("changed"), Is("told")
DUE, LET_GO = Is("due"), Is("let-go")


@dataclass(frozen=True)
class Property:
    """A property: what it is called, its article, in words, and the formula that is true at every moment.

    `by`: what a history is taken apart by, beside whom it is about: the formula holds of each part on its own.
    """

    name: str
    article: str
    says: str
    formula: Formula
    by: str | None = None


def in_time(asked: Formula) -> Formula:
    """Return that what was asked is answered within a month, or three where that was said within the first."""
    late = Since(~(ANSWERED | LONGER), asked, older=MONTH)
    too_late = Since(~ANSWERED, asked, older=EXTENDED)
    return ~late & ~too_late


PROPERTIES = (
    Property(
        "access-in-time", "art. 12(3), 15", "access is answered within a month, or three where that is said in time",
        in_time(ASKED_ACCESS),
    ),
    Property(
        "answer-in-time", "art. 12(3)", "every other request is answered in the same time", in_time(ASKED),
    ),
    Property(
        "consent-before-use", "art. 6(1)(a)", "what rests on consent is used only after a consent",
        USED_ON_CONSENT >> once(CONSENT | SALE), "purpose",
    ),
    Property(
        "erased-in-time", "art. 17(1)", "an erasure that was asked for is carried out, or refused, in time",
        in_time(ASKED_ERASURE),
    ),
    Property(
        "informed-at-collection", "art. 13", "whoever consents is shown a notice with it, or was shown one before",
        CONSENT >> once(INFORMED), "purpose",
    ),
    Property(
        "let-go-in-time", "art. 5(1)(e)", "what a sweep found due is let go of within a month",
        ~Since(~LET_GO, DUE, older=MONTH),
    ),
    Property(
        "no-use-after-closing", "art. 7(3), 17, 21", "after withdrawal, objection or erasure nothing is used until she "
        "consents anew or the objection is overruled",
        USED >> ~Since(~(CONSENT | OVERRULED), CLOSED | OBJECTED | ERASED), "purpose",
    ),
    Property(
        "no-use-while-restricted", "art. 18(2)", "what is restricted is not used until the restriction is lifted",
        USED >> ~Since(~LIFTED, RESTRICTED), "category",
    ),
    Property(
        "recipients-told", "art. 19", "recipients are told within a month of what was rectified, erased or restricted",
        ~Since(~TOLD, CHANGED & once(DISCLOSED), older=MONTH), "recipient",
    ),
)  # fmt: skip
"""Every property, sorted."""

"""Letters (art. 12(3)-(4), 19): short confirmations and refusals, as values that render to text and to a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from belofte.notices.answer import Authority, Case, Gap, Reach
from belofte.notices.report import ErasureReport, Kept, StoreErasure
from belofte.notices.vocabulary import ARTICLE_OF_RIGHT, ASKED, DONE_WITH, GAP, KEPT, LEVEL, REFUSED, STORE_STATE
from belofte.notices.words import Words, mark, words_of

Right = Literal["access", "rectification", "erasure", "restriction", "portability", "objection", "withdrawal"]


@dataclass(frozen=True)
class Block:
    """A paragraph, with points under it when there are any."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letter:
    """A letter in the person's language: subject, greeting, blocks, closing; `case` gives sender and dates.

    `about`: what it is about, where that is no request.
    """

    case: Case
    subject: str
    greeting: str
    blocks: tuple[Block, ...]
    closing: str
    about: str | None = None


@dataclass(frozen=True)
class Refused:
    """Why something was refused: the article, and the purpose or the reason in the controller's own words."""

    article: str
    purpose: str | None = None
    words: str | None = None


def _letter(case: Case, subject: str, blocks: Iterable[Block]) -> Letter:
    words = words_of(case.language)
    return Letter(case, subject, words.say("Dear reader,"), tuple(blocks), words.say("Kind regards,"))


def _opening(case: Case, right: Right) -> Block:
    words = words_of(case.language)
    received = words.say("We received this on %(date)s.", date=words.day(case.received))
    return Block(f"{words.say(ASKED[right])} {received}")


def reach_words(words: Words, reach: Reach) -> str:
    """Return the ways to reach somebody, in words."""
    return words.enumeration([item for item in (reach.email, reach.phone, reach.url, reach.address) if item])


def contact_words(case: Case) -> str:
    """Return where a person can turn with a question: the officer when there is one, else the controller."""
    words = words_of(case.language)
    named = case.officer is not None and any(
        (case.officer.reach.email, case.officer.reach.phone, case.officer.reach.address)
    )
    reach = case.officer.reach if case.officer is not None and named else case.controller.reach
    found = reach_words(words, reach)
    if not found:
        return words.say("Do you have a question? Answer this letter.")
    return words.say("Do you have a question? Reach us at %(reach)s.", reach=found)


def remedy_words(case: Case) -> str:
    """Return the two ways out of art. 12(4): a complaint to the authority, and the courts."""
    words = words_of(case.language)
    authority = _authority_words(words, case.authority)
    complaint = (
        words.say("Do you disagree? You can complain to the supervisory authority: %(authority)s.", authority=authority)
        if authority
        else words.say("Do you disagree? You can complain to the supervisory authority of your country.")
    )
    return complaint + " " + words.say("You can also go to court.")


def _authority_words(words: Words, authority: Authority | None) -> str:
    if authority is None:
        return ""
    reach = authority.reach
    parts = (authority.name, reach.address, reach.phone, reach.email, authority.complaint_url or reach.url)
    return ", ".join(part for part in parts if part)


def gap_words(words: Words, gap: Gap) -> str:
    """Return what an answer does not cover, and by when it will: `archive: …`."""
    said = words.say(GAP[gap.kind])
    if gap.words:
        said = f"{said} ({gap.words})" if gap.kind in ("backup", "processor") else gap.words
    text = words.say("%(name)s: %(words)s", name=gap.store, words=said)
    if gap.due:
        text += " " + words.say("We do this by %(date)s.", date=words.day(gap.due))
    return text


def stuck_words(words: Words, store: StoreErasure) -> str:
    """Return the state of a store that is not done: `shop: the system did not answer`."""
    return words.say("%(name)s: %(words)s", name=store.title or store.name, words=words.say(STORE_STATE[store.state]))


def kept_words(words: Words, kept: Kept) -> str:
    """Return why data stays: reason, purpose, article and until when."""
    reason = kept.words or words.say(KEPT.get(kept.article, KEPT["17(1)"]))
    parts = [f"{kept.purpose}: {reason}" if kept.purpose else reason]
    parts.append(words.say("(GDPR, art. %(article)s)", article=kept.article))
    if kept.until:
        parts.append(words.say("It stays until %(date)s.", date=words.day(kept.until)))
    return " ".join(parts)


def _tail(case: Case) -> tuple[Block, ...]:
    return (Block(contact_words(case)), Block(remedy_words(case)))


LATER = mark(
    "What stays no longer holds an e-mail address or telephone number that was erased, so we may not find it by them. "
    "If you ask about it later, give us a number that is on it, such as a customer or invoice number."
)
"""What a person has to know who asks again: a row that stays is not found by what was erased in it."""


def erasure_letter(report: ErasureReport) -> Letter:
    """Return the letter that goes with an erasure report: what went, what stays and why, what is open."""
    case, words = report.case, words_of(report.case.language)
    blocks = [_opening(case, "erasure")]
    if report.removed:
        blocks.append(
            Block(
                words.say_n(
                    "We erased your data in %(n)s record.", "We erased your data in %(n)s records.", report.removed
                )
            )
        )
    else:
        blocks.append(Block(words.say("We erased nothing.")))
    gone = tuple(
        words.say("%(name)s: %(words)s", name=store.title or store.name, words=words.say(LEVEL[store.level]))
        for store in report.stores
        if store.level is not None
    )
    if gone:
        blocks.append(Block(words.say("How far it is gone:"), gone))
    reasons: dict[tuple[str, str | None, date | None, str | None], int] = {}
    for kept in (reason for store in report.stores for table in store.tables for reason in table.reasons):
        key = (kept.article, kept.purpose, kept.until, kept.words)
        reasons[key] = reasons.get(key, 0) + kept.rows
    if reasons:
        points = tuple(kept_words(words, Kept(a, n, p, u, w)) for (a, p, u, w), n in reasons.items())
        blocks.append(Block(words.say("Some data stays, and we use it only for this:"), points))
        blocks.append(Block(words.say(LATER)))
    waiting = [gap_words(words, gap) for gap in report.gaps if gap.kind != "backup"]
    waiting += [stuck_words(words, store) for store in report.stores if store.state != "done"]
    waiting += [f"{one.store}, {one.table}: {one.why}" for one in report.undetermined]
    if waiting:
        blocks.append(Block(words.say("This is not done yet. We will write to you again:"), tuple(waiting)))
    if report.residue:
        blocks.append(
            Block(
                words.say("We searched again afterwards and still found you here. We are looking into it:"),
                tuple(f"{one.store}, {one.table}, {one.column}: {words.number(one.count)}" for one in report.residue),
            )
        )
    backups = tuple(gap_words(words, gap) for gap in report.gaps if gap.kind == "backup")
    if backups:
        blocks.append(Block(words.say("Backup copies:"), backups))
    if report.told:
        blocks.append(Block(words.say("We told those who had received your data:"), report.told))
    subject = words.say("Your data: what we erased") if not report.open else words.say("Your data: erasure under way")
    return _letter(case, subject, [*blocks, *_tail(case)])


def rectification_letter(
    case: Case, corrected: Iterable[str], *, annotated: Iterable[str] = (), told: Iterable[str] = ()
) -> Letter:
    """Return the confirmation of a correction: which data (in words, never values), which records got a note."""
    words = words_of(case.language)
    blocks = [_opening(case, "rectification"), Block(words.say("We corrected:"), tuple(corrected))]
    if notes := tuple(annotated):
        blocks.append(
            Block(words.say("These records may not change. We put a note with your correction next to them:"), notes)
        )
    if recipients := tuple(told):
        blocks.append(Block(words.say("We told those who had received your data:"), recipients))
    return _letter(case, words.say("Your data: corrected"), [*blocks, *_tail(case)])


def restriction_letter(case: Case, about: Iterable[str]) -> Letter:
    """Return the confirmation of a restriction (art. 18): kept, not used; told before it is lifted (18(3))."""
    words = words_of(case.language)
    blocks = [
        _opening(case, "restriction"),
        Block(words.say("From now on we keep this data but do not use it:"), tuple(about)),
        Block(
            words.say(
                "We use it only with your consent, for legal claims, to protect someone else’s rights, "
                "or for an important public interest. We tell you before the pause ends."
            )
        ),
    ]
    return _letter(case, words.say("Your data: use paused"), [*blocks, *_tail(case)])


def objection_letter(case: Case, stopped: Iterable[str], *, weighed: Iterable[str] = ()) -> Letter:
    """Return the confirmation of an objection: what stopped for good, what is weighed while its use is paused."""
    words = words_of(case.language)
    blocks = [_opening(case, "objection")]
    if ended := tuple(stopped):
        blocks.append(Block(words.say("We no longer use your data for:"), ended))
    if pending := tuple(weighed):
        blocks.append(
            Block(words.say("We are weighing your objection for the following. Until then we do not use it:"), pending)
        )
    return _letter(case, words.say("Your objection"), [*blocks, *_tail(case)])


def withdrawal_letter(case: Case, purposes: Iterable[str]) -> Letter:
    """Return the confirmation of a withdrawal (art. 7(3))."""
    words = words_of(case.language)
    blocks = [
        _opening(case, "withdrawal"),
        Block(words.say("We no longer use your data for:"), tuple(purposes)),
        Block(words.say("What we did before you withdrew your consent stays lawful. You can always consent again.")),
    ]
    return _letter(case, words.say("Your consent: withdrawn"), [*blocks, *_tail(case)])


def portability_letter(case: Case, purposes: Iterable[str]) -> Letter:
    """Return the cover of a portability package (art. 20)."""
    words = words_of(case.language)
    blocks = [
        _opening(case, "portability"),
        Block(words.say("With this letter comes the data that you gave us, used for:"), tuple(purposes)),
        Block(
            words.say(
                "The file README explains the form. Other data about you is not in it: "
                "ask us for access to see everything."
            )
        ),
    ]
    return _letter(case, words.say("Your data, to take with you"), [*blocks, *_tail(case)])


@dataclass(frozen=True)
class Sent:
    """What a recipient received: when, for which purpose, which categories (in words), under which digest.

    `extract`: whose data was in it is not recorded.
    """

    on: date
    purpose: str
    what: str
    reference: str
    extract: bool


def recipient_letter(
    case: Case, right: str, received: Iterable[Sent], person: Iterable[str], values: Iterable[str] = ()
) -> Letter:
    """Return what a recipient is told (art. 19): what was done with a person's data, what it received, who she is.

    `values`: what is correct now, where something was corrected.
    """
    words, sent = words_of(case.language), tuple(received)
    which = words.say("You received data from us:") if sent else words.say("You may have received it from us.")
    blocks = [
        Block(words.say(DONE_WITH[right])),
        Block(which, tuple(_sent_words(words, one) for one in sent)),
        Block(words.say("Do the same with what you have of this person:"), tuple(person)),
        *([Block(words.say("This is correct:"), found)] if (found := tuple(values)) else ()),
        Block(
            words.say("Tell everyone to whom you passed it on. Keep this letter no longer than you need it for that.")
        ),
    ]
    return _letter(case, words.say("A person’s data has changed"), [*blocks, Block(contact_words(case))])


def _sent_words(words: Words, one: Sent) -> str:
    message = (
        mark("an extract of %(date)s for %(purpose)s (%(what)s), reference %(reference)s: this person may be in it")
        if one.extract
        else mark("received on %(date)s for %(purpose)s (%(what)s), reference %(reference)s")
    )
    return words.say(message, date=words.day(one.on), purpose=one.purpose, what=one.what, reference=one.reference)


def refusal_letter(case: Case, right: Right, reasons: Iterable[Refused]) -> Letter:
    """Return a refusal with its reasons, the complaint and the court (art. 12(4)); `ValueError` without a reason."""
    words = words_of(case.language)
    points = []
    for refused in reasons:
        text = refused.words or words.say(REFUSED.get(refused.article, REFUSED["17(1)"]))
        text = f"{refused.purpose}: {text}" if refused.purpose else text
        points.append(f"{text} {words.say('(GDPR, art. %(article)s)', article=refused.article)}")
    if not points:
        raise ValueError("a refusal gives its reasons (GDPR art. 12(4)): name at least one article")
    blocks = [
        _opening(case, right),
        Block(
            words.say(
                "We do not do this, or not all of it (GDPR, art. %(article)s). This is why:",
                article=ARTICLE_OF_RIGHT[right],
            ),
            tuple(points),
        ),
    ]
    return _letter(case, words.say("Your request: our reasons for refusing"), [*blocks, *_tail(case)])

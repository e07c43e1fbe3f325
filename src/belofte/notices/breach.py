"""What is written of a breach: to the people (GDPR art. 34), to the authority (33(3)), to the controller (33(2)).

To the people: plain words and nothing that is theirs alone, so that one letter serves all of a language. To the
authority: the items that the law and the authorities' forms ask for, in their order, with what is not known yet named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from belofte.law.term import CIVIL, civil_day
from belofte.notices.answer import Case
from belofte.notices.letters import Block, Letter, contact_words, reach_words
from belofte.notices.words import Words, mark, words_of

HARMED: Mapping[str, str] = {
    "confidentiality": mark("data was seen, or could be seen, by people who should not see it"),
    "integrity": mark("data was changed by who should not change it"),
    "availability": mark("data was lost, or could not be reached"),
}
RISK: Mapping[str, str] = {
    "unlikely": mark("a risk to the people is unlikely"),
    "risk": mark("there is a risk to the people"),
    "high": mark("there is a high risk to the people"),
}
EXCEPTION: Mapping[str, str] = {
    "unintelligible": mark("nobody who got the data can read it (art. 34(3)(a))"),
    "risk-removed": mark("later measures took the high risk away (art. 34(3)(b))"),
    "disproportionate": mark("telling each person would be out of all proportion (art. 34(3)(c))"),
}
PEOPLE: Mapping[str, str] = {
    "tell": mark("each of them is told"),
    "public": mark("they are told in public"),
    "not": mark("they are not told"),
}


@dataclass(frozen=True)
class Told:
    """What the people of one language are told, in plain words (34(2))."""

    nature: str
    consequences: str
    measures: str
    advice: str | None = None
    categories: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Category:
    """A category of data that was touched: its title, about how many people and records, special or not."""

    title: str
    people: int
    records: int
    special: bool


@dataclass(frozen=True)
class Report:
    """What the authority, or the controller, is told. None: not known yet (33(4))."""

    title: str | None = None
    facts: str | None = None
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    aware: datetime | None = None
    found_by: str | None = None
    cause: str | None = None
    people: int | None = None
    records: int | None = None
    groups: Mapping[str, int] = field(default_factory=dict)
    categories: tuple[Category, ...] = ()
    effects: str | None = None
    consequences: str | None = None
    risk: str | None = None
    risk_because: str | None = None
    measures: str | None = None
    people_told: str | None = None
    exception: str | None = None
    because: str | None = None
    before: int = 0
    """How many notifications went before: this one adds to them."""
    late_because: str | None = None
    late: bool = False


def people_letter(case: Case, told: Told) -> Letter:
    """Return what the people of one language are told (34(2)): what happened, to what, what follows, what to do."""
    words = words_of(case.language)
    happened = [Block(words.say("What happened:")), Block(told.nature)]
    span = _span(words, told.since, told.until)
    if span:
        happened.append(Block(span))
    if told.categories:
        happened.append(Block(words.say("It concerns this data about you:"), told.categories))
    advice = [Block(words.say("What you can do yourself:")), Block(told.advice)] if told.advice else []
    blocks = [
        Block(words.say("Something went wrong with data about you. You have a right to know (GDPR, art. 34).")),
        *happened,
        Block(words.say("What may follow for you:")),
        Block(told.consequences),
        Block(words.say("What we did and do about it:")),
        Block(told.measures),
        *advice,
        Block(contact_words(case)),
    ]
    return _letter(case, words.say("Something happened to your data"), words.say("Dear reader,"), blocks)


def authority_letter(case: Case, report: Report) -> Letter:
    """Return the notification to the authority (33(3)), item by item; what is not known yet stands as such."""
    words = words_of(case.language)
    authority = case.authority.name if case.authority is not None else words.say("the supervisory authority")
    about = (
        words.say("Notification of a personal data breach (GDPR, art. 33)")
        if not report.before
        else words.say("Notification of a personal data breach (GDPR, art. 33): what became known since")
    )
    opening = [Block(words.say("Enter this in the form on the authority’s site; one sent by e-mail is not handled."))]
    return _letter(case, about, authority, [*opening, *_sections(words, case, report)])


def controller_letter(case: Case, report: Report, controller: str) -> Letter:
    """Return what a processor tells the controller (33(2)): everything that the controller has to notify."""
    words = words_of(case.language)
    opening = [Block(words.say("As your processor we tell you of a breach of data that we hold for you."))]
    subject = words.say("A breach of data that we process for you (GDPR, art. 33(2))")
    return _letter(case, subject, controller, [*opening, *_sections(words, case, report)])


def missing(report: Report, language: str) -> list[str]:
    """Return what art. 33(3) asks for and is not known yet: it may follow in phases (33(4))."""
    words = words_of(language)
    asked = {
        words.say("Likely consequences"): report.consequences,
        words.say("Measures taken and planned"): report.measures,
        words.say("About how many people"): report.people,
        words.say("About how many records"): report.records,
        words.say("Risk"): report.risk,
    }
    return [name for name, found in asked.items() if found is None]


def _sections(words: Words, case: Case, report: Report) -> Iterable[Block]:
    lacking = missing(report, case.language)
    if lacking:
        yield Block(words.say("Not known yet; it will follow (art. 33(4)):"), tuple(lacking))
    yield Block(words.say("The controller"), tuple(_controller(words, case)))
    yield Block(words.say("When"), tuple(_when(words, report)))
    yield Block(words.say("What happened:"), tuple(_what(words, report)))
    yield Block(words.say("Whose data, and which"), tuple(_whose(words, report)))
    yield Block(words.say("Consequences and risk"), tuple(_risk(words, report)))
    yield Block(words.say("Measures taken and planned"), (report.measures or _unknown(words),))
    if report.people_told is not None:
        yield Block(words.say("The people concerned"), tuple(_people(words, report)))


def _controller(words: Words, case: Case) -> Iterable[str]:
    one, officer = case.controller, case.officer
    yield ", ".join(part for part in (one.name, one.company_number, one.reach.address) if part)
    reach = officer.reach if officer is not None and officer.name else one.reach
    name = officer.name if officer is not None and officer.name else one.name
    yield _item(words, words.say("Contact"), f"{name}, {reach_words(words, reach)}")


def _when(words: Words, report: Report) -> Iterable[str]:
    for title, at in (
        (words.say("It began"), report.since),
        (words.say("It ended"), report.until),
        (words.say("We became aware"), report.aware),
    ):
        yield _item(words, title, words.moment(at.astimezone(CIVIL)) if at is not None else None)
    yield _item(words, words.say("Noticed by"), report.found_by)
    if report.late:
        yield _item(words, words.say("Why this comes after 72 hours"), report.late_because)


def _what(words: Words, report: Report) -> Iterable[str]:
    yield from (words.say(HARMED[kind]) for kind in report.kinds)
    yield _item(words, words.say("Facts"), report.facts)
    yield _item(words, words.say("Cause"), report.cause)


def _whose(words: Words, report: Report) -> Iterable[str]:
    for title, count in (
        (words.say("About how many people"), report.people),
        (words.say("About how many records"), report.records),
    ):
        yield _item(words, title, words.number(count) if count is not None else None)
    for kind, count in report.groups.items():
        yield _item(words, kind, words.number(count))
    for one in report.categories:
        counts = words.say(
            "%(people)s people, %(records)s records", people=words.number(one.people), records=words.number(one.records)
        )
        special = words.say("a special category (art. 9, 10)") if one.special else ""
        yield _item(words, one.title, ", ".join(part for part in (counts, special) if part))


def _risk(words: Words, report: Report) -> Iterable[str]:
    yield _item(words, words.say("Effects so far"), report.effects)
    yield _item(words, words.say("Likely consequences"), report.consequences)
    yield _item(words, words.say("Risk"), words.say(RISK[report.risk]) if report.risk is not None else None)
    if report.risk_because:
        yield _item(words, words.say("Because"), report.risk_because)


def _people(words: Words, report: Report) -> Iterable[str]:
    how = report.people_told or "not"
    yield words.say(PEOPLE[how])
    if report.exception is not None:
        yield words.say(EXCEPTION[report.exception])
    yield _item(words, words.say("Because"), report.because)


def _span(words: Words, since: datetime | None, until: datetime | None) -> str:
    first = words.day(civil_day(since)) if since is not None else None
    last = words.day(civil_day(until)) if until is not None else None
    if first and last and first != last:
        return words.say("It lasted from %(first)s to %(last)s.", first=first, last=last)
    day = first or last
    return words.say("It was on %(day)s.", day=day) if day else ""


def _item(words: Words, title: str, said: str | None) -> str:
    return words.say("%(name)s: %(words)s", name=title, words=said or _unknown(words))


def _unknown(words: Words) -> str:
    return words.say("not known yet")


def _letter(case: Case, subject: str, greeting: str, blocks: Iterable[Block]) -> Letter:
    words = words_of(case.language)
    about = words.say("Breach %(breach)s", breach=case.request)
    return Letter(case, subject, greeting, tuple(blocks), words.say("Kind regards,"), about)

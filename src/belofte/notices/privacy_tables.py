"""The tables of the privacy notice: data, purposes, recipients, trackers, rights."""

from __future__ import annotations

from collections.abc import Mapping

from belofte.law.rights import BASIS_ARTICLES
from belofte.notices import vocabulary
from belofte.notices.document import Cell, Run, Table
from belofte.notices.frame import retention
from belofte.notices.telling import Telling
from belofte.policy.model import Basis, Category, Purpose, Text


def categories(told: Telling) -> Table:
    """Return the categories of data with what they hold and where it comes from (art. 14(1)(d), (2)(f))."""
    rows = [
        (_one(one.title.of(told.language)), _holds(told, key, one), _comes(told, one))
        for key, one in told.policy.categories.items()
    ]
    heads = (told.say("Kind"), told.say("What it contains"), told.say("Where it comes from"))
    return Table(told.say("The data that we have"), heads, tuple(rows))


def _holds(told: Telling, key: str, category: Category) -> Cell:
    examples = category.examples
    if examples:
        lines = [examples.of(told.language)]
    else:
        lines = [", ".join(dict.fromkeys(told.element(ref) for ref in told.policy.elements(key)))]
    if any(told.policy.special(ref) for ref in told.policy.elements(key)):
        lines.append(told.say("sensitive data (GDPR, art. 9 or 10)"))
    return tuple((line,) for line in lines)


def _comes(told: Telling, category: Category) -> Cell:
    sources = dict.fromkeys([category.source, *(one.source for one in category.elements.values() if one.source)])
    lines = [told.say(vocabulary.SOURCE[source]) for source in sources]
    lines += [text.of(told.language) for text in (category.origin, category.context) if text]
    return tuple((line,) for line in lines)


def purposes(told: Telling) -> Table:
    """Return the purposes: why, what lets us, with which data, how long (art. 13(1)(c)-(d), 13(2)(a))."""
    rows = [
        (
            _lines(one.title.of(told.language), one.description.of(told.language) if one.description else ""),
            tuple(_lets(told, one)),
            _one(told.used(one)),
            _one(retention(told.policy, told.language, one)),
        )
        for one in told.policy.purposes.values()
    ]
    heads = (told.say("What for"), told.say("What lets us do this"), told.say("With which data"), told.say("How long"))
    return Table(told.say("What we use data for"), heads, tuple(rows))


def _lets(told: Telling, purpose: Purpose) -> list[Run]:
    lines: list[Run] = []
    for basis, kinds in told.bases(purpose):
        article = told.say("(GDPR, art. %(article)s)", article=BASIS_ARTICLES[basis])
        line = f"{told.say(vocabulary.BASIS[basis])} {article}"
        lines.append((told.say("%(name)s: %(words)s", name=line, words=kinds) if kinds else line,))
        if basis is Basis.LEGAL_OBLIGATION and purpose.law:
            lines.append((told.say("The law: %(law)s", law=purpose.law),))
        if basis is Basis.LEGITIMATE_INTEREST and purpose.interest:
            lines.append((told.say("Our interest: %(interest)s", interest=purpose.interest.of(told.language)),))
    if purpose.special_ground:
        lines.append((told.say("For sensitive data: GDPR, art. %(article)s", article=purpose.special_ground),))
    if purpose.compatible:
        lines.append((told.say("Added later: %(reason)s", reason=purpose.compatible.because.of(told.language)),))
    return lines


def recipients(told: Telling) -> Table:
    """Return who receives data, in which role, where, what and for what (art. 13(1)(e))."""
    rows = []
    for part in told.frame.recipients:
        one = told.policy.recipients[part.id]
        where = told.words.country(part.country) if part.country else ""
        role = told.say(vocabulary.ROLE[part.role])
        ground = one.ground.of(told.language) if one.ground else ""
        received = ", ".join(dict.fromkeys(told.element(ref) for ref in one.receives))
        rows.append(
            (
                _lines(part.name or part.title, part.title if part.name else ""),
                _lines(role, where, ground),
                _one(received),
                _one("; ".join(part.purposes)),
            )
        )
    heads = (told.say("Who"), told.say("Role and place"), told.say("Which data"), told.say("For what"))
    return Table(told.say("Who receives data from us"), heads, tuple(rows))


def trackers(told: Telling) -> Table:
    """Return what is stored on or read from a person's device (ePrivacy art. 5(3))."""
    rows = []
    for one in told.policy.trackers.values():
        party = told.policy.recipients.get(one.party or "")
        by = (party.name or party.title.of(told.language)) if party else one.party or told.policy.organisation.name
        needed = (
            told.say("needed for what you asked, so without consent")
            if one.necessary or not one.consent
            else told.say("only after your consent")
        )
        purpose = told.policy.purposes[one.purpose].title.of(told.language) if one.purpose else ""
        lasts = told.words.period(one.lasts) if one.lasts else ""
        rows.append(
            (
                _lines(one.title.of(told.language), told.say(vocabulary.TECHNIQUE[one.kind])),
                _lines(needed, purpose),
                _one(lasts),
                _one(by),
            )
        )
    heads = (told.say("What"), told.say("When"), told.say("How long"), told.say("Read by"))
    return Table(told.say("What is on your device"), heads, tuple(rows))


def rights(told: Telling) -> Table:
    """Return each right with its article, the policy's own words on it, and the purposes for which it counts."""
    notes: Mapping[str, Text] = dict(told.policy.rights.notes.items()) if told.policy.rights else {}
    rows = [
        _right(told, "access", notes.get("access"), told.say("See the data that we have of you, and get a copy"), ())
    ]
    for part in told.frame.rights:
        note = notes.get("objection" if part.right == "marketing-objection" else part.right)
        if part.right == "objection" and any(one.right == "marketing-objection" for one in told.frame.rights):
            note = None
        rows.append(_right(told, part.right, note, told.say(vocabulary.RIGHT[part.right]), part.purposes))
    heads = (told.say("Your right"), told.say("For which purposes"), told.say("Article of the GDPR"))
    return Table(told.say("Your rights"), heads, tuple(rows))


def _right(told: Telling, right: str, note: Text | None, title: str, named: tuple[str, ...]) -> tuple[Cell, ...]:
    said = note.of(told.language) if note else ""
    where = "; ".join(named) if named else told.say("everything")
    return (_lines(title, said), _one(where), _one(vocabulary.ARTICLE_OF_RIGHT[right]))


def _one(text: str) -> Cell:
    return ((text,),)


def _lines(*texts: str) -> Cell:
    return tuple((text,) for text in texts if text)

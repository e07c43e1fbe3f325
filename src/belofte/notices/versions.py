"""The page of all versions of the notice: in which order they were taken up, which is in force, where to read each.

It is made when a version is published and read long after: it says a day with all that it says of the present.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from belofte.law.term import civil_day
from belofte.notices.document import Block, Cell, Document, Link, Run, Section, Table, paragraph
from belofte.notices.publishing import File
from belofte.notices.words import Words, words_of
from belofte.policy.in_force import Held, Taken, held, in_force

OWN_NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English"}


def index(
    sender: str, language: str, files: Iterable[File], takings: Sequence[Taken], at: datetime,
    others: Mapping[str, str],
) -> Document:  # fmt: skip
    """Return the page that lists the versions, the one taken up last first, as it stands at a moment.

    A version that the company went back to after another one stands there twice. `others`: the same page in other
    languages, and where it is.
    """
    words, languages = words_of(language), dict[str, list[str]]()
    for one in files:
        languages.setdefault(one.version, []).append(one.language)
    rows = [
        (
            ((one.taken.text,),),
            _when(words, one, at),
            _where(one.taken.text, languages.get(one.taken.text, []), language),
        )
        for one in reversed(held(takings))
    ]
    heads = (words.say("Version"), words.say("In force"), words.say("Read it"))
    table = Table(words.say("All versions of this notice"), heads, tuple(rows))
    said = words.say("Each version keeps its own address. Nothing in it changes after it was published.")
    return Document(
        language=language,
        sender=sender,
        title=words.say("Privacy notice: all versions"),
        about=_now(words, takings, at),
        sections=(Section("versions", words.say("Versions"), (*_elsewhere(others), paragraph(said), table)),),
    )


def _elsewhere(others: Mapping[str, str]) -> tuple[Block, ...]:
    """Return where the same page is in other languages, each by its own name."""
    links = [Link(OWN_NAMES.get(language, language), address) for language, address in others.items()]
    run = [part for link in links for part in (" · ", link)][1:]
    return (paragraph(*run),) if run else ()


def _now(words: Words, takings: Sequence[Taken], at: datetime) -> str:
    """Return which version is in force on the day of the page, and which ones after it."""
    now, said = in_force(takings, at), []
    if now is not None:
        said.append(words.say("On %(date)s version %(version)s is in force.", date=_day(words, at), version=now.text))
    for one in held(takings):
        if one.since is not None and one.since > at:
            day = _day(words, one.since)
            said.append(words.say("From %(date)s on it is version %(version)s.", date=day, version=one.taken.text))
    return " ".join(said)


def _when(words: Words, one: Held, at: datetime) -> Cell:
    """Return when a version was, is or will be in force."""
    if one.since is None:
        return ((words.say("never: another version took its place before it began"),),)
    since, until = _day(words, one.since), _day(words, one.until) if one.until is not None else ""
    if one.since > at:
        return ((words.say("from %(date)s on", date=since),),)
    if one.until is None:
        return ((words.say("since %(date)s", date=since),),)
    return ((words.say("from %(date)s until %(end)s", date=since, end=until),),)


def _where(version: str, languages: Sequence[str], reader: str) -> Cell:
    """Return where a version is read in each language, the reader's first; its address is its own for good."""
    found: list[Run] = []
    for language in (one for one in dict.fromkeys((reader, *OWN_NAMES, *languages)) if one in languages):
        name = OWN_NAMES.get(language, language)
        page, printed = Link(name, f"{version}/{language}.html"), Link(f"{name} (PDF)", f"{version}/{language}.pdf")
        found.append((page, " · ", printed))
    return tuple(found)


def _day(words: Words, moment: datetime) -> str:
    return words.day(civil_day(moment))

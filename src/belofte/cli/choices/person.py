"""Whose choice it is: the person behind identifiers, and what becomes of a choice that was recorded.

What closes is recorded for everybody whom the identifiers may mean, and needs no proof of identity (LAW §2.0 G2). What
opens is recorded for one person only: where several may be meant, somebody says first who it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from belofte.choices.decide import Decision, Known
from belofte.choices.events import Event, record
from belofte.choices.granting import NotRecorded
from belofte.choices.moments import NoMoment, moment
from belofte.cli.ending import Code, Ending
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import AtDesk, Confirm, Person, people
from belofte.cli.request.shared import tell_hops, tell_waiting
from belofte.cli.telling import tell_stores
from belofte.policy.person import Key, keys_of
from belofte.rights.desk import Desk
from belofte.rights.intake import Meeting, meet

Purpose = Annotated[str, typer.Option("--purpose", help="The purpose, as the policy names it.")]
Purposes = Annotated[
    list[str], typer.Option("--purpose", help="A purpose, as the policy names it (default: every one).")
]
Channels = Annotated[list[str], typer.Option("--channel", help="A channel of the purpose (default: every one).")]
At = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="When it was done: a day or a moment (default: now).")
]

Categories = Annotated[list[str], typer.Option("--category", help="Of which category (default: every one).")]


@dataclass(frozen=True)
class Choosing(AtDesk):
    """The options of every verb that records a choice: whose it is, when she made it, which record is hers."""

    person: Person = field(default_factory=list)
    at: At = None
    confirm: Confirm = field(default_factory=list)


def met(desk: Desk, person: Sequence[str], confirm: Sequence[str], *, make_known: bool = True, quiet: bool) -> Meeting:
    """Return the one person whom a verb is about; her records are shown, and what may be hers too."""
    (asked,) = people(person, None, desk.country)
    found = meet(desk, [asked], frozenset(confirm), make_known=make_known)
    if not quiet:
        tell_hops(found)
    tell_waiting(found)
    return found


def subjects_of(meeting: Meeting) -> tuple[UUID, ...]:
    """Return everybody whom the identifiers may mean."""
    return meeting.people[0].subjects


def the_one(meeting: Meeting) -> UUID:
    """Return the one person meant; `Ending` where there are several: nothing is opened on a guess."""
    found = subjects_of(meeting)
    if len(found) != 1:
        why = f"{len(found)} people have these identifiers" if found else "nobody is known by these identifiers"
        raise Ending(Code.CANNOT_TELL, why, "give another identifier, one that is hers alone")
    return found[0]


def kinds_of(meeting: Meeting) -> frozenset[str]:
    """Return the kinds of person she is; none where a record does not tell."""
    (person,) = meeting.people
    return frozenset() if person.kind_unknown else person.kinds


def when(text: str | None, now: datetime) -> datetime:
    """Return the moment that an option names, by default now; `Ending` for one that is none or has yet to come."""
    if text is None:
        return now
    try:
        found = moment(text)
    except NoMoment as error:
        raise Ending(Code.INVALID, str(error), "write `2026-03-03`, or `2026-03-03T10:00+01:00`") from None
    if found > now:
        raise Ending(Code.INVALID, "what is recorded has happened, and this time has yet to come", "")
    return found


@dataclass(frozen=True)
class Recorded:
    """What was recorded of somebody's choice, and the stores that were not told of it yet."""

    events: Sequence[Event]
    untold: Sequence[str]


def recorded(desk: Desk, meeting: Meeting, events: Iterable[Event]) -> Recorded:
    """Record what somebody chose, and tell the stores that her choices bind."""
    found = list(events)
    record(desk.db, found)
    return Recorded(found, tell_stores(desk, meeting))


def refused(error: NotRecorded | ValueError) -> Ending:
    """Return how a verb ends that was given something it cannot record."""
    return Ending(Code.INVALID, str(error), "nothing was recorded")


def tell(desk: Desk, meeting: Meeting, made: Recorded, as_json: bool, **more: object) -> None:
    """Tell what was recorded, and what it leaves open for the purposes concerned."""
    purposes = list(dict.fromkeys(event.purpose for event in made.events if event.purpose is not None))
    kinds = kinds_of(meeting)
    known = Known.of(desk.db, desk.policy, subjects_of(meeting), desk.clock())
    after = {
        key: known.decide(subjects_of(meeting)[0], *key, kinds=kinds)
        for purpose in purposes
        for key in keys_of(desk.policy, purpose)
    }
    if as_json:
        shown = [
            {"kind": e.kind.value, "purpose": e.purpose, "channel": e.channel, "category": e.category}
            for e in made.events
        ]
        opens = [decision_json(key, one) for key, one in after.items()]
        json_result({"recorded": shown, "after": opens, "not_told": made.untold, **more})
        return
    for event in made.events:
        about = " ".join(part for part in (event.purpose, event.channel, event.category) if part)
        console().print(f"recorded: {event.kind.value} {about}".rstrip(), markup=False)
    for key, one in after.items():
        console().print(f"   {named(key)}: {in_words(one)}", markup=False)


def named(key: Key) -> str:
    """Return how a purpose, or a channel of it, is written."""
    return key[0] if key[1] is None else f"{key[0]}/{key[1]}"


def in_words(decision: Decision, language: str = "en") -> str:
    """Return a decision as a line: the answer, and why."""
    answer = {True: "yes", False: "no", None: "cannot tell"}[decision.answer]
    needs = f" It depends on {', '.join(decision.facts)}, which only a store knows." if decision.answer is None else ""
    return f"{answer} ({decision.reason}, art. {decision.article}). {decision.words.of(language)}{needs}"


def decision_json(key: Key, decision: Decision) -> dict[str, object]:
    """Return a decision as `--json` shows it."""
    return {
        "purpose": key[0],
        "channel": key[1],
        "allowed": decision.allowed,
        "answer": {True: "yes", False: "no", None: "cannot tell"}[decision.answer],
        "reason": decision.reason.value,
        "article": decision.article,
        "since": decision.since,
        "facts": list(decision.facts),
        "words": decision.words._asdict(),
    }

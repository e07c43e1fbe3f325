"""`belofte choices show | explain`: what a person chose, and whether a purpose may or might reach her.

The past is judged by the choices that held then and the policy in force then; `--known-at` as if nothing had been
recorded since. What only a store could have known then is not recorded: cannot tell. Exit 0 · 3 no such purpose or time
· 4 cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from belofte.choices.decide import Decision, Known
from belofte.choices.events import Event
from belofte.choices.moments import NoMoment, span
from belofte.choices.policies import in_force
from belofte.choices.reasons import Reason
from belofte.choices.state import died, in_order, restricted
from belofte.cli.choices.person import Purpose, decision_json, in_words, kinds_of, met, named, subjects_of
from belofte.cli.ending import Code, Ending
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import AtDesk, Confirm, Person, answering, desk_of
from belofte.law.term import CIVIL
from belofte.policy.model import Policy
from belofte.policy.person import Key, keys_of
from belofte.rights.desk import Desk
from belofte.rights.intake import Meeting

At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="The day or moment asked about (default: now).")]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="TIME", help="As if only what was recorded by then were known.")
]
Language = Annotated[str, typer.Option("--language", help="The language of the reasons: nl, fr, en.")]
NO_POLICY = "which policy was in force then cannot be told: none is recorded that held so early"


@dataclass(frozen=True)
class Asking(AtDesk):
    """The options of a question: about whom, about which time, as known when, and the language of the reasons."""

    person: Person = field(default_factory=list)
    at: At = None
    known_at: KnownAt = None
    language: Language = "en"
    confirm: Confirm = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """The moments that a question is about: the first and last of a day, or one; and what was known."""

    first: datetime
    last: datetime
    known_at: datetime | None
    past: bool

    @classmethod
    def of(cls, at: str | None, known_at: str | None, now: datetime) -> Asked:
        """Read the options; `Ending` for what is no time."""
        try:
            first, last = span(at) if at is not None else (now, now)
            known = span(known_at)[1] if known_at is not None else None
        except NoMoment as error:
            raise Ending(Code.INVALID, str(error), "write `2026-03-03`, or `2026-03-03T10:00+01:00`") from None
        return cls(first, last, known, at is not None or known_at is not None)

    def policy(self, desk: Desk, at: datetime) -> Policy | None:
        """Return the policy in force at a moment, as far as it was known."""
        return in_force(desk.db, at, self.known_at) if self.past else desk.policy


@answering
def run_show(how: Asking) -> None:
    """Everything that a person chose, and what it leaves open for each purpose and channel."""
    with desk_of(how.directory) as desk:
        asked = Asked.of(how.at, how.known_at, desk.clock())
        meeting = met(desk, how.person, how.confirm, make_known=False, quiet=how.as_json)
        policy = asked.policy(desk, asked.last)
        people = [_seen(desk, meeting, policy, subject, asked) for subject in subjects_of(meeting)]
        if how.as_json:
            json_result({"at": asked.last, "policy": policy is not None, "people": [one.document() for one in people]})
        else:
            for one in people:
                one.tell(how.language)
            if not people:
                console().print("nothing is known of her: no choice of hers is recorded", markup=False)
    if policy is None:
        raise Ending(Code.CANNOT_TELL, NO_POLICY, "her choices are shown; what they left open is not")


@answering
def run_explain(
    how: Asking,
    purpose: Purpose,
    channel: Annotated[str | None, typer.Option("--channel", help="A channel of the purpose.")] = None,
) -> None:
    """Whether a purpose may reach a person, or might on a past day: the answer, the reason, what it rests on."""
    with desk_of(how.directory) as desk:
        asked = Asked.of(how.at, how.known_at, desk.clock())
        meeting = met(desk, how.person, how.confirm, make_known=False, quiet=how.as_json)
        subjects = subjects_of(meeting)
        if len(subjects) > 1:
            raise Ending(Code.CANNOT_TELL, f"{len(subjects)} people have these identifiers", "say who is meant")
        found = list(_over_the_day(desk, meeting, (purpose, channel), asked))
        versions = [policy.version.id if policy is not None and policy.version else None for policy, _, _ in found]
        if how.as_json:
            answers = [
                {
                    "from": moment,
                    "policy": version,
                    **(decision_json((purpose, channel), one) if one else {"answer": "cannot tell"}),
                }
                for (_, moment, one), version in zip(found, versions, strict=True)
            ]
            json_result({"answers": answers})
        else:
            _tell(found, versions, (purpose, channel), how.language)
    if any(one is None for _, _, one in found):
        raise Ending(Code.CANNOT_TELL, NO_POLICY, "")
    if any(one is not None and one.answer is None for _, _, one in found):
        raise Ending(Code.CANNOT_TELL)


def _over_the_day(
    desk: Desk, meeting: Meeting, key: Key, asked: Asked
) -> Iterator[tuple[Policy | None, datetime, Decision | None]]:
    """Yield the decision at the beginning of what is asked about and at each moment after which it is another one."""
    last: Decision | None = None
    subjects = list(subjects_of(meeting))
    turns = {asked.first, asked.last}
    for events in Known.of(desk.db, desk.policy, subjects, asked.last, asked.known_at).events.values():
        turns |= {e.valid_from for e in events if asked.first < e.valid_from <= asked.last}
    for moment in sorted(turns):
        policy = asked.policy(desk, moment)
        if policy is None:
            yield None, moment, None
            return
        known = Known.of(desk.db, policy, subjects, moment, asked.known_at)
        kinds = frozenset() if asked.past else kinds_of(meeting)
        one = known.decide(subjects[0], *key, kinds=kinds) if subjects else Decision(False, Reason.UNKNOWN)
        if last is None or (one.answer, one.reason) != (last.answer, last.reason):
            yield policy, moment, one
        last = one


def _tell(
    found: list[tuple[Policy | None, datetime, Decision | None]], versions: list[str | None], key: Key, language: str
) -> None:
    for (_, moment, one), version in zip(found, versions, strict=True):
        if one is None:
            console().print(f"{named(key)}: cannot tell", markup=False)
            continue
        since = f" Since {_local(one.since)}." if one.since is not None else ""
        under = f" Policy {version}." if version else ""
        begins = f"from {_local(moment)} " if len(found) > 1 else ""
        console().print(f"{named(key)}: {begins}{in_words(one, language)}{since}{under}", markup=False)


@dataclass(frozen=True)
class Seen:
    """One person as her choices show her."""

    subject: UUID
    events: list[Event]
    decisions: dict[Key, Decision]

    def document(self) -> dict[str, object]:
        """Return it as `--json` shows it."""
        holding = self.events
        return {
            "deceased": died(holding),
            "restricted": sorted(restricted(holding)),
            "decisions": [decision_json(key, one) for key, one in self.decisions.items()],
            "events": [_event_json(event) for event in holding],
        }

    def tell(self, language: str) -> None:
        """Show it."""
        if died(self.events):
            console().print("she has died: no outreach", markup=False)
        for category in sorted(restricted(self.events)):
            console().print(f"restricted: {'every category' if category == '*' else category}", markup=False)
        for key, one in self.decisions.items():
            console().print(f"{named(key)}: {in_words(one, language)}", markup=False)
        table = Table(
            "holds from", "recorded", "what", "about", "shown by", title="what was recorded", title_justify="left"
        )
        for event in self.events:
            about = " ".join(part for part in (event.purpose, event.channel, event.category) if part)
            recorded_at = _local(event.recorded_at) if event.recorded_at else ""
            shown = ", ".join(f"{name} {value}" for name, value in sorted(event.evidence.items()))
            table.add_row(_local(event.valid_from), recorded_at, event.kind.value, about, shown)
        if table.row_count:
            console().print(table)


def _seen(desk: Desk, meeting: Meeting, policy: Policy | None, subject: UUID, asked: Asked) -> Seen:
    known = Known.of(desk.db, policy or desk.policy, [subject], asked.last, asked.known_at)
    kinds = frozenset() if asked.past else kinds_of(meeting)
    keys = [key for name in policy.purposes for key in keys_of(policy, name)] if policy is not None else []
    decisions = {key: known.decide(subject, *key, kinds=kinds) for key in keys}
    return Seen(subject, in_order(known.events.get(subject, ()), asked.last), decisions)


def _event_json(event: Event) -> dict[str, object]:
    return {
        "kind": event.kind.value,
        "purpose": event.purpose,
        "channel": event.channel,
        "category": event.category,
        "holds_from": event.valid_from,
        "holds_until": event.valid_until,
        "recorded_at": event.recorded_at,
        "origin": event.origin.value,
        "evidence": dict(event.evidence),
    }


def _local(moment: datetime) -> str:
    return moment.astimezone(CIVIL).strftime("%Y-%m-%d %H:%M")

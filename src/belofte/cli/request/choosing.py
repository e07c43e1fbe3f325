"""`belofte request restriction`, `objection`, `withdrawal`: what a person chooses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import typer

from belofte.choices.events import Kind
from belofte.choices.subjects import events_of
from belofte.cli.ending import Code, Ending
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import NOTHING, Answering, Following, answering, desk_of, people
from belofte.cli.request.shared import (
    code_of,
    confirm_by_letter,
    end,
    looked_through,
    open_notices,
    open_tasks,
    record_closings,
    taken_up,
    tell_waiting,
)
from belofte.database import requests
from belofte.database.requests import Request, StoreState
from belofte.database.sealed import seal, unsealed
from belofte.notices.answer import Case
from belofte.notices.letters import Letter, objection_letter, restriction_letter, withdrawal_letter
from belofte.policy.person import ALL_CATEGORIES
from belofte.rights import objection, restriction, withdrawal
from belofte.rights.decision import Decision
from belofte.rights.desk import Desk
from belofte.rights.intake import Intake, take_in

CHOICES = ("restriction", "objection", "withdrawal")
"""The rights that are a choice: recorded in Belofte, followed by every store."""

Purposes = Annotated[list[str], typer.Option("--purpose", help="A purpose it is about (default: every one).")]

Ground = Literal["accuracy", "unlawful", "claim", "objection"]


@dataclass(frozen=True)
class Choice:
    """What a person chooses, as she asked it; sealed, so that it can be taken up again."""

    right: str
    purposes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    ground: Ground | None = None
    marketing: bool = False

    def text(self) -> str:
        """Return the choice as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str | bytes) -> Choice:
        """Return the choice that `text` wrote."""
        found = json.loads(text)
        purposes, channels, categories = (tuple(found[name]) for name in ("purposes", "channels", "categories"))
        return cls(found["right"], purposes, channels, categories, found["ground"], found["marketing"])

    def decided(self, desk: Desk, kinds: frozenset[str], at: datetime) -> Decision:
        """Return what the choice leads to for a person of these kinds."""
        if self.right == "restriction":
            assert self.ground is not None
            asked = {one: restriction.Asked(self.ground, True) for one in self.categories}
            return restriction.decide(desk.policy, asked, at)
        if self.right == "objection":
            return objection.decide(desk.policy, kinds, at, self.purposes or None, direct_marketing_only=self.marketing)
        return withdrawal.decide(desk.policy, kinds, at, dict.fromkeys(self.purposes, self.channels or None) or None)

    def letter(self, desk: Desk, language: str, opening: Case, decision: Decision) -> Letter:
        """Return the confirmation that the person reads."""
        stopped = _titles(desk, language, (o.purpose for o in decision.outcomes if o.outcome == "granted"))
        if self.right == "objection":
            return objection_letter(
                opening, stopped, weighed=_titles(desk, language, (o.purpose for o in decision.open))
            )
        if self.right == "withdrawal":
            return withdrawal_letter(opening, stopped)
        asked = desk.policy.categories if self.categories == (ALL_CATEGORIES,) else self.categories
        known = desk.policy.categories
        return restriction_letter(opening, [known[c].title.of(language) if c in known else c for c in asked])


def _titles(desk: Desk, language: str, purposes: Iterable[str | None]) -> list[str]:
    return [desk.policy.purposes[p].title.of(language) for p in dict.fromkeys(purposes) if p is not None]


@answering
def run_restriction(
    how: Answering,
    ground: Annotated[Ground, typer.Option("--ground", help="Why (art. 18(1)(a)-(d)).")],
    category: Annotated[
        list[str], typer.Option("--category", help="Of which category (default: every one).")
    ] = NOTHING,
) -> None:
    """Keep a person's data and use it no more, per category (art. 18)."""
    _chosen(Choice("restriction", categories=tuple(category) or (ALL_CATEGORIES,), ground=ground), how)


@answering
def run_objection(
    how: Answering,
    purpose: Purposes = NOTHING,
    marketing: Annotated[
        bool, typer.Option("--marketing", help="To direct marketing only: absolute, no identity check.")
    ] = False,
) -> None:
    """Record an objection: to direct marketing it is absolute, others suspend use until they are weighed (art. 21)."""
    _chosen(Choice("objection", purposes=tuple(purpose), marketing=marketing), how)


@answering
def run_withdrawal(
    how: Answering,
    purpose: Purposes = NOTHING,
    channel: Annotated[
        list[str], typer.Option("--channel", help="Of which channel of the purpose (default: all).")
    ] = NOTHING,
) -> None:
    """Record that a person withdraws consent (art. 7(3))."""
    _chosen(Choice("withdrawal", purposes=tuple(purpose), channels=tuple(channel)), how)


def _chosen(choice: Choice, how: Answering) -> None:
    """Take in a choice, decide, record the events that follow, and confirm it."""
    with desk_of(how.directory) as desk:
        (asked,) = people(how.person, None, desk.country)
        intake = take_in(desk, choice.right, [asked], language=how.language, confirm=how.confirmed)
        seal(desk.db, desk.key, intake.request.id, "choice", choice.text().encode())
        open_tasks(desk, intake)
        if how.verified_by:
            requests.verify(desk.db, intake.request.id, how.verified_by, desk.clock())
        code = _carried_out(desk, intake, choice, how)
    if code is not Code.FINE:
        raise Ending(code)


def resume_choice(desk: Desk, request: Request, confirm: frozenset[str], how: Following) -> Code:
    """Take a choice up where it stopped: stores that answer now follow it, and nothing is recorded twice."""
    intake = taken_up(desk, request, confirm)
    choice = Choice.of(unsealed(desk.db, desk.key, request.id, "choice"))
    return _carried_out(desk, intake, choice, how)


def _carried_out(desk: Desk, intake: Intake, choice: Choice, how: Following) -> Code:
    tell_waiting(intake)
    kinds = (
        frozenset({"?"})
        if any(p.kind_unknown for p in intake.people)
        else frozenset().union(*(p.kinds for p in intake.people))
    )
    try:
        decision = choice.decided(desk, kinds, desk.clock())
    except ValueError as error:
        raise Ending(Code.INVALID, str(error)) from None
    record_closings(desk, intake, decision)
    subjects = [subject for person in intake.people for subject in person.subjects]
    # an objection that was weighed meanwhile waits no more, though it would by itself
    left = bool(_waiting(desk, intake.request, subjects)) or any(o.reason != "weighing" for o in decision.open)
    for name in looked_through(desk, intake):
        requests.progress(desk.db, intake.request.id, name, StoreState.UNDETERMINED if left else StoreState.DONE)
    if choice.right == "restriction":
        open_notices(desk, intake, None if ALL_CATEGORIES in choice.categories else choice.categories)
    language = intake.request.language
    confirm_by_letter(
        desk, intake, lambda opening: choice.letter(desk, language, opening, decision), how.out, how.encrypt
    )
    state = end(desk, intake, held_back="a verdict waits for a person's word" if left else None)
    _tell(desk, intake, decision, state, how.as_json)
    return Code.CANNOT_TELL if left else code_of(desk, intake, [])


def weigh_objection(
    desk: Desk, request: Request, upheld: frozenset[str], overruled: Mapping[str, str], as_json: bool
) -> None:
    """Record an officer's word on an objection that waits for it; the request closes when nothing waits any more."""
    intake = taken_up(desk, request)
    subjects = [subject for person in intake.people for subject in person.subjects]
    waiting = _waiting(desk, request, subjects)
    strange = sorted((upheld | overruled.keys()) - waiting)
    if strange:
        waits = ", ".join(sorted(waiting)) or "nothing"
        raise Ending(Code.INVALID, f"`{strange[0]}` does not wait for a word in this request", f"what waits: {waits}")
    asked = sorted(upheld | overruled.keys())
    kinds = frozenset().union(*(person.kinds for person in intake.people))
    try:
        decision = objection.decide(desk.policy, kinds, desk.clock(), asked, upheld=upheld, overruled=overruled)
    except ValueError as error:
        raise Ending(Code.INVALID, str(error)) from None
    record_closings(desk, intake, decision)
    left = _waiting(desk, request, subjects)
    for one in requests.stores(desk.db, request.id):
        if not left and one.state == StoreState.UNDETERMINED:
            requests.progress(desk.db, request.id, one.store, StoreState.DONE)
    state = end(desk, intake, held_back=f"an objection is being weighed: {', '.join(sorted(left))}" if left else None)
    _tell(desk, intake, decision, state, as_json)
    code = Code.CANNOT_TELL if left else code_of(desk, intake, [])
    if code is not Code.FINE:
        raise Ending(code)


def _waiting(desk: Desk, request: Request, subjects: Sequence[UUID]) -> frozenset[str]:
    """Return the purposes whose objection in this request was neither upheld nor overruled yet."""
    found: dict[str, Kind] = {}
    for events in events_of(desk.db, list(subjects), desk.clock()).values():
        for event in sorted(events, key=lambda one: one.valid_from):
            if event.purpose and event.request_id == request.id and event.kind.value.startswith("objection:"):
                found[event.purpose] = event.kind
    return frozenset(purpose for purpose, kind in found.items() if kind is Kind.OBJECTION_PENDING)


def _tell(desk: Desk, intake: Intake, decision: Decision, state: str, as_json: bool) -> None:
    outcomes = [
        {
            "purpose": o.purpose,
            "category": o.category,
            "channel": o.channel,
            "outcome": o.outcome,
            "article": o.article,
            "reason": o.reason,
        }
        for o in decision.outcomes
    ]
    if as_json:
        tasks = [
            {"id": str(t.id), "store": t.store, "state": t.state} for t in requests.tasks(desk.db, intake.request.id)
        ]
        json_result({"request": intake.request.short, "state": state, "outcomes": outcomes, "tasks": tasks})
        return
    for o in decision.outcomes:
        about = " ".join(part for part in (o.purpose, o.category, o.channel) if part)
        console().print(f"{about}: {o.outcome} (art. {o.article}) {o.words.of('en')}", markup=False)
    console().print(f"request {intake.request.short}: {state}", markup=False)

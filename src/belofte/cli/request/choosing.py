"""`belofte request restriction`, `objection`, `withdrawal`, `rectification`: what a person chooses and corrects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import typer

from belofte.choices.events import Event, Kind, Origin, record
from belofte.choices.subjects import events_of
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import (
    NOTHING,
    Confirm,
    Encrypt,
    Language,
    Out,
    Person,
    VerifiedBy,
    desk_of,
    packaging,
    people,
    say,
    value_of,
)
from belofte.cli.request.shared import code_of, end, looked_through, open_tasks, tell_waiting
from belofte.database import requests
from belofte.database.requests import Request, StoreState
from belofte.database.sealed import Shredded
from belofte.notices.answer import Case
from belofte.notices.frame import case, element_title
from belofte.notices.letters import (
    Letter,
    objection_letter,
    rectification_letter,
    restriction_letter,
    withdrawal_letter,
)
from belofte.notices.package import write_letter
from belofte.policy.person import ALL_CATEGORIES
from belofte.rights import objection, rectification, restriction, withdrawal
from belofte.rights.correcting import Correction, correct
from belofte.rights.decision import Decision
from belofte.rights.desk import Desk
from belofte.rights.intake import Intake, take_in, take_up

Purposes = Annotated[list[str], typer.Option("--purpose", help="A purpose it is about (default: every one).")]


Counts = Mapping[str, Mapping[str, int]]
"""Rows per store and table."""

Decide = Callable[[Desk, Intake, frozenset[str]], Decision]
Write = Callable[[Desk, Intake, Case, Decision], Letter]


def run_restriction(
    ground: Annotated[
        Literal["accuracy", "unlawful", "claim", "objection"], typer.Option("--ground", help="Why (art. 18(1)(a)-(d)).")
    ],
    person: Person = NOTHING,
    category: Annotated[
        list[str], typer.Option("--category", help="Of which category (default: every one).")
    ] = NOTHING,
    out: Out = None,
    verified_by: VerifiedBy = None,
    confirm: Confirm = NOTHING,
    language: Language = None,
    encrypt: Encrypt = False,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Keep a person's data and use it no more, per category (art. 18)."""
    asked = category or [ALL_CATEGORIES]

    def decide(desk: Desk, _intake: Intake, _kinds: frozenset[str]) -> Decision:
        return restriction.decide(desk.policy, {one: restriction.Asked(ground, True) for one in asked}, desk.clock())

    def write(desk: Desk, intake: Intake, opening: Case, _decision: Decision) -> Letter:
        language_ = intake.request.language
        titles = [desk.policy.categories[c].title.of(language_) if c in desk.policy.categories else c for c in asked]
        every = [found.title.of(language_) for found in desk.policy.categories.values()]
        return restriction_letter(opening, every if asked == [ALL_CATEGORIES] else titles)

    _chosen("restriction", person, decide, write, out, verified_by, confirm, language, encrypt, directory, as_json)


def run_objection(
    person: Person = NOTHING,
    purpose: Purposes = NOTHING,
    marketing: Annotated[
        bool, typer.Option("--marketing", help="To direct marketing only: absolute, no identity check.")
    ] = False,
    out: Out = None,
    verified_by: VerifiedBy = None,
    confirm: Confirm = NOTHING,
    language: Language = None,
    encrypt: Encrypt = False,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Record an objection: to direct marketing it is absolute, others suspend use until they are weighed (art. 21)."""

    def decide(desk: Desk, _intake: Intake, kinds: frozenset[str]) -> Decision:
        return objection.decide(desk.policy, kinds, desk.clock(), purpose or None, direct_marketing_only=marketing)

    def write(desk: Desk, intake: Intake, opening: Case, decision: Decision) -> Letter:
        stopped = _titles(desk, intake, (o.purpose for o in decision.outcomes if o.outcome == "granted"))
        return objection_letter(opening, stopped, weighed=_titles(desk, intake, (o.purpose for o in decision.open)))

    _chosen("objection", person, decide, write, out, verified_by, confirm, language, encrypt, directory, as_json)


def run_withdrawal(
    person: Person = NOTHING,
    purpose: Purposes = NOTHING,
    channel: Annotated[
        list[str], typer.Option("--channel", help="Of which channel of the purpose (default: all).")
    ] = NOTHING,
    out: Out = None,
    verified_by: VerifiedBy = None,
    confirm: Confirm = NOTHING,
    language: Language = None,
    encrypt: Encrypt = False,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Record that a person withdraws consent (art. 7(3))."""

    def decide(desk: Desk, _intake: Intake, kinds: frozenset[str]) -> Decision:
        asked = dict.fromkeys(purpose, channel or None) or None
        return withdrawal.decide(desk.policy, kinds, desk.clock(), asked)

    def write(desk: Desk, intake: Intake, opening: Case, decision: Decision) -> Letter:
        return withdrawal_letter(
            opening, _titles(desk, intake, (o.purpose for o in decision.outcomes if o.outcome == "granted"))
        )

    _chosen("withdrawal", person, decide, write, out, verified_by, confirm, language, encrypt, directory, as_json)


def _titles(desk: Desk, intake: Intake, purposes: Iterable[str | None]) -> list[str]:
    language = intake.request.language
    return [desk.policy.purposes[p].title.of(language) for p in dict.fromkeys(purposes) if p is not None]


def _chosen(
    right: str,
    person: Sequence[str],
    decide: Decide,
    write: Write,
    out: Path | None,
    verified_by: str | None,
    confirm: Sequence[str],
    language: str | None,
    encrypt: bool,
    directory: Path,
    as_json: bool,
) -> None:
    """Take in a choice, decide, record the events that follow, and confirm it."""
    with desk_of(directory) as desk:
        (asked,) = people(person, None, desk.country)
        intake = take_in(desk, right, [asked], language=language, confirm=frozenset(confirm))
        open_tasks(desk, intake)
        if verified_by:
            requests.verify(desk.db, intake.request.id, verified_by, desk.clock())
        tell_waiting(intake)
        kinds = (
            frozenset({"?"})
            if any(p.kind_unknown for p in intake.people)
            else frozenset().union(*(p.kinds for p in intake.people))
        )
        try:
            decision = decide(desk, intake, kinds)
        except ValueError as error:
            raise Ending(Code.INVALID, str(error)) from None
        _record(desk, intake, decision)
        reached = StoreState.UNDETERMINED if decision.open else StoreState.DONE
        for name in looked_through(desk, intake):
            requests.progress(desk.db, intake.request.id, name, reached)
        _confirm(desk, intake, decision, write, out, encrypt)
        state = end(desk, intake, held_back="a verdict waits for a person's word" if decision.open else None)
        _tell(desk, intake, decision, state, as_json)
        code = Code.CANNOT_TELL if decision.open else code_of(desk, intake, [])
    if code is not Code.FINE:
        raise Ending(code)


def weigh_objection(
    desk: Desk, request: Request, upheld: frozenset[str], overruled: Mapping[str, str], as_json: bool
) -> None:
    """Record an officer's word on an objection that waits for it; the request closes when nothing waits any more."""
    try:
        intake = take_up(desk, request)
    except Shredded as error:
        raise Ending(Code.COULD_NOT_RUN, f"request `{request.short}` cannot be taken up", str(error)) from None
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
    _record(desk, intake, decision)
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


def _record(desk: Desk, intake: Intake, decision: Decision) -> None:
    """Record what follows from a decision, for each of the person's subjects."""
    record(
        desk.db,
        (
            Event(
                c.kind,
                subject,
                decision.at,
                purpose=c.purpose,
                channel=c.channel,
                category=c.category,
                origin=Origin.REQUEST,
                request_id=intake.request.id,
            )
            for one in intake.people
            for subject in one.subjects
            for c in decision.closings
        ),
    )


def _confirm(desk: Desk, intake: Intake, decision: Decision, write: Write, out: Path | None, encrypt: bool) -> None:
    if out is None:
        return
    opening = case(
        desk.policy,
        intake.request.language,
        request=intake.request.short,
        received=intake.request.received_at.date(),
        answered=desk.today(),
    )
    with packaging(encrypt) as password:
        write_letter(out, write(desk, intake, opening, decision), password=password)
    say(f"the confirmation of request {intake.request.short} is in {out}")


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


def _counted(
    found: Mapping[str, Mapping[str, Correction]], what: Literal["changed", "annotated"]
) -> dict[str, dict[str, int]]:
    """Return store → table → rows, where there are any."""
    counts = {
        store: {table: getattr(one, what) for table, one in tables.items() if getattr(one, what)}
        for store, tables in found.items()
    }
    return {store: tables for store, tables in counts.items() if tables}


def run_rectification(
    person: Person = NOTHING,
    change: Annotated[
        list[str],
        typer.Option(
            "--change", metavar="ELEMENT=VALUE", help="What it should be; VALUE `@FILE` or `-` as in --person."
        ),
    ] = NOTHING,
    disputed: Annotated[
        bool, typer.Option("--disputed", help="Not established yet: restrict it while it is checked.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Change it; without, only what would change is shown.")] = False,
    out: Out = None,
    verified_by: VerifiedBy = None,
    confirm: Confirm = NOTHING,
    language: Language = None,
    encrypt: Encrypt = False,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Correct a value in every store that holds it; a statutory record gets an annotation instead (art. 16)."""
    wanted = dict(value_of(one).partition("=")[::2] for one in change)
    if not wanted:
        raise Ending(
            Code.COULD_NOT_RUN, "nothing is to be changed", "write `--change identity.name=-` and give the value"
        )
    with desk_of(directory) as desk:
        (asked,) = people(person, None, desk.country)
        intake = take_in(desk, "rectification", [asked], language=language, confirm=frozenset(confirm))
        open_tasks(desk, intake)
        if verified_by:
            requests.verify(desk.db, intake.request.id, verified_by, desk.clock())
        tell_waiting(intake)
        try:
            established = None if disputed else True
            decision = rectification.decide(
                desk.policy, [rectification.Change(e, "inaccurate", established) for e in wanted], desk.clock()
            )
        except ValueError as error:
            raise Ending(Code.INVALID, str(error)) from None
        _record(desk, intake, decision)
        found: dict[str, dict[str, Correction]] = {}
        try:
            if not disputed:  # a value that does not fit somewhere is refused before any store is changed
                found = correct(desk, intake, wanted, foresee=True)
            if yes and not disputed:
                found = correct(desk, intake, wanted, foresee=False)
        except ValueError as error:
            raise Ending(Code.INVALID, str(error), "nothing was changed") from None
        corrected = _counted(found, "changed")
        annotated = _counted(found, "annotated")

        def write(desk_: Desk, intake_: Intake, opening: Case, _decision: Decision) -> Letter:
            titles = [element_title(desk_.policy, intake_.request.language, one) for one in wanted]
            return rectification_letter(opening, titles, annotated=[t for tables in annotated.values() for t in tables])

        held = (
            "only shown: `--yes` changes it"
            if not yes and not disputed
            else "disputed: being checked"
            if disputed
            else None
        )
        if held is None:
            _confirm(desk, intake, decision, write, out, encrypt)
        state = end(desk, intake, held_back=held)
        _tell_corrections(intake, state, corrected, annotated, yes, as_json)
        code = Code.CHANGES if held else code_of(desk, intake, [])
    if code is not Code.FINE:
        raise Ending(code)


def _tell_corrections(
    intake: Intake, state: str, corrected: Counts, annotated: Counts, yes: bool, as_json: bool
) -> None:
    if as_json:
        json_result({"request": intake.request.short, "state": state, "corrected": corrected, "annotated": annotated})
        return
    for store, tables in corrected.items():
        for table, count in tables.items():
            done = "corrected" if yes else "would be corrected"
            console().print(f"{store}.{table}: {count} rows {done}", markup=False)
    for store, tables in annotated.items():
        for table, count in tables.items():
            console().print(f"{store}.{table}: {count} rows stay as they are, annotated", markup=False)
    console().print(f"request {intake.request.short}: {state}", markup=False)

"""What every right's verb does around its own work: tasks for manual stores, waiting records, how a request ends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from rich.table import Table

from belofte.choices.events import Event, Origin, record
from belofte.choices.subjects import events_of
from belofte.cli.ending import Code, Ending
from belofte.cli.output import console
from belofte.cli.request.asking import packaging, say
from belofte.cli.telling import tell_stores
from belofte.database import acts, requests, sweeps
from belofte.database.acts import Act
from belofte.database.requests import NotAllowed, Request, RequestState, StoreState
from belofte.database.sealed import Shredded
from belofte.notices.answer import Case, Gap
from belofte.notices.frame import case
from belofte.notices.letters import Letter
from belofte.notices.package import write_letter
from belofte.rights.decision import Decision
from belofte.rights.desk import Desk
from belofte.rights.intake import Intake, Meeting, take_up
from belofte.sharing.recipients import Whose, named_only, recipients

WORDS: Mapping[str, str] = {
    "access": "look up what {store} holds about the person of request {request}, and add a copy",
    "portability": "look up what the person of request {request} provided to {store}, and add a copy",
    "erasure": "remove what {store} holds about the person of request {request} and no duty keeps",
    "rectification": "correct what {store} holds about the person of request {request}",
    "restriction": "mark what {store} holds about the person of request {request} as restricted",
    "objection": "stop using what {store} holds about the person of request {request} for what she objects to",
    "withdrawal": "stop using what {store} holds about the person of request {request} on her consent",
}
"""The task that a manual store gets, per right."""


PASSED_ON = "tell {controller}, for whom {store} is kept, that the person of request {request} asked for {right}"
"""The task for a store that is held as processor: its controller decides (LAW 2.0 G1)."""


def open_tasks(desk: Desk, intake: Intake) -> None:
    """Give every manual store its task, and every store held for another controller that of telling it; once."""
    request = intake.request
    there = {task.store for task in requests.tasks(desk.db, request.id)}
    for name in desk.sql_stores:
        stated = desk.specs[name].map
        if (stated.all_passed_on or stated.passed_on) and name not in there:
            whom = stated.controller or "the controller"
            part = name if stated.all_passed_on else f"{', '.join(stated.passed_on)} in {name}"
            what = PASSED_ON.format(controller=whom, store=part, request=request.short, right=request.right)
            was = next(one for one in requests.stores(desk.db, request.id) if one.store == name)
            requests.open_task(desk.db, request.id, name, what)
            if not stated.all_passed_on:  # the rest of the store is ours: closing the task does not make it done
                requests.progress(desk.db, request.id, name, StoreState(was.state), reason=was.reason)
    for name in desk.manual_stores:
        if name not in there:
            what = WORDS[request.right].format(store=name, request=request.short)
            requests.open_task(desk.db, request.id, name, what)


def open_residue(desk: Desk, intake: Intake, residue: Iterable[Mapping[str, object]]) -> None:
    """Have somebody look at every place that still names the person; a request is not fulfilled before.

    The store itself stays done: its plan was carried out. What a search found besides is looked at by a person.
    """
    request = intake.request
    there = {task.what for task in requests.tasks(desk.db, request.id)}
    for one in residue:
        what = f"look at {one['table']}.{one['column']} ({one['count']} rows still name the person of {request.short})"
        if what not in there:
            requests.open_task(desk.db, request.id, str(one["store"]), what)


DONE: Mapping[str, str] = {"erasure": "erased", "rectification": "corrected", "restriction": "restricted"}
"""What a recipient is told was done (art. 19), per right."""


def open_notices(desk: Desk, intake: Intake, categories: Collection[str] | None = None) -> None:
    """Have every recipient of these people's data told what was done with it (art. 19), each once.

    `categories`: of which data; None: of any. The request is not fulfilled before, or before somebody says why not.
    """
    request = intake.request
    there = {task.recipient for task in sweeps.notices_of(desk.db, request.id)}
    for one in recipients(desk.db, whose(desk, intake), categories):
        if one.name not in there:
            has = "has" if one.hers else "may have"
            what = (
                f"tell {one.name}, which {has} data of the person of request {request.short} (received "
                f"{', '.join(one.days)}), that it was {DONE[request.right]}"
            )
            from_ = ", ".join(sorted({d.store for d in (*one.hers, *one.perhaps) if d.store}))
            at = desk.clock()
            sweeps.open_task(desk.db, "notice", from_, what, at, recipient=one.name, request=request.id)
    about = whose(desk, intake)
    held = categories if categories is not None else _categories(desk, about.stores)
    kinds = {kind for person in intake.people for kind in person.kinds} or set(desk.policy.people)
    for name in named_only(desk.db, desk.policy, kinds, held):
        if name not in there:
            what = (
                f"tell {name}, which receives such data by the policy and of which no disclosure is on record, that "
                f"the data of the person of request {request.short} was {DONE[request.right]}"
            )
            sweeps.open_task(desk.db, "notice", "", what, desk.clock(), recipient=name, request=request.id)


def _categories(desk: Desk, stores: Collection[str]) -> set[str]:
    """Return the categories of which the maps of some stores say that they hold data."""
    tables = [table for name in stores for table in desk.specs[name].map.tables.values()]
    elements = [table.row for table in tables] + [c.element for table in tables for c in table.columns.values()]
    return {element.partition(".")[0] for element in elements if element is not None}


def whose(desk: Desk, intake: Meeting) -> Whose:
    """Return the people of an intake as disclosures know them."""
    records = [record for person in intake.people for record in person.found.confirmed]
    return Whose(
        [subject for person in intake.people for subject in person.subjects],
        [desk.key.row(record.store, record.entry, record.key) for record in records],
        sorted({record.store for record in records}),
    )


def untold(desk: Desk, request: Request) -> list[str]:
    """Return the recipients that are still to be told."""
    return [str(task.recipient) for task in sweeps.notices_of(desk.db, request.id) if task.closed_at is None]


def looked_through(desk: Desk, intake: Intake) -> list[str]:
    """Return the databases that answered and are ours to answer for."""
    return [name for name in desk.sql_stores if name not in intake.silent and not desk.specs[name].map.all_passed_on]


def tell_waiting(intake: Meeting) -> None:
    """Show the records that may be hers: counted, named by key, never by value."""
    for one in intake.waiting:
        say(f"not included: {one.name} (agrees on {', '.join(one.by) or 'nothing'}): {one.why_not}")
    if intake.waiting:
        say("   look at these records; if they are hers, ask again with `--confirm RECORD` (or `--confirm all`)")
    for name, why in intake.silent.items():
        say(f"store {name} did not answer: {why.why}")


def tell_hops(intake: Meeting) -> None:
    """Show how each record was reached."""
    table = Table("store", "record", "found by", "hop", title="records of the person", title_justify="left")
    for person in intake.people:
        for one in person.found.confirmed:
            table.add_row(one.store, one.name.partition(".")[2], ", ".join(one.by), str(one.hop))
    if table.row_count:
        console().print(table)
    else:
        console().print("no record of her in any store that answered")


def gaps(desk: Desk, intake: Intake) -> tuple[Gap, ...]:
    """Return what an answer does not cover: silent stores, open tasks, data held for others, backups."""
    due = intake.request.due
    found = [Gap("unreachable", name) for name in intake.silent]
    found += [
        Gap("manual", t.store, due=due) for t in requests.tasks(desk.db, intake.request.id) if t.closed_at is None
    ]
    for name, spec in desk.specs.items():
        if spec.map.all_passed_on or spec.map.passed_on:
            words = None if spec.map.all_passed_on else ", ".join(spec.map.passed_on)
            found.append(Gap("processor", name, words=words))
        if spec.map.backups:
            found.append(Gap("backup", name, words=spec.map.backups))
    if intake.waiting:
        found += [Gap("undetermined", name) for name in dict.fromkeys(record.store for record in intake.waiting)]
    return tuple(found)


def end(desk: Desk, intake: Intake, *, held_back: str | None = None) -> str:
    """Close the request when everything is done, else leave it open with the reason; return its state.

    INVARIANT: fulfilled only when every store is done, no task is open, every recipient is told, no record waits and
    nothing is held back.
    """
    request = intake.request
    reasons = [held_back] if held_back else []
    reasons += requests.undone(desk.db, request.id)
    if intake.waiting:
        reasons.append(f"{len(intake.waiting)} records wait for an officer's word")
    if not reasons:
        try:
            requests.close(desk.db, request.id, RequestState.FULFILLED, desk.clock())
            return RequestState.FULFILLED.value
        except NotAllowed as error:
            reasons = [str(error)]
    requests.move(desk.db, request.id, RequestState.OPEN, "; ".join(dict.fromkeys(reasons)))
    return RequestState.OPEN.value


def code_of(desk: Desk, intake: Intake, states: Iterable[str]) -> Code:
    """Return the exit code: fulfilled, something still to do, or something that cannot be told yet."""
    found = {*states, *(one.state for one in requests.stores(desk.db, intake.request.id))}
    if found & {"unreachable", "undetermined", "failed"} or intake.waiting or intake.silent:
        return Code.CANNOT_TELL
    still = any(task.closed_at is None for task in requests.tasks(desk.db, intake.request.id))
    still = still or bool(untold(desk, intake.request))
    return Code.CHANGES if still or found & {"pending", "task"} else Code.FINE


def taken_up(desk: Desk, request: Request, confirm: frozenset[str] = frozenset()) -> Intake:
    """Return the intake of a request that was taken in before; what cannot be taken up ends the verb."""
    try:
        return take_up(desk, request, confirm=confirm)
    except Shredded as error:
        raise Ending(Code.COULD_NOT_RUN, f"request `{request.short}` cannot be taken up", str(error)) from None


def record_closings(desk: Desk, intake: Intake, decision: Decision) -> None:
    """Record what follows from a decision, for each of the person's subjects, once; tell the stores."""
    if not decision.closings:
        return  # nothing that a store shows by
    subjects = [subject for one in intake.people for subject in one.subjects]
    recorded = {
        (subject, e.kind, e.purpose, e.channel, e.category)
        for subject, found in events_of(desk.db, subjects, decision.at).items()
        for e in found
        if e.request_id == intake.request.id
    }
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
                evidence=c.evidence,
                origin=Origin.REQUEST,
                request_id=intake.request.id,
            )
            for subject in subjects
            for c in decision.closings
            if (subject, c.kind, c.purpose, c.channel, c.category) not in recorded
        ),
    )
    tell_stores(desk, intake)


def case_of(desk: Desk, request: Request) -> Case:
    """Return how a letter on a request opens."""
    received = request.received_at.date()
    return case(desk.policy, request.language, request=request.short, received=received, answered=desk.today())


def confirm_by_letter(
    desk: Desk, intake: Intake, write: Callable[[Case], Letter], out: Path | None, encrypt: bool
) -> None:
    """Write the confirmation of what was done, where a folder for it is given."""
    if out is None:
        return
    with packaging(encrypt) as password:
        write_letter(out, write(case_of(desk, intake.request)), password=password)
    say(f"the confirmation of request {intake.request.short} is in {out}")


def released(desk: Desk, intake: Intake, folder: Path) -> None:
    """Record that an answer left, by a digest of its files: what was in it can be shown later."""
    whole = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        with file.open("rb") as opened:
            whole.update(f"{file.relative_to(folder).as_posix()}\0".encode())
            whole.update(hashlib.file_digest(opened, "sha256").digest())
    released = {"digest": whole.hexdigest(), "request": str(intake.request.id), "right": intake.request.right}
    acts.record(desk.db, Act.ACCESS_ANSWERED, released)

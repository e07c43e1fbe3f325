"""`belofte request list`, `show`, `resume`, `weigh`, `task`, `approve`: what follows on a request."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json, staff, who
from belofte.cli.output import console, json_result
from belofte.cli.request.access import resume_copy
from belofte.cli.request.asking import NOTHING, Confirm, Following, VerifiedBy, answering, desk_of, say
from belofte.cli.request.choosing import CHOICES, resume_choice, weigh_objection
from belofte.cli.request.erasing import By, Overrule, Uphold, carry_through, resume, write_recorded
from belofte.cli.request.planning import (
    Round,
    planned,
    reasons,
    remember,
    show_to_approve,
    take_up_round,
)
from belofte.cli.request.rectifying import resume_correction
from belofte.cli.request.shared import end
from belofte.database import requests, sweeps
from belofte.database.requests import NotAllowed, Request, StoreState
from belofte.retention.replay import RIGHT
from belofte.rights.desk import Desk
from belofte.rights.intake import take_up

Name = Annotated[str, typer.Argument(metavar="REQUEST", help="The request's name, as it was shown.")]


def run_list(directory: Directory = HERE, as_json: Json = False) -> None:
    """The open requests, the most urgent first; exit 2 where one is over its term."""
    with desk_of(directory) as desk:
        found, today = requests.open_requests(desk.db), desk.today()
        if as_json:
            json_result([_document(desk, one) for one in found])
        else:
            table = Table("request", "right", "state", "due", "why open")
            for one in found:
                table.add_row(one.short, one.right, one.state, str(one.last_day), one.reason or "")
            console().print(table if found else "no open requests")
    if any(one.last_day < today for one in found):
        raise Ending(
            Code.CHANGES, "a request is over its term (art. 12(3))", "`belofte request show` says what it lacks"
        )


@answering
def run_show(how: Following, name: Name) -> None:
    """One request: its state, its stores, its tasks; with --out, the report on an erasure as it stands now."""
    with desk_of(how.directory) as desk:
        request = _named(desk, name)
        if how.out is not None:
            write_recorded(desk, request, how)
        found = _document(desk, request)
        stores, tasks = requests.stores(desk.db, request.id), requests.tasks(desk.db, request.id)
        notices = sweeps.notices_of(desk.db, request.id)
    if how.as_json:
        json_result(found)
        return
    for key, value in found.items():
        if isinstance(value, dict | list):
            continue
        if value is not None:
            shown = value.strftime("%Y-%m-%d %H:%M UTC") if isinstance(value, datetime) else value
            console().print(f"{key.replace('_', ' ')}: {shown}", markup=False)
    for one in stores:
        console().print(f"store {one.store}: {one.state}{f' ({one.reason})' if one.reason else ''}", markup=False)
    for task in tasks:
        closed = f" by {task.closed_by}" if task.closed_by else ""
        console().print(f"task {task.id}: {task.state}{closed}: {task.what}", markup=False)
    for notice in notices:
        console().print(f"recipient {notice.recipient}: {notice.evidence or 'open'}: {notice.what}", markup=False)


def _named(desk: Desk, name: str) -> Request:
    found = requests.by_name(desk.db, name)
    if found is None:
        raise Ending(Code.INVALID, f"there is no request `{name}`", "`belofte request list` names the open ones")
    return found


def _document(desk: Desk, request: Request) -> dict[str, object]:
    return {
        "request": request.short,
        "right": request.right,
        "state": request.state,
        "received": request.received_at,
        "due": request.last_day,
        "verified_by": request.verified_by,
        "reason": request.reason,
        "stores": {
            one.store: {"state": one.state, "reason": one.reason} for one in requests.stores(desk.db, request.id)
        },
        "tasks": [
            {"id": str(t.id), "store": t.store, "what": t.what, "state": t.state, "closed_by": t.closed_by}
            for t in requests.tasks(desk.db, request.id)
        ],
        "recipients": [
            {"id": str(t.id), "recipient": t.recipient, "what": t.what, "closed_by": t.closed_by, "how": t.evidence}
            for t in sweeps.notices_of(desk.db, request.id)
        ],
    }


@answering
def run_resume(
    how: Following,
    name: Name,
    by: By = None,
    yes: Annotated[bool, typer.Option("--yes", help="Carry out a plan that is made anew, once it was shown.")] = False,
    confirm: Confirm = NOTHING,
    verified_by: VerifiedBy = None,
) -> None:
    """Take up a request where it stopped: what is done in a store is never done twice."""
    with desk_of(how.directory) as desk:
        try:
            if _answered(desk, name, how.as_json):
                return
            if verified_by and _named(desk, name).verified_by is None:
                requests.verify(desk.db, _named(desk, name).id, verified_by, desk.clock())
            code = _resumed(desk, name, frozenset(confirm), yes, who(by), how)
        except (NotAllowed, Ending):
            if _answered(desk, name, how.as_json):  # somebody else took it up meanwhile, and finished
                return
            raise
    if code is not Code.FINE:
        raise Ending(code)


def _resumed(desk: Desk, name: str, confirm: frozenset[str], yes: bool, by: str, how: Following) -> Code:
    request = _named(desk, name)
    if request.right in ("erasure", RIGHT):
        return resume(desk, name, confirm, yes, by, how)
    if request.right == "rectification":
        return resume_correction(desk, request, confirm, how)
    if request.right in CHOICES:
        return resume_choice(desk, request, confirm, how)
    return resume_copy(desk, request, confirm, how)


def _answered(desk: Desk, name: str, as_json: bool) -> bool:
    """Return whether a request has its answer; tell it then."""
    found = _named(desk, name)
    if found.closed_at is None:
        return False
    if as_json:
        json_result(_document(desk, found))
    else:
        console().print(f"request {found.short}: {found.state}", markup=False)
    return True


@answering
def run_weigh(
    how: Following,
    name: Name,
    uphold: Uphold = NOTHING,
    overrule: Overrule = NOTHING,
    by: By = None,
) -> None:
    """Decide objections that wait for a person's word, and carry out what follows."""
    if not uphold and not overrule:
        raise Ending(Code.INVALID, "no word is given", "write `--uphold PURPOSE` or `--overrule PURPOSE=REASON`")
    with desk_of(how.directory) as desk:
        if _named(desk, name).right == "objection":
            weigh_objection(desk, _named(desk, name), frozenset(uphold), reasons(overrule), how.as_json)
            return
        intake, before, _ = take_up_round(desk, name)
        word = Round(desk.clock(), before.upheld | set(uphold), {**before.overruled, **reasons(overrule)})
        made = planned(desk, intake, word)
        remember(desk, intake, word, made)
        code = carry_through(desk, intake, made, who(by), how)
    if code is not Code.FINE:
        raise Ending(code)


def run_task(
    task: Annotated[str, typer.Argument(metavar="TASK", help="The task's id, as `request show` names it.")],
    evidence: Annotated[str, typer.Option("--evidence", help="What shows that it was done: a file's name, a note.")],
    by: By = None,
    directory: Directory = HERE,
) -> None:
    """Close a task of a manual store with evidence; the request closes when nothing else is open."""
    with desk_of(directory) as desk:
        try:
            found = next(one for one in requests.open_tasks(desk.db) if one.id == UUID(task))
        except (ValueError, StopIteration):
            raise Ending(
                Code.INVALID, f"there is no open task `{task}`", "`belofte request show REQUEST` names them"
            ) from None
        try:
            requests.close_task(desk.db, found.id, who(by), {"note": evidence}, desk.clock())
        except NotAllowed as error:
            raise Ending(Code.COULD_NOT_RUN, str(error)) from None
        waits = any(
            one.store == found.store and one.state == StoreState.TASK
            for one in requests.stores(desk.db, found.request_id)
        )
        left = [t for t in requests.tasks(desk.db, found.request_id) if t.store == found.store and t.closed_at is None]
        if waits and not left:
            requests.progress(desk.db, found.request_id, found.store, StoreState.DONE)
        intake = take_up(desk, requests.by_id(desk.db, found.request_id))
        console().print(f"request {intake.request.short}: {end(desk, intake)}", markup=False)


def run_approve(
    name: Name,
    by: Annotated[str, staff("Who approves; not who runs it.")],
    digest: Annotated[
        str | None, typer.Option("--digest", help="The digest of the plan that was shown; without it, it is shown.")
    ] = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Approve, as a second person, a plan that lets go of more people than the policy's share: shows it first."""
    with desk_of(directory) as desk:
        intake, round_, made = take_up_round(desk, name)
        now = made.plan.digest.hex()
        if digest != now:
            changed = round_.changed(made.plan)
            if changed:
                say(f"this is not the plan that was asked for; changed since: {', '.join(changed)}")
            show_to_approve(intake, made, as_json)
        if digest is None:
            raise Ending(
                Code.CHANGES,
                f"request {name}: not approved yet; this is what it does",
                f"approve exactly this with `belofte request approve {name} --by {by} --digest {now}`",
            )
        if digest != now:
            raise Ending(
                Code.CHANGES,
                f"request {name}: not approved: `{digest}` is not the plan's digest any more",
                "look at what is planned now, and approve that",
            )
        requests.approve(desk.db, by, made.plan.digest, request=intake.request.id)
    if as_json:
        json_result({"request": intake.request.short, "state": "approved", "digest": now, "by": by})
    else:
        console().print(f"request {name}: approved by {by}", markup=False)

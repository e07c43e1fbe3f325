"""`belofte incident list | show`: the register, what the law still asks, and how much of the 72 hours is left."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.database import incidents
from belofte.incidents.breach import Breach
from belofte.incidents.entry import NAMES, Affected
from belofte.incidents.register import breach, register
from belofte.law.term import CIVIL
from belofte.policy.model import Policy


def run_list(directory: Directory = HERE, as_json: Json = False) -> None:
    """The breach register (art. 33(5)), the oldest first; exit 2 where the 72 hours are over and nobody was told."""
    with desk_of(directory) as desk:
        now, found = desk.clock(), register(desk.db)
        if as_json:
            json_result([document(desk.policy, one, now) for one in found])
        else:
            for one in found:
                console().print(line(one, now), markup=False)
            if not found:
                console().print("no breaches")
    if any(is_over(one, now) for one in found):
        raise Ending(Code.CHANGES)


def run_show(
    name: Annotated[str, typer.Argument(metavar="BREACH", help="The breach's name, as the register shows it.")],
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Everything in the register about a breach, what the law still asks, and the history of its entries."""
    with desk_of(directory) as desk:
        incident = incidents.by_name(desk.db, name)
        if incident is None:
            raise Ending(Code.INVALID, f"there is no breach `{name}`", "`belofte incident list` shows the register")
        one, now = breach(desk.db, incident), desk.clock()
        if as_json:
            json_result(document(desk.policy, one, now))
        else:
            _show(one, now)
    if is_over(one, now):
        raise Ending(Code.CHANGES)


def is_over(one: Breach, now: datetime) -> bool:
    """Return whether the 72 hours are over and the authority has heard nothing."""
    left = one.left(now)
    return left is not None and left.total_seconds() < 0


def line(one: Breach, now: datetime) -> str:
    """Return where a breach stands, in one line."""
    parts = [f"breach {one.short} ({one.facts.title}): {one.state}"]
    if one.risk is not None:
        parts.append(f"risk {one.risk}")
    left = one.left(now)
    if left is not None:
        hours = left.total_seconds() / 3600
        parts.append(f"{hours:.0f} hours left to notify" if hours >= 0 else f"{-hours:.0f} hours too late to notify")
    if one.untold:
        parts.append(f"to be told: {', '.join(one.untold)}")
    return ", ".join(parts)


def document(policy: Policy, one: Breach, now: datetime) -> dict[str, object]:
    """Return a breach with everything of art. 33(3) and 33(5), as JSON."""
    left = one.left(now)
    officer = policy.organisation.officer
    contact = officer.contact if officer is not None and officer.name else policy.organisation.contact
    return {
        "breach": one.short,
        "state": one.state,
        "recorded_at": one.recorded_at,
        "facts": one.facts.document(),
        "contact": contact.model_dump(exclude_none=True),
        "affected": {
            "people": one.people, "records": one.records,
            "stores": {store: each.said.document() for store, each in one.affected.items()},
        },
        "assessment": one.assessment.document() if one.assessment is not None else None,
        "decision": one.decision.document() if one.decision is not None else None,
        "duties": [
            {"code": duty.code, "article": duty.article, "says": duty.words.en, "due": duty.due} for duty in one.duties
        ] if one.state != "closed" else [],
        "clock": {
            "due": one.due, "runs": one.runs,
            "hours_left": round(left.total_seconds() / 3600, 2) if left is not None else None,
        },
        "to_tell": one.to_tell,
        "untold": one.untold,
        "follow_ups": [{"number": todo.number, **todo.said.document()} for todo in one.open_follow_ups],
        "entries": [
            {"number": each.number, "kind": NAMES[type(each.said)], "by": each.by, "at": each.at,
             "said": each.said.document()}
            for each in one.entered
        ],
    }  # fmt: skip


def _show(one: Breach, now: datetime) -> None:
    out = console()
    out.print(line(one, now), markup=False)
    if one.due is not None:
        out.print(f"   72 hours from awareness: {one.due.astimezone(CIVIL):%Y-%m-%d %H:%M %Z}", markup=False)
    for name, value in one.facts.document().items():
        said = ", ".join(value) if isinstance(value, list) else value
        out.print(f"   {name.replace('_', ' ')}: {said}", markup=False)
    for each in one.affected.values():
        show_affected(each.said)
    if one.state != "closed":
        for duty in one.duties:
            out.print(f"   to do: {duty.words.en} (art. {duty.article})", markup=False)
    for todo in one.open_follow_ups:
        due = f", by {todo.said.due}" if todo.said.due else ""
        out.print(f"   follow-up {todo.number}: {todo.said.what} ({todo.said.owner}{due})", markup=False)
    table = Table("entry", "what", "by", "at")
    for entry in one.entered:
        at = entry.at.astimezone(CIVIL)
        table.add_row(str(entry.number), NAMES[type(entry.said)], entry.by, f"{at:%Y-%m-%d %H:%M}")
    out.print(table)


def show_affected(found: Affected) -> None:
    """Show whose data was touched in a store: how many, of which kind, of which categories; never who."""
    out = console()
    if found.state == "cannot-tell":
        out.print(f"   store {found.store}: cannot tell: {found.because}", markup=False)
        return
    about = "about " if found.state == "estimated" else ""
    kinds = ", ".join(f"{count} {kind}" for kind, count in found.kinds.items())
    said = f"   store {found.store}: {about}{found.people} people" + (f" ({kinds})" if kinds else "")
    out.print(f"{said}, {found.records} records", markup=False)
    for category, counted in found.categories.items():
        special = ", a special category" if counted.special else ""
        out.print(f"      {category}: {counted.people} people, {counted.records} records{special}", markup=False)
    if found.nobody:
        out.print(f"      {found.nobody} records lead to nobody: look at them", markup=False)

"""What the verbs on complaints share: which complaint, and how it is shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.output import console, json_result
from belofte.database import complaints
from belofte.database.complaints import Complaint
from belofte.database.open import Database
from belofte.incidents.complaints import is_late, is_over
from belofte.law.term import CIVIL

Name = Annotated[str, typer.Argument(metavar="COMPLAINT", help="The complaint's name, as the register shows it.")]


def found(db: Database, name: str) -> Complaint:
    """Return the complaint that people call so; there is one, or the verb ends."""
    one = complaints.by_name(db, name)
    if one is None:
        raise Ending(Code.INVALID, f"there is no complaint `{name}`", "`belofte complaint list` shows the register")
    return one


def tell(one: Complaint, today: date, as_json: bool) -> None:
    """Say where a complaint stands."""
    if as_json:
        json_result(document(one, today))
    else:
        console().print(line(one, today), markup=False)


def line(one: Complaint, today: date) -> str:
    """Return where a complaint stands, in one line."""
    about = f" ({one.about})" if one.about else ""
    said = f"complaint {one.short}{about}: {one.state}"
    if one.closed_at is not None:
        came_to = f"request {one.request}" if one.request is not None else one.outcome
        return f"{said}, {came_to}" + (", its term of keeping is over" if is_over(one, today) else "")
    days = (one.due - today).days
    return f"{said}, " + (f"{-days} days too late" if is_late(one, today) else f"{days} days left to answer")


def document(one: Complaint, today: date) -> dict[str, object]:
    """Return a complaint as a JSON document; what was written is not in it."""
    return {
        "complaint": one.short,
        "state": one.state,
        "way": one.way,
        "about": one.about,
        "language": one.language,
        "received": _local(one.received_at),
        "due": one.due,
        "late": is_late(one, today),
        "acknowledged": _local(one.acknowledged_at),
        "outcome": one.outcome,
        "request": one.request,
        "answered": _local(one.closed_at),
        "answered_by": one.answered_by,
        "keep_until": one.keep_until,
    }


def _local(at: datetime | None) -> datetime | None:
    """Return a moment as the company's own clock had it: what came on a day shows that day."""
    return at.astimezone(CIVIL) if at is not None else None

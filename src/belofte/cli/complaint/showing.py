"""`belofte complaint list | show`: the register, and how much of each term is left."""

from __future__ import annotations

from typing import Annotated

import typer

from belofte.cli.complaint.shared import Name, document, found, line
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.database import complaints
from belofte.database.complaints import Complaint
from belofte.incidents.complaints import Said, is_late, is_over, said
from belofte.law.term import CIVIL


def run_list(directory: Directory = HERE, as_json: Json = False) -> None:
    """The register of complaints, the oldest first; exit 2 where one is late, or to be erased."""
    with desk_of(directory) as desk:
        today, found_ = desk.today(), complaints.register(desk.db)
    if as_json:
        json_result([document(one, today) for one in found_])
    else:
        for one in found_:
            console().print(line(one, today), markup=False)
        if not found_:
            console().print("no complaints")
    if any(is_late(one, today) or is_over(one, today) for one in found_):
        raise Ending(Code.CHANGES)


def run_show(
    name: Name,
    words: Annotated[
        bool, typer.Option("--words", help="Also what was written and answered, and who to answer: it is unsealed.")
    ] = False,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """One complaint: how and when it came, its term, its answer; with --words what is sealed of it."""
    with desk_of(directory) as desk:
        one, today = found(desk.db, name), desk.today()
        opened = said(desk.db, desk.key, one) if words else None
    if as_json:
        json_result(document(one, today) | (_sealed(opened) if opened is not None else {}))
    else:
        console().print(line(one, today), markup=False)
        _show(one, opened)
    if is_late(one, today):
        raise Ending(Code.CHANGES)


def _sealed(opened: Said) -> dict[str, object]:
    who = [f"{kind}={normal}" for kind, normal in opened.who]
    return {"words": opened.words, "who": who, "answer": opened.answer}


def _show(one: Complaint, opened: Said | None) -> None:
    def say(text: str) -> None:
        console().print(f"   {text}", markup=False)

    say(f"came by {one.way} on {one.received_at.astimezone(CIVIL):%Y-%m-%d}, recorded by {one.recorded_by}")
    say(f"to be answered by {one.due}, in the language {one.language}")
    if one.acknowledged_at is not None:
        say(f"acknowledged on {one.acknowledged_at.astimezone(CIVIL):%Y-%m-%d} by {one.acknowledged_by}")
    if one.closed_at is not None:
        say(f"answered on {one.closed_at.astimezone(CIVIL):%Y-%m-%d} by {one.answered_by}; kept until {one.keep_until}")
    if opened is not None:
        who = ", ".join(f"{kind} {normal}" for kind, normal in opened.who)
        words = opened.words or "what was written does not open with this company's key"
        for what, text in (("who", who), ("words", words), ("answer", opened.answer)):
            if text:
                say(f"{what}: {text}")

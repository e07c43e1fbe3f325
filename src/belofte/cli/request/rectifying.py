"""`belofte request rectification`: a value corrected in every store that holds it (art. 16)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Literal

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import NOTHING, Answering, Following, answering, desk_of, people, value_of
from belofte.cli.request.shared import (
    code_of,
    confirm_by_letter,
    end,
    open_notices,
    open_tasks,
    record_closings,
    taken_up,
    tell_waiting,
)
from belofte.database import requests
from belofte.database.requests import Request
from belofte.database.sealed import Shredded, seal, unsealed
from belofte.notices.answer import Case
from belofte.notices.frame import element_title
from belofte.notices.letters import Letter, rectification_letter
from belofte.rights import rectification
from belofte.rights.correcting import Correction, correct
from belofte.rights.desk import Desk
from belofte.rights.intake import Intake, take_in

CHANGE = "change"
"""The name under which what is to be changed is sealed."""

Counts = Mapping[str, Mapping[str, int]]
"""Rows per store and table."""


def _counted(
    found: Mapping[str, Mapping[str, Correction]], what: Literal["changed", "annotated"]
) -> dict[str, dict[str, int]]:
    """Return store → table → rows, where there are any."""
    counts = {
        store: {table: getattr(one, what) for table, one in tables.items() if getattr(one, what)}
        for store, tables in found.items()
    }
    return {store: tables for store, tables in counts.items() if tables}


@answering
def run(
    how: Answering,
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
) -> None:
    """Correct a value in every store that holds it; a statutory record gets an annotation instead (art. 16)."""
    wanted = dict(value_of(one).partition("=")[::2] for one in change)
    if not wanted:
        raise Ending(Code.INVALID, "nothing is to be changed", "write `--change identity.name=-` and give the value")
    with desk_of(how.directory) as desk:
        (asked,) = people(how.person, None, desk.country)
        intake = take_in(desk, "rectification", [asked], language=how.language, confirm=how.confirmed)
        open_tasks(desk, intake)
        if how.verified_by:
            requests.verify(desk.db, intake.request.id, how.verified_by, desk.clock())
        code = _corrected(desk, intake, wanted, disputed, yes, how)
    if code is not Code.FINE:
        raise Ending(code)


def resume_correction(desk: Desk, request: Request, confirm: frozenset[str], how: Following) -> Code:
    """Take a correction up where it stopped: stores that answer now are corrected, each once."""
    before = taken_up(desk, request)
    intake = taken_up(desk, request, confirm) if confirm else before
    try:
        sealed = json.loads(unsealed(desk.db, desk.key, request.id, CHANGE))
    except Shredded:
        raise Ending(
            Code.COULD_NOT_RUN,
            f"the correction of request `{request.short}` was only shown, or is disputed",
            "ask for it with `--yes`, once it is established",
        ) from None
    round_ = sealed["round"] + int(intake.confirmed != before.confirmed)
    return _corrected(desk, intake, sealed["wanted"], False, True, how, round_)


def _corrected(
    desk: Desk, intake: Intake, wanted: Mapping[str, str], disputed: bool, yes: bool, how: Following, round_: int = 0
) -> Code:
    tell_waiting(intake)
    try:
        established = None if disputed else True
        decision = rectification.decide(
            desk.policy, [rectification.Change(e, "inaccurate", established) for e in wanted], desk.clock()
        )
    except ValueError as error:
        raise Ending(Code.INVALID, str(error)) from None
    record_closings(desk, intake, decision)
    found: dict[str, dict[str, Correction]] = {}
    try:
        if not disputed:  # a value that does not fit somewhere is refused before any store is changed
            found = correct(desk, intake, wanted, foresee=True)
        if yes and not disputed:
            sealed = json.dumps({"wanted": dict(wanted), "round": round_})
            seal(desk.db, desk.key, intake.request.id, CHANGE, sealed.encode())
            found = correct(desk, intake, wanted, foresee=False, step=f"correct-{round_}" if round_ else "correct")
    except ValueError as error:
        raise Ending(Code.INVALID, str(error), "nothing was changed") from None
    corrected, annotated = _counted(found, "changed"), _counted(found, "annotated")
    if yes and any(tables for tables in corrected.values()):
        open_notices(desk, intake, {element.partition(".")[0] for element in wanted})

    def write(opening: Case) -> Letter:
        titles = [element_title(desk.policy, intake.request.language, one) for one in wanted]
        return rectification_letter(opening, titles, annotated=[t for tables in annotated.values() for t in tables])

    held = "disputed: being checked" if disputed else None if yes else "only shown: `--yes` changes it"
    if held is None:
        confirm_by_letter(desk, intake, write, how.out, how.encrypt)
    state = end(desk, intake, held_back=held)
    _tell_corrections(intake, state, corrected, annotated, yes, how.as_json)
    return Code.CHANGES if held else code_of(desk, intake, [])


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

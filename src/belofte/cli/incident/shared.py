"""What the verbs on breaches share: which breach, moments as people write them, and everything that is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from belofte.choices.moments import NoMoment, moment
from belofte.cli.ending import Code, Ending
from belofte.cli.incident.showing import document, line
from belofte.cli.options import staff, who
from belofte.cli.output import console, json_result, show_error
from belofte.cli.request.asking import AtDesk
from belofte.database import incidents
from belofte.database.incidents import Incident
from belofte.database.open import Database
from belofte.incidents.allowed import Refusal
from belofte.incidents.breach import Breach
from belofte.incidents.entry import Said
from belofte.incidents.register import Refused, entered
from belofte.rights.desk import Desk

Name = Annotated[str, typer.Argument(metavar="BREACH", help="The breach's name, as the register shows it.")]
By = Annotated[str | None, staff("Who enters this (default: the account).")]
Because = Annotated[str, typer.Option("--because", help="The reasons: they stay in the register.")]


@dataclass(frozen=True)
class Entering(AtDesk):
    """The options of a verb that enters something in a register: who does, and those of every verb."""

    by: By = None


def found(db: Database, name: str) -> Incident:
    """Return the breach that people call so; there is one, or the verb ends."""
    incident = incidents.by_name(db, name)
    if incident is None:
        raise Ending(Code.INVALID, f"there is no breach `{name}`", "`belofte incident list` shows the register")
    return incident


def moments(given: Mapping[str, str | None]) -> dict[str, datetime | None]:
    """Return the moments that options give; `Refused` with all that are none."""
    read: dict[str, datetime | None] = {}
    wrong: list[Refusal] = []
    for option, text in given.items():
        try:
            read[option] = moment(text) if text is not None else None
        except NoMoment:
            mend = "write `2026-04-03` or `2026-04-03T16:20`, with a zone where it is not Belgium's"
            wrong.append(Refusal(f"`{option}` is no day and no moment", mend))
    if wrong:
        raise Refused(wrong)
    return read


@contextmanager
def refusing(as_json: bool) -> Iterator[None]:
    """Let what is refused end the verb, with everything that stands against it."""
    try:
        yield
    except Refused as refused:
        if as_json:
            json_result({"problems": [{"summary": one.why, "advice": one.mend} for one in refused.reasons]})
        for one in refused.reasons:
            show_error(one.why, one.mend)
        raise Ending(Code.INVALID) from None


def enter(desk: Desk, name: str, said: Said, by: str | None, as_json: bool) -> None:
    """Enter something about a breach, and say where it stands then."""
    with refusing(as_json):
        tell(desk, entered(desk.db, found(desk.db, name), said, who(by), desk.clock()), as_json)


def tell(desk: Desk, breach: Breach, as_json: bool) -> None:
    """Say where a breach stands."""
    now = desk.clock()
    if as_json:
        json_result(document(desk.policy, breach, now))
        return
    console().print(line(breach, now), markup=False)
    for duty in breach.duties if breach.state != "closed" else ():
        console().print(f"   {duty.words.en} (art. {duty.article})", markup=False)

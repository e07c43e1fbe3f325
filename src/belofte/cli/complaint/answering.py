"""`belofte complaint answer | letter | erase`: what came of a complaint, told with the authority's address; its end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from belofte.cli.complaint.shared import Name, found, tell
from belofte.cli.ending import Code, Ending
from belofte.cli.incident.shared import Entering, refusing
from belofte.cli.options import HERE, Directory, Json, who
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import Encrypt, answering, desk_of, packaging, text_of
from belofte.database import requests
from belofte.database.complaints import Complaint
from belofte.incidents import complaints
from belofte.incidents.allowed import Refusal
from belofte.incidents.complaints import Outcome, said
from belofte.incidents.register import Refused
from belofte.law.term import civil_day
from belofte.notices.complaint import acknowledgement, outcome_letter, request_letter
from belofte.notices.frame import case
from belofte.notices.letters import Letter
from belofte.notices.package import write_letter
from belofte.rights.desk import Desk


@answering
def run_answer(
    how: Entering,
    name: Name,
    outcome: Annotated[
        Outcome | None, typer.Option("--outcome", help="What came of it: upheld, partly, rejected.")
    ] = None,
    words: Annotated[
        Path | None,
        typer.Option("--words", metavar="FILE", help="What is answered, in her language; `-` is standard input."),
    ] = None,
    request: Annotated[
        str | None, typer.Option("--request", metavar="REQUEST", help="It asks for a right: the request it became.")
    ] = None,
) -> None:
    """Record the answer to a complaint with its outcome, or which request it became; `letter` writes it."""
    with desk_of(how.directory) as desk, refusing(how.as_json):
        one, now = found(desk.db, name), desk.clock()
        if request is not None and outcome is None and words is None:
            one = complaints.become(desk.db, desk.policy, one, request, who(how.by), now)
        elif request is None and outcome is not None and words is not None:
            one = complaints.answer(desk.db, desk.key, desk.policy, one, outcome, text_of(words), who(how.by), now)
        else:
            mend = "`--outcome …` with `--words FILE`, or `--request NAME` where it asks for a right"
            raise Refused([Refusal("it is not said what came of it", mend)])
        tell(one, desk.today(), how.as_json)


def run_letter(
    name: Name,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder: the letter as a page and a text.")],
    encrypt: Encrypt = False,
    directory: Directory = HERE,
) -> None:
    """Write to whoever complains, in her language: that it came, what came of it, or that it is a request."""
    with desk_of(directory) as desk:
        one = found(desk.db, name)
        letter = _letter(desk, one)
        with packaging(encrypt) as password:
            write_letter(out, letter, password=password)
    console().print(f"the letter on complaint {one.short} is in {out}", markup=False)


def _letter(desk: Desk, one: Complaint) -> Letter:
    came = civil_day(one.received_at)
    opening = case(desk.policy, one.language, request=one.short, received=came, answered=desk.today())
    request = requests.by_name(desk.db, one.request) if one.request is not None else None
    if request is not None:
        return request_letter(opening, request.short, request.last_day)
    if one.outcome is not None:
        answer = said(desk.db, desk.key, one).answer
        if answer is None:
            raise Ending(Code.COULD_NOT_RUN, "what was answered does not open with this company's key", "restore it")
        return outcome_letter(opening, one.outcome, answer)
    return acknowledgement(opening, one.due)


def run_erase(directory: Directory = HERE, as_json: Json = False) -> None:
    """Erase the complaints whose term of keeping is over, with all that was written; run it from your scheduler."""
    with desk_of(directory) as desk:
        gone = complaints.let_go(desk.db, desk.today())
    if as_json:
        json_result({"erased": [one.short for one in gone]})
    else:
        console().print(f"{len(gone)} complaints erased")

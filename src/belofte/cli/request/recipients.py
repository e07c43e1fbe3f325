"""`belofte request told`: the recipients of a person's data are told what was done with it (GDPR art. 19)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.options import who
from belofte.cli.output import console
from belofte.cli.request.asking import Following, answering, desk_of, packaging
from belofte.cli.request.erasing import By
from belofte.cli.request.following import Name
from belofte.cli.request.rectifying import CHANGE
from belofte.cli.request.shared import case_of, end, taken_up, untold, whose
from belofte.database import requests, sweeps
from belofte.database.disclosures import Disclosure
from belofte.database.requests import Request
from belofte.database.sealed import Shredded, unsealed
from belofte.notices.frame import element_title
from belofte.notices.letters import Letter, Sent, recipient_letter
from belofte.notices.package import write_letter
from belofte.rights.desk import Desk
from belofte.rights.intake import Intake
from belofte.sharing.recipients import Received, received_by

Recipient = Annotated[str | None, typer.Argument(metavar="[RECIPIENT]", help="Who was told, as it is listed.")]
Evidence = Annotated[str | None, typer.Option("--evidence", help="What shows that it was told; or why it cannot be.")]
WhyNot = Annotated[
    Literal["impossible", "disproportionate"] | None,
    typer.Option("--why-not", help="It is not told: impossible, or out of all proportion; --evidence says why."),
]


@answering
def run(
    how: Following, name: Name, recipient: Recipient = None, evidence: Evidence = None, why_not: WhyNot = None,
    by: By = None,
) -> None:  # fmt: skip
    """Who received her data and is to be told (art. 19): the letters, and the word that one was told, or why not."""
    with desk_of(how.directory) as desk:
        request = requests.by_name(desk.db, name)
        if request is None:
            raise Ending(Code.INVALID, f"there is no request `{name}`", "`belofte request list` names the open ones")
        if recipient is not None:
            _close(desk, request, recipient, evidence, why_not, who(by))
        elif how.out is not None:
            _write(desk, request, how.out, how.encrypt)
        for task in sweeps.notices_of(desk.db, request.id):
            console().print(f"{task.recipient}: {task.evidence or 'to be told'}: {task.what}", markup=False)
        left = untold(desk, request)
        if not left:
            console().print("nobody is to be told", markup=False)
    if left:
        raise Ending(Code.CHANGES)


def _close(
    desk: Desk, request: Request, recipient: str, evidence: str | None, why_not: str | None, by: str
) -> None:  # fmt: skip
    """Record that a recipient was told, or why not, and close the request when nothing else is open."""
    if not evidence or not evidence.strip():
        raise Ending(Code.INVALID, "nothing shows it", "say what does, or why it cannot be: `--evidence …`")
    task = next(
        (t for t in sweeps.notices_of(desk.db, request.id) if t.recipient == recipient and not t.closed_at), None
    )
    if task is None:
        listed = ", ".join(untold(desk, request)) or "nobody"
        raise Ending(Code.INVALID, f"`{recipient}` is not to be told", f"to be told: {listed}")
    sweeps.close_task(desk.db, task.id, by, f"{why_not or 'told'}: {evidence.strip()}", desk.clock())
    if requests.by_id(desk.db, request.id).closed_at is None:
        state = end(desk, taken_up(desk, request))
        console().print(f"request {request.short}: {state}", markup=False)


def _write(desk: Desk, request: Request, out: Path, encrypt: bool) -> None:
    """Write a letter for every recipient that is still to be told, each in a folder of its own."""
    intake = taken_up(desk, request)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    with packaging(encrypt) as password:
        for number, recipient in enumerate(untold(desk, request), 1):
            write_letter(out / str(number), _letter(desk, intake, recipient), password=password)
            console().print(f"the letter to {recipient} is in {out / str(number)}", markup=False)


def _letter(desk: Desk, intake: Intake, recipient: str) -> Letter:
    request, policy = intake.request, desk.policy
    found = received_by(desk.db, whose(desk, intake), recipient)
    words = sorted({word for person in intake.people for word in person.words})
    values = [f"{element_title(policy, request.language, e)}: {v}" for e, v in _changed(desk, request).items()]
    return recipient_letter(case_of(desk, request), request.right, _sent(desk, request.language, found), words, values)


def _sent(desk: Desk, language: str, found: Received) -> list[Sent]:
    def sent(one: Disclosure, extract: bool) -> Sent:
        purpose, known = desk.policy.purposes.get(one.purpose), desk.policy.categories
        titles = [known[c].title.of(language) if c in known else c for c in one.categories]
        return Sent(
            one.disclosed_at.date(), purpose.title.of(language) if purpose else one.purpose, ", ".join(titles),
            one.digest.hex()[:16], extract,
        )  # fmt: skip

    return [*(sent(one, False) for one in found.hers), *(sent(one, True) for one in found.perhaps)]


def _changed(desk: Desk, request: Request) -> Mapping[str, str]:
    """Return what was corrected, and to what."""
    if request.right != "rectification":
        return {}
    try:
        return cast(Mapping[str, str], json.loads(unsealed(desk.db, desk.key, request.id, CHANGE))["wanted"])
    except Shredded:
        return {}

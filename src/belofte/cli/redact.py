"""`belofte disclosure redact`: take back what was written freely of a disclosure, and keep that it was.

A ground or an order may name somebody who is erased since; of a disclosure about many nobody but a person can tell.
Exit 0 · 3 there is no such disclosure, or it says just that already.
"""

from __future__ import annotations

from typing import Annotated

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.incident.shared import By
from belofte.cli.options import HERE, Directory, Json, who
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.database.disclosures import NotRedacted, redact

Number = Annotated[
    int, typer.Argument(metavar="NUMBER", help="The disclosure's number, as `belofte sharing` shows it.")
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Why; it names nobody, and stays.")]
Ground = Annotated[str, typer.Option("--ground", metavar="TEXT", help="What its ground says from now on.")]
Order = Annotated[str | None, typer.Option("--order", metavar="TEXT", help="What its order says (default: nothing).")]


def run(
    number: Number, why: Why, ground: Ground = "redacted", order: Order = None, by: By = None,
    directory: Directory = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Take back what was written freely of a disclosure: its ground and its order; the rest of it stays."""
    if not why.strip() or not ground.strip():
        raise Ending(Code.INVALID, "it is not said why, or what the ground is then", "`--why TEXT`; `--ground TEXT`")
    with desk_of(directory) as desk:
        try:
            gone = redact(desk.db, number, ground, order, why, who(by), desk.clock())
        except NotRedacted as error:
            raise Ending(Code.INVALID, str(error), "`belofte sharing --part disclosures` shows the register") from None
    if as_json:
        json_result({"disclosure": number, "acts": gone})
    else:
        console().print(f"disclosure {number} is redacted; {len(gone)} acts say no more of it", markup=False)

"""`belofte stated`: what readers of the stores said that they read for: collected, kept, shown.

Exit 0 · 3 no such time · 4 a store did not answer: what was collected from it before is shown.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from belofte.choices.moments import NoMoment, span
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, diagnostics, json_result
from belofte.cli.request.asking import desk_of
from belofte.purposes.stating import collect, since

Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="From which day or moment (default: 7 days ago).")
]


def run(since_: Since = None, directory: Directory = HERE, as_json: Json = False) -> None:
    """Collect and show what readers of the stores said that they read for: who, when, for which purpose, why."""
    with desk_of(directory) as desk:
        try:
            start = span(since_)[0] if since_ is not None else desk.clock() - timedelta(days=7)
        except NoMoment as error:
            raise Ending(Code.INVALID, str(error), "write `2026-03-03`, or `2026-03-03T10:00+01:00`") from None
        new, silent = collect(desk)
        found = since(desk, start)
    if as_json:
        json_result({"new": new, "stated": [{**asdict(one), "stated_at": one.stated_at.isoformat()} for one in found]})
    else:
        table = Table("when", "store", "who", "from", "purpose", "why")
        for one in found:
            when = f"{one.stated_at:%Y-%m-%d %H:%M}"
            cells = (when, one.store, one.account, one.client or "", one.purpose, one.reason)
            table.add_row(*map(Text, cells))
        if found:
            console().print(table)
        console().print(f"{len(found)} purposes stated, {new} of them new")
    for store, why in silent.items():
        diagnostics().print(Text(f"cannot tell about `{store}`: {why}", style="yellow"))
    if silent:
        raise Ending(Code.CANNOT_TELL)

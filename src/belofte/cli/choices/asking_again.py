"""`belofte choices stale`: whom to ask again since the policy changed, and until when.

Exit 0 nobody · 2 somebody is to be asked.
"""

from __future__ import annotations

from dataclasses import asdict

from rich.table import Table

from belofte.choices.again import to_ask
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of


def run_stale(directory: Directory = HERE, as_json: Json = False) -> None:
    """How many people's consent a change of the policy made stale, per purpose, and until when to ask them again."""
    with desk_of(directory) as desk:
        found = to_ask(desk.db, desk.policy, desk.clock())
    if as_json:
        json_result([asdict(one) for one in found])
    else:
        table = Table("purpose", "channel", "people", "ask until")
        for one in found:
            until = "" if one.until is None else f"{one.until}{' (over)' if one.over else ''}"
            table.add_row(one.purpose, one.channel or "", str(one.people), until)
        console().print(table if found else "nobody is to be asked again", markup=False)
    if found:
        raise Ending(Code.CHANGES)

"""`belofte extract`: what a recipient may receive of one table for a purpose now, in a file, recorded."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.purposes.extracting import Grounds, NoExtract, extract
from belofte.purposes.files import NoFile
from belofte.sharing.disclosing import Wanted, grounded, refusals
from belofte.stores.connect import Unreachable

Purpose = Annotated[str, typer.Option("--purpose", metavar="PURPOSE", help="The purpose that it is for.")]
Table = Annotated[str, typer.Option("--table", metavar="TABLE", help="The table, as the map names it.")]
To = Annotated[Path, typer.Option("--to", metavar="FILE", help="A new file: `….parquet`, `….csv` or `….jsonl`.")]
Recipient = Annotated[str, typer.Option("--recipient", metavar="ID", help="Who receives it: one of the policy's.")]
Column = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="COLUMN", help="Only these columns (default: all that the recipient receives)."),
]
Order = Annotated[
    str | None, typer.Option("--order", metavar="TEXT", help="The order or request, for an authority or a court.")
]
Ground = Annotated[str | None, typer.Option("--ground", metavar="TEXT", help="The law or the contract (art. 6, 28).")]
Store = Annotated[str | None, typer.Option("--store", metavar="STORE", help="The store, where several have the table.")]


def run(
    purpose: Purpose, table: Table, to: To, recipient: Recipient, column: Column = None,
    order: Order = None, ground: Ground = None, store: Store = None, directory: Directory = HERE,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Write what a recipient may receive of a table for a purpose to a file, and record it as a disclosure."""
    with desk_of(directory) as desk:
        for name, known, what in ((purpose, desk.policy.purposes, "purpose"),
                                  (recipient, desk.policy.recipients, "recipient")):  # fmt: skip
            if name not in known:
                there = ", ".join(sorted(known)) or "none yet"
                raise Ending(Code.INVALID, f"the policy has no {what} `{name}`", f"it has: {there}")
        named = [one for one in desk.sql_stores if table in desk.specs[one].map.tables and store in (None, one)]
        if len(named) != 1:
            which = f"several stores have a table `{table}`: {', '.join(named)}" if named else f"no table `{table}`"
            raise Ending(Code.INVALID, which, "`--store STORE` names one" if named else "look at `belofte explain`")
        wanted = Wanted(recipient, purpose, [], ground, order)
        against = refusals(desk.policy, wanted, desk.today())
        if against:
            raise Ending(Code.INVALID, f"{against[0].why} (GDPR art. {against[0].article})", against[0].mend)
        on = Grounds(grounded(desk.policy, wanted) or "", order)
        try:
            made = extract(desk, desk.open(named[0]), purpose, table, to, recipient, column or None, on)
        except (NoExtract, NoFile) as wrong:
            raise Ending(Code.INVALID, str(wrong)) from None
        except Unreachable as silent:
            raise Ending(Code.CANNOT_TELL, str(silent)) from None
    if as_json:
        json_result(asdict(made))
    else:
        told = f"{made.rows} rows of {table} for {purpose}, of {made.people} people, sha256 {made.digest}"
        console().print(told, markup=False)

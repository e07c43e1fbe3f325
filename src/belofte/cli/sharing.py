"""`belofte sharing`: who receives data, under which contract and ground, and the register of what was disclosed.

The register of disclosures says who, what, when, why, on what ground and order, of how many people, and the digest of
the file; never whose data it was.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from belofte.choices.moments import NoMoment, span
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.database.disclosures import register
from belofte.sharing.registers import Row, disclosed, recipients, transfers

Part = Literal["recipients", "transfers", "disclosures"]
Only = Annotated[
    Part | None, typer.Option("--part", help="One of the registers (default: all; `--format csv` needs one).")
]
Since = Annotated[str | None, typer.Option("--since", metavar="TIME", help="Disclosures from this day or moment on.")]
Recipient = Annotated[str | None, typer.Option("--recipient", metavar="ID", help="Disclosures to this recipient only.")]
Format = Annotated[Literal["table", "csv"], typer.Option("--format", help="For a screen, or CSV for a spreadsheet.")]
Language = Annotated[Literal["nl", "fr", "en"], typer.Option("--language", help="The language of the words.")]


def run(
    part: Only = None, since: Since = None, recipient: Recipient = None, form: Format = "table",
    language: Language = "en", directory: Directory = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Who receives data, with contract and ground; transfers; what was disclosed to whom, when, why, by what order."""
    if form == "csv" and part is None:
        raise Ending(Code.INVALID, "which register is to be CSV?", "`--part recipients|transfers|disclosures`")
    with desk_of(directory) as desk:
        try:
            start = span(since)[0] if since is not None else None
        except NoMoment as error:
            raise Ending(Code.INVALID, str(error), "write `2026-03-03`, or `2026-03-03T10:00+01:00`") from None
        found: dict[Part, Sequence[Row]] = {
            "recipients": recipients(desk.policy, language, desk.today()),
            "transfers": transfers(desk.policy, language, desk.today()),
            "disclosures": disclosed(desk.policy, language, register(desk.db, start, recipient)),
        }
    shown: Mapping[Part, Sequence[Row]] = found if part is None else {part: found[part]}
    if as_json:
        json_result({name: [dict(row) for row in rows] for name, rows in shown.items()})
    elif form == "csv":
        assert part is not None
        console().file.write(as_csv(found[part]))
    else:
        for name, rows in shown.items():
            _show(name, rows)


def as_csv(rows: Sequence[Row]) -> str:
    """Return a register as CSV; what a spreadsheet would take for a formula is text."""
    out = io.StringIO()
    if rows:
        written = csv.writer(out)
        written.writerow(list(rows[0]))
        for row in rows:
            written.writerow(
                [f"'{one}" if one[:1] in ("=", "+", "-", "@") else one for one in map(_cell, row.values())]
            )
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


ON_SCREEN: Mapping[Part, tuple[str, ...]] = {
    "recipients": ("name", "role", "country", "purposes", "contract", "contract_lacks", "contract_unsaid"),
    "transfers": ("country", "ground", "permitted", "missing", "decision", "recipients"),
    "disclosures": ("number", "when", "who", "what", "why", "ground", "order", "people"),
}
"""The columns that a screen has room for; CSV and JSON have all of them."""


def _show(name: Part, rows: Sequence[Row]) -> None:
    if not rows:
        console().print(f"{name}: none")
        return
    table = Table(*ON_SCREEN[name], title=name, title_justify="left")
    for row in rows:
        cells = {column: _cell(row[column]) for column in ON_SCREEN[name]}
        table.add_row(*(Text(cell[:10] if column == "when" else cell) for column, cell in cells.items()))
    console().print(table)

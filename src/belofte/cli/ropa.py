"""`belofte ropa`: the record of processing activities (GDPR art. 30), from the policy and the maps.

Exit 0 · 2 something that art. 30 asks for is not said: it stands in the record as such, and is named here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zipfile import BadZipFile

import typer

from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.cli.notice import maps_of
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, diagnostics, json_result
from belofte.datamap.model import DataMap
from belofte.law.term import CIVIL
from belofte.notices.markdown import markdown
from belofte.notices.page import document_page
from belofte.notices.record import Record, record
from belofte.notices.record_forms import as_csv, document, json_ld, xlsx
from belofte.policy.model import Policy
from belofte.policy.register import draft, rows
from belofte.policy.rules.gaps import GAP

Form = Literal["xlsx", "csv", "html", "md", "jsonld"]
Format = Annotated[Form | None, typer.Option("--format", help="The form (default: what the file's name ends in).")]
From = Annotated[
    Path | None,
    typer.Option("--from", metavar="FILE.xlsx", help="Draft a policy from a register that you have: purposes, gaps."),
]
To = Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Where to write it (default: to the screen).")]
Language = Annotated[
    Literal["nl", "fr", "en"] | None, typer.Option("--language", help="Its language (default: the policy's first).")
]


def run(
    form: Format = None, to: To = None, language: Language = None, source: From = None, directory: Directory = HERE,
    as_json: Json = False,
) -> None:  # fmt: skip
    """The record of processing activities, as controller and as processor: XLSX, CSV, a page, JSON-LD (art. 30)."""
    if source is not None:
        _drafted(source, to, as_json)
        return
    company = Company.at(directory)
    policy, maps = company.policy.policy, maps_of(company)
    wanted = form or (to.suffix.removeprefix(".") if to is not None else "md")
    if wanted not in ("xlsx", "csv", "html", "md", "jsonld"):
        raise Ending(Code.INVALID, f"nothing writes `{to}`", "it ends in `.xlsx`, `.csv`, `.html`, `.md` or `.jsonld`")
    made = record(policy, maps, language or policy.languages[0], datetime.now(CIVIL).date())
    content = rendered(policy, maps, made, wanted)
    if to is not None:
        written(to, content)
    elif wanted == "xlsx":
        raise Ending(Code.INVALID, "where is the workbook to go?", "`--to record.xlsx`")
    elif not as_json:
        console().file.write(content.decode())
    if as_json:
        json_result(
            {
                "written": str(to) if to else None,
                "activities": [entry.id for entry in made.activities],
                "as_processor": [entry.id for entry in made.processing],
                "gaps": [{"article": one.article, "path": one.path, "what": one.what} for one in made.gaps],
            }
        )
    for one in made.gaps:
        place = company.policy.at(one.path) if one.path else None
        diagnostics().print(f"{place or 'the record'}: art. {one.article} asks {one.what}", markup=False)
    if made.gaps:
        raise Ending(Code.CHANGES)


def rendered(policy: Policy, maps: Mapping[str, DataMap], made: Record, form: str) -> bytes:
    """Return the record in a form."""
    if form == "xlsx":
        return xlsx(made)
    if form == "csv":
        return as_csv(made).encode()
    if form == "jsonld":
        return (json.dumps(json_ld(policy, maps, made), ensure_ascii=False, indent=2) + "\n").encode()
    return (document_page(document(made)) if form == "html" else markdown(document(made))).encode()


def written(to: Path, content: bytes) -> None:
    """Write a file; raises `Ending` where it cannot be."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(content)
    except OSError as wrong:
        reason = (wrong.strerror or "it cannot be written").lower()
        raise Ending(Code.COULD_NOT_RUN, f"`{to}`: {reason}", "name a file that can be written") from None


def _drafted(source: Path, to: Path | None, as_json: bool) -> None:
    """Draft a policy file from a register in XLSX; nothing that is there is overwritten."""
    found = [row for lines in _sheets(source) for row in rows(lines)]
    if not found:
        raise Ending(
            Code.INVALID, f"`{source}` has no sheet with activities",
            "a row of it names its columns: purpose, legal basis, data subjects, data, recipients, time limit, …",
        )  # fmt: skip
    text = draft(found)
    if to is None and not as_json:
        console().file.write(text)
        return
    if to is not None:
        if to.exists():
            raise Ending(Code.INVALID, f"`{to}` is there already", "a draft overwrites nothing: name another file")
        written(to, text.encode())
    told = {"written": str(to) if to else None, "rows": len(found), "gaps": text.count(GAP) - 1}
    if as_json:
        json_result(told)
    else:
        console().print(f"{len(found)} activities in {to}, {told['gaps']} gaps to fill: search for {GAP}", markup=False)


def _sheets(source: Path) -> Iterator[list[list[str]]]:
    """Yield the sheets of a workbook, as lines of text."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(source, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, OSError):
        raise Ending(Code.COULD_NOT_RUN, f"`{source}` is no workbook that can be read", "save it as `.xlsx`") from None
    for sheet in book.worksheets:
        yield [["" if cell is None else str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
    book.close()

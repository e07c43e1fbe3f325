"""`belofte choices import | export`: consents brought in from elsewhere with their origin, and the ledger taken along.

Import: exit 0 all rows count · 1 it cannot be read or was brought in before · 2 rows wait for a word, or were not taken
over. Export: exit 0 · 1 the file cannot be written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from belofte.choices.events import Evidence
from belofte.choices.exports import write_csv, write_lines
from belofte.choices.imports import (
    BEYOND,
    COLUMNS,
    TEXT,
    Import,
    Refusal,
    Report,
    Source,
    import_consents,
    imports,
    sign_off,
)
from belofte.cli.choices.opening import Act, digest_of_text
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json, staff, who
from belofte.cli.output import console, diagnostics, json_result
from belofte.cli.request.asking import desk_of
from belofte.cli.telling import ending_untold, tell_stores_of_everybody
from belofte.law.consent import PIECES
from belofte.rights.desk import Desk

SHOWN = 20
"""Refused rows that are named one by one."""


def run_import(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.csv]", help=f"Columns: {', '.join(COLUMNS)}; and text, where known.")
    ] = None,
    origin: Annotated[str | None, typer.Option("--origin", help="Where it comes from, in words.")] = None,
    by: Annotated[str | None, staff("Who brings it in, or signs it off (default: you).")] = None,
    listed: Annotated[bool, typer.Option("--list", help="The imports there are, those that wait first.")] = False,
    signed: Annotated[
        str | None, typer.Option("--sign-off", metavar="IMPORT", help="Give, as a second person, the word on one.")
    ] = None,
    let_go: Annotated[bool, typer.Option("--let-go", help="There is no proof: nothing holds on to it.")] = False,
    act: Annotated[Act | None, typer.Option("--act", help="The proof: what people did.")] = None,
    notice: Annotated[str | None, typer.Option("--notice", help="The proof: the notice they saw.")] = None,
    words: Annotated[str | None, typer.Option("--in", metavar="LANGUAGE", help="The proof: their language.")] = None,
    text: Annotated[str | None, typer.Option("--text", metavar="@FILE|sha256:…", help="The proof: the words.")] = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Bring in consents from elsewhere; what cannot be proven waits, unused, unswept, for a second person's word."""
    by = who(by)
    proof = {"act": act, "notice": notice, "language": words, "text": digest_of_text(text) if text else None}
    shown: Evidence = {name: value for name, value in proof.items() if value is not None}
    with desk_of(directory) as desk:
        try:
            if signed is not None:
                _sign_off(desk, signed, by, shown, let_go, as_json)
            elif listed or file is None:
                _list(imports(desk.db), as_json)
            else:
                _bring_in(desk, file, origin, by, as_json)
        except Refusal as error:
            raise Ending(Code.COULD_NOT_RUN, str(error), "nothing was recorded") from None


def _bring_in(desk: Desk, file: Path, origin: str | None, by: str, as_json: bool) -> None:
    if origin is None or not origin.strip():
        raise Ending(Code.COULD_NOT_RUN, "an import says where it comes from", "add `--origin 'newsletter tool, 2024'`")
    data, rows = rows_of(file)
    source = Source(origin.strip(), hashlib.sha256(data).digest(), by)
    report = import_consents(desk.db, desk.key, desk.policy, rows, desk.clock(), source)
    untold = tell_stores_of_everybody(desk)
    _tell(report, as_json)
    if report.quarantined or report.refused:
        raise Ending(Code.CHANGES)
    ending_untold(untold)


def rows_of(file: Path) -> tuple[bytes, csv.DictReader[str]]:
    """Return what a file holds, and its rows once every line of it could be read."""
    try:
        data = file.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError:
        raise Ending(
            Code.COULD_NOT_RUN, f"the file `{file}` cannot be read", "is it there, and may you read it?"
        ) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Ending(
            Code.COULD_NOT_RUN, f"line {line} of the file `{file}` is not UTF-8", "save it as CSV in UTF-8"
        ) from None
    checking = csv.reader(io.StringIO(text, newline=""))
    try:
        names = next(checking, [])
        for _ in checking:
            pass
    except csv.Error:
        raise Ending(
            Code.COULD_NOT_RUN, f"line {checking.line_num} of the file `{file}` is not CSV",
            f"no cell is longer than {csv.field_size_limit():,} characters; is a quote not closed?",
        ) from None  # fmt: skip
    wrong = [f"no column `{name}`" for name in COLUMNS if name not in names]
    wrong += [f"more than one column `{name}`" for name in (*COLUMNS, TEXT) if names.count(name) > 1]
    if wrong:
        columns = f"its first line names the columns, with commas between them: {','.join(COLUMNS)}"
        raise Ending(Code.COULD_NOT_RUN, f"the file `{file}` has {wrong[0]}", columns)
    return data, csv.DictReader(io.StringIO(text, newline=""), restkey=BEYOND)


def _tell(report: Report, as_json: bool) -> None:
    if as_json:
        refused = [{"line": one.line, "reason": one.reason} for one in report.refused]
        counts = {"given": report.given, "quarantined": report.quarantined, "defects": report.defects}
        counts["missing"] = report.missing
        json_result({"import": report.short, **counts, "refused": refused})
        return
    out = console()
    if report.taken_up:
        out.print(f"taken up after {report.taken_up} rows, where it had stopped", markup=False)
    out.print(f"import {report.short}: {report.given} count as given, {report.quarantined} wait", markup=False)
    for code, count in sorted(report.defects.items()):
        out.print(f"   {code}: {count}", markup=False)
    for piece, count in sorted(report.missing.items()):
        out.print(f"   not shown: {PIECES[piece].en}: {count}", markup=False)
    for one in report.refused[:SHOWN]:
        diagnostics().print(f"line {one.line}: {one.reason}", markup=False)
    if len(report.refused) > SHOWN:
        diagnostics().print(f"and {len(report.refused) - SHOWN} more rows were not taken over", markup=False)
    if report.quarantined:
        out.print(
            f"   what waits is kept and not used; a second person's word: --sign-off {report.short}", markup=False
        )


def _sign_off(desk: Desk, short: str, by: str, proof: Evidence, let_go: bool, as_json: bool) -> None:
    if let_go == bool(proof):
        raise Ending(
            Code.INVALID, "a word is the proof that was missing, or that there is none",
            "give `--act`, `--notice`, `--in` or `--text`; or `--let-go`",
        )  # fmt: skip
    counted, gone = sign_off(desk.db, desk.policy, short, by, desk.clock(), None if let_go else proof)
    untold = tell_stores_of_everybody(desk)
    waits = not next(one for one in imports(desk.db) if one.short == short).signed_off_at
    if as_json:
        json_result({"import": short, "counted": counted, "let_go": gone, "waits": waits})
    else:
        console().print(f"import {short}: {counted} count now, {gone} let go of", markup=False)
    if waits:
        raise Ending(Code.CHANGES, "rows still wait: the law does not accept them with this proof either", "")
    ending_untold(untold)


def _list(found: list[Import], as_json: bool) -> None:
    if as_json:
        json_result([{name: getattr(one, name) for name in one.__dataclass_fields__} for one in found])
        return
    table = Table("import", "from", "by", "given", "waiting", "refused", "word")
    for one in found:
        word = f"{one.word} ({one.signed_off_by})" if one.word else "waits" if one.quarantined else ""
        counts = (str(one.given), str(one.quarantined), str(one.refused))
        table.add_row(one.short, one.source, one.imported_by, *counts, word)
    console().print(table if found else "no consents were brought in")


def run_export(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="A new file, .csv or .jsonl (default: CSV to the screen)."),
    ] = None,
    directory: Directory = HERE,
) -> None:
    """The whole ledger to take along, in the order in which it was recorded; people are random ids."""
    with desk_of(directory) as desk:
        if to is None:
            write_csv(desk.db, sys.stdout)
            return
        if to.suffix not in (".csv", ".jsonl"):
            raise Ending(Code.COULD_NOT_RUN, f"`{to}` is neither .csv nor .jsonl", "name one of these")
        try:
            with to.open("x", encoding="utf-8", newline="") as file:
                to.chmod(0o600)
                count = (write_csv if to.suffix == ".csv" else write_lines)(desk.db, file)
        except FileExistsError:
            raise Ending(Code.COULD_NOT_RUN, f"`{to}` is there already", "name a new file") from None
        except OSError:
            raise Ending(Code.COULD_NOT_RUN, f"`{to}` cannot be written", "") from None
        diagnostics().print(f"{count} events written to {to}", markup=False)

"""`belofte log verify`: whether a receipt, a bundle or an exported log holds. Loads nothing that reaches a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.options import Json
from belofte.cli.output import console, json_result, show_error
from belofte.evidence.bundle import Broken, verify_bundle
from belofte.evidence.bundle import told as bundle_told
from belofte.evidence.exported import HEAD, verify_export
from belofte.evidence.leaves import grown_told
from belofte.evidence.verify import Malformed, NotVerified, Succession, loaded, told, verify

NOBODY: list[str] = []
"""The default of an option that may be given many times. INVARIANT: nobody changes it."""

Witness = Annotated[
    list[str], typer.Option("--witness", metavar="KEY", help="The key of a witness who must have signed the head.")
]

Person = Annotated[
    list[str],
    typer.Option("--person", metavar="KEY", help="The key of somebody relied on to name a key after one was lost."),
]


def run(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A receipt of `log prove`, or the folder of `audit --out` or `log export`."
        ),
    ],
    key: Annotated[
        str | None, typer.Argument(metavar="[KEY]", help="The log's key, as the company published it.")
    ] = None,
    witness: Witness = NOBODY,
    person: Person = NOBODY,
    request: Annotated[
        str | None,
        typer.Option("--request", metavar="REQUEST", help="Of a folder: that this erasure was carried out, and how."),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DAY", help="Of a folder: the policy in force on that day, and its notice."),
    ] = None,
    older: Annotated[
        Path | None,
        typer.Option("--older", metavar="HEAD", help="A signed head that you kept: that the log still has all of it."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Whether a receipt, an audit bundle or an exported log holds; with no database, no folder of a company."""
    with judging(file if older is None else older):
        kept = older.read_text(encoding="utf-8", errors="replace") if older is not None else None
    if (file / HEAD).is_file() and request is None and on is None:
        _export(file, key, kept, witness, as_json)
        return
    if file.is_dir():
        _bundle(file, key, (witness, person), request, _day(on), kept, as_json)
        return
    if request is not None or on is not None:
        raise Ending(
            Code.INVALID, f"`{file}` is no folder", "`--request` and `--on` ask an audit bundle: `belofte audit --out`"
        )
    with judging(file):
        found = verify(loaded(file.read_bytes()), key, witness, people=person, older=kept)
    if as_json:
        json_result(
            {
                "holds": True, "act": found.act, "index": found.index, "size": found.head.size,
                "older": found.older.size if found.older else None, "origin": found.head.origin,
                "key": found.signer.text, "pinned": found.pinned, "fingerprint": found.first.fingerprint,
                "witnesses": found.witnesses, "gaps": _gaps(found.gaps),
            }
        )  # fmt: skip
        return
    for line in told(found):
        console().print(line, markup=False)


@contextmanager
def judging(file: Path) -> Iterator[None]:
    """Let what does not hold, or is nothing that could be judged, end the verb: everything at once."""
    try:
        yield
    except OSError:
        raise Ending(Code.COULD_NOT_RUN, f"`{file}` cannot be read", "is it there?") from None
    except Malformed as wrong:
        raise Ending(Code.INVALID, str(wrong)) from None
    except Broken as wrong:
        for one in wrong.reasons[1:]:
            show_error(f"does not hold: {one}")
        raise Ending(Code.CHANGES, f"does not hold: {wrong}") from None
    except NotVerified as wrong:
        raise Ending(Code.CHANGES, f"does not hold: {wrong}") from None


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Ending(Code.INVALID, f"`{text}` is no day", "write it as in `2026-03-01`") from None


def _bundle(
    folder: Path, key: str | None, others: tuple[list[str], list[str]], request: str | None, on: date | None,
    kept: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Say what an audit bundle shows; what it does not tell of what was asked is no proof of it."""
    with judging(folder):
        found = verify_bundle(folder, key, request, others[0], on, others[1], kept)
    erasure = found.erasure
    if as_json:
        json_result(
            {
                "holds": True, "files": found.files, "size": found.head.size, "heads": found.heads,
                "told": found.told, "receipts": found.receipts, "policies": found.policies, "notices": found.notices,
                "origin": found.head.origin, "key": found.signer.text, "pinned": found.pinned,
                "fingerprint": found.first.fingerprint, "witnesses": found.witnesses,
                "not_included": found.not_included, "erasure": asdict(erasure) if erasure is not None else None,
                "gaps": _gaps(found.gaps), "older": found.older.size if found.older else None,
                "in_force": [asdict(one) for one in found.in_force],
            }
        )  # fmt: skip
    else:
        for line in bundle_told(found):
            console().print(line, markup=False)
    if found.untold:
        raise Ending(Code.CANNOT_TELL, "cannot tell that the policy in force was the one published")


def _export(folder: Path, key: str | None, kept: str | None, witnesses: list[str], as_json: bool) -> None:
    with judging(folder):
        head, older = verify_export(folder, key, kept, witnesses)
    if as_json:
        json_result({"holds": True, "size": head.size, "origin": head.origin, "older": older.size if older else None})
        return
    console().print(f"holds: the tiles are those of the signed head of {head.size} acts", markup=False)
    if older is not None:
        console().print(grown_told(head, older), markup=False)


def _gaps(gaps: Sequence[Succession]) -> list[dict[str, object]]:
    return [
        {"lost": one.lost.text, "new": one.new.text, "size": one.last.size, "people": [by.text for by in one.people]}
        for one in gaps
    ]

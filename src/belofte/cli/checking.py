"""`belofte log fsck`, and `belofte log acknowledge`: what is not as the log says, and what is said of it."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.log import own
from belofte.cli.options import HERE, Directory, Json, staff, who
from belofte.cli.output import console, json_result
from belofte.cli.sealing import sealed
from belofte.database.key import company_key
from belofte.datamap.recognise.free_text import identifiers_in
from belofte.evidence.fsck import Checked, Finding, acknowledge, fsck

MEND = "look who had access; `belofte log acknowledge FINDING --because …` says of one that it is to stay as it is"


def run_fsck(directory: Directory = HERE, as_json: Json = False) -> None:
    """Hold every act, leaf, head, key and row of evidence against the log; what is not as it says is named."""
    with own(directory) as db:
        found = fsck(db)
    looked = {"acts": found.acts, "erased": found.erased, "leaves": found.leaves, "heads": found.heads}
    if as_json:
        json_result({**looked, "findings": [_document(one, found) for one in found.findings]})
    else:
        for one in found.findings:
            _show(one, found)
        console().print(", ".join(f"{count} {word}" for word, count in looked.items()), markup=False)
    if found.open:
        raise Ending(Code.CHANGES, f"{len(found.open)} not as the log says", "" if as_json else MEND)


def run_acknowledge(
    findings: Annotated[
        list[str], typer.Argument(metavar="FINDING...", help="The findings' numbers, as `log fsck` shows them.")
    ],
    because: Annotated[str, typer.Option("--because", help="Why each of them is to stay as it is; names no person.")],
    by: Annotated[str | None, staff("Who says so (default: the account).")] = None,
    directory: Directory = HERE,
) -> None:
    """Say of findings of `log fsck` that they are to stay as they are; what is found next is open again."""
    for what in identifiers_in([because]):
        raise Ending(Code.INVALID, f"the reason holds something like {what}", "it stays in the log: name nobody")
    if not because.strip():
        raise Ending(Code.INVALID, "there is no reason", "say why: `--because`")
    with own(directory) as db:
        found = {one.number: one for one in fsck(db).findings}
        chosen = [_chosen(found, number) for number in dict.fromkeys(findings)]
        with db.transaction():
            for one in chosen:
                acknowledge(db, one, because.strip(), who(by))
        sealed(directory, db, company_key(directory, os.environ))
    console().print(f"{len(chosen)} acknowledged", markup=False)


def _chosen(found: dict[str, Finding], number: str) -> Finding:
    one = found.get(number.strip().lower())
    if one is None:
        raise Ending(Code.INVALID, f"`log fsck` has no finding `{number}`", "it shows the number of each")
    if not one.mark:
        raise Ending(
            Code.INVALID, f"finding `{number}` is of the log itself ({one.table}: {one.what})",
            "that is mended from a backup, and cannot be acknowledged",
        )  # fmt: skip
    return one


def _document(one: Finding, found: Checked) -> dict[str, object]:
    said = found.acknowledged.get(one.digest)
    return {
        "finding": one.number, "table": one.table, "what": one.what, "row": one.key,
        "acknowledged": None if said is None else {"by": said.by, "because": said.reason, "at": said.at},
    }  # fmt: skip


def _show(one: Finding, found: Checked) -> None:
    line = f"{one.number}  {one.table}: {one.what}" + (f" (row {one.key})" if one.key else "")
    said = found.acknowledged.get(one.digest)
    if said is not None:
        line += f"\n   acknowledged by {said.by} on {said.at.date()}: {said.reason}"
    console().print(line, markup=False)

"""`belofte log`: the record of what was done, which nobody changes unseen: seal it, prove from it, check it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from belofte.cli.ending import Code, Ending
from belofte.cli.folder import written
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.verifying import NOBODY, Witness
from belofte.database import acts, requests
from belofte.database.acts import Recorded
from belofte.database.errors import DatabaseUnavailable, KeyUnusable
from belofte.database.open import Database, open_database
from belofte.database.server import address
from belofte.evidence import export, receipt, seal, signing
from belofte.evidence.exported import HEAD
from belofte.evidence.note import cosigned
from belofte.evidence.receipt import NoReceipt
from belofte.evidence.seal import Checkpoint
from belofte.evidence.verify import COSIGNATURE, Key, Malformed, Note, NotVerified

SHOWN = 20
EVERY = 2**62
Of = Annotated[
    str, typer.Option("--of", metavar="WORD", help="Acts that name this: a request (`7KQ2-M4XD`), an id or a digest.")
]


def run_checkpoint(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the signed head to a file.")] = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Give what waits its place in the log, and sign the log's head."""
    with own(directory) as db:
        head = _sealed(directory, db)
        keys = seal.keys(db)
    if head is None:
        raise Ending(Code.FINE, "nothing was done yet: the log is empty")
    if out is not None:
        out.write_text(head.note, encoding="utf-8")
    key = keys[-1].key
    if as_json:
        shown = {"origin": head.head.origin, "size": head.size, "root": head.head.root.hex(), "note": head.note}
        json_result({**shown, "key": key.text, "fingerprint": keys[0].key.fingerprint})
        return
    console().print(head.note, markup=False, end="")
    console().print(f"key {key.text}\nfingerprint of the first key: {keys[0].key.fingerprint}", markup=False)


def run_show(
    of: Of = "",
    last: Annotated[int, typer.Option("--last", min=1, help="How many, the newest first.")] = SHOWN,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """What was done, the newest first: each act with its number, its leaf in the log, its time and its name."""
    with own(directory) as db:
        found = [(one, receipt.leaf(db, one.id)) for one in _naming(db, of, last)]
    if as_json:
        json_result([{"act": a.id, "leaf": leaf, "at": a.at, "name": a.name, "says": a.payload} for a, leaf in found])
        return
    table = Table("act", "leaf", "at", "name")
    for one, leaf in found:
        moment = one.at.isoformat(timespec="seconds") if one.at else ""
        table.add_row(str(one.id), "waits" if leaf is None else str(leaf), moment, Text(str(one.name)))
    console().print(table)


def run_prove(
    act: Annotated[
        int | None, typer.Argument(metavar="[ACT]", help="The act's number, as `log show` gives it.")
    ] = None,
    of: Of = "",
    since: Annotated[
        int | None, typer.Option("--since", metavar="SIZE", help="That the log has all that it had at this size.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="A file; with --of a new folder, a file for each act.")
    ] = None,
    directory: Directory = HERE,
) -> None:
    """Write a receipt: what shows without Belofte that an act is in the log, or that the log only grew."""
    if sum((act is not None, bool(of), since is not None)) != 1 or (of and out is None):
        raise Ending(Code.INVALID, "say what to prove", "an ACT, `--of WORD --out DIR`, or `--since SIZE`")
    with own(directory) as db:
        _sealed(directory, db)
        try:
            if of and out is not None:
                _write_all(db, of, out)
                return
            found = receipt.receipt(db, act) if act is not None else receipt.consistency(db, since or 0)
        except NoReceipt as wrong:
            raise Ending(Code.INVALID, str(wrong), "`belofte log show` lists the acts") from None
    if out is None:
        json_result(found)
    else:
        out.write_text(_text(found), encoding="utf-8")


def run_export(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder, new or of an earlier export.")],
    directory: Directory = HERE,
) -> None:
    """Write the log as files for any reader of tlog-tiles: its head and its tiles, and nothing of what is said."""
    if out.is_dir() and any(out.iterdir()) and not (out / HEAD).is_file():
        raise Ending(
            Code.COULD_NOT_RUN, f"`{out}` holds something else", "name a new folder, or that of an earlier export"
        )
    with own(directory) as db:
        head = _sealed(directory, db)
        if head is None:
            raise Ending(Code.FINE, "nothing was done yet: the log is empty")
        count = export.export(db, head, out)
    console().print(f"{count} tiles of {head.size} acts in {out}", markup=False)


def run_rotate(
    to: Annotated[
        str | None, typer.Option("--to", metavar="KEY", help="A key's file, or `exec:PROGRAM` (default: a new file).")
    ] = None,
    directory: Directory = HERE,
) -> None:
    """Have the log's key name the next one; receipts of both stay verifiable."""
    with own(directory) as db:
        key = signing.rotated(db, directory, os.environ, to)
        if to is None:
            _sealed(directory, db)
    console().print(f"from now on key {key.text} signs", markup=False)
    if to is not None:
        console().print(f"set {signing.VARIABLE}={to}", markup=False)


def run_succeed(
    person: Annotated[
        list[str],
        typer.Option("--person", metavar="NAME=KEY", help="Two people, each with a key: a file, or `exec:PROGRAM`."),
    ],
    directory: Directory = HERE,
) -> None:
    """Where the log's key is lost: have two people name the one at hand as the next; what they sign says so."""
    with own(directory) as db:
        people = [signing.person(one) for one in person]
        if len(people) != 2:
            raise Ending(Code.INVALID, "two people say that a key is lost", "`--person NAME=KEY`, twice")
        key = seal.succeed(db, signing.signer(directory, os.environ), people)
        _sealed(directory, db)
    console().print(f"from now on key {key.text} signs; named by", markup=False)
    for one, _ in people:
        console().print(f"   {one.text}", markup=False)
    console().print("publish all three, and give the heads from before to who asks: the old key is lost")


def run_cosign(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The line, or the note, that the witness gave.")],
    witness: Witness = NOBODY,
    directory: Directory = HERE,
) -> None:
    """Keep what a witness signed under the newest head, once it is seen to be the witness's."""
    with own(directory) as db:
        head = seal.newest(db)
        if head is None or not witness:
            raise Ending(Code.COULD_NOT_RUN, "there is no head, or no witness is named", "name it: `--witness KEY`")
        note = head.note
        try:
            keys = [Key.parse(one) for one in witness]
            for line in file.read_text(encoding="utf-8").splitlines():
                if line.startswith("— ") and any(line.split(" ")[1] == key.name for key in keys):
                    note = cosigned(note, line)
            signed = [key.name for key in keys if key.kind == COSIGNATURE and Note.parse(note).signed_by(key)]
        except OSError:
            raise Ending(Code.COULD_NOT_RUN, f"the file `{file}` cannot be read", "is it there?") from None
        except Malformed as wrong:
            raise Ending(Code.INVALID, str(wrong)) from None
        except NotVerified as wrong:
            raise Ending(Code.CHANGES, str(wrong), "nothing was kept") from None
        if len(signed) < len(keys):
            raise Ending(Code.CHANGES, "a witness did not sign the newest head", "give it `belofte log checkpoint`")
        db.run("checkpoint_note_changed", size=head.size, note=note)
    console().print(f"head of {head.size} acts witnessed by {', '.join(signed)}", markup=False)


@contextmanager
def own(directory: Path) -> Iterator[Database]:
    """Give Belofte's own database of a company's folder; policy and stores are not looked at."""
    if not directory.is_dir():
        raise Ending(Code.COULD_NOT_RUN, f"there is no folder `{directory}`", "`-C DIR` names it")
    try:
        with open_database(address(directory, os.environ)) as db:
            yield db
    except (DatabaseUnavailable, KeyUnusable) as error:
        raise Ending(Code.COULD_NOT_RUN, str(error)) from None


def _sealed(directory: Path, db: Database) -> Checkpoint | None:
    return seal.seal(db, signing.signer(directory, os.environ))


def _naming(db: Database, word: str, most: int) -> list[Recorded]:
    named = requests.by_name(db, word) if word else None
    return acts.naming(db, str(named.id) if named is not None else word, most)


def _write_all(db: Database, word: str, out: Path) -> None:
    found = [one for one in _naming(db, word, EVERY) if receipt.leaf(db, one.id) is not None]
    if not found:
        raise Ending(Code.INVALID, f"no act names `{word}`", "`belofte log show` lists the acts")
    named = {f"{one.id:09}-{str(one.name).replace(':', '-')}.json": one.id for one in found}
    written(out, {name: _text(receipt.receipt(db, act)) for name, act in named.items()})
    console().print(f"{len(found)} receipts in {out}", markup=False)


def _text(found: dict[str, object]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"

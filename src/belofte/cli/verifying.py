"""`belofte log verify`: whether a receipt holds. Loads nothing that reaches a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.options import Json
from belofte.cli.output import console, json_result
from belofte.evidence.verify import Malformed, NotVerified, loaded, told, verify

NOBODY: list[str] = []
"""The default of an option that may be given many times. INVARIANT: nobody changes it."""

Witness = Annotated[
    list[str], typer.Option("--witness", metavar="KEY", help="The key of a witness who must have signed the head.")
]


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A receipt of `belofte log prove`.")],
    key: Annotated[
        str | None, typer.Argument(metavar="[KEY]", help="The log's key, as the company published it.")
    ] = None,
    witness: Witness = NOBODY,
    as_json: Json = False,
) -> None:
    """Whether a receipt holds; with no database, no company's folder and no network."""
    try:
        found = verify(loaded(file.read_bytes()), key, witness)
    except OSError:
        raise Ending(Code.COULD_NOT_RUN, f"the file `{file}` cannot be read", "is it there?") from None
    except Malformed as wrong:
        raise Ending(Code.INVALID, str(wrong)) from None
    except NotVerified as wrong:
        raise Ending(Code.CHANGES, f"does not hold: {wrong}") from None
    if as_json:
        json_result(
            {
                "holds": True, "act": found.act, "index": found.index, "size": found.head.size,
                "older": found.older.size if found.older else None, "origin": found.head.origin,
                "key": found.signer.text, "pinned": found.pinned, "fingerprint": found.first.fingerprint,
                "witnesses": found.witnesses,
            }
        )  # fmt: skip
        return
    for line in told(found):
        console().print(line, markup=False)

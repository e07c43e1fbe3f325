"""`belofte audit`: the whole recorded history against what the GDPR asks of it, by rules of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.database import acts
from belofte.database.acts import Act
from belofte.evidence.bundle import Held
from belofte.evidence.properties import PROPERTIES
from belofte.evidence.trail import Trail
from belofte.evidence.verify import NotVerified
from belofte.evidence.watch import Broken, Watcher
from belofte.notices.package import PackageError
from belofte.rights.desk import Desk

SHOWN = 5
"""Acts that are named per property on a screen; `--json` names all."""
OF_USE = frozenset({"consent-before-use", "no-use-after-closing", "no-use-while-restricted", "recipients-told"})
"""What cannot be told of a disclosure of which nobody recorded whose data it was."""


def run(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write all the evidence to a new folder, signed.")
    ] = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Hold everything that is recorded of choices, requests, disclosures and sweeps against what the GDPR asks."""
    with desk_of(directory) as desk:
        trail, watcher = Trail(desk.db, desk.policy, desk.clock()), Watcher()
        found: dict[str, list[Broken]] = {one.name: [] for one in PROPERTIES}
        for act in trail.acts():
            for one in watcher.act(act):
                found[one.property].append(one)
        for one in watcher.until(trail.until):
            found[one.property].append(one)
        states = {name: state(name, broken, trail.unnamed) for name, broken in found.items()}
        acts.record(desk.db, Act.AUDIT_RUN, {"acts": watcher.number, "states": states})
        said = document(found, states, watcher.number, trail.unnamed)
        held = _bundled(desk, directory, out, said) if out is not None else None
    if as_json:
        json_result(said if held is None else {**said, "bundle": str(out), "files": held.files})
    else:
        _show(found, states, watcher.number)
        if held is not None:
            console().print(f"{held.files} files in {out}, signed by key {held.signer.text}", markup=False)
    if any(found.values()):
        raise Ending(Code.CHANGES)
    if "cannot-tell" in states.values():
        raise Ending(Code.CANNOT_TELL)


def document(found: dict[str, list[Broken]], states: dict[str, str], number: int, unnamed: int) -> dict[str, object]:
    """Return what was found, as JSON."""
    return {
        "acts": number,
        "disclosures_without_person": unnamed,
        "properties": [
            {
                "id": one.name, "article": one.article, "says": one.says, "state": states[one.name],
                "broken": [{"act": b.number, "source": b.source} for b in found[one.name]],
            }
            for one in PROPERTIES
        ],
    }  # fmt: skip


def _bundled(desk: Desk, directory: Path, out: Path, said: dict[str, object]) -> Held:
    """Write the audit bundle, and verify it as a stranger would."""
    from belofte.cli.bundle import write  # what renders documents takes long to load

    try:
        return write(desk, directory, out, said)
    except PackageError as error:
        summary, _, advice = str(error).partition("\n")
        raise Ending(Code.COULD_NOT_RUN, summary, advice.strip()) from None
    except NotVerified as wrong:
        raise Ending(
            Code.COULD_NOT_RUN, f"what was written does not hold: {wrong}",
            "did somebody work meanwhile? write it again, to a new folder",
        ) from None  # fmt: skip


def state(name: str, broken: list[Broken], unnamed: int) -> str:
    """Return where a property stands: kept, broken, or cannot-tell."""
    if broken:
        return "broken"
    return "cannot-tell" if unnamed and name in OF_USE else "kept"


def _show(found: dict[str, list[Broken]], states: dict[str, str], number: int) -> None:
    table = Table("property", "article", "state", "acts that break it")
    for one in PROPERTIES:
        sources = [broken.source for broken in found[one.name]]
        more = f" and {len(sources) - SHOWN} more" if len(sources) > SHOWN else ""
        table.add_row(one.name, one.article, states[one.name].replace("-", " "), ", ".join(sources[:SHOWN]) + more)
    console().print(table)
    console().print(f"{number} acts", markup=False)

"""`belofte choices receipt`: the record of a person's consent to a purpose, and the receipt that she can keep.

The receipt holds the proofs that what it says is in the log. With `--out` they stand beside it, each a file that
`verify.py` (in the same folder) verifies without Belofte: `python verify.py proof-1.json`. Exit 0 · 3 no such purpose ·
4 nothing of her consent is recorded, or the log could not be read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid4

import typer

from belofte.choices.events import Event
from belofte.choices.policies import in_force
from belofte.choices.subjects import events_of
from belofte.cli.choices.person import Purpose, met, the_one
from belofte.cli.ending import Code, Ending
from belofte.cli.folder import written
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import NOTHING, Confirm, Person, desk_of
from belofte.database import acts
from belofte.datamap.model import DataMap
from belofte.evidence.receipt import NoReceipt
from belofte.evidence.receipt import receipt as shown
from belofte.evidence.seal import seal
from belofte.evidence.signing import signer
from belofte.notices.consent_record import STATUS, of_consent, receipt, record
from belofte.policy.model import Policy
from belofte.rights.desk import Desk

Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="A new folder: the receipt, its proofs, and what verifies.")
]
Record = Annotated[bool, typer.Option("--record", help="The record that the controller keeps, not the receipt.")]


def run(
    purpose: Purpose, person: Person = NOTHING, out: Out = None, record_only: Record = False,
    confirm: Confirm = NOTHING, directory: Directory = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """The receipt of a person's consent to a purpose (ISO/IEC TS 27560 by the DPV profile), with proofs of the log."""
    with desk_of(directory) as desk:
        if purpose not in desk.policy.purposes:
            known = ", ".join(sorted(desk.policy.purposes))
            raise Ending(Code.INVALID, f"the policy has no purpose `{purpose}`", f"it has: {known}")
        subject = the_one(met(desk, person, confirm, make_known=False, quiet=True))
        at = desk.clock()
        events = of_consent(events_of(desk.db, [subject], at).get(subject, []), purpose)
        if not events:
            why = f"nothing of her is recorded about consent to `{purpose}`"
            raise Ending(Code.CANNOT_TELL, why, "`belofte choices show` says what is")
        made = record(asked_under(desk, purpose, events), maps(desk), subject, purpose, events, at)
        proofs: list[Mapping[str, object]] = []
        if not record_only:
            proofs = proven(desk, directory, subject, purpose, events)
            made = receipt(made, uuid4(), at, proofs)
    text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    if out is None:
        console().file.write(text)
        return
    places = written(out, _files(text, proofs))
    if as_json:
        json_result({"written": places, "events": len(events), "proofs": len(proofs)})
    else:
        console().print("\n".join(places), markup=False)


def asked_under(desk: Desk, purpose: str, events: list[Event]) -> Policy:
    """Return the policy under which she was last asked; the present one where that cannot be told."""
    found = in_force(desk.db, events[-1].valid_from)
    return found if found is not None and purpose in found.purposes else desk.policy


def maps(desk: Desk) -> dict[str, DataMap]:
    """Return the maps of the company's stores."""
    return {name: spec.map for name, spec in desk.specs.items()}


def proven(
    desk: Desk, directory: Path, subject: UUID, purpose: str, events: list[Event]
) -> list[Mapping[str, object]]:  # fmt: skip
    """Return the receipts of the log for a person's events of consent to a purpose, in their order."""
    seal(desk.db, signer(directory, os.environ))
    names = [f"choices:{kind.value}" for kind in STATUS]
    numbers = acts.about(desk.db, subject, names)
    found: list[Mapping[str, object]] = []
    for number in numbers:
        said = acts.by_id(desk.db, number)
        if said is not None and said.payload.get("purpose") in (purpose, None):
            try:
                found.append(shown(desk.db, number))
            except NoReceipt as error:
                raise Ending(Code.CANNOT_TELL, str(error), "`belofte log fsck` says what is wrong with it") from None
    return found


def _files(text: str, proofs: list[Mapping[str, object]]) -> dict[str, str]:
    """Return the receipt, a file per proof, and what verifies them."""
    content = {"receipt.jsonld" if proofs else "record.jsonld": text}
    content |= {f"proof-{number}.json": json.dumps(one, indent=2) + "\n" for number, one in enumerate(proofs, 1)}
    if proofs:
        content["verify.py"] = files("belofte.evidence").joinpath("verify.py").read_text(encoding="utf-8")
    return content

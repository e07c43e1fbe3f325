"""`belofte disclose`: record that a recipient was given data by hand: what, for what, on what ground, by what order.

Exit 0 · 3 it may not be disclosed: why, and what would mend it; nothing is recorded.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from belofte.choices.moments import NoMoment, span
from belofte.choices.subjects import Identifier, Several, subject_of
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, diagnostics, json_result
from belofte.cli.request.asking import desk_of, people
from belofte.database.disclosures import Disclosed, disclose
from belofte.rights.desk import Desk
from belofte.sharing.disclosing import Wanted, categories, grounded, refusals

Recipient = Annotated[str, typer.Option("--recipient", metavar="ID", help="Who received it: one of the policy's.")]
Purpose = Annotated[str, typer.Option("--purpose", metavar="PURPOSE", help="The purpose that it was for.")]
Data = Annotated[list[str], typer.Option("--data", metavar="REF", help="A category or element that it held.")]
File = Annotated[Path, typer.Option("--file", metavar="FILE", help="What was sent; its digest is kept, not the file.")]
Order = Annotated[
    str | None, typer.Option("--order", metavar="TEXT", help="The order or request, for an authority or a court.")
]
Ground = Annotated[str | None, typer.Option("--ground", metavar="TEXT", help="The law or the contract (art. 6, 28).")]
On = Annotated[str | None, typer.Option("--on", metavar="TIME", help="When it was sent (default: now).")]
Store = Annotated[str | None, typer.Option("--store", metavar="STORE", help="The store that it came from.")]
Persons = Annotated[
    list[str] | None,
    typer.Option("--person", metavar="KIND=VALUE", help="Whose data it was: email=…; `-` is standard input."),
]


def run(
    recipient: Recipient, purpose: Purpose, data: Data, file: File, order: Order = None, ground: Ground = None,
    on: On = None, store: Store = None, person: Persons = None, directory: Directory = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Record what a recipient was given by hand, with its ground; an authority's with the order that asked for it."""
    wanted = Wanted(recipient, purpose, data, ground, order)
    with desk_of(directory) as desk:
        try:
            at = span(on)[0] if on is not None else desk.clock()
        except NoMoment as error:
            raise Ending(Code.INVALID, str(error), "write `2026-03-03`, or `2026-03-03T10:00+01:00`") from None
        if at > desk.clock():
            raise Ending(
                Code.INVALID, "it was sent in the future; nothing is recorded", "give the moment at which it was"
            )
        against = refusals(desk.policy, wanted, at.date())
        if against:
            first, *others = against
            for one in others:
                diagnostics().print(f"also (GDPR art. {one.article}): {one.why}\n   {one.mend}", markup=False)
            raise Ending(Code.INVALID, f"{first.why} (GDPR art. {first.article}); nothing is recorded", first.mend)
        if store is not None and store not in desk.specs:
            known = ", ".join(sorted(desk.specs)) or "none yet"
            raise Ending(Code.INVALID, f"there is no store `{store}`", f"the company has: {known}")
        try:
            with file.open("rb") as sent:
                digest = hashlib.file_digest(sent, "sha256").digest()
        except OSError:
            raise Ending(Code.COULD_NOT_RUN, f"the file `{file}` cannot be read", "name what was sent") from None
        made = Disclosed(
            recipient, purpose, grounded(desk.policy, wanted) or "", categories(desk.policy, data), store, at, digest,
            reference=order,
        )  # fmt: skip
        numbers = _recorded(desk, made, person)
    if as_json:
        json_result({"disclosures": numbers, "recipient": recipient, "purpose": purpose, "digest": digest.hex()})
    else:
        named = ", ".join(map(str, numbers))
        console().print(f"disclosure {named} to {recipient} is recorded, sha256 {digest.hex()}", markup=False)


def _recorded(desk: Desk, made: Disclosed, person: list[str] | None) -> list[int]:
    """Record a disclosure, of each person named; without one, of whom is not known."""
    if not person:
        return [disclose(desk.db, made)]
    found = []
    for asked in people(person, None, desk.policy.organisation.country):
        subject = subject_of(desk.db, desk.key, [Identifier(one.kind, one.normal) for one in asked])
        if isinstance(subject, Several):
            raise Ending(Code.CANNOT_TELL, "the identifiers lead to several people", "name one that only she has")
        found.append(disclose(desk.db, replace(made, subject_id=subject)))
    return found

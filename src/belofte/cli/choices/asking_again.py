"""`belofte choices stale` and `release`: whom to ask again since the policy changed, until when, and letting go then.

Exit 0 nobody, or let go of · 2 somebody is to be asked, or a second person.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from belofte.choices.again import let_go, release_of, to_ask
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json, staff, who
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.database import requests


def run_stale(directory: Directory = HERE, as_json: Json = False) -> None:
    """How many people's consent a change of the policy made stale, per purpose, and until when to ask them again."""
    with desk_of(directory) as desk:
        found = to_ask(desk.db, desk.policy, desk.clock())
    if as_json:
        json_result([asdict(one) for one in found])
    else:
        table = Table("purpose", "channel", "people", "ask until")
        for one in found:
            until = "" if one.until is None else f"{one.until}{' (over)' if one.over else ''}"
            table.add_row(one.purpose, one.channel or "", str(one.people), until)
        console().print(table if found else "nobody is to be asked again", markup=False)
    if found:
        raise Ending(Code.CHANGES)


def run_release(
    purpose: Annotated[str, typer.Argument(metavar="PURPOSE", help="The purpose whose stale consents are let go of.")],
    by: Annotated[str | None, staff("Who says so (default: the account).")] = None,
    directory: Directory = HERE,
) -> None:
    """Let go of the consents that nobody gave again in time: two persons say the same, and the next sweep takes it."""
    by = who(by)
    with desk_of(directory) as desk:
        if purpose not in desk.policy.purposes:
            known = ", ".join(sorted(desk.policy.purposes))
            raise Ending(Code.INVALID, f"there is no purpose `{purpose}`", f"the policy has: {known}")
        release = release_of(desk.db, desk.policy, purpose, desk.clock())
        if not release.people:
            console().print(f"{purpose}: no consent is stale", markup=False)
            return
        if not release.over:
            raise Ending(
                Code.CHANGES,
                f"{len(release.people)} people are asked again until {release.until or 'a day that nobody stated'}",
                "nothing was let go of; state the day of the change (`version.from`, `consent_since`) where none is",
            )
        run = f"release {purpose}"
        others = requests.approvers(desk.db, release.digest, beside=(by,), run=run)
        if not others:
            requests.approve(desk.db, by, release.digest, run=run)
            raise Ending(
                Code.CHANGES,
                f"{by} lets go of the stale consent of {len(release.people)} people for `{purpose}`",
                "a second person says the same: this command with `--by NAME`; nothing was let go of yet",
            )
        let_go(desk.db, release, by, others[0], desk.clock())
    console().print(
        f"{purpose}: the stale consent of {len(release.people)} people holds on to nothing any more; the next sweep "
        "takes what nothing else keeps", markup=False,
    )  # fmt: skip

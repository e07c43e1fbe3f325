"""`belofte compare A [B]`: what changed in meaning from one policy to the next, who is told and who is asked again.

Exit 0 nothing changed · 2 something did · 3 there is no such policy.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from belofte.choices.again import consenting
from belofte.choices.policies import of_version, versions
from belofte.cli.announcing import Prepared, announce, kinds_of, summary
from belofte.cli.company import policy_in
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json, who
from belofte.cli.output import console, diagnostics, json_result
from belofte.cli.request.asking import desk_of
from belofte.policy.change import Change
from belofte.policy.compare import compare, unasked
from belofte.policy.model import Policy
from belofte.policy.problems import listed
from belofte.purposes.addressees import Counted, counted
from belofte.rights.desk import Desk

One = Annotated[str, typer.Argument(metavar="A", help="The policy before: a company's folder, or a version recorded.")]
Other = Annotated[
    str | None, typer.Argument(metavar="B", help="The policy after (default: that of the company's folder).")
]
Announce = Annotated[
    Path | None,
    typer.Option("--announce", metavar="DIR", help="Write the message to those concerned, and who they are, to DIR."),
]
Address = Annotated[
    str | None, typer.Option("--address", metavar="URL", help="Where the notices are published, for the message.")
]
Counting = Annotated[bool, typer.Option("--count", help="Count the people concerned in the stores too.")]


@dataclass
class Counts:
    """How many people: consents in force per purpose; and in the stores, where they were counted."""

    consents: dict[str, int] = field(default_factory=dict)
    stores: Counted | None = None


def run(
    one: One, other: Other = None, count: Counting = False, to: Announce = None, address: Address = None,
    directory: Directory = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """What changed in meaning from one policy to the next: who must be told, whose consent is asked again."""
    with ExitStack() as stack:
        desk = stack.enter_context(desk_of(directory)) if (directory / "policy").is_dir() else None
        before, after = stated(desk, one), stated(desk, other) if other is not None else present(desk)
        changes = compare(before, after)
        counts = _counts(desk, before, changes, count) if desk is not None else Counts()
        prepared = _announced(desk, before, after, changes, to, address)
    if as_json:
        announced = {"announcement": asdict(prepared)} if prepared is not None else {}
        json_result(document(before, after, changes, counts) | announced)
    else:
        show(changes, counts)
        for line in summary(prepared) if prepared is not None else ():
            console().print(line, markup=False)
    for name in unasked(before, after):
        said = f"`{name}`: its consents are asked again only where the policy says since when"
        diagnostics().print(f"{said}: add `consent_since:` with the day of the change", markup=False)
    silent = counts.stores.silent if counts.stores is not None else prepared.silent if prepared is not None else ()
    if silent:
        raise Ending(Code.CANNOT_TELL, f"these stores did not answer: {listed(silent)}", "count again later")
    if changes:
        raise Ending(Code.CHANGES)


def _announced(
    desk: Desk | None, before: Policy, after: Policy, changes: list[Change], to: Path | None, address: str | None
) -> Prepared | None:
    if to is None:
        return None
    if desk is None or after != desk.policy:
        raise Ending(
            Code.INVALID, "only the policy of the company's folder is announced", "leave `B` out, name `-C DIR`"
        )
    return announce(desk, before, changes, to, address, who(None))


def stated(desk: Desk | None, name: str) -> Policy:
    """Return the policy that an argument names: a company's folder, or the version that Belofte recorded."""
    if (Path(name) / "policy").is_dir():
        return policy_in(Path(name)).policy
    found = of_version(desk.db, name) if desk is not None else None
    if found is None:
        known = versions(desk.db) if desk is not None else []
        advice = f"the versions recorded: {listed(known)}" if known else "name a folder with `policy/` in it"
        raise Ending(Code.INVALID, f"`{name}` is neither a company's folder nor a version recorded", advice)
    return found


def present(desk: Desk | None) -> Policy:
    """Return the policy of the company's folder."""
    if desk is None:
        raise Ending(Code.INVALID, "there is nothing to compare it with", "name a second policy, or `-C DIR`")
    return desk.policy


def _counts(desk: Desk, before: Policy, changes: list[Change], in_stores: bool) -> Counts:
    asked = {change.purpose for change in changes if change.asked}
    standing = consenting(desk.db, before, desk.clock()) if asked else {}
    counts = Counts({name: standing.get(name, 0) for name in before.purposes if name in asked})
    concerned = [change for change in changes if change.told]
    if in_stores and concerned:
        counts.stores = counted(desk, kinds_of(concerned))
    return counts


def document(before: Policy, after: Policy, changes: list[Change], counts: Counts) -> dict[str, object]:
    """Return the comparison as JSON has it."""
    return {
        "before": before.version.id if before.version else None,
        "after": after.version.id if after.version else None,
        "changes": [
            {
                **asdict(one),
                "told": one.told,
                "asked": one.asked,
                "article": one.meaning.article,
                "means": one.meaning.says,
            }
            for one in changes
        ],
        "asked_again": counts.consents,
        "people": dict(counts.stores.kinds) if counts.stores is not None else {},
        "everybody": counts.stores.people if counts.stores is not None else None,
        "at_most": counts.stores is not None and counts.stores.at_most,
        "told_by_hand": list(counts.stores.by_hand) if counts.stores is not None else [],
        "silent": list(counts.stores.silent) if counts.stores is not None else [],
    }


def show(changes: list[Change], counts: Counts) -> None:
    """Print the changes, and how many people are concerned."""
    out = console()
    if not changes:
        out.print("nothing changed in meaning")
        return
    for one in changes:
        what = " → ".join(found for found in (", ".join(one.before), ", ".join(one.after)) if found)
        moved = f": {what}" if one.before and one.after else _moved(one, what)
        out.print(Text.assemble((one.path, "bold"), moved))
        out.print(Text("   " + "; ".join(_follows(one, counts))))
    if counts.stores is not None:
        _show_people(counts.stores)


def _show_people(found: Counted) -> None:
    """Print how many people the stores hold, and whose people nobody counts."""
    out = console()
    kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(found.kinds.items()))
    out.print(f"people in the stores: {'at most ' if found.at_most else ''}{found.people} ({kinds})", markup=False)
    if found.at_most:
        out.print("nothing links some of them to those in other stores: somebody may be counted twice")
    if found.by_hand:
        out.print(f"to be told by hand, and not counted: people in {listed(found.by_hand)}", markup=False)


def _moved(change: Change, what: str) -> str:
    if not what:
        return ""
    return f": + {what}" if change.after else f": − {what}"


def _follows(change: Change, counts: Counts) -> list[str]:
    """Return what a change means by law, whom to tell, and how many to ask again."""
    found = [change.meaning.says]
    if change.told:
        found.append(f"tell {listed(change.people) or 'everybody'} before (art. {change.meaning.article})")
    if change.asked:
        people = counts.consents.get(change.purpose or "")
        found.append("ask those who consented again" if people is None else f"ask {people} people again")
    return found

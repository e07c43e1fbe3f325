"""`belofte replay STORE…`: after a restore from a backup, what was erased goes again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from belofte.choices.moments import NoMoment, moment
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json, who
from belofte.cli.output import json_result
from belofte.cli.request.asking import NOTHING, Confirm, Following, desk_of, say
from belofte.cli.request.erasing import By, carry_through
from belofte.cli.request.erasure_report import show_counts
from belofte.cli.request.planning import Round, planned, remember
from belofte.cli.request.shared import tell_waiting
from belofte.cli.sweep import named
from belofte.retention import replay
from belofte.retention.replay import Restored
from belofte.rights.desk import Desk
from belofte.rights.letting_go import Plan, as_counts

Stores = Annotated[list[str], typer.Argument(metavar="STORE...", help="The stores that were restored.")]
Backup = Annotated[
    str | None,
    typer.Option("--backup", metavar="DAY", help="When the backup was made: asks for what was corrected since."),
]


def run(
    stores: Stores,
    yes: Annotated[bool, typer.Option("--yes", help="Carry out what is shown.")] = False,
    backup: Backup = None,
    confirm: Confirm = NOTHING,
    by: By = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """After a restore from a backup: find who was erased in a store, and let go of them again."""
    since = _moment(backup)
    with desk_of(directory) as desk:
        names = named(desk, stores)
        if not yes:
            raise Ending(_shown(desk, names, frozenset(confirm), as_json))
        before = replay.begun(desk, names)
        if before is not None:
            raise Ending(
                Code.CHANGES,
                f"a replay of these stores is not over: request {before}",
                f"nothing was done; take it up with `belofte request resume {before}`",
            )
        for name, people in replay.tell(desk, names).items():
            say(f"store {name}: told anew what people chose ({people} knew otherwise)")
        restored = replay.look(desk, names, frozenset(confirm))
        for what in replay.by_hand(desk, names, since):
            say(f"task: {what} (`belofte sweep task`)")
        _tell(restored)
        if restored.people:
            with desk.db.transaction():
                intake = replay.begin(desk, restored)
                round_ = Round(desk.clock(), frozenset(), {})
                made = planned(desk, intake, round_, estimate=False)
                remember(desk, intake, round_, made)
            how = Following(directory=directory, as_json=as_json)
            code = carry_through(desk, intake, made, who(by), how)
        else:
            code = _code(restored)
            if as_json:
                json_result(_document(restored, None))
    if code is not Code.FINE:
        raise Ending(code)


def _moment(day: str | None) -> datetime | None:
    try:
        return moment(day) if day is not None else None
    except NoMoment as error:
        raise Ending(Code.INVALID, str(error)) from None


def _shown(desk: Desk, names: list[str], confirm: frozenset[str], as_json: bool) -> Code:
    """Show what a replay would do; nothing is written."""
    restored = replay.look(desk, names, confirm)
    plan = replay.plan(desk, restored, restored.looked, desk.clock()) if restored.confirmed else None
    if as_json:
        json_result(_document(restored, plan))
    else:
        _tell(restored)
        for one in plan.stores if plan is not None else ():
            counts = {table: as_counts(found) for table, found in one.counts.items()}
            show_counts(f"store {one.name}: what would go and what stays", counts)
        if plan is not None and plan.mass:
            say("more people than the policy's share: a second person approves it first")
        if plan is not None:
            say("nothing was done; `--yes` does it")
    return Code.CHANGES if restored.confirmed else _code(restored)


def _code(restored: Restored) -> Code:
    return Code.CANNOT_TELL if restored.silent or restored.waiting else Code.FINE


def _tell(restored: Restored) -> None:
    """Say what was found, and what could not be."""
    for name in restored.looked:
        found = sum(len(keys) for keys in restored.cohort(name).values())
        say(f"store {name}: {restored.erased[name]} people were erased there; {found} records of them are back")
        if restored.lost[name]:
            say(f"   of {restored.lost[name]} no digest is left: nothing finds them again")
        if restored.blank[name]:
            say(f"   {restored.blank[name]} rows under a key of theirs name nobody: as erasing leaves a row that stays")
    for name, why in restored.not_looked.items():
        say(f"store {name}: not looked through: {why}")
    tell_waiting(restored)


def _document(restored: Restored, plan: Plan | None) -> dict[str, object]:
    stores = {
        name: {
            "erased": restored.erased[name],
            "back": sum(len(keys) for keys in restored.cohort(name).values()),
            "lost": restored.lost[name],
            "blank": restored.blank[name],
            "tables": {},
        }
        for name in restored.looked
    }
    for one in plan.stores if plan is not None else ():
        stores[one.name]["tables"] = {table: as_counts(found) for table, found in one.counts.items()}
    return {
        "state": "planned" if restored.confirmed else "nothing",
        "stores": stores,
        "not_looked": dict(restored.not_looked),
        "unreachable": sorted(restored.silent),
        "waiting": [{"record": one.name, "why": one.why_not} for one in restored.waiting],
        "second_person": plan is not None and plan.mass,
    }

"""`belofte sweep late`: the alarm. Exit 0 nothing is late · 2 something is · 4 a store did not answer."""

from __future__ import annotations

from typing import Annotated

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import NOTHING, desk_of
from belofte.cli.sweep import Stores, named
from belofte.retention.late import Late, late

DAYS = 7
"""How many days after its term data may still be there, where nobody says otherwise."""
Days = Annotated[int, typer.Option("--days", min=0, help="How long after its term data may still be there.")]


def run(stores: Stores = NOTHING, days: Days = DAYS, directory: Directory = HERE, as_json: Json = False) -> None:
    """The alarm: what should have gone some days ago and is still there, per purpose with its oldest day."""
    with desk_of(directory) as desk:
        found = [late(desk, name, days) for name in named(desk, stores)]
    if as_json:
        json_result({"days": days, "stores": {one.store: _document(one) for one in found}})
    else:
        for one in found:
            _show(one, days)
    if any(one.unreachable is not None for one in found):
        raise Ending(Code.CANNOT_TELL)
    if any(one.alarms for one in found):
        raise Ending(Code.CHANGES)


def _document(one: Late) -> dict[str, object]:
    return {
        "late": one.alarms,
        "people": one.people,
        "purposes": {name: {"rows": late_.rows, "oldest": late_.oldest} for name, late_ in one.purposes.items()},
        "stuck": None
        if one.stuck is None
        else {"run": one.stuck.short, "state": one.stuck.state, "since": one.stuck.planned_at},
        "since_seen": {name: day.isoformat() if day is not None else None for name, day in one.since_seen.items()},
        "undated": list(one.undated),
        "unreachable": one.unreachable,
        "not_swept": one.not_swept,
    }


def _show(one: Late, days: int) -> None:
    def say(text: str) -> None:
        console().print(text, markup=False)

    if one.not_swept is not None:
        say(f"store {one.store}: not swept: {one.not_swept}")
        return
    if one.unreachable is not None:
        say(f"store {one.store}: cannot tell: {one.unreachable}")
        return
    say(f"store {one.store}: " + (f"late by more than {days} days" if one.alarms else "nothing is late"))
    for name, left in sorted(one.purposes.items()):
        say(f"   {name}: {left.rows} rows of data, the oldest of {left.oldest or 'an unknown day'}")
    if one.stuck is not None:
        since = one.stuck.planned_at.date()
        say(f"   sweep {one.stuck.short}: {one.stuck.state} since {since}; look at it with `belofte sweep {one.store}`")
    for name, day in sorted(one.since_seen.items()):
        if day is not None:
            say(f"   {name}: its condition was first seen not to hold on {day}; its days count from when that was seen")
    if one.undated:
        say(f"   no day tells when these are over, and they are never late: {', '.join(one.undated)}")

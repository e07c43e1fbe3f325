"""`belofte choices lag`: what of people's choices each store has not learnt, and for how long.

Exit 0 every store knows everything · 2 a store has to learn something · 4 a store did not answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rich.text import Text

from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import desk_of
from belofte.purposes.lagging import Lag, lags

MEND = "`belofte apply --retry` tells the stores"


def run(directory: Directory = HERE, as_json: Json = False) -> None:
    """How far each store is behind what people chose: rows that it knows otherwise, and since when."""
    with desk_of(directory) as desk:
        found, now = lags(desk), desk.clock()
    if as_json:
        json_result({"stores": {one.store: document(one, now) for one in found}})
    for one in found if not as_json else ():
        console().print(Text(f"{one.store}: {said(one, now)}"))
    if not found and not as_json:
        console().print("no store binds its readers: `mode: enforce` does")
    if any(one.waiting or (one.told_at is None and not one.why) for one in found):
        raise Ending(Code.CHANGES, "a store has to learn what people chose", MEND)
    if any(one.why for one in found):
        raise Ending(Code.CANNOT_TELL, "a store did not answer", MEND)


def said(one: Lag, now: datetime) -> str:
    """Return a store's lag in words."""
    if one.why:
        return f"did not answer ({one.why})"
    if one.told_at is None or one.until is None:
        return "was never told: `belofte plan` and `belofte apply` begin"
    knows = f"{one.waiting} rows wait, the first for {span(one.behind(now))}" if one.waiting else "knows every choice"
    return f"{knows}; told everything {span(now - one.told_at)} ago, shows until {one.until:%Y-%m-%d %H:%M %Z}"


def span(length: timedelta) -> str:
    """Return a length of time as one says it."""
    seconds = max(int(length.total_seconds()), 0)
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"


def document(one: Lag, now: datetime) -> dict[str, object]:
    """Return a store's lag as JSON."""
    ago = (now - one.told_at).total_seconds() if one.told_at is not None else None
    return {
        "waiting": one.waiting,
        "behind_seconds": one.behind(now).total_seconds(),
        "told_seconds_ago": ago,
        "until": one.until.isoformat() if one.until is not None else None,
        "why": one.why,
    }

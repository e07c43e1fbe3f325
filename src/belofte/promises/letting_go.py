"""What nothing justifies any more, in live stores: how much of it there is, and what of it is still there a month late.

The questions are the sweep's own (`retention/overdue.py`), so that what is proven is what would be swept.
"""

from __future__ import annotations

from collections.abc import Iterable

from belofte.promises.mapped import answering
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.retention.late import NO_PURPOSE, Late, late
from belofte.retention.overdue import Overdue, looked_at
from belofte.rights.desk import Opened
from belofte.stores.session import Failed, session

DAYS = 31
"""After how many days what should have gone is late: a sweep is asked for at least each month."""
NAMED = 3
"""People of whom something is overdue are named so many times per store, by a digest of their key."""


def overdue(matter: Matter, scope: Scope) -> Outcome:
    """Count, per store and table, data that no purpose, hold or restriction justifies."""
    unclear: list[str] = []
    found: list[str] = []
    figures = {"stores": 0, "people": 0, "overdue": 0}
    for opened in answering(matter, unclear):
        if opened.map.all_passed_on:
            continue
        known = matter.once(("overdue", opened.name), lambda: _looked_at(matter, opened))  # noqa: B023
        if isinstance(known, str):
            unclear.append(known)
            continue
        figures["stores"] += 1
        figures["people"] += known.total
        data = [one for one in known.data if one.left is None and one.rows and scope.about(one.purposes)]
        figures["overdue"] += sum(one.rows for one in data)
        found += [
            f"store `{opened.name}`: {one.rows} rows of `{one.table}` hold {one.element} that nothing justifies"
            + (f", the oldest since {one.oldest}" if one.oldest else "")
            for one in data
        ]
        found += digests(matter, opened.name, known) if data else []
    if not matter.desk.sql_stores:
        unclear.append("no store is connected: there is nothing to count")
    return outcome(figures, found, unclear)


def _looked_at(matter: Matter, opened: Opened) -> Overdue | str:
    if opened.graph.problems:
        return f"store `{opened.name}`: its map does not hold together; `belofte check` says why"
    try:
        with session(opened.store) as reading:
            return looked_at(matter.desk, opened, reading, matter.at)
    except Failed as silent:
        return f"store `{opened.name}`: {silent.why}"


def digests(matter: Matter, store: str, known: Overdue) -> Iterable[str]:
    """Return some of the people whom it is about, by the keyed digest of their row's key."""
    named = [(entry, key) for entry, keys in known.people.items() for key in keys[:NAMED]][:NAMED]
    return [f"store `{store}`: {entry} {matter.desk.key.row(store, entry, key).hex()[:16]}" for entry, key in named]


def still_there(matter: Matter, scope: Scope) -> Outcome:
    """Count what a sweep of a month ago would have let go of, and is still there; and sweeps that are stuck."""
    unclear: list[str] = []
    found: list[str] = []
    figures = {"stores": 0, "late": 0}
    for opened in answering(matter, unclear):
        if opened.map.all_passed_on:
            continue
        name = opened.name
        known = matter.once(("overdue", name), lambda: _looked_at(matter, opened))  # noqa: B023
        if isinstance(known, Overdue) and not known.number:
            figures["stores"] += 1  # of whom nothing is overdue now, nothing is late either
            continue
        one = matter.once(("late", name), lambda: late(matter.desk, name, DAYS))  # noqa: B023
        if one.unreachable is not None:
            unclear.append(f"store `{name}`: {one.unreachable}")
            continue
        figures["stores"] += 1
        found += _late(one, scope, figures)
    if not matter.desk.sql_stores:
        unclear.append("no store is connected: there is nothing to count")
    return outcome(figures, found, unclear)


def _late(one: Late, scope: Scope, figures: dict[str, int]) -> list[str]:
    found = []
    for purpose, data in one.purposes.items():
        if scope.about([purpose]) or purpose == NO_PURPOSE:
            figures["late"] += data.rows
            since = f", the oldest since {data.oldest}" if data.oldest else ""
            found.append(f"store `{one.store}`: {data.rows} of `{purpose}`{since}")
    if one.stuck is not None:
        found.append(f"store `{one.store}`: sweep {one.stuck.short} is {one.stuck.state} for more than {DAYS} days")
    return found

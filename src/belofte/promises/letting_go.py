"""What nothing justifies any more, in live stores: how much of it there is, and what of it is still there a month late.

The questions are the sweep's own (`retention/overdue.py`), so that what is proven is what would be swept.
"""

from __future__ import annotations

from collections.abc import Iterable

from belofte.database.sweeps import Sweep, SweepState
from belofte.promises.mapped import answering
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.promises.sentence import Sentence, of_store, sentence
from belofte.retention.late import NO_PURPOSE, Late, late
from belofte.retention.overdue import Data, Overdue, looked_at
from belofte.rights.desk import Opened
from belofte.stores.session import Failed, session

DAYS = 31
"""After how many days what should have gone is late: a sweep is asked for at least each month."""
NAMED = 3
"""People of whom something is overdue are named so many times per store, by a digest of their key."""


def overdue(matter: Matter, scope: Scope) -> Outcome:
    """Count, per store and table, data that no purpose, hold or restriction justifies."""
    unclear: list[Sentence] = []
    found: list[Sentence] = []
    figures = {"stores": 0, "people": 0, "overdue": 0}
    for opened in answering(matter, unclear):
        if opened.map.all_passed_on:
            continue
        known = matter.once(("overdue", opened.name), lambda: _looked_at(matter, opened))  # noqa: B023
        if isinstance(known, Sentence):
            unclear.append(known)
            continue
        figures["stores"] += 1
        figures["people"] += known.total
        data = [one for one in known.data if one.left is None and one.rows and scope.about(one.purposes)]
        figures["overdue"] += sum(one.rows for one in data)
        found += [of_store(opened.name, _since(_unjustified(one), one.oldest)) for one in data]
        found += digests(matter, opened.name, known) if data else []
    if not matter.desk.sql_stores:
        unclear.append(sentence("no store is connected: there is nothing to count"))
    return outcome(figures, found, unclear)


def _looked_at(matter: Matter, opened: Opened) -> Overdue | Sentence:
    if opened.graph.problems:
        return of_store(opened.name, sentence("its map does not hold together; `belofte check` says why"))
    try:
        with session(opened.store) as reading:
            return looked_at(matter.desk, opened, reading, matter.at)
    except Failed as silent:
        return of_store(opened.name, silent.why)


def digests(matter: Matter, store: str, known: Overdue) -> Iterable[Sentence]:
    """Return some of the people whom it is about, by the keyed digest of their row's key."""
    named = [(entry, key) for entry, keys in known.people.items() for key in keys[:NAMED]][:NAMED]
    return [of_store(store, f"{entry} {matter.desk.key.row(store, entry, key).hex()[:16]}") for entry, key in named]


def still_there(matter: Matter, scope: Scope) -> Outcome:
    """Count what a sweep of a month ago would have let go of, and is still there; and sweeps that are stuck."""
    unclear: list[Sentence] = []
    found: list[Sentence] = []
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
            unclear.append(of_store(name, one.unreachable))
            continue
        figures["stores"] += 1
        found += _late(one, scope, figures)
    if not matter.desk.sql_stores:
        unclear.append(sentence("no store is connected: there is nothing to count"))
    return outcome(figures, found, unclear)


def _late(one: Late, scope: Scope, figures: dict[str, int]) -> list[Sentence]:
    found = []
    for purpose, data in one.purposes.items():
        if scope.about([purpose]) or purpose == NO_PURPOSE:
            figures["late"] += data.rows
            said = sentence("%(count)s of `%(purpose)s`", count=data.rows, purpose=purpose)
            found.append(of_store(one.store, _since(said, data.oldest)))
    if one.stuck is not None:
        found.append(of_store(one.store, _stuck(one.stuck)))
    return found


def _stuck(sweep: Sweep) -> Sentence:
    if sweep.state == SweepState.WAITING:
        return sentence(
            "sweep %(sweep)s has waited for a second person for more than %(count)s days",
            sweep=sweep.short, count=DAYS,
        )  # fmt: skip
    return sentence("sweep %(sweep)s failed more than %(count)s days ago", sweep=sweep.short, count=DAYS)


def _unjustified(data: Data) -> Sentence:
    return sentence(
        "%(count)s rows of `%(table)s` hold %(element)s that nothing justifies",
        count=data.rows, table=data.table, element=data.element,
    )  # fmt: skip


def _since(what: Sentence, oldest: str | None) -> Sentence:
    return sentence("%(what)s, the oldest since %(day)s", what=what, day=oldest) if oldest is not None else what

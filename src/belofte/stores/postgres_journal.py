"""The journal of a PostgreSQL store: which steps of which plan were taken, each line written with its step.

The plan itself stands in the line of step -1, so that it can be taken up or undone by whoever comes next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from belofte.stores.postgres_views import ground_made
from belofte.stores.session import Session

BEGUN, FINISHED = -1, 1_000_000
DETACHED = "detached"

Items = Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]]
"""What was made: its digest, and the statements that make and drop it."""


@dataclass(frozen=True)
class Line:
    """A plan in the journal: its digest, what it is, and the last step that was taken (-1: none)."""

    plan: str
    said: str
    done: int
    finished: bool


def begin(session: Session, plan: str, said: str) -> None:
    """Write down what is about to be done; older plans are forgotten, for only the last can be undone."""
    for statement in ground_made():
        session.execute(statement)
    session.execute("DELETE FROM belofte.journal")
    _line(session, plan, BEGUN, said)
    session.commit()


def put(session: Session, plan: str, step: int, said: str) -> None:
    """Write down, in its own transaction, that a step was taken."""
    _line(session, plan, step, said)


def finish(session: Session, plan: str) -> None:
    """Write down that a plan was carried out."""
    _line(session, plan, FINISHED, "finished")


def take_back(session: Session, plan: str, step: int) -> None:
    """Write down that a step was undone: the plan is not finished any more."""
    query = "DELETE FROM belofte.journal WHERE plan = %(plan)s AND (step = %(step)s OR step = %(finished)s)"
    session.execute(query, {"plan": plan, "step": step, "finished": FINISHED})


def forget(session: Session, plan: str) -> None:
    """Forget a plan that was undone."""
    session.execute("DELETE FROM belofte.journal WHERE plan = %(plan)s", {"plan": plan})


def last(session: Session) -> Line | None:
    """Return the last plan, finished or not."""
    if not session.execute("SELECT to_regclass('belofte.journal') IS NOT NULL")[0][0]:
        return None
    rows = session.execute("SELECT plan, step, said FROM belofte.journal WHERE plan <> 'detached' ORDER BY step")
    if not rows:
        return None
    steps = [step for _, step, _ in rows]
    done = max(step for step in steps if step != FINISHED)
    return Line(rows[0][0], rows[0][2], done, FINISHED in steps)


def unfinished(session: Session) -> Line | None:
    """Return the plan that stopped half-way, if one did."""
    found = last(session)
    return found if found is not None and not found.finished else None


def detached(session: Session, views: Sequence[str]) -> None:
    """Write down that views were let go of."""
    session.execute("DELETE FROM belofte.journal WHERE plan = %(plan)s", {"plan": DETACHED})
    _line(session, DETACHED, 0, json.dumps(list(views)))


def record(session: Session, items: Items, live: Mapping[str, str]) -> None:
    """Write down what stands now, and how it was found right after it was made."""
    session.execute("DELETE FROM belofte.made")
    insert = "INSERT INTO belofte.made VALUES (%(item)s, %(wanted)s, %(found)s, %(make)s, %(drop)s)"
    for item, (wanted, make, drop) in items.items():
        values = {"item": item, "wanted": wanted, "found": live.get(item)}
        session.execute(insert, {**values, "make": json.dumps(make), "drop": json.dumps(drop)})


def _line(session: Session, plan: str, step: int, said: str) -> None:
    insert = "INSERT INTO belofte.journal (plan, step, said) VALUES (%(plan)s, %(step)s, %(said)s)"
    session.execute(insert, {"plan": plan, "step": step, "said": said})

"""The journal of a store: which steps of which plan were taken, each line written with its step; and what was made.

The plan itself stands in the line of step -1, so that it can be taken up or undone by whoever comes next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from belofte.compiler.closure import column, table_of
from belofte.compiler.statement import Bind, Statement
from belofte.stores.binding import binding
from belofte.stores.bound import Made
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
    making = binding(session).making
    making.carry_out(session, making.ground(session.store.name))
    session.change(Statement(exp.delete(_table(session, "journal"))), {})
    _line(session, plan, BEGUN, said)
    session.commit()


def put(session: Session, plan: str, step: int, said: str) -> None:
    """Write down that a step was taken: with the step, or where that is no transaction, after it."""
    _line(session, plan, step, said)


def finish(session: Session, plan: str) -> None:
    """Write down that a plan was carried out."""
    _line(session, plan, FINISHED, "finished")


def take_back(session: Session, plan: str, step: int) -> None:
    """Write down that a step was undone: the plan is not finished any more."""
    steps = exp.In(this=column("step"), expressions=[exp.Literal.number(one) for one in (step, FINISHED)])
    _forget(session, plan, steps)


def forget(session: Session, plan: str) -> None:
    """Forget a plan that was undone."""
    _forget(session, plan)


def last(session: Session) -> Line | None:
    """Return the last plan, finished or not."""
    if not binding(session).looking.has(session, "journal"):
        return None
    query = exp.select(column("plan"), column("step"), column("said")).from_(_table(session, "journal"))
    rows = session.rows(Statement(query.order_by(column("step"))), {})
    rows = [row for row in rows if row[0] != DETACHED]
    if not rows:
        return None
    steps = [int(step) for _, step, _ in rows]
    done = max(step for step in steps if step != FINISHED)
    return Line(str(rows[0][0]), str(rows[0][2]), done, FINISHED in steps)


def unfinished(session: Session) -> Line | None:
    """Return the plan that stopped half-way, if one did."""
    found = last(session)
    return found if found is not None and not found.finished else None


def detached(session: Session, views: Sequence[str]) -> None:
    """Write down that views were let go of."""
    _forget(session, DETACHED)
    _line(session, DETACHED, 0, json.dumps(list(views)))


def made(session: Session) -> dict[str, Made]:
    """Return what Belofte made in this store; nothing before the first time."""
    if not binding(session).looking.has(session, "made"):
        return {}
    names = ("item", "wanted", "found", "make", "drop")
    query = exp.select(*(column(name) for name in names)).from_(_table(session, "made"))
    return {
        item: Made(wanted, found, tuple(json.loads(make)), tuple(json.loads(drop)))
        for item, wanted, found, make, drop in session.rows(Statement(query), {})
    }


def record(session: Session, items: Items, live: Mapping[str, str]) -> None:
    """Write down what stands now, and how it was found right after it was made."""
    session.change(Statement(exp.delete(_table(session, "made"))), {})
    for item, (wanted, make, drop) in items.items():
        values = {"item": item, "wanted": wanted, "found": live.get(item)}
        _insert(session, "made", {**values, "make": json.dumps(make), "drop": json.dumps(drop)})


def _line(session: Session, plan: str, step: int, said: str) -> None:
    _insert(session, "journal", {"plan": plan, "step": step, "said": said})


def _forget(session: Session, plan: str, steps: exp.Expr | None = None) -> None:
    mine = exp.EQ(this=column("plan"), expression=Bind(this="plan"))
    where = mine if steps is None else exp.and_(mine, steps)
    delete = exp.Delete(this=_table(session, "journal"), where=exp.Where(this=where))
    session.change(Statement(delete, {"plan": plan}), {})


def _insert(session: Session, table: str, values: Mapping[str, object]) -> None:
    names = [exp.to_identifier(name, quoted=True) for name in values]
    given = exp.Values(expressions=[exp.Tuple(expressions=[Bind(this=name) for name in values])])
    insert = exp.Insert(this=exp.Schema(this=_table(session, table), expressions=names), expression=given)
    session.change(Statement(insert, values), {})


def _table(session: Session, name: str) -> exp.Expr:
    return table_of(f"{binding(session).making.place(session.store.name)}.{name}")

"""The marker: a row written in a store with a change, so that a crash after the commit is recognised (DESIGN §2).

It names the request, the step and the plan's digest, and holds counts. Never anything about a person. Request and step
find it: a plan that is made again after the change may read otherwise, because what it read has changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from sqlglot import exp

from belofte.compiler.closure import column, table_of
from belofte.compiler.digests import MARKER
from belofte.compiler.statement import Bind, Statement
from belofte.stores.connect import SQLSTATES
from belofte.stores.session import Failed, Session

TABLE = MARKER
NAMES = ("request", "step", "plan", "counts", "at")


def ensure(session: Session) -> None:
    """Make the marker's table where there is none, and commit: some databases commit at such a statement anyway.

    Of two who make it at the same moment a database may refuse the second, also where it says IF NOT EXISTS: that one
    finds it there.
    """
    try:
        _make(session)
    except Failed:
        session.rollback()
        _make(session)
    session.commit()


def _make(session: Session) -> None:
    session.change(_table(), {})
    if "step" not in session.names(_nothing()):
        _add_step(session)


@cache
def _nothing() -> Statement:
    return Statement(exp.select("*").from_(table_of(TABLE)).where(exp.false()))


@cache
def _table() -> Statement:
    text = exp.DataType.build("varchar(200)")
    columns = [
        exp.ColumnDef(
            this=exp.to_identifier(name, quoted=True),
            kind=kind,
            constraints=[exp.ColumnConstraint(kind=exp.NotNullColumnConstraint())],
        )
        for name, kind in (
            ("request", text),
            ("step", text.copy()),
            ("plan", text.copy()),
            ("counts", exp.DataType.build("text")),
            ("at", text.copy()),
        )
    ]
    key = exp.PrimaryKey(expressions=[column("request"), column("step")])
    create = exp.Create(this=exp.Schema(this=table_of(TABLE), expressions=[*columns, key]), kind="TABLE", exists=True)
    return Statement(create)


def _add_step(session: Session) -> None:
    """Give a table that was made before markers had a step its column: an old marker's step is its plan.

    No new step is ever called so, and the rule that a step is marked once holds for old tables too.
    """
    text = exp.DataType.build("varchar(200)")
    filled = [exp.NotNullColumnConstraint(), exp.DefaultColumnConstraint(this=exp.Literal.string(""))]
    added = exp.ColumnDef(
        this=exp.to_identifier("step", quoted=True),
        kind=text,
        constraints=[exp.ColumnConstraint(kind=one) for one in filled],
    )
    session.change(Statement(exp.Alter(this=table_of(TABLE), kind="TABLE", actions=[added])), {})
    same = [exp.EQ(this=column("step"), expression=column("plan"))]
    session.change(Statement(exp.Update(this=table_of(TABLE), expressions=same)), {})
    index = exp.Index(
        this=exp.to_identifier(f"{TABLE}_step", quoted=True),
        table=table_of(TABLE),
        params=exp.IndexParameters(columns=[column("request"), column("step")]),
    )
    session.change(Statement(exp.Create(this=index, kind="INDEX", unique=True)), {})


def put(session: Session, request: str, step: str, plan: bytes, counts: Mapping[str, object]) -> None:
    """Write the marker in the session's transaction, with the change that it is about.

    Where somebody else made the same change at the same time, it fails as what passes when one tries again.
    """
    found = (
        request,
        step,
        plan.hex(),
        json.dumps(counts, sort_keys=True),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    binds = {f"marker_{name}": value for name, value in zip(NAMES, found, strict=True)}
    try:
        session.change(replace(_put(), binds=binds), {})
    except Failed as why:
        if why.why == SQLSTATES["23"]:
            raise Failed(why.store, SQLSTATES["40"]) from None
        raise


@cache
def _put() -> Statement:
    values = [Bind(this=f"marker_{name}") for name in NAMES]
    insert = exp.Insert(
        this=exp.Schema(this=table_of(TABLE), expressions=[exp.to_identifier(name, quoted=True) for name in NAMES]),
        expression=exp.Values(expressions=[exp.Tuple(expressions=values)]),
    )
    return Statement(insert)


def read(session: Session, request: str, step: str) -> dict[str, dict[str, object]] | None:
    """Return the counts of a change that was made; None when it was not. The table must be there."""
    found = session.rows(replace(_read(), binds={"marker_request": request, "marker_step": step}), {})
    if not found:
        return None
    counts: dict[str, dict[str, object]] = json.loads(str(found[0][0]))
    return counts


@cache
def _read() -> Statement:
    query = exp.select(column("counts")).from_(table_of(TABLE))
    query = query.where(exp.EQ(this=column("request"), expression=Bind(this="marker_request")))
    return Statement(query.where(exp.EQ(this=column("step"), expression=Bind(this="marker_step"))))


def steps(session: Session, request: str) -> dict[str, dict[str, dict[str, object]]]:
    """Return the counts of every change of a request that was made, by step. The table must be there."""
    query = exp.select(column("step"), column("counts")).from_(table_of(TABLE))
    query = query.where(exp.EQ(this=column("request"), expression=Bind(this="marker_request")))
    found = session.rows(Statement(query, {"marker_request": request}), {})
    return {str(step): json.loads(str(counts)) for step, counts in found}


def forget(session: Session, request: str) -> int:
    """Remove the markers of a request that is over, in the session's transaction; return how many there were."""
    mine = exp.EQ(this=column("request"), expression=Bind(this="marker_request"))
    delete = exp.Delete(this=table_of(TABLE), where=exp.Where(this=mine))
    return session.change(Statement(delete, {"marker_request": request}), {})

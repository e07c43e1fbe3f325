"""Carrying out a rectification: the value in every row of hers that holds the element, in every store (art. 16).

A statutory record is not rewritten: whoever keeps it gets a task to annotate it. Each store has its own transaction,
with a marker, so that a correction is not made twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlglot import exp

from belofte.compiler.closure import column, table_of
from belofte.compiler.digests import digest_of
from belofte.compiler.setting import Group
from belofte.compiler.statement import Among, Bind, Keys, Statement
from belofte.compiler.verdicts import Verdicts
from belofte.database import requests
from belofte.database.requests import StoreState
from belofte.datamap.schema import ColumnInfo, Family
from belofte.rights.desk import Desk, Opened
from belofte.rights.intake import Intake
from belofte.rights.population import Population, lock, population_now
from belofte.rights.rectification import statutory
from belofte.stores import marker
from belofte.stores.connect import Unreachable
from belofte.stores.session import Failed, Session, session


@dataclass
class Correction:
    """What became of one table: rows corrected, rows that stay and are annotated."""

    changed: int = 0
    annotated: int = 0


def correct(
    desk: Desk, intake: Intake, wanted: Mapping[str, str], *, foresee: bool, step: str = "correct"
) -> dict[str, dict[str, Correction]]:
    """Correct elements (`category.element` → value) in every store that may be changed; return what became of tables.

    With `foresee` nothing is written. `step` names this round of the request in the markers: one that came to know of
    more records is another, and what a round did in a store is never done twice. Raises `ValueError` when a value does
    not fit a column's type.
    """
    found: dict[str, dict[str, Correction]] = {}
    for name in desk.sql_stores:
        if name in intake.silent or not intake.cohort(name):
            requests.progress(desk.db, intake.request.id, name, _state(name in intake.silent))
            continue
        try:
            found[name] = _in_store(desk, intake, name, wanted, None if foresee else step)
        except Unreachable as why:
            requests.progress(desk.db, intake.request.id, name, StoreState.UNREACHABLE, reason=why.why)
        except Failed as failed:
            requests.progress(desk.db, intake.request.id, name, StoreState.FAILED, reason=failed.why)
    return found


def _state(silent: bool) -> StoreState:
    return StoreState.UNREACHABLE if silent else StoreState.DONE


def _in_store(
    desk: Desk, intake: Intake, name: str, wanted: Mapping[str, str], step: str | None
) -> dict[str, Correction]:
    foresee = step is None
    acts = desk.specs[name].map.mode != "observe" and not desk.specs[name].map.all_passed_on
    opened = desk.open(name, read_only=foresee or not acts)
    digest = digest_of({"store": name, "elements": sorted(wanted)})
    with session(opened.store) as changing:
        if step is not None and acts:
            desk.once(("marker", name), lambda: marker.ensure(changing))
            done = marker.read(changing, intake.request.short, step)
            if done is not None:
                return _noted(desk, intake, name, wanted, {t: Correction(**c) for t, c in done.items()})  # type: ignore[arg-type]
        people = population_now(desk, intake, opened, changing)
        if step is not None and acts:
            lock(desk, opened, people, changing)
        tables = dict(_tables(desk, opened, changing, people, wanted, foresee or not acts))
        if step is None:
            return tables
        if not acts:
            requests.progress(desk.db, intake.request.id, name, StoreState.PENDING, reason="nothing is changed there")
            return {}
        marker.put(changing, intake.request.short, step, digest, _counts(tables))
        changing.commit()
    return _noted(desk, intake, name, wanted, tables)


def _counts(tables: Mapping[str, Correction]) -> dict[str, object]:
    return {table: {"changed": one.changed, "annotated": one.annotated} for table, one in tables.items()}


def _noted(
    desk: Desk, intake: Intake, name: str, wanted: Mapping[str, str], tables: dict[str, Correction]
) -> dict[str, Correction]:
    """Note that a store is done, and have its statutory records annotated; once, also when it is noted again."""
    requests.progress(desk.db, intake.request.id, name, StoreState.DONE, counts=_counts(tables))
    there = {(task.store, task.what) for task in requests.tasks(desk.db, intake.request.id)}
    for table, one in tables.items():
        what = f"annotate {one.annotated} rows of {table} with the correction of {', '.join(sorted(wanted))}"
        what = f"{what}: the record itself stays as it was made"
        if one.annotated and (name, what) not in there:
            requests.open_task(desk.db, intake.request.id, name, what)
    return tables


@dataclass(frozen=True)
class _Wrong:
    """A table that holds what is wrong: the SELECT of its rows, and per group of data the UPDATE of rows by key."""

    judged: Verdicts
    rows: Statement
    updates: Mapping[int, tuple[Group, Statement]]


def _wrong(people: Population, elements: frozenset[str]) -> list[_Wrong]:
    """Return what is run to correct elements about a population, table by table: the same for people in its states."""
    found = []
    for table in people.setting.graph.ours:
        judged = Verdicts(people.setting, people.closure, table)
        held = {n: group for n, group in enumerate(judged.groups) if group.element in elements and group.columns}
        if held and judged.touched:
            judged.add_whose()
            rows = judged.select(f"rows of {table} that hold what is wrong", columns=False)
            found.append(_Wrong(judged, rows, {n: (group, _update(judged, group)) for n, group in held.items()}))
    return found


def _update(judged: Verdicts, group: Group) -> Statement:
    changes: list[exp.Expr] = [
        exp.EQ(this=column(one), expression=Bind(this=f"value{at}")) for at, one in enumerate(group.columns)
    ]
    where = Among(expressions=judged.closure.key(judged.table, None), this="rows")
    update = exp.Update(this=table_of(judged.table), expressions=changes, where=exp.Where(this=where))
    return Statement(update, comment=f"{judged.table}: {group.element} as she says it is")


def _tables(
    desk: Desk, opened: Opened, changing: Session, people: Population, wanted: Mapping[str, str], foresee: bool
) -> Iterator[tuple[str, Correction]]:
    elements = frozenset(wanted)
    changing.given = people.given
    for one in desk.once(("wrong", opened.name, elements, people.shape), lambda: _wrong(people, elements)):
        rows = changing.rows(one.rows, people.keysets)
        yield one.judged.table, _corrected(desk, changing, one, rows, wanted, foresee)


def _corrected(
    desk: Desk, changing: Session, one: _Wrong, rows: list[tuple[Any, ...]], wanted: Mapping[str, str], foresee: bool
) -> Correction:
    graph, table = one.judged.setting.graph, one.judged.table
    info = graph.schema.tables[table]
    size = len(graph.key(table))
    flags = [flag.name for flag in one.judged.varying]
    families: tuple[Family, ...] = tuple(info.columns[name].family for name in graph.key(table))
    found = Correction()
    touched: set[tuple[Any, ...]] = set()
    for number, (group, update) in one.updates.items():
        name = "hers" if group.about is None else f"about{number}"
        constant = one.judged.constants.get(name)
        keys = [r[:size] for r in rows if (constant if constant is not None else r[size + flags.index(name)])]
        touched.update(keys)
        if not keys or statutory(desk.policy, table):
            continue
        values = [_typed(info.columns[name], wanted[group.element]) for name in group.columns]
        if foresee:
            continue
        binds = {f"value{at}": value for at, value in enumerate(values)}
        changing.change(replace(update, binds=binds), {"rows": Keys(families, keys)})
    if statutory(desk.policy, table):
        found.annotated = len(touched)
    else:
        found.changed = len(touched)
    return found


def _typed(info: ColumnInfo, value: str) -> object:
    """Return a value in the type of its column; raises `ValueError` naming the column, never the value."""
    try:
        if info.family == "integer":
            return int(value)
        if info.family == "numeric":
            return Decimal(value)
        if info.family == "date":
            return date.fromisoformat(value)
        if info.family in ("timestamp", "timestamptz"):
            return datetime.fromisoformat(value)
    except (ValueError, InvalidOperation):
        raise ValueError(f"what was given does not fit `{info.name}`, which holds a {info.family}") from None
    if info.length is not None and len(value) > info.length:
        raise ValueError(f"what was given is longer than the {info.length} characters that `{info.name}` holds")
    return value

"""How many rows each purpose would gain and lose.

Where steps are transactions, the plan's own steps are taken in one that is rolled back: the counts come from the very
statements that will be run, and a statement that would fail fails here. Elsewhere each view's conditions are asked at
this moment, as an extract asks them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from belofte.compiler.closure import table_of
from belofte.compiler.statement import Keys, Statement
from belofte.compiler.views import View, extract
from belofte.purposes.desired import Desired
from belofte.purposes.desk import Desk, Opened
from belofte.purposes.desk import standing as setting_of
from belofte.purposes.extracting import population_of
from belofte.purposes.plan import Count, Step, items_of
from belofte.purposes.projecting import tell_calendar, tell_everyone
from belofte.purposes.taking import take
from belofte.stores.binding import binding
from belofte.stores.bound import Making
from belofte.stores.session import Session, session

Seen = tuple[int, tuple[str, ...]]
"""How many rows and which columns a view shows."""
MOST = 2_000
"""Views up to which a plan counts: one transaction holds a lock for each."""


def counts(desk: Desk, opened: Opened, wanted: Desired, standing: Sequence[str], steps: Sequence[Step]) -> list[Count]:
    """Return, per purpose and table, what is seen before and after; nothing where there are too many views.

    `standing`: the items of ours that stand now.
    """
    if len(wanted.views) > MOST:
        return []
    making = binding(opened.store.dialect).making
    names = {f"view {making.schema(wanted.store, view.purpose)}.{view.name}": view for view in wanted.views}
    with session(opened.store) as asking:
        before = {name: _seen(asking, name) for name in standing if name.startswith("view ")}
        if making.ATOMIC:
            _try(desk, opened, asking, wanted, steps, tells=not before)
            after = {name: _seen(asking, name) for name in names}
        else:
            after = dict(zip(names, _asked(desk, opened, asking, wanted.views), strict=True))
    return [*_compared(making, wanted.store, before, after, names)]


def _try(desk: Desk, opened: Opened, trying: Session, wanted: Desired, steps: Sequence[Step], *, tells: bool) -> None:
    """Take the steps; a store that is told already is left alone, for others tell it meanwhile."""
    making = binding(trying).making
    making.carry_out(trying, making.ground(wanted.store))
    for step in steps:
        take(trying, step.statements, items_of(wanted), step.says)
    if tells and wanted.items:
        tell_calendar(desk, trying, wanted.terms)
        tell_everyone(desk, opened, trying, lambda: None)


def _asked(desk: Desk, opened: Opened, asking: Session, views: Sequence[View]) -> Iterator[Seen]:
    """Yield what each view would show of the people in their present states."""
    keysets: dict[str, Keys] = {}
    population, _ = population_of(desk, opened, asking, keysets)
    setting = replace(setting_of(desk, opened.graph), population=population)
    for view in views:
        found = extract(setting, view.purpose, view.table)
        assert found is not None
        inner = exp.alias_(exp.Subquery(this=found.statement.tree), "shown", table=True)
        query = exp.select(exp.Count(this=exp.Star())).from_(inner)
        yield int(asking.rows(Statement(query, found.statement.binds), keysets)[0][0]), found.columns


def _compared(
    making: Making, store: str, before: Mapping[str, Seen], after: Mapping[str, Seen], views: Mapping[str, View]
) -> Iterator[Count]:
    for name, (rows, columns) in after.items():
        old_rows, old_columns = before.get(name, (None, ()))
        yield Count(views[name].purpose, views[name].table, (old_rows, rows), (old_columns, columns))
    for name, (rows, columns) in before.items():
        if name not in after:
            schema, _, table = name.removeprefix("view ").partition(".")
            yield Count(making.purpose(store, schema), table, (rows, None), (columns, ()))


def _seen(asking: Session, view: str) -> Seen:
    """Return how many rows and which columns a view shows."""
    source = table_of(view.removeprefix("view "))
    columns = asking.names(Statement(exp.select("*").from_(source).where(exp.false())))
    total = asking.rows(Statement(exp.select(exp.Count(this=exp.Star())).from_(source.copy())), {})
    return int(total[0][0]), tuple(columns)

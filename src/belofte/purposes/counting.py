"""How many rows each purpose would gain and lose: the plan's own steps, taken in a transaction that is rolled back.

So the counts come from the very statements that will be run, and a statement that would fail fails here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from belofte.compiler.statement import Statement
from belofte.purposes.desired import Desired
from belofte.purposes.desk import Desk, Opened
from belofte.purposes.plan import Count, Step
from belofte.purposes.projecting import tell_calendar, tell_everyone
from belofte.stores.postgres_live import Made
from belofte.stores.postgres_views import ground_made, purpose_schema
from belofte.stores.session import Session, session

MOST = 2_000
"""Views up to which a plan counts: one transaction holds a lock for each."""


def counts(desk: Desk, opened: Opened, wanted: Desired, made: Mapping[str, Made], steps: Sequence[Step]) -> list[Count]:
    """Return, per purpose and table, what is seen before and after; nothing where there are too many views."""
    if len(wanted.views) > MOST:
        return []
    with session(opened.store) as trying:
        before = {name: _seen(trying, name) for name in made if name.startswith("view ") and _is_there(trying, name)}
        for statement in (*ground_made(), *(s for step in steps for s in step.statements)):
            trying.execute(statement.replace("%", "%%"))
        if not before:  # a store that is told already is left alone: others tell it meanwhile
            tell_calendar(desk, trying, wanted.terms)
            tell_everyone(desk, opened, trying, lambda: None)
        return [*_compared(wanted, before, trying)]


def _compared(wanted: Desired, before: Mapping[str, tuple[int, tuple[str, ...]]], trying: Session) -> Iterator[Count]:
    after = set()
    for view in wanted.views:
        name = f"view {purpose_schema(view.purpose)}.{view.name}"
        after.add(name)
        rows, columns = _seen(trying, name)
        old_rows, old_columns = before.get(name, (None, ()))
        yield Count(view.purpose, view.table, (old_rows, rows), (old_columns, columns))
    for name, (rows, columns) in before.items():
        if name not in after:
            schema, _, table = name.removeprefix("view ").partition(".")
            yield Count(schema.removeprefix("for_"), table, (rows, None), (columns, ()))


def _seen(trying: Session, view: str) -> tuple[int, tuple[str, ...]]:
    """Return how many rows and which columns a view shows."""
    schema, _, name = view.removeprefix("view ").partition(".")
    source = exp.Table(this=exp.to_identifier(name, quoted=True), db=exp.to_identifier(schema, quoted=True))
    columns = trying.names(Statement(exp.select("*").from_(source).where(exp.false())))
    total = trying.rows(Statement(exp.select(exp.Count(this=exp.Star())).from_(source.copy())), {})
    return int(total[0][0]), tuple(columns)


def _is_there(trying: Session, view: str) -> bool:
    schema, _, name = view.removeprefix("view ").partition(".")
    query = "SELECT count(*) FROM pg_catalog.pg_views WHERE schemaname = %(s)s AND viewname = %(n)s"
    return bool(trying.execute(query, {"s": schema, "n": name})[0][0])

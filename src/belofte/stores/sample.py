"""Sampled values for scan: few rows, in a read-only session, with a time limit per statement.

At most `VALUES` values per column, texts cut at `TEXT` characters, bytes never; large PostgreSQL tables are read by
pages (TABLESAMPLE SYSTEM), so that no table is read through. What takes longer than `SECONDS` is left out and said.
Values stay in memory; nothing here writes or logs one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ColumnElement, quoted_name

from belofte.datamap.recognise import Candidate, ColumnSample, Inclusion, Samples
from belofte.datamap.schema import ColumnInfo, Dialect, Schema, TableInfo
from belofte.stores.connect import Store, reason

VALUES = 200
"""At most so many values of a column are looked at."""
TEXT = 1000
"""Longer texts are cut by the database."""
COMPARED = 50
"""At most so many different values are looked up in the target of a likely link."""
LARGE = 100_000
"""From so many rows on, PostgreSQL reads random pages instead of the first rows."""
SECONDS = 5
COMPARING_SECONDS = 60
"""All comparisons together take at most about this long; the rest is judged by names alone."""

_LIMITS: dict[Dialect, tuple[str, ...]] = {
    "postgres": ("SET LOCAL statement_timeout = '5s'", "SET LOCAL lock_timeout = '1s'"),
    "mysql": ("SET SESSION max_statement_time = 5",),
    "sqlite": (),
}
_MYSQL_LIMIT = "SET SESSION max_execution_time = 5000"


@dataclass(frozen=True, slots=True)
class Sampled:
    """The samples of a store, and the tables that could not be read, with the reason in our words."""

    samples: Samples
    unread: tuple[tuple[str, str], ...] = ()


def relation(table: TableInfo, columns: Iterable[str] = ()) -> sa.TableClause:
    """Return a table as SQLAlchemy names it, every name quoted as the database spells it."""
    schema, _, name = table.name.rpartition(".")
    named: list[sa.ColumnClause[object]] = [sa.column(quoted_name(column, quote=True)) for column in columns]
    return sa.table(quoted_name(name, quote=True), *named, schema=quoted_name(schema, quote=True) if schema else None)


@contextmanager
def _bounded(store: Store) -> Iterator[sa.Connection]:
    """Yield a connection in a transaction of its own whose statements end after `SECONDS`."""
    with store.engine.connect() as connection:
        if store.dialect == "sqlite":
            driver = connection.connection.driver_connection
            assert driver is not None
            until = time.monotonic() + SECONDS
            driver.set_progress_handler(lambda: time.monotonic() > until, 20_000)
            try:
                yield connection
            finally:
                driver.set_progress_handler(None, 0)
            return
        mariadb = connection.dialect.name == "mariadb" or getattr(connection.dialect, "is_mariadb", False)
        limits = (_MYSQL_LIMIT,) if store.dialect == "mysql" and not mariadb else _LIMITS[store.dialect]
        for statement in limits:
            connection.exec_driver_sql(statement)
        yield connection


def _readable(column: ColumnInfo, dialect: Dialect) -> bool:
    """Return whether values of this type tell anything and come cheap: no bytes, arrays, shapes or search vectors."""
    if column.family in ("bytes", "array"):
        return False
    return column.family != "other" or (dialect == "postgres" and "vector" not in column.type.lower())


def _cut(column: ColumnInfo, named: ColumnElement[object]) -> ColumnElement[object]:
    if column.family == "text":
        return sa.func.substr(named, 1, TEXT)
    if column.family in ("json", "other"):
        return sa.func.substr(sa.cast(named, sa.Text), 1, 8 * TEXT)
    return named


def statement(
    table: TableInfo, columns: Sequence[str], dialect: Dialect, values: int = VALUES
) -> sa.Select[*tuple[object, ...]]:
    """Return the one bounded SELECT that samples a table."""
    source = relation(table, columns)
    rows = table.rows or 0
    selected: sa.FromClause = source
    if dialect == "postgres" and rows > LARGE and table.kind == "table":
        share = min(100.0, max(0.001, 100.0 * 20 * values / rows))
        selected = source.tablesample(sa.func.system(share))
    parts = [
        _cut(table.columns[name], selected.c[name]).label(quoted_name(f"c{at}", quote=False))
        for at, name in enumerate(columns)
    ]
    return sa.select(*parts).select_from(selected).limit(values)


def sample(store: Store, schema: Schema, *, tables: Iterable[str] | None = None, values: int = VALUES) -> Sampled:
    """Return at most `values` values of each column of each table; views and partitions are left to their tables."""
    wanted = set(schema.tables if tables is None else tables)
    samples: Samples = {}
    unread: list[tuple[str, str]] = []
    for table in schema.tables.values():
        if table.name not in wanted or table.kind == "view" or table.child_of is not None:
            continue
        try:
            samples[table.name] = _sample_table(store, table, values)
        except (DBAPIError, ValueError, OverflowError) as error:
            unread.append((table.name, reason(error)))
    return Sampled(samples, tuple(unread))


def _sample_table(store: Store, table: TableInfo, values: int) -> dict[str, ColumnSample]:
    columns = [name for name, column in table.columns.items() if _readable(column, store.dialect)]
    if not columns:
        return {}
    with _bounded(store) as connection:
        rows = [tuple(row) for row in connection.execute(statement(table, columns, store.dialect, values))]
        found = {name: _column(row[at] for row in rows) for at, name in enumerate(columns)}
        empty = [name for name, one in found.items() if rows and not one.values]
        if (table.rows or 0) <= LARGE:
            # Sparse columns: the first rows had none, so ask for some that have one.
            for name in empty[:20]:
                source = relation(table, [name])
                asked = sa.select(_cut(table.columns[name], source.c[name])).where(source.c[name].is_not(None))
                more = [row[0] for row in connection.execute(asked.limit(values))]
                found[name] = ColumnSample(tuple(more), found[name].nulls)
    return found


def _column(values: Iterable[object]) -> ColumnSample:
    seen = list(values)
    kept = tuple(value for value in seen if value is not None)
    return ColumnSample(kept, len(seen) - len(kept))


def inclusions(
    store: Store, schema: Schema, candidates: Sequence[Candidate], samples: Samples
) -> dict[Candidate, Inclusion]:
    """Return, per likely link, how many of the column's different sampled values exist in its target.

    One look-up by values each; those that the database refuses, or has no time for, are absent from the answer.
    """
    found: dict[Candidate, Inclusion] = {}
    until = time.monotonic() + COMPARING_SECONDS
    for candidate in sorted(candidates, key=lambda one: -one.prior):
        values = _different(samples.get(candidate.table, {}).get(candidate.column), candidate.by == "identifier")
        if not values:
            found[candidate] = Inclusion(0, 0)
            continue
        if time.monotonic() > until:
            break
        try:
            with _bounded(store) as connection:
                hits: int = connection.execute(_lookup(schema.tables[candidate.target], candidate, values)).scalar_one()
        except (DBAPIError, ValueError, OverflowError):
            continue
        found[candidate] = Inclusion(min(hits, len(values)), len(values))
    return found


def _different(sample_: ColumnSample | None, folded: bool) -> list[object]:
    if sample_ is None:
        return []
    values = [str(v).strip().lower() if folded else v for v in sample_.values if not isinstance(v, list | dict | bytes)]
    return list(dict.fromkeys(values))[:COMPARED]


def _lookup(table: TableInfo, candidate: Candidate, values: list[object]) -> sa.Select[int]:
    source = relation(table, [candidate.target_column])
    target: ColumnElement[object] = source.c[candidate.target_column]
    if candidate.by == "identifier":
        target = sa.func.lower(sa.func.trim(target))
    return sa.select(sa.func.count(sa.distinct(target))).where(target.in_(values))

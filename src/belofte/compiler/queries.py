"""What a query reads and writes: tables and columns of the catalogue, never a value (GDPR art. 5(1)(c)).

Read as one whole: a column that several tables of the query have counts for each of them. That is more than the query
may read, never less. What cannot be parsed is told as such.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from belofte.datamap.schema import Schema, TableInfo

# INVARIANT: what does not parse is told as a count: the parser's own warnings quote the query, values and all
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

DEFAULT_SCHEMA = "public."


@dataclass(frozen=True)
class Touched:
    """What statements touch: the columns that are read of each table, and the tables that are written."""

    reads: dict[str, frozenset[str]] = field(default_factory=dict)
    writes: frozenset[str] = frozenset()


def touched(sql: str, schema: Schema) -> Touched | None:
    """Return what a text of one or more statements touches; None where it is no query that can be read."""
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect=schema.dialect) if tree is not None]
    except (SqlglotError, RecursionError):
        return None
    if not trees or any(isinstance(tree, exp.Command) for tree in trees):
        return None
    reads: dict[str, set[str]] = {}
    writes: set[str] = set()
    for tree in trees:
        names = _names(tree, schema)
        for found in {one.name: one for every in names.values() for one in every}.values():
            reads.setdefault(found.name, set())
        for name, column in _columns(tree, names):
            reads[name].add(column)
        writes |= _written(tree, schema)
    return Touched({name: frozenset(columns) for name, columns in reads.items()}, frozenset(writes))


def _names(tree: exp.Expr, schema: Schema) -> dict[str, list[TableInfo]]:
    """Return the tables of the catalogue that a statement names, by the name that its columns are qualified with."""
    within = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    found: dict[str, list[TableInfo]] = {}
    for one in tree.find_all(exp.Table):
        info = _table(one, schema)
        if info is not None and not (one.name.lower() in within and not one.db):
            found.setdefault(one.alias_or_name.lower(), []).append(info)
    return found


def _table(one: exp.Table, schema: Schema) -> TableInfo | None:
    whole = f"{one.db}.{one.name}".lower() if one.db else one.name.lower()
    bare = whole.removeprefix(DEFAULT_SCHEMA)
    return next((info for name, info in schema.tables.items() if name.lower() == bare), None)


def _columns(tree: exp.Expr, names: dict[str, list[TableInfo]]) -> Iterator[tuple[str, str]]:
    """Yield (table, column) of every column that a statement reads, stars spelt out."""
    every = [info for found in names.values() for info in found]
    for one in tree.find_all(exp.Column):
        homes = names.get(one.table.lower(), []) if one.table else every
        for info in homes:
            if isinstance(one.this, exp.Star):
                yield from ((info.name, name) for name in info.columns)
            else:
                yield from ((info.name, name) for name in info.columns if name.lower() == one.name.lower())
    for select in tree.find_all(exp.Select):
        if any(isinstance(item, exp.Star) for item in select.expressions):
            sources = [select.args.get("from_"), *(select.args.get("joins") or [])]
            for source in sources:
                if source is not None and isinstance(source.this, exp.Table):
                    for info in names.get(source.this.alias_or_name.lower(), []):
                        yield from ((info.name, name) for name in info.columns)
    if isinstance(tree, exp.Copy) or tree.find(exp.Returning):
        yield from ((info.name, name) for info in every for name in info.columns)


def _written(tree: exp.Expr, schema: Schema) -> set[str]:
    changing = tree.find_all(exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.TruncateTable)
    targets = (one.this.find(exp.Table) if isinstance(one.this, exp.Expression) else None for one in changing)
    found = (_table(one, schema) for one in targets if one is not None)
    return {one.name for one in found if one is not None}

"""A table while its catalogue is being read: parts arrive one query at a time, for all tables at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import aiosql
from sqlalchemy import Connection

from belofte.datamap.schema import Check, ColumnInfo, ForeignKey, TableInfo

Row = Mapping[str, Any]

_CAST = re.compile(r"(?<!\w)\((\w+|\"[^\"]+\")\)(?:::[a-z ]+(?:\(\d+\))?)?|(\w+|\"[^\"]+\")::[a-z ]+(?:\(\d+\))?")
"""A column that PostgreSQL casts or wraps in brackets of its own."""


@dataclass
class Draft:
    """What is known of one table so far; `finished` returns the frozen table."""

    name: str
    kind: Literal["table", "view", "partitioned"] = "table"
    rows: int | None = None
    few: set[str] = field(default_factory=set)
    columns: dict[str, ColumnInfo] = field(default_factory=dict)
    primary_key: tuple[str, ...] = ()
    unique: list[tuple[str, ...]] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    indexes: list[tuple[str, ...]] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)
    child_of: str | None = None

    def add(self, column: ColumnInfo) -> None:
        """Take a column, in the table's order."""
        self.columns[column.name] = column

    def change(self, column: str, **parts: Any) -> None:
        """Replace parts of a column that a later query knows better."""
        self.columns[column] = replace(self.columns[column], **parts)

    def finished(self) -> TableInfo:
        """Return the table as a value."""
        return TableInfo(
            name=self.name,
            columns=self.columns,
            primary_key=self.primary_key,
            unique=distinct(self.unique),
            foreign_keys=tuple(self.foreign_keys),
            checks=tuple(self.checks),
            indexes=distinct(self.indexes),
            triggers=tuple(self.triggers),
            kind=self.kind,
            child_of=self.child_of,
            rows=self.rows,
            few=frozenset(self.few),
        )


def distinct(many: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return each once, in their order."""
    return tuple(dict.fromkeys(many))


@cache
def queries(dialect: str) -> Mapping[str, str]:
    """Return the named queries of a dialect's catalogue."""
    loaded = aiosql.from_path(Path(__file__).parent / "sql" / f"{dialect}.sql", "sqlite3")
    return {name: getattr(loaded, name).sql for name in loaded.available_queries if not name.endswith("_cursor")}


def rows(connection: Connection, dialect: str, query: str) -> Iterator[Row]:
    """Yield what a named query finds; column names in lower case."""
    result = connection.exec_driver_sql(queries(dialect)[query])
    names = [name.lower() for name in result.keys()]  # noqa: SIM118 (keys of a result, no mapping)
    for row in result:
        yield dict(zip(names, row, strict=True))


def columns_named(sql: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that a piece of SQL names outside quoted text, in their own order."""
    bare = re.sub(r"'(?:[^']|'')*'", "''", sql)
    words = set(re.findall(r"\w+", bare))
    folded = {word.lower() for word in words}
    return tuple(one for one in columns if one in words or one.lower() in folded)


def plain(expression: str) -> str:
    """Return an index expression in one form: lower case, without casts (`lower((email)::text)` → `lower(email)`)."""
    before = ""
    while before != expression:
        before, expression = expression, _CAST.sub(lambda found: found[1] or found[2], expression)
    return re.sub(r'[`" ]', "", expression).lower()

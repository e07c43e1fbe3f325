"""A database's catalogue as a value: tables, columns, keys and constraints, the same for every dialect.

`stores/reflect.py` reads it from a live database; everything that is decided about a database is decided on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Family = Literal[
    "text", "integer", "numeric", "boolean", "date", "timestamp", "timestamptz", "time", "json", "bytes", "uuid",
    "enum", "array", "other",
]  # fmt: skip
Dialect = Literal["postgres", "mysql", "sqlite"]
"""The dialect as sqlglot names it; `mysql` stands for MariaDB and MySQL."""


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column: its family of types, the type as the database spells it, and what it may hold."""

    name: str
    family: Family
    type: str
    nullable: bool = True
    length: int | None = None
    generated: bool = False
    default: bool = False
    folds_case: bool = False
    """The database itself compares this column without regard to case (a collation, citext)."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key; `on_delete` is what the database does to the child's row."""

    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    on_delete: Literal["no action", "restrict", "cascade", "set null", "set default"] = "no action"
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A check constraint: the columns it names, and its text."""

    columns: tuple[str, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table or view. `name` is bare in the default schema, `schema.table` elsewhere.

    `indexes` holds, per index, its columns in order; an expression stands in lower case (`lower(email)`).
    `rows` is an estimate from the catalogue, None where there is none; `few` are columns in which the database has seen
    few different values. Both change with the data: no digest of a catalogue has them.
    """

    name: str
    columns: Mapping[str, ColumnInfo]
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    triggers: tuple[str, ...] = ()
    kind: Literal["table", "view", "partitioned"] = "table"
    child_of: str | None = None
    """The table whose rows include this one's (PostgreSQL inheritance or partition)."""
    rows: int | None = None
    few: frozenset[str] = frozenset()

    def is_unique(self, columns: tuple[str, ...]) -> bool:
        """Return whether at most one row has given values in `columns`."""
        wanted = set(columns)
        keys = (self.primary_key, *self.unique) if self.primary_key else self.unique
        return any(set(key) <= wanted for key in keys)

    def leads(self, column: str, *, lowered: bool = False) -> bool:
        """Return whether an index leads from a value of a column (or of `lower(column)`) to a part of the rows."""
        return column not in self.few and self.indexed(column, lowered=lowered)

    def indexed(self, column: str, *, lowered: bool = False) -> bool:
        """Return whether an index begins with a column, or with `lower(column)` however the database spells it."""
        firsts = (index[0] for index in (*self.indexes, *self.unique, self.primary_key) if index)
        if not lowered:
            return column in firsts
        plain = (f.replace('"', "").replace("::text", "").replace("((", "(").replace("))", ")") for f in firsts)
        return any(one.replace("(", " ").replace(")", " ").split() == ["lower", column.lower()] for one in plain)


@dataclass(frozen=True, slots=True)
class Schema:
    """The catalogue of one database."""

    dialect: Dialect
    tables: Mapping[str, TableInfo]
    version: str = ""
    warnings: tuple[str, ...] = field(default=())
    _children: dict[str, list[tuple[TableInfo, ForeignKey]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for table in self.tables.values():
            for fk in table.foreign_keys:
                self._children.setdefault(fk.parent, []).append((table, fk))

    def children(self, parent: str) -> list[tuple[TableInfo, ForeignKey]]:
        """Return every foreign key that points at `parent`, with the table that has it."""
        return list(self._children.get(parent, ()))

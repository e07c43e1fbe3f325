"""Statements: expression trees with bound values and key sets, rendered per dialect.

Nothing is pasted into SQL: values are bound, names are quoted by the renderer. A key set is rendered as values (a few
keys, one array on PostgreSQL, a list elsewhere) or as a table (many); the statement is the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.generator import Generator

from belofte.datamap.schema import Dialect, Family


class Bind(exp.Expression):
    """A bound value, by name."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True}


class Among(exp.Expression):
    """Whether columns (in order) are one of the keys of a key set, by name; `types`: what PostgreSQL reads them as."""

    arg_types: ClassVar[dict[str, bool]] = {"expressions": True, "this": True, "types": False}


class LookedUp(exp.In):
    """Whether a column is among what a query gives, where an index leads to the rows that have a value.

    PostgreSQL runs it as an array where it can: it goes through an index once for all values of an array, in order, and
    once per value of a query. A plan reads the same either way.
    """


@dataclass(frozen=True)
class Keys:
    """A key set: the families of its columns, and the keys; or a table that has them, and which of its rows count."""

    families: tuple[Family, ...]
    keys: Sequence[tuple[Any, ...]] = ()
    table: str | None = None
    columns: tuple[str, ...] = ()
    only: tuple[tuple[str, int], ...] = ()
    _sent: dict[int | str, object] = field(default_factory=dict, compare=False, repr=False)
    """The keys as drivers take them, made once however many statements name them."""

    def array(self, index: int) -> object:
        """Return one column of the keys as PostgreSQL's driver takes it.

        Whole numbers go in the words of an array: the driver would look at each of them again in every statement.
        """
        if index not in self._sent:
            found = [key[index] for key in self.keys]
            whole = self.families[index] == "integer" and all(type(item) is int for item in found)
            self._sent[index] = f"{{{','.join(map(str, found))}}}" if whole else found
        return self._sent[index]

    def json(self) -> object:
        """Return the keys as SQLite reads many of them: a list in JSON, of lists where a key is several columns."""
        if "json" not in self._sent:
            rows = [[_adapted(item, "sqlite") for item in key] for key in self.keys]
            listed = [row[0] for row in rows] if len(self.families) == 1 else rows
            self._sent["json"] = json.dumps(listed, default=str)
        return self._sent["json"]


@dataclass(frozen=True)
class Statement:
    """A statement of a plan: the tree, the values bound in it, and the clause that it serves (its comment)."""

    tree: exp.Expr
    binds: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    prepared: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was rendered before, per shape of the key sets: a plan that is used again is not rendered again."""


Rendered = tuple[str, dict[str, Any]]

FEW = 500
"""Keys up to which SQLite gets each as a parameter of its own."""

_ARRAY_TYPES: dict[str, str] = {
    "text": "text", "integer": "bigint", "numeric": "numeric", "uuid": "uuid", "date": "date",
    "timestamp": "timestamp", "timestamptz": "timestamptz", "boolean": "boolean", "bytes": "bytea",
}  # fmt: skip


@cache
def _generator(dialect: Dialect) -> type[Generator]:
    base = type(sqlglot.Dialect.get_or_raise(dialect).generator())

    class Renderer(base):  # type: ignore[misc, valid-type]
        """The dialect's generator, with our bound values and key sets."""

        TRANSFORMS: ClassVar[dict[Any, Any]] = {
            **base.TRANSFORMS,
            Bind: _bind_sql,
            Among: _among_sql,
            LookedUp: _looked_up_sql,
        }
        values: dict[str, Any]
        keysets: Mapping[str, Keys] | None
        binds: Mapping[str, Any]
        target: Dialect
        parameters: dict[str, str]
        sources: dict[str, tuple[str, int | None]]

        def literal_sql(self, expression: exp.Literal) -> str:
            return self._as_text(super().literal_sql(expression))

        def identifier_sql(self, expression: exp.Identifier) -> str:
            return self._as_text(super().identifier_sql(expression))

        def not_sql(self, expression: exp.Not) -> str:
            inner = expression.this.unnest()
            if isinstance(inner, exp.Is):
                return f"{self.sql(inner, 'this')} IS NOT {self.sql(inner, 'expression')}"
            return str(super().not_sql(expression))

        def _as_text(self, found: str) -> str:
            """Return what the driver must not read as a parameter's mark: a percent sign stands twice."""
            return found if self.target == "sqlite" or self.keysets is None else found.replace("%", "%%")

    return Renderer


def render(
    statement: Statement, dialect: Dialect, keysets: Mapping[str, Keys], given: Mapping[str, Any] | None = None
) -> Rendered:
    """Return the SQL and its parameters; every key set that the statement names must be in `keysets`.

    `given` overrides bound values by name: a plan that is used again has the moment of its new use (`NOW`).
    """
    binds = {**statement.binds, **(given or {})}
    if dialect != "postgres":
        generator = _generated(statement, dialect, keysets, binds)
        return generator.generate(statement.tree, copy=False), generator.values
    if "names" not in statement.prepared:
        statement.prepared["names"] = tuple(dict.fromkeys(node.name for node in statement.tree.find_all(Among)))
    shape = tuple(_shape(keysets[name]) for name in statement.prepared["names"])
    if shape not in statement.prepared:
        generator = _generated(statement, dialect, keysets, binds)
        statement.prepared[shape] = (generator.generate(statement.tree, copy=False), generator.sources)
    sql, sources = statement.prepared[shape]
    values: dict[str, Any] = {}
    for parameter, (name, index) in sources.items():
        values[parameter] = binds[name] if index is None else keysets[name].array(index)
    return sql, values


def _shape(keys: Keys) -> object:
    """Return what of a key set shows in the SQL, beside its name."""
    return (keys.table, keys.columns, keys.only, keys.families, keys.table is None and not keys.keys)


def _generated(statement: Statement, dialect: Dialect, keysets: Mapping[str, Keys], binds: Mapping[str, Any]) -> Any:
    generator: Any = _generator(dialect)(dialect=dialect, identify=True, comments=False)
    generator.values, generator.keysets, generator.binds, generator.target = {}, keysets, binds, dialect
    generator.parameters, generator.sources = {}, {}
    return generator


def text(statement: Statement, dialect: Dialect) -> str:
    """Return a statement as a person reads it in a plan: comment, SQL, names in place of values."""
    generator: Any = _generator(dialect)(dialect=dialect, pretty=True, identify=True, comments=False)
    generator.values, generator.keysets, generator.binds, generator.target = {}, None, statement.binds, dialect
    generator.parameters, generator.sources = {}, {}
    lines = [f"-- {line}" for line in statement.comment.splitlines()]
    return "\n".join([*lines, generator.generate(statement.tree) + ";"])


def _marker(dialect: Dialect, name: str) -> str:
    return f":{name}" if dialect == "sqlite" else f"%({name})s"


def _bind_sql(generator: Any, node: exp.Expr) -> str:
    name = node.name
    if generator.keysets is None:
        return f":{name}"
    safe = _parameter(generator, name)
    generator.values[safe] = _adapted(generator.binds[name], generator.target)
    generator.sources[safe] = (name, None)
    return _marker(generator.target, safe)


def _adapted(found: Any, dialect: Dialect) -> Any:
    """Return a value as the driver takes it: SQLite compares dates as text."""
    if dialect == "sqlite" and hasattr(found, "isoformat"):
        return found.isoformat(sep=" ", timespec="seconds") if hasattr(found, "hour") else found.isoformat()
    return found


def _among_sql(generator: Any, node: exp.Expr) -> str:
    columns = [generator.sql(column) for column in node.expressions]
    left = columns[0] if len(columns) == 1 else f"({', '.join(columns)})"
    name = node.name
    if generator.keysets is None:
        return f"{left} IN (:{name})"
    keys: Keys = generator.keysets[name]
    if keys.table is not None:
        return f"{left} IN ({generator.sql(selected(keys))})"
    if not keys.keys:
        return "FALSE" if generator.target != "sqlite" else "0"
    if generator.target == "postgres":
        for index, _ in enumerate(keys.families):
            generator.sources[f"{_parameter(generator, name)}_{index}"] = (name, index)
        return _array_sql(generator, left, _parameter(generator, name), keys, node.args.get("types") or [])
    if generator.target == "sqlite" and len(keys.keys) > FEW and not any(f == "bytes" for f in keys.families):
        return _json_sql(generator, left, _parameter(generator, name), keys)
    return _list_sql(generator, left, _parameter(generator, name), keys)


def _looked_up_sql(generator: Any, node: exp.Expr) -> str:
    if generator.target != "postgres" or generator.keysets is None or not _by_itself(node):
        return str(generator.in_sql(node))
    query = generator.sql(node.args["query"].this)
    return f"{generator.sql(node, 'this')} = ANY(ARRAY({query}))"


def _by_itself(node: exp.Expr) -> bool:
    """Return whether a query reads a table by a condition alone, which PostgreSQL then goes through once.

    INVARIANT: a table that is joined, also by an `IN` that it turns into a join, may be gone through again for every
    row of another, with all the values each time.
    """
    query = node.find_ancestor(exp.Select, exp.Delete, exp.Update)
    if query is None or query.args.get("joins"):
        return False
    above = query.parent
    while isinstance(above, exp.Subquery | exp.Paren):
        above = above.parent
    return above is None or isinstance(above, exp.Union) or (isinstance(above, LookedUp) and _by_itself(above))


def _parameter(generator: Any, name: str) -> str:
    """Return a parameter's name that every driver reads; two names never become the same one."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
    taken: dict[str, str] = generator.parameters
    number = 1
    while taken.setdefault(plain if number == 1 else f"{plain}_n{number}", name) != name:
        number += 1
    return plain if number == 1 else f"{plain}_n{number}"


def selected(keys: Keys) -> exp.Select:
    """Return the SELECT of a key set that is a table."""
    columns = (exp.column(name, quoted=True) for name in keys.columns)
    found = exp.select(*columns).from_(exp.to_table(str(keys.table)))
    for name, value in keys.only:
        found = found.where(
            exp.EQ(this=exp.column(name, quoted=True), expression=exp.Literal.number(value)), copy=False
        )
    return found


def _array_sql(generator: Any, left: str, name: str, keys: Keys, types: Sequence[str | None]) -> str:
    parts = []
    for index, family in enumerate(keys.families):
        kind = (types[index] if index < len(types) else None) or _ARRAY_TYPES.get(family)
        marker = _marker("postgres", f"{name}_{index}")
        parts.append(f"CAST({marker} AS {kind}[])" if kind else marker)
    if len(parts) == 1:
        return f"{left} = ANY({parts[0]})"
    return f"{left} IN (SELECT * FROM UNNEST({', '.join(parts)}))"  # noqa: S608 (markers only)


def _json_sql(generator: Any, left: str, name: str, keys: Keys) -> str:
    """Return membership in one JSON parameter: SQLite takes no more than 32,766 parameters in a statement."""
    generator.values[name] = keys.json()
    several = len(keys.families) > 1
    outputs = ", ".join(f"value ->> {index}" for index, _ in enumerate(keys.families)) if several else "value"
    return " ".join([left, "IN (SELECT", outputs, "FROM json_each(", _marker("sqlite", name), "))"])


def _list_sql(generator: Any, left: str, name: str, keys: Keys) -> str:
    rows = []
    for number, key in enumerate(keys.keys):
        markers = []
        for index, item in enumerate(key):
            generator.values[f"{name}_{number}_{index}"] = _adapted(item, generator.target)
            markers.append(_marker(generator.target, f"{name}_{number}_{index}"))
        rows.append(markers[0] if len(markers) == 1 else f"({', '.join(markers)})")
    inside = ", ".join(rows)
    if len(keys.families) > 1 and generator.target == "sqlite":
        inside = f"VALUES {inside}"
    return f"{left} IN ({inside})"

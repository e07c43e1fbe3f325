"""Small expressions in a map: facts, `where`, `when`. Parsed, never pasted; evaluated in three-valued logic.

`company.status = 'active'`, `max(call.at)`, `legal_form in ('EZ', 'VOF')`, `ended_on is null`.
An expression speaks of one table. Comparison with NULL is unknown (None), as in SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

Truth = bool | None
"""True, False, or None for unknown (Kleene's logic, the same as SQL's)."""

_ALLOWED = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT,
    exp.LTE, exp.And, exp.Or, exp.Not, exp.Paren, exp.Is, exp.In, exp.Between, exp.Neg,
)  # fmt: skip
_AGGREGATES: dict[type[exp.Expr], Literal["max", "min"]] = {exp.Max: "max", exp.Min: "min"}


class BadExpression(ValueError):
    """An expression that the map's small language does not have; the message says why and what to write."""


@dataclass(frozen=True)
class Expression:
    """A parsed expression: its text, tree, table (None when columns are bare), columns and aggregate if any."""

    text: str
    tree: exp.Expr
    table: str | None
    columns: tuple[str, ...]
    aggregate: Literal["max", "min", "any"] | None = None

    def __hash__(self) -> int:
        return hash(self.text)


def parse(text: str) -> Expression:
    """Return the parsed expression; raises `BadExpression` with the reason."""
    try:
        tree = sqlglot.parse_one(text, dialect="postgres")
    except (SqlglotError, RecursionError):
        raise BadExpression(
            f"`{text}` is not an expression: write a column, a comparison or max(table.column)"
        ) from None
    aggregate: Literal["max", "min", "any"] | None = None
    if type(tree) in _AGGREGATES:
        aggregate, tree = _AGGREGATES[type(tree)], tree.this
    elif isinstance(tree, exp.LogicalOr | exp.Any):
        aggregate, tree = "any", tree.this.unnest()
    if not isinstance(tree, exp.Expr):
        raise BadExpression(f"`{text}` names no column")
    for node in tree.walk():
        if not isinstance(node, _ALLOWED):
            word = node.key.replace("_", " ")
            raise BadExpression(
                f"`{text}` uses `{word}`: a fact is a column, comparisons joined by and/or/not, or max, min, any of one"
            )
        if isinstance(node, exp.In) and (node.args.get("query") or not node.expressions):
            raise BadExpression(f"`{text}`: `in` takes a list of values")
    columns = list(tree.find_all(exp.Column))
    if not columns:
        raise BadExpression(f"`{text}` names no column")
    tables = {".".join(part.name for part in column.parts[:-1]) for column in columns}
    if len(tables) > 1:
        raise BadExpression(f"`{text}` speaks of several tables ({', '.join(sorted(tables))}): a fact speaks of one")
    names = tuple(dict.fromkeys(column.name for column in columns))
    return Expression(text, tree, tables.pop() or None, names, aggregate)


def value(tree: exp.Expr, row: Mapping[str, Any]) -> Any:
    """Return the value of an expression on a row; None is NULL, and unknown where a truth is meant."""
    return _EVALUATE[type(tree)](tree, row)


def truth(tree: exp.Expr, row: Mapping[str, Any]) -> Truth:
    """Return the truth of an expression on a row: True, False, or None when it cannot be told."""
    found = value(tree, row)
    return None if found is None else bool(found)


def _literal(tree: exp.Expr, _row: Mapping[str, Any]) -> Any:
    if tree.args["is_string"]:
        return tree.name
    return Decimal(tree.name)


def _compared(apply: Callable[[Any, Any], bool]) -> Callable[[exp.Expr, Mapping[str, Any]], Truth]:
    def compare(tree: exp.Expr, row: Mapping[str, Any]) -> Truth:
        left, right = value(tree.this, row), value(tree.expression, row)
        if left is None or right is None:
            return None
        left, right = alike(left, right)
        return apply(left, right)

    return compare


def alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Return both values in one type, the way a database compares a column with a literal."""
    if isinstance(left, str) and isinstance(right, date):
        right = right.isoformat()
    elif isinstance(right, str) and isinstance(left, datetime):
        right = datetime.fromisoformat(right)
    elif isinstance(right, str) and isinstance(left, date):
        right = date.fromisoformat(right[:10])
    if isinstance(left, str) != isinstance(right, str):
        left, right = str(left), str(right)
    return left, right


def both(left: Truth, right: Truth) -> Truth:
    """Kleene's and."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: Truth, right: Truth) -> Truth:
    """Kleene's or."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def negation(found: Truth) -> Truth:
    """Kleene's not."""
    return None if found is None else not found


def _in(tree: exp.Expr, row: Mapping[str, Any]) -> Truth:
    found: Truth = False
    for item in tree.expressions:
        found = either(found, _EVALUATE[exp.EQ](exp.EQ(this=tree.this.copy(), expression=item.copy()), row))
    return found


def _between(tree: exp.Expr, row: Mapping[str, Any]) -> Truth:
    low = _EVALUATE[exp.GTE](exp.GTE(this=tree.this.copy(), expression=tree.args["low"].copy()), row)
    high = _EVALUATE[exp.LTE](exp.LTE(this=tree.this.copy(), expression=tree.args["high"].copy()), row)
    return both(low, high)


def _is(tree: exp.Expr, row: Mapping[str, Any]) -> bool:
    if isinstance(tree.expression, exp.Null):
        found = value(tree.this, row) is None
    else:
        found = truth(tree.this, row) is truth(tree.expression, row)
    return not found if tree.args.get("negate") else found


_EVALUATE: dict[type[exp.Expr], Callable[[exp.Expr, Mapping[str, Any]], Any]] = {
    exp.Column: lambda tree, row: row[tree.name],
    exp.Literal: _literal,
    exp.Boolean: lambda tree, row: bool(tree.this),
    exp.Null: lambda tree, row: None,
    exp.Neg: lambda tree, row: -value(tree.this, row),
    exp.Paren: lambda tree, row: value(tree.this, row),
    exp.EQ: _compared(lambda a, b: a == b),
    exp.NEQ: _compared(lambda a, b: a != b),
    exp.GT: _compared(lambda a, b: a > b),
    exp.GTE: _compared(lambda a, b: a >= b),
    exp.LT: _compared(lambda a, b: a < b),
    exp.LTE: _compared(lambda a, b: a <= b),
    exp.And: lambda tree, row: both(truth(tree.this, row), truth(tree.expression, row)),
    exp.Or: lambda tree, row: either(truth(tree.this, row), truth(tree.expression, row)),
    exp.Not: lambda tree, row: negation(truth(tree.this, row)),
    exp.Is: _is,
    exp.In: _in,
    exp.Between: _between,
}

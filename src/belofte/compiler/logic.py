"""Conditions in Kleene's logic, folded where they are constant, so that a plan says no more than it must."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlglot import exp

Condition = exp.Expr | bool | None
"""A condition on a row: a tree, or what is known without looking: True, False, None (unknown)."""


def conjunction(conditions: Iterable[Condition]) -> Condition:
    """Return `a and b and …`; False as soon as one is False."""
    return _joined(conditions, exp.and_, empty=True)


def disjunction(conditions: Iterable[Condition]) -> Condition:
    """Return `a or b or …`; True as soon as one is True."""
    return _joined(conditions, exp.or_, empty=False)


def _joined(conditions: Iterable[Condition], join: Callable[..., exp.Expr], *, empty: bool) -> Condition:
    """Return conditions joined, those that are alike once; `empty` is what no condition comes to, and adds nothing."""
    parts: list[exp.Expr] = []
    unknown = False
    for condition in conditions:
        if condition is (not empty):
            return not empty
        if condition is None:
            unknown = True
        elif isinstance(condition, exp.Expr) and condition not in parts:
            parts.append(condition)
    if unknown:
        return join(exp.null(), *parts, wrap=True, copy=True) if parts else None
    return join(*parts, wrap=True, copy=True) if parts else empty


def inverse(condition: Condition) -> Condition:
    """Return `not a`."""
    if isinstance(condition, exp.Not):
        found: exp.Expr = condition.this.copy()
        return found
    if isinstance(condition, exp.Expr):
        return exp.Not(this=exp.Paren(this=condition.copy()))
    return None if condition is None else not condition


def surely(condition: Condition) -> exp.Expr | bool:
    """Return whether a condition is true, as a two-valued one."""
    if isinstance(condition, exp.Expr):
        return exp.Is(this=exp.Paren(this=condition.copy()), expression=exp.true())
    return condition is True


def possibly(condition: Condition) -> exp.Expr | bool:
    """Return whether a condition is not false, as a two-valued one."""
    if isinstance(condition, exp.Expr):
        return exp.Not(this=exp.Is(this=exp.Paren(this=condition.copy()), expression=exp.false()))
    return condition is not False


def tree(condition: Condition) -> exp.Expr:
    """Return a condition as a tree, also a constant one (as a comparison: not every dialect has bare truths)."""
    if isinstance(condition, exp.Expr):
        return condition
    if condition is None:
        return exp.null()
    return exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(1 if condition else 0))


def flag(condition: Condition) -> exp.Expr:
    """Return a condition as 1 or 0."""
    if isinstance(condition, exp.Expr):
        return exp.Case(ifs=[exp.If(this=condition.copy(), true=exp.Literal.number(1))], default=exp.Literal.number(0))
    return exp.Literal.number(1 if condition is True else 0)


def tells(condition: Condition, alias: str) -> bool:
    """Return whether a row's own values tell a condition: it reads no other row than the one called `alias`."""
    read = tree(condition)
    return read.find(exp.Query) is None and all(item.table == alias for item in read.find_all(exp.Column))


def on(alias: str, condition: Condition) -> Condition:
    """Return a condition that a row's own values tell, with another name for the row."""
    if not isinstance(condition, exp.Expr):
        return condition
    found = condition.copy()
    for item in found.find_all(exp.Column):
        item.set("table", exp.to_identifier(alias, quoted=True))
    return found

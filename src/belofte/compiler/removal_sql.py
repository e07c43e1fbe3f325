"""Removal forms as SQL: the test that a value is erased, and the value that takes its place."""

from __future__ import annotations

from sqlglot import exp

from belofte.compiler.closure import column, exact, text_of
from belofte.compiler.logic import Condition, disjunction
from belofte.compiler.pseudonym import is_pseudonym, pseudonym
from belofte.datamap.removal import Form, pseudonym_digits
from belofte.datamap.schema import ColumnInfo, Dialect, Family

_DATED: tuple[Family, ...] = ("date", "timestamp", "timestamptz")


def erased(found: Form, info: ColumnInfo, alias: str, dialect: Dialect) -> Condition:
    """Return whether a column is in its removal form; NULL always is."""
    value = column(info.name, alias)
    null = exp.Is(this=value, expression=exp.null())
    return disjunction([null, _in_form(found, info, value.copy(), dialect)])


def settled(found: Form, info: ColumnInfo, alias: str, dialect: Dialect) -> Condition:
    """Return whether nothing more becomes of a value where its row stays: it has its form, or there is none for it."""
    if not found.in_place:
        return True
    if found.kind != "pseudonym":
        return erased(found, info, alias, dialect)
    value = column(info.name, alias)
    null = exp.Is(this=value.copy(), expression=exp.null())
    return disjunction([null, is_pseudonym(value, pseudonym_digits(info), dialect)])


def _in_form(found: Form, info: ColumnInfo, value: exp.Expr, dialect: Dialect) -> Condition:
    if found.kind in ("text", "number"):
        if dialect == "mysql" and info.family == "text":
            return exp.EQ(this=exact(value), expression=exact(_filler(found, info)))
        return exp.EQ(this=value, expression=_filler(found, info))
    if found.kind == "unique":
        prefix = str(found.value).partition("{key}")[0]
        start = exp.Substring(this=value, start=exp.Literal.number(1), length=exp.Literal.number(len(prefix)))
        filler = exp.Literal.string(prefix)
        return (
            exp.EQ(this=exact(start), expression=exact(filler))
            if dialect == "mysql"
            else exp.EQ(this=start, expression=filler)
        )
    if found.kind in ("year", "month"):
        end = "01-01" if found.kind == "year" else "01"
        first = 6 if found.kind == "year" else 9
        part = exp.Substring(
            this=text_of(value, dialect), start=exp.Literal.number(first), length=exp.Literal.number(len(end))
        )
        return exp.EQ(this=part, expression=exp.Literal.string(end))
    if found.kind == "first":
        return exp.LTE(this=exp.Length(this=value), expression=exp.Literal.number(int(found.value or 0)))
    return False


def _filler(found: Form, info: ColumnInfo) -> exp.Expr:
    if found.kind == "number":
        return exp.Literal.number(int(found.value or 0))
    return exp.Literal.string(str(found.value))


def replacement(
    found: Form, info: ColumnInfo, key: list[exp.Expr], dialect: Dialect, alias: str | None = None
) -> exp.Expr:
    """Return what takes the place of a value; `key` tells the row apart (for fillers that must be unique)."""
    value = column(info.name, alias)
    if found.kind == "null":
        return exp.null()
    if found.kind in ("text", "number"):
        return _filler(found, info)
    if found.kind == "unique":
        before, _, after = str(found.value).partition("{key}")
        parts: list[exp.Expr] = [exp.Literal.string(before)]
        for number, item in enumerate(key):
            parts += ([exp.Literal.string("-")] if number else []) + [text_of(item.copy(), dialect)]
        return _concat([*parts, exp.Literal.string(after)] if after else parts, dialect)
    if found.kind == "first":
        size = exp.Literal.number(int(found.value or 0))
        return exp.Substring(this=value, start=exp.Literal.number(1), length=size)
    if found.kind == "pseudonym":
        return pseudonym(value, str(found.value), pseudonym_digits(info), dialect)
    if found.kind in ("year", "month"):
        return _truncated(found, info, value, dialect)
    raise ValueError(f"`{info.name}` has no removal form in place")


def _concat(parts: list[exp.Expr], dialect: Dialect) -> exp.Expr:
    if dialect == "mysql":
        return exp.Anonymous(this="CONCAT", expressions=parts)
    found = parts[0]
    for part in parts[1:]:
        found = exp.DPipe(this=found, expression=part)
    return found


def _truncated(found: Form, info: ColumnInfo, value: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Return a date cut to its year or month: text surgery, the same in every dialect."""
    size = 4 if found.kind == "year" else 7
    start = exp.Substring(this=text_of(value, dialect), start=exp.Literal.number(1), length=exp.Literal.number(size))
    text = _concat([start, exp.Literal.string("-01-01" if found.kind == "year" else "-01")], dialect)
    if dialect == "postgres":
        return exp.Cast(this=exp.Paren(this=text), to=exp.DataType.build(info.type, dialect="postgres", udt=True))
    return text

"""Masks: how a purpose sees what it needs only in part (GDPR art. 5(1)(c), 25(1); of pseudonyms art. 4(5)).

The forms are those of removal, put between the column and its reader; nothing is written. A form that a column's type
cannot have leaves the column out: the map's check says so. A pseudonym is made with a key of the purpose's own, so
that what two purposes see of a person has nothing in common. No reader reaches it: a view takes it from a relation that
only the views' owner reads, an extract binds it; it is in no definition and no plan.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Any

from sqlglot import exp

from belofte.compiler.closure import column, table_of
from belofte.compiler.pseudonym import Halves, marked
from belofte.compiler.removal_sql import replacement
from belofte.compiler.standing import SCHEMA
from belofte.datamap.model import Pseudonym
from belofte.datamap.removal import MARK, Form, mask
from belofte.datamap.schema import ColumnInfo, Dialect, Family
from belofte.policy.model import Policy

KEYS = f"{SCHEMA}.pseudonym_key"
"""The relation in the store that holds each purpose's key, in halves."""
DIGITS = 32
"""Hexadecimal digits of a pseudonym that is shown: the same for all columns, so that they can be joined."""


def form(policy: Policy, purpose: str, table: str, info: ColumnInfo, element: str) -> Form | None:
    """Return the form in which a purpose sees a column; None: as it is."""
    stated = policy.purposes[purpose].mask(element)
    if stated is None:
        return None
    return mask(table, info, Pseudonym(pseudonym=purpose) if stated == "pseudonym" else stated)


def pseudonymous(policy: Policy) -> list[str]:
    """Return the purposes that see pseudonyms."""
    return [name for name, purpose in policy.purposes.items() if "pseudonym" in purpose.masked.values()]


def kept_key(purpose: str) -> Halves:
    """Return the halves of a purpose's key as a view reads them."""

    def half(name: str) -> exp.Expr:
        query = exp.select(column(name, "k")).from_(table_of(KEYS, "k"))
        return exp.Subquery(
            this=query.where(exp.EQ(this=column("purpose", "k"), expression=exp.Literal.string(purpose)))
        )

    return half("inner_half"), half("outer_half")


def shown(found: Form, info: ColumnInfo, key: Halves, dialect: Dialect, zone: tzinfo, alias: str = "t") -> exp.Expr:
    """Return a column's value as a purpose sees it."""
    value = column(info.name, alias)
    if found.kind == "pseudonym":
        return marked(value, key, DIGITS, dialect)
    if found.kind in ("year", "month") and dialect == "postgres":
        return _truncated(found.kind, info.family, value, zone)
    return _typed(replacement(found, info, [], dialect, alias), info, dialect)


def described(found: Form | None, info: ColumnInfo) -> ColumnInfo:
    """Return what a column is once it is masked: a pseudonym is a text, every other form has the column's own type."""
    return replace(info, family="text", type="text") if found is not None and found.kind == "pseudonym" else info


def _truncated(unit: str, family: Family, value: exp.Expr, zone: tzinfo) -> exp.Expr:
    """Return the first day of a date's year or month, `infinity` included; no setting of the reader's moves it."""
    arguments: list[exp.Expr] = [exp.Literal.string(unit)]
    if family == "timestamptz":
        arguments += [value, exp.Literal.string(str(zone))]
    else:
        arguments.append(exp.Cast(this=value, to=exp.DataType.build("timestamp", dialect="postgres")))
    cut: exp.Expr = exp.Anonymous(this="pg_catalog.date_trunc", expressions=arguments)
    return exp.Cast(this=cut, to=exp.DataType.build("date")) if family == "date" else cut


def _typed(found: exp.Expr, info: ColumnInfo, dialect: Dialect) -> exp.Expr:
    """Return a value of the column's own type: a view's columns have types, and a literal is only text."""
    if info.family == "text" or dialect == "sqlite":
        return found
    if dialect == "postgres":
        return exp.Cast(this=found, to=exp.DataType.build(info.type, dialect="postgres", udt=True))
    kinds: dict[Family, str] = {"date": "date", "timestamp": "datetime", "timestamptz": "datetime"}
    if info.family not in kinds:
        return found
    return exp.Cast(this=found, to=exp.DataType.build(kinds[info.family], dialect="mysql"))


def seen(found: Form | None, value: Any, key: bytes, zone: tzinfo) -> Any:
    """Return a value as a purpose sees it, read straight from what the forms say: the reference of `shown`."""
    if found is None or found.kind in ("text", "number"):
        return value if found is None else found.value
    if value is None or found.kind == "null":
        return None
    if found.kind == "pseudonym":
        return MARK + hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()[:DIGITS]
    if found.kind == "first":
        return value[: int(found.value or 0)]
    assert found.kind in ("year", "month")
    assert isinstance(value, date)
    local = value.astimezone(zone) if isinstance(value, datetime) and value.tzinfo is not None else value
    first = local.replace(day=1) if found.kind == "month" else local.replace(month=1, day=1)
    return first.replace(hour=0, minute=0, second=0, microsecond=0) if isinstance(first, datetime) else first

"""How a column's data is removed, derived from what the database allows (DESIGN §1 `erased`, §2).

Each form is idempotent and recognisable: applying it twice is applying it once, and a value in its removal form is
no datum any more. A keyed pseudonym is still personal data and never counts as erased.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from belofte.datamap.model import Column, Erase, Pseudonym, Unique
from belofte.datamap.schema import ColumnInfo, Schema, TableInfo
from belofte.policy.forms import Generalise, Redacted

REDACTED = "[erased]"
FILLER = "erased-{key}"
MASKED = "[masked]"
NO_DAY = "1900-01-01"
MARK = "p-"
"""What a pseudonym begins with: by it a value that is one already is known."""
DIGITS = 64
LEAST_DIGITS = 16
"""Hexadecimal digits of a pseudonym: HMAC-SHA-256 whole, and the least that still tells people apart."""

_DATED = ("date", "timestamp", "timestamptz")
_NUMBERS = ("integer", "numeric")

FormKind = Literal["null", "text", "number", "unique", "year", "month", "first", "pseudonym", "row", "none"]


@dataclass(frozen=True)
class Form:
    """A removal form. `value`: the text or number put in its place, or how many characters stay (`first`).

    `row`: the value goes only with its whole row. `none`: the map asks for what the constraints refuse (`why`).
    """

    kind: FormKind
    value: str | int | None = None
    why: str | None = None

    @property
    def in_place(self) -> bool:
        """The row can stay while this value goes."""
        return self.kind not in ("row", "none")

    @property
    def erases(self) -> bool:
        """Afterwards the value is no personal data any more."""
        return self.kind not in ("none", "pseudonym")


def form(schema: Schema, table: TableInfo, column: str, mapped: Column | None = None) -> Form:
    """Return the removal form of a column: the map's word where the constraints allow it, else what they allow."""
    info = table.columns[column]
    stated = mapped.erase if mapped is not None else None
    if stated is not None:
        return _stated(schema, table, info, stated)
    if is_structural(schema, table, column):
        return Form("row", why=f"`{table.name}.{column}` is a key or a reference: it goes with its row")
    if info.generated:
        return Form("row", why=f"`{table.name}.{column}` is computed by the database")
    if info.nullable and not _checked_not_null(table, column):
        return Form("null")
    if _checked(table, column):
        return Form("row", why=f"a check constraint of `{table.name}` names `{column}`")
    return _filler(table, info)


def is_structural(schema: Schema, table: TableInfo, column: str) -> bool:
    """Return whether a column is part of a key or a foreign key, on either side."""
    if column in table.primary_key or any(column in fk.columns for fk in table.foreign_keys):
        return True
    return any(column in fk.parent_columns for _, fk in schema.children(table.name))


def _checked(table: TableInfo, column: str) -> bool:
    return any(column in check.columns for check in table.checks)


def _checked_not_null(table: TableInfo, column: str) -> bool:
    return any(column in check.columns and "not null" in check.sql.lower() for check in table.checks)


def _unique(table: TableInfo, column: str) -> bool:
    return any(column in key for key in table.unique)


def _filler(table: TableInfo, info: ColumnInfo) -> Form:
    """Return the filler of a column that may not be NULL."""
    unique = _unique(table, info.name)
    if info.family == "text":
        if unique and _unfit(table, info, FILLER) is None:
            return Form("unique", FILLER)
        if not unique:
            return Form("text", REDACTED if info.length is None or info.length >= len(REDACTED) else "")
    elif not unique and info.family in _NUMBERS:
        return Form("number", 0)
    elif not unique and info.family in _DATED:
        return Form("text", NO_DAY)
    return Form("row", why=f"`{table.name}.{info.name}` may not be NULL and has no filler of its type")


def _stated(schema: Schema, table: TableInfo, info: ColumnInfo, stated: Erase) -> Form:
    where = f"`{table.name}.{info.name}`"
    if stated == "delete":
        return Form("row")
    if info.generated or is_structural(schema, table, info.name):
        return Form(
            "none", why=f"{where} is a key, a reference or computed: it goes only with its row (`erase: delete`)"
        )
    if stated == "null":
        if not info.nullable or _checked_not_null(table, info.name):
            return Form("none", why=f"{where} may not be NULL: use `redact`, `delete` or leave `erase` out")
        return Form("null")
    if isinstance(stated, Unique):
        if info.family != "text":
            return Form("none", why=f"{where} is no text: it cannot hold a filler")
        why = _unfit(table, info, stated.unique)
        return Form("unique", stated.unique) if why is None else Form("none", why=why)
    if isinstance(stated, Generalise):
        return _generalised(table, info, stated, where)
    if isinstance(stated, Pseudonym):
        return _pseudonym(info, stated, where)
    if isinstance(stated, Redacted):
        return _redacted(table, info, stated, where)
    found = _filler(table, info)
    if found.in_place:
        return found
    if info.family != "text" and info.nullable:
        return Form("null")
    return Form("none", why=f"{where} has no filler that its type and its constraints allow: use another form")


def _redacted(table: TableInfo, info: ColumnInfo, stated: Redacted, where: str) -> Form:
    """Return the text or number that the map puts in place of a value, where the column can hold it."""
    put = stated.redact
    if (info.name,) in table.unique:
        return Form("none", why=f"{where} must be unique and two people may be erased: use `unique`")
    if info.family == "text":
        if info.length is not None and len(str(put)) > info.length:
            why = f"{where} holds {info.length} characters and the text put there has more: shorten it"
            return Form("none", why=why)
        return Form("text", str(put))
    if info.family in _DATED:
        return Form("text", put) if _is_day(put) else Form("none", why=f"{where} holds a date: put `{NO_DAY}` there")
    if info.family not in _NUMBERS:
        return Form("none", why=f"{where} is neither text nor number nor date: it can hold no `redact`")
    if not isinstance(put, int):
        return Form("none", why=f"{where} is a number: put one there, without quotes")
    bits = _bits(info) - 1
    if info.family == "integer" and not -(2**bits) <= put < 2**bits:
        return Form("none", why=f"{where} is `{info.type}`, for which the number put there is too large")
    return Form("number", put)


def _is_day(put: str | int) -> bool:
    """Return whether something put in place of a date is a day, as every database reads it."""
    try:
        return isinstance(put, str) and date.fromisoformat(put).isoformat() == put
    except ValueError:
        return False


def _pseudonym(info: ColumnInfo, stated: Pseudonym, where: str) -> Form:
    if info.family != "text":
        return Form("none", why=f"{where} is no text: it cannot hold a pseudonym")
    if info.length is not None and info.length < len(MARK) + LEAST_DIGITS:
        needs = f"a pseudonym needs {len(MARK) + LEAST_DIGITS}"
        return Form("none", why=f"{where} holds {info.length} characters and {needs}: use another form")
    return Form("pseudonym", stated.pseudonym)


def mask(table: str, info: ColumnInfo, stated: Erase) -> Form:
    """Return the form in which a reader sees a column: nothing is written there, so that only its type decides."""
    if isinstance(stated, Pseudonym):
        if info.family in ("text", "integer", "uuid"):
            return Form("pseudonym", stated.pseudonym)
        return Form("none", why=f"`{table}.{info.name}` is neither text nor a whole number: it has no pseudonym")
    if stated == "redact" and info.family == "text":
        return Form("text", MASKED)
    bare = replace(info, nullable=True, length=None, generated=False)
    return _stated(Schema("sqlite", {}), TableInfo(table, {info.name: bare}), bare, stated)


def pseudonym_digits(info: ColumnInfo) -> int:
    """Return how many hexadecimal digits of a digest a column's pseudonyms have."""
    return DIGITS if info.length is None else min(DIGITS, info.length - len(MARK))


def _unfit(table: TableInfo, info: ColumnInfo, filler: str) -> str | None:
    """Return why a filler with the row's key in it may not be held by its column; None: it always fits.

    A filler that is cut is not unique, and a database that does not cut refuses the whole change.
    """
    where = f"`{table.name}.{info.name}`"
    if not filler.partition("{key}")[0]:
        return f"the filler of {where} begins with the row's key: put a word first, by which an erased value is known"
    if info.length is None:
        return None
    widths = [_width(table.columns[name]) for name in table.primary_key]
    rest = len(filler.replace("{key}", "", 1))
    if rest > info.length:
        return f"{where} holds {info.length} characters and its filler has more: shorten it"
    if not widths or any(width is None for width in widths):
        return (
            f"{where} holds {info.length} characters and the length of a row's key is not known: its filler may not fit"
        )
    whole = rest + sum(width or 0 for width in widths) + len(widths) - 1
    if whole <= info.length:
        return None
    return f"{where} holds {info.length} characters and its filler may need {whole}, with the row's key in it"


def _bits(info: ColumnInfo) -> int:
    """Return how many bits an integer column's values have, by its type."""
    kind = info.type.lower()
    sizes = {"big": 64, "int8": 64, "small": 16, "int2": 16, "tiny": 8, "medium": 24}
    return next((bits for sign, bits in sizes.items() if sign in kind), 32)


def _width(key: ColumnInfo) -> int | None:
    """Return how many characters a key column's value may have, a sign included; None when nothing bounds it."""
    if key.family == "integer":
        bits = _bits(key)
        return 20 if bits == 64 else 6 if bits <= 16 else 11
    fixed = {"uuid": 36, "date": 10, "boolean": 5, "text": key.length}
    return fixed.get(key.family)


def _generalised(table: TableInfo, info: ColumnInfo, stated: Generalise, where: str) -> Form:
    if (info.name,) in table.unique:
        return Form("none", why=f"{where} must be unique and two people may become alike: use another form")
    if isinstance(stated.generalise, int):
        if info.family != "text":
            return Form("none", why=f"{where} is no text: only a text has first characters")
        if info.length is not None and stated.generalise >= info.length:
            why = f"{where} holds {info.length} characters and all of them would stay: keep fewer"
            return Form("none", why=why)
        return Form("first", stated.generalise)
    if info.family not in _DATED:
        return Form("none", why=f"{where} is no date: it has no {stated.generalise}")
    return Form("year" if stated.generalise == "year" else "month")


def is_erased(found: Form, value: object) -> bool:
    """Return whether a value is in its removal form already; NULL always is. An erased value is no datum."""
    if value is None:
        return True
    text = str(value)
    if found.kind in ("text", "number"):
        put = str(found.value)
        return text == put or (found.kind == "text" and _is_day(put) and text.startswith(put))
    if found.kind == "unique":
        return text.startswith(str(found.value).partition("{key}")[0])
    if found.kind in ("year", "month"):
        return text[5:10] == "01-01" if found.kind == "year" else text[8:10] == "01"
    return found.kind == "first" and len(text) <= int(found.value or 0)

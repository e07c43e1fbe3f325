"""Keyed pseudonyms (GDPR art. 4(5)): HMAC-SHA-256 of a value, made by the database itself, by its own functions.

HMAC is H((K ^ opad) || H((K ^ ipad) || value)) (RFC 2104): the two halves that depend on the key are bound values, so
the key is in no statement, no plan and no log of ours, and a whole table is one UPDATE. The value is hashed as UTF-8.
Equal values have equal pseudonyms, in every table and every store, so that what they link stays linked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlglot import exp

from belofte.compiler.closure import exact, text_of
from belofte.compiler.statement import Bind
from belofte.datamap.model import DataMap, Pseudonym
from belofte.datamap.removal import MARK
from belofte.datamap.schema import Dialect

BLOCK = 64
"""Bytes of a block of SHA-256."""
SQLITE_FUNCTION = "belofte_hmac"
"""What sessions on SQLite, which has no hash of its own, register: (value, inner, outer) to hexadecimal digits."""


def names(found: DataMap) -> tuple[str, ...]:
    """Return the names of the keys that a map's pseudonyms are made with."""
    stated = (column.erase for table in found.tables.values() for column in table.columns.values())
    return tuple(dict.fromkeys(one.pseudonym for one in stated if isinstance(one, Pseudonym)))


def halves(keys: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the bound values of keys by name: each key's inner and outer half."""
    found: dict[str, bytes] = {}
    for name, key in keys.items():
        found[_inner(name)], found[_outer(name)] = halves_of(key)
    return found


def halves_of(key: bytes) -> tuple[bytes, bytes]:
    """Return a key's inner and outer half."""
    whole = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in whole), bytes(byte ^ 0x5C for byte in whole)


def _inner(name: str) -> str:
    return f"pseudonym_{name}_inner"


def _outer(name: str) -> str:
    return f"pseudonym_{name}_outer"


def digest(value: str | None, inner: bytes, outer: bytes) -> str | None:
    """Return the HMAC of a text in hexadecimal digits, from the halves of its key; None of nothing."""
    if value is None:
        return None
    return hashlib.sha256(outer + hashlib.sha256(inner + str(value).encode()).digest()).hexdigest()


def pseudonym(value: exp.Expr, name: str, digits: int, dialect: Dialect) -> exp.Expr:
    """Return a value's pseudonym as SQL, of so many digits; what is one already stays as it is, and NULL is NULL."""
    made = marked(value.copy(), bound(name), digits, dialect)
    return exp.Case(ifs=[exp.If(this=is_pseudonym(value, digits, dialect), true=value.copy())], default=made)


Halves = tuple[exp.Expr, exp.Expr]
"""Where SQL finds the inner and the outer half of a key."""


def bound(name: str) -> Halves:
    """Return the halves of a key as bound values (`halves` gives them)."""
    return Bind(this=_inner(name)), Bind(this=_outer(name))


def marked(value: exp.Expr, key: Halves, digits: int, dialect: Dialect) -> exp.Expr:
    """Return the mark and so many digits of a value's HMAC; NULL of NULL."""
    shortened = exp.Substring(
        this=_hmac(value, key, dialect), start=exp.Literal.number(1), length=exp.Literal.number(digits)
    )
    mark = exp.Literal.string(MARK)
    if dialect == "mysql":
        return exp.Anonymous(this="CONCAT", expressions=[mark, shortened])
    return exp.DPipe(this=mark, expression=shortened)


def is_pseudonym(value: exp.Expr, digits: int, dialect: Dialect) -> exp.Expr:
    """Return whether a value has the whole form of a pseudonym: the mark alone might begin somebody's name."""
    if dialect == "sqlite":
        return exp.Glob(this=value.copy(), expression=exp.Literal.string(MARK + "[0-9a-f]" * digits))
    if dialect == "mysql":  # MariaDB and MySQL agree on no regular expression over bytes
        whole = exp.EQ(this=_call("CHAR_LENGTH", value.copy()), expression=exp.Literal.number(len(MARK) + digits))
        start = _call("LEFT", value.copy(), exp.Literal.number(len(MARK)))
        marked = exp.EQ(this=exact(start), expression=exact(exp.Literal.string(MARK)))
        rest = _call("UNHEX", _call("SUBSTRING", value.copy(), exp.Literal.number(len(MARK) + 1)))
        hexadecimal = exp.Not(this=exp.Is(this=rest, expression=exp.null()))
        return exp.Paren(this=exp.and_(whole, marked, hexadecimal))
    pattern = exp.Literal.string(f"^{MARK}[0-9a-f]{{{digits}}}$")
    return exp.RegexpLike(this=value.copy(), expression=pattern)


def _hmac(value: exp.Expr, key: Halves, dialect: Dialect) -> exp.Expr:
    inner, outer = key
    if dialect == "sqlite":
        return exp.Anonymous(this=SQLITE_FUNCTION, expressions=[value, inner, outer])
    if dialect == "mysql":
        first = _call("SHA2", _call("CONCAT", inner, exact(value)), exp.Literal.number(256))
        return _call("SHA2", _call("CONCAT", outer, _call("UNHEX", first)), exp.Literal.number(256))
    raw = _call("CONVERT_TO", text_of(value, dialect), exp.Literal.string("UTF8"))
    first = _call("SHA256", exp.DPipe(this=_bytea(inner), expression=raw))
    second = _call("SHA256", exp.DPipe(this=_bytea(outer), expression=first))
    return _call("ENCODE", second, exp.Literal.string("hex"))


def _bytea(half: exp.Expr) -> exp.Expr:
    return exp.Cast(this=half, to=exp.DataType.build("bytea", dialect="postgres"))


def _call(function: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=function, expressions=list(arguments))

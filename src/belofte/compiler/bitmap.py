"""A bit per person: what a store is told of those who consented and nothing else, where people's key is one integer.

A slot's bits stand in blocks of 4 kB, so that one withdrawal rewrites one block. A query puts them together once and
then looks up a bit per row (decision 0018). Keys beyond the last block have no bit; a slot without a lease has no last
block: neither is open.
"""

from __future__ import annotations

from sqlglot import exp

from belofte.compiler.closure import column, table_of

BLOCK = 32_768
"""People in a block."""
LIMIT = 1 << 26
"""Keys from here on are told by row: blocks up to a number that is not counted from one would be all there is."""


def is_set(key: exp.Expr, table: str, slot: int, leased: exp.Query) -> exp.Expr:
    """Return whether a person's bit is set in a slot: never an error, whatever the key.

    `leased` is one row where the slot has a lease, and none where it has not.
    """
    end = exp.LT(this=key.copy(), expression=_end(table, slot, leased))
    inside = exp.and_(exp.GTE(this=key.copy(), expression=exp.Literal.number(0)), end)
    bit = exp.Anonymous(this="pg_catalog.get_bit", expressions=[_bits(table, slot), key.copy()])
    found = exp.EQ(this=bit, expression=exp.Literal.number(1))
    return exp.Case(ifs=[exp.If(this=inside, true=found)], default=exp.false())


def _end(table: str, slot: int, leased: exp.Query) -> exp.Expr:
    """Return the first key after the last block; NULL without a lease.

    No subquery within a subquery: PostgreSQL would not share the work among processes.
    """
    end = exp.Mul(this=exp.Paren(this=_plus_one(column("block", "o"))), expression=exp.Literal.number(BLOCK))
    last = (
        exp.select(end)
        .from_(table_of(table, "o"))
        .join(exp.alias_(exp.Subquery(this=leased), "l", quoted=True, table=True), join_type="cross")
        .where(_of(slot))
    )
    backwards = exp.Ordered(this=column("block", "o"), desc=True, nulls_first=True)
    return exp.Subquery(this=last.order_by(backwards).limit(1))


def _plus_one(value: exp.Expr) -> exp.Expr:
    return exp.Add(this=value, expression=exp.Literal.number(1))


def _bits(table: str, slot: int) -> exp.Expr:
    nothing = exp.Cast(this=exp.Literal.string(""), to=exp.DataType.build("bytea", dialect="postgres"))
    ordered = exp.Order(this=column("bits", "o"), expressions=[exp.Ordered(this=column("block", "o"))])
    whole = exp.GroupConcat(this=ordered, separator=nothing)
    return exp.Subquery(this=exp.select(whole).from_(table_of(table, "o")).where(_of(slot)))


def _of(slot: int) -> exp.Expr:
    return exp.EQ(this=column("slot", "o"), expression=exp.Literal.number(slot))

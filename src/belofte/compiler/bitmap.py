"""A bit per person: what a store is told of those who consented and nothing else, where people's key is one integer.

A slot's bits stand in blocks of 4 kB, so that one withdrawal rewrites one block. A query joins the block of a row's
person: by its index for a few rows, once for all by a table in memory for many (decisions 0018, 0027). A block also
says whether there may be more to tell of somebody in it. Whoever has no block has no bit, and may have more.
"""

from __future__ import annotations

from sqlglot import exp

from belofte.compiler.closure import column, table_of
from belofte.compiler.joins import Join

BITS_OF_KEY = 15
BLOCK = 1 << BITS_OF_KEY
"""People in a block."""
LIMIT = 1 << 26
"""Keys from here on are told by row: keys far apart would each have a block of their own."""


def block(key: exp.Expr, table: str, slot: int, alias: str) -> Join:
    """Return the join of the block that a person's bit in a slot stands in."""
    number = exp.BitwiseRightShift(this=key.copy(), expression=exp.Literal.number(BITS_OF_KEY))
    of_slot = exp.EQ(this=column("slot", alias), expression=exp.Literal.number(slot))
    on = exp.and_(of_slot, exp.EQ(this=column("block", alias), expression=number))
    return Join(alias, table_of(table, alias), on, False)


def is_set(key: exp.Expr, alias: str) -> exp.Expr:
    """Return whether a person's bit is set in her block; unknown where she has none."""
    place = exp.BitwiseAnd(this=key.copy(), expression=exp.Literal.number(BLOCK - 1))
    bit = exp.Anonymous(this="pg_catalog.get_bit", expressions=[column("bits", alias), place])
    return exp.EQ(this=bit, expression=exp.Literal.number(1))


def may_tell_more(alias: str) -> exp.Expr:
    """Return whether of somebody in a block there may be more to tell than a bit."""
    return exp.Not(this=exp.Is(this=column("more", alias), expression=exp.false()))

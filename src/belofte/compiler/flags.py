"""Flags: what a verdict says of a row, as bits of an integer that a SELECT can give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from belofte.compiler.logic import Condition, flag

BITS = 60
"""Purposes per mask column: what a signed 64-bit integer holds, with room to spare."""


@dataclass(frozen=True)
class Flag:
    """One output of a verdict: bits, each a two-valued condition; over multiplied rows the largest or the least."""

    name: str
    bits: tuple[Condition, ...]
    over: Literal["any", "every"] = "any"
    someone: Condition = True
    """Whether the row is about anybody at all; over multiplied rows it is enough that one of them is."""

    @property
    def constant(self) -> int | None:
        """The value where it is the same for every row, else None."""
        if self.someone is False or self.someone is None or all(bit is False or bit is None for bit in self.bits):
            return 0
        if self.someone is not True:
            return None
        total = 0
        for number, condition in enumerate(self.bits):
            if isinstance(condition, exp.Expr):
                return None
            total |= (1 << number) if condition is True else 0
        return total

    def expression(self, multiplied: bool) -> exp.Expr:
        """Return the flag as one integer."""
        if self.someone is not True:
            someone = flag(self.someone)
            whole = Flag(self.name, self.bits, self.over).expression(multiplied)
            whole = exp.Paren(this=whole) if isinstance(whole, exp.Add) else whole
            return exp.Mul(this=exp.Max(this=someone) if multiplied else someone, expression=whole)
        total = 0
        parts: list[exp.Expr] = []
        for number, condition in enumerate(self.bits):
            if not isinstance(condition, exp.Expr):
                total |= (1 << number) if condition is True else 0
                continue
            one = flag(condition)
            if multiplied:
                one = exp.Max(this=one) if self.over == "any" else exp.Min(this=one)
            parts.append(exp.Mul(this=exp.Literal.number(1 << number), expression=one) if number else one)
        if total or not parts:
            parts.append(exp.Literal.number(total))
        found = parts[0]
        for part in parts[1:]:
            found = exp.Add(this=found, expression=part)
        return found

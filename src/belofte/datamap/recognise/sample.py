"""Values looked at, and what is known of them. Their text never leaves this package: `repr` shows counts only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from belofte.datamap.recognise.values import Count, shape_counts


@dataclass(frozen=True)
class ColumnSample:
    """At most a few hundred values of one column, NULLs taken out; `nulls` says how many rows had none."""

    values: tuple[object, ...] = ()
    nulls: int = 0

    def __repr__(self) -> str:
        return f"ColumnSample({len(self.values)} values, {self.nulls} nulls)"

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The values as trimmed text, empty ones left out; bytes, lists and objects are no text."""
        found = (str(value).strip() for value in self.values if not isinstance(value, bytes | list | dict | set))
        return tuple(text for text in found if text)

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """The different texts, in the order of their first appearance."""
        return tuple(dict.fromkeys(self.texts))

    @cached_property
    def shapes(self) -> dict[str, Count]:
        """How many of the different values have each shape; shapes that none has are absent."""
        return shape_counts(self.distinct, self.values)

    @property
    def repeated(self) -> int:
        """How many of the sampled values occur more than once in the sample."""
        return len(self.texts) - len(self.distinct)


EMPTY = ColumnSample()
Samples = dict[str, dict[str, ColumnSample]]
"""Per table, per column."""

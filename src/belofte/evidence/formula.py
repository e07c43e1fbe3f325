"""Past-time metric temporal logic, evaluated over a stream: what a property is written in, and what watches it.

Each formula looks back only, so that its truth is known when the moment comes: `Once(a)` (a held at some moment up to
now), `Since(a, b)` (b held once, and a at every moment after it), each with `within` (not longer ago than) or `older`
(at least so long ago). What must happen *later* is written as what may not have been left undone: no `Since(not done,
asked, older=term)`. Compare WhyEnf (CAV 2024), whose formulas of GDPR look ahead.

A step costs the size of the formula, and a state of a few moments per part: nothing of the history is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

State = list[datetime | None]
"""Per `Since`: the oldest, and the latest, moment of what began it, both since what it asks has held throughout."""


class Formula:
    """What is true or not at each moment of a history."""

    def parts(self) -> Iterator[Formula]:
        """Yield the formulas inside, each before what holds it."""
        yield self

    def __invert__(self) -> Formula:
        return Not(self)

    def __and__(self, other: Formula) -> Formula:
        return Both(self, other)

    def __or__(self, other: Formula) -> Formula:
        return ~(~self & ~other)

    def __rshift__(self, other: Formula) -> Formula:
        """Implies."""
        return ~(self & ~other)


@dataclass(frozen=True)
class Is(Formula):
    """Something happens now."""

    name: str


@dataclass(frozen=True)
class Not(Formula):
    """Not this."""

    what: Formula

    def parts(self) -> Iterator[Formula]:
        yield from self.what.parts()
        yield self


@dataclass(frozen=True)
class Both(Formula):
    """This and that."""

    one: Formula
    other: Formula

    def parts(self) -> Iterator[Formula]:
        yield from self.one.parts()
        yield from self.other.parts()
        yield self


@dataclass(frozen=True)
class Since(Formula):
    """`began` was true at some moment, and `holds` at every later one; `within` or `older` says how long ago."""

    holds: Formula
    began: Formula
    within: timedelta | None = None
    older: timedelta | None = None

    def __post_init__(self) -> None:
        if self.within is not None and self.older is not None:
            raise ValueError("say `within` or `older`: a moment between the two would need every moment kept")

    def parts(self) -> Iterator[Formula]:
        yield from self.holds.parts()
        yield from self.began.parts()
        yield self


ALWAYS = ~Both(Is(""), ~Is(""))
"""True at every moment."""


def once(what: Formula, within: timedelta | None = None, older: timedelta | None = None) -> Since:
    """Return the formula that something was true at some moment up to now."""
    return Since(ALWAYS, what, within, older)


class Watched:
    """A formula made ready to be stepped through: its parts in order, each naming those it is made of by number."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        parts = list(dict.fromkeys(formula.parts()))
        number = {part: place for place, part in enumerate(parts)}
        self._steps: list[tuple[str, int, int, str, Since | None]] = []
        memories = 0
        for part in parts:
            match part:
                case Is(name):
                    self._steps.append(("is", 0, 0, name, None))
                case Not(what):
                    self._steps.append(("not", number[what], 0, "", None))
                case Both(one, other):
                    self._steps.append(("both", number[one], number[other], "", None))
                case Since(holds, began):
                    self._steps.append(("since", number[holds], number[began], str(memories), part))
                    memories += 2
        self._memories = memories
        self.names = frozenset(part.name for part in parts if isinstance(part, Is))

    def begin(self) -> State:
        """Return the state before anything happened."""
        return [None] * self._memories

    def step(self, state: State, at: datetime, names: frozenset[str]) -> bool:
        """Return whether the formula is true at a moment at which `names` happen; moments never go back."""
        true: list[bool] = []
        for kind, one, other, name, part in self._steps:
            if kind == "is":
                true.append(name in names)
            elif kind == "not":
                true.append(not true[one])
            elif kind == "both":
                true.append(true[one] and true[other])
            else:
                assert part is not None
                true.append(_since(part, state, int(name), at, true[one], true[other]))
        return true[-1]


def _since(part: Since, state: State, place: int, at: datetime, holds: bool, begins: bool) -> bool:
    if not holds:
        state[place] = state[place + 1] = None
    if begins:
        state[place] = state[place] or at
        state[place + 1] = at
    oldest, latest = state[place], state[place + 1]
    if oldest is None or latest is None:
        return False
    if part.within is not None:
        return at - latest <= part.within
    return part.older is None or at - oldest >= part.older

"""What a means came to when it was exercised or measured: kept, broken, or cannot tell (DESIGN §1, §8).

What breaks it is named by table, rule, file or account, and people by a digest of their key. "Kept" says no more than
that nothing broke it: as declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from belofte.promises.sentence import Sentence, sentence

FOUND = 20
"""What breaks a promise is named so many times at most; the figures have the whole number."""


class State(StrEnum):
    """Where a promise stands, the worst last."""

    KEPT = "kept"
    CANNOT_TELL = "cannot-tell"
    BROKEN = "broken"


@dataclass(frozen=True)
class Outcome:
    """What one means came to. `figures`: what was tried; `found`: what breaks it; `unclear`: why it cannot be told."""

    figures: Mapping[str, int] = field(default_factory=dict)
    found: tuple[Sentence, ...] = ()
    unclear: tuple[Sentence, ...] = ()

    @property
    def state(self) -> State:
        """Broken where something was found, also where the rest is unclear; kept only where nothing is unclear."""
        return State.BROKEN if self.found else State.CANNOT_TELL if self.unclear else State.KEPT


def outcome(figures: Mapping[str, int], found: Iterable[Sentence], unclear: Iterable[Sentence] = ()) -> Outcome:
    """Return an outcome; what it found is named in order and each once."""
    named = list(dict.fromkeys(found))
    more = [sentence("and %(count)s more", count=len(named) - FOUND)] if len(named) > FOUND else []
    return Outcome(dict(figures), (*named[:FOUND], *more), tuple(dict.fromkeys(unclear)))


def worst(states: Iterable[State]) -> State:
    """Return where a promise stands that several means hold together; one that nothing holds cannot be told."""
    order = list(State)
    return max(states, key=order.index, default=State.CANNOT_TELL)

"""How a verb ends: the exit codes of DESIGN §4, and the exception that carries one out of any depth.

0 held or nothing to do · 1 could not run · 2 changes pending, or a promise broken · 3 invalid input · 4 cannot tell
(never counts as kept).

What was written cannot be (an option, a name that nobody has, two words that contradict each other): 3. What was
written is well, and the world does not let it (no file, no database, nobody identified yet): 1.
"""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """The exit codes; every verb uses these and no others."""

    FINE = 0
    COULD_NOT_RUN = 1
    CHANGES = 2
    INVALID = 3
    CANNOT_TELL = 4


class Ending(Exception):
    """The verb ends here: with a code, what to say on standard error, and what to do about it."""

    def __init__(self, code: Code, summary: str = "", advice: str = "") -> None:
        self.code = code
        self.summary = summary
        self.advice = advice
        super().__init__(summary)

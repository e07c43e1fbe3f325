"""What is wrong with what a company wrote: where, what, and what to do (the form of an error in STYLE).

A run gathers all its problems and shows them at once, sorted by place. A problem quotes ids and keys of the policy,
never a value that could be personal data.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

QUOTED = 60
"""The longest piece of what the user wrote that a message quotes, in characters."""


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A place in a file; line and column count from 1, 0 stands for the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake: a constant summary in lower case, then what to do about it."""

    place: Place
    summary: str
    advice: str = ""

    def __str__(self) -> str:
        head = f"{self.place}: {self.summary}"
        return f"{head}\n   {self.advice}" if self.advice else head


class Invalid(Exception):
    """What the company wrote cannot be used; carries every problem found, sorted and without doubles."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def quoted(written: object) -> str:
    """Return what the user wrote between back-ticks, shortened, on one line."""
    text = " ".join(str(written).split())
    return f"`{text}`" if len(text) <= QUOTED else f"`{text[: QUOTED - 1]}…`"


def nearest(written: str, known: Iterable[str]) -> str:
    """Return `did you mean …?` with the nearest of `known`, or "" when none is near."""
    names = list(known)
    lower = {name.lower(): name for name in names}
    if written.lower() in lower:
        return f"did you mean `{lower[written.lower()]}`?"
    found = difflib.get_close_matches(written[:QUOTED], names[:20_000], n=1, cutoff=0.7)
    return f"did you mean `{found[0]}`?" if found else ""


def listed(names: Iterable[str], limit: int = 40) -> str:
    """Return `a, b, c` in order, cut after `limit` names with the number left out."""
    ordered = list(names)
    shown = ", ".join(ordered[:limit])
    return shown if len(ordered) <= limit else f"{shown}, … and {len(ordered) - limit} more"


def choice(lead: str, written: str, known: Iterable[str]) -> str:
    """Return advice: what there is (`lead`: a, b, c) and the nearest to what was written."""
    names = sorted(known)
    near = nearest(written, names)
    there = f"{lead}: {listed(names)}" if names else f"{lead}: nothing yet"
    return f"{there}; {near}" if near else there

"""The steps of an erasure: taking rows with their flags, sparing some of them, and the writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from belofte.compiler.setting import Group
from belofte.compiler.statement import Statement
from belofte.datamap.schema import Family

Only = tuple[tuple[str, int], ...]
"""Which captured rows count: flags and the value that each must have."""

GONE: Only = (("gone", 1),)

SPARED: Only = (("gone", 0), ("spared", 1))


@dataclass(frozen=True)
class Reading:
    """A key set that a step reads: which capture's rows, and which of them."""

    capture: str
    only: Only


@dataclass(frozen=True)
class Capture:
    """Take a table's rows about the cohort with their flags. `gone` is added: every flag of `gone_when` as it says."""

    name: str
    table: str
    statement: Statement
    families: tuple[Family, ...]
    flags: tuple[str, ...]
    """The flags that the statement returns, after the key."""
    constants: tuple[tuple[str, int], ...]
    gone_when: Only
    groups: tuple[Group, ...]
    purposes: tuple[tuple[str, ...], ...]
    """Per group, the purposes of its mask's bits."""
    twins: bool = False
    """The table has no key: rows that are alike in every column are captured, and go, as one."""
    reads: tuple[tuple[str, Reading], ...] = ()
    marks: tuple[str, ...] = ()
    """Flags that later steps set; none is set when the rows are taken."""
    left_over: bool = False
    """Rows that a delete of all left: each is `spared` because something still points at it, or must not be there."""


@dataclass(frozen=True)
class Spare:
    """Rows that would go and that something still points at stay, or keep what a kept row needs of them (`sets`).

    Repeated while it finds more (`repeat`).
    """

    name: str
    table: str
    statement: Statement
    reads: tuple[tuple[str, Reading], ...]
    repeat: bool
    because: str
    foreseen: Spare | None = None
    """The same, for telling beforehand: without the children that would be gone or unlinked by then."""
    sets: Only = SPARED
    """The flags that the rows found get."""


@dataclass(frozen=True)
class Change:
    """A write: which captured rows it is for, and what it is counted as in `counted_in`'s figures.

    A delete that reads no captured rows is for every row about the cohort that nothing points at.
    """

    kind: Literal["unlink", "delete", "erase", "prepare"]
    table: str
    counted_in: str
    statement: Statement
    reads: tuple[tuple[str, Reading], ...]
    repeat: bool = False


Step = Capture | Spare | Change


@dataclass(frozen=True)
class Stuck:
    """A column that cannot be erased where its row stays: it has no removal form in place."""

    table: str
    column: str
    group: int
    why: str


def capture_name(table: str) -> str:
    """Return the name of a table's captured rows: one per table, short enough for every database."""
    plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in table)
    same = table == plain.lower() and len(table) <= 40
    return f"rows_{table}" if same else f"rows_{plain[:30]}_{crc32(table.encode())}"


def key_set(name: str, only: Only) -> str:
    """Return the name of a key set over captured rows."""
    return "_".join([name, *(flag if value else f"not_{flag}" for flag, value in only)])

"""The answer to an erasure request (art. 17, 19, 12(4)) as frozen values: what went, what stays, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from belofte.notices.answer import Case, Gap, StoreState


@dataclass(frozen=True)
class Kept:
    """Data that stays: for which purpose (in words), by which article, until when, how many rows."""

    article: str
    rows: int
    purpose: str | None = None
    until: date | None = None
    words: str | None = None


@dataclass(frozen=True)
class TableErasure:
    """What happened in one table: rows deleted, rows erased in place, rows unlinked from her, rows kept."""

    name: str
    deleted: int = 0
    erased: int = 0
    unlinked: int = 0
    kept: int = 0
    reasons: tuple[Kept, ...] = ()
    title: str | None = None


@dataclass(frozen=True)
class StoreErasure:
    """One store: its state, its tables, and the digests of the statements that were carried out."""

    name: str
    state: StoreState
    tables: tuple[TableErasure, ...] = ()
    statements: tuple[str, ...] = ()
    title: str | None = None
    level: Literal["deleted", "vacuumed"] | None = None
    """How far what went is gone: nothing shows it any more, or the database's files do not hold it either."""


@dataclass(frozen=True)
class Residue:
    """Where an identifier of the person was still found afterwards: a count, never a value."""

    store: str
    table: str
    column: str
    count: int


@dataclass(frozen=True)
class Undetermined:
    """A verdict that a person still has to weigh: for which purpose, about which table, and why."""

    store: str
    table: str
    why: str
    purpose: str | None = None


@dataclass(frozen=True)
class ErasureReport:
    """What was erased, what stays and why, and what is not yet done. `gaps` names what is not covered."""

    case: Case
    stores: tuple[StoreErasure, ...]
    undetermined: tuple[Undetermined, ...] = ()
    residue: tuple[Residue, ...] = ()
    gaps: tuple[Gap, ...] = ()
    told: tuple[str, ...] = ()
    planned: bool = False

    @property
    def removed(self) -> int:
        """Rows of which something went; a row both erased in place and unlinked counts once: never too many."""
        return sum(t.deleted + max(t.erased, t.unlinked) for s in self.stores for t in s.tables)

    @property
    def kept(self) -> int:
        """Rows in which something stays."""
        return sum(t.kept for s in self.stores for t in s.tables)

    @property
    def open(self) -> bool:
        """Something is not done yet: a store, a task, a verdict, or a residue (DESIGN §8). Backups alone are not."""
        waiting = any(gap.kind != "backup" for gap in self.gaps)
        return bool(waiting or self.undetermined or self.residue or any(s.state != "done" for s in self.stores))

"""Runs of a sweep, and the tasks of retention, in Belofte's own database.

A store has one open run at most; a run that is over never moves again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast
from uuid import UUID, uuid4

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from belofte.database.names import readable
from belofte.database.open import Database


class SweepState(StrEnum):
    """Where a run stands: a second person is waited for, it runs, it is over, or its plan is no longer true."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STALE = "stale"


@dataclass(frozen=True)
class Sweep:
    """A run as recorded. `short` is what people say; `digest` is what a second person approves."""

    id: UUID
    short: str
    store: str
    state: str
    digest: bytes
    policy_digest: bytes
    map_digest: bytes
    purposes: list[str]
    asks: list[str]
    people: int
    counts: Mapping[str, object]
    reason: str | None
    started_by: str
    planned_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Planned:
    """What a run is recorded with: its store, the digests that it holds for, and why a second person is asked."""

    store: str
    digest: bytes
    policy: bytes
    map: bytes
    purposes: Sequence[str]
    asks: Sequence[str]
    people: int


class Busy(Exception):
    """Somebody else sweeps this store at this moment."""

    def __init__(self, store: str) -> None:
        super().__init__(f"store `{store}` is being swept by somebody else; look again when that is over")


@contextmanager
def alone(db: Database, store: str) -> Iterator[None]:
    """Be the only one that sweeps a store; raises `Busy`. A process that dies lets go with its connection."""
    if not db.values("sweep_locked", store=store)[0][0]:
        raise Busy(store)
    try:
        yield
    finally:
        if not db.connection.closed:
            db.values("sweep_unlocked", store=store)


def plan(db: Database, planned: Planned, by: str, at: datetime) -> Sweep:
    """Record a run; it waits where a second person is asked."""
    state = SweepState.WAITING if planned.asks else SweepState.RUNNING
    while True:
        short = f"S-{readable(5)}"
        try:
            with db.transaction():
                found = db.row(
                    "sweep_planned", Sweep, id=uuid4(), short=short, store=planned.store, state=state.value,
                    digest=planned.digest, policy_digest=planned.policy, map_digest=planned.map,
                    purposes=list(planned.purposes), asks=list(planned.asks), people=planned.people, started_by=by,
                    planned_at=at,
                )  # fmt: skip
        except UniqueViolation:
            if open_of(db, planned.store) is not None:
                raise Busy(planned.store) from None
            continue
        if found is not None:
            return found


def open_of(db: Database, store: str) -> Sweep | None:
    """Return the run of a store that is not over."""
    return db.row("sweep_open_of", Sweep, store=store)


def by_name(db: Database, name: str) -> Sweep | None:
    """Return the run that people call `name`, in whatever case."""
    return db.row("sweep_by_name", Sweep, short=name.strip().upper())


def done(db: Database, store: str) -> list[Sweep]:
    """Return the finished runs of a store in which something went, the newest first."""
    return db.rows("sweeps_done", Sweep, store=store)


def move(
    db: Database, run: Sweep, state: SweepState, asks: Sequence[str], people: int, reason: str | None = None
) -> None:
    """Say where an open run stands; `reason` holds no personal data."""
    db.run("sweep_moved", id=run.id, state=state.value, reason=reason, asks=list(asks), people=people)


def finish(db: Database, run: Sweep, state: SweepState, counts: Mapping[str, object], at: datetime) -> None:
    """Close a run with what became of it."""
    db.run("sweep_finished", id=run.id, state=state.value, counts=Jsonb(counts), at=at)


def closing_purposes(db: Database) -> list[str | None]:
    """Return the purposes that some act closed for somebody; None: every purpose."""
    return [cast(str | None, name) for (name,) in db.values("closing_purposes")]


def anybody_chose(db: Database) -> bool:
    """Return whether anything is recorded about any person."""
    return bool(db.values("people_with_events")[0][0])


@dataclass(frozen=True)
class Task:
    """What a person does by hand: a store without a database, a recipient to be told, somebody who came back."""

    id: UUID
    kind: str
    store: str
    recipient: str | None
    what: str
    request_id: UUID | None
    opened_at: datetime
    closed_by: str | None
    evidence: str | None
    closed_at: datetime | None


def open_task(
    db: Database, kind: str, store: str, what: str, at: datetime, *, recipient: str | None = None,
    request: UUID | None = None,
) -> bool:  # fmt: skip
    """Ask somebody to do what only a person can; return whether that was not asked already."""
    return bool(
        db.run(
            "retention_task_opened", id=uuid4(), kind=kind, store=store, what=what, at=at, recipient=recipient,
            request_id=request,
        )
    )  # fmt: skip


def open_tasks(db: Database) -> list[Task]:
    """Return the open tasks of retention, the oldest first."""
    return db.rows("retention_tasks_open", Task)


def notices_of(db: Database, request: UUID) -> list[Task]:
    """Return the recipients that are told of what a request changed (art. 19): those still to be told are open."""
    return db.rows("notices_of", Task, request_id=request)


def close_task(db: Database, task: UUID, by: str, evidence: str, at: datetime) -> bool:
    """Close a task with who did it and what shows it; return whether it was open."""
    return bool(db.run("retention_task_closed", id=task, closed_by=by, evidence=evidence, at=at))

"""Requests in Belofte's own database: from intake to answer, per store, with tasks and approvals.

States move by statements that refuse what may not happen: a closed request never moves, what is done in a store stays
done, and `fulfilled` needs every store done and every task closed with evidence (DESIGN §8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from belofte.database.names import readable
from belofte.database.open import Database
from belofte.database.sealed import First
from belofte.policy.staff import others


class RequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    IDENTIFIED = "identified"
    PLANNED = "planned"
    RUNNING = "running"
    OPEN = "open"
    FULFILLED = "fulfilled"
    REFUSED = "refused"
    FAILED = "failed"


class StoreState(StrEnum):
    """Where a request stands in one store."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    UNDETERMINED = "undetermined"
    TASK = "task"


class NotAllowed(Exception):
    """A request may not move this way: it is closed, or something of it is not done."""


@dataclass(frozen=True)
class Request:
    """A request as recorded. `short` is what people read and say; `due` is a civil day (art. 12(3))."""

    id: UUID
    short: str
    right: str
    state: str
    received_at: datetime
    due: date
    extended_due: date | None
    extended_because: str | None
    verified_by: str | None
    verified_at: datetime | None
    language: str
    policy_digest: bytes | None
    plan_digest: bytes | None
    reason: str | None
    closed_at: datetime | None

    @property
    def last_day(self) -> date:
        """The last civil day for the answer, as extended where it was."""
        return self.extended_due or self.due


@dataclass(frozen=True)
class StoreProgress:
    """How far a request is in one store; `counts` holds numbers, never values."""

    store: str
    state: str
    step: int
    plan_digest: bytes | None
    counts: Mapping[str, object]
    reason: str | None
    changed_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Task:
    """Something that a person of the company does by hand in a store."""

    id: UUID
    request_id: UUID
    store: str
    what: str
    state: str
    opened_at: datetime
    closed_by: str | None
    evidence: Mapping[str, object] | None
    closed_at: datetime | None


def receive(
    db: Database, right: str, received_at: datetime, due: date, language: str, *, subjects: Sequence[UUID] = (),
    stores: Mapping[str, tuple[StoreState, str | None]] | None = None, first: First | None = None,
) -> Request:  # fmt: skip
    """Record that a request came in, and return it. `due` is law's (`law.deadline.answer_due`).

    `subjects`: the people that it is about. `stores`: where it begins in each, with why. `first`: what is sealed with
    it, under the id that it was sealed for. All in one statement.
    """
    there = stores or {}
    sealed = (first.salt, first.part, first.nonce, first.ciphertext) if first is not None else (None,) * 4
    asked = {
        "id": first.matter if first is not None else uuid4(), "right": right, "received_at": received_at, "due": due,
        "language": language, "subjects": list(subjects), "stores": list(there),
        "states": [state.value for state, _ in there.values()], "reasons": [why for _, why in there.values()],
        **dict(zip(("salt", "part", "nonce", "ciphertext"), sealed, strict=True)),
    }  # fmt: skip
    while True:
        found = db.row("request_received", Request, short=_short(), **asked)
        if found is not None:
            return found


def by_id(db: Database, request: UUID) -> Request:
    """Return a request; `KeyError` when there is none."""
    found = db.row("request_by_id", Request, id=request)
    if found is None:
        raise KeyError(request)
    return found


def by_name(db: Database, name: str) -> Request | None:
    """Return the request that people call `name`, in whatever case; None when there is none."""
    return db.row("request_by_name", Request, short=name.strip().upper())


def open_requests(db: Database) -> list[Request]:
    """Return the requests without an answer, the most urgent first."""
    return db.rows("requests_open", Request)


def requests_of(db: Database, subjects: Sequence[UUID]) -> list[Request]:
    """Return the requests that people made, the newest first."""
    return db.rows("requests_of_subjects", Request, subjects=list(subjects))


def subjects(db: Database, request: UUID) -> list[UUID]:
    """Return the people that a request is about."""
    return [UUID(str(subject)) for (subject,) in db.values("request_subjects", request_id=request)]


def verify(db: Database, request: UUID, verified_by: str, at: datetime) -> None:
    """Record how the person's identity was established (art. 12(6)); nothing is released without it."""
    _moved(db.run("request_verified", id=request, verified_by=verified_by, at=at), "its identity check is behind it")


def plan(db: Database, request: UUID, policy_digest: bytes, plan_digest: bytes) -> None:
    """Fix the policy and the plan that a request is carried out under."""
    _moved(
        db.run("request_planned", id=request, policy_digest=policy_digest, plan_digest=plan_digest),
        "it has its answer already",
    )


def move(db: Database, request: UUID, state: RequestState, reason: str | None = None) -> None:
    """Move a request to a state that is no answer: running, open, failed. `reason` holds no personal data."""
    if state in (RequestState.FULFILLED, RequestState.REFUSED):
        raise NotAllowed(f"`{state}` is an answer: close the request")
    _moved(db.run("request_moved", id=request, state=state.value, reason=reason), "it has its answer already")


def extend(db: Database, request: UUID, due: date, because: str, today: date) -> None:
    """Extend the deadline once, inside the first month, with its reason (art. 12(3))."""
    _moved(
        db.run("request_extended", id=request, due=due, because=because, today=today),
        "a deadline is extended once, and before it is over",
    )


def close(db: Database, request: UUID, state: RequestState, at: datetime, reason: str | None = None) -> None:
    """Close a request as fulfilled or refused, and shred what it sealed, in one statement.

    `NotAllowed` while a store is not done or a task is open.
    """
    if state not in (RequestState.FULFILLED, RequestState.REFUSED):
        raise NotAllowed(f"`{state}` is no answer")
    _moved(
        db.run("request_closed", id=request, state=state.value, at=at, reason=reason),
        "a store is not done, a task is open, or it has its answer already",
    )


def undone(db: Database, request: UUID) -> list[str]:
    """Return what of a request is not done: stores, then tasks, then recipients that are to be told."""
    return [str(what) for (what,) in db.values("request_undone", id=request)]


def progress(
    db: Database,
    request: UUID,
    store: str,
    state: StoreState,
    *,
    step: int = 0,
    plan_digest: bytes | None = None,
    counts: Mapping[str, object] | None = None,
    reason: str | None = None,
) -> bool:
    """Record how far a request is in a store; return whether it was recorded: what is done stays as it is."""
    return bool(
        db.run(
            "store_progress",
            request_id=request,
            store=store,
            state=state.value,
            step=step,
            plan_digest=plan_digest,
            counts=Jsonb(counts or {}),
            reason=reason,
        )
    )


def stores(db: Database, request: UUID) -> list[StoreProgress]:
    """Return how far a request is in each store."""
    return db.rows("store_states", StoreProgress, request_id=request)


def open_task(db: Database, request: UUID, store: str, what: str) -> UUID:
    """Ask the keeper of a store for something that only a person can do; the store waits in state `task`."""
    task = uuid4()
    with db.transaction():
        progress(db, request, store, StoreState.TASK)
        db.run("task_opened", id=task, request_id=request, store=store, what=what)
    return task


def close_task(db: Database, task: UUID, closed_by: str, evidence: Mapping[str, object], at: datetime) -> None:
    """Close a task with who did it and what shows it; `NotAllowed` without evidence, or when it is closed."""
    if not evidence:
        raise NotAllowed("a task is closed with evidence: say what shows that it was done")
    _moved(
        db.run("task_closed", id=task, closed_by=closed_by, evidence=Jsonb(evidence), at=at),
        "there is no such open task",
    )


def tasks(db: Database, request: UUID) -> list[Task]:
    """Return the tasks of a request, open and closed."""
    return db.rows("tasks", Task, request_id=request)


def open_tasks(db: Database) -> list[Task]:
    """Return the open tasks of all requests, the most urgent first."""
    return db.rows("tasks_open", Task)


def approve(
    db: Database, approver: str, plan_digest: bytes, *, request: UUID | None = None, run: str | None = None
) -> None:
    """Record that a person approved exactly this plan, of a request or of a run (a sweep, an apply)."""
    db.run("approval_given", request_id=request, run=run, plan_digest=plan_digest, approver=approver)


def approvers(
    db: Database, plan_digest: bytes, *, beside: Iterable[str] = (), request: UUID | None = None, run: str | None = None
) -> list[str]:  # fmt: skip
    """Return who approved exactly this plan beside those who have a part in it already, each person once."""
    found = db.values("approvals", request_id=request, run=run, plan_digest=plan_digest)
    return others((str(name) for (name,) in found), beside)


def _short() -> str:
    return f"{readable(4)}-{readable(4)}"


def _moved(rows: int, otherwise: str) -> None:
    if rows == 0:
        raise NotAllowed(f"the request cannot move: {otherwise}")

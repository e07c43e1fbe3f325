"""What promises came to, run by run, in Belofte's own database; and what proofs read of other records.

Runs and proofs are evidence and append-only. `measured` remembers what a means came to from which inputs: it may be
thrown away at any time, and is believed where the company's key vouches for it only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from psycopg.types.json import Jsonb

from belofte.database import acts
from belofte.database.acts import Act
from belofte.database.open import Database


@dataclass(frozen=True)
class Proof:
    """What a promise came to in a run, and since when it is in that state."""

    run_id: int
    promise: str
    state: str
    holds: str
    since: datetime
    figures: Mapping[str, int]
    found: list[str]


@dataclass(frozen=True)
class Measured:
    """What a means came to, when, and the digest of all that it was measured from, keyed with the company's key."""

    part: str
    marker: bytes
    at: datetime
    outcome: Mapping[str, object]


@dataclass(frozen=True)
class Asked:
    """A request or complaint: the day it is due, and the civil day on which it was closed, if it was."""

    short: str
    due: date
    closed_on: date | None


@dataclass(frozen=True)
class Disclosed:
    """A disclosure, as far as the policy says something of it."""

    id: int
    recipient: str
    purpose: str
    ground: str
    digest: bytes


def begin(db: Database, policy: bytes, started: datetime, finished: datetime) -> int:
    """Record a run, and return its number."""
    return cast(int, db.values("proof_run_made", policy=policy, started=started, finished=finished)[0][0])


def record(db: Database, proofs: Sequence[Proof]) -> None:
    """Record what promises came to in a run."""
    for one in proofs:
        db.run(
            "proof_made", run=one.run_id, promise=one.promise, state=one.state, holds=one.holds, since=one.since,
            figures=Jsonb(dict(one.figures)), found=one.found,
        )  # fmt: skip


def last(db: Database) -> dict[str, Proof]:
    """Return what each promise came to when it was proven last."""
    return {one.promise: one for one in db.rows("proofs_last", Proof)}


def history(db: Database, promise: str) -> list[Proof]:
    """Return the runs in which a promise came into another state than before, the newest first."""
    return db.rows("proof_turns", Proof, promise=promise)


def measured(db: Database) -> dict[str, Measured]:
    """Return what each means came to when it was measured last."""
    return {one.part: one for one in db.rows("measured_all", Measured)}


def remember(db: Database, found: Measured) -> None:
    """Remember what a means came to."""
    db.run("measured_put", part=found.part, marker=found.marker, at=found.at, outcome=Jsonb(dict(found.outcome)))


def acts_of(db: Database, run: int, promised: int) -> dict[str, int]:
    """Return the number of the act in the log by which each promise's proof of a run was recorded."""
    names = (Act.PROOF_BROKEN, Act.PROOF_KEPT, Act.PROOF_UNTOLD)
    found: dict[str, int] = {}
    for one in acts.latest(db, names, promised):
        row = json.loads(one.content)["payload"]["row"] if one.content is not None else {}
        if row.get("run_id") == str(run):  # a whole number may be larger than JSON holds
            found[row["promise"]] = one.id
    return found


def requests_since(db: Database, since: datetime) -> list[Asked]:
    """Return the requests that have no answer, or were answered since a moment."""
    return db.rows("requests_in_time", Asked, since=since)


def complaints_since(db: Database, since: datetime) -> list[Asked]:
    """Return the complaints that have no answer, or were answered since a moment: as the requests they became."""
    return db.rows("complaints_in_time", Asked, since=since)


def disclosures(db: Database) -> list[Disclosed]:
    """Return every disclosure, in the order of the register."""
    return db.rows("disclosures_declared", Disclosed)


def choices_marker(db: Database) -> tuple[object, ...]:
    """Return what differs as soon as anybody chose, is known by another identifier, or a hold changed.

    Each table only grows, or loses rows: its number of rows with its newest moment tells one state from another.
    """
    return db.values("choices_marker")[0]

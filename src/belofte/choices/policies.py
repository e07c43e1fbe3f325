"""The policies that were in force: recorded whole when Belofte first works with one, so that the past can be judged.

A policy holds from the day its version names, or, without a version, from when it was recorded. Of several that hold
from the same day (somebody mended a text), the one that had been recorded last by then was in force. A day before the
first that is known cannot be told.
"""

from __future__ import annotations

import json
from datetime import datetime, time
from typing import NamedTuple, cast

from belofte.choices.consent import ZONE
from belofte.compiler.digests import policy_digest
from belofte.database.open import Database
from belofte.policy.model import Policy
from belofte.policy.person import EVERYTHING


class InForce(NamedTuple):
    """A recorded policy: its digest, the moment it holds from, and when it was recorded."""

    digest: bytes
    holds_from: datetime
    recorded_at: datetime


def remember(db: Database, policy: Policy) -> bool:
    """Record a policy whole, unless it is; return whether it is new."""
    version = policy.version
    return bool(
        db.run(
            "policy_recorded",
            digest=policy_digest(policy),
            version=version.id if version else None,
            holds_from=version.from_ if version else None,
            document=policy.model_dump_json(by_alias=True),
        )
    )


def in_force(db: Database, at: datetime, known_at: datetime | None = None) -> Policy | None:
    """Return the policy that was in force at a moment, as far as it was known by another; None: cannot be told."""
    known = known_at or EVERYTHING
    policies = [_read(row) for row in db.values("policies_recorded", known_at=known)]
    chosen = latest(policies, at)
    if chosen is None:
        return None
    ((found,),) = db.values("policy_document", digest=chosen.digest)
    return Policy.model_validate(json.loads(cast(str, found)))


def of_version(db: Database, version: str) -> Policy | None:
    """Return the policy recorded last under a version's name; None where there is none."""
    found = db.values("policy_of_version", version=version)
    return Policy.model_validate(json.loads(cast(str, found[0][0]))) if found else None


def versions(db: Database) -> list[str]:
    """Return the names of the versions recorded."""
    return [cast(str, name) for (name,) in db.values("policy_versions_named")]


def latest(policies: list[InForce], at: datetime) -> InForce | None:
    """Return which of the recorded policies was in force at a moment."""
    started = [one for one in policies if one.holds_from <= at]
    if not started:
        return None
    newest = max(one.holds_from for one in started)
    same = sorted((one for one in started if one.holds_from == newest), key=lambda one: one.recorded_at)
    by_then = [one for one in same if one.recorded_at <= at]
    return by_then[-1] if by_then else same[0]


def _read(row: tuple[object, ...]) -> InForce:
    digest, day, recorded = row
    recorded_at = cast(datetime, recorded)
    holds_from = recorded_at if day is None else datetime.combine(cast(datetime, day), time(), ZONE)
    return InForce(cast(bytes, digest), holds_from, recorded_at)

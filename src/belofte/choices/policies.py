"""The policies that were in force: recorded whole when Belofte first works with one, so that the past can be judged.

That a company takes up a policy is recorded each time, also when it goes back to one that it had before; which of them
was in force at a moment follows from that (`policy/in_force.py`). A day before the first that is known cannot be told.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import cast

from belofte.compiler.digests import policy_digest
from belofte.database.open import Database
from belofte.policy.in_force import in_force as chosen_at
from belofte.policy.in_force import taken_up
from belofte.policy.model import Policy
from belofte.policy.person import EVERYTHING


def remember(db: Database, policy: Policy) -> bool:
    """Record that a policy is taken up, unless it was the last that was, and the policy whole, unless it is.

    Return whether it is taken up now, for the first time or again.
    """
    version = policy.version
    return bool(
        db.run(
            "policy_taken_up",
            digest=policy_digest(policy),
            version=version.id if version else None,
            holds_from=version.from_ if version else None,
            document=policy.model_dump_json(by_alias=True),
        )
    )


def in_force(db: Database, at: datetime, known_at: datetime | None = None) -> Policy | None:
    """Return the policy that was in force at a moment, as far as it was known by another; None: cannot be told."""
    known = known_at or EVERYTHING
    rows = cast(list[tuple[bytes, datetime, date | None]], db.values("policies_taken_up", known_at=known))
    chosen = chosen_at(taken_up((digest.hex(), taken, day) for digest, taken, day in rows), at)
    if chosen is None:
        return None
    return of_digest(db, bytes.fromhex(chosen.text))


def of_digest(db: Database, digest: bytes) -> Policy | None:
    """Return the policy that was recorded with a digest; None where there is none."""
    found = db.values("policy_document", digest=digest)
    return Policy.model_validate(json.loads(cast(str, found[0][0]))) if found else None


def put_out(db: Database) -> dict[str, tuple[bytes, datetime]]:
    """Return, per version whose notice people could read, the digest of the policy that it was for, and since when."""
    rows = cast(list[tuple[str, bytes, datetime]], db.values("versions_put_out"))
    return {version: (digest, at) for version, digest, at in rows}


def succession(db: Database, at: datetime) -> list[tuple[Policy, datetime]]:
    """Return the policies that were in force until a moment, in their order, each with since when.

    Until its notice is put out a version is being written, and mending it makes it no other: it is one, as it was
    last. From then on people read it, and another policy under its name is another.
    """
    rows = cast(list[tuple[bytes, datetime, date | None]], db.values("policies_taken_up", known_at=EVERYTHING))
    taken = taken_up((digest.hex(), then, day) for digest, then, day in rows)
    read = {version: since for version, (_, since) in put_out(db).items()}
    found: list[tuple[Policy, datetime]] = []
    for moment in sorted({moment for one in taken for moment in (one.at, one.holds_from) if moment <= at}):
        chosen = chosen_at(taken, moment)
        policy = of_digest(db, bytes.fromhex(chosen.text)) if chosen is not None else None
        if policy is None or chosen is None or (found and found[-1][0] == policy):
            continue
        name = _name(policy)
        if found and _name(found[-1][0]) == name and (name not in read or chosen.at <= read[name]):
            found[-1] = (policy, found[-1][1])
        else:
            found.append((policy, moment))
    return found


def _name(policy: Policy) -> str | None:
    return policy.version.id if policy.version is not None else None


def of_version(db: Database, version: str) -> Policy | None:
    """Return the policy that people read under a version's name, else the one recorded last; None: there is none."""
    found = db.values("policy_of_version", version=version)
    return Policy.model_validate(json.loads(cast(str, found[0][0]))) if found else None


def versions(db: Database) -> list[str]:
    """Return the names of the versions recorded."""
    return [cast(str, name) for (name,) in db.values("policy_versions_named")]

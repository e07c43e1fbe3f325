"""When a second person is asked before a sweep (DESIGN §8): a wrong mass removal cannot be undone.

The first sweep of a store and of a purpose, the first after the policy or the map changed, and one about more people
than the policy's share. What is approved is one run under one policy, map and schema.
"""

from __future__ import annotations

from collections.abc import Sequence

from belofte.compiler.digests import digest_of, map_digest, policy_digest, schema_digest
from belofte.database import requests
from belofte.database.sweeps import Planned, Sweep, done
from belofte.retention.overdue import Overdue
from belofte.rights.desk import Desk, Opened

ALONE = 1
"""People of whom one person may always let go, whatever share of a small store they are."""


def planned(desk: Desk, opened: Opened, found: Overdue) -> Planned:
    """Return what a run would be recorded with now."""
    policy, of_map = policy_digest(desk.policy), map_digest(opened.map)
    digest = digest_of(
        {
            "store": opened.name,
            "policy": policy.hex(),
            "map": of_map.hex(),
            "schema": schema_digest(opened.graph.schema).hex(),
        }
    )
    before = done(desk.db, opened.name)
    asks = asked(desk, before, found, policy, of_map) if found.number else []
    return Planned(opened.name, digest, policy, of_map, sorted(desk.policy.purposes), asks, found.number)


def asked(desk: Desk, before: Sequence[Sweep], found: Overdue, policy: bytes, of_map: bytes) -> list[str]:
    """Return why a second person is asked; nothing, where one person may let go."""
    asks = []
    if not before:
        asks.append("it is the first sweep of this store")
    else:
        known = {name for run in before for name in run.purposes}
        asks += [
            f"it is the first since purpose `{name}`" for name in sorted(desk.policy.purposes) if name not in known
        ]
        if before[0].policy_digest != policy:
            asks.append("the policy changed since the last one")
        if before[0].map_digest != of_map:
            asks.append("the data map changed since the last one")
    limit = desk.policy.limits.share_of_people
    if found.number > ALONE and found.share > limit:
        asks.append(
            f"it is about {found.number} of {found.total} people, more than the share of {limit:.0%} in the policy"
        )
    return asks


def approved(desk: Desk, run: Sweep, by: str) -> bool:
    """Return whether somebody other than who runs it, and who planned it, approved exactly this run."""
    return bool(requests.approvers(desk.db, run.digest, beside=(by, run.started_by), run=run.short))

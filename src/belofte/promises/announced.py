"""What people are told of a changed policy, before it holds (GDPR art. 13(3), 14(4)): tried in thought, and looked up.

Versions are compared as `belofte compare` does. A version that changed what people are to be told was announced when
an announcement says exactly that, and everyone on its list was told before the version held; who was not counts for
a year. A policy that is mended under the name of its version is that version: under one name nothing else is published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from belofte.choices.policies import of_digest, succession
from belofte.database import announcements
from belofte.database.announcements import Announcement, Told
from belofte.database.open import Database
from belofte.policy.change import Change
from belofte.policy.compare import compare, unasked
from belofte.policy.forms import Period
from belofte.policy.model import Policy
from belofte.policy.person import on_consent
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.promises.recorded import YEAR

LONGER = Period(years=100)
"""A term that is longer than any."""


def announced(matter: Matter, _scope: Scope) -> Outcome:
    """Try whether a longer term would be told, and count who was not told of a version before it held."""
    db, figures = matter.desk.db, Counter[str]()
    found, unclear = list(_untold(matter.policy)), list[str]()
    versions = succession(db, matter.at)
    figures["versions"] = len(versions)
    for (before, _), (after, since) in pairwise(versions):
        changes = _to_tell(before, after)
        if not changes:
            continue
        figures["changes"] += len(changes)
        made = _saying(db, before, after)
        name = after.version.id if after.version else "without a name"
        if made is None:
            found.append(f"version `{name}`: nobody was told of {len(changes)} changes")
            continue
        broken, silent = _standing(db, made, since, figures)
        if since > matter.at - YEAR:
            found += [f"version `{name}`, announcement {made.short}: {one}" for one in broken]
            unclear += [f"version `{name}`, announcement {made.short}: {one}" for one in silent]
    return outcome(dict(figures), found, unclear)


def _untold(policy: Policy) -> Iterator[str]:
    """Yield the purposes whose data could be kept longer with nobody told, or with old consents counting on."""
    for name, purpose in policy.purposes.items():
        if purpose.keep is None:
            continue
        after = purpose.model_copy(update={"keep": LONGER})
        imagined = policy.model_copy(update={"purposes": {**policy.purposes, name: after}})
        if not any(one.told and one.purpose == name for one in compare(policy, imagined)):
            yield f"purpose `{name}`: a longer term would be told to nobody"
        if on_consent(policy, name) and name not in unasked(policy, imagined):
            yield f"purpose `{name}`: a consent to a shorter term would count on for a longer one"


def _to_tell(before: Policy, after: Policy) -> list[Change]:
    return [one for one in compare(before, after) if one.told or one.asked]


def _saying(db: Database, before: Policy, after: Policy) -> Announcement | None:
    """Return the newest announcement that tells what changed from one policy to the other: of all that it says."""
    for one in reversed(announcements.every(db)):
        was, now = of_digest(db, one.from_policy), of_digest(db, one.to_policy)
        if was is None or now is None or (now.version is None) != (after.version is None):
            continue
        same = now.version is None or after.version is None or now.version.id == after.version.id
        if same and not _to_tell(before, was) and not _to_tell(now, after):
            return one
    return None


def _standing(
    db: Database, made: Announcement, since: datetime, figures: Counter[str]
) -> tuple[list[str], list[str]]:  # fmt: skip
    """Return whom an announcement did not tell before a moment; and of whom that is not known."""
    known = announcements.standing(db, made.id)
    people = [one for one in known if one.recipient is not None]
    told = [one for one in people if one.state == Told.TOLD]
    unsure = sum(1 for one in people if one.state == Told.ATTEMPTED)
    left = made.people - len(told) - unsure
    late = sum(1 for one in told if one.at >= since)
    by_hand = {one.store for one in known if one.state == Told.TOLD}
    figures.update({"people": made.people, "told": len(told), "late": late})
    broken = [f"{left} people were not told"] if left else []
    broken += [f"{late} people were told after it began to hold"] if late else []
    broken += [f"people in `{one}` were not told by hand" for one in made.by_hand if one not in by_hand]
    silent = [f"of {unsure} people nobody knows whether the message came"] if unsure else []
    silent += [f"`{one}` did not answer when the list was made" for one in made.silent]
    return broken, silent

"""What people are told of a changed policy, before it holds (GDPR art. 13(3), 14(4)): tried in thought, and looked up.

Each policy is compared with the last that people know, as `belofte compare` does, and whatever its version is called:
one that was mended after people could read its version is another. One that changed what people are to be told was
announced when an announcement says exactly that, and everyone on its list was told before it held; who was not counts
for a year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

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
from belofte.promises.sentence import Sentence, sentence

LONGER = Period(years=100)
"""A term that is longer than any."""


def announced(matter: Matter, _scope: Scope) -> Outcome:
    """Try whether a longer term would be told, and count who was not told of a version before it held."""
    db, figures = matter.desk.db, Counter[str]()
    found, unclear = list(_untold(matter.policy)), list[Sentence]()
    policies = succession(db, matter.at)
    figures["versions"] = len({_name(policy) for policy, _ in policies})
    known = policies[0][0] if policies else matter.policy
    for number, (after, since) in enumerate(policies[1:], 2):
        changes = _to_tell(known, after)
        if not changes:
            known = after
            continue
        figures["changes"] += len(changes)
        name, made = _name(after), _saying(db, known, after)
        until = policies[number][1] if number < len(policies) else matter.at
        if made is None:
            if until > matter.at - YEAR:
                found.append(
                    sentence("%(version)s: nobody was told of %(count)s changes", version=name, count=len(changes))
                )
            continue
        known = after
        broken, silent = _standing(db, made, since, figures)
        if since > matter.at - YEAR:
            found += [_of(name, made, one) for one in broken]
            unclear += [_of(name, made, one) for one in silent]
    return outcome(dict(figures), found, unclear)


def _name(policy: Policy) -> Sentence:
    if policy.version is None:
        return sentence("a policy without a version")
    return sentence("version `%(version)s`", version=policy.version.id)


def _of(version: Sentence, made: Announcement, what: Sentence) -> Sentence:
    return sentence(
        "%(version)s, announcement %(announcement)s: %(what)s", version=version, announcement=made.short, what=what
    )


def _untold(policy: Policy) -> Iterator[Sentence]:
    """Yield the purposes whose data could be kept longer with nobody told, or with old consents counting on."""
    for name, purpose in policy.purposes.items():
        if purpose.keep is None:
            continue
        after = purpose.model_copy(update={"keep": LONGER})
        imagined = policy.model_copy(update={"purposes": {**policy.purposes, name: after}})
        if not any(one.told and one.purpose == name for one in compare(policy, imagined)):
            yield sentence("purpose `%(purpose)s`: a longer term would be told to nobody", purpose=name)
        if on_consent(policy, name) and name not in unasked(policy, imagined):
            yield sentence(
                "purpose `%(purpose)s`: a consent to a shorter term would count on for a longer one", purpose=name
            )


def _to_tell(before: Policy, after: Policy) -> list[Change]:
    return [one for one in compare(before, after) if one.told or one.asked]


def _saying(db: Database, before: Policy, after: Policy) -> Announcement | None:
    """Return the newest announcement that tells what changed from one policy to the other: of all that it says."""
    for one in reversed(announcements.every(db)):
        was, now = of_digest(db, one.from_policy), of_digest(db, one.to_policy)
        if was is not None and now is not None and not _to_tell(before, was) and not _to_tell(now, after):
            return one
    return None


def _standing(
    db: Database, made: Announcement, since: datetime, figures: Counter[str]
) -> tuple[list[Sentence], list[Sentence]]:  # fmt: skip
    """Return whom an announcement did not tell before a moment; and of whom that is not known."""
    known = announcements.standing(db, made.id)
    people = [one for one in known if one.recipient is not None]
    told = [one for one in people if one.state == Told.TOLD]
    unsure = sum(1 for one in people if one.state == Told.ATTEMPTED)
    left = made.people - len(told) - unsure
    late = sum(1 for one in told if one.at >= since)
    by_hand = {one.store for one in known if one.state == Told.TOLD}
    figures.update({"people": made.people, "told": len(told), "late": late})
    broken = [sentence("people who were not told: %(count)s", count=left)] if left else []
    broken += [sentence("people who were told after it began to hold: %(count)s", count=late)] if late else []
    broken += [
        sentence("people in `%(store)s` were not told by hand", store=one) for one in made.by_hand if one not in by_hand
    ]
    silent = (
        [sentence("people of whom nobody knows whether the message came: %(count)s", count=unsure)] if unsure else []
    )
    silent += [sentence("`%(store)s` did not answer when the list was made", store=one) for one in made.silent]
    return broken, silent

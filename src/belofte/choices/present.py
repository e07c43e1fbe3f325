"""Which of a million people may a purpose reach? Present state, kept per person so that a set is one scan.

INVARIANT: nothing here decides. `Decider` decides for each person, `present` remembers what it said and for how long it
holds, and the database marks everybody about whom something was recorded since (`unsettled`, by trigger). Whoever is
marked is decided anew before a set is read, and is in no set until then: a choice that closes takes effect at once. A
changed policy settles everybody anew. All of it can be thrown away and comes back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple, cast
from uuid import UUID

from belofte.choices.consent import end_of_term
from belofte.choices.decide import NO_KINDS, Decider, barred
from belofte.choices.events import Event
from belofte.choices.state import in_order
from belofte.choices.subjects import events_of
from belofte.compiler.digests import policy_digest
from belofte.database.open import Database
from belofte.policy.model import Policy
from belofte.policy.person import EVERYTHING, Key

FOR_SETTLING = 0x73746C64
"""The advisory lock of whoever settles ("stld"): of two at once, the later must not be overwritten by the earlier."""

BATCH = 20_000
BEGINNING = datetime.min.replace(tzinfo=UTC)


class Standing(NamedTuple):
    """What one person's choices leave open: the keys that nothing bars, and of those, the ones with an open consent."""

    keys: tuple[str, ...]
    consented: tuple[str, ...]

    def digest(self) -> bytes:
        """Return what stands for exactly this."""
        return hashlib.sha256("\n".join((*self.keys, "", *self.consented)).encode()).digest()


@dataclass(frozen=True)
class People:
    """A set of people, as their ids' sixteen bytes: a million of them cost no object each until somebody asks."""

    ids: Set[bytes]

    def __contains__(self, person: object) -> bool:
        return isinstance(person, UUID) and person.bytes in self.ids

    def __iter__(self) -> Iterator[UUID]:
        return (UUID(bytes=one) for one in self.ids)

    def __len__(self) -> int:
        return len(self.ids)


def allowed(
    db: Database,
    policy: Policy,
    purpose: str,
    channel: str | None,
    at: datetime,
    *,
    people: Collection[UUID] | None = None,
    kinds: frozenset[str] = NO_KINDS,
    now: datetime | None = None,
) -> People:
    """Return the people whom a purpose may reach at a moment, as far as choices go (`Decision.allowed`).

    `people`: only among these. `kinds`: theirs, where they all are of known ones. `now`: the present moment, where
    another one is asked about. The answer is exact for every moment; people whose state has changed between the two
    are decided for one by one, which takes longer.
    """
    decider = Decider(policy, at)
    if decider.aspect((purpose, channel)) is None:
        return People(frozenset())
    digest = policy_digest(policy)
    if db.values("settled", digest=digest) != [(True,)]:
        settle(db, policy, now or at, digest)
    found, overdue, others = _scanned(db, decider, (purpose, channel), kinds)
    if overdue:
        settle(db, policy, now or at, digest)
        found, overdue, others = _scanned(db, decider, (purpose, channel), kinds)
    for some in batches(UUID(bytes=one) for one in (*overdue, *others)):
        for subject, events in _with_events(db, some, at):
            if decider.decide(events, purpose, channel, kinds=kinds).allowed:
                found.add(subject.bytes)
    if people is not None:
        found &= {person.bytes for person in people}
    return People(found)


def settle(db: Database, policy: Policy, at: datetime, digest: bytes | None = None) -> int:
    """Decide anew for everybody about whom something was recorded, or whose time has come; return how many."""
    count = 0
    with db.transaction():
        db.values("settling_locked", lock=FOR_SETTLING)
        if db.run("present_policy_changed", digest=digest or policy_digest(policy)):
            db.run("everybody_unsettled")
        db.run("overdue_unsettled", at=at)
        marked = [cast(UUID, one) for (one,) in db.values("unsettled_taken")]
        decider = Decider(policy, at)
        known: dict[Standing, int] = {}
        for some in batches(sorted(set(marked))):
            count += _settled(db, decider, known, some)
    return count


def _settled(db: Database, decider: Decider, known: dict[Standing, int], some: Sequence[UUID]) -> int:
    found: list[tuple[UUID, int, datetime, datetime]] = []
    for subject, events in _with_events(db, some, EVERYTHING):
        since, until = turns(decider.policy, events, decider.at)
        standing = standing_of(decider, events)
        if standing not in known:
            known[standing] = _number(db, standing)
        found.append((subject, known[standing], since, until))
    subjects, standings, sinces, untils = zip(*found, strict=True)
    return db.run(
        "present_settled", subjects=list(subjects), standings=list(standings), sinces=list(sinces), untils=list(untils)
    )


def standing_of(decider: Decider, events: Iterable[Event]) -> Standing:
    """Return what a person's events leave open under a policy at a moment, for every key."""
    holding = in_order(events, decider.at)
    open_keys: list[str] = []
    consented: list[str] = []
    for key, choice in decider.derivation.choices_of(holding):
        aspect = decider.aspect(key)
        if aspect is not None and barred(aspect, choice, holding) is None:
            name = written(key)
            open_keys.append(name)
            if choice.opens:
                consented.append(name)
    return Standing(tuple(open_keys), tuple(consented))


def turns(policy: Policy, events: Iterable[Event], at: datetime) -> tuple[datetime, datetime]:
    """Return between which moments around `at` the state that events give cannot change by itself."""
    moments: set[datetime] = set()
    limited = [purpose for purpose in policy.purposes.values() if purpose.consent_expires is not None]
    for event in events:
        moments.add(event.valid_from)
        if event.valid_until is not None:
            moments.add(event.valid_until)
        for purpose in limited:
            end = end_of_term(event.valid_from, purpose)
            if end is not None:
                moments.add(end)
    past = [moment for moment in moments if moment <= at]
    coming = [moment for moment in moments if moment > at]
    return max(past, default=BEGINNING), min(coming, default=EVERYTHING)


def written(key: Key) -> str:
    """Return how a key is kept: `purpose`, or `purpose/channel`."""
    return key[0] if key[1] is None else f"{key[0]}/{key[1]}"


def batches(people: Iterable[UUID]) -> Iterator[list[UUID]]:
    """Yield people some at a time."""
    left = iter(people)
    while some := list(islice(left, BATCH)):
        yield some


def _with_events(db: Database, some: Sequence[UUID], at: datetime) -> Iterator[tuple[UUID, list[Event]]]:
    events = events_of(db, list(some), at)
    for subject in some:
        yield subject, events.get(subject, [])


def _number(db: Database, standing: Standing) -> int:
    values = {"digest": standing.digest(), "keys": list(standing.keys), "consented": list(standing.consented)}
    ((number,),) = db.values("standing_numbered", **values)
    return cast(int, number)


def _scanned(
    db: Database, decider: Decider, key: Key, kinds: frozenset[str]
) -> tuple[set[bytes], list[bytes], list[bytes]]:
    """Return who may be reached by the kept state, whose kept state is over, and whose had not begun, at the moment."""
    reach, name = decider.reach(key[0], kinds), written(key)
    standings = [
        cast(int, number)
        for number, keys, consented in db.values("standings")
        if name in cast(list[str], keys) and reach.opens(name in cast(list[str], consented))
    ]
    ((found, overdue, others),) = db.values("present_scanned", standings=standings, at=decider.at)
    return set(_ids(found)), _ids(overdue), _ids(others)


def _ids(joined: object) -> list[bytes]:
    """Return the ids in a row of them, sixteen bytes each."""
    whole = cast(bytes, joined or b"")
    return [whole[start : start + 16] for start in range(0, len(whole), 16)]

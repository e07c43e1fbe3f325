"""Subjects: the people whom Belofte's own database knows, found by digests, never by name.

An identifier finds candidates. One candidate is the person; several are shown to whoever asks, never guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar, cast
from uuid import UUID, uuid4

from belofte.choices.events import Event, Evidence, Kind, Origin
from belofte.choices.state import Derivation, strictest
from belofte.database import acts
from belofte.database.key import CompanyKey, StoreKey
from belofte.database.open import Database, statement
from belofte.policy.model import Policy
from belofte.policy.person import EVERYTHING, PersonState

AT_ONCE = 20_000
"""Above so many keys or people, reading all of a store is cheaper than naming each."""

FEW = 100
"""Identifiers up to which people are made known in one statement."""

FOR_SUBJECTS = 0x7375626A
"""The advisory lock of whoever makes people known ("subj")."""

K = TypeVar("K", bound=StoreKey)

Digest = tuple[str, bytes]
"""The kind of an identifier and its keyed digest."""


class Identifier(NamedTuple):
    """An identifier in its normal form (`datamap.identity.normalise`); only those that identify one person."""

    kind: str
    normal: str


@dataclass(frozen=True)
class Several:
    """The identifiers lead to more than one person: a person of the company decides who is meant."""

    subjects: tuple[UUID, ...]


class Link(NamedTuple):
    """A row of a store that is a person's: its key, and what tells her from the next one under the same key."""

    key: StoreKey
    subject: UUID
    identity: tuple[object, ...] = ()


def candidates(db: Database, key: CompanyKey, people: Sequence[Sequence[Identifier]]) -> list[tuple[UUID, ...]]:
    """Return, for each person asked about, whom her identifiers lead to: nobody, one, or several."""
    wanted = _digests(key, people)
    found = _known(db, wanted)
    return [_led_to(digests, found) for digests in wanted]


def subject_of(db: Database, key: CompanyKey, identifiers: Sequence[Identifier]) -> UUID | Several:
    """Return the person whom the identifiers lead to, made known if she is not."""
    return subjects_of(db, key, [identifiers])[0]


def subjects_of(db: Database, key: CompanyKey, people: Sequence[Sequence[Identifier]]) -> list[UUID | Several]:
    """Return the person behind each set of identifiers, made known if she is not; in one transaction.

    New identifiers of a known person are added to hers. Two sets that share an identifier are one person, unless
    they already are two.
    """
    if any(not identifiers for identifiers in people):
        raise ValueError("a person without identifiers cannot be found again")
    wanted = _digests(key, people)
    known = _known(db, wanted)
    if all(pair in known for digests in wanted for pair in digests):  # nobody to make known: no lock
        return [_one_or_several(_led_to(digests, known)) for digests in wanted]
    with db.part():
        db.values("subjects_locked", lock=FOR_SUBJECTS)
        return _make_known(db, wanted, _known(db, wanted))


def _make_known(
    db: Database, wanted: Sequence[Sequence[Digest]], known: Mapping[Digest, Sequence[UUID]]
) -> list[UUID | Several]:
    made: dict[Digest, UUID] = {}
    found: list[UUID | Several] = []
    fresh: list[UUID] = []
    added: dict[tuple[UUID, str, bytes], None] = {}
    for digests in wanted:
        subjects = tuple(dict.fromkeys((*_led_to(digests, known), *(made[pair] for pair in digests if pair in made))))
        if len(subjects) > 1:
            found.append(Several(subjects))
            continue
        if not subjects:
            subjects = (uuid4(),)
            fresh.append(subjects[0])
        found.append(subjects[0])
        for pair in digests:
            if pair not in known and made.setdefault(pair, subjects[0]) == subjects[0]:
                added[subjects[0], *pair] = None
    if len(added) > FEW:
        _copy(db, "subjects_copy", [(subject,) for subject in fresh])
        _copy(db, "identifiers_copy", list(added))
    elif added:
        of, kinds, digests = zip(*added, strict=True)
        db.run("subjects_made_known", subjects=fresh, of=list(of), kinds=list(kinds), digests=list(digests))
    return found


def link_keys(db: Database, key: CompanyKey, store: str, entry: str, links: Iterable[Link]) -> int:
    """Say that rows of a store are these people's, in bulk; return how many links are new or changed."""
    rows = {(key.row(store, entry, link.key), key.identity(*link.identity)): link.subject for link in links}
    if not rows:
        return 0
    return db.run(
        "keys_linked",
        store=store,
        entry=entry,
        keys=[row for row, _ in rows],
        identities=[identity for _, identity in rows],
        subjects=list(rows.values()),
    )


def add_identifiers(db: Database, key: CompanyKey, subject: UUID, identifiers: Sequence[Identifier]) -> int:
    """Say that identifiers are a known person's, also where they are another's too; return how many are new."""
    (digests,) = _digests(key, [identifiers])
    return db.run(
        "identifiers_added",
        subjects=[subject] * len(digests),
        kinds=[kind for kind, _ in digests],
        digests=[digest for _, digest in digests],
    )


def forget(db: Database, subjects: Sequence[UUID]) -> int:
    """Let go of the identifiers and rows of people, and of what the log says of them; return how many identifiers went.

    Their events stay, without a name, and the places of their acts in the log. Not part of an erasure: her digests are
    what keeps an erased person from coming back with the next import (DESIGN §8); they go when the term of that
    suppression is over (`retention/forgetting.py`).
    """
    with db.transaction():
        db.run("disclosed_forgotten", subjects=list(subjects))
        db.run("disclosed_unsaid", subjects=list(subjects))
        db.run("keys_forgotten", subjects=list(subjects))
        gone = db.run("identifiers_forgotten", subjects=list(subjects))
        acts.erase(db, subjects)
    return gone


def known_by(db: Database, subjects: Sequence[UUID]) -> tuple[list[str], datetime]:
    """Return the kinds of the identifiers that people are known by, and since when the latest of them is known."""
    kinds, since = db.values("subjects_known_by", subjects=list(subjects))[0]
    return cast(list[str], kinds), cast(datetime, since)


def events_of(
    db: Database, subjects: Sequence[UUID], at: datetime, known_at: datetime | None = None
) -> dict[UUID, list[Event]]:
    """Return the events of people that hold at a moment; a person without events is absent.

    `known_at`: only those that had been recorded by then.
    """
    known = known_at or EVERYTHING
    return events_by_subject(db.values("events_of_subjects", subjects=list(subjects), at=at, known_at=known))


def states(db: Database, policy: Policy, subjects: Sequence[UUID], at: datetime) -> dict[UUID, PersonState]:
    """Return the state of each person at a moment; equal states are one object."""
    return states_at(db, policy, subjects, [at])[0]


def states_at(
    db: Database, policy: Policy, subjects: Sequence[UUID], moments: Sequence[datetime]
) -> list[dict[UUID, PersonState]]:
    """Return the state of each person at each of some moments; their events are read once."""
    events, found = events_of(db, subjects, max(moments)), []
    for at in moments:
        derivation = Derivation(policy, at)
        by_then = {subject: [one for one in own if one.valid_from <= at] for subject, own in events.items()}
        found.append({subject: derivation.state(by_then.get(subject, ())) for subject in subjects})
    return found


def states_of(
    db: Database,
    company: CompanyKey,
    policy: Policy,
    store: str,
    entry: str,
    keys: Sequence[K],
    at: datetime,
    identities: Mapping[K, tuple[object, ...]] | None = None,
) -> dict[K, PersonState]:
    """Return the state of the person behind each key of a store's people entry; equal states are one object.

    A key that nobody is linked to is nobody's. With `identities`, a key whose identity is not the linked one has been
    given to somebody else: nobody's too. Without, a key of several people gets the strictest of their states.
    """
    derivation = Derivation(policy, at)
    digests = {key: company.row(store, entry, key) for key in keys}
    few = len(digests) <= AT_ONCE
    if few:
        rows = db.values("keys_found", store=store, entry=entry, keys=list(digests.values()))
    else:
        rows = db.values("keys_of_store", store=store, entry=entry)
    linked: dict[bytes, list[tuple[bytes, UUID]]] = {}
    for digest, identity, subject in rows:
        linked.setdefault(cast(bytes, digest), []).append((cast(bytes, identity), cast(UUID, subject)))
    if few:
        events = events_of(db, list({subject for links in linked.values() for _, subject in links}), at)
    else:
        events = events_by_subject(db.values("events_of_store", store=store, entry=entry, at=at))
    known = {subject: derivation.state(found) for subject, found in events.items()}
    found: dict[K, PersonState] = {}
    for key, digest in digests.items():
        links = linked.get(digest, [])
        if identities is not None:
            hers = company.identity(*identities.get(key, ()))
            links = [link for link in links if link[0] == hers]
        options = list(dict.fromkeys(known.get(subject, derivation.nobody) for _, subject in links))
        found[key] = strictest(options) if options else derivation.nobody
    return found


def grouped(found: Mapping[K, PersonState]) -> dict[PersonState, list[K]]:
    """Return the keys of each distinct state: people whom a plan may treat alike."""
    groups: dict[PersonState, list[K]] = {}
    for key, state in found.items():
        groups.setdefault(state, []).append(key)
    return groups


def _digests(key: CompanyKey, people: Sequence[Sequence[Identifier]]) -> list[list[Digest]]:
    return [
        [(one.kind, key.identifier(one.kind, one.normal)) for one in dict.fromkeys(identifiers)]
        for identifiers in people
    ]


def _known(db: Database, wanted: Iterable[Iterable[Digest]]) -> dict[Digest, list[UUID]]:
    """Return, for each digest that somebody has, who has it."""
    distinct = sorted({pair for digests in wanted for pair in digests})
    found: dict[Digest, list[UUID]] = {}
    if distinct:
        kinds, digests = zip(*distinct, strict=True)
        for kind, digest, subject in db.values("identifiers_found", kinds=list(kinds), digests=list(digests)):
            found.setdefault((cast(str, kind), cast(bytes, digest)), []).append(cast(UUID, subject))
    return found


def _led_to(digests: Iterable[Digest], known: Mapping[Digest, Sequence[UUID]]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(subject for pair in digests for subject in known.get(pair, ())))


def _one_or_several(subjects: tuple[UUID, ...]) -> UUID | Several:
    return subjects[0] if len(subjects) == 1 else Several(subjects)


def _copy(db: Database, query: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        with db.connection.cursor() as cursor, cursor.copy(statement(query)) as copy:
            for row in rows:
                copy.write_row(row)


def events_by_subject(rows: Iterable[tuple[object, ...]]) -> dict[UUID, list[Event]]:
    """Return the events that a query found, person by person."""
    shown: dict[str, Evidence] = {}
    found: dict[UUID, list[Event]] = {}
    for row in rows:
        (
            subject,
            kind,
            purpose,
            channel,
            category,
            valid_from,
            valid_until,
            origin,
            evidence,
            hold_id,
            request_id,
            recorded_at,
        ) = row
        text = cast(str, evidence)
        if text not in shown:  # the same form and notice show the same evidence, thousands of times
            shown[text] = cast(Evidence, json.loads(text))
        event = Event(
            kind=Kind(cast(str, kind)),
            subject_id=cast(UUID, subject),
            valid_from=cast(datetime, valid_from),
            purpose=cast(str | None, purpose),
            channel=cast(str | None, channel),
            category=cast(str | None, category),
            valid_until=cast(datetime | None, valid_until),
            origin=Origin(cast(str, origin)),
            evidence=shown[text],
            request_id=cast(UUID | None, request_id),
            hold_id=cast(UUID | None, hold_id),
            recorded_at=cast(datetime, recorded_at),
        )
        found.setdefault(cast(UUID, subject), []).append(event)
    return found

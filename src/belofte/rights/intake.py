"""Intake: a request is recorded, its person found in every store, and what must be remembered of her sealed.

Nothing is released and nothing removed here. A store that is down and a paper archive are part of the request from the
first moment: it cannot end as fulfilled without them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from belofte.choices.subjects import Identifier, Link, Several, candidates, link_keys, subjects_of
from belofte.database import requests
from belofte.database.requests import Request, StoreState
from belofte.database.sealed import first, seal, tagged, typed, unsealed
from belofte.law.deadline import answer_due
from belofte.rights.desk import Desk
from belofte.rights.identify import Asked, Found, NotAnIdentifier, Place, Record, identify, records_of
from belofte.stores.connect import Unreachable

COHORT = "cohort"
"""The sealed part in which a request remembers its people."""


@dataclass(frozen=True)
class PersonFound:
    """One person of a request: what she gave, her subjects in Belofte, and her records in the stores."""

    given: tuple[Asked, ...]
    subjects: tuple[UUID, ...]
    found: Found

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of person she is, as far as her records tell."""
        return frozenset(r.person_kind for r in self.found.confirmed if r.person_kind is not None)

    @property
    def kind_unknown(self) -> bool:
        """Return whether a record does not tell which kind she is."""
        return any(record.person_kind is None for record in self.found.confirmed)

    @property
    def words(self) -> frozenset[str]:
        """Her identifiers, as given and as stored."""
        return frozenset(one.normal for one in self.given).union(*(r.words for r in self.found.confirmed))

    @property
    def led(self) -> frozenset[Asked]:
        """Identifiers of hers alone that her records hold: they lead to stores that did not answer yet."""
        return frozenset(one for record in self.found.confirmed for one in record.identifiers)


@dataclass(frozen=True)
class Meeting:
    """People as they were found, and the stores that did not answer."""

    people: tuple[PersonFound, ...]
    silent: Mapping[str, Unreachable]

    @property
    def confirmed(self) -> frozenset[str]:
        """The names of the records that are theirs."""
        return frozenset(record.name for person in self.people for record in person.found.confirmed)

    @property
    def waiting(self) -> list[Record]:
        """Records that may be hers and wait for an officer's word."""
        return [record for person in self.people for record in person.found.waiting]

    def cohort(self, store: str) -> dict[str, dict[tuple[Any, ...], tuple[UUID, ...]]]:
        """Return, per people entry of a store, the keys and whose they are."""
        keys: dict[str, dict[tuple[Any, ...], tuple[UUID, ...]]] = {}
        for person in self.people:
            for record in person.found.confirmed:
                if record.store == store:
                    keys.setdefault(record.entry, {})[record.key] = person.subjects
        return keys


@dataclass(frozen=True)
class Intake(Meeting):
    """A request with its people."""

    request: Request


def take_in(
    desk: Desk, right: str, people: Sequence[Sequence[Asked]], *, language: str | None = None,
    confirm: frozenset[str] = frozenset(),
) -> Intake:  # fmt: skip
    """Record a request of these people and find them. `language`: theirs where known, else the company's first.

    Raises `NotAnIdentifier` for a kind that no store is searched by: nobody would be found, and nothing said of it.
    """
    found, silent = _looked_up(desk, people, confirm)
    spoken = language or _language(desk, found)
    with desk.db.transaction():
        met = Meeting(_made_known(desk, people, found), silent)
        return taken_in(desk, right, met, spoken, desk.sql_stores)


def taken_in(desk: Desk, right: str, met: Meeting, language: str, stores: Sequence[str]) -> Intake:
    """Record a request of people who were found, in the stores that it is about."""
    there = {
        name: (StoreState.UNREACHABLE, met.silent[name].why) if name in met.silent else (StoreState.PENDING, None)
        for name in stores
    }
    request = requests.receive(
        desk.db, right, desk.clock(), answer_due(desk.today(), desk.country), language,
        subjects=[subject for person in met.people for subject in person.subjects], stores=there,
        first=first(desk.key, uuid4(), COHORT, _sealed(met)),
    )  # fmt: skip
    return Intake(met.people, met.silent, request)


def meet(
    desk: Desk, people: Sequence[Sequence[Asked]], confirm: frozenset[str] = frozenset(), *, make_known: bool = True
) -> Meeting:
    """Find people without a request, and make them known; raises `NotAnIdentifier` as `take_in` does.

    Not `make_known`: only look, and change nothing; a person whom nobody knows has no subject then.
    """
    found, silent = _looked_up(desk, people, confirm)
    if make_known:
        with desk.db.transaction():
            return Meeting(_made_known(desk, people, found), silent)
    subjects = candidates(desk.db, desk.key, _identifiers(people, found))
    persons = zip(people, subjects, found, strict=True)
    return Meeting(tuple(PersonFound(tuple(given), known, f) for given, known, f in persons), silent)


def _looked_up(
    desk: Desk, people: Sequence[Sequence[Asked]], confirm: frozenset[str]
) -> tuple[list[Found], dict[str, Unreachable]]:
    _searchable(desk, people)
    with desk.places() as (places, silent):
        return [identify(places, given, desk.country, confirm) for given in people], silent


def _made_known(desk: Desk, people: Sequence[Sequence[Asked]], found: Sequence[Found]) -> tuple[PersonFound, ...]:
    """Make people known by what they gave and what their records say, and link their records to them."""
    subjects = subjects_of(desk.db, desk.key, _identifiers(people, found))
    persons = tuple(
        PersonFound(tuple(given), s.subjects if isinstance(s, Several) else (s,), f)
        for given, s, f in zip(people, subjects, found, strict=True)
    )
    _link(desk, persons)
    return persons


def _identifiers(people: Sequence[Sequence[Asked]], found: Sequence[Found]) -> list[list[Identifier]]:
    """Return what leads to each person: what she gave, and what her records say that is hers alone."""
    known = [(*given, *(i for r in f.confirmed for i in r.identifiers)) for given, f in zip(people, found, strict=True)]
    return [[Identifier(one.kind, one.normal) for one in dict.fromkeys(each)] for each in known]


def _searchable(desk: Desk, people: Sequence[Sequence[Asked]]) -> None:
    kinds = {
        kind
        for name in desk.sql_stores
        for entry in desk.specs[name].map.people.values()
        for kind, one in entry.identified_by()
        if one.identifies != "organisation"
    }
    if kinds and any(one.kind not in kinds for given in people for one in given):
        # INVARIANT: what was written is not repeated, it may be the wrong way round
        searched = ", ".join(sorted(kinds))
        raise NotAnIdentifier(f"no store is searched by a kind that was given; stores are searched by: {searched}")


def _language(desk: Desk, found: Sequence[Found]) -> str:
    spoken = [r.language.strip().lower()[:2] for f in found for r in f.confirmed if r.language]
    return next((one for one in spoken if one in desk.policy.languages), desk.policy.languages[0])


def _link(desk: Desk, persons: Sequence[PersonFound]) -> None:
    links: dict[tuple[str, str], list[Link]] = {}
    for person in persons:
        for record in person.found.confirmed:
            links.setdefault((record.store, record.entry), []).append(Link(record.key, person.subjects[0]))
    for (store, entry), found in links.items():
        link_keys(desk.db, desk.key, store, entry, found)


def take_up(desk: Desk, request: Request, *, confirm: frozenset[str] = frozenset(), remember: bool = True) -> Intake:
    """Return the intake of a request that was taken in before, from what was sealed; `Shredded` when it is over.

    Records are read again where the store answers: a row that went meanwhile is still in the cohort by its key. A store
    that was silent at intake is looked through now, and what is found there sealed too (unless not `remember`).
    `confirm`: an officer's word on records that wait, as at intake.
    """
    content = json.loads(unsealed(desk.db, desk.key, request.id, COHORT))
    with desk.places() as (places, silent):
        fresh = {name: place for name, place in places.items() if name in content["silent"]}
        persons = tuple(_taken_up(desk, one, places, fresh, confirm) for one in content["people"])
    intake = Intake(persons, silent, request)
    if remember and (fresh or confirm):
        with desk.db.transaction():
            _link(desk, persons)
            seal(desk.db, desk.key, request.id, COHORT, _sealed(intake))
    return intake


def _taken_up(
    desk: Desk,
    one: Mapping[str, Any],
    places: Mapping[str, Place],
    fresh: Mapping[str, Place],
    confirm: frozenset[str],
) -> _Remembered:
    given = tuple(Asked(kind, normal) for kind, normal in one["given"])
    led = tuple(Asked(kind, normal) for kind, normal in one["led"])
    found = identify(fresh, given, desk.country, confirm, led=led) if fresh else Found()
    for store, entry, key, kind, why_not in one["records"]:
        own = tuple(typed(part) for part in key)
        known = Record(store, entry, own, (), 0, False, why_not, frozenset(), frozenset(), kind, None)
        why_not = None if known.name in confirm or "all" in confirm else why_not
        confirmed = why_not is None
        known = replace(known, confirmed=confirmed, why_not=why_not)
        found.records[(store, entry, own)] = known
        if store in places:
            for again in records_of(places[store], store, entry, [own], desk.country):
                read = replace(again, confirmed=confirmed, why_not=why_not)
                found.records[(store, entry, again.key)] = read
    subjects = tuple(UUID(subject) for subject in one["subjects"])
    return _Remembered(given, subjects, found, frozenset(one["words"]), frozenset(led))


@dataclass(frozen=True)
class _Remembered(PersonFound):
    """A person as she was found at intake: her identifiers too, which an erasure has taken from the stores."""

    remembered: frozenset[str] = frozenset()
    remembered_led: frozenset[Asked] = frozenset()

    @property
    def words(self) -> frozenset[str]:
        return super().words | self.remembered

    @property
    def led(self) -> frozenset[Asked]:
        return super().led | self.remembered_led


def _sealed(met: Meeting) -> bytes:
    people = [
        {
            "given": [[one.kind, one.normal] for one in person.given],
            "led": sorted([one.kind, one.normal] for one in person.led),
            "subjects": [str(subject) for subject in person.subjects],
            "records": [
                [r.store, r.entry, [tagged(part) for part in r.key], r.person_kind, r.why_not]
                for r in person.found.records.values()
            ],
            "words": sorted(person.words),
        }
        for person in met.people
    ]
    return json.dumps({"silent": sorted(met.silent), "people": people}).encode()

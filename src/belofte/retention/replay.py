"""Replay: after a store is restored from a backup, who was erased there is found again and let go of again (DESIGN §8).

Belofte kept no names. Of everybody who was erased it kept keyed digests: of her identifiers, and of the keys of her
rows. Every row of the store's people is digested and compared. An identifier that is one person's leads to her; a key
alone never does, because a restored database gives its numbers out again. What goes is decided by her own choices as
they stand now: a closing act is about the data collected before it, so that her own later sign-up stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from belofte.choices.subjects import Identifier, candidates
from belofte.database import requests, sweeps
from belofte.purposes.applying import retry
from belofte.purposes.desk import enforced
from belofte.purposes.lagging import told_until
from belofte.retention.sweep import barred
from belofte.rights.desk import Desk
from belofte.rights.identify import Found, Place, Record, everyone
from belofte.rights.intake import Intake, Meeting, PersonFound, taken_in
from belofte.rights.letting_go import Closing, Plan, plan_erasure

RIGHT = "replay"
"""What a replay is called among the requests: it is approved, taken up and followed like one."""

ONLY_KEY = "only its key agrees: it may be somebody else's by now"
SHARED = "what identifies her leads to somebody else too, who was not erased"
SEVERAL = "several records of `{entry}` answer to her, and their keys do not tell which was hers"
UNDATED = "nothing says when it was collected: her own later sign-up would look alike"


@dataclass(frozen=True)
class Restored(Meeting):
    """Who was found again. `blank`: rows under a key that was hers which say nothing of anybody, as erasing left them.

    `erased`: how many people were erased in each store; `lost`: of those, whose digests are gone.
    `not_looked`: stores in which nothing is ever repeated, with why.
    """

    erased: Mapping[str, int] = field(default_factory=dict)
    lost: Mapping[str, int] = field(default_factory=dict)
    blank: Mapping[str, int] = field(default_factory=dict)
    not_looked: Mapping[str, str] = field(default_factory=dict)

    @property
    def looked(self) -> list[str]:
        """The stores that were looked through."""
        return sorted(self.erased)


@dataclass(frozen=True)
class _Digests:
    """The digests of the people who were erased in a store, and whose they are."""

    identifiers: Mapping[tuple[str, bytes], tuple[UUID, ...]]
    keys: Mapping[tuple[str, bytes], tuple[UUID, ...]]
    people: frozenset[UUID]

    @property
    def lost(self) -> int:
        """How many of them nothing leads to any more."""
        led = {subject for found in (self.identifiers, self.keys) for own in found.values() for subject in own}
        return len(self.people - led)


def look(desk: Desk, stores: Sequence[str], confirm: frozenset[str] = frozenset()) -> Restored:
    """Return who of those who were erased is in these stores again. Nothing is written.

    `confirm`: an officer's word on records that wait, by their names, or `all`.
    """
    found: dict[tuple[UUID, ...], list[Record]] = {}
    not_looked = {name: why for name in stores if (why := barred(desk, name)) is not None}
    erased: dict[str, int] = {}
    lost: dict[str, int] = {}
    blank: dict[str, int] = {}
    with desk.places() as (places, silent):
        for name in stores:
            if name in not_looked or name not in places:
                continue
            digests = _digests(desk, name)
            erased[name], lost[name], blank[name] = len(digests.people), digests.lost, 0
            for entry in places[name].graph.map.people:
                seen, empty = _found_in(desk, places[name], name, entry, digests)
                blank[name] += empty
                for subjects, record in _judged(desk, places[name], entry, seen, digests, confirm):
                    found.setdefault(subjects, []).append(record)
    people = tuple(
        PersonFound((), subjects, Found({(one.store, one.entry, one.key): one for one in records}))
        for subjects, records in found.items()
    )
    silent = {name: why for name, why in silent.items() if name in stores}
    return Restored(people, silent, erased, lost, blank, not_looked)


def _digests(desk: Desk, store: str) -> _Digests:
    people = [cast(UUID, subject) for (subject,) in desk.db.values("erased_in", store=store)]
    identifiers: dict[tuple[str, bytes], tuple[UUID, ...]] = {}
    keys: dict[tuple[str, bytes], tuple[UUID, ...]] = {}
    for found, rows in (
        (identifiers, desk.db.values("identifiers_of", subjects=people)),
        (keys, desk.db.values("keys_of", store=store, subjects=people)),
    ):
        for what, digest, subject in rows:
            place = (cast(str, what), cast(bytes, digest))
            found[place] = (*found.get(place, ()), cast(UUID, subject))
    return _Digests(identifiers, keys, frozenset(people))


_Seen = tuple[Record, tuple[UUID, ...], tuple[UUID, ...]]
"""A record, whom its identifiers lead to, and whom its key leads to."""


def _found_in(desk: Desk, place: Place, store: str, entry: str, digests: _Digests) -> tuple[list[_Seen], int]:
    """Return the records that lead to somebody erased, and how many rows of theirs say nothing of anybody."""
    found: list[_Seen] = []
    blank = 0
    for record, says in everyone(place, store, entry, desk.country):
        led: dict[UUID, None] = {}
        for one in record.identifiers:
            digest = desk.key.identifier(one.kind, one.normal)
            led.update(dict.fromkeys(digests.identifiers.get((one.kind, digest), ())))
        keyed = digests.keys.get((entry, desk.key.row(store, entry, record.key)), ())
        if led or (keyed and says):
            found.append((record, tuple(led), keyed))
        elif keyed:
            blank += 1
    return found, blank


def _judged(
    desk: Desk, place: Place, entry: str, seen: Sequence[_Seen], digests: _Digests, confirm: frozenset[str]
) -> Iterable[tuple[tuple[UUID, ...], Record]]:
    """Yield each record with the people whose it is, waiting for an officer's word where it may be another's."""
    told = [[Identifier(one.kind, one.normal) for one in record.identifiers] for record, _, _ in seen]
    others = [set(led) - digests.people for led in candidates(desk.db, desk.key, told)] if seen else []
    answering: dict[tuple[UUID, ...], int] = {}
    for _, led, _ in seen:
        answering[led] = answering.get(led, 0) + 1
    undated = _undated(place, entry)
    for (record, led, keyed), other in zip(seen, others, strict=True):
        why = None
        if not led:
            why = ONLY_KEY
        elif other:
            why = SHARED
        elif answering[led] > 1 and not set(led) & set(keyed):
            why = SEVERAL.format(entry=entry)
        elif undated:
            why = UNDATED
        if "all" in confirm or record.name in confirm:
            why = None
        yield tuple(sorted(led or keyed)), replace(record, confirmed=why is None, why_not=why)


def _undated(place: Place, entry: str) -> bool:
    """Return whether nothing tells when what an entry's rows hold was collected."""
    table = place.graph.map.people[entry].table
    owners = [owner for owner in place.graph.people(table, None) if owner.entry == entry and not owner.path]
    return not owners or place.graph.collected(table, owners[0]) is None


def plan(
    desk: Desk, met: Meeting, stores: Sequence[str], at: datetime, *, estimate: bool = True, again: bool = False
) -> Plan:
    """Return the plan that lets go, in some stores, of what nothing justifies about people, by their choices."""
    closings: dict[UUID, tuple[Closing, ...]] = {s: () for person in met.people for s in person.subjects}
    return plan_erasure(desk, met, closings, at, stores=stores, estimate=estimate, again=again)


def begun(desk: Desk, stores: Sequence[str]) -> str | None:
    """Return the name of a replay of one of these stores that is not over; None where there is none."""
    for request in requests.open_requests(desk.db):
        if request.right == RIGHT and {one.store for one in requests.stores(desk.db, request.id)} & set(stores):
            return request.short
    return None


def begin(desk: Desk, restored: Restored) -> Intake:
    """Record a replay, so that it can be approved, taken up and followed like a request."""
    return taken_in(desk, RIGHT, Meeting(restored.people, {}), desk.policy.languages[0], restored.looked)


def tell(desk: Desk, stores: Sequence[str]) -> dict[str, int]:
    """Tell restored stores, whose readers are bound to purposes, everything that people chose; return of how many.

    What a store was told came back from the backup too: a consent that was withdrawn since would count again.
    """
    told: dict[str, int] = {}
    for name in enforced(desk):
        if name in stores:
            opened = desk.open(name, read_only=False)
            people = retry(desk, opened) if told_until(opened.store)[1] is not None else None
            if people is not None:
                told[name] = people
    return told


def by_hand(desk: Desk, stores: Sequence[str], since: datetime | None) -> list[str]:
    """Ask somebody to repeat what Belofte cannot: return what is asked.

    What is kept by hand, and what was corrected since the day of the backup: its values were never kept.
    """
    asked: list[str] = []
    at = desk.clock()

    def ask(store: str, what: str, request: UUID | None = None) -> None:
        sweeps.open_task(desk.db, "replay", store, what, at, request=request)
        asked.append(what)

    for name in stores:
        if desk.specs[name].map.kind == "manual":
            ask(name, f"let go again, in {name}, of what was erased there since the backup")
        elif since is not None:
            for request, short in desk.db.values("corrected_in", store=name, since=since):
                ask(name, f"correct again, in {name}, what request {short} corrected", cast(UUID, request))
    return asked

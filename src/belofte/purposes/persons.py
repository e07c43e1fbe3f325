"""Rows of several stores that are one person: linked by identifiers of one person, as keyed digests, never by a guess.

Rows that share an identifier are one person, unless Belofte knows the identifier, or the rows, to be of two people. A
row without one is the person whom its key was linked to, where there is one. What no identifier links is counted by
itself: a figure over such rows is "at most".
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import cast
from uuid import UUID

from belofte.choices.subjects import Identifier, candidates
from belofte.compiler.search import identity_columns, rows_of
from belofte.database.key import CompanyKey
from belofte.database.open import Database
from belofte.datamap.graph import Graph
from belofte.datamap.identity import normalise
from belofte.purposes.projecting import BATCH
from belofte.stores.session import Session

TOKEN = 16
"""Bytes of a digest that tell it from any other one here."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is a person: its key, her kind (None: unknown) and language, and her own identifiers."""

    store: str
    entry: str
    key: tuple[object, ...]
    kind: str | None
    language: str
    identifiers: tuple[Identifier, ...]


def rows(graph: Graph, reading: Session, store: str, entry: str, country: str) -> Iterator[list[Row]]:
    """Yield everyone of a people entry, once per key, many at a time."""
    stated = graph.map.people[entry]
    outputs = [*stated.key, *identity_columns(graph, entry)]
    named = [(kind, one.column) for kind, one in stated.identified_by() if one.identifies == "person"]
    unique, met = graph.schema.tables[stated.table].is_unique(stated.key), set[tuple[object, ...]]()
    streamed = reading.stream(rows_of(graph, entry), {})
    while batch := list(islice(streamed, BATCH)):
        found = []
        for values in batch:
            row = dict(zip(outputs, values, strict=True))
            key = tuple(row[name] for name in stated.key)
            if None in key or (not unique and key in met):
                continue
            if not unique:
                met.add(key)
            normal = ((kind, normalise(kind, str(row[c]), country)) for kind, c in named if row.get(c) is not None)
            identifiers = tuple(Identifier(kind, value) for kind, value in normal if value)
            language = str(row.get(stated.language or "") or "").lower()[:2]
            found.append(Row(store, entry, key, stated.kind_of(row), language, identifiers))
        yield found


class Persons:
    """Who is who among rows, found as they are added: sets of rows that are merged and never taken apart."""

    def __init__(self, db: Database, key: CompanyKey) -> None:
        self.db, self.key = db, key
        self._parent = array("q")
        self._met: dict[bytes, int] = {}
        self._known: dict[int, UUID] = {}
        self._sorts: dict[tuple[str, str], list[frozenset[str]]] = {}
        self._doubtful = False

    def add(self, found: Sequence[Row]) -> list[int]:
        """Add rows of one entry; return their numbers."""
        distinct = list(dict.fromkeys(one for row in found for one in row.identifiers))
        whose = dict(zip(distinct, candidates(self.db, self.key, [[one] for one in distinct]), strict=True))
        linked = self._linked([row for row in found if not row.identifiers])
        return [self._add(row, whose, linked) for row in found]

    def of(self, number: int) -> int:
        """Return the person of a row, as the number of one of her rows: the same for each of them."""
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    @property
    def at_most(self) -> bool:
        """Whether somebody may be counted twice: a row may be of two people, or has no identifier that all have."""
        if self._doubtful or len(self._sorts) < 2:
            return self._doubtful
        sorts = [frozenset().union(*each) for each in self._sorts.values()]
        common = frozenset.intersection(*sorts)
        return any(not one & common for each in self._sorts.values() for one in each)

    def _linked(self, bare: Sequence[Row]) -> dict[tuple[object, ...], UUID | None]:
        """Return whose rows without identifiers are, by their keys; None where they are of several."""
        if not bare:
            return {}
        by_digest = {self.key.row(one.store, one.entry, cast(tuple[str, ...], one.key)): one.key for one in bare}
        led: dict[tuple[object, ...], UUID | None] = {}
        asked = self.db.values("keys_found", store=bare[0].store, entry=bare[0].entry, keys=list(by_digest))
        for digest, _, subject in asked:
            key = by_digest[cast(bytes, digest)]
            led[key] = cast(UUID, subject) if led.get(key, subject) == subject else None
        return led

    def _add(
        self, row: Row, whose: dict[Identifier, tuple[UUID, ...]], linked: dict[tuple[object, ...], UUID | None]
    ) -> int:
        number = len(self._parent)
        self._parent.append(number)
        kinds = self._sorts.setdefault((row.store, row.entry), [])
        sorts = frozenset(one.kind for one in row.identifiers)
        if sorts not in kinds:
            kinds.append(sorts)
        subjects = {subject for one in row.identifiers for subject in whose[one]}
        subjects |= {one for one in [linked.get(row.key)] if one is not None}
        if len(subjects) > 1:  # two people by what is known: she is nobody else's row
            self._doubtful = True
            return number
        for subject in subjects:
            self._known[number] = subject
            self._link(number, subject.bytes)
        for one in row.identifiers:
            self._link(number, self.key.identifier(one.kind, one.normal)[:TOKEN])
        return number

    def _link(self, number: int, token: bytes) -> None:
        one, other = self.of(number), self.of(self._met.setdefault(token, number))
        if one == other:
            return
        known = {subject for end in (one, other) if (subject := self._known.get(end)) is not None}
        if len(known) > 1:
            return
        self._parent[one] = other
        self._known.update((other, subject) for subject in known)

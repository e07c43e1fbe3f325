"""Watch a history go by, and say which of its acts break which property: by number, never about whom.

Each property is watched apart for each person (or request, or store), and within it for each purpose, category or
recipient that it is taken apart by. An act that names none of these concerns them all, also those to come.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from belofte.evidence.formula import Since, State, Watched
from belofte.evidence.properties import PROPERTIES, Property


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happened: when, what it is (several names at once), whom it is about, and what it names."""

    at: datetime
    names: frozenset[str]
    who: str
    about: Mapping[str, Sequence[str]] = field(default_factory=dict)
    source: str = ""
    """Where it is recorded: `event 12`, `request K7QX-2M4P`."""


@dataclass(frozen=True)
class Broken:
    """A property that an act broke, at once or when a term was over: the number of the act, counted from 1."""

    number: int
    source: str
    property: str


@dataclass(slots=True)
class _Part:
    """One part of a history under one property: where its formula stands, and the last act that concerned it."""

    state: State
    number: int = 0
    source: str = ""
    broken: bool = False


class _Watch:
    """One property over all of a history."""

    def __init__(self, watched: Property) -> None:
        self.property = watched
        self.watched = Watched(watched.formula)
        self.terms = tuple(
            part.older for part in watched.formula.parts() if isinstance(part, Since) and part.older is not None
        )
        self.parts: dict[str, dict[str | None, _Part]] = {}
        self.due: list[tuple[datetime, int, str, str | None]] = []
        self.pushed = 0

    def act(self, number: int, act: Act) -> Iterator[Broken]:
        """Take an act that has one of the formula's names."""
        parts = self.parts.get(act.who)
        if parts is None:
            parts = self.parts[act.who] = {None: _Part(self.watched.begin())}
        named: Iterable[str | None] = (None,)
        if self.property.by is not None:
            named = act.about.get(self.property.by) or list(parts)
        told = False
        for name in named:
            part = parts.get(name)
            if part is None:
                part = parts[name] = _Part(list(parts[None].state))
            part.number, part.source = number, act.source
            for one in self._step(part, act.at, act.names):
                if not told:  # an act that breaks a property for two purposes breaks it
                    yield one
                told = True
            for term in self.terms:
                self.pushed += 1
                heapq.heappush(self.due, (act.at + term, self.pushed, act.who, name))

    def until(self, at: datetime) -> Iterator[Broken]:
        """Let time pass: a term that ends before or at a moment is looked at when it ends."""
        while self.due and self.due[0][0] <= at:
            moment, _, who, name = heapq.heappop(self.due)
            yield from self._step(self.parts[who][name], moment, _NOTHING, reporting=name is not None or self._whole)

    @property
    def _whole(self) -> bool:
        return self.property.by is None

    def _step(self, part: _Part, at: datetime, names: frozenset[str], *, reporting: bool = True) -> Iterator[Broken]:
        true = self.watched.step(part.state, at, names)
        if not true and reporting and not (part.broken and self.terms):
            yield Broken(part.number, part.source, self.property.name)
        part.broken = not true


_NOTHING: frozenset[str] = frozenset()


class Watcher:
    """All properties over one history, act by act in the order of time."""

    def __init__(self, properties: Sequence[Property] = PROPERTIES) -> None:
        self._watches = [_Watch(one) for one in properties]
        self._timed = [watch for watch in self._watches if watch.terms]
        self._of_names: dict[frozenset[str], list[_Watch]] = {}
        self.number = 0
        self._at: datetime | None = None

    def act(self, act: Act) -> list[Broken]:
        """Return what an act breaks, and what was broken by waiting for it."""
        if self._at is not None and act.at < self._at:
            raise ValueError(f"act {self.number + 1} is earlier than the one before it: acts come in the order of time")
        self._at, self.number = act.at, self.number + 1
        found = self.until(act.at, before=True)
        watches = self._of_names.get(act.names)
        if watches is None:
            watches = [watch for watch in self._watches if watch.watched.names & act.names]
            self._of_names[act.names] = watches
        for watch in watches:
            found += watch.act(self.number, act)
        return found

    def until(self, at: datetime, *, before: bool = False) -> list[Broken]:
        """Return what is broken by a moment at which nothing else has happened; `before`: just before it."""
        moment = at - timedelta(microseconds=1) if before else at
        return [one for watch in self._timed for one in watch.until(moment)]


def broken(acts: Iterable[Act], until: datetime, properties: Sequence[Property] = PROPERTIES) -> Iterator[Broken]:
    """Yield what a history breaks by a moment, in the order in which it came out."""
    watcher = Watcher(properties)
    for act in acts:
        yield from watcher.act(act)
    yield from watcher.until(until)

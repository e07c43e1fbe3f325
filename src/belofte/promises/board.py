"""The board: every promise of the policy with its state today, since when, and what it rests on.

A promise is kept when everything that it names held; broken when one did not; and cannot be told while anything it
rests on is silent, expired or not made yet. What was measured before from the very same inputs is not measured again.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from belofte.compiler.digests import canonical_json, digest_of, policy_digest
from belofte.database import promises
from belofte.database.promises import Measured, Proof
from belofte.policy.promise import ABOUT, Means, Promise
from belofte.promises.attested import attested
from belofte.promises.markers import marker
from belofte.promises.matter import Matter, Scope
from belofte.promises.means import EXERCISES
from belofte.promises.outcome import Outcome, State, outcome, worst
from belofte.promises.sentence import Sentence, read, sentence, written

PLANNED, NOTHING = sentence("nothing holds it yet"), sentence("")


@dataclass(frozen=True)
class Part:
    """What one means came to for a promise: by name, when it was measured, how long that took, and what mends it."""

    means: str
    outcome: Outcome
    at: datetime
    seconds: float
    mend: Sentence
    again: bool = True
    """It was measured in this run; else before, from the same inputs."""


@dataclass(frozen=True)
class Proven:
    """A promise with its state."""

    promise: Promise
    state: State
    since: datetime
    parts: tuple[Part, ...]

    @property
    def seconds(self) -> float:
        """How long its means took in this run."""
        return sum(part.seconds for part in self.parts if part.again)

    @property
    def figures(self) -> dict[str, int]:
        """The figures of all its means, by means and name."""
        return {f"{part.means}: {name}": n for part in self.parts for name, n in part.outcome.figures.items()}

    @property
    def found(self) -> list[Sentence]:
        """What breaks it."""
        return [one for part in self.parts for one in part.outcome.found]

    @property
    def unclear(self) -> list[Sentence]:
        """Why it cannot be told."""
        return [one for part in self.parts for one in part.outcome.unclear]

    @property
    def mend(self) -> list[Sentence]:
        """What to do, for each means that did not hold."""
        return list(
            dict.fromkeys(part.mend for part in self.parts if part.outcome.state is not State.KEPT and part.mend)
        )


@dataclass(frozen=True)
class Board:
    """What a run came to. `run`: its number in Belofte's own database."""

    run: int
    at: datetime
    seconds: float
    promises: tuple[Proven, ...]
    acts: Mapping[str, int]
    """The number of the act in the log by which each proof was recorded: `belofte log prove` gives its receipt."""

    def count(self, state: State, *, planned: bool = False) -> int:
        """Return how many promises are in a state; planned ones are counted by themselves."""
        return sum(1 for one in self.promises if one.state is state and (one.promise.holds == "planned") is planned)

    @property
    def state(self) -> State:
        """The state of the worst."""
        return worst(one.state for one in self.promises)


def prove(matter: Matter, only: Collection[str] = (), *, anew: bool = False) -> Board:
    """Hold every promise, or those named, against the company as it is now; record what each came to."""
    began = time.monotonic()
    before = promises.last(matter.desk.db)
    measuring = _Measuring(matter, {} if anew else promises.measured(matter.desk.db))
    found: list[Proven] = []
    for promise in matter.policy.promises:
        if only and promise.id not in only:
            continue
        parts = tuple(measuring.parts(promise))
        state = worst(part.outcome.state for part in parts)
        was = before.get(promise.id)
        since = was.since if was is not None and (was.state, was.holds) == (state, promise.holds) else matter.at
        found.append(Proven(promise, state, since, parts))
    run = _recorded(matter, found, measuring.fresh)
    took = time.monotonic() - began
    return Board(run, matter.at, took, tuple(found), promises.acts_of(matter.desk.db, run, len(found)))


class _Measuring:
    """Measures each means once per scope, or takes what it came to before from the same inputs."""

    def __init__(self, matter: Matter, known: Mapping[str, Measured]) -> None:
        self.matter, self.known = matter, known
        self.fresh: list[Measured] = []

    def parts(self, promise: Promise) -> list[Part]:
        """Return what each means of a promise came to."""
        if promise.holds == "planned":
            return [self._part("planned", outcome({}, (), [Sentence(promise.lacks, {}) if promise.lacks else PLANNED]))]
        scope = Scope.of(promise, self.matter.today)
        found = [self._measured(means, scope) for means in promise.by]
        if promise.attestation is not None:
            word = promise.attestation
            mend = sentence(
                "ask %(owner)s to look again, and write the new day and digest in the policy", owner=word.owner
            )
            found.append(self._part("attestation", attested(self.matter, word), mend))
        return found

    def _part(self, name: str, came_to: Outcome, mend: Sentence = NOTHING) -> Part:
        return Part(name, came_to, self.matter.at, 0.0, mend)

    def _measured(self, means: Means, scope: Scope) -> Part:
        return self.matter.once(("part", means, scope), lambda: self._anew(means, scope))

    def _anew(self, means: Means, scope: Scope) -> Part:
        began, exercise, mend = time.monotonic(), EXERCISES[means], sentence(ABOUT[means].mend)
        name = f"{means} {digest_of([sorted(part) for part in scope.parts]).hex()[:16]}"
        mark = marker(self.matter, exercise, scope)
        known = self.known.get(name)
        if mark is not None and known is not None and known.marker == self._vouched(known, mark):
            return Part(means, _read(known.outcome), known.at, time.monotonic() - began, mend, again=False)
        came_to = exercise.run(self.matter, scope)
        if mark is not None:  # taken before it was measured: what changed meanwhile is measured next time
            found = Measured(name, mark, self.matter.at, _written(came_to))
            self.fresh.append(replace(found, marker=self._vouched(found, mark)))
        return Part(means, came_to, self.matter.at, time.monotonic() - began, mend)

    def _vouched(self, one: Measured, mark: bytes) -> bytes:
        """Return what shows that this was measured here: whoever may write in the database cannot make it."""
        return self.matter.desk.key.measured(one.part, mark, one.at, canonical_json(one.outcome))


def _written(one: Outcome) -> Mapping[str, object]:
    return {"figures": dict(one.figures), "found": [*map(written, one.found)], "unclear": [*map(written, one.unclear)]}


def _read(document: Mapping[str, object]) -> Outcome:
    found = cast(Mapping[str, Any], document)
    return Outcome(found["figures"], tuple(map(read, found["found"])), tuple(map(read, found["unclear"])))


def _recorded(matter: Matter, found: Sequence[Proven], fresh: Sequence[Measured]) -> int:
    """Record a run: when this returns, what each promise came to is in the database for good."""
    db = matter.desk.db
    with db.transaction():
        run = promises.begin(db, policy_digest(matter.policy), matter.at, matter.desk.clock())
        rows = (
            Proof(run, one.promise.id, one.state, one.promise.holds, one.since, one.figures, _impersonal(one.parts))
            for one in found
        )
        promises.record(db, list(rows))
        for one in fresh:
            promises.remember(db, one)
    return run


def _impersonal(parts: Sequence[Part]) -> list[str]:
    """Return which means did not hold: whose rows broke them is shown, and not kept."""
    return [part.means for part in parts if part.outcome.found]

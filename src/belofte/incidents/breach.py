"""A breach as the register has it: what is known, decided and done, and what the law still asks (GDPR art. 33, 34).

Pure: entries in, a value out. Its states cannot be skipped: open, assessed, decided, closed; what follows from a new
entry is told anew, so that a decision that was taken before the risk was assessed again counts no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Generic, Literal, TypeVar

from belofte.incidents.entry import (
    Affected,
    Assessment,
    Audience,
    Closing,
    Decision,
    Exception_,
    Facts,
    FollowUp,
    InWords,
    Notification,
    Risk,
    Said,
)
from belofte.law.breach import Duty, Incident, duties
from belofte.law.deadline import breach_due

State = Literal["open", "assessed", "decided", "closed"]
S = TypeVar("S", bound=Said)


@dataclass(frozen=True)
class Entered(Generic[S]):
    """An entry: its number, what it says, who entered it and when."""

    number: int
    said: S
    by: str
    at: datetime


@dataclass(frozen=True)
class Breach:
    """Everything that was entered about a breach, in order, and what follows from it."""

    short: str
    recorded_at: datetime
    entered: tuple[Entered[Said], ...] = ()

    def all(self, sort: type[S]) -> list[Entered[S]]:
        """Return the entries of one sort."""
        return [Entered(one.number, one.said, one.by, one.at) for one in self.entered if isinstance(one.said, sort)]

    def last(self, sort: type[S]) -> Entered[S] | None:
        """Return the last entry of one sort."""
        found = self.all(sort)
        return found[-1] if found else None

    @cached_property
    def facts(self) -> Facts:
        """What is known now: of each thing, what was said of it last."""
        known: dict[str, object] = {}
        for one in self.all(Facts):
            known.update({name: getattr(one.said, name) for name in one.said.document()})
        return Facts.model_validate(known)

    @property
    def personal_data(self) -> bool:
        """Whether personal data is concerned: yes, until somebody says that it is not."""
        return self.facts.personal_data is not False

    @property
    def processor(self) -> bool:
        """Whether the company is processor for the data, so that the controller decides (33(2))."""
        return self.facts.role == "processor"

    @cached_property
    def affected(self) -> dict[str, Entered[Affected]]:
        """What is known of whose data it is, per store."""
        return {one.said.store: one for one in self.all(Affected)}

    @property
    def people(self) -> int | None:
        """About how many people it concerns; someone in two stores counts in both. None: cannot tell."""
        return _sum([one.said.people for one in self.affected.values()])

    @property
    def records(self) -> int | None:
        """About how many rows it concerns; None: cannot tell."""
        return _sum([one.said.records for one in self.affected.values()])

    @property
    def assessment(self) -> Assessment | None:
        """The assessment that counts: made after the last thing that became known of the people."""
        found = self.last(Assessment)
        known = max((one.number for one in self.affected.values()), default=0)
        return found.said if found is not None and found.number > known else None

    @property
    def risk(self) -> Risk | None:
        """The risk as assessed; None: to be assessed, or to be assessed again."""
        return self.assessment.risk if self.assessment is not None else None

    @property
    def decision(self) -> Decision | None:
        """The decision that counts: taken after the assessment that counts."""
        found, assessed = self.last(Decision), self.last(Assessment)
        if found is None or assessed is None or self.assessment is None or found.number < assessed.number:
            return None
        return found.said

    def told(self, to: Audience) -> list[Notification]:
        """Return the notifications to somebody, in order."""
        return [one.said for one in self.all(Notification) if one.said.to == to]

    def was_told(self, to: Audience) -> bool:
        """Return whether somebody was told everything: something was sent, and no more was promised (33(4))."""
        found = self.told(to)
        return bool(found) and not found[-1].partial

    @property
    def to_tell(self) -> list[Audience]:
        """Whom the decision, or art. 33(2), says to tell."""
        if not self.personal_data:
            return []
        if self.processor:
            return ["controller"]
        found = self.decision
        if found is None:
            return []
        people: dict[str, Audience] = {"tell": "people", "public": "public"}
        authority: list[Audience] = ["authority"] if found.authority == "notify" else []
        return [*authority, *([people[found.people]] if found.people in people else [])]

    @property
    def untold(self) -> list[Audience]:
        """Who is still to be told, or to be told the rest."""
        return [one for one in self.to_tell if not self.was_told(one)]

    @property
    def open_follow_ups(self) -> list[Entered[FollowUp]]:
        """What is still to be done, the oldest first."""
        done = {one.said.number for one in self.all(FollowUp) if one.said.number is not None}
        return [one for one in self.all(FollowUp) if one.said.number is None and one.number not in done]

    @property
    def words(self) -> dict[str, InWords]:
        """What the people are told, per language."""
        return {one.said.language: one.said for one in self.all(InWords)}

    @property
    def state(self) -> State:
        """Where the register stands with it."""
        if self.last(Closing) is not None:
            return "closed"
        if self.decision is not None:
            return "decided"
        return "assessed" if self.assessment is not None else "open"

    def incident(self, exception: Exception_ | None = None) -> Incident:
        """Return the breach as law judges it, with an exception of 34(3) where one is claimed."""
        return Incident(
            personal_data=self.personal_data,
            processor=self.processor,
            aware=self.facts.aware,
            risk=self.risk,
            unintelligible=exception == "unintelligible",
            risk_removed=exception == "risk-removed",
            disproportionate=exception == "disproportionate",
        )

    @property
    def duties(self) -> tuple[Duty, ...]:
        """What the law asks now."""
        return duties(self.incident(self.decision.exception if self.decision is not None else None))

    @property
    def due(self) -> datetime | None:
        """When the 72 hours are over, in UTC; None where they do not run: no personal data, or a processor's breach."""
        if self.facts.aware is None or not self.personal_data or self.processor:
            return None
        return breach_due(self.facts.aware)

    @property
    def runs(self) -> bool:
        """Whether the clock runs: the authority has heard nothing, and nobody decided that it need not."""
        spared = self.decision is not None and self.decision.authority == "not"
        return self.due is not None and self.state != "closed" and not spared and not self.told("authority")

    def left(self, at: datetime) -> timedelta | None:
        """Return how much of the 72 hours is left at a moment, below zero when they are over; None: it does not run."""
        return self.due - at if self.due is not None and self.runs else None


def _sum(counts: Iterable[int | None]) -> int | None:
    found = list(counts)
    return sum(one for one in found if one is not None) if found and None not in found else None

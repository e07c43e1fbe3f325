"""What is entered in the register about a breach (GDPR art. 33(3), 33(5), 34): each sort of entry, a frozen document.

An entry says what became known or was done then; a later one adds to it, and none is changed. No entry names a person.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

Role = Literal["controller", "processor"]
Risk = Literal["unlikely", "risk", "high"]
Exception_ = Literal["unintelligible", "risk-removed", "disproportionate"]
Audience = Literal["authority", "people", "public", "controller"]
Language = Literal["nl", "fr", "en"]


class Kind(StrEnum):
    """What was harmed (EDPB 9/2022): data was seen, changed or lost by who should not."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


class Said(BaseModel):
    """An entry's content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def document(self) -> dict[str, object]:
        """Return the entry as JSON, without what it does not say."""
        return self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


class Facts(Said):
    """What is known of the breach (33(5)); in a later entry only what is new. None: not known, or not said anew."""

    title: str | None = None
    facts: str | None = None
    kinds: tuple[Kind, ...] = ()
    personal_data: bool | None = None
    role: Role | None = None
    controller: str | None = None
    """For whom the data is processed, where the company is processor."""
    happened_from: datetime | None = None
    happened_until: datetime | None = None
    aware: datetime | None = None
    """When the controller (or the processor) was reasonably certain: the clock of art. 33(1) runs from here."""
    aware_because: str | None = None
    """Why a moment of awareness that was entered before is another one."""
    found_by: str | None = None
    """Who noticed, by function: `helpdesk`, `a customer`, `processor acme`."""
    cause: str | None = None
    effects: str | None = None
    consequences: str | None = None
    measures: str | None = None


class InWords(Said):
    """What the people are told, in one language and in plain words (34(2))."""

    language: Language
    nature: str
    consequences: str
    measures: str
    advice: str | None = None
    """What they can do themselves."""


class CategoryCount(Said):
    """Of one category: how many people, how many rows, and whether it is of a special category (art. 9, 10)."""

    people: int = 0
    records: int = 0
    special: bool = False


class Affected(Said):
    """Whose data was touched in one store, counted there or put down by hand; a later entry on a store replaces it.

    `state` cannot-tell: the store did not answer. `condition` has no values in it.
    """

    store: str
    state: Literal["counted", "estimated", "cannot-tell"]
    because: str | None = None
    tables: tuple[str, ...] = ()
    condition: str | None = None
    when: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    people: int | None = None
    records: int | None = None
    kinds: dict[str, int] = {}
    categories: dict[str, CategoryCount] = {}
    nobody: int = 0
    """Rows that lead to no person."""


class Assessment(Said):
    """How likely a risk to the people is, and why (33(1))."""

    risk: Risk
    because: str


class Decision(Said):
    """Whether the authority and the people are told, and why (33(1), 34(1), 34(3))."""

    authority: Literal["notify", "not"]
    people: Literal["tell", "public", "not"]
    exception: Exception_ | None = None
    because: str


class Notification(Said):
    """That somebody was told: whom, when, what shows it. `partial`: more will follow (33(4))."""

    to: Audience
    at: datetime
    evidence: str
    partial: bool = False
    late_because: str | None = None
    count: int | None = None
    """How many people were told."""


class FollowUp(Said):
    """Something still to be done, or that it was done: `number` is that of the entry that asked for it."""

    what: str | None = None
    owner: str | None = None
    due: date | None = None
    number: int | None = None
    evidence: str | None = None


class Closing(Said):
    """Why nothing more is to be done, and what was learned."""

    because: str


SORTS: dict[str, type[Said]] = {
    "facts": Facts, "words": InWords, "affected": Affected, "assessment": Assessment, "decision": Decision,
    "notification": Notification, "follow-up": FollowUp, "closing": Closing,
}  # fmt: skip
"""The sort of entry by the name that the register has for it."""
NAMES: dict[type[Said], str] = {sort: name for name, sort in SORTS.items()}

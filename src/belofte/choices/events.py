"""Events: what people chose and what was decided about it, recorded once and never changed.

An event holds from `valid_from`, whenever it was recorded: a letter that arrived on Monday and was entered on Friday
holds from Monday. Both times are kept, so that a past day can be asked about as it was and as it was known. Present
state is derived from events (`choices/state.py`); what is stored of it (`choices/present.py`) may be thrown away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from belofte.database.open import Database, statement


class Kind(StrEnum):
    """Every kind of event there is, sorted."""

    CONSENT_GIVEN = "consent:given"
    CONSENT_IMPORTED = "consent:imported"
    CONSENT_REFUSED = "consent:refused"
    CONSENT_RELEASED = "consent:released"
    CONSENT_WITHDRAWN = "consent:withdrawn"
    DEATH_CORRECTED = "death:corrected"
    DEATH_RECORDED = "death:recorded"
    ERASURE_CLOSED = "erasure:closed"
    HOLD_LIFTED = "hold:lifted"
    HOLD_SET = "hold:set"
    OBJECTION_MADE = "objection:made"
    OBJECTION_OVERRULED = "objection:overruled"
    OBJECTION_PENDING = "objection:pending"
    OBJECTION_UPHELD = "objection:upheld"
    OBJECTION_WITHDRAWN = "objection:withdrawn"
    RESTRICTION_LIFTED = "restriction:lifted"
    RESTRICTION_SET = "restriction:set"
    SALE_RECORDED = "sale:recorded"


OPENING = frozenset(
    {
        Kind.CONSENT_GIVEN,
        Kind.CONSENT_IMPORTED,
        Kind.DEATH_CORRECTED,
        Kind.HOLD_LIFTED,
        Kind.OBJECTION_OVERRULED,
        Kind.OBJECTION_WITHDRAWN,
        Kind.RESTRICTION_LIFTED,
        Kind.SALE_RECORDED,
    }
)
"""Kinds that widen use: of events from the same moment they count first, so that closing has the last word."""


class Origin(StrEnum):
    """Who an event comes from: the person, staff on her behalf or in decision, an import, a request's decision."""

    IMPORT = "import"
    PERSON = "person"
    REQUEST = "request"
    STAFF = "staff"


Evidence = Mapping[str, str | int | bool | list[str] | None]
"""What shows it, without personal data. For a consent: `act` (law.consent.Act), `notice` (version shown), `language`;
where known `text` (digest of the words), `double_opt_in` (`pending` or `confirmed`), and any point of
`law.consent.ConsentEvidence` on which the asking failed. `via: import` marks a record of consent that was imported,
`valid_under` names the policy version under which the record was found valid when it was made. For a sale: the points
of `law.marketing.SoftOptIn`. For a word on an objection or restriction: `ground`; for its lifting: `told`."""


@dataclass(frozen=True)
class Event:
    """One act or decision. Times are aware of their zone; `channel` needs a purpose; no purpose: every purpose."""

    kind: Kind
    subject_id: UUID | None
    valid_from: datetime
    purpose: str | None = None
    channel: str | None = None
    category: str | None = None
    store: str | None = None
    table_name: str | None = None
    key_digest: bytes | None = None
    valid_until: datetime | None = None
    origin: Origin = Origin.PERSON
    evidence: Evidence = field(default_factory=dict)
    request_id: UUID | None = None
    hold_id: UUID | None = None
    recorded_at: datetime | None = field(default=None, compare=False)
    """When the database received it; None for one that is not recorded."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))
        object.__setattr__(self, "origin", Origin(self.origin))
        for moment in (self.valid_from, self.valid_until):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("an event's time has no zone: give one, so that it means one moment")
        if self.channel is not None and self.purpose is None:
            raise ValueError("an event names a channel without its purpose")
        if self.kind is Kind.CONSENT_IMPORTED and self.origin is not Origin.IMPORT:
            raise ValueError("`consent:imported` is what an import says: its origin is `import`")
        if self.origin is Origin.IMPORT and self.kind in OPENING - {Kind.CONSENT_IMPORTED}:
            raise ValueError(f"`{self.kind}` opens, and an import never does: it may only close")


def record(db: Database, events: Iterable[Event]) -> int:
    """Append events, all or none, and return how many. When this returns, they are in the database for good."""
    count = 0
    with db.part(), db.connection.cursor() as cursor, cursor.copy(statement("events_copy")) as copy:
        for event in events:
            copy.write_row(_row(event))
            count += 1
    return count


def _row(event: Event) -> tuple[object, ...]:
    return (
        event.kind.value,
        event.subject_id,
        event.purpose,
        event.channel,
        event.category,
        event.store,
        event.table_name,
        event.key_digest,
        event.valid_from,
        event.valid_until,
        event.origin.value,
        json.dumps(event.evidence, sort_keys=True) if event.evidence else "{}",
        event.request_id,
        event.hold_id,
    )

"""A small policy with each way in which a choice counts, and short words for events on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from belofte.choices.events import Event, Kind, Origin
from belofte.policy.model import Policy

POLICY = Policy.model_validate(
    {
        "belofte": 1,
        "version": {"id": "notice-2024", "from": "2024-01-01"},
        "organisation": {"name": "Example", "country": "BE", "authority": "be-apd"},
        "languages": ["nl"],
        "people": ["customer"],
        "categories": {
            "identity": {"title": "identity", "elements": {"email": "pd:EmailAddress", "mobile": "pd:TelephoneNumber"}}
        },
        "notices": {
            "notice-2018": {"from": "2018-05-25"},
            "notice-2020": {"from": "2020-01-01", "purposes": ["orders", "newsletter"]},
        },
        "purposes": {
            "orders": {"title": "orders", "basis": "contract", "while": "contract.active", "uses": "identity"},
            "newsletter": {
                "title": "newsletter",
                "basis": "consent",
                "channels": {"email": "identity.email", "sms": "identity.mobile"},
                "direct_marketing": True,
                "consent_expires": "P2Y",
            },
            "reference": {"title": "reference", "basis": "consent", "uses": "identity", "consent_since": "2019-01-01"},
            "dealings": {"title": "dealings", "basis": "legitimate-interest", "uses": "identity"},
            "quality": {
                "title": "quality",
                "basis": "legitimate-interest",
                "uses": "identity",
                "on_objection": "uphold",
            },
            "post": {
                "title": "post",
                "basis": "legitimate-interest",
                "uses": "identity",
                "direct_marketing": True,
            },
        },
    }
)

ALICE = UUID(int=1)
START = datetime(2024, 3, 1, 9, tzinfo=UTC)
NOW = datetime(2024, 12, 1, 12, tzinfo=UTC)
CLICK = {"act": "click", "notice": "notice-2024", "language": "nl"}


def day(number: int) -> datetime:
    """Return a moment `number` days after the start."""
    return START + timedelta(days=number)


def event(kind: Kind | str, on: int = 0, purpose: str | None = None, channel: str | None = None, **more) -> Event:
    """Return an event of alice."""
    return Event(Kind(kind), ALICE, day(on), purpose, channel, **more)


def given(on: int, purpose: str, channel: str | None = None, **evidence) -> Event:
    """Return a consent that alice gave by a click under the notice of 2024."""
    return event("consent:given", on, purpose, channel, evidence=CLICK | evidence)


def imported(on: int, purpose: str, channel: str | None = None) -> Event:
    """Return what an import says without showing an act."""
    return event("consent:imported", on, purpose, channel, origin=Origin.IMPORT, evidence={"via": "import"})

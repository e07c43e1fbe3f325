"""A policy with each way in which a right is answered, and what a decision says of a purpose."""

from __future__ import annotations

from datetime import UTC, datetime

from belofte.policy.model import Policy
from belofte.rights.decision import Decision

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
CUSTOMER = frozenset({"customer"})
TRADER = frozenset({"trader"})

POLICY = Policy.model_validate(
    {
        "belofte": 1,
        "version": {"id": "2026", "from": "2026-01-01"},
        "organisation": {"name": "Example", "country": "BE", "authority": "be-apd"},
        "languages": ["nl", "fr", "en"],
        "people": ["customer", "trader", "employee"],
        "categories": {
            "identity": {"title": "who", "elements": {"name": "pd:Name", "email": "pd:EmailAddress"}},
            "payment": {"title": "payment", "elements": {"invoice": "pd:Transactional"}},
            "visits": {"title": "visits", "source": "observed", "elements": {"page": "pd:BrowserHistory"}},
            "taste": {"title": "taste", "source": "inferred", "elements": {"interest": "pd:Interest"}},
            "credit": {"title": "credit", "source": "third-party", "elements": {"score": "pd:CreditScore"}},
            "unused": {"title": "unused", "elements": {"note": "pd:Communication"}},
        },
        "facts": {"invoice.date": {"nl": "de factuur", "fr": "la facture", "en": "the invoice"}},
        "purposes": {
            "orders": {
                "title": "orders",
                "basis": {"contract": ["trader"], "legitimate-interest": ["customer"]},
                "on_objection": "uphold",
                "while": "contract.active",
                "uses": ["identity", "payment"],
            },
            "books": {
                "title": "books",
                "basis": "legal-obligation",
                "uses": ["payment", "identity.name"],
                "keep": "P7Y",
                "after": "invoice.date",
            },
            "claims": {
                "title": "claims",
                "basis": {"legitimate-interest": ["customer", "trader"]},
                "compelling": {"nl": "bewijs", "fr": "preuve", "en": "evidence"},
                "uses": "payment",
                "keep": "P10Y",
            },
            "complaints": {
                "title": "complaints",
                "basis": {"legitimate-interest": ["customer"]},
                "uses": "identity",
            },
            "newsletter": {
                "title": "newsletter",
                "basis": {"consent": ["customer", "trader"]},
                "channels": {"email": "identity.email", "sms": "identity.name"},
                "direct_marketing": True,
            },
            "measuring": {
                "title": "measuring",
                "basis": {"consent": ["customer"], "contract": ["trader"]},
                "uses": ["visits", "taste", "credit"],
            },
            "post": {
                "title": "post",
                "basis": {"legitimate-interest": ["customer"]},
                "direct_marketing": True,
                "uses": "identity",
            },
            "rescue": {"title": "rescue", "basis": {"vital-interests": ["employee"]}, "uses": "identity"},
        },
    }
)


def said(decision: Decision, purpose: str | None) -> list[tuple[str, str, str]]:
    """Return the outcomes for a purpose, once per difference: outcome, article, reason."""
    found = [(one.outcome, one.article, one.reason) for one in decision.of(purpose)]
    return list(dict.fromkeys(found))


def events(decision: Decision, purpose: str | None) -> list[str]:
    """Return the kinds of the events that follow for a purpose."""
    return [closing.kind.value for closing in decision.closings if closing.purpose == purpose]

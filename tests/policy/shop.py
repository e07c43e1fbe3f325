"""A small sound policy for these tests, and what loading something wrong says."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from belofte.policy.check import check
from belofte.policy.findings import Finding
from belofte.policy.load import Loaded, load
from belofte.policy.problems import Invalid

TODAY = date(2026, 11, 22)

BASE = b"""belofte: 1
organisation: {name: Shop, country: BE, authority: be-apd}
languages: [nl, en]
people: [customer, employee]
categories:
  identity: {title: {nl: wie, en: who}, elements: {name: pd:Name, email: pd:EmailAddress}}
"""
"""Six lines; what a test appends begins on line 7."""


def text(words: str) -> dict[str, str]:
    return {"nl": words, "en": words}


SOUND: dict[str, Any] = {
    "belofte": 1,
    "version": {"id": "1", "from": "2026-01-01"},
    "scope": text("customers"),
    "organisation": {
        "name": "Shop",
        "country": "BE",
        "address": "Ronse",
        "company_number": "0887.984.223",
        "contact": {"email": "privacy@shop.example"},
        "authority": "be-apd",
        "officer": {"none_because": text("not needed")},
    },
    "languages": ["nl", "en"],
    "people": {"customer": {"title": text("customer")}, "staff": {"title": text("staff"), "employees": True}},
    "categories": {
        "identity": {"title": text("who"), "elements": {"name": "pd:Name", "email": "pd:EmailAddress"}},
        "sales": {"title": text("sales"), "source": "observed", "elements": {"order": "pd:Purchase"}},
    },
    "purposes": {
        "orders": {
            "title": text("carrying out orders"),
            "basis": {"contract": ["customer"], "legitimate-interest": ["staff"]},
            "interest": text("delivering"),
            "balancing": text("weighed"),
            "uses": ["identity", "sales"],
            "while": "contract.active",
            "required": text("needed"),
            "automated": {},
        },
        "news": {
            "title": text("newsletter"),
            "basis": "consent",
            "channels": {"email": "identity.email"},
            "direct_marketing": True,
            "keep": "P3Y",
            "after": "last_contact.at",
        },
        "books": {
            "title": text("accounting"),
            "basis": "legal-obligation",
            "law": "WER III.86",
            "uses": ["sales.order"],
            "keep": "P7Y",
            "after": "invoice.issued_at",
        },
    },
    "recipients": {
        "host": {
            "title": text("hosting"),
            "name": "Host NV",
            "role": "processor",
            "location": "BE",
            "contract": {"kept": "DPA-1", "items": "all"},
            "receives": ["identity"],
            "purposes": ["orders"],
        }
    },
    "facts": {
        "invoice.issued_at": text("the invoice"),
        "last_contact.at": text("the last contact"),
        "contract.active": text("the contract"),
    },
    "trackers": {"visits": {"title": text("visits"), "purpose": "news", "lasts": "P13M"}},
    "rights": {
        "offered": [
            "access",
            "rectification",
            "erasure",
            "restriction",
            "portability",
            "objection",
            "withdrawal",
            "complaint",
        ],
        "ways": ["web", "email", "post"],
    },
}
"""A policy without findings; JSON is YAML, so that a test changes a value and loads it."""

Change = Callable[[dict[str, Any]], object]


def changed(change: Change | None = None) -> Loaded:
    """Return the sound policy after one change."""
    policy = copy.deepcopy(SOUND)
    if change is not None:
        change(policy)
    return load({"policy/shop.yaml": json.dumps(policy, indent=1, ensure_ascii=False).encode()})


def findings(change: Change | None = None) -> list[Finding]:
    """Return what check finds in the sound policy after one change."""
    return check(changed(change), TODAY)


def complaint(*files: bytes) -> str:
    """Return what loading says of these files, named policy/a.yaml, policy/b.yaml, …; "" when it loads."""
    named = {f"policy/{chr(ord('a') + n)}.yaml": file for n, file in enumerate(files)}
    try:
        load(named)
    except Invalid as invalid:
        return str(invalid)
    return ""

"""No field of the policy model changes unseen: `compare` names it, or it is on the list of what means nothing."""

from __future__ import annotations

import copy
import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError

from belofte.policy.compare import compare
from belofte.policy.forms import Period, Text
from belofte.policy.model import Policy
from belofte.policy.no_change import NO_CHANGE

WORDS = {"nl": "woorden", "en": "words"}
REACHED = {"email": "a@shop.example", "phone": "+3221", "fax": "+3222", "url": "https://shop.example", "address": "X 1"}
SHA = "0" * 64
WHOLE: dict[str, Any] = {
    "belofte": 1,
    "version": {"id": "2026-1", "from": "2026-01-01", "changes": WORDS},
    "organisation": {
        "name": "Shop", "country": "BE", "address": "X 1", "company_number": "0", "contact": REACHED,
        "authority": "be-apd", "group": ["Sister"], "representative": "Z",
        "officer": {"name": "Charlie", "contact": REACHED, "none_because": WORDS},
    },
    "scope": WORDS, "languages": ["nl", "en"],
    "people": {"customer": {"title": WORDS, "employees": False, "children": False, "described": WORDS}},
    "categories": {"identity": {
        "title": WORDS, "source": "third-party", "origin": WORDS, "examples": WORDS, "context": WORDS,
        "special": "health", "elements": {
            "name": {"term": "pd:Name", "title": WORDS},
            "mobile": {"term": "pd:TelephoneNumber", "special": "religion", "source": "observed"},
            "email": "pd:EmailAddress"}}},
    "purposes": {
        "mail": {
            "title": WORDS, "description": WORDS, "purpose": "dpv:Marketing", "law": "L 1",
            "basis": {"consent": ["customer"], "legitimate-interest": ["customer"]},
            "interest": WORDS, "balancing": WORDS, "compelling": WORDS, "on_objection": "weigh",
            "special_ground": "9(2)(a)", "uses": ["identity.name"], "channels": {"sms": "identity.mobile"},
            "masked": {"identity.name": "redact"}, "direct_marketing": False, "soft_opt_in": WORDS,
            "while": "contract.active", "keep": "P3Y", "after": "invoice.issued_at", "hide_first": "P1M",
            "recipients": ["printer"], "compatible": {"because": WORDS, "told": "2025-01-01"}, "required": WORDS,
            "automated": {"decision": True, "profiling": True, "logic": WORDS, "consequences": WORDS,
                          "human_review": True},
            "impact": {"scoring": True}, "how_asked": WORDS, "consent_expires": "P2Y", "consent_since": "2025-01-01",
            "ask_again": "P3M", "safeguards": ["lock"]},
        "orders": {"title": WORDS, "basis": "contract",
                   "uses": ["identity.name"]}},
    "departments": {"desk": {"title": WORDS, "purposes": ["mail"]}},
    "recipients": {"printer": {
        "title": WORDS, "name": "Printer", "role": "processor", "location": "IN", "receives": ["identity.name"],
        "purposes": ["orders"], "contract": {"kept": "x.pdf", "signed": "2025-01-01", "items": {"scope": True}},
        "transfer": "india", "ground": WORDS, "told": "recorded", "arrangement": WORDS}},
    "transfers": {"india": {"country": "IN", "ground": "scc", "certified": False, "module": 2, "authorised": False,
                            "assessment": WORDS, "copy_at": "https://shop.example/copy"}},
    "safeguards": {"lock": {"title": WORDS, "kind": "technical"}},
    "trackers": {"visits": {"title": WORDS, "purpose": "mail", "kind": "cookie", "necessary": False, "consent": True,
                            "lasts": "P1Y", "party": "printer", "refusable": "banner"}},
    "rights": {
        "offered": ["access"], "ways": ["email"], "identity": "proportionate", "form": "free", "url": "https://a.example",
        "optout": "free", "notes": {"access": WORDS}, "narrowed": {"erasure": WORDS},
        "complaints": {"within": "P1M", "keep": "P5Y"}},
    "notices": {"n2018": {"from": "2018-05-25", "purposes": ["orders", "mail"], "text": "old.pdf"}},
    "links": {"video": {**REACHED, "title": WORDS, "embedded": True, "notice": "https://video.example/privacy"}},
    "facts": {"invoice.issued_at": WORDS},
    "published": {"undeclared": ["age"], "references_dead": ["annex"], "authority_contact": REACHED},
    "promises": [{"id": "P1", "text": WORDS, "holds": "attested", "by": ["overdue"], "purposes": ["mail"],
                  "recipients": ["printer"], "rules": ["term"], "lacks": "much",
                  "attestation": {"owner": "Alice", "evidence": "a.pdf", "sha256": SHA, "expires": "2027-01-01",
                                  "accounts": ["dba"]}}],
    "limits": {"share_of_people": 0.01, "told_within": 24},
}  # fmt: skip
"""A policy in which everything is said that the language can say."""

POOL = ("US", "other", "identity.email", "9(2)(c)", "1" * 64, "P9Y")
"""What may stand for another text: the first that the field takes."""


@dataclass(frozen=True)
class Way:
    """One change of one field: where it is, how, and the policy on either side of it."""

    field: str
    how: str
    before: Policy
    after: Policy


def steps(path: str) -> list[str | int]:
    return [int(step) if step.isdigit() and path.startswith("promises") else step for step in path.split("/")]


def with_value(path: str, value: Any) -> Policy | None:
    """The whole policy with another value at a path; None where the language refuses it. `...` takes it away."""
    whole = copy.deepcopy(DUMPED)
    here: Any = whole
    *way, last = steps(path)
    for step in way:
        here = here[step]
    if value is ...:
        del here[last]
    else:
        here[last] = value
    try:
        return Policy.model_validate(whole)
    except ValidationError:
        return None


def literals(annotation: Any) -> Iterator[Any]:
    """Each value that an annotation names."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif get_origin(annotation) in (Annotated, Union, types.UnionType, list, dict):
        for part in get_args(annotation):
            yield from literals(part)


def others(value: Any, annotation: Any) -> Iterator[Any]:
    """Other values that may stand in the place of one, the likely ones first."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value / 2 if isinstance(value, float) else value + 1
    elif isinstance(value, date):
        yield "2019-01-01"
    elif isinstance(value, Period):
        yield from ("P99Y", "P1D")
    elif isinstance(value, Text):
        yield {"nl": "iets anders", "en": "something else"}
    elif isinstance(value, str):
        yield from [one for one in literals(annotation) if one != value] or [one for one in POOL if one != value]


def every(annotation: Any, value: Any) -> bool:
    """Whether all the other values count, and not only the first one that is taken."""
    return isinstance(value, Period) or any(True for _ in literals(annotation))


def fields(node: BaseModel, path: str, shown: str) -> Iterator[tuple[str, str, Any, Any]]:
    """Each field of a node and of those below: where it is, how it is called, what stands there, what may."""
    for name, field in type(node).model_fields.items():
        key, value = field.alias or name, getattr(node, name)
        here, called = f"{path}{key}", f"{shown}{key}"
        yield here, called, value, field.annotation
        if isinstance(value, BaseModel) and not isinstance(value, Text | Period):
            yield from fields(value, f"{here}/", f"{called}.")
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for number, (entry, one) in enumerate(entries):
            if isinstance(one, BaseModel) and not isinstance(one, Text | Period):
                if number == 0 or called.endswith("elements"):
                    yield from fields(one, f"{here}/{entry}/", f"{called}.*.")
            elif isinstance(value, dict) and number == 0:
                yield f"{here}/{entry}", f"{called}.*", one, field.annotation


def changes(path: str, field: str, value: Any, annotation: Any) -> Iterator[Way]:
    """Each change of a field: another value, none, one entry less; and the way back."""
    taken = 0
    for other in others(value, annotation):
        after = with_value(path, other)
        if after is None or after == BASE or (taken and not every(annotation, value)):
            continue
        taken += 1
        yield Way(field, "other", BASE, after)
        yield Way(field, "other", after, BASE)
    less = (
        [(path, value[1:] if not isinstance(value[0], BaseModel) else [])] if isinstance(value, list) and value else []
    )
    if isinstance(value, dict) and value:
        less = [(f"{path}/{next(iter(value))}", ...)]
    elif value is not None and not isinstance(value, list):
        less = [(path, None)]
    for where, none in less:
        after = with_value(where, none)
        if after is not None and after != BASE:
            yield Way(field, "gone", BASE, after)
            yield Way(field, "given", after, BASE)


BASE = Policy.model_validate(WHOLE)
DUMPED = BASE.model_dump(mode="json", by_alias=True)
FIELDS = list(fields(BASE, "", ""))
EVERY = [way for found in FIELDS for way in changes(*found)]


def silent(field: str, how: str) -> str | None:
    """The entry of the list that a change of a field falls under."""
    parts = field.split(".")
    for number in range(len(parts), 0, -1):
        path = ".".join(parts[:number])
        for entry in (f"{path}: {how}", path):
            if entry in NO_CHANGE:
                return entry
    return None


def test_the_policy_of_this_test_says_everything_that_the_language_can_say():
    empty = {called for _, called, value, _ in FIELDS if value is None or value in ([], {})}
    assert empty == {
        "categories.*.elements.*.special",
        "categories.*.elements.*.source",
        "categories.*.elements.*.title",
    }
    changed = {way.field for way in EVERY}
    holders = {called for _, called, value, _ in FIELDS if isinstance(value, BaseModel) and not isinstance(value, Text)}
    assert {called for _, called, _, _ in FIELDS} - changed - holders == {"belofte"}


@pytest.mark.parametrize("field", sorted({way.field for way in EVERY}))
def test_a_change_of_a_field_is_seen_or_is_known_to_mean_nothing(field: str):
    for way in (way for way in EVERY if way.field == field):
        found = [one.path for one in compare(way.before, way.after)]
        assert bool(found) is (silent(field, way.how) is None), (way.how, found)


def test_what_means_nothing_names_fields_that_there_are():
    known = {called for _, called, _, _ in FIELDS}
    assert {entry.partition(":")[0] for entry in NO_CHANGE} <= known

"""Complaints to the company: recorded as they came, answered within the promised term, let go of when theirs is over.

The law gives a complaint to the company no term; the policy does (`rights.complaints`). One that asks for a right is a
request, and the month of GDPR art. 12(3) runs from the day on which it came, under whatever name. What people write
and are written is sealed; the register says how, when, about what and with which outcome, and never who.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from belofte.choices.subjects import Identifier, Several, subject_of
from belofte.database import acts, complaints, incidents, requests
from belofte.database.acts import Act
from belofte.database.complaints import Complaint, New
from belofte.database.key import CompanyKey
from belofte.database.open import Database
from belofte.database.requests import Request
from belofte.database.sealed import Shredded, seal, shred, unsealed
from belofte.incidents.allowed import Refusal
from belofte.incidents.register import Refused
from belofte.law.deadline import answer_due
from belofte.law.term import add, civil_day
from belofte.policy.complaints import Complaints
from belofte.policy.model import Policy, RightName

Way = Literal["desk", "email", "fax", "phone", "post", "web"]
Outcome = Literal["upheld", "partly", "rejected"]
WORDS, WHO, ANSWER = "words", "who", "answer"
"""The sealed parts of a complaint: what it says, who to answer, what was answered."""


@dataclass(frozen=True)
class Coming:
    """A complaint that came. `about`: `purpose:…`, `right:…`, `incident:…` or `request:…`; `who`: her identifiers."""

    way: Way
    words: str
    language: str
    received_at: datetime
    about: str | None = None
    who: tuple[Identifier, ...] = ()


@dataclass(frozen=True)
class Said:
    """What is sealed of a complaint: its words, the identifiers given with it, and the words of the answer."""

    words: str | None
    who: tuple[Identifier, ...]
    answer: str | None


def promised(policy: Policy) -> Complaints:
    """Return what the policy promises of complaints; its defaults where it says nothing."""
    return policy.rights.complaints if policy.rights is not None else Complaints()


def is_late(one: Complaint, today: date) -> bool:
    """Return whether a complaint has no answer, and its term is over."""
    return one.closed_at is None and one.due < today


def is_over(one: Complaint, today: date) -> bool:
    """Return whether a complaint was answered, and its term of keeping is over."""
    return one.keep_until is not None and one.keep_until <= today


def record(db: Database, key: CompanyKey, policy: Policy, one: Coming, by: str, at: datetime) -> Complaint:
    """Record a complaint; `Refused` where something is missing or names what is not there."""
    wrong = list(_against(db, policy, one, at))
    if wrong:
        raise Refused(wrong)
    due = add(civil_day(one.received_at), promised(policy).within)
    with db.transaction():
        made = complaints.recorded(db, New(one.way, one.about, one.language, one.received_at, due), by, at)
        if one.who:
            found = subject_of(db, key, one.who)
            complaints.named(db, made, found.subjects if isinstance(found, Several) else [found])
            seal(db, key, made, WHO, json.dumps(one.who).encode())
        seal(db, key, made, WORDS, one.words.encode())
    return complaints.by_id(db, made)


def acknowledge(db: Database, one: Complaint, by: str, at: datetime) -> Complaint:
    """Record that whoever complains was told that it came; `Refused` where that, or an answer, was recorded before."""
    if not complaints.acknowledge(db, one.id, by, at):
        raise Refused([Refusal(f"complaint {one.short} is {one.state}", "only one that was received is acknowledged")])
    return complaints.by_id(db, one.id)


def answer(
    db: Database, key: CompanyKey, policy: Policy, one: Complaint, outcome: Outcome, words: str, by: str, at: datetime
) -> Complaint:
    """Record the answer to a complaint with its outcome and its words, in one transaction; it has one answer."""
    if not words.strip():
        raise Refused([Refusal("the answer says nothing", "write what was found, and why: `--words FILE`")])
    with db.transaction():
        if not complaints.close(db, one.id, outcome, by, at, _kept(policy, one)):
            raise _answered(one)
        seal(db, key, one.id, ANSWER, words.encode())
    return complaints.by_id(db, one.id)


def become(db: Database, policy: Policy, one: Complaint, name: str, by: str, at: datetime) -> Complaint:
    """Record that a complaint asked for a right, and which request it became: that counts from the complaint's day."""
    request = requests.by_name(db, name)
    if request is None:
        mend = "take it in first: `belofte request access|erasure|…`"
        raise Refused([Refusal(f"there is no request `{name}`", mend)])
    wrong = list(_not_hers(db, one, request))
    if wrong:
        raise Refused(wrong)
    with db.transaction():
        if not complaints.become(db, one.id, request.id, by, at, _kept(policy, one)):
            raise _answered(one)
        if one.received_at < request.received_at:
            due = answer_due(civil_day(one.received_at), policy.organisation.country)
            if not complaints.advance(db, request.id, one.received_at, due):
                why = f"the deadline of request {request.short} was extended, from a later day than the complaint's"
                raise Refused([Refusal(why, "answer the complaint, and say by when the request is answered")])
    return complaints.by_id(db, one.id)


def said(db: Database, key: CompanyKey, one: Complaint) -> Said:
    """Return what is sealed of a complaint; that it was opened is an act of the log. None: it does not open."""
    acts.record(db, Act.COMPLAINT_OPENED, {"complaint": one.short})
    who = json.loads(_opened(db, key, one, WHO) or "[]")
    return Said(
        _opened(db, key, one, WORDS), tuple(Identifier(kind, normal) for kind, normal in who),
        _opened(db, key, one, ANSWER),
    )  # fmt: skip


def let_go(db: Database, today: date) -> Sequence[Complaint]:
    """Destroy what was sealed of each complaint whose term is over, and remove it; return which. Each goes whole."""
    gone = complaints.over(db, today)
    for one in gone:
        with db.transaction():
            shred(db, one.id)
            complaints.remove(db, one.id)
    return gone


def _kept(policy: Policy, one: Complaint) -> date:
    return add(civil_day(one.received_at), promised(policy).keep)


def _answered(one: Complaint) -> Refused:
    return Refused([Refusal(f"complaint {one.short} has its answer", "what comes after it is a complaint of its own")])


def _opened(db: Database, key: CompanyKey, one: Complaint, part: str) -> str | None:
    try:
        return unsealed(db, key, one.id, part).decode()
    except Shredded:
        return None


def _against(db: Database, policy: Policy, one: Coming, at: datetime) -> Iterator[Refusal]:
    if not one.words.strip():
        yield Refusal("it is not said what is complained of", "give what she wrote or said: `--words FILE`")
    if one.received_at > at:
        yield Refusal("the moment at which it came lies in the future", "look at `--received`")
    if one.language not in policy.languages:
        yield Refusal(f"the policy has no language `{one.language}`", f"it has: {', '.join(policy.languages)}")
    if one.about is not None:
        kind, _, name = one.about.partition(":")
        known = {
            "purpose": lambda: name in policy.purposes,
            "right": lambda: name in get_args(RightName),
            "incident": lambda: incidents.by_name(db, name) is not None,
            "request": lambda: requests.by_name(db, name) is not None,
        }
        if kind not in known:
            yield Refusal("it is not about one of these", f"write `--about KIND:NAME`, KIND one of {', '.join(known)}")
        elif not known[kind]():
            yield Refusal(f"there is no {kind} `{name}`", "name one that there is, or leave `--about` out")


def _not_hers(db: Database, one: Complaint, request: Request) -> Iterator[Refusal]:
    if request.closed_at is not None:
        yield Refusal(f"request {request.short} has its answer", "take a new one in, or answer the complaint")
    hers, asked = set(complaints.subjects(db, one.id)), set(requests.subjects(db, request.id))
    if hers and asked and hers.isdisjoint(asked):
        yield Refusal(f"request {request.short} is of somebody else", "take it in with what this complaint gave")

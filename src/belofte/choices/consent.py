"""Whether one recorded consent is valid, and until when it holds (GDPR art. 4(11), 7; LAW §2.6).

The record must show the act, the notice and the language (C1, C6, C8): the controller bears the proof. How the form
asked (C2-C5, C7) is a matter of the form, which the policy describes; it fails here only where the record says so.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, time
from functools import lru_cache
from typing import cast

from belofte.choices.events import Event, Evidence
from belofte.law.consent import Act, ConsentEvidence, Failure, Proof, failures
from belofte.law.marketing import SoftOptIn
from belofte.law.term import CIVIL, add, civil_day
from belofte.policy.model import Period, Policy, Purpose

SOFT_POINTS = tuple(point.name for point in fields(SoftOptIn))
"""The points that a record of a sale must show."""


def defects(evidence: Evidence, policy: Policy, purpose: str) -> tuple[str, ...]:
    """Return the codes of LAW §2.6 on which a record of consent to a purpose fails; () when it is valid."""
    return tuple(failure.code for failure in failed(evidence, policy, purpose))


def unproven(evidence: Evidence, policy: Policy) -> tuple[Proof, ...]:
    """Return the pieces of the proof of a consent that its record does not show."""
    notice = evidence.get("notice")
    found: list[Proof] = []
    if not isinstance(notice, str) or not notice:
        found.append("notice")
    elif not _known(policy, notice):
        found.append("known-notice")
    return (*found, "language") if not evidence.get("language") else tuple(found)


def failed(evidence: Evidence, policy: Policy, purpose: str) -> list[Failure]:
    """Return the points of LAW §2.6 on which a record of consent to a purpose fails, with their words."""
    missing = unproven(evidence, policy)
    ground = policy.purposes[purpose].special_ground or ""
    shown = ConsentEvidence(
        act=None if evidence.get("double_opt_in") == "pending" else cast(Act | None, evidence.get("act")),
        purposes=cast(int, evidence.get("purposes", 1)),
        apart_from_terms=_unless_denied(evidence, "apart_from_terms"),
        refusal_equal=_unless_denied(evidence, "refusal_equal"),
        without_detriment=_unless_denied(evidence, "without_detriment"),
        informed=_named_by(policy, purpose, evidence.get("notice")) and _unless_denied(evidence, "informed"),
        withdrawal_easy=_unless_denied(evidence, "withdrawal_easy"),
        proof_kept=not missing,
        missing=missing,
        asked_under=str(evidence.get("notice")),
        material_since=(),
        online_service="age" in evidence,
        age=cast(int | None, evidence.get("age")),
        parent_agreed=cast(bool | None, evidence.get("parent_agreed")),
        country=policy.organisation.country,
        explicit_needed="2)(a)" in ground or "2-a" in ground,
        explicit=cast(bool | None, evidence.get("explicit")),
    )
    return failures(shown)


def held_valid(evidence: Evidence, policy: Policy, purpose: str) -> bool | None:
    """Return whether a record shows a valid consent; None when it did once and no longer does.

    A record that was valid when it was made (`valid_under`) does not become worthless because a later policy forgot
    the notice or asks for more: the consent is asked again (C9), and nothing is removed for it.
    """
    if not defects(evidence, policy, purpose):
        return True
    return None if evidence.get("valid_under") else False


def end_of_term(given: datetime, purpose: Purpose) -> datetime | None:
    """Return the moment at which a consent given at a moment is over by the purpose's term; None: never."""
    if purpose.consent_expires is None:
        return None
    return _end(civil_day(given), purpose.consent_expires)


@lru_cache(maxsize=10_000)
def _end(day: date, term: Period) -> datetime:
    return datetime.combine(add(day, term), time(), CIVIL)


def expired(event: Event, purpose: Purpose, at: datetime) -> bool:
    """Return whether a consent is over: by its own end, or, where it has none, after the purpose's term."""
    end = event.valid_until or end_of_term(event.valid_from, purpose)
    return end is not None and at >= end


def shortened(event: Event, purpose: Purpose, at: datetime) -> bool:
    """Return whether only the purpose's present term is over, and not yet the end that the person was told."""
    end = end_of_term(event.valid_from, purpose)
    return event.valid_until is not None and at < event.valid_until and end is not None and at >= end


def stale(event: Event, policy: Policy, purpose: Purpose) -> bool:
    """Return whether the purpose changed materially since the notice that a consent was given under (C9)."""
    if purpose.consent_since is None:
        return False
    asked = _notice_date(policy, event.evidence.get("notice"))
    return (asked or civil_day(event.valid_from)) < purpose.consent_since


def soft_opt_in(evidence: Evidence) -> SoftOptIn:
    """Return what a record of a sale shows of the conditions of the soft opt-in (LAW §2.7)."""
    return SoftOptIn(**{point: _shown(evidence, point) for point in SOFT_POINTS})


def _shown(evidence: Evidence, point: str) -> bool | None:
    found = evidence.get(point)
    return found if isinstance(found, bool) else None


def _unless_denied(evidence: Evidence, point: str) -> bool:
    return evidence.get(point) is not False


def _known(policy: Policy, notice: str) -> bool:
    declared = policy.notices or policy.version
    return not declared or _notice_date(policy, notice) is not None


def _named_by(policy: Policy, purpose: str, notice: object) -> bool:
    shown = policy.notices.get(str(notice))
    return shown is None or shown.purposes is None or purpose in shown.purposes


def _notice_date(policy: Policy, notice: object) -> date | None:
    if policy.version is not None and notice == policy.version.id:
        return policy.version.from_
    shown = policy.notices.get(str(notice))
    return shown.from_ if shown else None

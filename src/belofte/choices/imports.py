"""Consents from elsewhere: rows of a CSV file, judged one by one (GDPR art. 7(1); LAW §2.6 C1, C8).

The rule. A row that shows the person's own clear act, the notice she saw and its language is a *record of consent*: it
counts as given by her, at its own time, with its evidence. A row that does not show them is quarantined: it is kept as
`consent:imported`, so that the desk sees who must be asked again, and opens nothing. Neither ever opens what the
person closed: after a withdrawal, refusal, objection or erasure only her own later act does (`choices/state.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from belofte.choices.consent import ZONE, defects
from belofte.choices.events import Event, Evidence, Kind, Origin, record
from belofte.choices.subjects import Identifier, Several, subjects_of
from belofte.database.key import CompanyKey
from belofte.database.open import Database
from belofte.datamap.identity import normalise
from belofte.policy.model import Policy

COLUMNS = ("kind", "value", "purpose", "channel", "at", "how", "notice", "language")
"""The columns of the file: kind and value of an identifier that is one person's alone; `how` is the act."""

BATCH = 5_000


@dataclass(frozen=True)
class Refused:
    """A row that was not taken over, by its number in the file (the header is line 1); never its values."""

    line: int
    reason: str


@dataclass
class Report:
    """What an import did: rows that count as given, rows in quarantine per defect, rows that were not taken over."""

    given: int = 0
    quarantined: int = 0
    defects: dict[str, int] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


class _Row(NamedTuple):
    line: int
    identifier: Identifier
    purpose: str
    channel: str | None
    at: datetime
    evidence: Evidence


def import_consents(
    db: Database, key: CompanyKey, policy: Policy, rows: Iterable[Mapping[str, str]], now: datetime
) -> Report:
    """Record the consents that the rows show, in batches of one transaction each, and say what became of each row.

    `rows` have the columns `COLUMNS` (`csv.DictReader` gives them). `at` is a moment with its zone, or a civil day in
    Belgium. Nothing is recorded of a row that is refused.
    """
    report = Report()
    read = _read(policy, rows, now, report)
    while batch := list(islice(read, BATCH)):
        with db.transaction():
            found = subjects_of(db, key, [[row.identifier] for row in batch])
            record(db, _events(policy, batch, found, report))
    return report


def _read(policy: Policy, rows: Iterable[Mapping[str, str]], now: datetime, report: Report) -> Iterator[_Row]:
    for line, raw in enumerate(rows, start=2):
        cells = {name: (raw.get(name) or "").strip() for name in COLUMNS}
        try:
            yield _row(policy, line, cells, now)
        except _Unreadable as unreadable:
            report.refused.append(Refused(line, str(unreadable)))


class _Unreadable(Exception):
    """Why a row is not taken over; without its values."""


def _row(policy: Policy, line: int, cells: Mapping[str, str], now: datetime) -> _Row:
    purpose = policy.purposes.get(cells["purpose"])
    if purpose is None:
        raise _Unreadable("the policy has no such purpose")
    channel = cells["channel"] or None
    if channel is not None and channel not in purpose.channels:
        raise _Unreadable("the purpose has no such channel")
    normal = normalise(cells["kind"], cells["value"], policy.organisation.country) if cells["kind"] else None
    if normal is None:
        raise _Unreadable("the value is no identifier of its kind")
    at = _moment(cells["at"])
    if at > now:
        raise _Unreadable("the consent lies in the future")
    evidence = {"via": "import", "act": cells["how"], "notice": cells["notice"], "language": cells["language"]}
    return _Row(line, Identifier(cells["kind"], normal), cells["purpose"], channel, at, evidence)


def _moment(text: str) -> datetime:
    try:
        if len(text) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(text), time(), ZONE)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _Unreadable("the time is no ISO 8601 day or moment") from None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def _events(policy: Policy, batch: Iterable[_Row], found: Iterable[UUID | Several], report: Report) -> Iterator[Event]:
    for row, subject in zip(batch, found, strict=True):
        if isinstance(subject, Several):
            report.refused.append(Refused(row.line, "more than one person has this identifier: say who is meant"))
            continue
        failing = defects(row.evidence, policy, row.purpose)
        if failing:
            report.quarantined += 1
            for code in failing:
                report.defects[code] = report.defects.get(code, 0) + 1
        else:
            report.given += 1
        yield Event(
            kind=Kind.CONSENT_IMPORTED if failing else Kind.CONSENT_GIVEN,
            subject_id=subject,
            valid_from=row.at,
            purpose=row.purpose,
            channel=row.channel,
            origin=Origin.IMPORT if failing else Origin.PERSON,
            evidence={**row.evidence, "defects": list(failing)} if failing else row.evidence,
        )

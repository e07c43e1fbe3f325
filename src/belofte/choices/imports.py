"""Consents from elsewhere: rows of a CSV file, judged one by one (GDPR art. 7(1); LAW §2.6 C1, C8).

The rule. A row that shows the person's own clear act, the notice she saw and its language is a *record of consent*: it
counts as given by her, at its own time, with its evidence. A row that does not show them is quarantined: it is kept as
`consent:imported`, so that the desk sees who must be asked again; what rests on it is kept and not used. Neither ever
opens what the person closed: after a withdrawal, refusal, objection or erasure only her own later act does.

A quarantine ends by the word of a second person, for a whole import: the proof that was missing (the forms were found),
judged like any other, or that there is none, and then nothing holds on to the data any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID, uuid4

from psycopg.errors import UniqueViolation

from belofte.choices.consent import defects, unproven
from belofte.choices.events import Event, Evidence, Kind, Origin, record
from belofte.choices.granting import proven
from belofte.choices.moments import NoMoment, moment
from belofte.choices.subjects import Identifier, Several, events_by_subject, subjects_of
from belofte.database.key import CompanyKey
from belofte.database.open import Database
from belofte.datamap.identity import normalise
from belofte.law.consent import Proof
from belofte.policy.model import Policy
from belofte.policy.staff import same

COLUMNS = ("kind", "value", "purpose", "channel", "at", "how", "notice", "language")
"""The columns of the file: kind and value of an identifier that is one person's alone; `how` is the act."""

TEXT = "text"
"""A column that may be there: the digest of the words that she saw."""

BEYOND = "beyond"
"""Under which name a row has what stands in it beyond the last column (`restkey` of `csv.DictReader`)."""

BATCH = 5_000


class Refusal(Exception):
    """An import or a word on one that cannot be: the message says why."""


@dataclass(frozen=True)
class Refused:
    """A row that was not taken over, by its number in the file (the header is line 1); never its values."""

    line: int
    reason: str


@dataclass
class Report:
    """What an import did: rows that count as given, rows in quarantine per defect, rows that were not taken over."""

    short: str
    """How people name the import."""
    given: int = 0
    quarantined: int = 0
    defects: dict[str, int] = field(default_factory=dict)
    missing: dict[Proof, int] = field(default_factory=dict)
    """Of what cannot be proven: how many rows lack which piece of the proof."""
    refused: list[Refused] = field(default_factory=list)
    taken_up: int = 0
    """Rows of which an import that was stopped had said already what became of them; they are in no count here."""

    @property
    def rows(self) -> int:
        """Of how many rows it was said what became of them."""
        return self.given + self.quarantined + len(self.refused)


class _Row(NamedTuple):
    line: int
    identifier: Identifier
    purpose: str
    channel: str | None
    at: datetime
    evidence: Evidence


@dataclass(frozen=True)
class Source:
    """Where an import comes from: named in words, with the digest of its file and who brings it in."""

    name: str
    digest: bytes
    by: str


@dataclass(frozen=True)
class Import:
    """An import that was made, and the word on what it could not show."""

    id: UUID
    short: str
    source: str
    imported_by: str
    imported_at: datetime
    given: int
    quarantined: int
    refused: int
    signed_off_by: str | None
    signed_off_at: datetime | None
    word: str | None


@dataclass(frozen=True)
class _Known:
    short: str
    given: int
    quarantined: int
    refused: int


def import_consents(
    db: Database, key: CompanyKey, policy: Policy, rows: Iterable[Mapping[str, str]], now: datetime,
    source: Source,
) -> Report:  # fmt: skip
    """Record the consents that the rows show, in batches of one transaction each, and say what became of each row.

    `rows` have the columns `COLUMNS` (`csv.DictReader` gives them) and may have `TEXT`. `at` is a moment with its zone,
    or a civil day in Belgium. Nothing is recorded of a row that is refused. An import that was stopped is taken up
    where it stopped: how far it is, is recorded with each batch. Raises `Refusal` for a file that was brought in
    before, and where somebody else brings it in at this moment.
    """
    short, before = _opened(db, source, now)
    report = Report(short, taken_up=sum(before or ()))
    origin = {"import": short, "source": source.name}
    lines = islice(enumerate(rows, start=2), report.taken_up, None)
    batch = list(islice(lines, BATCH))
    if before is not None and not batch:
        raise Refusal("this very file was brought in before: `belofte choices import --list` shows it")
    while batch:
        known = report.rows
        with db.transaction():
            read = list(_read(policy, batch, now, report, origin))
            found = subjects_of(db, key, [[row.identifier] for row in read])
            record(db, _events(policy, read, found, report))
            _count(db, report, before or (0, 0, 0), known)
        batch = list(islice(lines, BATCH))
    return report


def _count(db: Database, report: Report, before: tuple[int, int, int], known: int) -> None:
    """Record how far an import is; raises `Refusal` where that is further than we brought it."""
    now = (report.given, report.quarantined, len(report.refused))
    given, quarantined, refused = (old + new for old, new in zip(before, now, strict=True))
    counts = {"given": given, "quarantined": quarantined, "refused": refused, "known": report.taken_up + known}
    if not db.run("import_counted", short=report.short, **counts):
        raise Refusal("somebody else brings this very file in: `belofte choices import --list` shows how far")


def imports(db: Database) -> list[Import]:
    """Return the imports that were made, those that wait for a word first."""
    return db.rows("imports", Import)


def sign_off(
    db: Database, policy: Policy, short: str, by: str, now: datetime, proof: Evidence | None
) -> tuple[int, int]:
    """Record the word of a second person on what an import could not show; return how many count now, and went.

    `proof`: what was missing (act, notice, language, text), for all rows of the import; each is judged with it, and one
    that still fails goes on waiting. None: there is none, and they are let go of. Raises `Refusal`.
    """
    found = next((one for one in imports(db) if one.short == short), None)
    if found is None:
        raise Refusal(f"there is no import `{short}`")
    if found.signed_off_at is not None:
        raise Refusal(f"import `{short}` was signed off by {found.signed_off_by}")
    if same(by, found.imported_by):
        raise Refusal("who brought an import in does not sign it off: a second person does")
    with db.transaction():
        waiting = quarantined(db, short)
        events = [_signed(policy, one, proof, by, now) for one in waiting]
        made = [one for one in events if one is not None]
        record(db, made)
        if len(made) == len(waiting):
            db.run("import_signed_off", short=short, by=by, at=now, word="let-go" if proof is None else "proven")
    return (0, len(made)) if proof is None else (len(made), 0)


def quarantined(db: Database, short: str) -> list[Event]:
    """Return the records of an import that wait, each without the proof that the law asks for."""
    by_subject = events_by_subject(db.values("events_of_import", short=short))
    return [event for events in by_subject.values() for event in events]


def _signed(policy: Policy, waits: Event, proof: Evidence | None, by: str, now: datetime) -> Event | None:
    """Return what a word makes of one record that waits; None where the proof does not do."""
    if proof is None:
        released = {"import": waits.evidence["import"], "by": by}
        return replace(waits, kind=Kind.CONSENT_RELEASED, origin=Origin.STAFF, valid_from=now, evidence=released)
    assert waits.purpose is not None
    evidence = {name: value for name, value in waits.evidence.items() if name != "defects"}
    evidence |= {**proof, "signed_off_by": by}
    if waits.purpose not in policy.purposes or defects(evidence, policy, waits.purpose):
        return None
    return replace(waits, kind=Kind.CONSENT_GIVEN, origin=Origin.PERSON, evidence=proven(evidence, policy))


def _opened(db: Database, source: Source, now: datetime) -> tuple[str, tuple[int, int, int] | None]:
    """Return an import's name, and what it counted so far; None where it is new."""
    number = uuid4()
    short = number.hex[:8]
    try:
        with db.transaction():
            values = {"source": source.name, "digest": source.digest, "by": source.by, "at": now}
            db.run("import_opened", id=number, short=short, **values)
    except UniqueViolation:
        known = db.row("import_of", _Known, digest=source.digest)
        assert known is not None
        return known.short, (known.given, known.quarantined, known.refused)
    return short, None


def _read(
    policy: Policy, lines: Iterable[tuple[int, Mapping[str, str]]], now: datetime, report: Report,
    origin: Mapping[str, str],
) -> Iterator[_Row]:  # fmt: skip
    for line, raw in lines:
        cells = {name: (raw.get(name) or "").strip() for name in (*COLUMNS, TEXT)}
        try:
            if raw.get(BEYOND):
                raise _Unreadable("the row has more cells than the file has columns")
            yield _row(policy, line, cells, now, origin)
        except _Unreadable as unreadable:
            report.refused.append(Refused(line, str(unreadable)))


class _Unreadable(Exception):
    """Why a row is not taken over; without its values."""


def _row(policy: Policy, line: int, cells: Mapping[str, str], now: datetime, origin: Mapping[str, str]) -> _Row:
    purpose = policy.purposes.get(cells["purpose"])
    if purpose is None:
        raise _Unreadable("the policy has no such purpose")
    channel = cells["channel"] or None
    if channel is not None and channel not in purpose.channels:
        raise _Unreadable("the purpose has no such channel")
    normal = normalise(cells["kind"], cells["value"], policy.organisation.country) if cells["kind"] else None
    if normal is None:
        raise _Unreadable("the value is no identifier of its kind")
    try:
        at = moment(cells["at"])
    except NoMoment as error:
        raise _Unreadable(str(error)) from None
    if at > now:
        raise _Unreadable("the consent lies in the future")
    evidence = {"via": "import", "act": cells["how"], "notice": cells["notice"], "language": cells["language"]}
    evidence.update(origin)
    if cells[TEXT]:
        evidence["text"] = cells[TEXT]
    return _Row(line, Identifier(cells["kind"], normal), cells["purpose"], channel, at, evidence)


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
            for piece in unproven(row.evidence, policy):
                report.missing[piece] = report.missing.get(piece, 0) + 1
        else:
            report.given += 1
        yield Event(
            kind=Kind.CONSENT_IMPORTED if failing else Kind.CONSENT_GIVEN,
            subject_id=subject,
            valid_from=row.at,
            purpose=row.purpose,
            channel=row.channel,
            origin=Origin.IMPORT if failing else Origin.PERSON,
            evidence={**row.evidence, "defects": list(failing)} if failing else proven(row.evidence, policy),
        )

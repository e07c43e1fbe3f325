"""Acts: what was done and decided, in one vocabulary, and how one is recorded.

Rows of the tables of evidence are recorded by the database itself (`belofte.log_rows`, migration 0005), in the same
statement, so that no code can forget it. `record` is for acts that have no row. An act is committed to in the moment
it is written: SHA-256 over a salt and its canonical JSON (RFC 8785) is what the log will have as its leaf.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import cast
from uuid import UUID

import orjson
from psycopg.errors import ObjectNotInPrerequisiteState

from belofte.database.open import Database, statement

LARGEST = 2**53
"""Numbers from here on are not the same in every reader of JSON."""
SALT = 32
AT_ONCE = 100
"""Acts that are handed to the database together: few, so that it writes these while the next are made."""
_BINARY = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
"""What a COPY in binary form begins with."""
_NULL = b"\xff\xff\xff\xff"
_LENGTH = tuple(one.to_bytes(4, "big") for one in range(64))
"""How the length of a field is written."""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""From when PostgreSQL counts time."""


class Act(StrEnum):
    """Every name that an act may have, sorted: `source:subject:action`."""

    CONSENT_GIVEN = "choices:consent:given"
    CONSENT_IMPORTED = "choices:consent:imported"
    CONSENT_REFUSED = "choices:consent:refused"
    CONSENT_RELEASED = "choices:consent:released"
    CONSENT_WITHDRAWN = "choices:consent:withdrawn"
    DEATH_CORRECTED = "choices:death:corrected"
    DEATH_RECORDED = "choices:death:recorded"
    ERASURE_CLOSED = "choices:erasure:closed"
    EVENT_CHANGED = "choices:event:changed"
    EVENT_REMOVED = "choices:event:removed"
    HELD_TABLE_CHANGED = "choices:held-table:changed"
    HELD_TABLE_NAMED = "choices:held-table:named"
    HELD_TABLE_REMOVED = "choices:held-table:removed"
    HOLD_CHANGED = "choices:hold:changed"
    HOLD_CLOSED = "choices:hold:closed"
    HOLD_LIFTED = "choices:hold:lifted"
    HOLD_OPENED = "choices:hold:opened"
    HOLD_REMOVED = "choices:hold:removed"
    HOLD_SET = "choices:hold:set"
    IDENTIFIER_ADDED = "choices:identifier:added"
    IDENTIFIER_CHANGED = "choices:identifier:changed"
    IDENTIFIER_REMOVED = "choices:identifier:removed"
    IMPORT_CHANGED = "choices:import:changed"
    IMPORT_RECORDED = "choices:import:recorded"
    IMPORT_REMOVED = "choices:import:removed"
    KEY_CHANGED = "choices:key:changed"
    KEY_LINKED = "choices:key:linked"
    KEY_REMOVED = "choices:key:removed"
    OBJECTION_MADE = "choices:objection:made"
    OBJECTION_OVERRULED = "choices:objection:overruled"
    OBJECTION_PENDING = "choices:objection:pending"
    OBJECTION_UPHELD = "choices:objection:upheld"
    OBJECTION_WITHDRAWN = "choices:objection:withdrawn"
    RESTRICTION_LIFTED = "choices:restriction:lifted"
    RESTRICTION_SET = "choices:restriction:set"
    SALE_RECORDED = "choices:sale:recorded"
    ACTS_ERASED = "evidence:acts:erased"
    AUDIT_RUN = "evidence:audit:run"
    CHECKPOINT_CHANGED = "evidence:checkpoint:changed"
    CHECKPOINT_REMOVED = "evidence:checkpoint:removed"
    CHECKPOINT_SIGNED = "evidence:checkpoint:signed"
    FINDING_ACKNOWLEDGED = "evidence:finding:acknowledged"
    FINDING_CHANGED = "evidence:finding:changed"
    FINDING_REMOVED = "evidence:finding:removed"
    LOG_KEY_ADDED = "evidence:key:added"
    LOG_KEY_CHANGED = "evidence:key:changed"
    LOG_KEY_REMOVED = "evidence:key:removed"
    BREACH_ADDRESSES = "incidents:addresses:written"
    BREACH_CHANGED = "incidents:breach:changed"
    BREACH_OPENED = "incidents:breach:opened"
    BREACH_REMOVED = "incidents:breach:removed"
    COMPLAINANT_CHANGED = "incidents:complainant:changed"
    COMPLAINANT_NAMED = "incidents:complainant:named"
    COMPLAINANT_REMOVED = "incidents:complainant:removed"
    COMPLAINT_ACKNOWLEDGED = "incidents:complaint:acknowledged"
    COMPLAINT_ANSWERED = "incidents:complaint:answered"
    COMPLAINT_CHANGED = "incidents:complaint:changed"
    COMPLAINT_OPENED = "incidents:complaint:opened"
    COMPLAINT_RECEIVED = "incidents:complaint:received"
    COMPLAINT_REMOVED = "incidents:complaint:removed"
    COMPLAINT_REQUESTED = "incidents:complaint:requested"
    BREACH_ENTRY_CHANGED = "incidents:entry:changed"
    BREACH_ENTERED = "incidents:entry:recorded"
    BREACH_ENTRY_REMOVED = "incidents:entry:removed"
    ANNOUNCEMENT_CHANGED = "notices:announcement:changed"
    ANNOUNCEMENT_PREPARED = "notices:announcement:prepared"
    ANNOUNCEMENT_REMOVED = "notices:announcement:removed"
    NOTICE_CHANGED = "notices:notice:changed"
    NOTICE_PUBLISHED = "notices:notice:published"
    NOTICE_REMOVED = "notices:notice:removed"
    NOTICE_OUT_CHANGED = "notices:publication:changed"
    NOTICE_OUT = "notices:publication:recorded"
    NOTICE_OUT_REMOVED = "notices:publication:removed"
    TELLING_ATTEMPTED = "notices:telling:attempted"
    TELLING_CHANGED = "notices:telling:changed"
    TELLING_FAILED = "notices:telling:failed"
    TELLING_REMOVED = "notices:telling:removed"
    TELLING_TOLD = "notices:telling:told"
    POLICY_TAKEN_UP_CHANGED = "policy:adoption:changed"
    POLICY_TAKEN_UP = "policy:adoption:recorded"
    POLICY_TAKEN_UP_REMOVED = "policy:adoption:removed"
    POLICY_ADOPTED = "policy:version:adopted"
    POLICY_CHANGED = "policy:version:changed"
    POLICY_REMOVED = "policy:version:removed"
    PROOF_BROKEN = "promises:proof:broken"
    PROOF_UNTOLD = "promises:proof:cannot-tell"
    PROOF_CHANGED = "promises:proof:changed"
    PROOF_KEPT = "promises:proof:kept"
    PROOF_REMOVED = "promises:proof:removed"
    PROOF_RUN_CHANGED = "promises:run:changed"
    PROOF_RUN = "promises:run:recorded"
    PROOF_RUN_REMOVED = "promises:run:removed"
    PLAN_APPLIED = "purposes:plan:applied"
    PLAN_MADE = "purposes:plan:made"
    STATEMENT_CHANGED = "purposes:statement:changed"
    STATEMENT_RECORDED = "purposes:statement:recorded"
    STATEMENT_REMOVED = "purposes:statement:removed"
    SWEEP_CHANGED = "retention:sweep:changed"
    SWEEP_DONE = "retention:sweep:done"
    SWEEP_FAILED = "retention:sweep:failed"
    SWEEP_REMOVED = "retention:sweep:removed"
    SWEEP_RUNNING = "retention:sweep:running"
    SWEEP_STALE = "retention:sweep:stale"
    SWEEP_WAITING = "retention:sweep:waiting"
    RETENTION_TASK_CHANGED = "retention:task:changed"
    RETENTION_TASK_CLOSED = "retention:task:closed"
    RETENTION_TASK_OPENED = "retention:task:opened"
    RETENTION_TASK_REMOVED = "retention:task:removed"
    ACCESS_ANSWERED = "rights:access:answered"
    APPROVAL_CHANGED = "rights:approval:changed"
    APPROVAL_GIVEN = "rights:approval:given"
    APPROVAL_REMOVED = "rights:approval:removed"
    PERSON_CHANGED = "rights:person:changed"
    PERSON_NAMED = "rights:person:named"
    PERSON_REMOVED = "rights:person:removed"
    REQUEST_CHANGED = "rights:request:changed"
    REQUEST_FAILED = "rights:request:failed"
    REQUEST_FULFILLED = "rights:request:fulfilled"
    REQUEST_IDENTIFIED = "rights:request:identified"
    REQUEST_OPEN = "rights:request:open"
    REQUEST_PLANNED = "rights:request:planned"
    REQUEST_RECEIVED = "rights:request:received"
    REQUEST_REFUSED = "rights:request:refused"
    REQUEST_REMOVED = "rights:request:removed"
    REQUEST_RUNNING = "rights:request:running"
    STATEMENTS_RUN = "rights:statements:run"
    STORE_CHANGED = "rights:store:changed"
    STORE_DONE = "rights:store:done"
    STORE_FAILED = "rights:store:failed"
    STORE_PENDING = "rights:store:pending"
    STORE_REMOVED = "rights:store:removed"
    STORE_RUNNING = "rights:store:running"
    STORE_TASK = "rights:store:task"
    STORE_UNDETERMINED = "rights:store:undetermined"
    STORE_UNREACHABLE = "rights:store:unreachable"
    TASK_CHANGED = "rights:task:changed"
    TASK_CLOSED = "rights:task:closed"
    TASK_OPEN = "rights:task:open"
    TASK_REMOVED = "rights:task:removed"
    DISCLOSURE_CHANGED = "sharing:disclosure:changed"
    DISCLOSURE_RECORDED = "sharing:disclosure:recorded"
    DISCLOSURE_REMOVED = "sharing:disclosure:removed"
    REDACTION_CHANGED = "sharing:redaction:changed"
    REDACTION_RECORDED = "sharing:redaction:recorded"
    REDACTION_REMOVED = "sharing:redaction:removed"
    VERB_RUN = "staff:verb:run"


@dataclass(frozen=True)
class Fresh:
    """An act to be recorded. `payload`: ids, digests, counts, times; no names. `about`: the id of a subject."""

    act: Act
    payload: Mapping[str, object]
    about: UUID | None = None


@dataclass(frozen=True)
class Recorded:
    """An act as recorded; an erased one has its commitment only."""

    id: int
    name: str | None
    at: datetime | None
    about: UUID | None
    content: str | None
    salt: bytes | None
    commitment: bytes

    @property
    def payload(self) -> Mapping[str, object]:
        """What the act says; nothing where it was erased."""
        return cast(Mapping[str, object], json.loads(self.content)["payload"]) if self.content is not None else {}


def record(db: Database, act: Act, payload: Mapping[str, object], about: UUID | None = None) -> None:
    """Record an act in the caller's transaction.

    `payload` holds ids, digests, counts and times: no name and no identifier. `about`: the id of the subject that the
    act is about; forgetting her erases what the act says, and its place in the log stays proven.
    """
    record_many(db, [Fresh(act, payload, about)])


def record_many(db: Database, fresh: Iterable[Fresh]) -> int:
    """Record many acts, all or none; return how many."""
    at = datetime.now(UTC)
    stamp = _LENGTH[8] + ((at - _EPOCH) // timedelta(microseconds=1)).to_bytes(8, "big", signed=True)
    said = at.isoformat()
    count = 0
    with db.part(), db.connection.cursor() as cursor, cursor.copy(statement("acts_copy")) as copy:
        copy.write(_BINARY)
        waiting = iter(fresh)
        while part := list(islice(waiting, AT_ONCE)):
            salts = secrets.token_bytes(SALT * len(part))
            copy.write(b"".join(_row(one, stamp, said, salts[n * SALT : (n + 1) * SALT]) for n, one in enumerate(part)))
            count += len(part)
        copy.write(b"\xff\xff")
    return count


def _row(one: Fresh, stamp: bytes, at: str, salt: bytes) -> bytes:
    """Return an act as a row of COPY in its binary form: name, time, whom it is about, content, salt, commitment."""
    name, about = one.act.encode(), one.about
    _only_plain(one.payload)
    content = _json({"about": about, "act": one.act, "at": at, "outside": False, "payload": one.payload})
    whom = _NULL if about is None else _LENGTH[16] + about.bytes
    return b"".join((
        b"\x00\x06", _LENGTH[len(name)], name, stamp, whom, len(content).to_bytes(4, "big"), content,
        _LENGTH[32], salt, _LENGTH[32], committed(salt, content),
    ))  # fmt: skip


def erase(db: Database, subjects: Sequence[UUID]) -> int:
    """Erase what the acts about people say; return how many. Which they were is recorded, and their places stay."""
    with db.transaction():
        ids = sorted(cast(int, one) for (one,) in db.values("acts_erased", subjects=list(subjects)))
        if ids:
            record(db, Act.ACTS_ERASED, {"acts": ids, "subjects": sorted(str(one) for one in subjects)})
    return len(ids)


def wrote(db: Database) -> bool:
    """Return whether this session wrote any act."""
    try:
        return bool(db.values("acts_of_session"))
    except ObjectNotInPrerequisiteState:
        return False


def by_id(db: Database, act: int) -> Recorded | None:
    """Return an act; None when there is none of that number."""
    return db.row("act_by_id", Recorded, id=act)


def latest(db: Database, names: Sequence[Act | str], limit: int = 100) -> list[Recorded]:
    """Return the newest acts of these names, the newest first."""
    return db.rows("acts_latest", Recorded, names=[str(one) for one in names], most=limit)


def about(db: Database, subject: UUID, names: Sequence[Act | str]) -> list[int]:
    """Return the numbers of the acts of these names about a person, in their order."""
    found = db.values("acts_about", subject=subject, names=[str(one) for one in names])
    return [cast(int, number) for (number,) in found]


def naming(db: Database, word: str, limit: int = 100) -> list[Recorded]:
    """Return the newest acts that name an id or a digest (all, where the word is empty), the newest first."""
    return db.rows("acts_naming", Recorded, word=word, most=limit)


def committed(salt: bytes, content: bytes) -> bytes:
    """Return what the log commits to: the leaf's data."""
    return hashlib.sha256(salt + content).digest()


def canonical(value: object) -> bytes:
    """Return a value as canonical JSON (RFC 8785): texts, whole numbers, truth values, lists, and objects.

    Raises `ValueError` for a fraction, a number beyond 2^53, a key that is not ASCII or half a character: those are not
    written.
    """
    _only_plain(value)
    return _json(value)


def _json(value: object) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        raise ValueError("an act holds texts of whole characters, and not too much inside each other") from None


def _only_plain(value: object) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if type(key) is not str or not key.isascii():
                raise ValueError("the keys of an act are ASCII texts")
            if not isinstance(inner, str):
                _only_plain(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _only_plain(inner)
    elif isinstance(value, int):
        if abs(value) >= LARGEST:
            raise ValueError("a number of an act is below 2^53: write a larger one as a text")
    elif value is not None and not isinstance(value, str):
        raise ValueError(f"an act holds no {type(value).__name__}: write it as a text")

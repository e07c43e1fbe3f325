"""The audit bundle: everything an authority asks for, gathered from every room, in one folder that is signed.

What names people stays at home: registers name requests, digests and numbers, and the log tells only acts about nobody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import cast

from belofte.cli.complaint.shared import document as complaint_document
from belofte.cli.incident.showing import document as incident_document
from belofte.cli.ropa import rendered
from belofte.compiler.digests import canonical_json
from belofte.database import complaints, promises
from belofte.database.disclosures import register as disclosures
from belofte.database.open import Database
from belofte.evidence import bundling, handed, seal, signing, verify
from belofte.evidence.bundle import Held, verify_bundle
from belofte.incidents.breach import Breach
from belofte.incidents.register import register as breaches
from belofte.law.term import civil_day
from belofte.notices.package import Box, package
from belofte.notices.record import record
from belofte.rights.desk import Desk
from belofte.sharing.registers import disclosed, recipients, transfers

File = tuple[str, str, Iterable[bytes]]
"""A file of the bundle: its path, what it is, and its bytes."""


def write(desk: Desk, directory: Path, out: Path, oracle: Mapping[str, object]) -> Held:
    """Write the bundle to a new folder, signed, and verify it there; return what was verified.

    Whole or not at all; files are readable by their owner only. `oracle` is what the audit of the history found.
    """
    signer = signing.signer(directory, os.environ)
    head = seal.seal(desk.db, signer)
    assert head is not None  # the audit itself is an act
    with package(out) as box:
        files = [_put(box, *one) for one in _all(desk, head.size, oracle)]
        manifest = {
            "belofte": handed.FORMAT,
            "made_at": desk.clock().isoformat(timespec="seconds"),
            "organisation": desk.policy.organisation.name,
            "log": {"origin": head.head.origin, "size": head.size, "root": head.head.root.hex()},
            "files": sorted(files, key=lambda one: str(one["path"])),
            "not_included": [{"what": what, "why": why} for what, why in _left_out(desk)],
        }
        digest, _ = box.put(handed.MANIFEST, [_json(manifest)])
        box.put(handed.NOTE, [bundling.signed_manifest(desk.db, signer, digest).encode()])
    return verify_bundle(out)


def _put(box: Box, path: str, what: str, pieces: Iterable[bytes]) -> dict[str, object]:
    digest, length = box.put(path, pieces)
    return {"path": path, "what": what, "sha256": digest, "bytes": length}


def _all(desk: Desk, size: int, oracle: Mapping[str, object]) -> Iterator[File]:
    yield from _policies(desk.db)
    yield from _notices(desk.db)
    yield from _record(desk)
    yield from _registers(desk)
    yield from _promises(desk)
    yield "oracle.json", "the recorded history held against the GDPR, by rules of its own", [_json(oracle)]
    yield from _log(desk.db, size)


def _policies(db: Database) -> Iterator[File]:
    """Yield every policy that was in force: its file is the very text whose digest the log adopted."""
    versions = []
    for digest, version, holds_from, recorded_at, document in db.values("policies_all"):
        name = cast(bytes, digest).hex()
        versions.append({"digest": name, "version": version, "holds_from": holds_from, "recorded_at": recorded_at})
        yield f"policy/{name}.json", "a policy, as adopted", [canonical_json(json.loads(cast(str, document)))]
    yield handed.VERSIONS, "the versions of the policy, and from when each holds", [_json(versions)]


def _notices(db: Database) -> Iterator[File]:
    """Yield every notice as it was published."""
    listed = []
    for version, language, form, digest, holds_from, policy, published_at, content in db.values("notices_all"):
        path = f"notices/{version}/{language}.{form}"
        listed.append(
            {
                "path": path, "version": version, "language": language, "digest": cast(bytes, digest).hex(),
                "holds_from": holds_from, "policy_digest": cast(bytes, policy).hex(), "published_at": published_at,
            }
        )  # fmt: skip
        yield path, "a notice, as published", [cast(bytes, content)]
    yield (
        handed.NOTICES,
        "the notices by version and language, each with its policy",
        [_json(listed)],
    )


def _record(desk: Desk) -> Iterator[File]:
    """Yield the record of processing (art. 30), in each language of the policy, for people and for machines."""
    maps = {name: spec.map for name, spec in desk.specs.items()}
    for language in desk.policy.languages:
        made = record(desk.policy, maps, language, desk.today())
        for form in ("html", "csv", "jsonld"):
            content = rendered(desk.policy, maps, made, form)
            yield f"record/{language}.{form}", "the record of processing (art. 30)", [content]


def _registers(desk: Desk) -> Iterator[File]:
    language = desk.policy.languages[0]
    now = desk.clock()
    sharing = {
        "recipients": recipients(desk.policy, language, desk.today()),
        "transfers": transfers(desk.policy, language, desk.today()),
        "disclosures": disclosed(desk.policy, language, disclosures(desk.db, None, None)),
    }
    registers: dict[str, tuple[str, object]] = {
        "requests": ("requests of people, without their people", [*_requests(desk.db, desk.today())]),
        "sharing": ("recipients, transfers and disclosures", sharing),
        "breaches": ("the breach register (art. 33(5))", [_nameless(desk, one, now) for one in breaches(desk.db)]),
        "complaints": ("complaints, without who complained", [*_complaints(desk.db, desk.today())]),
        "sweeps": ("runs of the sweep", [*_rows(desk.db, "sweeps_register", SWEEP)]),
    }
    for name, (what, content) in registers.items():
        yield f"registers/{name}.json", what, [_json(content)]


REQUEST = (
    "request", "right", "state", "received_at", "due", "extended_due", "closed_at", "policy_digest", "plan_digest",
)  # fmt: skip
SWEEP = (
    "sweep", "store", "state", "people", "counts", "purposes", "policy_digest", "map_digest", "planned_at",
    "finished_at",
)  # fmt: skip


def _rows(db: Database, query: str, names: tuple[str, ...]) -> Iterator[dict[str, object]]:
    for row in db.values(query):
        yield {name: value.hex() if isinstance(value, bytes) else value for name, value in zip(names, row, strict=True)}


def _requests(db: Database, today: date) -> Iterator[dict[str, object]]:
    """Yield each request with whether its deadline was kept; an open one keeps it until the day has passed."""
    for one in _rows(db, "requests_register", REQUEST):
        closed = cast(datetime | None, one["closed_at"])
        day = civil_day(closed) if closed is not None else today
        yield {**one, "in_time": day <= cast(date, one["extended_due"] or one["due"])}


def _complaints(db: Database, today: date) -> Iterator[dict[str, object]]:
    """Yield each complaint as the register has it, without who of the company answered it."""
    for one in complaints.register(db):
        yield {name: value for name, value in complaint_document(one, today).items() if name != "answered_by"}


def _nameless(desk: Desk, one: Breach, now: datetime) -> dict[str, object]:
    """Return a breach as the register has it, without who of the company entered what."""
    found = incident_document(desk.policy, one, now)
    entries = cast(list[dict[str, object]], found["entries"])
    return {**found, "entries": [{name: value for name, value in each.items() if name != "by"} for each in entries]}


def _promises(desk: Desk) -> Iterator[File]:
    """Yield what each promise came to when it was proven last, and when it came into another state; if any was."""
    said = {one.id: dict(one.text.root) for one in desk.policy.promises}
    found = [
        {
            "id": name, "text": said.get(name), "state": one.state, "since": one.since, "holds": one.holds,
            "figures": one.figures, "found": one.found, "run": one.run_id,
            "history": [{"state": past.state, "since": past.since} for past in promises.history(desk.db, name)],
        }
        for name, one in promises.last(desk.db).items()
    ]  # fmt: skip
    if found:
        yield "promises.json", "the promises: what each came to when it was proven last, and before", [_json(found)]


def _log(db: Database, size: int) -> Iterator[File]:
    yield (
        handed.LEAVES,
        "the log: every act's commitment, and what it says where it is about nobody",
        bundling.leaves(db, size),
    )
    yield handed.HEADS, "the signed heads of the log", bundling.heads(db, size)
    yield handed.KEYS, "the keys that signed the log, each named by the one before it", [_json(bundling.keys(db))]
    for name, receipt in bundling.receipts_of_erasures(db):
        yield f"{handed.RECEIPTS}/{name}", "the receipt of a step of an erasure", [_json(receipt)]
    own = Path(verify.__file__).read_bytes()
    yield "verify.py", "what verifies a receipt without Belofte: `python verify.py receipts/…`", [own]


def _left_out(desk: Desk) -> Iterator[tuple[str, str]]:
    if not desk.db.values("notices_all"):
        yield "notices", "none was published: `belofte notice publish`"
    if not promises.last(desk.db):
        yield "promises", "none was proven yet: `belofte prove`"


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n").encode()

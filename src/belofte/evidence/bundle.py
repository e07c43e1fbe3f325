"""Whether an audit bundle holds, and what it shows of an erasure: told without a database, a folder or a network.

A bundle is a folder. `MANIFEST.json` has the SHA-256 of every other file, and `MANIFEST.note` signs the manifest with
the log's key. The whole log is in it, a commitment for each act; of acts that are about no person also what they say.
Every file is looked at before anything in it is believed, and all that is wrong comes out at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from belofte.evidence.verify import (
    Head,
    Key,
    Malformed,
    Note,
    NotVerified,
    canonical,
    chain,
    leaf_hash,
    loaded,
    node_hash,
    text_of,
    texts,
    verify,
)

FORMAT = "belofte-audit/1"
HEADING = "belofte audit bundle"
"""The first line of the note that signs a manifest; then the log's origin and the manifest's SHA-256."""
MANIFEST, NOTE = "MANIFEST.json", "MANIFEST.note"
LEAVES, HEADS, KEYS, RECEIPTS = "log/acts.jsonl", "log/heads.jsonl", "log/keys.json", "receipts"
UNPUBLISHED = "cannot tell that this policy was published: no notice of it was, before the erasure"
VERSIONS, NOTICES = "policy/versions.json", "notices/notices.json"


class Broken(NotVerified):
    """A bundle that does not hold; `reasons` has everything that is wrong with it."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(reasons[0])
        self.reasons = reasons


@dataclass(frozen=True)
class Act:
    """An act that the bundle tells: which leaf it is, its name, its moment, and the row that it is about."""

    leaf: int
    name: str
    at: str
    table: str
    row: Mapping[str, object]


@dataclass(frozen=True)
class Erasure:
    """What the log shows of an erasure, and of the policy that was in force when it was carried out.

    `published`: the versions of the notice (and their languages) that this policy was published in before; empty: the
    bundle does not tell.
    """

    request: str
    received_at: str
    closed_at: str
    leaf: int
    stores: tuple[tuple[str, str], ...]
    policy: str
    adopted_at: str
    published: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """What was verified."""

    files: int
    head: Head
    told: int
    heads: int
    receipts: int
    policies: int
    notices: int
    first: Key
    signer: Key
    pinned: bool
    witnesses: tuple[str, ...]
    not_included: tuple[str, ...]
    erasure: Erasure | None = None


@dataclass
class _Log:
    """The log as read: leaves so far, the roots of the full trees that they make, and the acts that are told."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Append a leaf."""
        self.size += 1
        self.peaks.append(leaf)
        merged = self.size
        while not merged & 1:
            right = self.peaks.pop()
            self.peaks[-1] = node_hash(self.peaks[-1], right)
            merged >>= 1

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found

    def rows(self, table: str, **wanted: object) -> list[Act]:
        """Return the acts on a table's rows that have these values, in the order of the log."""
        found = [one for one in self.acts if one.table == table]
        return [one for one in found if all(one.row.get(name) == value for name, value in wanted.items())]


def verify_bundle(
    folder: Path, key: str | None = None, request: str | None = None, witnesses: Sequence[str] = ()
) -> Held:
    """Return what a bundle shows; `Broken` or `NotVerified` where it does not hold, `Malformed` where it is none.

    `key`: the log's key as the company published it; without it the bundle's own is taken and `pinned` is false.
    `request`: the erasure to tell of, by its name. `witnesses`: keys of who must have signed the newest head.
    """
    manifest = _manifest(folder)
    files = _files(folder, manifest)
    keys = loaded(_read(folder, KEYS))
    known = chain(texts(keys, "keys"), texts(keys, "rotations"))
    trusted = _from(known, key)
    signer = _signed(folder, trusted)
    log, heads, head, newest = _log(folder, known)
    seen = tuple(one.name for one in map(Key.parse, witnesses) if newest.signed_by(one))
    if len(seen) < len(witnesses):
        raise NotVerified("the newest head lacks the signature of a witness")
    wrong = [*_policies(folder, log), *_notices(folder, log)]
    receipts = list(_receipts(folder, files, log, wrong))
    if wrong:
        raise Broken(wrong)
    erasure = _erasure(folder, log, request) if request is not None else None
    return Held(
        files=len(files), head=head, told=len(log.acts), heads=heads, receipts=len(receipts),
        policies=len(_listed(folder, VERSIONS)), notices=len(_listed(folder, NOTICES)), first=known[0], signer=signer,
        pinned=key is not None, witnesses=seen, not_included=tuple(_left_out(manifest)), erasure=erasure,
    )  # fmt: skip


# -- the files -----------------------------------------------------------------------------------------------------


def _manifest(folder: Path) -> Mapping[str, object]:
    if not (folder / MANIFEST).is_file() or not (folder / NOTE).is_file():
        raise Malformed(f"this is no audit bundle: it has no `{MANIFEST}` and `{NOTE}`")
    manifest = loaded(_read(folder, MANIFEST))
    if manifest.get("belofte") != FORMAT:
        raise Malformed(f"this is no audit bundle: `belofte` is not `{FORMAT}`")
    return manifest


def _files(folder: Path, manifest: Mapping[str, object]) -> list[str]:
    """Return the files of a bundle; `Broken` with all that are not as the manifest says, or that it does not name."""
    listed = manifest.get("files")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Malformed("the manifest lists no files")
    named = {text_of(one, "path"): text_of(one, "sha256") for one in listed}
    paths = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    there = {path.relative_to(folder).as_posix() for path in paths} - {MANIFEST, NOTE}
    wrong = [f"the manifest does not name `{path}`" for path in sorted(there - named.keys())]
    for path, digest in sorted(named.items()):
        if path not in there:
            wrong.append(f"`{path}` is missing")
        elif (folder / path).is_symlink() or hashlib.sha256(_read(folder, path)).hexdigest() != digest:
            wrong.append(f"`{path}` is not the file that was signed")
    if wrong:
        raise Broken(wrong)
    return sorted(named)


def _signed(folder: Path, keys: Sequence[Key]) -> Key:
    """Return the key that signed the manifest."""
    note = Note.parse(_text(folder, NOTE))
    digest = hashlib.sha256(_read(folder, MANIFEST)).hexdigest()
    for key in keys:
        if note.text == statement(key.name, digest) and note.signed_by(key):
            return key
    raise Broken(["the manifest is not the one that was signed, or not by the log's key"])


def statement(origin: str, digest: str) -> str:
    """Return the text that is signed of a manifest: the log's origin, and the manifest's SHA-256."""
    return f"{HEADING}\n{origin}\n{digest}\n"


def _from(keys: Sequence[Key], pinned: str | None) -> Sequence[Key]:
    if pinned is None:
        return keys
    key = Key.parse(pinned)
    if key not in keys:
        raise NotVerified("the bundle is not signed by this key, nor by one that it named")
    return keys[list(keys).index(key) :]


# -- the log -------------------------------------------------------------------------------------------------------


def _log(folder: Path, keys: Sequence[Key]) -> tuple[_Log, int, Head, Note]:
    """Return the log, held against every signed head that the bundle has; how many, the newest, and its note."""
    notes = [_note(line) for line in _lines(folder, HEADS)]
    if not notes:
        raise Malformed("the bundle has no head of the log")
    heads = [_head(note, keys) for note in notes]
    by_size = {head.size: head for head in heads}
    log = _Log()
    for line in _lines(folder, LEAVES):
        log.add(leaf_hash(_commitment(line, log)))
        head = by_size.get(log.size)
        if head is not None and head.root != log.root:
            raise Broken([f"the log of {head.size} acts is not the one whose head was signed"])
    if log.size != heads[-1].size or any(head.size > log.size for head in heads):
        raise Broken(["the log has not as many acts as its newest head says"])
    return log, len(heads), heads[-1], notes[-1]


def _note(line: str) -> Note:
    found = _json(line, HEADS)
    if not isinstance(found, str):
        raise Malformed("a head of the log is malformed")
    return Note.parse(found)


def _head(note: Note, keys: Sequence[Key]) -> Head:
    head = Head.parse(note.text)
    if not any(key.name == head.origin and note.signed_by(key) for key in keys):
        raise Broken([f"the head of {head.size} acts is not signed by the log's key"])
    return head


def _commitment(line: str, log: _Log) -> bytes:
    """Return what a leaf commits to; where the act is told, it is what was committed to."""
    said = loaded(line.encode())
    commitment = _bytes(text_of(said, "commitment"))
    content = said.get("act")
    if isinstance(content, Mapping):
        own = hashlib.sha256(_bytes(text_of(said, "salt")) + canonical(content)).digest()
        if own != commitment:
            raise Broken([f"what leaf {log.size} says is not what it commits to"])
        payload = cast(Mapping[str, object], content.get("payload") or {})
        row = cast(Mapping[str, object], payload.get("row") or payload)
        act = Act(log.size, text_of(content, "act"), text_of(content, "at"), str(payload.get("table", "")), row)
        log.acts.append(act)
    return commitment


def _receipts(folder: Path, files: Sequence[str], log: _Log, wrong: list[str]) -> Iterator[str]:
    told = {one.leaf for one in log.acts}
    for path in files:
        if path.startswith(f"{RECEIPTS}/"):
            found = verify(loaded(_read(folder, path)))
            if found.index not in told or found.head.size > log.size:
                wrong.append(f"`{path}` is of another log")
            yield path


# -- policies, notices, and an erasure -----------------------------------------------------------------------------


def _policies(folder: Path, log: _Log) -> Iterator[str]:
    """Yield what is wrong with the policies: each is the text whose digest the log adopted."""
    for one in _listed(folder, VERSIONS):
        digest = text_of(one, "digest")
        if hashlib.sha256(_read(folder, f"policy/{digest}.json")).hexdigest() != digest:
            yield f"the policy `{digest}` is not the one of that digest"
        if not log.rows("policy_version", digest=digest):
            yield f"the policy `{digest}` was not adopted in the log"


def _notices(folder: Path, log: _Log) -> Iterator[str]:
    """Yield what is wrong with the notices: each is the file whose digest the log says was published."""
    for one in _listed(folder, NOTICES):
        path, digest = text_of(one, "path"), text_of(one, "digest")
        if hashlib.sha256(_read(folder, path)).hexdigest() != digest:
            yield f"`{path}` is not the notice of that digest"
        if not log.rows("notice", digest=digest, policy_digest=one.get("policy_digest")):
            yield f"`{path}` was not published in the log"


def _erasure(folder: Path, log: _Log, request: str) -> Erasure:
    """Return what the log shows of an erasure; `NotVerified` where it does not show that it was carried out."""
    name = request.strip().upper()
    steps = log.rows("request", short=name)
    if not steps:
        raise NotVerified(f"the log has no request `{name}`")
    last = steps[-1]
    if last.row.get("right") != "erasure":
        raise NotVerified(f"request `{name}` is no erasure")
    if last.row.get("state") != "fulfilled":
        raise NotVerified(f"the log does not say that request `{name}` was fulfilled")
    stores: dict[str, Act] = {}
    for one in log.rows("request_store", request_id=last.row.get("id")):
        stores[str(one.row.get("store"))] = one
    undone = [store for store, one in stores.items() if one.row.get("state") not in ("done", "task")]
    if undone:
        raise NotVerified(f"the log does not say that request `{name}` is done in store `{undone[0]}`")
    planned = next((one for one in steps if one.row.get("policy_digest")), last)
    digest = str(last.row.get("policy_digest"))
    adopted = [one for one in log.rows("policy_version", digest=digest) if one.leaf < planned.leaf]
    if not adopted or planned.row.get("policy_digest") != digest:
        raise NotVerified(f"the policy of request `{name}` was not adopted before it was planned")
    out = [one for one in log.rows("notice", policy_digest=digest) if one.leaf < last.leaf]
    there = {text_of(one, "digest") for one in _listed(folder, NOTICES)}
    published = dict.fromkeys(
        f"{one.row.get('version')} ({one.row.get('language')})" for one in out if one.row.get("digest") in there
    )
    return Erasure(
        name, str(last.row.get("received_at")), str(last.row.get("closed_at")), last.leaf,
        tuple((store, f"{one.row.get('state')} at {one.at}, leaf {one.leaf}") for store, one in sorted(stores.items())),
        digest, adopted[0].at, tuple(published),
    )  # fmt: skip


# -- reading -------------------------------------------------------------------------------------------------------


def _read(folder: Path, path: str) -> bytes:
    if ".." in Path(path).parts or Path(path).is_absolute():
        raise Malformed(f"the manifest names `{path}`, which is not in the bundle")
    try:
        return (folder / path).read_bytes()
    except OSError:
        raise Malformed(f"`{path}` is not there, or cannot be read") from None


def _text(folder: Path, path: str) -> str:
    try:
        return _read(folder, path).decode()
    except UnicodeDecodeError:
        raise Malformed(f"`{path}` is no text") from None


def _lines(folder: Path, path: str) -> Iterator[str]:
    yield from _text(folder, path).splitlines()


def _listed(folder: Path, path: str) -> list[Mapping[str, object]]:
    found = _json(_text(folder, path), path)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Malformed(f"`{path}` is no list")
    return found


def _json(text: str, path: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed(f"`{path}` is no JSON") from None


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Malformed("a digest or salt of the log is malformed") from None


def _left_out(manifest: Mapping[str, object]) -> Iterator[str]:
    found = cast(list[Mapping[str, object]], manifest.get("not_included") or [])
    yield from (f"{one.get('what')}: {one.get('why')}" for one in found)


def told(found: Held) -> list[str]:
    """Return what was verified, in lines for people."""
    lines = [
        f"holds: {found.files} files as signed, {found.head.size} acts under {found.heads} heads that only grew, "
        f"{found.told} of them told, {found.receipts} receipts",
        f"holds: {found.policies} policies as adopted, {found.notices} notices as published",
    ]
    one = found.erasure
    if one is not None:
        lines.append(f"holds: erasure {one.request}, received {one.received_at}, carried out {one.closed_at}")
        lines += [f"   store {store}: {state}" for store, state in one.stores]
        lines.append(f"   under the policy {one.policy}, adopted {one.adopted_at}")
        published = f"which is the one published as {', '.join(one.published)}" if one.published else UNPUBLISHED
        lines.append(f"   {published}")
    lines += [f"not included: {one}" for one in found.not_included]
    lines.append(f"log {found.head.origin}, signed by key {found.signer.text}")
    if not found.pinned:
        lines.append(f"no key was given: compare this fingerprint with the published one: {found.first.fingerprint}")
    return lines + [f"witnessed by {name}" for name in found.witnesses]

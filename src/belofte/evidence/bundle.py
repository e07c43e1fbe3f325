"""Whether an audit bundle holds, and what it shows of an erasure: told without a database, a folder or a network.

A bundle is a folder. `MANIFEST.json` has the SHA-256 of every other file, and `MANIFEST.note` signs the manifest with
the log's key. The whole log is in it, a commitment for each act; of acts that are about no person also what they say.
Every file is looked at before anything in it is believed, and all that is wrong comes out at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from belofte.evidence import days, handed
from belofte.evidence.days import UNPUBLISHED, Erasure, InForce
from belofte.evidence.handed import FORMAT, HEADS, KEYS, LEAVES, MANIFEST, NOTE, NOTICES, RECEIPTS, VERSIONS
from belofte.evidence.leaves import Log, commitment, grown_told, hold
from belofte.evidence.verify import (
    Head,
    Key,
    Malformed,
    Note,
    NotVerified,
    Succession,
    chain,
    gap_told,
    head_given,
    leaf_hash,
    loaded,
    relied_on,
    signer_of,
    successions,
    text_of,
    texts,
    verify,
)

HEADING = "belofte audit bundle"
"""The first line of the note that signs a manifest; then the log's origin and the manifest's SHA-256."""
ALTERED = f"`{MANIFEST}` is not the one that `{NOTE}` signs, or that is not signed by the log's key"


class Broken(NotVerified):
    """A bundle that does not hold; `reasons` has everything that is wrong with it."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(reasons[0])
        self.reasons = reasons


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
    gaps: tuple[Succession, ...] = ()
    older: Head | None = None
    erasure: Erasure | None = None
    in_force: tuple[InForce, ...] = ()

    @property
    def untold(self) -> bool:
        """Return whether something was asked that the bundle does not tell: no doubt counts as shown."""
        asked: list[InForce | Erasure] = [*self.in_force]
        if self.erasure is not None:
            asked.append(self.erasure)
        return any(one.doubts or not one.published for one in asked)


def verify_bundle(
    folder: Path, key: str | None = None, request: str | None = None, witnesses: Sequence[str] = (),
    on: date | None = None, people: Sequence[str] = (), older: str | None = None,
) -> Held:  # fmt: skip
    """Return what a bundle shows; `Broken` or `NotVerified` where it does not hold, `Malformed` where it is none.

    `key`: the log's key as the company published it; without it the bundle's own is taken and `pinned` is false.
    `request`: the erasure to tell of, by its name. `on`: the day to tell of what was in force. `witnesses`: keys of who
    must have signed the newest head. `people`: keys of who is relied on to name a key after one that was lost.
    `older`: a signed head that somebody kept, which the log must still have.
    """
    manifest = _manifest(folder)
    files = _files(folder, manifest)
    keys = loaded(handed.read(folder, KEYS))
    known = chain(texts(keys, "keys"), texts(keys, "rotations"))
    gaps = successions(texts(keys, "rotations"))
    trusted = relied_on(known, key, gaps, people)
    signer = _signed(folder, trusted)
    kept = head_given(older, known, gaps) if older is not None else None
    log, heads, head, newest = _log(folder, known, gaps, kept)
    signer_of(newest, head, trusted, gaps)
    seen = tuple(one.name for one in map(Key.parse, witnesses) if newest.signed_by(one))
    if len(seen) < len(witnesses):
        raise NotVerified("the newest head lacks the signature of a witness")
    wrong = [*_policies(folder, log), *_notices(folder, log)]
    receipts = list(_receipts(folder, files, log, wrong))
    if wrong:
        raise Broken(wrong)
    return Held(
        files=len(files), head=head, told=len(log.acts), heads=heads, receipts=len(receipts),
        policies=len(handed.listed(folder, VERSIONS)), notices=len(handed.listed(folder, NOTICES)),
        first=known[0], signer=signer, pinned=key is not None, witnesses=seen, gaps=gaps, older=kept,
        not_included=tuple(_left_out(manifest)),
        erasure=days.erasure(folder, log, request) if request is not None else None,
        in_force=days.on(folder, log, on) if on is not None else (),
    )  # fmt: skip


# -- the files -----------------------------------------------------------------------------------------------------


def _manifest(folder: Path) -> Mapping[str, object]:
    if not (folder / MANIFEST).is_file() or not (folder / NOTE).is_file():
        raise Malformed(f"this is no audit bundle: it has no `{MANIFEST}` and `{NOTE}`")
    whole = handed.read(folder, MANIFEST)
    signed = handed.text(folder, NOTE)
    if signed.startswith(f"{HEADING}\n") and hashlib.sha256(whole).hexdigest() not in signed.split("\n"):
        raise Broken([ALTERED])
    manifest = loaded(whole)
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
        elif (folder / path).is_symlink() or hashlib.sha256(handed.read(folder, path)).hexdigest() != digest:
            wrong.append(f"`{path}` is not the file that was signed")
    if wrong:
        raise Broken(wrong)
    return sorted(named)


def _signed(folder: Path, keys: Sequence[Key]) -> Key:
    """Return the key that signed the manifest."""
    try:
        note = Note.parse(handed.text(folder, NOTE))
    except Malformed as wrong:
        raise Malformed(f"`{NOTE}`: {wrong}") from None
    digest = hashlib.sha256(handed.read(folder, MANIFEST)).hexdigest()
    for key in keys:
        if note.text == statement(key.name, digest) and note.signed_by(key):
            return key
    raise Broken([ALTERED])


def statement(origin: str, digest: str) -> str:
    """Return the text that is signed of a manifest: the log's origin, and the manifest's SHA-256."""
    return f"{HEADING}\n{origin}\n{digest}\n"


# -- the log -------------------------------------------------------------------------------------------------------


def _log(
    folder: Path, keys: Sequence[Key], gaps: Sequence[Succession], kept: Head | None
) -> tuple[Log, int, Head, Note]:
    """Return the log, held against every signed head that the bundle has; how many, the newest, and its note."""
    notes = [_note(line) for line in handed.lines(folder, HEADS)]
    if not notes:
        raise Malformed("the bundle has no head of the log")
    heads = [_head(note, keys, gaps) for note in notes]
    by_size = {head.size: head for head in (*heads, *(gap.last for gap in gaps))}
    if any(by_size[head.size] != head for head in heads):
        raise Broken(["a key was lost at another head than the log has"])
    if kept is not None:
        hold(kept, heads[-1], by_size.get(kept.size))
        by_size[kept.size] = kept
    log = Log()
    for line in handed.lines(folder, LEAVES):
        log.add(leaf_hash(commitment(line, log)))
        head = by_size.get(log.size)
        if head is not None and head.root != log.root:
            raise Broken([f"the log of {head.size} acts is not the one whose head was signed"])
    if log.size != heads[-1].size or any(head.size > log.size for head in heads):
        raise Broken(["the log has not as many acts as its newest head says"])
    return log, len(heads), heads[-1], notes[-1]


def _note(line: str) -> Note:
    found = handed.value(line, HEADS)
    if not isinstance(found, str):
        raise Malformed("a head of the log is malformed")
    return Note.parse(found)


def _head(note: Note, keys: Sequence[Key], gaps: Sequence[Succession]) -> Head:
    head = Head.parse(note.text)
    try:
        signer_of(note, head, keys, gaps)
    except NotVerified:
        raise Broken([f"the head of {head.size} acts is not signed by the log's key"]) from None
    return head


def _receipts(folder: Path, files: Sequence[str], log: Log, wrong: list[str]) -> Iterator[str]:
    told = {one.leaf for one in log.acts}
    for path in files:
        if path.startswith(f"{RECEIPTS}/"):
            found = verify(loaded(handed.read(folder, path)))
            if found.index not in told or found.head.size > log.size:
                wrong.append(f"`{path}` is of another log")
            yield path


# -- policies and notices -------------------------------------------------------------------------------------------


def _policies(folder: Path, log: Log) -> Iterator[str]:
    """Yield what is wrong with the policies: each is the text whose digest the log adopted."""
    for one in handed.listed(folder, VERSIONS):
        digest = text_of(one, "digest")
        if hashlib.sha256(handed.read(folder, f"policy/{digest}.json")).hexdigest() != digest:
            yield f"the policy `{digest}` is not the one of that digest"
        if not log.rows("policy_version", digest=digest):
            yield f"the policy `{digest}` was not adopted in the log"


def _notices(folder: Path, log: Log) -> Iterator[str]:
    """Yield what is wrong with the notices: each is the file whose digest the log says was published."""
    for one in handed.listed(folder, NOTICES):
        path, digest = text_of(one, "path"), text_of(one, "digest")
        if hashlib.sha256(handed.read(folder, path)).hexdigest() != digest:
            yield f"`{path}` is not the notice of that digest"
        if not log.rows("notice", digest=digest, policy_digest=one.get("policy_digest")):
            yield f"`{path}` was not published in the log"


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
    if found.older is not None:
        lines.append(grown_told(found.head, found.older))
    one = found.erasure
    if one is not None:
        lines.append(f"holds: erasure {one.request}, received {one.received_at}, carried out {one.closed_at}")
        lines += [f"   store {store}: {state}" for store, state in one.stores]
        lines.append(
            f"   under the policy {one.policy}, the one in force when it was planned, adopted {one.adopted_at}"
        )
        lines += _shown(one)
    for day in found.in_force:
        name = f" (version {day.version})" if day.version else ""
        begins = "" if day.begins is None else f" from {day.begins}"
        lines.append(f"in force{begins}: policy {day.policy}{name}, since {day.holds_from}, taken up {day.taken_up}")
        lines += _shown(day)
    lines += [f"not included: {one}" for one in found.not_included]
    lines.append(f"log {found.head.origin}, signed by key {found.signer.text}")
    if not found.pinned:
        lines.append(f"no key was given: compare this fingerprint with the published one: {found.first.fingerprint}")
    lines += [gap_told(gap) for gap in found.gaps]
    return lines + [f"witnessed by {name}" for name in found.witnesses]


def _shown(one: Erasure | InForce) -> Iterator[str]:
    yield f"   which is the one published as {', '.join(one.published)}" if one.published else f"   {UNPUBLISHED}"
    yield from (f"   cannot tell: {doubt}" for doubt in one.doubts)

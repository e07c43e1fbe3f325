"""Whether a receipt holds: that an act is in a log whose head was signed, told without a database and without Belofte.

    python verify.py receipt.json [KEY] [--witness KEY]... [--person KEY]... [--older HEAD]

This module is pure and stands alone: it imports the standard library and `cryptography`. The tree is that of RFC 9162,
heads are C2SP signed notes (tlog-checkpoint), witnesses sign as C2SP tlog-cosignature has it. A leaf is SHA-256 over a
salt and the canonical JSON (RFC 8785) of an act, so that a receipt shows its own act and nothing of others.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

RECEIPT = "belofte-receipt/1"
CONSISTENCY = "belofte-consistency/1"
ROTATION = "belofte log key"
"""The first line of the note by which a key names the one after it."""

SUCCESSION = "belofte log succession"
"""The first line of the note by which people name a key after one that was lost."""

ED25519, COSIGNATURE = 0x01, 0x04
SIGNATURES = 64  # lines that a note may have


class Malformed(ValueError):
    """This is no receipt, note or key: nothing could be judged."""


class NotVerified(Exception):
    """It was judged, and does not hold."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Return when the leaf is in the tree of this size and root (2.1.3.2); raise `NotVerified` otherwise."""
    if not 0 <= index < size or len(root) != 32:
        raise NotVerified("the index is not in the tree")
    node, at, last = leaf, index, size - 1
    for beside in proof:
        if last == 0:
            raise NotVerified("the proof is too long")
        if at & 1 or at == last:
            node = node_hash(beside, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, beside)
        at, last = at >> 1, last >> 1
    if last or node != root:
        raise NotVerified("the proof does not lead to the root")


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    """Return when the tree of `size2` has all that the one of `size1` had (2.1.4.2); raise `NotVerified` otherwise."""
    if not 0 < size1 <= size2:
        raise NotVerified("a log does not shrink, and an empty one shows nothing of a later one")
    if size1 == size2:
        if proof or root1 != root2:
            raise NotVerified("the two heads are not of one log")
        return
    path = list(proof) if size1 & (size1 - 1) else [root1, *proof]
    if not path:
        raise NotVerified("the proof is too short")
    at, last = size1 - 1, size2 - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            raise NotVerified("the proof is too long")
        if at & 1 or at == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        at, last = at >> 1, last >> 1
    if last or old != root1 or new != root2:
        raise NotVerified("the newer head does not have all that the older one had")


@dataclass(frozen=True)
class Key:
    """A public key with its name, as C2SP writes it: `name+id+base64`."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Key:
        """Return the key that a text names; `Malformed` where it is none, or says another id than its own."""
        name, plus, rest = text.strip().partition("+")
        shown, second, encoded = rest.partition("+")
        raw = decoded(encoded)
        if not (plus and second) or not proper(name) or len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
            raise Malformed("this is no key: give all of the line that was published, `name+id+base64`")
        found = cls(name, raw[0], raw[1:])
        if shown != found.id.hex():
            raise Malformed("the key's id is not that of its name and bytes")
        return found

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as it is published."""
        return f"{self.name}+{self.id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    @property
    def fingerprint(self) -> str:
        """What two people compare over the telephone."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()[:32]
        return " ".join(digest[at : at + 4] for at in range(0, 32, 4))

    def check(self, signature: bytes, message: bytes) -> None:
        """Return when the signature is this key's; raise `NotVerified` otherwise."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise NotVerified(f"a signature in the name of `{self.name}` is not by its key") from None


@dataclass(frozen=True)
class Note:
    """A text and the signatures under it: name, id of the key, bytes."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def parse(cls, note: str) -> Note:
        """Return a note; `Malformed` where it is none."""
        text, blank, under = note.rpartition("\n\n")
        lines = under.split("\n")
        if not blank or not under or lines.pop() or len(lines) > SIGNATURES:
            raise Malformed("this is no signed note: a text, an empty line, and signatures are")
        if any(one < " " and one != "\n" for one in note):
            raise Malformed("a signed note has no control characters")
        return cls(text + "\n", tuple(_signature(line) for line in lines))

    def signed_by(self, key: Key) -> bool:
        """Return whether this key signed the text; `NotVerified` where its signature is wrong."""
        hers = [sig for name, id_, sig in self.signatures if name == key.name and id_ == key.id]
        for signature in hers:
            if key.kind == COSIGNATURE:
                if len(signature) != 72:
                    raise NotVerified(f"a signature in the name of `{key.name}` is not by its key")
                head = f"cosignature/v1\ntime {int.from_bytes(signature[:8], 'big')}\n"
                key.check(signature[8:], (head + self.text).encode())
            else:
                key.check(signature, self.text.encode())
        return bool(hers)


@dataclass(frozen=True)
class Head:
    """What a checkpoint says: which log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> Head:
        """Return the head that a note's text states; `Malformed` where it states none."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise Malformed("this is no checkpoint: origin, size and root are, each on a line")
        root = decoded(lines[2])
        if not lines[1].isascii() or not lines[1].isdigit() or lines[1] != str(int(lines[1])) or len(root) != 32:
            raise Malformed("the checkpoint's size or root is malformed")
        return cls(lines[0], int(lines[1]), root)

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"


@dataclass(frozen=True)
class Succession:
    """That a log's key was lost, which one comes after it, and the newest head that there was: said by two people.

    What the lost key signed later is not believed. That nothing before was changed, heads that were given away show,
    and witnesses; the new key does not.
    """

    lost: Key
    new: Key
    last: Head
    people: tuple[Key, ...]

    @classmethod
    def parse(cls, text: str) -> Succession | None:
        """Return what a note says, signed by the new key and both people; None where it says something else."""
        note = Note.parse(text)
        said = note.text.split("\n")
        if said[0] != SUCCESSION:
            return None
        if len(said) != 9 or said.pop():
            raise Malformed("a succession of keys is malformed")
        lost, new, *people = map(Key.parse, (said[2], said[3], *said[6:]))
        found = cls(lost, new, Head.parse("\n".join([said[1], said[4], said[5], ""])), tuple(people))
        keys = {(one.kind, one.public) for one in (lost, new, *people)}
        if len(keys) != 4 or len({one.name for one in people}) != 2 or any(kind != ED25519 for kind, _ in keys):
            raise NotVerified("a succession of keys is not said by two people with keys of their own")
        if {lost.name, new.name} != {found.last.origin} or not all(map(note.signed_by, (new, *people))):
            raise NotVerified("a succession of keys is not signed by the new key and both people")
        return found

    @property
    def text(self) -> str:
        """The text that is signed."""
        origin, size, root, _ = self.last.text.split("\n")
        return "\n".join(
            [SUCCESSION, origin, self.lost.text, self.new.text, size, root, *(one.text for one in self.people), ""]
        )


def _signature(line: str) -> tuple[str, bytes, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, shown = rest.partition(" ")
    if dash != "—" or not proper(name) or len(raw := decoded(shown)) < 5:
        raise Malformed("a signature under the note is malformed")
    return name, raw[:4], raw[4:]


def proper(name: str) -> bool:
    """Return whether this may name a key."""
    return bool(name) and "+" not in name and not any(unicodedata.category(one)[0] in "ZC" for one in name)


def encoded(raw: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(raw).decode()


def decoded(text: object) -> bytes:
    """Return what base64 says; `Malformed` where it is not written in the one way."""
    try:
        raw = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        raise Malformed("base64 is malformed") from None
    if encoded(raw) != text:
        raise Malformed("base64 is malformed")
    return raw


@dataclass(frozen=True)
class Verified:
    """What was verified: the act, its place, the head that has it, and the keys that were relied on."""

    act: Mapping[str, object] | None
    index: int | None
    head: Head
    first: Key
    signer: Key
    pinned: bool
    witnesses: tuple[str, ...]
    older: Head | None = None
    gaps: tuple[Succession, ...] = ()


def canonical(value: object) -> bytes:
    """Return an act as canonical JSON (RFC 8785; acts hold no fractions, and keys in ASCII)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def verify(
    document: Mapping[str, object], key: str | None = None, witnesses: Sequence[str] = (), needed: int | None = None,
    people: Sequence[str] = (), older: str | None = None,
) -> Verified:  # fmt: skip
    """Return what a receipt shows; `NotVerified` where it does not hold, `Malformed` where it is none.

    `key`: the log's first key, or a later one, as the company published it; without it the receipt's own is taken and
    `pinned` is false. `witnesses`: keys of whom `needed` (default: all) must have signed the head. `people`: keys of
    those relied on to name a key after one that was lost; without them, a key from before does not lead to one after.
    `older`: a signed head that somebody kept, of which the document must show that the log still has it all.
    """
    if document.get("belofte") not in (RECEIPT, CONSISTENCY):
        raise Malformed(f"this is no receipt: `belofte` is not `{RECEIPT}` or `{CONSISTENCY}`")
    keys = chain(texts(document, "keys"), texts(document, "rotations"))
    gaps = successions(texts(document, "rotations"))
    note = Note.parse(text_of(document, "checkpoint"))
    head = Head.parse(note.text)
    trusted = relied_on(keys, key, gaps, people)
    signer = signer_of(note, head, trusted, gaps)
    seen = tuple(one.name for one in map(Key.parse, witnesses) if note.signed_by(one))
    if len(seen) < (len(witnesses) if needed is None else needed):
        raise NotVerified("the head lacks the signature of a witness")
    if document["belofte"] == CONSISTENCY:
        before = head_given(text_of(document, "older"), keys, gaps)
        kept = before if older is None else head_given(older, keys, gaps)
        if kept.size != before.size:
            raise Malformed(f"this shows growth from {before.size} acts: of the head given, ask `--since {kept.size}`")
        if kept != before or before.origin != head.origin:
            raise NotVerified(f"the heads of {kept.size} acts are two: the log is not the one whose head was given")
        verify_consistency(before.size, head.size, before.root, head.root, hashes(document))
        return Verified(None, None, head, keys[0], signer, key is not None, seen, before, gaps)
    if older is not None:
        raise Malformed("a receipt of one act shows nothing of an older head: `belofte log prove --since SIZE` does")
    act, salt, index = document.get("act"), document.get("salt"), document.get("index")
    if not isinstance(act, Mapping) or not isinstance(salt, str) or type(index) is not int:
        raise Malformed("the receipt lacks its act, salt or index")
    leaf = leaf_hash(hashlib.sha256(_salt(salt) + canonical(act)).digest())
    verify_inclusion(index, head.size, leaf, hashes(document), head.root)
    return Verified(act, index, head, keys[0], signer, key is not None, seen, gaps=gaps)


def chain(keys: Sequence[str], rotations: Sequence[str]) -> list[Key]:
    """Return the keys of a log, each but the first named by the one before it, or by people where that was lost.

    `NotVerified` where one is not.
    """
    found = [Key.parse(one) for one in keys]
    if not found or len(rotations) != len(found) - 1:
        raise Malformed("the receipt lacks its keys, or the notes by which each names the next")
    for before, after, rotation in zip(found, found[1:], rotations, strict=False):
        gap = Succession.parse(rotation)
        note = Note.parse(rotation)
        named = note.text.split("\n") == [ROTATION, before.name, after.text, ""] and note.signed_by(before)
        if not named and (gap is None or (gap.lost, gap.new) != (before, after)):
            raise NotVerified("a key was not named by the one before it")
    return found


def successions(rotations: Sequence[str]) -> tuple[Succession, ...]:
    """Return where a key was lost, of the notes by which keys are named."""
    return tuple(gap for gap in map(Succession.parse, rotations) if gap is not None)


def relied_on(
    keys: Sequence[Key], pinned: str | None, gaps: Sequence[Succession], people: Sequence[str]
) -> Sequence[Key]:
    """Return the keys that count for who relies on one of them: from that one, up to one that was lost.

    `NotVerified` where it is none of them. Whoever relies on the people who named the next one goes on.
    """
    if pinned is None:
        return keys
    key = Key.parse(pinned)
    if key not in keys:
        raise NotVerified("it is not signed by this key, nor by one that it named")
    rest = list(keys)[list(keys).index(key) :]
    known = {Key.parse(one) for one in people}
    for gap in gaps:
        if gap.lost in rest and not known.issuperset(gap.people):
            return rest[: rest.index(gap.lost) + 1]
    return rest


def head_given(text: str, keys: Sequence[Key], gaps: Sequence[Succession]) -> Head:
    """Return a head that somebody kept; `NotVerified` where the log's keys did not sign it."""
    note = Note.parse(text)
    head = Head.parse(note.text)
    signer_of(note, head, keys, gaps)
    return head


def signer_of(note: Note, head: Head, keys: Sequence[Key], gaps: Sequence[Succession]) -> Key:
    """Return which of the log's keys signed a head; `NotVerified` where none did, or one that was lost before."""
    for key in keys:
        lost = any(gap.lost == key and head.size > gap.last.size for gap in gaps)
        if key.kind == ED25519 and key.name == head.origin and not lost and note.signed_by(key):
            return key
    if any(gap.lost == keys[-1] for gap in gaps):
        raise NotVerified(
            "the log's key was lost, and people named the one that signs now: name whom of them you rely on "
            "(`--person`, both), or give the new key"
        )
    raise NotVerified("the head is not signed by the log's key")


def _salt(text: str) -> bytes:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != 32 or raw.hex() != text:
        raise Malformed("the salt is malformed")
    return raw


def text_of(document: Mapping[str, object], name: str) -> str:
    """Return a text of a receipt; `Malformed` where there is none of that name."""
    return texts({name: [document.get(name)]}, name)[0]


def texts(document: Mapping[str, object], name: str) -> list[str]:
    """Return a list of texts of a receipt; `Malformed` where there is none of that name."""
    found = document.get(name)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Malformed(f"the receipt lacks `{name}`")
    return found


def hashes(document: Mapping[str, object]) -> list[bytes]:
    """Return the hashes of a receipt's proof."""
    found = [decoded(one) for one in texts(document, "proof")]
    if any(len(one) != 32 for one in found):
        raise Malformed("a hash of the proof is malformed")
    return found


def told(found: Verified) -> list[str]:
    """Return what was verified, in lines for people."""
    lines = []
    if found.act is not None:
        lines.append(f"holds: act `{found.act.get('act')}` of {found.act.get('at')}, leaf {found.index}")
    if found.older is not None:
        lines.append(f"holds: the log of {found.head.size} acts has all of its {found.older.size} earlier ones")
    lines.append(f"log {found.head.origin}, {found.head.size} acts, signed by key {found.signer.text}")
    if not found.pinned:
        lines.append(f"no key was given: compare this fingerprint with the published one: {found.first.fingerprint}")
    lines += [gap_told(gap) for gap in found.gaps]
    return lines + [f"witnessed by {name}" for name in found.witnesses]


def gap_told(gap: Succession) -> str:
    """Return what there is to say of a key that was lost."""
    names = " and ".join(f"`{one.name}`" for one in gap.people)
    return (
        f"gap: key {gap.lost.text} was lost, and {names} named the next one; that none of the first {gap.last.size} "
        "acts was changed then is shown by heads of before, given away or witnessed, and by nothing else"
    )


def loaded(raw: bytes) -> Mapping[str, object]:
    """Return a receipt as read from a file; `Malformed` where it is no JSON object, or says something twice."""
    try:
        found = json.loads(raw.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Malformed("this is no JSON document, or it says something twice") from None
    if not isinstance(found, dict):
        raise Malformed("this is no receipt: a JSON object is")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(found := dict(pairs)) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def main(arguments: Sequence[str]) -> int:
    """Verify a receipt: 0 it holds, 2 it does not, 3 it is none, 1 it could not be read."""
    options: dict[str, list[str]] = {"": [], "--witness": [], "--person": [], "--older": []}
    rest = iter(arguments)
    for one in rest:
        options[one if one in options else ""].append(next(rest, "") if one in options else one)
    given = options[""]
    if not 1 <= len(given) <= 2 or any(one.startswith("-") for one in given):
        sys.stderr.write(f"{(__doc__ or '').splitlines()[2].strip()}\n")
        return 1
    try:
        document = loaded(Path(given[0]).read_bytes())
        older = Path(options["--older"][-1]).read_text(encoding="utf-8") if options["--older"] else None
        key = given[1] if len(given) == 2 else None
        found = verify(document, key, options["--witness"], people=options["--person"], older=older)
    except IsADirectoryError as wrong:
        sys.stderr.write(f"`{wrong.filename}` is a folder: give a receipt; `belofte log verify` reads a bundle\n")
        return 1
    except OSError as wrong:
        sys.stderr.write(f"the file `{wrong.filename}` cannot be read\n")
        return 1
    except UnicodeDecodeError:
        sys.stderr.write("the head given is no text\n")
        return 3
    except NotVerified as wrong:
        sys.stderr.write(f"does not hold: {wrong}\n")
        return 2
    except Malformed as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 3
    sys.stdout.write("\n".join(told(found)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

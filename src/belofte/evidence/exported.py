"""Whether the log as files (`belofte log export`) is that of a signed head, and still has an older one.

Anybody who has the files can tell: the tiles of level 0 are the leaves, and every head follows from them. Nothing of
what acts say is needed, and nobody is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from belofte.evidence.leaves import Log, hold
from belofte.evidence.tiles import HASH, WIDTH, Place
from belofte.evidence.verify import Head, Key, Malformed, Note, NotVerified, signer_of

HEAD = "checkpoint"


def verify_export(
    folder: Path, key: str | None, older: str | None = None, witnesses: Sequence[str] = ()
) -> tuple[Head, Head | None]:
    """Return the head of an exported log, and the older one that it still has; `NotVerified` where it does not hold.

    `key`: the log's key, which is not among the files. `older`: a signed head that somebody kept. `witnesses`: keys of
    who must have signed the head.
    """
    if key is None:
        raise Malformed("an exported log does not hold the log's key: give it, as the company published it")
    note = Note.parse(_read(folder / HEAD).decode(errors="replace"))
    head = Head.parse(note.text)
    signer_of(note, head, [Key.parse(key)], ())
    if not all(note.signed_by(Key.parse(one)) for one in witnesses):
        raise NotVerified("the head lacks the signature of a witness")
    kept = Head.parse(Note.parse(older).text) if older is not None else None
    if kept is not None:
        hold(kept, head, head if kept.size == head.size else None)
    log = Log()
    for number in range(-(-head.size // WIDTH)):
        width = min(WIDTH, head.size - number * WIDTH)
        hashes = _read(folder / Place(0, number).path(width))
        if len(hashes) != width * HASH:
            raise NotVerified(f"tile {number} is not as wide as the head says")
        for at in range(0, len(hashes), HASH):
            log.add(hashes[at : at + HASH])
            if kept is not None and kept.size == log.size:
                hold(kept, head, replace(kept, root=log.root))
    if log.size != head.size or log.root != head.root:
        raise NotVerified(f"the log of {head.size} acts is not the one whose head was signed")
    return head, kept


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Malformed(f"`{path.name}` is not there, or cannot be read: is the export whole?") from None

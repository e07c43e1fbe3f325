"""The log as files that any reader of C2SP tlog-tiles follows, below one folder: `checkpoint` and `tile/…`.

An entry of a bundle is the commitment that a leaf is the hash of: what an act says is never exported.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from belofte.database.open import Database
from belofte.evidence.seal import Checkpoint
from belofte.evidence.tiles import HASH, WIDTH, Place

AT_ONCE = 256


def export(db: Database, head: Checkpoint, folder: Path) -> int:
    """Write the tiles of a head, then the head; return how many tiles were written. What is there already stays.

    INVARIANT: the head is put in its place last and whole, so that a reader finds every tile of the head that it read.
    """
    written = 0
    with db.transaction():
        for level in range(64):
            count = head.size >> 8 * level
            for first in range(0, -(-count // WIDTH), AT_ONCE):
                written += _level(db, folder, level, first, count)
    _put(folder / "checkpoint", head.note.encode(), again=True)
    return written


def _level(db: Database, folder: Path, level: int, first: int, count: int) -> int:
    written = 0
    for number, hashes, acts in db.values("tiles_between", level=level, first=first, last=first + AT_ONCE - 1):
        place = Place(level, cast(int, number))
        width = min(WIDTH, count - place.number * WIDTH)
        if width < 1:
            continue
        written += _put(folder / place.path(width), cast(bytes, hashes)[: width * HASH])
        if level == 0:
            entries = _bundle(db, cast(list[int], acts)[:width])
            _put(folder / place.path(width).replace("tile/0/", "tile/entries/", 1), entries)
    return written


def _bundle(db: Database, acts: list[int]) -> bytes:
    rows = db.values("commitments", acts=acts)
    return b"".join(HASH.to_bytes(2, "big") + cast(bytes, commitment) for (commitment,) in rows)


def _put(path: Path, content: bytes, *, again: bool = False) -> int:
    """Write a file whole; one that is there is written again only where that is asked. Return how many were written."""
    if path.exists() and not again:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(content)
    fresh.replace(path)
    return 1

"""What an audit bundle has of the log: every leaf, what it says where it is about nobody, heads, keys, receipts.

An act that is about a person is a commitment only: whether she consented is nobody's business who checks the log.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

from belofte.database.open import Database
from belofte.evidence import note, seal
from belofte.evidence.bundle import statement
from belofte.evidence.note import Signer
from belofte.evidence.receipt import receipt
from belofte.evidence.seal import Checkpoint
from belofte.evidence.tiles import WIDTH

AT_ONCE = 64
"""Tiles of leaves that are read at a time."""


def leaves(db: Database, size: int) -> Iterator[bytes]:
    """Yield a line per leaf of a log of this size: its commitment, and the act with its salt where that is told."""
    index = 0
    for first in range(0, -(-size // WIDTH), AT_ONCE):
        for commitment, content, salt in db.values("leaves_told", first=first, last=first + AT_ONCE - 1):
            if index == size:
                return
            index += 1
            line: dict[str, object] = {"commitment": cast(bytes, commitment).hex()}
            if content is not None:
                line |= {"salt": cast(bytes, salt).hex(), "act": json.loads(cast(str, content))}
            yield json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def heads(db: Database, until: int) -> Iterator[bytes]:
    """Yield a line per signed head of the log, up to the one of this size, in their order."""
    for one in db.rows("checkpoints_all", Checkpoint):
        if one.size <= until:
            yield json.dumps(one.note, ensure_ascii=False).encode() + b"\n"


def keys(db: Database) -> Mapping[str, object]:
    """Return the keys that signed the log in their order, and the notes by which each names the next."""
    known = seal.keys(db)
    rotations = [one.endorsement for one in known if one.endorsement is not None]
    return {"keys": [one.key.text for one in known], "rotations": rotations}


def receipts_of_erasures(db: Database) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield a receipt for each step by which an erasure was carried out, with the name of its file."""
    for short, act, name in db.values("acts_of_erasures"):
        step = str(name).rpartition(":")[0].replace(":", "-")
        yield f"{short}/{cast(int, act):09}-{step}.json", receipt(db, cast(int, act))


def signed_manifest(db: Database, signer: Signer, digest: str) -> str:
    """Return the note that signs a manifest by its SHA-256, with the key that signs the log."""
    key = seal.signing_key(db, signer)
    return note.signed(statement(key.name, digest), key, signer)

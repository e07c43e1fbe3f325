"""Receipts: what shows, without Belofte and without its database, that an act is in the log (`evidence/verify.py`)."""

from __future__ import annotations

import json
from typing import cast

from belofte.database import acts
from belofte.database.open import Database
from belofte.evidence import seal, tiles, tree
from belofte.evidence.seal import Checkpoint
from belofte.evidence.verify import CONSISTENCY, RECEIPT, encoded


class NoReceipt(Exception):
    """There is nothing to show: no such act, an erased one, or one that has no place in the log yet."""


def receipt(db: Database, act: int) -> dict[str, object]:
    """Return the receipt of an act, as JSON: what it says, its salt and place, the proof, the signed head, the keys."""
    found = acts.by_id(db, act)
    if found is None:
        raise NoReceipt(f"there is no act {act}")
    if found.content is None or found.salt is None:
        raise NoReceipt(f"act {act} was erased with its person: its place in the log stays, what it said is gone")
    index, at = leaf(db, act), seal.newest(db)
    if index is None or at is None:
        raise NoReceipt(f"act {act} has no place in the log yet: `belofte log checkpoint` gives it one")
    return {
        "belofte": RECEIPT,
        "act": json.loads(found.content),
        "salt": found.salt.hex(),
        "index": index,
        "proof": inclusion(db, index, at.size),
        **_signed(db, at),
    }


def consistency(db: Database, older: int) -> dict[str, object]:
    """Return what shows that the log of today has all that it had when it was `older` acts long."""
    before, at = db.row("checkpoint_at", Checkpoint, size=older), seal.newest(db)
    if before is None or at is None:
        raise NoReceipt(f"no head was signed when the log was {older} acts long")
    proof = _proof(db, tree.consistency_ranges(older, at.size))
    return {"belofte": CONSISTENCY, "older": before.note, "proof": proof, **_signed(db, at)}


def leaf(db: Database, act: int) -> int | None:
    """Return which leaf of the log an act is; None where it has no place yet."""
    found = db.values("leaf_of", act=act)
    return cast(int, found[0][0]) if found else None


def inclusion(db: Database, index: int, size: int) -> list[str]:
    """Return the proof that a leaf is in the log of this size, in base64."""
    return _proof(db, tree.inclusion_ranges(index, size))


def _proof(db: Database, ranges: list[tuple[int, int]]) -> list[str]:
    there = seal.tiles_at(db, tiles.holding(tree.needed(ranges)))
    return [encoded(one) for one in tree.proof(tiles.nodes_of(there), ranges)]


def _signed(db: Database, at: Checkpoint) -> dict[str, object]:
    known = seal.keys(db)
    return {
        "checkpoint": at.note,
        "keys": [one.key.text for one in known],
        "rotations": [one.endorsement for one in known if one.endorsement is not None],
    }

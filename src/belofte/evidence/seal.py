"""Sealing: acts get their places in the tree, and its head is signed.

One process at a time, under an advisory lock; each batch is one transaction: tiles, places and the signed head are
there together or not at all, and a process that dies in between leaves the log as it was. When `seal` returns, every
act that was committed before it was called has its place under a signed head, for good.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from psycopg.types.range import Range

from belofte.database.errors import KeyUnusable
from belofte.database.open import Database, statement
from belofte.evidence import note as notes
from belofte.evidence.note import Signer
from belofte.evidence.tiles import WIDTH, Place, grown, last_places
from belofte.evidence.verify import ED25519, Head, Key, Malformed, Note, NotVerified, Succession, leaf_hash

FOR_SEALING = 0x7365616C
"""The advisory lock of whoever extends the tree ("seal")."""

BATCH = 200_000
"""Acts that get their places under one head at most."""


@dataclass(frozen=True)
class Checkpoint:
    """A signed head as kept. Every act up to number `settled` is in the tree."""

    size: int
    note: str
    settled: int

    @property
    def head(self) -> Head:
        """What the note says."""
        return Head.parse(Note.parse(self.note).text)


class KeyRow(NamedTuple):
    """A key of the log and the note by which the one before it named it."""

    key: Key
    endorsement: str | None


def _nobody(_step: str) -> None:
    """Nobody watches."""


def seal(db: Database, signer: Signer, *, witness: Callable[[str], None] = _nobody) -> Checkpoint | None:
    """Give the acts that wait their places, and return the newest head; None where there is nothing to have one of.

    A head signs the acts before it; that it was signed is an act of its own, and waits for the next ones. Raises
    `KeyUnusable` when the signer is not the log's key. `witness` is told of each step; the crash tests end there.
    """
    while True:
        with db.transaction():
            db.values("sealing_locked", lock=FOR_SEALING)
            last = newest(db)
            key = signing_key(db, signer)
            pending, settled = _pending(db, last.settled if last else 0)
            witness("read")
            if not pending or all(already for _, _, already in pending):
                return last
            last = _extended(db, last.size if last else 0, key, signer, pending, settled, witness)
        witness("committed")
        if len(pending) < BATCH:
            return last


def newest(db: Database) -> Checkpoint | None:
    """Return the newest signed head."""
    return db.row("checkpoint_last", Checkpoint)


def keys(db: Database) -> list[KeyRow]:
    """Return the keys of the log in their order, the one that signs now last."""
    return [KeyRow(Key.parse(str(vkey)), cast(str | None, named)) for vkey, named in db.values("log_keys")]


def signing_key(db: Database, signer: Signer) -> Key:
    """Return the key that signs the log; a log that has none takes the signer's. Raises `KeyUnusable` for another."""
    known = keys(db)
    if not known:
        key = Key(f"belofte/{secrets.token_hex(8)}", ED25519, signer.public)
        db.run("log_key_added", vkey=key.text, endorsement=None)
        return key
    if known[-1].key.public != signer.public:
        raise KeyUnusable(
            "the key at hand is not the one that signs this log: restore it, or name the new one with the old one by "
            "`belofte log rotate`; where it is lost, two people name the new one by `belofte log succeed`"
        )
    return known[-1].key


def rotate(db: Database, old: Signer, new: Signer) -> Key:
    """Have the key that signs name the one after it, and return that one; receipts of both stay verifiable."""
    with db.transaction():
        db.values("sealing_locked", lock=FOR_SEALING)
        key = signing_key(db, old)
        fresh = Key(key.name, ED25519, new.public)
        db.run("log_key_added", vkey=fresh.text, endorsement=notes.rotation(key, fresh, old))
    return fresh


def succeed(db: Database, new: Signer, people: Sequence[tuple[Key, Signer]]) -> Key:
    """Have two people name a key after the one that was lost, and return it; what was signed is not signed again.

    Raises `KeyUnusable` where there is nothing to succeed to, or the two are not two.
    """
    with db.transaction():
        db.values("sealing_locked", lock=FOR_SEALING)
        known, last = keys(db), newest(db)
        if not known or last is None:
            raise KeyUnusable("nothing was signed yet: there is no key to come after")
        if known[-1].key.public == new.public:
            raise KeyUnusable("the log's key is at hand: it names the next one itself, by `belofte log rotate`")
        key = Key(known[-1].key.name, ED25519, new.public)
        gap = Succession(known[-1].key, key, last.head, tuple(one for one, _ in people))
        note = notes.succession(gap, [(key, new), *people])
        try:
            Succession.parse(note)
        except (Malformed, NotVerified) as wrong:
            raise KeyUnusable(str(wrong)) from None
        db.run("log_key_added", vkey=key.text, endorsement=note)
    return key


def tiles_at(db: Database, places: Sequence[Place]) -> dict[Place, bytes]:
    """Return the tiles at these places."""
    levels, numbers = [one.level for one in places], [one.number for one in places]
    rows = db.values("tiles_at", levels=levels, numbers=numbers) if places else []
    return {Place(cast(int, level), cast(int, number)): cast(bytes, hashes) for level, number, hashes in rows}


def _pending(db: Database, settled: int) -> tuple[list[tuple[int, bytes, bool]], int]:
    """Return the acts without a place, and up to which number none will come any more once these have theirs.

    INVARIANT: who writes acts holds a lock on the table from before its acts are numbered until it commits. So when
    nobody holds one after the newest number was read, every act up to that number can be seen.
    """
    ((until,),) = db.values("acts_newest")
    ((writing,),) = db.values("acts_being_written")
    rows = cast(list[tuple[int, bytes, bool]], db.values("acts_pending", settled=settled, newest=until, most=BATCH))
    return rows, settled if writing or not rows else rows[-1][0]


def _extended(
    db: Database, size: int, key: Key, signer: Signer, pending: Sequence[tuple[int, bytes, bool]], settled: int,
    witness: Callable[[str], None],
) -> Checkpoint:  # fmt: skip
    grown_by = grown(size, tiles_at(db, last_places(size)), [leaf_hash(commitment) for _, commitment, _ in pending])
    _keep(db, size, [act for act, _, _ in pending], grown_by.changed)
    witness("tiled")
    head = Head(key.name, grown_by.size, grown_by.root)
    note = notes.checkpoint(head, key, signer)
    witness("signed")
    db.run("checkpoint_put", size=head.size, note=note, settled=settled)
    witness("kept")
    return Checkpoint(head.size, note, settled)


def _keep(db: Database, size: int, acts: Sequence[int], changed: Mapping[Place, bytes]) -> None:
    """Keep the tiles that changed; with those of level 0, which acts their leaves are."""
    above = {place: hashes for place, hashes in changed.items() if place.level}
    db.run(
        "tiles_put",
        levels=[one.level for one in above], numbers=[one.number for one in above], hashes=list(above.values()),
    )  # fmt: skip
    first, width = divmod(size, WIDTH)
    there: list[int] = []
    if width:
        ((found,),) = db.values("tile_acts", number=first)
        there = list(cast(list[int], found))
        db.run("leaf_tile_gone", number=first)
    named = [*there, *acts]
    with db.connection.cursor() as cursor, cursor.copy(statement("leaf_tiles_copy")) as copy:
        copy.set_types(["int2", "int8", "bytea", "int8[]", "int8range"])
        for at in range(0, len(named), WIDTH):
            part, place = named[at : at + WIDTH], Place(0, first + at // WIDTH)
            copy.write_row((0, place.number, changed[place], part, Range(min(part), max(part), "[]")))

"""The bits of a PostgreSQL store's people: written by block, read by key, under the lock of whoever tells the store.

A slot's blocks stand from the first on without a gap, for a reader puts them together as they come.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import LiteralString

from psycopg.sql import SQL, Identifier

from belofte.compiler.bitmap import BLOCK, LIMIT
from belofte.compiler.standing import open_table
from belofte.stores.postgres_views import named
from belofte.stores.session import Session

THERE = "SELECT EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname = %s AND tablename = %s)"
SET: LiteralString = """SELECT k.key, o.slot FROM unnest(CAST(%(keys)s AS bigint[])) AS k (key)
    JOIN {open} o ON o.slot = ANY(%(slots)s) AND o.block = k.key / {size}
    WHERE pg_catalog.get_bit(o.bits, k.key %% {size}) = 1"""
FILL: LiteralString = """INSERT INTO {open} SELECT %(slot)s, n, %(bits)s FROM generate_series(0, %(block)s) n
    ON CONFLICT DO NOTHING"""
PRESENT: LiteralString = """SELECT CAST(t.{key} / {size} AS integer), array_agg(CAST(t.{key} %% {size} AS integer))
    FROM {table} t WHERE t.{key} >= 0 AND t.{key} < {limit} GROUP BY 1"""


def there(session: Session, entry: str) -> bool:
    """Return whether people of an entry have bits in this store."""
    return bool(session.execute(THERE, open_table(entry).split("."))[0][0])


def fits(key: int) -> bool:
    """Return whether a key has a bit."""
    return 0 <= key < LIMIT


def told(session: Session, entry: str, keys: Collection[int], slots: Sequence[int]) -> dict[int, set[int]]:
    """Return the slots in which people's bits are set, by key."""
    found: dict[int, set[int]] = {}
    given = {"keys": [key for key in keys if fits(key)], "slots": list(slots)}
    for key, slot in session.execute(_sql(SET, entry), given):
        found.setdefault(key, set()).add(slot)
    return found


def tell(session: Session, entry: str, wanted: Mapping[int, set[int]], slots: Sequence[int]) -> None:
    """Set the bits of these people in these slots and in no others; only blocks that change are written."""
    known = told(session, entry, wanted, slots)
    turned: dict[tuple[int, int], list[int]] = {}
    for key, own in wanted.items():
        for slot in own ^ known.get(key, set()):
            turned.setdefault((slot, key // BLOCK), []).append(key % BLOCK)
    for (slot, block), places in sorted(turned.items()):
        _turn(session, entry, slot, block, places)


def _turn(session: Session, entry: str, slot: int, block: int, places: Sequence[int]) -> None:
    at = {"slot": slot, "block": block}
    reading = _sql("SELECT bits FROM {open} WHERE slot = %(slot)s AND block = %(block)s", entry)
    found = session.execute(reading, at)
    if not found:
        session.execute(_sql(FILL, entry), {**at, "bits": bytes(BLOCK // 8)})
    bits = bytearray(found[0][0] if found else bytes(BLOCK // 8))
    for place in places:
        bits[place // 8] ^= 1 << place % 8
    _write(session, entry, slot, block, bytes(bits))


def _write(session: Session, entry: str, slot: int, block: int, bits: bytes) -> None:
    update = _sql("UPDATE {open} SET bits = %(bits)s WHERE slot = %(slot)s AND block = %(block)s", entry)
    session.execute(update, {"slot": slot, "block": block, "bits": bits})


def forget_gone(session: Session, entry: str, table: str, key: str) -> int:
    """Turn off the bits of people whose rows are gone; return how many."""
    count = 0
    present = _present(session, table, key)
    blocks = session.execute(_sql("SELECT DISTINCT block FROM {open}", entry))
    for (block,) in blocks:
        mask = present.get(block, 0)
        rows = session.execute(_sql("SELECT slot, bits FROM {open} WHERE block = %(block)s", entry), {"block": block})
        for slot, bits in rows:
            told_of = int.from_bytes(bits, "little")
            gone = told_of & ~mask
            if gone:
                count += gone.bit_count()
                _write(session, entry, slot, block, (told_of & mask).to_bytes(BLOCK // 8, "little"))
    return count


def _present(session: Session, table: str, key: str) -> dict[int, int]:
    """Return, per block, whose rows are there."""
    query = SQL(PRESENT).format(table=named(table), key=Identifier(key), size=SQL(str(BLOCK)), limit=SQL(str(LIMIT)))
    return {block: _number(places) for block, places in session.execute(query.as_string(None))}


def _number(places: Sequence[int]) -> int:
    bits = bytearray(BLOCK // 8)
    for place in places:
        bits[place // 8] |= 1 << place % 8
    return int.from_bytes(bits, "little")


def _sql(query: LiteralString, entry: str) -> str:
    return SQL(query).format(open=named(open_table(entry)), size=SQL(str(BLOCK))).as_string(None)

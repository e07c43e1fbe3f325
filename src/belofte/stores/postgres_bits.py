"""The bits of a PostgreSQL store's people: written by block, read by key, under the lock of whoever tells the store.

A block whose `more` is false has nobody in it of whom the store was told more than a bit: readers look no further.
INVARIANT: wherever a row of `allowed_<entry>` is not shut and its key fits, its block is there and its `more` is true.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import LiteralString

from psycopg.sql import SQL, Identifier

from belofte.compiler.bitmap import BLOCK, LIMIT
from belofte.compiler.standing import allowed_table, open_table
from belofte.stores.postgres_views import named
from belofte.stores.session import Session

THERE = "SELECT to_regclass(quote_ident(%s) || '.' || quote_ident(%s)) IS NOT NULL"
SET: LiteralString = """SELECT k.key, o.slot FROM unnest(CAST(%(keys)s AS bigint[])) AS k (key)
    JOIN {open} o ON o.slot = ANY(%(slots)s) AND o.block = k.key / {size}
    WHERE pg_catalog.get_bit(o.bits, k.key %% {size}) = 1"""
ADD: LiteralString = "INSERT INTO {open} (slot, block, bits) VALUES (%(slot)s, %(block)s, %(bits)s)"
MORE: LiteralString = """INSERT INTO {open} AS o (slot, block, bits, more)
    SELECT w.slot, w.block, %(bits)s, true
    FROM unnest(CAST(%(slots)s AS integer[]), CAST(%(blocks)s AS integer[])) AS w (slot, block)
    ON CONFLICT (slot, block) DO UPDATE SET more = true WHERE NOT o.more"""
NO_MORE: LiteralString = """UPDATE {open} o SET more = false WHERE o.more AND NOT EXISTS (
    SELECT FROM {allowed} d WHERE d.slot = o.slot AND NOT d.shut
        AND d.k0 >= o.block * {size} AND d.k0 < (o.block + 1) * {size}
)"""
PRESENT: LiteralString = """SELECT CAST(t.{key} / {size} AS integer), array_agg(CAST(t.{key} %% {size} AS integer))
    FROM {table} t WHERE t.{key} >= 0 AND t.{key} < {limit} GROUP BY 1"""


def there(session: Session, entry: str) -> bool:
    """Return whether people of an entry have bits in this store."""
    if entry not in session.knows:
        session.knows[entry] = bool(session.execute(THERE, open_table(entry).split("."))[0][0])
    return session.knows[entry]


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
    bits = bytearray(found[0][0] if found else bytes(BLOCK // 8))
    for place in places:
        bits[place // 8] ^= 1 << place % 8
    if found:
        _write(session, entry, slot, block, bytes(bits))
    else:
        session.execute(_sql(ADD, entry), {**at, "bits": bytes(bits)})


def tell_more(session: Session, entry: str, wanted: Collection[tuple[int, int]]) -> None:
    """Say that there is more to tell than a bit of these people, each in a slot: a slot and a key."""
    places = sorted({(slot, key // BLOCK) for slot, key in wanted if fits(key)})
    if places:
        slots, blocks = ([place[part] for place in places] for part in (0, 1))
        given = {"slots": slots, "blocks": blocks, "bits": bytes(BLOCK // 8)}
        session.execute(_sql(MORE, entry), given)


def _write(session: Session, entry: str, slot: int, block: int, bits: bytes) -> None:
    update = _sql("UPDATE {open} SET bits = %(bits)s WHERE slot = %(slot)s AND block = %(block)s", entry)
    session.execute(update, {"slot": slot, "block": block, "bits": bits})


def forget_gone(session: Session, entry: str, table: str, key: str) -> int:
    """Turn off the bits of people whose rows are gone; return how many. No block tells of more than there is."""
    count = 0
    session.execute(_sql(NO_MORE, entry))
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
    tables = {"open": named(open_table(entry)), "allowed": named(allowed_table(entry))}
    return SQL(query).format(**tables, size=SQL(str(BLOCK))).as_string(None)

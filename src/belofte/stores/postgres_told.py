"""What a PostgreSQL store is told of people's choices: written and read by key, under one lock per store.

The lock is one on a relation that no reader has a right on: an advisory lock can be taken by any account of the
database, and a reader who holds it keeps withdrawals out.

INVARIANT: whoever writes takes the lock first and reads the choices after: of two who tell about the same person, the
later one knows more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.sql import SQL, Identifier

from belofte.compiler.masks import KEYS
from belofte.compiler.standing import SCHEMA, CalendarRow, Told, allowed_table
from belofte.policy.person import Key
from belofte.stores import postgres_bits, postgres_whose
from belofte.stores.postgres_views import named
from belofte.stores.postgres_whose import persons, tell_persons
from belofte.stores.session import Session

__all__ = [
    "calendar_end", "forget_gone", "lease", "lock", "persons", "rows_of", "tell", "tell_calendar", "tell_keys",
    "tell_persons", "tell_slots", "told_of", "told_until",
]  # fmt: skip
ToldRow = tuple[int, bool, bool, int | None, datetime | None, str | None]
"""A slot, whether consent is open, whether it is shut, the identity, after when, what is restricted."""
PLAIN = (True, False, None, None, None)
"""What is told of somebody who consented and is watched, when there is nothing more to tell: a bit."""
PersonKey = tuple[Any, ...]


def lock(session: Session) -> None:
    """Wait until nobody else tells this store; the lock ends with the transaction."""
    slot = named(f"{SCHEMA}.slot")
    session.execute(text(SQL("LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE").format(slot)))


def tell_slots(session: Session, slots: Mapping[Key, int]) -> None:
    """Make the store's slots these: a new one has no lease yet, one that is gone leaves nothing open."""
    slot = named(f"{SCHEMA}.slot")
    session.execute(text(SQL("DELETE FROM {} WHERE id <> ALL(%(ids)s)").format(slot)), {"ids": list(slots.values())})
    insert = text(SQL("INSERT INTO {} (id, purpose, channel) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING").format(slot))
    for (purpose, channel), number in slots.items():
        session.execute(insert, (number, purpose, channel))


def tell_keys(session: Session, keys: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Write the halves of the keys with which purposes see pseudonyms in place of what was there."""
    session.execute(text(SQL("DELETE FROM {}").format(named(KEYS))))
    insert = text(SQL("INSERT INTO {} VALUES (%s, %s, %s)").format(named(KEYS)))
    for purpose, halves in keys.items():
        session.execute(insert, (purpose, *halves))


def lease(session: Session, until: datetime, at: datetime) -> None:
    """Let what the store was told hold until a moment."""
    update = SQL("UPDATE {} SET until = %(until)s, told_at = %(at)s").format(named(f"{SCHEMA}.slot"))
    session.execute(text(update), {"until": until, "at": at})


def told_until(session: Session) -> tuple[datetime | None, datetime | None]:
    """Return until when the store's leases hold, and when it was last told everything."""
    found = session.execute(text(SQL("SELECT min(until), min(told_at) FROM {}").format(named(f"{SCHEMA}.slot"))))
    until, at = found[0]
    return until, at


def tell_calendar(session: Session, rows: Iterable[CalendarRow]) -> None:
    """Write the first days of terms in place of what was there."""
    table = named(f"{SCHEMA}.first_day")
    session.execute(text(SQL("DELETE FROM {}").format(table)))
    with session.connection.cursor() as cursor, cursor.copy(SQL("COPY {} FROM STDIN").format(table)) as copy:
        for row in rows:
            copy.write_row(row)


def calendar_end(session: Session) -> Any:
    """Return the last day that the calendar knows; None without one."""
    return session.execute(text(SQL("SELECT max(today) FROM {}").format(named(f"{SCHEMA}.first_day"))))[0][0]


def told_of(
    session: Session, entry: str, kinds: Sequence[str], keys: Sequence[PersonKey], slots: Sequence[int]
) -> dict[PersonKey, list[ToldRow]]:
    """Return what the store was told of people, by key."""
    width = len(kinds)
    query = SQL("SELECT {}, slot, consent, shut, identity, after, restricted FROM {} WHERE slot = ANY(%(s)s) AND {}")
    query_text = text(query.format(_names(width), named(allowed_table(entry)), _among(kinds)))
    found: dict[PersonKey, list[ToldRow]] = {}
    for row in session.execute(query_text, {"s": list(slots), **_arrays(keys, width)}):
        found.setdefault(tuple(row[:width]), []).append(row[width:])
    if postgres_bits.there(session, entry):
        for key, own in postgres_bits.told(session, entry, [key[0] for key in keys], slots).items():
            found.setdefault((key,), []).extend((slot, *PLAIN) for slot in own)
    return {key: sorted(rows) for key, rows in found.items()}


def tell(
    session: Session, entry: str, kinds: Sequence[str], rows: Mapping[PersonKey, Sequence[ToldRow]],
    slots: Sequence[int],
) -> None:  # fmt: skip
    """Write what a store is to know of these people in place of what it knew."""
    table, width = named(allowed_table(entry)), len(kinds)
    delete = SQL("DELETE FROM {} WHERE slot = ANY(%(s)s) AND {}").format(table, _among(kinds))
    session.execute(text(delete), {"s": list(slots), **_arrays(list(rows), width)})
    columns = SQL("{}, slot, consent, shut, identity, after, restricted").format(_names(width))
    statement = SQL("COPY {} ({}) FROM STDIN").format(table, columns)
    bits: dict[int, set[int]] = {}
    if postgres_bits.there(session, entry):
        plain = {key[0]: {one[0] for one in told if one[1:] == PLAIN} for key, told in rows.items()}
        bits = {key: own for key, own in plain.items() if postgres_bits.fits(key)}
        postgres_bits.tell(session, entry, bits, slots)
        more = {(one[0], key[0]) for key, told in rows.items() for one in told if one[1:] != PLAIN and not one[2]}
        postgres_bits.tell_more(session, entry, more)
    with session.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for key, told in rows.items():
            for one in told:
                if one[0] not in bits.get(key[0], ()):
                    copy.write_row((*key, *one))


def forget_gone(session: Session, entry: str, table: str, key: Sequence[str], kinds: Sequence[str]) -> int:
    """Let go of what the store was told of people whose rows are gone; return how many."""
    names = [Identifier(f"k{n}") for n, _ in enumerate(key)]
    same = SQL(" AND ").join(SQL("p.{} = a.{}").format(Identifier(c), name) for c, name in zip(key, names, strict=True))
    query = SQL("WITH gone AS (DELETE FROM {} a WHERE NOT EXISTS (SELECT FROM {} p WHERE {}) RETURNING 1) ").format(
        named(allowed_table(entry)), named(table), same
    )
    count = int(session.execute(text(query + SQL("SELECT count(*) FROM gone")))[0][0])
    if postgres_bits.there(session, entry):
        count += postgres_bits.forget_gone(session, entry, table, key[0])
    return count + postgres_whose.pack(session, entry, table, key, kinds)


def rows_of(told: Mapping[Key, Told], slots: Mapping[Key, int], identity: int | None) -> list[ToldRow]:
    """Return what is told of one person as the store keeps it."""
    return sorted(
        (slots[key], one.consent, one.shut, identity, one.after, one.restricted) for key, one in told.items()
    )  # fmt: skip


def text(composed: Any) -> str:
    """Return a composed statement as the driver takes it."""
    found: str = composed.as_string(None)
    return found


def _names(width: int) -> Any:
    return SQL(", ").join(Identifier(f"k{number}") for number in range(width))


def _among(kinds: Sequence[str]) -> Any:
    """Return the condition that the key is one of those in the arrays `k0`, `k1`, …"""
    casts = [SQL("CAST(%(k{})s AS {}[])").format(SQL(str(number)), SQL(kind)) for number, kind in enumerate(kinds)]
    if len(kinds) == 1:
        return SQL("{} = ANY({})").format(Identifier("k0"), casts[0])
    return SQL("({}) IN (SELECT * FROM unnest({}))").format(_names(len(kinds)), SQL(", ").join(casts))


def _arrays(keys: Sequence[PersonKey], width: int) -> dict[str, list[Any]]:
    return {f"k{number}": [key[number] for key in keys] for number in range(width)}

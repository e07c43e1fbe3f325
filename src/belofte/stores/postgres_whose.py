"""Whose rows are whose in a PostgreSQL store: the handles of people and the keys of their rows, packed in arrays.

A later word about a person finds her rows by her handle alone, so pairs stand by the first bits of it, and need no
index on keys. What is new is appended; after everyone was told it is put together with the rest (decision 0027).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import LiteralString

from psycopg.sql import SQL, Composable, Identifier

from belofte.compiler.standing import SCHEMA, person_table
from belofte.stores.bound import PersonKey
from belofte.stores.postgres_views import Statements, named, texts
from belofte.stores.session import Session

PLACES = 14
"""Bits of a handle that say where it stands: 61 people a row at a million, 6,100 at a hundred million."""

MADE: LiteralString = "CREATE TABLE {table} (place integer NOT NULL, handles bigint[] NOT NULL, {columns})"
FOUND: LiteralString = """SELECT u.* FROM {table} w CROSS JOIN LATERAL unnest(w.handles, {arrays}) AS u (handle, {keys})
    WHERE w.place = ANY(%(places)s) AND u.handle = ANY(%(handles)s)"""
LET_GO: LiteralString = """UPDATE {table} w SET (handles, {keys}) = (
    SELECT coalesce(array_agg(u.handle), '{{}}'), {left}
    FROM unnest(w.handles, {arrays}) AS u (handle, {keys}) WHERE (u.handle, {own}) NOT IN (SELECT * FROM unnest({gone}))
) WHERE w.place = ANY(%(places)s)"""
PACK: LiteralString = """CREATE UNLOGGED TABLE {packed} AS SELECT place, array_agg(handle) AS handles, {packing} FROM (
    SELECT w.place, u.* FROM {table} w CROSS JOIN LATERAL unnest(w.handles, {arrays}) AS u (handle, {keys})
    WHERE EXISTS (SELECT FROM {people} p WHERE {same})
) found GROUP BY place"""
SIZE: LiteralString = "SELECT count(*), coalesce(sum(cardinality(handles)), 0) FROM {table}"

Pair = tuple[int, PersonKey]


def made(entry: str, types: Sequence[str]) -> Statements:
    """Return what makes the relation that says whose an entry's rows are."""
    table = named(person_table(entry))
    columns = (SQL("{} {}[] NOT NULL").format(_key(n), SQL(kind)) for n, kind in enumerate(types))
    make = SQL(MADE).format(table=table, columns=SQL(", ").join(columns))
    return texts(make, SQL("CREATE INDEX ON {} (place)").format(table))


def persons(session: Session, entry: str, kinds: Sequence[str], handles: Collection[int]) -> dict[int, list[PersonKey]]:
    """Return the rows of people, by the handles of these."""
    given = {"places": sorted({_place(one) for one in handles}), "handles": list(handles)}
    found: dict[int, list[PersonKey]] = {}
    for handle, *key in session.execute(_sql(FOUND, entry, kinds), given) if handles else ():
        found.setdefault(handle, []).append(tuple(key))
    return found


def tell_persons(
    session: Session, entry: str, kinds: Sequence[str], whose: Mapping[PersonKey, Sequence[int]],
    led: Collection[int] = (),
) -> None:  # fmt: skip
    """Write whose rows these are, where the store knows otherwise. `led`: the handles that led here.

    Another handle may still lead to a row that is no longer hers: whoever follows it asks the row whose it is.
    """
    wanted = {(handle, key) for key, own in whose.items() for handle in own}
    known = persons(session, entry, kinds, {*led, *(handle for handle, _ in wanted)})
    had = {(handle, key) for handle, keys in known.items() for key in keys if key in whose}
    if had - wanted:
        _let_go(session, entry, kinds, had - wanted)
    _append(session, entry, len(kinds), wanted - had)


def _let_go(session: Session, entry: str, kinds: Sequence[str], gone: Collection[Pair]) -> None:
    given = {"places": sorted({_place(handle) for handle, _ in gone}), "handles": [handle for handle, _ in gone]}
    keys = {f"k{number}": [key[number] for _, key in gone] for number, _ in enumerate(kinds)}
    session.execute(_sql(LET_GO, entry, kinds), {**given, **keys})


def _append(session: Session, entry: str, width: int, new: Collection[Pair]) -> None:
    rows: dict[int, list[Pair]] = {}
    for handle, key in new:
        rows.setdefault(_place(handle), []).append((handle, key))
    statement = SQL("COPY {} FROM STDIN").format(named(person_table(entry)))
    with session.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for place, pairs in sorted(rows.items()):
            keys = ([key[number] for _, key in pairs] for number in range(width))
            copy.write_row((place, [handle for handle, _ in pairs], *keys))


def pack(session: Session, entry: str, table: str, key: Sequence[str], kinds: Sequence[str]) -> int:
    """Put what stands together, without the rows of people that are gone; return how many were let go of.

    What is put together is written where it takes no more room than it needs: nobody else reads it meanwhile.
    """
    packed = f"{SCHEMA}.packed"
    same = (SQL("p.{} = u.{}").format(Identifier(column), _key(number)) for number, column in enumerate(key))
    given = {"packed": named(packed), "people": named(table), "same": SQL(" AND ").join(same)}
    session.execute(_sql(PACK, entry, kinds, **given))
    (rows, pairs), (kept_rows, kept) = (
        session.execute(SQL(SIZE).format(table=named(one)).as_string(None))[0] for one in (person_table(entry), packed)
    )
    if (rows, pairs) != (kept_rows, kept):
        session.execute(_sql("TRUNCATE {table}", entry, kinds))
        session.execute(_sql("INSERT INTO {table} SELECT * FROM {packed} ORDER BY place", entry, kinds, **given))
    session.execute(_sql("DROP TABLE {packed}", entry, kinds, **given))
    return int(pairs - kept)


def _place(handle: int) -> int:
    return (handle & (1 << 64) - 1) >> 64 - PLACES


def _key(number: int) -> Identifier:
    return Identifier(f"k{number}")


def _sql(query: LiteralString, entry: str, kinds: Sequence[str], **given: Composable) -> str:
    """Return a statement on an entry's pairs, whose keys are of these types."""
    numbers = range(len(kinds))
    gone: list[Composable] = [SQL("CAST(%(handles)s AS bigint[])")]
    gone += [SQL("CAST(%({})s AS {}[])").format(SQL(f"k{n}"), SQL(kind)) for n, kind in enumerate(kinds)]
    parts = {
        "table": named(person_table(entry)),
        "keys": SQL(", ").join(_key(n) for n in numbers),
        "own": SQL(", ").join(SQL("u.{}").format(_key(n)) for n in numbers),
        "arrays": SQL(", ").join(SQL("w.{}").format(_key(n)) for n in numbers),
        "left": SQL(", ").join(SQL("coalesce(array_agg(u.{}), '{{}}')").format(_key(n)) for n in numbers),
        "packing": SQL(", ").join(SQL("array_agg({0}) AS {0}").format(_key(n)) for n in numbers),
        "gone": SQL(", ").join(gone),
    }
    return SQL(query).format(**parts, **given).as_string(None)

"""Did anything change that a means is measured from? A digest of all of it; None where nothing sound says so.

Sound: it differs whenever a committed change may have happened. PostgreSQL tells its present snapshot of transactions
(every write has a number there, in whatever database of the server); a SQLite file counts its changes in its header.
MariaDB has nothing of the kind: what reads such a store is measured anew each time. What depends on time is measured
anew on each civil day: terms are counted in days.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from belofte.compiler.digests import digest_of, map_digest, policy_digest
from belofte.database import promises
from belofte.promises.matter import Matter, Scope
from belofte.promises.means import Exercise
from belofte.rights.desk import Opened
from belofte.stores.session import Failed, session

COUNTER = slice(24, 28)
"""The bytes of a SQLite file that count its changes (its file format, 1.3.7)."""
WRITES_AHEAD = slice(18, 20)
"""The bytes that say how it is written; 1 is the journal that the counter goes with, 2 writes ahead of it."""


def marker(matter: Matter, exercise: Exercise, scope: Scope) -> bytes | None:
    """Return the digest of what a means is measured from at this moment; None: it has to be measured anew."""
    if exercise.reads == "records":
        return None
    found: list[object] = [*_stated(matter), [sorted(part) for part in scope.parts]]
    if exercise.reads != "declared":
        for name in matter.desk.sql_stores:
            one = matter.once(("marker", name), lambda: _store(matter, name))  # noqa: B023
            if one is None:
                return None
            found.append(one)
    if exercise.reads == "stores and choices":
        found.append([str(one) for one in matter.once("choices", lambda: promises.choices_marker(matter.desk.db))])
    return digest_of(found)


def _stated(matter: Matter) -> list[object]:
    maps = [[name, map_digest(one.map).hex()] for name, one in sorted(matter.maps.items())]
    return [str(matter.today), policy_digest(matter.policy).hex(), maps]


def _store(matter: Matter, name: str) -> str | None:
    opened = matter.opened(name)
    if isinstance(opened, str):
        return None
    try:
        return _postgres(opened) if opened.store.dialect == "postgres" else _sqlite(opened)
    except (Failed, OSError):
        return None


def _postgres(opened: Opened) -> str:
    with session(opened.store) as reading:
        ((server, snapshot),) = reading.execute(
            "SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()), "
            "pg_catalog.pg_current_snapshot()::text"
        )
    return f"{server} {snapshot}"


def _sqlite(opened: Opened) -> str | None:
    if opened.store.dialect != "sqlite":
        return None
    with session(opened.store) as reading:
        file = Path(str(reading.execute("PRAGMA database_list")[0][2]))
    with file.open("rb") as read:
        head = read.read(100)
    if head[WRITES_AHEAD] != b"\x01\x01":
        return None
    known = file.stat()
    return hashlib.sha256(head + f"{known.st_ino} {known.st_size}".encode()).hexdigest()

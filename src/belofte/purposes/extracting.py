"""Extracts: what a purpose may use of one table now, streamed to a file for a named recipient, and recorded.

For every kind of store, also where there are no views. The conditions are the view's; the people's states are read at
the moment of the extract, so that no lease stands between a choice and the file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from belofte.compiler import masks
from belofte.compiler.pseudonym import halves
from belofte.compiler.setting import People as Class
from belofte.compiler.setting import Population
from belofte.compiler.statement import Keys
from belofte.compiler.views import PRESENCE
from belofte.compiler.views import extract as compiled
from belofte.datamap.schema import ColumnInfo
from belofte.policy.person import PersonState, nobody
from belofte.purposes.desk import Desk, Opened, standing
from belofte.purposes.files import writer
from belofte.purposes.projecting import BATCH, entries, families, people, states_of_rows
from belofte.stores.bound import PersonKey
from belofte.stores.session import Session, session


class NoExtract(Exception):
    """There is nothing to extract; says why and what to do."""


@dataclass(frozen=True)
class Extract:
    """What went into a file: columns, how many rows, and the file's SHA-256."""

    columns: tuple[str, ...]
    rows: int
    digest: str


def extract(desk: Desk, opened: Opened, purpose: str, table: str, file: Path, recipient: str) -> Extract:
    """Write what a purpose may use of a table to a new file, and record it as a disclosure to the recipient.

    When this returns, the file is whole and the disclosure is recorded; where it raises (`NoExtract`, `NoFile`,
    what a store raises), there is no file.
    """
    write = writer(file)
    if table not in opened.graph.schema.tables or table not in opened.graph.map.tables:
        raise NoExtract(f"the map of `{opened.name}` has no table `{table}`")
    at = desk.clock()
    part = file.with_name(file.name + ".part")
    try:
        with session(opened.store) as reading:
            keysets: dict[str, Keys] = {}
            population = population_of(desk, opened, reading, keysets)
            setting = replace(standing(desk, opened.graph), now=at, population=population)
            found = compiled(setting, purpose, table)
            if found is None:
                raise NoExtract(f"`{purpose}` uses nothing of `{table}`")
            columns, statement = found
            reading.given = halves({purpose: desk.key.masking(purpose)})
            count = write(part, described(desk, opened, purpose, table, columns), reading.stream(statement, keysets))
        with part.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        disclosed(desk, opened, (purpose, table, recipient), columns, count, digest, at)
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return Extract(columns, count, digest)


def population_of(desk: Desk, opened: Opened, reading: Session, keysets: dict[str, Keys]) -> Population:
    """Return everybody of a store whose choices say more than nothing, by what they leave open."""
    unknown = nobody(desk.policy)
    found: dict[str, list[Class]] = {}
    for entry in entries(opened.graph):
        by_state: dict[PersonState, list[PersonKey]] = {}
        everyone = people(opened.graph, reading, entry, desk.policy.organisation.country)
        while batch := list(islice(everyone, BATCH)):
            for key, state in states_of_rows(desk, opened, entry, batch, timedelta(0))[0].items():
                if state != unknown:
                    by_state.setdefault(state, []).append(key)
        for number, (state, keys) in enumerate(by_state.items()):
            name = f"people_{entry}/{number}"
            keysets[name] = Keys(families(opened.graph, entry), keys)
            found.setdefault(entry, []).append(Class(state, name))
    return found


def described(desk: Desk, opened: Opened, purpose: str, table: str, columns: tuple[str, ...]) -> list[ColumnInfo]:
    """Return what the columns of an extract hold: those of the table, or of what it is masked with."""
    infos, mapped = opened.graph.schema.tables[table].columns, opened.graph.map.tables[table].columns
    found = []
    for name in (one for one in columns if one in infos):
        element = mapped[name].element if name in mapped else None
        form = masks.form(desk.policy, purpose, table, infos[name], element) if element is not None else None
        found.append(masks.described(form, infos[name]))
    return found or [ColumnInfo(PRESENCE, "integer", "integer", False)]


def disclosed(
    desk: Desk, opened: Opened, named: tuple[str, str, str], columns: tuple[str, ...], count: int, digest: str,
    at: datetime,
) -> None:  # fmt: skip
    """Record that a recipient was given an extract: how many rows, which categories, the digest of the file."""
    purpose, table, recipient = named
    mapped = opened.graph.map.tables[table].columns
    elements = (mapped[name].element for name in columns if name in mapped)
    categories = sorted({element.partition(".")[0] for element in elements if element is not None})
    desk.db.run(
        "disclosed", subject_id=None, recipient=recipient, purpose=purpose, categories=categories, store=opened.name,
        ground=f"extract of {table}: {count} rows", at=at, digest=bytes.fromhex(digest), request_id=None,
    )  # fmt: skip

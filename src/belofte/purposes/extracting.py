"""Extracts: what a recipient may receive of one table for a purpose now, streamed to a file, and recorded.

For every kind of store, also where there are no views. The conditions are the view's; the people's states are read at
the moment of the extract, so that no lease stands between a choice and the file. A recipient gets columns of data that
it receives by the policy, and no others (GDPR art. 5(1)(c), 28(3)). Whose rows were in the file is recorded by keyed
digests, so that each of them can be told who has her data (art. 15(1)(c), 19).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from belofte.compiler import masks
from belofte.compiler.pseudonym import halves
from belofte.compiler.setting import People as Class
from belofte.compiler.setting import Population
from belofte.compiler.statement import Keys
from belofte.compiler.views import PRESENCE, Extracted
from belofte.compiler.views import extract as compiled
from belofte.database.disclosures import Disclosed, PersonIn, disclose
from belofte.datamap.schema import ColumnInfo
from belofte.policy.person import PersonState, nobody
from belofte.policy.receiving import carried, received, receivers
from belofte.purposes.desk import Desk, Opened, standing
from belofte.purposes.files import writer
from belofte.purposes.projecting import BATCH, entries, families, people, states_of_rows
from belofte.stores.bound import PersonKey
from belofte.stores.session import Session, session


class NoExtract(Exception):
    """There is nothing to extract; says why and what to do."""


@dataclass(frozen=True)
class Extract:
    """What went into a file: columns, how many rows, whose (how many people), and the file's SHA-256."""

    columns: tuple[str, ...]
    rows: int
    people: int
    digest: str


@dataclass(frozen=True)
class Grounds:
    """On what a disclosure rests: the law or contract, and the order or request that asked for it."""

    ground: str = ""
    reference: str | None = None


Subjects = Mapping[str, Mapping[PersonKey, Collection[UUID]]]
"""Who may be the person of a row, per people entry and key; people of whom nothing is known are absent."""


def extract(
    desk: Desk, opened: Opened, purpose: str, table: str, file: Path, recipient: str,
    asked: Sequence[str] | None = None, on: Grounds = Grounds(),
) -> Extract:  # fmt: skip
    """Write what a recipient may receive of a table for a purpose to a new file, and record it as a disclosure.

    `asked`: the columns that are wanted; None: all that it may receive. When this returns, the file is whole and the
    disclosure is recorded; where it raises (`NoExtract`, `NoFile`, what a store raises), there is no file.
    """
    write = writer(file)
    if table not in opened.graph.schema.tables or table not in opened.graph.map.tables:
        raise NoExtract(f"the map of `{opened.name}` has no table `{table}`")
    allowed = needed(desk, opened, purpose, table, recipient, asked)
    at = desk.clock()
    part = file.with_name(file.name + ".part")
    try:
        with session(opened.store) as reading:
            keysets: dict[str, Keys] = {}
            with desk.db.picture():  # INVARIANT: everybody is judged by the same moment
                population, subjects = population_of(desk, opened, reading, keysets)
            setting = replace(standing(desk, opened.graph), now=at, population=population)
            found = compiled(setting, purpose, table, allowed)
            if found is None:
                raise NoExtract(f"`{recipient}` receives nothing of `{table}` for `{purpose}`: look at its `receives`")
            reading.given = halves({purpose: desk.key.masking(purpose)})
            people = people_in(desk, opened, reading, found, keysets, subjects)
            kinds = described(desk, opened, purpose, table, found.columns)
            count = write(part, kinds, reading.stream(found.statement, keysets))
        with part.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").digest()
        mapped = opened.graph.map.tables[table].columns
        elements = (mapped[name].element for name in found.columns if name in mapped)
        categories = sorted({element.partition(".")[0] for element in elements if element is not None})
        ground = "; ".join(part for part in (on.ground, f"extract of {table}: {count} rows") if part)
        sent = Disclosed(
            recipient, purpose, ground, categories, opened.name, at, digest, reference=on.reference,
        )  # fmt: skip
        disclose(desk.db, sent, people)
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return Extract(found.columns, count, len({person.key_digest for person in people}), digest.hex())


def needed(
    desk: Desk, opened: Opened, purpose: str, table: str, recipient: str, asked: Sequence[str] | None
) -> frozenset[str]:  # fmt: skip
    """Return the elements that an extract may hold: what the recipient receives for the purpose, and is asked for.

    Raises `NoExtract` for a recipient that is not one of the purpose, or a column that it does not need.
    """
    if recipient not in (known := receivers(desk.policy, purpose)):
        has = ", ".join(f"`{one}`" for one in known) or "nobody yet"
        raise NoExtract(f"`{recipient}` receives nothing for `{purpose}`; the policy names {has}")
    ground = carried(desk.policy, recipient, desk.clock().date())
    if ground is not None and not ground.permitted:
        raise NoExtract(f"`{recipient}` is outside the EEA, and no ground carries it there: `belofte check` says why")
    allowed = received(desk.policy, recipient, purpose)
    if not allowed:
        raise NoExtract(f"the policy does not say what `{recipient}` receives for `{purpose}`: add it to `receives`")
    if asked is None:
        return allowed
    mapped = opened.graph.map.tables[table].columns
    wanted = set()
    for name in asked:
        element = mapped[name].element if name in mapped else None
        if name not in opened.graph.schema.tables[table].columns:
            raise NoExtract(f"`{table}` has no column `{name}`")
        if element is None or element not in allowed:
            raise NoExtract(f"`{recipient}` does not need `{table}.{name}` ({element or 'not mapped'}) for `{purpose}`")
        wanted.add(element)
    return frozenset(wanted)


def people_in(
    desk: Desk, opened: Opened, reading: Session, found: Extracted, keysets: Mapping[str, Keys], subjects: Subjects
) -> list[PersonIn]:  # fmt: skip
    """Return the people whose rows an extract holds, by keyed digest, in the order of the digests."""
    owners: dict[bytes, Collection[UUID]] = {}
    for entry, one in found.people:
        known = subjects.get(entry, {})
        for row in reading.rows(one, keysets):
            owners[desk.key.row(opened.name, entry, row)] = known.get(row, ())
    return [PersonIn(digest, who) for digest in sorted(owners) for who in sorted(owners[digest]) or (None,)]


def population_of(
    desk: Desk, opened: Opened, reading: Session, keysets: dict[str, Keys]
) -> tuple[Population, Subjects]:  # fmt: skip
    """Return everybody of a store whose choices say more than nothing, by what they leave open, and who they are."""
    unknown = nobody(desk.policy)
    subjects: dict[str, dict[PersonKey, Collection[UUID]]] = {}
    found: dict[str, list[Class]] = {}
    for entry in entries(opened.graph):
        by_state: dict[PersonState, list[PersonKey]] = {}
        everyone = people(opened.graph, reading, entry, desk.policy.organisation.country)
        while batch := list(islice(everyone, BATCH)):
            states, owners = states_of_rows(desk, opened, entry, batch, timedelta(0))
            subjects.setdefault(entry, {}).update((key, own) for key, own in owners.items() if own)
            for key, state in states.items():
                if state != unknown:
                    by_state.setdefault(state, []).append(key)
        for number, (state, keys) in enumerate(by_state.items()):
            name = f"people_{entry}/{number}"
            keysets[name] = Keys(families(opened.graph, entry), keys)
            found.setdefault(entry, []).append(Class(state, name))
    return found, subjects


def described(desk: Desk, opened: Opened, purpose: str, table: str, columns: tuple[str, ...]) -> list[ColumnInfo]:
    """Return what the columns of an extract hold: those of the table, or of what it is masked with."""
    infos, mapped = opened.graph.schema.tables[table].columns, opened.graph.map.tables[table].columns
    found = []
    for name in (one for one in columns if one in infos):
        element = mapped[name].element if name in mapped else None
        form = masks.form(desk.policy, purpose, table, infos[name], element) if element is not None else None
        found.append(masks.described(form, infos[name]))
    return found or [ColumnInfo(PRESENCE, "integer", "integer", False)]

"""What changed between a data map and the database it describes: new, gone and changed tables and columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from belofte.datamap.model import DataMap
from belofte.datamap.recognise.findings import Findings
from belofte.datamap.recognise.ownership import ownership
from belofte.datamap.schema import Schema

SURE = 0.7
"""From this confidence on, a proposal that differs from the map is worth a line."""

Change = Literal["new", "gone", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: a table (`column` None) or a column; what the map says, what scan proposes, how sure and why."""

    table: str
    column: str | None
    change: Change
    mapped: str | None = None
    proposed: str | None = None
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()


def differences(datamap: DataMap, found: Findings, schema: Schema, refs: Mapping[str, str | None]) -> list[Difference]:
    """Return the differences in the order of tables and columns.

    `refs` says how the policy names each proposed element. A column that the map declares to be none, and tables that
    it ignores or declares unowned, are the company's word and no difference.
    """
    silent = {*datamap.ignore, *(name for name, table in datamap.tables.items() if table.unowned)}
    every = [
        *_gone(datamap, schema),
        *_people(datamap, found, silent),
        *_dealings(datamap, found, schema, silent),
        *_proposed(datamap, found, silent, refs),
    ]
    return sorted(every, key=lambda one: (one.table, one.column or "", one.change))


def _gone(datamap: DataMap, schema: Schema) -> Iterable[Difference]:
    entries = [entry.table for entry in datamap.people.values()] + [o.table for o in datamap.organisations.values()]
    for name in dict.fromkeys([*datamap.tables, *entries, *datamap.ignore]):
        if name not in schema.tables:
            yield Difference(name, None, "gone")
    for name, table in datamap.tables.items():
        for column, held in table.columns.items():
            if name in schema.tables and column not in schema.tables[name].columns:
                yield Difference(name, column, "gone", mapped=held.element)
    for person in datamap.people.values():
        for _, one in person.identified_by():
            if person.table in schema.tables and one.column not in schema.tables[person.table].columns:
                yield Difference(person.table, one.column, "gone")


def _proposed(
    datamap: DataMap, found: Findings, silent: set[str], refs: Mapping[str, str | None]
) -> Iterable[Difference]:
    for proposal in found.proposals:
        if proposal.table in silent:
            continue
        mapped = datamap.tables.get(proposal.table)
        named = refs.get(proposal.element) or proposal.element
        held = mapped.columns.get(proposal.column) if mapped is not None else None
        if held is None:
            yield Difference(proposal.table, proposal.column, "new", None, named, proposal.confidence, proposal.reasons)
        elif held.element and proposal.confidence >= SURE and not _agrees(held.element, named, proposal.element):
            yield Difference(
                proposal.table, proposal.column, "changed", held.element, named, proposal.confidence, proposal.reasons
            )


def _agrees(mapped: str, *proposed: str) -> bool:
    """Return whether the map's word and the proposal are of one category: a mobile is a phone, the company chose."""
    return mapped.partition(".")[0] in {one.partition(".")[0] for one in proposed}


def _people(datamap: DataMap, found: Findings, silent: set[str]) -> Iterable[Difference]:
    known = {entry.table for entry in datamap.people.values()} | {o.table for o in datamap.organisations.values()}
    for entry in found.people:
        if entry.table not in known and entry.table not in silent and not entry.without_table:
            yield Difference(entry.table, None, "new", None, f"people: {entry.kind}", entry.confidence, entry.reasons)


def _dealings(datamap: DataMap, found: Findings, schema: Schema, silent: set[str]) -> Iterable[Difference]:
    """Yield unmapped tables without a personal column of their own whose rows are about people all the same."""
    known = {*datamap.tables, *(proposal.table for proposal in found.proposals), *silent}
    for table, steps in ownership(schema, found).steps.items():
        if table not in known:
            via = tuple(f"`{'+'.join(step.columns)}` leads to `{step.parent}`" for step in steps)
            yield Difference(table, None, "new", None, "rows about people", 0.0, via)

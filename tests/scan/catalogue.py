"""Catalogues and samples for the recognisers, written as short as a test can bear."""

from __future__ import annotations

from belofte.datamap import recognise
from belofte.datamap.recognise import ColumnSample, Findings, Proposal
from belofte.datamap.schema import ColumnInfo, Family, ForeignKey, Schema, TableInfo

_FAMILIES: dict[str, Family] = {
    "text": "text", "int": "integer", "date": "date", "ts": "timestamp", "bool": "boolean", "bytes": "bytes",
    "json": "json", "uuid": "uuid", "num": "numeric",
}  # fmt: skip


def table(name: str, columns: str, *keys: str, key: str = "id", unique: str = "") -> TableInfo:
    """Return a table: `columns` as "id:int email name", `keys` as "customer_id>customer.id"."""
    held = {}
    for part in columns.split():
        column, _, family = part.partition(":")
        held[column] = ColumnInfo(column, _FAMILIES[family or "text"], family or "text")
    foreign = []
    for link in keys:
        column, _, target = link.partition(">")
        parent, _, to = target.partition(".")
        foreign.append(ForeignKey((column,), parent, (to,)))
    primary = (key,) if key in held else ()
    return TableInfo(
        name, held, primary_key=primary, foreign_keys=tuple(foreign), unique=((unique,),) if unique else ()
    )


def schema(*tables: TableInfo) -> Schema:
    """Return a catalogue of these tables."""
    return Schema("postgres", {one.name: one for one in tables})


def scan(*tables: TableInfo, values: dict[str, list[object]] | None = None) -> Findings:
    """Return what scan finds; `values` by "table.column". Links are compared with the samples themselves."""
    catalogue = schema(*tables)
    samples: recognise.Samples = {}
    for place, held in (values or {}).items():
        name, _, column = place.rpartition(".")
        samples.setdefault(name, {})[column] = ColumnSample(tuple(held))
    compared = {}
    for candidate in recognise.candidates(catalogue, samples):
        own = set(samples.get(candidate.table, {}).get(candidate.column, ColumnSample()).texts)
        target = set(samples.get(candidate.target, {}).get(candidate.target_column, ColumnSample()).texts)
        compared[candidate] = recognise.Inclusion(len(own & target), len(own))
    return recognise.findings(catalogue, samples, compared)


def proposed(found: Findings, place: str) -> Proposal | None:
    """Return the proposal for "table.column", if there is one."""
    name, _, column = place.rpartition(".")
    return next((one for one in found.proposals if (one.table, one.column) == (name, column)), None)


def element(found: Findings, place: str) -> str | None:
    """Return the element proposed for "table.column", if any."""
    one = proposed(found, place)
    return one.element if one else None

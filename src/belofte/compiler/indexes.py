"""Whether an index leads from the values at one end of a link to the rows at the other (decision 0035)."""

from __future__ import annotations

import re

from belofte.datamap.paths import Edge
from belofte.datamap.schema import ColumnInfo, Schema

_SERVED = {
    "smallint": "integer", "integer": "integer", "bigint": "integer", "text": "text", "character varying": "text",
}  # fmt: skip
"""Types of which one index serves all that are called the same here."""


def same_family(schema: Schema, edge: Edge) -> bool:
    """Return whether both sides of an edge are of the same family of types."""
    child, parent = schema.tables[edge.child], schema.tables[edge.parent]
    numbers = {"integer", "numeric"}
    pairs = zip(edge.columns, edge.parent_columns, strict=True)
    families = [(child.columns[c].family, parent.columns[p].family) for c, p in pairs]
    return all(a == b or {a, b} <= numbers for a, b in families)


def by_index(schema: Schema, edge: Edge, *, above: bool = False) -> bool:
    """Return whether an index leads to an edge's child (`above`: to its parent) by the values at the other end."""
    if len(edge.columns) > 1 or edge.json is not None or not same_family(schema, edge):
        return False
    child, parent = (schema.tables[edge.child], edge.columns[0]), (schema.tables[edge.parent], edge.parent_columns[0])
    (here, name), (there, other) = (parent, child) if above else (child, parent)
    if edge.match == "email":
        return here.leads(name, lowered=True)
    return _compared_as_they_are(here.columns[name], there.columns[other]) and here.leads(name)


def _compared_as_they_are(one: ColumnInfo, other: ColumnInfo) -> bool:
    """Return whether a database turns neither of two columns into another type, in which no index has it."""
    return len({_SERVED.get(re.sub(r"\(.*", "", found.type).lower(), found.type) for found in (one, other)}) == 1

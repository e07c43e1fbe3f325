"""Facts of a store: what the map states of them, and the two ways in which one is found for a row (DESIGN §1)."""

from __future__ import annotations

from dataclasses import dataclass

from belofte.datamap.expression import Expression, parse
from belofte.datamap.model import DataMap, Fact
from belofte.datamap.paths import Edge
from belofte.datamap.schema import Schema, TableInfo


@dataclass(frozen=True)
class FactDef:
    """A fact: its name, the table that has it, the expression there, and what NULL means."""

    name: str
    table: str
    expression: Expression
    not_yet: bool

    @property
    def aggregate(self) -> str | None:
        """`max`, `min`, `any`, or None for a fact of one row."""
        return self.expression.aggregate


@dataclass(frozen=True)
class RowFact:
    """A fact found on a row reached by `path` (on the row itself when the path is empty)."""

    fact: FactDef
    path: tuple[Edge, ...]


@dataclass(frozen=True)
class AggregateFact:
    """A fact over all rows of its table that lead (by one of `down`) to the row reached by `path`."""

    fact: FactDef
    path: tuple[Edge, ...]
    down: tuple[tuple[Edge, ...], ...]


ResolvedFact = RowFact | AggregateFact


def defined(datamap: DataMap, schema: Schema) -> tuple[dict[str, FactDef], list[tuple[str, str]]]:
    """Return the facts that a map states, by name, and (path in the map, what is wrong) of those that are none."""
    stated: dict[str, tuple[str | None, Fact, str]] = {
        name: (None, fact, f"facts.{name}") for name, fact in datamap.facts.items()
    }
    for table, mapped in datamap.tables.items():
        for name, fact in mapped.facts.items():
            stated[f"{table}.{name}"] = (table, fact, f"tables.{table}.facts.{name}")
    found: dict[str, FactDef] = {}
    wrong: list[tuple[str, str]] = []
    for name, (home, fact, place) in stated.items():
        try:
            expression = parse(fact.is_)
        except ValueError as error:
            wrong.append((place, str(error)))
            continue
        place_of = expression.table or home or ""
        info: TableInfo | None = schema.tables.get(place_of)
        if info is None:
            wrong.append((place, f"`{fact.is_}` is of no table of this store: write table.column"))
        elif missing := [column for column in expression.columns if column not in info.columns]:
            wrong.append((place, f"`{place_of}` has no column `{missing[0]}`"))
        else:
            found[name] = FactDef(name, info.name, expression, fact.null == "not-yet")
    return found, wrong

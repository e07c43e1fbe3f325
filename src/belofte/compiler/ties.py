"""Ties: what a row keeps so that a kept row below it still reaches its person.

A kept child keeps its parents' rows and their keys (DESIGN §2). The key by which it reaches a person may be a column
that could be unlinked (an order's customer), or one that holds data (the e-mail address that visits name): while
something below is kept for the cohort by that way, it stays. Doubt ties: where a way leads to several people, one of
the cohort for whom something is kept is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Graph
from belofte.datamap.paths import Edge, Owner

Flags = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Tie:
    """Rows of a table get `mark` where a row of `below` that has the flags `kept` leads to them by `chain`."""

    mark: str
    below: str
    kept: Flags
    chain: tuple[Edge, ...]
    repeat: bool = False
    """Again until no more is found: a mark climbs a table that points at itself."""


def doubtful(graph: Graph, table: str) -> list[Edge]:
    """Return the links by which one row below may reach several rows of a table: what stays for it stays in doubt."""
    owners = (
        owner
        for below in graph.ours
        for name in (None, *(c for c in graph.schema.tables[below].columns if graph.column_about(below, c) is not None))
        for owner in graph.people(below, name)
    )
    edges = (edge for owner in owners for edge in owner.path if edge.parent == table and not edge.unique)
    return list(dict.fromkeys(edges))


def column_mark(number: int) -> str:
    """Return the mark of rows in which a group's column is what a kept row below is linked by."""
    return f"tx{number}"


def way_mark(number: int) -> str:
    """Return the mark of rows whose way to a person a kept row below needs."""
    return f"tw{number}"


def ties(judged: Verdicts, below: Iterable[Verdicts]) -> Iterator[Tie]:
    """Return the ties of one table's rows to what is kept in the tables `below` it."""
    graph, table = judged.setting.graph, judged.table
    led_to = graph.led_to(table)
    for other in below:
        for owner, flags in _kept_by(other):
            for at, edge in enumerate(owner.path, 1):
                if edge.parent != table or edge.foreign_key:
                    continue
                for number, group in enumerate(judged.groups):
                    if led_to & set(group.columns) & set(edge.parent_columns):
                        yield from (Tie(column_mark(number), other.table, one, owner.path[:at]) for one in flags)
            for number, way in enumerate(judged.unlinkable):
                if owner.path[-1:] == way.path and owner.path[:-1]:
                    yield from (Tie(way_mark(number), other.table, one, owner.path[:-1]) for one in flags)
    for number, way in enumerate(judged.unlinkable):
        for loop in graph.loops(table):
            kept = [flags for owner, flags in _kept_by(judged) if owner == way]
            yield from (Tie(way_mark(number), table, one, loop) for found in kept for one in found)
            yield Tie(way_mark(number), table, ((way_mark(number), 1),), loop, repeat=True)


def _kept_by(judged: Verdicts) -> Iterator[tuple[Owner, list[Flags]]]:
    """Yield the ways from a table's rows to people, with the flags of rows that keep something for them by it."""
    own = {owner: number for number, owner in enumerate(judged.several)}
    for owner in dict.fromkeys(owner for group in judged.groups for owner in judged.owners_of(group)):
        if owner in own:
            yield owner, [((f"p{own[owner]}", 1), ("gone", 0))]
        else:
            yield owner, [((f"j{number}", 1), ("gone", 0)) for number, _ in enumerate(judged.groups)]

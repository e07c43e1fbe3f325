"""What should stand in a store: every schema, role, relation, right and view, with how it is made and dropped.

Pure but for the statements' text. The order of kinds is the order in which items are made; they are dropped the other
way round. A view's readers get in last, and are the first to be kept out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from belofte.compiler.setting import Setting
from belofte.compiler.standing import bitmapped, identity_columns, watched
from belofte.compiler.views import View, views
from belofte.datamap.graph import Graph
from belofte.policy.model import Period
from belofte.purposes.projecting import entries, key_types
from belofte.stores.binding import binding
from belofte.stores.bound import KINDS, Entries, Item, Watch


@dataclass(frozen=True)
class Desired:
    """What should stand in one store."""

    store: str
    items: tuple[Item, ...]
    views: tuple[View, ...] = ()
    terms: tuple[Period, ...] = field(default=())
    named: bool = False
    """The map names who reads for each department: nobody else does. Else accounts are given by hand."""

    @property
    def purposes(self) -> list[str]:
        """The purposes that read through views."""
        return list(dict.fromkeys(view.purpose for view in self.views))

    def item(self, name: str) -> Item | None:
        """Return an item by its id."""
        return next((one for one in self.items if one.id == name), None)


def desired(setting: Setting, store: str, purposes: list[str], frozen: datetime | None = None) -> Desired:
    """Return what should stand in a store for these purposes. `frozen` stops its clock, for a test."""
    graph = setting.graph
    found = [view for purpose in purposes for view in views(setting, purpose)]
    if not found:
        return Desired(store, ())
    terms = {str(term): term for view in found for term in view.terms.values()}
    types = {entry: key_types(graph, entry) for entry in entries(graph)}
    making = binding(graph.schema.dialect).making
    items = [*making.items(store, types, found, frozen), *watches(graph, store, types), *_columns(graph, found)]
    items += _members(setting, store, {view.purpose for view in found})
    items.sort(key=lambda one: KINDS.index(one.kind))
    named = graph.map.departments is not None
    return Desired(store, tuple(items), tuple(found), tuple(terms.values()), named)


def _members(setting: Setting, store: str, purposes: Collection[str]) -> Iterator[Item]:
    """Yield who reads for which purpose: the accounts that the map names, for what the policy lets a department do."""
    graph = setting.graph
    making = binding(graph.schema.dialect).making
    named = {
        (purpose, account): None
        for department, accounts in (graph.map.departments or {}).items()
        for purpose in setting.policy.departments[department].purposes
        for account in accounts
        if purpose in purposes
    }
    for purpose, account in named:
        yield making.member(store, purpose, account)


def watches(graph: Graph, store: str, types: Entries) -> Iterator[Item]:
    """Yield what says which people changed, for the entries whose tables can."""
    watching = binding(graph.schema.dialect).watching
    for entry, kinds in types.items():
        if watching is not None and watched(graph, entry):
            found = graph.entry(entry)
            names, bits = identity_columns(graph, entry), bitmapped(graph, entry)
            yield from watching.items(store, Watch(entry, found.table, found.key, tuple(kinds), names, bits))


def _columns(graph: Graph, found: list[View]) -> Iterator[Item]:
    """Yield the columns of each table that views show: a new one is told."""
    for table in sorted({view.table for view in found}):
        info = graph.schema.tables[table]
        yield Item("columns", table, (), (), says=", ".join(f"{one.name} {one.type}" for one in info.columns.values()))

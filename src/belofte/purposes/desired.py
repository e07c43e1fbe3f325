"""What should stand in a store: every schema, role, relation, right and view, with how it is made and dropped.

Pure but for the statements' text. The order of kinds is the order in which items are made; they are dropped the other
way round. A view's readers get in last, and are the first to be kept out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from belofte.compiler.digests import digest_of
from belofte.compiler.setting import Setting
from belofte.compiler.standing import SCHEMA, allowed_table, person_table
from belofte.compiler.views import View, views
from belofte.datamap.graph import Graph
from belofte.policy.model import Period
from belofte.purposes.projecting import entries, key_types
from belofte.stores import postgres_views as ddl

KINDS = ("role", "relation", "clock", "columns", "reads", "schema", "view", "usage")
"""Kinds of items in the order in which they are made."""


@dataclass(frozen=True)
class Item:
    """One thing that should stand: `kind name`, the statements that make and drop it, the purpose that it is for."""

    kind: str
    name: str
    make: tuple[str, ...]
    drop: tuple[str, ...]
    purpose: str | None = None
    says: str = ""
    """What it is, where the statements do not say so."""

    @property
    def id(self) -> str:
        """The item's name with its kind."""
        return f"{self.kind} {self.name}"

    @property
    def wanted(self) -> str:
        """The digest of how it is made."""
        return digest_of([self.make, self.says]).hex()


@dataclass(frozen=True)
class Desired:
    """What should stand in one store."""

    store: str
    items: tuple[Item, ...]
    views: tuple[View, ...] = ()
    terms: tuple[Period, ...] = field(default=())

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
    items = [*_ground(graph, store, frozen), *_reads(graph, store, found), *_purposes(store, found)]
    items.sort(key=lambda one: KINDS.index(one.kind))
    return Desired(store, tuple(items), tuple(found), tuple(terms.values()))


def _ground(graph: Graph, store: str, frozen: datetime | None) -> Iterator[Item]:
    owner = ddl.owner_role(store)
    yield Item("role", owner, (*ddl.role_made(owner), *ddl.member_made(owner)), ddl.role_dropped(owner))
    for name, make in (("slot", ddl.slot_made()), ("first_day", ddl.calendar_made())):
        yield _relation(f"{SCHEMA}.{name}", make)
    for entry in entries(graph):
        types = key_types(graph, entry)
        yield _relation(allowed_table(entry), ddl.allowed_made(entry, types))
        yield _relation(person_table(entry), ddl.person_made(entry, types))
    for name, make in zip(("today", "moment"), ddl.clock_made(frozen), strict=True):
        yield Item("clock", f"{SCHEMA}.{name}", make, ddl.function_dropped(f"{SCHEMA}.{name}"))


def _relation(name: str, make: tuple[str, ...]) -> Item:
    return Item("relation", name, make, ddl.relation_dropped(name))


def _reads(graph: Graph, store: str, found: list[View]) -> Iterator[Item]:
    """Yield the rights of the views' owner, and the columns of each table that views show: a new one is told."""
    owner = ddl.owner_role(store)
    columns: dict[str, dict[str, None]] = {}
    for view in found:
        for table, read_by in view.reads.items():
            columns.setdefault(table, {}).update(dict.fromkeys(read_by))
    for table, read in sorted(columns.items()):
        some = sorted(read)
        yield Item("reads", table, ddl.read_given(owner, table, some), ddl.read_revoked(owner, table, some))
    for table in sorted({view.table for view in found}):
        info = graph.schema.tables[table]
        yield Item("columns", table, (), (), says=", ".join(f"{one.name} {one.type}" for one in info.columns.values()))


def _purposes(store: str, found: list[View]) -> Iterator[Item]:
    owner = ddl.owner_role(store)
    for purpose in dict.fromkeys(view.purpose for view in found):
        role, schema = ddl.purpose_role(store, purpose), ddl.purpose_schema(purpose)
        yield Item("role", role, ddl.role_made(role), ddl.role_dropped(role), purpose)
        yield Item("schema", schema, ddl.schema_made(purpose, owner), ddl.schema_dropped(purpose), purpose)
        yield Item("usage", schema, ddl.usage_given(purpose, role), ddl.usage_revoked(purpose, role), purpose)
    for view in found:
        role = ddl.purpose_role(store, view.purpose)
        name = f"{ddl.purpose_schema(view.purpose)}.{view.name}"
        yield Item("view", name, ddl.view_made(view, owner, role), ddl.view_dropped(view), view.purpose)

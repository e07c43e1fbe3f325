"""The desk: what every right works with: the policy, the company's stores, Belofte's own database, and the moment."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from belofte.choices.holds import held_tables
from belofte.database.key import CompanyKey
from belofte.database.open import Database
from belofte.database.requests import StoreState
from belofte.datamap.graph import Graph
from belofte.datamap.model import DataMap
from belofte.law.term import civil_day
from belofte.policy.model import Policy
from belofte.rights.identify import Place
from belofte.stores.connect import Store, Unreachable, connect
from belofte.stores.reflect import reflect
from belofte.stores.session import session

T = TypeVar("T")

OBSERVED = "the store is in `mode: observe`: nothing is changed there"
NOBODY_THERE = "nobody who is asked about was found there, and nothing is changed in `mode: observe`"
BARRED = {OBSERVED: StoreState.PENDING, NOBODY_THERE: StoreState.DONE}
"""Why an erasure changes nothing in a store, and how the request stands there then."""
COMPILED = 512
"""Shapes of plans that a desk remembers."""


@dataclass(frozen=True)
class StoreSpec:
    """A store as the company states it: its map, and how to get its address when it is needed."""

    map: DataMap
    url: Callable[[], str]
    own: bool = False
    """Whether it is Belofte's own database, where a person is found by who Belofte knows her as."""


@dataclass(frozen=True)
class Opened:
    """A store that answers, with its catalogue and ownership graph."""

    name: str
    store: Store
    graph: Graph

    @property
    def map(self) -> DataMap:
        """The store's data map."""
        return self.graph.map


@dataclass
class Desk:
    """One company's desk. `clock` gives the moment, aware of its zone."""

    policy: Policy
    specs: Mapping[str, StoreSpec]
    db: Database
    key: CompanyKey
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _opened: dict[tuple[str, bool], Opened] = field(default_factory=dict)
    _compiled: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def country(self) -> str:
        """The controller's country, for identifiers and holidays."""
        return self.policy.organisation.country

    def today(self) -> date:
        """Return the civil day."""
        return civil_day(self.clock())

    @property
    def sql_stores(self) -> list[str]:
        """The stores that are databases, in the order of their names."""
        return sorted(name for name, spec in self.specs.items() if spec.map.kind == "sql")

    @property
    def manual_stores(self) -> list[str]:
        """The stores that people look through by hand."""
        return sorted(name for name, spec in self.specs.items() if spec.map.kind == "manual")

    def open(self, name: str, *, read_only: bool = True) -> Opened:
        """Return a store that answers; raises `Unreachable`. A store in `mode: observe` is only ever read."""
        spec = self.specs[name]
        read_only = read_only or spec.map.mode == "observe"
        if (name, read_only) not in self._opened:
            store = connect(spec.url(), read_only=read_only, name=name)
            other = self._opened.get((name, not read_only))
            graph = other.graph if other is not None else Graph(spec.map, reflect(store.engine))
            self._opened[(name, read_only)] = Opened(name, store, graph)
        return self._opened[(name, read_only)]

    @contextmanager
    def places(self) -> Iterator[tuple[dict[str, Place], dict[str, Unreachable]]]:
        """Give every store that answers with a read-only session, and those that do not."""
        with ExitStack() as stack:
            answering: dict[str, Place] = {}
            silent: dict[str, Unreachable] = {}
            for name in self.sql_stores:
                try:
                    opened = self.open(name)
                    answering[name] = Place(opened.graph, stack.enter_context(session(opened.store)), self.once)
                except Unreachable as why:
                    silent[name] = why
            yield answering, silent

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes for a key, made once: plans of the same shape are compiled once."""
        if key not in self._compiled:
            if len(self._compiled) >= COMPILED:
                self._compiled.clear()
            self._compiled[key] = make()
        found: T = self._compiled[key]
        return found

    def held_tables(self, store: str, at: datetime) -> frozenset[str]:
        """Return the tables of a store that a legal hold names."""
        return frozenset(table for held, table in held_tables(self.db, at) if held == store)

    def close(self) -> None:
        """Give the stores' connections back, and forget what was compiled for their schemas."""
        for opened in self._opened.values():
            opened.store.close()
        self._opened.clear()
        self._compiled.clear()

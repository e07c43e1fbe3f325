"""What purpose-bound use needs of the company's desk: its policy, its stores, Belofte's own database, the moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from belofte.compiler.setting import Setting
from belofte.database.key import CompanyKey
from belofte.database.open import Database
from belofte.datamap.graph import Graph
from belofte.datamap.model import DataMap
from belofte.policy.model import Policy
from belofte.policy.person import nobody
from belofte.stores.connect import Store


class Spec(Protocol):
    """A store as the company states it."""

    @property
    def map(self) -> DataMap: ...


class Opened(Protocol):
    """A store that answers."""

    @property
    def name(self) -> str: ...
    @property
    def store(self) -> Store: ...
    @property
    def graph(self) -> Graph: ...


class Desk(Protocol):
    """One company's desk (`rights.desk.Desk` is one)."""

    @property
    def policy(self) -> Policy: ...
    @property
    def specs(self) -> Mapping[str, Spec]: ...
    @property
    def db(self) -> Database: ...
    @property
    def key(self) -> CompanyKey: ...

    def clock(self) -> datetime:
        """Return the moment, aware of its zone."""

    def open(self, name: str, *, read_only: bool = True) -> Opened:
        """Return a store that answers."""


def standing(desk: Desk, graph: Graph) -> Setting:
    """Return the setting of what stands in a store: nobody's choices are in it, for they are read there."""
    return Setting(desk.policy, graph, desk.clock(), {}, nobody(desk.policy))


def enforced(desk: Desk) -> list[str]:
    """Return the stores whose readers are bound to purposes."""
    specs = desk.specs.items()
    return sorted(name for name, spec in specs if spec.map.kind == "sql" and spec.map.mode == "enforce")


def databases(desk: Desk) -> list[str]:
    """Return the stores that are databases, enforced or not."""
    return sorted(name for name, spec in desk.specs.items() if spec.map.kind == "sql")


def bound(desk: Desk, store: str) -> list[str]:
    """Return the purposes that read a store through views: those that its map names, or all."""
    chosen = desk.specs[store].map.enforce
    return [name for name in desk.policy.purposes if chosen is None or name in chosen]

"""Which modules bind the readers of which database: one implementation of `bound.py` each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from belofte.datamap.schema import Dialect
from belofte.stores import (
    mysql_live,
    mysql_stated,
    mysql_told,
    mysql_views,
    postgres_items,
    postgres_live,
    postgres_stated,
    postgres_told,
    postgres_watch,
)
from belofte.stores.bound import Looking, Making, Stating, Telling, Watching
from belofte.stores.session import Session

NONE = "a SQLite file has no accounts to bind: `belofte extract` reads this store for a purpose"


@dataclass(frozen=True)
class Binding:
    """How the readers of a database are bound: what is made, what stands, what it is told."""

    making: Making
    looking: Looking
    telling: Telling
    stating: Stating
    watching: Watching | None = None
    """None: no table there says who changed; identities are compared at each read."""


BINDINGS: Mapping[Dialect, Binding] = {
    "postgres": Binding(postgres_items, postgres_live, postgres_told, postgres_stated, postgres_watch),
    "mysql": Binding(mysql_views, mysql_live, mysql_told, mysql_stated),
}


def binding(of: Session | Dialect) -> Binding:
    """Return how readers of a database are bound; it has to be one that can."""
    return BINDINGS[of.dialect if isinstance(of, Session) else of]


def unbindable(dialect: Dialect) -> str | None:
    """Return why readers of a database cannot be bound, None where they can."""
    return None if dialect in BINDINGS else NONE

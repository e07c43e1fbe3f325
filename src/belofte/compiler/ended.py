"""Of what a purpose rests on while a condition holds: on which rows of its fact it does not hold any more.

A purpose with only a condition (`while`, no term) has no day that it counts from: no row says since when a contract
has ended. These questions find the rows that say it has, so that it can be recorded when that was first seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from belofte.compiler.closure import Closure, table_of
from belofte.compiler.facts import Facts
from belofte.compiler.setting import Setting
from belofte.compiler.statement import Statement
from belofte.datamap.schema import Family


@dataclass(frozen=True)
class Ended:
    """The SELECT of the keys of the rows of a purpose's fact on which it surely does not hold, and their families."""

    purpose: str
    table: str
    families: tuple[Family, ...]
    statement: Statement


def ended_facts(setting: Setting) -> Iterator[Ended]:
    """Yield the question for each purpose on a condition alone whose fact lies on rows that have a key."""
    graph, policy = setting.graph, setting.policy
    for name, purpose in policy.purposes.items():
        fact = graph.facts.get(purpose.while_) if purpose.while_ is not None and purpose.keep is None else None
        if fact is None:
            continue
        judged = Facts(setting, Closure(graph, {}), fact.table)
        if judged.closure.keyless(fact.table):
            continue
        query = exp.select(*judged.closure.key(fact.table, "t")).from_(table_of(fact.table, "t"))
        query = query.where(exp.Is(this=exp.Paren(this=judged.holds(fact, "t")), expression=exp.false()))
        info = graph.schema.tables[fact.table]
        families = tuple(info.columns[key].family for key in graph.key(fact.table))
        comment = f"rows of {fact.table} that say that `{purpose.while_}` has ended"
        yield Ended(name, fact.table, families, Statement(query, dict(judged.binds), comment))

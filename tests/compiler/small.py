"""A small database with a map and a policy of a few lines, for one situation at a time."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from belofte.compiler.closure import Closure
from belofte.compiler.erasure import Erasure, erasure
from belofte.compiler.pseudonym import halves, names
from belofte.compiler.setting import People, Setting
from belofte.compiler.statement import Keys
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Graph
from belofte.datamap.model import DataMap
from belofte.policy.model import Policy
from belofte.policy.person import PersonState, nobody
from belofte.stores.connect import Store, connect
from belofte.stores.erasing import TableCounts, carry_out
from belofte.stores.reflect import reflect
from belofte.stores.session import session

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)

PURPOSES: dict[str, Any] = {"service": {"title": "T", "basis": "contract", "uses": ["data"], "keep": "P1Y"}}


def policy(purposes: Mapping[str, Any], **extra: Any) -> Policy:
    """Return a policy with one category, `data`."""
    return Policy.model_validate(
        {
            "belofte": 1, "languages": ["en"], "people": ["customer"],
            "organisation": {"name": "X", "country": "BE", "authority": "be-apd"},
            "categories": {"data": {"title": "Data", "elements": {"text": "pd:Communication", "name": "pd:Name"}}},
            "purposes": dict(purposes), **extra,
        }
    )  # fmt: skip


@dataclass
class Small:
    """An open store of one situation."""

    store: Store
    policy: Policy
    map: DataMap

    @property
    def graph(self) -> Graph:
        """The ownership graph on the live catalogue."""
        return Graph(self.map, reflect(self.store.engine))

    def plan(
        self,
        entry: str,
        keys: list[tuple[Any, ...]],
        states: Mapping[tuple[Any, ...], PersonState] | None = None,
        held_tables: frozenset[str] = frozenset(),
    ) -> tuple[Erasure, dict[str, Keys]]:
        """Return the erasure of people of one entry, and its key sets."""
        graph = self.graph
        assert graph.problems == []
        info = graph.schema.tables[graph.entry(entry).table]
        families = tuple(info.columns[name].family for name in graph.entry(entry).key)
        keysets = {"cohort": Keys(families, keys)}
        people = []
        for number, (key, state) in enumerate((states or {}).items()):
            keysets[f"people_{number}"] = Keys(families, [key])
            people.append(People(state, f"people_{number}"))
        setting = Setting(self.policy, graph, NOW, {entry: people}, nobody(self.policy), held_tables)
        return erasure(setting, Closure(graph, {entry: "cohort"})), keysets

    def erase(
        self, entry: str, keys: list[tuple[Any, ...]], *, many: bool = False, **more: Any
    ) -> dict[str, TableCounts]:
        """Let go of what nothing justifies about people of one entry; return the counts."""
        plan, keysets = self.plan(entry, keys, **more)
        with session(self.store) as opened:
            opened.given = halves(dict.fromkeys(names(self.map), b"key of a test"))
            counts = carry_out(opened, plan, keysets, many=many)
            opened.commit()
        return counts

    def verdicts(
        self,
        table: str,
        entry: str,
        keys: list[tuple[Any, ...]],
        states: Mapping[tuple[Any, ...], PersonState] | None = None,
    ) -> list[dict[str, Any]]:
        """Return the flags of a table's rows about people of one entry; `key0` is the row's key."""
        plan, keysets = self.plan(entry, keys, states)
        judged = Verdicts(plan.setting, plan.closure, table)
        judged.add_whose()
        judged.add_masks()
        judged.add_justified()
        names = [*(f"key{n}" for n, _ in enumerate(judged.setting.graph.key(table))), *(f.name for f in judged.varying)]
        with session(self.store) as opened:
            found = opened.rows(judged.select("verdicts", columns=False), keysets)
        return [{**judged.constants, **dict(zip(names, row, strict=True))} for row in found]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, in order."""
        with self.store.engine.connect() as connection:
            return sorted((tuple(row) for row in connection.exec_driver_sql(query)), key=repr)


@contextmanager
def small(
    url: str, script: list[str], datamap: Mapping[str, Any], purposes: Mapping[str, Any] | None = None, **extra: Any
):
    """Run a script in a fresh database and yield it with its map; close it afterwards."""
    opened = connect(url, read_only=False, name="small")
    try:
        with opened.engine.begin() as connection:
            for statement in script:
                connection.exec_driver_sql(statement)
        found = DataMap.model_validate({"store": "small", **datamap})
        yield Small(opened, policy(PURPOSES if purposes is None else purposes, **extra), found)
    finally:
        opened.close()

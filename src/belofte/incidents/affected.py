"""Whose data a breach touched in one store: how many people of which kind, how many rows of which category (33(3)(a)).

Who they are comes out beside the figures, to be sealed and never shown. Someone on rows of several tables is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlglot import exp

from belofte.compiler.exposed import Rows, exposed_nobody, exposed_people, exposed_rows
from belofte.compiler.setting import Setting
from belofte.database.sealed import tagged, typed
from belofte.datamap.expression import BadExpression, Expression, parse
from belofte.datamap.graph import Graph
from belofte.datamap.model import UNKNOWN_KIND
from belofte.incidents.entry import Affected, CategoryCount
from belofte.policy.model import Policy
from belofte.policy.person import nobody
from belofte.stores.session import Session

PersonKey = tuple[Any, ...]


class NoScope(ValueError):
    """What was asked about is not in the store; `reasons` has everything that is wrong with it."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(reasons[0])
        self.reasons = reasons


@dataclass(frozen=True)
class Scope:
    """What was touched in a store: its tables (none named: all), and which of their rows."""

    tables: tuple[str, ...] = ()
    where: str | None = None
    when: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def partial(self) -> bool:
        """Whether only some rows are meant."""
        return self.where is not None or self.when is not None or self.since is not None or self.until is not None


@dataclass
class People:
    """People by entry and key, each with the categories that rows about them hold, and her kind."""

    found: dict[str, dict[PersonKey, tuple[str, frozenset[str]]]] = field(default_factory=dict)

    def add(self, entry: str, key: PersonKey, kind: str, categories: frozenset[str]) -> None:
        """Add what one way to a person tells of her."""
        known = self.found.setdefault(entry, {})
        before = known.get(key)
        known[key] = (kind, categories) if before is None else (before[0], before[1] | categories)

    def sealed(self) -> bytes:
        """Return who they are, to be sealed."""
        return json.dumps(
            {entry: [[tagged(part) for part in key] for key in keys] for entry, keys in self.found.items()}
        ).encode()


def people_of(sealed: bytes) -> dict[str, list[PersonKey]]:
    """Return the keys of people, per entry, from what was sealed."""
    content: Mapping[str, list[list[list[str]]]] = json.loads(sealed)
    return {entry: [tuple(typed(part) for part in key) for key in keys] for entry, keys in content.items()}


def counted(
    policy: Policy, graph: Graph, reading: Session, store: str, scope: Scope, now: datetime
) -> tuple[Affected, People]:
    """Return how much of whose data a scope holds, and whose; nothing is written. Raises `NoScope`."""
    asked = _rows(graph, scope)
    setting = Setting(policy, graph, now, {}, nobody(policy))
    people, records, led_nowhere = People(), 0, 0
    by_category: dict[str, int] = {}
    for rows in asked:
        for way in exposed_people(setting, rows):
            _add(people, way.entry, way.kinds, way.categories, reading.rows(way.statement, {}))
        each = exposed_rows(setting, rows)
        ((number, *held),) = reading.rows(each.statement, {})
        records += int(number)
        for category, count in zip(each.categories, held, strict=True):
            by_category[category] = by_category.get(category, 0) + int(count or 0)
        lost = exposed_nobody(setting, rows)
        if lost is not None:
            led_nowhere += int(reading.rows(lost, {})[0][0])
    said = _figures(policy, people, by_category)
    return said.model_copy(
        update={
            "store": store, "tables": tuple(rows.table for rows in asked), "condition": _masked(asked[0].condition),
            "when": scope.when, "since": scope.since, "until": scope.until, "records": records, "nobody": led_nowhere,
        }
    ), people  # fmt: skip


def _add(
    people: People, entry: str, kinds: Sequence[str], categories: Sequence[str], found: Iterable[PersonKey]
) -> None:  # fmt: skip
    named = (*kinds, UNKNOWN_KIND)
    for row in found:
        *key, kind = row[: len(row) - len(categories)]
        held = frozenset(name for name, there in zip(categories, row[len(key) + 1 :], strict=True) if there)
        people.add(entry, tuple(key), named[int(kind)], held)


def _figures(policy: Policy, people: People, by_category: Mapping[str, int]) -> Affected:
    kinds: dict[str, int] = {}
    about: dict[str, int] = {}
    everyone = [one for keys in people.found.values() for one in keys.values()]
    for kind, categories in everyone:
        kinds[kind] = kinds.get(kind, 0) + 1
        for category in categories:
            about[category] = about.get(category, 0) + 1
    return Affected(
        store="", state="counted", people=len(everyone), kinds=dict(sorted(kinds.items())),
        categories={
            name: CategoryCount(people=about.get(name, 0), records=records, special=special(policy, name))
            for name, records in sorted(by_category.items())
            if records
        },
    )  # fmt: skip


def special(policy: Policy, category: str) -> bool:
    """Return whether a category is, or holds, what art. 9 or 10 names."""
    found = policy.categories.get(category)
    return found is not None and any(policy.special(element) for element in policy.elements(category))


def _rows(graph: Graph, scope: Scope) -> list[Rows]:
    """Return the rows that a scope names, table by table; `NoScope` with everything that is wrong with it."""
    wrong = [
        f"the map has no table `{name}` that is in the store: it has {', '.join(graph.mapped)}"
        for name in scope.tables
        if name not in graph.mapped
    ]
    if scope.partial and len(scope.tables) != 1:
        wrong.append("some rows are those of one table: name it with `--table`")
    if (scope.since is not None or scope.until is not None) and scope.when is None:
        wrong.append("`--since` and `--until` are moments of a column: name it with `--when`")
    if scope.when is not None and scope.since is None and scope.until is None:
        wrong.append("`--when` names a column and no time: add `--since` or `--until`")
    condition: Expression | None = None
    if scope.where is not None:
        try:
            condition = parse(scope.where)
        except BadExpression as bad:
            wrong.append(str(bad))
    if not wrong and scope.partial:
        wrong += _not_there(graph, scope.tables[0], condition, scope.when)
    if wrong:
        raise NoScope(wrong)
    tables = [name for name in graph.mapped if not scope.tables or name in scope.tables]
    rows = Rows("", condition, scope.when, scope.since, scope.until)
    return [replace(rows, table=name) for name in tables]


def _not_there(graph: Graph, table: str, condition: Expression | None, when: str | None) -> list[str]:
    columns = graph.schema.tables[table].columns
    named = list(condition.columns) if condition is not None else []
    wrong = [
        f"table `{table}` has no column `{name}`" for name in [*named, *([when] if when else [])] if name not in columns
    ]
    if condition is not None and condition.aggregate is not None:
        wrong.append("a condition on rows is a comparison of columns, not max, min or any")
    if condition is not None and condition.table not in (None, table):
        wrong.append(f"the condition speaks of `{condition.table}`, and the table is `{table}`")
    if when is not None and when in columns and columns[when].family not in ("date", "timestamp", "timestamptz"):
        wrong.append(f"column `{when}` holds no moment")
    return wrong


def _masked(condition: Expression | None) -> str | None:
    """Return a condition for the register, which stays: the values in it may be a person's."""
    if condition is None:
        return None

    def hidden(node: exp.Expr) -> exp.Expr:
        return exp.Var(this="…") if isinstance(node, exp.Literal) else node

    return condition.tree.copy().transform(hidden).sql(dialect="postgres")

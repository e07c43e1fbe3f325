"""Residue: where the identifiers of people still stand after an erasure (DESIGN §8). Values are never told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from belofte.compiler.search import MANY_WORDS, residue, word_binds
from belofte.compiler.statement import Keys
from belofte.rights.desk import Desk, Opened
from belofte.stores.connect import Unreachable
from belofte.stores.session import Failed, session

Tables = Mapping[str, Mapping[str, object]]
"""Per table, what became of it."""


def left_of(desk: Desk, words: list[str], told: Mapping[str, Tables]) -> tuple[list[dict[str, object]], list[str]]:
    """Return where people's words are found in text columns, with counts, and what was not searched.

    `told`: what became of each store that answered; what something justifies there is told as kept, not as residue.
    """
    found: list[dict[str, object]] = []
    unread: list[str] = []
    few = len(words) <= MANY_WORDS
    for name in desk.sql_stores:
        if not words or name not in told:
            continue
        try:
            opened = desk.open(name)
            number = len(words) if few else MANY_WORDS + 1
            search = desk.once(("residue", name, number), lambda o=opened, n=number: residue(o.graph, n))  # type: ignore[misc]
            unread += [f"{name}.{column}" for column in search.unread]
            with session(opened.store) as reading:
                reading.given = word_binds(words) if few else {}
                keysets = {} if few else {"words": Keys(("text",), [(word,) for word in words])}
                for statement in search.statements:
                    for at, *counts in reading.rows(statement, keysets):
                        table, columns = search.parts[int(at)]
                        found += [
                            {"store": name, "table": table, "column": column, "count": int(count)}
                            for column, count in zip(columns, counts, strict=False)
                            if count > _kept_there(opened, told[name], table, column)
                        ]
        except (Unreachable, Failed):
            unread.append(name)
    return found, unread


def _kept_there(opened: Opened, told: Tables, table: str, column: str) -> int:
    """Return how many rows may hold the people's words in a column because something justifies it: told as kept."""
    mapped = opened.map.tables.get(table)
    stated = mapped.columns.get(column) if mapped is not None else None
    counts = told.get(table)
    if stated is None or stated.element is None or counts is None:
        return 0
    reasons = cast(list[dict[str, Any]], counts["reasons"])
    return sum(int(one["rows"]) for one in reasons if str(one["reason"]).startswith(("purpose:", "hold-or", "links-")))

"""Hold a data map against the policy and the live catalogue: what is missing, wrong, unreachable or cannot go. Pure.

One rule per finding, each with its article and its mend; a map without findings is clean as declared, and that never
means that the processing is lawful.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from belofte.datamap.load import LoadedMap
from belofte.datamap.model import DataMap
from belofte.datamap.rules import catalogue, ownership, removing
from belofte.datamap.rules.rule import Held, Rule
from belofte.datamap.schema import Schema
from belofte.law.source import AS_OF
from belofte.policy.findings import Finding, ranked
from belofte.policy.model import Policy
from belofte.policy.problems import Place

ALWAYS: tuple[Rule, ...] = (removing.TRANSFER, removing.GAP)
"""The rules that need neither the live catalogue nor expressions that parse."""

RULES: tuple[Rule, ...] = (*ALWAYS, *catalogue.RULES, *ownership.RULES, *removing.RULES)
"""Every rule on a map. Those of `ownership` need expressions that parse."""

FACT_MISSING = "FACT_MISSING"
"""The rule on facts that no store gives: it holds over all maps at once (`datamap/coverage.py`)."""


def map_findings(
    loaded: LoadedMap | DataMap, policy: Policy, schema: Schema | None, today: date = AS_OF
) -> list[Finding]:
    """Return what a map breaks, errors first.

    `schema` is the live catalogue; None (a manual store, one that is down) leaves the rules that need it out.
    """
    found = loaded.map if isinstance(loaded, LoadedMap) else loaded
    held = Held(found, policy, schema or Schema("postgres", {}), today)
    if schema is None:
        rules = ALWAYS
    elif any(True for _ in catalogue.expressions_wrong(held)):
        rules = (*ALWAYS, *(rule for rule in catalogue.RULES if rule.id in WITHOUT_GRAPH))
    else:
        rules = RULES
    return ranked(one for rule in rules for one in rule.findings(partial(place, loaded), held))


WITHOUT_GRAPH = frozenset(("MAP_TABLE_GONE", "MAP_COLUMN_GONE", "MAP_EXPRESSION_WRONG"))
"""The rules that hold even where an expression of the map does not parse."""


def place(loaded: LoadedMap | DataMap, path: str) -> Place:
    """Return where a part of a map is written."""
    if isinstance(loaded, LoadedMap):
        return loaded.at(path)
    return Place(f"stores/{loaded.store}.yaml")


def facts_given(maps: Iterable[LoadedMap | DataMap]) -> set[str]:
    """Return the names of the facts that some store gives."""
    given: set[str] = set()
    for loaded in maps:
        found = loaded.map if isinstance(loaded, LoadedMap) else loaded
        given |= set(found.facts)
        given |= {f"{table}.{fact}" for table, mapped in found.tables.items() for fact in mapped.facts}
    return given

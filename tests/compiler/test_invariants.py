"""What must hold of every erasure: use implies keep; a cohort is its people in any order; twice is once.

A cohort equals its people one by one as long as no erasure takes a fact that somebody else's data counts on
(docs/kernel.md, *At once, or one after the other*).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.compiler.test_agreement import EXAMPLES, compiled, fill, verdicts
from tests.compiler.test_agreement import schema as schema
from tests.compiler.test_agreement import store as store
from tests.compiler.test_erasing import read
from tests.compiler.world import DATED, DAYS, World, worlds

from belofte.compiler.erasure import erasure
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Graph
from belofte.datamap.schema import Schema
from belofte.policy.person import keys_of
from belofte.stores.connect import Store
from belofte.stores.erasing import carry_out
from belofte.stores.session import Session, session

FEWER = max(EXAMPLES // 4, 1)


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_what_is_used_is_kept(store: Store, schema: Schema, world: World) -> None:
    graph = world.graph(schema)
    setting, closure, keysets = compiled(world, graph)
    with session(store) as opened:
        fill(opened, world.rows)
        for table in graph.mapped:
            judged = Verdicts(setting, closure, table)
            if not judged.touched:
                continue
            judged.add_masks()
            names = [flag.name for flag in judged.varying]
            for row in opened.rows(judged.select("verdicts", columns=False), keysets):
                flags = {**judged.constants, **dict(zip(names, row[len(graph.key(table)) :], strict=True))}
                for number, _ in enumerate(judged.groups):
                    assert flags[f"u{number}"] & ~flags[f"k{number}"] == 0, table


def left(
    opened: Session, graph: Graph, world: World, cohorts: list[dict[str, Any]]
) -> dict[str, list[tuple[str, ...]]]:
    """Return what is left after one erasure per cohort, one after the other at the same moment."""
    fill(opened, world.rows)
    for cohort in cohorts:
        setting, closure, keysets = compiled(replace(world, cohort=cohort), graph)
        carry_out(opened, erasure(setting, closure), keysets, many=False)
    return {table: read(opened, table, world) for table in world.rows}


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_an_erasure_with_nothing_left_to_do_changes_nothing(store: Store, schema: Schema, world: World) -> None:
    """Runs are repeated first: a row that an earlier run unlinked may free the row that it pointed at."""
    graph = world.graph(schema)
    with session(store) as opened:
        settled = left(opened, graph, world, [world.cohort] * 4)
        assert left(opened, graph, world, [world.cohort] * 5) == settled


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), order=st.randoms(use_true_random=False))
def test_a_cohort_at_once_equals_its_people_in_any_order(
    store: Store, schema: Schema, world: World, order: Any
) -> None:
    """Each order is run until it settles: a shared row goes with the last of those whom it was about."""
    graph = world.graph(schema)
    people = [{entry: [key]} for entry, keys in world.cohort.items() for key in keys]
    order.shuffle(people)
    one_by_one = [{"customer": [], "trader": [], **one} for one in people]
    with session(store) as opened:
        fill(opened, world.rows)
        before = facts(opened)
        at_once = left(opened, graph, world, [world.cohort] * 4)
        after = facts(opened)
        if all(after[table] <= before[table] for table in FACTS) and after["meeting"] == before["meeting"]:
            assert left(opened, graph, world, one_by_one * 4) == at_once


FACTS = {
    "company": "id, status, ended_on",
    "contact": "id, company_id, created_at",
    "meeting": "id, company_id, held",
    "message": "id, sent",
}
"""What several people's data may count on: rows that are another's, or two people's, and links to them."""


def facts(opened: Session) -> dict[str, set[tuple[Any, ...]]]:
    """Return the facts that people share."""
    return {table: set(opened.execute(f"select {columns} from {table}")) for table, columns in FACTS.items()}  # noqa: S608


BEFORE_ALL = datetime(2009, 12, 31, tzinfo=UTC)
"""Before every day in a world."""


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_a_key_that_somebody_new_has_got_is_judged_as_hers_alone(store: Store, schema: Schema, world: World) -> None:
    """What closed for the one who had the key before closes nothing that was collected later."""
    rows = {table: [dated(table, row) for row in found] for table, found in world.rows.items()}
    tables = dict(world.map.tables)
    tables.update({table: tables[table].model_copy(update={"collected": column}) for table, column in DATED.items()})
    world = replace(world, rows=rows, map=world.map.model_copy(update={"tables": tables}))
    keys = [key for name in world.policy.purposes for key in keys_of(world.policy, name)]
    found = []
    with session(store) as opened:
        fill(opened, world.rows)
        for closed in (dict.fromkeys(keys, BEFORE_ALL), {}):
            states = {person: replace(state, closed_before=closed) for person, state in world.states.items()}
            setting, closure, keysets = compiled(replace(world, states=states), world.graph(schema))
            found.append({table: verdicts(opened, Verdicts(setting, closure, table), keysets) for table in DATED})
    assert found[0] == found[1]


def dated(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row that says when it was collected."""
    column = DATED.get(table)
    return row if column is None or row[column] is not None else {**row, column: DAYS[0]}

"""What must hold of every erasure: use implies keep; a cohort is its people in any order; twice is once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.compiler.test_agreement import EXAMPLES, compiled, fill
from tests.compiler.test_agreement import graph as graph
from tests.compiler.test_agreement import store as store
from tests.compiler.test_erasing import read
from tests.compiler.world import World, worlds

from belofte.compiler.erasure import erasure
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Graph
from belofte.stores.connect import Store
from belofte.stores.erasing import carry_out
from belofte.stores.session import Session, session

FEWER = max(EXAMPLES // 4, 1)


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_what_is_used_is_kept(store: Store, graph: Graph, world: World) -> None:
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
def test_an_erasure_with_nothing_left_to_do_changes_nothing(store: Store, graph: Graph, world: World) -> None:
    """Runs are repeated first: a row that an earlier run unlinked may free the row that it pointed at."""
    with session(store) as opened:
        settled = left(opened, graph, world, [world.cohort] * 4)
        assert left(opened, graph, world, [world.cohort] * 5) == settled


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), order=st.randoms(use_true_random=False))
def test_a_cohort_at_once_equals_its_people_in_any_order(store: Store, graph: Graph, world: World, order: Any) -> None:
    """Each order is run until it settles: a shared row goes with the last of those whom it was about."""
    people = [{entry: [key]} for entry, keys in world.cohort.items() for key in keys]
    order.shuffle(people)
    one_by_one = [{"customer": [], "trader": [], **one} for one in people]
    with session(store) as opened:
        at_once = left(opened, graph, world, [world.cohort] * 4)
        assert left(opened, graph, world, one_by_one * 4) == at_once

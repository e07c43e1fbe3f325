"""A sweep leaves exactly what the reference evaluator keeps, twice is once, and its proof counts zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlglot import exp
from tests.compiler.test_agreement import EXAMPLES, compiled, fill, referee
from tests.compiler.test_agreement import schema as schema
from tests.compiler.test_agreement import store as store
from tests.compiler.test_erasing import Eraser, columns_of, comparable, read
from tests.compiler.test_invariants import FACTS, facts
from tests.compiler.world import TABLES, World, worlds

from belofte.compiler.closure import Closure, column, table_of
from belofte.compiler.erasure import erasure, told_by_rows
from belofte.compiler.overdue import over_by_row, overdue_data, overdue_people, sweeping
from belofte.compiler.reference import Reference
from belofte.compiler.search import found_of, others
from belofte.compiler.setting import groups
from belofte.compiler.statement import Keys, Statement
from belofte.datamap.graph import Graph
from belofte.datamap.schema import Schema
from belofte.policy.person import PersonState, nobody
from belofte.retention.overdue import whom
from belofte.stores.connect import Store
from belofte.stores.erasing import carry_out
from belofte.stores.session import Session, session

FEWER = max(EXAMPLES // 3, 1)
Cohort = Mapping[str, list[tuple[Any, ...]]]
Rows = dict[str, list[tuple[str, ...]]]


def everybody(world: World) -> Cohort:
    """Return the keys of everyone in the world."""
    return {
        "customer": [(row["id"],) for row in world.rows["contact"] if row["deleted"] == 0],
        "trader": [(row["id"],) for row in world.rows["company"] if row["form"] == "EZ"],
    }


def sweep(opened: Session, graph: Graph, world: World, cohort: Cohort, *, many: bool = False) -> None:
    """Let go, about a cohort, of what nothing justifies."""
    setting, closure, keysets = compiled(replace(world, cohort=cohort), graph)
    carry_out(opened, erasure(sweeping(setting), closure), keysets, many=many)


def over(opened: Session, graph: Graph, world: World, entry: str) -> dict[tuple[Any, ...], frozenset[str]]:
    """Return which purposes are over for people of an entry, as their own rows say."""
    setting, _, _ = compiled(world, graph)
    found = over_by_row(sweeping(setting), entry, "asked")
    if found is None:
        return {}
    purposes, statement = found
    rows = opened.rows(statement, {"asked": Keys(("integer",), everybody(world)[entry])})
    return {row[:1]: frozenset(p for p, flag in zip(purposes, row[1:], strict=True) if flag) for row in rows}


def sweep_alike(opened: Session, graph: Graph, world: World, entry: str, found: frozenset[str]) -> None:
    """Let go of what nothing justifies about the people of a world, of whom the same is over."""
    keys = world.cohort[entry]
    states = {(entry, key): world.states.get((entry, key), nobody(world.policy)) for key in keys}
    known = {**world.states, **{one: replace(state, over=found) for one, state in states.items()}}
    setting, closure, keysets = compiled(replace(world, states=known), graph)
    there = {one.entry for one in others(setting, closure) if opened.rows(one.statement, keysets)}
    setting = replace(setting, alone=found_of(closure) - there)
    carry_out(opened, erasure(sweeping(setting), closure), keysets, many=True)


def overdue(
    opened: Session, graph: Graph, world: World, *, only_removable: bool = False
) -> dict[str, list[tuple[Any, ...]]]:
    """Return everyone of whom something is held that nothing justifies."""
    setting, _, keysets = compiled(world, graph)
    asked = overdue_people(sweeping(setting), Closure(graph, {}), only_removable=only_removable)
    found = whom(opened, asked, keysets)
    return {entry: sorted(found.get(entry, ())) for entry in ("customer", "trader")}


def settled(opened: Session, graph: Graph, world: World, size: int) -> int:
    """Sweep in batches of people until a pass changes nothing; return how many passes it took."""
    for number in range(1, 9):
        before = state(opened, world)
        for entry, keys in overdue(opened, graph, world, only_removable=True).items():
            for start in range(0, len(keys), size):
                cohort = {"customer": [], "trader": [], entry: keys[start : start + size]}
                sweep(opened, graph, world, cohort)
        if state(opened, world) == before:
            return number
    raise AssertionError("a sweep never settles")


def empty(opened: Session, graph: Graph, reference: Reference) -> Rows:
    """Return the rows of the store in which no datum is."""
    found = {}
    for table in TABLES:
        query = exp.select(*(column(name) for name in columns_of(table))).from_(table_of(table))
        rows = [dict(zip(columns_of(table), row, strict=True)) for row in opened.rows(Statement(query), {})]
        found[table] = comparable(table, [row for row in rows if not full(graph, reference, table, row)])
    return found


def full(graph: Graph, reference: Reference, table: str, row: dict[str, Any]) -> bool:
    """Return whether a row holds a datum."""
    return any(
        group.row or not all(reference.erased(table, row, name) for name in group.columns)
        for group in groups(graph, table)
    )


def state(opened: Session, world: World) -> Rows:
    """Return every row of the store."""
    return {table: read(opened, table, world) for table in world.rows}


@pytest.mark.parametrize("many", [False, True], ids=["values", "tables"])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_a_sweep_leaves_what_the_plain_sweeper_leaves(store: Store, schema: Schema, many: bool, world: World) -> None:
    graph = world.graph(schema)
    whole = replace(world, cohort=everybody(world))
    reference = replace(referee(whole, graph), sweep=True)
    expected = Eraser(whole, graph, reference, sweep=True).erased()
    with session(store) as opened:
        fill(opened, world.rows)
        sweep(opened, graph, world, everybody(world), many=many)
        left = state(opened, world)
    for table, rows in expected.items():
        assert (table, left[table]) == (table, comparable(table, rows))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_people_of_whom_the_same_is_over_go_as_everybody_does(store: Store, schema: Schema, world: World) -> None:
    """What their own rows say, and that nobody else is on their rows, makes the plan short and changes nothing."""
    graph = world.graph(schema)
    with session(store) as opened:
        for entry in everybody(world):
            fill(opened, world.rows)
            told = over(opened, graph, world, entry)
            for found in {*told.values(), frozenset()}:
                alike = [key for key in everybody(world)[entry] if told.get(key, frozenset()) == found]
                some = replace(world, cohort={entry: alike})
                if not alike:
                    continue
                fill(opened, world.rows)
                sweep_alike(opened, graph, some, entry, found)
                left = state(opened, world)
                fill(opened, world.rows)
                sweep(opened, graph, some, some.cohort)
                assert state(opened, world) == left


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_the_people_looked_at_are_all_of_whom_something_goes(store: Store, schema: Schema, world: World) -> None:
    graph = world.graph(schema)
    with session(store) as opened:
        fill(opened, world.rows)
        few = overdue(opened, graph, world)
        sweep(opened, graph, world, few)
        left = state(opened, world)
        fill(opened, world.rows)
        sweep(opened, graph, world, everybody(world))
        assert state(opened, world) == left


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_asked_about_some_the_same_are_named_of_them_and_nobody_else(
    store: Store, schema: Schema, world: World
) -> None:
    """An organisation of the same table as its sole traders is nobody."""
    graph = world.graph(schema)
    setting, closure, keysets = compiled(world, graph)
    with session(store) as opened:
        fill(opened, world.rows)
        among_all = overdue(opened, graph, world)
        named = whom(opened, overdue_people(sweeping(setting), closure), keysets)
    for entry in ("customer", "trader"):
        assert set(named.get(entry, ())) == set(among_all[entry]) & set(world.cohort[entry])


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_batches_end_where_the_sweep_of_everybody_ends(store: Store, schema: Schema, world: World) -> None:
    """As long as no batch takes a fact that somebody else's data counts on (docs/kernel.md)."""
    graph = world.graph(schema)
    with session(store) as opened:
        fill(opened, world.rows)
        before = facts(opened)
        settled(opened, graph, world, 100)
        after, at_once = facts(opened), state(opened, world)
        if all(after[table] <= before[table] for table in FACTS) and after["meeting"] == before["meeting"]:
            fill(opened, world.rows)
            settled(opened, graph, world, 1)
            assert state(opened, world) == at_once


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_after_a_sweep_the_proof_counts_zero(store: Store, schema: Schema, world: World) -> None:
    """What has no removal form while its row must stay is told apart, and counted too."""
    graph = world.graph(schema)
    with session(store) as opened:
        fill(opened, world.rows)
        settled(opened, graph, world, 100)
        setting, closure, keysets = compiled(replace(world, cohort=everybody(world)), graph)
        judged = sweeping(setting)
        counts = carry_out(opened, erasure(judged, closure, foresee=True), keysets, many=False, foresee=True)
        for table in counts:
            data = [one for proof in overdue_data(judged, closure) if proof.table == table for one in proof.data]
            for number, one in enumerate(data):
                assert counts[table].overdue[number] == 0 or one.left, (table, one.element)


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_the_proof_counts_what_the_reference_evaluator_does_not_justify(
    store: Store, schema: Schema, world: World
) -> None:
    """And so does the plan, where no row keeps a column for one below it."""
    graph = world.graph(schema)
    setting, closure, keysets = compiled(world, graph)
    judged, reference = sweeping(setting), replace(referee(world, graph), sweep=True)
    plain = Eraser(world, graph, reference, sweep=True)
    with session(store) as opened:
        fill(opened, world.rows)
        plan = erasure(judged, closure, foresee=True)
        counts = carry_out(opened, plan, keysets, many=False, foresee=True)
        asked = {one.table: opened.rows(one.statement, keysets)[0] for one in overdue_data(judged, closure)}
    for table in set(graph.ours) - world.held_tables:
        for number, group in enumerate(groups(graph, table)):
            rows = [row for row in world.rows[table] if plain.hers(table, row, group)]
            lost = [row for row in rows if plain.there(table, row, group) and not plain.kept(table, row, group)]
            proven = asked[table][2 * number] if table in asked else 0
            assert (table, group.element, proven) == (table, group.element, len(lost))
            if told_by_rows(plan):
                foreseen = counts[table].overdue[number] if table in counts else 0
                assert (table, group.element, foreseen) == (table, group.element, len(lost))


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_what_is_restricted_or_held_for_everyone_is_not_swept(store: Store, schema: Schema, world: World) -> None:
    graph = world.graph(schema)
    people = [(entry, key) for entry, keys in everybody(world).items() for key in keys]
    for stopped in (PersonState(restricted=frozenset({"*"})), PersonState(held=True)):
        kept = replace(world, states=dict.fromkeys(people, stopped))
        with session(store) as opened:
            fill(opened, world.rows)
            before = state(opened, world)
            sweep(opened, graph, kept, everybody(world))
            assert state(opened, world) == before
            assert not any(overdue(opened, graph, kept).values())


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_erasing_then_sweeping_is_sweeping_then_erasing(store: Store, schema: Schema, world: World) -> None:
    """At one moment, as long as neither takes a fact that somebody else's data counts on (docs/kernel.md).

    A row that something pointed at when its data went may stay, with nothing in it (decision 0017).
    """
    graph, hollow, left = world.graph(schema), None, {}

    def erase() -> None:
        for _ in range(3):  # a row that one run unlinked may free the row that it pointed at
            setting, closure, keysets = compiled(world, graph)
            carry_out(opened, erasure(setting, closure), keysets, many=False)

    with session(store) as opened:
        fill(opened, world.rows)
        before = facts(opened)
        erase()
        settled(opened, graph, world, 100)
        after, erased_first = facts(opened), state(opened, world)
        hollow_first = empty(opened, graph, referee(world, graph))
        if all(after[table] <= before[table] for table in FACTS) and after["meeting"] == before["meeting"]:
            fill(opened, world.rows)
            settled(opened, graph, world, 100)
            erase()
            left, hollow = state(opened, world), empty(opened, graph, referee(world, graph))
    if hollow is not None:
        for table, rows in left.items():
            more, fewer = Counter(rows) - Counter(erased_first[table]), Counter(erased_first[table]) - Counter(rows)
            assert set(more) <= set(hollow[table]), table
            assert set(fewer) <= set(hollow_first[table]), table

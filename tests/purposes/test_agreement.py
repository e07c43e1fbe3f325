# ruff: noqa: S608
"""Each purpose's view shows what the reference evaluator says it may use now, on generated worlds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.compiler.test_agreement import ddl, fill, referee
from tests.compiler.world import NOW, TABLES, World, worlds

from belofte.compiler import masks
from belofte.compiler.pseudonym import halves_of
from belofte.compiler.reference import Reference
from belofte.compiler.setting import CIVIL, Setting, groups
from belofte.compiler.standing import SCHEMA, allowed_table, calendar, identity, slots, told
from belofte.compiler.statement import Statement, text
from belofte.compiler.views import View, views
from belofte.datamap.graph import Graph
from belofte.datamap.schema import Schema
from belofte.policy.person import nobody
from belofte.stores.connect import Store, connect
from belofte.stores.postgres_views import allowed_made, calendar_made, clock_made, ground_made, keys_made, slot_made
from belofte.stores.reflect import reflect
from belofte.stores.session import Session, session

EXAMPLES = int(os.environ.get("BELOFTE_EXAMPLES", "25"))
MASKING = b"key of a test"
LEASE = NOW + timedelta(days=3)


@pytest.fixture(scope="module")
def store(postgres_running: Any) -> Iterator[Store]:
    """A database with the world's empty tables, and what a store is told of choices."""
    opened = connect(postgres_running.url(postgres_running.fresh()), read_only=False, name="world")
    with opened.engine.begin() as connection:
        for table, columns in TABLES.items():
            connection.exec_driver_sql(ddl(table, columns, opened.dialect))
        made = (ground_made(), slot_made(), calendar_made(), keys_made(), *clock_made(NOW))
        made += tuple(allowed_made(entry, ["integer"]) for entry in ("customer", "trader"))
        for statement in (one for statements in made for one in statements):
            connection.exec_driver_sql(statement.replace("%", "%%"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def schema(store: Store) -> Schema:
    """The catalogue of the world's tables."""
    return reflect(store.engine)


def tell(opened: Session, world: World, graph: Graph, purposes: Mapping[str, list[View]]) -> None:
    """Tell the store what its people chose."""
    cursor = opened.connection.cursor()
    for table in ("slot", "first_day", "pseudonym_key", "allowed_customer", "allowed_trader"):
        cursor.execute(f"delete from {SCHEMA}.{table}")
    numbers = slots(world.policy)
    rows = [(number, purpose, channel, LEASE) for (purpose, channel), number in numbers.items()]
    cursor.executemany(f"insert into {SCHEMA}.slot values (%s, %s, %s, %s)", rows)
    terms = [term for found in purposes.values() for view in found for term in view.terms.values()]
    today = NOW.astimezone(CIVIL).date()
    cursor.executemany(
        f"insert into {SCHEMA}.first_day values (%s, %s, %s, %s, %s)", list(calendar(terms, today, 1, CIVIL))
    )
    for purpose in world.policy.purposes:
        cursor.execute(f"insert into {masks.KEYS} values (%s, %s, %s)", (purpose, *halves_of(MASKING)))
    for (entry, key), state in world.states.items():
        digest = text(Statement(identity(graph, entry, "p")), "postgres").rstrip(";")
        found = graph.entry(entry)
        for slot, one in told(world.policy, state).items():
            cursor.execute(
                f"insert into {allowed_table(entry)} (slot, k0, consent, shut, after, restricted, identity) "
                f"select %s, %s, %s, %s, %s, %s, {digest} from {found.table} p where p.id = %s",
                (numbers[slot], *key, one.consent, one.shut, one.after, one.restricted, *key),
            )


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_a_view_shows_what_the_reference_says_may_be_used(store: Store, schema: Schema, world: World) -> None:
    graph = world.graph(schema)
    reference = referee(world, graph)
    setting = Setting(world.policy, graph, NOW, {}, nobody(world.policy))
    made = {purpose: views(setting, purpose) for purpose in world.policy.purposes}
    with session(store) as opened:
        fill(opened, world.rows)
        tell(opened, world, graph, made)
        for purpose, found in made.items():
            for view in found:
                cursor = opened.connection.cursor()
                cursor.execute(view.sql("postgres"))
                names = [one[0] for one in cursor.description]
                shown = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
                expected = list(allowed_rows(world, graph, reference, purpose, view))
                assert names == list(view.columns)
                assert sorted(shown, key=repr) == sorted(expected, key=repr), (purpose, view.table)


def allowed_rows(
    world: World, graph: Graph, reference: Reference, purpose: str, view: View
) -> Iterator[dict[str, Any]]:
    """Yield the rows that a purpose may see, by the reference: what it may not see of them is NULL."""
    mapped = graph.map.tables[view.table].columns
    used = [group for group in groups(graph, view.table) if reference._keys(purpose, group.element)]
    for row in world.rows[view.table]:
        seen = {g: shown(graph, reference, purpose, view.table, row, None if g.row else g.columns[0]) for g in used}
        if not any(seen.values()):
            continue
        hidden = {name for group, there in seen.items() if not there for name in group.columns}
        assert all(mapped[name].element for name in hidden)
        yield {
            name: None if name in hidden else masked(world, graph, purpose, view.table, name, row[name])
            for name in view.columns
        }


def masked(world: World, graph: Graph, purpose: str, table: str, name: str, value: Any) -> Any:
    """Return a value as a purpose sees it, by the reference."""
    mapped = graph.map.tables[table].columns.get(name)
    if mapped is None or mapped.element is None:
        return value
    found = masks.form(world.policy, purpose, table, graph.schema.tables[table].columns[name], mapped.element)
    return masks.seen(found, value, MASKING, CIVIL)


def shown(graph: Graph, reference: Reference, purpose: str, table: str, row: Any, column: str | None) -> bool:
    """Return whether a datum is in a view: shown by the definition, or an organisation's and nobody's."""
    people = reference.reached(table, row, column)
    if people:
        return all(reference.use(purpose, p, table, row, column) is True for p in people)
    for owner in graph.owners(table, column):
        if not owner.person:
            where = graph.where(owner.entry)
            for end in reference.up(owner.path, table, row):
                if where is None or holds(where, end):
                    return True
    return False


def holds(where: Any, row: Any) -> bool:
    from belofte.datamap.expression import truth

    return truth(where.tree, row) is True

"""Each purpose's view shows what the reference evaluator says it may use now, on generated worlds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp
from tests.compiler.test_agreement import ddl, fill, referee
from tests.compiler.test_invariants import facts
from tests.compiler.world import NOW, TABLES, World, worlds
from tests.retention.test_agreement import everybody, sweep

from belofte.compiler import masks
from belofte.compiler.closure import column, table_of
from belofte.compiler.pseudonym import halves_of
from belofte.compiler.reference import Reference
from belofte.compiler.setting import Setting, groups
from belofte.compiler.standing import SCHEMA, allowed_table, calendar, identity, open_table, slots, told, watched
from belofte.compiler.statement import Statement
from belofte.compiler.views import PRESENCE, View, views
from belofte.datamap.graph import Graph
from belofte.datamap.schema import Schema
from belofte.law.term import CIVIL
from belofte.policy.person import consent_keys, nobody
from belofte.stores.binding import binding
from belofte.stores.bound import Watch
from belofte.stores.connect import Store, connect
from belofte.stores.reflect import reflect
from belofte.stores.session import Session, session

EXAMPLES = int(os.environ.get("BELOFTE_EXAMPLES", "25"))
FEWER = max(EXAMPLES // 5, 1)
MASKING = b"key of a test"
LEASE = NOW + timedelta(days=3)


@pytest.fixture(scope="module", params=["postgres", "mariadb"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A database with the world's empty tables, and what a store is told of choices."""
    server = request.getfixturevalue(f"{request.param}_running")
    database = server.fresh()
    opened = connect(server.url(database), read_only=False, name="world")
    making = binding(opened.dialect).making
    with opened.engine.begin() as connection:
        for table, columns in TABLES.items():
            connection.exec_driver_sql(ddl(table, columns, opened.dialect))
    with session(opened) as changing:
        making.carry_out(changing, making.ground(opened.name))
        seen = View("p", "t", "v", (), exp.select("1"), "", {masks.KEYS: ()})  # some purpose sees pseudonyms
        for item in making.items(opened.name, {"customer": ["integer"], "trader": ["integer"]}, [seen], NOW):
            if item.kind in ("relation", "clock"):
                making.carry_out(changing, item.make)
        if (watching := binding(opened.dialect).watching) is not None:
            for entry in ("customer", "trader"):
                for item in watching.items(opened.name, Watch(entry, "unread", ("id",), ("integer",), (), True)):
                    if item.kind == "relation":
                        making.carry_out(changing, item.make)
        changing.commit()
    yield opened
    opened.close()
    server.drop(database)


@pytest.fixture(scope="module")
def schema(store: Store) -> Schema:
    """The catalogue of the world's tables."""
    return reflect(store.engine)


def tell(opened: Session, world: World, graph: Graph, purposes: Mapping[str, list[View]]) -> None:
    """Tell the store what its people chose."""
    telling, numbers = binding(opened).telling, slots(world.policy)
    telling.tell_slots(opened, numbers)
    telling.tell_keys(opened, {purpose: halves_of(MASKING) for purpose in world.policy.purposes})
    telling.lease(opened, LEASE, NOW)
    terms = [term for found in purposes.values() for view in found for term in view.terms.values()]
    telling.tell_calendar(opened, calendar(terms, NOW.astimezone(CIVIL).date(), 1, CIVIL))
    for entry in ("customer", "trader"):
        table = graph.entry(entry).table
        query = exp.select(column("id", "p"), identity(graph, entry, "p")).from_(table_of(table, "p"))
        digests = dict(opened.rows(Statement(query), {}))
        states = {key: state for (of, key), state in world.states.items() if of == entry and key[0] in digests}
        own = (lambda _: None) if watched(graph, entry) else digests.__getitem__
        rows = {key: telling.rows_of(told(world.policy, state), numbers, own(key[0])) for key, state in states.items()}
        for told_in in (allowed_table(entry), *([open_table(entry)] if opened.dialect == "postgres" else [])):
            opened.change(Statement(exp.Delete(this=own_table(opened, told_in))), {})
        telling.tell(opened, entry, ["integer"], rows, list(numbers.values()))


def own_table(opened: Session, name: str) -> exp.Expr:
    """A table of what the store was told."""
    return table_of(f"{binding(opened).making.place(opened.store.name)}.{name.removeprefix(SCHEMA + '.')}")


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), watch=st.booleans())
def test_a_view_shows_what_the_reference_says_may_be_used(
    store: Store, schema: Schema, world: World, watch: bool
) -> None:
    graph = world.graph(schema)
    graph = Graph(graph.map.model_copy(update={"watch": watch}), schema)
    reference = referee(world, graph)
    setting = Setting(world.policy, graph, NOW, {}, nobody(world.policy))
    made = {purpose: views(setting, purpose) for purpose in world.policy.purposes}
    with session(store) as opened:
        fill(opened, world.rows)
        tell(opened, world, graph, made)
        for purpose, found in made.items():
            for view in found:
                cursor = opened.connection.cursor()
                cursor.execute(reading(opened, view))
                names = [one[0] for one in cursor.description]
                shown = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
                expected = list(allowed_rows(world, graph, reference, purpose, view))
                assert names == list(view.columns)
                assert sorted(shown, key=repr) == sorted(expected, key=repr), (purpose, view.table)


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_what_a_view_shows_a_sweep_never_takes(store: Store, schema: Schema, world: World) -> None:
    """A view and what nothing justifies never overlap; as long as the sweep takes no fact that others count on."""
    graph = world.graph(schema)
    setting = Setting(world.policy, graph, NOW, {}, nobody(world.policy))
    made = {purpose: views(setting, purpose) for purpose in world.policy.purposes}
    with session(store) as opened:
        fill(opened, world.rows)
        tell(opened, world, graph, made)
        before, counted = seen(opened, made), facts(opened)
        sweep(opened, graph, world, everybody(world))
        if facts(opened) == counted:
            assert seen(opened, made) == before


@settings(max_examples=FEWER, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_withdrawing_then_granting_restores_the_view(store: Store, schema: Schema, world: World) -> None:
    graph = world.graph(schema)
    setting = Setting(world.policy, graph, NOW, {}, nobody(world.policy))
    made = {purpose: views(setting, purpose) for purpose in world.policy.purposes}
    closed = consent_keys(world.policy)
    withdrawn = {who: replace(state, consent_closed=closed) for who, state in world.states.items()}
    with session(store) as opened:
        fill(opened, world.rows)
        shows = []
        for one in (world, replace(world, states=withdrawn), world):
            tell(opened, one, graph, made)
            shows.append(seen(opened, made))
        assert shows[0] == shows[2]


def seen(opened: Session, made: Mapping[str, list[View]]) -> dict[tuple[str, str], list[str]]:
    """What every view shows, in order."""
    found: dict[tuple[str, str], list[str]] = {}
    for purpose, own in made.items():
        for view in own:
            cursor = opened.connection.cursor()
            cursor.execute(reading(opened, view))
            found[purpose, view.table] = sorted(repr(row) for row in cursor.fetchall())
    return found


def reading(opened: Session, view: View) -> str:
    """A view's SELECT as its database makes the view of it."""
    if opened.dialect == "postgres":
        return view.sql("postgres")
    items = binding(opened).making.items(opened.store.name, {}, [view])
    return next(item.make[0] for item in items if item.kind == "view").partition(" VIEW ")[2].partition(" AS\n")[2]


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
        yield (
            {PRESENCE: 1}
            if view.columns == (PRESENCE,)
            else {
                name: None if name in hidden else masked(world, graph, purpose, view.table, name, row[name])
                for name in view.columns
            }
        )


def masked(world: World, graph: Graph, purpose: str, table: str, name: str, value: Any) -> Any:
    """Return a value as a purpose sees it, by the reference."""
    mapped = graph.map.tables[table].columns.get(name)
    if mapped is None or mapped.element is None:
        return value
    found = masks.form(world.policy, purpose, table, graph.schema.tables[table].columns[name], mapped.element)
    return masks.seen(found, value, MASKING, CIVIL)


def shown(graph: Graph, reference: Reference, purpose: str, table: str, row: Any, column: str | None) -> bool:
    """Return whether a datum is in a view: shown by the definition, or an organisation's and nobody's."""
    people = reference.plain.reached(table, row, column)
    if people:
        return all(reference.use(purpose, p, table, row, column) is True for p in people)
    for owner in graph.owners(table, column):
        if not owner.person:
            where = graph.where(owner.entry)
            for end in reference.plain.up(owner.path, table, row):
                if where is None or holds(where, end):
                    return True
    return False


def holds(where: Any, row: Any) -> bool:
    from belofte.datamap.expression import truth

    return truth(where.tree, row) is True

"""Everyone else on a cohort's rows is found, by every way that the reference knows, and the cohort itself is not."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from tests.compiler.test_agreement import EXAMPLES, compiled, fill, referee
from tests.compiler.test_agreement import schema as schema
from tests.compiler.test_agreement import store as store
from tests.compiler.world import World, worlds

from belofte.compiler.plain_rows import Person
from belofte.compiler.search import others
from belofte.compiler.setting import groups
from belofte.datamap.graph import Graph
from belofte.datamap.schema import Schema
from belofte.stores.connect import Store
from belofte.stores.session import session


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_whoever_shares_a_row_with_the_cohort_is_found(store: Store, schema: Schema, world: World) -> None:
    graph = world.graph(schema)
    setting, closure, keysets = compiled(world, graph)
    asked = {(entry, key) for entry, keys in world.cohort.items() for key in keys}
    with session(store) as opened:
        fill(opened, world.rows)
        found = {
            (other.entry, tuple(row))
            for other in others(setting, closure)
            for row in opened.rows(other.statement, keysets)
        }
    assert not found & asked
    assert sharing(world, graph, asked) <= found


def sharing(world: World, graph: Graph, asked: set[Person]) -> set[Person]:
    """Return the people, outside those asked about, whom any datum of a row of theirs is about."""
    reference = referee(world, graph)
    people: set[Person] = set()
    for table in graph.mapped:
        abouts = [None, *(group.about for group in groups(graph, table) if group.about is not None)]
        for row in world.rows.get(table, []):
            about = {person for name in abouts for person in reference.plain.reached(table, row, name)}
            people |= about if about & asked else set()
    return people - asked

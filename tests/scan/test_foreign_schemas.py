"""Schemas of others, against labels made by hand: a floor under what the bench reports (bench/scan.py)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bench.scan import label, only, scanned, tallies

from belofte.datamap.draft import draft
from belofte.datamap.graph import Graph
from belofte.datamap.load import load
from belofte.stores.connect import connect
from belofte.stores.reflect import reflect

SETS = [("chinook", "chinook", "sqlite"), ("sakila", "sakila", "postgres"), ("fides", "fides_sample", "postgres")]


@pytest.mark.parametrize(("name", "data", "dialect"), SETS)
def test_proposals_people_and_links_are_found_again(
    shared: Callable[[str, str], str], name: str, data: str, dialect: str
):
    store = connect(shared(data, dialect), read_only=True, name=name)
    found = tallies(name, store)
    store.close()
    low = {what: (t.precision, t.recall) for what, t in found.items() if t.precision < 0.9 or t.recall < 0.9}
    assert low == {}


@pytest.mark.parametrize(
    ("name", "data", "dialect"),
    [
        *SETS,
        ("northwind", "northwind", "postgres"),
        ("sakila", "sakila", "mariadb"),
        ("fides", "fides_sample", "mariadb"),
    ],
)
def test_draft_of_a_foreign_schema_loads_without_ownership_problems(
    shared: Callable[[str, str], str], name: str, data: str, dialect: str
):
    store = connect(shared(data, dialect), read_only=True, name=name)
    schema = only(reflect(store.engine))
    text = draft(scanned(store, schema), schema, name).text
    store.close()
    datamap = load(f"stores/{name}.yaml", text.encode(), None).map
    assert Graph(datamap, schema).problems == []
    held = {entry.table.lower() for entry in datamap.people.values()}
    assert {wanted.lower() for wanted in label(name)["people"]} & held

"""A table under a legal hold loses nothing: no row, no link, no name of whoever handled it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.compiler.small import small

from belofte.compiler.closure import Closure
from belofte.compiler.erasure import erasure
from belofte.stores.erasing import TableCounts, carry_out
from belofte.stores.session import session

SCRIPT = [
    "create table person (id integer primary key, name varchar(20))",
    "create table purchase (id integer primary key, buyer_id integer not null, handled_by integer, note varchar(20), "
    "foreign key (buyer_id) references person(id), foreign key (handled_by) references person(id))",
    "create table parcel (id integer primary key, purchase_id integer not null, "
    "foreign key (purchase_id) references purchase(id))",
    "create table letter (id integer primary key, sender_id integer, reader_id integer, words varchar(20), "
    "foreign key (sender_id) references person(id), foreign key (reader_id) references person(id))",
    "insert into person values (1, 'alice'), (2, 'bob'), (3, 'charlie')",
    "insert into purchase values (1, 1, 3, 'shirt'), (2, 2, 1, null)",
    "insert into parcel values (1, 1)",
    "insert into letter values (1, 1, 2, 'hello')",
]
MAP: dict[str, Any] = {
    "people": {"customer": {"table": "person", "key": "id", "is": "customer"}},
    "tables": {
        "person": {"columns": {"name": "data.name"}},
        "purchase": {"about": {"buyer_id": "customer"}, "columns": {"note": "data.text"}},
        "parcel": {"about": "purchase"},
        "letter": {"about": {"sender_id": "customer", "reader_id": "customer"}, "columns": {"words": "data.text"}},
    },
}
QUERIES = {
    "person": "select id, name from person",
    "purchase": "select id, buyer_id, handled_by, note from purchase",
    "parcel": "select id, purchase_id from parcel",
    "letter": "select id, sender_id, reader_id, words from letter",
}


def erased(store_url: str, held: str, many: bool, key: int) -> tuple[dict[str, Any], dict[str, TableCounts]]:
    """Return what is left of each table, and the counts, after the erasure of one person under a hold on a table."""
    with small(store_url, SCRIPT, MAP, {}) as found:
        plan, keysets = found.plan("customer", [(key,)])
        setting = replace(plan.setting, held_tables=frozenset({held}))
        with session(found.store) as opened:
            closure = Closure(setting.graph, {"customer": "cohort"})
            counts = carry_out(opened, erasure(setting, closure), keysets, many=many)
            opened.commit()
        return {table: found.rows(query) for table, query in QUERIES.items()}, counts


@pytest.mark.parametrize("many", [False, True], ids=["values", "tables"])
def test_a_held_row_without_data_stays_and_so_does_what_it_belongs_to(store_url: str, many: bool) -> None:
    left, counts = erased(store_url, "parcel", many, 1)
    assert left["parcel"] == [(1, 1)]
    assert left["purchase"] == [(1, 1, 3, None), (2, 2, 1, None)]
    assert left["person"] == [(1, None), (2, "bob"), (3, "charlie")]
    assert (counts["parcel"].deleted, dict(counts["parcel"].reasons)) == (0, {"hold-or-restriction": 1})


@pytest.mark.parametrize("many", [False, True], ids=["values", "tables"])
def test_a_held_row_whose_values_are_gone_already_stays(store_url: str, many: bool) -> None:
    left, counts = erased(store_url, "purchase", many, 2)
    assert left["purchase"] == [(1, 1, 3, "shirt"), (2, 2, 1, None)]
    assert dict(counts["purchase"].reasons) == {"hold-or-restriction": 1}


@pytest.mark.parametrize("many", [False, True], ids=["values", "tables"])
def test_nobody_is_unlinked_from_a_held_row(store_url: str, many: bool) -> None:
    left, _ = erased(store_url, "letter", many, 1)
    assert left["letter"] == [(1, 1, 2, "hello")]
    assert left["person"][0] == (1, None)


@pytest.mark.parametrize("many", [False, True], ids=["values", "tables"])
def test_a_held_row_still_names_who_handled_it(store_url: str, many: bool) -> None:
    left, _ = erased(store_url, "purchase", many, 3)
    assert left["purchase"] == [(1, 1, 3, "shirt"), (2, 2, 1, None)]
    assert left["person"] == [(1, "alice"), (2, "bob"), (3, None)]

"""Erasing everyone of a set: one after the other, in either order, and all at once leave the same rows."""

from __future__ import annotations

import pytest
from tests.others.sets import Open, Shop

COOKIES = {"customer": "customer", "employee": "employee"}
SETS = [
    ("chinook", "sqlite", {"customer": "Customer", "employee": "Employee"}),
    ("northwind", "postgres", {"contact": "customers", "supplier_contact": "suppliers", "employee": "employees"}),
    ("fides_sample", "postgres", {**COOKIES, "saved_customer": "backup_schema.customer"}),
    ("fides_sample", "mariadb", COOKIES),
]  # fmt: skip


def everyone(shop: Shop, tables: dict[str, str]) -> list[tuple[str, tuple[object, ...]]]:
    """Return every person of a set, by entry and key."""
    contents = shop.contents()
    return [
        (entry, tuple(row[column] for column in shop.graph.entry(entry).key))
        for entry, table in tables.items()
        for row in contents[table].values()
    ]


def left(shop: Shop) -> dict[str, list[str]]:
    """Return what is in every table, in no order; a row of which only the key is left says nothing of anybody.

    Whoever handled a request keeps its row when the one who asked goes first, and leaves it empty when he goes too: it
    is about nobody then, and what is about nobody is never deleted for anybody.
    """
    found: dict[str, list[str]] = {}
    for table, rows in shop.contents().items():
        key = shop.graph.key(table)
        said = (row for row in rows.values() if any(v is not None for name, v in row.items() if name not in key))
        found[table] = sorted(
            map(str, rows.values() if len(key) == len(shop.graph.schema.tables[table].columns) else said)
        )
    return found


@pytest.mark.parametrize("duty", [False, True], ids=["nothing keeps", "a duty keeps"])
@pytest.mark.parametrize(("name", "dialect", "tables"), SETS, ids=lambda part: part if isinstance(part, str) else "")
def test_one_by_one_leaves_what_all_at_once_leaves(shop: Open, name, dialect, tables, duty: bool) -> None:
    at_once, forwards, backwards = (shop(name, dialect, duty=duty) for _ in range(3))
    people = everyone(at_once, tables)
    at_once.erase({entry: [key for e, key in people if e == entry] for entry in tables}, many=True)
    for entry, key in people:
        forwards.erase({entry: [key]}, many=False)
    for entry, key in reversed(people):
        backwards.erase({entry: [key]}, many=False)
    assert at_once.dangling() == []
    assert left(forwards) == left(backwards)
    assert left(forwards) == left(at_once)


@pytest.mark.parametrize(("name", "dialect", "tables"), SETS, ids=lambda part: part if isinstance(part, str) else "")
def test_a_second_erasure_of_everybody_finds_nothing_to_do(shop: Open, name, dialect, tables) -> None:
    opened = shop(name, dialect, duty=True)
    people = everyone(opened, tables)
    cohort = {entry: [key for e, key in people if e == entry] for entry in tables}
    opened.erase(cohort, many=True)
    before = opened.contents()
    counts = opened.erase(cohort, many=True)
    assert opened.changes(before) == {}
    assert {table: (one.deleted, one.unlinked) for table, one in counts.items() if one.deleted or one.unlinked} == {}

"""On other people's schemas a person's closure is exactly her rows, as counted by hand (shared/data/README.md)."""

from __future__ import annotations

from datetime import date

import pytest
from tests.others.sets import HERE, SETS, Open

from belofte.cli.company import Company
from belofte.datamap.check import map_findings
from belofte.datamap.coverage import coverage
from belofte.policy.check import check

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("name", sorted({name for name, _ in SETS}))
def test_each_sets_policy_breaks_no_rule(name: str) -> None:
    company = Company.at(HERE / name)
    findings = [*check(company.policy, TODAY), *coverage(company.policy, company.maps)]
    assert [f"{one.place}: {one.message}" for one in findings if one.severity == "error"] == []


@pytest.mark.parametrize(("name", "dialect"), SETS, ids=lambda part: part)
def test_each_map_breaks_no_rule_on_the_schema_it_maps(shop: Open, name: str, dialect: str) -> None:
    opened = shop(name, dialect, duty=True)
    loaded = Company.at(HERE / name).map(dialect)
    findings = map_findings(loaded, opened.policy, opened.graph.schema, TODAY)
    known = "`payment` has rules that turn a write into something else"
    wrong = [one for one in findings if one.severity != "note" and one.message != known]
    assert [f"{one.place}: {one.message}" for one in wrong] == []
    assert opened.graph.problems == []


CUSTOMER_148 = {"customer": 1, "address": 1, "rental": 46, "payment": 46}
CUSTOMER_1 = {
    "customer": 1, "service_request": 1, "visit": 1, "login": 6, "orders": 3, "order_item": 4, "payment_card": 1,
    "address": 2, "composite_pk_test": 1,
}  # fmt: skip
"""Addresses 1 and 2 are hers and customer 2's; the README leaves `composite_pk_test` out, and MariaDB's script too."""

OWN = [
    ("chinook", "postgres", "customer", 5, {"customer": 1, "invoice": 7, "invoice_line": 38}),
    ("chinook", "mariadb", "customer", 5, {"Customer": 1, "Invoice": 7, "InvoiceLine": 38}),
    ("chinook", "sqlite", "customer", 5, {"Customer": 1, "Invoice": 7, "InvoiceLine": 38}),
    ("chinook", "postgres", "employee", 3, {"employee": 1}),
    ("chinook", "mariadb", "employee", 3, {"Employee": 1}),
    ("chinook", "sqlite", "employee", 3, {"Employee": 1}),
    ("sakila", "postgres", "customer", 148, CUSTOMER_148),
    ("sakila", "mariadb", "customer", 148, CUSTOMER_148),
    ("northwind", "postgres", "employee", 5, {"employees": 1, "employee_territories": 7}),
    ("northwind", "postgres", "contact", "ERNSH", {"customers": 1, "orders": 30, "order_details": 102}),
    ("fides_sample", "postgres", "customer", 1, CUSTOMER_1),
    ("fides_sample", "mariadb", "customer", 1, {t: n for t, n in CUSTOMER_1.items() if t != "composite_pk_test"}),
]


@pytest.mark.parametrize(("name", "dialect", "entry", "key", "own"), OWN)
def test_her_own_rows_are_as_many_as_counted_by_hand(shop: Open, name, dialect, entry, key, own) -> None:
    assert shop(name, dialect).own({entry: [(key,)]}) == own

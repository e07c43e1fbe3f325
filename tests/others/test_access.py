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


# -- what only mentions somebody, and what a row says of others ---------------------------------------------------


@pytest.mark.parametrize(
    ("dialect", "table"), [("postgres", "customer"), ("mariadb", "Customer"), ("sqlite", "Customer")]
)
def test_customers_whom_she_helps_are_not_a_support_reps_rows(shop: Open, dialect: str, table: str) -> None:
    assert table not in shop("chinook", dialect).rows({"employee": [(3,)]})


def test_orders_that_an_employee_handled_are_the_customers_and_only_his_column_is_his(shop: Open) -> None:
    opened = shop("northwind", "postgres")
    rows = opened.rows({"employee": [(5,)]})["orders"]
    handled = f"about{opened.foreign_columns('orders')['employee_id']}"
    assert len(rows) == 42
    assert {(flags["hers"], flags[handled]) for _, flags in rows} == {(0, 1)}


def test_who_handled_a_contacts_orders_is_not_told_to_him(shop: Open) -> None:
    opened = shop("northwind", "postgres")
    rows = opened.rows({"contact": [("ERNSH",)]})["orders"]
    handled = f"about{opened.foreign_columns('orders')['employee_id']}"
    assert len(rows) == 30
    assert {(flags["hers"], flags["org"], flags[handled]) for _, flags in rows} == {(1, 1, 0)}


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_the_card_of_another_that_paid_her_order_is_not_hers(shop: Open, dialect: str) -> None:
    rows = shop("fides_sample", dialect).rows({"customer": [(1,)]})
    assert {row["payment_card_id"] for row, _ in rows["orders"]} == {"pay_aaa-aaa", "pay_bbb-bbb"}
    assert [row["id"] for row, _ in rows["payment_card"]] == ["pay_aaa-aaa"]


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_a_line_of_an_order_that_is_not_there_is_nobodys(shop: Open, dialect: str) -> None:
    opened = shop("fides_sample", dialect)
    lines = opened.rows({"customer": [(1,), (2,), (3,)]})["order_item"]
    assert "ord_eee-eee" not in {row["order_id"] for row, _ in lines}
    assert len(lines) == len(opened.contents()["order_item"]) - 1


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_requests_under_an_address_of_nobodys_are_nobodys(shop: Open, dialect: str) -> None:
    found = shop("fides_sample", dialect).own({"customer": [(1,), (2,), (3,)]})
    assert found["service_request"] == 2


def test_a_person_in_the_saved_copy_is_another_than_her_namesake_key(shop: Open) -> None:
    opened = shop("fides_sample", "postgres")
    assert opened.own({"saved_customer": [(1,)]}) == {"backup_schema.customer": 1, "backup_schema.address": 1}


@pytest.mark.parametrize(("name", "dialect", "entry", "key"), [case[:4] for case in OWN])
def test_a_cohort_reaches_what_its_people_reach(shop: Open, name, dialect, entry, key) -> None:
    opened = shop(name, dialect)
    table = opened.graph.entry(entry).table
    column = opened.graph.entry(entry).key[0]
    everyone = sorted({row[column] for row in opened.contents()[table].values()})[:12]
    people = [(one,) for one in dict.fromkeys([key, *everyone])]

    def reached(cohort) -> set[tuple[str, str]]:
        return {(where, str(row)) for where, rows in opened.rows({entry: cohort}).items() for row, _ in rows}

    assert reached(people) == set().union(*(reached([one]) for one in people))

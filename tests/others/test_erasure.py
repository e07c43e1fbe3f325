"""Erasing one person of another's database: her rows go, what names her forgets her, and no other row changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.others.sets import Contents, Open, Shop

Expected = Mapping[str, tuple[int, dict[tuple[str, ...], int]]]

pytestmark = pytest.mark.parametrize("many", [False, True], ids=["values", "tables"])

CAMEL = {"customer": "Customer", "employee": "Employee", "invoice": "Invoice", "invoice_line": "InvoiceLine"}
CHINOOK = ["postgres", "mariadb", "sqlite"]


def spelled(dialect: str, name: str) -> str:
    """Return a name of chinook as the dialect's script spells it."""
    return name if dialect == "postgres" else "".join(part.capitalize() for part in name.split("_"))


def erased(shop: Shop, entry: str, key: Any, many: bool, now: datetime | None = None) -> tuple[Contents, Expected]:
    """Erase somebody; return what was there, and per changed table how many rows went and which columns changed."""
    before = shop.contents()
    shop.erase({entry: [(key,)]}, many=many, **({"now": now} if now else {}))
    assert shop.dangling() == []
    return before, {table: change.sizes() for table, change in shop.changes(before).items()}


def keys(before: Contents, table: str, column: str, value: Any) -> set[tuple[Any, ...]]:
    """Return the keys of the rows that have a value in a column."""
    return {key for key, row in before[table].items() if row[column] == value}


# -- chinook ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", CHINOOK)
def test_a_customer_goes_with_her_invoices_and_their_lines(shop: Open, dialect: str, many: bool) -> None:
    opened = shop("chinook", dialect)
    before, changed = erased(opened, "customer", 5, many)
    tables = {spelled(dialect, name): (count, {}) for name, count in
              {"customer": 1, "invoice": 7, "invoice_line": 38}.items()}  # fmt: skip
    assert changed == tables
    invoice = spelled(dialect, "invoice")
    assert opened.changes(before)[invoice].gone == keys(before, invoice, spelled(dialect, "customer_id"), 5)


@pytest.mark.parametrize("dialect", CHINOOK)
def test_a_support_rep_goes_and_the_customers_she_helped_stay(shop: Open, dialect: str, many: bool) -> None:
    opened = shop("chinook", dialect)
    before, changed = erased(opened, "employee", 3, many)
    customer, rep = spelled(dialect, "customer"), spelled(dialect, "support_rep_id")
    assert changed == {spelled(dialect, "employee"): (1, {}), customer: (0, {(rep,): 21})}
    assert opened.changes(before)[customer].changed[(rep,)] == keys(before, customer, rep, 3)


@pytest.mark.parametrize("dialect", CHINOOK)
def test_a_manager_goes_and_who_reported_to_her_reports_to_nobody(shop: Open, dialect: str, many: bool) -> None:
    opened = shop("chinook", dialect)
    _, changed = erased(opened, "employee", 2, many)
    assert changed == {spelled(dialect, "employee"): (1, {(spelled(dialect, "reports_to"),): 3})}


@pytest.mark.parametrize("dialect", CHINOOK)
def test_a_duty_keeps_the_invoices_and_their_customers_key_for_ten_years(shop: Open, dialect: str, many: bool) -> None:
    opened = shop("chinook", dialect, duty=True)
    before, changed = erased(opened, "customer", 5, many)
    customer, invoice = spelled(dialect, "customer"), spelled(dialect, "invoice")
    assert set(changed) == {customer, invoice}
    assert changed[customer][0] == changed[invoice][0] == 0
    now = opened.contents()
    left = {name: value for name, value in now[customer][(5,)].items() if value is not None}
    names = {spelled(dialect, name): "[erased]" for name in ("first_name", "last_name", "email")}
    rep = spelled(dialect, "support_rep_id")
    assert left == {spelled(dialect, "customer_id"): 5, rep: before[customer][(5,)][rep], **names}
    for key in keys(before, invoice, spelled(dialect, "customer_id"), 5):
        kept = {name for name, value in now[invoice][key].items() if value is not None}
        assert kept == {spelled(dialect, n) for n in ("invoice_id", "customer_id", "invoice_date", "total")}
        assert {n: now[invoice][key][n] for n in kept} == {n: before[invoice][key][n] for n in kept}


@pytest.mark.parametrize("dialect", CHINOOK)
def test_when_the_duty_is_over_the_invoices_go_too(shop: Open, dialect: str, many: bool) -> None:
    opened = shop("chinook", dialect, duty=True)
    _, changed = erased(opened, "customer", 5, many, datetime(2036, 1, 1, tzinfo=UTC))
    assert {table: gone for table, (gone, _) in changed.items()} == {
        spelled(dialect, name): count for name, count in {"customer": 1, "invoice": 7, "invoice_line": 38}.items()
    }


# -- sakila -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_a_customer_goes_with_rentals_payments_and_the_address_nobody_shares(shop: Open, dialect, many) -> None:
    opened = shop("sakila", dialect)
    before, changed = erased(opened, "customer", 148, many)
    assert changed == {"customer": (1, {}), "address": (1, {}), "rental": (46, {}), "payment": (46, {})}
    gone = opened.changes(before)["address"].gone
    assert gone == {(before["customer"][(148,)]["address_id"],)}


def test_payments_leave_the_inheritance_children_that_hold_them(shop: Open, many: bool) -> None:
    opened = shop("sakila", "postgres")
    opened.erase({"customer": [(148,)]}, many=many)
    with opened.store.engine.connect() as connection:
        for month in range(1, 7):
            query = f"select count(*) from payment_p2007_{month:02} where customer_id = 148"  # noqa: S608
            assert connection.exec_driver_sql(query).scalar() == 0


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_an_address_that_a_neighbour_shares_stays_as_it_is(shop: Open, dialect: str, many: bool) -> None:
    opened = shop("sakila", dialect)
    with opened.store.engine.begin() as connection:
        hers = "select address_id from (select * from customer) c where customer_id = 148"
        connection.exec_driver_sql(f"update customer set address_id = ({hers}) where customer_id = 149")  # noqa: S608
    _, changed = erased(opened, "customer", 148, many)
    assert changed == {"customer": (1, {}), "rental": (46, {}), "payment": (46, {})}


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_a_duty_keeps_the_payments_with_the_keys_of_rental_and_customer(shop: Open, dialect: str, many: bool) -> None:
    opened = shop("sakila", dialect, duty=True)
    before, changed = erased(opened, "customer", 148, many, datetime(2008, 1, 1, tzinfo=UTC))
    assert "payment" not in changed
    assert {table: gone for table, (gone, _) in changed.items()} == {"customer": 0, "address": 0, "rental": 0}
    now = opened.contents()
    person = now["customer"][(148,)]
    assert (person["first_name"], person["last_name"], person["email"]) == ("[erased]", "[erased]", None)
    home = now["address"][(person["address_id"],)]
    assert (home["address"], home["district"], home["phone"], home["postal_code"]) == (
        "[erased]",
        "[erased]",
        "[erased]",
        None,
    )
    for key in keys(before, "rental", "customer_id", 148):
        assert now["rental"][key]["return_date"] is None
        assert now["rental"][key]["customer_id"] == 148


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_a_store_manager_is_erased_in_place_where_everything_points_at_him(
    shop: Open, dialect: str, many: bool
) -> None:
    opened = shop("sakila", dialect)
    _, changed = erased(opened, "staff", 1, many)
    assert set(changed) == {"staff", "address"}
    assert changed["staff"][0] == 0
    person = opened.contents()["staff"][(1,)]
    assert (person["first_name"], person["last_name"], person["username"]) == ("[erased]",) * 3
    assert (person["email"], person["password"], person["picture"]) == (None, None, None)


# -- northwind ----------------------------------------------------------------------------------------------------


def test_an_employee_goes_and_the_orders_he_handled_stay(shop: Open, many: bool) -> None:
    opened = shop("northwind", "postgres")
    before, changed = erased(opened, "employee", 5, many)
    assert changed == {
        "employees": (1, {("reports_to",): 3}), "employee_territories": (7, {}), "orders": (0, {("employee_id",): 42}),
    }  # fmt: skip
    found = opened.changes(before)
    assert found["orders"].changed[("employee_id",)] == keys(before, "orders", "employee_id", 5)
    assert found["employees"].changed[("reports_to",)] == keys(before, "employees", "reports_to", 5)


def test_a_contact_goes_and_his_company_keeps_its_row_and_orders(shop: Open, many: bool) -> None:
    opened = shop("northwind", "postgres")
    before, changed = erased(opened, "contact", "ERNSH", many)
    assert changed == {"customers": (0, {("contact_name", "contact_title"): 1})}
    assert opened.changes(before)["customers"].changed[("contact_name", "contact_title")] == {("ERNSH",)}
    row = opened.contents()["customers"][("ERNSH",)]
    assert (row["contact_name"], row["contact_title"], row["company_name"]) == (None, None, "Ernst Handel")


def test_a_duty_keeps_who_worked_here_and_his_territories(shop: Open, many: bool) -> None:
    opened = shop("northwind", "postgres", duty=True)
    _, changed = erased(opened, "employee", 5, many, datetime(1996, 8, 1, tzinfo=UTC))
    assert changed["employees"][0] == 0
    assert "employee_territories" not in changed
    row = opened.contents()["employees"][(5,)]
    assert (row["last_name"], row["title"]) == ("Buchanan", "Sales Manager")
    assert (row["home_phone"], row["address"], row["birth_date"], row["notes"]) == (None,) * 4


# -- fides_sample -------------------------------------------------------------------------------------------------

COOKIES = {
    "customer": (1, {}), "visit": (1, {}), "login": (6, {}), "orders": (3, {}), "order_item": (4, {}),
    "payment_card": (1, {}), "composite_pk_test": (1, {}),
    "service_request": (0, {("alt_email", "closed", "email", "opened"): 1}),
}  # fmt: skip
"""Who handled her request is still somebody's data: the request stays without a word of hers."""


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_a_customer_without_foreign_keys_goes_and_shared_addresses_stay(shop: Open, dialect: str, many: bool) -> None:
    opened = shop("fides_sample", dialect)
    _, changed = erased(opened, "customer", 1, many)
    assert changed == {t: c for t, c in COOKIES.items() if t in opened.graph.schema.tables}


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_an_address_of_hers_alone_goes_with_her(shop: Open, dialect: str, many: bool) -> None:
    opened = shop("fides_sample", dialect)
    before, changed = erased(opened, "customer", 3, many)
    expected = {"customer": (1, {}), "login": (1, {}), "orders": (1, {}), "payment_card": (1, {}), "address": (1, {})}
    if dialect == "postgres":
        expected["composite_pk_test"] = (1, {})
    assert changed == expected
    assert opened.changes(before)["address"].gone == {(4,)}


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_a_visit_under_her_address_in_capitals_goes_too(shop: Open, dialect: str, many: bool) -> None:
    opened = shop("fides_sample", dialect)
    with opened.store.engine.begin() as connection:
        connection.exec_driver_sql("insert into visit values ('Customer-1@Example.COM', '2021-02-02 01:00:00')")
        connection.exec_driver_sql("insert into visit values ('customer-11@example.com', '2021-02-02 01:00:00')")
    _, changed = erased(opened, "customer", 1, many)
    assert changed["visit"] == (2, {})


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_a_duty_keeps_the_orders_and_whose_they_were(shop: Open, dialect: str, many: bool) -> None:
    opened = shop("fides_sample", dialect, duty=True)
    before, changed = erased(opened, "customer", 1, many)
    gone = {table: count for table, (count, _) in changed.items() if count}
    going = {"visit": 1, "login": 6, "payment_card": 1, "composite_pk_test": 1}
    assert gone == {table: count for table, count in going.items() if table in before}
    row = opened.contents()["customer"][(1,)]
    assert (row["email"], row["name"], row["created"]) == (None, None, None)
    assert "orders" not in changed
    assert "order_item" not in changed

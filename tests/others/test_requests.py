"""The same people through `belofte request`: the command answers what was counted by hand, and lets no more go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from tests.database.fixtures import migrated as migrated
from tests.others import cookies
from tests.others.sets import Shop, folder, opened, variable
from tests.others.test_access import CUSTOMER_1, CUSTOMER_148
from tests.servers import Postgres

from belofte.cli.app import run


class Desk:
    """A company's folder and its one store, asked on the command line."""

    def __init__(self, directory: Path, store: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory, self.store, self.url, self.capsys = directory, store, url, capsys

    def request(self, right: str, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Run `belofte request RIGHT … --json`; return its exit code and its document."""
        self.capsys.readouterr()
        code = run(["request", right, "-C", str(self.directory), "--json", *arguments])
        said = self.capsys.readouterr()
        assert said.out, said.err
        return code, json.loads(said.out)

    def tables(self, document: dict[str, Any]) -> dict[str, Any]:
        """Return the tables of the company's one store."""
        assert document["stores"][self.store]["state"] == "done"
        return dict(document["stores"][self.store]["tables"])

    def shop(self) -> AbstractContextManager[Shop]:
        """Open the store, to see what is in it."""
        return opened(self.directory, self.store, self.url)


Open = Callable[..., Desk]


@pytest.fixture
def desk(
    shared: Callable[[str, str], str], postgres_running: Postgres, migrated: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> Iterator[Open]:  # fmt: skip
    """What opens the desk of a set's company, with a database of Belofte's own."""
    own = postgres_running.fresh(migrated)
    monkeypatch.setenv("BELOFTE_DATABASE", f"postgresql://postgres@/{own}?host={postgres_running.socket}")
    monkeypatch.setenv("BELOFTE_KEY", "5a" * 32)

    def made(name: str, dialect: str, *, duty: bool = False) -> Desk:
        url = shared(name, dialect)
        if (name, dialect) == ("fides_sample", "mariadb"):
            cookies.fill(url)
        monkeypatch.setenv(variable(name, dialect), url)
        return Desk(folder(tmp_path, name, dialect, duty=duty), dialect, url, capsys)

    yield made
    postgres_running.drop(own)


FRANTISEK = ("--person", "email=frantisekw@jetbrains.com")
JANE = ("--person", "email=jane@chinookcorp.com")
ELEANOR = ("--person", "email=ELEANOR.HUNT@sakilacustomer.org")
STEVEN = ("--person", "phone=(71) 555-4848")
ROLAND = ("--person", "name=Roland Mendel", "--confirm", "all")
JOHN = ("--person", "email=customer-1@example.com")
BOUGHT = {"customer": 1, "invoice": 7, "invoice_line": 38}
CAMEL = {"Customer": 1, "Invoice": 7, "InvoiceLine": 38}
JOHNS = {table: count for table, count in CUSTOMER_1.items() if table != "composite_pk_test"}
ANSWERS = [
    ("chinook", "postgres", FRANTISEK, BOUGHT),
    ("chinook", "mariadb", FRANTISEK, CAMEL),
    ("chinook", "sqlite", FRANTISEK, CAMEL),
    ("chinook", "postgres", JANE, {"employee": 1}),
    ("chinook", "mariadb", JANE, {"Employee": 1}),
    ("chinook", "sqlite", JANE, {"Employee": 1}),
    ("sakila", "postgres", ELEANOR, CUSTOMER_148),
    ("sakila", "mariadb", ELEANOR, CUSTOMER_148),
    ("northwind", "postgres", STEVEN, {"employees": 1, "employee_territories": 7, "orders": 42}),
    ("northwind", "postgres", ROLAND, {"customers": 1, "orders": 30, "order_details": 102}),
    ("fides_sample", "postgres", JOHN, CUSTOMER_1),
    ("fides_sample", "mariadb", JOHN, JOHNS),
]
"""The 42 orders are there for one column that is about him: who handled them."""


@pytest.mark.parametrize(("name", "dialect", "who", "rows"), ANSWERS)
def test_an_access_answers_with_the_rows_counted_by_hand(desk: Open, name, dialect, who, rows) -> None:
    asked = desk(name, dialect)
    _, document = asked.request("access", *who, "--verified-by", "logged-in session")
    tables = asked.tables(document)
    assert {table: found["rows"] for table, found in tables.items() if found["rows"]} == rows
    assert all(len(found["data"]) == found["rows"] for found in tables.values())


@pytest.mark.parametrize("dialect", ["postgres", "mariadb", "sqlite"])
def test_an_access_does_not_name_her_support_rep(desk: Open, dialect: str) -> None:
    asked = desk("chinook", dialect)
    _, document = asked.request("access", *FRANTISEK, "--verified-by", "logged-in session")
    (row,) = asked.tables(document)["customer" if dialect == "postgres" else "Customer"]["data"]
    column = "support_rep_id" if dialect == "postgres" else "SupportRepId"
    assert not isinstance(row["row"].get(column), int)


def test_an_access_to_handled_orders_shows_nothing_of_the_customers(desk: Open) -> None:
    asked = desk("northwind", "postgres")
    _, document = asked.request("access", *STEVEN, "--verified-by", "logged-in session")
    for one in asked.tables(document)["orders"]["data"]:
        hidden = {value for name, value in one["row"].items() if name not in ("order_id", "employee_id")}
        assert hidden <= {None, "[left out: about someone else]"}
        assert one["row"]["employee_id"] == 5


STEVENS = {"employees": (1, {("reports_to",): 3}), "employee_territories": (7, {})}
ERASED = [
    ("chinook", "postgres", FRANTISEK, {t: (n, {}) for t, n in BOUGHT.items()}),
    ("chinook", "mariadb", FRANTISEK, {t: (n, {}) for t, n in CAMEL.items()}),
    ("chinook", "sqlite", FRANTISEK, {t: (n, {}) for t, n in CAMEL.items()}),
    ("chinook", "postgres", JANE, {"employee": (1, {}), "customer": (0, {("support_rep_id",): 21})}),
    ("chinook", "sqlite", JANE, {"Employee": (1, {}), "Customer": (0, {("SupportRepId",): 21})}),
    ("sakila", "postgres", ELEANOR, {t: (n, {}) for t, n in CUSTOMER_148.items()}),
    ("sakila", "mariadb", ELEANOR, {t: (n, {}) for t, n in CUSTOMER_148.items()}),
    ("northwind", "postgres", STEVEN, {**STEVENS, "orders": (0, {("employee_id",): 42})}),
    ("northwind", "postgres", ROLAND, {"customers": (0, {("contact_name", "contact_title"): 1})}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "dialect", "who", "changes"), ERASED)
def test_an_erasure_lets_go_of_hers_and_of_nothing_else(desk: Open, name, dialect, who, changes) -> None:
    asked = desk(name, dialect)
    with asked.shop() as shop:
        before = shop.contents()
    _, document = asked.request("erasure", *who, "--verified-by", "logged-in session", "--yes")
    tables = asked.tables(document)
    with asked.shop() as shop:
        found = {t: c.sizes() for t, c in shop.changes(before).items() if not t.startswith("belofte")}
        assert found == changes
        assert shop.dangling() == []
    told = {table: counts["deleted"] for table, counts in tables.items() if counts["deleted"]}
    assert told == {table: gone for table, (gone, _) in changes.items() if gone}
    assert all(set(one) <= {"store", "table", "column", "count"} for one in document["residue"])


def test_a_plan_changes_nothing(desk: Open) -> None:
    asked = desk("chinook", "postgres")
    with asked.shop() as shop:
        before = shop.contents()
    code, _ = asked.request("erasure", *FRANTISEK)
    assert code == 2
    with asked.shop() as shop:
        assert shop.changes(before) == {}


@pytest.mark.parametrize(
    ("dialect", "invoice"), [("postgres", "invoice"), ("mariadb", "Invoice"), ("sqlite", "Invoice")]
)
def test_an_erasure_tells_which_duty_keeps_the_invoices(desk: Open, dialect: str, invoice: str) -> None:
    asked = desk("chinook", dialect, duty=True)
    _, document = asked.request("erasure", *FRANTISEK, "--verified-by", "logged-in session", "--yes")
    counts = asked.tables(document)[invoice]
    assert (counts["deleted"], counts["erased"], counts["kept"]) == (0, 7, 7)
    assert [one["reason"] for one in counts["reasons"]] == ["purpose:books"]


@pytest.mark.parametrize("dialect", ["postgres", "mariadb"])
def test_an_erased_persons_second_access_finds_nobody(desk: Open, dialect: str) -> None:
    asked = desk("fides_sample", dialect)
    asked.request("erasure", *JOHN, "--verified-by", "logged-in session", "--yes")
    _, document = asked.request("access", *JOHN, "--verified-by", "logged-in session")
    tables = document["stores"][dialect]["tables"]
    assert {table: found["rows"] for table, found in tables.items() if found["rows"]} == {}

"""Departments: who the policy and the map name reads for a purpose, and nobody else."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from tests.purposes.shop import Shop

from belofte.purposes import applying


@pytest.fixture
def company(shop: Shop) -> Shop:
    """The shop with a sales and a bookkeeping department, in whose stead two accounts read."""
    shop.policy["departments"] = {
        "sales": {"title": "Sales", "purposes": ["service", "mailing"]},
        "bookkeeping": {"title": "Books", "purposes": ["books"]},
    }
    shop.map["departments"] = {"sales": ["reader_anna"], "bookkeeping": ["reader_team"]}
    with shop.crm() as crm:
        crm.execute("CREATE ROLE reader_anna LOGIN; CREATE ROLE reader_team NOLOGIN; CREATE ROLE reader_bert LOGIN")
        crm.execute("GRANT reader_team TO reader_bert")
    return shop


def reads(shop: Shop, account: str, view: str) -> int:
    """How many rows an account reads of a view."""
    with psycopg.connect(shop.dsn, user=account, autocommit=True) as reading:
        row: Any = reading.execute(f"SELECT count(*) FROM {view}").fetchone()  # noqa: S608
    return int(row[0])


def test_an_account_reads_for_its_department_and_for_no_other(company: Shop) -> None:
    plan = company.plan()
    assert "member reader_anna of belofte_crm_for_service" in {one.item for one in plan.stores[0].changes}
    company.apply(plan)
    assert company.plan().empty
    assert reads(company, "reader_anna", "for_service.contact") == 3
    assert reads(company, "reader_bert", "for_books.orders") == 2  # through the group
    with pytest.raises(InsufficientPrivilege):
        reads(company, "reader_anna", "for_books.orders")
    with pytest.raises(InsufficientPrivilege):
        reads(company, "reader_bert", "for_service.contact")


def test_an_account_that_somebody_let_in_is_shown_and_put_out(company: Shop) -> None:
    company.apply()
    with company.crm() as crm:
        crm.execute("GRANT belofte_crm_for_books TO reader_anna; REVOKE belofte_crm_for_mailing FROM reader_anna")
        crm.execute("GRANT belofte_crm_for_service TO reader_anna WITH ADMIN OPTION")
    with company.desk() as desk:
        opened = desk.open("crm")
        found = applying.drift(desk.policy, opened.graph, opened.store, company.now)
    assert found == [
        "member reader_anna of belofte_crm_for_service: somebody changed it",
        "member reader_anna of belofte_crm_for_mailing: somebody dropped it",
        "member reader_anna of belofte_crm_for_books: no department of the map names this account",
    ]
    company.apply()
    assert company.plan().empty
    with pytest.raises(InsufficientPrivilege):
        reads(company, "reader_anna", "for_books.orders")
    assert reads(company, "reader_anna", "for_mailing.contact") == 0


def test_an_account_that_leaves_a_department_is_put_out(company: Shop) -> None:
    company.apply()
    company.map["departments"] = {"sales": [], "bookkeeping": ["reader_team"]}
    company.apply()
    assert company.plan().empty
    with pytest.raises(InsufficientPrivilege):
        reads(company, "reader_anna", "for_service.contact")


def test_an_account_that_is_not_there_is_told_and_nothing_else_waits_for_it(company: Shop) -> None:
    company.map["departments"]["sales"].append("reader_nobody")
    company.apply()
    assert {(one.item, one.action) for one in company.plan().stores[0].changes} == {
        ("member reader_nobody of belofte_crm_for_service", "note"),
        ("member reader_nobody of belofte_crm_for_mailing", "note"),
    }
    assert reads(company, "reader_anna", "for_service.contact") == 3


def test_where_the_map_names_nobody_who_was_let_in_by_hand_stays(company: Shop) -> None:
    del company.map["departments"]
    company.apply()
    with company.crm() as crm:
        crm.execute("GRANT belofte_crm_for_service TO reader_anna")
    assert company.plan().empty
    assert reads(company, "reader_anna", "for_service.contact") == 3

"""What stays of the heroine after her erasure, by the plain reading of the definition (DESIGN §1)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from examples.alsico import company
from sqlalchemy import MetaData, Table, create_engine, select
from tests.examples.folders import maps, policy

from belofte.compiler.reference import Reference
from belofte.datamap.graph import Graph
from belofte.policy.model import Basis, Policy
from belofte.policy.person import EVERYTHING, PersonState, keys_of, nobody
from belofte.stores.reflect import reflect

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
MARIE = ("customer", (1,))


@cache
def loaded() -> Any:
    return policy("alsico")


def erased(found: Policy) -> PersonState:
    """What her erasure leaves open: duties and interests that are compelling; all else is closed."""
    closed = {}
    for name, purpose in found.purposes.items():
        bound = purpose.bases("customer_contact") == [Basis.LEGAL_OBLIGATION]
        if not bound and purpose.compelling is None:
            closed |= dict.fromkeys(keys_of(found, name), EVERYTHING if purpose.direct_marketing else NOW)
    return PersonState(closed_before=closed, consent_closed=nobody(found).consent_closed)


@pytest.fixture
def crm(postgres, sqlite):
    """A function that returns the reference evaluator over the customer database, with Marie in a given state."""
    url = postgres()
    company.build(url, sqlite(), 20)
    engine = create_engine(url)
    schema = reflect(engine)
    graph = Graph(maps("alsico", loaded())["crm"].map, schema)
    with engine.connect() as connection:
        rows = {
            name: list(connection.execute(select(Table(name, MetaData(), autoload_with=engine))).mappings())
            for name in schema.tables
        }
    engine.dispose()
    found: Policy = loaded().policy
    return lambda state: Reference(found, graph, rows, {MARIE: state}, nobody(found), NOW)


def hers(reference: Reference, table: str, column: str = "contact_id") -> list[Any]:
    return [row for row in reference.rows[table] if row[column] == 1]


def test_before_her_erasure_her_address_serves_running_orders(crm):
    before = crm(nobody(loaded().policy))
    assert "orders" in before.kept_by("contact", hers(before, "contact", "id")[0], "email")


def test_after_her_erasure_nothing_keeps_how_to_reach_her(crm):
    after = crm(erased(loaded().policy))
    contact = hers(after, "contact", "id")[0]
    for column in ("first_name", "last_name", "email", "mobile", "phone", "interest"):
        assert after.kept_by("contact", contact, column) == [], column
    for table, column in (("call", "summary"), ("note", "text"), ("recording", "file")):
        rows = hers(after, table) if table != "recording" else [after.rows["recording"][0]]
        assert all(after.kept_by(table, row, column) == [] for row in rows), table


def test_her_name_stays_on_invoices_for_as_long_as_the_law_asks(crm):
    after = crm(erased(loaded().policy))
    invoices = sorted(hers(after, "invoice"), key=lambda row: row["date"])
    assert [after.kept_by("invoice", row, "attention_of") for row in invoices] == [
        [],
        ["tax"],
        ["accounting", "tax"],
        ["accounting", "tax"],
    ]


def test_her_signature_on_orders_stays_as_evidence(crm):
    after = crm(erased(loaded().policy))
    assert all(after.kept_by("orders", row, "ordered_by") == ["claims"] for row in hers(after, "orders"))


def test_her_messages_stay_with_the_employee_alone(crm):
    after = crm(erased(loaded().policy))
    for row in hers(after, "message"):
        assert after.keep("correspondence", MARIE, "message", row, "body") is False
        assert after.kept_by("message", row, "body") == ["correspondence"]

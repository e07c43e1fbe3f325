"""What editors are told of the language: every form that loads is accepted, and what does not load is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from belofte.cli import app
from belofte.cli.schema import Part, editor_schema
from belofte.policy.source import read

ROOT = Path(__file__).resolve().parents[2]
POLICIES = sorted([*ROOT.glob("examples/**/policy/*.yaml"), *ROOT.glob("tests/others/*/policy/*.yaml")])
STORES = sorted([*ROOT.glob("examples/*/stores/*.yaml"), *ROOT.glob("tests/others/*/stores/*.yaml")])


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def complaints(part: Part, text: str | bytes) -> list[str]:
    """Return what an editor would underline in a file."""
    document, problems = read("file", text.encode() if isinstance(text, str) else text)
    assert problems == []
    return [one.json_path for one in Draft202012Validator(editor_schema(part)).iter_errors(document.data)]


@pytest.mark.parametrize("part", list(Part))
def test_printed_schema_is_one(part: Part, capfd: pytest.CaptureFixture[str]):
    assert app.run(["schema", part.value]) == 0
    printed = json.loads(capfd.readouterr().out)
    Draft202012Validator.check_schema(printed)
    assert printed == json.loads(json.dumps(editor_schema(part)))


@pytest.mark.parametrize("path", POLICIES, ids=named)
def test_file_of_a_policy_that_loads(path: Path):
    assert complaints(Part.POLICY, path.read_bytes()) == []


@pytest.mark.parametrize("path", STORES, ids=named)
def test_data_map_that_loads(path: Path):
    assert complaints(Part.STORE, path.read_bytes()) == []


def test_there_are_files_to_hold_it_against():
    assert len(POLICIES) > 10
    assert len(STORES) > 8


PURPOSE = "purposes: {orders: {title: Orders, %s}}"
POLICY_FORMS = [
    "{}",
    "people: [customer, employee]",
    "people: {customer: , employee: {employees: true}}",
    "organisation: {name: Shop}",  # the rest of it in another file
    "version: {from: 2026-01-01}",
    "scope: Customers",
    "scope: {nl: Klanten, en: Customers}",
    "categories: {identity: {title: Who, elements: {name: pd:Name, size: {term: pd:Size, special: health}}}}",
    PURPOSE % "basis: consent",
    PURPOSE % "basis: {consent: [customer], contract: [trader]}",
    PURPOSE % "uses: identity",
    PURPOSE % "uses: [identity, dealings.text]",
    PURPOSE % "keep: P1Y6M, hide_first: P30D, while: contract.active",
    "recipients: {shipper: {title: S, role: processor, receives: identity.name, contract: {kept: DPA-1, items: all}}}",
    "notices: {first: {from: 2018-05-25}}",
]

POLICY_WRONG = [
    ("purpose: {}", "$"),
    ("scope: 5", "$.scope"),
    ("scope: [a]", "$.scope"),
    ("languages: [nl, xx]", "$.languages[1]"),
    ("organisation: {country: Belgium}", "$.organisation.country"),
    ("organisation: {named: Shop}", "$.organisation"),
    ("people: customer", "$.people"),
    ("people: {customer: {staff: true}}", "$.people"),
    ("purposes: {Orders: {title: Orders}}", "$.purposes"),
    ("purposes: {orders: {basis: consent}}", "$.purposes.orders"),
    (PURPOSE % "basis: because", "$.purposes.orders.basis"),
    (PURPOSE % "basis: {because: [customer]}", "$.purposes.orders.basis"),
    (PURPOSE % "keep: 7 years", "$.purposes.orders.keep"),
    (PURPOSE % "keep: P0D", "$.purposes.orders.keep"),
    (PURPOSE % "uses: identity name", "$.purposes.orders.uses"),
    (PURPOSE % "while_: contract.active", "$.purposes.orders"),
    ("categories: {identity: {title: Who, elements: {name: {terms: pd:Name}}}}", "$.categories.identity.elements.name"),
]


@pytest.mark.parametrize("text", POLICY_FORMS)
def test_form_of_a_policy(text: str):
    assert complaints(Part.POLICY, text) == []


@pytest.mark.parametrize(("text", "where"), POLICY_WRONG)
def test_what_a_policy_cannot_say(text: str, where: str):
    assert complaints(Part.POLICY, text) == [where]


TABLE = "tables: {invoice: {%s}}"
PEOPLE = "people: {customer: {table: contact, key: id, is: customer, %s}}"
STORE_FORMS = [
    "tables: {invoice: }",
    *(
        TABLE % f"about: {form}"
        for form in (
            "company",
            "none",
            "[trader, company]",
            "{sender_id: customer, recipient_id: employee}",
            "{sender_id: {of: customer, match: email}}",
            "{of: customer, columns: [a, b], to: [c, d], json: $.id}",
            "[{of: customer, columns: contact_id}, company]",
        )
    ),
    TABLE % "columns: {a: identity.name, b: none, c: , d: {element: identity.name, erase: {generalise: 2}}}",
    TABLE % "columns: {a: {element: identity.name, about: contact, for: orders, erase: 'null'}}",
    TABLE % "for: [orders, books], key: [a, b], collected: made_on, row: dealings.order",
    TABLE % "facts: {issued_at: date, ended_at: {is: ended_on, null: not-yet}}",
    PEOPLE % "identifiers: {email: email}",
    PEOPLE % "identifiers: {email: [email, {column: second, identifies: shared}]}",
    "people: {trader: {table: company, key: [a, b], is: {column: form, values: {EZ: trader}, else: visitor}}}",
    "collected: created_at",
    "collected: {is: created_at, older: notice-2018}",
    "facts: {contract.active: company.status = 'active'}",
]

STORE_WRONG = [
    ("table: {}", "$"),
    ("tables: {invoice: company}", "$.tables.invoice"),
    ("mode: watch", "$.mode"),
    (TABLE % "about: {of: customer, column: contact_id}", "$.tables.invoice.about"),
    (TABLE % "about: 5", "$.tables.invoice.about"),
    (TABLE % "columns: {a: [identity.name]}", "$.tables.invoice.columns.a"),
    (TABLE % "columns: {a: {elements: identity.name}}", "$.tables.invoice.columns.a"),
    (TABLE % "columns: {a: {element: identity.name, erase: shred}}", "$.tables.invoice.columns.a"),
    (TABLE % "facts: {issued_at: {is: date, null: never}}", "$.tables.invoice.facts.issued_at"),
    (TABLE % "key: []", "$.tables.invoice"),
    (PEOPLE % "identifiers: {email: {column: email, identifies: everybody}}", "$.people.customer.identifiers.email"),
    ("people: {customer: {table: contact, key: id}}", "$.people.customer"),
]


@pytest.mark.parametrize("text", STORE_FORMS)
def test_form_of_a_data_map(text: str):
    assert complaints(Part.STORE, f"store: shop\n{text}") == []


@pytest.mark.parametrize(("text", "where"), STORE_WRONG)
def test_what_a_data_map_cannot_say(text: str, where: str):
    found = complaints(Part.STORE, f"store: shop\n{text}")
    assert len(found) == 1
    assert where.startswith(found[0])


def test_data_map_names_its_store():
    assert complaints(Part.STORE, "mode: act") == ["$"]


def test_part_of_a_policy_is_whole_only_with_its_other_files():
    """The schema asks for no key that another file may hold; every other required key is asked for."""
    found: dict[str, Any] = editor_schema(Part.POLICY)
    assert "required" not in found
    assert "required" not in found["$defs"]["Organisation"]
    assert found["$defs"]["Purpose"]["required"] == ["title"]

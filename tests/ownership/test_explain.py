"""`belofte explain`: what it says of each shape, as a tree and as one JSON document."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.ownership.shape import POLICY
from tests.policy.shop import SOUND

from belofte.cli.app import run
from belofte.datamap.explain import Keeper, TableView, explanation
from belofte.datamap.load import load
from belofte.datamap.schema import ColumnInfo, ForeignKey, Schema, TableInfo
from belofte.policy.model import Policy

MAP = """store: shop
url: ${SHOP_DB}
mode: act
people:
  customer: {table: person, key: id, is: customer, identifiers: {email: email}}
organisations:
  company: {table: company, key: id}
facts:
  contract.active: person.active = 1
  last_contact.at: person.seen_at
  invoice.issued_at: max(invoice.issued_on)
tables:
  person: {columns: {name: identity.name, email: identity.email}}
  invoice: {about: {person_id: customer}, columns: {total: sales.order, person_id: none}}
  visit: {about: {email: {of: customer, to: email, match: email}}, columns: {page: sales.order}}
  remark: {about: [{of: customer, columns: owner_id, when: "owner_type = 'person'"}], columns: {remark: sales.order}}
ignore: [setting]
"""

SCHEMA = """
CREATE TABLE company (id INTEGER PRIMARY KEY);
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, email TEXT, active INTEGER, seen_at DATE,
  company_id INTEGER REFERENCES company (id));
CREATE TABLE invoice (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id),
  seller_id INTEGER REFERENCES person (id), total NUMERIC NOT NULL UNIQUE, issued_on DATE);
CREATE TABLE visit (email TEXT, page TEXT);
CREATE TABLE remark (id INTEGER PRIMARY KEY, owner_type TEXT, owner_id INTEGER, remark TEXT);
CREATE TABLE badge (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES person (id));
CREATE TABLE setting (id INTEGER PRIMARY KEY);
CREATE VIEW names AS SELECT name FROM person;
INSERT INTO person (id, name, email) VALUES (1, 'alice', 'alice@example.org');
"""


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company with one store in SQLite."""
    for folder in ("policy", "stores"):
        (tmp_path / folder).mkdir()
    (tmp_path / "policy" / "shop.yaml").write_text(json.dumps(SOUND, indent=1))
    (tmp_path / "stores" / "shop.yaml").write_text(MAP)
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.executescript(SCHEMA)
    monkeypatch.setenv("SHOP_DB", f"sqlite:///{tmp_path / 'shop.db'}")
    return tmp_path


def told(company: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert run(["explain", "shop", "-C", str(company), "--json", *more]) == 0
    return {table["name"]: table for table in json.loads(capsys.readouterr().out)["tables"]}


def ids(table: dict[str, Any]) -> list[tuple[str, str]]:
    return [(remark["severity"], remark["id"]) for remark in table["remarks"]]


def test_every_table_is_told_the_mapped_first(company: Path, capsys: pytest.CaptureFixture[str]):
    tables = told(company, capsys)
    assert {name: table["state"] for name, table in tables.items()} == {
        "invoice": "mapped",
        "person": "mapped",
        "remark": "mapped",
        "visit": "mapped",
        "badge": "unmapped",
        "company": "unmapped",
        "names": "view",
        "setting": "ignored",
    }
    assert list(tables)[:4] == ["invoice", "person", "remark", "visit"]


def test_way_by_a_foreign_key(company: Path, capsys: pytest.CaptureFixture[str]):
    (way,) = told(company, capsys, "invoice")["invoice"]["ways"]
    assert (way["entry"], way["person"], way["kinds"], way["column"]) == ("customer", True, ["customer"], None)
    assert way["links"] == [
        {
            "child": "invoice",
            "columns": ["person_id"],
            "parent": "person",
            "parent_columns": ["id"],
            "by": "foreign key",
            "nullable": False,
            "many": False,
            "when": None,
        }
    ]


def test_ways_that_the_map_declares(company: Path, capsys: pytest.CaptureFixture[str]):
    tables = told(company, capsys)
    (visit,), (remark,) = (tables[name]["ways"][0]["links"] for name in ("visit", "remark"))
    assert (visit["by"], visit["nullable"], visit["many"]) == ("declared, by e-mail", True, True)
    assert (remark["by"], remark["when"]) == ("declared", "owner_type = 'person'")


def test_row_that_is_the_person(company: Path, capsys: pytest.CaptureFixture[str]):
    ways = told(company, capsys, "person")["person"]["ways"]
    assert [(way["entry"], way["links"]) for way in ways] == [("customer", [])]


def test_purposes_that_can_keep_and_those_that_cannot(company: Path, capsys: pytest.CaptureFixture[str]):
    keepers = {
        one["purpose"]: (one["keeps"], one["why"])
        for one in told(company, capsys, "invoice")["invoice"]["columns"][0]["keepers"]
    }
    assert keepers["orders"] == (True, "contract, while `contract.active` (on its person)")
    keeps, why = keepers["books"]
    assert keeps
    assert why == (
        "legal-obligation, 7 years after `invoice.issued_at` (max over the rows of invoice of the same customer)"
    )


def test_how_each_column_goes(company: Path, capsys: pytest.CaptureFixture[str]):
    tables = told(company, capsys)
    removal = {
        column["name"]: column["removal"] for name in ("person", "invoice") for column in tables[name]["columns"]
    }
    assert removal["name"] == "becomes NULL"
    assert removal["total"] == "goes only with its row: `invoice.total` may not be NULL and has no filler of its type"
    assert (
        removal["person_id"]
        == "goes only with its row: `invoice.person_id` is a key or a reference: it goes with its row"
    )


def test_warnings_come_by_severity(company: Path, capsys: pytest.CaptureFixture[str]):
    tables = told(company, capsys)
    assert ("note", "EXPLAIN_MENTION") in ids(tables["invoice"])
    assert ("warning", "EXPLAIN_NO_KEY") in ids(tables["visit"])
    assert ids(tables["badge"])[:2] == [("warning", "EXPLAIN_UNMAPPED"), ("warning", "EXPLAIN_HOLDS_BACK")]
    assert ids(tables["setting"]) == ids(tables["company"]) == []
    for table in tables.values():
        ranks = [["error", "warning", "note"].index(severity) for severity, _ in ids(table)]
        assert ranks == sorted(ranks)


def test_tree(company: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["explain", "shop", "badge", "-C", str(company)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "badge  unmapped, key id",
        "├── about customer (customer)",
        "│   └── badge.person_id → person.id  foreign key, may be NULL",
        "├── warning `badge` is not mapped and reaches people (badge.person_id → customer) EXPLAIN_UNMAPPED",
        "│      map it, or name it under `ignore` when it holds no personal data",
        "└── warning rows of `person` to which `badge.person_id` points are never deleted, only erased in place "
        "EXPLAIN_HOLDS_BACK",
        "       map it, so that its rows can go first",
        "shop: 1 table, 1 reach people; 0 errors, 2 warnings, 0 notes",
        "what goes is deleted, and in the database's files until it uses their space again: "
        "it is never told as vacuumed",
    ]


def test_no_row_is_read_and_none_is_shown(company: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["explain", "shop", "-C", str(company)]) == 0
    assert "alice" not in capsys.readouterr().out


def test_table_that_is_not_there(company: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["explain", "shop", "invoise", "-C", str(company)]) == 3
    assert capsys.readouterr().err == "error: `shop` has no table `invoise`\n   did you mean `invoice`?\n"


def test_store_that_is_kept_by_hand_or_down(
    company: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (company / "stores" / "paper.yaml").write_text("store: paper\nkind: manual\n")
    assert run(["explain", "paper", "-C", str(company)]) == 3
    assert "`paper` is kept by hand" in capsys.readouterr().err
    monkeypatch.setenv("SHOP_DB", "postgresql://alice:geheim@localhost:1/shop")
    assert run(["explain", "shop", "-C", str(company)]) == 1
    assert "geheim" not in capsys.readouterr().err


def view(of: str, tables: str, *infos: TableInfo) -> TableView:
    """Return what is told of one table under the shapes' policy."""
    loaded = load(
        "stores/x.yaml",
        ("store: x\nurl: ${X}\npeople: {person: {table: person, key: id, is: person}}\n" + tables).encode(),
        None,
    )
    person = TableInfo(
        "person",
        {"id": ColumnInfo("id", "integer", "integer", False), "name": ColumnInfo("name", "text", "text")},
        ("id",),
    )
    schema = Schema("postgres", {info.name: info for info in (person, *infos)})
    found = explanation(loaded, Policy.model_validate(POLICY), schema, date(2026, 3, 31))
    return next(one for one in found if one.name == of)


MESSAGE = TableInfo(
    "message",
    {
        name: ColumnInfo(name, "integer", "integer", name != "id")
        for name in ("id", "sender_id", "recipient_id", "body")
    },
    ("id",),
    foreign_keys=tuple(ForeignKey((name,), "person", ("id",)) for name in ("sender_id", "recipient_id")),
)


def test_several_owners_are_told():
    told = view(
        "message",
        "tables: {message: {about: {sender_id: person, recipient_id: person}, columns: {body: books.amount}}}",
        MESSAGE,
    )
    assert [way.links[0].columns for way in told.ways] == [("sender_id",), ("recipient_id",)]
    assert "EXPLAIN_SHARED" in [one.id for one in told.remarks]
    assert told.columns[0].keepers == (Keeper("accounting", True, "legal-obligation"),)


def test_data_that_no_purpose_uses_and_rows_that_reach_nobody():
    told = view("message", "tables: {message: {about: none, columns: {body: books.amount}}}", MESSAGE)
    assert told.ways == ()
    assert told.columns[0].keepers == (Keeper("accounting", False, "its rows reach nobody"),)
    assert view("person", "tables: {person: {columns: {name: identity.name}}}").columns[0].keepers == ()


def test_expression_that_does_not_parse_leaves_the_ways_untold():
    about = "[{of: person, columns: sender_id, when: 'lower(body)'}]"
    told = view("message", f"tables: {{message: {{about: {about}, columns: {{body: books.amount}}}}}}", MESSAGE)
    assert told.ways == told.columns == ()

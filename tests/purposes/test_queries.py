"""A dry run over real queries: who would be refused which tables and columns; no value of a query is ever shown."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.purposes.shop import Shop
from tests.purposes.test_verbs import Typed

from belofte.compiler.queries import touched
from belofte.datamap.schema import ColumnInfo, Schema, TableInfo
from belofte.purposes.refusing import Account, refused
from belofte.stores.postgres_queries import NoQueries, Query, live, logged
from belofte.stores.session import session

COLUMNS = {"contact": ("id", "name", "email", "shoe_size"), "orders": ("id", "contact_id", "what", "placed")}
SCHEMA = Schema("postgres", {
    table: TableInfo(table, {name: ColumnInfo(name, "text", "text") for name in names})
    for table, names in COLUMNS.items()
})  # fmt: skip
ALL = set(COLUMNS["contact"])


@pytest.mark.parametrize(("sql", "reads", "writes"), [
    ("SELECT name FROM contact WHERE email = $1", {"contact": {"name", "email"}}, set()),
    ("select C.Name from public.CONTACT c", {"contact": {"name"}}, set()),
    ("SELECT * FROM contact", {"contact": ALL}, set()),
    ("SELECT c.* FROM contact c JOIN orders o ON o.contact_id = c.id",
     {"contact": ALL, "orders": {"contact_id"}}, set()),
    ("SELECT count(*) FROM contact", {"contact": set()}, set()),
    ("WITH x AS (SELECT name FROM contact) SELECT name FROM x", {"contact": {"name"}}, set()),
    ("WITH contact AS (SELECT 1 AS name) SELECT name FROM contact", {}, set()),
    ("SELECT what FROM orders WHERE contact_id IN (SELECT id FROM contact WHERE name LIKE 'A%')",
     {"orders": {"what", "contact_id", "id"}, "contact": {"id", "name"}}, set()),
    ("UPDATE contact SET name = 'x' WHERE id = 1", {"contact": {"name", "id"}}, {"contact"}),
    ("INSERT INTO orders SELECT * FROM contact", {"contact": ALL, "orders": set()}, {"orders"}),
    ("DELETE FROM orders", {"orders": set()}, {"orders"}),
    ("COPY contact TO STDOUT", {"contact": ALL}, set()),
    ("SELECT now()", {}, set()),
])  # fmt: skip
def test_what_a_query_touches(sql: str, reads: dict[str, set[str]], writes: set[str]) -> None:
    found = touched(sql, SCHEMA)
    assert found is not None
    assert {name: set(columns) for name, columns in found.reads.items()} == reads
    assert found.writes == writes


@pytest.mark.parametrize("sql", ["SELECT 'alice", "VACUUM contact", "", "SELECT FROM FROM", "DO $$ BEGIN END $$"])
def test_what_is_no_query_is_told_so_and_not_shown(sql: str, caplog: pytest.LogCaptureFixture) -> None:
    assert touched(sql, SCHEMA) is None
    assert caplog.text == ""


QUERIES = [
    Query("anna", "SELECT name, email FROM contact WHERE email = 'alice@example.com'", 10),
    Query("anna", "SELECT shoe_size FROM contact", 3),
    Query("anna", "SELECT what FROM orders", 2),
    Query("anna", "VACUUM"),
    Query("bert", "SELECT what, placed FROM orders WHERE id = 12", 5),
    Query("bert", "UPDATE orders SET what = 'hat'"),
]


def by_name(shop: Shop) -> dict[str, Account]:
    """What would be refused of these queries."""
    with shop.desk() as desk:
        return {one.name: one for one in refused(desk, desk.open("crm"), QUERIES)}


def test_an_account_is_refused_what_its_purposes_do_not_show(shop: Shop) -> None:
    shop.policy["departments"] = {"mail": {"title": "M", "purposes": ["mailing"]}}
    shop.map |= {"mode": "observe", "departments": {"mail": ["anna"]}}
    found = by_name(shop)
    anna, bert = found["anna"], found["bert"]
    assert (anna.purposes, anna.calls, anna.refused, anna.unread) == (("mailing",), 16, 5, 1)
    assert (anna.tables["contact"].columns, anna.tables["contact"].whole) == ({"shoe_size"}, False)
    assert anna.tables["orders"].whole
    assert (bert.purposes, bert.refused, bert.tables["orders"].writes) == ((), 6, True)


def test_who_reads_through_a_role_now_reads_for_its_purpose(shop: Shop) -> None:
    shop.apply()
    with shop.crm() as crm:
        crm.execute("CREATE ROLE reader_bert; GRANT belofte_crm_for_service TO reader_bert")
    with shop.desk() as desk:
        asked = [Query("reader_bert", "SELECT what FROM orders")]
        (one,) = refused(desk, desk.open("crm"), asked)
    assert (one.purposes, one.refused) == (("service",), 0)


def written(folder: Path, database: str) -> list[Path]:
    """The same statement in the three formats of a log."""
    sql = "SELECT shoe_size FROM contact\nWHERE name = 'Alice'"
    row = ["2026-03-01", "anna", database, *[""] * 10, f"execute <unnamed>: {sql}", *[""] * 9]
    table = io.StringIO()
    csv.writer(table).writerows([row, [*row[:2], "other", *row[3:]], [*row[:13], "connection authorized", *row[14:]]])
    line = {"user": "anna", "dbname": database, "message": f"statement: {sql}"}
    text = f"2026 [7] user=anna,db={database} LOG:  duration: 1.2 ms  statement: {sql}".replace("\n", "\n\t")
    text += "\nuser=,db= LOG:  checkpoint\n"
    texts = {"l.csv": table.getvalue(), "l.json": json.dumps(line) + "\n{}\n", "l.log": text}
    for name, words in texts.items():
        (folder / name).write_text(words)
    return [folder / name for name in texts]


def test_a_log_of_each_format_gives_the_accounts_queries(tmp_path: Path) -> None:
    for file in written(tmp_path, "crm"):
        (one,) = logged(file, "crm")
        said = " ".join(one.sql.split())
        assert (one.account, said) == ("anna", "SELECT shoe_size FROM contact WHERE name = 'Alice'")
    (tmp_path / "bad.csv").write_text("a,b\n")
    with pytest.raises(NoQueries, match="no log"):
        list(logged(tmp_path / "bad.csv", "crm"))


def test_a_database_without_statistics_says_so(shop: Shop) -> None:
    with shop.desk() as desk, session(desk.open("crm").store) as reading, pytest.raises(NoQueries, match="give a log"):
        live(reading)


def test_the_verb_tells_columns_and_no_value(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    belofte = Typed(shop, monkeypatch)
    file = written(tmp_path, shop.dsn.split("/")[3].split("?")[0])[0]
    code, said = belofte("plan", "--queries", str(file))
    assert (code, "anna (no purpose): 1 of 1 calls would be refused" in said) == (2, True)
    assert "contact: the whole table (1 calls)" in said
    whole = said + belofte("plan", "--queries", str(file), "--json")[1]
    assert "Alice" not in whole
    assert belofte("plan", "--queries", "live")[0] == 3

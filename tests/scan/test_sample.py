"""Bounded reads of live databases: few rows, short texts, nothing written, and no value in what can be shown."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from tests.scan.catalogue import table

from belofte.datamap.recognise import Candidate, Inclusion
from belofte.datamap.schema import TableInfo
from belofte.stores.connect import Store, connect
from belofte.stores.reflect import reflect
from belofte.stores.sample import COMPARED, TEXT, inclusions, sample, statement

PLANTED = "Zwaluwstaart"


def filled(url: str) -> Store:
    """Return a read-only store with people, 700 orders and a long note."""
    writer = connect(url, read_only=False, name="shop")
    with writer.engine.begin() as connection:
        for made in (
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, name VARCHAR(80), note TEXT, sparse VARCHAR(40))",
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER)",
        ):
            connection.execute(sa.text(made))
        people = [{"i": i, "n": f"{PLANTED} {i}", "t": "x" * 5000, "s": None} for i in range(1, 301)]
        people[-1]["s"] = "late"
        connection.execute(sa.text("INSERT INTO customer VALUES (:i, :n, :t, :s)"), people)
        orders = [{"i": i, "c": 1 + i % 300} for i in range(1, 701)]
        connection.execute(sa.text("INSERT INTO orders VALUES (:i, :c)"), orders)
    writer.close()
    return connect(url, read_only=True, name="shop")


def test_sample_is_bounded_cut_and_finds_sparse_values(store_url: str):
    store = filled(store_url)
    schema = reflect(store.engine)
    found = sample(store, schema, values=50)
    held = found.samples["customer"]
    assert {len(held["name"].values), len(found.samples["orders"]["id"].values)} == {50}
    assert max(len(str(text)) for text in held["note"].values) == TEXT
    assert held["sparse"].values == ("late",)
    assert found.unread == ()
    store.close()


def test_inclusion_counts_distinct_values_that_exist(store_url: str):
    store = filled(store_url)
    schema = reflect(store.engine)
    samples = sample(store, schema).samples
    right = Candidate("orders", "customer_id", "customer", "id", 0.8, "named after the other table")
    wrong = Candidate("orders", "id", "customer", "id", 0.8, "named after the other table")
    found = inclusions(store, schema, [right, wrong], samples)
    assert found[right] == Inclusion(COMPARED, COMPARED)
    assert found[wrong].share == 1.0
    samples["orders"]["id"] = samples["orders"]["id"].__class__((9_001, 9_002, 1))
    assert inclusions(store, schema, [wrong], samples)[wrong] == Inclusion(1, 3)
    store.close()


def test_sample_shows_counts_and_no_value(store_url: str):
    store = filled(store_url)
    found = sample(store, reflect(store.engine), values=10)
    assert "ColumnSample(10 values, 0 nulls)" in repr(found)
    assert PLANTED not in repr(found)
    store.close()


def test_large_postgres_table_is_sampled_by_pages():
    small = table("log", "id:int email")
    large = TableInfo("log", small.columns, primary_key=("id",), rows=50_000_000)
    text = str(statement(large, ["email"], "postgres").compile(dialect=postgresql.dialect()))
    assert "TABLESAMPLE system" in text
    assert "LIMIT" in text
    assert "TABLESAMPLE" not in str(statement(small, ["email"], "postgres").compile(dialect=postgresql.dialect()))


def test_odd_names_are_quoted_as_they_are(sqlite):
    url = sqlite()
    store = connect(url, read_only=False, name="odd")
    with store.engine.begin() as connection:
        connection.execute(sa.text('CREATE TABLE "or""der; DROP" ("se lect" TEXT)'))
        connection.execute(sa.text('INSERT INTO "or""der; DROP" VALUES (\'a\')'))
    found = sample(store, reflect(store.engine))
    assert found.samples['or"der; DROP']["se lect"].values == ("a",)
    store.close()


def test_table_that_may_not_be_read_is_named_with_a_reason(postgres):
    url = postgres()
    writer = connect(url, read_only=False, name="shop")
    with writer.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE seen (id int primary key, email text)"))
        connection.execute(sa.text("CREATE TABLE hidden (id int primary key, email text)"))
        connection.execute(sa.text("CREATE ROLE scanner LOGIN"))
        connection.execute(sa.text("GRANT SELECT ON seen TO scanner"))
    schema = reflect(writer.engine)
    reader = connect(url.replace("postgres@", "scanner@"), read_only=True, name="shop")
    try:
        found = sample(reader, schema)
        assert [name for name, _ in found.unread] == ["hidden"]
        assert found.unread[0][1] == "the account may not do this"
    finally:
        reader.close()
        with writer.engine.begin() as connection:
            connection.execute(sa.text("DROP OWNED BY scanner"))
            connection.execute(sa.text("DROP ROLE scanner"))
        writer.close()


def test_locked_table_is_left_out_and_said(postgres):
    url = postgres()
    writer = connect(url, read_only=False, name="shop")
    with writer.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE contact (id int primary key, email text)"))
        schema = reflect(connection)
    holder = writer.engine.connect()
    holder.execute(sa.text("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE"))
    reader = connect(url, read_only=True, name="shop")
    try:
        assert sample(reader, schema).unread == (("contact", "a row is locked by somebody else"),)
    finally:
        holder.close()
        reader.close()
        writer.close()

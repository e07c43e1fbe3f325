"""The catalogue as a value: what each dialect says about a table, and other people's schemas whole."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import create_engine, text

from belofte.compiler.digests import schema_digest
from belofte.datamap.schema import Check, ForeignKey, Schema
from belofte.stores.connect import connect
from belofte.stores.reflect import reflect


def reflected(url: str, *statements: str) -> Schema:
    """Run statements and return the catalogue they leave."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
    store = connect(url, read_only=True)
    found = reflect(store.engine)
    store.close()
    return found


SHOP = (
    "CREATE TABLE person (id INTEGER PRIMARY KEY, email VARCHAR(40) NOT NULL, name VARCHAR(80) DEFAULT 'x', "
    "birth DATE, balance NUMERIC(10,2), note TEXT, UNIQUE (email), CHECK (balance >= 0))",
    "CREATE TABLE line (order_id INTEGER NOT NULL, number INTEGER NOT NULL, person_id INTEGER, seen TIMESTAMP NULL, "
    "PRIMARY KEY (order_id, number), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE SET NULL)",
    "CREATE INDEX seen_by ON line (person_id, seen)",
    "CREATE VIEW named AS SELECT id, name FROM person",
    "CREATE TABLE belofte_state (id INTEGER PRIMARY KEY)",
)


def test_a_table_reads_the_same_on_each_dialect(store_url):
    schema = reflected(store_url, *SHOP)
    assert set(schema.tables) == {"person", "line", "named"}
    person, line = schema.tables["person"], schema.tables["line"]
    families = ["integer", "text", "text", "date", "numeric", "text"]
    assert [column.family for column in person.columns.values()] == families
    assert [column.nullable for column in person.columns.values()] == [False, False, True, True, True, True]
    assert person.columns["name"].default
    assert not person.columns["birth"].default
    assert (person.primary_key, person.unique) == (("id",), (("email",),))
    assert [check.columns for check in person.checks] == [("balance",)]
    assert line.primary_key == ("order_id", "number")
    (key,) = line.foreign_keys
    assert (key.columns, key.parent, key.parent_columns, key.on_delete) == (
        ("person_id",),
        "person",
        ("id",),
        "set null",
    )
    assert ("person_id", "seen") in line.indexes
    assert ("order_id", "number") in line.indexes
    assert ("email",) in person.indexes
    assert (schema.tables["named"].kind, list(schema.tables["named"].columns)) == ("view", ["id", "name"])


def test_a_length_is_what_the_database_enforces(store_url):
    schema = reflected(store_url, *SHOP)
    enforced = None if schema.dialect == "sqlite" else 40
    assert schema.tables["person"].columns["email"].length == enforced


def test_a_computed_column_is_generated(store_url):
    schema = reflected(store_url, "CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED)")
    assert [column.generated for column in schema.tables["t"].columns.values()] == [False, True]


def test_a_composite_foreign_key_keeps_its_order(store_url):
    schema = reflected(
        store_url,
        "CREATE TABLE p (y INTEGER NOT NULL, x INTEGER NOT NULL, PRIMARY KEY (x, y))",
        "CREATE TABLE c (a INTEGER, b INTEGER, FOREIGN KEY (b, a) REFERENCES p (x, y) ON DELETE CASCADE)",
    )
    (key,) = schema.tables["c"].foreign_keys
    assert (key.columns, key.parent_columns, key.on_delete) == (("b", "a"), ("x", "y"), "cascade")


def test_names_that_need_quotes_are_read_as_they_are(store_url):
    quote = "`" if store_url.startswith("mysql") else '"'
    schema = reflected(
        store_url,
        f"CREATE TABLE {quote}Order Line{quote} ({quote}E-mail{quote} VARCHAR(9), {quote}select{quote} INTEGER)",
    )
    assert list(schema.tables["Order Line"].columns) == ["E-mail", "select"]


def test_an_empty_database_has_no_tables(store_url):
    assert reflected(store_url).tables == {}


def test_what_is_not_committed_is_seen_by_its_own_transaction_only(postgres):
    url = postgres()
    store = connect(url, read_only=False)
    with store.engine.connect() as connection:
        connection.execute(text("CREATE TABLE t (id INTEGER)"))
        assert "t" in reflect(connection).tables
        assert reflected(url).tables == {}
    store.close()


def test_postgres_reads_what_only_it_has(postgres):
    schema = reflected(
        postgres(),
        "CREATE SCHEMA hr",
        "CREATE SCHEMA belofte",
        "CREATE SCHEMA belofte_orders",
        "CREATE TABLE belofte.event (id INTEGER)",
        "CREATE TABLE belofte_orders.person (id INTEGER)",
        "CREATE TYPE mood AS ENUM ('good', 'bad')",
        "CREATE DOMAIN email AS text NOT NULL CHECK (VALUE LIKE '%@%')",
        "CREATE TABLE hr.person (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, feels mood, address email, "
        "tags text[], extra jsonb, photo bytea, token uuid, at timestamptz, nick text, boss integer "
        "REFERENCES hr.person, CONSTRAINT known CHECK (nick <> '' OR feels IS NOT NULL))",
        "CREATE INDEX ON hr.person (lower(address))",
        "CREATE INDEX ON hr.person (lower(nick::varchar), boss)",
        "CREATE INDEX ON hr.person (boss) WHERE boss > 3",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER stamp BEFORE UPDATE ON hr.person FOR EACH ROW EXECUTE FUNCTION f()",
        "ALTER TABLE hr.person ENABLE ROW LEVEL SECURITY",
    )
    assert set(schema.tables) == {"hr.person"}
    person = schema.tables["hr.person"]
    families = {name: column.family for name, column in person.columns.items()}
    assert families == {
        "id": "integer", "feels": "enum", "address": "text", "tags": "array", "extra": "json", "photo": "bytes",
        "token": "uuid", "at": "timestamptz", "nick": "text", "boss": "integer",
    }  # fmt: skip
    assert not person.columns["address"].nullable
    assert person.columns["id"].default
    assert Check(("address",), "(address ~~ '%@%'::text)") in person.checks
    assert {check.columns for check in person.checks} == {("address",), ("nick", "feels")}
    assert person.foreign_keys == (ForeignKey(("boss",), "hr.person", ("id",), "no action", "person_boss_fkey"),)
    assert set(person.indexes) == {("lower(address)",), ("lower(nick)", "boss"), ("id",)}
    assert person.triggers == ("stamp",)


def test_partitions_and_inheritance_say_whose_rows_they_are(postgres):
    schema = reflected(
        postgres(),
        "CREATE TABLE person (id integer PRIMARY KEY)",
        "CREATE TABLE visit (person_id integer REFERENCES person, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE visit_2024 PARTITION OF visit FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
        "CREATE TABLE member (since date) INHERITS (person)",
    )
    assert schema.tables["visit"].kind == "partitioned"
    assert schema.tables["visit_2024"].child_of == "visit"
    assert schema.tables["member"].child_of == "person"
    assert [len(schema.tables[name].foreign_keys) for name in ("visit", "visit_2024")] == [1, 1]


def test_a_foreign_key_to_a_partitioned_table_counts_once(postgres):
    schema = reflected(
        postgres(),
        "CREATE TABLE visit (id integer, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
        "CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM (1) TO (100)",
        "CREATE TABLE page (visit_id integer REFERENCES visit)",
    )
    assert [key.parent for key in schema.tables["page"].foreign_keys] == ["visit"]


def test_an_account_is_told_what_it_cannot_see(postgres):
    url = postgres()
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in (
            "DROP ROLE IF EXISTS bob",
            "CREATE ROLE bob LOGIN",
            "CREATE TABLE secret (id integer)",
            "CREATE TABLE mine (id integer)",
            "GRANT SELECT ON mine TO bob",
            "ALTER TABLE mine ENABLE ROW LEVEL SECURITY",
            "CREATE RULE gone AS ON DELETE TO secret DO INSTEAD NOTHING",
        ):
            connection.execute(text(statement))
    engine.dispose()
    schema = reflected(url.replace("postgres@", "bob@"))
    assert schema.warnings == (
        "`mine` has row security: this account may not see all its rows",
        "`secret` cannot be read by this account",
        "`secret` has rules that turn a write into something else",
    )


def test_mariadb_reads_what_only_it_has(mariadb):
    schema = reflected(
        mariadb(),
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, flag TINYINT(1), doc JSON, mood ENUM('good', 'bad'), "
        "folded VARCHAR(9) COLLATE utf8mb4_general_ci, exact VARCHAR(9) COLLATE utf8mb4_bin, at DATETIME, "
        "stamp TIMESTAMP NULL, photo BLOB, KEY part (folded(3)), CONSTRAINT c CHECK (folded <> 'exact'))",
        "CREATE TRIGGER trg BEFORE INSERT ON t FOR EACH ROW SET NEW.flag = 1",
        "CREATE TABLE kept (id INT PRIMARY KEY) WITH SYSTEM VERSIONING",
        "CREATE TABLE old (id INT PRIMARY KEY) ENGINE=MyISAM",
        "CREATE SEQUENCE counter",
    )
    assert set(schema.tables) == {"t", "kept", "old"}
    t = schema.tables["t"]
    assert {name: column.family for name, column in t.columns.items()} == {
        "id": "integer", "flag": "boolean", "doc": "json", "mood": "enum", "folded": "text", "exact": "text",
        "at": "timestamp", "stamp": "timestamptz", "photo": "bytes",
    }  # fmt: skip
    assert (t.columns["folded"].folds_case, t.columns["exact"].folds_case) == (True, False)
    assert ("folded",) in {check.columns for check in t.checks}
    assert t.triggers == ("trg",)
    assert schema.warnings == (
        "`kept` is system-versioned: its history keeps what is erased from it",
        "`old` has engine MyISAM: a change to it cannot be undone when a later step fails",
    )


def test_a_mariadb_foreign_key_into_another_database_names_it(mariadb):
    there, here = mariadb(), mariadb()
    reflected(there, "CREATE TABLE p (id INT PRIMARY KEY)")
    other = there.split("@/")[1].split("?")[0]
    schema = reflected(here, f"CREATE TABLE c (p_id INT, FOREIGN KEY (p_id) REFERENCES {other}.p (id))")
    assert [key.parent for key in schema.tables["c"].foreign_keys] == [f"{other}.p"]


def test_sqlite_reads_what_stands_only_in_its_text(sqlite):
    schema = reflected(
        sqlite(),
        "CREATE TABLE Person (id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE CHECK (email LIKE '%@%'), "
        'age INT CHECK (age > 0), done BOOLEAN, at DATETIME, doc JSON, any, "the name" TEXT -- CHECK (done)\n'
        ", CONSTRAINT both CHECK (coalesce(age, 1) > 0 OR doc <> 'at, )'))",
        "CREATE TABLE log (person_id REFERENCES person, who INT REFERENCES PERSON (ID))",
        "CREATE INDEX folded ON Person (lower(email) DESC, coalesce(age, 0))",
        "CREATE INDEX part ON Person (age) WHERE age > 3",
        "CREATE TRIGGER trg AFTER DELETE ON person BEGIN DELETE FROM log; END",
        "CREATE VIRTUAL TABLE words USING fts5(body)",
    )
    assert set(schema.tables) == {"Person", "log", "words"}
    person = schema.tables["Person"]
    assert {check.columns for check in person.checks} == {("email",), ("age",), ("age", "doc")}
    assert [name for name, column in person.columns.items() if column.folds_case] == ["email"]
    assert person.indexes == (("id",), ("lower(email)", "coalesce(age,0)"))
    assert person.triggers == ("trg",)
    assert [(key.columns, key.parent, key.parent_columns) for key in schema.tables["log"].foreign_keys] == [
        (("person_id",), "Person", ("id",)),
        (("who",), "Person", ("id",)),
    ]


def test_a_check_that_only_quotes_a_column_does_not_name_it(sqlite):
    schema = reflected(sqlite(), "CREATE TABLE t (kind TEXT CHECK (kind <> 'name'), name TEXT)")
    assert [check.columns for check in schema.tables["t"].checks] == [("kind",)]


def test_estimates_come_after_the_database_has_counted(store_url):
    count = {"p": "ANALYZE t", "m": "ANALYZE TABLE t", "s": "ANALYZE"}[store_url[0]]
    schema = reflected(
        store_url, "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)", "CREATE INDEX i ON t (n)",
        "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)", count,
    )  # fmt: skip
    assert schema.tables["t"].rows == 3


def test_postgres_says_where_it_has_seen_few_different_values(postgres):
    url, table = postgres(), "CREATE TABLE t (id INTEGER PRIMARY KEY, state TEXT)"
    filled = reflected(url, table, "INSERT INTO t SELECT i, i % 3 FROM generate_series(1, 3000) i")
    counted = reflected(url, "ANALYZE t")
    assert (filled.tables["t"].few, counted.tables["t"].few) == (frozenset(), {"state"})
    assert schema_digest(filled) == schema_digest(counted)


@pytest.mark.parametrize(
    ("name", "dialect", "tables", "keys", "triggers", "views"),
    [
        ("chinook", "postgres", 11, 11, 0, 0),
        ("chinook", "mariadb", 11, 11, 0, 0),
        ("chinook", "sqlite", 11, 11, 0, 0),
        ("sakila", "postgres", 21, 40, 15, 7),
        ("sakila", "mariadb", 16, 22, 6, 7),
        ("northwind", "postgres", 14, 13, 0, 0),
        ("fides_sample", "postgres", 28, 0, 0, 0),
        ("fides_sample", "mariadb", 12, 0, 0, 0),
    ],
)
def test_a_shared_schema_is_read_whole(name, dialect, tables, keys, triggers, views, shared):
    schema = reflected(shared(name, dialect))
    base = [table for table in schema.tables.values() if table.kind != "view"]
    assert len(base) == tables
    assert sum(len(table.foreign_keys) for table in base) == keys
    assert sum(len(table.triggers) for table in base) == triggers
    assert len(schema.tables) - len(base) == views
    assert all(fk.parent in schema.tables for table in base for fk in table.foreign_keys)
    assert all(set(fk.parent_columns) <= set(schema.tables[fk.parent].columns) for t in base for fk in t.foreign_keys)


def test_sakila_on_postgres_shows_its_inheritance_and_domains(shared):
    schema = reflected(shared("sakila", "postgres"))
    assert [name for name, table in schema.tables.items() if table.child_of == "payment"] == [
        f"payment_p2007_0{month}" for month in range(1, 7)
    ]
    assert schema.tables["film"].columns["release_year"].family == "integer"
    assert [check.columns for check in schema.tables["film"].checks] == [("release_year",)]
    assert schema.warnings == ("`payment` has rules that turn a write into something else",)


def test_northwind_has_its_three_composite_keys(shared):
    schema = reflected(shared("northwind", "postgres"))
    assert sorted(name for name, table in schema.tables.items() if len(table.primary_key) > 1) == [
        "customer_customer_demo", "employee_territories", "order_details",
    ]  # fmt: skip


def test_fides_keeps_its_second_schema_apart(shared):
    schema = reflected(shared("fides_sample", "postgres"))
    assert sum(name.startswith("backup_schema.") for name in schema.tables) == 13
    assert sum(len(table.primary_key) > 1 for table in schema.tables.values()) == 6


def test_a_thousand_tables_are_read_in_less_than_two_seconds(store_url):
    made = [f"CREATE TABLE t{n} (id INTEGER PRIMARY KEY, email VARCHAR(80), name TEXT)" for n in range(1000)]
    reflected(store_url, *made)
    store = connect(store_url, read_only=True)
    took = []
    for _ in range(3):
        began = time.perf_counter()
        assert len(reflect(store.engine).tables) == 1000
        took.append(time.perf_counter() - began)
    store.close()
    assert min(took) < 2

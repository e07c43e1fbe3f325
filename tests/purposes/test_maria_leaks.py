"""What a reader may try to see past its view on MariaDB, each tried as the purpose's role.

bob alone consented, and alone did not object to service: alice and charlie must show nowhere.
What cannot be closed is in the how-to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pymysql
import pytest
from tests.purposes import maria
from tests.purposes.conftest import dsn
from tests.purposes.maria import MariaShop, Reading
from tests.purposes.shop import NOW
from tests.servers import MariaDB, Postgres

from belofte.choices.events import Kind
from belofte.purposes import applying


@pytest.fixture(scope="module")
def maria_shop(
    postgres_running: Postgres, mariadb_running: MariaDB, own_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MariaShop]:
    """The shop, bound, one for all of these tests: none of them may change it."""
    own = postgres_running.fresh(own_template)
    made = maria.opened(mariadb_running, dsn(postgres_running, own), tmp_path_factory.mktemp("shop"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(applying, "FROZEN", NOW)
        made.apply()
        made.choose("bob", Kind.CONSENT_GIVEN, "mailing")
        made.choose("alice", Kind.OBJECTION_MADE, "service")
        made.choose("charlie", Kind.OBJECTION_MADE, "service")
        made.refresh()
        with made.crm() as crm:
            crm.execute("CREATE DATABASE scratch")
            crm.execute("CREATE TABLE scratch.said (what VARCHAR(80))")
            crm.execute("CREATE FUNCTION scratch.tell(a VARCHAR(80)) RETURNS INT DETERMINISTIC "
                        "BEGIN INSERT INTO scratch.said VALUES (a); RETURN 1; END")  # fmt: skip
        yield made
    made.db.close()
    postgres_running.drop(own)
    mariadb_running.drop("scratch")
    maria.clear(mariadb_running, made)


@pytest.fixture
def marketer(maria_shop: MariaShop) -> Iterator[Reading]:
    """A connection for mailing; with a database of the reader's own."""
    with reader(maria_shop, "mailing") as reading:
        yield reading


@pytest.fixture
def clerk(maria_shop: MariaShop) -> Iterator[Reading]:
    """A connection for service: a condition of the reader's own is cheaper there than whether somebody objected."""
    with reader(maria_shop, "service") as reading:
        yield reading


@contextmanager
def reader(shop: MariaShop, purpose: str) -> Iterator[Reading]:
    with shop.reader(purpose) as reading:
        with shop.crm() as crm:
            crm.execute("TRUNCATE scratch.said")
            crm.execute(f"GRANT ALL ON scratch.* TO reader_{purpose}")
        yield reading


@pytest.mark.parametrize("condition", [
    "name + 0 > 5", "name * 1 IS NULL", "CAST(name AS DATE) > '2020-01-01'",
    "(@seen := concat(coalesce(@seen, ''), name)) <> ''",
    "scratch.tell(name)", "id / 0 IS NOT NULL", 
    "convert(name USING latin1) = 'x' + 1", 
])  # fmt: skip
def test_a_condition_of_the_reader_is_tried_on_no_hidden_row(clerk: Reading, condition: str) -> None:
    clerk.execute("SET SESSION optimizer_switch = 'derived_merge=on,condition_pushdown_for_derived=on'")
    view = "for_crm_service.contact"
    said: list[object] = []
    try:
        for query in (f"SELECT id FROM {view} WHERE {condition}",  # noqa: S608
                      f"SELECT id FROM {view} a JOIN {view} USING (id, name) WHERE {condition}"):  # fmt: skip # noqa: S608
            said += clerk.execute(query).fetchall()
            said += clerk.execute("SHOW WARNINGS").fetchall()
    except pymysql.MySQLError as error:
        said.append(str(error))
    said += clerk.execute("SELECT @seen").fetchall()
    said += clerk.execute("SELECT what FROM scratch.said").fetchall()
    assert "lice" not in str(said)
    assert "harlie" not in str(said)
    assert not any(row[0] in (1, 3) for row in said if isinstance(row, tuple))


@pytest.mark.parametrize("query", [
    "SELECT * FROM {crm}.contact", "SELECT count(*) FROM {crm}.contact", "TABLE {crm}.orders",
    "SHOW TABLES FROM {crm}",
    "SELECT * FROM belofte_crm.allowed_customer", "SELECT * FROM belofte_crm.slot", "SELECT belofte_crm.today()",
    "SELECT * FROM for_crm_service.contact", "SHOW CREATE VIEW for_crm_mailing.contact",
    "EXPLAIN SELECT * FROM for_crm_mailing.contact",
    "ANALYZE FORMAT=JSON SELECT * FROM for_crm_mailing.contact", "SHOW CREATE FUNCTION belofte_crm.today",
    "SET ROLE belofte_crm_views", "SET ROLE belofte_crm_for_service",
    "GRANT belofte_crm_for_service TO reader_mailing",
    "CREATE TABLE for_crm_mailing.mine (id int)", "CREATE OR REPLACE VIEW for_crm_mailing.contact AS SELECT 1",
    "CREATE VIEW scratch.mine AS SELECT * FROM {crm}.contact", "ALTER VIEW for_crm_mailing.contact AS SELECT 1",
    "DROP VIEW for_crm_mailing.contact",
    "CREATE OR REPLACE FUNCTION belofte_crm.today() RETURNS DATE DETERMINISTIC RETURN '1999-01-01'",
    "CREATE DEFINER = belofte_crm_views VIEW scratch.mine AS SELECT * FROM {crm}.contact",
    "SELECT * FROM mysql.innodb_table_stats", "SELECT * FROM mysql.column_stats", "SELECT * FROM mysql.global_priv",
    "HANDLER {crm}.contact OPEN", "LOCK TABLES {crm}.contact READ", "CHECKSUM TABLE {crm}.contact",
    "SHOW INDEX FROM {crm}.contact",
    "SELECT * FROM for_crm_mailing.contact INTO OUTFILE '/tmp/out'",
    "SELECT * FROM for_crm_mailing.contact FOR SYSTEM_TIME ALL",
    "CREATE TABLE scratch.mine (id int REFERENCES {crm}.contact (id))",
    "SELECT shoe_size FROM for_crm_mailing.contact",
])  # fmt: skip
def test_what_is_not_the_purposes_is_refused(marketer: Reading, maria_shop: MariaShop, query: str) -> None:
    with pytest.raises(pymysql.MySQLError) as refused:
        marketer.execute(query.format(crm=f"`{maria_shop.database}`"))
    assert "lice" not in str(refused.value)


@pytest.mark.parametrize("query", [
    "SELECT view_definition FROM information_schema.views WHERE view_definition <> ''",
    "SELECT * FROM information_schema.tables "
    "WHERE table_schema NOT IN ('information_schema', 'performance_schema', 'for_crm_mailing', 'scratch')",
    "SELECT * FROM information_schema.columns WHERE column_name IN ('shoe_size', 'slot', 'consent')",
    "SELECT * FROM information_schema.statistics", "SELECT * FROM information_schema.key_column_usage",
    "SELECT * FROM information_schema.routines WHERE routine_schema LIKE 'belofte%'",
    "SELECT * FROM information_schema.triggers",
    "SELECT * FROM information_schema.table_privileges WHERE table_schema <> 'for_crm_mailing'",
    "SELECT * FROM information_schema.schemata WHERE schema_name LIKE 'belofte%' OR schema_name LIKE 'for_crm_service'",
    "SELECT query, trace FROM information_schema.optimizer_trace WHERE trace <> ''",
    "SELECT * FROM information_schema.applicable_roles WHERE role_name <> 'belofte_crm_for_mailing'",
])  # fmt: skip
def test_the_catalogue_shows_nothing_of_other_purposes(marketer: Reading, query: str) -> None:
    marketer.execute("SET SESSION optimizer_trace = 'enabled=on'")
    marketer.execute("SELECT * FROM for_crm_mailing.contact")
    assert marketer.many(query) == []


def test_shadows_and_locks_of_the_reader_change_nothing(marketer: Reading, maria_shop: MariaShop) -> None:
    with maria_shop.crm() as crm:
        crm.execute("GRANT CREATE TEMPORARY TABLES ON *.* TO reader_mailing")
        with maria_shop.connected("reader_mailing") as reading:
            for name in (f"`{maria_shop.database}`.contact", "belofte_crm.slot", "belofte_crm.allowed_customer"):
                reading.execute(f"CREATE TEMPORARY TABLE {name} (id INT, name VARCHAR(9), email VARCHAR(9))")
            assert reading.many("SELECT name FROM for_crm_mailing.contact") == [("Bob",)]
        marketer.execute("START TRANSACTION")
        marketer.execute("SELECT * FROM for_crm_mailing.contact FOR UPDATE")
        crm.execute("SET SESSION innodb_lock_wait_timeout = 1")
        crm.execute("UPDATE contact SET shoe_size = 39")
        crm.execute("UPDATE belofte_crm.slot SET told_at = told_at")

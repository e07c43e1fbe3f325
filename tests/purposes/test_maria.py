"""What binding readers is on MariaDB alone: plans, drift, accounts, and a clock that no session moves."""

from __future__ import annotations

from datetime import UTC, datetime

import pymysql
import pytest
from tests.purposes.maria import MariaShop

from belofte.choices.events import Kind
from belofte.cli.plan import lines
from belofte.purposes import applying


def test_a_plan_after_its_apply_is_empty(maria_shop: MariaShop) -> None:
    maria_shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    plan = maria_shop.plan(counting=True)
    rows = {(one.purpose, one.table): one.rows for one in plan.stores[0].counts}
    assert rows["mailing", "contact"] == (None, 1)
    assert rows["service", "contact"] == (None, 3)
    assert rows["books", "orders"] == (None, 2)
    maria_shop.apply(plan)
    assert maria_shop.plan().stores[0].changes == ()
    assert maria_shop.plan().empty


def test_an_account_with_the_rights_that_the_how_to_names_applies_and_undoes(maria_shop: MariaShop) -> None:
    with maria_shop.crm() as crm:
        crm.execute("CREATE USER officer")
        for right in ("CREATE USER, SET USER ON *.*", "SELECT ON mysql.*", f"ALL ON `{maria_shop.database}`.*",
                      r"ALL ON `belofte\_crm`.*", r"ALL ON `for\_crm\_%`.*"):  # fmt: skip
            crm.execute(f"GRANT {right} TO officer WITH GRANT OPTION")
    maria_shop.url = maria_shop.url.replace("root@", "officer@")
    try:
        maria_shop.apply()
        assert maria_shop.plan().empty
        with maria_shop.connected("officer") as officer:  # who made a role is the one who gives it
            officer.execute("GRANT belofte_crm_for_service TO root@localhost WITH ADMIN OPTION")
        assert len(maria_shop.sees("service", "contact")) == 3
        with maria_shop.desk() as desk:
            applying.undo(desk, desk.open("crm", read_only=False))
        with pytest.raises(pymysql.MySQLError):
            maria_shop.sees("service", "contact")
    finally:
        with maria_shop.crm() as crm:
            crm.execute("DROP USER officer")


def test_a_department_reads_and_who_was_let_in_by_hand_is_put_out(maria_shop: MariaShop) -> None:
    maria_shop.policy["departments"] = {"sales": {"title": "Sales", "purposes": ["service"]}}
    maria_shop.map["departments"] = {"sales": ["anna", "bert@localhost", "nobody"]}
    with maria_shop.crm() as crm:
        crm.execute("CREATE USER anna, bert@localhost, carl")
        maria_shop.apply()
        crm.execute("GRANT belofte_crm_for_service TO carl")
        crm.execute("REVOKE belofte_crm_for_service FROM anna")
        changed = {one.item: one.why for one in maria_shop.plan().stores[0].changes}
        assert changed == {
            "member anna of belofte_crm_for_service": "somebody dropped it",
            "member carl of belofte_crm_for_service": "no department of the map names this account",
            "member nobody of belofte_crm_for_service": "there is no such account: make it, or take it out of the map",
        }
        maria_shop.apply()
        members = crm.many("SELECT user, host FROM mysql.roles_mapping WHERE user IN ('anna', 'bert', 'carl')")
        crm.execute("DROP USER anna, bert@localhost, carl")
    assert members == [("anna", "%"), ("bert", "localhost")]


def test_what_somebody_changed_is_shown_and_mended(maria_shop: MariaShop) -> None:
    maria_shop.apply()
    with maria_shop.crm() as crm:
        crm.execute("CREATE USER analyst")
        crm.execute("ALTER VIEW for_crm_mailing.contact AS SELECT id, name, email FROM contact")
        crm.execute("GRANT SELECT ON contact TO belofte_crm_for_books")
        crm.execute("GRANT SELECT ON for_crm_service.contact TO analyst")
        crm.execute("DROP ROLE belofte_crm_for_mailing")
        crm.execute("GRANT SELECT (shoe_size) ON contact TO belofte_crm_views")
        crm.execute("ALTER TABLE contact ADD COLUMN iban varchar(40)")
        crm.execute("CREATE VIEW for_crm_mailing.all_of_it AS SELECT * FROM contact")
    one = maria_shop.plan().stores[0]
    assert {change.item for change in one.drift} == {
        "view for_crm_mailing.contact", "role belofte_crm_for_books", "usage for_crm_service",
        "role belofte_crm_for_mailing", "usage for_crm_mailing", "role belofte_crm_views", "columns contact",
    }  # fmt: skip
    assert one.strangers == ("view for_crm_mailing.all_of_it",)
    with maria_shop.crm() as crm:
        crm.execute("DROP VIEW for_crm_mailing.all_of_it")
    maria_shop.apply()
    assert maria_shop.plan().empty
    assert maria_shop.sees("mailing", "contact") == []
    assert len(maria_shop.sees("service", "contact")) == 3
    with maria_shop.crm() as crm:
        rights = crm.many("SELECT user, db, table_name FROM mysql.tables_priv WHERE user IN ('analyst', "
                          "'belofte_crm_for_books') AND db NOT LIKE 'for%'")  # fmt: skip
        assert rights == []
        assert crm.many("SELECT 1 FROM mysql.columns_priv WHERE column_name = 'shoe_size'") == []
        crm.execute("DROP USER analyst")


PAST_THE_PLAN = (
    "GRANT SELECT ON for_crm_service.contact TO analyst WITH GRANT OPTION",
    "GRANT ALL ON for_crm_books.* TO analyst WITH GRANT OPTION",
    r"GRANT SELECT ON `for\_crm\_%`.* TO analyst",
    "GRANT SELECT ON for_crm_mailing.* TO PUBLIC",
    "GRANT SELECT (id), UPDATE (`until`) ON belofte_crm.slot TO analyst",
    "GRANT INSERT ON belofte_crm.journal TO analyst",
    "GRANT ALTER ROUTINE ON FUNCTION belofte_crm.moment TO analyst",
    "GRANT SELECT ON belofte_crm.* TO belofte_crm_for_books",
    "GRANT belofte_crm_views TO analyst",
)
ITEMS_PAST_THE_PLAN = {
    "usage for_crm_service", "usage for_crm_books", "usage for_crm_mailing", "rights belofte_crm",
    "role belofte_crm_for_books", "role belofte_crm_views",
}  # fmt: skip


def test_what_was_granted_past_the_plan_is_shown_and_taken_back_first(maria_shop: MariaShop) -> None:
    maria_shop.apply()
    with maria_shop.crm() as crm:
        crm.execute("CREATE USER analyst, dba")
        crm.execute("GRANT SELECT ON `%`.* TO dba")
        crm.execute(r"GRANT ALL ON `for\_crm\_abroad\_%`.* TO dba")  # of a store whose name begins alike
        for statement in PAST_THE_PLAN:
            crm.execute(statement)
    one = maria_shop.plan().stores[0]
    assert {change.item for change in one.drift} == ITEMS_PAST_THE_PLAN
    assert {reader.name for reader in one.readers} >= {"analyst@%", "dba@%"}
    assert "REVOKE ALL PRIVILEGES ON `for_crm_books`.* FROM `analyst`" in {text.plain[9:] for text in lines(one)}
    assert [bool(step.takes) for step in one.steps].index(True) == 1  # after those who read what changes are kept out
    maria_shop.apply()
    assert maria_shop.plan().empty
    with maria_shop.crm() as crm:
        assert crm.many("SHOW GRANTS FOR analyst") == [("GRANT USAGE ON *.* TO `analyst`@`%`",)]
        assert len(crm.many("SHOW GRANTS FOR dba")) == 3
        assert crm.many("SELECT db FROM mysql.db WHERE user = 'PUBLIC'") == []
    with maria_shop.desk() as desk:
        applying.undo(desk, desk.open("crm", read_only=False))
    assert len(maria_shop.sees("service", "contact")) == 3
    with maria_shop.crm() as crm:
        assert crm.many("SHOW GRANTS FOR analyst") == [("GRANT USAGE ON *.* TO `analyst`@`%`",)]
        crm.execute("DROP USER analyst, dba")


def test_what_was_granted_before_the_first_apply_or_beside_another_change_is_taken_back(maria_shop: MariaShop) -> None:
    with maria_shop.crm() as crm:
        crm.execute("CREATE USER analyst")
        crm.execute("CREATE ROLE belofte_crm_for_service")
        crm.execute("GRANT SELECT ON contact TO belofte_crm_for_service")
        crm.execute("GRANT SELECT ON for_crm_service.* TO analyst")
        crm.execute(r"GRANT SELECT ON `for\_crm\_%`.* TO analyst")
    maria_shop.apply()
    only_usage = [("GRANT USAGE ON *.* TO `analyst`@`%`",)]
    with maria_shop.crm() as crm:
        assert crm.many("SHOW GRANTS FOR analyst") == only_usage
        rights = crm.many("SELECT db FROM mysql.tables_priv WHERE user = 'belofte_crm_for_service'")
        assert {name for (name,) in rights} == {"for_crm_service"}
        crm.execute("GRANT SELECT ON for_crm_service.contact TO analyst")
    del maria_shop.map["tables"]["message"]
    maria_shop.apply()
    assert maria_shop.plan().empty
    assert len(maria_shop.sees("service", "contact")) == 3
    with maria_shop.crm() as crm:
        assert crm.many("SHOW GRANTS FOR analyst") == only_usage
        crm.execute("DROP USER analyst")
    maria_shop.url = "mysql+pymysql://nobody@127.0.0.1:1/none"
    assert maria_shop.plan().silent.keys() == {"crm"}


def test_who_reads_past_the_views_is_listed(maria_shop: MariaShop) -> None:
    maria_shop.apply()
    with maria_shop.crm() as crm:
        for statement in ("CREATE USER one, two, three, four", "GRANT SELECT ON t_.* TO one", "CREATE ROLE wide",
                          "GRANT SELECT (name) ON contact TO wide", "GRANT wide TO two",
                          "GRANT SELECT ON belofte_crm.* TO three", "GRANT belofte_crm_for_books TO four"):  # fmt: skip
            crm.execute(statement.replace("t_.*", f"`{maria_shop.database[:-1]}_`.*"))
    found = {one.name: one for one in maria_shop.plan().stores[0].readers}
    assert found["root@localhost"].superuser
    assert (found["one@%"].superuser, found["one@%"].tables) == (False, (f"{maria_shop.database[:-1]}_.*",))
    assert found["two@%"].tables == ("contact.name",)
    assert found["three@%"].tables == ("belofte_crm.*",)
    assert found["four@%"].through == ("belofte_crm_for_books",)
    with maria_shop.crm() as crm:
        crm.execute("DROP USER one, two, three, four")
        crm.execute("DROP ROLE wide")


def test_the_company_changes_its_tables_between_detach_and_attach(maria_shop: MariaShop) -> None:
    maria_shop.apply()
    with maria_shop.desk() as desk:
        assert applying.detach(desk, desk.open("crm", read_only=False)) == 6
    with pytest.raises(pymysql.MySQLError):
        maria_shop.sees("service", "contact")
    with maria_shop.crm() as crm:
        crm.execute("ALTER TABLE contact DROP COLUMN shoe_size")
    with maria_shop.desk() as desk:
        applying.attach(desk, desk.open("crm", read_only=False))
    assert len(maria_shop.sees("service", "contact")) == 3
    assert maria_shop.plan().empty


def test_a_store_that_is_not_enforced_any_more_keeps_nothing(maria_shop: MariaShop) -> None:
    maria_shop.apply()
    maria_shop.map["mode"] = "act"
    plan = maria_shop.plan(counting=True)
    assert {change.action for change in plan.stores[0].changes} == {"drop"}
    maria_shop.apply(plan)
    assert maria_shop.plan().empty
    with maria_shop.crm() as crm:
        assert crm.many("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'for%'") == []
        assert crm.many("SELECT user FROM mysql.user WHERE user LIKE 'belofte%'") == []


SETTINGS = (
    "SESSION timestamp = 1000000000", "SESSION timestamp = 2000000000", "time_zone = '-12:00'",
    "time_zone = '+13:00'",
    "sql_mode = 'PAD_CHAR_TO_FULL_LENGTH'", "sql_mode = 'ORACLE,EMPTY_STRING_IS_NULL'", "sql_mode = 'ANSI_QUOTES'",
    "sql_mode = 'HIGH_NOT_PRECEDENCE,NO_BACKSLASH_ESCAPES'", "max_recursive_iterations = 0", "sql_select_limit = 1",
    "system_versioning_asof = '2001-01-01'", "collation_connection = 'latin1_swedish_ci'", "NAMES latin1",
    "optimizer_switch = 'derived_merge=on,condition_pushdown_for_derived=on'", "old_mode = 'ZERO_DATE_TIME_CAST'",
)  # fmt: skip


def test_no_setting_of_a_session_shows_more(settled: MariaShop) -> None:
    plain = shown(settled)
    assert {table: {row[0] for row in rows} for table, rows in plain.items()} == {
        "contact": {2}, "folder": {32}, "company": {2}, "orders": {10, 12}
    }  # fmt: skip
    for setting in SETTINGS:
        found = shown(settled, setting)
        assert all({row[0] for row in found[table]} <= {row[0] for row in plain[table]} for table in plain), setting
        if "timestamp" in setting or "time_zone" in setting or "switch" in setting:
            assert {table: len(rows) for table, rows in found.items()} == {t: len(rows) for t, rows in plain.items()}


def shown(shop: MariaShop, setting: str = "") -> dict[str, list[tuple[object, ...]]]:
    """What readers see of each table in a session with a setting, which is left as it was set."""
    found = {}
    for purpose, tables in (("everything", ("contact", "folder", "company")), ("recent", ("orders",))):
        with shop.reader(purpose) as reader:
            if setting:
                reader.execute(f"SET {setting}")
            zone = reader.many("SELECT @@time_zone")
            for table in tables:
                found[table] = reader.many(f"SELECT id FROM {shop.schema(purpose)}.{table}")  # noqa: S608
            assert reader.many("SELECT @@time_zone") == zone
    return found


@pytest.fixture
def settled(maria_shop: MariaShop, monkeypatch: pytest.MonkeyPatch) -> MariaShop:
    """The shop by its server's own clock, where alice and charlie, a sole trader too, objected to one purpose.

    Folder 31 is bob's and, through the one above it, alice's; order 11 is an hour older than a year.
    """
    shop = maria_shop
    monkeypatch.setattr(applying, "FROZEN", None)
    shop.now = datetime.now(UTC)
    with shop.crm() as crm:
        crm.execute("ALTER TABLE orders ADD COLUMN at TIMESTAMP NULL")
        crm.execute("UPDATE orders SET at = utc_timestamp() - INTERVAL 8000 HOUR")
        crm.execute("UPDATE orders SET at = utc_timestamp() - INTERVAL 1 YEAR - INTERVAL 30 HOUR WHERE id = 11")
        crm.execute("CREATE TABLE folder (id INT PRIMARY KEY, above INT, contact_id INT, title VARCHAR(40), "
                    "FOREIGN KEY (above) REFERENCES folder (id))")  # fmt: skip
        crm.execute("INSERT INTO folder VALUES (30, NULL, 1, 'hers'), (31, 30, 2, 'and his'), (32, NULL, 2, 'his')")
        crm.execute("CREATE TABLE company (id INT PRIMARY KEY, form CHAR(8), name VARCHAR(40), email VARCHAR(60))")
        crm.execute(
            "INSERT INTO company VALUES (1, 'EZ', 'Charlie', 'charlie@example.com'), (2, 'BV', 'Ltd', 'a@b.be')"
        )
    shop.map["tables"]["orders"] |= {"facts": {"placed": "at"}}
    shop.map["tables"] |= {
        "folder": {"about": {"above": "folder", "contact_id": "customer"}, "columns": {"title": "dealings.text"}},
        "company": {"columns": {"name": "identity.name", "email": "identity.email"}},
    }
    shop.map["people"]["trader"] = {
        "table": "company", "key": "id", "is": "customer", "where": "form = 'EZ'", "identifiers": {"email": "email"},
    }  # fmt: skip
    shop.map["organisations"] = {"company": {"table": "company", "key": "id", "where": "form <> 'EZ'"}}
    basis = {"basis": "legitimate-interest", "title": "E"}
    shop.policy["purposes"]["everything"] = {**basis, "uses": ["identity", "dealings"]}
    shop.policy["purposes"]["recent"] = {
        **basis, "uses": ["dealings.order"], "keep": "P1Y", "after": "orders.placed",
    }  # fmt: skip
    shop.apply()
    shop.choose("alice", Kind.OBJECTION_MADE, "everything")
    shop.choose("charlie", Kind.OBJECTION_MADE, "everything")
    return shop


def test_a_table_that_keeps_its_history_is_not_bound(maria_shop: MariaShop) -> None:
    with maria_shop.crm() as crm:
        crm.execute("CREATE TABLE kept (id INT) WITH SYSTEM VERSIONING")
    plan = maria_shop.plan()
    assert plan.stores == ()
    assert plan.silent["crm"].startswith("`kept` keeps its history")


def test_a_link_that_differs_in_case_from_its_person_is_hers_all_the_same(maria_shop: MariaShop) -> None:
    with maria_shop.crm() as crm:
        crm.execute("CREATE TABLE member (code CHAR(8) PRIMARY KEY, name VARCHAR(40), email VARCHAR(60)) "
                    "CHARSET latin1 COLLATE latin1_swedish_ci")  # fmt: skip
        crm.execute("CREATE TABLE visit (id INT PRIMARY KEY, code CHAR(8), what VARCHAR(40), FOREIGN KEY (code) "
                    "REFERENCES member (code)) CHARSET latin1 COLLATE latin1_swedish_ci")  # fmt: skip
        crm.execute("INSERT INTO member VALUES ('al', 'Alice', 'alice@example.com'), ('bo', 'Bob', 'bob@example.com')")
        crm.execute("INSERT INTO visit VALUES (1, 'AL', 'swim'), (2, 'Bo', 'run')")
    maria_shop.map["people"]["member"] = {
        "table": "member", "key": "code", "is": "customer", "identifiers": {"email": "email"},
    }  # fmt: skip
    maria_shop.map["tables"] |= {
        "member": {"columns": {"name": "identity.name", "email": "identity.email"}},
        "visit": {"columns": {"what": "dealings.text"}},
    }
    maria_shop.apply()
    assert maria_shop.sees("service", "visit", "id") == [(1,), (2,)]
    maria_shop.choose("alice", Kind.OBJECTION_MADE, "service")
    assert maria_shop.sees("service", "visit", "id") == [(2,)]
    assert maria_shop.sees("service", "member", "code") == [("bo",)]

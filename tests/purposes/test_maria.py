"""What binding readers is on MariaDB alone: plans, drift, the clock, and what a reader may try to see past its view.

bob alone consented: alice and charlie must show nowhere. What cannot be closed is in docs/security.md.
"""

from __future__ import annotations

from collections.abc import Iterator

import pymysql
import pytest
from tests.purposes.maria import MariaShop, Reading

from belofte.choices.events import Kind
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


@pytest.fixture
def marketer(maria_shop: MariaShop) -> Iterator[Reading]:
    """A connection for mailing, to whom bob alone consented."""
    maria_shop.apply()
    maria_shop.choose("bob", Kind.CONSENT_GIVEN, "mailing")
    maria_shop.refresh()
    with maria_shop.reader("mailing") as reading:
        yield reading

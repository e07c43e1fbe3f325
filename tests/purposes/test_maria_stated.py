"""A purpose stated on MariaDB: who, from where, when and why is the server's word, whatever the session sets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pymysql
import pytest
from tests.purposes.maria import MariaShop, Reading
from tests.purposes.shop import NOW

from belofte.purposes import applying
from belofte.purposes.stating import Statement, collect, since

STATE = "CALL for_crm_service.state_purpose(%s)"


@pytest.fixture
def anna(maria_shop: MariaShop) -> Iterator[Reading]:
    """The connection of an account that reads for two purposes, by a role of the company's own."""
    maria_shop.apply()
    with maria_shop.crm() as crm:
        crm.execute("CREATE USER `a@n`")
        crm.execute("CREATE ROLE staff")
        for role in ("belofte_crm_for_service", "belofte_crm_for_books"):
            crm.execute(f"GRANT {role} TO staff")
            crm.execute(f"GRANT {role} TO `a@n`")
        crm.execute("GRANT staff TO `a@n`")
        crm.execute("SET DEFAULT ROLE staff FOR `a@n`")
    with maria_shop.connected("a@n") as reading:
        yield reading
    with maria_shop.crm() as crm:
        crm.execute("DROP USER `a@n`")
        crm.execute("DROP ROLE staff")


def collected(shop: MariaShop) -> list[Statement]:
    with shop.desk() as desk:
        collect(desk)
        return since(desk, datetime(2020, 1, 1, tzinfo=UTC))


def test_who_states_a_purpose_reads_for_it_alone_and_is_written_down(maria_shop: MariaShop, anna: Reading) -> None:
    assert len(anna.many("SELECT * FROM for_crm_books.orders")) == 2
    anna.execute(STATE, ["ticket 12"])
    assert len(anna.many("SELECT * FROM for_crm_service.contact")) == 3
    with pytest.raises(pymysql.MySQLError):
        anna.many("SELECT * FROM for_crm_books.orders")
    with maria_shop.desk() as desk:
        assert collect(desk) == (1, {})
        assert collect(desk) == (0, {})
    (one,) = collected(maria_shop)
    assert (one.account, one.client, one.purpose, one.reason) == ("a@n", "localhost", "service", "ticket 12")
    assert maria_shop.plan().empty
    with maria_shop.crm() as crm:  # what is kept here is let go of there
        assert crm.many("SELECT id FROM belofte_crm.stated") == []


def test_nothing_that_a_session_does_forges_or_takes_back_what_it_stated(maria_shop: MariaShop, anna: Reading) -> None:
    for setting in ("SESSION timestamp = 1000000000", "time_zone = '-12:00'", "sql_mode = ''", "autocommit = 0",
                    "check_constraint_checks = 0", "insert_id = 9223372036854775807"):  # fmt: skip
        anna.execute(f"SET {setting}")
    anna.execute(STATE, ["a"])
    anna.execute("ROLLBACK")
    anna.execute("SET insert_id = 9223372036854775807")
    anna.execute(STATE, ["b"])
    found = collected(maria_shop)
    assert [(one.reason, one.stated_at) for one in found] == [("a", NOW), ("b", NOW)]  # the store's clock stands still
    for query in ("INSERT INTO belofte_crm.stated (purpose) VALUES ('books')", "SELECT * FROM belofte_crm.stated",
                  "DELETE FROM belofte_crm.stated", "UPDATE belofte_crm.stated SET reason = ''",
                  "CALL for_crm_mailing.note_purpose('x')", "DROP PROCEDURE for_crm_service.state_purpose",
                  "CREATE OR REPLACE PROCEDURE for_crm_service.note_purpose(reason TEXT) SELECT 1"):  # fmt: skip
        with pytest.raises(pymysql.MySQLError):
            anna.execute(query)


def test_what_cannot_be_written_down_leaves_the_session_no_role(maria_shop: MariaShop, anna: Reading) -> None:
    for reason in (" ", None, "x" * 501):
        anna.execute("SET ROLE staff")
        with pytest.raises(pymysql.MySQLError, match="say why you read"):
            anna.execute(STATE, [reason])
        assert anna.many("SELECT current_role()") == [(None,)]
    anna.execute("SET ROLE staff")
    anna.execute("START TRANSACTION READ ONLY")
    with pytest.raises(pymysql.MySQLError):
        anna.execute(STATE, ["x"])
    anna.execute("ROLLBACK")
    with pytest.raises(pymysql.MySQLError):
        anna.many("SELECT * FROM for_crm_service.contact")


def test_a_procedure_that_somebody_changed_is_shown_and_mended(maria_shop: MariaShop, anna: Reading) -> None:
    with maria_shop.crm() as crm:
        crm.execute("CREATE OR REPLACE PROCEDURE for_crm_service.note_purpose(reason TEXT) SELECT 1")
        crm.execute("CREATE PROCEDURE for_crm_books.leak() SELECT * FROM contact")
        crm.execute("GRANT SELECT (shoe_size) ON contact TO belofte_crm_views")
        crm.execute("ALTER TABLE belofte_crm.stated ENGINE InnoDB")
    plan = maria_shop.plan().stores[0]
    assert {change.item for change in plan.drift} >= {
        "function for_crm_service.note_purpose", "role belofte_crm_views", "relation belofte_crm.stated",
    }  # fmt: skip
    assert plan.strangers == ("function for_crm_books.leak",)
    with maria_shop.crm() as crm:
        crm.execute("DROP PROCEDURE for_crm_books.leak")
    maria_shop.apply()
    assert maria_shop.plan().empty
    anna.execute(STATE, ["again"])
    with maria_shop.desk() as desk:
        opened = desk.open("crm", read_only=False)
        applying.detach(desk, opened)
        applying.attach(desk, opened)
    anna.execute("CALL for_crm_service.state_purpose('and again')")
    assert [one.reason for one in collected(maria_shop)] == ["again", "and again"]

"""Who applies is no superuser: an account that owns the tables and may make roles, as the how-to says, and no more."""

from __future__ import annotations

import pytest
from psycopg import sql
from tests.purposes.shop import Shop

from belofte.choices.events import Kind
from belofte.purposes import applying


@pytest.fixture
def owned(shop: Shop) -> Shop:
    """The shop, whose tables belong to the account of its address."""
    with shop.crm() as crm:
        crm.execute("CREATE ROLE reader_owner LOGIN CREATEROLE")
        crm.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO reader_owner").format(sql.Identifier(crm.info.dbname)))
        crm.execute("GRANT CREATE ON SCHEMA public TO reader_owner")
        for table in ("contact", "orders", "message"):
            crm.execute(sql.SQL("ALTER TABLE {} OWNER TO reader_owner").format(sql.Identifier(table)))
    shop.url = shop.url.replace("postgres@", "reader_owner@")
    return shop


def test_whoever_owns_the_tables_binds_makes_room_takes_back_and_steps_back(owned: Shop) -> None:
    owned.apply()
    owned.choose("bob", Kind.CONSENT_GIVEN, "mailing")
    owned.refresh()
    with owned.desk() as desk:
        applying.detach(desk, desk.open("crm", read_only=False))
        applying.attach(desk, desk.open("crm", read_only=False))
    assert owned.plan().empty
    assert owned.sees("mailing", "contact", "name") == [("Bob",)]

    with owned.crm() as crm:
        crm.execute("ALTER ROLE belofte_crm_for_mailing LOGIN; GRANT SELECT ON contact TO belofte_crm_for_mailing")
    assert [change.item for change in owned.plan().stores[0].drift] == ["role belofte_crm_for_mailing"]
    owned.apply()
    assert owned.plan().empty

    owned.map["mode"] = "act"
    owned.apply()
    assert owned.plan().empty
    with owned.crm() as crm:
        assert crm.execute("SELECT rolname FROM pg_roles WHERE rolname ~ '^belofte_'").fetchall() == []

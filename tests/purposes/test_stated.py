"""A purpose stated on connection: who, when and why is the store's word, and only ever added to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import CheckViolation, InsufficientPrivilege
from tests.purposes.shop import Shop
from tests.purposes.test_verbs import Typed

from belofte.purposes import stating
from belofte.purposes.stating import collect, since
from belofte.stores import postgres_stated
from belofte.stores.session import Failed


@pytest.fixture
def anna(shop: Shop) -> Iterator[psycopg.Connection[Any]]:
    """The connection of an account that reads for two purposes."""
    shop.apply()
    with shop.crm() as crm:
        crm.execute("CREATE ROLE reader_anna LOGIN")
        crm.execute("GRANT belofte_crm_for_service, belofte_crm_for_books TO reader_anna")
    with psycopg.connect(shop.dsn, user="reader_anna", autocommit=True) as reading:
        yield reading


def test_who_states_a_purpose_reads_for_it_alone_and_is_written_down(shop: Shop, anna: psycopg.Connection[Any]) -> None:
    anna.execute("SELECT for_service.state_purpose('ticket 12')")
    assert anna.execute("SELECT count(*) FROM for_service.contact").fetchone() == (3,)
    with pytest.raises(InsufficientPrivilege):
        anna.execute("SELECT * FROM for_books.orders")
    anna.execute("RESET ROLE; SELECT for_books.state_purpose('closing the year')")
    with shop.desk() as desk:
        assert collect(desk) == (2, {})
        assert collect(desk) == (0, {})
        found = since(desk, desk.clock().replace(year=2020))
    told = [(one.store, one.account, one.purpose, one.reason) for one in found]
    assert told == [
        ("crm", "reader_anna", "service", "ticket 12"), ("crm", "reader_anna", "books", "closing the year"),
    ]  # fmt: skip
    assert shop.plan().empty
    with shop.crm() as crm:  # what is kept here is let go of there
        assert crm.execute("SELECT count(*) FROM belofte.stated").fetchone() == (0,)


def test_what_was_kept_and_could_not_be_let_go_of_is_kept_once(
    shop: Shop, anna: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.execute("SELECT for_service.state_purpose('ticket 12')")
    monkeypatch.setattr(stating, "AT_ONCE", 1)
    with shop.desk() as desk:
        with monkeypatch.context() as broken:
            broken.setattr(postgres_stated, "let_go", failing)
            assert collect(desk)[1].keys() == {"crm"}
        anna.execute("RESET ROLE; SELECT for_service.state_purpose('ticket 13')")
        assert collect(desk) == (1, {})
        assert [one.reason for one in since(desk, desk.clock().replace(year=2020))] == ["ticket 12", "ticket 13"]


def failing(*_: object) -> None:
    raise Failed("crm", "the connection was closed by the server")


@pytest.mark.parametrize("query", [
    "INSERT INTO belofte.stated (account, purpose, reason) VALUES ('bert', 'books', 'x')",
    "INSERT INTO belofte.stated (purpose, reason) VALUES ('mailing', 'x')", "SELECT * FROM belofte.stated",
    "DELETE FROM belofte.stated", "UPDATE belofte.stated SET reason = 'y'", "TRUNCATE belofte.stated",
    "SELECT for_mailing.state_purpose('mine')", "DROP FUNCTION for_service.state_purpose(text)",
    "CREATE OR REPLACE FUNCTION for_service.state_purpose(reason text) RETURNS void LANGUAGE sql AS ''",
])  # fmt: skip
def test_nothing_of_the_log_can_be_read_forged_or_changed(anna: psycopg.Connection[Any], query: str) -> None:
    anna.execute("SELECT for_service.state_purpose('ticket 12')")
    anna.execute("RESET ROLE")
    with pytest.raises(InsufficientPrivilege):
        anna.execute(sql.SQL(query))  # type: ignore[arg-type]


def test_a_purpose_without_a_reason_is_not_stated(shop: Shop, anna: psycopg.Connection[Any]) -> None:
    for empty in ("' '", "''", "repeat('x', 501)"):
        with pytest.raises(CheckViolation):
            anna.execute(f"SELECT for_service.state_purpose({empty})")
    assert anna.execute("SELECT current_user").fetchone() == ("reader_anna",)


def test_a_function_that_somebody_changed_is_shown_and_mended(shop: Shop, anna: psycopg.Connection[Any]) -> None:
    with shop.crm() as crm:
        crm.execute("CREATE OR REPLACE FUNCTION for_service.state_purpose(reason text) RETURNS void LANGUAGE sql AS ''")
        crm.execute("CREATE FUNCTION for_books.leak() RETURNS text LANGUAGE sql AS 'SELECT 1::text'")
    plan = shop.plan().stores[0]
    assert [(one.item, one.action) for one in plan.changes] == [("function for_service.state_purpose", "restore")]
    assert plan.strangers == ("function for_books.leak",)
    with shop.crm() as crm:
        crm.execute("DROP FUNCTION for_books.leak")
    shop.apply()
    assert shop.plan().empty
    anna.execute("SELECT for_service.state_purpose('again')")


def test_the_verb_shows_who_when_and_why(
    shop: Shop, anna: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.execute("SELECT for_books.state_purpose('audit')")
    belofte = Typed(shop, monkeypatch)
    code, said = belofte("stated")
    assert (code, "1 purposes stated, 1 of them new" in said, "audit" in said) == (0, True, True)
    assert belofte("stated", "--since", "yesterday")[0] == 3

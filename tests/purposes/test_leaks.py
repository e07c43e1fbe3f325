"""What a reader may try to see past its view on PostgreSQL, each tried as the purpose's role.

bob alone consented: alice and charlie must show nowhere. What cannot be closed is in the how-to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from tests.purposes.shop import Shop

from belofte.choices.events import Kind
from belofte.purposes import applying
from belofte.purposes.applying import Refused

Reading = psycopg.Connection[Any]


@pytest.fixture
def marketer(shop: Shop) -> Iterator[Reading]:
    """A connection for mailing, to whom bob alone consented."""
    with shop.crm() as crm:
        crm.execute("CREATE SEQUENCE number; SELECT nextval('number'); SELECT lo_from_bytea(4711, 'alice')")
        crm.execute("ANALYZE")
    shop.apply()
    shop.choose("bob", Kind.CONSENT_GIVEN, "mailing")
    shop.refresh()
    with shop.reader("mailing") as reading:
        yield reading


def refusal(marketer: Reading, query: str) -> str | None:
    """What the server says when it refuses a query; None when it answers."""
    try:
        marketer.execute(query)
    except psycopg.Error as error:
        return str(error)
    return None


def test_a_function_of_the_reader_sees_no_other_row(marketer: Reading) -> None:
    said: list[str] = []
    marketer.add_notice_handler(lambda notice: said.append(notice.message_primary or ""))
    marketer.execute(
        "CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS "
        "$$ BEGIN RAISE NOTICE 'saw %', $1; RETURN true; END $$"
    )
    marketer.execute("SELECT * FROM for_mailing.contact WHERE pg_temp.tell(name) AND pg_temp.tell(email)")
    marketer.execute("SELECT count(*) FROM for_mailing.contact a JOIN for_mailing.contact b ON pg_temp.tell(a.name)")
    assert set(said) == {"saw Bob", "saw bob@example.com"}


@pytest.mark.parametrize("condition", ["name::integer > 0", "email::date > now()", "1 / (id - 1) > 0", "id / 0 > 1"])
def test_an_error_names_no_other_row(marketer: Reading, condition: str) -> None:
    said = refusal(marketer, f"SELECT * FROM for_mailing.contact WHERE {condition}")  # noqa: S608
    assert "lice" not in (said or "")
    assert "harlie" not in (said or "")


def test_an_error_that_a_hidden_row_would_raise_is_not_raised(marketer: Reading) -> None:
    assert marketer.execute("SELECT count(*) FROM for_mailing.contact WHERE 1 / (id - 1) >= 0").fetchone() == (1,)


@pytest.mark.parametrize("query", [
    "SELECT * FROM pg_stats WHERE tablename IN ('contact', 'orders', 'message', 'allowed_customer')",
    "SELECT * FROM pg_stats_ext",
    "SELECT * FROM pg_stats WHERE schemaname NOT LIKE 'pg!_%' ESCAPE '!' AND schemaname <> 'information_schema'",
])  # fmt: skip
def test_statistics_show_no_value(marketer: Reading, query: str) -> None:
    assert marketer.execute(query).fetchall() == []


@pytest.mark.parametrize("query", [
    "SELECT * FROM public.contact", "SELECT name FROM public.contact", "SELECT count(*) FROM public.contact",
    "TABLE public.orders", "SELECT * FROM belofte.allowed_customer", "SELECT * FROM belofte.slot",
    "SELECT * FROM for_service.contact", "SELECT * FROM pg_statistic", "SELECT last_value FROM public.number",
    "SELECT nextval('public.number')", "SELECT lo_get(4711)", "SELECT * FROM pg_largeobject",
    "COPY public.contact TO STDOUT", "COPY (SELECT * FROM public.contact) TO STDOUT",
    "COPY for_mailing.contact FROM STDIN", "COPY (SELECT 1) TO '/tmp/out'", "SELECT pg_read_file('/etc/passwd')",
    "SET ROLE postgres", "SET ROLE belofte_crm_views", "SET ROLE belofte_crm_for_service",
    "SET SESSION AUTHORIZATION postgres", "CREATE TABLE for_mailing.mine (id integer)",
    "CREATE FUNCTION belofte.today() RETURNS date LANGUAGE sql AS 'SELECT current_date'",
    "CREATE TEMP TABLE mine (id integer REFERENCES public.contact (id))", "LOCK TABLE public.contact",
    "CREATE INDEX ON public.contact (name)", "CREATE TRIGGER t AFTER INSERT ON public.contact EXECUTE FUNCTION x()",
    "GRANT belofte_crm_for_service TO reader_mailing", "ALTER VIEW for_mailing.contact RESET (security_barrier)",
    "ALTER VIEW for_mailing.contact OWNER TO reader_mailing", "DROP VIEW for_mailing.contact",
    "SELECT * FROM for_mailing.contact FOR UPDATE", "CREATE POLICY p ON public.contact",
    "SELECT * FROM for_mailing.contact TABLESAMPLE system (100)", "TRUNCATE public.contact",
])  # fmt: skip
def test_what_is_not_the_purposes_is_refused(marketer: Reading, query: str) -> None:
    said = refusal(marketer, query)
    assert said is not None
    assert "lice" not in said


def test_the_search_path_and_shadows_change_nothing(marketer: Reading) -> None:
    marketer.execute("SET search_path TO pg_temp, public, belofte")
    marketer.execute("CREATE TEMP TABLE contact (id integer, name text, email text)")
    marketer.execute("CREATE TEMP TABLE allowed_customer (slot integer, k0 integer, consent boolean)")
    marketer.execute("CREATE FUNCTION pg_temp.today() RETURNS date LANGUAGE sql AS 'SELECT date ''1999-01-01'''")
    marketer.execute(
        "CREATE FUNCTION pg_temp.hashtextextended(text, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 1::int8'"
    )
    marketer.execute("SET search_path TO pg_temp, pg_catalog")
    assert marketer.execute("SELECT name FROM for_mailing.contact").fetchall() == [("Bob",)]


def test_a_view_of_the_readers_own_shows_no_more(marketer: Reading) -> None:
    marketer.execute("CREATE TEMP VIEW mine AS SELECT * FROM for_mailing.contact")
    assert marketer.execute("SELECT name FROM mine").fetchall() == [("Bob",)]
    with pytest.raises(InsufficientPrivilege):
        marketer.execute("CREATE TEMP VIEW other AS SELECT * FROM public.contact; SELECT * FROM other")


@pytest.mark.parametrize("column", ["ctid", "xmin", "tableoid", "shoe_size"])
def test_a_view_has_no_columns_of_the_table_beneath(marketer: Reading, column: str) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn):
        marketer.execute(f"SELECT {column} FROM for_mailing.contact")  # noqa: S608


def test_a_copy_of_the_view_holds_what_the_view_shows(marketer: Reading) -> None:
    with marketer.cursor().copy("COPY (SELECT * FROM for_mailing.contact) TO STDOUT") as out:
        assert b"".join(bytes(part) for part in out) == b"2\tBob\tbob@example.com\n"


def test_no_lock_of_a_reader_keeps_a_withdrawal_out(shop: Shop) -> None:
    shop.apply()
    shop.choose("bob", Kind.CONSENT_GIVEN, "mailing")
    shop.refresh()
    with shop.crm() as crm:
        crm.execute("ALTER ROLE postgres SET lock_timeout = '2s'")
    try:
        with shop.reader("mailing") as reading, reading.transaction():
            assert reading.execute("SELECT name FROM for_mailing.contact").fetchall() == [("Bob",)]
            for word in ("bela", "belf", "belo"):  # what `pg_locks` shows to everybody while somebody tells or applies
                reading.execute("SELECT pg_advisory_lock(%s)", [int.from_bytes(word.encode(), "big")])
            with shop.desk() as desk, pytest.raises(Refused, match=r"\(account `reader_mailing`\) changes what stands"):
                applying.detach(desk, desk.open("crm", read_only=False))
            assert not shop.choose("bob", Kind.CONSENT_WITHDRAWN, "mailing").silent
            assert reading.execute("SELECT name FROM for_mailing.contact").fetchall() == []
    finally:
        with shop.crm() as crm:
            crm.execute("ALTER ROLE postgres RESET lock_timeout")


def test_no_setting_moves_the_stores_clock(shop: Shop) -> None:
    shop.apply()
    with shop.reader("books") as reading:
        before = reading.execute("SELECT id FROM for_books.orders").fetchall()
        reading.execute("SET TimeZone TO 'Pacific/Kiritimati'")
        reading.execute("SET DateStyle TO 'German'")
        assert reading.execute("SELECT id FROM for_books.orders").fetchall() == before


def test_names_and_estimates_are_what_stays_visible(marketer: Reading) -> None:
    """What PostgreSQL shows to everybody, and the how-to says so: names of tables and columns, and row estimates."""
    assert marketer.execute("SELECT 1 FROM pg_class WHERE relname = 'contact'").fetchall()
    plan = marketer.execute("EXPLAIN SELECT * FROM for_mailing.contact").fetchall()
    assert not any("lice" in line for (line,) in plan)

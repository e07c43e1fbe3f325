"""What a purpose sees masked: in which form, and that no reader comes to the key or to the value behind it."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import psycopg
import pytest
from pyarrow.parquet import read_table
from tests.purposes.shop import Shop

from belofte.database.key import company_key
from belofte.purposes.extracting import extract

MASKED = {"identity.email": "pseudonym", "identity.name": {"generalise": 1}, "dealings.order": "redact"}


@pytest.fixture
def masked(shop: Shop) -> Shop:
    """A shop in which two purposes count: they see initials and pseudonyms."""
    for name in ("figures", "trends"):
        shop.policy["purposes"][name] = {
            "title": name, "basis": "legitimate-interest", "uses": ["identity", "dealings.order"], "masked": MASKED,
        }  # fmt: skip
    shop.map["tables"]["contact"]["columns"]["id"] = "identity.email"
    shop.apply()
    return shop


def pseudonym(shop: Shop, purpose: str, value: object) -> str:
    """What a purpose sees in place of a value, by Python's own HMAC."""
    key = company_key(shop.folder, {}).masking(purpose)
    return "p-" + hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()[:32]


def test_a_purpose_sees_initials_and_pseudonyms_of_its_own(masked: Shop) -> None:
    seen = {purpose: masked.sees(purpose, "contact") for purpose in ("figures", "trends")}
    for purpose, rows in seen.items():
        assert (pseudonym(masked, purpose, 1), "A", pseudonym(masked, purpose, "Alice@example.com")) in rows
        assert {row[1] for row in rows} == {"A", "B", "C"}
    values = [{value for row in rows for value in (row[0], row[2])} for rows in seen.values()]
    assert values[0] & values[1] == set()
    assert masked.sees("figures", "orders", "what") == [("[masked]",)] * 3
    assert ("Alice",) in masked.sees("service", "contact", "name")


def test_a_column_that_links_by_what_is_masked_is_not_there(masked: Shop) -> None:
    assert {row[1] for row in masked.sees("service", "orders")} == {1, 2, 3}
    with pytest.raises(psycopg.errors.UndefinedColumn):
        masked.sees("figures", "orders", "contact_id")


def test_no_reader_comes_to_the_key(masked: Shop) -> None:
    key = company_key(masked.folder, {}).masking("figures")
    halves = [bytes(byte ^ pad for byte in key.ljust(64, b"\0")).hex() for pad in (0x36, 0x5C)]
    with masked.reader("figures") as reading:
        for table in ("pseudonym_key", "made", "journal"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reading.execute(f"SELECT * FROM belofte.{table}")  # noqa: S608
        told = reading.execute("SELECT definition FROM pg_views WHERE schemaname LIKE 'for!_%' ESCAPE '!'").fetchall()
        told += reading.execute("EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM for_figures.contact").fetchall()
        told += reading.execute("SELECT pg_get_viewdef('for_figures.contact'::regclass)").fetchall()
        assert reading.execute("SELECT * FROM pg_stats WHERE tablename = 'pseudonym_key'").fetchall() == []
        assert reading.execute("SELECT 1 FROM for_figures.contact WHERE email ILIKE '%alice%'").fetchall() == []
        assert raised(reading, "SELECT email::integer FROM for_figures.contact").count("alice") == 0
        functions = reading.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname = 'belofte' AND has_schema_privilege(n.oid, 'USAGE')"
        ).fetchall()
    assert functions == []
    with masked.crm() as crm:
        told += crm.execute("SELECT make || drop FROM belofte.made").fetchall()
        told += crm.execute("SELECT said FROM belofte.journal").fetchall()
    told.append((masked.plan().text(),))
    whole = json.dumps(told, default=str)
    assert "for_figures" in whole or "contact" in whole
    assert not any(half in whole for half in (key.hex(), *halves))


def raised(reading: psycopg.Connection[Any], query: str) -> str:
    """What a query's error says."""
    with pytest.raises(psycopg.Error) as found:
        reading.execute(query)
    return str(found.value).lower()


def test_without_its_key_a_purpose_sees_no_pseudonym_and_no_value(masked: Shop) -> None:
    with masked.crm() as crm:
        crm.execute("DELETE FROM belofte.pseudonym_key")
    assert masked.sees("figures", "contact", "id", "email") == [(None, None)] * 3
    masked.refresh()
    assert None not in masked.sees("figures", "contact", "id", "email")[0]


def test_an_extract_shows_the_same_pseudonyms_as_the_view(masked: Shop) -> None:
    file = masked.folder / "out.parquet"
    masked.policy["recipients"]["analyst"] = {
        "title": "A", "role": "processor", "receives": ["identity"], "purposes": ["figures"],
    }  # fmt: skip
    with masked.desk() as desk:
        extract(desk, desk.open("crm"), "figures", "contact", file, "analyst")
    rows = [tuple(row.values()) for row in read_table(file).to_pylist()]
    assert sorted(rows, key=repr) == masked.sees("figures", "contact")

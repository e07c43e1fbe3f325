"""The generated company: it builds on each database, holds together, and every table of it is in a map."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest
from examples.alsico import company
from sqlalchemy import Engine, MetaData, Table, create_engine, func, select, text
from tests.examples.folders import EXAMPLES, maps, policy

from belofte.datamap.check import map_findings
from belofte.datamap.identity import normalise
from belofte.datamap.model import DataMap
from belofte.stores.reflect import reflect

PEOPLE = 200
NEEDS_SERVERS = pytest.mark.parametrize("shop", ["mariadb", "sqlite"])


@pytest.fixture
def built(shop, postgres, request) -> Iterator[tuple[Engine, Engine]]:
    """The company of 200 contacts: the engines of its customer database and of its shop."""
    crm_url, shop_url = postgres(), request.getfixturevalue(shop)()
    company.build(crm_url, shop_url, PEOPLE)
    engines = create_engine(crm_url), create_engine(shop_url)
    yield engines
    for engine in engines:
        engine.dispose()


def table(engine: Engine, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=engine)


def count(engine: Engine, name: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table(engine, name))) or 0


def loose_ends(engine: Engine) -> list[str]:
    """Return the foreign keys that point at rows which are not there."""
    found = []
    for info in reflect(engine).tables.values():
        for key in info.foreign_keys:
            child, parent = table(engine, info.name).alias("child"), table(engine, key.parent).alias("parent")
            column, target = child.c[key.columns[0]], parent.c[key.parent_columns[0]]
            query = select(func.count()).select_from(child.outerjoin(parent, column == target))
            with engine.connect() as connection:
                if connection.scalar(query.where(column.is_not(None), target.is_(None))):
                    found.append(f"{info.name}.{key.columns[0]}")
    return found


@NEEDS_SERVERS
def test_company_builds_and_no_foreign_key_points_nowhere(built):
    crm, shop = built
    assert PEOPLE <= count(crm, "contact") <= PEOPLE + 10
    assert all(count(crm, name) for name in company.CRM)
    assert all(count(shop, name) for name in company.SHOP)
    assert loose_ends(crm) == loose_ends(shop) == []


@NEEDS_SERVERS
def test_every_table_is_mapped_and_every_map_is_sound(built):
    loaded = policy("alsico")
    found = maps("alsico", loaded)
    for store, engine in (("crm", built[0]), ("newsletter", built[1])):
        schema = reflect(engine)
        known: DataMap = found[store].map
        assert set(schema.tables) == {*known.tables, *known.ignore}
        bad = [f for f in map_findings(found[store], loaded.policy, schema) if f.severity != "note"]
        assert [(f.id, f.path) for f in bad] == []


@pytest.mark.parametrize("shop", ["sqlite"])
def test_heroine_is_in_both_databases_under_differently_written_addresses(built):
    crm, shop = built
    wanted = normalise("email", company.HEROINE["email"])
    with crm.connect() as one, shop.connect() as other:
        contact = table(crm, "contact")
        hers = [
            row for row in one.execute(select(contact)).mappings() if normalise("email", row["email"] or "") == wanted
        ]
        accounts = [row["email"] for row in other.execute(select(table(shop, "web_account"))).mappings()]
        invoice, note = table(crm, "invoice"), table(crm, "note")
        days = one.scalars(
            select(invoice.c.date).where(invoice.c.contact_id == hers[0]["id"]).order_by(invoice.c.date)
        ).all()
        elsewhere = one.scalars(select(note.c.text).where(note.c.contact_id != hers[0]["id"])).all()
    assert [row["last_name"] for row in hers] == ["Peeters-Dubois"]
    assert company.HEROINE["shop_email"] in accounts
    assert company.HEROINE["shop_email"] != hers[0]["email"]
    assert days[0].year < 2016 < 2020 < days[-1].year
    assert any(company.HEROINE["email"] in written for written in elsewhere)


@pytest.mark.parametrize("shop", ["sqlite"])
def test_dirt_is_there(built):
    with built[0].connect() as crm:
        shared = crm.scalar(
            text("select count(*) from (select email from contact group by email having count(*) > 1) x")
        )
        mixed = crm.scalar(text("select count(*) from contact where email <> lower(email)"))
        leavers = crm.scalar(text("select count(*) from company where status = 'ended' and ended_on < '2016-11-16'"))
        traders = crm.scalar(text("select count(*) from company where legal_form = 'EZ'"))
        mute = crm.scalar(text("select count(*) from contact where email is null"))
    assert all((shared, mixed, leavers, traders, mute))


def test_same_seed_gives_the_same_rows_and_another_seed_others():
    one, again, other = (list(company.Company(50, seed).batches()) for seed in (7, 7, 8))
    assert one == again != other


def test_numbers_are_the_kind_that_they_claim():
    made = list(company.Company(300, 7).batches())
    rows = [row for batch in made for row in batch["company"]]
    assert all(normalise("vat", row[4]) for row in rows)
    assert all(normalise("iban", row[10]) for row in rows if row[10])
    assert all(normalise("phone", row[8]) for row in rows)
    staff = [row for batch in made for row in batch.get("employee", ())]
    assert all(normalise("national_number", row[5]) for row in staff)


def test_no_value_needs_escaping_in_bulk_loads():
    for batch in company.Company(300, 7).batches():
        for rows in batch.values():
            assert not any(mark in str(value) for row in rows for value in row for mark in "\t\n\\")


def test_consents_are_written_with_what_proves_them(tmp_path):
    file = tmp_path / "consents.csv"
    wrote = company.write_consents(file, 300)
    with file.open(encoding="utf-8", newline="") as found:
        records = list(csv.DictReader(found))
    assert len(records) == wrote > 50
    assert list(records[0]) == ["kind", "value", "purpose", "channel", "at", "how", "notice", "language"]
    assert {"click", "pre-ticked", "continued-use"} <= {record["how"] for record in records}
    assert {record["notice"] for record in records} == {"notice-2018", "notice-2026"}
    assert any(record["value"] == company.HEROINE["email"] for record in records)


def test_consents_in_the_folder_are_those_of_the_company(tmp_path):
    company.write_consents(tmp_path / "consents.csv")
    assert (tmp_path / "consents.csv").read_bytes() == (EXAMPLES / "alsico" / "consents.csv").read_bytes()

"""Belofte keeps a policy of its own: what it keeps is mapped, has a term, and goes; the log stays proven."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import psycopg
import pytest
from tests.database.fixtures import conninfo, db, key, migrated
from tests.servers import Postgres

from belofte.choices.holds import hold_people, open_hold
from belofte.choices.policies import remember
from belofte.choices.subjects import Identifier, candidates, subjects_of
from belofte.cli.company import Company
from belofte.cli.init import run as init
from belofte.cli.request.records import LEFT_OUT, SHOWN
from belofte.database import requests
from belofte.database.key import CompanyKey
from belofte.database.open import Database, as_store
from belofte.datamap.check import map_findings
from belofte.evidence import seal
from belofte.evidence.fsck import fsck
from belofte.evidence.signing import KeyFile
from belofte.retention.forgetting import agreed, carry_out, forgettable
from belofte.retention.sweep import approve, prove, sweep
from belofte.rights.desk import Desk, StoreSpec

__all__ = ["db", "key", "migrated"]

ALSICO = Path(__file__).parents[2] / "examples" / "alsico" / "policy"
STATED = """
    INSERT INTO belofte.stated (store, number, account, client, purpose, reason, stated_at)
    SELECT 'crm', n, 'anna', '10.0.0.1', 'orders', 'ticket ' || n, now() - n * interval '1 day'
    FROM unnest(ARRAY[10, 200, 380, 1000]) n
"""


@pytest.fixture
def desk(tmp_path: Path, postgres_running: Postgres, db: Database, key: CompanyKey) -> Iterator[Desk]:
    """The desk of a company that told its staff at the beginning of 2020 what Belofte keeps of them."""
    shutil.copytree(ALSICO, tmp_path / "policy")
    who = tmp_path / "policy" / "who.yaml"
    who.write_text(who.read_text().replace("from: 2026-01-15", "from: 2020-01-15"))
    init(tmp_path, own=True)
    company = Company.at(tmp_path)
    url = as_store(conninfo(postgres_running, db.connection.info.dbname))
    specs = {name: StoreSpec(one.map, lambda: url, company.own(name)) for name, one in company.maps.items()}
    made = Desk(company.policy.policy, specs, db, key)
    remember(db, made.policy)
    yield made
    made.close()


def swept(desk: Desk) -> str:
    """Sweep what readers stated, the second person included; return how it ended."""
    first = sweep(desk, "belofte-statements", "alice")
    if first.run is not None and first.state == "waiting":
        approve(desk, first.run, "bob")
    return sweep(desk, "belofte-statements", "alice").state


def overdue(desk: Desk, store: str) -> list[tuple[str, str, int]]:
    """What nothing justifies in a store: table, element, rows."""
    found = prove(desk, store).found
    assert found is not None
    return sorted((one.table, one.element, one.rows) for one in found.data)


def test_the_maps_of_our_own_database_hold_against_its_schema(desk: Desk, tmp_path: Path) -> None:
    company = Company.at(tmp_path)
    for name, loaded in company.maps.items():
        schema = desk.open(name).graph.schema
        found = map_findings(loaded, company.policy.policy, schema, datetime.now(UTC).date())
        assert [(one.id, one.path) for one in found if one.severity != "note"] == []
        known = {*loaded.map.tables, *loaded.map.ignore}
        assert set(schema.tables) - known == set(), f"tables that stores/{name}.yaml does not name"


def test_every_column_that_names_somebody_is_mapped(desk: Desk) -> None:
    maps = [desk.specs[name].map for name in ("belofte", "belofte-statements")]
    names = re.compile(r"_by$|^(subject_id|account|approver|owner)$")
    for table, info in desk.open("belofte").graph.schema.tables.items():
        mapped = [one.tables[table] for one in maps if table in one.tables]
        for column in filter(names.search, info.columns):
            assert mapped, f"{table}.{column}"
            assert column == "subject_id" or any(column in one.columns for one in mapped), f"{table}.{column}"


def test_every_table_about_people_is_in_an_answer_to_access_or_has_its_reason(desk: Desk) -> None:
    graph = desk.open("belofte").graph
    reached = {table for table in graph.ours if any(one.entry == "asker" for one in graph.owners(table))}
    assert reached == SHOWN.keys() | LEFT_OUT.keys()
    assert not SHOWN.keys() & LEFT_OUT.keys()


def test_a_statement_goes_when_its_year_is_over_and_what_the_log_says_of_it(desk: Desk, db: Database) -> None:
    db.connection.execute(STATED)
    log = KeyFile(bytes(range(32)))
    seal.seal(db, log)
    assert swept(desk) == "done"
    assert db.connection.execute("SELECT number FROM belofte.stated ORDER BY 1").fetchall() == [(10,), (200,)]
    assert overdue(desk, "belofte-statements") == []
    seal.seal(db, log)
    erased = db.connection.execute("SELECT count(*) FROM belofte.act WHERE content IS NULL AND salt IS NULL")
    assert erased.fetchone() == (4,)  # each was recorded, and that it went
    said = db.connection.execute("SELECT content FROM belofte.act WHERE content LIKE '%purposes:statement%'").fetchall()
    assert len(said) == 2
    checked = fsck(db)
    assert (checked.findings, checked.erased) == ([], 4)


def test_a_statement_of_these_months_cannot_be_taken_away(db: Database) -> None:
    db.connection.execute(STATED)
    for change in ("DELETE FROM belofte.stated", "UPDATE belofte.stated SET account = 'b'", "TRUNCATE belofte.stated"):
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            db.connection.execute(change)
    db.connection.execute("RESET belofte.writer")
    db.connection.execute("DELETE FROM belofte.stated WHERE number = 200")
    assert ["past Belofte" in one.what for one in fsck(db).findings] == [True]


def test_who_is_known_by_nothing_that_is_kept_is_forgotten_by_two_people(desk: Desk, db: Database) -> None:
    names = ("alice", "bob", "charlie", "dora", "erik")
    known = subjects_of(db, desk.key, [[Identifier("email", f"{one}@example.com")] for one in names])
    alice, bob, charlie, dora, erik = (cast(UUID, one) for one in known)
    long_ago = datetime.now(UTC) - timedelta(days=11 * 366)
    chose = "INSERT INTO belofte.event (kind, subject_id, purpose, valid_from, recorded_at, origin)"
    db.connection.execute("UPDATE belofte.subject SET created_at = %s WHERE id <> %s", [long_ago, bob])
    db.connection.execute(
        f"{chose} SELECT 'consent:refused', id, 'marketing', %s, %s, 'person' FROM belofte.subject",  # noqa: S608
        [long_ago, long_ago],
    )
    db.connection.execute(f"{chose} VALUES ('consent:refused', %s, 'marketing', now(), now(), 'person')", [charlie])
    requests.receive(db, "access", long_ago, long_ago.date(), "nl", subjects=[dora])
    case = open_hold(db, "case", "a dispute", "anna", date(2099, 1, 1), long_ago)
    hold_people(db, case, [erik], long_ago)
    found = forgettable(desk)
    assert found.people == (alice,)
    assert list(agreed(desk, found, "anna")) == ["anna"]
    assert sorted(agreed(desk, found, "bob")) == ["anna", "bob"]
    assert carry_out(desk, found) == 1
    assert candidates(db, desk.key, [[Identifier("email", f"{one}@example.com")] for one in names]) == [
        (), (bob,), (charlie,), (dora,), (erik,)
    ]  # fmt: skip
    assert forgettable(desk).people == ()
    said = db.connection.execute("SELECT count(*) FROM belofte.act WHERE about = %s", [alice]).fetchone()
    assert said == (0,)
    assert fsck(db).findings == []


def test_what_else_is_over_its_term_is_counted_and_stays(desk: Desk, db: Database) -> None:
    db.connection.execute("""
        INSERT INTO belofte.sweep (id, short, store, state, digest, policy_digest, map_digest, purposes, people,
            started_by, planned_at, finished_at)
        SELECT gen_random_uuid(), 'S-' || years, 'crm', 'done', '', '', '', '{}', 0, 'anna',
            now() - years * interval '1 year', now() FROM unnest(ARRAY[1, 6]) years
    """)
    assert overdue(desk, "belofte") == [("sweep", "trace.account", 1), ("sweep", "trace.act", 1)]
    assert sweep(desk, "belofte", "alice").state == "barred"

"""Whatever is changed in the database of evidence past the log is found, in every table and column that there is."""

import re
from itertools import zip_longest
from pathlib import Path

import pytest
from psycopg import sql
from tests.database.fixtures import conninfo, migrated

import belofte
from belofte.database import acts
from belofte.database.acts import Act
from belofte.database.open import open_database
from belofte.evidence import seal
from belofte.evidence.fsck import Finding, acknowledge, fsck, logged
from belofte.evidence.signing import KeyFile

__all__ = ["migrated"]

SIGNER = KeyFile(bytes(range(32)))
LOG = ("belofte.act", "belofte.tile", "belofte.checkpoint", "belofte.log_key")
NOT_EVIDENCE = {
    "disclosure_person",  # held to the digest in its disclosure, which is in the log
    "measured",  # what proofs came to, kept only to be quicker: may be thrown away
    "migration",  # which version the schema has
    "present", "present_policy", "standing", "unsettled",  # derived from events, may be thrown away
    "sealing_key", "sealed",  # authenticated by its own encryption, gone when a request ends
    "sighting",  # a digest of a row, with no subject: no forgetting would reach it in the log (decision 0032)
    "subject",  # a random number without anything said of it
}  # fmt: skip

SAMPLES = {
    "uuid": "gen_random_uuid()",
    "text": "md5(random()::text)",
    "timestamp with time zone": "now()",
    "date": "'2026-01-01'",
    "bytea": "sha256(random()::text::bytea)",
    "jsonb": "jsonb_build_object('n', random()::text)",
    "bigint": "(random() * 1e9)::bigint",
    "integer": "(random() * 1e9)::int",
    "smallint": "7",
    "boolean": "true",
    "ARRAY": "ARRAY[md5(random()::text)]",
}
CHANGED = {
    "uuid": "gen_random_uuid()",
    "text": "coalesce({c}, '') || 'x'",
    "timestamp with time zone": "coalesce({c}, now()) + '1 s'",
    "date": "coalesce({c}, now()::date) + 1",
    "bytea": "sha256(coalesce({c}, ''))",
    "jsonb": "{c} || '{{\"x\": 1}}'",
    "bigint": "coalesce({c}, 0) + 1000",
    "integer": "coalesce({c}, 0) + 1000",
    "smallint": "{c} + 1",
    "boolean": "NOT {c}",
    "ARRAY": "{c} || {c}[1:1]",
    "int8range": "int8range(lower({c}), upper({c}) + 1)",
}

TRIGGERS = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
COLUMNS = """
SELECT table_name, column_name, data_type, is_identity = 'YES' FROM information_schema.columns
WHERE table_schema = 'belofte' ORDER BY table_name, ordinal_position
"""


def columns(connection) -> dict[str, list[tuple[str, str, bool]]]:
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for table, *column in connection.execute(COLUMNS):
        found.setdefault(table, []).append(tuple(column))
    return found


def one_more(db, table: str) -> sql.Composable:
    """What adds a row of no meaning to a table."""
    given = [(name, kind) for name, kind, identity in columns(db.connection)[table.split(".")[1]] if not identity]
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in given)
    values = sql.SQL(", ").join(sql.SQL(SAMPLES[kind]) for _, kind in given)
    return sql.SQL("INSERT INTO {} ({}) SELECT {}").format(sql.SQL(table), names, values)


@pytest.fixture(scope="module")
def filled(postgres_running, migrated):
    """A database with rows in every table of evidence, sealed twice; what a superuser lets go of to tamper is gone."""
    name = postgres_running.fresh(migrated)
    with open_database(conninfo(postgres_running, name)) as db:
        run = db.connection.execute
        run("SET client_min_messages = error")
        for table, constraint in run(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint "
            "WHERE connamespace = 'belofte'::regnamespace AND contype IN ('c', 'f', 'u') ORDER BY contype DESC"
        ).fetchall():
            run(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {} CASCADE").format(sql.SQL(table), sql.Identifier(constraint)))
        for one in logged():
            if one.table in LOG:
                continue
            run(one_more(db, one.table))
            run(one_more(db, one.table))
        run("UPDATE belofte.disclosure SET people_digest = sha256('')")  # of nobody: the list is empty
        her = run("SELECT subject_id FROM belofte.disclosure ORDER BY id DESC LIMIT 1").fetchone()[0]
        acts.record(db, Act.PLAN_MADE, {"plan": "01"}, about=her)
        seal.seal(db, SIGNER)
        for number in range(300):
            acts.record(db, Act.PLAN_MADE, {"plan": str(number)})
        seal.rotate(db, SIGNER, KeyFile(bytes(32)))
        seal.seal(db, KeyFile(bytes(32)))
        acts.erase(db, [her])
        seal.seal(db, KeyFile(bytes(32)))
        yield db
    postgres_running.drop(name)


def test_every_table_is_evidence_or_said_not_to_be(filled):
    known = {f"belofte.{name}" for name in columns(filled.connection)}
    assert known == {one.table for one in logged()} | set(LOG) | {f"belofte.{name}" for name in NOT_EVIDENCE}


def test_what_belofte_wrote_is_as_the_log_says(filled):
    checked = fsck(filled)
    assert checked.findings == []
    assert (checked.leaves, checked.heads, checked.erased) == (checked.acts - 1, 3, 3)


def found_after(db, changes: list[tuple[str, sql.Composable]]) -> set[str]:
    """The tables named after somebody with every right changed a row of each, and took care that no trigger ran."""
    run = db.connection.execute
    with db.connection.transaction(force_rollback=True):
        for table, statement in changes:
            run(sql.SQL("ALTER TABLE {} DISABLE TRIGGER ALL").format(sql.SQL(table)))
            for name in [name for name, _, identity in columns(db.connection)[table.split(".")[1]] if identity]:
                run(
                    sql.SQL("ALTER TABLE {} ALTER {} SET GENERATED BY DEFAULT").format(
                        sql.SQL(table), sql.Identifier(name)
                    )
                )
            assert run(statement).rowcount == 1, statement.as_string()
            for (name,) in run(TRIGGERS, [table]).fetchall():
                run(sql.SQL("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}").format(sql.SQL(table), sql.Identifier(name)))
        return {one.table for one in fsck(db).findings}


def tamperings(db, table: str) -> list[sql.Composable]:
    """Every way to change one row of a table: its removal, and each of its columns."""
    order = sql.SQL("level" if table == "belofte.tile" else "ctid")
    where = sql.SQL("WHERE ctid = (SELECT ctid FROM {} ORDER BY {} LIMIT 1)").format(sql.SQL(table), order)
    found = [sql.SQL("DELETE FROM {} {}").format(sql.SQL(table), where)]
    for name, kind, _ in columns(db.connection)[table.split(".")[1]]:
        changed = "60::smallint" if (table, name) == ("belofte.tile", "level") else CHANGED[kind]
        value = sql.SQL(changed).format(c=sql.Identifier(name))
        found.append(sql.SQL("UPDATE {} SET {} = {} {}").format(sql.SQL(table), sql.Identifier(name), value, where))
    return found


def test_a_change_of_any_column_and_a_row_taken_away_is_found_in_the_table_where_it_was(filled):
    tables = [one.table for one in logged() if one.table not in LOG]
    rounds = list(zip_longest(*(tamperings(filled, table) for table in tables)))
    for tried in rounds:
        changes = [(table, change) for table, change in zip(tables, tried, strict=True) if change is not None]
        missed = {table.split(".")[1] for table, _ in changes} - found_after(filled, changes)
        assert missed == set(), [change.as_string() for table, change in changes if table.split(".")[1] in missed]
    assert len(rounds) > 15


@pytest.mark.parametrize("table", LOG)
def test_a_change_of_any_column_of_the_log_itself_is_found(filled, table):
    ways = tamperings(filled, table)
    missed = [change.as_string() for change in ways if not found_after(filled, [(table, change)])]
    assert missed == []


def test_a_change_of_an_inner_tile_is_found(filled):
    change = sql.SQL("UPDATE belofte.tile SET hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0)) WHERE level = 1")
    assert found_after(filled, [("belofte.tile", change)]) == {"tile"}


def test_a_row_too_many_is_found(filled):
    changes = [(one.table, one_more(filled, one.table)) for one in logged()]
    assert found_after(filled, changes) >= {table.split(".")[1] for table, _ in changes}


def test_what_somebody_writes_past_belofte_is_named_though_the_log_has_it(filled):
    with filled.connection.transaction(force_rollback=True):
        filled.connection.execute("SET LOCAL belofte.writer = 'psql'")
        filled.connection.execute("UPDATE belofte.hold SET review_on = review_on + 1")
        found = fsck(filled).findings
    assert {one.table for one in found} == {"hold"}
    assert all("past Belofte" in one.what and re.fullmatch("[0-9a-f]{16}", one.key) for one in found)


ONE_HOLD = (
    "UPDATE belofte.hold SET review_on = review_on + 1 WHERE id = (SELECT id FROM belofte.hold ORDER BY id LIMIT 1)"
)


def marked(filled) -> list[Finding]:
    """The open findings that can be acknowledged: triggers that are off for a test cannot."""
    return [one for one in fsck(filled).open if one.mark]


def test_what_is_acknowledged_stays_shown_and_what_comes_after_it_is_open(filled):
    with filled.connection.transaction(force_rollback=True):
        run = filled.connection.execute
        run("SET LOCAL belofte.writer = 'psql'")
        run(ONE_HOLD)
        (one,) = fsck(filled).findings
        run("SET LOCAL belofte.writer = 'belofte'")
        acknowledge(filled, one, "an import of before", "charlie")
        checked = fsck(filled)
        assert (checked.findings, checked.open) == ([one], [])
        assert checked.acknowledged[one.digest][:2] == ("an import of before", "charlie")
        run("SET LOCAL belofte.writer = 'psql'")
        run(ONE_HOLD)
        checked = fsck(filled)
        assert (len(checked.findings), [one.table for one in checked.open]) == (2, ["hold"])


@pytest.mark.parametrize("table", ["belofte.hold", "belofte.approval", "belofte.act"])
def test_an_acknowledged_row_that_is_changed_again_is_open_again(filled, table):
    with filled.connection.transaction(force_rollback=True):
        run = filled.connection.execute
        run(sql.SQL("ALTER TABLE {} DISABLE TRIGGER ALL").format(sql.SQL(table)))
        column = {"belofte.hold": "reason", "belofte.approval": "approver", "belofte.act": "content"}[table]
        change = sql.SQL(
            "UPDATE {0} SET {1} = {1} || ' ' WHERE id = (SELECT id FROM {0} WHERE {1} IS NOT NULL ORDER BY id LIMIT 1)"
        )
        run(change.format(sql.SQL(table), sql.Identifier(column)))
        for one in marked(filled):
            acknowledge(filled, one, "known", "charlie")
        assert marked(filled) == []
        run(change.format(sql.SQL(table), sql.Identifier(column)))
        assert len(marked(filled)) == 1


def test_an_acknowledgement_that_was_not_made_by_belofte_is_a_finding_itself(filled):
    with filled.connection.transaction(force_rollback=True):
        run = filled.connection.execute
        run("SET LOCAL belofte.writer = 'psql'")
        run("UPDATE belofte.hold SET review_on = review_on + 1")
        for one in fsck(filled).findings:
            acknowledge(filled, one, "nothing to see here", "mallory")
        assert {one.table for one in fsck(filled).open} == {"acknowledgement"}


def test_what_is_wrong_with_the_log_itself_cannot_be_acknowledged(filled):
    with filled.connection.transaction(force_rollback=True):
        filled.connection.execute("UPDATE belofte.tile SET hashes = hashes || hashes WHERE level = 1")
        (one,) = fsck(filled).findings
        with pytest.raises(ValueError, match="cannot be acknowledged"):
            acknowledge(filled, one, "known", "charlie")


def test_a_session_that_finds_the_tables_by_its_path_sees_the_same(filled):
    """On the embedded server the user is called `belofte`, as the schema is."""
    with filled.connection.transaction(force_rollback=True):
        filled.connection.execute("SET LOCAL search_path = belofte, public")
        assert fsck(filled).findings == []


def test_a_function_of_the_log_that_was_replaced_is_found(filled):
    with filled.connection.transaction(force_rollback=True):
        filled.connection.execute(
            "CREATE OR REPLACE FUNCTION belofte.log_compared("
            "logged regclass, covered text[], forgotten uuid[], acts bigint[]) "
            "RETURNS TABLE (key text, finding text, mark bytea) LANGUAGE sql "
            "AS 'SELECT NULL::text, NULL::text, NULL::bytea WHERE false'"
        )
        assert "functions" in {one.table for one in fsck(filled).findings}


def test_a_second_function_of_the_same_name_is_found(filled):
    with filled.connection.transaction(force_rollback=True):
        filled.connection.execute("CREATE FUNCTION belofte.log_columns(logged regclass) RETURNS text RETURN 'x'")
        assert "functions" in {one.table for one in fsck(filled).findings}


def test_no_finding_says_what_is_in_a_row(filled):
    with filled.connection.transaction(force_rollback=True):
        filled.connection.execute("ALTER TABLE belofte.approval DISABLE TRIGGER ALL")
        filled.connection.execute("UPDATE belofte.approval SET approver = 'charlie'")
        said = " ".join(f"{one.table} {one.what} {one.key}" for one in fsck(filled).findings)
    assert "approval" in said
    assert "charlie" not in said


def test_every_function_of_the_schema_is_looked_at():
    schema = (Path(belofte.__file__).parent / "database" / "schema.sql").read_text()
    assert schema.count("CREATE FUNCTION") == len(
        re.findall(r"CREATE FUNCTION belofte\.(\w+)\(.*?AS (\$\w*\$)(.*?)\2;", schema, re.DOTALL)
    )

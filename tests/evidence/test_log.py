"""The log: what is written to a table of evidence is an act with a place that anybody can check, for good."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import rfc8785
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from tests.database.fixtures import conninfo, db, migrated

import belofte
from belofte.choices.events import Kind
from belofte.choices.subjects import forget
from belofte.database import acts
from belofte.database.acts import Act
from belofte.database.disclosures import Disclosed, PersonIn, disclose
from belofte.database.open import Database, open_database
from belofte.evidence import receipt, seal
from belofte.evidence.fsck import fsck
from belofte.evidence.signing import KeyFile
from belofte.evidence.verify import NotVerified, canonical, verify

__all__ = ["db", "migrated"]

SIGNER = KeyFile(bytes(range(32)))
SCHEMA = (Path(belofte.__file__).parent / "database" / "schema.sql").read_text()


def test_the_vocabulary_is_sorted():
    names = [one.value for one in Act]
    assert names == sorted(names)
    assert max(map(len, names)) < 64  # `acts` knows how lengths up to there are written
    assert all(re.fullmatch(r"[a-z]+(:[a-z]+(-[a-z]+)*){2}", one) for one in names)


def written_by_tables() -> set[str]:
    """Every name that a row of a table of evidence can give an act."""
    found = {f"choices:{one.value}" for one in Kind}
    logged = re.findall(r"log_rows\(\s*'belofte\.(\w+)', '([a-z]+)', '([a-z-]+)'([^;]*)\);", SCHEMA)
    for table, source, subject, rest in logged:
        word = f"{source}:{subject}:"
        body = SCHEMA.split(f"CREATE TABLE belofte.{table} (")[1].split("\n);")[0]
        added = re.search(r"added => '([a-z]+)'", rest)
        words = {"changed", "removed"}
        if "action => 'state'" in rest:
            words |= set(re.findall(r"'([a-z]+)'", re.findall(r"\bstate IN \(([^)]*)\)", body)[0]))
        elif "action =>" not in rest:
            words |= {added[1] if added else "recorded"} | ({"closed"} if "    closed_at" in body else set())
        found |= {word + one for one in words}
    return found


def test_every_name_that_is_written_anywhere_is_in_the_vocabulary_and_no_other():
    code = "\n".join(path.read_text() for path in Path(belofte.__file__).parent.rglob("*.py"))
    recorded = {Act[name].value for name in re.findall(r"\bAct\.([A-Z_]+)", code)}
    unused = {one.value for one in Act} - recorded - written_by_tables()
    assert written_by_tables() - {one.value for one in Act} == set()
    assert unused == set()


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcXYZ_09", max_size=4), inner, max_size=3),
)


@given(PLAIN)
def test_what_is_committed_to_is_canonical_json(value):
    assert acts.canonical(value) == canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [1.5, 2**53, {"é": 1}, {Act.VERB_RUN: 1}, b"x", "\ud800", [{"a": object()}]])
def test_what_readers_of_json_would_write_differently_is_refused(value):
    with pytest.raises(ValueError, match=r"act|ASCII"):
        acts.canonical(value)


@pytest.fixture
def alice(db):
    """A person with an event, known to the database."""
    her = uuid4()
    db.connection.execute("INSERT INTO belofte.subject (id) VALUES (%s)", [her])
    db.connection.execute(
        "INSERT INTO belofte.event (kind, subject_id, purpose, valid_from, origin, evidence) "
        "VALUES ('consent:given', %s, 'mailing', now(), 'person', %s)",
        [her, json.dumps({"notice": 'v"1', "act": "clické"})],
    )
    return her


def the(db, act: Act) -> acts.Recorded:
    (found,) = acts.latest(db, [act])
    return found


def test_a_row_of_evidence_is_an_act_whose_receipt_holds(db, alice):
    seal.seal(db, SIGNER)
    act = the(db, Act.CONSENT_GIVEN)
    shown = receipt.receipt(db, act.id)
    found = verify(json.loads(json.dumps(shown)))
    assert found.act["payload"]["row"]["subject_id"] == found.act["about"] == str(alice)
    assert rfc8785.dumps(found.act).decode() == act.content
    assert found.signer.public == SIGNER.public


def test_an_act_without_a_row_is_recorded_with_the_transaction_or_not_at_all(db):
    with db.connection.transaction(force_rollback=True):
        acts.record(db, Act.PLAN_MADE, {"plan": "00"})
    assert acts.latest(db, [Act.PLAN_MADE]) == []
    acts.record(db, Act.PLAN_MADE, {"plan": "01"})
    assert the(db, Act.PLAN_MADE).payload == {"plan": "01"}


def test_states_of_a_request_name_its_acts(db):
    id_ = uuid4()
    db.connection.execute(
        'INSERT INTO belofte.request (id, short, "right", state, received_at, due, language) '
        "VALUES (%s, 'A', 'access', 'received', now(), '2026-12-01', 'nl')",
        [id_],
    )
    db.connection.execute("UPDATE belofte.request SET state = 'identified', verified_by = 'charlie'")
    db.connection.execute("UPDATE belofte.request SET due = '2026-12-02'")
    db.connection.execute("UPDATE belofte.request SET due = '2026-12-02'")
    db.connection.execute("UPDATE belofte.request SET state = 'refused', closed_at = now()")
    names = [one for (one,) in db.connection.execute("SELECT name FROM belofte.act ORDER BY id")]
    assert names == ["rights:request:" + one for one in ("received", "identified", "changed", "refused")]
    contents = " ".join(one for (one,) in db.connection.execute("SELECT content FROM belofte.act"))
    assert "charlie" not in contents


def test_the_next_seal_has_all_of_the_one_before(db, alice):
    first = seal.seal(db, SIGNER)
    assert seal.seal(db, SIGNER) == first
    for number in range(300):
        acts.record(db, Act.PLAN_MADE, {"plan": str(number)})
    second = seal.seal(db, SIGNER)
    assert second.size == first.size + 301
    found = verify(receipt.consistency(db, first.size))
    assert (found.older, found.head) == (first.head, second.head)


def test_erasing_a_person_leaves_the_proofs_of_all_others_and_her_places(db, alice):
    acts.record(db, Act.PLAN_MADE, {"plan": "01"})
    seal.seal(db, SIGNER)
    hers, other = the(db, Act.CONSENT_GIVEN), the(db, Act.PLAN_MADE)
    assert acts.erase(db, [alice]) == 1
    gone = acts.by_id(db, hers.id)
    assert (gone.name, gone.about, gone.content, gone.salt) == (None, None, None, None)
    assert gone.commitment == hers.commitment
    assert the(db, Act.ACTS_ERASED).payload == {"acts": [hers.id], "subjects": [str(alice)]}
    with pytest.raises(receipt.NoReceipt, match="erased with its person"):
        receipt.receipt(db, hers.id)
    seal.seal(db, SIGNER)
    verify(receipt.receipt(db, other.id))


def test_an_act_erased_before_it_was_sealed_has_its_place_too(db, alice):
    acts.erase(db, [alice])
    head = seal.seal(db, SIGNER)
    assert head.size == db.connection.execute("SELECT count(*) FROM belofte.act").fetchone()[0] - 1


def test_a_receipt_with_another_word_in_it_does_not_hold(db, alice):
    seal.seal(db, SIGNER)
    shown = receipt.receipt(db, the(db, Act.CONSENT_GIVEN).id)
    shown["act"]["payload"]["row"]["purpose"] = "orders"
    with pytest.raises(NotVerified):
        verify(shown)


def test_forgetting_somebody_leaves_the_rest_of_a_list_committed_to(db):
    alice, bob = uuid4(), uuid4()
    db.connection.execute("INSERT INTO belofte.subject (id) VALUES (%s), (%s)", [alice, bob])
    digests = sorted(bytes([number]) * 32 for number in range(1, 5))
    made = Disclosed("post", "mailing", "by contract", [], "crm", datetime.now(UTC), bytes(32))
    people = [PersonIn(digest, who) for digest, who in zip(digests, [alice, None, bob, None], strict=True)]
    for _ in range(2):
        disclose(db, made, people)
    disclose(db, replace(made, subject_id=alice, reference="order 7"))
    assert forget(db, [alice]) == 0
    seal.seal(db, SIGNER)
    assert fsck(db).findings == []
    assert forget(db, [bob]) == 0
    assert fsck(db).open == [one for one in fsck(db).findings if one.what.startswith("has no place")]
    seal.seal(db, SIGNER)
    assert fsck(db).findings == []
    for change in ("key_digest = sha256(key_digest)", "key_digest = NULL"):
        with db.connection.transaction(force_rollback=True):
            db.connection.execute(
                f"UPDATE belofte.disclosure_person SET {change} WHERE disclosure_id = 1 AND key_digest = %s",  # noqa: S608
                [digests[1]],
            )
            assert [one.table for one in fsck(db).findings] == ["disclosure_person"]
            forget(db, [alice])
            assert "disclosure_person" in {one.table for one in fsck(db).findings}
    assert db.connection.execute("SELECT ground, reference FROM belofte.disclosure WHERE id = 3").fetchone() == (
        "forgotten", None,
    )  # fmt: skip


def migrated_to(address: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(belofte.__file__).parent / "database" / "migrations"))
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(address), poolclass=NullPool)
    with engine.begin() as before:
        before.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS belofte")
        before.exec_driver_sql("SET LOCAL belofte.writer = 'belofte'")
        config.attributes["connection"] = before
        command.upgrade(config, revision)


def test_what_was_written_freely_of_disclosures_leaves_the_log_and_its_proofs_stay(postgres_running):
    name = postgres_running.fresh()
    address = conninfo(postgres_running, name)
    migrated_to(address, "0016")
    with Database(psycopg.connect(address, autocommit=True)) as db:
        db.connection.execute("SET belofte.writer = 'belofte'")
        alice = uuid4()
        db.connection.execute("INSERT INTO belofte.subject (id) VALUES (%s)", [alice])
        made = Disclosed("court", "mailing", "against Charlie", [], "crm", datetime.now(UTC), bytes(32))
        disclose(db, made, [PersonIn(bytes(32), None)])
        disclose(db, replace(made, subject_id=alice, reference="order 7"))
        acts.erase(db, [alice])
        db.connection.execute("UPDATE belofte.disclosure_person SET key_digest = NULL")
        seal.seal(db, SIGNER)
        shown = receipt.receipt(db, 1)
        assert "Charlie" in json.dumps(shown)
    with open_database(address) as db:
        seal.seal(db, SIGNER)
        assert fsck(db).findings == []
        contents = " ".join(one for (one,) in db.connection.execute("SELECT coalesce(content, '') FROM belofte.act"))
        assert "Charlie" not in contents
        assert "sharing:disclosure:recorded" in contents
        grew = verify(receipt.consistency(db, verify(shown).head.size))
        assert grew.older == verify(shown).head
        db.connection.execute("UPDATE belofte.disclosure SET ground = 'x' WHERE id = 1")
        assert acts.naming(db, "", 1)[0].payload["row"]["ground"] != "x"
    postgres_running.drop(name)


def test_a_database_from_before_the_log_has_its_rows_in_it_afterwards(postgres_running):
    name = postgres_running.fresh()
    address = conninfo(postgres_running, name)
    migrated_to(address, "0006")
    with psycopg.connect(address) as before:
        before.execute("INSERT INTO belofte.hold VALUES (gen_random_uuid(), 'case', 'x', 'y', now(), now())")
    with open_database(address) as db:
        assert [one.name for one in acts.naming(db, "")] == ["choices:hold:opened"]
        seal.seal(db, SIGNER)
        assert fsck(db).findings == []
    postgres_running.drop(name)

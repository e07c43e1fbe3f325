"""Sealing: whole or not at all, nothing passed over, and only by the log's key."""

import os
import stat

import psycopg
import pytest
from tests.database.fixtures import conninfo, db, migrated

from belofte.database import acts
from belofte.database.acts import Act
from belofte.database.errors import KeyUnusable
from belofte.database.open import open_database
from belofte.evidence import receipt, seal
from belofte.evidence.export import export
from belofte.evidence.fsck import fsck
from belofte.evidence.signing import KeyFile, rotated, signer
from belofte.evidence.tiles import Place
from belofte.evidence.verify import Head, Key, Note, leaf_hash, verify

__all__ = ["db", "migrated"]

SIGNER = KeyFile(bytes(range(32)))
STEPS = ("read", "tiled", "signed", "kept", "committed")


def acted(db, count: int = 1) -> None:
    acts.record_many(db, [acts.Fresh(Act.PLAN_MADE, {"plan": str(one)}) for one in range(count)])


def places(db) -> tuple[list, list, int]:
    run = db.connection.execute
    heads = run("SELECT size, note FROM belofte.checkpoint ORDER BY size").fetchall()
    tiles = run("SELECT level, number, hashes, acts FROM belofte.tile ORDER BY level, number").fetchall()
    return heads, tiles, run("SELECT count(*) FROM belofte.act").fetchone()[0]


@pytest.mark.parametrize("step", STEPS)
def test_a_process_that_dies_at_any_step_leaves_the_log_before_or_after(postgres_running, db, step):
    acted(db, 300)
    seal.seal(db, SIGNER)
    acted(db, 300)
    before = places(db)
    child = os.fork()
    if child == 0:
        with open_database(conninfo(postgres_running, db.connection.info.dbname)) as dying:
            seal.seal(dying, SIGNER, witness=lambda now: os._exit(77) if now == step else None)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 77
    assert (places(db) == before) == (step != "committed")
    head = seal.seal(db, SIGNER)
    assert head.size == before[0][-1][0] + 301
    assert fsck(db).findings == []


def test_an_act_that_was_being_written_while_others_were_sealed_has_its_place_later(postgres_running, db):
    with psycopg.connect(conninfo(postgres_running, db.connection.info.dbname)) as slow:
        slow.execute("SET belofte.writer = 'belofte'")
        slow.execute("INSERT INTO belofte.hold_table SELECT gen_random_uuid(), 'crm', 't' WHERE false")
        slow.execute(
            "INSERT INTO belofte.act (name, at, content, salt, commitment) "
            "SELECT 'x', now(), '{}', sha256(''), sha256(sha256('') || '{}')"
        )
        acted(db)
        first = seal.seal(db, SIGNER)
        assert (first.size, first.settled) == (2, 0)
        slow.commit()
    second = seal.seal(db, SIGNER)
    assert second.size == 4
    assert second.settled == db.connection.execute("SELECT max(id) - 1 FROM belofte.act").fetchone()[0]


def test_an_act_that_is_rolled_back_leaves_no_hole(db):
    with db.connection.transaction(force_rollback=True):
        acted(db)
    acted(db)
    assert seal.seal(db, SIGNER).size == 2
    assert seal.seal(db, SIGNER).size == 2


def test_another_key_than_the_log_s_signs_nothing(db):
    acted(db)
    seal.seal(db, SIGNER)
    acted(db)
    with pytest.raises(KeyUnusable, match="not the one that signs this log"):
        seal.seal(db, KeyFile(bytes(32)))
    assert seal.newest(db).size == 2


def test_a_key_is_made_at_first_use_and_read_by_its_owner_only(tmp_path):
    made = signer(tmp_path, {})
    file = tmp_path / ".belofte" / "log.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert signer(tmp_path, {}).public == made.public
    file.chmod(0o640)
    with pytest.raises(KeyUnusable, match="can be read by others"):
        signer(tmp_path, {})
    with pytest.raises(KeyUnusable, match="cannot be read"):
        signer(tmp_path, {"BELOFTE_LOG_KEY": str(tmp_path / "nothing")})


PROGRAM = """#!{python}
import base64, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
key = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\\x01")
said = key.public_key().public_bytes_raw() if sys.argv[1] == "public" else key.sign(sys.stdin.buffer.read())
print(base64.b64encode(said{wrong}).decode())
"""


def program(folder, wrong: str = "") -> str:
    import sys

    path = folder / "signs"
    path.write_text(PROGRAM.format(python=sys.executable, wrong=wrong))
    path.chmod(0o700)
    return f"exec:{path}"


def test_a_program_signs_in_place_of_a_file(db, tmp_path):
    acted(db)
    head = seal.seal(db, signer(tmp_path, {"BELOFTE_LOG_KEY": program(tmp_path)}))
    assert Note.parse(head.note).signed_by(seal.keys(db)[0].key)
    with pytest.raises(KeyUnusable, match="did not answer `public`"):
        seal.seal(db, signer(tmp_path, {"BELOFTE_LOG_KEY": program(tmp_path, "[1:]")}))
    with pytest.raises(KeyUnusable, match="could not be run"):
        seal.seal(db, signer(tmp_path, {"BELOFTE_LOG_KEY": "exec:/nowhere"}))


def test_a_receipt_of_before_and_one_of_after_the_key_was_renewed_hold_by_the_first_key(db, tmp_path):
    acted(db)
    seal.seal(db, signer(tmp_path, {}))
    first = seal.keys(db)[0].key
    number = acts.latest(db, [Act.PLAN_MADE])[0].id
    earlier = receipt.receipt(db, number)
    renewed = rotated(db, tmp_path, {}, None)
    assert renewed.public == signer(tmp_path, {}).public != first.public
    seal.seal(db, signer(tmp_path, {}))
    assert verify(earlier, first.text).signer == first
    assert verify(receipt.receipt(db, number), first.text).signer == renewed
    assert fsck(db).findings == []


def test_a_renewal_that_stopped_before_the_file_was_in_its_place_is_finished_by_the_next(db, tmp_path, monkeypatch):
    acted(db)
    seal.seal(db, signer(tmp_path, {}))
    with monkeypatch.context() as stopped:
        stopped.setattr("pathlib.Path.replace", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rotated(db, tmp_path, {}, None)
    with pytest.raises(KeyUnusable, match="not the one that signs"):
        seal.seal(db, signer(tmp_path, {}))
    rotated(db, tmp_path, {}, None)
    assert len(seal.keys(db)) == 2
    assert seal.seal(db, signer(tmp_path, {})) is not None


def test_an_exported_log_is_read_by_whoever_reads_tiles(db, tmp_path):
    acted(db, 300)
    seal.seal(db, SIGNER)
    acted(db, 300)
    head = seal.seal(db, SIGNER)
    export(db, head, tmp_path)
    text = (tmp_path / "checkpoint").read_text()
    read = Head.parse(Note.parse(text).text)
    assert (text, read.size) == (head.note, head.size)
    width = head.size % 256
    hashes = (tmp_path / Place(0, 0).path()).read_bytes() + (tmp_path / Place(0, 1).path()).read_bytes()
    hashes += (tmp_path / Place(0, 2).path(width)).read_bytes()
    entries = b"".join(
        (tmp_path / path).read_bytes()
        for path in ("tile/entries/000", "tile/entries/001", f"tile/entries/002.p/{width}")
    )
    leaves = [leaf_hash(entries[at + 2 : at + 34]) for at in range(0, len(entries), 34)]
    assert b"".join(leaves) == hashes
    assert len((tmp_path / Place(1, 0).path(2)).read_bytes()) == 64
    assert export(db, head, tmp_path) == 0


def test_a_key_says_who_it_is_of(db):
    acted(db)
    seal.seal(db, SIGNER)
    key = seal.keys(db)[0].key
    assert Key.parse(key.text) == key
    assert Head.parse(Note.parse(seal.newest(db).note).text).origin == key.name

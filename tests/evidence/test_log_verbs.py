"""The verbs of the log, as somebody types them."""

import json
import os
from datetime import UTC, datetime

import pytest
from tests.database.fixtures import conninfo, migrated

from belofte.cli import app
from belofte.database import acts
from belofte.database.acts import Act
from belofte.database.open import open_database
from belofte.evidence import note as notes
from belofte.evidence.signing import KeyFile
from belofte.evidence.verify import COSIGNATURE, Head, Key, Note

__all__ = ["migrated"]

WITNESS = KeyFile(bytes([7]) * 32)
BY = Key("witness.example/w", COSIGNATURE, WITNESS.public)


@pytest.fixture
def belofte(postgres_running, migrated, tmp_path, monkeypatch, capsys):
    """What runs a verb in a company's folder and returns its exit code and what it said."""
    name = postgres_running.fresh(migrated)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BELOFTE_DATABASE", f"postgresql://postgres@/{name}?host={postgres_running.socket}")
    monkeypatch.delenv("BELOFTE_LOG_KEY", raising=False)
    with open_database(conninfo(postgres_running, name)) as db:
        acts.record(db, Act.PLAN_MADE, {"plan": "01"})

    def run(*words: str) -> tuple[int, str]:
        code = app.run(["log", *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    yield run
    postgres_running.drop(name)


def test_a_witness_signs_the_newest_head_and_a_receipt_asks_for_it(belofte, tmp_path):
    assert belofte("checkpoint", "--out", "head.txt")[0] == 0
    line = notes.cosignature((tmp_path / "head.txt").read_text(), BY, WITNESS, datetime.now(UTC))
    (tmp_path / "line.txt").write_text(line)
    assert belofte("cosign", "line.txt", "--witness", BY.text) == (0, "head of 2 acts witnessed by witness.example/w\n")
    number = json.loads(belofte("show", "--json")[1])[-1]["act"]
    assert belofte("prove", str(number), "--out", "receipt.json")[0] == 0
    assert "witnessed by witness.example/w" in belofte("verify", "receipt.json", "--witness", BY.text)[1]
    other = Key(BY.name, COSIGNATURE, KeyFile(bytes(32)).public)
    assert belofte("verify", "receipt.json", "--witness", other.text)[0] == 2


def test_a_line_of_somebody_else_is_not_kept(belofte, tmp_path):
    belofte("checkpoint", "--out", "head.txt")
    other = KeyFile(bytes(32))
    forged = Key(BY.name, COSIGNATURE, other.public)
    line = notes.cosignature((tmp_path / "head.txt").read_text(), forged, other, datetime.now(UTC))
    (tmp_path / "line.txt").write_text(line)
    code, said = belofte("cosign", "line.txt", "--witness", BY.text)
    assert (code, "did not sign the newest head" in said) == (2, True)


def test_the_log_of_then_is_in_that_of_now(belofte):
    belofte("checkpoint")
    belofte("rotate")
    belofte("checkpoint")
    assert belofte("prove", "--since", "2", "--out", "grew.json")[0] == 0
    code, said = belofte("verify", "grew.json")
    assert (code, "has all of its 2 earlier ones" in said) == (0, True)
    assert belofte("prove", "--since", "1")[0] == 3


def test_a_stranger_who_kept_a_head_sees_that_the_log_only_grew(belofte, tmp_path):
    belofte("checkpoint", "--out", "kept.txt")
    with open_database(os.environ["BELOFTE_DATABASE"]) as db:
        for number in range(300):
            acts.record(db, Act.PLAN_MADE, {"plan": str(number)})
    key = json.loads(belofte("checkpoint", "--out", "now.txt", "--json")[1])["key"]
    belofte("prove", "--since", "2", "--out", "grew.json")
    belofte("prove", "1", "--out", "receipt.json")
    belofte("export", "--out", "tiles")
    assert belofte("export", "--out", ".")[0] == 1
    assert not (tmp_path / "tile").exists()
    assert belofte("export", "--out", "tiles")[0] == 0
    for file in ("grew.json", "tiles"):
        code, said = belofte("verify", file, key, "--older", "kept.txt")
        assert (code, "has all of " in said) == (0, True)
    assert belofte("verify", "grew.json", key, "--older", "now.txt")[0] == 3
    assert belofte("verify", "receipt.json", key, "--older", "kept.txt")[0] == 3
    assert belofte("verify", "tiles", "--older", "kept.txt")[0] == 3
    assert belofte("verify", "grew.json", key, "--older", "nothing.txt")[0] == 1
    note = Note.parse((tmp_path / "kept.txt").read_text())
    other = Head(Head.parse(note.text).origin, 2, bytes(32))
    signer = KeyFile(bytes.fromhex((tmp_path / ".belofte" / "log.key").read_text().strip()))
    (tmp_path / "other.txt").write_text(notes.checkpoint(other, Key.parse(key), signer))
    for file in ("grew.json", "tiles"):
        code, said = belofte("verify", file, key, "--older", "other.txt")
        assert (code, "the heads of 2 acts are two" in said) == (2, True)
    longer = Head(other.origin, 999, bytes(32))
    (tmp_path / "other.txt").write_text(notes.checkpoint(longer, Key.parse(key), signer))
    assert "some were taken away" in belofte("verify", "tiles", key, "--older", "other.txt")[1]
    tile = tmp_path / "tiles" / "tile" / "0" / "000"
    tile.write_bytes(bytes([tile.read_bytes()[0] ^ 1]) + tile.read_bytes()[1:])
    assert belofte("verify", "tiles", key)[0] == 2


def test_what_was_changed_past_the_log_ends_with_two(belofte, tmp_path):
    belofte("checkpoint")
    code, said = belofte("fsck", "--json")
    assert (code, json.loads(said)["findings"]) == (0, [])
    with open_database(os.environ["BELOFTE_DATABASE"]) as db:
        db.connection.execute("ALTER TABLE belofte.log_key DISABLE TRIGGER USER")
        db.connection.execute("UPDATE belofte.log_key SET added_at = added_at - interval '1 day'")
        for event in ("insert", "update", "delete", "truncate"):
            db.connection.execute(f"ALTER TABLE belofte.log_key ENABLE ALWAYS TRIGGER log_key_log_{event}")
    code, said = belofte("fsck")
    assert (code, "log_key: changed without the log" in said) == (2, True)
    number = said.split()[0]
    assert belofte("acknowledge", number, "--because", "ask alice@example.org")[0] == 3
    assert belofte("acknowledge", "0" * 16, "--because", "the clock of that server was wrong")[0] == 3
    assert belofte("acknowledge", number, "--because", "the clock of that server was wrong", "--by", "charlie")[0] == 0
    code, said = belofte("fsck")
    assert (code, "the clock of that server was wrong" in said) == (0, True)
    assert json.loads(belofte("fsck", "--json")[1])["findings"][0]["acknowledged"]["by"] == "charlie"
    assert "evidence:finding:acknowledged" in belofte("show")[1]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["verify", "nothing.json"], 1),
        (["prove"], 3),
        (["prove", "4711"], 3),
        (["prove", "--of", "nobody", "--out", "x"], 3),
        (["checkpoint", "-C", "nowhere"], 1),
    ],
)
def test_what_cannot_be_done_says_so(belofte, words, code):
    assert belofte(*words)[0] == code

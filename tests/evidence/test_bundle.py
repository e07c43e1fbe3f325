"""The audit bundle in a stranger's hands: what it shows, and that no bit of it can be another one."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.requests.company import ALICE, BOB, SECRETS
from tests.requests.conftest import made

from belofte.cli import app
from belofte.compiler.digests import policy_digest
from belofte.database import promises
from belofte.database.disclosures import Disclosed, disclose
from belofte.database.open import open_database
from belofte.database.promises import Proof
from belofte.evidence.bundle import Broken, statement, told, verify_bundle
from belofte.evidence.handed import MANIFEST, NOTE
from belofte.evidence.note import checkpoint, signed
from belofte.evidence.signing import KeyFile
from belofte.evidence.verify import Head, Key, Malformed, Note, NotVerified
from belofte.law.term import CIVIL
from belofte.notices.publishing import publish
from belofte.policy.model import Policy


@pytest.fixture(scope="module")
def company(postgres_running, templates, tmp_path_factory):
    """A company that published its notice, and let go of alice."""
    with made(postgres_running, templates, tmp_path_factory.mktemp("bundle")) as company:
        company.without_archive()
        assert company.run("-C", str(company.folder), group="audit").code in (0, 4)
        with open_database(company.database) as db:
            policy = Policy.model_validate(company.policy)
            now = datetime.now(UTC)
            run = promises.begin(db, policy_digest(policy), now, now)
            promises.record(db, [Proof(run, "A18", "kept", "proven", now, {"overdue": 0}, [])])
            letter = Disclosed(
                "carrier", "service", "law", ["identity"], "crm", now, b"file", reference="on Bob Janssens"
            )
            disclose(db, letter, [])
            publish(db, policy, ["en"], lambda language, form: b"what we promise", now)
        taken_back = ("redact", "1", "--why", "it named somebody", "--by", "alice", "--json")
        assert len(company.run(*taken_back, group="disclosure").document["acts"]) == 1
        assert company.run(*taken_back, group="disclosure").code == 3  # it says that already
        assert company.erase().code == 0
        asked = ("access", "--person", "email=-", "--verified-by", "session")
        company.run(*asked, stdin=f"{BOB}\n")
        opened = ("open", "--title", "x", "--facts", "y", "--kind", "integrity", "--found-by", "it", "--aware")
        assert company.run(*opened, "2026-01-01", "--by", "alice", group="incident").code == 0
        came = ("record", "--way", "fax", "--words", "-", "--person", "email=-", "--by", "alice")
        assert company.run(*came, stdin=f"{BOB}\nfrom bob", group="complaint").code == 0
        yield company


@pytest.fixture(scope="module")
def bundle(company, tmp_path_factory) -> Path:
    """What the company hands over."""
    out = tmp_path_factory.mktemp("handed") / "bundle"
    done = company.run("--out", str(out), group="audit")
    assert done.code in (0, 4), done.err
    return out


@pytest.fixture(scope="module")
def request_name(company) -> str:
    """The erasure's name, as alice knows it."""
    with company.own() as own:
        ((name,),) = own.execute("SELECT short FROM belofte.request WHERE \"right\" = 'erasure'").fetchall()
    return str(name)


def test_a_stranger_sees_that_the_erasure_happened_under_the_policy_that_was_published(
    bundle, request_name, tmp_path, monkeypatch, capsys
):
    there = shutil.copytree(bundle, tmp_path / "stranger" / "bundle")
    monkeypatch.chdir(there.parent)
    monkeypatch.delenv("BELOFTE_DATABASE", raising=False)
    assert app.run(["log", "verify", str(there), "--request", request_name.lower(), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["erasure"]["request"] == request_name
    assert [store for store, _ in found["erasure"]["stores"]] == ["crm", "news"]
    assert found["erasure"]["published"] == ["v1 (en)"]
    policy = (bundle / "policy" / f"{found['erasure']['policy']}.json").read_bytes()
    assert hashlib.sha256(policy).hexdigest() == found["erasure"]["policy"]
    assert json.loads(policy)["version"]["id"] == "v1"
    assert found["receipts"] == 3


def test_a_stranger_asks_which_policy_was_in_force_on_a_day(bundle, capsys):
    today = datetime.now(CIVIL).date()
    assert app.run(["log", "verify", str(bundle), "--on", str(today)]) == 4
    said = " ".join(capsys.readouterr().out.split())
    assert f"in force from {datetime.now(UTC).date()}T" in said
    assert "(version v1), since 2018-05-25" in said
    assert "which is the one published as v1 (en)" in said
    later = today + timedelta(days=2)
    assert app.run(["log", "verify", str(bundle), "--on", str(later)]) == 4
    assert "cannot tell: the log of this bundle ends at" in " ".join(capsys.readouterr().out.split())
    assert app.run(["log", "verify", str(bundle), "--on", "2018-05-24"]) == 2
    assert app.run(["log", "verify", str(bundle), "--on", "2018-05-25"]) == 4
    assert app.run(["log", "verify", str(bundle), "--on", "yesterday"]) == 3


def test_a_head_that_somebody_kept_is_still_in_the_log_of_the_bundle(bundle, company, tmp_path, capsys):
    first = json.loads((bundle / "log/heads.jsonl").read_text().splitlines()[0])
    (tmp_path / "kept.txt").write_text(first)
    assert app.run(["log", "verify", str(bundle), "--older", str(tmp_path / "kept.txt")]) == 0
    assert "of the head that was given" in " ".join(capsys.readouterr().out.split())
    key = verify_bundle(bundle).signer
    secret = KeyFile(bytes.fromhex((company.folder / ".belofte" / "log.key").read_text().strip()))
    for size, why in (
        (Head.parse(Note.parse(first).text).size, "are two"),
        (1, "is not the one"),
        (10**6, "taken away"),
    ):
        (tmp_path / "kept.txt").write_text(checkpoint(Head(key.name, size, bytes(32)), key, secret))
        assert app.run(["log", "verify", str(bundle), "--older", str(tmp_path / "kept.txt")]) == 2
        assert why in " ".join(capsys.readouterr().err.split())


def test_the_bundle_holds_what_an_authority_asks_for_and_names_nobody(bundle):
    manifest = json.loads((bundle / MANIFEST).read_text())
    paths = {one["path"] for one in manifest["files"]}
    assert {
        "oracle.json", "registers/requests.json", "registers/breaches.json", "registers/complaints.json",
        "registers/sweeps.json", "registers/sharing.json", "record/en.html", "record/nl.jsonld",
        "notices/v1/en.html", "log/acts.jsonl",
    } <= paths  # fmt: skip
    assert manifest["not_included"] == []
    (complaint,) = json.loads((bundle / "registers/complaints.json").read_text())
    assert (complaint["state"], complaint["way"]) == ("received", "fax")
    (promise,) = json.loads((bundle / "promises.json").read_text())
    assert (promise["id"], promise["state"], len(promise["history"])) == ("A18", "kept", 1)
    erased, _ = json.loads((bundle / "registers/requests.json").read_text())
    assert (erased["right"], erased["state"], erased["in_time"]) == ("erasure", "fulfilled", True)
    everything = b"".join(path.read_bytes() for path in bundle.rglob("*") if path.is_file()).decode()
    (sent,) = json.loads((bundle / "registers/sharing.json").read_text())["disclosures"]
    assert (sent["ground"], sent["order"]) == ("redacted", None)
    assert "sharing:redaction:recorded" in everything
    for secret in (*SECRETS, ALICE, "on Bob Janssens", '"by":"alice"', '"by": "alice"'):
        assert secret not in everything
    assert all(path.stat().st_mode & 0o077 == 0 for path in bundle.rglob("*"))


def test_a_bit_that_is_another_one_is_found_in_every_file(bundle, tmp_path):
    here = shutil.copytree(bundle, tmp_path / "bundle")
    key = verify_bundle(here).first.text
    files = [path for path in here.rglob("*") if path.is_file()]
    for path in files:
        whole = path.read_bytes()
        for at in sorted({0, len(whole) // 3, len(whole) // 2, len(whole) - 1}):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with pytest.raises((NotVerified, Malformed)):
                verify_bundle(here, key)
        path.write_bytes(whole)
    assert verify_bundle(here, key).pinned


@pytest.mark.parametrize("whole", ["", "no JSON", "[]"])
def test_a_manifest_that_was_written_over_is_one_that_nobody_signed(bundle, tmp_path, whole):
    here = shutil.copytree(bundle, tmp_path / "bundle")
    (here / MANIFEST).write_text(whole)
    with pytest.raises(Broken, match=r"`MANIFEST\.json` is not the one that `MANIFEST\.note` signs"):
        verify_bundle(here)


def test_every_bit_of_what_signs_the_manifest_counts(bundle, tmp_path):
    here = shutil.copytree(bundle, tmp_path / "bundle")
    whole = (here / NOTE).read_bytes()
    for at in range(len(whole)):
        (here / NOTE).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises((NotVerified, Malformed)):
            verify_bundle(here)


def test_files_that_come_or_go_are_named_all_at_once(bundle, tmp_path):
    here = shutil.copytree(bundle, tmp_path / "bundle")
    (here / "oracle.json").unlink()
    (here / "more.txt").write_text("trust me")
    (here / "registers/sweeps.json").write_text("[]")
    with pytest.raises(Broken) as broken:
        verify_bundle(here)
    assert broken.value.reasons == [
        "the manifest does not name `more.txt`",
        "`oracle.json` is missing",
        "`registers/sweeps.json` is not the file that was signed",
    ]


def resigned(here: Path, key: Key, signer: KeyFile) -> None:
    """Make the manifest anew for the files as they are, and sign it with a key."""
    manifest = json.loads((here / MANIFEST).read_text())
    for one in manifest["files"]:
        one["sha256"] = hashlib.sha256((here / one["path"]).read_bytes()).hexdigest()
    (here / MANIFEST).write_text(json.dumps(manifest))
    digest = hashlib.sha256((here / MANIFEST).read_bytes()).hexdigest()
    (here / NOTE).write_text(signed(statement(key.name, digest), key, signer))


@pytest.fixture
def forger(bundle, company, tmp_path):
    """A copy of the bundle, and a way to sign it anew with the company's own key: whoever has it may try to lie."""
    here = shutil.copytree(bundle, tmp_path / "bundle")
    own = verify_bundle(here).signer
    secret = KeyFile(bytes.fromhex((company.folder / ".belofte" / "log.key").read_text().strip()))
    return here, lambda: resigned(here, own, secret)


def test_whoever_has_the_key_cannot_change_what_the_log_says(forger):
    here, sign = forger
    path = here / "log/acts.jsonl"
    lines = path.read_text().splitlines(True)
    for changed, why in (
        (lines[:-1], "not as many acts"),
        ([*lines[:3], lines[4], lines[3], *lines[5:]], "is not the one whose head was signed"),
        ([line.replace("fulfilled", "refused") for line in lines], "is not what it commits to"),
    ):
        path.write_text("".join(changed))
        sign()
        with pytest.raises(NotVerified, match=why):
            verify_bundle(here)


def test_another_policy_or_notice_is_not_the_one_that_the_log_adopted(forger):
    here, sign = forger
    (policy,) = (path for path in (here / "policy").glob("*.json") if path.name != "versions.json")
    policy.write_text(policy.read_text().replace("Service", "Serving"))
    (here / "notices/v1/en.html").write_text("what we never promised")
    sign()
    with pytest.raises(Broken) as broken:
        verify_bundle(here)
    assert [why.rpartition("`")[2] for why in broken.value.reasons] == [
        " is not the one of that digest",
        " is not the notice of that digest",
    ]


def test_a_key_of_somebody_else_is_not_the_logs(bundle, tmp_path):
    here = shutil.copytree(bundle, tmp_path / "bundle")
    stranger = KeyFile(b"7" * 32)
    found = verify_bundle(here)
    key = Key(found.signer.name, found.signer.kind, stranger.public)
    resigned(here, key, stranger)
    with pytest.raises(NotVerified, match="not signed by the log's key"):
        verify_bundle(here)
    with pytest.raises(NotVerified, match="not signed by this key"):
        verify_bundle(bundle, key.text)
    assert any("compare this fingerprint" in line for line in told(verify_bundle(bundle)))


def test_what_was_not_asked_or_was_no_erasure_is_not_proven(bundle):
    with pytest.raises(NotVerified, match="the log has no request `NONE-2222`"):
        verify_bundle(bundle, request="none-2222")
    asked = json.loads((bundle / "registers/requests.json").read_text())
    (other,) = [one["request"] for one in asked if one["right"] == "access"]
    with pytest.raises(NotVerified, match="is no erasure"):
        verify_bundle(bundle, request=other)


def test_a_folder_that_is_no_bundle_says_so(tmp_path, capsys):
    assert app.run(["log", "verify", str(tmp_path)]) == 3
    assert "this is no audit bundle" in capsys.readouterr().err


def test_a_bundle_is_never_written_over_something_else(company, bundle):
    done = company.run("--out", str(bundle), group="audit")
    assert done.code == 1
    assert "is not empty" in done.err

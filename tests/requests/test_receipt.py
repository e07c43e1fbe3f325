"""The receipt of a consent: verified by the person alone, and by nobody once a letter of it is changed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.requests.company import ALICE, BOB, SECRETS, Company
from tests.requests.test_ledger import GRANT

ASKED = ("receipt", "--person", "email=-", "--purpose", "mailing")


def verified(proof: Path) -> int:
    """Verify a proof by the file beside it, away from Belofte."""
    command = [sys.executable, "-I", str(proof.parent / "verify.py"), str(proof)]
    return subprocess.run(command, capture_output=True, check=False, cwd=proof.parent).returncode


def test_she_keeps_a_receipt_that_verifies_without_us(company: Company, tmp_path: Path) -> None:
    company.without_archive()
    assert company.choose(*GRANT, stdin=ALICE).code == 0
    assert company.choose("withdraw", "--person", "email=-", "--purpose", "mailing", stdin=ALICE).code == 0
    out = tmp_path / "receipt"
    ran = company.choose(*ASKED, "--out", str(out), "--json", stdin=ALICE)
    assert ran.code == 0, ran.err
    whole = (out / "receipt.jsonld").read_text()
    assert not any(secret in whole + ran.out + ran.err for secret in SECRETS)
    statuses = json.loads(whole)["dpv:hasConsentStatus"]
    assert statuses[0]["@type"][0] == "dpv:ConsentGiven"
    assert statuses[-1]["@type"][0] == "dpv:ConsentWithdrawn"
    proofs = sorted(out.glob("proof-*.json"))
    assert len(proofs) == len(statuses) == ran.document["proofs"]
    assert [verified(proof) for proof in proofs] == [0] * len(proofs)
    assert json.loads(whole)["log"] == [json.loads(proof.read_text()) for proof in proofs]
    proofs[0].write_text(proofs[0].read_text().replace('"mailing"', '"service"', 1))
    assert verified(proofs[0]) != 0


def test_of_a_person_who_chose_nothing_there_is_no_receipt(company: Company) -> None:
    company.without_archive()
    company.choose(*GRANT, stdin=ALICE)
    assert company.choose(*ASKED, stdin=BOB).code == 4
    assert company.choose("receipt", "--person", "email=-", "--purpose", "nothing", stdin=ALICE).code == 3
    record = json.loads(company.choose(*ASKED, "--record", stdin=ALICE).out)
    assert (record["@type"], "log" in record) == (["dpv:ConsentRecord"], False)

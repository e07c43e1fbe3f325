"""The closing scene: a stranger, given the bundle and the key and nothing else, verifies an erasure and its policy."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, str(ROOT / "examples/evidence.py"), "--people", "40"]


@pytest.fixture(scope="module")
def printed() -> str:
    done = subprocess.run(PROGRAM, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_stranger_verifies_the_erasure_and_the_policy_of_that_day(printed: str):
    (shown,) = re.findall(r"^holds: erasure (\S+), received .*, carried out ", printed, re.M)
    assert f"--request {shown}" in printed
    assert "which is the one published as 2026-1 (nl), 2026-1 (fr), 2026-1 (en)" in printed


def test_one_bit_turned_is_found(printed: str):
    assert "does not hold: `log/acts.jsonl` is not the file that was signed" in printed


def test_what_somebody_vouches_for_is_there(printed: str):
    assert "is not there" not in printed


def test_planned_promises_are_not_counted_as_kept(printed: str):
    assert re.search(r"\d+ kept \(as declared\), .*\d+ planned, which are never kept", printed)

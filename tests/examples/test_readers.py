"""The second story: a withdrawal closes the marketer's next query, and when the years have passed nothing is left."""

import re
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from examples import readers

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, str(ROOT / "examples/readers.py"), "--people", "60"]


@pytest.fixture(scope="module")
def printed() -> str:
    done = subprocess.run(PROGRAM, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_she_is_seen_not_seen_and_seen_again_by_marketing_and_all_the_time_by_orders(printed: str):
    until, _, after = printed.partition("years pass")
    seen = re.findall(r"^(\w+)=> .*;\n {3}(\d) rows", until, re.M)
    assert seen == [("anna", "1"), ("dirk", "1"), ("anna", "0"), ("dirk", "1"), ("anna", "1"), ("dirk", "1")]
    assert re.findall(r"^(\w+)=> .*;\n {3}(\d) rows", after, re.M) == [("anna", "0"), ("dirk", "0")]


def test_the_customer_overview_is_the_order_departments_and_of_running_contracts_alone(printed: str):
    asked = re.findall(r"^(\w+)=> SELECT \* FROM public.customer_overview\(\) .*;\n {3}(.*)$", printed, re.M)
    assert [name for name, _ in asked] == ["anna", "dirk"] * 2
    assert [said for name, said in asked if name == "anna"] == ["permission denied"] * 2
    assert [int(said.split()[0]) > 0 for name, said in asked if name == "dirk"] == [True, False]


def test_the_proof_counts_zero_and_nothing_stays_without_a_removal_form(printed: str):
    proof = printed.partition("The proof")[2]
    assert "store crm: data that nothing justifies: 0" in proof
    assert "stays:" not in proof
    assert "by plain SQL: []" in proof


def test_no_server_is_left(printed: str):
    folder = str(ROOT / readers.STAGE.folder)
    assert [one.pid for one in psutil.process_iter(["cwd"]) if folder in (one.info["cwd"] or "")] == []

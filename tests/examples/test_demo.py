"""The demo does what it says: from nothing to an answer and an erasure, true to the databases, nothing left running."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from belofte.database.server import address, leave
from examples import demo

ROOT = Path(__file__).resolve().parents[2]
WORK, FOLDER = ROOT / demo.WORK, ROOT / demo.FOLDER
PROGRAM = [sys.executable, str(ROOT / "examples/demo.py"), "--people", "60"]

pytestmark = pytest.mark.xdist_group("demo")


def servers() -> list[int]:
    """The processes that work in the demo's folder."""
    return [one.pid for one in psutil.process_iter(["cwd"]) if str(FOLDER) in (one.info["cwd"] or "")]


def shown(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def printed() -> str:
    done = subprocess.run(PROGRAM, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert servers() == []
    return done.stdout


@pytest.fixture
def crm(printed: str) -> Iterator[psycopg.Connection]:
    where = address(FOLDER, {})
    try:
        with psycopg.connect(f"{where} dbname=crm") as connection:
            yield connection
    finally:
        leave(FOLDER)


def test_each_command_is_shown_as_one_would_type_it(printed: str):
    verbs = [re.sub(r" (--|-C|[A-Z0-9]{4}-).*", "", line) for line in shown(printed)]
    assert "$ belofte check" in verbs
    assert "$ belofte request access" in verbs
    assert verbs.count("$ belofte request erasure") == 2
    assert demo.alsico.HEROINE["email"] not in printed.partition("plain SQL")[0]


def test_both_requests_end_fulfilled(printed: str):
    assert re.search(r"access \S+ is fulfilled, erasure \S+ is fulfilled", printed)


def test_rows_of_the_answer_are_those_that_plain_sql_counts(printed: str, crm: psycopg.Connection):
    stores = json.loads((WORK / "access/answer.json").read_text())["stores"]
    # invoices and orders stay with the company whatever an erasure does: their number did not change
    assert stores["crm"]["tables"]["orders"]["rows"] == _one(crm, "select count(*) from orders where contact_id = 1")
    assert stores["crm"]["tables"]["contact"]["rows"] == 1
    assert sum(table["rows"] for table in stores["newsletter"]["tables"].values()) > 0


def test_her_name_is_where_the_report_says_and_nowhere_else(printed: str, crm: psycopg.Connection):
    report = json.loads((WORK / "report/report.json").read_text())
    left = {(one["store"], one["table"], one["column"]): one["count"] for one in report["residue"]}
    assert _one(crm, "select first_name from contact where id = 1") == "[erased]"
    email = demo.alsico.HEROINE["email"]
    query = "select count(*) from note where text ilike '%%' || %s || '%%'"
    # the report tells where a note about somebody else named her; the colleague who looked took that out
    assert left == {("crm", "note", "text"): crm.execute(query, ["a former contact"]).fetchone()[0]}
    assert crm.execute(query, [email]).fetchone() == (0,)
    with sqlite3.connect(WORK / "shop.db") as shop:
        (count,) = shop.execute("select count(*) from subscriber where lower(email) = lower(?)", [email]).fetchone()
    assert count == 0


def test_an_interrupt_leaves_nothing_running(printed: str):
    process = subprocess.Popen(PROGRAM, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    until = time.monotonic() + 60
    while not servers() and time.monotonic() < until:
        time.sleep(0.05)
    assert servers()
    os.killpg(process.pid, signal.SIGINT)  # what Ctrl-C in a terminal does
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert servers() == []


def _one(crm: psycopg.Connection, query: str) -> object:
    return crm.execute(query).fetchone()[0]

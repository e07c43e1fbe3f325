"""The main job on the example company, from nothing: check, a person's access, her erasure over all stores.

    python examples/demo.py [--people 2000]

Everything happens in `build/demo`, which is made anew: PostgreSQL from the wheel holds Belofte's own database and the
company's customer database, SQLite the newsletter tool and web shop (the tests use MariaDB there too). The commands
are printed as one would type them, and run. INVARIANT: however it ends, no server is left running.
"""

from __future__ import annotations

import argparse
import csv
import fcntl
import hashlib
import importlib.util
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

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402
from examples.alsico import company as alsico  # noqa: E402
from psycopg.conninfo import conninfo_to_dict  # noqa: E402

from belofte.choices.imports import Source, import_consents  # noqa: E402
from belofte.cli.company import Company  # noqa: E402
from belofte.database.errors import DatabaseUnavailable  # noqa: E402
from belofte.database.key import company_key  # noqa: E402
from belofte.database.open import open_database  # noqa: E402
from belofte.database.server import address, leave  # noqa: E402

T = TypeVar("T")

WORK = Path("build/demo")
"""The work folder, from the project's root; the commands are printed and run from there."""
FOLDER, PLAN, ACCESS, REPORT = WORK / "alsico", WORK / "plan.json", WORK / "access", WORK / "report"
MARIE = WORK / "marie.txt"
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
WENT = {"deleted": "rows deleted", "erased": "rows erased in place", "unlinked": "rows unlinked from her"}
BECAUSE = {
    "17(3)": "rows that stay need it",
    "15(4)": "it is about others too",
    "4(1)": "it is an organisation's",
    "17(3)(e), 18": "a hold or a restriction",
}
"""What the report says of a row that no purpose keeps by itself, by its article."""


class Failed(Exception):
    """A step did not end as it should."""


def main() -> int:
    """Run the demo and return its exit code: 0 when everything came out, 1 when not, 130 when interrupted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=2000, help="contact persons of the company (default 2000)")
    people = parser.parse_args().people
    signal.signal(signal.SIGTERM, _interrupted)
    os.chdir(ROOT)
    begin = time.monotonic()
    WORK.parent.mkdir(exist_ok=True)
    with (WORK.parent / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("the demo is running already: one at a time in one checkout", file=sys.stderr)
            return 1
        try:
            environ = _set_up(people)
            names = _story(environ)
            _show(environ, names, time.monotonic() - begin)
        except Failed as failed:
            print(f"\nthe demo failed: {failed}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\ninterrupted; stopping the database", file=sys.stderr)
            return 130
        finally:
            _stop()
    return 0


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop() -> None:
    """Stop the embedded server, also one that was just starting."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leave(FOLDER)
    if (FOLDER / ".belofte/postgres/postmaster.pid").exists():  # started, and not yet ours to leave
        try:
            address(FOLDER, {})
        except DatabaseUnavailable as error:
            print(f"the database did not stop: {error}", file=sys.stderr)
        leave(FOLDER)


# -- the company ---------------------------------------------------------------------------------------------


def _set_up(people: int) -> dict[str, str]:
    """Make the company in the work folder; return the environment for the commands."""
    print("Setting up a workwear maker: two databases and a paper archive. Nobody in it exists.\n", flush=True)
    if WORK.exists():
        _stop()  # of a run that was killed
        shutil.rmtree(WORK)
        signal.signal(signal.SIGINT, signal.default_int_handler)
    FOLDER.mkdir(parents=True)
    for part in ("policy", "stores"):
        shutil.copytree(alsico.HERE / part, FOLDER / part)
    own = _step("start PostgreSQL from the wheel", lambda: address(FOLDER, {}))
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute("CREATE DATABASE crm")
    place = conninfo_to_dict(own)
    query = urlencode({"host": place["host"], "port": place["port"]})
    stores = {
        "CRM_URL": f"postgresql://{place['user']}@/crm?{query}",
        "SHOP_URL": f"sqlite:///{(WORK / 'shop.db').resolve()}",
    }
    _step(
        f"fill the customer database (PostgreSQL) and the web shop (SQLite) with {people:,} contact persons",
        lambda: alsico.build(stores["CRM_URL"], stores["SHOP_URL"], people),
    )
    _step("take over the consents that the company has on record", lambda: _import(own))
    descriptor = os.open(MARIE, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(f"{alsico.HEROINE['email']}\n")
    environ = {
        name: value for name, value in os.environ.items() if name == "BELOFTE_DEBUG" or not name.startswith("BELOFTE_")
    }
    if not sys.stdout.isatty():
        environ.setdefault("COLUMNS", str(WIDTH))
    return {**environ, **stores}


def _step(what: str, act: Callable[[], T]) -> T:
    begin = time.monotonic()
    print(f"  {what} … ", end="", flush=True)
    found = act()
    print(f"{time.monotonic() - begin:.1f} s", flush=True)
    return found


def _import(own: str) -> None:
    policy = Company.at(FOLDER).policy.policy
    data = (alsico.HERE / "consents.csv").read_bytes()
    rows = csv.DictReader(io.StringIO(data.decode(), newline=""))
    source = Source("the example's newsletter tool", hashlib.sha256(data).digest(), "demo")
    with open_database(own) as db:
        import_consents(db, company_key(FOLDER, {}), policy, rows, datetime.now(UTC), source)


# -- the commands --------------------------------------------------------------------------------------------


def _run(environ: Mapping[str, str], line: str, *, fine: tuple[int, ...] = (0,), quiet: bool = False) -> str:
    """Print a command line and run it; return its standard output when `quiet`, which it then does not print.

    `< FILE` at the end is its standard input. Raises `Failed` when its exit code is none of `fine`.
    """
    words, _, given = line.partition(" < ")
    if not quiet:
        print(f"\n$ {line} -C {FOLDER}" if not given else f"\n$ {words} -C {FOLDER} < {given}", flush=True)
    command = [str(BELOFTE), *shlex.split(words)[1:], "-C", str(FOLDER)]
    begin = time.monotonic()
    with Path(given or os.devnull).open("rb") as stdin:
        done = subprocess.run(
            command, env=environ, stdin=stdin, stdout=subprocess.PIPE if quiet else None, text=True, check=False
        )
    if done.returncode not in fine:
        raise Failed(f"`{words}` ended with exit code {done.returncode} ({MEANS.get(done.returncode, 'unknown')})")
    if not quiet:
        print(f"(exit {done.returncode}: {MEANS[done.returncode]}; {time.monotonic() - begin:.1f} s)", flush=True)
    return done.stdout or ""


def _chapter(text: str) -> None:
    print(f"\n── {text} {'─' * max(0, WIDTH - len(text) - 4)}", flush=True)


def _story(environ: Mapping[str, str]) -> tuple[str, str]:
    """Run the commands of one access and one erasure; return the names of the two requests."""
    _chapter("Does the policy hold against the law, and do the data maps hold against the live databases?")
    _run(environ, "belofte check")
    if importlib.util.find_spec("belofte.cli.explain") is not None:
        _chapter("Whose is an invoice?")
        _run(environ, "belofte explain crm invoice")
    who = f'--person email=- --verified-by "logged-in session"{{}} < {MARIE}'
    _chapter(f"{alsico.HEROINE['name']} asks what the company knows about her")
    _run(environ, f"belofte request access {who.format(f' --out {ACCESS}')}", fine=(0, 2))
    access = str(_json(ACCESS / "answer.json")["request"])
    _close_tasks(environ, access, "binder 12: two order forms, copies added")
    _chapter("She asks to be forgotten: first the plan, which changes nothing")
    _run(environ, f"belofte request erasure {who.format(f' --plan {PLAN}')}", fine=(2,))
    plan = _json(PLAN)
    erasure = str(plan["request"])
    _chapter("Exactly that plan is carried out")
    _run(environ, f"belofte request erasure --plan {PLAN} --yes --out {REPORT}", fine=(0, 2))
    if plan["undetermined"]:
        _chapter("Objections that a person weighs")
        words = " ".join(f"--uphold {purpose}" for purpose in plan["undetermined"])
        _run(environ, f"belofte request weigh {erasure} {words}", fine=(0, 2))
    _close_tasks(environ, erasure, "binder 12: two order forms shredded, certificate 2211")
    _run(environ, f"belofte request show {erasure}")
    return access, erasure


def _close_tasks(environ: Mapping[str, str], request: str, evidence: str) -> None:
    """Close what the request asks of people, as the archive clerk would."""
    tasks = [one for one in _document(environ, request)["tasks"] if one["closed_by"] is None]
    if tasks:
        _chapter("What no statement can do, people do, and say what shows it")
    for task in tasks:
        by, shows = "clerk", evidence
        if str(task["what"]).startswith("look at"):
            by, shows = "sofie", "the note was rewritten without her address"
            _rewrite_note(environ)
        _run(environ, f'belofte request task {task["id"]} --evidence "{shows}" --by {by}', fine=(0, 2))


def _rewrite_note(environ: Mapping[str, str]) -> None:
    """Take her address out of the note about somebody else, as the colleague who wrote it would."""
    email = alsico.HEROINE["email"]
    with psycopg.connect(environ["CRM_URL"]) as crm:
        crm.execute(
            "UPDATE note SET text = regexp_replace(text, %s, %s, %s)",
            (email.replace(".", "[.]"), "a former contact", "gi"),
        )


def _document(environ: Mapping[str, str], request: str) -> dict[str, object]:
    return json.loads(_run(environ, f"belofte request show {request} --json", quiet=True))


def _json(file: Path) -> dict[str, object]:
    return json.loads(file.read_text(encoding="utf-8"))


# -- the summary ---------------------------------------------------------------------------------------------


def _show(environ: Mapping[str, str], requests: tuple[str, str], seconds: float) -> None:
    """Print what came of it: from what the commands wrote, and from the databases themselves."""
    _chapter("In short")
    print("Found about her, her own rows only:")
    for store, found in _json(ACCESS / "answer.json")["stores"].items():
        rows = {name: table["rows"] for name, table in found["tables"].items() if table["rows"]}
        print(f"  {store}: {_rows(sum(rows.values()))} in {len(rows)} tables")
    report = _json(REPORT / "report.json")
    print("Let go of (a row may be both erased in place and unlinked):")
    for store, found in report["stores"].items():
        counts = found["tables"].values()
        went = [f"{sum(one[key] for one in counts)} {words}" for key, words in WENT.items()]
        print(f"  {store}: {', '.join(went)}")
    print("Stays, and why:")
    titles = {one.title.of("fr"): one.title.of("en") for one in Company.at(FOLDER).policy.policy.purposes.values()}
    for store, found in report["stores"].items():
        for name, table in found["tables"].items():
            why = [
                titles.get(one["purpose"]) or BECAUSE.get(one["article"], one["article"]) for one in table["reasons"]
            ]
            if table["kept"]:
                print(f"  {store}.{name}: {_rows(table['kept'])}: {', '.join(why)}")
    print("Searched again afterwards, every text column:")
    for left in report["residue"]:
        print(f"  {left['store']}.{left['table']}.{left['column']}: {_rows(left['count'])} of other people name her")
    if not report["residue"]:
        print("  nothing names her any more")
    for gap in report["uncovered"]:
        print(f"  not covered: the {gap['kind']} of {gap['store']} ({gap['words']})")
    with psycopg.connect(environ["CRM_URL"]) as crm:
        row = crm.execute("SELECT first_name, last_name, email, mobile FROM contact WHERE id = 1").fetchone()
    print(f"Her row in the customer database, by plain SQL: {row}")
    states = {name: _document(environ, name)["state"] for name in requests}
    access, erasure = requests
    print(f"Requests: access {access} is {states[access]}, erasure {erasure} is {states[erasure]}")
    print(f"Pages to open: {ACCESS / 'index.html'} and {REPORT / 'index.html'}")
    print(f"It took {seconds:.0f} s; the databases are stopped, and {WORK} may be thrown away.")


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"


if __name__ == "__main__":
    sys.exit(main())

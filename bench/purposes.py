"""What a purpose's view costs its reader: scan, join and point, against the same query on the bare tables.

10, 60 and 97 % of the people consented. The bare query returns all rows, also those that the purpose may not see.
Both sides run in turn in one session as the reader's own role, and the median of several counts.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql
from tests.servers import postgres_server

from belofte.compiler.setting import CIVIL, Setting
from belofte.compiler.standing import allowed_table, calendar, identity, slots
from belofte.compiler.statement import Statement, text
from belofte.datamap.graph import Graph
from belofte.datamap.model import DataMap
from belofte.policy.model import Policy
from belofte.policy.person import nobody
from belofte.purposes.desired import Desired, desired
from belofte.stores.connect import connect
from belofte.stores.postgres_views import ground_made, purpose_role
from belofte.stores.reflect import reflect

PREFIXES = ("purposes.",)
PEOPLE = 1_000_000
ORDERS = 3
ROUNDS = 5
SHARES = (10, 60, 97)
GOALS = {"integer": 1.25, "text": 1.5}

Row = dict[str, Any]

SCRIPT = """
CREATE TABLE person (id {key} PRIMARY KEY, name text NOT NULL, email text NOT NULL, city text NOT NULL);
INSERT INTO person SELECT {cast}, 'Name ' || n, 'person' || n || '@example.com', 'City ' || n %% 500
    FROM generate_series(1, %(people)s) n;
CREATE TABLE orders (
    id integer PRIMARY KEY, person_id {key} NOT NULL, total integer NOT NULL, placed date NOT NULL, what text NOT NULL
);
INSERT INTO orders SELECT m, {owner}, m %% 1000, date '2026-03-31' - m %% 900, 'thing ' || m %% 50
    FROM generate_series(1, %(orders)s) m;
ALTER TABLE orders ADD FOREIGN KEY (person_id) REFERENCES person (id);
CREATE INDEX ON orders (person_id);
CREATE INDEX ON orders (placed);
"""

QUERIES = {
    "scan.people": "SELECT count(*), max(name) FROM {s}.person",
    "scan.orders": "SELECT count(*), sum(total) FROM {s}.orders",
    "join": "SELECT p.city, sum(o.total) FROM {s}.person p JOIN {s}.orders o ON o.person_id = p.id "
    "WHERE o.placed > date '2025-12-31' GROUP BY p.city",
    "point.person": "SELECT name, email FROM {s}.person WHERE id = %(key)s",
    "point.orders": "SELECT total, what FROM {s}.orders WHERE person_id = %(key)s",
}


def policy() -> Policy:
    """Return a policy with a purpose per share of people."""
    purpose = {"title": "T", "basis": "consent", "uses": ["identity", "dealings"]}
    return Policy.model_validate(
        {
            "belofte": 1, "languages": ["en"], "people": ["customer"],
            "organisation": {"name": "X", "country": "BE", "authority": "be-apd"},
            "categories": {
                "identity": {"title": "I", "elements": {"name": "pd:Name", "email": "pd:EmailAddress"}},
                "dealings": {"title": "D", "elements": {"order": "pd:Purchase"}},
            },
            "purposes": {f"p{share}": purpose for share in SHARES},
        }
    )  # fmt: skip


def stated() -> DataMap:
    """Return the map of the two tables."""
    dealings = dict.fromkeys(("total", "placed", "what"), "dealings.order")
    people = {"table": "person", "key": "id", "is": "customer", "identifiers": {"email": "email"}}
    return DataMap.model_validate(
        {
            "store": "bench", "mode": "enforce", "people": {"customer": people},
            "tables": {
                "person": {"columns": {"name": "identity.name", "email": "identity.email", "city": "identity.name"}},
                "orders": {"columns": dealings},
            },
        }
    )  # fmt: skip


def run() -> list[Row]:
    """Measure integer keys, then text keys."""
    return [row for kind in GOALS for row in measured(kind)]


def measured(kind: str) -> Iterator[Row]:
    """Yield the rows for one kind of key."""
    with postgres_server() as server:
        database = server.fresh()
        with psycopg.connect(host=str(server.socket), user="postgres", dbname=database, autocommit=True) as connection:
            filled(connection, kind)
            made(connection, server.url(database))
            for share in SHARES:
                for name, query in QUERIES.items():
                    yield compared(connection, kind, share, name, query)


def filled(connection: psycopg.Connection[Any], kind: str) -> None:
    """Fill the company's tables."""
    text_key = kind == "text"
    parts = {
        "key": sql.SQL("text" if text_key else "integer"),
        "cast": sql.SQL("'person-' || n" if text_key else "n"),
        "owner": sql.SQL("'person-' || (1 + m %% %(people)s)" if text_key else "1 + m %% %(people)s"),
    }
    given = {"people": PEOPLE, "orders": PEOPLE * ORDERS}
    for statement in SCRIPT.split(";\n"):
        if statement.strip():
            with psycopg.ClientCursor(connection) as cursor:
                cursor.execute(sql.SQL(statement).format(**parts), given)


def made(connection: psycopg.Connection[Any], url: str) -> Desired:
    """Make the views as `apply` does, and tell the store who consented, in bulk."""
    store = connect(url, read_only=False, name="bench")
    graph = Graph(stated(), reflect(store.engine))
    setting = Setting(policy(), graph, datetime.now(UTC), {}, nobody(policy()))
    wanted = desired(setting, "bench", list(policy().purposes))
    for statement in (*ground_made(), *(s for item in wanted.items for s in item.make)):
        connection.execute(statement)
    digest = text(Statement(identity(graph, "customer", "p")), "postgres").rstrip(";")
    until = datetime.now(UTC) + timedelta(days=3)
    for (purpose, channel), slot in slots(policy()).items():
        connection.execute("INSERT INTO belofte.slot VALUES (%s, %s, %s, %s)", [slot, purpose, channel, until])
        insert = "INSERT INTO {} (slot, k0, consent, shut, identity) SELECT {}, p.id, true, false, {} FROM person p "
        share = int(purpose.removeprefix("p"))
        where = "WHERE abs(hashtext(p.email)) % 100 < {}"
        target = sql.Identifier(*allowed_table("customer").split("."))
        connection.execute(
            sql.SQL(insert + where).format(target, sql.Literal(slot), sql.SQL(digest), sql.Literal(share))
        )
    with connection.cursor() as cursor, cursor.copy("COPY belofte.first_day FROM STDIN") as copy:
        for row in calendar(wanted.terms, datetime.now(UTC).date(), 3, CIVIL):
            copy.write_row(row)
    connection.execute("VACUUM ANALYZE")
    store.close()
    return wanted


def compared(connection: psycopg.Connection[Any], kind: str, share: int, name: str, query: str) -> Row:
    """Return one row: the view against the bare table."""
    purpose = f"p{share}"
    bare, view = (query.format(s=schema) for schema in ("public", f"for_{purpose}"))
    point = name.startswith("point")
    rounds = ROUNDS if not point else 40
    ours: list[float] = []
    base: list[float] = []
    role = sql.Identifier(purpose_role("bench", purpose))
    for number in range(rounds):
        for found, asked, bound in ((base, bare, False), (ours, view, True)):
            if bound:
                connection.execute(sql.SQL("SET ROLE {}").format(role))
            found.append(timed(connection, asked, kind, number, 20 if point else 1))
            connection.execute("RESET ROLE")
    ours_s, base_s = statistics.median(ours), statistics.median(base)
    return {
        "name": f"purposes.{name}.{kind}.{share}", "ratio": ours_s / base_s, "goal": GOALS[kind], "ours_s": ours_s,
        "base_s": base_s, "n": PEOPLE,
    }  # fmt: skip


def timed(connection: psycopg.Connection[Any], query: str, kind: str, number: int, times: int) -> float:
    """Return how long a query takes, asked so many times for different people."""
    keys = [(number * 7919 + turn * 104_729) % PEOPLE + 1 for turn in range(times)]
    began = time.perf_counter()
    for key in keys:
        connection.execute(query, {"key": f"person-{key}" if kind == "text" else key}).fetchall()
    return (time.perf_counter() - began) / times

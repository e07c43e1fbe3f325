"""What a purpose's view costs its reader: scan, join and point, against the same query on the bare tables.

10, 60 and 97 % of the people consented. The bare query returns all rows, also those that the purpose may not see.
Both sides run in turn in one session as the reader's own role, and the median of several counts; the rows that a point
query finds are read once before, so that neither side fetches them for the other. Beside it: what one withdrawal and a
thousand take until the store shows it, what a thousand more purposes cost a reader, the space of what a store is told
against the company's rows, and what row-level security written by hand would cost.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from tests.servers import Postgres, postgres_server

from belofte.choices.events import Event, Kind, Origin, record
from belofte.choices.subjects import Identifier, subject_of
from belofte.compiler.setting import Setting
from belofte.compiler.standing import allowed_table, bitmapped, calendar, slots
from belofte.database.key import company_key
from belofte.database.open import open_database
from belofte.datamap.graph import Graph
from belofte.datamap.model import DataMap
from belofte.law.term import CIVIL
from belofte.policy.model import Policy
from belofte.policy.person import nobody
from belofte.purposes.desired import Desired, desired
from belofte.purposes.projecting import handle, project
from belofte.rights.desk import Desk, StoreSpec
from belofte.stores.connect import connect
from belofte.stores.postgres_views import ground_made, purpose_role
from belofte.stores.postgres_whose import PLACES, tell_persons
from belofte.stores.reflect import reflect
from belofte.stores.session import session

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

BITS = """
INSERT INTO belofte.open_customer
SELECT %(slot)s, block, decode(string_agg(lpad(to_hex(byte), 2, '0'), '' ORDER BY place), 'hex') FROM (
    SELECT n / 32768 AS block, n %% 32768 / 8 AS place,
        bit_or((1 << n %% 8) * CAST(p.id IS NOT NULL AS integer)) AS byte
    FROM generate_series(0, (%(people)s / 32768 + 1) * 32768 - 1) n
    LEFT JOIN person p ON p.id = n AND abs(hashtext(p.email)) %% 100 < %(share)s GROUP BY 1, 2
) bytes GROUP BY block
"""
ROWS = """
INSERT INTO {} (slot, k0, consent, shut) SELECT %(slot)s, p.id, true, false FROM person p
WHERE abs(hashtext(p.email)) %% 100 < %(share)s
"""
HANDLES = """
INSERT INTO belofte.person_customer SELECT place, array_agg(handle), array_agg(id) FROM (
    SELECT handle, id, ((handle >> (64 - %(bits)s)) & ((1 << %(bits)s) - 1))::integer AS place
    FROM (SELECT hashtextextended(p.email, 0) AS handle, p.id FROM person p) named
) placed GROUP BY place ORDER BY place
"""
MORE = """
INSERT INTO belofte.slot SELECT n, 'more' || n, NULL, now() + interval '3 days' FROM generate_series(1, 1190) n;
INSERT INTO belofte.open_customer SELECT n, o.block, o.bits FROM belofte.open_customer o, generate_series(1, 1190) n
    WHERE o.slot = {slot} AND o.block < 1;
VACUUM ANALYZE belofte.slot; VACUUM ANALYZE belofte.open_customer
"""
SPACE = """
SELECT sum(pg_total_relation_size(c.oid)) FILTER (WHERE n.nspname = 'belofte'),
    sum(pg_relation_size(c.oid)) FILTER (WHERE n.nspname = 'public')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'
"""
BY_HAND = """
CREATE TABLE consent (person_id integer, purpose text, PRIMARY KEY (person_id, purpose));
INSERT INTO consent SELECT id, 'p60' FROM person WHERE abs(hashtext(email)) % 100 < 60;
CREATE ROLE by_hand; GRANT SELECT ON person, orders, consent TO by_hand;
ALTER TABLE person ENABLE ROW LEVEL SECURITY; ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON person USING (EXISTS (SELECT FROM consent c WHERE c.person_id = person.id AND c.purpose = 'p60'));
CREATE POLICY p ON orders
    USING (EXISTS (SELECT FROM consent c WHERE c.person_id = orders.person_id AND c.purpose = 'p60'));
VACUUM ANALYZE consent
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
        with connected(server, database) as connection:
            filled(connection, kind)
            made(connection, server.url(database))
            for share in SHARES:
                for name, query in QUERIES.items():
                    yield compared(connection, kind, share, name, query)
            yield space(connection, kind)
            if kind == "integer":
                yield from withdrawn(connection, server)
        if kind == "integer":
            yield from grown(server, database)
            with connected(server, database) as connection:
                yield from by_hand(connection, kind)


def connected(server: Postgres, database: str) -> psycopg.Connection[Any]:
    """Return a connection to a database of the server, as its owner."""
    return psycopg.connect(host=str(server.socket), user="postgres", dbname=database, autocommit=True)


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
    until = datetime.now(UTC) + timedelta(days=3)
    target = sql.Identifier(*allowed_table("customer").split("."))
    for (purpose, channel), slot in slots(policy()).items():
        connection.execute("INSERT INTO belofte.slot VALUES (%s, %s, %s, %s)", [slot, purpose, channel, until])
        given = {"slot": slot, "share": int(purpose.removeprefix("p")), "people": PEOPLE}
        if bitmapped(graph, "customer"):
            connection.execute(BITS, given)
        else:
            connection.execute(sql.SQL(ROWS).format(target), given)
    connection.execute(HANDLES, {"bits": PLACES})
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
        if point:
            timed(connection, bare, kind, number, 20)
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


def space(connection: psycopg.Connection[Any], kind: str) -> Row:
    """Return the row of what the store was told against the company's rows, both in bytes, indexes of ours included.

    Three purposes, to which 10, 60 and 97 % consented.
    """
    found = connection.execute(SPACE).fetchone()
    assert found is not None
    told, heap = (int(size) for size in found)
    return {
        "name": f"purposes.space.{kind}", "ratio": told / heap, "goal": 0.2, "ours_s": told / 1e9, "base_s": heap / 1e9,
        "n": PEOPLE,
    }  # fmt: skip


def withdrawn(connection: psycopg.Connection[Any], server: Postgres) -> Iterator[Row]:
    """Yield the rows of a withdrawal told to the store until it shows it, one by one and a thousand together."""
    many = 1_000
    with TemporaryDirectory() as folder:
        db = open_database(server.url(server.fresh()).replace("+psycopg", ""))
        url = server.url(connection.info.dbname)
        desk = Desk(policy(), {"bench": StoreSpec(stated(), lambda: url)}, db, company_key(Path(folder), {}))
        people = [n * 991 + 1 for n in range(2 * many)]
        emails = [[Identifier("email", f"person{key}@example.com")] for key in people]
        subjects = [found for one in emails for found in [subject_of(db, desk.key, one)] if isinstance(found, UUID)]
        opened = desk.open("bench", read_only=False)
        with session(opened.store) as changing:
            whose = {(key,): [handle(subject)] for key, subject in zip(people, subjects, strict=True)}
            tell_persons(changing, "customer", ["integer"], whose)
            changing.commit()
        record(db, [Event(Kind.CONSENT_WITHDRAWN, s, datetime.now(UTC), purpose="p97", origin=Origin.PERSON)
                    for s in subjects])  # fmt: skip
        project(desk, subjects[:1])
        single = []
        for subject in subjects[1:41]:
            began = time.perf_counter()
            project(desk, [subject])
            single.append(time.perf_counter() - began)
        began = time.perf_counter()
        project(desk, subjects[many:])
        together = time.perf_counter() - began
        desk.close()
        db.close()
    for name, ours_s, base_s, n in (("one", statistics.median(single), 0.02, 1), ("thousand", together, 1.0, many)):
        yield {"name": f"purposes.withdrawal.{name}", "ratio": ours_s / base_s, "goal": 1.0, "ours_s": ours_s,
               "base_s": base_s, "n": n}  # fmt: skip


def grown(server: Postgres, database: str) -> Iterator[Row]:
    """Yield the rows of a read where the store is told of 1,200 purposes, against the same in a copy told of three.

    The two follow each other closely: what else the machine does meets both alike.
    """
    more = server.fresh(database)
    with connected(server, database) as few, connected(server, more) as many:
        for statement in MORE.format(slot=slots(policy())["p97", None]).split(";"):
            many.execute(statement)
        for connection in (few, many):
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(purpose_role("bench", "p97"))))
        for name in ("scan.people", "point.person"):
            point = name.startswith("point")
            query, times = QUERIES[name].format(s="for_p97"), 20 if point else 1
            ours: list[float] = []
            base: list[float] = []
            for number in range(-3, 40 if point else 9):
                for connection, found in ((few, base), (many, ours)):
                    took = timed(connection, query, "integer", number, times)
                    if number >= 0:  # before that, what was copied is read for the first time
                        found.append(took)
            ours_s, base_s = statistics.median(ours), statistics.median(base)
            yield {"name": f"purposes.growth.{name}", "ratio": ours_s / base_s, "goal": 1.1, "ours_s": ours_s,
                   "base_s": base_s, "n": 1_200}  # fmt: skip
    server.drop(more)


def by_hand(connection: psycopg.Connection[Any], kind: str) -> Iterator[Row]:
    """Yield what row-level security written by hand costs, against the bare tables: no goal, a comparison."""
    for statement in BY_HAND.split(";"):
        connection.execute(statement)
    for name, query in QUERIES.items():
        point = name.startswith("point")
        times: dict[str, list[float]] = {"none": [], "by_hand": []}
        for number in range(40 if point else ROUNDS):
            for role, found in times.items():
                connection.execute(sql.SQL("SET ROLE {}").format(sql.SQL(role)))
                found.append(timed(connection, query.format(s="public"), kind, number, 20 if point else 1))
        connection.execute("RESET ROLE")
        ratio = statistics.median(times["by_hand"]) / statistics.median(times["none"])
        yield {"name": f"purposes.by-hand.{name}.60", "value": ratio, "n": PEOPLE}

"""The two sides of GDPRbench: Belofte's operations, and what is written by hand (`gdprbench` says which is which)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from belofte.choices.events import Event, Kind, record
from belofte.choices.subjects import Identifier, candidates, events_of, subjects_of
from belofte.cli.request.planning import Round, planned, remember
from belofte.cli.request.shared import end, open_notices, record_closings
from belofte.cli.telling import tell_stores
from belofte.compiler.search import LARGE
from belofte.database import requests
from belofte.database.requests import StoreState
from belofte.datamap.model import DataMap
from belofte.policy.model import Policy
from belofte.purposes.projecting import project
from belofte.rights import objection, rectification
from belofte.rights.contents import Classes, read_store
from belofte.rights.correcting import correct
from belofte.rights.desk import Desk
from belofte.rights.identify import Asked
from belofte.rights.intake import meet, take_in
from belofte.rights.letting_go import execute
from belofte.rights.residue import left_of
from bench.gdprbench_model import CLOSING, COLUMNS, META, PURPOSES, RECORDS, Shown, email

SCHEMA = """
CREATE TABLE person (id integer PRIMARY KEY, email text NOT NULL UNIQUE);
CREATE TABLE record (
    key text PRIMARY KEY, pur text NOT NULL, pur2 text, ttl integer NOT NULL,
    usr integer NOT NULL REFERENCES person (id), obj text NOT NULL, dec text NOT NULL, acl text NOT NULL,
    shr text NOT NULL, src text NOT NULL, cat text NOT NULL, data text NOT NULL
);
CREATE INDEX ON person (lower(email)); -- as `belofte check` advises for what people are found by
CREATE INDEX ON record (usr); CREATE INDEX ON record (pur); CREATE INDEX ON record (pur2);
"""
BY_HAND = """
CREATE TABLE objection (usr integer, pur text, PRIMARY KEY (usr, pur));
CREATE TABLE log (usr integer, at timestamptz NOT NULL DEFAULT now(), what text, pur text); CREATE INDEX ON log (usr);
"""
ITEMS = ", ".join(COLUMNS)
METADATA = ", ".join(META)
MAY = "(pur = %(p)s OR pur2 = %(p)s) AND NOT EXISTS (SELECT FROM objection o WHERE o.usr = r.usr AND o.pur = %(p)s)"
READ = {
    "read": f"SELECT {ITEMS} FROM record r WHERE key = %(key)s AND {MAY}",  # noqa: S608
    "purpose": f"SELECT {METADATA} FROM record r WHERE {MAY}",  # noqa: S608
    "user": f"SELECT {METADATA} FROM record r WHERE usr = %(usr)s AND {MAY}",  # noqa: S608
    "access": f"SELECT {METADATA} FROM record WHERE usr = (SELECT id FROM person WHERE email = %(email)s)",  # noqa: S608
}
TEXTS = [name for name in COLUMNS if name not in ("ttl", "usr")]
INDEXED = ("key", "pur", "pur2")
NAMING = (
    " OR ".join(f"{name} = %(email)s" for name in INDEXED)
    if RECORDS >= LARGE
    else " OR ".join(f"lower({name}) LIKE %(like)s" for name in TEXTS)
)
LOOK = "SELECT count(*) FROM person WHERE lower(email) LIKE %(like)s"
SEARCH = f"{LOOK} UNION ALL SELECT count(*) FROM record WHERE {NAMING}"  # noqa: S608
"""What a search for a word looks through: all texts, or in a large table those that an index finds."""
WHOLE = f"SELECT {ITEMS} FROM record"  # noqa: S608
VIEWED = {
    "read": f"SELECT {ITEMS} FROM {{}}.record WHERE key = %(key)s",  # noqa: S608
    "purpose": f"SELECT {METADATA} FROM {{}}.record",  # noqa: S608
    "user": f"SELECT {METADATA} FROM {{}}.record WHERE usr = %(usr)s",  # noqa: S608
}
MATCHES = "SELECT p.id, p.email FROM person p WHERE id IN (SELECT usr FROM record WHERE pur = %(p)s OR pur2 = %(p)s)"
OF_PURPOSE = "(SELECT DISTINCT usr FROM record WHERE pur = %(p)s OR pur2 = %(p)s)"
CLOSED = "INSERT INTO log (usr, what, pur) SELECT %(usr)s, 'erased', unnest(%(all)s::text[])"
INSERT = f"INSERT INTO record ({ITEMS}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608


def asked(usr: int) -> list[Asked]:
    """Return a person as she is asked about."""
    return [Asked("email", email(usr))]


def policy() -> Policy:
    """Return a policy with the benchmark's purposes, each of the records that say so."""
    interest = {"title": "T", "basis": "legitimate-interest", "on_objection": "uphold"}
    return Policy.model_validate(
        {
            "belofte": 1, "languages": ["en"], "people": ["customer"], "limits": {"share_of_people": 1},
            "organisation": {"name": "X", "country": "BE", "authority": "be-apd"},
            "categories": {
                "identity": {"title": "I", "elements": {"email": "pd:EmailAddress"}},
                "record": {"title": "R", "elements": {"metadata": "pd:Purchase", "data": "pd:Purchase"}},
            },
            "purposes": {
                "accounts": interest | {"uses": ["identity"]},
                **{one: interest | {"uses": ["record"], "while": f"record.is_{one}"} for one in PURPOSES},
            },
        }
    )  # fmt: skip


def stated() -> DataMap:
    """Return the map of the two tables."""
    told = [name for name in META if name not in ("key", "usr")]
    customer = {"table": "person", "key": "id", "is": "customer", "identifiers": {"email": "email"}}
    columns = dict.fromkeys(told, "record.metadata") | {"data": "record.data"}
    return DataMap.model_validate(
        {
            "store": "bench", "mode": "enforce", "people": {"customer": customer},
            "tables": {
                "person": {"columns": {"email": "identity.email"}},
                "record": {
                    "columns": columns,
                    "facts": {f"is_{one}": f"pur = '{one}' or pur2 = '{one}'" for one in PURPOSES},
                },
            },
        }
    )  # fmt: skip


@dataclass
class Base:
    """What a careful engineer writes by hand on the same tables."""

    bare: psycopg.Connection[Any]

    def do(self, kind: str, given: dict[str, Any]) -> tuple[Shown, int]:
        """Do an operation; return what was read, and how many rows were read or changed."""
        if kind in READ:
            found = self.bare.execute(READ[kind], given).fetchall()
            return found, len(found)
        if kind == "logs":
            found = self.bare.execute("SELECT * FROM log WHERE usr = %(usr)s", given).fetchall()
            return [() for _ in found], len(found)
        if kind == "search":
            found = self.bare.execute(SEARCH, {**given, "like": f"%{given['email']}%"}).fetchall()
            left = [one for one in found if one[0]]
            return left, len(left)
        if kind == "verify":
            left = self.bare.execute("SELECT key FROM record WHERE usr = %(usr)s", given).fetchall()
            left += self.bare.execute("SELECT id FROM person WHERE email = %(email)s", given).fetchall()
            return left, len(left)
        with self.bare.transaction():
            return [], self._change(kind, given)

    def _change(self, kind: str, given: dict[str, Any]) -> int:
        if kind == "erase":
            count = self.bare.execute("DELETE FROM record WHERE usr = %(usr)s", given).rowcount
            self.bare.execute(CLOSED, {**given, "all": CLOSING})
            return count + self.bare.execute("DELETE FROM person WHERE id = %(usr)s", given).rowcount
        if kind == "rectify":
            return self.bare.execute("UPDATE record SET data = %(value)s WHERE usr = %(usr)s", given).rowcount
        if kind == "object":
            whose = "(SELECT id AS usr FROM person WHERE id = %(usr)s)"
            return self._object(whose, "%(p)s::text", given)
        if kind.startswith("update") and given["name"] == "obj":
            if "p" in given:
                return self._object(OF_PURPOSE, "%(p)s::text", given)
            each = "SELECT usr, {} AS pur FROM record WHERE usr = %(usr)s"
            both = f"({each.format('pur')} UNION {each.format('pur2')})"
            return self._object(f"(SELECT * FROM {both} b WHERE pur IS NOT NULL)", "w.pur", given)  # noqa: S608
        return company(self.bare, kind, given)

    def _object(self, whose: str, purpose: str, given: dict[str, Any]) -> int:
        what = f"SELECT w.usr, {purpose} FROM {whose} w"  # noqa: S608
        count = self.bare.execute(f"INSERT INTO objection {what} ON CONFLICT DO NOTHING", given).rowcount
        self.bare.execute(f"INSERT INTO log (usr, pur) {what}", given)
        return count


def company(bare: psycopg.Connection[Any], kind: str, given: dict[str, Any]) -> int:
    """Do what is the company's own statement on its own table, on either side; return how many rows changed."""
    if kind == "insert":
        return bare.execute(INSERT, given["row"]).rowcount
    if kind == "delete":
        return bare.execute("DELETE FROM record WHERE key = %(key)s", given).rowcount
    where = "pur = %(p)s OR pur2 = %(p)s" if "p" in given else "usr = %(usr)s"
    query = sql.SQL("UPDATE record SET {} = %(value)s WHERE {}").format(sql.Identifier(given["name"]), sql.SQL(where))
    return bare.execute(query, given).rowcount


@dataclass
class Ours:
    """Belofte: a desk, a reader per purpose under its role, and the company's own connection."""

    desk: Desk
    bare: psycopg.Connection[Any]
    readers: dict[str, psycopg.Connection[Any]]

    def do(self, kind: str, given: dict[str, Any]) -> tuple[Shown, int]:
        """Do an operation; return what was read, and how many rows were read or changed."""
        if kind in VIEWED:
            query = sql.SQL(VIEWED[kind]).format(sql.Identifier(f"for_{given['p']}"))
            found = self.readers[given["p"]].execute(query, given).fetchall()
            return found, len(found)
        by_kind: dict[str, Callable[[dict[str, Any]], tuple[Shown, int]]] = {
            "access": self.access, "logs": self.logs, "verify": self.verify, "erase": self.erase,
            "search": self.search, "rectify": self.rectify, "object": self.object,
        }  # fmt: skip
        if kind in by_kind:
            return by_kind[kind](given)
        if kind.startswith("update") and given["name"] == "obj":
            return self.object_all(given) if "p" in given else self.object(given)
        return [], company(self.bare, kind, given)

    def access(self, given: dict[str, Any]) -> tuple[Shown, int]:
        """Answer access: recorded, identified, read, closed."""
        intake = take_in(self.desk, "access", [asked(given["usr"])])
        found: Shown = []
        count = 0
        for part in read_store(self.desk, intake, "bench", Classes()):
            rows = [row for row, _ in part.rows]
            count += len(rows)
            if part.table == "record":
                places = [part.columns.index(name) for name in META]
                found = [tuple(row[place] for place in places) for row in rows]
        requests.progress(self.desk.db, intake.request.id, "bench", StoreState.DONE)
        end(self.desk, intake)
        return found, count

    def logs(self, given: dict[str, Any]) -> tuple[Shown, int]:
        """Return what is recorded of a person's choices."""
        led = candidates(self.desk.db, self.desk.key, [[Identifier("email", given["email"])]])[0]
        found = [one for own in events_of(self.desk.db, led, self.desk.clock()).values() for one in own]
        return [() for _ in found], len(found)

    def verify(self, given: dict[str, Any]) -> tuple[Shown, int]:
        """Look for a person who was erased by her identifier, and for her erasure on record."""
        met = meet(self.desk, [asked(given["usr"])], make_known=False)
        made = requests.requests_of(self.desk.db, met.people[0].subjects)
        erased = any((one.right, one.state) == ("erasure", "fulfilled") for one in made)
        left: Shown = [(name,) for name in met.confirmed] + ([] if erased else [("no erasure on record",)])
        return left, len(left)

    def search(self, given: dict[str, Any]) -> tuple[Shown, int]:
        """Look for a person who was erased: by her identifier, and for it in the text columns."""
        met = meet(self.desk, [asked(given["usr"])], make_known=False)
        residue, _ = left_of(self.desk, [given["email"]], {"bench": {}})  # large tables: what was not read is told
        left: Shown = [(name,) for name in met.confirmed] + [(str(one),) for one in residue]
        return left, len(left)

    def erase(self, given: dict[str, Any]) -> tuple[Shown, int]:
        """Erase a person: decided, planned, told, carried out, searched, closed."""
        desk = self.desk
        intake = take_in(desk, "erasure", [asked(given["usr"])])
        round_ = Round(desk.clock(), frozenset(), {})
        made = planned(desk, intake, round_, estimate=False)
        remember(desk, intake, round_, made)
        result = execute(desk, intake, made.plan, waiting=made.open, closed=lambda: tell_stores(desk, intake))
        assert not result.residue
        assert end(desk, intake) == "fulfilled"
        counts = [one for store in result.stores.values() for one in store.tables.values()]
        return [], sum(int(str(one["deleted"])) for one in counts)

    def rectify(self, given: dict[str, Any]) -> tuple[Shown, int]:
        """Correct a value of a person: decided, tried, carried out, closed."""
        desk, wanted = self.desk, {"record.data": str(given["value"])}
        intake = take_in(desk, "rectification", [asked(given["usr"])])
        change = rectification.Change("record.data", "inaccurate", established=True)
        record_closings(desk, intake, rectification.decide(desk.policy, [change], desk.clock()))
        correct(desk, intake, wanted, foresee=True)
        found = correct(desk, intake, wanted, foresee=False)
        open_notices(desk, intake, {"record"})
        assert end(desk, intake) == "fulfilled"
        return [], sum(one.changed for tables in found.values() for one in tables.values())

    def object(self, given: dict[str, Any]) -> tuple[Shown, int]:
        """Record a person's objection, upheld, and tell the store: to one purpose, or to all that her records have."""
        desk, at = self.desk, self.desk.clock()
        met = meet(desk, [asked(given["usr"])])
        if not met.confirmed:
            return [], 0
        purposes = [given["p"]] if "p" in given else self._purposes(given)
        decision = objection.decide(desk.policy, met.people[0].kinds, at, purposes)
        made = [Event(c.kind, s, at, c.purpose) for s in met.people[0].subjects for c in decision.closings]
        record(desk.db, made)
        tell_stores(desk, met)
        return [], len(made)

    def _purposes(self, given: dict[str, Any]) -> list[str]:
        found = self.bare.execute("SELECT pur, pur2 FROM record WHERE usr = %(usr)s", given).fetchall()
        return sorted({one for row in found for one in row if one is not None})

    def object_all(self, given: dict[str, Any]) -> tuple[Shown, int]:
        """Record that everybody with records of a purpose objected, upheld, and tell the store."""
        desk, at = self.desk, self.desk.clock()
        people = self.bare.execute(MATCHES, given).fetchall()
        subjects = known(desk, [usr for usr, _ in people])
        record(desk.db, [Event(Kind.OBJECTION_UPHELD, subject, at, given["p"]) for subject in subjects])
        project(desk, subjects, {("bench", "customer"): [(usr,) for usr, _ in people]})
        return [], len(people)


def known(desk: Desk, users: Sequence[int]) -> list[UUID]:
    """Return the people of the company as Belofte knows them, made known where they are not."""
    found = subjects_of(desk.db, desk.key, [[Identifier("email", email(usr))] for usr in users])
    return [one for one in found if isinstance(one, UUID)]

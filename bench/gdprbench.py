"""GDPRbench (Shastri et al., VLDB 2020) through Belofte's own operations, against bare indexed PostgreSQL in one run.

One table of records with the benchmark's attributes, owned by 10,000 people. Both sides begin as equal databases and do
the same operations in turn; a model in Python foretells what each read must return on either side, and an answer that
is otherwise raises. PUR are purposes of the policy, on legitimate interest: objections close them. By hand they are a
table `objection (usr, pur)`, which the base's reads ask, so that both sides show the same rows.

| operation | ours | base |
|---|---|---|
| read by key (customer, processor) | the record's purpose's view, under its role | `SELECT … WHERE key` |
| read metadata by purpose | all of the purpose's view | `WHERE pur … AND NOT EXISTS (objection)` |
| read metadata by user, processor | the view `WHERE usr` | the same on the table |
| read metadata by user, customer and regulator | an access answer: recorded, identified, read, closed | `WHERE usr` |
| update by key, customer | rectification: one request each, in every row of hers | `UPDATE … WHERE usr` |
| update metadata by purpose or user, OBJ | objections upheld, recorded, told to the store | `objection`, `log` |
| update metadata by purpose or user, others | the company's own UPDATE: views read the row as it is | the same |
| delete by key, customer | erasure: decided, planned, carried out, searched, closed | DELETE of hers, lines in `log` |
| delete by key, insert, controller | the company's own statement | the same |
| read logs | her recorded events, by her identifier | `log` by user, indexed |
| verify deletion | nobody is found by her identifier, and her erasure is on record as fulfilled | two look-ups by key |
| search, extended | nobody is found by her identifier, nor that in any text column (*) | the same search, by hand |

The benchmark verifies a deletion by looking for the key. That nothing else names her is searched in the erasure itself;
the extended mode searches anew, on both sides.
(*) As after every erasure: a table of 50,000 rows or more is asked by its indexes only, and its other columns are told
as not searched. What is found in such a table is therefore her rows, not what a free text may say of her.

What the benchmark has and Belofte has not: a person corrects or erases one record among hers; a request is about her,
so the base too changes all of hers. The attributes beside OBJ (TTL, DEC, ACL, SHR, …) have no operation of ours: the
policy says such things for everybody, and what a row says of itself is the company's. What has outlived its TTL is not
swept here: that is bench `sweep.`. Both sides keep their connections, one per purpose at ours, and are warm.

The keys and mixes are the paper's (ANCHORS). The extended mode has independent attributes and two purposes
a record, objects person by person, and mixes processor, customer and the real regulator. After each workload both
tables and every purpose's view are compared with the model too. `rows` are those read or changed on each side, `each`
the median of every kind of operation: what Belofte costs a controller is in `update-….obj` there, as nearly all of that
ratio is the company's own UPDATE. `BELOFTE_GDPRBENCH_RECORDS` (100,000) and
`BELOFTE_GDPRBENCH_OPERATIONS` (400 a workload) set the size.
"""

from __future__ import annotations

import gc
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from tests.servers import Postgres, postgres_server

from belofte.choices.events import Event, Kind, record
from belofte.database.key import company_key
from belofte.database.open import open_database
from belofte.purposes import applying
from belofte.rights.desk import Desk, StoreSpec
from belofte.stores.postgres_views import purpose_role
from bench.gdprbench_model import GONE, MIXES, OPERATIONS, PURPOSES, RECORDS, USERS, Draw, Model, email
from bench.gdprbench_sides import BY_HAND, SCHEMA, VIEWED, WHOLE, Base, Ours, known, policy, stated

PREFIXES = ("gdprbench.",)
ERASED = 50
"""People erased before the regulator looks."""
LOGGED = 3
"""Recorded events of each person whom the log has something of: every third."""
WARM = 12
"""Reads after which the driver has prepared a statement, and the server has chosen a plan for good."""
GOAL = 1.2

Row = dict[str, Any]


def filled(server: Postgres, model: Model) -> str:
    """Return a database with people and records."""
    database = server.fresh()
    with psycopg.connect(host=str(server.socket), user="postgres", dbname=database, autocommit=True) as bare:
        bare.execute(SCHEMA)
        with bare.cursor() as cursor:
            with cursor.copy("COPY person FROM STDIN") as copy:
                for usr in range(USERS):
                    copy.write_row((usr, email(usr)))
            with cursor.copy("COPY record FROM STDIN") as copy:
                for _ in range(RECORDS):
                    copy.write_row(model.fresh())
        bare.execute("VACUUM ANALYZE")
    return database


@contextmanager
def sides(server: Postgres, database: str, extended: bool) -> Iterator[tuple[Ours, Base]]:
    """Give both sides on copies of one database."""

    def connected(name: str) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(server.socket), user="postgres", dbname=name, autocommit=True)

    mine, bare = server.fresh(database), server.fresh(database)
    url, own = server.url(mine), server.url(server.fresh()).replace("+psycopg", "")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        db = stack.enter_context(open_database(own))
        desk = Desk(policy(), {"bench": StoreSpec(stated(), lambda: url)}, db, company_key(Path(folder), {}))
        stack.callback(desk.close)
        applying.apply(desk, applying.plan(desk, counting=False))
        readers = {one: stack.enter_context(connected(mine)) for one in PURPOSES}
        for purpose, reader in readers.items():
            reader.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(purpose_role("bench", purpose))))
        base = Base(stack.enter_context(connected(bare)))
        base.bare.execute(BY_HAND)
        yield Ours(desk, stack.enter_context(connected(mine)), readers), base


def prepared(name: str, model: Model, ours: Ours, base: Base) -> None:
    """Record what the log has, and erase those whose erasure is verified."""
    if "logs" in MIXES[name]:
        users = list(range(0, USERS, 3))
        at = ours.desk.clock()
        kind, why = Kind.OBJECTION_OVERRULED, "accounts"
        made = [Event(kind, one, at, why) for one in known(ours.desk, users) for _ in range(LOGGED)]
        record(ours.desk.db, made)
        with base.bare.cursor() as cursor, cursor.copy("COPY log (usr, what, pur) FROM STDIN") as copy:
            for usr in users:
                model.logged[usr] += LOGGED
                for _ in range(LOGGED):
                    copy.write_row((usr, kind.value, why))
    if MIXES[name].keys() & GONE:
        for usr in range(1, 3 * ERASED, 3):  # of whom the log has nothing
            ours.do("erase", {"usr": usr})
            base.do("erase", {"usr": usr})
            model.erase(usr)


def warmed(name: str, ours: Ours, base: Base) -> None:
    """Read a little through every reader, so that statements are prepared and plans cached on both sides."""
    for kind in VIEWED.keys() & MIXES[name].keys():
        for purpose in PURPOSES:
            for number in range(WARM):
                given = {"p": purpose, "key": f"key{number}", "usr": number}
                ours.do(kind, given)
                base.do(kind, given)


def agree(model: Model, ours: Ours, base: Base) -> None:
    """Raise where a table or a purpose's view is not what the operations should have made of it."""
    must = {key: tuple(one) for key, one in model.records.items()}
    for side in (ours, base):
        if {one[0]: one for one in side.bare.execute(WHOLE).fetchall()} != must:
            raise AssertionError(f"the table of {type(side).__name__} is not what it should be")
        for purpose in PURPOSES:
            seen = {one[0] for one in side.do("purpose", {"p": purpose})[0]}
            if seen != {one[0] for one in model.shown(purpose)}:
                raise AssertionError(f"{type(side).__name__} does not show `{purpose}` what it should")


def measured(server: Postgres, name: str) -> Row:
    """Run one workload on both sides in turn, and return its row."""
    extended = name == "extended"
    model = Model(extended, random.Random(7))
    database = filled(server, model)
    taken: dict[str, list[tuple[float, float]]] = defaultdict(list)
    touched = [0, 0]
    with sides(server, database, extended) as both:
        prepared(name, model, *both)
        warmed(name, *both)
        gc.collect()
        gc.freeze()
        for kind, given, must in Draw(name, model, random.Random(11)).operations():
            spent, turn = [0.0, 0.0], sum(map(len, taken.values())) % 2
            for number in (turn, 1 - turn):
                side = both[number]
                began = time.perf_counter()
                found, count = side.do(kind, given)
                spent[number] = time.perf_counter() - began
                touched[number] += count
                if must is not None and sorted(map(repr, found)) != sorted(map(repr, must)):
                    raise AssertionError(f"{name}: {kind} on side {number}: {len(found)} rows, must be {len(must)}")
            taken[kind + ".obj" * (given.get("name") == "obj")].append((spent[0], spent[1]))
        gc.unfreeze()
        agree(model, *both)
    server.drop(database)
    ours_s, base_s = (sum(pair[side] for pairs in taken.values() for pair in pairs) for side in (0, 1))
    each = {
        kind: {"n": len(pairs), "ours_s": statistics.median(a for a, _ in pairs),
               "base_s": statistics.median(b for _, b in pairs)}
        for kind, pairs in sorted(taken.items())
    }  # fmt: skip
    return {
        "name": f"gdprbench.{name}", "ratio": ours_s / base_s, "goal": GOAL, "ours_s": ours_s, "base_s": base_s,
        "n": RECORDS, "operations": OPERATIONS, "rows": {"ours": touched[0], "base": touched[1]}, "each": each,
    }  # fmt: skip


def run() -> list[Row]:
    """Measure each workload on a server of its own: roles belong to a server."""
    rows = []
    for name in MIXES:
        with postgres_server() as server:
            rows.append(measured(server, name))
    return rows

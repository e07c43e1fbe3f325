"""How long check takes on a thousand tables: catalogue read and map judged, against SQLAlchemy's bare reflection.

Both sides read the same PostgreSQL schema in the same run, in turn, and the best of several counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import MetaData, create_engine, text
from tests.servers import postgres_server

from belofte.datamap.check import map_findings
from belofte.datamap.model import DataMap
from belofte.policy.model import Policy
from belofte.stores.connect import Store, connect
from belofte.stores.reflect import reflect

TABLES = 1000
GOAL = 2.0
ROUNDS = 5

Row = dict[str, Any]

POLICY = Policy.model_validate(
    {
        "belofte": 1,
        "organisation": {"name": "Shop", "country": "BE", "authority": "be-apd"},
        "languages": ["en"],
        "people": ["customer"],
        "categories": {
            "identity": {
                "title": "Identity",
                "elements": {"name": "pd:Name", "email": "pd:EmailAddress", "birth": "pd:BirthDate"},
            },
            "dealings": {"title": "Dealings", "source": "observed", "elements": {"note": "pd:Communication"}},
        },
    }
)


def build(url: str) -> None:
    """Make a thousand tables in a tree, each with a foreign key, a check, a unique key and an index."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for n in range(TABLES):
            parent = f"REFERENCES t{(n - 1) // 10} (id)" if n else ""
            connection.execute(
                text(
                    f"CREATE TABLE t{n} (id integer PRIMARY KEY, parent_id integer {parent}, "
                    "email varchar(80) NOT NULL UNIQUE, name varchar(80), birth_date date, "
                    "amount numeric(10,2) CHECK (amount >= 0), note text, created timestamp, weight integer, "
                    "colour integer)"
                )
            )
            connection.execute(text(f"CREATE INDEX ON t{n} (parent_id)"))
    engine.dispose()


def datamap() -> DataMap:
    """Return a map of all thousand tables."""
    columns = {
        "email": "identity.email",
        "name": "identity.name",
        "birth_date": "identity.birth",
        "note": "dealings.note",
    }
    return DataMap.model_validate(
        {
            "store": "shop",
            "url": "${SHOP_URL}",
            "people": {"customer": {"table": "t0", "key": "id", "is": "customer", "identifiers": {"email": "email"}}},
            "tables": {f"t{n}": {"columns": columns} for n in range(TABLES)},
        }
    )


def timed(act: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def measure(store: Store, mapped: DataMap) -> Row:
    """Return the best of several rounds of both sides."""
    ours, base = [], []
    for _ in range(ROUNDS):
        base.append(timed(lambda: MetaData().reflect(store.engine)))
        ours.append(timed(lambda: map_findings(mapped, POLICY, reflect(store.engine))))
    best, bare = min(ours), min(base)
    return {"name": "check.thousand", "ratio": best / bare, "goal": GOAL, "ours_s": best, "base_s": bare, "n": TABLES}


def run() -> list[Row]:
    """Return the row of `check.thousand`."""
    with postgres_server() as server:
        url = server.url(server.fresh())
        build(url)
        store = connect(url, read_only=True)
        row = measure(store, datamap())
        store.close()
    return [row]


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']:40} {row['ratio']:6.2f}  {row['ours_s']:.3f} s against {row['base_s']:.3f} s")

"""How long a sweep takes: everybody judged, a tenth of them overdue, against the bare deletes of the same rows.

The base is given whom to delete; the sweep has to find them, look their choices up, and prove that nothing is left.
Both sides work on a copy of the same database each round, in the same run on the same server.
"""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection

import psycopg
from tests.servers import Postgres, postgres_server
from tests.shared_data import scaled_fides

from belofte.database import requests, sweeps
from belofte.policy.model import Policy
from belofte.retention.sweep import Pace, sweep
from belofte.rights.desk import Desk
from bench.rights import ADDRESSES, ERASE, PEOPLE, Row, desk_on, fides_policy, named, row, timed

PREFIXES = ("sweep.",)
ROUNDS = 3
NOW = datetime(2026, 7, 10, 12, tzinfo=UTC)
"""When a tenth of the sample's customers have been there for more than six years."""


def policy() -> Policy:
    """Return the sample's policy with a term: six years from the opening of the account."""
    stated = fides_policy().model_dump(mode="json", by_alias=True, exclude_none=True)
    stated["purposes"]["membership"] |= {
        "basis": {"legitimate-interest": ["customer"]}, "keep": "P6Y", "after": "account.opened_at",
    }  # fmt: skip
    stated["purposes"]["membership"].pop("consent_expires")
    return Policy.model_validate(stated)


@contextmanager
def sweeping(server: Postgres, url: str) -> Iterator[Desk]:
    """Give a desk on a copy of the sample at the moment of the bench."""
    with desk_on(server, url) as desk:
        yield dataclasses.replace(desk, policy=policy(), clock=lambda: NOW)


def overdue(connection: psycopg.Connection) -> list[int]:
    """Return the customers whose six years are over, as a careful engineer finds them."""
    found = connection.execute("SELECT id FROM customer WHERE created < date '2020-07-11' ORDER BY id")
    return [int(one) for (one,) in found]


def by_hand(url: str, ids: list[int]) -> None:
    """Delete them with their rows, sparing addresses that others have, in one transaction."""
    with psycopg.connect(url.replace("+psycopg", "")) as bare:
        bare.execute(ADDRESSES, named(ids))
        for query in ERASE:
            bare.execute(query, named(ids))


def left(url: str) -> dict[str, int]:
    """Return how many rows each table has."""
    with psycopg.connect(url.replace("+psycopg", "")) as bare:
        tables = ("customer", "address", "payment_card", "orders", "order_item", "visit", "login", "service_request")
        return {t: int(bare.execute(f"SELECT count(*) FROM {t}").fetchone()[0]) for t in tables}  # type: ignore[index]  # noqa: S608


def approved(desk: Desk) -> str:
    """Plan a first sweep of the store, and let a second person approve it; return the store."""
    (store,) = desk.sql_stores
    desk.open(store, read_only=False)
    assert sweep(desk, store, "anna").asks  # the first waits for a second person
    waiting = sweeps.open_of(desk.db, store)
    assert waiting is not None
    requests.approve(desk.db, "ben", waiting.digest, run=waiting.short)
    return store


GENTLE = Pace(size=250, rest=9)
"""The pace of a sweep while others work: a tenth of the time."""
OFTEN = 4
"""How often throughput is measured without a sweep and with one, in turns."""


def shop(url: str, ids: Sequence[int], seconds: float, done: Connection) -> None:
    """Do what a shop does for customers, one small transaction after the other, and tell how many in a second."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as bare:
        count, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            one = ids[count * 7919 % len(ids)]
            with bare.transaction():
                bare.execute("SELECT name, email FROM customer WHERE id = %s", [one])
                bare.execute("UPDATE customer SET name = name WHERE id = %s", [one])
                bare.execute("SELECT count(*) FROM orders WHERE customer_id = %s", [one])
            count += 1
        done.send(count / (time.perf_counter() - began))


def throughput(url: str, ids: Sequence[int], seconds: float = 4.0) -> float:
    """Return how many transactions in a second a shop does, in a process of its own."""
    hears, tells = Pipe(duplex=False)
    working = get_context("spawn").Process(target=shop, args=(url, ids, seconds, tells))
    working.start()
    found = float(hears.recv())
    working.join()
    return found


def oltp(server: Postgres, template: str) -> Row:
    """Measure what is left of a shop's throughput while a sweep goes gently: seconds per thousand transactions."""
    ours, base = [], []
    url = server.url(server.fresh(template))
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        gone = set(overdue(connection))
    ids = [one for one in range(1, PEOPLE + 1) if one not in gone]
    with sweeping(server, url) as desk:
        store = approved(desk)
        begun, stop = threading.Event(), threading.Event()

        def told(step: str) -> None:
            if step.endswith("begin"):
                begun.set()
            if stop.is_set():
                raise Stopped

        def swept() -> None:
            with contextlib.suppress(Stopped):
                sweep(desk, store, "anna", pace=GENTLE, witness=told)

        for _ in range(OFTEN):
            base.append(1000 / throughput(url, ids))
            begun.clear()
            stop.clear()
            going = threading.Thread(target=swept)
            going.start()
            begun.wait()
            ours.append(1000 / throughput(url, ids))
            assert going.is_alive(), "the sweep was over before the shop was"
            stop.set()
            going.join()
    return row("sweep.oltp", 1.07, ours, base, len(ids))


class Stopped(Exception):
    """The measure has been taken: the sweep may stop where it is."""


def run() -> list[Row]:
    """Measure; the copies are made from one template."""
    ours, base = [], []
    with postgres_server() as server:
        template = server.fresh()
        scaled_fides(server.url(template), PEOPLE)
        busy = oltp(server, template)
        for _ in range(ROUNDS + 1):
            mine, bare = (server.url(server.fresh(template)) for _ in range(2))
            with psycopg.connect(bare.replace("+psycopg", "")) as connection:
                ids = overdue(connection)
            with sweeping(server, mine) as desk:
                store = approved(desk)
                ours.append(timed(lambda: sweep(desk, store, "anna")))  # noqa: B023
            base.append(timed(lambda: by_hand(bare, ids)))  # noqa: B023
            assert left(mine) == left(bare)
    return [row("sweep.large", 1.3, ours[1:], base[1:], len(ids)), busy]

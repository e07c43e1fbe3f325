"""How long a sweep takes: everybody judged, a tenth of them overdue, against the bare deletes of the same rows.

The base is given whom to delete; the sweep has to find them, look their choices up, and prove that nothing is left.
Both sides work on a copy of the same database each round, in the same run on the same server.
"""

from __future__ import annotations

import contextlib
import dataclasses
import statistics
import threading
import time
from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event

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
PAIRS = 16
"""How often throughput is measured with a batch and its rest, and then for as long without."""
FEWEST, LONGEST = 6, 30.0
"""Pairs that are measured in any case, and seconds after which no further one begins: a busy machine is slow."""


class Turns:
    """Lets a sweep go one batch, and the rest after it, at a time."""

    def __init__(self) -> None:
        self._waits, self._goes, self._over = threading.Event(), threading.Event(), False

    def told(self, step: str) -> None:
        """Wait at the beginning of each batch until it is the sweep's turn."""
        if step.endswith("begin"):
            self._waits.set()
            self._goes.wait()
            self._goes.clear()
            if self._over:
                raise Stopped

    def ready(self) -> float:
        """Return when the sweep stands before a batch."""
        assert self._waits.wait(60), "the sweep was over before the shop was"
        return time.monotonic()

    def take(self) -> tuple[float, float]:
        """Let one batch and its rest go; return from when to when."""
        began = self.ready()
        self._waits.clear()
        self._goes.set()
        return began, self.ready()

    def end(self) -> None:
        """Let the sweep stop where it is."""
        self._over = True
        self._goes.set()


class Stopped(Exception):
    """The measure has been taken: the sweep may stop where it is."""


def shop(url: str, ids: Sequence[int], over: Event, done: Connection) -> None:
    """Do what a shop does for customers, one small transaction after the other, and tell when each was done."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as bare:
        ends: list[float] = []
        while not over.is_set():
            one = ids[len(ends) * 7919 % len(ids)]
            with bare.transaction():
                bare.execute("SELECT name, email FROM customer WHERE id = %s", [one])
                bare.execute("UPDATE customer SET name = name WHERE id = %s", [one])
                bare.execute("SELECT count(*) FROM orders WHERE customer_id = %s", [one])
            ends.append(time.monotonic())
            if len(ends) == 1:
                done.send(ends)
        done.send(ends)


def oltp(server: Postgres, template: str) -> Row:
    """Measure what is left of a shop's throughput while a sweep goes gently: seconds per thousand transactions.

    With and without follow each other closely, each time a whole batch with its rest: what else the machine does
    meets both alike, and the median of the ratios of neighbours counts.
    """
    url = server.url(server.fresh(template))
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        gone = set(overdue(connection))
    ids = [one for one in range(1, PEOPLE + 1) if one not in gone]
    spawn = get_context("spawn")
    hears, tells = spawn.Pipe(duplex=False)
    over, turns = spawn.Event(), Turns()
    working = spawn.Process(target=shop, args=(url, ids, over, tells))
    with sweeping(server, url) as desk:
        store = approved(desk)

        def swept() -> None:
            with contextlib.suppress(Stopped):
                sweep(desk, store, "anna", pace=GENTLE, witness=turns.told)

        going = threading.Thread(target=swept)
        going.start()
        working.start()
        hears.recv()  # it has begun
        turns.take()
        pairs: list[tuple[float, float, float]] = []
        while len(pairs) < PAIRS and (len(pairs) < FEWEST or pairs[-1][2] - pairs[0][0] < LONGEST):
            began, ended = turns.take()
            time.sleep(ended - began)
            pairs.append((began, ended, time.monotonic()))
        over.set()
        ends = hears.recv()
        working.join()
        turns.end()
        going.join()
    ours = [took(ends, began, ended) for began, ended, _ in pairs]
    base = [took(ends, ended, later) for _, ended, later in pairs]
    ratio = statistics.median(mine / bare for mine, bare in zip(ours, base, strict=True))
    return {**row("sweep.oltp", 1.07, ours, base, len(ids)), "ratio": ratio}


def took(ends: Sequence[float], began: float, ended: float) -> float:
    """Return the seconds that a thousand transactions took between two moments."""
    return 1000 * (ended - began) / (bisect(ends, ended) - bisect(ends, began))


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

"""How long access and erasure take: one person all included, thousands at once, and how that grows.

The base is what a careful engineer writes by hand for the same rows: bare statements of the driver for one person,
set-based SQL for many. Both sides run in turn on the same server in the same run; the median of several counts.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.numeric import Int4
from ruamel.yaml import YAML
from tests.servers import Postgres, postgres_server
from tests.shared_data import scaled_fides

from belofte.cli.request.planning import Round, planned, remember
from belofte.cli.request.shared import end
from belofte.compiler.erasure import erasure
from belofte.database import requests
from belofte.database.key import company_key
from belofte.database.open import open_database
from belofte.database.requests import StoreState
from belofte.datamap.model import DataMap
from belofte.policy.model import Policy
from belofte.policy.person import PersonState, nobody
from belofte.rights.contents import Classes, contents, read_store, readings
from belofte.rights.desk import Desk, StoreSpec
from belofte.rights.identify import Asked
from belofte.rights.intake import take_in
from belofte.rights.letting_go import Result, execute
from belofte.rights.population import population
from belofte.stores.erasing import MANY, carry_out
from belofte.stores.session import session

PREFIXES = ("rights.",)
PEOPLE = 100_000
ROUNDS = 60

Row = dict[str, Any]

OTHERS = Path(__file__).resolve().parent.parent / "tests" / "others" / "fides_sample"
LEFT_OUT = ("composite_pk_test", "backup_schema.customer", "backup_schema.address", "Lead", "report", "loyalty")


def fides_map(url: str) -> DataMap:
    """Return the map of the scaled sample."""
    stated = YAML(typ="safe").load((OTHERS / "stores" / "postgres.yaml").read_text())
    stated["url"] = url
    stated["people"].pop("saved_customer")
    for table in LEFT_OUT:
        stated["tables"].pop(table, None)
    stated["tables"]["service_request"]["columns"].pop("employee_id")  # so that both sides delete these rows
    stated["ignore"] = []
    return DataMap.model_validate(stated)


def fides_policy() -> Policy:
    """Return the policy of the sample: membership on consent, and nothing that outlives it."""
    return Policy.model_validate(YAML(typ="safe").load((OTHERS / "policy" / "policy.yaml").read_text()))


@contextmanager
def desk_on(server: Postgres, url: str) -> Iterator[Desk]:
    """Give a desk on the sample, with a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        datamap = fides_map(url)
        own = server.url(server.fresh()).replace("postgresql+psycopg://", "postgresql://")
        with open_database(own) as db:
            desk = Desk(
                fides_policy(), {datamap.store: StoreSpec(datamap, lambda: url)}, db, company_key(Path(folder), {})
            )
            try:
                yield desk
            finally:
                desk.close()


BY_PERSON = {
    "customer": "SELECT * FROM customer WHERE id = ANY(%(ids)s)",
    "payment_card": "SELECT * FROM payment_card WHERE customer_id = ANY(%(ids)s)",
    "orders": "SELECT * FROM orders WHERE customer_id = ANY(%(ids)s)",
    "order_item": "SELECT i.* FROM order_item i JOIN orders o ON o.id = i.order_id WHERE o.customer_id = ANY(%(ids)s)",
    "login": "SELECT * FROM login WHERE customer_id = ANY(%(ids)s)",
    "visit": "SELECT * FROM visit WHERE email = ANY(%(emails)s)",
    "service_request": "SELECT * FROM service_request WHERE email = ANY(%(emails)s) UNION "
    "SELECT * FROM service_request WHERE alt_email = ANY(%(emails)s)",
    "address": "SELECT * FROM address WHERE id IN (SELECT address_id FROM customer WHERE id = ANY(%(ids)s) UNION "
    "SELECT billing_address_id FROM payment_card WHERE customer_id = ANY(%(ids)s) UNION "
    "SELECT shipping_address_id FROM orders WHERE customer_id = ANY(%(ids)s))",
}
"""What a careful engineer reads by hand."""

ADDRESSES = """
CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT a.id FROM address a WHERE a.id IN (
  SELECT address_id FROM customer WHERE id = ANY(%(ids)s)
  UNION SELECT billing_address_id FROM payment_card WHERE customer_id = ANY(%(ids)s)
  UNION SELECT shipping_address_id FROM orders WHERE customer_id = ANY(%(ids)s))
  AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.address_id = a.id AND NOT c.id = ANY(%(ids)s))
  AND NOT EXISTS (SELECT 1 FROM employee e WHERE e.address_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM payment_card p WHERE p.billing_address_id = a.id AND NOT p.customer_id = ANY(%(ids)s))
  AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.shipping_address_id = a.id AND NOT o.customer_id = ANY(%(ids)s))
"""

ERASE = (
    "DELETE FROM service_request WHERE email = ANY(%(emails)s) OR alt_email = ANY(%(emails)s)",
    "DELETE FROM visit WHERE email = ANY(%(emails)s)",
    "DELETE FROM login WHERE customer_id = ANY(%(ids)s)",
    "DELETE FROM order_item i USING orders o WHERE o.id = i.order_id AND o.customer_id = ANY(%(ids)s)",
    "DELETE FROM payment_card WHERE customer_id = ANY(%(ids)s)",
    "DELETE FROM orders WHERE customer_id = ANY(%(ids)s)",
    "DELETE FROM customer WHERE id = ANY(%(ids)s)",
    "DELETE FROM address WHERE id IN (SELECT id FROM gone)",
)
"""What a careful engineer deletes by hand, in one transaction, sparing addresses that others have."""


def named(ids: Sequence[int]) -> dict[str, object]:
    """Return the people of a statement, numbers as the column has them: PostgreSQL looks those up in a hash table."""
    return {"ids": [Int4(one) for one in ids], "emails": emails(ids)}


def emails(ids: Sequence[int]) -> list[str]:
    """Return the addresses of people of the scaled sample."""
    return [f"customer-{one}@example.com" for one in ids]


def bare_access(connection: psycopg.Connection, ids: Sequence[int]) -> int:
    """Read people by hand; return how many rows."""
    values = named(ids)
    with connection.transaction():
        return sum(len(connection.execute(query, values).fetchall()) for query in BY_PERSON.values())


SHARED = {
    "address": "SELECT a.*, EXISTS (SELECT 1 FROM employee e WHERE e.address_id = a.id) AS team, "
    "EXISTS (SELECT 1 FROM customer c WHERE c.address_id = a.id AND NOT c.id = ANY(%(ids)s)) OR "
    "EXISTS (SELECT 1 FROM payment_card p WHERE p.billing_address_id = a.id AND NOT p.customer_id = ANY(%(ids)s)) OR "
    "EXISTS (SELECT 1 FROM orders o WHERE o.shipping_address_id = a.id AND NOT o.customer_id = ANY(%(ids)s)) AS others "
    "FROM address a WHERE a.id IN (SELECT address_id FROM customer WHERE id = ANY(%(ids)s) UNION "
    "SELECT billing_address_id FROM payment_card WHERE customer_id = ANY(%(ids)s) UNION "
    "SELECT shipping_address_id FROM orders WHERE customer_id = ANY(%(ids)s))",
}
"""The rows that people share, with whether they are somebody else's too: an answer to many must know (art. 15(4))."""


def bare_cohort_access(connection: psycopg.Connection, ids: Sequence[int]) -> int:
    """Read a cohort by hand, shared rows with whose they are besides; return how many rows."""
    values = named(ids)
    with connection.transaction():
        return sum(len(connection.execute(query, values).fetchall()) for query in {**BY_PERSON, **SHARED}.values())


def bare_erasure(connection: psycopg.Connection, ids: Sequence[int]) -> int:
    """Delete people by hand in one transaction; return how many rows."""
    values = named(ids)
    with connection.transaction():
        connection.execute(ADDRESSES, values)
        return sum(connection.execute(query, values).rowcount for query in ERASE)


def asked(ids: Sequence[int]) -> list[list[Asked]]:
    """Return people as they are asked about."""
    return [[Asked("email", email)] for email in emails(ids)]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def row(name: str, goal: float, ours: Sequence[float], base: Sequence[float], n: int) -> Row:
    """Return one row of the bench: medians, and the ratio of medians."""
    a, b = statistics.median(ours), statistics.median(base)
    return {"name": name, "ratio": a / b, "goal": goal, "ours_s": a, "base_s": b, "n": n}


def access(desk: Desk, people: Sequence[Sequence[Asked]]) -> int:
    """Answer access for people all included: recorded, identified, read, closed; return how many rows."""
    intake = take_in(desk, "access", people)
    count = 0
    for name in desk.sql_stores:
        for part in read_store(desk, intake, name, Classes()):
            count += sum(1 for _ in part.rows)
        requests.progress(desk.db, intake.request.id, name, StoreState.DONE)
    end(desk, intake)
    return count


def erase(desk: Desk, people: Sequence[Sequence[Asked]]) -> Result:
    """Erase people all included: recorded, identified, decided, planned, carried out, verified, searched, closed."""
    intake = take_in(desk, "erasure", people)
    round_ = Round(desk.clock(), frozenset(), {})
    made = planned(desk, intake, round_, estimate=False)
    remember(desk, intake, round_, made)
    result = execute(desk, intake, made.plan, waiting=made.open)
    assert end(desk, intake) == "fulfilled"
    return result


def cohort_access(desk: Desk, ids: Sequence[int]) -> int:
    """Read a cohort whose keys are known, in one session; return how many rows."""
    opened = desk.open(desk.sql_stores[0])
    now = desk.clock()
    with session(opened.store) as reading:
        found = population(desk, opened, reading, {"customer": dict.fromkeys(((i,) for i in ids), _nobody(desk))}, now)
        tables = desk.once(("bench contents", found.shape), lambda: readings(found))
        return sum(1 for part in contents(reading, found, Classes(), tables) for _ in part.rows)


def cohort_erasure(desk: Desk, ids: Sequence[int]) -> dict[str, int]:
    """Let go of a cohort whose keys are known, undone at the end; return how many rows of each table were deleted."""
    opened = desk.open(desk.sql_stores[0], read_only=False)
    now = desk.clock()
    with session(opened.store) as changing:
        people = {"customer": dict.fromkeys(((i,) for i in ids), _nobody(desk))}
        found = population(desk, opened, changing, people, now)
        steps = desk.once(("bench erasure", found.shape), lambda: erasure(found.setting, found.closure))
        changing.given = found.given
        counts = carry_out(changing, steps, found.keysets, many=len(ids) >= MANY)
        changing.rollback()
        return {table: one.deleted for table, one in counts.items() if one.deleted}


def _nobody(desk: Desk) -> PersonState:
    """Return the state in which no consent is open: nothing keeps the sample's data."""
    return nobody(desk.policy)


def bare_cohort_erasure(connection: psycopg.Connection, ids: Sequence[int]) -> dict[str, int]:
    """Delete a cohort by hand, undone at the end; return how many rows of each table."""
    values = named(ids)
    try:
        connection.execute(ADDRESSES, values)
        return {query.split()[2]: connection.execute(query, values).rowcount for query in ERASE}
    finally:
        connection.rollback()


def in_turn(
    ours: Callable[[int], object], base: Callable[[int], object], rounds: int
) -> tuple[list[float], list[float]]:
    """Time two sides in turn, after one round that does not count."""
    ours(0)
    base(0)
    a, b = [], []
    for number in range(1, rounds + 1):
        a.append(timed(lambda n=number: ours(n)))  # type: ignore[misc]
        b.append(timed(lambda n=number: base(n)))  # type: ignore[misc]
    return a, b


def one_person(desk: Desk, bare: psycopg.Connection) -> list[Row]:
    """One person, request recorded, identified, verified, searched and closed, against the bare statements."""
    for warm in range(1, 8):
        access(desk, asked([warm]))
        erase(desk, asked([warm]))
    a, b = in_turn(lambda n: access(desk, asked([100 + n])), lambda n: bare_access(bare, [100 + n]), ROUNDS)
    rows = [row("rights.access.one", 8.0, a, b, PEOPLE)]
    a, b = in_turn(lambda n: erase(desk, asked([1000 + 2 * n])), lambda n: bare_erasure(bare, [1001 + 2 * n]), ROUNDS)
    return [*rows, row("rights.erasure.one", 8.0, a, b, PEOPLE)]


def many_people(desk: Desk, bare: psycopg.Connection) -> list[Row]:
    """A cohort at once against set-based SQL, the same rows on both sides."""
    rows = []
    for size in (1_000, 10_000):
        ids = range(20_001, 20_001 + size)
        assert cohort_access(desk, ids) == bare_cohort_access(bare, ids)
        a, b = in_turn(lambda _n: cohort_access(desk, ids), lambda _n: bare_cohort_access(bare, ids), 5)  # noqa: B023
        rows.append(row("rights.access.cohort", 1.5, a, b, size))
        assert cohort_erasure(desk, ids) == bare_cohort_erasure(bare, ids)
        a, b = in_turn(lambda _n: cohort_erasure(desk, ids), lambda _n: bare_cohort_erasure(bare, ids), 5)  # noqa: B023
        rows.append(row("rights.erasure.cohort", 1.5, a, b, size))
    return rows


LARGE = 20_000
HEAVY = 5_000


def large_person(desk: Desk, bare: psycopg.Connection) -> list[Row]:
    """The erasure of a person with 20,000 rows against the same deletes by hand; 0.2 s where bare SQL takes 0.12."""
    bare.execute("INSERT INTO login SELECT 10000000 + i, %s, now() FROM generate_series(1, %s) i", (HEAVY, LARGE))
    bare.commit()
    assert cohort_erasure(desk, [HEAVY]) == bare_cohort_erasure(bare, [HEAVY])
    a, b = in_turn(lambda _n: cohort_erasure(desk, [HEAVY]), lambda _n: bare_cohort_erasure(bare, [HEAVY]), 7)
    return [row("rights.erasure.large", 0.2 / 0.12, a, b, LARGE)]


def growth_of_cohort(desk: Desk) -> list[Row]:
    """The cost per person as the cohort grows tenfold: the worst step counts, and may not rise."""
    costs = []
    for size in (1, 10, 100, 1_000, 10_000):
        ids = range(40_001, 40_001 + size)
        cohort_erasure(desk, ids)
        costs.append(statistics.median(timed(lambda: cohort_erasure(desk, ids)) for _ in range(5)) / size)  # noqa: B023
    worst = max(zip(costs[1:], costs, strict=False), key=lambda pair: pair[0] / pair[1])
    return [row("rights.growth.cohort", 1.0, [worst[0]], [worst[1]], 10_000)]


def growth_of_store(server: Postgres) -> list[Row]:
    """One person among a million against one among ten thousand."""
    medians = []
    for people in (10_000, 1_000_000):
        url = server.url(server.fresh())
        scaled_fides(url, people)
        with desk_on(server, url) as desk:
            for warm in range(1, 8):
                access(desk, asked([warm]))
            medians.append([timed(lambda n=n: access(desk, asked([100 + n]))) for n in range(ROUNDS)])  # type: ignore[misc]
    return [row("rights.growth.store", 1.3, medians[1], medians[0], 1_000_000)]


def run() -> list[Row]:
    """Measure; one server for all."""
    with postgres_server() as server:
        url = server.url(server.fresh())
        scaled_fides(url, PEOPLE)
        with desk_on(server, url) as desk, psycopg.connect(url.replace("+psycopg", "")) as bare:
            rows = [*one_person(desk, bare), *large_person(desk, bare), *many_people(desk, bare)]
            rows += growth_of_cohort(desk)
        return [*rows, *growth_of_store(server)]

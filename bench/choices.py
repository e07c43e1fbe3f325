"""How long a decision takes: for one known person in process, and for the set of a million people.

Two budgets are absolute (20 µs a decision, one second a set): there the base is the budget itself. The set is measured
against the statement that a careful engineer writes by hand over the same events too: the newest word on the purpose
and channel is a consent, and its term is not over. Both sides run in turn on the same server in the same run.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.servers import Postgres, postgres_server

from belofte.choices.decide import Known
from belofte.choices.present import allowed, settle
from belofte.database.open import Database, open_database
from belofte.policy.model import Policy

PREFIXES = ("choices.",)
PEOPLE = 1_000_000
KNOWN = 50_000
PER_DECISION = 20e-6
PER_SET = 1.0
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
EMAIL = ("mailing", "email")

Row = dict[str, Any]

POLICY = Policy.model_validate(
    {
        "belofte": 1,
        "version": {"id": "v1", "from": "2018-05-25"},
        "organisation": {"name": "Example", "country": "BE", "authority": "be-apd"},
        "languages": ["en"],
        "people": ["customer"],
        "categories": {"identity": {"title": "Identity", "elements": {"email": "pd:EmailAddress", "name": "pd:Name"}}},
        "purposes": {
            "orders": {"title": "Orders", "basis": "contract", "while": "contract.active", "uses": "identity"},
            "quality": {"title": "Quality", "basis": "legitimate-interest", "uses": "identity"},
            "mailing": {
                "title": "Mailing",
                "basis": "consent",
                "uses": ["identity.name"],
                "channels": {"email": "identity.email", "sms": "identity.email"},
                "direct_marketing": True,
                "consent_expires": "P3Y",
            },
        },
    }
)

FILL = (
    "INSERT INTO belofte.subject (id) SELECT gen_random_uuid() FROM generate_series(1, %(people)s)",
    """
    INSERT INTO belofte.event (kind, subject_id, purpose, channel, valid_from, origin, evidence)
    SELECT 'consent:given', id, 'mailing', 'email', %(now)s - make_interval(days => (random() * 1500)::int), 'person',
           '{"act": "click", "notice": "v1", "language": "nl", "valid_under": "v1", "how": "web-form"}'
    FROM belofte.subject
    """,
    """
    INSERT INTO belofte.event (kind, subject_id, purpose, channel, valid_from, origin)
    SELECT 'consent:withdrawn', subject_id, 'mailing', 'email', valid_from + interval '1 day', 'person'
    FROM belofte.event WHERE random() < 0.1
    """,
    "ANALYZE belofte.event",
)
"""A million people, a consent each, one in ten withdrawn, some long ago enough to be over."""

BY_HAND = """
SELECT subject_id FROM (
    SELECT DISTINCT ON (subject_id) subject_id, kind, valid_from FROM belofte.event
    WHERE purpose = 'mailing' AND (channel = 'email' OR channel IS NULL) AND valid_from <= %(now)s
    ORDER BY subject_id, valid_from DESC
) newest
WHERE kind = 'consent:given' AND valid_from + interval '3 years' > %(now)s
"""


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


def by_hand(db: Database) -> set[UUID]:
    """Return the set as it is written by hand."""
    with db.connection.cursor(binary=True) as cursor:
        return {one for (one,) in cursor.execute(BY_HAND, {"now": NOW}).fetchall()}


def one(db: Database) -> list[Row]:
    """A decision for each of many known people, from their events: nothing is remembered between two of them."""
    people = [
        found[0] for found in db.connection.execute("SELECT id FROM belofte.subject LIMIT %s", [KNOWN]).fetchall()
    ]
    known = Known.of(db, POLICY, people, NOW)

    def decide() -> int:
        return sum(known.decide(person, *EMAIL).allowed for person in people)

    decide()
    times = [timed(decide) for _ in range(5)]
    return [row("choices.decide.one", 1.0, times, [PER_DECISION * KNOWN], KNOWN)]


def many(db: Database) -> list[Row]:
    """The set of everybody whom the mailing may reach: kept state against the statement by hand, and the budget."""
    settling = timed(lambda: settle(db, POLICY, NOW))
    assert set(allowed(db, POLICY, *EMAIL, NOW)) == by_hand(db)
    ours, base = [], []
    for _ in range(5):
        ours.append(timed(lambda: allowed(db, POLICY, *EMAIL, NOW)))
        base.append(timed(lambda: by_hand(db)))
    return [
        row("choices.decide.set", 1.0, ours, [PER_SET], PEOPLE),
        row("choices.decide.set.sql", 1.0, ours, base, PEOPLE),
        {"name": "choices.settle.people_per_second", "value": PEOPLE / settling, "n": PEOPLE},
    ]


def fill(db: Database) -> None:
    """Make the people and their choices."""
    for statement in FILL:
        db.connection.execute(statement, {"people": PEOPLE, "now": NOW})


def run() -> list[Row]:
    """Measure; one server for all."""
    with postgres_server() as server, open_database(_own(server)) as db:
        fill(db)
        return [*one(db), *many(db)]


def _own(server: Postgres) -> str:
    return server.url(server.fresh()).replace("postgresql+psycopg://", "postgresql://")

"""How fast the recorded history is held against what the GDPR asks: acts per second, streamed from Belofte's database.

The base is the budget itself: 10,000 acts a second. The history has choices, disclosures, requests and their answers
of many people, some of which break a property, so that every formula has something to do.
"""

from __future__ import annotations

from datetime import UTC, datetime

from tests.servers import postgres_server

from belofte.database.open import Database, open_database
from belofte.evidence.trail import Trail
from belofte.evidence.watch import Broken, Watcher
from bench.choices import POLICY, Row, row, timed

PREFIXES = ("audit.",)
PEOPLE = 50_000
PER_SECOND = 10_000
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)

FILL = (
    "INSERT INTO belofte.subject (id) SELECT gen_random_uuid() FROM generate_series(1, %(people)s)",
    """
    INSERT INTO belofte.event (kind, subject_id, purpose, channel, valid_from, origin, evidence)
    SELECT 'consent:given', id, 'mailing', 'email', %(now)s - make_interval(days => 100 + (random() * 900)::int),
           'person', '{"notice": "v1"}' FROM belofte.subject
    """,
    """
    INSERT INTO belofte.event (kind, subject_id, purpose, valid_from, origin)
    SELECT 'consent:withdrawn', subject_id, 'mailing', valid_from + interval '50 days', 'person'
    FROM belofte.event WHERE random() < 0.5
    """,
    """
    INSERT INTO belofte.disclosure (subject_id, recipient, purpose, ground, categories, disclosed_at, digest)
    SELECT subject_id, 'post', 'mailing', 'list', ARRAY['identity'], valid_from + make_interval(days => d), '\\x00'
    FROM belofte.event, generate_series(10, 60, 25) d WHERE kind = 'consent:given'
    """,
    """
    INSERT INTO belofte.request (id, short, "right", state, received_at, due, language, closed_at)
    SELECT id, id::text, CASE WHEN n %% 3 = 0 THEN 'erasure' ELSE 'access' END, 'fulfilled',
           %(now)s - interval '90 days', date '2026-09-03', 'nl', %(now)s - make_interval(days => 50 + n %% 40)
    FROM (SELECT id, (row_number() OVER ())::int AS n FROM belofte.subject) s WHERE n %% 10 = 0
    """,
    "INSERT INTO belofte.request_subject SELECT id, id FROM belofte.request",
    """
    INSERT INTO belofte.request_store (request_id, store, state, finished_at)
    SELECT id, 'crm', 'done', closed_at FROM belofte.request WHERE "right" = 'erasure'
    """,
)


def audited(db: Database) -> tuple[int, list[Broken]]:
    """Return how many acts there were, and what they break."""
    watcher, trail = Watcher(), Trail(db, POLICY, NOW)
    found = [one for act in trail.acts() for one in watcher.act(act)]
    return watcher.number, found + watcher.until(NOW)


def run() -> list[Row]:
    """Measure; one server."""
    with postgres_server() as server:
        own = server.url(server.fresh()).replace("postgresql+psycopg://", "postgresql://")
        with open_database(own) as db:
            for statement in FILL:
                db.connection.execute(statement, {"people": PEOPLE, "now": NOW})
            number, found = audited(db)
            assert {one.property for one in found} >= {"no-use-after-closing", "access-in-time", "recipients-told"}
            times = [timed(lambda: audited(db)) for _ in range(3)]
    return [
        row("audit.acts", 1.0, times, [number / PER_SECOND], number),
        {"name": "audit.acts_per_second", "value": number / min(times), "n": number},
    ]

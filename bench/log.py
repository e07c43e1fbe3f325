"""The log: how fast acts are written, sealed and proven, on a server that is told to be durable.

`log.append`: acts recorded in batches, then sealed under a signed head, each acknowledged by the disk; the base is a
bare COPY of the very same rows into a table with the same columns, key and index, as durable. `log.append.floor` is the
budget in acts per second. `log.rows`: what an insert into a table of evidence costs with its log, of what it costs
without. `prove.inclusion`: one receipt's proof, read from the database, in a log of ten million acts; the tiles of so
large a log are made here by hand. The base of these two budgets is the budget itself. `fsck.rows`: all that
`belofte log fsck` does where a million consents are recorded; the base reads those rows and their acts and does nothing
with them. There is no goal: to hash each act and compare each row is what it is for.
"""

from __future__ import annotations

import random
import tempfile
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from belofte.database.acts import Act, Fresh, record_many
from belofte.database.open import Database, open_database
from belofte.database.server import address, leave
from belofte.evidence import note as notes
from belofte.evidence import receipt
from belofte.evidence.fsck import Checked, fsck
from belofte.evidence.seal import _keep, seal, signing_key
from belofte.evidence.signing import KeyFile
from belofte.evidence.tiles import Place, grown, last_places
from belofte.evidence.verify import Head, decoded, leaf_hash, verify_inclusion
from bench.choices import Row, row, timed

PREFIXES = ("log.", "prove.inclusion", "fsck.")
ACTS = 200_000
BATCH = 10_000
PER_SECOND = 20_000
CHECKED = 1_000_000
LOG = 10_000_000
PER_PROOF = 0.005
SIGNER = KeyFile(bytes(range(32)))
ROUNDS = 3
EVENTS = """
INSERT INTO belofte.event (kind, subject_id, purpose, channel, valid_from, origin, evidence)
SELECT 'consent:given', id, 'mailing', 'email', now(), 'person', '{"notice": "v1", "how": "web-form"}'
FROM belofte.subject
"""


def fresh(number: int) -> Fresh:
    """Return an act such as a consent is: ids, a purpose, a notice."""
    said = {"channel": "email", "event": number, "notice": "v1", "purpose": "mailing", "request": str(UUID(int=number))}
    return Fresh(Act.CONSENT_GIVEN, said, uuid4())


def appended(db: Database, acts: list[Fresh]) -> None:
    """Record and seal."""
    for at in range(0, len(acts), BATCH):
        record_many(db, acts[at : at + BATCH])
    seal(db, SIGNER)


def copied(db: Database, rows: list[tuple[object, ...]]) -> None:
    """Write the same rows to a table that is nothing else."""
    for at in range(0, len(rows), BATCH):
        with (
            db.transaction(),
            db.connection.cursor() as cursor,
            cursor.copy(
                "COPY bare (id, name, at, about, content, salt, commitment) FROM STDIN (FORMAT binary)"
            ) as copy,
        ):
            copy.set_types(["int8", "text", "timestamptz", "uuid", "text", "bytea", "bytea"])
            for one in rows[at : at + BATCH]:
                copy.write_row(one)


def appends(db: Database) -> list[Row]:
    """Measure writing and sealing."""
    db.connection.execute("CREATE TABLE bare (LIKE belofte.act INCLUDING INDEXES INCLUDING CONSTRAINTS)")
    ours, base = [], []
    for _ in range(ROUNDS):
        acts = [fresh(number) for number in range(ACTS)]
        ours.append(timed(partial(appended, db, acts)))
        rows = db.connection.execute(
            "SELECT id, name, at, about, content, salt, commitment FROM belofte.act ORDER BY id DESC LIMIT %s", [ACTS]
        ).fetchall()
        db.connection.execute("TRUNCATE bare")
        base.append(timed(partial(copied, db, rows)))
    return [
        row("log.append", 2.0, ours, base, ACTS),
        row("log.append.floor", 1.0, ours, [ACTS / PER_SECOND], ACTS),
        {"name": "log.appended_per_second", "value": ACTS / min(ours), "n": ACTS},
    ]


def proofs(db: Database) -> list[Row]:
    """Measure a proof in a large log."""
    key = signing_key(db, SIGNER)
    size, leaf = 0, leaf_hash(bytes(32))
    kept: dict[Place, bytes] = {}
    while size < LOG:
        count = min(500_000, LOG - size)
        tree = grown(size, kept, [leaf] * count)
        _keep(db, size, range(10**9 + size, 10**9 + size + count), tree.changed)
        kept = {place: {**kept, **tree.changed}[place] for place in last_places(tree.size)}
        size = tree.size
    note = notes.checkpoint(Head(key.name, size, tree.root), key, SIGNER)
    db.run("checkpoint_put", size=size, note=note, settled=0)
    places = [random.randrange(LOG) for _ in range(200)]
    for place in places[:5]:
        verify_inclusion(place, LOG, leaf, [decoded(one) for one in receipt.inclusion(db, place, LOG)], tree.root)
    times = [timed(partial(receipt.inclusion, db, place, LOG)) for place in places]
    middle = sorted(times)[len(times) // 2]
    return [row("prove.inclusion", 1.0, [middle], [PER_PROOF], LOG)]


def rows_of_evidence(db: Database) -> list[Row]:
    """Measure what the log adds to an insert."""
    run = db.connection.execute
    run("INSERT INTO belofte.subject (id) SELECT gen_random_uuid() FROM generate_series(1, %s)", [ACTS // 2])
    times: dict[str, list[float]] = {"DISABLE": [], "ENABLE ALWAYS": []}
    for turn in range(ROUNDS * 2):
        word = ("DISABLE", "ENABLE ALWAYS")[turn % 2]
        run(f"ALTER TABLE belofte.event {word} TRIGGER event_log_insert")
        times[word].append(timed(lambda: run(EVENTS)))
    value = min(times["ENABLE ALWAYS"]) / min(times["DISABLE"])
    return [{"name": "log.rows", "value": value, "n": ACTS // 2}]


def checks(db: Database) -> list[Row]:
    """Measure holding a database against its log."""
    db.connection.execute(
        "INSERT INTO belofte.subject (id) SELECT gen_random_uuid() FROM generate_series(1, %s)", [CHECKED]
    )
    db.connection.execute(EVENTS)
    seal(db, SIGNER)
    found: list[Checked] = []
    base = timed(partial(read, db))
    ours = timed(lambda: found.append(fsck(db)))
    assert not found[0].findings
    return [{"name": "fsck.rows", "value": ours / base, "n": CHECKED, "seconds": ours}]


def read(db: Database) -> None:
    """Read the acts and the rows that they are about."""
    with db.picture():
        for query in ("SELECT * FROM belofte.act", "SELECT * FROM belofte.event"):
            with db.connection.cursor("plain", binary=True) as cursor:
                cursor.itersize = BATCH
                for _ in cursor.execute(query):
                    pass


def run() -> list[Row]:
    """Measure; the product's own server, durable as it is."""
    found: list[Row] = []
    for part in (appends, rows_of_evidence, proofs, checks):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            try:
                with open_database(address(Path(folder), {})) as db:
                    found += part(db)
            finally:
                leave(Path(folder))
    return found

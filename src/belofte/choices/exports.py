"""The ledger to take along: every event in the order in which it was recorded, people as random ids.

No identifier leaves, because none is there (docs/decisions/0008). Who may read the file can still tell who is who with
the company's key: it is personal data all the same.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import TextIO, cast

from belofte.database.open import Database, statement

COLUMNS = (
    "recorded_at", "person", "kind", "purpose", "channel", "category", "holds_from", "holds_until", "origin",
    "evidence",
)  # fmt: skip

AT_A_TIME = 5_000


def write_csv(db: Database, to: TextIO) -> int:
    """Write every event as a line of CSV; return how many."""
    out = csv.writer(to)
    out.writerow(COLUMNS)
    count = 0
    for count, row in enumerate(_rows(db), 1):  # noqa: B007
        out.writerow(["" if cell is None else cell for cell in row])
    return count


def write_lines(db: Database, to: TextIO) -> int:
    """Write every event as a line of JSON; return how many."""
    count = 0
    for count, row in enumerate(_rows(db), 1):  # noqa: B007
        shown = dict(zip(COLUMNS, row, strict=True)) | {"evidence": json.loads(cast(str, row[-1]))}
        to.write(json.dumps(shown, ensure_ascii=False) + "\n")
    return count


def _rows(db: Database) -> Iterator[tuple[str | None, ...]]:
    """Yield the events, some at a time: the ledger may be larger than memory."""
    with db.transaction(), db.connection.cursor(name="ledger") as cursor:
        cursor.itersize = AT_A_TIME
        yield from cursor.execute(statement("events_exported"))

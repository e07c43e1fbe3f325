"""How long `belofte prove` takes on the second example at a million people, and again where nothing changed.

The base is the time that it may take: a minute. The business database and Belofte's own are on servers of their own, so
that what the second run does not measure again is what did not change. Nobody's readers are bound here.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from examples.selligent import company as vendor
from tests.promises.company import EXAMPLES, Prepared
from tests.servers import postgres_server

from belofte.database.open import open_database
from bench.rights import Row

PREFIXES = ("prove.example", "prove.again")
PEOPLE = 1_000_000
MINUTE = 60.0
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""Shortly after the books of the example end."""


def row(name: str, seconds: float) -> Row:
    """Return a row against the minute that a run may take."""
    return {"name": name, "ratio": seconds / MINUTE, "goal": 1.0, "ours_s": seconds, "base_s": MINUTE, "n": PEOPLE}


def run() -> list[Row]:
    """Measure a first run and a second one."""
    with postgres_server() as theirs, postgres_server() as own, tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for part in ("policy", "stores", "evidence"):
            shutil.copytree(EXAMPLES / "selligent" / part, folder / part)
        urls = {"BUSINESS_URL": theirs.url(theirs.fresh())}
        urls |= {f"{name.upper()}_URL": f"sqlite:///{folder / name}.db" for name in ("site", "hosted")}
        vendor.build(urls["BUSINESS_URL"], urls["SITE_URL"], urls["HOSTED_URL"], PEOPLE)
        db = open_database(f"postgresql://postgres@/{own.fresh()}?host={own.socket}")
        made = Prepared(folder, db, urls, NOW)
        try:
            first, second = made.prove(), made.prove()
        finally:
            db.close()
    return [row("prove.example", first.seconds), row("prove.again", second.seconds)]

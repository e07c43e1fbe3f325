"""At the end of every verb: who ran it is recorded where it acted, and what waits gets its place in the log."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg

from belofte.cli import running
from belofte.cli.options import who
from belofte.cli.output import show_error
from belofte.database import acts
from belofte.database.acts import Act
from belofte.database.errors import KeyUnusable
from belofte.database.key import CompanyKey
from belofte.database.open import Database
from belofte.evidence.seal import seal
from belofte.evidence.signing import signer


def sealed(directory: Path, db: Database, key: CompanyKey) -> None:
    """Seal what the verb did. It has acted: where sealing fails, that is said, and the next verb seals."""
    if db.connection.closed:
        return
    try:
        if acts.wrote(db):
            acts.record(db, Act.VERB_RUN, {"by": key.staff(who(None)), "verb": running.verb.get()})
            seal(db, signer(directory, os.environ))
    except KeyUnusable as error:
        show_error(f"what was done is recorded, but not sealed: {error}", "mend it, then run `belofte log checkpoint`")
    except psycopg.Error:
        show_error("what was done is recorded, but could not be sealed", "run `belofte log checkpoint` to see why")

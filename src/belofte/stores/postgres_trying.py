"""Try, as the reader of a purpose, what it may not read on PostgreSQL: each attempt for itself, and undone.

Who asks becomes the purpose's role until the transaction ends; nothing is read, for a right is asked for before the
first row. A server that knows no such table or column for this reader refuses as well as one that forbids it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.sql import SQL, Identifier, Literal

from belofte.stores.postgres_views import named
from belofte.stores.session import Failed, Session

ATTEMPTS: LiteralString = """DO $attempts$
DECLARE
    reads text[] := {reads};
    through integer[] := '{{}}';
BEGIN
    FOR number IN 1 .. pg_catalog.cardinality(reads) LOOP
        BEGIN
            EXECUTE reads[number];
            through := through || number;
        EXCEPTION WHEN insufficient_privilege OR undefined_column OR undefined_table OR invalid_schema_name THEN
            NULL;
        END;
    END LOOP;
    PERFORM pg_catalog.set_config('belofte.through', pg_catalog.array_to_json(through)::text, true);
END
$attempts$"""
"""All attempts in one statement: what is refused is undone for itself, the numbers of the others are told."""


@dataclass(frozen=True)
class Try:
    """One forbidden read: of a relation as a whole, or of one column of it."""

    relation: str
    column: str | None = None

    def __str__(self) -> str:
        return self.relation if self.column is None else f"{self.relation}.{self.column}"

    def read(self) -> str:
        """Return the SELECT that has to be refused; it asks for no row."""
        what: sql.Composable = SQL("*") if self.column is None else Identifier(self.column)
        return SQL("SELECT count({}) FROM {} WHERE false").format(what, named(self.relation)).as_string(None)


class NoReader(Exception):
    """The account that asks may not become this reader: nothing can be tried."""


def succeeded(trying: Session, role: str, tries: Sequence[Try]) -> list[Try]:
    """Return those forbidden reads that are not refused; the session's transaction is over afterwards.

    Raises `NoReader`, or `Failed` where the store does.
    """
    connection: psycopg.Connection = trying.connection
    reads = Literal([one.read() for one in tries])
    try:
        connection.execute(SQL("SET LOCAL ROLE {}").format(named(role)))
        connection.execute(SQL(ATTEMPTS).format(reads=reads))
        ((said,),) = connection.execute("SELECT current_setting('belofte.through')").fetchall()
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedObject, psycopg.errors.InvalidParameterValue):
        raise NoReader(role) from None
    except psycopg.Error:
        raise Failed(trying.store.name, "it did not let itself be tried") from None
    finally:
        trying.rollback()
    return [tries[number - 1] for number in json.loads(said)]

"""A live database's catalogue as a `Schema`: the same value for PostgreSQL, MariaDB/MySQL and SQLite.

Own catalogue queries, a fixed number whatever the number of tables: SQLAlchemy's reflection lacks triggers, checks'
columns, inheritance, row estimates, index expressions and collations, which decide how a person's data can be erased.
Names are bare in the default schema and `schema.table` elsewhere; system schemas and Belofte's own are left out.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from belofte.datamap.schema import Schema
from belofte.stores import mysql_catalogue, postgres_catalogue, sqlite_catalogue

CATALOGUES = {
    "postgresql": postgres_catalogue.schema,
    "mysql": mysql_catalogue.schema,
    "mariadb": mysql_catalogue.schema,
    "sqlite": sqlite_catalogue.schema,
}


def reflect(bind: Engine | Connection) -> Schema:
    """Return the catalogue of the database behind an engine, or as a connection's transaction sees it.

    `Schema.warnings` says what an account cannot see and what would keep erased data (row security, history, rules).
    """
    if isinstance(bind, Engine):
        with bind.connect() as connection:
            return reflect(connection)
    return CATALOGUES[bind.dialect.name](bind)

"""The shop on MariaDB: the same tables and people, the same questions, another server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
from sqlglot import exp
from tests.purposes.shop import SCRIPT, Shop
from tests.servers import MariaDB

from belofte.compiler.closure import column, table_of
from belofte.database.open import open_database
from belofte.stores.mysql_names import place, purpose_role, quoted, schema


class Reading:
    """A connection that is asked like one to PostgreSQL."""

    def __init__(self, connection: pymysql.connections.Connection[Any]) -> None:
        self.connection = connection

    def execute(self, query: str, values: Sequence[Any] = ()) -> Any:
        """Run a statement; return what has its rows."""
        cursor = self.connection.cursor()
        cursor.execute(query, values or None)
        return cursor

    def many(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, in order."""
        return sorted(self.execute(query).fetchall(), key=repr)


@dataclass
class MariaShop(Shop):
    """The shop, its customers on MariaDB."""

    socket: str = ""
    database: str = ""

    def schema(self, purpose: str) -> str:
        """The database of a purpose's views."""
        return schema("crm", purpose)

    @contextmanager
    def connected(self, user: str) -> Iterator[Reading]:
        """A connection of an account."""
        connected = pymysql.connect(unix_socket=self.socket, user=user, autocommit=True, charset="utf8mb4")
        try:
            yield Reading(connected)
        finally:
            connected.close()

    @contextmanager
    def crm(self) -> Iterator[Reading]:
        """A connection of the company's own."""
        with self.connected("root") as root:
            root.connection.select_db(self.database)
            yield root

    @contextmanager
    def reader(self, purpose: str) -> Iterator[Reading]:
        """A connection that reads for a purpose."""
        role, name = quoted(purpose_role("crm", purpose)), quoted(f"reader_{purpose}")
        with self.crm() as root:
            root.execute(f"CREATE USER IF NOT EXISTS {name}")
            root.execute(f"GRANT {role} TO {name}")
            root.execute(f"SET DEFAULT ROLE {role} FOR {name}")
        try:
            with self.connected(f"reader_{purpose}") as reading:
                yield reading
        finally:
            with self.crm() as root:
                root.execute(f"DROP USER {name}")

    def sees(self, purpose: str, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """What a purpose reads of a table, in order."""
        names = [column(name) for name in columns] or [exp.Star()]
        query = exp.select(*names).from_(table_of(f"{self.schema(purpose)}.{table}"))
        with self.reader(purpose) as reading:
            return reading.many(query.sql(dialect="mysql"))


def opened(server: MariaDB, own: str, folder: Path) -> MariaShop:
    """Return a shop in a fresh database of MariaDB; its own database of Belofte's is on PostgreSQL."""
    crm = server.fresh()
    made = MariaShop(server.url(crm), "", open_database(own), own, folder, socket=str(server.socket), database=crm)
    with made.crm() as filling:
        for statement in SCRIPT.replace(" text", " varchar(80)").split(";\n"):
            if statement.strip():
                filling.execute(statement)
    return made


def clear(server: MariaDB, shop: MariaShop) -> None:
    """Remove a shop, with the databases and roles that binding its readers made: they are of the whole server."""
    with shop.crm() as root:
        ours = root.execute("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'for!_%%' "
                            "ESCAPE '!' OR schema_name = %s", [place("crm")]).fetchall()  # fmt: skip
        roles = root.execute("SELECT user FROM mysql.user WHERE is_role = 'Y' AND user LIKE 'belofte%'").fetchall()
        for (role,) in roles:
            root.execute(f"DROP ROLE {quoted(role)}")
    for (name,) in ours:
        server.drop(name)
    server.drop(shop.database)

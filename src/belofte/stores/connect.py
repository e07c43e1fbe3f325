"""Connect to a company's database: which driver, read-only or not, and why it cannot be reached.

A store in `mode: observe` gets a session whose writes the database itself refuses (DESIGN §3). What goes wrong is told
without passwords, accounts or values: drivers' own messages carry all three.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
import pymysql
from sqlalchemy import Engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError

from belofte.datamap.schema import Dialect
from belofte.stores import mysql, postgres, sqlite

SCHEMES: dict[str, Dialect] = {
    "postgresql": "postgres",
    "postgres": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
}
"""What a URL may begin with, whatever driver it names after a `+`."""

ENGINES = {"postgres": postgres.engine, "mysql": mysql.engine, "sqlite": sqlite.engine}

SQLSTATES = {
    "28": "it refused the account or its password",
    "3D": "it has no database of that name",
    "42501": "the account may not do this",
    "53": "it has no connections or memory left",
    "55P03": "a row is locked by somebody else",
    "57014": "it took longer than allowed",
    "57P": "it is starting or stopping",
    "40": "somebody else changed the same rows at the same time",
    "23": "a constraint of the database forbids it",
    "22": "a value does not fit its column",
    "25006": "the session is read-only",
    "25": "the transaction is not in a state for it",
}
"""What the first characters of an SQLSTATE mean; the longest match counts."""

MYSQL_CODES = {
    1044: "28", 1045: "28", 1049: "3D", 1040: "53", 1142: "42501", 1143: "42501", 1205: "55P03", 1213: "40", 1020: "40",
    1792: "25006", 1290: "25006", 1969: "57014", 1048: "23", 1062: "23", 1451: "23", 1452: "23", 4025: "23",
    1264: "22", 1265: "22", 1292: "22", 1366: "22", 1406: "22",
}  # fmt: skip
"""MariaDB's and MySQL's numbers, as the SQLSTATE of the table above."""


class Unreachable(Exception):
    """A store cannot be reached; says which and why, never with which password or account."""

    def __init__(self, store: str, where: str, why: str) -> None:
        super().__init__(f"store `{store}` cannot be reached ({where}): {why}")
        self.store, self.where, self.why = store, where, why


@dataclass(frozen=True, slots=True)
class Store:
    """A database that answers: its engine, its dialect and the name that the data map gives it."""

    engine: Engine
    dialect: Dialect
    name: str
    read_only: bool

    def close(self) -> None:
        """Close the connections that are not in use."""
        self.engine.dispose()


def connect(url: str, *, read_only: bool, name: str = "store") -> Store:
    """Return the store at `url`, after one connection to it succeeded.

    `url` is `postgresql://`, `mysql://`, `mariadb://` or `sqlite:///file`, with or without a driver. Raises
    `Unreachable` when it is malformed, names an unknown database or does not answer within ten seconds.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # INVARIANT: the URL itself is never shown, it may hold a password
        raise Unreachable(name, "no address", "the URL cannot be read; write `postgresql://host/database`") from None
    dialect = SCHEMES.get(parsed.drivername.partition("+")[0])
    if dialect is None:
        known = "`postgresql`, `mysql`, `mariadb` or `sqlite`"
        raise Unreachable(name, f"`{parsed.drivername}`", f"belofte speaks {known}; other stores are `kind: manual`")
    try:
        engine = ENGINES[dialect](parsed, read_only=read_only)
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    except (DBAPIError, OSError) as error:
        # `from None`: the driver's own message may hold the account, and must not be printed with ours
        raise Unreachable(name, address(parsed), reason(error)) from None
    return Store(engine, dialect, name, read_only)


def address(url: URL) -> str:
    """Return where a URL points, without account or password."""
    scheme = url.drivername.partition("+")[0]
    if scheme == "sqlite":
        return f"{scheme}, file `{url.database or ''}`"
    host = url.host or url.query.get("host") or url.query.get("unix_socket") or "localhost"
    port = f":{url.port}" if url.port else ""
    return f"{scheme} at `{host}{port}`, database `{url.database or ''}`"


def reason(error: Exception) -> str:
    """Return why a database refused or failed, in our words: its own may quote values, accounts and passwords."""
    original = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(original, "sqlstate", None)
    if isinstance(original, pymysql.MySQLError) and original.args and isinstance(original.args[0], int):
        state = MYSQL_CODES.get(original.args[0], f"error {original.args[0]}")
    if state:
        found = max((known for known in SQLSTATES if state.startswith(known)), key=len, default=None)
        return SQLSTATES[found] if found else network(original) or f"the database says {state}"
    return network(original) or "the database gave no reason"


def network(error: BaseException | None) -> str | None:
    """Return what a driver's message says about the way to the server, None when it says nothing known."""
    text = str(error).lower()
    if isinstance(error, psycopg.errors.ConnectionTimeout) or "timeout" in text or "timed out" in text:
        return "no answer in time; is the address right and the way open?"
    said = {
        "refused": "nothing listens there; is the server running?",
        "no such file": "nothing listens there; is the server running?",
        "can't connect": "nothing listens there; is the server running?",
        "could not translate": "no machine of that name is known",
        "name or service": "no machine of that name is known",
        "resolve": "no machine of that name is known",
        "password authentication": SQLSTATES["28"],
        "role": SQLSTATES["28"],
        "does not exist": SQLSTATES["3D"],
        "unable to open": "there is no such file, or it may not be read",
        "names no file": "a SQLite store is a file: `sqlite:///path/to/file`",
        "readonly": SQLSTATES["25006"],
        "locked": "somebody else holds its lock",
        "not a database": "the file is not a SQLite database",
        "constraint": SQLSTATES["23"],
        "no password supplied": SQLSTATES["28"],
        "closed": "the connection was closed by the server",
        "lost connection": "the connection was closed by the server",
    }
    return next((words for sign, words in said.items() if sign in text), None)

"""The catalogue of MariaDB and MySQL: one database, read from information_schema."""

from __future__ import annotations

import re
from typing import Literal, cast

from sqlalchemy import Connection

from belofte.datamap.schema import Check, ColumnInfo, Family, ForeignKey, Schema
from belofte.stores.draft import Draft, Row, columns_named, plain, rows

FAMILIES: dict[str, Family] = {
    "tinyint": "integer", "smallint": "integer", "mediumint": "integer", "int": "integer", "bigint": "integer",
    "year": "integer", "decimal": "numeric", "float": "numeric", "double": "numeric",
    "date": "date", "datetime": "timestamp", "timestamp": "timestamptz", "time": "time", "json": "json",
    "char": "text", "varchar": "text", "tinytext": "text", "text": "text", "mediumtext": "text", "longtext": "text",
    "binary": "bytes", "varbinary": "bytes", "tinyblob": "bytes", "blob": "bytes", "mediumblob": "bytes",
    "longblob": "bytes", "enum": "enum", "uuid": "uuid",
}  # fmt: skip
OnDelete = Literal["no action", "restrict", "cascade", "set null", "set default"]
JSON_VALID = re.compile(r"^\(?json_valid\(`?(\w+)`?\)\)?$", re.IGNORECASE)
"""How MariaDB marks a column of type JSON, which it keeps as long text."""


def schema(connection: Connection) -> Schema:
    """Return the catalogue of the database that the connection has chosen."""
    version = str(connection.exec_driver_sql("SELECT version()").scalar())
    is_mariadb = "mariadb" in version.lower()
    warnings: list[str] = []
    drafts: dict[str, Draft] = {}
    for row in rows(connection, "mysql", "tables"):
        name, engine = row["name"], row["engine"]
        is_view = "VIEW" in row["kind"]
        drafts[name] = Draft(name, "view" if is_view else "table", None if is_view else row["rows"])
        if row["kind"] == "SYSTEM VERSIONED":
            warnings.append(f"`{name}` is system-versioned: its history keeps what is erased from it")
        if engine in ("MyISAM", "Aria", "MEMORY", "CSV", "ARCHIVE"):
            warnings.append(f"`{name}` has engine {engine}: a change to it cannot be undone when a later step fails")
    for row in rows(connection, "mysql", "columns"):
        if row["owner"] in drafts:
            drafts[row["owner"]].add(column(row))
    read_foreign_keys(connection, drafts)
    read_indexes(connection, drafts)
    for row in rows(connection, "mysql", "triggers"):
        if row["owner"] in drafts:
            drafts[row["owner"]].triggers.append(row["name"])
    for row in rows(connection, "mysql", "checks_mariadb" if is_mariadb else "checks_mysql"):
        read_check(drafts.get(row["owner"]), row["text"])
    tables = {draft.name: draft.finished() for draft in drafts.values()}
    return Schema("mysql", tables, version if is_mariadb else f"MySQL {version}", tuple(warnings))


def column(row: Row) -> ColumnInfo:
    """Return a column from its row of information_schema.columns."""
    found = FAMILIES.get(row["base"], "other")
    if row["type"].startswith(("tinyint(1)", "bit(1)")):
        found = "boolean"
    default = row["has_default"] is not None and row["has_default"] != "NULL"
    return ColumnInfo(
        name=row["name"],
        family=found,
        type=row["type"],
        nullable=row["nullable"] == "YES",
        length=row["length"] if found == "text" else None,
        generated=bool(row["generated"]),
        default=default or "auto_increment" in row["extra"],
        folds_case="_ci" in (row["collation"] or ""),
    )


def read_foreign_keys(connection: Connection, drafts: dict[str, Draft]) -> None:
    """Add the foreign keys to the drafts; a parent in another database is `database.table`."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows(connection, "mysql", "foreign_keys"):
        found.setdefault((row["owner"], row["name"]), []).append(row)
    here = connection.exec_driver_sql("SELECT database()").scalar()
    for (owner, name), parts in found.items():
        if owner not in drafts:
            continue
        first = parts[0]
        parent = first["parent"] if first["parent_schema"] == here else f"{first['parent_schema']}.{first['parent']}"
        drafts[owner].foreign_keys.append(
            ForeignKey(
                tuple(part["own"] for part in parts),
                parent,
                tuple(part["theirs"] for part in parts),
                cast(OnDelete, first["on_delete"].lower()),
                name,
            )
        )


def read_indexes(connection: Connection, drafts: dict[str, Draft]) -> None:
    """Add the primary keys, the indexes, and what unique ones guarantee, to the drafts."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows(connection, "mysql", "indexes"):
        if row["index_type"] in ("BTREE", "HASH"):
            found.setdefault((row["table_name"], row["index_name"]), []).append(row)
    for (owner, name), parts in found.items():
        draft = drafts.get(owner)
        if draft is None:
            continue
        columns = tuple(part["column_name"] or plain(part.get("expression") or "") for part in parts)
        draft.indexes.append(columns)
        if name == "PRIMARY":
            draft.primary_key = columns
        elif not parts[0]["non_unique"] and all(part["column_name"] for part in parts):
            draft.unique.append(columns)


def read_check(draft: Draft | None, text: str) -> None:
    """Add a check to its table; MariaDB's mark of a JSON column makes the column one."""
    if draft is None:
        return
    marked = JSON_VALID.match(text)
    if marked and marked[1] in draft.columns:
        draft.change(marked[1], family="json")
    draft.checks.append(Check(columns_named(text, draft.columns), text))

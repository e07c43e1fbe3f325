"""PostgreSQL's catalogue, read in nine queries whatever the number of tables."""

from __future__ import annotations

import re
from typing import Literal

from sqlalchemy import Connection

from belofte.datamap.schema import Check, ColumnInfo, Family, ForeignKey, Schema
from belofte.stores.draft import Draft, Row, plain, rows

FAMILIES: dict[str, Family] = {
    "int2": "integer", "int4": "integer", "int8": "integer", "oid": "integer",
    "numeric": "numeric", "float4": "numeric", "float8": "numeric", "money": "numeric",
    "bool": "boolean", "date": "date", "timestamp": "timestamp", "timestamptz": "timestamptz",
    "time": "time", "timetz": "time", "json": "json", "jsonb": "json", "bytea": "bytes", "uuid": "uuid",
    "text": "text", "varchar": "text", "bpchar": "text", "citext": "text", "name": "text", "char": "text",
}  # fmt: skip
ON_DELETE: dict[str, Literal["no action", "restrict", "cascade", "set null", "set default"]] = {
    "a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default",
}  # fmt: skip
KINDS: dict[str, Literal["table", "view", "partitioned"]] = {"p": "partitioned", "v": "view", "m": "view"}
FOLDING = re.compile(r"ks-level[12]|colstrength=(primary|secondary)", re.IGNORECASE)
"""How an ICU collation says that it does not tell upper from lower case."""

Drafts = dict[int, Draft]
Numbers = dict[int, dict[int, str]]


def schema(connection: Connection) -> Schema:
    """Return the catalogue of every schema of the company."""
    warnings: list[str] = []
    drafts: Drafts = {}
    for row in rows(connection, "postgres", "tables"):
        name = row["name"] if row["home"] else f"{row['schema']}.{row['name']}"
        estimate = row["rows"] if row["rows"] >= 0 and row["kind"] != "v" else None
        drafts[row["id"]] = Draft(name, KINDS.get(row["kind"], "table"), estimate)
        if not row["readable"]:
            warnings.append(f"`{name}` cannot be read by this account")
        if row["narrowed"]:
            warnings.append(f"`{name}` has row security: this account may not see all its rows")
    numbers = read_columns(connection, drafts)
    read_constraints(connection, drafts, numbers)
    read_indexes(connection, drafts, numbers)
    for row in rows(connection, "postgres", "few"):
        if row["id"] in drafts:
            drafts[row["id"]].few.add(row["name"])
    for row in rows(connection, "postgres", "triggers"):
        if row["id"] in drafts:
            drafts[row["id"]].triggers.append(row["name"])
    for row in rows(connection, "postgres", "rules"):
        if row["id"] in drafts and drafts[row["id"]].kind != "view":
            warnings.append(f"`{drafts[row['id']].name}` has rules that turn a write into something else")
    for row in rows(connection, "postgres", "parents"):
        child, parent = drafts.get(row["id"]), drafts.get(row["parent"])
        if child is None or parent is None:
            continue
        if child.child_of is not None:
            warnings.append(f"`{child.name}` inherits from several tables; only `{child.child_of}` is followed")
            continue
        child.child_of = parent.name
    version = str(connection.exec_driver_sql("SHOW server_version").scalar())
    tables = {draft.name: draft.finished() for draft in drafts.values()}
    return Schema("postgres", tables, f"PostgreSQL {version}", tuple(warnings))


def family(row: Row) -> Family:
    """Return the family of a column's type."""
    if row["typtype"] == "e":
        return "enum"
    if row["category"] == "A":
        return "array"
    return FAMILIES.get(row["base"], "other")


def read_columns(connection: Connection, drafts: Drafts) -> Numbers:
    """Add the columns to the drafts; return their names by table and number."""
    numbers: Numbers = {}
    domains: dict[int, list[str]] = {}
    for row in rows(connection, "postgres", "domains"):
        domains.setdefault(row["id"], []).append(row["text"])
    for row in rows(connection, "postgres", "columns"):
        draft = drafts.get(row["id"])
        if draft is None:
            continue
        name, base, modifier = row["name"], row["base"], row["modifier"]
        numbers.setdefault(row["id"], {})[row["number"]] = name
        draft.add(
            ColumnInfo(
                name=name,
                family=family(row),
                type=row["type"],
                nullable=row["nullable"],
                length=modifier - 4 if base in ("varchar", "bpchar") and modifier > 4 else None,
                generated=row["generated"],
                default=row["has_default"],
                folds_case=base == "citext" or bool(FOLDING.search(row["collation"] or "")),
            )
        )
        for text in domains.get(row["domain"] or 0, []):
            draft.checks.append(Check((name,), condition(re.sub(r"\bVALUE\b", name, text))))
    return numbers


def condition(text: str) -> str:
    """Return the condition of a check as the catalogue writes it: `CHECK ((x > 0))` → `(x > 0)`."""
    return re.sub(r"^CHECK \((.*)\)(?: NO INHERIT)?(?: NOT VALID)?(?: NOT ENFORCED)?$", r"\1", text, flags=re.DOTALL)


def read_constraints(connection: Connection, drafts: Drafts, numbers: Numbers) -> None:
    """Add keys, foreign keys and checks to the drafts."""
    for row in rows(connection, "postgres", "constraints"):
        draft = drafts.get(row["id"])
        if draft is None:
            continue
        own = numbers[row["id"]]
        columns = tuple(own[number] for number in row["columns"] or () if number in own)
        if row["kind"] == "p":
            draft.primary_key = columns
        elif row["kind"] == "u":
            draft.unique.append(columns)
        elif row["kind"] == "c":
            draft.checks.append(Check(columns, condition(row["text"])))
        elif row["parent"] in drafts:
            theirs = numbers[row["parent"]]
            parent_columns = tuple(theirs[number] for number in row["parent_columns"])
            on_delete = ON_DELETE[row["on_delete"]]
            parent = drafts[row["parent"]].name
            draft.foreign_keys.append(ForeignKey(columns, parent, parent_columns, on_delete, row["name"]))


def read_indexes(connection: Connection, drafts: Drafts, numbers: Numbers) -> None:
    """Add the indexes, and what unique ones guarantee, to the drafts."""
    for row in rows(connection, "postgres", "indexes"):
        draft = drafts.get(row["id"])
        if draft is None:
            continue
        own, keys = numbers[row["id"]], row["columns"][: row["keys"]]
        texts = row["texts"] or [""] * len(keys)
        draft.indexes.append(tuple(own.get(key) or plain(text) for key, text in zip(keys, texts, strict=True)))
        if row["is_unique"] and all(keys) and draft.indexes[-1] != draft.primary_key:
            draft.unique.append(draft.indexes[-1])

"""SQLite's catalogue: its pragmas as tables, and the text of CREATE where they are silent (checks, collations).

SQLite enforces no length, and a type only in STRICT tables: a column's family is what its declared type says.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal, cast

from sqlalchemy import Connection

from belofte.datamap.schema import Check, ColumnInfo, Family, ForeignKey, Schema
from belofte.stores.draft import Draft, Row, columns_named, plain, rows

AFFINITIES: tuple[tuple[str, Family], ...] = (
    ("bool", "boolean"), ("datetime", "timestamp"), ("timestamp", "timestamp"), ("date", "date"), ("time", "time"),
    ("json", "json"), ("uuid", "uuid"), ("int", "integer"), ("char", "text"), ("clob", "text"), ("text", "text"),
    ("blob", "bytes"), ("real", "numeric"), ("floa", "numeric"), ("doub", "numeric"), ("dec", "numeric"),
    ("num", "numeric"), ("money", "numeric"),
)  # fmt: skip
"""The first of these that a declared type contains tells its family."""

TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[(),]|[^\s(),'"`\[]+""", re.DOTALL
)
"""A comment, a quoted text or name, a bracket, a comma, or a word."""

OnDelete = Literal["no action", "restrict", "cascade", "set null", "set default"]


def schema(connection: Connection) -> Schema:
    """Return the catalogue of the main database of the file."""
    drafts: dict[str, Draft] = {}
    texts: dict[str, str] = {row["name"]: row["text"] for row in rows(connection, "sqlite", "texts")}
    for row in rows(connection, "sqlite", "tables"):
        drafts[row["name"]] = Draft(row["name"], "view" if row["kind"] == "view" else "table")
    read_columns(connection, drafts, texts)
    actual = {name.lower(): name for name in drafts}
    read_foreign_keys(connection, drafts, actual)
    read_indexes(connection, drafts, texts)
    for row in rows(connection, "sqlite", "triggers"):
        if row["owner"].lower() in actual:
            drafts[actual[row["owner"].lower()]].triggers.append(row["name"])
    if any(True for _ in rows(connection, "sqlite", "analysed")):
        for row in rows(connection, "sqlite", "estimates"):
            if row["owner"] in drafts:
                drafts[row["owner"]].rows = row["rows"]
    version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())
    tables = {draft.name: draft.finished() for draft in drafts.values()}
    return Schema("sqlite", tables, f"SQLite {version}")


def family(declared: str) -> Family:
    """Return the family that a declared type stands for."""
    low = declared.lower()
    return next((found for sign, found in AFFINITIES if sign in low), "other")


def read_columns(connection: Connection, drafts: dict[str, Draft], texts: dict[str, str]) -> None:
    """Add columns, primary keys, checks and collations to the drafts."""
    keys: dict[str, list[tuple[int, str]]] = {}
    for row in rows(connection, "sqlite", "columns"):
        draft = drafts.get(row["owner"])
        if draft is None:
            continue
        if row["pk"]:
            keys.setdefault(row["owner"], []).append((row["pk"], row["name"]))
        draft.add(
            ColumnInfo(
                name=row["name"],
                family=family(row["type"]),
                type=row["type"],
                nullable=not row["required"],
                generated=row["hidden"] in (2, 3),
                default=bool(row["has_default"]),
            )
        )
    for name, found in keys.items():
        drafts[name].primary_key = tuple(column for _, column in sorted(found))
        first = drafts[name].columns[found[0][1]]
        if len(found) == 1 and first.type.upper() == "INTEGER":
            drafts[name].change(first.name, nullable=False, default=True)
        elif re.search(r"\bWITHOUT\s+ROWID\b", texts.get(name, ""), re.IGNORECASE):
            for _, column in found:
                drafts[name].change(column, nullable=False)
    for name, draft in drafts.items():
        if draft.kind == "table" and re.search(r"\bCHECK\b|\bNOCASE\b", texts.get(name, ""), re.IGNORECASE):
            read_text(draft, texts[name])


def read_text(draft: Draft, text: str) -> None:
    """Add the checks and collations that stand in the text of CREATE TABLE."""
    spelled = {name.lower(): name for name in draft.columns}
    for part in terms(text):
        words = [word.lower() for word in part]
        column = spelled.get(unquoted(words[0])) if words else None
        if column is not None and ("collate", "nocase") in pairwise(words):
            draft.change(column, folds_case=True)
        for at, word in enumerate(words):
            if word == "check" and words[at + 1 : at + 2] == ["("]:
                sql = " ".join(part[at + 1 : closing(part, at + 1) + 1])
                draft.checks.append(Check(columns_named(sql, draft.columns), sql))


def read_foreign_keys(connection: Connection, drafts: dict[str, Draft], actual: dict[str, str]) -> None:
    """Add the foreign keys to the drafts; SQLite compares names without case, and may leave the target's key out."""
    found: dict[tuple[str, int], list[Row]] = {}
    for row in rows(connection, "sqlite", "foreign_keys"):
        if row["owner"] in drafts:
            found.setdefault((row["owner"], row["id"]), []).append(row)
    spelled = {owner: {name.lower(): name for name in draft.columns} for owner, draft in drafts.items()}
    for (owner, _), parts in found.items():
        parent = actual.get(str(parts[0]["parent"]).lower(), str(parts[0]["parent"]))
        theirs = [str(part["theirs"] or "") for part in parts]
        if parent in drafts:
            named = [spelled[parent].get(name.lower(), name) for name in theirs]
            theirs = named if all(theirs) else list(drafts[parent].primary_key)
        own = tuple(spelled[owner].get(str(part["own"]).lower(), str(part["own"])) for part in parts)
        on_delete = cast(OnDelete, str(parts[0]["on_delete"]).lower())
        drafts[owner].foreign_keys.append(ForeignKey(own, parent, tuple(theirs), on_delete))


def read_indexes(connection: Connection, drafts: dict[str, Draft], texts: dict[str, str]) -> None:
    """Add the indexes, and what unique ones guarantee, to the drafts; an integer primary key needs none."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows(connection, "sqlite", "indexes"):
        if row["owner"] in drafts:
            found.setdefault((row["owner"], row["name"]), []).append(row)
    for (owner, name), parts in found.items():
        draft = drafts[owner]
        expressions = [index_term(part) for part in terms(texts.get(name, ""))]
        columns = tuple(
            part["column_name"] or (plain(expressions[at]) if at < len(expressions) else "?")
            for at, part in enumerate(parts)
        )
        draft.indexes.append(columns)
        if parts[0]["is_unique"] and parts[0]["origin"] != "pk" and all(part["column_name"] for part in parts):
            draft.unique.append(columns)
    for draft in drafts.values():
        if draft.primary_key and draft.primary_key not in draft.indexes:
            draft.indexes.insert(0, draft.primary_key)


def terms(text: str) -> list[list[str]]:
    """Return the tokens of each term between the first brackets of a CREATE, split at the commas of that level."""
    parts: list[list[str]] = [[]]
    depth = 0
    for found in TOKEN.finditer(text):
        token = found[0]
        if token.startswith(("--", "/*")):
            continue
        depth -= token == ")"
        if depth == 0 and token == ")":
            break
        if depth == 1 and token == ",":
            parts.append([])
        elif depth > 0:
            parts[-1].append(token)
        depth += token == "("
    return parts


def closing(tokens: list[str], opening: int) -> int:
    """Return where the bracket that opens at `opening` closes."""
    depth = 0
    for at in range(opening, len(tokens)):
        depth += (tokens[at] == "(") - (tokens[at] == ")")
        if depth == 0:
            return at
    return len(tokens) - 1


def unquoted(name: str) -> str:
    """Return a name without its quotes."""
    return name[1:-1] if name[:1] in '"`[' and len(name) > 1 else name


def index_term(tokens: list[str]) -> str:
    """Return one term of an index without its direction."""
    return " ".join(tokens[:-1] if tokens[-1:] and tokens[-1].lower() in ("asc", "desc") else tokens)

"""The compiled SQL and the reference evaluator agree, on generated worlds, in every dialect."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.compiler.world import NOW, TABLES, World, worlds

from belofte.compiler.closure import Closure
from belofte.compiler.pseudonym import halves
from belofte.compiler.reference import Holds, Reference
from belofte.compiler.setting import People, Setting, groups
from belofte.compiler.statement import Keys
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Graph
from belofte.datamap.schema import Schema
from belofte.policy.person import nobody
from belofte.stores.connect import Store, connect
from belofte.stores.reflect import reflect
from belofte.stores.session import Session, session

KEY = b"the key of pseudonyms"
EXAMPLES = int(os.environ.get("BELOFTE_EXAMPLES", "25"))


@pytest.fixture(scope="module", params=["postgres", "mariadb", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A database with the world's empty tables."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("world") / "world.db"
        file.touch()
        url = f"sqlite:///{file}"
    else:
        server = request.getfixturevalue(f"{request.param}_running")
        url = server.url(server.fresh())
    opened = connect(url, read_only=False, name="world")
    with opened.engine.begin() as connection:
        for table, columns in TABLES.items():
            connection.exec_driver_sql(ddl(table, columns, opened.dialect))
    yield opened
    opened.close()


def ddl(table: str, columns: str, dialect: str) -> str:
    """Return a table's DDL; references stand apart, where MariaDB obeys them."""
    columns = columns.format(timestamp="datetime" if dialect == "mysql" else "timestamp")
    references = re.findall(r"(\w+) [\w ]*? references (\w+)\((\w+)\)", columns)
    columns = re.sub(r" references \w+\(\w+\)", "", columns)
    keys = [f"foreign key ({c}) references {parent}({p})" for c, parent, p in references]
    return f"create table {table} ({', '.join([columns, *keys])})"


def fill(opened: Session, rows: Any) -> None:
    """Put a world's rows in place of what is there."""
    opened.given = halves({"k": KEY})
    marks = {"sqlite": "?"}.get(opened.dialect, "%s")
    cursor = opened.connection.cursor()
    if opened.dialect == "mysql":
        cursor.execute("set foreign_key_checks = 0")
    cursor.execute("update folder set parent_id = null")
    for table in reversed(TABLES):
        cursor.execute(f"delete from {table}")  # noqa: S608
    for table in TABLES:
        for row in sorted(rows[table], key=lambda r: r.get("id", 0)):
            first = {**row, "parent_id": None} if table == "folder" else row
            values = [adapted(opened, value) for value in first.values()]
            cursor.execute(f"insert into {table} ({', '.join(row)}) values ({', '.join([marks] * len(row))})", values)  # noqa: S608
    for row in rows["folder"]:
        cursor.execute(f"update folder set parent_id = {marks} where id = {marks}", (row["parent_id"], row["id"]))  # noqa: S608
    if opened.dialect == "mysql":
        cursor.execute("set foreign_key_checks = 1")


def adapted(opened: Session, value: Any) -> Any:
    if opened.dialect == "sqlite" and isinstance(value, date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return value


def compiled(world: World, graph: Graph) -> tuple[Setting, Closure, dict[str, Keys]]:
    """Return what the compiler needs for a world, and the key sets it names."""
    keysets = {f"cohort_{entry}": Keys(("integer",), keys) for entry, keys in world.cohort.items()}
    population: dict[str, list[People]] = {}
    for number, ((entry, key), state) in enumerate(world.states.items()):
        keysets[f"people_{number}"] = Keys(("integer",), [key])
        population.setdefault(entry, []).append(People(state, f"people_{number}"))
    asked = {(entry, key) for entry, keys in world.cohort.items() for key in keys}
    covered = frozenset(e for e in world.cohort if all(p in world.states for p in asked if p[0] == e))
    setting = Setting(
        world.policy, graph, NOW, population, nobody(world.policy), held_tables=world.held_tables, covered=covered
    )
    return setting, Closure(graph, {entry: f"cohort_{entry}" for entry in world.cohort}), keysets


def referee(world: World, graph: Graph) -> Reference:
    """Return the reference evaluator of a world."""
    return Reference(
        world.policy, graph, world.rows, world.states, nobody(world.policy), NOW, Holds(world.held_tables),
        dialect=graph.schema.dialect,
    )  # fmt: skip


@pytest.fixture(scope="module")
def schema(store: Store) -> Schema:
    """The catalogue of the world's tables."""
    return reflect(store.engine)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_sql_and_reference_give_every_datum_the_same_verdict(store: Store, schema: Schema, world: World) -> None:
    graph = world.graph(schema)
    reference = referee(world, graph)
    setting, closure, keysets = compiled(world, graph)
    with session(store) as opened:
        fill(opened, world.rows)
        for table in graph.mapped:
            found = verdicts(opened, Verdicts(setting, closure, table), keysets)
            expected = expectation(world, graph, reference, table)
            assert found == expected, table


def verdicts(opened: Session, judged: Verdicts, keysets: dict[str, Keys]) -> dict[Any, Any]:
    """Return what the compiled SELECT says: per row key, whose it is and each group's verdict."""
    if not judged.touched:
        return {}
    judged.add_whose()
    judged.add_masks()
    judged.add_justified()
    statement = judged.select("verdicts", columns=False)
    names = [flag.name for flag in judged.varying]
    size = len(judged.setting.graph.key(judged.table))
    found = {}
    for row in opened.rows(statement, keysets):
        flags = {**judged.constants, **{n: int(v or 0) for n, v in zip(names, row[size:], strict=True)}}
        key = tuple(str(item) for item in row[:size])
        parts = [
            (group.element, flags[f"k{n}"], flags[f"u{n}"], flags[f"j{n}"]) for n, group in enumerate(judged.groups)
        ]
        found[key] = (*parts, ("hers", flags["hers"]))
    return found


def expectation(world: World, graph: Graph, reference: Reference, table: str) -> dict[Any, Any]:
    """Return what the reference says of the same rows."""
    found = {}
    asked = {(entry, key) for entry, keys in world.cohort.items() for key in keys}
    for row in world.rows[table]:
        own = set(reference.plain.reached(table, row)) & asked
        about = {c for c in graph.map.tables[table].columns if set(reference.plain.reached(table, row, c)) & asked}
        if not own and not about:
            continue
        parts: list[Any] = []
        for group in groups(graph, table):
            column = None if group.row else group.columns[0]
            names = [n for n in world.policy.purposes if reference._keys(n, group.element)]
            kept = reference.kept_by(table, row, column)
            people = reference.plain.reached(table, row, column)
            shown = [
                n for n in names
                if people and all(reference.use(n, p, table, row, column) is True for p in people)
            ]  # fmt: skip
            justified = any(
                reference.justified(table, row, c) for c in ([None] if group.row else []) + list(group.columns)
            )
            parts.append((group.element, mask(names, kept), mask(names, shown), int(justified)))
        key = (
            (str(row["id"]),)
            if table != "visit"
            else keyless(tuple(row[c] for c in graph.key(table)), reference.dialect)
        )
        found[key] = (*parts, ("hers", int(bool(own))))
    return found


def keyless(values: tuple[Any, ...], dialect: str) -> tuple[str, ...]:
    """Return what tells a row without a key apart."""
    texts = tuple("∅" if value is None else str(value) for value in values)
    return tuple(text.encode().hex().upper() for text in texts) if dialect == "mysql" else texts


def mask(names: list[str], chosen: list[str]) -> int:
    return sum(1 << number for number, name in enumerate(names) if name in chosen)

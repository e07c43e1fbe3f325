"""A shape of ownership: a small database, its map, whose rows are whose, and what her erasure leaves.

`erase` holds every erasure against what must always be true: captured as values and as tables it does the same, no
foreign key dangles, nobody else's row changes, and done again it changes nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import make_url

from belofte.compiler.closure import Closure
from belofte.compiler.erasure import Erasure, erasure
from belofte.compiler.reference import Reference
from belofte.compiler.setting import Setting
from belofte.compiler.statement import Keys
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Graph
from belofte.datamap.model import DataMap
from belofte.datamap.schema import Dialect
from belofte.policy.model import Policy
from belofte.policy.person import nobody
from belofte.stores.connect import SCHEMES, connect
from belofte.stores.erasing import TableCounts, carry_out
from belofte.stores.reflect import reflect
from belofte.stores.session import Session, session

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
ALICE, BOB, CHARLIE = 1, 2, 3
PERSON = "create table person (id integer primary key, name varchar(40))"
PEOPLE = [{"id": ALICE, "name": "alice"}, {"id": BOB, "name": "bob"}, {"id": CHARLIE, "name": "charlie"}]
NAMED = {"columns": {"name": "identity.name"}}
"""What most maps say of `person`."""

Rows = dict[str, list[dict[str, Any]]]

POLICY: dict[str, Any] = {
    "belofte": 1,
    "languages": ["en"],
    "people": ["person"],
    "organisation": {"name": "X", "country": "BE", "authority": "be-apd"},
    "categories": {
        "identity": {"title": "Identity", "elements": {"name": "pd:Name", "email": "pd:EmailAddress"}},
        "dealings": {"title": "Dealings", "elements": {"text": "pd:Communication", "order": "pd:Purchase"}},
        "books": {"title": "Books", "elements": {"amount": "pd:Purchase"}},
    },
    "purposes": {"accounting": {"title": "Books", "basis": "legal-obligation", "law": "WER III.86", "uses": ["books"]}},
}
"""Nothing keeps names and dealings; the books are always kept."""


class Shape:
    """A database with a shape in it, and its map."""

    def __init__(
        self,
        url: str,
        ddl: Sequence[str],
        rows: Mapping[str, list[dict[str, Any]]],
        tables: Mapping[str, Any],
        policy: Mapping[str, Any] = POLICY,
        **said: Any,
    ) -> None:
        people = {"person": {"table": "person", "key": "id", "is": "person"}}
        self.store = connect(url, read_only=False, name="shape")
        self.dialect: Dialect = self.store.dialect
        with self._building() as cursor:
            for statement in ddl:
                cursor.execute(statement)
            for table, found in rows.items():
                for row in found:
                    insert(cursor, self.dialect, table, row)
        self.map = DataMap.model_validate({"store": "shape", "people": people, **said, "tables": tables})
        self.graph = Graph(self.map, reflect(self.store.engine))
        self.setting = Setting(
            Policy.model_validate(policy), self.graph, NOW, {}, nobody(Policy.model_validate(policy))
        )

    @contextmanager
    def _building(self) -> Iterator[Any]:
        """A cursor that builds: names in double quotes in every dialect."""
        connection = self.store.engine.raw_connection()
        cursor = connection.cursor()
        if self.dialect == "mysql":
            cursor.execute("set session sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')")
        if self.dialect == "sqlite":
            cursor.execute("begin")
        yield cursor
        connection.commit()
        connection.invalidate()

    # -- whose rows ------------------------------------------------------------------------------------------

    def _cohort(self, entry: str, person: Any) -> tuple[Closure, dict[str, Keys]]:
        found = self.graph.entry(entry)
        info = self.graph.schema.tables[found.table]
        keys = [self._key(one) for one in (person if isinstance(person, list) else [person])]
        families = tuple(info.columns[name].family for name in found.key)
        return Closure(self.graph, {entry: "cohort"}), {"cohort": Keys(families, keys)}

    @staticmethod
    def _key(person: Any) -> tuple[Any, ...]:
        return person if isinstance(person, tuple) else (person,)

    def about(self, person: Any, entry: str = "person") -> dict[str, list[Any]]:
        """Return the keys of the rows that are (or have a column) about her; SQL and the plain joins say the same."""
        closure, keysets = self._cohort(entry, person)
        found: dict[str, list[Any]] = {}
        with session(self.store) as opened:
            reference = self._reference(opened)
            for table in self.graph.mapped:
                judged = Verdicts(self.setting, closure, table)
                if not judged.touched:
                    assert not self._plainly(reference, table, entry, person)
                    continue
                judged.add_whose()
                judged.add_masks()
                judged.add_justified()
                size = len(self.graph.key(table))
                rows = [row[:size] for row in opened.rows(judged.select("", columns=False), keysets)]
                plainly = self._plainly(reference, table, entry, person)
                assert sorted(map(_texts, rows)) == sorted({_texts(self._own(table, row)) for row in plainly}), table
                if rows:
                    found[table] = sorted(row[0] if len(row) == 1 else row for row in rows)
        return found

    def _own(self, table: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
        keyless = Closure(self.graph, {}).keyless(table)
        found = tuple("∅" if row[name] is None and keyless else row[name] for name in self.graph.key(table))
        if keyless and self.dialect == "mysql":
            return tuple(str(value).encode().hex().upper() for value in found)
        return found

    def _reference(self, opened: Session) -> Reference:
        rows = self.contents(opened, parsed=True)
        return Reference(self.setting.policy, self.graph, rows, {}, self.setting.nobody, NOW, dialect=self.dialect)

    def _plainly(self, reference: Reference, table: str, entry: str, person: Any) -> list[Any]:
        asked = {(entry, self._key(one)) for one in (person if isinstance(person, list) else [person])}
        columns = [None, *(self.map.tables[table].columns if table in self.map.tables else ())]
        return [
            row
            for row in reference.rows[table]
            if any(asked & set(reference.plain.reached(table, row, c)) for c in columns)
        ]

    # -- what is there ---------------------------------------------------------------------------------------

    def contents(self, opened: Session, *, parsed: bool = False) -> Rows:
        """Return every row of every table."""
        return {
            name: self._read(opened, name, parsed) for name, t in self.graph.schema.tables.items() if t.kind != "view"
        }

    def _read(self, opened: Session, table: str, parsed: bool) -> list[dict[str, Any]]:
        info = self.graph.schema.tables[table]
        mark = "`" if self.dialect == "mysql" else '"'
        quote = lambda name: mark + name.replace(mark, mark * 2) + mark  # noqa: E731
        names = ", ".join(map(quote, info.columns))
        query = f"select {names} from {'.'.join(map(quote, table.split('.')))}"  # noqa: S608
        found = opened.execute(query if self.dialect == "sqlite" else query.replace("%", "%%"))
        rows = [dict(zip(info.columns, row, strict=True)) for row in found]
        for row in rows if parsed else ():
            for edge in self.graph.about(table):
                if edge.json is not None and isinstance(row[edge.columns[0]], str):
                    row[edge.columns[0]] = json.loads(row[edge.columns[0]])
        return sorted(rows, key=lambda row: [str(value) for value in row.values()])

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return a table's rows as they are now; days as text in every dialect."""
        with session(self.store) as opened:
            return [{name: _plain(value) for name, value in row.items()} for row in self._read(opened, table, False)]

    def key_of(self, table: str, column: str, value: Any) -> Any:
        """Return the `id` of the row that has a value in a column, as the driver reads it."""
        with session(self.store) as opened:
            return next(row["id"] for row in self._read(opened, table, False) if row[column] == value)

    def values(self, table: str, column: str) -> list[Any]:
        """Return one column of a table's rows as they are now."""
        return [row[column] for row in self.rows(table)]

    # -- erasing ---------------------------------------------------------------------------------------------

    def plan(self, person: Any, entry: str = "person") -> tuple[Erasure, dict[str, Keys]]:
        """Return the plan of her erasure and its key sets."""
        closure, keysets = self._cohort(entry, person)
        return erasure(self.setting, closure), keysets

    def erase(self, person: Any, entry: str = "person") -> dict[str, TableCounts]:
        """Erase her, and hold what is left against what must always be true."""
        plan, keysets = self.plan(person, entry)
        with session(self.store) as opened:
            before, reference = self.contents(opened), self._reference(opened)
            hers = {table: self._plainly(reference, table, entry, person) for table in self.graph.mapped}
            by_tables = carry_out(opened, plan, keysets, many=True)
            left = self.contents(opened)
        with session(self.store) as opened:
            counts = carry_out(opened, plan, keysets, many=False)
            after = self.contents(opened)
            opened.commit()
        assert after == left, "as values and as tables the same is left"
        assert counts == by_tables
        self._holds_together(after)
        self._others_untouched(before, after, hers)
        with session(self.store) as opened:
            again = carry_out(opened, plan, keysets, many=False)
            assert self.contents(opened) == after, "done again it changes nothing"
            assert not any(found.deleted for found in again.values())
        return counts

    def _holds_together(self, after: Rows) -> None:
        for name, table in self.graph.schema.tables.items():
            for fk in table.foreign_keys if table.kind != "view" else ():
                there = {tuple(row[c] for c in fk.parent_columns) for row in after[fk.parent]}
                for row in after[name]:
                    wanted = tuple(row[c] for c in fk.columns)
                    assert None in wanted or wanted in there, f"{name} points at nothing"

    def _others_untouched(self, before: Rows, after: Rows, hers: Mapping[str, list[Any]]) -> None:
        for table, rows in before.items():
            if table not in self.graph.mapped:
                continue
            lost = {name for edge in self.graph.mentions(table) for name in edge.columns}
            mine = Counter(_texts(self._own(table, row)) for row in hers.get(table, ()))

            def shown(row: Mapping[str, Any], lost: set[str] = lost) -> tuple[str, ...]:
                return tuple(str(value) for name, value in row.items() if name not in lost)

            theirs = Counter(shown(row) for row in rows if _texts(self._own(table, row)) not in mine)
            assert not theirs - Counter(map(shown, after[table])), f"somebody else's row of {table} changed"


def _texts(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in row)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return value


def insert(cursor: Any, dialect: Dialect, table: str, row: Mapping[str, Any]) -> None:
    """Insert a row; names in double quotes."""
    mark = "?" if dialect == "sqlite" else "%s"
    into = ".".join(f'"{part}"' for part in table.split("."))
    names = ", ".join(f'"{name}"' for name in row)
    cursor.execute(f"insert into {into} ({names}) values ({', '.join([mark] * len(row))})", tuple(row.values()))  # noqa: S608


class Shapes:
    """Makes shapes in one fresh database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.dialect = SCHEMES[make_url(url).drivername.partition("+")[0]]
        self.made: list[Shape] = []

    def __call__(
        self, ddl: Sequence[str], rows: Mapping[str, list[dict[str, Any]]], tables: Mapping[str, Any], **said: Any
    ) -> Shape:
        """Return the shape; its map may not have problems."""
        self.made.append(Shape(self.url, ddl, rows, tables, **said))
        assert self.made[-1].graph.problems == []
        return self.made[-1]

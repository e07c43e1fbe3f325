"""The shared sets as companies: open one, ask what is about a person, erase her, and see every row that changed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from belofte.cli.company import Company
from belofte.compiler.closure import Closure
from belofte.compiler.erasure import Erasure, erasure
from belofte.compiler.setting import People, Setting
from belofte.compiler.statement import Keys
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.graph import Graph
from belofte.policy.model import Basis, Policy
from belofte.policy.person import PersonState, keys_of, nobody
from belofte.stores.connect import Store, connect
from belofte.stores.erasing import TableCounts, carry_out
from belofte.stores.reflect import reflect
from belofte.stores.session import Session, session

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SETS = [
    ("chinook", "postgres"), ("chinook", "mariadb"), ("chinook", "sqlite"), ("sakila", "postgres"),
    ("sakila", "mariadb"), ("northwind", "postgres"), ("fides_sample", "postgres"), ("fides_sample", "mariadb"),
]  # fmt: skip

Key = tuple[Any, ...]
Row = dict[str, Any]
Contents = dict[str, dict[Key, Row]]
"""Every row of every table, by what tells it apart."""
Cohort = Mapping[str, Sequence[Key]]
"""Keys of people per entry of the map."""


def folder(into: Path, name: str, dialect: str, *, duty: bool = True) -> Path:
    """Return a company's folder with a set's policy and the map of one of its stores; without `duty` nothing keeps."""
    made = into / f"{name}_{dialect}_{'duty' if duty else 'free'}"
    if not made.exists():
        ignored = shutil.ignore_patterns() if duty else shutil.ignore_patterns("books.yaml")
        shutil.copytree(HERE / name / "policy", made / "policy", ignore=ignored)
        (made / "stores").mkdir()
        shutil.copy(HERE / name / "stores" / f"{dialect}.yaml", made / "stores")
    return made


def variable(name: str, dialect: str) -> str:
    """Return the environment variable that a set's map reads its address from."""
    return f"{name}_{dialect}_url".upper()


@dataclass
class Difference:
    """What happened to one table: the keys of rows that went, and which columns changed in which rows."""

    gone: set[Key] = field(default_factory=set)
    changed: dict[tuple[str, ...], set[Key]] = field(default_factory=dict)
    new: set[Key] = field(default_factory=set)

    def sizes(self) -> tuple[int, dict[tuple[str, ...], int]]:
        """Return how many rows went, and how many changed per set of columns."""
        assert not self.new
        return len(self.gone), {columns: len(keys) for columns, keys in self.changed.items()}


@dataclass
class Shop:
    """One set in one database, with its policy and its graph."""

    policy: Policy
    graph: Graph
    store: Store
    erased: dict[str, list[Key]] = field(default_factory=dict)
    """Who was erased before: what is closed to them stays closed."""

    # -- what is about somebody ------------------------------------------------------------------------------

    def rows(self, cohort: Cohort) -> dict[str, list[tuple[Row, dict[str, int]]]]:
        """Return per table the rows that the cohort reaches, each with its verdict's flags (`hers`, `about…`)."""
        setting, closure, keysets = self._compiled(cohort, self.policy, NOW)
        found: dict[str, list[tuple[Row, dict[str, int]]]] = {}
        with session(self.store) as opened:
            for table in self.graph.mapped:
                judged = Verdicts(setting, closure, table)
                if not judged.touched:
                    continue
                judged.add_whose()
                judged.add_masks()
                columns = list(self.graph.schema.tables[table].columns)
                names = [flag.name for flag in judged.varying]
                for row in opened.rows(judged.select("access", columns=True), keysets):
                    flags = dict(zip(names, (int(v or 0) for v in row[len(columns) :]), strict=True))
                    whole = {**judged.constants, **flags}
                    found.setdefault(table, []).append((dict(zip(columns, row, strict=False)), whole))
        return found

    def own(self, cohort: Cohort) -> dict[str, int]:
        """Return how many rows of each table are the cohort's own."""
        counted = {table: sum(flags["hers"] for _, flags in rows) for table, rows in self.rows(cohort).items()}
        return {table: count for table, count in counted.items() if count}

    def foreign_columns(self, table: str) -> dict[str, int]:
        """Return the columns of a table that are about others than its rows are, with their group's number."""
        judged = Verdicts(self._compiled({}, self.policy, NOW)[0], Closure(self.graph, {}), table)
        return {c: n for n, group in enumerate(judged.groups) if group.about is not None for c in group.columns}

    # -- erasure ---------------------------------------------------------------------------------------------

    def erase(self, cohort: Cohort, *, many: bool, now: datetime = NOW) -> dict[str, TableCounts]:
        """Erase people whose consents are withdrawn and whose objections are upheld; only duties keep."""
        setting, closure, keysets = self._compiled(cohort, self.policy, now)
        with session(self.store) as opened:
            counts = carry_out(opened, self.plan(setting, closure), keysets, many=many)
            opened.commit()
        for entry, keys in cohort.items():
            self.erased.setdefault(entry, []).extend(keys)
        return counts

    def plan(self, setting: Setting, closure: Closure) -> Erasure:
        """Return the plan of an erasure."""
        return erasure(setting, closure)

    def _compiled(self, cohort: Cohort, policy: Policy, now: datetime) -> tuple[Setting, Closure, dict[str, Keys]]:
        closing = {
            key: now for name in policy.purposes if Basis.LEGAL_OBLIGATION not in policy.purposes[name].bases(None)
            for key in keys_of(policy, name)
        }  # fmt: skip
        state = PersonState(closed_before=closing, consent_closed=nobody(policy).consent_closed)
        keysets: dict[str, Keys] = {}
        for entry, keys in cohort.items():
            found = self.graph.entry(entry)
            families = tuple(self.graph.schema.tables[found.table].columns[name].family for name in found.key)
            keysets[f"cohort_{entry}"] = Keys(families, list(keys))
        population: dict[str, list[People]] = {}
        for entry in [*cohort, *(entry for entry in self.erased if entry not in cohort)]:
            found = self.graph.entry(entry)
            families = tuple(self.graph.schema.tables[found.table].columns[name].family for name in found.key)
            closed = list(dict.fromkeys([*cohort.get(entry, ()), *self.erased.get(entry, ())]))
            keysets[f"closed_{entry}"] = Keys(families, closed)
            population[entry] = [People(state, f"closed_{entry}")]
        # everybody else keeps what is theirs: no purpose on consent is closed to them
        setting = Setting(policy, self.graph, now, population, PersonState())
        return setting, Closure(self.graph, {entry: f"cohort_{entry}" for entry in cohort}), keysets

    # -- contents --------------------------------------------------------------------------------------------

    def contents(self) -> Contents:
        """Return every row of every table."""
        with session(self.store) as opened:
            return {
                table: self._table(opened, table)
                for table, info in self.graph.schema.tables.items()
                if info.kind != "view" and info.child_of is None
            }

    def _table(self, opened: Session, table: str) -> dict[Key, Row]:
        info = self.graph.schema.tables[table]
        mark = "`" if opened.dialect == "mysql" else '"'
        name = ".".join(f"{mark}{part}{mark}" for part in table.split("."))
        columns = ", ".join(f"{mark}{column}{mark}" for column in info.columns)
        twins: Counter[Key] = Counter()
        found: dict[Key, Row] = {}
        for values in opened.execute(f"select {columns} from {name}"):  # noqa: S608
            row = dict(zip(info.columns, values, strict=True))
            key = tuple(row[column] for column in info.primary_key) if info.primary_key else tuple(map(str, values))
            twins[key] += 1
            found[key if info.primary_key else (*key, twins[key])] = row
        return found

    def changes(self, before: Contents) -> dict[str, Difference]:
        """Return what is different now from before, for every table in which anything is."""
        after = self.contents()
        found = {table: difference(before[table], after[table]) for table in before}
        return {table: one for table, one in found.items() if one != Difference()}

    def dangling(self) -> list[str]:
        """Return the foreign keys whose rows point at nothing, whether or not the database enforces them."""
        contents, wrong = self.contents(), []
        for table, rows in contents.items():
            for fk in self.graph.schema.tables[table].foreign_keys:
                there = {tuple(row[c] for c in fk.parent_columns) for row in contents[fk.parent].values()}
                values = (tuple(row[c] for c in fk.columns) for row in rows.values())
                if any(None not in value and value not in there for value in values):
                    wrong.append(f"{table}.{'+'.join(fk.columns)}")
        if self.store.dialect == "sqlite":
            with session(self.store) as opened:
                wrong += [str(row) for row in opened.execute("pragma foreign_key_check")]
        return wrong


def difference(before: Mapping[Key, Row], after: Mapping[Key, Row]) -> Difference:
    """Return what happened to a table's rows."""
    found = Difference(gone=set(before) - set(after), new=set(after) - set(before))
    for key, row in before.items():
        if key in after and after[key] != row:
            columns = tuple(sorted(name for name in row if row[name] != after[key][name]))
            found.changed.setdefault(columns, set()).add(key)
    return found


Open = Callable[..., Shop]


@contextmanager
def opened(directory: Path, store: str, url: str) -> Iterator[Shop]:
    """Open a set's company over a database."""
    company = Company.at(directory)
    connected = connect(url, read_only=False, name=store)
    try:
        yield Shop(company.policy.policy, Graph(company.map(store).map, reflect(connected.engine)), connected)
    finally:
        connected.close()

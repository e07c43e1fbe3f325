"""Carry out an erasure's steps in a session: captured rows as values (few) or as temporary tables (many).

The steps are the same either way; only where the captured keys live differs. Nothing is committed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from psycopg import sql
from sqlglot import exp

from belofte.compiler.closure import column, table_of
from belofte.compiler.erasure import Erasure, unjustified
from belofte.compiler.flags import BITS
from belofte.compiler.logic import flag
from belofte.compiler.statement import Keys, Statement
from belofte.compiler.steps import Capture, Change, Only, Reading, Spare, Step
from belofte.compiler.ties import column_mark
from belofte.stores.session import Session

MANY = 500
"""People in a cohort from which captured rows live in temporary tables."""


PSEUDONYMISED = "pseudonymised"
"""Why a row stays of which nothing is justified, and whose data is under a pseudonym: no removal form."""
NOTHING_HERS = ("shared-with-others", "goes-with-its-parent")
"""What is said of a row that stays without anything of hers in it."""


@dataclass
class TableCounts:
    """What became of a table's rows about the cohort. `reasons` counts the rows that stay, per why."""

    deleted: int = 0
    erased: int = 0
    unlinked: int = 0
    kept: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    overdue: Counter[int] = field(default_factory=Counter)
    """Foreseen: per group of the table's data, the rows in which it is theirs and nothing justifies or needs it."""


class Captured(Protocol):
    """Captured rows: taken once, spared, counted, and read as key sets by the writes."""

    def take(self, capture: Capture, keysets: Mapping[str, Keys]) -> None:
        """Run a capture and hold its rows."""

    def spare(self, step: Spare, keysets: Mapping[str, Keys]) -> int:
        """Let the rows that the statement finds stay; return how many."""

    def keys(self, reading: Reading) -> Keys:
        """Return captured keys as a key set."""

    def count(self, capture: Capture, only: Only) -> int:
        """Return how many captured rows have these flags."""

    def reasons(self, capture: Capture) -> list[tuple[dict[str, int], int]]:
        """Return the flags of the rows that stay, each combination with its count."""

    def drop(self) -> None:
        """Forget everything."""


def is_gone(flags: Mapping[str, int], capture: Capture) -> bool:
    """Return whether a captured row goes, before what points at it is looked at."""
    return not capture.left_over and all(bool(flags[name]) == bool(value) for name, value in capture.gone_when)


def _flags(capture: Capture, said: tuple[Any, ...]) -> dict[str, int]:
    """Return the flags of a captured row by name."""
    flags = dict(capture.constants)
    flags.update(zip(capture.flags, (int(item or 0) for item in said), strict=True))
    return {**flags, "gone": int(is_gone(flags, capture))}


@dataclass
class AsValues:
    """Captured rows in memory: keys and flags only. Rows of the same flags share them, and none changes in place."""

    session: Session
    rows: dict[str, dict[tuple[Any, ...], dict[str, int]]] = field(default_factory=dict)
    families: dict[str, Any] = field(default_factory=dict)

    def take(self, capture: Capture, keysets: Mapping[str, Keys]) -> None:
        size = len(capture.families)
        taken: dict[tuple[Any, ...], dict[str, int]] = {}
        shared: dict[tuple[Any, ...], dict[str, int]] = {}
        for row in self.session.rows(capture.statement, keysets):
            flags = shared.get(row[size:])
            if flags is None:
                flags = shared[row[size:]] = _flags(capture, row[size:])
            taken[row[:size]] = flags
        self.rows[capture.name], self.families[capture.name] = taken, capture.families

    def spare(self, step: Spare, keysets: Mapping[str, Keys]) -> int:
        found = self.session.rows(step.statement, keysets)
        rows, sets = self.rows[step.name], dict(step.sets)
        for row in found:
            rows[tuple(row)] = {**rows[tuple(row)], **sets}
        return len(found)

    def _matching(self, name: str, only: Only) -> list[tuple[Any, ...]]:
        rows = self.rows.get(name, {})
        each = {id(flags): flags for flags in rows.values()}
        fits = {one: all(bool(flags.get(n, 0)) == bool(v) for n, v in only) for one, flags in each.items()}
        return [key for key, flags in rows.items() if fits[id(flags)]]

    def keys(self, reading: Reading) -> Keys:
        return Keys(self.families[reading.capture], self._matching(reading.capture, reading.only))

    def count(self, capture: Capture, only: Only) -> int:
        return len(self._matching(capture.name, only))

    def reasons(self, capture: Capture) -> list[tuple[dict[str, int], int]]:
        found: Counter[tuple[tuple[str, int], ...]] = Counter()
        for flags in self.rows[capture.name].values():
            if not flags["gone"]:
                found[tuple(sorted(flags.items()))] += 1
        return [(dict(flags), count) for flags, count in found.items()]

    def drop(self) -> None:
        self.rows.clear()


@dataclass
class AsTables:
    """Captured rows in temporary tables of the session."""

    session: Session
    captures: dict[str, Capture] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)
    """Captures that found nothing."""

    def take(self, capture: Capture, keysets: Mapping[str, Keys]) -> None:
        self._drop(capture.name)
        if capture.left_over and not self._some(capture, keysets):
            self.empty.add(capture.name)
            return
        self.captures[capture.name] = capture
        inner = exp.alias_(exp.Subquery(this=capture.statement.tree.copy()), "c", table=True, quoted=True)
        constants = dict(capture.constants)
        varying = [(name, value) for name, value in capture.gone_when if name not in constants]
        settled = all(bool(constants[name]) == bool(value) for name, value in capture.gone_when if name in constants)
        tests = [exp.EQ(this=column(n, "c"), expression=exp.Literal.number(v)) for n, v in varying]
        gone = exp.Literal.number(0) if not settled else flag(exp.and_(*tests)) if tests else exp.Literal.number(1)
        if capture.left_over:
            gone = exp.Literal.number(0)
        elif "spared" not in constants:
            constants["spared"] = 0
        constants.update(dict.fromkeys(capture.marks, 0))
        added = [exp.alias_(exp.Literal.number(value), name, quoted=True) for name, value in constants.items()]
        query = exp.select(
            exp.Column(this=exp.Star(), table=exp.to_identifier("c", quoted=True)),
            *added, exp.alias_(gone, "gone", quoted=True),
        ).from_(inner)  # fmt: skip
        if capture.twins:
            query = query.distinct()
        create = exp.Create(
            this=table_of(capture.name), kind="TABLE", expression=query,
            properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
        )  # fmt: skip
        self.session.change(Statement(create, capture.statement.binds), keysets)
        if self.session.dialect == "postgres":
            self.session.connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(capture.name)))

    def _some(self, capture: Capture, keysets: Mapping[str, Keys]) -> bool:
        """Return whether a capture finds any row."""
        rows = capture.statement.tree.copy()
        assert isinstance(rows, exp.Select)
        return bool(self.session.rows(Statement(rows.limit(1), capture.statement.binds), keysets))

    def _drop(self, name: str) -> None:
        temporary = self.session.dialect == "mysql"
        self.session.change(
            Statement(exp.Drop(tables=[table_of(name)], kind="TABLE", exists=True, temporary=temporary)), {}
        )

    def spare(self, step: Spare, keysets: Mapping[str, Keys]) -> int:
        capture = self.captures[step.name]
        keys = [column(f"key{n}") for n, _ in enumerate(capture.families)]
        left = keys[0] if len(keys) == 1 else exp.Tuple(expressions=keys)
        found: exp.Expr = step.statement.tree.copy()
        assert isinstance(found, exp.Select)
        if self.session.dialect == "mysql":
            # a table that is being changed is read through a derived one
            for number, item in enumerate(found.expressions):
                found.expressions[number] = exp.alias_(item, f"s{number}", quoted=True)
            names = [column(f"s{n}") for n, _ in enumerate(keys)]
            found = exp.select(*names).from_(exp.alias_(exp.Subquery(this=found), "s", table=True, quoted=True))
        update = exp.Update(
            this=table_of(capture.name),
            expressions=[exp.EQ(this=column(name), expression=exp.Literal.number(value)) for name, value in step.sets],
            where=exp.Where(this=exp.In(this=left, query=exp.Subquery(this=found))),
        )
        return self.session.change(Statement(update, step.statement.binds), keysets)

    def keys(self, reading: Reading) -> Keys:
        if reading.capture in self.empty:
            return Keys(())
        capture = self.captures[reading.capture]
        columns = tuple(f"key{n}" for n, _ in enumerate(capture.families))
        return Keys(capture.families, table=capture.name, columns=columns, only=reading.only)

    def count(self, capture: Capture, only: Only) -> int:
        if capture.name in self.empty:
            return 0
        query = exp.select(exp.Count(this=exp.Star())).from_(table_of(capture.name))
        for name, value in only:
            query = query.where(exp.EQ(this=column(name), expression=exp.Literal.number(value)))
        return int(self.session.rows(Statement(query), {})[0][0])

    def reasons(self, capture: Capture) -> list[tuple[dict[str, int], int]]:
        if capture.name in self.empty:
            return []
        constants = (name for name, _ in capture.constants)
        names = list(dict.fromkeys([*capture.flags, *constants, "gone", "spared", *capture.marks]))
        columns = [column(name) for name in names]
        query = exp.select(*columns, exp.Count(this=exp.Star())).from_(table_of(capture.name))
        query = query.where(exp.EQ(this=column("gone"), expression=exp.Literal.number(0))).group_by(*columns)
        return [
            (dict(zip(names, (int(item or 0) for item in row[:-1]), strict=True)), int(row[-1]))
            for row in self.session.rows(Statement(query), {})
        ]

    def drop(self) -> None:
        for name in self.captures:
            self._drop(name)


class Unforeseen(Exception):
    """A write changed another number of rows than the plan's rows: something else acts in this database."""


def carry_out(
    session: Session,
    plan: Erasure,
    keysets: Mapping[str, Keys],
    *,
    many: bool,
    before: Callable[[Step], None] = lambda _: None,
    foresee: bool = False,
) -> dict[str, TableCounts]:
    """Run the steps of an erasure in the session's transaction; return what became of each table's rows.

    With `foresee` nothing is written to the company's tables: the same captures say what would become of them.

    Raises `Unforeseen` when a delete takes another number of rows than were captured for it. The caller commits, or
    rolls back.
    """
    held: Captured = AsTables(session) if many else AsValues(session)
    counts: dict[str, TableCounts] = {}
    captures: dict[str, Capture] = {}
    try:
        for step in plan.steps:
            before(step)
            reads = {name: held.keys(reading) for name, reading in step.reads}
            here = {**keysets, **reads}
            if isinstance(step, Capture):
                held.take(step, here)
                captures[step.table] = step
                counts.setdefault(step.table, TableCounts())
                _left_rightly(held, step)
            elif isinstance(step, Spare):
                spare(held, step.foreseen if foresee and step.foreseen is not None else step, keysets)
            else:
                _change(session, held, step, here, counts, captures, foresee)
        for table, capture in captures.items():
            _account(counts[table], held, capture, plan)
            if foresee:
                _foresee_overdue(counts[table], held, capture)
    except BaseException:
        if session.dialect == "mysql":  # elsewhere the rollback takes temporary tables along, and nothing else runs
            held.drop()
        raise
    held.drop()
    return counts


def _left_rightly(held: Captured, capture: Capture) -> None:
    """See that a delete of all left only what something still points at."""
    left = held.count(capture, (("spared", 0),)) if capture.left_over else 0
    if left:
        raise Unforeseen(
            f"`{capture.table}`: {left} rows were to be deleted and are still there; nothing was changed: look for "
            "rules or triggers on the table"
        )


def spare(held: Captured, step: Spare, keysets: Mapping[str, Keys]) -> None:
    """Set the flags of the captured rows that a step finds, again while it finds more where it says so."""
    while True:
        reads = {name: held.keys(reading) for name, reading in step.reads}
        if not _any(reads, step.reads[:1]) or not held.spare(step, {**keysets, **reads}) or not step.repeat:
            return


def _counted(session: Session, step: Change, keysets: Mapping[str, Keys]) -> int:
    """Return how many rows a write is for, without writing."""
    where = step.statement.tree.args["where"].copy()
    query = exp.select(exp.Count(this=exp.Star())).from_(table_of(step.table))
    query.set("where", where)
    return int(session.rows(Statement(query, step.statement.binds), keysets)[0][0])


def _any(keysets: Mapping[str, Keys], reads: tuple[tuple[str, Reading], ...]) -> bool:
    """Return whether there may be captured rows to work on."""
    return all(keysets[name].table is not None or bool(keysets[name].keys) for name, _ in reads)


def _change(
    session: Session, held: Captured, step: Change, keysets: Mapping[str, Keys], counts: dict[str, TableCounts],
    captures: Mapping[str, Capture],
    foresee: bool,
) -> None:  # fmt: skip
    if not _any(keysets, step.reads):
        return
    changed = _counted(session, step, keysets) if foresee else session.change(step.statement, keysets)
    if step.kind == "delete" and step.reads:
        foreseen = held.count(captures[step.table], step.reads[0][1].only)
        more_alike = captures[step.table].twins and changed > foreseen
        if changed != foreseen and not more_alike:
            raise Unforeseen(
                f"`{step.table}`: {foreseen} rows were to be deleted and the database says {changed}; "
                "nothing was changed: look for rules or triggers on the table"
            )
    found = counts.setdefault(step.counted_in, TableCounts())
    if step.kind == "delete":
        found.deleted += changed
    elif step.kind == "unlink":
        found.unlinked += changed


def _foresee_overdue(found: TableCounts, held: Captured, capture: Capture) -> None:
    for number, _ in enumerate(capture.groups):
        found.overdue[number] = held.count(
            capture, tuple(one for one in unjustified(capture, number) if one[0] != "gone")
        )


def _account(found: TableCounts, held: Captured, capture: Capture, plan: Erasure) -> None:
    """Count the rows that stay: erased in place, kept, and why. A pseudonym is kept: it is personal data still."""
    columns = Counter(one.group for one in plan.pseudonymised if one.table == capture.table)
    stays = columns + Counter(one.group for one in plan.stuck if one.table == capture.table)
    for flags, count in held.reasons(capture):
        going = [
            n
            for n, _ in enumerate(capture.groups)
            if all(bool(flags.get(name)) == bool(value) for name, value in unjustified(capture, n))
        ]
        if any(stays[n] < len(capture.groups[n].columns) + capture.groups[n].row for n in going):
            found.erased += count
        why = reasons_of(flags, capture)
        if any(columns[n] for n in going):
            why = [PSEUDONYMISED, *(one for one in why if one not in NOTHING_HERS)]
        if why:
            found.kept += count
            found.reasons.update(dict.fromkeys(why, count))


def reasons_of(flags: Mapping[str, int], capture: Capture) -> list[str]:
    """Return why a row stays: the purposes that keep something of hers in it, a hold, or that something needs it."""
    why: dict[str, None] = {}
    for number, names in enumerate(capture.purposes):
        if flags.get(f"x{number}") and flags.get(f"j{number}"):
            mask = _mask(flags, number)
            kept = [name for bit, name in enumerate(names) if mask >> bit & 1]
            why.update(dict.fromkeys(f"purpose:{name}" for name in kept))
            if not kept:
                why["hold-or-restriction"] = None
    if not why and flags.get("held"):
        why["hold-or-restriction"] = None
    if any(flags.get(column_mark(number)) and not flags.get(f"j{number}") for number, _ in enumerate(capture.groups)):
        why["links-a-kept-row"] = None
    if not why and flags.get("spared"):
        why["needed-by-a-kept-row"] = None
    if flags.get("nobody") and any(flags.get(f"x{number}") for number, _ in enumerate(capture.groups)):
        why.setdefault("names-nobody-any-more")
    if not why and flags.get("org") and flags.get("hers"):
        why["belongs-to-an-organisation"] = None
    if not why and not capture.groups:
        why["goes-with-its-parent"] = None
    if not why and flags.get("hers"):
        why["shared-with-others"] = None
    return list(why)


def _mask(flags: Mapping[str, int], number: int) -> int:
    total, chunk = 0, 0
    while (name := f"k{number}" if chunk == 0 else f"k{number}_{chunk}") in flags:
        total |= flags[name] << (BITS * chunk)
        chunk += 1
    return total

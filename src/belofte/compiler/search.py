"""Finding people and what is left of them: by identifiers in people tables, by words over every text column.

Identifiers are compared in their normal form. The SELECT finds candidates (a database's own folding is coarser or
finer than ours); whoever runs it normalises what comes back and keeps what is equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from belofte.compiler.closure import Closure, column, table_of, text_of
from belofte.compiler.indexes import by_index, same_family
from belofte.compiler.justify import Justify
from belofte.compiler.logic import Condition, conjunction, inverse, tree
from belofte.compiler.setting import Setting, groups
from belofte.compiler.statement import Among, Bind, Statement
from belofte.datamap.graph import Graph
from belofte.datamap.model import PeopleEntry
from belofte.datamap.paths import Owner
from belofte.datamap.schema import Dialect, TableInfo

SEPARATORS = (" ", ".", "-", "/", "(", ")", "+")
TAIL = 8
"""Digits of a phone number that are compared in the database; the rest is compared in its normal form."""

LARGE = 50_000
"""Rows from which a table is not read through for words: only its indexes are asked, and the search says so."""

PHONES = frozenset({"phone", "mobile", "fax", "telephone"})
COMPACT = frozenset({"company_number", "iban", "national_number"})
"""Kinds of numbers that are compared without their separators, by their last ten characters."""


def found_by(graph: Graph, entry: str, columns: Iterable[str], kind: str) -> Statement:
    """Return the SELECT of candidates: the entry's key, then every identifier column and the kind's column of each.

    It binds `wanted`: what `wanted` returns for an identifier.
    """
    people = graph.entry(entry)
    assert isinstance(people, PeopleEntry)
    info = graph.schema.tables[people.table]
    outputs = [*people.key, *identity_columns(graph, entry)]
    query = exp.select(*(column(name, "t") for name in outputs)).from_(table_of(people.table, "t"))
    query = query.where(exp.or_(*(_test(info, name, kind, graph.schema.dialect) for name in columns)))
    where = graph.where(entry)
    if where is not None:
        query = query.where(Closure(graph, {}).expression(where, "t"))
    return Statement(query, comment=f"people of {entry} by {kind}")


def wanted(kind: str, normal: str) -> str:
    """Return an identifier as `found_by` compares it."""
    if kind in PHONES:
        return "%" + "".join(character for character in normal if character.isdigit())[-TAIL:]
    if kind in COMPACT:
        return "%" + "".join(character for character in normal if character.isalnum()).upper()[-10:]
    return normal


def identity_columns(graph: Graph, entry: str) -> list[str]:
    """Return the columns that say who someone of an entry is and of which kind and language, each once."""
    people = graph.entry(entry)
    assert isinstance(people, PeopleEntry)
    names = [identifier.column for _, identifier in people.identified_by()]
    if not isinstance(people.is_, str):
        names.append(people.is_.column)
    if people.language is not None:
        names.append(people.language)
    info = graph.schema.tables[people.table]
    return [name for name in dict.fromkeys(names) if name in info.columns]


def _test(info: TableInfo, name: str, kind: str, dialect: Dialect) -> exp.Expr:
    value: exp.Expr = column(name, "t")
    found = info.columns[name]
    if found.family != "text":
        value = text_of(value, dialect)
    wanted = Bind(this="wanted")
    if kind in PHONES:
        for separator in SEPARATORS:
            value = exp.Anonymous(
                this="REPLACE", expressions=[value, exp.Literal.string(separator), exp.Literal.string("")]
            )
        return exp.Like(this=value, expression=wanted)
    if kind == "email":
        if found.folds_case:
            return exp.EQ(this=value, expression=wanted)
        return exp.EQ(
            this=exp.Lower(this=value if info.indexed(name, lowered=True) else exp.Trim(this=value)), expression=wanted
        )
    if kind in COMPACT:
        for separator in SEPARATORS[:4]:
            value = exp.Anonymous(
                this="REPLACE", expressions=[value, exp.Literal.string(separator), exp.Literal.string("")]
            )
        return exp.Like(this=exp.Upper(this=value), expression=wanted)
    # a number of the company's own is compared without its blanks, as its normal form is written
    value = exp.Anonymous(this="REPLACE", expressions=[value, exp.Literal.string(" "), exp.Literal.string("")])
    return exp.EQ(this=exp.Upper(this=value), expression=wanted)


def rows_of(graph: Graph, entry: str, keys: str | None = None) -> Statement:
    """Return the SELECT of the key and identity columns of people whose keys are known, or of everyone."""
    people = graph.entry(entry)
    outputs = [*people.key, *identity_columns(graph, entry)]
    query = exp.select(*(column(name, "t") for name in outputs)).from_(table_of(people.table, "t"))
    where = graph.where(entry)
    if keys is not None:
        query = query.where(Among(expressions=[column(name, "t") for name in people.key], this=keys))
    elif where is not None:
        query = query.where(Closure(graph, {}).expression(where, "t"))
    return Statement(query, {}, f"people of {entry}")


def locked(graph: Graph, entry: str, keys: str) -> Statement:
    """Return the SELECT that locks people's rows until the transaction ends (SQLite locks as a whole by itself)."""
    people = graph.entry(entry)
    query = exp.select(*(column(name) for name in people.key)).from_(table_of(people.table))
    query = query.where(Among(expressions=[column(name) for name in people.key], this=keys))
    return Statement(query.lock() if graph.schema.dialect != "sqlite" else query, {}, f"lock the rows of {entry}")


def number_of_people(graph: Graph, entry: str) -> Statement:
    """Return the SELECT that counts the people of an entry."""
    people = graph.entry(entry)
    query = exp.select(exp.Count(this=exp.Star())).from_(table_of(people.table, "t"))
    where = graph.where(entry)
    return Statement(query.where(Closure(graph, {}).expression(where, "t")) if where is not None else query)


@dataclass(frozen=True)
class Others:
    """The SELECT of people of an entry, outside the cohort, who share rows with it."""

    entry: str
    statement: Statement


def others(setting: Setting, closure: Closure) -> list[Others]:
    """Return, per people entry, the SELECT of everyone else on the rows that a cohort's closure touches (DESIGN §2).

    Where rows lead by one value to whoever has it, those are the people who share it with the cohort. Elsewhere the
    rows of each table are taken once, and from there each path goes up to its people.
    """
    graph = setting.graph
    found: dict[str, list[exp.Select]] = {}
    values: dict[tuple[object, ...], tuple[Owner, dict[exp.Select, None]]] = {}
    taken: dict[str, dict[str, exp.Expr]] = {}
    for number, table in enumerate(graph.ours):
        abouts: list[str | None] = [None, *(g.about for g in groups(graph, table) if g.about is not None)]
        owners = list(dict.fromkeys(owner for about in abouts for owner in graph.people(table, about)))
        if not any(closure.touches(owner) for owner in owners) or all(not owner.path for owner in owners):
            continue
        looped = any(graph.loops(edge.child) for owner in owners for edge in owner.path)
        if len(owners) == 1 and not looped and all(edge.unique for edge in owners[0].path[:-1]):
            if not owners[0].unique:
                _, held = values.setdefault(_end(closure, owners[0]), (owners[0], {}))
                held[_values_of_the_cohort(closure, owners[0])] = None
            continue
        name = f"touched_{number}"
        read: dict[str, None] = {}
        for owner in owners:
            if len(owner.path) == 1 and not looped:
                select = _values_on_rows(closure, owner, name)
                values.setdefault(_end(closure, owner), (owner, {}))[1][select] = None
            else:
                select = _others_by(setting, closure, table, owner, name, looped=looped)
                found.setdefault(owner.entry, []).append(select)
            read.update({c.name: None for c in select.find_all(exp.Column) if c.table == "t"})
        rows = closure.taken(table, abouts, sorted(read))
        for owner in owners:
            taken.setdefault(owner.entry, {})[name] = rows
    for owner, held in values.values():
        found.setdefault(owner.entry, []).append(_whose(closure, owner, list(held)))
    return [Others(entry, _united(closure, entry, selects, taken.get(entry, {}))) for entry, selects in found.items()]


def found_of(closure: Closure) -> frozenset[str]:
    """Return the entries of which `others` finds everyone on the rows that a cohort touches.

    Not those of which a row itself may be somebody, beside whom of the cohort it is (a trader who is a customer too).
    """
    graph = closure.graph
    missed: set[str] = set()
    for table in graph.ours:
        owners = [owner for owner in graph.people(table) if not owner.path]
        if len(owners) > 1 and any(closure.touches(owner) for owner in graph.people(table)):
            missed.update(owner.entry for owner in owners)
    return frozenset(graph.map.people) - missed


def _end(closure: Closure, owner: Owner) -> tuple[object, ...]:
    """Return what tells the columns apart that hold the same value of the same people."""
    edge, schema = owner.path[-1], closure.graph.schema
    compared = (edge.match, edge.json is not None, same_family(schema, edge), by_index(schema, edge, above=True))
    return owner.entry, edge.parent, edge.parent_columns, compared


def _values_on_rows(closure: Closure, owner: Owner, rows: str) -> exp.Select:
    """Return the SELECT of the values by which rows name people themselves."""
    edge = owner.path[0]
    named = exp.select(*closure.child_side(edge, "t"))
    named = named.from_(exp.alias_(exp.to_table(rows), "t", quoted=True, table=True))
    return named.where(closure.expression(edge.when, "t")) if edge.when is not None else named


def _values_of_the_cohort(closure: Closure, owner: Owner) -> exp.Select:
    """Return the SELECT of the cohort's own values by which a path ends at them."""
    edge, entry = owner.path[-1], owner.entry
    own = closure.member(edge.parent, closure.graph.entry(entry).key, "c", (entry, closure.cohort[entry]), exactly=True)
    return exp.select(*closure.parent_side(edge, "c")).from_(table_of(edge.parent, "c")).where(own)


def _whose(closure: Closure, owner: Owner, selects: Sequence[exp.Select]) -> exp.Select:
    """Return the SELECT of people who have one of the values by which a path ends at them."""
    edge, graph = owner.path[-1], closure.graph
    found: exp.Query = selects[0]
    for other in selects[1:]:
        found = exp.union(found, other, distinct=True, copy=False)
    values = closure.parent_side(edge, "p1")
    key = graph.entry(owner.entry).key
    query = exp.select(*(exp.alias_(column(k, "p1"), f"key{n}", quoted=True) for n, k in enumerate(key)))
    query = query.from_(table_of(edge.parent, "p1"))
    query = query.where(closure.among(values, found, led=by_index(closure.graph.schema, edge, above=True)))
    where = graph.where(owner.entry)
    return query.where(closure.expression(where, "p1")) if where is not None else query


def _united(closure: Closure, entry: str, selects: list[exp.Select], rows: Mapping[str, exp.Expr]) -> Statement:
    """Return SELECTs of the same kind of key as one, over tables' rows that are taken once; the cohort itself is not.

    The cohort is left out at the very end: told off inside, its long list would be weighed at every single look-up.
    """
    found: exp.Query = selects[0]
    for other in selects[1:]:
        found = exp.union(found, other, distinct=True, copy=False)
    keys = [column(f"key{n}") for n, _ in enumerate(closure.graph.entry(entry).key)]
    query = exp.select(*keys)
    for name, taken in rows.items():
        query = query.with_(exp.to_identifier(name), as_=taken.copy(), copy=False)
    query = query.with_("everyone", as_=found, materialized=closure.dialect == "postgres" or None, copy=False)
    query = query.from_(exp.to_table("everyone"))
    if entry in closure.cohort:
        query = query.where(tree(inverse(closure.asked_keys(keys, entry))))
    return Statement(query, {}, "who else is on these rows")


def _others_by(
    setting: Setting, closure: Closure, table: str, owner: Owner, rows: str, *, looped: bool
) -> exp.Select:  # fmt: skip
    """Return the SELECT of people to whom rows lead by a path; a key that nobody has is looked up in vain."""
    judged = Justify(setting, closure, table)
    edge = owner.path[-1] if owner.path else None
    if edge is not None and len(owner.path) == 2 and closure.is_key(edge, owner.entry) and not looped:
        # the rows' values are made one of each first: PostgreSQL knows nothing of how many they are
        above = owner.path[0]
        named = [column(name, "p1") for name in edge.columns]
        query = exp.select(*(exp.alias_(item.copy(), f"key{n}", quoted=True) for n, item in enumerate(named)))
        query = query.from_(table_of(edge.child, "p1"))
        values = closure.parent_side(above, "p1")
        held = _values_on_rows(closure, owner, rows)
        query = query.where(closure.among(values, held, led=by_index(closure.graph.schema, above, above=True)))
        met = [inverse(exp.Is(this=item.copy(), expression=exp.null())) for item in named]
        met.append(closure.expression(edge.when, "p1") if edge.when is not None else True)
        return query.where(tree(conjunction(met)))
    if edge is not None and closure.is_key(edge, owner.entry) and not closure.graph.loops(edge.child):
        below = judged.joins.alias(owner.path[:-1])
        key: list[exp.Expr] = [column(name, below) for name in edge.columns]
        there: list[Condition] = [inverse(exp.Is(this=item, expression=exp.null())) for item in key]
        there.append(closure.expression(edge.when, below) if edge.when is not None else True)
        if owner.entry in closure.cohort:
            keys = (owner.entry, closure.cohort[owner.entry])
            there.append(inverse(closure.member(edge.child, edge.columns, below, keys, exactly=True)))
    else:
        key, there = judged.person_key(owner), [judged.present(owner)]
    query = exp.select(*(exp.alias_(item.copy(), f"key{n}", quoted=True) for n, item in enumerate(key)))
    taken = exp.alias_(exp.to_table(rows), "t", quoted=True, table=True)
    return judged.joins.apply(query.from_(taken)).where(tree(conjunction(there)))


MANY_WORDS = 50
"""Words from which free text is not read through: a column that equals one of them is found all the same."""

AT_ONCE = 100
"""Tables that one statement of a search reads."""


@dataclass(frozen=True)
class WordSearch:
    """A search over a store's text columns: per row of the result a table of `parts`, its counts in its columns' order.

    `unread`: columns (`table.column`) that were not read through for words.
    """

    statements: tuple[Statement, ...]
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    unread: tuple[str, ...]


def residue(graph: Graph, number: int) -> WordSearch:
    """Return the search for `number` words, whatever their case; the words are given when it runs (`worded`).

    A table of `LARGE` rows or more is asked by its indexes only (the column begins one, and equals the word), and so is
    free text when the words are many.
    """
    parts: list[tuple[str, tuple[str, ...]]] = []
    selects: list[tuple[str, list[str], bool]] = []
    unread: list[str] = []
    passed_on = graph.map.passed_on  # what is held for another controller is not ours to search
    for name, info in graph.schema.tables.items():
        if info.kind == "view" or info.child_of is not None or name in passed_on:
            continue
        texts = [c.name for c in info.columns.values() if c.family in ("text", "json") and not c.generated]
        large = (info.rows or 0) >= LARGE
        searched = [c for c in texts if not large or info.indexed(c) or info.indexed(c, lowered=True)]
        unread += [f"{name}.{c}" for c in texts if c not in searched or number > MANY_WORDS]
        if searched:
            selects.append((name, searched, large))
            parts.append((name, tuple(searched)))
    wide = max((len(columns) for _, columns, _ in selects), default=0)
    queries = [
        _counted(graph, table, columns, number, large, at, wide) for at, (table, columns, large) in enumerate(selects)
    ]
    statements = []
    for start in range(0, len(queries), AT_ONCE):
        union: exp.Query = queries[start]
        for other in queries[start + 1 : start + AT_ONCE]:
            union = exp.union(union, other, distinct=False, copy=False)
        statements.append(Statement(union, {}, "what still names them"))
    return WordSearch(tuple(statements), tuple(parts), tuple(unread))


def worded(words: Iterable[str]) -> list[str]:
    """Return the words that a search is made for: in lower case, not too short to mean anybody."""
    return sorted({word.lower() for word in words if len(word) >= 4})


def word_binds(words: list[str]) -> dict[str, str]:
    """Return the bound values of a search for a few words."""
    binds = {}
    for number, word in enumerate(words):
        binds[f"word{number}"] = word
        binds[f"like{number}"] = "%" + word.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
    return binds


def _counted(graph: Graph, table: str, columns: list[str], number: int, large: bool, at: int, wide: int) -> exp.Select:
    """Return the SELECT of one table: its place among the parts, then a count per column, filled up with zeros."""
    info = graph.schema.tables[table]
    counts: list[exp.Expr] = []
    tests: list[exp.Expr] = []
    for name in columns:
        value: exp.Expr = column(name, "t")
        if info.columns[name].family != "text":
            value = text_of(value, graph.schema.dialect)
        lowered = exp.Lower(this=value.copy())
        if number > MANY_WORDS:
            test: exp.Expr = Among(expressions=[lowered], this="words")
        else:
            equal_to = lowered if not large or info.indexed(name, lowered=True) else value
            test = exp.Paren(this=exp.or_(*(_holds(equal_to, one, large) for one in range(number))))
        tests.append(test)
        one_each = exp.Case(ifs=[exp.If(this=test.copy(), true=exp.Literal.number(1))], default=exp.Literal.number(0))
        counts.append(exp.Coalesce(this=exp.Sum(this=one_each), expressions=[exp.Literal.number(0)]))
    zeros = [exp.Literal.number(0) for _ in range(wide - len(columns))]
    outputs = [exp.Literal.number(at), *counts, *zeros]
    query = exp.select(*(exp.alias_(item, f"c{n}", quoted=True) for n, item in enumerate(outputs)))
    query = query.from_(table_of(table, "t"))
    return query.where(exp.or_(*(test.copy() for test in tests))) if large else query


def _holds(value: exp.Expr, number: int, large: bool) -> exp.Expr:
    if large:
        return exp.EQ(this=value.copy(), expression=Bind(this=f"word{number}"))
    like = exp.Like(this=value.copy(), expression=Bind(this=f"like{number}"))
    return exp.Escape(this=like, expression=exp.Literal.string("!"))

"""Each row reaches its people, by one way that does not break, and each fact is found (GDPR art. 5(1)(e), 15(4))."""

from __future__ import annotations

from belofte.datamap.paths import Edge
from belofte.datamap.rules.rule import Held, Rule
from belofte.policy.findings import Hits

SMALL = 1_000
"""In a table of fewer rows a look-up needs no index."""


def explore(held: Held) -> None:
    """Let the graph meet everything that the map states, so that its problems are complete."""
    for name, mapped, info in held.tables:
        held.graph.owners(name)
        for column in mapped.columns:
            if column in info.columns:
                held.graph.owners(name, column)


def _problems(held: Held, facts: bool) -> Hits:
    explore(held)
    for path, what in dict.fromkeys(held.graph.problems):
        is_fact = path.startswith("facts.") or ".facts." in path
        if is_fact is facts and not what.startswith("several foreign keys"):
            yield path, what


def _facts_wrong(held: Held) -> Hits:
    yield from _problems(held, facts=True)


def _links_wrong(held: Held) -> Hits:
    yield from _problems(held, facts=False)


def _ambiguous(held: Held) -> Hits:
    explore(held)
    for path, what in dict.fromkeys(held.graph.problems):
        if what.startswith("several foreign keys"):
            yield path, what
    for name, mapped, _ in held.tables:
        if mapped.about is not None or not mapped.columns:
            continue
        ways = {owner.path[0].columns: owner.entry for owner in held.graph.people(name) if owner.path}
        if len(ways) > 1:
            keys = ", ".join(f"`{'+'.join(columns)}` to {entry}" for columns, entry in ways.items())
            yield f"tables.{name}", f"the rows of `{name}` reach people by several keys ({keys})"


def _is_personal(held: Held, name: str) -> bool:
    mapped = held.map.tables[name]
    return mapped.row is not None or any(column.element for column in mapped.columns.values())


def _reaches_nobody(held: Held) -> Hits:
    explore(held)
    wrong = {path for path, _ in held.graph.problems}
    for name, mapped, info in held.tables:
        if mapped.unowned or info.kind == "view":
            continue
        own = [column for column, one in mapped.columns.items() if one.element and one.about is None]
        if (own or mapped.row) and not held.graph.owners(name) and f"tables.{name}.about" not in wrong:
            yield f"tables.{name}", f"`{name}` holds personal data and its rows reach nobody"
        for column, one in mapped.columns.items():
            path = f"tables.{name}.columns.{column}"
            if not one.element or one.about is None or column not in info.columns or f"{path}.about" in wrong:
                continue
            if not held.graph.people(name, column):
                yield path, f"`{name}.{column}` is personal data and is about nobody"


def _organisations_only(held: Held) -> Hits:
    for name, mapped, _ in held.tables:
        own = [column for column, one in mapped.columns.items() if one.element and one.about is None]
        if own and not mapped.unowned and held.graph.owners(name) and not held.graph.people(name):
            yield f"tables.{name}", f"`{name}` holds personal data and its rows reach organisations only"


def _breaks(held: Held, edge: Edge) -> str | None:
    """Return the nullable column of an edge, if it has one."""
    columns = held.schema.tables[edge.child].columns
    return next((f"{edge.child}.{name}" for name in edge.columns if name in columns and columns[name].nullable), None)


def _nullable(held: Held) -> Hits:
    for name, _, _ in held.tables:
        people = held.graph.people(name)
        broken = [next((found for edge in way.path if (found := _breaks(held, edge))), None) for way in people]
        if _is_personal(held, name) and broken and all(broken):
            keys = list(dict.fromkeys(f"`{key}`" for key in broken))
            are = f"{' and '.join(keys)} {'are' if len(keys) > 1 else 'is'} NULL"
            yield f"tables.{name}", f"where {are} a row of `{name}` reaches nobody: it is hidden, and stays"


def _identifiers_slow(held: Held) -> Hits:
    for name, people in held.map.people.items():
        table = held.schema.tables.get(people.table)
        if table is None or (table.rows is not None and table.rows < SMALL):
            continue
        first = {index[0] for index in (*table.indexes, table.primary_key, *table.unique) if index}
        for kind, identifier in people.identified_by():
            column = identifier.column
            if column in table.columns and not {column, f"lower({column.lower()})"} & first:
                path = f"people.{name}.identifiers.{kind}"
                yield path, f"`{people.table}.{column}` has no index: finding a person reads the whole table"


RULES = (
    Rule(
        "MAP_FACT_WRONG", "error", "GDPR art. 5(1)(e), 5(2)",
        "write a column, a comparison, or max(table.column) of this store", _facts_wrong,
    ),
    Rule(
        "MAP_LINK_WRONG", "error", "GDPR art. 15(1), 17(1)",
        "name the column here and, with `to`, the one there", _links_wrong,
    ),
    Rule(
        "MAP_OWNER_AMBIGUOUS", "warning", "GDPR art. 15(4), 17(1)",
        "say with `about` whom the rows are about; who merely handled them is not", _ambiguous,
    ),
    Rule(
        "MAP_REACHES_NOBODY", "error", "GDPR art. 15(1), 17(1)",
        "say with `about` how its rows lead to people, or `unowned: true` when they are about nobody", _reaches_nobody,
    ),
    Rule(
        "MAP_ORGANISATIONS_ONLY", "warning", "GDPR art. 4(1), 15(1)",
        "say with `about` on the columns which person they are about, or map them to `none`", _organisations_only,
    ),
    Rule(
        "MAP_PATH_NULLABLE", "note", "GDPR art. 5(1)(e)",
        "make the key NOT NULL, or declare a second way with `about`", _nullable,
    ),
    Rule(
        "MAP_IDENTIFIER_SLOW", "note", "GDPR art. 12(3)",
        "add an index on it (for an e-mail address: on lower(…))", _identifiers_slow,
    ),
)  # fmt: skip

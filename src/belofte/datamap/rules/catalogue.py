"""What the map names is in the database, and what looks personal in the database is in the map (GDPR art. 5(2), 30)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from belofte.datamap.expression import BadExpression, parse
from belofte.datamap.rules.rule import Held, Rule
from belofte.policy.findings import Hits
from belofte.policy.problems import listed, nearest
from belofte.policy.terms import OFFENCES, SPECIAL, short


def _hint(written: str, known: Iterable[str]) -> str:
    near = nearest(written, known)
    return f"; {near}" if near else ""


def _tables_named(held: Held) -> Iterator[tuple[str, str]]:
    """Yield (path, table) of every table that the map names."""
    for name, people in held.map.people.items():
        yield f"people.{name}.table", people.table
    for name, organisation in held.map.organisations.items():
        yield f"organisations.{name}.table", organisation.table
    for name in held.map.tables:
        yield f"tables.{name}", name
    for index, name in enumerate(held.map.ignore):
        yield f"ignore.{index}", name


def _tables_gone(held: Held) -> Hits:
    for path, table in _tables_named(held):
        if table not in held.schema.tables:
            yield path, f"there is no table `{table}` in the database{_hint(table, held.schema.tables)}"


def _columns_named(held: Held) -> Iterator[tuple[str, str, str]]:
    """Yield (path, table, column) of every column that the map names outside links and expressions."""
    for name, people in held.map.people.items():
        path = f"people.{name}"
        for column in people.key:
            yield f"{path}.key", people.table, column
        for kind, identifier in people.identified_by():
            yield f"{path}.identifiers.{kind}", people.table, identifier.column
        if people.language is not None:
            yield f"{path}.language", people.table, people.language
        if not isinstance(people.is_, str):
            yield f"{path}.is.column", people.table, people.is_.column
    for name, organisation in held.map.organisations.items():
        for column in organisation.key:
            yield f"organisations.{name}.key", organisation.table, column
    for name, table in held.map.tables.items():
        for column in table.columns:
            yield f"tables.{name}.columns.{column}", name, column
        for column in table.key or ():
            yield f"tables.{name}.key", name, column


def _columns_gone(held: Held) -> Hits:
    for path, table, column in _columns_named(held):
        info = held.schema.tables.get(table)
        if info is not None and column not in info.columns:
            yield path, f"`{table}` has no column `{column}`{_hint(column, info.columns)}"


def _expressions(held: Held) -> Iterator[tuple[str, str, str | None]]:
    """Yield (path, text, home table) of every expression outside `facts`."""
    for name, people in held.map.people.items():
        for key, text in (("where", people.where), ("deceased", people.deceased)):
            if text is not None:
                yield f"people.{name}.{key}", text, people.table
    for name, organisation in held.map.organisations.items():
        if organisation.where is not None:
            yield f"organisations.{name}.where", organisation.where, organisation.table
    if held.map.collected is not None and held.map.collected.is_ is not None:
        yield "collected", held.map.collected.is_, None
    for name, table in held.map.tables.items():
        if table.collected is not None:
            yield f"tables.{name}.collected", table.collected, name
        links = [(f"tables.{name}.about", table.about)]
        links += [(f"tables.{name}.columns.{column}.about", one.about) for column, one in table.columns.items()]
        for path, about in links:
            for link in about or ():
                if link.when is not None:
                    yield path, link.when, name


def expressions_wrong(held: Held) -> Hits:
    """Yield the expressions that do not parse or name what is not there."""
    for path, text, home in _expressions(held):
        try:
            found = parse(text)
        except BadExpression as wrong:
            yield path, str(wrong)
            continue
        table = found.table or home
        if table is None:
            continue  # a column that each table may have or lack
        info = held.schema.tables.get(table)
        if info is None:
            yield path, f"`{text}` is of no table of this store{_hint(table, held.schema.tables)}"
        elif missing := [column for column in found.columns if column not in info.columns]:
            yield path, f"`{table}` has no column `{missing[0]}`{_hint(missing[0], info.columns)}"


def _columns_unmapped(held: Held) -> Hits:
    for name, mapped, info in held.tables:
        if mapped.unowned or info.kind == "view":
            continue
        for found in held.proposals[name]:
            if found.column not in mapped.columns:
                yield f"tables.{name}", f"`{name}.{found.column}` looks like {found.element} and is not mapped"


def _tables_unmapped(held: Held) -> Hits:
    people = {entry.table for entry in held.map.people.values()}
    for name, info in held.schema.tables.items():
        if name in held.map.tables or name in held.map.ignore or info.kind == "view" or info.child_of is not None:
            continue
        looks = [found.column for found in held.proposals[name]]
        if looks or name in people:
            columns = f" (`{listed(looks, 6)}`)" if looks else ""
            yield "tables", f"`{name}` looks personal{columns} and is neither mapped nor ignored"


def _special_undeclared(held: Held) -> Hits:
    for name, mapped, _ in held.tables:
        if mapped.unowned:
            continue
        for found in held.proposals[name]:
            column = mapped.columns.get(found.column)
            element = column.element if column is not None else None
            if found.special is None or (column is not None and element is None):
                continue
            if element is None or not _is_special(held, element):
                where = f"tables.{name}.columns.{found.column}" if column is not None else f"tables.{name}"
                what = f"is mapped to `{element}`, which is not declared special" if element else "is not mapped"
                yield where, f"`{name}.{found.column}` looks like data on {found.special} and {what}"


def _is_special(held: Held, element: str) -> bool:
    declared = held.policy.special(element)
    term = short(held.policy.element(element).term).partition(":")[2]
    return bool(declared) or term in SPECIAL or term in OFFENCES


def _views(held: Held) -> Hits:
    for name, _, info in held.tables:
        if info.kind == "view":
            yield f"tables.{name}", f"`{name}` is a view: its data lies in other tables"


def _children(held: Held) -> Hits:
    for name, _, info in held.tables:
        if info.child_of is not None and info.child_of in held.map.tables:
            yield f"tables.{name}", f"the rows of `{name}` are also rows of `{info.child_of}`, which is mapped"


def _warned(held: Held) -> Hits:
    for warning in held.schema.warnings:
        table = warning.partition("`")[2].partition("`")[0]
        if table in held.map.tables:
            yield f"tables.{table}", warning


RULES = (
    Rule(
        "MAP_TABLE_GONE", "error", "GDPR art. 5(2), 30(1)",
        "correct the name, or remove the table from the map when its data is gone", _tables_gone,
    ),
    Rule(
        "MAP_COLUMN_GONE", "error", "GDPR art. 5(2), 30(1)",
        "correct the name, or remove the column from the map when its data is gone", _columns_gone,
    ),
    Rule(
        "MAP_EXPRESSION_WRONG", "error", "GDPR art. 5(2)",
        "write a column or a comparison of columns of one table", expressions_wrong,
    ),
    Rule(
        "MAP_COLUMN_UNMAPPED", "warning", "GDPR art. 15(1), 17(1), 30(1)(c)",
        "map it to its element, or to `none` when it holds no personal data", _columns_unmapped,
    ),
    Rule(
        "MAP_TABLE_UNMAPPED", "warning", "GDPR art. 15(1), 17(1), 30(1)(c)",
        "map it under `tables`, or name it under `ignore` when it holds no personal data", _tables_unmapped,
    ),
    Rule(
        "MAP_SPECIAL_UNDECLARED", "warning", "GDPR art. 9(1), 10",
        "map it to an element that is declared `special`, with a ground of art. 9(2), or to `none`",
        _special_undeclared,
    ),
    Rule(
        "MAP_VIEW", "warning", "GDPR art. 17(1)",
        "map the tables that it reads instead", _views,
    ),
    Rule(
        "MAP_CHILD", "warning", "GDPR art. 5(1)(d)",
        "map the parent only: its rows include the child's", _children,
    ),
    Rule(
        "MAP_CATALOGUE", "warning", "GDPR art. 5(2), 17(1)",
        "give the account what it needs, or say in the record what stays outside", _warned,
    ),
)  # fmt: skip

"""How each table reaches a person, what can keep its data and how it goes: the ownership graph in words. Pure.

Derived from the same graph, forms and findings that check and the compiler use; nothing is decided here. A purpose
"can keep" data of a table when every fact that it counts on is found for its rows (DESIGN §1, reach).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from belofte.datamap.check import map_findings
from belofte.datamap.facts import AggregateFact
from belofte.datamap.graph import Graph
from belofte.datamap.load import LoadedMap
from belofte.datamap.model import PeopleEntry
from belofte.datamap.paths import Edge, Owner
from belofte.datamap.removal import Form, form
from belofte.datamap.schema import Schema
from belofte.policy.findings import Finding, Severity
from belofte.policy.model import Period, Policy, Purpose

_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a way: which columns lead where, and by what."""

    child: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    by: str
    """`foreign key`, `declared`, `declared, inside JSON at …`, `declared, by e-mail`."""
    nullable: bool
    many: bool
    when: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a table's rows to people or an organisation; no links: the rows are they themselves."""

    entry: str
    person: bool
    kinds: tuple[str, ...]
    links: tuple[Link, ...]
    column: str | None = None
    """The column whose own people it leads to; None: the row's."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whether a purpose can ever keep an element of the table, and why (or why not)."""

    purpose: str
    keeps: bool
    why: str


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A mapped column (or the row itself, `*`): its element, how it goes, and what can keep it."""

    name: str
    type: str
    element: str | None
    removal: str
    erasable: bool
    keepers: tuple[Keeper, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning about a table: how bad, which rule (or `EXPLAIN_…`), what, and how to mend it."""

    severity: Severity
    id: str
    text: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """All that is known of one table's ownership."""

    name: str
    state: str
    """`mapped`, `ignored`, `unmapped`, `view`, or `part of TABLE`: its rows are also rows of a table that is mapped."""
    key: tuple[str, ...]
    rows: int | None
    ways: tuple[Way, ...]
    columns: tuple[ColumnView, ...]
    remarks: tuple[Remark, ...]


def explanation(loaded: LoadedMap, policy: Policy, schema: Schema, today: date) -> list[TableView]:
    """Return every table of a store, mapped ones first, then by name. Findings are those of check on that day."""
    graph = Graph(loaded.map, schema)
    findings = map_findings(loaded, policy, schema, today)
    if any(one.id == "MAP_EXPRESSION_WRONG" for one in findings):
        return [_plain(graph, name, findings) for name in sorted(schema.tables)]
    views = [_table(graph, policy, name, findings) for name in schema.tables]
    return sorted(views, key=lambda view: (view.state != "mapped", view.name))


def _state(graph: Graph, name: str) -> str:
    if name in graph.map.tables or name in graph.mapped:
        return "view" if graph.schema.tables[name].kind == "view" else "mapped"
    whole = _whole(graph, name)
    if whole is not None:
        return f"part of {whole}"
    return "ignored" if name in graph.map.ignore else graph.schema.tables[name].kind.replace("table", "unmapped")


def _whole(graph: Graph, name: str) -> str | None:
    """Return the mapped table of which a table that is not mapped is a partition or a child."""
    above = graph.schema.tables[name].child_of
    while above is not None and above not in graph.mapped:
        above = graph.schema.tables[above].child_of if above in graph.schema.tables else None
    return above if name not in graph.mapped else None


def _plain(graph: Graph, name: str, findings: Sequence[Finding]) -> TableView:
    """Return a table of a map whose expressions do not parse: its ways cannot be told."""
    info = graph.schema.tables[name]
    state = "mapped" if name in graph.map.tables else "unmapped"
    return TableView(name, state, info.primary_key, info.rows, (), (), tuple(_found(name, findings)))


def _table(graph: Graph, policy: Policy, name: str, findings: Sequence[Finding]) -> TableView:
    info, mapped = graph.schema.tables[name], graph.map.tables.get(name)
    ways = [_way(graph, owner, None) for owner in graph.owners(name)]
    columns: list[ColumnView] = []
    if mapped is not None and mapped.row is not None:
        keepers = tuple(_keepers(graph, policy, name, None, mapped.row))
        columns.append(ColumnView("*", "row", mapped.row, "goes with its row", True, keepers))
    for column, stated in mapped.columns.items() if mapped is not None else ():
        if column not in info.columns:
            continue
        if graph.column_about(name, column) is not None:
            ways += [_way(graph, owner, column) for owner in graph.owners(name, column)]
        found = form(graph.schema, info, column, stated)
        keepers = tuple(_keepers(graph, policy, name, column, stated.element)) if stated.element else ()
        columns.append(
            ColumnView(column, info.columns[column].type, stated.element, removal(found), found.erases, keepers)
        )
    remarks = sorted([*_found(name, findings), *_seen(graph, name)], key=lambda one: _RANK[one.severity])
    key = () if info.kind == "view" else graph.key(name)
    return TableView(name, _state(graph, name), key, info.rows, tuple(ways), tuple(columns), tuple(remarks))


# -- ways ----------------------------------------------------------------------------------------------------


def _way(graph: Graph, owner: Owner, column: str | None) -> Way:
    entry = graph.entry(owner.entry)
    kinds = entry.kinds if isinstance(entry, PeopleEntry) else ()
    links = tuple(_link(graph, edge) for edge in owner.path)
    return Way(owner.entry, owner.person, kinds, links, column)


def _link(graph: Graph, edge: Edge) -> Link:
    by = "foreign key" if edge.foreign_key else "declared"
    if edge.json is not None:
        by += f", inside JSON at `{edge.json}`"
    if edge.match == "email":
        by += ", by e-mail"
    columns = graph.schema.tables[edge.child].columns
    nullable = edge.json is not None or any(columns[name].nullable for name in edge.columns)
    when = edge.when.text if edge.when is not None else None
    return Link(edge.child, edge.columns, edge.parent, edge.parent_columns, by, nullable, not edge.unique, when)


# -- what can keep it ----------------------------------------------------------------------------------------


def _keepers(graph: Graph, policy: Policy, table: str, column: str | None, element: str) -> Iterator[Keeper]:
    """Yield, for each purpose that uses an element, whether it can keep it along some way to a person."""
    mapped = graph.map.tables[table]
    declared = {*mapped.for_, *(mapped.columns[column].for_ if column is not None else ())}
    owners = graph.people(table, column)
    for name, purpose in policy.purposes.items():
        refs = [*purpose.uses, *purpose.channels.values()]
        if not any(element in policy.elements(ref) for ref in refs):
            continue
        if not owners:
            yield Keeper(name, False, "its rows reach nobody")
            continue
        judged = [_judged(graph, purpose, table, owner, name in declared) for owner in owners]
        reasons = [why for can, why in judged if can] or [why for _, why in judged]
        yield Keeper(name, any(can for can, _ in judged), "; ".join(dict.fromkeys(reasons)))


def _judged(graph: Graph, purpose: Purpose, table: str, owner: Owner, declared: bool) -> tuple[bool, str]:
    """Return whether a purpose can keep what a way leads to, and the reason."""
    kinds = _way(graph, owner, None).kinds
    bases = list(dict.fromkeys(basis.value for kind in kinds for basis in purpose.bases(kind)))
    if not bases:
        return False, f"it has no basis for {' or '.join(kinds) or 'these people'}"
    said: list[str] = [" or ".join(bases)]
    for word, name in (("while", purpose.while_), ("after", purpose.after)):
        if name is None:
            continue
        where = _where(graph, name, table, owner)
        if where is None and not declared:
            return False, f"`{name}` is not found for these rows"
        term = f"{_period(purpose.keep)} " if word == "after" and purpose.keep is not None else ""
        said.append(f"{term}{word} `{name}` ({where or 'not found; the map says that it is for this purpose'})")
    if purpose.keep is not None and purpose.after is None:
        dated = graph.collected(table, owner) is not None
        said.append(
            f"{_period(purpose.keep)} after collection{'' if dated else ' (unknown: the map does not say when)'}"
        )
    if purpose.hide_first is not None:
        said.append(f"then hidden for {_period(purpose.hide_first)} before it goes")
    return True, ", ".join(said)


def _where(graph: Graph, name: str, table: str, owner: Owner) -> str | None:
    """Return in words where a fact is found for a table's rows; None when it is not."""
    fact = graph.facts.get(name)
    found = graph.resolve(fact, table, owner) if fact is not None else None
    if found is None:
        return None
    if isinstance(found, AggregateFact):
        return f"{found.fact.aggregate} over the rows of {found.fact.table} of the same {owner.entry}"
    return f"on its {found.path[-1].parent}" if found.path else "on the row"


def _period(period: Period | None) -> str:
    if period is None:
        return ""
    parts = (("year", period.years), ("month", period.months), ("week", period.weeks), ("day", period.days))
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for unit, count in parts if count) or "0 days"


# -- how it goes ---------------------------------------------------------------------------------------------


def removal(found: Form) -> str:
    """Return a removal form in words."""
    words = {
        "null": "becomes NULL",
        "text": f"becomes `{found.value}`",
        "number": f"becomes `{found.value}`",
        "unique": f"becomes `{found.value}`, unique per row",
        "year": "is cut to its year",
        "month": "is cut to its month",
        "first": f"is cut to its first {found.value} characters",
        "pseudonym": f"becomes a digest under the key `{found.value}`: kept until that key is destroyed",
        "row": "goes only with its row",
        "none": "cannot go",
    }[found.kind]
    return f"{words}: {found.why}" if found.why else words


# -- remarks -------------------------------------------------------------------------------------------------


def _found(name: str, findings: Sequence[Finding]) -> Iterator[Remark]:
    """Yield what check says of a table."""
    for one in findings:
        here = one.path == f"tables.{name}" or one.path.startswith(f"tables.{name}.")
        if here or (one.path == "tables" and one.message.startswith(f"`{name}`")):
            yield Remark(one.severity, one.id, one.message, one.mend)


def _seen(graph: Graph, name: str) -> Iterator[Remark]:
    """Yield what the graph shows of a table beside what check says."""
    info, people = graph.schema.tables[name], graph.people(name)
    if info.kind == "view" or _whole(graph, name) is not None:
        return
    mapped = name in graph.mapped
    if mapped and not info.primary_key and graph.key(name) == tuple(info.columns):
        what = f"`{name}` has no key: rows that are alike in every column go together"
        yield Remark("warning", "EXPLAIN_NO_KEY", what, "give it a primary key, or name one with `key`")
    entries = list(dict.fromkeys(owner.path[0].columns for owner in people if owner.path))
    if mapped and len(entries) > 1:
        what = f"a row of `{name}` can be about several people: it stays for the others"
        mend = "say with `on_unlink` what a column becomes when one of them is erased"
        yield Remark("note", "EXPLAIN_SHARED", what, mend)
    for edge in graph.mentions(name) if mapped else ():
        columns = "+".join(edge.columns)
        loose = all(info.columns[c].nullable and c not in info.primary_key for c in edge.columns)
        yield Remark(
            "note", "EXPLAIN_MENTION", f"`{name}.{columns}` names a row of `{edge.parent}` that it is not about: "
            + ("it is cleared when that row goes" if loose else "it may not be NULL, so that row stays"), "",
        )  # fmt: skip
    if not mapped and name not in graph.map.ignore and people:
        ways = " and ".join(dict.fromkeys(str(owner) for owner in people))
        yield Remark("warning", "EXPLAIN_UNMAPPED", f"`{name}` is not mapped and reaches people ({ways})",
                     "map it, or name it under `ignore` when it holds no personal data")  # fmt: skip
    for edge in graph.foreign_edges(name) if not mapped else ():
        if edge.parent in graph.mapped:
            yield Remark("warning", "EXPLAIN_HOLDS_BACK", f"rows of `{edge.parent}` to which `{name}."
                         f"{'+'.join(edge.columns)}` points are never deleted, only erased in place",
                         "map it, so that its rows can go first")  # fmt: skip

"""Live stores against their maps: is all of it mapped and somebody's, and does nothing in it show what is special."""

from __future__ import annotations

from collections.abc import Iterator

from belofte.compiler.overdue import sweeping, unowned
from belofte.compiler.setting import Setting
from belofte.datamap import recognise
from belofte.datamap.check import map_findings
from belofte.policy.person import nobody
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.promises.sentence import Sentence, of_store, sentence
from belofte.rights.desk import Opened
from belofte.stores.sample import inclusions, sample

UNMAPPED = frozenset(
    {
        "MAP_COLUMN_GONE", "MAP_COLUMN_UNMAPPED", "MAP_EXPRESSION_WRONG", "MAP_FACT_WRONG", "MAP_LINK_WRONG",
        "MAP_REACHES_NOBODY", "MAP_TABLE_GONE", "MAP_TABLE_UNMAPPED",
    }
)  # fmt: skip
"""The rules on maps that say that something in a store is unknown, or nobody's."""


def answering(matter: Matter, unclear: list[Sentence]) -> Iterator[Opened]:
    """Yield the stores that are databases and answer; the others are added to what is unclear."""
    for name in matter.desk.sql_stores:
        opened = matter.opened(name)
        if isinstance(opened, Sentence):
            unclear.append(opened)
        else:
            yield opened


def mapped(matter: Matter, _scope: Scope) -> Outcome:
    """Count the tables and columns that no map says anything of, and tables whose rows are nobody's."""
    unclear: list[Sentence] = []
    found: list[Sentence] = []
    figures = {"stores": 0, "tables": 0, "columns": 0}
    for opened in answering(matter, unclear):
        schema = opened.graph.schema
        figures["stores"] += 1
        figures["tables"] += len(schema.tables)
        figures["columns"] += sum(len(table.columns) for table in schema.tables.values())
        wrong = map_findings(matter.maps[opened.name], matter.policy, schema, matter.today)
        found += [of_store(opened.name, one.message) for one in wrong if one.id in UNMAPPED]
        if not opened.graph.problems:
            whole = sweeping(Setting(matter.policy, opened.graph, matter.at, {}, nobody(matter.policy)))
            found += [
                of_store(opened.name, sentence("`%(table)s` leads to nobody", table=table)) for table in unowned(whole)
            ]
    if not matter.desk.sql_stores:
        unclear.append(sentence("no store is connected: there is nothing to look at"))
    return outcome(figures, found, unclear)


def special(matter: Matter, _scope: Scope) -> Outcome:
    """Look for special categories of data by names, types and sampled values; what the policy grounds is declared."""
    unclear: list[Sentence] = []
    found: list[Sentence] = []
    figures = {"stores": 0, "columns": 0, "values": 0}
    for opened in answering(matter, unclear):
        figures["stores"] += 1
        schema = opened.graph.schema
        looked = sample(opened.store, schema)
        compared = inclusions(opened.store, schema, recognise.candidates(schema, looked.samples), looked.samples)
        figures["columns"] += sum(len(table.columns) for table in schema.tables.values())
        figures["values"] += sum(len(one.values) for table in looked.samples.values() for one in table.values())
        proposals = recognise.findings(schema, looked.samples, compared, ()).proposals
        for one in proposals:
            if (one.special or one.inside) and not _grounded(matter, opened, one.table, one.column):
                what = one.special or sentence("words on %(what)s", what=", ".join(one.inside))
                shown = sentence("`%(column)s` shows %(what)s", column=f"{one.table}.{one.column}", what=what)
                found.append(of_store(opened.name, shown))
        unclear += [
            of_store(opened.name, sentence("`%(table)s` was not read: %(what)s", table=table, what=why))
            for table, why in looked.unread
        ]
    if not matter.desk.sql_stores:
        unclear.append(sentence("no store is connected: there is nothing to look at"))
    return outcome(figures, found, unclear)


def _grounded(matter: Matter, opened: Opened, table: str, column: str) -> bool:
    """Return whether the policy declares what a column holds as special, and some purpose has a ground for it."""
    stated = opened.map.tables.get(table)
    held = stated.columns.get(column) if stated is not None else None
    if held is None or held.element is None or not matter.policy.elements(held.element):
        return False
    purposes = matter.policy.purposes.values()
    grounds = [one for one in purposes if one.special_ground is not None]
    return matter.policy.special(held.element) is not None and any(
        held.element in matter.policy.elements(ref) for one in grounds for ref in one.uses
    )

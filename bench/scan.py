"""How well scan reads schemas it does not know: precision and recall against labels made by hand (bench/labels).

Per set: proposals per column (right category; `element`: right element too), people tables, and links with the foreign
keys hidden. What a label calls `either` counts neither way. `northwind` was first run when the recognisers were done,
and nothing was changed for it since. But whoever labelled it also wrote the word lists, so some of its column names
are in them (`title_of_courtesy`, `ship_address`): held out from tuning, not from knowledge. All four sets are small
and English; the figures are an upper bound for a company's own schema.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tests import shared_data
from tests.servers import postgres_server

from belofte.datamap import recognise
from belofte.datamap.schema import Schema
from belofte.stores.connect import Store, connect
from belofte.stores.reflect import reflect
from belofte.stores.sample import inclusions, sample

LABELS = Path(__file__).parent / "labels"
SETS = {"chinook": "chinook", "sakila": "sakila", "fides": "fides_sample", "northwind": "northwind"}
HELD_OUT = "northwind"

Row = dict[str, Any]
Label = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class Tally:
    """What was found, what should have been, and what was both."""

    found: frozenset[str]
    wanted: frozenset[str]
    right: frozenset[str]

    @property
    def precision(self) -> float:
        return len(self.right) / len(self.found) if self.found else 1.0

    @property
    def recall(self) -> float:
        return len(self.right & self.wanted) / len(self.wanted) if self.wanted else 1.0


def label(name: str) -> Label:
    """Return the labelling of a set."""
    found: Label = YAML(typ="safe").load((LABELS / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def without_keys(schema: Schema) -> Schema:
    """Return a schema whose foreign keys are hidden."""
    tables = {name: dataclasses.replace(table, foreign_keys=()) for name, table in schema.tables.items()}
    return dataclasses.replace(schema, tables=tables)


def only(schema: Schema) -> Schema:
    """Return the tables of the default schema that hold rows of their own."""
    kept = {n: t for n, t in schema.tables.items() if t.kind != "view" and t.child_of is None and "." not in n}
    return dataclasses.replace(schema, tables=kept)


def scanned(store: Store, schema: Schema) -> recognise.Findings:
    """Return what scan finds in a store with this schema."""
    samples = sample(store, schema).samples
    found = recognise.candidates(schema, samples)
    return recognise.findings(schema, samples, inclusions(store, schema, found, samples))


def columns(found: recognise.Findings, labels: Label, *, element: bool) -> Tally:
    """Return the tally of proposals per column; by category, or by element."""

    def names(value: object) -> set[str]:
        elements = {str(one) for one in value} if isinstance(value, list) else {str(value)}
        return elements if element else {one.partition(".")[0] for one in elements}

    either = set(labels.get("either") or ())
    wanted: dict[str, object] = labels["columns"]
    proposed = {f"{p.table}.{p.column}": names(p.element) for p in found.proposals}
    counted = {place: said for place, said in proposed.items() if place not in either}
    right = {place for place, said in counted.items() if place in wanted and said & names(wanted[place])}
    return Tally(frozenset(counted), frozenset(wanted), frozenset(right))


def people(found: recognise.Findings, labels: Label) -> Tally:
    """Return the tally of people tables."""
    either = set(labels.get("either_people") or ())
    tables = {p.table for p in found.people} - either
    wanted = set(labels["people"])
    return Tally(frozenset(tables), frozenset(wanted), frozenset(tables & wanted))


def links(found: recognise.Findings, labels: Label, schema: Schema) -> Tally:
    """Return the tally of links; `declared` labels are the foreign keys that scan did not see."""
    if labels["links"] == "declared":
        wanted = {
            f"{table.name}.{fk.columns[0]} -> {fk.parent}.{fk.parent_columns[0]}"
            for table in schema.tables.values()
            for fk in table.foreign_keys
        }
    else:
        wanted = set(labels["links"])
    either = set(labels.get("either_links") or ())
    proposed = {f"{one.table}.{one.column} -> {one.target}.{one.target_column}" for one in found.links} - either
    return Tally(frozenset(proposed), frozenset(wanted), frozenset(proposed & wanted))


def tallies(name: str, store: Store) -> dict[str, Tally]:
    """Return every tally of one set; its columns and people with foreign keys seen, its links with them hidden."""
    labels, schema = label(name), only(reflect(store.engine))
    seen = scanned(store, schema)
    hidden = scanned(store, without_keys(schema))
    return {
        "": columns(seen, labels, element=False),
        "element.": columns(seen, labels, element=True),
        "people.": people(seen, labels),
        "links.": links(hidden, labels, schema),
    }


@contextmanager
def stores() -> Iterator[dict[str, Store]]:
    """Yield the four sets, loaded: chinook in SQLite, the others in PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        opened = {}
        for name, data in SETS.items():
            if name == "chinook":
                file = Path(folder) / "chinook.db"
                shared_data.load_sqlite(file, shared_data.script(data, "sqlite"))
                url = f"sqlite:///{file}"
            else:
                url = server.url(server.fresh(shared_data.postgres_template(server, data)))
            opened[name] = connect(url, read_only=True, name=name)
        yield opened
        for store in opened.values():
            store.close()


def run() -> list[Row]:
    """Return rows {name, value, n}: `scan.precision.sakila`, `scan.recall.links.fides`, …; n is what was counted."""
    if shared_data.folder() is None:
        return []
    rows: list[Row] = []
    with stores() as opened:
        for name, store in opened.items():
            for what, tally in tallies(name, store).items():
                rows.append({"name": f"scan.precision.{what}{name}", "value": tally.precision, "n": len(tally.found)})
                rows.append({"name": f"scan.recall.{what}{name}", "value": tally.recall, "n": len(tally.wanted)})
    return rows


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']:40} {row['value']:6.1%}  of {row['n']}")

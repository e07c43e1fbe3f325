"""The worked example of docs/verdicts.md says what the reference evaluator says."""

from __future__ import annotations

import re
from datetime import date

import pytest
from examples.alsico import company
from sqlalchemy import MetaData, Table, create_engine, select
from tests.docs.pages import DOCS
from tests.examples.folders import maps
from tests.examples.test_heroine import MARIE, NOW, erased, loaded

from belofte.compiler.reference import Reference
from belofte.datamap.graph import Graph
from belofte.policy.person import nobody
from belofte.stores.reflect import reflect

LINE = re.compile(r"^\| (\d) \| (\S+) \| (\S+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def kept(cell: str) -> list[str]:
    return [] if cell.strip() == "nobody" else [one.strip() for one in cell.split(",")]


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_the_four_invoices_stay_for_the_reasons_that_the_page_gives(sqlite):
    url = sqlite()
    company.build(url, sqlite(), 20)
    engine = create_engine(url)
    graph = Graph(maps("alsico", loaded())["crm"].map, reflect(engine))
    with engine.connect() as connection:
        rows = {
            name: list(connection.execute(select(Table(name, MetaData(), autoload_with=engine))).mappings())
            for name in graph.schema.tables
        }
    engine.dispose()
    policy = loaded().policy
    lines = LINE.findall((DOCS / "verdicts.md").read_text())
    assert len(lines) == 4
    invoices = {row["id"]: row for row in rows["invoice"] if row["contact_id"] == 1}
    for column, state in ((3, nobody(policy)), (4, erased(policy))):
        reference = Reference(policy, graph, rows, {MARIE: state}, nobody(policy), NOW)
        for line in lines:
            invoice = invoices[int(line[0])]
            assert (invoice["date"], invoice["tax_from"]) == (date.fromisoformat(line[1]), date.fromisoformat(line[2]))
            assert reference.kept_by("invoice", invoice, "attention_of") == kept(line[column]), line

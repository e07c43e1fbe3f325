"""Plans as a person reads them, kept as files per dialect and run there too; and what is refused, with its words.

`BELOFTE_GOLDEN=write` writes the files anew.
"""

# ruff: noqa: E501
from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.compiler.small import Small, small
from tests.conftest import Fresh
from tests.golden.maps import CASES, INVALID

from belofte.compiler.statement import text
from belofte.compiler.verdicts import Verdicts
from belofte.datamap.expression import BadExpression, parse

HERE = Path(__file__).parent
DIALECTS = {"postgres": "postgres", "mariadb": "mysql", "sqlite": "sqlite"}


@pytest.fixture(params=list(CASES))
def case(request: pytest.FixtureRequest, store_url: str) -> Iterator[tuple[str, Small]]:
    found = CASES[request.param]
    with small(store_url, found["script"], found["map"], found["purposes"]) as opened:
        yield request.param, opened


def test_a_plan_reads_as_its_golden_file_and_runs(case: tuple[str, Small]) -> None:
    name, opened = case
    states = CASES[name].get("states", {})
    plan, keysets = opened.plan("customer", [(1,), (2,)], states)
    shown = []
    for table in plan.tables:
        judged = Verdicts(plan.setting, plan.closure, table)
        judged.add_whose()
        judged.add_masks()
        shown.append(text(judged.select(f"access: {table}", columns=True), plan.dialect))
    compare(f"{name}.{plan.dialect}.sql", "\n\n".join([*shown, plan.text()]))
    assert set(keysets) >= {"cohort"}
    for many in (False, True):
        opened.erase("customer", [(1,), (2,)], many=many, states=states)
    for table in plan.tables:
        assert opened.verdicts(table, "customer", [(1,), (2,)], states) == []


def compare(file: str, found: str) -> None:
    golden = HERE / file
    if os.environ.get("BELOFTE_GOLDEN") == "write":
        golden.write_text(found, encoding="utf-8")
    assert golden.exists(), f"no golden file `{file}`: write it with BELOFTE_GOLDEN=write and read what it says"
    assert golden.read_text(encoding="utf-8") == found


def test_what_is_no_small_expression_is_refused_in_these_words() -> None:
    shown = []
    for name, words in INVALID.items():
        with pytest.raises(BadExpression) as refused:
            parse(words)
        shown.append(f"{name}\n  {words}\n  {refused.value}\n")
    compare("expressions__invalid.txt", "\n".join(shown))


def test_a_link_that_leads_nowhere_is_refused_in_these_words(sqlite: Fresh) -> None:
    found = CASES["several-owners"]
    wrong = {
        "several": "customer", "no such target": {"sender_id": "customers"}, "no such column": {"sender": {"of": "customer"}},
        "too many columns": {"of": "customer", "columns": ["sender_id", "recipient_id"], "to": "id"},
        "no key leads there": {"of": "table_without"},
    }  # fmt: skip
    shown = []
    for name, about in wrong.items():
        datamap = {
            "people": found["map"]["people"],
            "tables": {"message": {"about": about, "columns": {"body": "data.text"}}},
        }
        script = [*found["script"], "create table table_without (id integer primary key)"]
        with small(sqlite(), script, datamap, {}) as opened:
            graph = opened.graph
            assert graph.about("message") is not None
            shown += [name, *(f"  {place}: {why}" for place, why in graph.problems), ""]
            assert graph.problems
    compare("links__invalid.txt", "\n".join(shown))

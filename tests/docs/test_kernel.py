"""The worked example of docs/kernel.md, judged by the reference evaluator: the page says what the code does."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine
from tests.docs.pages import DOCS
from tests.examples.folders import EXAMPLES, maps, policy

from belofte.choices.events import Event, Origin
from belofte.choices.state import present
from belofte.compiler.reference import BRUSSELS, Holds, Reference
from belofte.datamap.graph import Graph
from belofte.datamap.removal import form
from belofte.policy.person import PersonState, nobody
from belofte.rights import erasure
from belofte.stores.reflect import reflect

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
PEOPLE = {"Marie": ("customer", (1,)), "Jan": ("trader", (2,))}
KINDS = {"Marie": "customer_contact", "Jan": "sole_trader"}
PAGE = (DOCS / "kernel.md").read_text(encoding="utf-8")

Rows = dict[str, list[dict[str, Any]]]


def table(mark: str) -> list[list[str]]:
    """Return the cells of the page's table under a mark, without its header."""
    body = PAGE.partition(f"<!-- {mark} -->\n")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines()[2:]]


@pytest.fixture(scope="module")
def graph(tmp_path_factory) -> Graph:
    """The ownership graph of the example's customer database."""
    file = tmp_path_factory.mktemp("kernel") / "crm.db"
    connection = sqlite3.connect(file)
    connection.executescript((EXAMPLES / "alsico/schema/crm.sql").read_text(encoding="utf-8"))
    connection.close()
    engine = create_engine(f"sqlite:///{file}")
    found = Graph(maps("alsico", loaded())["crm"].map, reflect(engine))
    engine.dispose()
    return found


@cache
def loaded() -> Any:
    return policy("alsico")


def value(text: str) -> Any:
    if re.fullmatch(r"\d+", text):
        return int(text)
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def rows(graph: Graph) -> Rows:
    """Return the rows that the page lists; the other columns are NULL."""
    found: Rows = {name: [] for name in graph.schema.tables}
    for name, cells in table("rows"):
        row = dict.fromkeys(graph.schema.tables[name].columns)
        for cell in cells.split(", "):
            column, _, said = cell.partition(" ")
            assert column in row, cell
            row[column] = value(said)
        found[name].append(row)
    return found


def erased(name: str) -> PersonState:
    """Return where a person's choices stand after her erasure request."""
    decision = erasure.decide(loaded().policy, frozenset({KINDS[name]}), NOW)
    return present(
        [
            Event(one.kind, UUID(int=1), decision.at, one.purpose, one.channel, one.category, origin=Origin.REQUEST)
            for one in decision.closings
        ],
        loaded().policy,
        NOW,
    )


def reference(graph: Graph, states: Mapping[str, PersonState]) -> Reference:
    found = loaded().policy
    known = {PEOPLE[name]: state for name, state in states.items()}
    return Reference(found, graph, rows(graph), known, nobody(found), NOW)


@pytest.fixture
def moments(graph) -> dict[str, Reference]:
    """The two moments of the page: before anyone asks, and after both erasures."""
    return {
        "before": reference(graph, {}),
        "after": reference(graph, {name: erased(name) for name in PEOPLE}),
    }


def datum(judge: Reference, words: str) -> tuple[str, dict[str, Any], str]:
    name, key, column = words.split()
    return name, next(dict(row) for row in judge.rows[name] if row["id"] == int(key)), column


def listed(names: list[str]) -> str:
    return ", ".join(names)


def shown_by(judge: Reference, at: tuple[str, Any, str]) -> str:
    return listed([name for name in judge.policy.purposes if judge.shown(name, *at)])


def until(judge: Reference, at: tuple[str, Any, str]) -> str:
    """Return the first day on which nothing justifies a datum: `gone` when it is past, `–` when none is in sight."""

    def justified(day: date) -> bool:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=BRUSSELS)
        return replace(judge, now=noon).justified(*at)

    today = judge.now.date()
    if not justified(today):
        return "gone"
    low, high = today, date(2099, 1, 1)
    if justified(high):
        return "–"
    while high - low > timedelta(days=1):
        middle = low + (high - low) // 2
        low, high = (middle, high) if justified(middle) else (low, middle)
    return high.isoformat()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_verdicts_are_what_the_page_says(moment, moments):
    judge = moments[moment]
    said, found = table(f"verdicts: {moment}"), []
    assert len(said) > 8
    for words, *_ in said:
        at = datum(judge, words)
        people = [name for name, person in PEOPLE.items() if person in judge.plain.reached(*at)]
        day = until(judge, at) if people else ""
        found.append([words, listed(people) or "nobody", listed(judge.kept_by(*at)), shown_by(judge, at), day])
    assert found == said


def variations() -> Iterator[tuple[str, Callable[[Reference], Reference]]]:
    """Yield the page's changes, each with how it is made."""
    marie = PEOPLE["Marie"]

    def of_marie(**changes: Any) -> Callable[[Reference], Reference]:
        return lambda judge: replace(judge, states={**judge.states, marie: replace(judge.states[marie], **changes)})

    def of_row(name: str, key: int, **changes: Any) -> Callable[[Reference], Reference]:
        def made(judge: Reference) -> Reference:
            altered = [{**row, **changes} if row["id"] == key else row for row in judge.rows[name]]
            return replace(judge, rows={**judge.rows, name: altered})

        return made

    def removed(judge: Reference) -> Reference:
        graph = judge.graph
        mapped = graph.map.tables["invoice"].columns["attention_of"]
        filler = form(graph.schema, graph.schema.tables["invoice"], "attention_of", mapped).value
        return of_row("invoice", 3, attention_of=filler)(judge)

    yield "a legal hold on Marie", of_marie(held=True)
    yield "a legal hold on the table invoice", lambda judge: replace(judge, holds=Holds(frozenset({"invoice"})))
    yield "Marie restricts payment", of_marie(restricted=frozenset({"payment"}))
    yield "Marie orders again on 17 November 2026", of_row("orders", 3, placed_at=date(2026, 11, 17))
    for day in (15, 17):
        ended = of_row("company", 1, status="ended", ended_on=date(2016, 11, day))
        yield f"the contract ended on {day} November 2016", ended
    yield "the name on invoice 3 is erased already", removed


def test_what_would_change_it_does(moments):
    changes = dict(variations())
    said, found = table("verdicts: variations"), []
    assert {change for change, *_ in said} == changes.keys()
    for change, words, *_ in said:
        judge = changes[change](moments["after"])
        at = datum(judge, words)
        kept = listed(judge.kept_by(*at))
        found.append([change, words, kept, shown_by(judge, at), "yes" if judge.justified(*at) else "no"])
    assert found == said


def test_the_page_gives_the_policys_own_terms():
    said = PAGE.partition("Five purposes matter:")[2].partition("\n\nThe invoice's")[0]
    for name in ("accounting", "tax", "authorities", "claims"):
        purpose = loaded().policy.purposes[name]
        assert re.search(rf"^\| {name} \|.*\| {purpose.keep.years} years after `{purpose.after}`", said, re.MULTILINE)
    assert loaded().policy.purposes["orders"].while_ == "contract.active"


@pytest.mark.parametrize(
    ("invoice", "purpose", "last"),
    [
        ("invoice 3", "accounting", date(2031, 9, 7)),
        ("invoice 3", "tax", date(2035, 1, 1)),
        ("invoice 2", "accounting", date(2025, 8, 30)),
        ("invoice 6", "accounting", date(2026, 5, 10)),
        ("invoice 5", "accounting", date(2022, 12, 31)),
        ("invoice 5", "tax", date(2026, 1, 1)),
    ],
)
def test_each_purpose_lets_go_on_the_day_that_the_page_says(invoice, purpose, last, moments):
    at = datum(moments["after"], f"{invoice} {'attention_of' if invoice < 'invoice 5' else 'number'}")
    for day, keeps in ((last - timedelta(days=1), True), (last, False)):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=BRUSSELS)
        assert (purpose in replace(moments["after"], now=noon).kept_by(*at)) is keeps, day

"""Purpose-bound views and extracts as a person reads them, kept as files and run: what a purpose sees of each shape.

`BELOFTE_GOLDEN=write` writes the files anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.compiler.small import NOW, Small, small
from tests.conftest import Fresh
from tests.golden.maps import BOOKS, CASES, CONTRACT
from tests.golden.test_golden import compare

from belofte.compiler.pseudonym import halves
from belofte.compiler.setting import Setting
from belofte.compiler.statement import Statement, text
from belofte.compiler.views import View, extract, views
from belofte.policy.person import nobody
from belofte.purposes.desired import watches
from belofte.purposes.projecting import entries, key_types
from belofte.stores.binding import binding
from belofte.stores.session import session

MAIL: dict[str, Any] = {"mail": {"title": "T", "basis": "consent", "uses": ["data.text"], "direct_marketing": True}}
CLAIMS: dict[str, Any] = {"claims": {"title": "T", "basis": "legitimate-interest", "uses": ["data"]}}
FORMS: dict[str, Any] = {"data.name": "pseudonym", "data.text": {"generalise": "year"}}
FIGURES: dict[str, Any] = {"figures": {**CLAIMS["claims"], "masked": FORMS}}
SHAPES: dict[str, dict[str, Any]] = {
    "direct": MAIL,
    "deep": CLAIMS,
    "several-owners": CLAIMS,
    "loop": CLAIMS,
    "by-email": MAIL,
    "aggregate-fact": CASES["aggregate-fact"]["purposes"],
    "whole": {**BOOKS, **FIGURES, "service": {**CONTRACT["service"], "while": "contract.active"}},
}
"""Shapes of ownership, each with the purposes that look at it."""


@pytest.fixture(params=SHAPES)
def shape(request: pytest.FixtureRequest) -> str:
    """The name of a shape."""
    found: str = request.param
    return found


def opened(url: str, shape: str) -> Any:
    """Open a fresh database of a shape, with the purposes that look at it."""
    return small(url, CASES[shape]["script"], CASES[shape]["map"], SHAPES[shape])


def setting_of(found: Small) -> Setting:
    """Return the setting of nobody's choices, as of a view."""
    return Setting(found.policy, found.graph, NOW, {}, nobody(found.policy))


def test_a_view_reads_as_its_golden_file_and_runs(shape: str, postgres: Fresh) -> None:
    with opened(postgres(), shape) as found:
        made = [view for purpose in SHAPES[shape] for view in views(setting_of(found), purpose)]
        compare(f"view-{shape}.postgres.sql", "\n\n".join(f"-- {one.comment}\n{one.sql('postgres')}" for one in made))
        assert made
        with session(found.store) as reading:
            for statement in told_in(found, made):
                reading.execute(statement.replace("%", "%%"))
            for one in made:
                assert reading.execute(one.sql("postgres").replace("%", "%%")) == []


def told_in(found: Small, made: list[View]) -> Iterator[str]:
    """Yield what makes the relations that views read."""
    graph, making = found.graph, binding("postgres").making
    yield from making.ground("small")
    types = {entry: key_types(graph, entry) for entry in entries(graph)}
    for item in (*making.items("small", types, made, NOW), *watches(graph, "small", types)):
        if item.kind in ("relation", "clock"):
            yield from item.make


def test_an_extract_reads_as_its_golden_file_and_runs(shape: str, store_url: str) -> None:
    with opened(store_url, shape) as found:
        setting = setting_of(found)
        made = [
            extracted[1]
            for purpose in SHAPES[shape]
            for table in setting.graph.mapped
            if (extracted := extract(setting, purpose, table)) is not None
        ]
        dialect = found.store.dialect
        compare(f"extract-{shape}.{dialect}.sql", "\n\n".join(text(one, dialect) for one in made))
        with session(found.store) as reading:
            reading.given = halves(dict.fromkeys(SHAPES[shape], b"key of a test"))
            for one in made:
                assert reading.rows(Statement(one.tree, one.binds), {}) == []

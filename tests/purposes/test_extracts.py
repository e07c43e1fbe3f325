"""Extracts: in every store what the reference says may be used, and a record of who received it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from pyarrow.parquet import read_table
from tests.compiler.test_agreement import compiled, fill, referee, schema, store  # noqa: F401
from tests.compiler.world import World, worlds
from tests.purposes.shop import Shop
from tests.purposes.test_agreement import MASKING, allowed_rows

from belofte.choices.events import Kind
from belofte.compiler.pseudonym import halves
from belofte.compiler.setting import Setting
from belofte.compiler.views import extract as statement_of
from belofte.compiler.views import view
from belofte.datamap.schema import Schema
from belofte.purposes.extracting import NoExtract, extract
from belofte.purposes.files import NoFile
from belofte.stores.connect import Store
from belofte.stores.session import session

EXAMPLES = int(os.environ.get("BELOFTE_EXAMPLES", "25"))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_an_extract_holds_what_the_reference_says_may_be_used(store: Store, schema: Schema, world: World) -> None:  # noqa: F811
    graph = world.graph(schema)
    reference = referee(world, graph)
    setting, _, keysets = compiled(world, graph)
    setting = Setting(world.policy, graph, setting.now, setting.population, setting.nobody)
    with session(store) as opened:
        fill(opened, world.rows)
        for purpose in world.policy.purposes:
            opened.given = halves({purpose: MASKING})
            for table in graph.mapped:
                found, standing = statement_of(setting, purpose, table), view(setting, purpose, table)
                if found is None or standing is None:
                    assert found is None
                    continue
                assert found[0] == standing.columns
                rows = [tuple(map(str, row)) for row in opened.rows(found[1], keysets)]
                expected = allowed_rows(world, graph, reference, purpose, standing)
                assert sorted(rows) == sorted(tuple(map(str, row.values())) for row in expected), (purpose, table)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """A file that is not there yet."""
    return tmp_path / "out.jsonl"


def test_an_extract_holds_the_people_of_the_purpose_and_is_recorded(shop: Shop, file: Path) -> None:
    shop.map["mode"] = "observe"
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    with shop.desk() as desk:
        made = extract(desk, desk.open("crm"), "mailing", "contact", file, "printer")
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {"id": 1, "name": "Alice", "email": "Alice@example.com"}
    ]
    query = "SELECT recipient, purpose, categories, store, ground, digest FROM belofte.disclosure"
    assert shop.db.connection.execute(query).fetchall() == [
        ("printer", "mailing", ["identity"], "crm", "extract of contact: 1 rows",
         hashlib.sha256(file.read_bytes()).digest())
    ]  # fmt: skip
    assert made.digest == hashlib.sha256(file.read_bytes()).hexdigest()


def test_an_extract_overwrites_nothing_and_leaves_nothing_half(shop: Shop, file: Path) -> None:
    with shop.desk() as desk:
        crm = desk.open("crm")
        with pytest.raises(NoExtract, match="uses nothing"):
            extract(desk, crm, "mailing", "orders", file, "printer")
        with pytest.raises(NoFile, match="of no kind"):
            extract(desk, crm, "mailing", "contact", file.with_suffix(".xls"), "printer")
        extract(desk, crm, "mailing", "contact", file, "printer")
        with pytest.raises(NoFile, match="already"):
            extract(desk, crm, "mailing", "contact", file, "printer")
    assert list(file.parent.glob("*.part")) == []


def test_an_extract_as_parquet_holds_the_same_and_is_recorded_alike(shop: Shop, file: Path) -> None:
    parquet = file.with_suffix(".parquet")
    with shop.desk() as desk:
        extract(desk, desk.open("crm"), "books", "orders", file, "printer")
        made = extract(desk, desk.open("crm"), "books", "orders", parquet, "printer")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(lines) == made.rows == 2
    assert read_table(parquet).to_pylist() == lines
    digests = shop.db.connection.execute("SELECT digest FROM belofte.disclosure ORDER BY id").fetchall()
    assert digests[1] == (hashlib.sha256(parquet.read_bytes()).digest(),)

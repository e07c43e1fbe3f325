"""Extracts: in every store what the reference says may be used, and a record of who received it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from pyarrow.parquet import read_table
from tests.compiler.test_agreement import compiled, fill, referee, schema, store  # noqa: F401
from tests.compiler.world import World, worlds
from tests.purposes.shop import Shop
from tests.purposes.test_agreement import MASKING, allowed_rows, shown

from belofte.choices.events import Kind
from belofte.choices.subjects import forget
from belofte.compiler.plain_rows import Person
from belofte.compiler.pseudonym import halves
from belofte.compiler.reference import Reference
from belofte.compiler.setting import Setting, groups
from belofte.compiler.views import extract as statement_of
from belofte.compiler.views import view
from belofte.database.disclosures import disclosures
from belofte.datamap.graph import Graph
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
                in_it = {(entry, key) for entry, one in found.people for key in opened.rows(one, keysets)}
                assert in_it == people_in(world, graph, reference, purpose, table), (purpose, table)


def people_in(world: World, graph: Graph, reference: Reference, purpose: str, table: str) -> set[Person]:
    """Of whom a purpose may use something in a table, by the reference."""
    used = [group for group in groups(graph, table) if reference._keys(purpose, group.element)]
    found: set[Person] = set()
    for row in world.rows[table]:
        for column in (None if group.row else group.columns[0] for group in used):
            if shown(graph, reference, purpose, table, row, column):
                found.update(reference.plain.reached(table, row, column))
    return found


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
    assert (made.people, made.digest) == (1, hashlib.sha256(file.read_bytes()).hexdigest())


def in_extracts(shop: Shop) -> dict[int, set[bytes]]:
    """Whose rows each disclosure held."""
    rows = shop.db.connection.execute("SELECT disclosure_id, key_digest FROM belofte.disclosure_person").fetchall()
    return {number: {digest for one, digest in rows if one == number} for number, _ in rows}


def test_whose_rows_an_extract_held_is_recorded_by_digests(shop: Shop, file: Path) -> None:
    shop.choose("charlie", Kind.OBJECTION_UPHELD, "service")
    shop.policy["recipients"]["helper"] = {
        "title": "H", "role": "processor", "receives": ["dealings"], "purposes": ["service"],
    }  # fmt: skip
    with shop.desk() as desk:
        made = extract(desk, desk.open("crm"), "service", "message", file, "helper")
        people = {who: desk.key.row("crm", "customer", (number,)) for who, number in (("alice", 1), ("bob", 2))}
    assert [json.loads(line)["body"] for line in file.read_text().splitlines()] == ["hello bob"]
    assert made.people == 2
    assert list(in_extracts(shop).values()) == [{people["alice"], people["bob"]}]
    ((count, committed),) = shop.db.connection.execute("SELECT people, people_digest FROM belofte.disclosure")
    assert (count, committed) == (2, hashlib.sha256(b"".join(sorted(people.values()))).digest())


def test_she_is_known_in_an_extract_by_what_she_chose_and_by_her_row(shop: Shop, file: Path) -> None:
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    with shop.desk() as desk:
        extract(desk, desk.open("crm"), "mailing", "contact", file, "printer")
        ((alice,),) = shop.db.connection.execute("SELECT DISTINCT subject_id FROM belofte.event").fetchall()
        row = desk.key.row("crm", "customer", (1,))
        assert [one.recipient for one in disclosures(shop.db, [alice])] == ["printer"]
        assert [one.recipient for one in disclosures(shop.db, [], [row])] == ["printer"]
        assert disclosures(shop.db, [], [desk.key.row("crm", "customer", (2,))]) == []
        forget(shop.db, [alice])
    assert [one.recipient for one in disclosures(shop.db, [alice])] == ["printer"]
    assert disclosures(shop.db, [], [row]) == []


def test_a_recipient_gets_no_column_that_it_does_not_need(shop: Shop, file: Path) -> None:
    shop.choose("alice", Kind.CONSENT_GIVEN, "mailing")
    with shop.desk() as desk:
        crm = desk.open("crm")
        made = extract(desk, crm, "mailing", "contact", file, "labeller")
        assert made.columns == ("id", "name")
        assert json.loads(file.read_text()) == {"id": 1, "name": "Alice"}
        other = file.with_suffix(".csv")
        for recipient, purpose, asked, said in (
            ("labeller", "books", None, "receives nothing for `books`; the policy names `printer`"),
            ("labeller", "mailing", ["name", "email"], "does not need `contact.email` (identity.email)"),
            ("labeller", "mailing", ["shoe_size"], "does not need `contact.shoe_size` (not mapped)"),
            ("labeller", "mailing", ["colour"], "`contact` has no column `colour`"),
        ):
            with pytest.raises(NoExtract, match=re.escape(said)):
                extract(desk, crm, purpose, "contact", other, recipient, asked)
        assert not other.exists()
        assert extract(desk, crm, "mailing", "contact", other, "printer", ["email"]).columns == ("id", "email")


def test_a_recipient_of_which_nothing_is_said_gets_nothing(shop: Shop, file: Path) -> None:
    shop.policy["recipients"]["labeller"]["receives"] = []
    with shop.desk() as desk, pytest.raises(NoExtract, match="does not say what `labeller` receives"):
        extract(desk, desk.open("crm"), "mailing", "contact", file, "labeller")


def test_an_extract_overwrites_nothing_and_leaves_nothing_half(shop: Shop, file: Path) -> None:
    with shop.desk() as desk:
        crm = desk.open("crm")
        with pytest.raises(NoExtract, match="receives nothing of `orders`"):
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

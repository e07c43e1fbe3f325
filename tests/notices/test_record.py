"""The record of processing: every field of art. 30 in every form; a register in XLSX drafts a policy that loads."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from pyld import jsonld
from rdflib import Graph, URIRef
from tests import shared_data
from tests.examples import folders
from tests.policy.shop import SOUND

from belofte.cli import app
from belofte.datamap.model import DataMap
from belofte.notices.markdown import markdown
from belofte.notices.page import document_page
from belofte.notices.record import kinds, record
from belofte.notices.record_forms import as_csv, document, json_ld, xlsx
from belofte.notices.record_words import ACTIVITY, PROCESSOR, WHO
from belofte.policy.load import load
from belofte.policy.model import Policy
from belofte.policy.register import columns, draft, rows

ON = date(2026, 11, 1)
LANGUAGES = ("nl", "fr", "en")
CONTROLLER = {"30(1)(a)", "30(1)(b)", "30(1)(c)", "30(1)(d)", "30(1)(e)", "30(1)(f)", "30(1)(g)"}
PROCESSORS = {"30(2)(a)", "30(2)(b)", "30(2)(c)", "30(2)(d)"}
HELD: dict[str, Any] = {
    "store": "client", "kind": "manual", "role": "processor", "controller": "Client NV, Gent",
    "manual": {"holds": ["identity.name"]},
}  # fmt: skip


@pytest.fixture(scope="module")
def alsico() -> tuple[Policy, dict[str, DataMap]]:
    """The example company, as it reads its own folder."""
    loaded = folders.policy("alsico")
    return loaded.policy, {name: one.map for name, one in folders.maps("alsico", loaded).items()}


def shop(**changes: Any) -> Policy:
    """A small policy with measures."""
    return Policy.model_validate({**SOUND, "safeguards": {"lock": {"title": "a lock"}}, **changes})


def test_each_letter_of_art_30_has_a_head() -> None:
    assert {head.article for heads in (WHO, ACTIVITY) for head in heads.values()} - {""} == CONTROLLER
    assert {head.article for head in PROCESSOR.values()} - {""} == PROCESSORS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_holds_every_activity_and_every_required_field(
    alsico: tuple[Policy, dict[str, DataMap]], language: str
) -> None:
    policy, maps = alsico
    made = record(policy, {**maps, "client": DataMap.model_validate(HELD)}, language, ON)
    assert made.gaps == ()
    assert [one.id for one in made.activities] == list(policy.purposes)
    required = [code for code, head in ACTIVITY.items() if head.article and code != "recipients"]
    for one in made.activities:
        assert all(one.lines[code] for code in required), one.id
    page, text, sheet = document_page(document(made)), markdown(document(made)), as_csv(made)
    for letter in CONTROLLER | PROCESSORS:
        assert f"({letter})" in page
        assert f"({letter})" in text
    for head in (*ACTIVITY.values(), *PROCESSOR.values()):
        assert head.of(language) in sheet
    assert "Client NV, Gent" in page


def test_the_workbook_has_a_sheet_per_part_that_can_be_read(alsico: tuple[Policy, dict[str, DataMap]]) -> None:
    policy, maps = alsico
    made = record(policy, {**maps, "client": DataMap.model_validate(HELD)}, "nl", ON)
    content = xlsx(made)
    assert content == xlsx(made), "the same record is the same file"
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Wie verantwoordelijk is", "Als verantwoordelijke", "Als verwerker"]
    sheet = book.worksheets[1]
    assert (sheet.freeze_panes, sheet.max_row) == ("C2", len(policy.purposes) + 1)
    assert all(cell.alignment.wrap_text for line in sheet.iter_rows() for cell in line)
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
    assert 12 <= min(widths) <= max(widths) <= 48
    assert all(sheet.row_dimensions[number].height < 409 for number in range(1, sheet.max_row + 1)), "what XLSX shows"


def test_what_looks_like_a_formula_stays_text() -> None:
    policy = shop(purposes={**SOUND["purposes"], "odd": {**SOUND["purposes"]["books"], "title": "=1+1"}})
    made = record(policy, {}, "en", ON)
    assert "'=1+1" in next(line for line in csv.reader(io.StringIO(as_csv(made))) if line[0] == "odd")
    cell = load_workbook(io.BytesIO(xlsx(made))).worksheets[1].cell(5, 2)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_people_are_those_whose_data_a_map_holds() -> None:
    stated = {
        "store": "crm", "url": "x", "people": {
            "customer": {"table": "person", "key": "id", "is": "customer"},
            "clerk": {"table": "clerk", "key": "id", "is": "staff"},
        },
        "tables": {
            "person": {"columns": {"name": "identity.name"}},
            "sale": {"about": "person", "columns": {"what": "sales.order"}},
        },
    }  # fmt: skip
    maps = {"crm": DataMap.model_validate(stated)}
    assert kinds(shop(), maps, "books") == ["customer"]
    assert kinds(shop(), {}, "books") == ["customer", "staff"]


@pytest.mark.parametrize(
    ("change", "article", "path"),
    [
        ({"organisation": {"name": "S", "country": "BE", "authority": "be-apd"}}, "30(1)(a)", "organisation"),
        ({"purposes": {"x": {"title": "X", "basis": "consent"}}}, "30(1)(c)", "purposes.x"),
        ({"purposes": {"x": {"title": "X", "basis": "contract", "uses": "identity"}}}, "30(1)(f)", "purposes.x"),
        ({"safeguards": {}}, "30(1)(g)", ""),
        (
            {"recipients": {"h": {"title": "H", "role": "processor", "location": "US", "purposes": ["books"]}}},
            "30(1)(e)", "recipients.h",
        ),
    ],
)  # fmt: skip
def test_what_nobody_says_is_a_gap(change: dict[str, Any], article: str, path: str) -> None:
    found = record(shop(**change), {}, "en", ON).gaps
    assert [(one.article, one.path) for one in found] == [(article, path)]


def test_for_whom_is_asked_of_a_processor() -> None:
    held = DataMap.model_validate({**HELD, "controller": None})
    (gap,) = record(shop(), {"client": held}, "en", ON).gaps
    assert gap.article == "30(2)(a)"


def test_the_linked_form_expands_to_terms_that_exist(alsico: tuple[Policy, dict[str, DataMap]]) -> None:
    data = shared_data.folder()
    if data is None:
        pytest.skip("the vocabulary is not here (../shared/data, or BELOFTE_SHARED)")
    known = Graph()
    for name in ("dpv", "pd", "eu-gdpr", "legal-be"):
        known.parse(data / "dpv" / f"{name}.ttl")
    policy, maps = alsico
    maps = {**maps, "client": DataMap.model_validate(HELD)}
    (expanded,) = jsonld.expand(json.loads(json.dumps(json_ld(policy, maps, record(policy, maps, "nl", ON)))))
    graph = Graph().parse(data=json.dumps(expanded), format="json-ld")
    used = {str(one) for triple in graph for one in triple if isinstance(one, URIRef)}
    dpv = {one for one in used if one.startswith("https://w3id.org/dpv")}
    assert dpv <= {str(one) for one in known.subjects()}
    assert len(expanded["https://w3id.org/dpv#hasProcess"]) == len(policy.purposes) + 1
    assert all("https://w3id.org/dpv#hasDataSubject" in one for one in expanded["https://w3id.org/dpv#hasProcess"][:-1])


# -- a register that is there already ----------------------------------------------------------------------------

AUTHORITY: list[Sequence[str]] = [
    ["Register van de verwerkingsactiviteiten"],
    ["Identificatie", "", "", "Gegevens", "", "", "", ""],
    [
        "Nr.", "Functionele beschrijving van de verwerking", "Verwerkingsdoeleinde", "Grondslag van de verwerking",
        "Functionele gegevenscategorie", "Categorie betrokkenen", "Categorie ontvangers", "Bewaartermijn",
        "Beveiligingsmaatregelen",
    ],
    ["", "Geef hier " + "de beschrijving " * 30, "", "", "", "", "", "", ""],
    ["1", "Klantenbeheer", "Bestellingen opvolgen", "Uitvoering van een overeenkomst", "Identificatiegegevens",
     "Klanten", "Vervoerder", "10 jaar na het einde", "Toegangscontrole"],
    ["1", "Klantenbeheer", "Bestellingen opvolgen", "Uitvoering van een overeenkomst", "Financiële gegevens", "Klanten",
     "", "", ""],
    ["2", "Boekhouding", "Boekhouding", "Wettelijke verplichting", "Financiële gegevens", "Klanten; Leveranciers",
     "Accountant", "", ""],
]  # fmt: skip


def filled(text: str) -> bytes:
    """A draft with its gaps filled in the simplest way, and the parts that a register does not have."""
    for gap, value in (
        ("elements: {FILL-IN: FILL-IN}", "elements: {it: pd:Name}"), ("source: FILL-IN", "source: provided"),
        ("role: FILL-IN", "role: processor"), ("receives: FILL-IN", "receives: []"), ("after: FILL-IN", "after: it.at"),
        ("keep: FILL-IN", "keep: P1Y"), ("uses: [FILL-IN]", "uses: []"), ("basis: {FILL-IN:", "basis: {consent:"),
        ("basis: FILL-IN", "basis: consent"),
    ):  # fmt: skip
        text = text.replace(gap, value)
    who = "belofte: 1\norganisation: {name: Shop, country: BE, authority: be-apd}\nlanguages: [nl]\n"
    return (who + text).encode()


def test_the_authoritys_model_drafts_purposes_with_gaps() -> None:
    found = rows(AUTHORITY)
    policy = load({"policy/draft.yaml": filled(draft(found))}).policy
    assert list(policy.purposes) == ["klantenbeheer", "boekhouding"]
    first, second = policy.purposes.values()
    assert (first.title.of("nl"), first.bases("klanten"), str(first.keep)) == ("Klantenbeheer", ["contract"], "P10Y")
    assert first.uses == ["identificatiegegevens", "financiele_gegevens"]
    assert second.bases("leveranciers") == ["legal-obligation"]
    assert policy.recipients["vervoerder"].purposes == ["klantenbeheer"]
    assert [one.title.of("nl") for one in policy.safeguards.values()] == ["Toegangscontrole"]
    assert "law: FILL-IN" in draft(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_record_comes_back_as_the_same_purposes(
    alsico: tuple[Policy, dict[str, DataMap]], language: str
) -> None:
    policy, maps = alsico
    book = load_workbook(io.BytesIO(xlsx(record(policy, maps, language, ON))))
    lines = [[str(cell or "") for cell in line] for line in book.worksheets[1].iter_rows(values_only=True)]
    drafted = load({"policy/draft.yaml": filled(draft(rows(lines)))}).policy
    assert [one.title.of(language) for one in drafted.purposes.values()] == [
        one.title.of(language) for one in policy.purposes.values()
    ]
    for was, made in zip(policy.purposes.values(), drafted.purposes.values(), strict=True):
        assert made.bases(None)[:1] == was.bases(None)[:1], was.title
        assert was.keep is None or str(made.keep) == str(was.keep)


@pytest.mark.parametrize(
    "heads",
    [
        ["Finalités", "Base légale", "Catégories de personnes concernées", "Destinataires"],
        ["Purpose of processing", "Legal basis", "Data subjects", "Recipients"],
        ["Doeleinden", "Rechtsgrond", "Betrokkenen", "Ontvangers"],
    ],
)
def test_heads_are_known_in_three_languages(heads: list[str]) -> None:
    assert columns(heads) == {"purpose": 0, "basis": 1, "people": 2, "recipients": 3}
    assert columns(["Naam", "Telefoon", "Kleur"]) == {}


def test_the_verb_drafts_from_a_workbook_and_overwrites_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for line in AUTHORITY:
        sheet.append(list(line))
    book.save(tmp_path / "register.xlsx")
    asked = ["ropa", "--from", str(tmp_path / "register.xlsx"), "--to", str(tmp_path / "draft.yaml")]
    assert app.run(asked) == 0
    assert "3 activities" in capsys.readouterr().out
    assert app.run(asked) == 3
    (tmp_path / "other.xlsx").write_text("no workbook")
    assert app.run(["ropa", "--from", str(tmp_path / "other.xlsx")]) == 1

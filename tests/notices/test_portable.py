"""Portability: what she provided under consent or contract, and nothing else, in a form that others can read."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.notices.people import POLICY, alice, calls, contact, invoices
from tests.shared_data import folder

from belofte.notices.answer import ColumnPart, DatumClass, Row, StoreAnswer, TableAnswer
from belofte.notices.portable import portable_purposes, portable_tables, term_iri, write_portable

rdflib = pytest.importorskip("rdflib")


def written(out: Path, kinds: Sequence[str] = ("sole_trader",), language: str = "en") -> dict[tuple[str, str], int]:
    stores = [StoreAnswer("crm", (contact(language), invoices(40, language), calls(language)))]
    return write_portable(out, alice(language).case, portable_tables(POLICY, stores, kinds), purposes=["Orders"])


def tables(out: Path) -> dict[str, list[dict[str, object]]]:
    document = json.loads((out / "data.jsonld").read_text())
    return {table["table"]: table["rows"] for table in document["tables"]}


def test_inferred_data_and_keys_stay_out(tmp_path: Path):
    written(tmp_path / "out")
    assert tables(tmp_path / "out")["contact"] == [
        {"name": "Alice Peeters", "email": "alice@peeters.example", "phone": None}
    ]


def test_inferred_data_stays_out_even_under_consent(tmp_path: Path):
    columns = (
        ColumnPart("email", "E-mail", "identity.email"),
        ColumnPart("interest", "Interest", "preference.interest"),
    )
    rows = iter([Row(("alice@peeters.example", "rain gear"), (0, 0))])
    table = TableAnswer("member", columns, rows, (DatumClass(keep=("marketing",), use=("marketing",)),))
    write_portable(tmp_path / "out", alice().case, portable_tables(POLICY, [StoreAnswer("crm", (table,))]))
    assert tables(tmp_path / "out")["member"] == [{"email": "alice@peeters.example"}]


def test_data_that_only_the_law_keeps_stays_out_and_other_people_too(tmp_path: Path):
    written(tmp_path / "out")
    rows = tables(tmp_path / "out")["invoice"]
    assert len(rows) == 40
    assert {tuple(row) for row in rows} == {("issued_at", "article", "amount"), ("article", "amount")}


def test_what_nobody_may_keep_is_not_carried(tmp_path: Path):
    written(tmp_path / "out")
    assert tables(tmp_path / "out")["call"] == [{"note": "=HYPERLINK(1)", "recording": None}]


def test_a_contact_person_orders_under_interest_and_takes_only_what_she_consented_to(tmp_path: Path):
    assert portable_purposes(POLICY, ["customer_contact"]) == {"marketing"}
    written(tmp_path / "out", ["customer_contact"])
    assert tables(tmp_path / "out")["contact"] == [{"email": "alice@peeters.example"}]
    assert tables(tmp_path / "out")["invoice"] == []


def test_csv_has_the_same_rows(tmp_path: Path):
    counts = written(tmp_path / "out")
    with (tmp_path / "out" / "crm" / "invoice.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == counts["crm", "invoice"] == 40
    assert rows[0]["amount"] == "89.90"


@pytest.mark.parametrize(("language", "words"), [("nl", "Uw gegevens van"), ("fr", "Vos données"), ("en", "Your data")])
def test_the_readme_explains_files_and_columns_in_her_language(tmp_path: Path, language: str, words: str):
    written(tmp_path / "out", language=language)
    text = (tmp_path / "out" / "README.txt").read_text()
    assert text.startswith(words)
    assert "<https://w3id.org/dpv/pd#EmailAddress>" in text
    assert "crm/contact.csv" in text


def test_the_json_is_linked_data_with_the_vocabularys_terms(tmp_path: Path):
    written(tmp_path / "out")
    graph = rdflib.Graph().parse(data=(tmp_path / "out" / "data.jsonld").read_text(), format="json-ld")
    pd = rdflib.Namespace("https://w3id.org/dpv/pd#")
    assert [str(value) for value in graph.objects(None, pd.EmailAddress)] == ["alice@peeters.example"]
    assert len(list(graph.objects(None, pd.PurchasesAndSpendingHabit))) == 40


def test_every_term_exists_in_the_pinned_vocabulary(tmp_path: Path):
    data = folder()
    if data is None:
        pytest.skip("the shared data is not here (../shared/data, or BELOFTE_SHARED)")
    known = rdflib.Graph()
    for name in ("pd.ttl", "dpv.ttl"):
        known.parse(data / "dpv" / name)
    subjects = {str(subject) for subject in known.subjects()}
    written(tmp_path / "out")
    graph = rdflib.Graph().parse(data=(tmp_path / "out" / "data.jsonld").read_text(), format="json-ld")
    used = {str(predicate) for predicate in graph.predicates() if str(predicate).startswith("https://w3id.org/dpv")}
    assert used
    assert used <= subjects


def test_a_short_term_is_its_iri_and_an_iri_is_itself():
    assert term_iri("pd:Name") == "https://w3id.org/dpv/pd#Name"
    assert term_iri("https://example.org/x") == "https://example.org/x"

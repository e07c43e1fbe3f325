"""fideslang: what goes out loads with its own models, what comes in is a map that loads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fideslang import models
from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from tests import shared_data
from tests.examples import folders

from belofte.cli import app
from belofte.datamap.fides import BASIS, CATEGORY, TERM, USE, NotFides, exported, imported, nearest
from belofte.datamap.load import load as load_map
from belofte.datamap.recognise.vocabulary import ELEMENTS
from belofte.policy.load import load
from belofte.policy.source import read
from belofte.policy.terms import mistake

WHO = b"belofte: 1\norganisation: {name: Shop, country: BE, authority: be-apd}\nlanguages: [en]\n"
MODELS = {
    "data_category": models.DataCategory, "data_use": models.DataUse, "data_subject": models.DataSubject,
    "system": models.System, "dataset": models.Dataset,
}  # fmt: skip


def test_the_tables_name_what_exists_on_both_sides() -> None:
    categories = {one.fides_key for one in DEFAULT_TAXONOMY.data_category}
    uses = {one.fides_key for one in DEFAULT_TAXONOMY.data_use}
    assert set(CATEGORY) <= categories
    assert set(CATEGORY.values()) <= ELEMENTS
    assert set(TERM.values()) <= categories
    assert [term for term in TERM if mistake(term, "personal data")] == []
    assert set(USE.values()) | {use for _, use in BASIS.values()} <= uses
    assert [term for term in USE if mistake(term, "purpose")] == []
    assert {name for name, _ in BASIS.values()} == {one.value for one in models.LegalBasisForProcessingEnum}


@pytest.mark.parametrize("folder", ["alsico", "selligent"])
def test_what_goes_out_loads_with_its_own_models(folder: str) -> None:
    loaded = folders.policy(folder)
    maps = {name: one.map for name, one in folders.maps(folder, loaded).items()}
    found = json.loads(json.dumps(exported(loaded.policy, maps, "en")))
    parsed = {kind: [MODELS[kind].model_validate(one) for one in items] for kind, items in found.items()}
    assert len(parsed["data_use"]) == len(loaded.policy.purposes)
    assert len(parsed["system"]) == len(maps)
    defined = {one["fides_key"] for one in found["data_category"]} | {"system.operations", "user.unique_id"}
    uses, subjects = ({one["fides_key"] for one in found[kind]} for kind in ("data_use", "data_subject"))
    for system in found["system"]:
        for one in system["privacy_declarations"]:
            assert set(one["data_categories"]) <= defined
            assert one["data_use"] in uses
            assert set(one["data_subjects"]) <= subjects
    for dataset in found["dataset"]:
        fields = [field for collection in dataset["collections"] for field in collection["fields"]]
        assert {c for field in fields for c in field["data_categories"]} <= defined


def test_people_identities_and_links_go_out() -> None:
    loaded = folders.policy("alsico")
    maps = {name: one.map for name, one in folders.maps("alsico", loaded).items()}
    (crm,) = (one for one in exported(loaded.policy, maps, "en")["dataset"] if one["fides_key"] == "crm")
    tables = {one["name"]: {f["name"]: f for f in one["fields"]} for one in crm["collections"]}  # type: ignore[attr-defined]
    assert tables["contact"]["email"]["fides_meta"] == {"identity": "email"}
    assert tables["contact"]["id"]["fides_meta"] == {"primary_key": True}
    metas = [field.get("fides_meta", {}) for table in tables.values() for field in table.values()]
    references = [meta["references"] for meta in metas if "references" in meta]
    assert any(one[0]["field"] == "contact.id" for one in references)


@pytest.mark.parametrize("name", ["postgres_example_test_dataset.yml", "mysql_example_test_dataset.yml"])
def test_a_dataset_comes_in_as_a_map_that_loads(name: str) -> None:
    data = shared_data.folder()
    if data is None:
        pytest.skip("the sample is not here (../shared/data, or BELOFTE_SHARED)")
    document, problems = read(name, (data / "fides_sample" / name).read_bytes())
    assert problems == []
    (found,) = imported(document.data)
    policy = load({"policy/who.yaml": WHO, "policy/data.yaml": found.policy.encode()})
    made = load_map(f"stores/{found.store}.yaml", found.text.encode(), policy).map
    assert set(made.people) == {"customer", "employee"}
    assert made.tables["customer"].columns["email"].element == "identity.email"
    assert "address_id" not in made.tables["customer"].columns
    (about,) = made.tables["orders"].about or ()
    assert (about.of, about.columns, about.to) == ("customer", ("customer_id",), ("id",))
    assert {link.of for link in made.tables["address"].about or ()} >= {"customer", "employee"}
    assert made.tables["payment_card"].columns["ccn"].element is not None


@pytest.mark.parametrize(
    ("category", "element"),
    [
        ("user.contact.address.city", "identity.address"), ("user.name.first", "identity.name"),
        ("user.authorization.password", "account.password"), ("system.operations", None), ("user", None),
    ],
)  # fmt: skip
def test_the_nearest_element_is_that_of_the_longest_name(category: str, element: str | None) -> None:
    assert nearest(category) == element


def test_what_is_no_dataset_is_refused() -> None:
    with pytest.raises(NotFides, match="no `dataset:`"):
        imported({"system": []})


def test_the_verbs_go_out_and_come_in(tmp_path: Path) -> None:
    out, company = tmp_path / "out", tmp_path / "company"
    assert app.run(["fideslang", "export", str(out), "-C", str(folders.EXAMPLES / "alsico")]) == 0
    assert app.run(["fideslang", "import", str(out / "dataset.yml"), "--to", str(company)]) == 0
    assert (company / "stores" / "crm.yaml").exists()
    assert app.run(["fideslang", "import", str(out / "dataset.yml"), "--to", str(company)]) == 3
    assert app.run(["fideslang", "import", str(out / "system.yml"), "--to", str(tmp_path / "x")]) == 3

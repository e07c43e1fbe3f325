"""`belofte scan` and `belofte init`: what they show, what they write, and what they never do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.scan.filling import fill

from belofte.cli import app
from belofte.cli.company import Company
from belofte.stores.connect import connect

PLANTED = ("Quetzalcoatl", "quetzal.planted@voorbeeld.be", "BE68539007547034", "Vogelvrijstraat 7", "ziekenhuis Xanadu")

TABLES = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, name VARCHAR(80), email VARCHAR(80), iban VARCHAR(40), "
    "street VARCHAR(80))",
    "CREATE TABLE calls (id INTEGER PRIMARY KEY, customer_id INTEGER, notes VARCHAR(200))",
    "CREATE TABLE product (id INTEGER PRIMARY KEY, name VARCHAR(80))",
)


@pytest.fixture
def shop(store_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A shop's database with planted values, and SHOP_URL set to it."""
    store = connect(store_url, read_only=False, name="shop")
    with store.engine.begin() as connection:
        for made in TABLES:
            connection.execute(sa.text(made))
        name, email, iban, street, note = PLANTED
        for i in range(1, 6):
            connection.execute(
                sa.text("INSERT INTO customer VALUES (:i, :n, :e, :b, :s)"),
                {"i": i, "n": f"Jan {name}", "e": f"{i}{email}", "b": iban, "s": street},
            )
            connection.execute(
                sa.text("INSERT INTO calls VALUES (:i, :c, :t)"),
                {"i": i, "c": i, "t": f"Klant lag ziek in het {note}, terugbellen na mei."},
            )
    store.close()
    monkeypatch.setenv("SHOP_URL", store_url)
    return store_url


@pytest.fixture
def company(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Path:
    """A company that has just filled its starter policy."""
    directory = tmp_path / "company"
    assert app.run(["init", str(directory)]) == 0
    fill(directory)
    data = directory / "policy/data.yaml"
    written = data.read_text(encoding="utf-8")
    data.write_text(written.replace("pd:Purchase\n", "pd:Purchase\n      text: pd:Communication\n"), encoding="utf-8")
    capfd.readouterr()
    return directory


def everything(directory: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in directory.rglob("*") if path.is_file())


def test_starter_checks_clean_once_its_gaps_are_filled(company: Path, capfd: pytest.CaptureFixture[str]):
    assert app.run(["check", "-C", str(company), "--json"]) == 0
    report = json.loads(capfd.readouterr().out)
    assert report["findings"] == []


def test_starter_with_gaps_is_invalid_and_says_where(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    assert app.run(["init", str(tmp_path / "new")]) == 0
    said = capfd.readouterr().out
    assert "gaps to fill" in said
    assert app.run(["check", "-C", str(tmp_path / "new")]) == 3
    assert "`organisation.country` cannot be `FILL-IN`" in capfd.readouterr().err


def test_init_overwrites_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    mine = tmp_path / "policy" / "data.yaml"
    mine.parent.mkdir()
    mine.write_text("mine\n")
    assert app.run(["init", str(tmp_path), "--json"]) == 0
    report = json.loads(capfd.readouterr().out)
    assert mine.read_text() == "mine\n"
    assert report["kept"] == ["policy/data.yaml"]
    assert "policy/purposes.yaml" in report["written"]


def test_init_from_a_database_drafts_a_map_that_loads(shop: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    directory = tmp_path / "from"
    assert app.run(["init", str(directory), "--from", shop, "--json"]) == 0
    store = json.loads(capfd.readouterr().out)["store"]
    text = (directory / f"stores/{store}.yaml").read_text()
    assert f"url: ${{{store.upper()}_URL}}" in text
    assert shop not in everything(directory)
    fill(directory)
    found = Company.at(directory)
    assert found.maps[store].map.tables["customer"].columns["email"].element == "identity.email"
    assert not any(value in everything(directory) for value in PLANTED)


def test_scan_without_a_map_shows_a_draft_and_writes_nothing(
    shop: str, company: Path, capfd: pytest.CaptureFixture[str]
):
    before = everything(company)
    assert app.run(["scan", "shop", "-C", str(company)]) == 2
    shown = capfd.readouterr()
    assert "email: identity.email" in shown.out
    assert "special categories" in shown.err or "may hold special categories (health)" in shown.out
    assert everything(company) == before


def test_no_planted_value_appears_in_any_output_or_file(shop: str, company: Path, capfd: pytest.CaptureFixture[str]):
    app.run(["scan", "shop", "-C", str(company)])
    app.run(["scan", "shop", "-C", str(company), "--json"])
    app.run(["scan", "shop", "-C", str(company), "--write"])
    app.run(["scan", "shop", "-C", str(company)])
    shown = capfd.readouterr()
    whole = shown.out + shown.err + everything(company)
    assert "sampled values are" in whole
    assert [value for value in (*PLANTED, "Xanadu", "Vogelvrij") if value in whole] == []


def test_written_map_loads_agrees_and_is_not_overwritten(shop: str, company: Path, capfd: pytest.CaptureFixture[str]):
    assert app.run(["scan", "shop", "-C", str(company), "--write"]) == 0
    first = (company / "stores/shop.yaml").read_text()
    loaded = Company.at(company).maps["shop"].map
    assert loaded.tables["calls"].about[0].of == "customer"
    assert loaded.tables["customer"].columns["iban"].element == "payment.account"
    assert app.run(["scan", "shop", "-C", str(company)]) == 0
    assert "agree" in capfd.readouterr().err
    assert (company / "stores/shop.yaml").read_text() == first


def test_new_column_is_a_difference_and_write_adds_it(shop: str, company: Path, capfd: pytest.CaptureFixture[str]):
    app.run(["scan", "shop", "-C", str(company), "--write"])
    place = company / "stores/shop.yaml"
    place.write_text("# kept\n" + place.read_text())
    store = connect(shop, read_only=False, name="shop")
    with store.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE customer ADD COLUMN telefoon VARCHAR(30)"))
        connection.execute(sa.text("DROP TABLE product"))
    store.close()
    capfd.readouterr()
    assert app.run(["scan", "shop", "-C", str(company), "--json"]) == 2
    report = json.loads(capfd.readouterr().out)
    found = [(one["table"], one["column"], one["change"]) for one in report["differences"]]
    assert found == [("customer", "telefoon", "new")]
    assert "telefoon: identity" not in place.read_text()
    assert app.run(["scan", "shop", "-C", str(company), "--write"]) == 0
    assert place.read_text().startswith("# kept\n")
    assert Company.at(company).maps["shop"].map.tables["customer"].columns["telefoon"].element == "identity.phone"


def test_store_without_map_or_address_is_invalid_input(company: Path, capfd: pytest.CaptureFixture[str]):
    assert app.run(["scan", "elsewhere", "-C", str(company)]) == 3
    assert capfd.readouterr().err == (
        "error: there is no store `elsewhere` yet, and `ELSEWHERE_URL` is not set\n"
        "   set it to the address of the database: `export ELSEWHERE_URL=postgresql://…`\n"
    )


def test_store_that_does_not_answer_could_not_run(
    company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("GONE_URL", f"sqlite:///{tmp_path}/gone.db")
    assert app.run(["scan", "gone", "-C", str(company)]) == 1
    assert "cannot be reached" in capfd.readouterr().err


def test_manual_store_is_not_scanned(company: Path, capfd: pytest.CaptureFixture[str]):
    (company / "stores/archive.yaml").write_text("store: archive\nkind: manual\n")
    assert app.run(["scan", "archive", "-C", str(company)]) == 3
    assert "is kept by hand" in capfd.readouterr().err


def test_element_that_the_policys_own_category_lacks_is_told_and_not_written(
    shop: str, company: Path, capfd: pytest.CaptureFixture[str]
):
    data = company / "policy/data.yaml"
    data.write_text(data.read_text().replace("      text: pd:Communication\n", ""))
    assert app.run(["scan", "shop", "-C", str(company), "--write"]) == 0
    advice = "the policy has `categories.dealings.elements` without `text`: add `text: pd:Communication` there"
    assert advice in capfd.readouterr().err
    assert Company.at(company).maps["shop"].map.tables["calls"].columns == {}
    assert app.run(["scan", "shop", "-C", str(company)]) == 2


def test_gaps_of_files_that_were_there_are_counted_too(tmp_path, capsys):
    assert app.run(["init", str(tmp_path / "company"), "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert app.run(["init", str(tmp_path / "company"), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["written"], again["kept"]) == ([], first["written"])
    assert again["gaps"] == first["gaps"] > 0

"""`belofte check` and the command line around it: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from tests.policy.shop import SOUND

from belofte.cli import app
from belofte.cli.app import run

MAP = """store: shop
url: ${SHOP_DB}
location: BE
people:
  customer: {table: person, key: id, is: customer, identifiers: {email: email}}
facts:
  contract.active: person.active = 1
  last_contact.at: person.seen_at
  invoice.issued_at: max(invoice.issued_on)
tables:
  person: {columns: {name: identity.name, email: identity.email}}
  invoice: {columns: {total: sales.order}}
"""

SCHEMA = """
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, email TEXT, active INTEGER, seen_at DATE);
CREATE TABLE invoice (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id), total NUMERIC,
  issued_on DATE);
"""


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound company with one store in SQLite."""
    (tmp_path / "policy").mkdir()
    (tmp_path / "stores").mkdir()
    (tmp_path / "policy" / "shop.yaml").write_text(json.dumps(SOUND, indent=1))
    (tmp_path / "stores" / "shop.yaml").write_text(MAP)
    database = tmp_path / "shop.db"
    with sqlite3.connect(database) as connection:
        connection.executescript(SCHEMA)
    monkeypatch.setenv("SHOP_DB", f"sqlite:///{database}")
    return tmp_path


def change(company: Path, old: str, new: str) -> None:
    for path in (company / "policy" / "shop.yaml", company / "stores" / "shop.yaml"):
        text = path.read_text()
        if old in text:
            path.write_text(text.replace(old, new))
            return
    raise AssertionError(old)


def check(company: Path, *more: str) -> int:
    return run(["check", "-C", str(company), *more])


def test_sound_company_is_clean(company: Path, capsys: pytest.CaptureFixture[str]):
    assert check(company, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert [one for one in report["findings"] if one["severity"] != "note"] == []
    assert report["stores"] == {"shop": {"state": "checked", "why": "", "late": ""}}


def test_error_is_shown_with_place_law_and_mend(company: Path, capsys: pytest.CaptureFixture[str]):
    change(company, '"law": "WER III.86",', "")
    assert check(company, "--offline") == 3
    assert capsys.readouterr().out == (
        "Errors (1)\n"
        "policy/shop.yaml:114:3: `books` rests on a legal obligation, and which law is not said\n"
        "   LAW_UNNAMED  art. 6(3), 13(1)(c)\n"
        "   name it in `law`: `WER III.86`; one purpose per duty\n"
        "\n"
        "1 error, 0 warnings, 0 notes\n"
        "not looked at: shop (offline)\n"
        "late data: not looked at (`--late` looks, at the rows of each database)\n"
    )


def test_warning_leaves_the_exit_code(company: Path, capsys: pytest.CaptureFixture[str]):
    change(company, '"scope"', '"scope": {"nl": "x"}, "safeguards": {}, "links": {}, "version2"')
    assert check(company, "--offline") == 3  # `version2` is no key
    assert "unknown key `version2`" in capsys.readouterr().err
    change(company, ', "version2": {\n  "nl": "customers",\n  "en": "customers"\n }', "")
    assert check(company, "--offline") == 0
    assert "Warnings (1)" in capsys.readouterr().out


def test_problems_of_all_files_come_at_once(company: Path, capsys: pytest.CaptureFixture[str]):
    change(company, '"WER III.86"', "3")
    change(company, "location: BE", "location: Belgium")
    assert check(company) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "`purposes.books.law` cannot be a number" in printed.err
    assert "stores/shop.yaml:3:11: `location` cannot be `Belgium`" in printed.err


def test_problems_as_json_are_one_document(company: Path, capsys: pytest.CaptureFixture[str]):
    change(company, "location: BE", "location: Belgium")
    assert check(company, "--json") == 3
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem == {
        "file": "stores/shop.yaml",
        "line": 3,
        "column": 11,
        "summary": "`location` cannot be `Belgium`",
        "advice": "a country is two capitals, as in ISO 3166: `BE`, `FR`, `US`",
    }


def test_store_that_is_down_cannot_be_told(
    company: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("SHOP_DB", "postgresql://alice:geheim@localhost:1/shop")
    assert check(company) == 4
    printed = capsys.readouterr()
    assert "cannot tell about `shop`" in printed.err
    assert "geheim" not in printed.out + printed.err
    assert check(company, "--offline") == 0


def test_variable_that_is_not_set_is_named(
    company: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.delenv("SHOP_DB")
    assert check(company) == 4
    assert "stores/shop.yaml:2:6: the environment variable `SHOP_DB` is not set" in capsys.readouterr().err


def test_column_that_is_gone_is_an_error(company: Path, capsys: pytest.CaptureFixture[str]):
    change(company, "total: sales.order", "sum: sales.order")
    assert check(company, "--json") == 3
    found = json.loads(capsys.readouterr().out)["findings"]
    assert any(one["severity"] == "error" and one["file"] == "stores/shop.yaml" for one in found)


def test_fact_that_no_store_gives_is_an_error(company: Path, capsys: pytest.CaptureFixture[str]):
    change(company, "contract.active: person", "contract.activ: person")
    assert check(company, "--offline") == 3
    printed = capsys.readouterr().out
    assert "`orders` counts on `contract.active`, which no store gives" in printed
    assert "did you mean `contract.activ`?" in printed


def test_store_outside_the_eea_belies_the_text(company: Path, capsys: pytest.CaptureFixture[str]):
    change(company, "location: BE", "location: US")
    change(company, '"trackers"', '"published": {"stays_in_eea": true}, "trackers"')
    assert check(company, "--offline", "--json") == 3
    ids = {one["id"] for one in json.loads(capsys.readouterr().out)["findings"]}
    assert {"STORE_TRANSFER", "TRANSFER_CONTRADICTION"} <= ids


def test_two_maps_of_one_store(company: Path, capsys: pytest.CaptureFixture[str]):
    (company / "stores" / "twin.yml").write_text(MAP)
    assert check(company, "--offline") == 3
    said = "stores/twin.yml:1:8: the store `shop` is mapped twice\n   it is already at stores/shop.yaml:1:8"
    assert said in capsys.readouterr().err


def test_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert check(tmp_path / "nowhere") == 1
    assert "there is no folder" in capsys.readouterr().err
    assert check(tmp_path) == 3
    assert "policy: there is no policy here" in capsys.readouterr().err


@pytest.mark.parametrize("line", [["chek"], ["check", "--jsn"], ["schema", "database"], ["check", "-C"]])
def test_command_line_that_cannot_be_read(line: list[str], capsys: pytest.CaptureFixture[str]):
    assert run(line) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "`belofte --help` lists the verbs" in printed.err


def test_a_place_that_is_not_there_is_named(tmp_path: Path, monkeypatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.delenv("BELOFTE_DEBUG", raising=False)
    gone = tmp_path / "nowhere" / "policy.json"
    monkeypatch.setattr(app, "build", lambda *_given: gone.write_text(""))
    assert run(["check"]) == 1
    said = capsys.readouterr().err
    assert said == f"error: `{gone}`: no such file or directory\n   is the folder there, and yours to use?\n"


def test_unexpected_error_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def broken(*_given: object) -> typer.Typer:
        raise RuntimeError("alice@shop.example")

    monkeypatch.setattr(app, "build", broken)
    monkeypatch.delenv("BELOFTE_DEBUG", raising=False)
    assert run(["check"]) == 1
    said = capsys.readouterr().err
    assert said == ("error: this should not happen (RuntimeError)\n   run it again with BELOFTE_DEBUG=1 to see where\n")
    monkeypatch.setenv("BELOFTE_DEBUG", "1")
    assert run(["check"]) == 1
    traced = capsys.readouterr().err
    assert "Traceback" in traced
    assert "test_check.py" in traced
    assert traced.endswith("RuntimeError\n")
    assert "alice@" not in traced.replace('raise RuntimeError("alice@shop.example")', "")


@pytest.mark.parametrize(("part", "key"), [("policy", "purposes"), ("store", "tables")])
def test_schema_is_one_json_document(part: str, key: str, capsys: pytest.CaptureFixture[str]):
    assert run(["schema", part]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert key in schema["properties"]
    assert schema["additionalProperties"] is False


def test_the_command_itself_runs(company: Path):
    command = [sys.executable, "-c", "from belofte.cli import main; main()", "check", "-C", str(company), "--offline"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ}, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("nothing found, as declared\nnot looked at: shop (offline)\n")

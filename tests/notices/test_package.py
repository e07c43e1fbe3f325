"""The folder that a person receives: whole or not at all, for her eyes only, the same data in each file."""

import csv
import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pyzipper
from tests.notices.people import alice, erased

from belofte.notices.answer import ColumnPart, DatumClass, Row, StoreAnswer, TableAnswer
from belofte.notices.letters import erasure_letter
from belofte.notices.package import PackageError, package, package_password, write_access, write_erasure, write_letter

PASSWORD = "correct horse battery"


def store(name: str, *tables: TableAnswer) -> StoreAnswer:
    return StoreAnswer(name, tables)


def small(name: str, *values: object) -> TableAnswer:
    rows = iter([Row((value,), (0,)) for value in values])
    return TableAnswer(name, (ColumnPart("note", "Note"),), rows, (DatumClass(keep=("orders",)),))


def test_the_folder_holds_page_json_and_a_csv_per_table(tmp_path: Path):
    write_access(tmp_path / "out", alice())
    found = sorted(p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert found == ["answer.json", "crm/contact.csv", "crm/invoice.csv", "index.html", "support/call.csv"]


def test_nobody_else_can_read_it(tmp_path: Path):
    write_access(tmp_path / "out", alice())
    for path in [tmp_path / "out", *(tmp_path / "out").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_json_keeps_its_contract(tmp_path: Path):
    write_access(tmp_path / "out", alice())
    answer = json.loads((tmp_path / "out" / "answer.json").read_text())
    assert (answer["request"], answer["state"], answer["received"]) == ("2026-0042", "answered", "2026-03-05")
    assert answer["stores"]["shop"] == {"state": "unreachable", "tables": {}}
    contact = answer["stores"]["crm"]["tables"]["contact"]
    assert contact["rows"] == 1
    (row,) = contact["data"]
    assert row["row"] == {
        "id": 17,
        "name": "Alice Peeters",
        "email": "alice@peeters.example",
        "phone": None,
        "interest": "rain gear",
    }
    assert "id" not in row["class"]
    assert answer["classes"][row["class"]["interest"]] == {
        "keep": [],
        "use": [],
        "hold": False,
        "restricted": False,
        "undetermined": False,
    }
    assert answer["classes"][row["class"]["name"]]["keep"] == ["orders", "accounting"]
    assert answer["stores"]["crm"]["tables"]["invoice"]["rows"] == 40
    assert {"purposes", "categories", "recipients", "transfers", "rights", "choices", "gaps"} <= answer.keys()


def test_an_answer_without_data_is_whole_json(tmp_path: Path):
    for number, stores in enumerate([(), (store("crm"),), (store("a"), store("b", small("t")))]):
        write_access(tmp_path / str(number), replace(alice(), stores=stores))
        answer = json.loads((tmp_path / str(number) / "answer.json").read_text())
        assert list(answer["stores"]) == [one.name for one in stores]


def test_a_formula_is_neutralised_in_the_csv_and_whole_in_the_json(tmp_path: Path):
    write_access(tmp_path / "out", alice())
    with (tmp_path / "out" / "support" / "call.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[1]["note"] == "'=HYPERLINK(1)"
    assert rows[0]["note"] == "Asked for a larger size.\nWill call back on Monday."
    answer = json.loads((tmp_path / "out" / "answer.json").read_text())
    assert answer["stores"]["support"]["tables"]["call"]["data"][1]["row"]["note"] == "=HYPERLINK(1)"


def test_names_that_would_leave_the_folder_stay_inside(tmp_path: Path):
    stores = (store("../../etc", small("passwd/..", 1), small("passwd_", 2), small("PASSWD_", 3)),)
    written = write_access(tmp_path / "out", replace(alice(), stores=stores))
    assert sorted(written.files.values()) == ["_.._etc/PASSWD_-3.csv", "_.._etc/passwd_-2.csv", "_.._etc/passwd_.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_value_that_is_no_proper_text_is_written_all_the_same(tmp_path: Path):
    write_access(tmp_path / "out", replace(alice(), stores=(store("crm", small("t", "a\udc80b\x00", "é")),)))
    answer = json.loads((tmp_path / "out" / "answer.json").read_text())
    assert [d["row"]["note"] for d in answer["stores"]["crm"]["tables"]["t"]["data"]] == ["a\udc80b\x00", "é"]


def test_a_folder_that_holds_something_is_refused_and_left_as_it_was(tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("x")
    with pytest.raises(PackageError, match="is not empty"):
        write_access(tmp_path / "out", alice())
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]


def test_a_link_or_a_file_is_refused(tmp_path: Path):
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "file").write_text("x")
    for name in ("link", "file"):
        with pytest.raises(PackageError, match="is no folder"):
            write_access(tmp_path / name, alice())


def test_an_empty_folder_is_filled(tmp_path: Path):
    (tmp_path / "out").mkdir(mode=0o755)
    write_access(tmp_path / "out", alice())
    assert (tmp_path / "out" / "index.html").exists()
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_a_store_that_fails_half_way_leaves_nothing(tmp_path: Path):
    def broken() -> Iterator[Row]:
        yield Row(("secret",), (0,))
        raise ConnectionError("the server went away")

    table = TableAnswer("t", (ColumnPart("note", "Note"),), broken(), (DatumClass(),))
    with pytest.raises(ConnectionError):
        write_access(tmp_path / "out", replace(alice(), stores=(store("crm", table),)))
    assert list(tmp_path.iterdir()) == []


def test_encrypted_the_folder_holds_one_zip_that_only_the_password_opens(tmp_path: Path):
    write_access(tmp_path / "out", alice(), password=PASSWORD)
    (path,) = tmp_path.rglob("*.zip")
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]
    assert list((tmp_path / "out").iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"alice@peeters" not in path.read_bytes()
    with pyzipper.AESZipFile(path) as archive:
        info = archive.getinfo("answer.json")
        assert info.wz_aes_strength == 3  # 256 bits
        archive.setpassword(b"wrong password")
        with pytest.raises(RuntimeError):
            archive.read("answer.json")
        archive.setpassword(PASSWORD.encode())
        assert json.loads(archive.read("answer.json"))["request"] == "2026-0042"
        assert b"Alice Peeters" in archive.read("crm/contact.csv")


def test_an_erasure_report_is_page_letter_and_json_without_a_value_of_hers(tmp_path: Path):
    write_erasure(tmp_path / "out", erased(), "open")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["index.html", "letter.txt", "report.json"]
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert (report["request"], report["state"]) == ("2026-0042", "open")
    assert report["stores"]["crm"]["tables"]["invoice"] == {
        "deleted": 28,
        "erased": 0,
        "unlinked": 0,
        "kept": 12,
        "reasons": [{"article": "17(3)(b)", "rows": 12, "purpose": "Accounting", "until": "2033-01-31", "words": None}],
    }
    assert report["stores"]["shop"]["state"] == "unreachable"
    assert report["residue"] == [{"store": "crm", "table": "call", "column": "note", "count": 2}]
    assert [task["store"] for task in report["tasks"]] == ["archive"]


def test_a_letter_is_a_page_and_a_text(tmp_path: Path):
    write_letter(tmp_path / "out", erasure_letter(erased()))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["index.html", "letter.txt"]


def test_a_short_password_is_refused_before_anything_is_written(tmp_path: Path):
    with pytest.raises(PackageError, match="too short"), package(tmp_path / "out", "short"):
        pytest.fail("the package opened")
    assert list(tmp_path.iterdir()) == []


def test_the_password_comes_from_the_environment_or_a_closed_file(tmp_path: Path):
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n")
    file.chmod(0o600)
    assert package_password({}, "BELOFTE_PASSWORD", file) == PASSWORD
    assert package_password({"BELOFTE_PASSWORD": PASSWORD}, "BELOFTE_PASSWORD") == PASSWORD
    with pytest.raises(PackageError, match="set BELOFTE_PASSWORD, or name a file"):
        package_password({}, "BELOFTE_PASSWORD")
    with pytest.raises(PackageError, match="cannot be read"):
        package_password({}, "BELOFTE_PASSWORD", tmp_path / "absent")
    file.chmod(0o644)
    with pytest.raises(PackageError, match="others can read"):
        package_password({}, "BELOFTE_PASSWORD", file)

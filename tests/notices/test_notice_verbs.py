"""`belofte notice` and `belofte compare` at the command line: endings, and one JSON document."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.examples.folders import EXAMPLES

from belofte.cli.app import run


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """The policy of an example, in a folder of its own."""
    shutil.copytree(EXAMPLES / "selligent" / "policy", tmp_path / "company" / "policy")
    return tmp_path / "company"


def test_each_language_is_a_file(company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["notice", "-C", str(company), "--to", str(tmp_path / "out"), "--format", "md", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [Path(one).name for one in said["written"]] == ["nl.md", "fr.md", "en.md"]
    assert (tmp_path / "out" / "fr.md").read_text().startswith("# Comment Selligent NV utilise vos données")


def test_one_language_of_text_goes_to_standard_output(company: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["notice", "-C", str(company), "--language", "en", "--layer", "summary", "--format", "md"]) == 0
    said = capsys.readouterr().out
    assert "## In short" in said
    assert "## Who we are" not in said


@pytest.mark.parametrize("asked", [["--format", "pdf", "--language", "nl"], [], ["--to", "all.html"]])
def test_what_cannot_be_written_is_refused(company: Path, asked: list[str]) -> None:
    assert run(["notice", "-C", str(company), *asked]) == 3


def test_a_sign_that_no_font_has_is_named(company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    who = company / "policy" / "who.yaml"
    who.write_text(who.read_text().replace("Selligent NV", "Selligent \U0001f4a5 NV", 1))
    assert run(["notice", "-C", str(company), "--to", str(tmp_path / "out"), "--format", "pdf"]) == 3
    said = capsys.readouterr().err
    assert said.startswith("error: the PDF in `nl` has no font for `\U0001f4a5`")
    assert "write that text of the policy without it" in said


def test_a_notice_that_lacks_something_is_not_written(
    company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    who = company / "policy" / "who.yaml"
    who.write_text("".join(line for line in who.read_text().splitlines(True) if "officer:" not in line))
    assert run(["notice", "-C", str(company), "--to", str(tmp_path / "out"), "--json"]) == 3
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["file"] == "policy/who.yaml"
    assert problem["summary"].startswith("N02 (GDPR art. 13(1)(b)): ")
    assert not (tmp_path / "out").exists()


def test_the_level_is_told_for_each_language(company: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["notice", "-C", str(company), "--level", "--json"]) == 0
    assert {one["band"] for one in json.loads(capsys.readouterr().out).values()} <= {"plain", "easy"}


def test_two_policies_are_compared_without_a_database(
    company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["-C", str(tmp_path)]
    assert run(["compare", str(company), str(EXAMPLES / "selligent"), *here]) == 0
    assert "nothing changed in meaning" in capsys.readouterr().out
    file = company / "policy" / "processing.yaml"
    file.write_text(file.read_text().replace("keep: P2Y", "keep: P3Y"))
    assert run(["compare", str(EXAMPLES / "selligent"), str(company), "--json", *here]) == 2
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert (change["kind"], change["before"], change["after"]) == ("term-longer", ["P2Y"], ["P3Y"])
    assert (change["told"], change["asked"], change["article"]) == (True, False, "13(2)(a)")


@pytest.mark.parametrize("asked", [["2025-9", "2026-1"], ["2025-9"], ["EXAMPLE", "EXAMPLE", "--announce", "out"]])
def test_what_cannot_be_compared_or_announced_is_refused(tmp_path: Path, asked: list[str]) -> None:
    named = [str(EXAMPLES / "selligent") if one == "EXAMPLE" else one for one in asked]
    assert run(["compare", *named, "-C", str(tmp_path)]) == 3

"""The two published texts: check finds every defect that the clauses mark, where the examples say it is."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
import yaml

from belofte.policy.check import RULES, check
from belofte.policy.findings import Finding
from belofte.policy.load import load

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("BELOFTE_SHARED", ROOT.parent / "shared"))
EXAMPLES = {"alsico": "A", "selligent": "S"}
"""Each example with the letter of its clauses."""

Defects = dict[str, dict[str, str]]


def policy_findings(folder: Path) -> list[Finding]:
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in (folder / "policy").rglob("*.yaml")}
    return check(load(files), date(2026, 11, 22))


def defects(example: str) -> Defects:
    text = (ROOT / "examples" / example / "as-published" / "DEFECTS.yaml").read_text()
    found: Defects = yaml.safe_load(text)
    return found


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_defect_is_found_where_the_example_says(example: str):
    found = {(finding.id, finding.path) for finding in policy_findings(ROOT / "examples" / example / "as-published")}
    for clause, expected in defects(example).items():
        for rule, path in expected.items():
            assert (rule, path) in found, f"{clause}: {rule} at {path}"


@pytest.mark.parametrize(("example", "letter"), EXAMPLES.items())
def test_every_clause_with_a_defect_has_its_finding(example: str, letter: str):
    clauses = SHARED / "clauses.yaml"
    if not clauses.exists():
        pytest.skip(f"no clauses at {clauses}; BELOFTE_SHARED names the folder")
    marked = {one["id"] for one in yaml.safe_load(clauses.read_text()) if "defect" in one and one["id"][0] == letter}
    assert marked <= set(defects(example))
    assert {rule for rules in defects(example).values() for rule in rules} <= set(RULES)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_mended_policy_is_clean(example: str):
    folder = ROOT / "examples" / example
    if not (folder / "policy").exists():
        pytest.skip(f"{example} has no policy yet")
    assert policy_findings(folder) == []

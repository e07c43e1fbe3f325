"""The reference says what the code says: nothing stale, nothing undocumented."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from tests.docs.pages import DOCS, ROOT

from belofte.cli import app
from belofte.datamap.model import DataMap
from belofte.policy.model import Policy


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """`docs/generate.py`, as a module."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["generate"] = module
    spec.loader.exec_module(module)
    return module


def test_pages_are_what_the_code_says(generator):
    stale = {name for name, text in generator.pages().items() if (DOCS / "reference" / name).read_text() != text}
    assert not stale, "run `python docs/generate.py`"


@pytest.mark.parametrize("model", [Policy, DataMap])
def test_every_setting_says_what_it_is_for(generator, model):
    whole = model.model_json_schema(by_alias=True)
    models = {model.__name__: whole, **whole["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, found in models.items()
        for key, one in generator.long(found).get("properties", {}).items()
        if not one.get("description")
    ]
    assert silent == []


@pytest.mark.parametrize("model", [Policy, DataMap])
def test_every_part_of_the_language_says_what_it_is(model):
    whole = model.model_json_schema(by_alias=True)
    assert [name for name, found in whole["$defs"].items() if not found.get("description")] == []


def test_every_verb_and_option_has_its_help(generator):
    whole = typer.main.get_command(app.build())
    found: list[tuple[str, Any]] = list(generator.verbs(whole, "belofte"))
    assert len(found) >= 4
    silent = [name for name, command in found if not command.help]
    silent += [
        f"{name} {option}" for name, command in found for option, words in generator.options(command) if not words
    ]
    assert silent == []


def test_every_rule_that_code_names_is_in_the_list_of_checks():
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", (DOCS / "reference/checks.md").read_text()))
    named = set()
    for path in [*(ROOT / "src/belofte/policy/rules").glob("*.py"), *(ROOT / "src/belofte/datamap").rglob("*.py")]:
        named |= set(re.findall(r'(?:Rule|Finding)\(\s*"([A-Z][A-Z_]+)"', path.read_text()))
    assert len(named) > 60
    assert named - documented == set()


def test_makefile_commands_of_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text()
    for command in re.findall(r"`make ([a-z]+)", (ROOT / "README.md").read_text()):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command


def test_settings_of_the_environment_are_documented():
    used = set()
    for path in (ROOT / "src/belofte").rglob("*.py"):
        used |= set(re.findall(r'"(BELOFTE_[A-Z]+)"', path.read_text()))
    written = "".join(Path(page).read_text() for page in DOCS.rglob("*.md"))
    assert used
    assert [name for name in sorted(used) if name not in written] == []

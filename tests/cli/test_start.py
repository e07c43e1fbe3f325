"""What a start costs: a verb is loaded when it runs, so `--help` and `--version` load no verb and no heavy library."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yaml

from belofte import __version__
from belofte.cli import app, verbs
from belofte.policy.model import Promise

HEAVY = (
    "sqlalchemy",
    "sqlglot",
    "belofte.policy.model",
    "phonenumbers",
    "stdnum",
    "jinja2",
    "ruamel",
    "yaml",
    "psycopg",
)
RUN = "import sys; from belofte.cli.app import run; run(sys.argv[1:])"


def loaded(*arguments: str) -> set[str]:
    """Return the modules that one run of `belofte` has loaded, from its standard error."""
    code = f"{RUN}; sys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",), ("--version",), ("request", "--help")])
def test_help_and_version_load_no_heavy_library(arguments):
    assert loaded(*arguments) & set(HEAVY) == set()


def test_schema_loads_no_database_library():
    assert loaded("schema", "store") & {"sqlalchemy", "sqlglot", "phonenumbers", "stdnum", "jinja2"} == set()


def test_check_without_databases_loads_no_driver_and_no_library_of_values(tmp_path):
    assert app.run(["init", str(tmp_path)]) == 0
    (tmp_path / "stores").mkdir(exist_ok=True)
    (tmp_path / "stores/crm.yaml").write_text("store: crm\nkind: sql\nurl: ${CRM_URL}\nlocation: BE\n")
    used = loaded("check", "--offline", "-C", str(tmp_path))
    assert {"sqlglot"} & used
    assert {"sqlalchemy", "psycopg", "phonenumbers", "email_validator"} & used == set()


def test_help_lists_every_verb_with_its_line(capsys):
    assert app.run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert [verb.name for verb in verbs.VERBS if len(verb.words) == 1 and f"\n  {verb.name} " not in shown] == []
    assert "Print the JSON Schema of the policy or of a store's map." in shown


def test_version_is_that_of_the_package(capsys):
    assert app.run(["--version"]) == 0
    assert capsys.readouterr().out == f"belofte {__version__}\n"


@pytest.mark.parametrize("verb", verbs.VERBS, ids=lambda verb: verb.name)
def test_every_verb_of_the_table_is_there_and_says_there_what_its_module_says(verb):
    assert (verb.loaded().__doc__ or "").partition("\n")[0] == verb.help


@pytest.mark.parametrize("arguments", [["--", "check", "--help"], ["request", "--", "list", "--help"]])
def test_a_verb_after_a_double_dash_is_the_verb_itself(arguments, capsys):
    assert app.run(arguments) == 0
    assert "--json" in capsys.readouterr().out


def test_a_verb_that_nobody_knows_is_refused(capsys):
    assert app.run(["chekc"]) == 3
    assert "chekc" in capsys.readouterr().err


def test_the_promise_that_the_starter_shows_is_one(tmp_path):
    assert app.run(["init", str(tmp_path)]) == 0
    lines = (tmp_path / "policy/rights.yaml").read_text().splitlines()
    (shown,) = yaml.safe_load(lines[-1].replace("  # - ", "- "))
    assert Promise.model_validate(shown).by == ["overdue"]

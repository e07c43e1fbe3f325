"""What the pages show is real: links lead somewhere, and the commands of the tutorial and the how-tos run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests.docs.pages import DOCS, ROOT, answers, commands, links, pages

HOW_TOS = sorted((DOCS / "how-to").glob("*.md"))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    assert [link for link in links(page) if not (page.parent / link).exists()] == []


@pytest.fixture
def desk(tmp_path) -> Path:
    """Where a reader sits: a folder of her own with the examples in it."""
    return _furnished(tmp_path)


def _furnished(folder: Path) -> Path:
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("__pycache__", ".belofte"))
    return folder


def shell(script: str, desk: Path, database: str | None) -> subprocess.CompletedProcess[str]:
    """Run what a page types, in one shell, so that what is exported stays; `belofte` and `python` are at hand."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(desk), "COLUMNS": "120"}
    for name in ("BELOFTE_DATABASE", "BELOFTE_KEY", "CRM_URL", "SHOP_URL", "NO_COLOR"):
        environment.pop(name, None)
    if database is not None:
        environment["BELOFTE_DATABASE"] = database
    return subprocess.run(
        ["bash", "-u", "-c", script],
        cwd=desk,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def walk(page: Path, desk: Path, database: str | None = None) -> None:
    """Type every command of a page; fail where one ends otherwise than the page says, or answers something else."""
    typed = commands(page)
    assert typed, "a page of this sort shows commands"
    script = "".join(
        f"printf '\\n@@ %s\\n' {number}\n{command}\ncode=$?\n"
        f'[ $code -eq {ending} ] || {{ echo "@@ ended with $code, the page says {ending}"; exit 99; }}\n'
        for number, (command, ending) in enumerate(typed)
    )
    done = shell(script, desk, database)
    if done.returncode != 0:
        number = max(int(found) for found in re.findall(r"^@@ (\d+)$", done.stdout, re.MULTILINE))
        pytest.fail(f"{typed[number][0]}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}", pytrace=False)
    said = done.stdout + done.stderr
    shown = [part.strip() for _, lines in answers(page) for line in lines for part in line.split("…")]
    assert [part for part in shown if part not in said] == []


@pytest.mark.parametrize("page", HOW_TOS, ids=lambda page: page.stem)
def test_commands_of_the_how_to_run_and_answer_as_it_says(page, desk, postgres_running):
    name = postgres_running.fresh()
    try:
        walk(page, desk, postgres_running.url(name).replace("+psycopg", ""))
    finally:  # roles are of the whole server: the next test may want the same ones
        for made in (name, f"crm_of_{name}"):
            postgres_running.drop(made)
        postgres_running.drop_roles()


def test_commands_of_the_tutorial_run_and_answer_as_it_says():
    with tempfile.TemporaryDirectory() as folder:  # not below pytest's: its folders are closed to the server's user
        walk(DOCS / "tutorial.md", _furnished(Path(folder)))

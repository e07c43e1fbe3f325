"""What the pages show is real: links lead somewhere, and the commands of the tutorial and the how-tos run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs.pages import DOCS, ROOT, answers, commands, links, pages

WALKS = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    assert [link for link in links(page) if not (page.parent / link).exists()] == []


@pytest.fixture
def desk(tmp_path) -> Path:
    """Where a reader sits: a folder of her own with the examples beside it, `belofte` and `python` at hand."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__", ".belofte"))
    return tmp_path


def shell(script: str, desk: Path) -> subprocess.CompletedProcess[str]:
    """Run what a page types, in one shell, so that what is exported stays."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(desk), "COLUMNS": "120"}
    for name in ("BELOFTE_DATABASE", "BELOFTE_KEY", "CRM_URL", "SHOP_URL", "NO_COLOR"):
        environment.pop(name, None)
    return subprocess.run(
        ["bash", "-u", "-c", script],
        cwd=desk,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("page", WALKS, ids=lambda page: page.stem)
def test_commands_of_the_page_run_and_answer_as_it_says(page, desk):
    typed = commands(page)
    assert typed, "a page of this sort shows commands"
    script = "".join(
        f"printf '\\n@@ %s\\n' {number}\n{command}\ncode=$?\n"
        f'[ $code -eq {ending} ] || {{ echo "@@ ended with $code, the page says {ending}"; exit 99; }}\n'
        for number, (command, ending) in enumerate(typed)
    )
    done = shell(script, desk)
    last = done.stdout.rpartition("\n@@ ")[2]
    assert done.returncode == 0, f"{typed[int(done.stdout.count('@@ ')) - 2]}\n{last}\n{done.stderr[-3000:]}"
    said = done.stdout + done.stderr
    shown = [part.strip() for _, lines in answers(page) for line in lines for part in line.split("…")]
    missing = [part for part in shown if part not in said]
    assert missing == []

"""The project's documentation, for its tests: pages, links, and the commands that pages show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def pages() -> list[Path]:
    """Return every page of the project that people read."""
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def links(page: Path) -> Iterator[str]:
    """Yield the files that a page links to (and its pictures), not the addresses elsewhere."""
    for found in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
        if "://" not in found and not found.startswith("mailto:"):
            yield found


def commands(page: Path) -> list[tuple[str, int]]:
    """Return what a page's console blocks type, with the exit code that each must end with (`# exit 2`, else 0).

    A line that ends with a backslash goes on; lines that do not begin with `$` or `>` are what the command answered.
    """
    found = []
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for typed in re.findall(r"^\$ ((?:.*\\\n)*.*)$", block, re.MULTILINE):
            command, _, ending = typed.partition("  # exit ")
            found.append((re.sub(r"\\\n>? ?", "\\\n", command), int(ending or 0)))
    return found


def answers(page: Path) -> list[tuple[str, list[str]]]:
    """Return each typed command of a page with the lines that the page says it answers."""
    found: list[tuple[str, list[str]]] = []
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:].partition("  # exit ")[0], []))
            elif found and line.strip() and line.strip() != "…":
                found[-1][1].append(line)
    return found

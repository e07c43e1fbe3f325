"""A document as Markdown: CommonMark with tables; what is in a text is escaped, never read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from belofte.notices.document import Block, Bullets, Cell, Document, Facts, Link, Paragraph, Run, Section

_MARKUP = re.compile(r"([\\`*_\[\]<>|#])")
_LIST = re.compile(r"^(\d{1,9})([.)])(?=\s)|^([-+])(?=\s)")


def markdown(document: Document) -> str:
    """Return a document as Markdown, ending in a new line."""
    parts = [f"# {_safe(document.title)}", _safe(document.about)]
    sections = document.sections if document.summary is None else (document.summary, *document.sections)
    for section in sections:
        parts += _section(section, 2)
    if document.foot:
        parts += ["---", *(_safe(line) for line in document.foot)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section, depth: int) -> Iterator[str]:
    yield f"{'#' * depth} {_safe(section.title)}"
    for block in section.blocks:
        written = _block(block)
        # a quotation sets a section apart where nothing else can
        yield "\n".join(f"> {line}" for line in written.split("\n")) if section.apart else written
    for part in section.parts:
        yield from _section(part, depth + 1)


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return _line(block.run)
    if isinstance(block, Bullets):
        return "\n".join(f"- {_line(item)}" for item in block.items)
    if isinstance(block, Facts):
        return "\n".join(f"- **{_safe(name)}**: {_line(run)}" for name, run in block.rows)
    rows = [" | ".join(_safe(head) for head in block.heads), " | ".join("---" for _ in block.heads)]
    rows += [" | ".join(_cell(cell) for cell in row) for row in block.rows]
    return "\n".join([f"*{_safe(block.caption)}*", "", *(f"| {row} |" for row in rows)])


def _cell(cell: Cell) -> str:
    return "<br>".join(_run(line) for line in cell)


def _line(run: Run) -> str:
    return _LIST.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", _run(run))


def _run(run: Run) -> str:
    return "".join(f"[{_safe(one.text)}]({_address(one.url)})" if isinstance(one, Link) else _safe(one) for one in run)


def _address(url: str) -> str:
    return f"<{url}>" if re.search(r"[\s()<>]", url) else url


def _safe(text: str) -> str:
    return _MARKUP.sub(r"\\\1", re.sub(r"\s+", " ", text))

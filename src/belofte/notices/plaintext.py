"""A document as plain text, for a mail: lines of at most 76 characters, an address beside its words."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from belofte.notices.document import Block, Bullets, Document, Facts, Link, Paragraph, Run, Section, Table

WIDTH = 76


def plaintext(document: Document) -> str:
    """Return a document as plain text, ending in a new line."""
    parts = [wrapped(document.title), wrapped(document.about)]
    sections = document.sections if document.summary is None else (document.summary, *document.sections)
    for section in sections:
        parts += _section(section)
    return "\n\n".join([*parts, *document.foot]) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"{section.title}\n{'-' * min(len(section.title), WIDTH)}"
    for block in section.blocks:
        yield _block(block)
    for part in section.parts:
        yield from _section(part)


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return wrapped(_run(block.run))
    if isinstance(block, Bullets):
        return "\n".join(wrapped(_run(item), "- ", "  ") for item in block.items)
    if isinstance(block, Facts):
        return "\n".join(wrapped(f"{name}: {_run(run)}", "", "  ") for name, run in block.rows)
    return "\n\n".join(_row(block, number) for number in range(len(block.rows)))


def _row(table: Table, number: int) -> str:
    first, *rest = ["; ".join(_run(line) for line in cell) for cell in table.rows[number]]
    lines = [f"{head}: {cell}" for head, cell in zip(table.heads[1:], rest, strict=True)]
    return "\n".join([wrapped(first), *(wrapped(line, "  ", "    ") for line in lines)])


def _run(run: Run) -> str:
    return "".join(_link(one) if isinstance(one, Link) else one for one in run)


def _link(link: Link) -> str:
    address = link.url.removeprefix("mailto:").removeprefix("tel:")
    return address if link.text in address else f"{link.text} ({address})"


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """Return a text in lines of the width, the first and the rest each behind its own indent."""
    return fill(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )

"""A text for people as a value: sections of paragraphs, lists, facts and tables; pages, print and Markdown render it.

What it says is decided once, for every form. A table's first column names its rows, so that every form can say which
head a cell belongs to. `plain` is the same as JSON can carry it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from belofte.notices.plain import Plain


class Untypeset(ValueError):
    """A document that cannot be typeset: it has a sign that no font of the PDF has."""

    def __init__(self, sign: str, language: str) -> None:
        super().__init__(f"the PDF in `{language}` has no font for `{sign}`")


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere: a page, or `mailto:` an address."""

    text: str
    url: str


Inline = str | Link
Run = tuple[Inline, ...]
"""Words in one line or paragraph."""
Cell = tuple[Run, ...]
"""What stands in a cell of a table: a line per run."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph."""

    run: Run


@dataclass(frozen=True)
class Bullets:
    """A list of points."""

    items: tuple[Run, ...]


@dataclass(frozen=True)
class Facts:
    """Names with what they are: an address, a day, a number."""

    rows: tuple[tuple[str, Run], ...]


@dataclass(frozen=True)
class Table:
    """A table with a caption and a head per column; the first cell of a row is the head of the row."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Paragraph | Bullets | Facts | Table


@dataclass(frozen=True)
class Section:
    """A part of the text under a title. `apart`: set apart from everything around it, as art. 21(4) wants it."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    parts: tuple[Section, ...] = ()
    apart: bool = False


@dataclass(frozen=True)
class Document:
    """A whole text: who speaks, its title, what it is (version, day), the short layer and the sections."""

    language: str
    sender: str
    title: str
    about: str
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = ()
    summary: Section | None = None
    contents: str = ""
    """What the list of sections is called; "" for a text too short to need one."""

    def everything(self) -> Iterator[Section]:
        """Yield every section, the short layer first, each before its parts."""
        yield from _walked(self.sections if self.summary is None else (self.summary, *self.sections))

    def prose(self) -> list[str]:
        """Return the sentences that are read as running text: paragraphs and points, no tables, no addresses."""
        found: list[str] = []
        for section in self.everything():
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    found.append(words(block.run))
                elif isinstance(block, Bullets):
                    found += [words(item) for item in block.items]
        return found


def paragraph(*run: Inline) -> Paragraph:
    """Return these words, one after the other, as a paragraph."""
    return Paragraph(run)


def _walked(sections: Sequence[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _walked(section.parts)


def words(run: Run) -> str:
    """Return a run without its links."""
    return "".join(one.text if isinstance(one, Link) else one for one in run)


def plain(document: Document) -> Plain:
    """Return a document as JSON can carry it; every block says its `kind`."""
    return {
        "language": document.language,
        "sender": document.sender,
        "title": document.title,
        "about": document.about,
        "contents": document.contents,
        "summary": None if document.summary is None else _section(document.summary),
        "sections": [_section(one) for one in document.sections],
        "foot": list(document.foot),
    }


def _section(section: Section) -> dict[str, Plain]:
    return {
        "id": section.id,
        "title": section.title,
        "apart": section.apart,
        "blocks": [_block(one) for one in section.blocks],
        "parts": [_section(one) for one in section.parts],
    }


def _block(block: Block) -> dict[str, Plain]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "run": _run(block.run)}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [_run(item) for item in block.items]}
    if isinstance(block, Facts):
        return {"kind": "facts", "rows": [[name, _run(run)] for name, run in block.rows]}
    return {
        "kind": "table",
        "caption": block.caption,
        "heads": list(block.heads),
        "rows": [[[_run(line) for line in cell] for cell in row] for row in block.rows],
    }


def _run(run: Run) -> list[Plain]:
    return [{"text": one.text, "url": one.url} if isinstance(one, Link) else one for one in run]

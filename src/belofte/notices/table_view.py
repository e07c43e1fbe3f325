"""A table of the person's data as the page lays it out: few rows, or wide ones, as records, others as a grid.

Each datum's reason is a letter with a legend; a column whose data all share one carries the letter once, in its head.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from belofte.notices.answer import DatumClass, Hidden, TableHead
from belofte.notices.plain import cell
from belofte.notices.words import Words

AS_RECORDS = 3
"""Up to so many rows a table is laid out record by record."""

WIDEST = 8
"""Up to so many columns a table is laid out as a grid: a wider one fits no paper."""

LONGEST = 2000
"""Characters of one datum that a page shows; the files have all of it."""

Tone = Literal["used", "kept", "held", "paused", "none", "unsure"]


@dataclass(frozen=True)
class Tag:
    """A reason: its letter, its tone, what it means, how many data of the table carry it."""

    letter: str
    tone: Tone
    words: str
    count: int


@dataclass(frozen=True)
class CellView:
    """One datum as text. `tag` is set where its reason differs from its column's."""

    kind: Literal["text", "num", "date", "empty", "hidden", "bytes"]
    text: str
    tag: Tag | None = None
    cut: bool = False
    long: bool = False


@dataclass(frozen=True)
class ColumnView:
    """A column's head: title, name, the reason of most of its data."""

    name: str
    title: str
    tag: Tag | None
    numeric: bool


@dataclass(frozen=True)
class TableView:
    """A table ready to be laid out."""

    name: str
    title: str
    layout: Literal["record", "grid"]
    columns: tuple[ColumnView, ...]
    rows: tuple[tuple[CellView, ...], ...]
    total: int
    legend: tuple[Tag, ...]

    @property
    def more(self) -> int:
        """Rows that are not shown."""
        return self.total - len(self.rows)


def table_view(words: Words, titles: Mapping[str, str], head: TableHead) -> TableView:
    """Return the view of a table that was read; `titles` are the purposes' by id."""
    tags = _tags(words, titles, head)
    common = [_commonest(head, place) for place in range(len(head.columns))]
    rows = tuple(
        tuple(
            _cell_view(words, value, tag if (tag := tags.get(index)) != tags.get(common[place]) else None)
            for place, (value, index) in enumerate(zip(row.values, row.classes, strict=True))
        )
        for row in head.rows
    )
    columns = tuple(
        ColumnView(column.name, column.title, tags.get(common[place]), _numeric(rows, place))
        for place, column in enumerate(head.columns)
    )
    records = head.total <= AS_RECORDS or len(head.columns) > WIDEST
    layout: Literal["record", "grid"] = "record" if records else "grid"
    return TableView(
        head.name,
        head.title or head.name,
        layout,
        columns,
        rows,
        head.total,
        tuple(sorted(set(tags.values()), key=_order)),
    )


def _commonest(head: TableHead, place: int) -> int:
    found = Counter(row.classes[place] for row in head.rows if row.classes[place] >= 0 and _counts(row.values[place]))
    return found.most_common(1)[0][0] if found else -1


def _counts(value: object) -> bool:
    """Return whether a value is a datum of hers: an empty one is none, one left out is someone else's."""
    return value is not None and not isinstance(value, Hidden)


def _numeric(rows: tuple[tuple[CellView, ...], ...], place: int) -> bool:
    kinds = {row[place].kind for row in rows}
    return "num" in kinds and kinds <= {"num", "empty"}


def _tags(words: Words, titles: Mapping[str, str], head: TableHead) -> dict[int, Tag]:
    """Return a tag per class of the table, the most frequent first; classes that say the same share one letter."""
    said = {index: (tone(head.classes[index]), reason(words, titles, head.classes[index])) for index in head.counts}
    counts: Counter[tuple[Tone, str]] = Counter()
    for index, count in head.counts.items():
        counts[said[index]] += count
    tags = {
        what: Tag(_letter(place), what[0], what[1], count) for place, (what, count) in enumerate(counts.most_common())
    }
    return {index: tags[what] for index, what in said.items()}


def _order(tag: Tag) -> tuple[int, str]:
    return len(tag.letter), tag.letter


def _letter(place: int) -> str:
    more, rest = divmod(place, 26)
    return (_letter(more - 1) if more else "") + chr(ord("A") + rest)


def tone(datum: DatumClass) -> Tone:
    """Return the tone of a class: what a reader should notice first about it."""
    if datum.unjustified:
        return "none"
    if datum.undetermined:
        return "unsure"
    if datum.hold:
        return "held"
    if datum.restricted:
        return "paused"
    return "used" if datum.use else "kept"


def reason(words: Words, titles: Mapping[str, str], datum: DatumClass) -> str:
    """Return why a datum is there, in words: used for, kept for, held, paused, or that nothing justifies it."""
    if datum.unjustified:
        return words.say("Nothing justifies this any more. It is due to be erased.")

    def named(ids: tuple[str, ...]) -> str:
        return words.enumeration(titles.get(one, one) for one in ids)

    parts = []
    if datum.use:
        parts.append(words.say("Used for: %(purposes)s.", purposes=named(datum.use)))
    if kept := tuple(one for one in datum.keep if one not in datum.use):
        parts.append(words.say("Kept, but not used now, for: %(purposes)s.", purposes=named(kept)))
    if datum.hold:
        parts.append(words.say("Kept for a legal claim or an investigation."))
    if datum.restricted:
        parts.append(words.say("Its use is paused."))
    if datum.undetermined:
        parts.append(words.say("We cannot tell yet whether we may keep it. A person looks into it."))
    return " ".join(parts)


def _cell_view(words: Words, value: object, tag: Tag | None) -> CellView:
    if value is None:
        return CellView("empty", "")
    if isinstance(value, Hidden):
        return CellView("hidden", "")
    if isinstance(value, bool):
        return CellView("text", words.say("yes") if value else words.say("no"), tag)
    if isinstance(value, datetime):
        return CellView("date", words.moment(value), tag)
    if isinstance(value, date):
        return CellView("date", words.short_date(value), tag)
    if isinstance(value, int | float | Decimal):
        return CellView("num", cell(value), tag)
    if isinstance(value, bytes | bytearray | memoryview):
        size = len(bytes(value))
        return CellView("bytes", words.say_n("file of %(n)s byte", "file of %(n)s bytes", size), tag)
    text = value if isinstance(value, str) else cell(value)
    return CellView("text", text[:LONGEST], tag, len(text) > LONGEST, len(text) > 60)

"""`answer.json`, and what `belofte request … --json` prints: the answer as one JSON document, streamed row by row.

The shape is a contract: `request`, `state`, `stores.<store>.{state, tables.<table>.{data: [{row, class}], rows}}` and
`classes: [{keep, use, hold, restricted}]`, to which each datum's `class` is an index; beside it what art. 15(1) asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from belofte.notices.answer import AccessAnswer, DatumClass, Row, StoreAnswer, TableAnswer
from belofte.notices.plain import Plain, plain
from belofte.notices.report import ErasureReport

_ITEMS = (
    "purposes",
    "categories",
    "recipients",
    "transfers",
    "rights",
    "automated",
    "disclosures",
    "choices",
    "records",
    "gaps",
)

_ENCODER = json.JSONEncoder(ensure_ascii=False)
_PATTERNS = 1000


class AnswerJson:
    """Writes one answer: `begin`, then `store`, `table` and `row` in the order of the data, then `end`."""

    def __init__(self, answer: AccessAnswer, write: Callable[[str], object], state: str | None = None) -> None:
        self._answer = answer
        self._write = write
        self._state = state or answer.state
        self._classes: dict[DatumClass, int] = {}
        self._stores = self._tables = self._rows = 0
        self._columns: tuple[str, ...] = ()
        self._local: dict[int, int] = {}
        self._patterns: dict[tuple[int, ...], str] = {}
        self._source: TableAnswer | None = None

    def begin(self) -> None:
        """Write everything that is known before the data."""
        answer, case = self._answer, self._answer.case
        head: dict[str, object] = {
            "request": case.request,
            "state": self._state,
            "received": case.received,
            "answered": case.answered,
            "language": case.language,
            "controller": asdict(case.controller),
            "officer": asdict(case.officer) if case.officer else None,
            "authority": asdict(case.authority) if case.authority else None,
            "policy": {"version": answer.policy_version, "from": answer.policy_from, "url": answer.policy_url},
        }
        for name in _ITEMS:
            head[name] = [asdict(item) for item in getattr(answer, name)]
        self._write(_text(head)[:-1] + ', "stores": {')

    def store(self, store: StoreAnswer) -> None:
        """Open a store."""
        self._close_table()
        if self._stores:
            self._write("}}")
        self._write(f'{", " if self._stores else ""}{_text(store.name)}: {{"state": {_text(store.state)}, "tables": {{')
        self._stores += 1
        self._tables = 0

    def table(self, table: TableAnswer) -> None:
        """Open a table of the store that is open."""
        self._close_table()
        self._write(f'{", " if self._tables else ""}{_text(table.name)}: {{"data": [')
        self._tables += 1
        self._rows = 0
        self._columns = tuple(column.name for column in table.columns)
        self._source = table
        self._local = {}
        self._patterns = {}

    def row(self, row: Row) -> None:
        """Write a row of the table that is open."""
        values = _ENCODER.encode(dict(zip(self._columns, map(plain, row.values), strict=True)))
        self._write(
            f'{"," if self._rows else ""}\n{{"row": {values}, "class": {self._class_text(tuple(row.classes))}}}'
        )
        self._rows += 1

    def end(self) -> None:
        """Close what is open; write the classes."""
        self._close_table()
        classes = [asdict(datum) for datum in self._classes]
        self._write(("}}" if self._stores else "") + '}, "classes": ' + _text(classes) + "}\n")

    def _close_table(self) -> None:
        if self._source is not None:
            self._write(f'], "rows": {self._rows}}}')
            self._source = None

    def _class_text(self, classes: tuple[int, ...]) -> str:
        """Return the classes of a row as JSON; rows of a table repeat a few patterns, so they are remembered."""
        found = self._patterns.get(classes)
        if found is None:
            if len(self._patterns) >= _PATTERNS:
                self._patterns.clear()
            pairs = zip(self._columns, classes, strict=True)
            found = _ENCODER.encode({column: self._index(index) for column, index in pairs if index >= 0})
            self._patterns[classes] = found
        return found

    def _index(self, local: int) -> int:
        found = self._local.get(local)
        if found is None and self._source is not None:
            found = self._classes.setdefault(self._source.classes[local], len(self._classes))
            self._local[local] = found
        return -1 if found is None else found


def erasure_document(report: ErasureReport, state: str) -> dict[str, Plain]:
    """Return what `belofte request erasure --json` prints: per store and table what was done, residue, open tasks.

    `state` is the request's. No value of the person's is in it: places, counts, articles and digests only.
    """
    stores = {
        store.name: {
            "state": store.state,
            "tables": {
                table.name: {
                    "deleted": table.deleted,
                    "erased": table.erased,
                    "unlinked": table.unlinked,
                    "kept": table.kept,
                    "reasons": [asdict(reason) for reason in table.reasons],
                }
                for table in store.tables
            },
            "statements": store.statements,
            "level": store.level,
        }
        for store in report.stores
    }
    document = {
        "request": report.case.request,
        "state": state,
        "received": report.case.received,
        "answered": report.case.answered,
        "stores": stores,
        "residue": [asdict(one) for one in report.residue],
        "tasks": [asdict(gap) for gap in report.gaps if gap.kind == "manual"],
        "uncovered": [asdict(gap) for gap in report.gaps if gap.kind != "manual"],
        "undetermined": [asdict(one) for one in report.undetermined],
        "told": report.told,
    }
    return {key: plain(value) for key, value in document.items()}


def _text(value: object) -> str:
    return _ENCODER.encode(plain(value))

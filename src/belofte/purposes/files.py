"""The files that an extract is written as, by the ending of the name: CSV, JSON lines, Parquet.

Each is written row by row as rows arrive. Parquet keeps the types that the catalogue states; its library is large and
comes with `belofte[parquet]`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal, Inexact
from itertools import islice
from pathlib import Path
from typing import Any

from belofte.datamap.schema import ColumnInfo
from belofte.stores.session import Row

Write = Callable[[Path, Sequence[ColumnInfo], Iterator[Row]], int]
"""What writes rows of such columns to a new file, and returns how many."""
ROWS = 20_000
"""Rows in one group of a Parquet file: what is held in memory at once."""
_DECIMAL = re.compile(r"^(?:numeric|decimal|dec)\((\d+)(?:,\s*(\d+))?\)", re.IGNORECASE)
_FLOAT = re.compile(r"^(?:float|double|real)", re.IGNORECASE)
MOST_DIGITS = 76
"""Digits of the largest decimal that Parquet's readers hold."""


class NoFile(Exception):
    """No file of this kind can be written; says why and what to do."""


def writer(file: Path) -> Write:
    """Return what writes a file of this kind; raises `NoFile` where nothing does, where its folder is not
    there, and where the file is."""
    found = {".csv": as_csv, ".jsonl": as_jsonl, ".parquet": as_parquet}.get(file.suffix)
    if found is None:
        raise NoFile(f"`{file.name}` is of no kind that is written: name it `….parquet`, `….csv` or `….jsonl`")
    if found is as_parquet:
        _arrow()
    if not file.parent.is_dir():
        raise NoFile(f"there is no folder `{file.parent}` for `{file.name}`: make it, or name another")
    if file.exists():
        raise NoFile(f"`{file.name}` is there already: an extract overwrites nothing")
    return found


def as_csv(file: Path, columns: Sequence[ColumnInfo], rows: Iterator[Row]) -> int:
    """Write rows as CSV, NULL as nothing between the commas; return how many."""
    count = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        written = csv.writer(out)
        written.writerow([column.name for column in columns])
        for row in rows:
            written.writerow([plain(value) for value in row])
            count += 1
    return count


def as_jsonl(file: Path, columns: Sequence[ColumnInfo], rows: Iterator[Row]) -> int:
    """Write rows as one JSON object a line; return how many."""
    count = 0
    names = [column.name for column in columns]
    with file.open("w", encoding="utf-8", newline="") as out:
        for row in rows:
            found = dict(zip(names, (plain(value) for value in row), strict=True))
            out.write(json.dumps(found, ensure_ascii=False, default=str) + "\n")
            count += 1
    return count


def as_parquet(file: Path, columns: Sequence[ColumnInfo], rows: Iterator[Row]) -> int:
    """Write rows as Parquet, in groups, each column of its own type; return how many."""
    arrow, parquet = _arrow()
    kinds = [_kind(arrow, column) for column in columns]
    schema = arrow.schema([(column.name, kind) for column, (kind, _) in zip(columns, kinds, strict=True)])
    count = 0
    with parquet.ParquetWriter(file, schema) as out:
        while batch := list(islice(rows, ROWS)):
            values = zip(*batch, strict=True)
            arrays = [
                _array(arrow, column, *kind, own) for column, kind, own in zip(columns, kinds, values, strict=True)
            ]
            out.write_table(arrow.Table.from_arrays(arrays, schema=schema), row_group_size=ROWS)
            count += len(batch)
    return count


def plain(value: Any) -> Any:
    """Return a value as a file of text holds it: moments in UTC, bytes in hexadecimals."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    return value.hex() if isinstance(value, bytes | memoryview) else value


# -- Parquet's types ---------------------------------------------------------------------------------------------

Read = Callable[[Any], Any]


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        why = "`.parquet` needs a library that is not installed"
        raise NoFile(f"{why}: install `belofte[parquet]`, or name the file `….csv` or `….jsonl`") from None
    return pyarrow, pyarrow.parquet


def _kind(arrow: Any, column: ColumnInfo) -> tuple[Any, Read]:
    """Return the type that a column has in the file, and what reads a driver's value as one of it."""
    if column.family == "integer":
        return (arrow.uint64() if "unsigned" in column.type.lower() else arrow.int64()), _same
    if column.family == "numeric":
        return _number(arrow, column)
    found: dict[str, tuple[Any, Read]] = {
        "boolean": (arrow.bool_(), _flag),
        "date": (arrow.date32(), _day),
        "timestamp": (arrow.timestamp("us"), _moment),
        "timestamptz": (arrow.timestamp("us", tz="UTC"), _aware),
        "bytes": (arrow.binary(), _same),
    }
    return found.get(column.family, (arrow.string(), _text))


def _number(arrow: Any, column: ColumnInfo) -> tuple[Any, Read]:
    """Return the type of a number: its decimals where the catalogue says how many, else its digits as text."""
    stated = _DECIMAL.match(column.type)
    if stated is not None and int(stated[1]) <= MOST_DIGITS:
        digits, scale = int(stated[1]), int(stated[2] or 0)
        make = arrow.decimal128 if digits <= 38 else arrow.decimal256
        unit, exactly = Decimal(1).scaleb(-scale), Context(prec=MOST_DIGITS, traps=[Inexact])
        return make(digits, scale), lambda value: Decimal(str(value)).quantize(unit, context=exactly)
    return (arrow.float64(), _same) if _FLOAT.match(column.type) else (arrow.string(), _text)


def _array(arrow: Any, column: ColumnInfo, kind: Any, read: Read, values: Iterable[Any]) -> Any:
    """Return one column's values of a group; a value that its column's type does not hold ends the extract."""
    try:
        return arrow.array([None if value is None else read(value) for value in values], type=kind)
    except (arrow.ArrowException, ValueError, TypeError, ArithmeticError):
        why = f"a value of `{column.name}` is not what its type `{column.type}` says"
        raise NoFile(f"{why}: mend it, or name the file `….csv` or `….jsonl`") from None


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    shown = plain(value)
    return json.dumps(shown, ensure_ascii=False, default=str) if isinstance(shown, dict | list) else str(shown)


def _flag(value: Any) -> bool:
    if value in (0, 1):
        return bool(value)
    if value in (b"\0", b"\1"):  # MariaDB's bit(1)
        return bool(value == b"\1")
    raise ValueError("no yes or no")


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _aware(value: Any) -> datetime:
    """Return a moment in UTC, in which sessions read one without its zone (MariaDB's)."""
    found = _moment(value)
    return found.astimezone(UTC) if found.tzinfo is not None else found.replace(tzinfo=UTC)

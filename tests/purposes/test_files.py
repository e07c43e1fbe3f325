"""Files of extracts: in every dialect each column keeps its type, and every kind of file holds the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyarrow.parquet import ParquetFile, read_table
from sqlglot import exp

from belofte.compiler.statement import Statement
from belofte.datamap.schema import ColumnInfo
from belofte.purposes import files
from belofte.purposes.files import NoFile, as_jsonl, as_parquet, writer
from belofte.stores.connect import Store, connect
from belofte.stores.reflect import reflect
from belofte.stores.session import session

ROWS = [(1, 'Zoë, "the" one', "1234567.80", "1980-02-29", "2026-03-01 12:30:00.5"), (2, None, None, None, None),
        (3, "", "-0.01", "1899-12-31", "1970-01-01 00:00:00")]  # fmt: skip
MOMENTS = {"postgres": "timestamptz(6)", "mysql": "timestamp(6) NULL", "sqlite": "text"}


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A database with one table of many types."""
    opened = connect(store_url, read_only=False)
    moment = MOMENTS[opened.dialect]
    with opened.engine.begin() as filling:
        columns = f"id integer PRIMARY KEY, name varchar(40), price decimal(12, 2), born date, at {moment}"
        filling.exec_driver_sql(f"CREATE TABLE thing ({columns})")
        mark = "?" if opened.dialect == "sqlite" else "%s"
        for row in ROWS:
            if row[4] == "1970-01-01 00:00:00" and opened.dialect == "mysql":
                row = (*row[:4], "1970-01-01 00:00:01")
            filling.exec_driver_sql(f"INSERT INTO thing VALUES ({', '.join([mark] * 5)})", row)  # noqa: S608
    yield opened
    opened.close()


def written(store: Store, write: files.Write, file: Path, names: str = "id name price born at") -> int:
    """Write the table to a file."""
    infos = reflect(store.engine).tables["thing"].columns
    query = exp.select(*(exp.column(name, quoted=True) for name in names.split())).from_("thing").order_by("id")
    with session(store) as reading:
        return write(file, [infos[name] for name in names.split()], reading.stream(Statement(query), {}))


def test_parquet_keeps_types_and_holds_what_the_lines_hold(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ROWS", 2)
    lines, parquet = tmp_path / "t.jsonl", tmp_path / "t.parquet"
    assert written(store, as_jsonl, lines) == written(store, as_parquet, parquet) == 3
    found = read_table(parquet)
    assert ParquetFile(parquet).num_row_groups == 2
    moment = "string" if store.dialect == "sqlite" else "timestamp[us, tz=UTC]"
    assert [str(one.type) for one in found.schema] == ["int64", "string", "decimal128(12, 2)", "date32[day]", moment]
    rows = found.to_pylist()
    assert rows[0]["price"] == Decimal("1234567.80")
    assert rows[0]["born"] == date(1980, 2, 29)
    if store.dialect != "sqlite":
        assert rows[0]["at"] == datetime(2026, 3, 1, 12, 30, 0, 500_000, UTC)
    told = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [same(row) for row in rows] == [same(row) for row in told]


def same(row: dict[str, Any]) -> dict[str, Any]:
    """A row as both kinds of file can hold it."""
    price, at = row["price"], row["at"]
    moment = None if at is None else at if isinstance(at, datetime) else datetime.fromisoformat(at)
    found = {**row, "price": None if price is None else f"{float(price):.2f}", "born": row["born"] and str(row["born"])}
    return {**found, "at": moment and moment.replace(tzinfo=UTC)}


def test_a_value_that_its_column_does_not_hold_is_refused_and_not_shown(tmp_path: Path) -> None:
    day = ColumnInfo("born", "date", "date")
    with pytest.raises(NoFile, match="a value of `born` is not what its type `date` says") as refused:
        as_parquet(tmp_path / "t.parquet", [day], iter([("yesterday",)]))
    assert "yesterday" not in str(refused.value)
    price = ColumnInfo("price", "numeric", "DECIMAL(5,2)")
    with pytest.raises(NoFile, match="price"):
        as_parquet(tmp_path / "t.parquet", [price], iter([(1.005,)]))


def test_a_file_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoFile, match=r"there is no folder `.*nowhere` for `contacts.csv`"):
        writer(tmp_path / "nowhere" / "contacts.csv")


def test_without_its_library_parquet_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NoFile, match=r"install `belofte\[parquet\]`"):
        writer(tmp_path / "t.parquet")
    assert writer(tmp_path / "t.csv") is files.as_csv

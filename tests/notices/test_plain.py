"""Database values in JSON and CSV."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from belofte.notices.answer import Hidden
from belofte.notices.plain import cell, plain


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (2**70, 2**70),
        (1.5, 1.5),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (Decimal("89.90"), "89.90"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 14, 5, tzinfo=UTC), "2026-01-31T14:05:00+00:00"),
        (time(9, 30), "09:30:00"),
        (timedelta(minutes=2), 120.0),
        (b"\x00\xff", "AP8="),
        (memoryview(b"a"), "YQ=="),
        ({"a": [Decimal("1.0"), None]}, {"a": ["1.0", None]}),
        (frozenset({"b", "a"}), ["a", "b"]),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Hidden.OTHER_PERSON, "[left out: about someone else]"),
    ],
)
def test_a_value_becomes_what_json_can_carry(value: object, expected: object):
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)
    json.dumps(plain(value), allow_nan=False)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_a_text_that_a_spreadsheet_would_run_is_neutralised(start: str):
    assert cell(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, ""), (-5, "-5"), (Decimal("-5.10"), "-5.10"), (False, "false"), ("a=b", "a=b"), ([1, "x"], '[1, "x"]')],
)
def test_other_values_are_one_field_as_they_are(value: object, expected: str):
    assert cell(value) == expected

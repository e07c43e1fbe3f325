"""Database values as JSON and CSV can carry them: one rule, used by every file that a person receives.

JSON: NULL is null; booleans, integers and text are themselves; a decimal is a string with all its digits (a JSON number
would lose them), a float is a number, or a string where JSON has none (`NaN`, `Infinity`); dates and times are in
ISO 8601; a duration is a number of seconds; bytes are base64; arrays and documents keep their form; anything else is
its text. CSV: the same, NULL an empty field, arrays and documents as JSON text, and a text that a spreadsheet would run
as a formula gets an apostrophe in front (it begins with `=`, `+`, `-`, `@`, a tab or a new line): the JSON file has it
unchanged.
"""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain(value: object) -> Plain:
    """Return a database value as JSON can carry it (the rule above)."""
    if type(value) in _AS_THEY_ARE:
        return value  # type: ignore[return-value]
    if value is None or isinstance(value, bool | int | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value).replace("inf", "Infinity").replace("nan", "NaN")
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(bytes(value)).decode("ascii")
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, Enum):
        return plain(value.value)
    return str(value)


def cell(value: object) -> str:
    """Return a database value as one CSV field, safe to open in a spreadsheet (the rule above)."""
    if type(value) is str:
        return f"'{value}" if value.startswith(_FORMULA) else value
    found = plain(value)
    if found is None:
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, int | float):
        return str(found)
    if isinstance(found, str):
        number = isinstance(value, Decimal)
        return f"'{found}" if found.startswith(_FORMULA) and not number else found
    return json.dumps(found, ensure_ascii=False)

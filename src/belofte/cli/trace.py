"""Where something went wrong, without what: a trace for whoever debugs, in which no value of anybody stands.

Drivers put rows into their messages (`DETAIL: Failing row contains (…)`, `[parameters: …]`), and so do libraries that
read text. Of an error that is not our own, its name is shown, and what a database says of the place.
"""

from __future__ import annotations

from collections.abc import Iterator
from traceback import extract_tb

PLACES = ("schema_name", "table_name", "column_name", "constraint_name", "datatype_name")
"""What PostgreSQL says of an error that names things and holds no value."""


def trace(wrong: BaseException) -> Iterator[str]:
    """Yield the lines of a trace, what came first at the beginning, as Python writes one."""
    before = wrong.__cause__ or (None if wrong.__suppress_context__ else wrong.__context__)
    if before is not None:
        yield from trace(before)
        yield ""
    yield "Traceback (most recent call last):"
    for frame in extract_tb(wrong.__traceback__):
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
        yield f"    {frame.line}"
    yield _named(wrong)


def _named(wrong: BaseException) -> str:
    kind = type(wrong)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if kind.__module__.partition(".")[0] == "belofte":
        return f"{name}: {wrong}"
    said = [str(state)] if (state := getattr(wrong, "sqlstate", None)) else []
    told = getattr(wrong, "diag", None)
    said += [f"{part.removesuffix('_name')} {found}" for part in PLACES if (found := getattr(told, part, None))]
    return f"{name}: {', '.join(said)}" if said else name

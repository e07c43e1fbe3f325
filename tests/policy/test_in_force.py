"""Which text was in force: taken up late, ahead, mended, and gone back to."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from belofte.policy.in_force import in_force, taken_up


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(hour=12, tzinfo=UTC)


def then(said: list[tuple[str, str, str | None]], at: str) -> str | None:
    taken = taken_up((text, day(when), date.fromisoformat(named) if named else None) for text, when, named in said)
    found = in_force(taken, day(at))
    return found.text if found is not None else None


FIRST, SECOND = ("a", "2026-01-05", "2026-01-01"), ("b", "2026-02-15", "2026-03-01")


@pytest.mark.parametrize(
    ("said", "at", "text"),
    [
        ([FIRST], "2025-12-31", None),
        ([FIRST], "2026-01-02", "a"),  # recorded later than it says that it holds from
        ([FIRST, SECOND], "2026-02-20", "a"),  # announced ahead
        ([FIRST, SECOND], "2026-03-02", "b"),
        ([FIRST, SECOND, ("a", "2026-04-01", "2026-01-01")], "2026-03-02", "b"),
        ([FIRST, SECOND, ("a", "2026-04-01", "2026-01-01")], "2026-04-02", "a"),  # gone back to
        ([FIRST, SECOND, ("a", "2026-04-01", "2026-01-01"), ("b", "2026-05-01", "2026-03-01")], "2026-05-02", "b"),
        ([FIRST, SECOND, ("a", "2026-02-20", "2026-01-01")], "2026-03-02", "a"),  # what was announced never began
        ([FIRST, SECOND, ("c", "2026-02-20", "2026-04-01")], "2026-03-02", "b"),  # nor does a third one undo it
        ([FIRST, ("mended", "2026-02-01", "2026-01-01")], "2026-01-10", "a"),
        ([FIRST, ("mended", "2026-02-01", "2026-01-01")], "2026-02-02", "mended"),
        ([("a", "2026-01-05", None), ("b", "2026-02-05", None), ("a", "2026-03-05", None)], "2026-03-06", "a"),
        ([FIRST, FIRST], "2026-01-10", "a"),
    ],
)
def test_the_text_in_force_is_the_one_taken_up_last_of_those_that_hold(said, at, text):
    assert then(said, at) == text


def test_the_same_text_twice_is_taken_up_once():
    assert len(taken_up([("a", day("2026-01-01"), None), ("a", day("2026-02-01"), None)])) == 1

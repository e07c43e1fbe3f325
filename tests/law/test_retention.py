"""Belgian statutory retention: found by the law's name, counted from its own day."""

from __future__ import annotations

from datetime import date

import pytest

from belofte.law.retention import STATUTES, statute


@pytest.mark.parametrize(
    ("law", "found"),
    [
        ("WER III.86", "WER III.86"),
        ("wer iii.86", "WER III.86"),
        ("art. III.86 WER", "WER III.86"),
        ("CDE, art. III.86", "WER III.86"),
        ("WER III.88 §2", "WER III.88"),
        ("WBTW art. 60", "WBTW 60"),
        ("WIB92 art. 315", "WIB92 315"),
        ("sociale documenten", "KB 8-8-1980 25"),
        ("WER III.87", None),
        ("WER", None),
        ("", None),
        ("GDPR 6(1)(c)", None),
    ],
)
def test_law_is_found_by_its_names(law, found):
    entry = statute(law)
    assert (entry.law if entry else None) == found


@pytest.mark.parametrize(
    ("law", "trigger", "over"),
    [
        ("WER III.86", date(2019, 5, 6), date(2026, 5, 6)),
        ("WER III.86", date(2020, 2, 29), date(2027, 2, 28)),
        ("WER III.88", date(2019, 12, 31), date(2027, 1, 1)),
        ("WER III.88", date(2020, 1, 1), date(2028, 1, 1)),
        ("WBTW 60", date(2023, 3, 15), date(2034, 1, 1)),
    ],
)
def test_term_is_over_on_its_day(law, trigger, over):
    entry = statute(law)
    assert entry is not None
    assert entry.over(trigger) == over


def test_limitation_is_no_duty_to_keep():
    entry = statute("BW 2262bis §1")
    assert entry is not None
    assert entry.kind == "limitation"
    assert entry.term.years == 10


def test_trigger_at_the_end_of_the_calendar_has_an_answer():
    assert all(entry.over(date.max) == date.max for entry in STATUTES)


def test_each_entry_says_where_it_comes_from():
    assert all(entry.source.text and entry.source.as_of and all(entry.words) for entry in STATUTES)
    unread = {entry.law for entry in STATUTES if entry.source.memory}
    assert "WIB92 315" in unread
    assert "WER III.86" not in unread


def test_table_of_terms():
    assert {entry.law: (entry.term.years, entry.start, entry.kind) for entry in STATUTES} == {
        "WER III.86": (7, "event", "duty"),
        "WER III.88": (7, "next-january", "duty"),
        "WBTW 60": (10, "next-january", "duty"),
        "WIB92 315": (10, "next-january", "duty"),
        "KB 8-8-1980 25": (5, "event", "duty"),
        "BW 2262bis §1": (10, "event", "limitation"),
        "BW 2262bis §1 tort": (5, "event", "limitation"),
        "BW 2262bis §1 tort, outer": (20, "event", "limitation"),
    }

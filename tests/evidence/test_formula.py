"""The stepwise evaluator says what the definition of past-time logic says, read aloud over the whole history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belofte.evidence.formula import Both, Formula, Is, Not, Since, Watched, once

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
History = list[tuple[int, frozenset[str]]]

histories: st.SearchStrategy[History] = st.lists(
    st.tuples(st.integers(0, 3), st.frozensets(st.sampled_from("abc"))), max_size=8
)
terms = st.integers(0, 5).map(lambda days: timedelta(days=days))
formulas: st.SearchStrategy[Formula] = st.recursive(
    st.sampled_from("abc").map(Is),
    lambda inner: st.one_of(
        inner.map(Not),
        st.builds(Both, inner, inner),
        st.builds(Since, inner, inner),
        st.builds(lambda a, b, t: Since(a, b, within=t), inner, inner, terms),
        st.builds(lambda a, b, t: Since(a, b, older=t), inner, inner, terms),
    ),
    max_leaves=5,
)


def plain(formula: Formula, history: list[tuple[datetime, frozenset[str]]], now: int) -> bool:
    """Return whether a formula is true at a place in a history, by its definition."""
    match formula:
        case Is(name):
            return name in history[now][1]
        case Not(what):
            return not plain(what, history, now)
        case Both(one, other):
            return plain(one, history, now) and plain(other, history, now)
        case Since(holds, began, within, older):
            for then in range(now, -1, -1):
                ago = history[now][0] - history[then][0]
                near = (within is None or ago <= within) and (older is None or ago >= older)
                if near and plain(began, history, then):
                    return True
                if not plain(holds, history, then):
                    return False
            return False
    raise AssertionError(formula)


@given(formula=formulas, days=histories)
def test_each_step_says_what_the_whole_history_says(formula: Formula, days: History) -> None:
    at, history = BEGAN, []
    for gap, names in days:
        at += timedelta(days=gap)
        history.append((at, names))
    watched = Watched(formula)
    state = watched.begin()
    found = [watched.step(state, moment, names) for moment, names in history]
    assert found == [plain(formula, history, now) for now in range(len(history))]


def test_a_moment_between_two_terms_is_refused() -> None:
    with pytest.raises(ValueError, match="say `within` or `older`"):
        once(Is("a"), timedelta(1), timedelta(2))

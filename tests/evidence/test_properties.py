"""Each property with a history that keeps it and one that breaks it; only the act that breaks is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from belofte.evidence.properties import PROPERTIES
from belofte.evidence.watch import Act, Broken, broken

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = BEGAN + timedelta(days=400)
MAIL, SHOP = {"purpose": ["mailing"]}, {"purpose": ["orders"]}
GIVEN, USED = "consent informed", "used used-on-consent"

Told = tuple[int, str] | tuple[int, str, dict[str, list[str]]]
"""A day, what happens on it, and what it names."""


def acts(*told: Told, who: str = "alice") -> list[Act]:
    """Return a history about one person."""
    found = []
    for day, names, *about in told:
        found.append(Act(BEGAN + timedelta(days=day), frozenset(names.split()), who, about[0] if about else {}))
    return found


KEPT = {
    "access-in-time": [(0, "asked-access"), (35, "answered")],
    "answer-in-time": [(0, "asked"), (20, "longer"), (95, "answered")],
    "consent-before-use": [(0, GIVEN, MAIL), (1, USED, MAIL)],
    "erased-in-time": [(0, "asked-erasure"), (0, "answered")],
    "informed-at-collection": [(0, GIVEN, MAIL), (5, "consent", MAIL)],
    "let-go-in-time": [(0, "due"), (10, "due"), (20, "let-go"), (50, "due"), (50, "let-go")],
    "no-use-after-closing": [(0, GIVEN, MAIL), (1, "closed", MAIL), (2, GIVEN, MAIL), (3, USED, MAIL)],
    "no-use-while-restricted": [
        (0, "restricted", {"category": ["identity"]}), (1, "used", {"category": ["payment"]}),
        (2, "lifted", {"category": ["identity"]}), (3, "used", {"category": ["identity"]}),
    ],
    "recipients-told": [
        (0, "disclosed", {"recipient": ["post"]}), (9, "changed"), (10, "told", {"recipient": ["post"]}),
        (11, "disclosed", {"recipient": ["bank"]}),
    ],
}  # fmt: skip
BROKEN = {
    "access-in-time": ([(0, "asked-access"), (37, "answered")], [1]),
    "answer-in-time": ([(0, "asked"), (20, "longer"), (100, "answered")], [2]),
    "consent-before-use": ([(0, GIVEN, SHOP), (1, USED, MAIL), (2, GIVEN, MAIL), (3, USED, MAIL)], [2]),
    "erased-in-time": ([(0, "asked-erasure")], [1]),
    "informed-at-collection": ([(0, "consent", MAIL)], [1]),
    "let-go-in-time": ([(0, "due"), (36, "due"), (40, "let-go"), (41, "due")], [1, 4]),
    "no-use-after-closing": ([(0, GIVEN, MAIL), (1, "erased"), (2, "used", SHOP), (3, USED, MAIL)], [3, 4]),
    "no-use-while-restricted": ([(0, "restricted"), (1, "used", {"category": ["identity", "payment"]})], [2]),
    "recipients-told": (
        [
            (0, "disclosed", {"recipient": ["post"]}), (1, "disclosed", {"recipient": ["bank"]}), (2, "changed"),
            (3, "told", {"recipient": ["bank"]}),
        ],
        [3],
    ),
}  # fmt: skip


def numbers(history: Sequence[Act], name: str) -> list[int]:
    """Return the numbers of the acts that break a property."""
    return [one.number for one in broken(history, UNTIL) if one.property == name]


@pytest.mark.parametrize("name", [one.name for one in PROPERTIES])
def test_a_history_that_keeps_it_and_one_that_breaks_it(name: str) -> None:
    assert numbers(acts(*KEPT[name]), name) == []
    history, places = BROKEN[name]
    assert numbers(acts(*history), name) == places


def test_a_history_that_keeps_one_property_is_judged_by_the_others_too() -> None:
    assert {one.property for one in broken(acts((0, USED, MAIL), (0, "asked")), UNTIL)} == {
        "consent-before-use", "answer-in-time",
    }  # fmt: skip


def test_one_persons_consent_opens_nothing_of_another() -> None:
    history = [*acts((0, GIVEN, MAIL)), *acts((1, USED, MAIL), who="bob")]
    assert list(broken(history, UNTIL)) == [Broken(2, "", "consent-before-use")]


def test_properties_are_sorted_and_each_has_both_histories() -> None:
    names = [one.name for one in PROPERTIES]
    assert names == sorted(names) == sorted(KEPT) == sorted(BROKEN)


def test_acts_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="acts come in the order of time"):
        list(broken(acts((1, "asked"), (0, "answered")), UNTIL))

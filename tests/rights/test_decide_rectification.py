"""What happens to an element that a person wants changed."""

from __future__ import annotations

import pytest
from tests.rights.deciding import NOW, POLICY, said

from belofte.choices.events import Kind
from belofte.rights.decision import Closing
from belofte.rights.rectification import Change, decide, statutory


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (Change("identity.name", "inaccurate", True), ("granted", "16", "corrected")),
        (Change("identity.name", "incomplete", True), ("granted", "16", "completed")),
        (Change("identity.name", "incomplete"), ("granted", "16", "completed")),
        (Change("identity.name", "inaccurate"), ("undetermined", "16, 18(1)(a)", "disputed")),
        (Change("identity.name", "inaccurate", False), ("refused", "16", "accurate")),
        (Change("identity.name", "inaccurate", True, "contact"), ("granted", "16", "corrected")),
        (Change("identity.name", "inaccurate", True, "invoice"), ("annotated", "16, 17(3)(b)", "statutory-record")),
        (Change("identity.name", "incomplete", True, "invoice"), ("annotated", "16, 17(3)(b)", "statutory-record")),
        (Change("identity.name", "inaccurate", None, "invoice"), ("undetermined", "16, 18(1)(a)", "disputed")),
    ],
)
def test_each_change(change, outcome):
    assert said(decide(POLICY, [change], NOW), None) == [outcome]


def test_what_is_disputed_is_restricted_while_it_is_checked():
    changes = [Change(element, "inaccurate") for element in ("identity.name", "identity.email")]
    changes.append(Change("payment.invoice", "inaccurate", True))
    assert decide(POLICY, changes, NOW).closings == (Closing(Kind.RESTRICTION_SET, category="identity"),)


def test_a_record_is_statutory_when_a_legal_duty_counts_from_it():
    assert statutory(POLICY, "invoice")
    assert not statutory(POLICY, "contact")
    assert not statutory(POLICY, "inv")


def test_unknown_element_is_refused():
    with pytest.raises(ValueError, match=r"unknown category `identity\.nmae`"):
        decide(POLICY, [Change("identity.nmae", "inaccurate")], NOW)

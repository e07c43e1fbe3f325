"""The gate before the rights: its steps in order, and what is unknown never passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from belofte.law.gate import STEPS, Asked, CardCopy, Passage, card_copy_allowed, gate

ALICE = Asked(processor=False, identity="proven", data_found=True)


@pytest.mark.parametrize(
    ("asked", "code", "passage"),
    [
        (replace(ALICE, processor=True, marketing_stop=True), "G1", "forward"),
        (replace(ALICE, marketing_stop=True, identity=None), "G2", "act"),
        (replace(ALICE, identity="doubted", doubt_recorded=True), "G4", "ask"),
        (replace(ALICE, identity="doubted"), "G4?", "undetermined"),
        (replace(ALICE, identity="unidentifiable"), "G6", "inform"),
        (replace(ALICE, excessive="excessive", excess_proven=True), "G7", "charge-or-refuse"),
        (replace(ALICE, excessive="unfounded", excess_proven=True), "G7u", "charge-or-refuse"),
        (replace(ALICE, data_found=False), "G8", "no-data"),
        (ALICE, "G9", "proceed"),
    ],
)
def test_step(asked, code, passage):
    found = gate(asked)
    assert (found.code, found.passage) == (code, passage)


def test_excess_that_the_controller_cannot_show_does_not_stop_a_request():
    assert gate(replace(ALICE, excessive="excessive")).passage is Passage.PROCEED


@pytest.mark.parametrize("fact", ["processor", "identity", "data_found"])
def test_unknown_fact_keeps_the_request_open(fact):
    assert gate(replace(ALICE, **{fact: None})).passage is Passage.UNDETERMINED


def test_proven_identity_is_noted():
    assert gate(ALICE).noted == ("G3",)


@pytest.mark.parametrize(
    ("use", "allowed"),
    [
        (CardCopy(lighter_means_tried=True, masked=True, deleted_after=True), True),
        (CardCopy(lighter_means_tried=False, masked=True, deleted_after=True), False),
        (CardCopy(lighter_means_tried=True, masked=False, deleted_after=True), False),
        (CardCopy(lighter_means_tried=True, masked=True, deleted_after=False), False),
    ],
)
def test_card_copy_is_the_last_means_masked_and_deleted(use, allowed):
    assert card_copy_allowed(use) is allowed


def test_every_refusal_names_the_way_to_complain():
    for code in ("G7", "G7u"):
        words = STEPS[code][3]
        assert "klacht" in words.nl
        assert "réclamation" in words.fr
        assert "complain" in words.en

"""Every term of the Data Privacy Vocabulary that the law chapter emits exists in version 2.3."""

from __future__ import annotations

import csv
import re
from dataclasses import replace

import pytest
from tests import shared_data

from belofte.law import adequacy, breach, gate
from belofte.law.erasure import LADDER, Facts
from belofte.law.rights import BASES
from belofte.law.source import justification


def emitted() -> set[str]:
    """Return the IRIs that some set of facts leads to."""
    found = {rung.decision(facts).justification for rung in LADDER for facts in _facts()}
    found |= {f"{breach.EU_GDPR}{dpv}" for _, dpv, _ in breach.STEPS.values() if dpv}
    found |= {f"{breach.EU_GDPR}{entry.dpv}" for entry in adequacy.GROUNDS.values() if entry.dpv}
    found |= {justification(reason) for _, _, reason, _ in gate.STEPS.values() if reason}
    return {iri for iri in found if iri}


def _facts():
    for basis in BASES:
        facts = Facts(basis=basis, live=True)
        yield facts
        yield replace(facts, duty_to_erase=True)
        yield replace(facts, prefers_restriction=True)
        yield from (replace(facts, exemption=e) for e in ("expression", "public-task", "public-health", "archiving"))
        yield from (replace(facts, restriction=r) for r in ("accuracy", "unlawful", "claim", "objection"))


def test_every_emitted_term_exists_in_the_vocabulary():
    folder = shared_data.folder()
    if folder is None:
        pytest.skip("no shared data: the vocabulary is not here")
    gdpr = set(re.findall(r"^eu-gdpr:(\S+) a ", (folder / "dpv" / "eu-gdpr.ttl").read_text(), re.MULTILINE))
    with (folder / "dpv" / "justifications.csv").open(newline="") as file:
        general = {row["iri"] for row in csv.DictReader(file)}
    known = {f"https://w3id.org/dpv/legal/eu/gdpr#{term}" for term in gdpr} | general
    assert len(gdpr) > 150
    assert emitted() - known == set()
    assert len(emitted()) > 30

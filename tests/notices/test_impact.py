"""Impact assessments, balancing tests, attestations: what the policy says is there, what it cannot say is marked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from tests.examples import folders
from tests.policy.shop import SOUND

from belofte.cli import app
from belofte.law.dpia import TRIGGERS, Code, assessment
from belofte.notices.document import words
from belofte.notices.impact import attestations, balancing, outline, told
from belofte.notices.impact_words import FACTS, PARTS
from belofte.notices.markdown import markdown
from belofte.policy.impact import LARGE, facts
from belofte.policy.model import Policy

ON = date(2026, 11, 1)


def policy(purpose: Mapping[str, Any], **changes: Any) -> Policy:
    """The sound policy with one purpose `x`."""
    return Policy.model_validate(
        {**SOUND, **changes, "purposes": {"x": {"title": "X", "basis": "contract", **purpose}}}
    )


def test_every_reason_of_the_law_has_a_code_that_a_policy_may_state() -> None:
    assert set(get_args(Code)) == TRIGGERS.keys()


@pytest.mark.parametrize(
    ("purpose", "people", "code", "holds"),
    [
        ({"uses": "sales"}, None, "large-scale", None),
        ({"uses": "sales"}, LARGE, "large-scale", True),
        ({"uses": "sales"}, LARGE - 1, "large-scale", False),
        ({"uses": "sales"}, LARGE, "gba-8", True),
        ({"uses": "identity"}, LARGE, "gba-8", False),
        ({"uses": "identity"}, None, "new-technology", None),
        ({"uses": "identity", "impact": {"new-technology": False}}, None, "new-technology", False),
        ({"uses": "identity", "automated": {"decision": True, "profiling": True}}, None, "profiling-effect", True),
        ({"uses": "identity", "automated": {}}, None, "profiling-effect", False),
        ({"uses": "identity"}, None, "profiling-effect", None),
        ({"uses": "identity", "basis": {"contract": ["staff"]}}, None, "vulnerable", True),
        ({"uses": "identity", "basis": {"contract": ["customer"]}}, None, "vulnerable", False),
    ],
)
def test_a_reason_holds_not_or_is_unknown(
    purpose: Mapping[str, Any], people: int | None, code: str, holds: bool | None
) -> None:  # fmt: skip
    assert facts(policy(purpose), "x", people)[code] is holds


def test_sensitive_data_on_a_large_scale_is_due_and_without_a_number_cannot_be_told() -> None:
    categories = {"health": {"title": "H", "special": "health", "elements": {"note": "pd:Health"}}}
    purpose = {"uses": "health", "automated": {}, "basis": {"contract": ["customer"]}}
    sick = policy(purpose, categories=categories)
    assert assessment(facts(sick, "x", LARGE)).due is True
    assert assessment(facts(sick, "x")).due is None


def test_what_only_people_know_decides_once_the_policy_says_it() -> None:
    quiet = dict.fromkeys(("new-technology", "matching", "large-scale"), False)
    purpose = {"uses": "identity", "basis": {"contract": ["customer"]}, "automated": {}}
    assert assessment(facts(policy(purpose), "x")).due is None
    assert assessment(facts(policy({**purpose, "impact": quiet}), "x")).due is False


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_outline_has_every_part_in_order_and_marks_what_is_to_be_written(language: str) -> None:
    loaded = folders.policy("alsico")
    maps = {name: one.map for name, one in folders.maps("alsico", loaded).items()}
    text = markdown(outline(told(loaded.policy, maps, "assessment", language, ON, 12_345)))
    places = [text.index(f" {one.of(language)}\n") for one in PARTS.values()]
    assert places == sorted(places)
    gap = {"nl": "in te vullen", "fr": "à compléter", "en": "to be filled in"}[language]
    assert text.count(gap) >= 8
    assert "Kredietwijzer NV" in text
    assert "12" in text


def test_the_balancing_test_says_what_the_policy_weighed() -> None:
    loaded = folders.policy("alsico")
    purpose = loaded.policy.purposes["orders"]
    assert purpose.interest is not None
    assert purpose.balancing is not None
    document = balancing(told(loaded.policy, {}, "orders", "nl", ON, None))
    rows = {name: words(run) for block in document.sections[0].blocks for name, run in block.rows}  # type: ignore[union-attr]
    assert rows[FACTS["interest"].nl] == purpose.interest.of("nl")
    assert rows[FACTS["weighed"].nl] == purpose.balancing.of("nl")
    assert rows[FACTS["outcome"].nl] == "[in te vullen]"


def test_an_attestation_counts_while_its_file_is_the_same_and_its_day_has_yet_to_come() -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    word = {"owner": "Ann", "evidence": "e.md", "sha256": digest, "expires": "2027-01-01"}
    promise = {"id": "P1", "text": "We do.", "holds": "attested", "attestation": word}
    stated = policy({"uses": "identity"}, promises=[promise])
    for there, day, state in (
        ({"e.md": digest}, ON, "counts"), ({"e.md": "0" * 64}, ON, "changed"), ({"e.md": None}, ON, "changed"),
        ({"e.md": digest}, date(2027, 1, 1), "expired"),
    ):  # fmt: skip
        text = markdown(attestations(stated, there, "en", day))
        assert "Ann" in text
        assert f"**state**: {state}" in text or f"{state} or is gone" in text


def test_the_verbs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    company = ("-C", str(folders.EXAMPLES / "alsico"))
    assert app.run(["dpia", "--json", *company]) == 2
    shown = json.loads(capsys.readouterr().out)["purposes"]
    assert shown["assessment"]["due"] is True
    assert app.run(["dpia", "assessment", "--to", str(tmp_path / "a.html"), *company]) == 2
    assert "<h1>" in (tmp_path / "a.html").read_text()
    assert app.run(["dpia", "nothing", *company]) == 3
    assert app.run(["document", "balancing", "orders", "--to", str(tmp_path / "b.md"), *company]) == 0
    assert app.run(["document", "balancing", "accounting", *company]) == 3
    assert app.run(["document", "attestations", "--to", str(tmp_path / "c.txt"), *company]) == 3

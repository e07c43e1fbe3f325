"""The mailing that tells people of a new policy: what is in it, who may read it, and what the log says of it."""

from __future__ import annotations

import csv
import stat
from copy import deepcopy
from pathlib import Path

import pytest
from tests.purposes.shop import Shop

from belofte.choices.events import Kind
from belofte.cli.announcing import Prepared, announce
from belofte.cli.ending import Code, Ending
from belofte.database.acts import Act, latest
from belofte.policy.compare import compare
from belofte.policy.model import Policy


def announced(shop: Shop, to: Path) -> Prepared:
    """Announce that the books are kept for ten years."""
    before = Policy.model_validate(deepcopy(shop.policy))
    shop.map["mode"] = "observe"
    shop.policy["purposes"]["books"]["keep"] = "P10Y"
    with shop.desk() as desk:
        return announce(desk, before, compare(before, desk.policy), to, None, "alice")


def test_the_mailing_holds_a_message_per_language_and_everyone_concerned(shop, tmp_path):
    shop.choose("alice", Kind.OBJECTION_MADE, "mailing")
    prepared = announced(shop, tmp_path / "mailing")
    assert (prepared.people, prepared.without_address, prepared.silent) == (3, 0, ())
    assert sorted(path.name for path in (tmp_path / "mailing").iterdir()) == [
        "en.html", "en.subject.txt", "en.txt", "people.csv",
    ]  # fmt: skip
    with (tmp_path / "mailing" / "people.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["key"], row["language"], row["email"]) for row in rows] == [
        ("1", "en", "Alice@example.com"), ("2", "en", "bob@example.com"), ("3", "en", "charlie@example.com"),
    ]  # fmt: skip


def test_nobody_else_may_read_it_and_the_log_names_nobody(shop, tmp_path):
    announced(shop, tmp_path / "mailing")
    assert stat.S_IMODE((tmp_path / "mailing").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "mailing").iterdir()} == {0o600}
    (act,) = latest(shop.db, [Act.ANNOUNCEMENT_PREPARED])
    row = act.payload["row"]
    assert isinstance(row, dict)
    assert (row["people"], row["by_hand"], row["silent"]) == (3, [], [])
    assert "example.com" not in (act.content or "")


def test_an_older_mailing_is_never_written_over(shop, tmp_path):
    (tmp_path / "mailing").mkdir()
    (tmp_path / "mailing" / "people.csv").write_text("another list")
    with pytest.raises(Ending, match="is not empty") as refused:
        announced(shop, tmp_path / "mailing")
    assert refused.value.code is Code.INVALID
    assert latest(shop.db, [Act.ANNOUNCEMENT_PREPARED]) == []


def test_a_policy_that_would_let_old_consents_count_is_not_announced(shop, tmp_path):
    before = Policy.model_validate(deepcopy(shop.policy))
    shop.policy["purposes"]["mailing"]["uses"] = ["identity.name", "dealings.order"]
    with (
        shop.desk() as desk,
        pytest.raises(Ending, match="consents would count on as given to the new policy: mailing"),
    ):
        announce(desk, before, compare(before, desk.policy), tmp_path / "mailing", None, "alice")
    assert not (tmp_path / "mailing").exists()

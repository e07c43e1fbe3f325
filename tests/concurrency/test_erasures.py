"""Two erasures at once, and what others do while one runs: nothing of anybody else goes, nothing happens twice."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.concurrency.paused import standing, started, until_waiting
from tests.requests.company import ALICE, BOB, Company

ERASE = ("erasure", "--person", "email=-", "--verified-by", "session", "--yes", "--json")
STEP = "crm:step4"
"""In the middle: what goes is known, and nothing has gone."""


@pytest.fixture
def shop(company: Company) -> Company:
    """The company without its manual store."""
    return company.without_archive()


def counted(company: Company) -> list[tuple[str, int]]:
    """Return how many requests there are in each state."""
    with company.own() as own:
        return own.execute("SELECT state, count(*) FROM belofte.request GROUP BY 1 ORDER BY 1").fetchall()


def test_two_erasures_of_one_person_at_once_end_as_one(shop: Company) -> None:
    with standing(shop, "crm:marked", *ERASE, stdin=ALICE) as first:
        second = started(shop, "never", *ERASE, stdin=ALICE)
        until_waiting(shop)
        assert first.finished() == 0
        assert second.finished() == 0
    assert counted(shop) == [("fulfilled", 2)]
    assert [row[:2] for row in shop.state()["crm.note"]] == [(22, 2)]
    assert shop.state()["crm.contact"][0][:5] == (1, None, None, None, None)
    assert shop.markers() == {"crm": 2, "news": 2}
    with shop.own() as own:
        assert own.execute("SELECT count(DISTINCT subject_id) FROM belofte.request_subject").fetchone() == (1,)


def test_one_request_taken_up_twice_at_once_is_done_once(shop: Company) -> None:
    shop.fork(ERASE, lambda step: os._exit(77) if step == "begin" else None, ALICE)
    name = shop.open_request()
    with standing(shop, "crm:marked", "resume", name) as first:
        second = started(shop, "never", "resume", name)
        until_waiting(shop)
        assert first.finished() == 0
        assert second.finished() == 0
    assert shop.state_of(name) == "fulfilled"
    assert shop.markers() == {"crm": 1, "news": 1}
    events = shop.events()
    assert len(events) == len(set(events))


def test_one_request_taken_up_twice_where_nothing_is_left_to_do_is_done_once(shop: Company) -> None:
    """Then no row is changed by which the second would see that the first was there."""
    shop.erase()
    shop.fork(ERASE, lambda step: os._exit(77) if step == "begin" else None, ALICE)
    name = shop.open_request()
    with standing(shop, "crm:marked", "resume", name) as first:
        second = started(shop, "never", "resume", name)
        until_waiting(shop)
        assert (first.finished(), second.finished()) == (0, 0)
    assert shop.state_of(name) == "fulfilled"


def test_a_row_that_becomes_somebody_elses_meanwhile_stays(shop: Company) -> None:
    with standing(shop, STEP, *ERASE, stdin=ALICE) as erasing:
        with shop.crm() as crm:
            crm.execute("UPDATE note SET contact_id = 2, body = 'of bob' WHERE id = 20")
        assert erasing.finished() == 0
    assert [row[:3] for row in shop.state()["crm.note"]] == [(20, 2, "of bob"), (22, 2, "asked about colours twice")]


def test_two_who_make_the_marker_at_the_same_moment_both_have_it(shop: Company) -> None:
    with shop.crm() as crm:
        crm.autocommit = False
        crm.execute(
            "CREATE TABLE belofte_marker (request varchar(200) NOT NULL, step varchar(200) NOT NULL, "
            "plan varchar(200) NOT NULL, counts text NOT NULL, at varchar(200) NOT NULL, PRIMARY KEY (request, step))"
        )
        erasing = started(shop, "never", *ERASE, stdin=ALICE)
        until_waiting(shop)
        crm.commit()
    assert erasing.finished() == 0
    assert shop.markers() == {"crm": 1, "news": 1}


def test_a_withdrawal_does_not_wait_for_an_erasure_of_somebody_else(shop: Company) -> None:
    with standing(shop, "crm:marked", *ERASE, stdin=ALICE) as erasing:
        withdrawn = shop.run("withdrawal", "--person", "email=-", "--verified-by", "s", stdin=BOB)
        assert withdrawn.code == 0, withdrawn.err
        assert erasing.finished() == 0
    assert counted(shop) == [("fulfilled", 2)]
    assert shop.state()["crm.contact"][1][1] == "Bob Janssens"


@pytest.mark.parametrize("taken_up", ["resume", "plan"])
def test_what_is_held_after_the_plan_was_made_is_kept(shop: Company, tmp_path: Path, taken_up: str) -> None:
    file = tmp_path / "plan.json"
    ask = ("erasure", "--person", "email=-", "--verified-by", "session", "--plan", str(file), "--json")
    assert shop.run(*ask, stdin=ALICE).code == 2
    name = json.loads(file.read_text())["request"]
    held = shop.run("restriction", "--person", "email=-", "--ground", "claim", "--verified-by", "s", stdin=ALICE)
    assert held.code == 0, held.err
    before = shop.state()
    if taken_up == "plan":
        stale = shop.run("erasure", "--plan", str(file), "--yes")
        assert stale.code == 1
        assert "the plan is stale" in stale.err
    else:
        shop.run("resume", name, "--yes")
    assert shop.state()["crm.note"] == before["crm.note"]
    assert shop.state()["crm.contact"] == before["crm.contact"]

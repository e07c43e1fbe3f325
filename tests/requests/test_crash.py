"""Whatever step the process dies at, taking the request up again ends as if nothing had happened, each change once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.requests.company import ALICE, BOB, Company, words

ERASE = ("erasure", "--person", "email=-", "--verified-by", "session", "--yes", "--json")


def steps_of(company: Company) -> list[str]:
    """Return the steps of the erasure of alice, by running it in a child."""
    reading, writing = os.pipe()

    def told(step: str) -> None:
        os.write(writing, f"{step}\n".encode())

    assert company.fork(ERASE, told, ALICE) == 0
    os.close(writing)
    with os.fdopen(reading) as pipe:
        return pipe.read().split()


def dying_at(step: str) -> Callable[[str], None]:
    """Return a witness that ends the process at a step, without a word."""

    def told(now: str) -> None:
        if now == step:
            os._exit(77)

    return told


NAMING = ("event", "telling", "redaction")
"""What is append-only and names people."""


def restored(company: Company, before: dict[str, list[tuple[object, ...]]]) -> None:
    """Put both stores and Belofte's own database back to where they were."""
    company.restore(before)
    with company.own() as own:
        tables = "request, request_subject, request_store, task, sealing_key, sealed, approval, subject, event"
        for one in NAMING:
            own.execute(f"ALTER TABLE belofte.{one} DISABLE TRIGGER {one}_append_only")
        own.execute("TRUNCATE " + ", ".join(f"belofte.{one}" for one in tables.split(", ")) + " CASCADE")
        for one in NAMING:
            own.execute(f"ALTER TABLE belofte.{one} ENABLE TRIGGER {one}_append_only")


def test_dying_at_each_step_and_taking_up_again_ends_alike(company: Company) -> None:
    company.without_archive()
    before = company.state()
    steps = steps_of(company)
    assert steps[:3] == ["begin", "events-recorded", "crm:begin"]
    assert {"crm:marked", "crm:committed", "crm:recorded", "news:marked", "news:recorded"} <= set(steps)
    expected, events = company.state(), company.events()
    assert expected != before
    for step in steps:
        restored(company, before)
        assert company.fork(ERASE, dying_at(step), ALICE) == 77, step
        left = company.state()
        crm, news = ({k: v for k, v in left.items() if k.startswith(s)} for s in ("crm", "news"))
        # INVARIANT: a store is as it was or as it shall be, nothing between
        for store, part in (("crm", crm), ("news", news)):
            whole = [{k: v for k, v in state.items() if k.startswith(store)} for state in (before, expected)]
            assert part in whole, (step, store)
        resumed = company.run("resume", company.open_request(), "--json")
        assert (step, resumed.code, resumed.document["state"]) == (step, 0, "fulfilled"), resumed.err
        assert company.state() == expected, step
        assert company.markers() == {"crm": 1, "news": 1}, step
        assert company.events() == events, step
        assert resumed.document["stores"]["crm"]["tables"]["note"]["deleted"] == 2, step


def test_what_others_chose_does_not_make_a_change_be_made_twice(company: Company) -> None:
    company.without_archive()
    company.run("restriction", "--person", "email=-", "--ground", "claim", "--verified-by", "session", stdin=BOB)
    assert company.fork(ERASE, dying_at("crm:committed"), ALICE) == 77
    resumed = company.run("resume", company.open_request(), "--json")
    assert (resumed.code, resumed.document["state"]) == (0, "fulfilled"), resumed.err
    assert company.markers() == {"crm": 1, "news": 1}
    assert words(resumed.document, "crm", "note") == (2, 0, 0, 0)


@pytest.mark.parametrize("step", ["crm:step0", "crm:step3", "crm:marked"])
def test_connection_cut_in_the_middle_fails_that_store_and_is_taken_up(company: Company, step: str) -> None:
    company.without_archive()
    before = company.state()
    assert company.fork(ERASE, lambda now: company.cut() if now == step else None, ALICE) == 4
    left = company.state()
    assert left["crm.note"] == before["crm.note"]
    assert left["news.subscriber"] != before["news.subscriber"]
    assert company.state_of(company.open_request()) == "open"
    resumed = company.run("resume", company.open_request(), "--json")
    assert (resumed.code, resumed.document["state"]) == (0, "fulfilled"), resumed.err
    assert company.markers() == {"crm": 1, "news": 1}


COPY = ("access", "--person", "email=-", "--verified-by", "session", "--out")
TAKEN = ("portability", "--person", "email=-", "--verified-by", "session", "--out")


@pytest.mark.parametrize("step", ["taken-in", "written", "crm:recorded"])
def test_an_access_that_died_is_taken_up_and_answers_whole(company: Company, tmp_path: Path, step: str) -> None:
    company.without_archive()
    assert company.fork((*COPY, str(tmp_path / "first")), dying_at(step), ALICE) == 77
    name = company.open_request()
    assert company.run("resume", name, "--out", str(tmp_path / "first" / "x")).code == (1 if step == "taken-in" else 0)
    if step == "taken-in":  # nobody had recorded who she was
        again = company.run("resume", name, "--verified-by", "session", "--out", str(tmp_path / "again"), "--json")
        assert (again.code, again.document["state"]) == (0, "fulfilled"), again.err
        rows = {name: len(t["data"]) for name, t in again.document["stores"]["crm"]["tables"].items()}
        assert rows == {"contact": 1, "invoice": 2, "note": 2, "message": 1}
    assert company.state_of(name) == "fulfilled"
    assert company.run("resume", name, "--out", str(tmp_path / "then")).code == 0  # it has its answer
    assert not (tmp_path / "then").exists()


def test_what_a_process_that_died_had_half_written_goes(company: Company, tmp_path: Path) -> None:
    company.without_archive()
    left = tmp_path / ".answer.gone1234"
    (left / "answer").mkdir(parents=True)
    (left / "answer" / "crm.csv").write_text(ALICE)
    assert company.fork((*TAKEN, str(tmp_path / "other")), dying_at("taken-in"), ALICE) == 77
    resumed = company.run("resume", company.open_request(), "--out", str(tmp_path / "answer"), "--json")
    assert (resumed.code, resumed.document["state"]) == (0, "fulfilled"), resumed.err
    assert (tmp_path / "answer").is_dir()
    assert not left.exists()

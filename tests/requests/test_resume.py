"""What is taken up again: a store that was down, a policy that changed meanwhile, a record on which a word came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.requests.company import ALICE, Company


@contextmanager
def newsletter_down(company: Company) -> Iterator[None]:
    """Let the newsletter tool be away meanwhile."""
    away = company.news_file.with_suffix(".away")
    company.news_file.rename(away)
    yield
    away.rename(company.news_file)


@pytest.mark.parametrize(
    "asked", [("objection", "--purpose", "mailing"), ("withdrawal",), ("restriction", "--ground", "claim")]
)
def test_choice_reaches_a_store_that_was_down_when_it_is_taken_up_and_is_recorded_once(
    company: Company, asked: tuple[str, ...], tmp_path: Path
) -> None:
    company.without_archive()
    with newsletter_down(company):
        first = company.run(*asked, "--person", "email=-", "--verified-by", "s", "--json", stdin=ALICE)
        assert (first.code, first.document["state"]) == (4, "open")
        name, events = first.document["request"], company.events()
        assert events
        assert company.run("resume", name, "--json").code == 4
    resumed = company.run("resume", name, "--json", "--out", str(tmp_path / "letter"))
    assert (resumed.code, resumed.document["state"]) == (0, "fulfilled"), resumed.err
    assert company.events() == events
    assert resumed.document["outcomes"] == first.document["outcomes"]
    assert list((tmp_path / "letter").iterdir())
    assert company.run("resume", name, "--json").document["state"] == "fulfilled"


def test_correction_reaches_a_store_that_was_down_and_what_was_corrected_is_left_alone(company: Company) -> None:
    company.without_archive()
    asked = ("rectification", "--person", "email=-", "--change", "identity.name=Alice Maes", "--verified-by", "s")
    with newsletter_down(company):
        first = company.run(*asked, "--yes", "--json", stdin=ALICE)
        assert first.code == 4
        name = first.document["request"]
    with company.crm() as crm:
        crm.execute("UPDATE contact SET name = 'Alice Claes' WHERE id = 1")  # she married meanwhile
    with company.own() as own:
        own.execute("DELETE FROM belofte.task")  # the process died before it opened them
    resumed = company.run("resume", name, "--json")
    assert (resumed.code, resumed.document["state"]) == (2, "open"), resumed.err
    after = company.state()
    assert (after["crm.contact"][0][1], after["news.subscriber"][0][1]) == ("Alice Claes", "Alice Maes")
    assert company.markers() == {"crm": 1, "news": 1}
    company.run("resume", name, "--json")
    with company.own() as own:
        ((task,),) = own.execute("SELECT id FROM belofte.task").fetchall()
        assert not [1 for (sealed,) in own.execute("SELECT ciphertext FROM belofte.sealed") if b"Maes" in sealed]
    assert company.run("task", str(task), "--evidence", "note 7").code == 0
    assert company.state_of(name) == "fulfilled"


def test_correction_that_was_only_shown_is_not_carried_out_by_taking_it_up(company: Company) -> None:
    company.without_archive()
    before = company.state()
    name = company.run(
        "rectification", "--person", "email=-", "--change", "identity.name=A", "--json", stdin=ALICE
    ).document["request"]
    assert company.run("resume", name).code == 1
    assert company.state() == before


def test_erasure_whose_policy_changed_meanwhile_is_shown_and_waits(company: Company) -> None:
    company.without_archive()
    with newsletter_down(company):
        name = company.erase().document["request"]
    company.policy["purposes"]["mailing"]["keep"] = "P9Y"
    company.write()
    before = company.state()
    shown = company.run("resume", name, "--json")
    assert (shown.code, shown.document["state"]) == (2, "planned")
    assert company.run("resume", name, "--json").code == 2
    assert company.state() == before
    done = company.run("resume", name, "--yes", "--json")
    assert (done.code, done.document["state"]) == (0, "fulfilled"), done.err


def test_erasure_that_failed_is_shown_again_when_its_table_changed(company: Company) -> None:
    company.without_archive()
    with company.crm() as crm:
        crm.execute(
            """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
            CREATE TRIGGER refuse BEFORE DELETE ON note FOR EACH ROW EXECUTE FUNCTION refuse()"""
        )
    done = company.erase()
    name = done.document["request"]
    assert (done.code, done.document["stores"]["crm"]["state"]) == (4, "failed")
    assert company.run("resume", name, "--json").document["stores"]["crm"]["state"] == "failed"  # nothing is new
    with company.crm() as crm:
        crm.execute("DROP TRIGGER refuse ON note")
        crm.execute("ALTER TABLE note ADD COLUMN written_by text")
    before = company.state()
    assert company.run("resume", name, "--json").document["state"] == "planned"
    assert company.state() == before
    assert company.run("resume", name, "--yes", "--json").document["state"] == "fulfilled"


def test_word_on_a_record_found_by_a_hop_is_taken_when_the_erasure_is_taken_up(company: Company) -> None:
    company.without_archive()
    with company.news() as news:
        news.execute("UPDATE subscriber SET email = 'old@example.com' WHERE id = 1")
    done = company.erase()
    assert (done.code, done.document["state"]) == (4, "open")
    name, before = done.document["request"], company.state()
    assert any(row[2] == "old@example.com" for row in before["news.subscriber"])
    shown = company.run("resume", name, "--confirm", "news.subscriber:1", "--json")
    assert (shown.code, shown.document["state"]) == (2, "planned"), shown.err
    assert company.state() == before
    assert company.run("resume", name, "--json").code == 4  # what was shown was not confirmed for good
    assert company.state() == before
    resumed = company.run("resume", name, "--confirm", "news.subscriber:1", "--yes", "--json")
    after = company.state()
    assert [row[0] for row in after["news.subscriber"]] == [2]
    assert after["crm.note"] == before["crm.note"]
    assert {one["state"] for one in resumed.document["stores"].values()} == {"done"}
    (task,) = resumed.document["tasks"]  # of the search that still found her telephone number
    assert company.run("task", task["id"], "--evidence", "it was her").code == 0
    assert company.state_of(name) == "fulfilled"


def test_report_is_written_again_when_what_was_open_is_closed(company: Company, tmp_path: Path) -> None:
    done = company.erase("--out", str(tmp_path / "first")).document
    name = done["request"]
    assert report(tmp_path / "first")["state"] == "open"
    assert company.run("task", done["tasks"][0]["id"], "--evidence", "shredded").code == 0
    shown = company.run("show", name, "--out", str(tmp_path / "last"))
    assert shown.code == 0, shown.err
    last = report(tmp_path / "last")
    assert last["state"] == "fulfilled"
    assert "archive" not in next((tmp_path / "last").glob("*.html")).read_text()
    first = report(tmp_path / "first")["stores"]
    assert {name: store["tables"] for name, store in last["stores"].items()} == {
        name: store["tables"] for name, store in first.items()
    }


def report(folder: Path) -> dict[str, Any]:
    """Return the machine's part of a report."""
    found: dict[str, Any] = json.loads(next(folder.glob("*.json")).read_text())
    return found


@pytest.mark.parametrize("right", ["erasure", "access"])
def test_report_needs_an_erasure_and_an_identity(company: Company, tmp_path: Path, right: str) -> None:
    asked = company.run(right, "--person", "email=-", *(["--yes"] if right == "erasure" else []), "--json", stdin=ALICE)
    shown = company.run("show", asked.document["request"], "--out", str(tmp_path / "report"))
    assert (shown.code, (tmp_path / "report").exists()) == (1, False)


def test_row_kept_without_her_address_is_not_found_by_it_and_the_report_says_so(
    company: Company, tmp_path: Path
) -> None:
    company.without_archive()
    assert company.erase("--out", str(tmp_path / "report")).document["state"] == "fulfilled"
    assert [row[0] for row in company.state()["crm.invoice"] if row[1] == 1] == [10]
    again = company.run("access", "--person", "email=-", "--json", stdin=ALICE).document
    assert {name: store["tables"] for name, store in again["stores"].items()} == {"crm": {}, "news": {}}
    page = next((tmp_path / "report").glob("*.html")).read_text()
    assert "klantnummer of factuurnummer" in page  # her language is Dutch
    company.maps["crm"]["people"]["customer"]["identifiers"]["customer"] = {"column": "id", "identifies": "person"}
    company.write()
    found = company.run("access", "--person", "customer=1", "--json").document
    assert found["stores"]["crm"]["tables"]["invoice"]["rows"] == 1

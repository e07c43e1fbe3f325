"""What people choose, and others change, while a sweep runs: it counts from the next batch on."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from tests.concurrency.paused import Paused, standing
from tests.requests.company import Company

CHARLIE = "charlie@example.com"


@pytest.fixture
def shop(company: Company) -> Company:
    """The company, whose sweep of the CRM is approved."""
    company.without_archive()
    company.policy["limits"]["share_of_people"] = 1.0
    company.write()
    approved(company)
    return company


def approved(company: Company) -> None:
    """Let a sweep be planned, and approved by a second person."""
    first = company.run("crm", "--by", "anna", "--json", group="sweep").document["stores"]["crm"]
    assert company.run("approve", first["run"], "--by", "ben", group="sweep").code == 0


def sweeping(company: Company, at: str) -> AbstractContextManager[Paused]:
    """Start a sweep, one person at a time, that stands at a step; alice is the first."""
    return standing(company, at, "crm", "--by", "anna", "--batch", "1", group="sweep")


def ended(running: Paused) -> None:
    assert running.finished() == 0


def test_whoever_restricts_during_a_sweep_is_left_alone_from_the_next_batch_on(shop: Company) -> None:
    before = shop.state()["crm.contact"]
    with sweeping(shop, "batch 000000:marked") as running:
        asked = ("restriction", "--person", "email=-", "--ground", "claim", "--verified-by", "s")
        assert shop.run(*asked, stdin=CHARLIE).code == 0
        ended(running)
    after = shop.state()
    assert after["crm.contact"][0] != before[0]
    assert after["crm.contact"][1:] == before[1:]


def test_whoever_withdraws_during_a_sweep_is_let_go_of_by_the_same_sweep(company: Company) -> None:
    company.without_archive()
    company.policy["limits"]["share_of_people"] = 1.0
    company.policy["purposes"]["service"] = {"title": "S", "basis": "consent", "uses": ["identity", "dealings"]}
    company.write()
    given = (
        "grant", "--person", "email=-", "--purpose", "service", "--act", "click", "--notice", "v1", "--in", "en",
        "--how", "paper-form", "--text", "sha256:" + "ab" * 32,
    )  # fmt: skip
    granted = company.choose(*given, stdin=CHARLIE)
    assert granted.code == 0, granted.err
    approved(company)
    with sweeping(company, "batch 000000:marked") as running:
        gone = company.choose("withdraw", "--person", "email=-", "--purpose", "service", stdin=CHARLIE)
        assert gone.code == 0, gone.err
        ended(running)
    assert [row[:3] for row in company.state()["crm.contact"]] == [(1, None, None), (2, None, None)]


def test_a_row_that_becomes_somebody_elses_during_a_batch_stays(shop: Company) -> None:
    with sweeping(shop, "batch 000000:step4") as running:
        with shop.crm() as crm:
            crm.execute("UPDATE note SET contact_id = 2, body = 'of bob' WHERE id = 20")
        ended(running)
    assert [row[:3] for row in shop.state()["crm.note"]] == [(20, 2, "of bob"), (22, 2, "asked about colours twice")]


def test_two_sweeps_of_one_store_never_run_at_once(shop: Company) -> None:
    with sweeping(shop, "batch 000000:begin") as running:
        second = shop.run("crm", "--by", "ben", "--json", group="sweep")
        assert "being swept by somebody else" in second.document["stores"]["crm"]["reason"]
        ended(running)


def test_an_erasure_during_a_sweep_of_the_same_person_ends_as_either_alone(shop: Company) -> None:
    with sweeping(shop, "batch 000000:begin") as running:
        assert shop.erase().code == 0
        ended(running)
    assert shop.state()["crm.contact"][0][:5] == (1, None, None, None, None)
    assert [row[0] for row in shop.state()["crm.note"]] == [22]

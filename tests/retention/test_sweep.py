"""`belofte sweep` on a small company: what goes, what stays, who is asked, and what a process that dies leaves."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from tests.requests.company import ALICE, SECRETS, Company, Ran

from belofte.cli import sweep as verb
from belofte.retention import sweep as sweeping


def swept(company: Company, *more: str) -> Ran:
    """Sweep both databases, the second person included."""
    first = company.run("crm", "news", "--by", "anna", "--json", *more, group="sweep")
    if first.code != 2:
        return first
    for name, one in first.document["stores"].items():
        if one["state"] == "waiting":
            approved = company.run("approve", one["run"], "--by", "ben", group="sweep")
            assert (name, approved.code) == (name, 0), approved.err
    return company.run("crm", "news", "--by", "anna", "--json", *more, group="sweep")


def test_what_nothing_justifies_goes_and_nothing_else(company: Company) -> None:
    """alice's contract has ended: her notes go; the law keeps one of her invoices; bob's contract runs."""
    ran = swept(company)
    assert ran.code == 0, ran.out + ran.err
    state = company.state()
    assert [row[:2] for row in state["crm.note"]] == [(22, 2)]
    assert [row[0] for row in state["crm.invoice"]] == [10, 11]
    assert state["crm.contact"][0][:5] == (1, None, None, None, None)
    assert [row[0] for row in state["crm.contact"]] == [1, 2]
    assert state["crm.contact"][1][1:4] == ("Bob Janssens", "bob@example.com", "0470 99 99 99")
    assert state["crm.message"] == [(30, None, 2, "hello bob"), (31, 2, None, "hello charlie")]
    assert state["news.subscriber"] == []
    assert ran.document["stores"]["crm"]["tables"]["note"] == {"deleted": 2, "erased": 0, "unlinked": 0}
    assert ran.document["stores"]["crm"]["left"]["unjustified"] == 0


def test_a_dry_run_tells_how_much_and_since_when_and_changes_nothing(company: Company) -> None:
    before = company.dump()
    ran = company.run("crm", "--dry-run", "--json", group="sweep")
    assert ran.code == 2
    found = ran.document["stores"]["crm"]
    assert company.dump() == before
    assert (found["overdue"]["people"], found["overdue"]["of"]) == (2, 3)
    data = {(one["table"], one["element"]): one for one in found["overdue"]["data"]}
    assert data["invoice", "payment.invoice"]["rows"] == 1
    assert data["invoice", "payment.invoice"]["oldest"] == "2010-05-01"
    assert data["invoice", "payment.invoice"]["used_by"] == ["accounting"]
    assert found["tables"]["note"] == {"deleted": 2, "erased": 0, "unlinked": 0}
    assert "it is the first sweep of this store" in found["second_person"]
    assert not any(secret in ran.out + ran.err for secret in SECRETS)


def test_what_a_condition_alone_kept_goes_when_its_grace_since_it_was_seen_is_over(company: Company) -> None:
    """alice's contract ended some day: her notes are hidden for thirty days from when a sweep first saw it."""
    company.policy["purposes"]["service"]["hide_first"] = "P30D"
    company.write()
    assert swept(company).code == 0
    notes = [row[0] for row in company.state()["crm.note"]]
    assert notes == [20, 21, 22]
    company.seen_earlier(29)
    assert swept(company).code == 0
    assert [row[0] for row in company.state()["crm.note"]] == notes
    company.seen_earlier(1)
    with company.crm() as crm:  # bob's ends today
        crm.execute("UPDATE contact SET status = 'ended' WHERE id = 2")
    ran = swept(company)
    assert ran.code == 0, ran.out + ran.err
    assert [row[0] for row in company.state()["crm.note"]] == [22]
    assert ran.document["stores"]["crm"]["left"]["unjustified"] == 0
    with company.own() as own:  # a row that is gone is forgotten at the next look
        before = own.execute("SELECT count(*) FROM belofte.sighting").fetchone()
        assert before == (3,), before


def test_a_second_run_finds_nothing(company: Company) -> None:
    swept(company)
    before = company.state()
    again = company.run("crm", "news", "--json", group="sweep")
    assert again.code == 0, again.out
    assert {one["state"] for one in again.document["stores"].values()} == {"nothing"}
    assert company.state() == before
    assert company.markers() == {"crm": 0, "news": 0}


def test_the_proof_counts_what_is_too_much_and_zero_after_a_sweep(company: Company) -> None:
    before = company.run("prove", "crm", "news", "--json", group="sweep")
    assert before.code == 2
    assert before.document["stores"]["crm"]["overdue"]["unjustified"] > 0
    swept(company)
    after = company.run("prove", "crm", "news", "--json", group="sweep")
    assert after.code == 0, after.out
    assert [one["overdue"]["unjustified"] for one in after.document["stores"].values()] == [0, 0]


def test_nobody_is_her_own_second_person(company: Company) -> None:
    before = company.state()
    first = company.run("crm", "--by", "anna", "--json", group="sweep")
    run = first.document["stores"]["crm"]["run"]
    assert (first.code, first.document["stores"]["crm"]["state"]) == (2, "waiting")
    assert company.run("approve", run, "--by", "anna", group="sweep").code == 2
    assert company.run("approve", run, "--by", "Anna ", group="sweep").code == 2
    assert company.run("approve", run, "--by", " ", group="sweep").code == 3
    assert company.run("approve", "nothing", "--by", "ben", group="sweep").code == 3
    assert company.run("crm", "--by", "anna", "--json", group="sweep").document["stores"]["crm"]["state"] == "waiting"
    assert company.run("approve", run, "--by", "ben", group="sweep").code == 0
    assert company.run("crm", "--by", "ben", "--json", group="sweep").document["stores"]["crm"]["state"] == "waiting"
    assert company.state() == before
    assert company.run("crm", "--by", "anna", "--json", group="sweep").code == 0
    assert company.state() != before


def test_once_approved_a_few_people_need_nobody_until_the_policy_changes(company: Company) -> None:
    company.policy["limits"]["share_of_people"] = 1.0
    company.write()
    swept(company)
    with company.crm() as crm:
        crm.execute("INSERT INTO note (contact_id, body) VALUES (1, 'back again')")
    assert company.run("crm", "--json", group="sweep").document["stores"]["crm"]["state"] == "done"
    with company.crm() as crm:
        crm.execute("INSERT INTO note (contact_id, body) VALUES (1, 'once more')")
    company.policy["purposes"]["service"]["title"] = "Another title"
    company.write()
    again = company.run("crm", "--json", group="sweep").document["stores"]["crm"]
    assert again["second_person"] == ["the policy changed since the last one"]


def test_more_people_than_the_share_wait_for_a_second_person(company: Company) -> None:
    swept(company)
    with company.crm() as crm:
        crm.execute("UPDATE contact SET status = 'ended' WHERE id = 2")
        crm.execute("INSERT INTO note (contact_id, body) VALUES (1, 'back again')")
    asks = company.run("crm", "--json", group="sweep").document["stores"]["crm"]["second_person"]
    assert asks == ["it is about 2 of 2 people, more than the share of 50% in the policy"]


@pytest.mark.parametrize("held", ["person", "table"])
def test_a_hold_stops_it(company: Company, held: str) -> None:
    with company.own() as own:
        hold = "INSERT INTO belofte.hold VALUES (gen_random_uuid(), 'case 7', 'claim', 'anna', '2030-01-01', now())"
        own.execute(hold)
        if held == "table":
            own.execute("INSERT INTO belofte.hold_table SELECT id, 'crm', 'note' FROM belofte.hold")
    if held == "person":
        company.run("restriction", "--person", "email=-", "--ground", "claim", "--verified-by", "s", stdin=ALICE)
    before = company.state()
    swept(company)
    assert company.state()["crm.note"] == before["crm.note"]


def test_stores_that_are_only_observed_or_kept_by_hand_are_never_changed(company: Company) -> None:
    company.maps["crm"]["mode"] = "observe"
    company.write()
    before = company.dump()
    ran = company.run("crm", "archive", "--json", group="sweep")
    assert ran.code == 2
    assert [one["state"] for one in ran.document["stores"].values()] == ["barred", "barred"]
    assert company.dump() == before
    (task,) = company.run("task", "--json", group="sweep").document
    assert task["kind"] == "manual"
    company.run("archive", group="sweep")
    assert len(company.run("task", "--json", group="sweep").document) == 1
    closed = company.run("task", task["id"], "--evidence", "shelf 4 emptied", group="sweep")
    assert (closed.code, closed.out) == (0, "no open tasks of retention\n")


def test_tables_held_for_another_controller_are_told_and_never_changed(company: Company) -> None:
    company.maps["crm"]["tables"]["note"]["role"] = "processor"
    company.maps["crm"]["controller"] = "Another"
    company.write()
    before = company.state()["crm.note"]
    ran = swept(company)
    assert company.state()["crm.note"] == before
    assert ran.document["stores"]["crm"]["overdue"]["passed_on"] == ["note"]


def test_rows_that_reach_nobody_are_told_and_stay(company: Company) -> None:
    with company.crm() as crm:
        crm.execute("INSERT INTO message VALUES (32, NULL, NULL, 'whose is this?')")
    told = company.run("crm", "--dry-run", "--json", group="sweep")
    swept(company)
    assert (32, None, None, "whose is this?") in company.state()["crm.message"]
    assert told.document["stores"]["crm"]["overdue"]["rows_about_nobody"] == {"message": 1}


def test_a_row_without_a_datum_is_no_reason_to_go(company: Company) -> None:
    """bob's contract runs; a note in which nothing is written is nothing that could be overdue."""
    with company.crm() as crm:
        crm.execute("INSERT INTO note (id, contact_id, body) VALUES (23, 2, NULL), (24, 1, NULL)")
    swept(company)
    assert [row[0] for row in company.state()["crm.note"]] == [22, 23, 24]


def test_what_the_database_computes_is_told_and_is_nothing_to_do(company: Company) -> None:
    """alice's row stays for an invoice that the law keeps; the domain follows from an address that is gone."""
    with company.crm() as crm:
        domain = "GENERATED ALWAYS AS (coalesce(split_part(email, '@', 2), 'none')) STORED"
        crm.execute(f"ALTER TABLE contact ADD COLUMN domain text {domain}")
    columns = company.maps["crm"]["tables"]["contact"]["columns"]
    columns["domain"] = "identity.email"
    company.write()
    assert swept(company).document["stores"]["crm"]["tables"]["contact"]["erased"] == 1
    again = company.run("crm", "--dry-run", "--json", group="sweep")
    assert (again.code, again.document["stores"]["crm"]["tables"]) == (0, {})
    company.policy["limits"]["share_of_people"] = 0.01
    company.write()
    ran = company.run("crm", "--json", group="sweep")
    assert (ran.code, ran.document["stores"]["crm"]["state"]) == (0, "nothing")
    proof = company.run("prove", "crm", "--json", group="sweep")
    (told,) = proof.document["stores"]["crm"]["overdue"]["data"]
    assert (told["columns"], told["rows"], proof.code) == (["domain"], 1, 0)
    assert told["stays_because"] == "`contact.domain` is computed by the database"


def test_many_of_whom_the_same_is_over_go_together_and_end_alike(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their own rows say that their contract has ended: a note goes at once for a datum in it, and none without."""
    with company.crm() as crm:
        crm.execute("INSERT INTO note (id, contact_id, body) VALUES (23, 2, NULL), (24, 1, NULL)")
    monkeypatch.setattr(sweeping, "MANY", 1)
    swept(company)
    state = company.state()
    assert [row[0] for row in state["crm.note"]] == [22, 23, 24]
    assert state["crm.message"] == [(30, None, 2, "hello bob"), (31, 2, None, "hello charlie")]
    assert state["crm.contact"][0][:5] == (1, None, None, None, None)
    assert state["news.subscriber"] == []


def test_one_person_per_batch_ends_alike(company: Company) -> None:
    swept(company, "--batch", "1", "--rest", "0.1")
    state = company.state()
    assert [row[:2] for row in state["crm.note"]] == [(22, 2)]
    assert state["crm.message"] == [(30, None, 2, "hello bob"), (31, 2, None, "hello charlie")]


# -- a process that dies -------------------------------------------------------------------------------------


def forked(company: Company, witness: Callable[[str], None]) -> int:
    """Sweep the CRM in a child process that `witness` may end; return its exit code."""
    child = os.fork()
    if child == 0:
        try:
            verb.WITNESS = witness
            os._exit(company.run("crm", "--by", "anna", "--batch", "1", group="sweep").code)
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def approved(company: Company) -> None:
    """Let a sweep of the CRM be planned and approved."""
    company.run("crm", "--by", "anna", "--batch", "1", group="sweep")
    with company.own() as own:
        ((run,),) = own.execute("SELECT short FROM belofte.sweep WHERE finished_at IS NULL").fetchall()
    company.run("approve", run, "--by", "ben", group="sweep")


def counts(company: Company) -> Any:
    """Return what the finished runs of the CRM say went."""
    with company.own() as own:
        return own.execute("SELECT state, counts FROM belofte.sweep ORDER BY planned_at").fetchall()


def restored(company: Company, before: dict[str, list[tuple[Any, ...]]]) -> None:
    """Put the CRM back to where it was, and forget its sweeps."""
    with company.crm() as crm:
        crm.execute("DROP TABLE IF EXISTS belofte_marker")
        crm.execute("TRUNCATE message, note, invoice, contact")
        for table in ("contact", "invoice", "note", "message"):
            rows = before[f"crm.{table}"]
            marks = ", ".join(["%s"] * len(rows[0]))
            crm.cursor().executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
    with company.own() as own:
        own.execute("TRUNCATE belofte.sweep, belofte.approval")


def test_dying_at_each_step_and_running_again_ends_alike_and_counts_once(company: Company) -> None:
    company.without_archive()
    before = company.state()
    approved(company)
    reading, writing = os.pipe()
    assert forked(company, lambda step: bool(os.write(writing, f"{step}\n".encode())) and None) == 0
    os.close(writing)
    with os.fdopen(reading) as pipe:
        steps = pipe.read().splitlines()
    assert {"batch 000000:begin", "batch 000000:marked", "batch 000001:committed", "proven", "recorded"} <= set(steps)
    expected, told = company.state(), counts(company)
    for step in steps:
        restored(company, before)
        approved(company)
        assert forked(company, lambda now, at=step: os._exit(77) if now == at else None) == 77, step  # type: ignore[misc]
        again = company.run("crm", "--by", "anna", "--batch", "1", group="sweep")
        assert (step, again.code) == (step, 0), again.out + again.err
        assert company.state() == expected, step
        assert counts(company) == told, step


def test_it_says_how_far_what_went_is_gone(company: Company) -> None:
    done = swept(company, "--vacuum").document["stores"]
    assert done["crm"]["levels"] == dict.fromkeys(["contact", "invoice", "message", "note"], "vacuumed")
    assert set(done["news"]["levels"].values()) == {"deleted"}
    with company.crm() as crm:
        dead = "SELECT sum(n_dead_tup), min(last_vacuum) IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'note'"
        assert crm.execute(dead).fetchone() == (0, True)

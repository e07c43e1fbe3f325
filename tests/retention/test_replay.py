"""`belofte replay` on a small company: whoever was erased goes again after a restore, and nobody else."""

from __future__ import annotations

import os
from typing import Any

import pytest
from tests.requests.company import ALICE, SECRETS, Company, Ran

from belofte.cli.request import erasing


def replayed(company: Company, *more: str) -> Ran:
    """Replay both databases, and carry it out."""
    return company.run("crm", "news", "--yes", "--json", "--by", "anna", *more, group="replay")


@pytest.fixture
def gone(company: Company) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Both stores before and after alice was erased, as they are now: restored from a backup of before."""
    company.without_archive()
    before = company.state()
    assert company.erase().code == 0
    after = company.state()
    company.restore(before)
    return before, after


def test_who_was_erased_goes_again_and_nobody_else(company: Company, gone: tuple[Any, Any]) -> None:
    ran = replayed(company)
    assert (ran.code, ran.document["state"]) == (0, "fulfilled"), ran.out + ran.err
    assert company.state() == gone[1]
    assert [row[1] for row in company.state()["crm.contact"]][1:] == ["Bob Janssens", "Charlie Maes"]
    assert not any(secret in ran.out + ran.err for secret in SECRETS)


def test_first_it_only_shows_and_records_nothing(company: Company, gone: tuple[Any, Any]) -> None:
    before = company.dump()
    ran = company.run("crm", "news", "--json", group="replay")
    assert ran.code == 2, ran.out + ran.err
    assert company.dump() == before
    assert ran.document["stores"]["crm"]["erased"] == ran.document["stores"]["crm"]["back"] == 1
    assert ran.document["stores"]["crm"]["tables"]["note"]["deleted"] == 2
    with company.own() as own:
        assert own.execute("SELECT count(*) FROM belofte.request WHERE \"right\" = 'replay'").fetchone() == (0,)


def test_a_second_replay_finds_nobody(company: Company, gone: tuple[Any, Any]) -> None:
    replayed(company)
    again = replayed(company)
    assert (again.code, again.document["state"]) == (0, "nothing"), again.out + again.err
    assert again.document["stores"]["crm"] == {"erased": 1, "back": 0, "lost": 0, "blank": 1, "tables": {}}
    assert company.state() == gone[1]


def test_her_own_sign_up_after_the_erasure_stays(company: Company, gone: tuple[Any, Any]) -> None:
    with company.crm() as crm:
        crm.execute("DELETE FROM message WHERE sender_id = 1")
        crm.execute(
            "INSERT INTO contact SELECT 9, 'Alice again', email, NULL, NULL, 'en', 'active', now() + interval '1 day' "
            "FROM contact WHERE id = 1"
        )
        crm.execute("INSERT INTO note (id, contact_id, body) VALUES (90, 9, 'is back')")
    ran = replayed(company, "--confirm", "crm.customer:9")
    assert ran.code == 0, ran.out + ran.err
    state = company.state()
    assert [row[:2] for row in state["crm.contact"]][-1] == (9, "Alice again")
    assert [row[0] for row in state["crm.note"]] == [22, 90]
    assert state["crm.contact"][0][1] is None


def test_two_records_of_which_neither_key_is_known_wait_for_a_word(company: Company, gone: tuple[Any, Any]) -> None:
    with company.crm() as crm:
        crm.execute("UPDATE note SET contact_id = 2 WHERE contact_id = 1")
        crm.execute("TRUNCATE message")
        crm.execute("DELETE FROM invoice WHERE contact_id = 1")
        crm.execute("UPDATE contact SET id = 7 WHERE id = 1")
        crm.execute("INSERT INTO contact SELECT 8, name, email, NULL, NULL, 'en', 'ended', created_at FROM contact "
                    "WHERE id = 7")  # fmt: skip
    before = company.state()["crm.contact"]
    ran = replayed(company)
    assert ran.code == 4, ran.out
    assert company.state()["crm.contact"] == before
    assert "several records of `customer` answer to her" in ran.err
    company.run("resume", company.open_request(), "--confirm", "all", "--yes")
    assert [row[0] for row in company.state()["crm.contact"]] == [2, 3]


def test_a_number_that_was_given_out_again_is_nobodys(company: Company, gone: tuple[Any, Any]) -> None:
    """The backup was made before alice was there: her number is now dora's."""
    with company.crm() as crm:
        crm.execute("UPDATE contact SET name = 'Dora', email = 'dora@example.com', phone = NULL WHERE id = 1")
    before = company.state()
    ran = replayed(company)
    assert (ran.code, "only its key agrees" in ran.err) == (4, True), ran.out + ran.err
    assert {k: v for k, v in company.state().items() if "crm" in k} == {k: v for k, v in before.items() if "crm" in k}


def test_whose_digests_are_gone_is_told_as_lost(company: Company, gone: tuple[Any, Any]) -> None:
    with company.own() as own:
        own.execute("DELETE FROM belofte.subject_identifier")
        own.execute("DELETE FROM belofte.subject_key")
    ran = company.run("crm", group="replay")
    assert ran.code == 0
    assert "of 1 no digest is left" in ran.err


def test_more_people_than_the_share_wait_for_a_second_person(company: Company) -> None:
    company.without_archive()
    company.policy["limits"]["share_of_people"] = 0.1
    company.write()
    before = company.state()
    asked = company.run("erasure", "--persons", "-", "--verified-by", "s", "--yes", "--by", "anna",
                        stdin=f"email={ALICE}\nemail=bob@example.com\n")  # fmt: skip
    assert asked.code == 2
    name = company.open_request()
    company.approve(name, "ben")
    assert company.run("resume", name, "--by", "anna").code in (0, 4), asked.err
    after = company.state()
    company.restore(before)
    ran = replayed(company)
    assert (ran.code, company.state()) == (2, before), ran.out
    with company.own() as own:
        ((name,),) = own.execute("SELECT short FROM belofte.request WHERE \"right\" = 'replay'").fetchall()
    assert name in replayed(company).err  # it is not begun twice
    company.approve(str(name), "ben")
    resumed = company.run("resume", str(name), "--by", "anna", "--json")
    assert resumed.code == 0, resumed.out + resumed.err
    assert company.state() == after


def test_what_belofte_cannot_repeat_is_asked_of_somebody(company: Company) -> None:
    change = ("--change", "identity.name=Alicia", "--yes", "--verified-by", "session")
    corrected = company.run("rectification", "--person", "email=-", *change, stdin=f"{ALICE}\n")
    assert corrected.code == 2, corrected.out + corrected.err
    company.run("crm", "archive", "--yes", "--backup", "2020-01-01", group="replay")
    told = company.run("task", "--json", group="sweep").document
    assert sorted((one["kind"], one["store"]) for one in told) == [("replay", "archive"), ("replay", "crm")]


# -- a process that dies -------------------------------------------------------------------------------------


def forked(company: Company, dies_at: str) -> int:
    """Replay in a child process that ends at a step; return its exit code."""
    child = os.fork()
    if child == 0:
        try:
            erasing.WITNESS = lambda step: os._exit(77) if step == dies_at else None
            os._exit(replayed(company).code)
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_dying_and_taking_up_again_ends_alike(company: Company, gone: tuple[Any, Any]) -> None:
    for step in ("begin", "crm:marked", "crm:committed", "news:marked"):
        company.restore(gone[0])
        assert forked(company, step) == 77, step
        resumed = company.run("resume", company.open_request(), "--json")
        assert (step, resumed.code, resumed.document["state"]) == (step, 0, "fulfilled"), resumed.err
        assert company.state() == gone[1], step

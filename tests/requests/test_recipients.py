"""Whoever received a person's data is told what was done with it (art. 19), before her request is fulfilled."""

from __future__ import annotations

import pytest
from tests.requests.company import ALICE, BOB, Company


def disclosed(company: Company, recipient: str, whose: str | None = None, categories: str = "{identity}") -> None:
    """Let data be disclosed: of one person (by her e-mail address), or as an extract of the CRM."""
    subject = None
    if whose is not None:
        company.run("restriction", "--person", "email=-", "--ground", "claim", "--verified-by", "s", stdin=whose)
    with company.own() as own:
        if whose is not None:
            found = own.execute("SELECT subject_id FROM belofte.request_subject").fetchall()
            subject = found[-1][0]
        own.execute(
            "INSERT INTO belofte.disclosure (subject_id, recipient, purpose, ground, categories, store, disclosed_at, "
            "digest) VALUES (%s, %s, 'service', 'contract', %s, 'crm', now(), 'x')",
            [subject, recipient, categories],
        )


def test_an_erasure_is_not_fulfilled_before_they_are_told(company: Company) -> None:
    company.without_archive()
    disclosed(company, "Printer NV")
    disclosed(company, "Post SA")
    ran = company.erase()
    assert (ran.code, ran.document["state"], ran.document["to_tell"]) == (2, "open", ["Post SA", "Printer NV"])
    name = ran.document["request"]
    assert company.run("told", name).code == 2
    assert company.run("told", name, "Printer NV", "--evidence", "mail of 3 May").code == 2
    assert company.state_of(name) == "open"
    assert company.run("told", name, "Post SA", "--why-not", "impossible", "--evidence", "it is bankrupt").code == 0
    assert company.state_of(name) == "fulfilled"
    shown = company.run("show", name, "--json").document["recipients"]
    assert [one["how"] for one in shown] == ["impossible: it is bankrupt", "told: mail of 3 May"]


def test_nobody_is_told_without_a_reason(company: Company) -> None:
    company.without_archive()
    disclosed(company, "Printer NV")
    name = company.erase().document["request"]
    assert company.run("told", name, "Printer NV", "--why-not", "disproportionate").code == 3
    assert company.run("told", name, "Somebody Else", "--evidence", "x").code == 3
    assert company.state_of(name) == "open"


def test_who_received_only_another_persons_data_is_not_told(company: Company) -> None:
    company.without_archive()
    disclosed(company, "Printer NV", whose=BOB)
    ran = company.erase()
    assert (ran.code, ran.document["to_tell"]) == (0, []), ran.out


def test_taking_it_up_again_tells_nobody_twice(company: Company) -> None:
    company.without_archive()
    disclosed(company, "Printer NV")
    name = company.erase().document["request"]
    company.run("resume", name)
    with company.own() as own:
        assert own.execute("SELECT count(*) FROM belofte.retention_task").fetchone() == (1,)


@pytest.mark.parametrize(("categories", "told"), [("{identity}", True), ("{behaviour}", False)])
def test_a_correction_is_told_to_those_who_have_that_category(
    company: Company, categories: str, told: bool
) -> None:  # fmt: skip
    company.without_archive()
    disclosed(company, "Printer NV", categories=categories)
    change = ("--change", "identity.name=Alicia", "--yes", "--verified-by", "session")
    company.run("rectification", "--person", "email=-", *change, stdin=f"{ALICE}\n")
    with company.own() as own:
        assert own.execute("SELECT count(*) FROM belofte.retention_task").fetchone() == (int(told),)


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "U ontving gegevens van ons"), ("en", "You received data from us")]
)
def test_the_letter_says_what_they_received_and_of_whom(company: Company, language: str, words: str) -> None:
    company.without_archive()
    disclosed(company, "Printer NV")
    name = company.erase("--language", language).document["request"]
    out = company.folder.parent / "letters"
    ran = company.run("told", name, "--out", str(out))
    text = (out / "1" / "letter.txt").read_text().replace("\n", " ")
    assert words in text
    assert ALICE in text
    assert ALICE not in ran.out + ran.err


CARRIER = {"title": "Carrier", "name": "Bode NV", "role": "processor", "location": "BE", "contract": "C-3"}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"receives": ["identity.name"], "purposes": ["service"]}, ["carrier"]),
        ({"receives": ["identity.name"], "purposes": ["service"], "told": "recorded"}, []),
        ({"receives": ["identity.name"], "purposes": ["service"], "role": "court"}, []),
        ({"receives": ["identity.name"], "purposes": ["gifts"]}, []),  # she is no visitor
    ],
)
def test_who_only_the_policy_names_may_have_hers(company: Company, more: dict[str, object], told: list[str]) -> None:
    company.without_archive()
    company.policy["people"] = ["customer", "visitor"]
    company.policy["purposes"]["gifts"] = {"title": "G", "basis": {"contract": ["visitor"]}, "uses": ["identity"]}
    company.policy["recipients"] = {"carrier": {**CARRIER, **more}}
    company.write()
    ran = company.erase()
    assert ran.document["to_tell"] == told, ran.out
    if told:
        out = company.folder.parent / "letters"
        assert company.run("told", ran.document["request"], "--out", str(out)).code == 2
        assert "Misschien ontving u ze van ons" in (out / "1" / "letter.txt").read_text()
        assert company.run("told", ran.document["request"], "carrier", "--evidence", "mail").code == 0


@pytest.mark.parametrize(("receives", "told"), [("identity", 1), ("payment", 0)])
def test_a_correction_is_told_to_whom_the_policy_names_for_that_category(
    company: Company, receives: str, told: int
) -> None:  # fmt: skip
    company.without_archive()
    company.policy["recipients"] = {"carrier": {**CARRIER, "receives": [receives], "purposes": ["service"]}}
    company.write()
    change = ("--change", "identity.name=Alicia", "--yes", "--verified-by", "session")
    company.run("rectification", "--person", "email=-", *change, stdin=f"{ALICE}\n")
    with company.own() as own:
        assert own.execute("SELECT count(*) FROM belofte.retention_task").fetchone() == (told,)

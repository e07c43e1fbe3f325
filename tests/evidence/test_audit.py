"""`belofte audit` over what the commands record: clean after a story, broken by what went around them."""

from __future__ import annotations

from typing import Any

from tests.requests.company import ALICE, BOB, SECRETS, Company
from tests.requests.test_ledger import GRANT

PROVEN = ("--verified-by", "session")


def audit(company: Company) -> tuple[int, dict[str, Any]]:
    """Run `belofte audit --json`; return its code, and per property what it says."""
    ran = company.run("--json", group="audit")
    assert not any(secret in ran.out + ran.err for secret in SECRETS)
    return ran.code, {one["id"]: one for one in ran.document["properties"]}


def disclosed(company: Company, recipient: str = "post", subject: str = "subject_id") -> None:
    """Record that everybody who chose something was named to a recipient for the mailing."""
    with company.own() as own:
        own.execute(
            "INSERT INTO belofte.disclosure (subject_id, recipient, purpose, ground, categories, disclosed_at, digest) "  # noqa: S608
            f"SELECT DISTINCT {subject}, '{recipient}', 'mailing', 'list', ARRAY['identity'], now(), "
            "'\\x00'::bytea FROM belofte.event"
        )


def test_a_story_told_with_the_commands_breaks_nothing(company: Company) -> None:
    company.without_archive()
    person = ("--person", "email=-")
    assert company.choose(*GRANT, stdin=ALICE).code == 0
    disclosed(company)
    assert company.choose("withdraw", *person, "--purpose", "mailing", stdin=ALICE).code == 0
    assert company.choose(*GRANT, stdin=ALICE).code == 0
    disclosed(company)
    assert company.run("access", *person, *PROVEN, "--json", stdin=ALICE).code == 0
    assert company.run("restriction", *person, "--ground", "claim", *PROVEN, stdin=BOB).code == 0
    assert company.run("objection", *person, "--purpose", "mailing", *PROVEN, stdin=BOB).code == 0
    first = company.run("crm", "--by", "anna", "--json", group="sweep").document["stores"]["crm"]
    assert company.run("approve", first["run"], "--by", "ben", group="sweep").code == 0
    assert company.run("crm", "--by", "anna", group="sweep").code == 0
    erased = company.erase()
    assert erased.code == 2, "whoever received her data is to be told first"
    assert company.run("told", erased.document["request"], "post", "--evidence", "letter 7").code == 0
    assert company.state_of(erased.document["request"]) == "fulfilled"
    code, found = audit(company)
    assert code == 0, found
    assert {one["state"] for one in found.values()} == {"kept"}


def test_a_list_sent_after_she_withdrew_is_named_by_its_number(company: Company) -> None:
    company.without_archive()
    company.choose(*GRANT, stdin=ALICE)
    company.choose("withdraw", "--person", "email=-", "--purpose", "mailing", stdin=ALICE)
    disclosed(company)
    code, found = audit(company)
    assert code == 2
    assert found["no-use-after-closing"]["broken"] == [{"act": 3, "source": "disclosure 1"}]
    assert {name for name, one in found.items() if one["state"] == "broken"} == {"no-use-after-closing"}


def test_a_recipient_who_was_not_told_is_named_by_the_request(company: Company) -> None:
    company.without_archive()
    company.choose(*GRANT, stdin=ALICE)
    disclosed(company)
    request = company.erase().document["request"]
    with company.own() as own:
        own.execute("UPDATE belofte.request_store SET finished_at = finished_at - interval '40 days'")
        own.execute("UPDATE belofte.disclosure SET disclosed_at = disclosed_at - interval '50 days'")
    _, found = audit(company)
    assert found["recipients-told"]["broken"][0]["source"] == f"request {request}"


def test_a_request_left_lying_and_an_extract_without_names(company: Company) -> None:
    company.choose(*GRANT, stdin=ALICE)
    disclosed(company, subject="NULL::uuid")
    code, found = audit(company)
    assert (code, found["consent-before-use"]["state"]) == (4, "cannot-tell")
    company.run("erasure", "--person", "email=-", stdin=ALICE)
    with company.own() as own:
        own.execute("UPDATE belofte.request SET received_at = received_at - interval '60 days'")
    code, found = audit(company)
    assert (code, found["erased-in-time"]["state"]) == (2, "broken")
    shown = company.run(group="audit")
    assert "erased-in-time" in shown.out

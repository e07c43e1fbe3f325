"""What Belofte's own registers hold of a person is in the answer to her access, in words and by their terms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from tests.requests.company import ALICE, BOB, POLICY, Company

from belofte.choices.events import Kind
from belofte.choices.subjects import Identifier, subjects_of
from belofte.cli.init import run as init
from belofte.cli.request.records import CHOICES
from belofte.database import announcements, incidents
from belofte.database.announcements import Prepared, Told
from belofte.database.key import CompanyKey, company_key
from belofte.database.open import Database, open_database
from belofte.database.sealed import shred
from belofte.incidents import complaints, register
from belofte.incidents.affected import People
from belofte.incidents.entry import Affected, Facts, InWords
from belofte.incidents.entry import Kind as Harm
from belofte.policy.model import Policy

AT = datetime(2026, 3, 5, 10, tzinfo=UTC)


@contextmanager
def registers(company: Company) -> Iterator[tuple[Database, CompanyKey]]:
    """Belofte's own database, and the key that seals in it."""
    with open_database(company.database) as db:
        yield db, company_key(company.folder, company.env)


def complain(db: Database, key: CompanyKey, who: str, words: str) -> None:
    one = complaints.Coming("post", words, "en", AT, "purpose:mailing", (Identifier("email", who),))
    made = complaints.record(db, key, Policy.model_validate(POLICY), one, "anna", AT)
    complaints.answer(db, key, Policy.model_validate(POLICY), made, "upheld", "We stopped.", "anna", AT)


def tell(db: Database, key: CompanyKey, who: str) -> None:
    """Tell somebody of a change of the policy that is in force."""
    policy = cast(bytes, db.values("policies_all")[0][0])
    told = announcements.prepare(db, Prepared(b"d" * 32, b"f" * 32, policy, ["customer"], 1, [], []), "anna", AT)
    reached = announcements.Telling(Told.TOLD, key.identifier("email", who))
    announcements.record(db, told.id, [reached], "smtp", AT)


def breach(db: Database, key: CompanyKey, contact: int) -> str:
    """Open a breach in which somebody of the CRM was touched."""
    lost = Facts(title="laptop", facts="It was lost.", aware=AT, kinds=(Harm.CONFIDENTIALITY,), found_by="helpdesk")
    one = register.opened(db, lost, "anna", AT)
    incident = incidents.by_name(db, one.short)
    assert incident is not None
    people = People({"customer": {(contact,): ("customer", frozenset({"identity"}))}})
    register.entered(
        db, incident, Affected(store="crm", state="counted", people=1), "anna", AT,
        lambda: register.keep_people(db, key, incident, "crm", people.sealed()),
    )  # fmt: skip
    told = InWords(language="nl", nature="Een laptop is weg.", consequences="Uw naam.", measures="Wij zoeken.")
    register.entered(db, incident, told, "anna", AT)
    return one.short


def answered(company: Company) -> dict[str, Any]:
    done = company.run("access", "--person", "email=-", "--json", stdin=ALICE)
    found: dict[str, Any] = done.document
    return found


def kinds(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["kind"]: one for one in document["records"]}


def test_her_requests_complaints_messages_and_breaches_are_in_the_answer_and_nobody_else_s(company: Company) -> None:
    first = answered(company)
    assert [one["kind"] for one in first["records"]] == ["recognition"]
    with registers(company) as (db, key):
        complain(db, key, ALICE, "You wrote to me again.")
        complain(db, key, BOB, "I was called at night.")
        tell(db, key, ALICE)
        short = breach(db, key, 1)
        breach(db, key, 2)
    found = answered(company)
    held = kinds(found)
    assert len(found["records"]) == len(held) == 5
    assert (held["request"]["name"], held["request"]["right"]) == (first["request"], "access")
    said = [one["text"] for one in held["complaint"]["said"]]
    assert said[0] == "Mailing"
    assert [said[1], said[3]] == ["You wrote to me again.", "We stopped."]
    assert (held["complaint"]["state"], held["announcement"]["state"]) == ("answered", "told")
    assert (held["breach"]["name"], held["breach"]["said"][0]["text"]) == (short, "Een laptop is weg.")
    assert "night" not in json.dumps(found)
    assert "anna" not in json.dumps(found)
    with registers(company) as (db, _):
        incident = incidents.by_name(db, short)
        assert incident is not None
        shred(db, incident.id)
    assert "breach" not in kinds(answered(company))  # as when it is closed: who was touched is known no more


def test_a_complaint_that_may_be_somebody_else_s_is_named_and_not_shown(company: Company) -> None:
    with registers(company) as (db, key):
        complain(db, key, BOB, "I was called at night.")
        complain(db, key, ALICE, "You wrote to me again.")
        theirs = subjects_of(db, key, [[Identifier("email", who)] for who in (BOB, ALICE)])
        db.connection.execute(
            "INSERT INTO belofte.complaint_subject"
            " SELECT complaint_id, %s FROM belofte.complaint_subject WHERE subject_id = %s",
            [theirs[1], theirs[0]],
        )
    found = answered(company)
    said = sorted([part["kind"] for part in one["said"]] for one in found["records"] if one["kind"] == "complaint")
    assert said == [["about", "words", "outcome", "answer"], ["withheld"]]
    assert "night" not in json.dumps(found)


def test_with_belofte_s_own_map_each_says_what_keeps_it_and_until_when_and_the_rows_come_along(
    company: Company, tmp_path: Path
) -> None:
    company.without_archive()
    answered(company)
    company.policy["people"] = {"customer": {"title": "Customers"}}
    company.write()
    init(company.folder, own=True)
    with registers(company) as (db, key):
        complain(db, key, ALICE, "You wrote to me again.")
        tell(db, key, ALICE)
    out = tmp_path / "answer"
    done = company.run(
        "access", "--person", "email=-", "--out", str(out), "--verified-by", "session", "--json", stdin=ALICE
    )
    held = kinds(done.document)
    assert (held["request"]["keep"], held["request"]["until"]) == (["requests-accounted-for"], None)  # not closed
    assert (held["announcement"]["keep"], held["announcement"]["until"]) == (["tellings-accounted-for"], "2031-03-05")
    assert held["complaint"]["keep"] == ["complaints-accounted-for"]
    tables = done.document["stores"]["belofte"]["tables"]
    assert {"complaint", "request", "subject_identifier", "telling", "sealed"} <= {
        name for name, one in tables.items() if one["rows"]
    }
    classes = done.document["classes"]
    unjustified = {
        (name, column)
        for name, one in tables.items()
        for row in one["data"]
        for column, number in row["class"].items()
        if not (classes[number]["keep"] or classes[number]["use"])
    }
    assert unjustified == set()
    assert "anna" not in json.dumps(tables)
    page = (out / "index.html").read_text()
    assert "You wrote to me again." in page
    assert "Wat u ons vroeg, en wat wij u lieten weten" in page


def test_every_kind_of_choice_has_words() -> None:
    assert set(CHOICES) == set(Kind)

"""Who is meant: found by what she gave, shown and never guessed, and named nowhere outside the stores."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from tests.requests.company import ALICE, ALICE_E164, ALICE_PHONE, BOB, SECRETS, SHARED, Company, Ran


def asked(company: Company, *lines: str, more: tuple[str, ...] = ()) -> Ran:
    """Ask for access by identifiers that come on standard input."""
    persons = [word for line in lines for word in ("--person", f"{line.partition('=')[0]}=-")]
    given = "".join(f"{line.partition('=')[2]}\n" for line in lines)
    return company.run("access", *persons, "--json", *more, stdin=given)


def rows(document: dict[str, Any], store: str, table: str) -> list[dict[str, Any]]:
    tables = document["stores"][store]["tables"]
    return [one["row"] for one in tables[table]["data"]] if table in tables else []


@pytest.mark.parametrize(
    "line",
    [
        f"email={ALICE.upper()}",
        f"email= {ALICE} ",
        f"phone={ALICE_PHONE}",
        f"phone={ALICE_E164}",
        "phone=0032 470 12.34.56",
    ],
)
def test_however_she_writes_it_she_is_found(company: Company, line: str) -> None:
    found = asked(company.without_archive(), line).document
    assert [row["id"] for row in rows(found, "crm", "contact")] == [1]
    assert [row["id"] for row in rows(found, "news", "subscriber")] == [1]


def test_shared_mailbox_leads_to_nobody(company: Company) -> None:
    done = asked(company.without_archive(), f"email={SHARED}")
    assert done.code == 4
    assert rows(done.document, "crm", "contact") == []
    assert "crm.customer:2" in done.err
    assert "crm.customer:3" in done.err
    assert SHARED not in done.err


def test_two_records_behind_one_address_wait_for_a_word(company: Company) -> None:
    company.without_archive()
    with company.crm() as crm:
        crm.execute("INSERT INTO contact VALUES (4, 'A. P.', %s, NULL, NULL, 'nl', 'ended', '2022-01-01')", [ALICE])
    done = asked(company, f"email={ALICE}")
    assert (done.code, rows(done.document, "crm", "contact")) == (4, [])
    assert "crm.customer:1" in done.err
    assert "crm.customer:4" in done.err
    one = asked(company, f"email={ALICE}", more=("--confirm", "crm.customer:1"))
    assert [row["id"] for row in rows(one.document, "crm", "contact")] == [1]
    both = asked(company, f"email={ALICE}", more=("--confirm", "all"))
    assert sorted(row["id"] for row in rows(both.document, "crm", "contact")) == [1, 4]


def test_waiting_record_still_waits_when_the_erasure_is_taken_up_again(company: Company) -> None:
    company.without_archive()
    with company.crm() as crm:
        crm.execute("INSERT INTO contact VALUES (4, 'A. P.', %s, NULL, NULL, 'nl', 'ended', '2022-01-01')", [ALICE])
    done = company.erase()
    assert (done.code, done.document["state"]) == (4, "open")
    again = company.run("resume", done.document["request"], "--json")
    assert (again.code, again.document["state"]) == (4, "open")


def test_hop_to_another_store_needs_a_second_attribute(company: Company) -> None:
    company.without_archive()
    with company.news() as news:
        news.execute("UPDATE subscriber SET mobile = NULL WHERE id = 1")
    by_phone = asked(company, f"phone={ALICE_PHONE}")
    assert by_phone.code == 4
    assert [row["id"] for row in rows(by_phone.document, "crm", "contact")] == [1]
    assert rows(by_phone.document, "news", "subscriber") == []
    assert "news.subscriber:1" in by_phone.err
    confirmed = asked(company, f"phone={ALICE_PHONE}", more=("--confirm", "news.subscriber:1"))
    assert [row["id"] for row in rows(confirmed.document, "news", "subscriber")] == [1]


def test_nobody_of_that_name_is_told_so(company: Company, tmp_path: Path) -> None:
    out = tmp_path / "answer"
    done = asked(
        company.without_archive(), "email=dana@example.com", more=("--out", str(out), "--verified-by", "session")
    )
    assert (done.code, done.document["state"]) == (0, "fulfilled")
    assert all(store["tables"] == {} for store in done.document["stores"].values())
    page = next(out.glob("*.html")).read_text()
    assert "We hold no data about you" in page or "We hold nothing about you" in page or "no data" in page.lower()


@pytest.mark.parametrize("line", ["phone=secret-77", "email=secret 77", "=secret-77", "emial=secret-77"])
def test_what_is_no_identifier_is_refused_without_being_repeated(company: Company, line: str) -> None:
    done = asked(company, line)
    assert done.code == 3
    assert "secret" not in done.out + done.err


def test_nothing_of_her_is_in_belofte_s_own_database(company: Company) -> None:
    company.run("access", "--person", "email=-", "--verified-by", "session", "--json", stdin=ALICE)
    company.run("objection", "--person", "phone=-", "--marketing", "--json", stdin=ALICE_PHONE)
    company.erase()  # stays open: the archive
    company.run("rectification", "--person", "email=-", "--change", "identity.name=Alicia Secret", "--yes", stdin=BOB)
    with company.own() as own:
        tables = own.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'belofte'").fetchall()
        text = "\n".join(
            str(row)
            for (name,) in tables
            for row in own.execute(f"SELECT t::text FROM belofte.{name} t")  # noqa: S608
        ).lower()
    for secret in (*SECRETS, BOB, "Alicia Secret"):
        assert secret.lower() not in text
        assert secret.lower().encode().hex() not in text
    assert "request" in text


def test_nothing_of_her_is_told_to_the_operator_or_left_in_a_marker(company: Company) -> None:
    done = company.erase("--out", str(company.folder.parent / "report"))
    seen = done.out + done.err + str([rows for name, rows in company.dump().items() if name.endswith("marker")])
    assert [secret for secret in SECRETS if secret.lower() in seen.lower()] == []


def test_process_list_forgets_what_was_typed(company: Company) -> None:
    running = company.start("request", "access", "--person", f"email={ALICE}", "--person", "phone=-", "--json")
    try:
        listed = Path(f"/proc/{running.pid}/cmdline")
        until = time.monotonic() + 30
        while (ALICE in listed.read_text() or "belofte" not in listed.read_text()) and time.monotonic() < until:
            time.sleep(0.1)
        assert "belofte" in listed.read_text()
        assert ALICE not in listed.read_text()
    finally:
        running.communicate(ALICE_PHONE, timeout=60)

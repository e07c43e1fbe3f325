"""What a person chooses and corrects, end to end: recorded, carried out in each store, and then in force."""

from __future__ import annotations

import json
from pathlib import Path

from tests.requests.company import ALICE, BOB, Company


def test_correction_reaches_every_store_and_leaves_the_invoice_as_it_was_made(company: Company) -> None:
    company.without_archive()
    before = company.state()
    asked = (
        "rectification",
        "--person",
        "email=-",
        "--change",
        "identity.name=Alice Maes",
        "--verified-by",
        "s",
        "--json",
    )
    shown = company.run(*asked, stdin=ALICE)
    assert (shown.code, shown.document["state"]) == (2, "open")
    assert company.state() == before
    done = company.run(*asked, "--yes", stdin=ALICE)
    assert (done.code, done.document["state"]) == (2, "open")  # the invoices wait for their annotation
    after = company.state()
    assert [row[1] for row in after["crm.contact"]] == ["Alice Maes", "Bob Janssens", "Charlie Maes"]
    assert [row[1] for row in after["news.subscriber"]] == ["Alice Maes", "Bob"]
    assert after["crm.invoice"] == before["crm.invoice"]
    assert done.document["annotated"] == {"crm": {"invoice": 2}}
    with company.own() as own:
        tasks = own.execute("SELECT id, what FROM belofte.task").fetchall()
    assert len(tasks) == 1
    assert "annotate" in tasks[0][1]
    assert "Maes" not in tasks[0][1]
    assert company.run("task", str(tasks[0][0]), "--evidence", "note 7").code == 0
    assert company.state_of(done.document["request"]) == "fulfilled"


def test_value_that_does_not_fit_is_refused_without_being_repeated(company: Company) -> None:
    company.without_archive()
    with company.crm() as crm:
        crm.execute("ALTER TABLE contact ALTER COLUMN name TYPE varchar(15)")
    before = company.state()
    done = company.run(
        "rectification", "--person", "email=-", "--change", "identity.name=Alice Secret Long Name", "--yes", stdin=ALICE
    )
    assert done.code in (1, 3)
    assert "secret" not in (done.out + done.err).lower()
    assert "name" in done.err
    assert company.state() == before


def test_objection_to_marketing_is_absolute_and_needs_no_identity(company: Company) -> None:
    company.without_archive()
    done = company.run("objection", "--person", "email=-", "--marketing", "--json", stdin=ALICE)
    assert (done.code, done.document["state"]) == (0, "fulfilled")
    assert {(one["purpose"], one["outcome"]) for one in done.document["outcomes"]} == {("mailing", "granted")}
    assert ("objection:made", "mailing") in company.events()


def test_withdrawal_takes_her_consent_back_and_nobody_else_s(company: Company) -> None:
    company.without_archive()
    done = company.run("withdrawal", "--person", "email=-", "--verified-by", "s", "--json", stdin=ALICE)
    assert (done.code, done.document["state"]) == (0, "fulfilled")
    events = company.events()
    assert {kind for kind, _ in events} == {"consent:withdrawn"}
    assert {purpose for _, purpose in events} == {"mailing"}
    with company.own() as own:
        assert own.execute("SELECT count(DISTINCT subject_id) FROM belofte.event").fetchone() == (1,)


def test_restriction_keeps_what_an_erasure_would_take(company: Company) -> None:
    company.without_archive()
    done = company.run(
        "restriction", "--person", "email=-", "--ground", "claim", "--category", "dealings", "--verified-by", "s",
        "--json", stdin=ALICE,
    )  # fmt: skip
    assert (done.code, done.document["state"]) == (0, "fulfilled")
    erased = company.erase().document["stores"]["crm"]["tables"]["note"]
    assert (erased["deleted"], erased["kept"]) == (0, 2)
    assert [row[0] for row in company.state()["crm.note"]] == [20, 21, 22]


def test_package_to_take_along_holds_what_she_provided_on_consent_or_contract(company: Company, tmp_path: Path) -> None:
    company.without_archive()
    out = tmp_path / "package"
    done = company.run(
        "portability", "--person", "email=-", "--out", str(out), "--verified-by", "s", "--json", stdin=BOB
    )
    assert (done.code, done.document["state"]) == (0, "fulfilled"), done.err
    tables = {(one["store"], one["table"]): one["rows"] for one in done.document["tables"]}
    assert tables.get(("crm", "contact")) == 1
    assert tables.get(("crm", "note")) == 1
    text = "".join(file.read_text() for file in out.rglob("*") if file.is_file())
    assert "Bob Janssens" in text
    assert "Alice Peeters" not in text
    assert "Charlie" not in text


def test_what_is_left_of_her_in_others_words_is_counted_and_waits_for_somebody_to_look(
    company: Company, tmp_path: Path
) -> None:
    company.without_archive()
    with company.crm() as crm:
        crm.execute("UPDATE note SET body = 'asked about alice.peeters@EXAMPLE.com twice' WHERE id = 22")
    done = company.erase("--out", str(tmp_path / "report"))
    assert done.document["residue"] == [{"store": "crm", "table": "note", "column": "body", "count": 1}]
    assert [(file.stat().st_mode & 0o777) for file in (tmp_path / "report").iterdir() if file.is_file()]
    report = json.loads(next((tmp_path / "report").glob("*.json")).read_text())
    assert [{k: r[k] for k in ("store", "table", "column", "count")} for r in report["residue"]] == done.document[
        "residue"
    ]


def test_large_table_is_named_as_not_searched(company: Company) -> None:
    company.without_archive()
    with company.crm() as crm:
        crm.execute("CREATE TABLE log (id integer, line text)")
        crm.execute("INSERT INTO log SELECT n, 'line' FROM generate_series(1, 60000) n")
        crm.execute("ANALYZE log")
    assert "crm.log.line" in company.erase().document["not_searched"]

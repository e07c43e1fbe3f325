"""Whoever was in an extract learns who received it, and the history of its use can be judged."""

from __future__ import annotations

from tests.evidence.test_audit import audit
from tests.requests.company import ALICE, BOB, Company
from tests.requests.test_ledger import GRANT

PRINTER = {
    "title": "Printing", "name": "Printer NV", "role": "processor", "location": "BE", "contract": "C-12",
    "receives": ["identity.name", "identity.email", "behaviour"], "purposes": ["mailing"],
}  # fmt: skip


def extracted(company: Company, store: str = "news", table: str = "visit") -> None:
    """Let a table go to the printer for the mailing."""
    file = company.folder.parent / f"{table}.csv"
    named = ("--purpose", "mailing", "--table", table, "--recipient", "printer", "--store", store)
    ran = company.run("--to", str(file), *named, group="extract")
    assert (ran.code, "of 1 people" in ran.out) == (0, True), ran.err


def with_printer(company: Company) -> Company:
    """The company with a printer among its recipients."""
    company.without_archive()
    company.policy["recipients"] = {"printer": PRINTER}
    company.write()
    return company


def test_an_answer_names_who_received_her_in_an_extract_and_nobody_elses(company: Company) -> None:
    with_printer(company)
    assert company.choose(*GRANT, stdin=ALICE).code == 0
    extracted(company)
    person = ("--person", "email=-", "--verified-by", "session", "--json")
    answer = company.run("access", *person, stdin=ALICE).document
    assert [(one["recipient"], one["country"]) for one in answer["disclosures"]] == [("Printer NV", "BE")]
    assert company.run("access", *person, stdin=BOB).document["disclosures"] == []


def test_the_use_of_an_extract_is_judged_of_each_person_in_it(company: Company) -> None:
    with_printer(company)
    assert company.choose(*GRANT, stdin=ALICE).code == 0
    extracted(company)
    code, found = audit(company)
    assert (code, found["consent-before-use"]["state"]) == (0, "kept")
    with company.own() as own:  # somebody was in it who never consented
        own.execute("INSERT INTO belofte.disclosure_person VALUES (1, decode(repeat('ab', 32), 'hex'), NULL)")
    code, found = audit(company)
    assert (code, [one["source"] for one in found["consent-before-use"]["broken"]]) == (2, ["disclosure 1"])


def test_who_received_her_in_an_extract_is_told_of_her_erasure_and_of_no_other(company: Company) -> None:
    with_printer(company)
    assert company.choose(*GRANT, stdin=ALICE).code == 0
    extracted(company)
    assert company.erase().document["to_tell"] == ["printer"]
    bob = company.run("erasure", "--person", "email=-", "--yes", "--verified-by", "s", "--json", stdin=BOB)
    assert bob.document["to_tell"] == []


def given(company: Company, *arguments: str, stdin: str = "") -> tuple[int, str]:
    """Record that the tax authority was given a file."""
    sent = company.folder.parent / "sent.pdf"
    sent.write_bytes(b"what was sent")
    named = ("--recipient", "tax", "--purpose", "accounting", "--data", "payment", "--file", str(sent))
    ran = company.run(*named, *arguments, group="disclose", stdin=stdin)
    return ran.code, ran.out + ran.err


def test_an_authority_that_only_asks_gets_nothing_and_an_order_is_recorded(company: Company) -> None:
    company.without_archive()
    company.policy["recipients"] = {
        "tax": {
            "title": "T", "name": "FOD Financiën", "role": "authority", "location": "BE", "receives": ["payment"],
            "purposes": ["accounting"],
        }
    }  # fmt: skip
    company.write()
    code, said = given(company, "--ground", "WIB92 art. 315")
    assert (code, "on an order or a request in the form of the law, and none is named" in said) == (3, True)
    assert company.run("--json", group="sharing").document["disclosures"] == []
    ordered = ("--ground", "WIB92 art. 315", "--order", "letter of 3 May", "--person", "email=-")
    code, said = given(company, *ordered, "--on", "2999-05-04", stdin=ALICE)
    assert (code, "it was sent in the future" in said) == (3, True)
    named = (*ordered, "--on", "2026-05-04")
    code, said = given(company, *named, stdin=ALICE)
    assert (code, ALICE in said) == (0, False), said
    (row,) = company.run("--json", group="sharing").document["disclosures"]
    assert (row["who"], row["ground"], row["order"], row["people"]) == (
        "FOD Financiën", "WIB92 art. 315", "letter of 3 May", 1,
    )  # fmt: skip
    listed = company.run("--part", "disclosures", "--format", "csv", group="sharing").out
    assert listed.splitlines()[1].startswith("1,2026-05-0")
    answer = company.run("access", "--person", "email=-", "--verified-by", "s", "--json", stdin=ALICE).document
    assert [one["recipient"] for one in answer["disclosures"]] == ["FOD Financiën"]

"""The copy: her rows and nobody else's, with what keeps and uses each datum, in files that only we can read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.requests.company import ALICE, BOB, Company

MEMORY = 150 * 1024
"""KiB that a large answer may add to what a small one takes."""

MEASURED = """
import resource, sys
from belofte.cli import app
code = app.run(sys.argv[1:])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def copy(company: Company, who: str = ALICE) -> dict[str, Any]:
    found: dict[str, Any] = company.run("access", "--person", "email=-", "--json", stdin=who).document
    return found


def classes(document: dict[str, Any], store: str, table: str) -> dict[Any, dict[str, dict[str, Any]]]:
    """Return, per row's id and column, the class."""
    data = document["stores"][store]["tables"][table]["data"]
    listed = document["classes"]
    return {one["row"]["id"]: {c: listed[n] for c, n in one["class"].items()} for one in data}


def test_only_her_rows_and_nobody_s_key(company: Company) -> None:
    found = copy(company)
    tables = {f"{s}.{t}": d for s, store in found["stores"].items() for t, d in store["tables"].items()}
    ids = {name: sorted(one["row"]["id"] for one in table["data"]) for name, table in tables.items()}
    assert ids == {
        "crm.contact": [1], "crm.invoice": [10, 12], "crm.note": [20, 21], "crm.message": [30],
        "news.subscriber": [1], "news.visit": [1, 2],
    }  # fmt: skip
    assert {name: table["rows"] for name, table in tables.items()} == {name: len(found) for name, found in ids.items()}
    message = tables["crm.message"]["data"][0]["row"]
    assert (message["sender_id"], message["body"]) == (1, "hello bob")
    assert message["recipient_id"] != 2
    text = json.dumps(found["stores"])
    assert not any(word in text for word in ("Bob", "Charlie", "bob@", SHARED_NOTE))


SHARED_NOTE = "asked about"


def test_each_datum_says_what_keeps_and_what_uses_it(company: Company) -> None:
    found = copy(company)
    nothing = {"keep": [], "use": [], "hold": False, "restricted": False}
    accounting = nothing | {"keep": ["accounting"], "use": ["accounting"]}
    invoices = classes(found, "crm", "invoice")
    assert accounting.items() <= invoices[10]["attention"].items()
    assert nothing.items() <= invoices[12]["attention"].items()  # its seven years are over
    assert (nothing | {"keep": ["service"]}).items() <= classes(found, "crm", "message")[30]["body"].items()
    theirs = classes(copy(company, BOB), "crm", "note")[22]["body"]
    assert (nothing | {"keep": ["service"], "use": ["service"]}).items() <= theirs.items()


def test_restricted_data_is_shown_as_what_it_is(company: Company) -> None:
    company.without_archive()
    done = company.run(
        "restriction", "--person", "email=-", "--ground", "claim", "--category", "dealings", "--verified-by", "s",
        "--json", stdin=BOB,
    )  # fmt: skip
    assert (done.code, done.document["state"]) == (0, "fulfilled")
    found = copy(company, BOB)
    note = classes(found, "crm", "note")[22]["body"]
    assert (note["keep"], note["use"], note["restricted"]) == (["service"], [], True)
    assert classes(found, "crm", "contact")[2]["name"]["restricted"] is False
    assert [choice["kind"] for choice in found["choices"]] == ["restriction"]


def test_answer_is_written_for_an_established_person_and_for_nobody_else_to_read(
    company: Company, tmp_path: Path
) -> None:
    company.without_archive()
    out = tmp_path / "answer"
    refused = company.run("access", "--person", "email=-", "--out", str(out), stdin=ALICE)
    assert refused.code == 1
    assert not out.exists()
    done = company.run(
        "access", "--person", "email=-", "--out", str(out), "--verified-by", "session", "--json", stdin=ALICE
    )
    assert (done.code, done.document["state"]) == (0, "fulfilled"), done.err
    assert out.stat().st_mode & 0o777 == 0o700
    files = [file for file in out.rglob("*") if file.is_file()]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert {file.suffix for file in files} >= {".json", ".csv", ".html"}
    page = next(out.glob("*.html")).read_text()
    assert 'lang="nl"' in page  # her record says so
    assert "Bob" not in page


def peak(company: Company, who: str, out: Path) -> int:
    """Return the peak memory of an access in a process of its own, in KiB."""
    running = company.start(
        "request", "access", "--person", "email=-", "--verified-by", "s", "--out", str(out),
        program=[sys.executable, "-c", MEASURED],
    )  # fmt: skip
    _, err = running.communicate(who, timeout=150)
    code, used = err.split()[-2:]
    assert code == "0", err
    return int(used)


def test_answer_of_many_rows_streams(company: Company, tmp_path: Path) -> None:
    company.without_archive()
    with company.crm() as crm:
        crm.execute("INSERT INTO note (contact_id, body) SELECT 1, 'note ' || n FROM generate_series(1, 200000) n")
    with company.news() as news:
        news.execute(
            "WITH RECURSIVE n(x) AS (SELECT 10 UNION ALL SELECT x + 1 FROM n WHERE x < 50009) "
            "INSERT INTO visit SELECT x, 1, '/page', '2026-01-01' FROM n"
        )
    small = peak(company, BOB, tmp_path / "small")
    large = peak(company, ALICE, tmp_path / "large")
    document = json.loads(next((tmp_path / "large").glob("*.json")).read_text())
    assert document["stores"]["crm"]["tables"]["note"]["rows"] == 200_002
    assert document["stores"]["news"]["tables"]["visit"]["rows"] == 50_002
    assert large - small <= MEMORY

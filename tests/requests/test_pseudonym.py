"""A value that the map keeps under a pseudonym: replaced with the company's key, told as kept, done once."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from tests.requests.company import ALICE, Company

from belofte.database.key import company_key


def emails(company: Company) -> list[str]:
    return [row[2] for row in company.state()["crm.contact"]]


def test_value_under_a_pseudonym_is_told_as_kept(company: Company, tmp_path: Path) -> None:
    company.without_archive()
    crm = company.maps["crm"]
    crm["tables"]["contact"]["columns"]["email"] = {"element": "identity.email", "erase": {"pseudonym": "web"}}
    company.write()
    done = company.erase("--out", str(tmp_path / "answer"))
    key = company_key(company.folder, company.env).pseudonym("web")
    made = "p-" + hmac.digest(key, b"Alice.Peeters@Example.com", hashlib.sha256).hex()
    assert done.code == 0, done.err
    assert done.document["state"] == "fulfilled"
    assert emails(company) == [made, "bob@example.com", "charlie@example.com"]
    assert {"reason": "pseudonymised", "rows": 1} in done.document["stores"]["crm"]["tables"]["contact"]["reasons"]
    report = "".join(path.read_text() for path in (tmp_path / "answer").rglob("*.html"))
    assert "Uw gegevens daarin zijn nu een code." in report
    shown = done.out + done.err + report + str(company.dump()["crm.belofte_marker"])
    assert key.hex() not in shown
    assert made not in shown
    assert ALICE.lower() not in shown.lower()

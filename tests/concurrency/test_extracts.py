"""A withdrawal while an extract is made: the extract is one picture, the next one is without her."""

from __future__ import annotations

import pytest
from tests.evidence.test_audit import audit
from tests.requests.company import ALICE, BOB, Company
from tests.requests.test_ledger import GRANT
from tests.requests.test_sharing import with_printer

from belofte.purposes import extracting


def extracted(company: Company, number: int) -> list[str]:
    """Return the pages that the printer gets."""
    file = company.folder.parent / f"{number}.csv"
    named = ("--purpose", "mailing", "--table", "visit", "--recipient", "printer", "--store", "news")
    ran = company.run("--to", str(file), *named, group="extract")
    assert ran.code == 0, ran.err
    return sorted(line.split(",")[0] for line in file.read_text().splitlines()[1:])


@pytest.mark.parametrize("whose", [ALICE, BOB], ids=["read already", "read afterwards"])
def test_a_withdrawal_meanwhile_counts_for_the_next_extract(
    company: Company, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:  # fmt: skip
    with_printer(company)
    for one in (ALICE, BOB):
        assert company.choose(*GRANT, stdin=one).code == 0
    read, left = extracting.states_of_rows, [whose]

    def reading(*given: object) -> object:
        found = read(*given)  # type: ignore[arg-type]
        if left:  # alice's choices are read, and bob's are not
            asked = ("withdrawal", "--person", "email=-", "--purpose", "mailing", "--verified-by", "session")
            assert company.fork(asked, lambda _: None, left.pop()) in (0, 2)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(extracting, "states_of_rows", reading)
        patched.setattr(extracting, "BATCH", 1)
        assert len(extracted(company, 1)) == 3
        assert not left
    assert len(extracted(company, 2)) == (1 if whose == ALICE else 2)
    with company.own() as own:
        ((before,),) = own.execute(
            "SELECT d.disclosed_at < e.recorded_at FROM belofte.disclosure d, belofte.event e "
            "WHERE e.kind = 'consent:withdrawn' ORDER BY d.id LIMIT 1"
        ).fetchall()
    assert before
    assert audit(company)[1]["no-use-after-closing"]["state"] == "kept"

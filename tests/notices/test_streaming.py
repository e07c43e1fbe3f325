"""A person with 200,000 rows: her answer is written without ever holding them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = 200_000
MOST = 150 * 1024
"""Peak resident memory, in kB, interpreter and libraries included."""

PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from belofte.notices.answer import StoreAnswer
from belofte.notices.package import write_access
from tests.notices.people import alice, invoices
answer = replace(alice(), stores=(StoreAnswer("crm", (invoices(int(sys.argv[2])),)),))
written = write_access(Path(sys.argv[1]), answer)
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(written.heads[0].tables[0].total, peak.split()[1])  # getrusage would tell the parent's peak as well
"""


def test_two_hundred_thousand_rows_stream(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "out"), str(ROWS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    total, peak = map(int, done.stdout.split())
    assert total == ROWS
    assert peak <= MOST
    with (tmp_path / "out" / "crm" / "invoice.csv").open() as file:
        assert sum(1 for _ in file) == ROWS + 1
    assert (tmp_path / "out" / "index.html").stat().st_size < 100_000

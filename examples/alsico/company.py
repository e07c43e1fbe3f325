"""The generated company: a workwear maker's customer database and its newsletter and web shop, with realistic dirt.

    python examples/alsico/company.py --crm postgresql://… --shop sqlite:///shop.db [--people 2000] [--seed 7]

The same people and seed give the same rows, whatever the databases. Rows are loaded in bulk while they are made.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCHEMA = HERE / "schema"
if __package__ in (None, ""):  # run as a script
    sys.path.insert(0, str(HERE.parents[1]))

from examples.alsico.customers import HEROINE, Company  # noqa: E402
from examples.filling import filled  # noqa: E402

__all__ = ["CRM", "HEROINE", "SHOP", "Company", "build", "write_consents"]

CRM = [
    "employee", "company", "contact", "wearer", "product", "orders", "order_line", "invoice", "payment", "call",
    "recording", "note", "message", "complaint", "enquiry", "supplier", "supplier_contact", "applicant", "visit",
    "privacy_request",
]  # fmt: skip
SHOP = [
    "web_account", "login_attempt", "page_view", "basket", "basket_line", "shop_order", "shop_order_line", "campaign",
    "subscriber", "delivery", "opening", "topic_score", "survey_answer",
]  # fmt: skip
"""The tables of each database, parents before children."""


def build(crm_url: str, shop_url: str, people: int = 2000, seed: int = 7) -> None:
    """Fill both databases (they must be empty) with the same company of `people` contact persons."""
    with filled(crm_url, SCHEMA / "crm.sql", CRM) as crm, filled(shop_url, SCHEMA / "shop.sql", SHOP) as shop:
        for batch in Company(people, seed).batches():
            crm(batch)
            shop(batch)


def write_consents(file: Path, people: int = 2000, seed: int = 7) -> int:
    """Write the consent records that belong to `build` as CSV; return how many there are."""
    company = Company(people, seed)
    count = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["kind", "value", "purpose", "channel", "at", "how", "notice", "language"])
        for _ in company.batches():
            writer.writerows(company.consents)
            count += len(company.consents)
            company.consents.clear()
    return count


def main() -> None:
    """Build the company that the command line asks for."""
    parser = argparse.ArgumentParser(description="generate the example company")
    parser.add_argument("--crm", required=True, help="an empty PostgreSQL database: postgresql://…")
    parser.add_argument(
        "--shop", required=True, help="an empty MariaDB or SQLite database: mysql+pymysql://…, sqlite:///…"
    )
    parser.add_argument("--people", type=int, default=2000, help="contact persons (default 2000)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--consents", type=Path, help="also write the consent records to this CSV file")
    asked = parser.parse_args()
    begin = time.monotonic()
    build(asked.crm, asked.shop, asked.people, asked.seed)
    if asked.consents:
        write_consents(asked.consents, asked.people, asked.seed)
    print(f"{asked.people} contact persons in {time.monotonic() - begin:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

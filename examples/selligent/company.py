"""The generated company: a vendor's business database, its sites, and what one client keeps with it.

    python examples/selligent/company.py --business postgresql://… --site sqlite:///site.db --hosted sqlite:///hosted.db

Nobody in it exists. Nothing in it is overdue on the day that its books end: the company keeps its policy. The same
people and seed give the same rows, whatever the databases.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCHEMA = HERE / "schema"
if __package__ in (None, ""):  # run as a script
    sys.path.insert(0, str(HERE.parents[1]))

from examples.alsico.dice import Dice, january_after, slug  # noqa: E402
from examples.filling import filled  # noqa: E402

BUSINESS = [
    "client", "contact", "prospect", "orders", "invoice", "support_message", "alert", "survey_answer", "supplier",
    "supplier_contact", "member", "registration", "contest_entry", "author", "post", "privacy_request",
]  # fmt: skip
SITE = ["visitor", "visit", "mail_opening"]
HOSTED = ["audience"]
"""The tables of each database, parents before children."""

CONSENT_OF = ("click", "2026-1")
"""How consent was asked of everybody here, and under which notice."""
PAGES = ("/pricing", "/blog/segments", "/events", "/support", "/jobs")
AGENT = "Mozilla/5.0 (X11; Linux x86_64) Firefox/147.0"


class Company(Dice):
    """The company of `people` visitors, and of others in proportion. `consents` are the records that belong to it."""

    def __init__(self, people: int, seed: int = 7) -> None:
        super().__init__(seed)
        self.people = people
        self.consents: list[tuple[str, ...]] = []

    def somebody(self) -> tuple[str, str, str]:
        """Return a name, an address that nobody else has, and a language."""
        language = self.one(("nl", "fr"))
        name = f"{self.word('first', language)} {self.word('last', language)}"
        return name, f"{slug(name)}{self.key('address')}@{self.one(('boot', 'molen', 'veld'))}.example", language

    def consented(self, email: str, language: str, purpose: str, channel: str = "") -> None:
        """Record that somebody consented to a purpose."""
        how, notice = CONSENT_OF
        self.consents.append(
            ("email", email, purpose, channel, self.moment(100 + self.below(150)), how, notice, language)
        )

    def made(self) -> dict[str, list[tuple[object, ...]]]:
        """Return the rows of all tables."""
        for _ in range(max(self.people // 10, 2)):
            self._client()
        for _ in range(max(self.people // 20, 2)):
            self._supplier()
            self._prospect()
            self._member()
            self._events()
            self._author()
        for _ in range(self.people):
            self._visitor()
            name, email, _ = self.somebody()
            self.put("audience", self.key("audience"), name, email, self.mobile(), 36 + self.below(10), self.moment(90))
        self.put(
            "privacy_request", self.key("privacy_request"), self.somebody()[1], "access", self.moment(90), self.day(80)
        )
        return self.rows

    def day(self, ago: int) -> str:
        """Return the day so many days before the books end."""
        return self.moment(ago)[:10]

    def _client(self) -> None:
        client = self.key("client")
        self.put("client", client, f"{self.word('last', 'nl')} Media NV", self.number(), "active", None)
        for _ in range(2):
            name, email, language = self.somebody()
            contact = self.key("contact")
            self.put("contact", contact, client, name, email, self.landline("02"), self.mobile(), None, language,
                     slug(name), self.moment(200))  # fmt: skip
            order, placed = self.key("orders"), self.day(30 + self.below(60))
            self.put("orders", order, contact, placed, "licence for a year")
            self.put("invoice", self.key("invoice"), order, placed, january_after(placed), "1200.00")
            self.put("support_message", self.key("support_message"), contact, None, self.moment(20 + self.below(60)),
                     "how do I split a list in two?")  # fmt: skip
            if self.chance(0.3):
                self.put("alert", self.key("alert"), contact, self.moment(10 + self.below(60)), "login from two places")
            if self.chance(0.5):
                self.consented(email, language, "surveys")
                self.put("survey_answer", self.key("survey_answer"), contact, self.moment(10 + self.below(60)), "fine")

    def _prospect(self) -> None:
        name, email, language = self.somebody()
        prospect, wants = self.key("prospect"), self.chance(0.5)
        lead = "met by Verdeler Noord" if wants else None
        self.put("prospect", prospect, name, email, "Drukkerij Zon", language, lead, self.moment(200))
        self.put("support_message", self.key("support_message"), None, prospect, self.moment(20 + self.below(60)),
                 "what does it cost?")  # fmt: skip
        if wants:
            self.consented(email, language, "marketing-email", "email")

    def _supplier(self) -> None:
        supplier, (name, email, _) = self.key("supplier"), self.somebody()
        self.put("supplier", supplier, f"{self.word('last', 'fr')} Papier SA", True)
        self.put("supplier_contact", self.key("supplier_contact"), supplier, name, email, self.landline("067"),
                 self.moment(300))  # fmt: skip

    def _member(self) -> None:
        name, email, _ = self.somebody()
        self.put("member", self.key("member"), name, email, self.one(("gold", "silver")), True, self.moment(300))

    def _events(self) -> None:
        name, email, _ = self.somebody()
        self.put("registration", self.key("registration"), "autumn day", self.day(40), name, email, self.moment(60))
        name, email, _ = self.somebody()
        drawn = self.one((None, self.day(30)))
        self.put("contest_entry", self.key("contest_entry"), drawn, name, email, "a lighthouse", self.moment(60))

    def _author(self) -> None:
        author, (name, email, _) = self.key("author"), self.somebody()
        self.put("author", author, name, email, self.moment(400))
        self.put("post", self.key("post"), author, True, self.moment(300), "Ten ways to write a subject line.")

    def _visitor(self) -> None:
        visitor, (name, email, language) = self.key("visitor"), self.somebody()
        self.put("visitor", visitor, name, email, language, self.day(20 + self.below(200)), self.moment(260))
        if self.chance(0.3):
            self.consented(email, language, "marketing-email", "email")
        if self.chance(0.3):
            for purpose in ("site-measurement", "interest-profile"):
                self.consented(email, language, purpose)
            for _ in range(2):
                self.put("visit", self.key("visit"), visitor, self.moment(5 + self.below(90)), self.one(PAGES),
                         f"198.51.100.{self.below(16) * 16}", AGENT, "Linux", None, "segments")  # fmt: skip
        if self.chance(0.2):
            self.consented(email, language, "mail-measurement")
            self.put("mail_opening", self.key("mail_opening"), visitor, self.moment(5 + self.below(60)), "/events")


def build(business: str, site: str, hosted: str, people: int = 200, seed: int = 7) -> None:
    """Fill the three databases (they must be empty) with the same company."""
    rows = Company(people, seed).made()
    for url, name, tables in ((business, "business", BUSINESS), (site, "site", SITE), (hosted, "hosted", HOSTED)):
        with filled(url, SCHEMA / f"{name}.sql", tables) as take:
            take(rows)


def consents(people: int = 200, seed: int = 7) -> Iterator[tuple[str, ...]]:
    """Yield the consent records that belong to `build`, their names first."""
    yield "kind", "value", "purpose", "channel", "at", "how", "notice", "language"
    made = Company(people, seed)
    made.made()
    yield from made.consents


def write_consents(file: Path, people: int = 200, seed: int = 7) -> None:
    """Write the consent records that belong to `build` as CSV."""
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(consents(people, seed))


def main() -> None:
    """Build the company that the command line asks for."""
    parser = argparse.ArgumentParser(description="generate the example company")
    parser.add_argument("--business", required=True, help="an empty PostgreSQL database: postgresql://…")
    parser.add_argument("--site", required=True, help="an empty database: sqlite:///site.db")
    parser.add_argument("--hosted", required=True, help="an empty database: sqlite:///hosted.db")
    parser.add_argument("--people", type=int, default=200, help="visitors (default 200)")
    parser.add_argument("--consents", type=Path, help="also write the consent records to this CSV file")
    asked = parser.parse_args()
    build(asked.business, asked.site, asked.hosted, asked.people)
    if asked.consents:
        write_consents(asked.consents, asked.people)


if __name__ == "__main__":
    main()

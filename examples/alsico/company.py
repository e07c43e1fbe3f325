"""The generated company: a workwear maker's customer database and its newsletter and web shop, with realistic dirt.

    python examples/alsico/company.py --crm postgresql://… --shop sqlite:///shop.db [--people 2000] [--seed 7]

The same people and seed give the same rows, whatever the databases. Nobody in it exists; addresses end in `.example`.
Rows are made in batches of companies and loaded in bulk (COPY, multi-row INSERT), so a million people fit in memory.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sqlite3
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pymysql
from sqlalchemy.engine import URL, make_url

HERE = Path(__file__).resolve().parent
NAMES: dict[str, Any] = json.loads((HERE / "names.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 16)
"""The day on which the company's books end; days are counted back from it."""
SPAN = 13 * 365
DAYS = [(TODAY - timedelta(days=n)).isoformat() for n in range(SPAN + 1)]
TIMES = [f"{8 + n // 60:02}:{n % 60:02}:{n * 7 % 60:02}" for n in range(600)]
BATCH = 500
"""Companies per batch."""

HEROINE = {
    "name": "Marie Peeters-Dubois",
    "email": "marie.peeters-dubois@vandamme-bouw.example",
    "mobile": "+32470123456",
    "company": "Bouwwerken Van Damme",
    "shop_email": "Marie.Peeters-Dubois@VanDamme-Bouw.example",
}
"""The contact person of the demo: in both databases, with invoices inside and beyond the terms."""

Row = tuple[Any, ...]
Batch = dict[str, list[Row]]
CRM = ("employee company contact wearer product orders order_line invoice payment call recording note message complaint "
       "enquiry supplier supplier_contact applicant visit").split()  # fmt: skip
SHOP = ("web_account login_attempt page_view basket basket_line shop_order shop_order_line campaign subscriber delivery "
        "opening topic_score survey_answer").split()  # fmt: skip


class Company:
    """The generator: `batches()` yields rows per table, parents before children; `consents` fills along the way."""

    def __init__(self, people: int, seed: int) -> None:
        self.people = people
        self.dice = random.Random(seed)
        self.staff = max(12, min(400, people // 60))
        self.next: dict[str, int] = {}
        self.rows: Batch = {}
        self.mentioned: list[str] = [HEROINE["email"]]
        self.consents: list[Row] = []

    # -- small dice ------------------------------------------------------------------------------------------

    def key(self, table: str) -> int:
        self.next[table] = self.next.get(table, 0) + 1
        return self.next[table]

    def put(self, table: str, *row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def one(self, of: list[Any]) -> Any:
        return of[int(self.dice.random() * len(of))]

    def below(self, n: int) -> int:
        return int(self.dice.random() * n)

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def moment(self, day: int) -> str:
        return f"{DAYS[day]} {self.one(TIMES)}"

    def word(self, what: str, language: str) -> Any:
        return self.one(NAMES[f"{what}_{language}"])

    def mobile(self) -> str:
        number = f"4{7 + self.below(3)}{self.below(10)}{self.below(10**6):06}"
        shapes = ("0{0}/{1}.{2}.{3}", "+32 {0} {1} {2} {3}", "0{0} {1} {2} {3}", "0032{0}{1}{2}{3}", "+32{0}{1}{2}{3}")
        return self.one(list(shapes)).format(number[:3], number[3:5], number[5:7], number[7:])

    def landline(self, zone: str) -> str:
        number = f"{200000 + self.below(799999)}" if len(zone) == 3 else f"{2000000 + self.below(7999999)}"
        a, b, c = number[:-4], number[-4:-2], number[-2:]
        return self.one(
            [f"{zone}/{a}.{b}.{c}", f"{zone} {a} {b} {c}", f"+32 {zone[1:]} {a} {b} {c}", f"{zone}{number}"]
        )

    def iban(self) -> str:
        bank = 10**9 + self.below(8 * 10**9)
        account = f"{bank}{bank % 97 or 97:02}"
        check = 98 - int(f"{account}111400") % 97
        text = f"BE{check:02}{account}"
        return " ".join(text[n : n + 4] for n in range(0, 16, 4)) if self.chance(0.5) else text

    def number(self) -> str:
        base = 2 * 10**6 + self.below(8 * 10**6)
        digits = f"0{base:07}{97 - base % 97:02}"
        return f"BE {digits[:4]}.{digits[4:7]}.{digits[7:]}"

    # -- the company -----------------------------------------------------------------------------------------

    def batches(self) -> Iterator[Batch]:
        self._house()
        self._heroine()
        made = 0
        while self.next["contact"] < self.people:
            self._customer()
            made += 1
            if made % BATCH == 0:
                yield self._flushed()
        self._others()
        yield self._flushed()

    def _flushed(self) -> Batch:
        rows, self.rows = self.rows, {}
        return rows

    def _house(self) -> None:
        for n in range(1, self.staff + 1):
            language = "nl" if self.chance(0.7) else "fr"
            first, last = self.word("first", language), self.word("last", language)
            hired = 30 + self.below(SPAN - 400)
            left = self.below(hired) if n > 4 and self.chance(0.25) else None
            born = f"{60 + self.below(40):02}{1 + self.below(12):02}{1 + self.below(28):02}{1 + self.below(997):03}"
            national = f"{born[:2]}.{born[2:4]}.{born[4:6]}-{born[6:]}.{97 - int(born) % 97:02}"
            self.put(
                "employee", self.key("employee"), f"{first} {last}", f"{slug(first)}.{slug(last)}.{n}@alsico.example",
                f"+32 55 23 {71 + n % 20} {n % 100:02}", self.one(NAMES["own_job"]), national, self.iban(),
                None if n == 1 else 1 + self.below(min(4, n - 1)), DAYS[hired], None if left is None else DAYS[left],
            )  # fmt: skip
        for n, name in enumerate(NAMES["product"], 1):
            self.put("product", self.key("product"), f"AHT-{n:03}", name, 15 + n * 7)
        for n in range(1, 13):
            self.put("campaign", n, f"nieuwsbrief {n}", f"Nieuw dit seizoen ({n})", f"{DAYS[30 + n * 90]} 10:00:00")
        self.next["campaign"] = 12

    def _heroine(self) -> None:
        email, mobile = HEROINE["email"], "0470/12.34.56"
        address = ("Stationsstraat 12", "9700", "Oudenaarde")
        self.put(
            "company", self.key("company"), "K000001", f"{HEROINE['company']} NV", "NV", "BE 0200.065.765", *address,
            "055/31.22.00", "info@vandamme-bouw.example", "BE68 5390 0754 7034", "nl", "active", DAYS[4600], None, None,
            2, None, None, None, f"{DAYS[4610]} 09:12:00",
        )  # fmt: skip
        for first, last, mail, phone in (
            ("Marie", "Peeters-Dubois", "Marie.Peeters-Dubois@vandamme-bouw.example", mobile),
            ("Bart", "Van Damme", "bart@vandamme-bouw.example", "+32 475 99 88 77"),
            ("Aankoop", "Van Damme", "aankoop@vandamme-bouw.example", None),
        ):
            self.put("contact", self.key("contact"), 1, first, last, "aankoper", mail, "055/31.22.00", phone, "fr"
                     if first == "Marie" else "nl", "lasvest" if phone else None, f"{DAYS[4500]} 10:00:00")  # fmt: skip
            self.put("call", self.key("call"), 1, self.next["contact"], 2, phone or "055/31.22.00", "in",
                     f"{DAYS[40 * self.next['contact']]} 11:05:00", "levertermijn", "Vraagt wanneer de lasvesten komen.")  # fmt: skip
        for n in (1, 2):
            self.put("wearer", self.key("wearer"), 1, f"VD{n:02}", "Koen", f"Maes {n}", "M", 181, "L", "50", "43",
                     f"{DAYS[900]} 09:00:00")  # fmt: skip
        name = HEROINE["name"]
        for age in (4400, 3000, 800, 60):
            order, invoice = self.key("orders"), self.key("invoice")
            self.put("orders", order, f"B{order:07}", 1, 1, name, "Stationsstraat 12, 9700 Oudenaarde",
                     f"{DAYS[age + 9]} 14:00:00", "delivered")  # fmt: skip
            self.put("order_line", order, 1, 6, 1, "L", "Koen", 10, 57)
            self.put("invoice", invoice, f"F{invoice:07}", 1, order, 1, f"t.a.v. {name}", DAYS[age], 689.7, 119.7)
            self.put("payment", self.key("payment"), invoice, DAYS[age - 20], 689.7, "BE68 5390 0754 7034",
                     f"{HEROINE['company']} NV", f"F{invoice:07}")  # fmt: skip
        self.put("recording", self.key("recording"), 1, "opnames/2026/00001.wav", f"{DAYS[12]} 11:05:00")
        self.put("note", self.key("note"), 1, 1, 2, f"{DAYS[300]} 15:20:00", "Belt liefst in het Frans terug.")
        self.put("message", self.key("message"), 1, 2, True, None, f"{DAYS[200]} 08:45:00", "Bestelling lasvesten",
                 f"Dag, wanneer komen de lasvesten? Groeten, {name}")  # fmt: skip
        self.put("message", self.key("message"), 1, 2, False, 1, f"{DAYS[199]} 09:10:00", "Re: Bestelling lasvesten",
                 "Dag Marie, morgen om tien uur.")  # fmt: skip
        self._account(name, HEROINE["shop_email"], mobile, "fr", "K000001", "contact", 700)
        self._subscriber("Marie", "Peeters-Dubois", email, mobile, "fr", self.next["web_account"], 690, "click")

    def _customer(self) -> None:
        language = "nl" if self.chance(0.62) else "fr"
        company = self.key("company")
        trader = self.chance(0.14)
        first, last = self.word("first", language), self.word("last", language)
        name = f"{first} {last}" if trader else f"{self.word('trade', language)} {last}"
        domain = f"{slug(name)}-{company}.example"
        postcode, city, zone = self.word("city", language)
        street = f"{self.word('street', language)} {1 + self.below(220)}"
        started = 60 + self.below(SPAN - 120)
        luck = self.dice.random()
        status = "active" if luck < 0.68 else "ended" if luck < 0.9 else "prospect"
        ended = self.below(started) if status == "ended" else 0
        phone = self.landline(zone) if not trader else self.mobile()
        self.put(
            "company", company, f"K{company:06}", name if trader else f"{name} {self.one(['NV', 'BV', 'SRL', 'VOF'])}",
            "EZ" if trader else self.one(["NV", "BV", "BV", "VOF", "VZW", "CV"]), self.number(), street, postcode, city,
            phone, f"{slug(first)}@{domain}" if trader else f"info@{domain}", self.iban() if self.chance(0.6) else None,
            language, status, None if status == "prospect" else DAYS[started], DAYS[ended] if status == "ended" else None,
            1 + self.below(company - 1) if not trader and self.chance(0.04) else None,
            1 + self.below(self.staff) if self.chance(0.8) else None,
            *((300 + self.below(600), 500 * (1 + self.below(20)), DAYS[self.below(started)])
              if trader and self.chance(0.5) else (None, None, None)),
            f"{DAYS[started]} 08:30:00",
        )  # fmt: skip
        contacts = self._contacts(company, domain, phone, language, started, ended, trader)
        wearers = [] if trader or status == "prospect" else self._wearers(company, started)
        if status != "prospect":
            self._trade(company, name, f"{street}, {postcode} {city}", contacts, wearers, (started, ended), trader)
        if trader:
            self._calls(company, None, phone, language, started, ended)
            if self.chance(0.3):
                self._account(name, f"{slug(first)}@{domain}", phone, language, f"K{company:06}", "trader", started)

    def _contacts(
        self, company: int, domain: str, phone: str, language: str, started: int, ended: int, trader: bool
    ) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        seen: set[str] = set()
        for _ in range(int(self.chance(0.3)) if trader else 1 + self.below(4)):
            first, last = self.word("first", language), self.word("last", language)
            personal = f"{slug(first)}.{slug(last)}@{domain}"
            luck = self.dice.random()
            email = personal if luck < 0.84 else f"{self.one(['info', 'aankoop'])}@{domain}" if luck < 0.93 else None
            mobile = self.mobile() if self.chance(0.7) else None
            for again in range(2 if self.chance(0.03) else 1):
                contact = self.key("contact")
                written = None if email is None else mixed(email) if again or self.chance(0.12) else email
                self.put(
                    "contact", contact, company, first[0] + "." if again else first, last, self.word("job", language),
                    written, phone, re.sub(r"[ ./]", "", mobile) if again and mobile else mobile, language,
                    self.one(NAMES["product"]) if self.chance(0.2) else None, self.moment(self.below(started)),
                )  # fmt: skip
                found.append((contact, f"{first} {last}"))
                self._calls(company, contact, mobile or phone, language, started, ended)
                self._words(company, contact, language, ended, started)
            if email == personal and personal not in seen:
                seen.add(personal)
                if self.chance(0.01):
                    self.mentioned = [*self.mentioned[-50:], personal]
                account = None
                if self.chance(0.4):
                    number = f"K{company:06}"
                    account = self._account(f"{first} {last}", mixed(personal) if self.chance(0.1) else personal, mobile,
                                            language, number, "contact", max(started, 2))  # fmt: skip
                if self.chance(0.35):
                    self._subscriber(first, last, personal, mobile, language, account, max(started, 2), None)
        return found

    def _calls(self, company: int, contact: int | None, phone: str, language: str, started: int, ended: int) -> None:
        for _ in range(1 + self.below(2)):
            call, day = self.key("call"), ended + self.below(started - ended)
            self.put("call", call, company, contact, 1 + self.below(self.staff), phone, self.one(["in", "out"]),
                     self.moment(day), self.word("subject", language), None if self.chance(0.5) else
                     self.word("note", language).format(product=self.one(NAMES["product"])))  # fmt: skip
            if day < 60 and self.chance(0.5):
                self.put("recording", self.key("recording"), call, f"opnames/{call:07}.wav", f"{DAYS[day]} 09:00:00")

    def _words(self, company: int, contact: int, language: str, ended: int, started: int) -> None:
        def day() -> str:
            return self.moment(ended + self.below(started - ended))

        if self.chance(0.3):
            text = self.word("note", language).format(product=self.one(NAMES["product"]))
            if self.next.get("note", 0) == 1 or self.chance(0.02):
                text = NAMES[f"mention_{language}"].format(email=self.one(self.mentioned), product="softshell")
            self.put("note", self.key("note"), contact, company, 1 + self.below(self.staff), day(), text)
        if self.chance(0.3):
            first, employee, subject = self.key("message"), 1 + self.below(self.staff), self.word("subject", language)
            at = day()
            self.put("message", first, contact, employee, True, None, at, subject, self.word("body", language))
            if self.chance(0.6):
                self.put("message", self.key("message"), contact, employee, False, first, at, f"Re: {subject}",
                         self.word("reply", language))  # fmt: skip
        if self.chance(0.02):
            self.put("complaint", self.key("complaint"), contact, company, day(), self.one(["email", "phone", "post"]),
                     self.word("body", language), None)  # fmt: skip

    def _wearers(self, company: int, started: int) -> list[int]:
        found = []
        for n in range(self.below(4)):
            language = "nl" if self.chance(0.6) else "fr"
            wearer = self.key("wearer")
            self.put(
                "wearer", wearer, company, f"W{n + 1:03}", self.word("first", language), self.word("last", language),
                self.one(["M", "V", "U"]), 155 + self.below(45) if self.chance(0.8) else None,
                self.one(["S", "M", "L", "XL", "XXL"]), str(36 + 2 * self.below(12)), str(36 + self.below(12)),
                self.moment(self.below(started)),
            )  # fmt: skip
            found.append(wearer)
        return found

    def _trade(
        self, company: int, name: str, address: str, contacts: list[tuple[int, str]], wearers: list[int],
        span: tuple[int, int], trader: bool,
    ) -> None:  # fmt: skip
        started, ended = span
        for _ in range(self.below(6)):
            order, day = self.key("orders"), ended + self.below(started - ended)
            who = self.one(contacts) if contacts and self.chance(0.85) else (None, name if trader else None)
            self.put("orders", order, f"B{order:07}", company, *who, address, self.moment(day),
                     "delivered" if day > 20 else "open")  # fmt: skip
            total = 0
            for line in range(1, 2 + self.below(3)):
                product, quantity = 1 + self.below(len(NAMES["product"])), 1 + self.below(30)
                wearer = self.one(wearers) if wearers and self.chance(0.5) else None
                self.put("order_line", order, line, product, wearer, self.one(["S", "M", "L", "XL"]) if wearer else None,
                         self.one(NAMES["first_nl"]) if wearer and self.chance(0.3) else None, quantity, 15 + product * 7)  # fmt: skip
                total += quantity * (15 + product * 7)
            invoice, due = self.key("invoice"), max(0, day - 7)
            attention = f"t.a.v. {who[1]}" if who[0] and self.chance(0.6) else None
            self.put("invoice", invoice, f"F{invoice:07}", company, order, who[0] if attention else None, attention,
                     DAYS[due], round(total * 1.21, 2), round(total * 0.21, 2))  # fmt: skip
            if self.chance(0.95):
                self.put("payment", self.key("payment"), invoice, DAYS[max(0, due - self.below(60))],
                         round(total * 1.21, 2), self.iban(), name, f"F{invoice:07}")  # fmt: skip

    # -- newsletter and web shop -----------------------------------------------------------------------------

    def _account(
        self, name: str, email: str, mobile: str | None, language: str, number: str | None, kind: str, day: int
    ) -> int:
        account = self.key("web_account")
        first, _, last = name.partition(" ")
        closed = self.below(day) if account > 1 and self.chance(0.1) else None
        self.put("web_account", account, email, f"$argon2id${self.below(16**8):08x}", first, last, mobile, kind, number,
                 language, "open" if closed is None else "closed", self.moment(day),
                 None if closed is None else DAYS[closed])  # fmt: skip
        ip = f"192.0.2.{1 + self.below(250)}"
        self.put("login_attempt", self.key("login_attempt"), email.lower(), ip, True, self.moment(self.below(day)))
        if self.chance(0.3):
            self.put(
                "page_view", self.key("page_view"), account, "/nl/lasvest", "Mozilla/5.0", self.moment(self.below(day))
            )
        if account == 1 or self.chance(0.2):
            basket, at, bare = self.key("basket"), self.moment(self.below(min(day, 90))), self.chance(0.3)
            self.put("basket", basket, None if bare else account, email.lower() if bare else None, at, at)
            self.put("basket_line", basket, 1, "AHT-004", "L", 1 + self.below(5))
        for _ in range(self.below(3)):
            order = self.key("shop_order")
            self.put("shop_order", order, account, name, None, self.moment(self.below(day)), 15 + self.below(400), None)
            self.put("shop_order_line", order, 1, "AHT-007", "M", 1 + self.below(4))
        if account == 1 or self.chance(0.5):
            self.put(
                "topic_score", account, self.one(NAMES["product"]), 1 + self.below(100), self.moment(self.below(day))
            )
        if self.chance(0.1):
            self.put(
                "survey_answer",
                self.key("survey_answer"),
                email,
                1 + self.below(10),
                None,
                self.moment(self.below(day)),
            )
        return account

    def _subscriber(
        self, first: str, last: str, email: str, mobile: str | None, language: str, account: int | None, day: int,
        act: str | None,
    ) -> None:  # fmt: skip
        subscriber, active = self.key("subscriber"), self.below(min(day, 1500))
        at = self.moment(day)
        self.put("subscriber", subscriber, email, first, last, mobile, language, "import" if day > 3000 else "form", account,
                 at, DAYS[active])  # fmt: skip
        for campaign in range(1, 1 + self.below(4)):
            delivery = self.key("delivery")
            self.put("delivery", delivery, campaign, subscriber, f"{DAYS[30 + campaign * 90]} 10:00:00", "sent")
            if self.chance(0.4):
                self.put("opening", self.key("opening"), delivery, self.one(["open", "click"]), None,
                         f"192.0.2.{1 + self.below(250)}", "Mozilla/5.0", f"{DAYS[29 + campaign * 90]} 19:00:00")  # fmt: skip
        luck = self.dice.random()
        act = act or (
            "click" if luck < 0.78 else "pre-ticked" if luck < 0.86 else "continued-use" if luck < 0.9 else None
        )
        if act is not None:
            notice = "notice-2026" if DAYS[day] >= "2026-01-15" else "notice-2018"
            self.consents.append(("email", email, "marketing-digital", "email", f"{at.replace(' ', 'T')}+01:00", act, notice,
                                  language))  # fmt: skip

    # -- everybody else --------------------------------------------------------------------------------------

    def _others(self) -> None:
        for _ in range(max(5, self.people // 100)):
            supplier = self.key("supplier")
            name = f"{self.word('last', 'nl')} Stoffen"
            self.put("supplier", supplier, name, self.number(), f"info@stoffen-{supplier}.example", self.chance(0.8))
            contact = f"{self.word('first', 'nl')} {self.word('last', 'nl')}"
            self.put("supplier_contact", self.key("supplier_contact"), supplier, contact,
                     f"{slug(contact)}@stoffen-{supplier}.example", self.landline("09"), self.moment(self.below(3000)))  # fmt: skip
        for table, share, least in (("enquiry", 20, 20), ("visit", 30, 15), ("applicant", 40, 10), ("reader", 12, 20)):
            for _ in range(max(least, self.people // share)):
                self._stranger(table)

    def _stranger(self, table: str) -> None:
        language = "nl" if self.chance(0.6) else "fr"
        first, last = self.word("first", language), self.word("last", language)
        key, day = self.key(table), 1 + self.below(1500)
        email = f"{slug(first)}.{slug(last)}{key}@{table}.example"
        if table == "enquiry":
            self.put("enquiry", key, f"{first} {last}", email, self.mobile(), self.word("body", language), self.moment(day),
                     1 + self.below(self.next["company"]) if self.chance(0.2) else None)  # fmt: skip
        elif table == "visit":
            plate = f"{1 + self.below(2)}-{self.one(['ABC', 'XKZ', 'TRF'])}-{self.below(1000):03}"
            self.put("visit", key, f"{first} {last}", email if self.chance(0.7) else None, None,
                     plate if self.chance(0.4) else None, 1 + self.below(self.staff), self.moment(self.below(120)))  # fmt: skip
        elif table == "applicant":
            decided = None if self.chance(0.1) else self.below(day)
            self.put("applicant", key, f"{first} {last}", email, self.mobile(), f"{1960 + self.below(45)}-06-15",
                     self.one(NAMES["own_job"]), f"Ervaring als {self.one(NAMES['own_job'])}.",
                     None if decided is None else self.one(["hired", "refused"]), self.moment(day),
                     None if decided is None else DAYS[decided])  # fmt: skip
        else:
            self._subscriber(first, last, email, None, language, None, day, None)


def slug(text: str) -> str:
    """Return the letters of a name as they stand in an address: `D'Hondt` → `dhondt`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)


def mixed(email: str) -> str:
    """Return an address the way somebody else would type it."""
    local, _, domain = email.partition("@")
    return f"{local.title()}@{domain.capitalize()}"


# -- loading -------------------------------------------------------------------------------------------------


def statements(name: str, dialect: str) -> tuple[list[str], list[str]]:
    """Return the schema's `create table` statements and its `create index` statements, for one dialect."""
    text = "\n".join(
        line for line in (HERE / "schema" / f"{name}.sql").read_text().splitlines() if not line.startswith("--")
    )
    if dialect != "postgresql":
        text = text.replace(" timestamp with time zone", " datetime").replace(" timestamp", " datetime")
    found = [one.strip() for one in text.split(";") if one.strip()]
    return [one for one in found if one.startswith("create table")], [one for one in found if "index" in one[:15]]


def load(url: URL, name: str, tables: list[str], batches: Iterable[Batch]) -> None:
    """Create the schema `name` in an empty database and fill it; rows first, indexes afterwards."""
    create, index = statements(name, url.get_backend_name())
    LOADERS[url.get_backend_name()](url, create, index, tables, batches)


def _text(value: Any) -> str:
    return "\\N" if value is None else str(value).replace("\\", "\\\\").replace("\t", " ").replace("\n", "\\n")


def _load_postgres(url: URL, create: list[str], index: list[str], tables: list[str], batches: Iterable[Batch]) -> None:
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn) as connection:
        connection.execute("set timezone = 'Europe/Brussels'")
        for one in create:
            connection.execute(one.encode())
        trusted = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
        if trusted and trusted[0]:  # the rows are consistent by construction: no need to look up every foreign key
            connection.execute("set session_replication_role = replica")
        for batch in batches:
            for table in tables:
                if table in batch:
                    query = psycopg.sql.SQL("copy {} from stdin").format(psycopg.sql.Identifier(table))
                    with connection.cursor().copy(query) as copy:
                        copy.write("".join("\t".join(map(_text, row)) + "\n" for row in batch[table]))
        for one in index:
            connection.execute(one.encode())
        connection.commit()
        connection.autocommit = True
        connection.execute("analyze")


def _insert(tables: list[str], batch: Batch, mark: str, run: Any) -> None:
    for table in tables:
        if table in batch:
            marks = ", ".join([mark] * len(batch[table][0]))
            run("insert into " + table + " values (" + marks + ")", batch[table])


def _load_mariadb(url: URL, create: list[str], index: list[str], tables: list[str], batches: Iterable[Batch]) -> None:
    place: dict[str, Any] = {"unix_socket": url.query["unix_socket"]} if "unix_socket" in url.query else {
        "host": url.host or "localhost", "port": url.port or 3306,
    }  # fmt: skip
    connection = pymysql.connect(
        user=url.username, password=url.password or "", database=url.database, charset="utf8mb4", **place
    )
    with connection, connection.cursor() as cursor:
        for one in [*create, *index]:
            cursor.execute(one)
        cursor.execute("set foreign_key_checks = 0, unique_checks = 0")
        for batch in batches:
            _insert(tables, batch, "%s", cursor.executemany)
            connection.commit()


def _load_sqlite(url: URL, create: list[str], index: list[str], tables: list[str], batches: Iterable[Batch]) -> None:
    connection = sqlite3.connect(url.database or ":memory:")
    connection.execute("pragma synchronous = off")
    for one in create:
        connection.execute(one)
    for batch in batches:
        _insert(tables, batch, "?", connection.executemany)
    for one in index:
        connection.execute(re.sub(r"\((email)\)$", r"(\1 collate nocase)", one))
    connection.commit()
    connection.close()


LOADERS = {
    "postgresql": _load_postgres, "mysql": _load_mariadb, "mariadb": _load_mariadb, "sqlite": _load_sqlite,
}  # fmt: skip


def build(crm_url: str, shop_url: str, people: int = 2000, seed: int = 7) -> None:
    """Fill both databases (they must be empty) with the same company; `people` contact persons."""
    for url, name, tables in ((crm_url, "crm", CRM), (shop_url, "shop", SHOP)):
        load(make_url(url), name, tables, Company(people, seed).batches())


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

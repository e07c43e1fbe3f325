"""The generated company itself: staff, customers and everything that happens between them.

Rows are made in batches of companies, parents before children, so that a million people fit in memory. The dirt is
what real databases have: one person twice, shared mailboxes, switchboards, mixed case, free text, leavers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from examples.alsico.audience import Audience
from examples.alsico.dice import DAYS, NAMES, SPAN, Batch, january_after, mixed, slug

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


class Company(Audience):
    """The generator: `batches()` yields rows per table, parents before children; `consents` fills along the way."""

    def __init__(self, people: int, seed: int) -> None:
        super().__init__(seed)
        self.people = people
        self.staff = max(12, min(400, people // 60))
        self.mentioned: list[str] = [HEROINE["email"]]

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
        email, mobile, account = HEROINE["email"], "0470/12.34.56", self.iban()
        address = ("Stationsstraat 12", "9700", "Oudenaarde")
        self.put(
            "company", self.key("company"), "K000001", f"{HEROINE['company']} NV", "NV", self.number(), *address,
            "055/31.22.00", "info@vandamme-bouw.example", account, "nl", "active", DAYS[4600], None, None,
            2, None, None, None, f"{DAYS[4610]} 09:12:00",
        )  # fmt: skip
        for first, last, mail, phone in (
            ("Marie", "Peeters-Dubois", "Marie.Peeters-Dubois@vandamme-bouw.example", mobile),
            ("Bart", "Van Damme", "bart@vandamme-bouw.example", "+32 475 99 88 77"),
            ("Aankoop", "Van Damme", "aankoop@vandamme-bouw.example", None),
        ):
            self.put("contact", self.key("contact"), 1, first, last, "aankoper", mail, "055/31.22.00", phone, "fr"
                     if first == "Marie" else "nl", "lasvest" if phone else None, f"{DAYS[4500]} 10:00:00")  # fmt: skip
            contact, asked = self.next["contact"], "Vraagt wanneer de lasvesten komen."
            self.put("call", self.key("call"), 1, contact, 2, phone or "055/31.22.00", "in",
                     f"{DAYS[40 * contact]} 11:05:00", "levertermijn", asked)  # fmt: skip
        for n in (1, 2):
            self.put("wearer", self.key("wearer"), 1, f"VD{n:02}", "Koen", f"Maes {n}", "M", 181, "L", "50", "43",
                     f"{DAYS[900]} 09:00:00")  # fmt: skip
        name = HEROINE["name"]
        for age in (4400, 3000, 800, 60):
            order, invoice = self.key("orders"), self.key("invoice")
            self.put("orders", order, f"B{order:07}", 1, 1, name, "Stationsstraat 12, 9700 Oudenaarde",
                     f"{DAYS[age + 9]} 14:00:00", "delivered")  # fmt: skip
            self.put("order_line", order, 1, 6, 1, "L", "Koen", 10, 57)
            self.put(
                "invoice",
                invoice,
                f"F{invoice:07}",
                1,
                order,
                1,
                f"t.a.v. {name}",
                DAYS[age],
                january_after(DAYS[age]),
                689.7,
                119.7,
            )
            self.put("payment", self.key("payment"), invoice, DAYS[age - 20], 689.7, account,
                     f"{HEROINE['company']} NV", f"F{invoice:07}")  # fmt: skip
        self.put("recording", self.key("recording"), 1, "opnames/2026/00001.wav", f"{DAYS[12]} 11:05:00")
        self.put("note", self.key("note"), 1, 1, 2, f"{DAYS[300]} 15:20:00", "Belt liefst in het Frans terug.")
        self.put("message", self.key("message"), 1, 2, True, None, f"{DAYS[200]} 08:45:00", "Bestelling lasvesten",
                 f"Dag, wanneer komen de lasvesten? Groeten, {name}")  # fmt: skip
        self.put("message", self.key("message"), 1, 2, False, 1, f"{DAYS[199]} 09:10:00", "Re: Bestelling lasvesten",
                 "Dag Marie, morgen om tien uur.")  # fmt: skip
        self.account_of(name, HEROINE["shop_email"], mobile, "fr", "K000001", "contact", 700)
        self.subscription("Marie", "Peeters-Dubois", email, mobile, "fr", self.next["web_account"], 690, "click")

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
        ended = self.below(started) if self.chance(0.7) else max(0, started - self.below(200))
        if company % 40 == 0:  # a leaver of more than ten years ago
            started, status, ended = 4300 + self.below(300), "ended", 3800 + self.below(400)
        ended = ended if status == "ended" else 0
        phone = self.landline(zone) if not trader else self.mobile()
        self.put(
            "company", company, f"K{company:06}", name if trader else f"{name} {self.one(['NV', 'BV', 'SRL', 'VOF'])}",
            "EZ" if trader else self.one(["NV", "BV", "BV", "VOF", "VZW", "CV"]), self.number(), street, postcode, city,
            phone, f"{slug(first)}@{domain}" if trader else f"info@{domain}", self.iban() if self.chance(0.6) else None,
            language, status, None if status == "prospect" else DAYS[started],
            DAYS[ended] if status == "ended" else None,
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
                self.account_of(name, f"{slug(first)}@{domain}", phone, language, f"K{company:06}", "trader", started)

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
                    login = mixed(personal) if self.chance(0.1) else personal
                    account = self.account_of(
                        f"{first} {last}", login, mobile, language, number, "contact", max(started, 2)
                    )
                if self.chance(0.35):
                    self.subscription(first, last, personal, mobile, language, account, max(started, 2), None)
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
                size = self.one(["S", "M", "L", "XL"]) if wearer else None
                label = self.one(NAMES["first_nl"]) if wearer and self.chance(0.3) else None
                self.put("order_line", order, line, product, wearer, size, label, quantity, 15 + product * 7)
                total += quantity * (15 + product * 7)
            invoice, due = self.key("invoice"), max(0, day - 7)
            attention = f"t.a.v. {who[1]}" if who[0] and self.chance(0.6) else None
            self.put("invoice", invoice, f"F{invoice:07}", company, order, who[0] if attention else None, attention,
                     DAYS[due], january_after(DAYS[due]), round(total * 1.21, 2), round(total * 0.21, 2))  # fmt: skip
            if self.chance(0.95):
                self.put("payment", self.key("payment"), invoice, DAYS[max(0, due - self.below(60))],
                         round(total * 1.21, 2), self.iban(), name, f"F{invoice:07}")  # fmt: skip

    def _others(self) -> None:
        for _ in range(max(5, self.people // 100)):
            supplier = self.key("supplier")
            name = f"{self.word('last', 'nl')} Stoffen"
            self.put("supplier", supplier, name, self.number(), f"info@stoffen-{supplier}.example", self.chance(0.8))
            contact = f"{self.word('first', 'nl')} {self.word('last', 'nl')}"
            email = f"{slug(contact)}@stoffen-{supplier}.example"
            self.put("supplier_contact", self.key("supplier_contact"), supplier, contact, email, self.landline("09"),
                     self.moment(self.below(3000)))  # fmt: skip
        for table, share, least in (
            ("enquiry", 20, 20),
            ("visit", 30, 15),
            ("applicant", 40, 10),
            ("privacy_request", 150, 6),
            ("reader", 12, 20),
        ):
            for _ in range(max(least, self.people // share)):
                self._stranger(table)

    def _stranger(self, table: str) -> None:
        language = "nl" if self.chance(0.6) else "fr"
        first, last = self.word("first", language), self.word("last", language)
        key, day = self.key(table), 1 + self.below(1500)
        email = f"{slug(first)}.{slug(last)}{key}@{table}.example"
        if table == "enquiry":
            company = 1 + self.below(self.next["company"]) if self.chance(0.2) else None
            self.put("enquiry", key, f"{first} {last}", email, self.mobile(), self.word("body", language),
                     self.moment(day), company)  # fmt: skip
        elif table == "visit":
            plate = f"{1 + self.below(2)}-{self.one(['ABC', 'XKZ', 'TRF'])}-{self.below(1000):03}"
            self.put("visit", key, f"{first} {last}", email if self.chance(0.7) else None, None,
                     plate if self.chance(0.4) else None, 1 + self.below(self.staff),
                     self.moment(self.below(120)))  # fmt: skip
        elif table == "privacy_request":
            asked, closed = (
                self.one(["access", "erasure", "objection"]),
                None if self.chance(0.2) else DAYS[max(0, day - 25)],
            )
            self.put(table, key, f"{first} {last}", email, asked, None, self.moment(day), closed)
        elif table == "applicant":
            decided = None if self.chance(0.1) else self.below(day)
            self.put("applicant", key, f"{first} {last}", email, self.mobile(), f"{1960 + self.below(45)}-06-15",
                     self.one(NAMES["own_job"]), f"Ervaring als {self.one(NAMES['own_job'])}.",
                     None if decided is None else self.one(["hired", "refused"]), self.moment(day),
                     None if decided is None else DAYS[decided])  # fmt: skip
        else:
            self.subscription(first, last, email, None, language, None, day, None)

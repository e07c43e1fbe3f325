"""Small dice of the generated company: keys, days, names, numbers as people write them.

The same seed throws the same dice. Numbers have valid check digits; addresses end in `.example`, so nobody has them.
"""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

NAMES: dict[str, Any] = json.loads((Path(__file__).resolve().parent / "names.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 16)
"""The day on which the company's books end; days are counted back from it."""
SPAN = 13 * 365
DAYS = [(TODAY - timedelta(days=n)).isoformat() for n in range(SPAN + 1)]
TIMES = [f"{8 + n // 60:02}:{n % 60:02}:{n * 7 % 60:02}" for n in range(600)]

BANKS = ("001", "063", "310", "363", "734", "979")
"""Codes that Belgian banks have: an account number without one is none."""

T = TypeVar("T")
Row = tuple[Any, ...]
Batch = dict[str, list[Row]]
"""Rows per table, in the order of the table's columns."""


class Dice:
    """What is thrown, numbered and written down."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.next: dict[str, int] = {}
        """The last key given out, per table."""
        self.rows: Batch = {}

    def key(self, table: str) -> int:
        self.next[table] = self.next.get(table, 0) + 1
        return self.next[table]

    def put(self, table: str, *row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def one(self, of: Sequence[T]) -> T:
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
        return self.one(shapes).format(number[:3], number[3:5], number[5:7], number[7:])

    def landline(self, zone: str) -> str:
        number = f"{200000 + self.below(799999)}" if len(zone) == 3 else f"{2000000 + self.below(7999999)}"
        a, b, c = number[:-4], number[-4:-2], number[-2:]
        return self.one(
            [f"{zone}/{a}.{b}.{c}", f"{zone} {a} {b} {c}", f"+32 {zone[1:]} {a} {b} {c}", f"{zone}{number}"]
        )

    def iban(self) -> str:
        bank = int(self.one(BANKS)) * 10**7 + self.below(10**7)
        account = f"{bank:010}{bank % 97 or 97:02}"
        check = 98 - int(f"{account}111400") % 97
        text = f"BE{check:02}{account}"
        return " ".join(text[n : n + 4] for n in range(0, 16, 4)) if self.chance(0.5) else text

    def number(self) -> str:
        base = 2 * 10**6 + self.below(8 * 10**6)
        digits = f"0{base:07}{97 - base % 97:02}"
        return f"BE {digits[:4]}.{digits[4:7]}.{digits[7:]}"


def slug(text: str) -> str:
    """Return the letters of a name as they stand in an address: `D'Hondt` → `dhondt`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)


def mixed(email: str) -> str:
    """Return an address the way somebody else would type it."""
    local, _, domain = email.partition("@")
    return f"{local.title()}@{domain.capitalize()}"


def january_after(day: str) -> str:
    """Return the first of January after a day: the tax office counts its terms from there."""
    return f"{int(day[:4]) + 1}-01-01"

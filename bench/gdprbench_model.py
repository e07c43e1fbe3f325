"""What GDPRbench does, and what each operation must show: a model in plain Python (`gdprbench` says the rest)."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

RECORDS = int(os.environ.get("BELOFTE_GDPRBENCH_RECORDS", "100000"))
OPERATIONS = int(os.environ.get("BELOFTE_GDPRBENCH_OPERATIONS", "400"))
USERS = 10_000
Shown = list[tuple[Any, ...]]

PURPOSES = [f"p{n}" for n in range(25)]
CLOSING = ["accounts", *PURPOSES]
"""What an erasure closes."""
TTL = (30, *range(10_000, 24_001, 2_000), 1_000_000)
META = ("key", "pur", "pur2", "ttl", "usr", "obj", "dec", "acl", "shr", "src", "cat")
COLUMNS = (*META, "data")
PLACE = {name: number for number, name in enumerate(COLUMNS)}
CHANGED = ("pur", "ttl", "usr", "obj", "dec", "acl", "shr", "src")
"""The attributes that an update of metadata draws from."""
COUNTS = {"obj": 100, "dec": 2, "acl": 10, "shr": 10, "src": 10, "cat": 10}

VALUES = {name: [f"{name}{n}" for n in range(count)] for name, count in COUNTS.items()}

MIXES = {
    "controller": {"update-purpose": 0.25, "update-user": 0.25, "delete": 0.25, "insert": 0.25},
    "customer": {
        "read": 0.2, "purpose": 0.1, "access": 0.1, "rectify": 0.2, "update-purpose": 0.1, "update-user": 0.1,
        "erase": 0.2,
    },
    "processor": {"read": 0.2, "purpose": 0.4, "user": 0.4},
    "regulator": {"access": 0.46, "logs": 0.31, "verify": 0.23},
    "extended": {
        "read": 0.1, "purpose": 0.1, "user": 0.2, "object": 0.1, "rectify": 0.05, "erase": 0.05, "access": 0.18,
        "logs": 0.12, "search": 0.1,
    },
}  # fmt: skip
UNIFORM = ("controller", "processor")
GONE = ("verify", "search")
"""Operations on people who were erased."""


def email(usr: int) -> str:
    """Return a person's address."""
    return f"person{usr}@example.com"


@dataclass
class Model:
    """What is there, as plain Python: foretells every read."""

    extended: bool
    chance: random.Random
    records: dict[str, list[Any]] = field(default_factory=dict)
    of_user: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    objected: set[tuple[int, str]] = field(default_factory=set)
    gone: list[int] = field(default_factory=list)
    logged: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    next: int = 0

    def fresh(self) -> list[Any]:
        """Return the next record, and have it."""
        n, self.next = self.next, self.next + 1
        pick = (lambda count: self.chance.randrange(count)) if self.extended else (lambda count: n % count)
        more = [VALUES[name][pick(count)] for name, count in COUNTS.items()]
        second = PURPOSES[pick(25)] if self.extended else None
        one = [f"key{n}", PURPOSES[pick(25)], second, TTL[pick(10)], n % USERS, *more, f"{n:0100d}"]
        self.records[one[0]] = one
        self.of_user[one[4]].add(one[0])
        return list(one)

    def shown(self, purpose: str, keys: Sequence[str] | set[str] | None = None) -> list[list[Any]]:
        """Return the records that a purpose sees, of some or all."""
        among = self.records.values() if keys is None else [self.records[k] for k in keys if k in self.records]
        return [r for r in among if purpose in (r[1], r[2]) and (r[4], purpose) not in self.objected]

    def matching(self, given: dict[str, Any]) -> list[list[Any]]:
        """Return the records that an update is of."""
        if "p" in given:
            return [r for r in self.records.values() if given["p"] in (r[1], r[2])]
        return [self.records[k] for k in self.of_user[given["usr"]]]

    def update(self, given: dict[str, Any], name: str) -> None:
        """Do an update of metadata."""
        found = self.matching(given)
        if name == "obj":
            for usr, purpose in {(r[4], p) for r in found for p in ([given["p"]] if "p" in given else r[1:3]) if p}:
                self.objected.add((usr, purpose))
                self.logged[usr] += 1
            return
        for r in found:
            if name == "usr":
                self.of_user[r[4]].discard(r[0])
                self.of_user[given["value"]].add(r[0])
            r[PLACE[name]] = given["value"]

    def delete(self, key: str) -> None:
        """Remove a record."""
        found = self.records.pop(key, None)
        if found is not None:
            self.of_user[found[4]].discard(key)

    def erase(self, usr: int) -> None:
        """Remove a person and all of hers."""
        for key in list(self.of_user[usr]):
            self.delete(key)
        self.gone.append(usr)
        self.logged[usr] += len(CLOSING)


ZIPF_ITEMS, ZIPF_THETA, ZIPF_ZETA = 10_000_000_000, 0.99, 26.46902820178302
"""YCSB's scrambled zipfian draws among so many and hashes what it drew."""


def zipfian(chance: random.Random, count: int) -> int:
    """Return a number below `count`, drawn as YCSB does."""
    u = chance.random()
    second = 1 + 0.5**ZIPF_THETA
    if u * ZIPF_ZETA < 1:
        drawn = 0
    elif u * ZIPF_ZETA < second:
        drawn = 1
    else:
        eta = (1 - (2 / ZIPF_ITEMS) ** (1 - ZIPF_THETA)) / (1 - second / ZIPF_ZETA)
        drawn = int(ZIPF_ITEMS * (eta * u - eta + 1) ** (1 / (1 - ZIPF_THETA)))
    hashed = 0xCBF29CE484222325
    for _ in range(8):
        hashed = ((hashed ^ (drawn & 0xFF)) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
        drawn >>= 8
    return hashed % count


@dataclass
class Draw:
    """Draws operations, tells the model of each, and says what it must return."""

    name: str
    model: Model
    chance: random.Random

    def operations(self) -> Iterator[tuple[str, dict[str, Any], Shown | None]]:
        """Yield what is done, with what, and what must be shown (None: nothing is)."""
        mix = MIXES[self.name]
        for _ in range(OPERATIONS):
            kind = self.chance.choices(list(mix), list(mix.values()))[0]
            given = self._given(kind)
            yield kind, given, self._must(kind, given)

    def _given(self, kind: str) -> dict[str, Any]:
        n = self._number()
        while self.model.extended and kind in ("erase", "logs") and n % USERS in self.model.gone:
            n = self._number()
        known = self.model.records.get(f"key{n}")
        usr = known[4] if known is not None else n % USERS
        purpose = known[1] if known is not None else PURPOSES[n % 25]
        given: dict[str, Any] = {"key": f"key{n}", "usr": usr, "p": purpose, "email": email(usr)}
        if kind == "rectify":
            given["value"] = f"{self.chance.randrange(10**9):0100d}"
        elif kind in GONE:
            given["usr"] = self.model.gone[n % len(self.model.gone)]
            given["email"] = email(given["usr"])
        elif kind == "insert":
            given["row"] = self.model.fresh()
        elif kind.startswith("update"):
            given.pop("usr" if kind == "update-purpose" else "p")
            given["name"] = self.chance.choice(CHANGED)
            given["value"] = self._value(given["name"])
        return given

    def _number(self) -> int:
        return self.chance.randrange(RECORDS) if self.name in UNIFORM else zipfian(self.chance, RECORDS)

    def _value(self, name: str) -> Any:
        if name == "usr":
            gone = set(self.model.gone)
            return next(u for u in iter(lambda: self.chance.randrange(USERS), -1) if u not in gone)
        if name == "pur":
            return self.chance.choice(PURPOSES)
        return self.chance.choice(TTL) if name == "ttl" else f"{name}{self.chance.randrange(COUNTS[name])}"

    def _must(self, kind: str, given: dict[str, Any]) -> Shown | None:
        model = self.model
        if kind == "read":
            return [tuple(r) for r in model.shown(given["p"], [given["key"]])]
        if kind in ("purpose", "user"):
            keys = None if kind == "purpose" else model.of_user[given["usr"]]
            return [tuple(r[:-1]) for r in model.shown(given["p"], keys)]
        if kind == "access":
            return [tuple(model.records[k][:-1]) for k in model.of_user[given["usr"]]]
        if kind == "logs":
            return [()] * model.logged[given["usr"]]
        if kind in GONE:
            return []
        self._do(kind, given)
        return None

    def _do(self, kind: str, given: dict[str, Any]) -> None:
        model = self.model
        if kind == "rectify":
            for key in model.of_user[given["usr"]]:
                model.records[key][-1] = given["value"]
        elif kind == "delete":
            model.delete(given["key"])
        elif kind == "erase":
            if given["usr"] not in model.gone:
                model.erase(given["usr"])
        elif kind == "object":
            if given["usr"] not in model.gone:
                model.objected.add((given["usr"], given["p"]))
                model.logged[given["usr"]] += 1
        elif kind.startswith("update"):
            model.update(given, given["name"])

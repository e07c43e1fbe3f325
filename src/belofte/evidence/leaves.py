"""The log as an audit bundle tells it: what each leaf commits to, and what acts that are about nobody say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from belofte.evidence import handed
from belofte.evidence.verify import Head, NotVerified, canonical, loaded, node_hash, text_of


@dataclass(frozen=True)
class Act:
    """An act that the bundle tells: which leaf it is, its name, its moment, and the row that it is about."""

    leaf: int
    name: str
    at: str
    table: str
    row: Mapping[str, object]


@dataclass
class Log:
    """The log as read: leaves so far, the roots of the full trees that they make, and the acts that are told."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Append a leaf."""
        self.size += 1
        self.peaks.append(leaf)
        merged = self.size
        while not merged & 1:
            right = self.peaks.pop()
            self.peaks[-1] = node_hash(self.peaks[-1], right)
            merged >>= 1

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found

    def rows(self, table: str, **wanted: object) -> list[Act]:
        """Return the acts on a table's rows that have these values, in the order of the log."""
        found = [one for one in self.acts if one.table == table]
        return [one for one in found if all(one.row.get(name) == value for name, value in wanted.items())]


def commitment(line: str, log: Log) -> bytes:
    """Return what a leaf commits to; where the act is told, it is what was committed to."""
    said = loaded(line.encode())
    found = handed.octets(text_of(said, "commitment"))
    content = said.get("act")
    if isinstance(content, Mapping):
        own = hashlib.sha256(handed.octets(text_of(said, "salt")) + canonical(content)).digest()
        if own != found:
            raise NotVerified(f"what leaf {log.size} says is not what it commits to")
        payload = cast(Mapping[str, object], content.get("payload") or {})
        row = cast(Mapping[str, object], payload.get("row") or payload)
        act = Act(log.size, text_of(content, "act"), text_of(content, "at"), str(payload.get("table", "")), row)
        log.acts.append(act)
    return found


def hold(kept: Head, newest: Head, same: Head | None) -> None:
    """Hold a head that somebody kept against the newest one, and against that of its own size, where there is one."""
    if kept.origin != newest.origin:
        raise NotVerified("the head given is of another log")
    if kept.size > newest.size:
        raise NotVerified(
            f"the head given is of {kept.size} acts, and this log has {newest.size}: some were taken away"
        )
    if same is not None and same.root != kept.root:
        raise NotVerified(f"the heads of {kept.size} acts are two: the log is not the one whose head was given")


def grown_told(newest: Head, kept: Head) -> str:
    """Return that a log has all that it had at an older head, in a line for people."""
    return f"holds: the log of {newest.size} acts has all of the {kept.size} of the head that was given"

"""Hold the whole database of evidence against its log: every act, leaf, tile, head, key and row.

What is not as the log says is named by its table and a digest of its key, never by what is in it. The rows are compared
by functions of the database; that they are the ones this program came with is looked at first.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import cast
from uuid import UUID

import belofte.database
from belofte.database import acts
from belofte.database.acts import Act, Recorded
from belofte.database.open import Database
from belofte.evidence import seal
from belofte.evidence.seal import Checkpoint
from belofte.evidence.tiles import WIDTH, Place, grown, last_places
from belofte.evidence.verify import Head, Key, Malformed, Note, NotVerified, canonical, chain, leaf_hash

AT_ONCE = 20_000
"""Acts that are looked at together."""
TILES = 256
"""Tiles of leaves that are looked at together."""


@dataclass(frozen=True)
class Logged:
    """A table of evidence: every change of its rows is an act. `covered` columns are in the log as digests."""

    table: str
    covered: tuple[str, ...]


@dataclass(frozen=True, order=True)
class Finding:
    """What is not as the log says. `key`: a digest of the row's key; empty where it is not one row."""

    table: str
    what: str
    key: str = ""


@dataclass
class Checked:
    """What was looked at, and what was found."""

    acts: int = 0
    erased: int = 0
    leaves: int = 0
    heads: int = 0
    tables: int = 0
    findings: list[Finding] = field(default_factory=list)

    def found(self, table: str, what: str, key: object = None) -> None:
        """Note a finding."""
        self.findings.append(Finding(table, what, "" if key is None else digest_of_key(key)))


@cache
def logged() -> tuple[Logged, ...]:
    """Return the tables of evidence, as the schema that this program came with names them."""
    found = re.findall(r"log_rows\(\s*'belofte\.(\w+)'((?:[^;'{]|'[^']*')*)\);", _schema())
    return tuple(
        Logged(f"belofte.{table}", tuple(named[1].split(",")) if (named := re.search(r"'\{([^}]+)\}'", rest)) else ())
        for table, rest in found
    )


def digest_of_key(key: object) -> str:
    """Return what names a row here: sixteen hexadecimal digits."""
    return hashlib.sha256(str(key).encode()).hexdigest()[:16]


def fsck(db: Database) -> Checked:
    """Return what is not as the log says; it may take as long as reading everything takes."""
    checked = Checked()
    with db.transaction():
        _functions(db, checked)
        forgotten = _acts(db, checked)
        heads = _heads(db, checked)
        _tree(db, heads, checked)
        for one in logged():
            checked.tables += 1
            rows = db.values("log_compared", logged=one.table, covered=list(one.covered), forgotten=forgotten)
            for key, finding in rows:
                checked.found(_bare(one.table), f"{finding} without the log", key)
        for (disclosure,) in db.values("disclosed_otherwise"):
            checked.found("disclosure_person", "not the people that the disclosure commits to", disclosure)
    checked.findings = sorted(set(checked.findings))
    return checked


def _functions(db: Database, checked: Checked) -> None:
    """See that what writes the log and compares with it is what this program came with, and is on."""
    there = {str(name): str(source) for name, source in db.values("log_functions")}
    for name, _, source in re.findall(r"CREATE FUNCTION belofte\.(\w+)\(.*?AS (\$\w*\$)(.*?)\2;", _schema(), re.DOTALL):
        if there.get(name) != source:
            checked.found("functions", f"`{name}` is not the one that Belofte came with")
    on = {(str(table), str(name)) for table, name in db.values("log_triggers")}
    wanted = {
        (one.table, f"{_bare(one.table)}_log_{event}")
        for one in logged()
        for event in ("insert", "update", "delete", "truncate")
    } | {("belofte.act", "act_append_only"), ("belofte.act", "act_erased_only")}
    for table, name in sorted(wanted - on):
        checked.found(_bare(table), f"the trigger `{name}` is not always on")


def _acts(db: Database, checked: Checked) -> list[UUID]:
    """See that each act says what it commits to; return the people whose acts were erased."""
    erased: set[int] = set()
    said: set[int] = set()
    forgotten: set[str] = set()
    for act in _each(db):
        checked.acts += 1
        if act.content is None:
            erased.add(act.id)
            if (act.name, act.at, act.about, act.salt) != (None, None, None, None):
                checked.found("act", "was erased, and something of it is left", act.id)
            continue
        content = _content(act, checked)
        if content is None:
            continue
        payload = content["payload"]
        if act.name == Act.ACTS_ERASED:
            said |= set(cast(list[int], payload["acts"]))
            forgotten |= set(cast(list[str], payload["subjects"]))
        if content["outside"]:
            checked.found(str(payload["table"]), f"written past Belofte (`{act.name}`, act {act.id})", act.id)
    for one in sorted(erased - said):
        checked.found("act", "erased, and no act says so", one)
    checked.erased = len(erased)
    return [UUID(one) for one in sorted(forgotten)]


def _content(act: Recorded, checked: Checked) -> Mapping[str, Mapping[str, object]] | None:
    assert act.content is not None
    if act.salt is None or acts.committed(act.salt, act.content.encode()) != act.commitment:
        checked.found("act", "does not say what it commits to", act.id)
        return None
    content = json.loads(act.content)
    about = str(act.about) if act.about is not None else None
    same = (content["act"], content["about"], datetime.fromisoformat(content["at"])) == (act.name, about, act.at)
    if not same or canonical(content).decode() != act.content:
        checked.found("act", "its columns are not as its content says", act.id)
    return cast(Mapping[str, Mapping[str, object]], content)


def _each(db: Database) -> Iterator[Recorded]:
    after = -(2**63)
    while found := db.rows("acts_between", Recorded, after=after, most=AT_ONCE):
        yield from found
        after = found[-1].id


def _heads(db: Database, checked: Checked) -> list[tuple[Checkpoint, Head]]:
    """See that each head is signed by the log's key, and each key named by the one before it."""
    rows = db.values("log_keys")
    try:
        keys = (
            chain([str(vkey) for vkey, _ in rows], [str(note) for _, note in rows if note is not None]) if rows else []
        )
    except (Malformed, NotVerified):
        checked.found("log_key", "the keys do not name each other")
        keys = []
    if rows and rows[0][1] is not None:
        checked.found("log_key", "the keys do not name each other")
    found: list[tuple[Checkpoint, Head]] = []
    signing = 0
    for one in db.rows("checkpoints_all", Checkpoint):
        checked.heads += 1
        try:
            note = Note.parse(one.note)
            head = Head.parse(note.text)
            signing = _signer(note, head, keys, signing)
        except (Malformed, NotVerified):
            checked.found("checkpoint", "is not signed by the log's key", one.size)
            continue
        if head.size != one.size:
            checked.found("checkpoint", "its size is not the one that was signed", one.size)
            continue
        found.append((one, head))
    return found


def _signer(note: Note, head: Head, keys: Sequence[Key], since: int) -> int:
    for number, key in enumerate(keys[since:], since):
        if key.name == head.origin and note.signed_by(key):
            return number
    raise NotVerified


def _tree(db: Database, heads: Sequence[tuple[Checkpoint, Head]], checked: Checked) -> None:
    """Grow the tree anew from what the acts commit to, and hold every tile and every head against it."""
    leaves = _leaves(db, checked)
    partial: dict[Place, bytes] = {}
    size = settled = 0
    for kept, head in heads:
        took = [one for _, one in zip(range(head.size - size), leaves, strict=False)]
        hashes = [leaf_hash(commitment) for _, commitment in took]
        tree = grown(size, partial, hashes)
        if (tree.size, tree.root) != (head.size, head.root):
            checked.found("checkpoint", "its root is not that of the acts", head.size)
        _tiles(db, tree.changed, tree.size, checked)
        if took and kept.settled not in (settled, max(act for act, _ in took)):
            checked.found("checkpoint", "what it says is settled is not", head.size)
        partial = {one: {**partial, **tree.changed}[one] for one in last_places(tree.size)}
        size, settled = tree.size, kept.settled
    for act, _ in leaves:
        checked.found("tile", "has an act that no head signs", act)
    checked.leaves = size
    _tiles(db, partial, size, checked, whole=True)
    wanted = {level: -(-(size >> 8 * level) // WIDTH) for level in range(64) if size >> 8 * level}
    if {cast(int, level): cast(int, count) for level, count in db.values("tiles_counted")} != wanted:
        checked.found("tile", "there are more or fewer tiles than the log has")
    for (unplaced,) in db.values("acts_unplaced", settled=settled):
        checked.found("act", "has no place in the log", unplaced)


def _tiles(db: Database, expected: Mapping[Place, bytes], size: int, checked: Checked, *, whole: bool = False) -> None:
    """Hold tiles that are full (`whole`: these all) against what they must be."""
    full = [place for place, hashes in expected.items() if whole or len(hashes) == WIDTH * 32]
    for start in range(0, len(full), TILES):
        part = full[start : start + TILES]
        there = seal.tiles_at(db, part)
        for place in part:
            if there.get(place) != expected[place]:
                checked.found("tile", "is not what the acts make it", tuple(place))


def _leaves(db: Database, checked: Checked) -> Iterator[tuple[int, bytes]]:
    """Yield the act of each leaf and what it commits to, in order."""
    seen: set[int] = set()
    number = 0
    while found := db.values("leaves_between", first=number, last=number + TILES - 1):
        for at, named, hashes, spans, commitments in found:
            ids, there = cast(list[int], named), cast(list[bytes | None], commitments)
            if not spans or len(ids) * 32 != len(cast(bytes, hashes)) or None in there:
                checked.found("tile", "does not say which acts its leaves are", (0, at))
            if seen & set(ids):
                checked.found("tile", "has an act twice", (0, at))
            seen |= set(ids)
            yield from ((act, commitment or b"") for act, commitment in zip(ids, there, strict=True))
        number += TILES


def _bare(table: str) -> str:
    return table.partition(".")[2]


@cache
def _schema() -> str:
    return (Path(belofte.database.__file__).parent / "schema.sql").read_text(encoding="utf-8")

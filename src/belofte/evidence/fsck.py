"""Hold the whole database of evidence against its log: every act, leaf, tile, head, key and row.

What is not as the log says is named by its table and a digest of its key, never by what is in it. The rows are compared
by functions of the database; that they are the ones this program came with is looked at first. All is read as it stands
at one moment, and a part at a time: what is kept grows with what was found and who was forgotten, not with the log.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import islice, starmap
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import UUID

from psycopg.pq import TransactionStatus

import belofte.database
from belofte.database import acts
from belofte.database.acts import Act, Recorded
from belofte.database.open import Database
from belofte.evidence import seal
from belofte.evidence.seal import Checkpoint
from belofte.evidence.tiles import HASH, WIDTH, Place, grown, last_places
from belofte.evidence.tiles import root as tree_root
from belofte.evidence.verify import (
    Head,
    Key,
    Malformed,
    Note,
    NotVerified,
    Succession,
    canonical,
    chain,
    leaf_hash,
    signer_of,
    successions,
)

AT_ONCE = 5_000
"""Acts, and heads, that are looked at together."""
TILES = 64
"""Tiles of leaves that are looked at together."""
FEW = 10_000
"""Acts about a table up to which they are looked up by their numbers, instead of among all acts."""
SORTING = "SET LOCAL work_mem = '64MB'"
"""What the database may take to sort and match at a time; what needs more goes by its disk."""


@dataclass(frozen=True)
class Logged:
    """A table of evidence: every change of its rows is an act. `covered` columns are in the log as digests."""

    table: str
    covered: tuple[str, ...]


@dataclass(frozen=True, order=True)
class Finding:
    """What is not as the log says. `key`: a digest of the row's key; empty where it is not one row.

    `mark`: a digest of what exactly was found; empty where that can only be mended.
    """

    table: str
    what: str
    key: str = ""
    mark: bytes = b""

    @property
    def digest(self) -> bytes:
        """What names this finding and no other one, for as long as it is the very same."""
        return hashlib.sha256(f"{self.table}\n{self.what}\n{self.key}\n{self.mark.hex()}".encode()).digest()

    @property
    def number(self) -> str:
        """The finding's digest as people say it."""
        return self.digest.hex()[:16]


class Acknowledged(NamedTuple):
    """What somebody of the company said of a finding that is to stay as it is."""

    reason: str
    by: str
    at: datetime


@dataclass
class Checked:
    """What was looked at, and what was found."""

    acts: int = 0
    erased: int = 0
    leaves: int = 0
    heads: int = 0
    tables: int = 0
    findings: list[Finding] = field(default_factory=list)
    acknowledged: Mapping[bytes, Acknowledged] = field(default_factory=dict)

    @property
    def open(self) -> list[Finding]:
        """The findings that nobody acknowledged."""
        return [one for one in self.findings if not one.mark or one.digest not in self.acknowledged]

    def found(self, table: str, what: str, key: object = None, mark: bytes = b"") -> None:
        """Note a finding."""
        self.findings.append(Finding(table, what, "" if key is None else digest_of_key(key), mark))


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
    with _one_moment(db):
        db.connection.execute(SORTING)
        _functions(db, checked)
        forgotten, about = _acts(db, checked)
        _tree(db, _heads(db, checked), checked)
        for one in logged():
            checked.tables += 1
            few = about.get(_bare(one.table), [])
            rows = db.values(
                "log_compared", logged=one.table, covered=list(one.covered), forgotten=forgotten,
                acts=few if len(few) < FEW else None,
            )  # fmt: skip
            for key, finding, mark in rows:
                checked.found(_bare(one.table), f"{finding} without the log", key, cast(bytes, mark))
        for disclosure, mark in db.values("disclosed_otherwise"):
            what = "not the people that the disclosure commits to"
            checked.found("disclosure_person", what, disclosure, cast(bytes, mark))
        said = cast(list[tuple[bytes, str, str, datetime]], db.values("findings_acknowledged"))
        checked.acknowledged = {digest: Acknowledged(reason, by, at) for digest, reason, by, at in said}
    checked.findings = sorted(set(checked.findings))
    return checked


def acknowledge(db: Database, finding: Finding, reason: str, by: str) -> None:
    """Record that a finding is to stay as it is, why, and who says so; `reason` names no person.

    INVARIANT: only a finding with a mark can be acknowledged. One without is of the log itself, and there what is found
    next would look the same.
    """
    if not finding.mark:
        raise ValueError("a finding without a mark cannot be acknowledged")
    db.run("finding_acknowledged", finding=finding.digest, reason=reason, by=by)


def _one_moment(db: Database) -> AbstractContextManager[None]:
    """Return what lets all that is read be of one moment; whoever has begun a transaction has seen to that."""
    idle = db.connection.info.transaction_status is TransactionStatus.IDLE
    return db.picture() if idle else nullcontext()


def _functions(db: Database, checked: Checked) -> None:
    """See that what writes the log and compares with it is what this program came with, and is on."""
    there: dict[str, list[str]] = {}
    for name, source in db.values("log_functions"):
        there.setdefault(str(name), []).append(str(source))
    for name, _, source in re.findall(r"CREATE FUNCTION belofte\.(\w+)\(.*?AS (\$\w*\$)(.*?)\2;", _schema(), re.DOTALL):
        if there.get(name) != [source]:
            checked.found("functions", f"`{name}` is not the one that Belofte came with")
    on = {(str(table), str(name)) for table, name in db.values("log_triggers")}
    wanted = {
        (one.table, f"{_bare(one.table)}_log_{event}")
        for one in logged()
        for event in ("insert", "update", "delete", "truncate")
    } | {("belofte.act", "act_append_only"), ("belofte.act", "act_erased_only")}
    for table, name in sorted(wanted - on):
        checked.found(_bare(table), f"the trigger `{name}` is not always on")


def _acts(db: Database, checked: Checked) -> tuple[list[UUID], dict[str, list[int]]]:
    """See that each act says what it commits to; return the people whose acts were erased, and the acts by table.

    Of a table are returned up to `FEW` acts.
    """
    forgotten: set[str] = set()
    about: dict[str, list[int]] = {}
    for act in _each(db):
        checked.acts += 1
        if act.content is None:
            checked.erased += 1
            if (act.name, act.at, act.about, act.salt) != (None, None, None, None):
                checked.found("act", "was erased, and something of it is left", act.id, _mark(act))
            continue
        content = _content(act, checked)
        if content is None:
            continue
        payload = content["payload"]
        if act.name == Act.ACTS_ERASED:
            forgotten |= set(cast(list[str], payload["subjects"]))
        of = about.setdefault(str(payload.get("table", "")), [])
        if len(of) < FEW:
            of.append(act.id)
        if content["outside"]:
            what = f"written past Belofte (`{act.name}`, act {act.id})"
            checked.found(str(payload["table"]), what, act.id, act.commitment)
    for one, commitment in db.values("acts_erased_unsaid"):
        checked.found("act", "erased, and no act says so", one, cast(bytes, commitment))
    return [UUID(one) for one in sorted(forgotten)], about


def _content(act: Recorded, checked: Checked) -> Mapping[str, Mapping[str, object]] | None:
    assert act.content is not None
    if act.salt is None or acts.committed(act.salt, act.content.encode()) != act.commitment:
        checked.found("act", "does not say what it commits to", act.id, _mark(act))
        return None
    content = json.loads(act.content)
    about = str(act.about) if act.about is not None else None
    same = (content["act"], content["about"], datetime.fromisoformat(content["at"])) == (act.name, about, act.at)
    if not same or canonical(content).decode() != act.content:
        checked.found("act", "its columns are not as its content says", act.id, _mark(act))
    return cast(Mapping[str, Mapping[str, object]], content)


def _mark(act: Recorded) -> bytes:
    return hashlib.sha256(repr(act).encode()).digest()


def _each(db: Database) -> Iterator[Recorded]:
    after = -(2**63)
    while found := db.values("acts_between", after=after, most=AT_ONCE):
        yield from starmap(Recorded, cast(list[Any], found))
        after = cast(int, found[-1][0])


def _heads(db: Database, checked: Checked) -> Iterator[tuple[Checkpoint, Head]]:
    """Yield the heads in their order, having seen that each is signed by the log's key, named by the one before it."""
    rows = db.values("log_keys")
    named = [str(note) for _, note in rows if note is not None]
    keys: list[Key] = []
    gaps: tuple[Succession, ...] = ()
    try:
        if rows:
            keys, gaps = chain([str(vkey) for vkey, _ in rows], named), successions(named)
    except (Malformed, NotVerified):
        checked.found("log_key", "the keys do not name each other")
    for gap in gaps:
        kept = db.row("checkpoint_at", Checkpoint, size=gap.last.size)
        if kept is None or kept.head != gap.last:
            checked.found("log_key", "it was lost at another head than the log has", gap.lost.text)
    if rows and rows[0][1] is not None:
        checked.found("log_key", "the keys do not name each other")
    signing = after = 0
    while part := db.rows("checkpoints_after", Checkpoint, after=after, most=AT_ONCE):
        for one in part:
            checked.heads += 1
            try:
                note = Note.parse(one.note)
                head = Head.parse(note.text)
                signing += keys[signing:].index(signer_of(note, head, keys[signing:], gaps))
            except (Malformed, NotVerified):
                checked.found("checkpoint", "is not signed by the log's key", one.size)
                continue
            if head.size == one.size:
                yield one, head
            else:
                checked.found("checkpoint", "its size is not the one that was signed", one.size)
        after = part[-1].size


def _tree(db: Database, heads: Iterable[tuple[Checkpoint, Head]], checked: Checked) -> None:
    """Grow the tree anew from what the acts commit to, and hold every tile and every head against it."""
    leaves = _leaves(db, checked)
    partial: dict[Place, bytes] = {}
    size = settled = 0
    for kept, head in heads:
        newest = 0
        while took := list(islice(leaves, min(head.size - size, TILES * WIDTH))):
            tree = grown(size, partial, [leaf_hash(commitment) for _, commitment in took])
            _tiles(db, {place: made for place, made in tree.changed.items() if len(made) == WIDTH * HASH}, checked)
            partial = {one: {**partial, **tree.changed}[one] for one in last_places(tree.size)}
            size, newest = tree.size, max(newest, *(act for act, _ in took))
        if (size, tree_root(size, partial)) != (head.size, head.root):
            checked.found("checkpoint", "its root is not that of the acts", head.size)
        if newest and kept.settled not in (settled, newest):
            checked.found("checkpoint", "what it says is settled is not", head.size)
        settled = kept.settled
    for act, _ in leaves:
        checked.found("tile", "has an act that no head signs", act)
    checked.leaves = size
    _tiles(db, partial, checked)
    wanted = {level: -(-(size >> 8 * level) // WIDTH) for level in range(64) if size >> 8 * level}
    if {cast(int, level): cast(int, count) for level, count in db.values("tiles_counted")} != wanted:
        checked.found("tile", "there are more or fewer tiles than the log has")
    for _, number in db.values("leaves_twice"):
        checked.found("tile", "has an act twice", (0, number))
    for (unplaced,) in db.values("acts_unplaced", settled=settled):
        checked.found("act", "has no place in the log", unplaced)


def _tiles(db: Database, expected: Mapping[Place, bytes], checked: Checked) -> None:
    """Hold tiles against what they must be."""
    there = seal.tiles_at(db, list(expected))
    for place, made in expected.items():
        if there.get(place) != made:
            checked.found("tile", "is not what the acts make it", tuple(place))


def _leaves(db: Database, checked: Checked) -> Iterator[tuple[int, bytes]]:
    """Yield the act of each leaf and what it commits to, in order."""
    number = 0
    while found := db.values("leaves_between", first=number, last=number + TILES - 1):
        for at, named, hashes, spans, commitments in found:
            ids, there = cast(list[int], named), cast(list[bytes | None], commitments or [])
            if not spans or len(ids) * HASH != len(cast(bytes, hashes)) or None in there:
                checked.found("tile", "does not say which acts its leaves are", (0, at))
            yield from ((act, commitment or b"") for act, commitment in zip(ids, there, strict=True))
        number += TILES


def _bare(table: str) -> str:
    return table.partition(".")[2]


@cache
def _schema() -> str:
    return (Path(belofte.database.__file__).parent / "schema.sql").read_text(encoding="utf-8")

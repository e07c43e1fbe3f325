"""The plan of purpose-bound use: what would change in a store, in steps that can be journalled, resumed and undone.

First everyone whose view changes is kept out, then views go and come, then the store is told what people chose, and
last readers get in again (DESIGN §9). A plan holds the digests of what it was made from; nothing else may be applied.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from belofte.compiler.digests import digest_of
from belofte.purposes.desired import Desired
from belofte.stores.bound import KINDS, Item, Made, Making, Reader

Action = Literal["create", "change", "restore", "drop", "note"]
AT_ONCE = 100
"""Items in one transaction: it locks each, and a server has locks for some thousands (DESIGN §9)."""
TAKE = "take from"


@dataclass(frozen=True)
class Change:
    """One item that changes, and why."""

    item: str
    action: Action
    why: str = ""
    purpose: str | None = None


@dataclass(frozen=True)
class Step:
    """Statements that are taken together, and those that undo them. `tells`: the store is told instead."""

    says: str
    statements: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    tells: bool = False

    @property
    def takes(self) -> tuple[str, ...]:
        """What it takes back of what somebody gave past the plan."""
        return self.statements if self.says.startswith(TAKE) else ()


@dataclass(frozen=True)
class Count:
    """How many rows and columns a purpose sees of a table, before and after; None: the view is not there."""

    purpose: str
    table: str
    rows: tuple[int | None, int | None]
    columns: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class StorePlan:
    """What would change in one store."""

    store: str
    digests: Mapping[str, str]
    changes: tuple[Change, ...] = ()
    steps: tuple[Step, ...] = ()
    counts: tuple[Count, ...] = ()
    readers: tuple[Reader, ...] = ()
    strangers: tuple[str, ...] = ()
    """What stands among the views and Belofte did not make."""
    items: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = field(default=(), repr=False)
    """What will have been made: id, digest, and how it is made and dropped."""

    @property
    def digest(self) -> str:
        """The digest of what is done and of what it was made from; counts are estimates and no part of it."""
        steps = [asdict(step) for step in self.steps]
        return digest_of([self.store, dict(self.digests), steps, [list(item) for item in self.items]]).hex()

    @property
    def drift(self) -> list[Change]:
        """What somebody else changed."""
        return [change for change in self.changes if change.action in ("restore", "note")]

    @property
    def empty(self) -> bool:
        """Nothing would change."""
        return not self.changes and not self.strangers


@dataclass(frozen=True)
class Plan:
    """The plans of every store that answers."""

    policy: str
    stores: tuple[StorePlan, ...] = ()
    silent: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What somebody signs off."""
        return digest_of([self.policy, [one.digest for one in self.stores]]).hex()

    @property
    def empty(self) -> bool:
        """Nothing would change in any store that answers."""
        return all(one.empty for one in self.stores)

    def text(self) -> str:
        """Return the plan as a file."""
        return json.dumps({"belofte_plan": 1, "digest": self.digest, **asdict(self)}, indent=1, ensure_ascii=False)


class NoPlan(Exception):
    """A file is no plan, or was changed after it was made."""


def read(text: str) -> Plan:
    """Return the plan of a file; raises `NoPlan` where it is none, or not the one that its digest names."""
    try:
        found = json.loads(text)
        plan = _plan(found)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise NoPlan("the file is no plan of `belofte plan --out`") from None
    if found["digest"] != plan.digest:
        raise NoPlan("the plan was changed after it was made: make it anew with `belofte plan --out`")
    return plan


def _plan(found: Mapping[str, Any]) -> Plan:
    return Plan(found["policy"], tuple(_store(one) for one in found["stores"]), found["silent"])


def _store(one: Mapping[str, Any]) -> StorePlan:
    steps = (Step(s["says"], tuple(s["statements"]), tuple(s["undo"]), s["tells"]) for s in one["steps"])
    counts = (
        Count(c["purpose"], c["table"], (c["rows"][0], c["rows"][1]), (tuple(c["columns"][0]), tuple(c["columns"][1])))
        for c in one["counts"]
    )
    return StorePlan(
        one["store"], one["digests"], tuple(Change(**c) for c in one["changes"]), tuple(steps), tuple(counts),
        tuple(Reader(r["name"], r["superuser"], tuple(r["tables"]), tuple(r["through"])) for r in one["readers"]),
        tuple(one["strangers"]), tuple((i[0], i[1], tuple(i[2]), tuple(i[3])) for i in one["items"]),
    )  # fmt: skip


# -- comparing -----------------------------------------------------------------------------------------------------

WITHOUT_DIGEST = ("reads", "columns")
"""Kinds of which nothing is read back: rights are part of their role's digest, columns of the catalogue."""


def compared(
    making: Making, wanted: Desired, live: Mapping[str, str], made: Mapping[str, Made],
    given: Mapping[str, Sequence[str]],
) -> tuple[list[Change], list[Step], list[str]]:  # fmt: skip
    """Return what changes, the steps to it, and the strangers among what is ours."""
    unnamed = _unnamed(making, wanted, live)
    changes = [*_changes(making, wanted, live, made, unnamed)]
    changes += _above(wanted, changes)
    changed = {change.item: change for change in changes}
    purposes = {change.purpose for change in changes if change.purpose is not None}
    schemas = sorted(making.schema(wanted.store, purpose) for purpose in purposes)
    standing = {item.id for item in wanted.items if item.id in live and item.id not in changed}
    steps = [_revoked(live, made, schemas), *_mended(making, wanted, _widened(wanted, live, made), given, standing)]
    steps += _dropped(changed, wanted, live, made, unnamed)
    steps += _made(changed, wanted, made, live)
    strangers = [name for name in live if name not in made and wanted.item(name) is None]
    kinds = ("view for_", "function for_", "relation ", "clock ", "watch ")
    strangers = [name for name in strangers if name.startswith(kinds)]
    return changes, [step for step in steps if step.tells or step.statements], sorted(strangers)


def _unnamed(making: Making, wanted: Desired, live: Mapping[str, str]) -> dict[str, Item]:
    """Return who reads through a role of ours and is named by no department, where the map names them."""
    found: dict[str, Item] = {}
    for name in live if wanted.named else ():
        if name.startswith("member ") and wanted.item(name) is None:
            mine = (making.member(wanted.store, purpose, _account(name)) for purpose in wanted.purposes)
            found |= {one.id: one for one in mine if one.id == name}
    return found


def _account(item: str) -> str:
    """Return the account of `member ACCOUNT of ROLE`."""
    return item.removeprefix("member ").rpartition(" of ")[0]


def _changes(
    making: Making, wanted: Desired, live: Mapping[str, str], made: Mapping[str, Made], unnamed: Collection[str]
) -> Iterator[Change]:
    for item in wanted.items:
        known = made.get(item.id)
        there = item.id in live or (item.kind in WITHOUT_DIGEST and known is not None)
        if item.kind == "member" and f"account {_account(item.id)}" not in live:
            yield Change(item.id, "note", "there is no such account: make it, or take it out of the map")
        elif not there:
            gone = known is not None
            yield Change(item.id, "restore" if gone else "create", "somebody dropped it" if gone else "", item.purpose)
        elif known is None:
            yield Change(item.id, "restore", "it was there before, and Belofte did not make it", item.purpose)
        elif item.kind == "columns" and known.wanted != item.wanted:
            yield Change(item.id, "note", "its columns changed: no view shows a new one until the map says what it is")
        elif known.wanted != item.wanted:
            yield Change(item.id, "change", "policy, map or schema changed", item.purpose)
        elif item.kind not in WITHOUT_DIGEST and known.found != live[item.id]:
            yield Change(item.id, "restore", "somebody changed it", item.purpose)
    for name in made:
        if wanted.item(name) is None:
            kind, _, bare = name.partition(" ")
            schema = bare.partition(".")[0] if kind in ("view", "schema", "usage", "function") else None
            yield Change(name, "drop", "", making.purpose(wanted.store, schema) if schema is not None else None)
    applied = any(name.startswith("member ") for name in made)
    for name in unnamed:
        if name not in made:
            yield Change(name, "restore" if applied else "drop", "no department of the map names this account")


def _above(wanted: Desired, changes: Sequence[Change]) -> list[Change]:
    """Return what stands on a relation that is made anew: no relation goes from under a view."""
    changed = {change.item for change in changes}
    if not any(c.item.startswith("relation ") and c.action in ("change", "restore") for c in changes):
        return []
    above = (item for item in wanted.items if item.kind in ("reads", "view", "function", "watch"))
    return [Change(i.id, "change", "what it reads is made anew", i.purpose) for i in above if i.id not in changed]


def _revoked(live: Mapping[str, str], made: Mapping[str, Made], schemas: Iterable[str]) -> Step:
    names = (f"usage {schema}" for schema in schemas)
    known = [made[name] for name in names if name in live and name in made]
    out, back = tuple(s for one in known for s in one.drop), tuple(s for one in known for s in one.make)
    return Step("keep the readers of what changes out", out, back)


def _widened(wanted: Desired, live: Mapping[str, str], made: Mapping[str, Made]) -> list[Item]:
    """Return the roles and rights of ours that do not stand as they were left: what was given there is taken back.

    Whatever else changes them: what a plan does not take back is accepted with what it makes.
    """
    with_rights = (item for item in wanted.items if item.kind in ("role", "usage", "rights") and item.id in live)
    return [item for item in with_rights if item.id not in made or made[item.id].found != live[item.id]]


def _mended(
    making: Making, wanted: Desired, widened: Sequence[Item], given: Mapping[str, Sequence[str]],
    standing: Collection[str],
) -> Iterator[Step]:  # fmt: skip
    """Yield the steps that take from roles what they were given; rights on what stands are given anew."""
    for item in widened:
        with_rights = (one for one in wanted.items if one.kind in ("view", "function"))
        own: list[Item] = [one for one in with_rights if item.purpose in (None, one.purpose)]
        views = [one for one in own if one.id in standing]
        rights = making.mended(item, views) if item.kind == "role" else ()
        yield Step(f"{TAKE} {item.name} what was given", (*given.get(item.id, ()), *rights))


def _dropped(
    changed: Mapping[str, Change], wanted: Desired, live: Mapping[str, str], made: Mapping[str, Made],
    unnamed: Mapping[str, Item],
) -> Iterator[Step]:  # fmt: skip
    """Yield the steps that drop what goes or is made anew, readers' side first."""
    found: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    for name, change in changed.items():
        kind = name.partition(" ")[0]
        stays = kind in ("usage", "rights") or (kind == "role" and change.action != "drop")
        if change.action in ("create", "note") or stays:
            continue
        if kind not in WITHOUT_DIGEST and name not in live:
            continue
        known, item = made.get(name) or unnamed.get(name), wanted.item(name)
        drop = known.drop if known is not None else item.drop if item is not None else ()
        found.append((name, drop, known.make if known is not None else ()))
    found.sort(key=lambda one: -KINDS.index(one[0].partition(" ")[0]))
    for batch in _batches(found):
        drops = tuple(s for _, drop, _ in batch for s in drop)
        back = tuple(s for _, _, make in reversed(batch) for s in make)
        yield Step(f"drop {len(batch)}: {_named(batch)}", drops, back)


def _made(
    changed: Mapping[str, Change], wanted: Desired, made: Mapping[str, Made], live: Mapping[str, str]
) -> Iterator[Step]:
    """Yield the steps that make what is new, tell the store, and let readers in."""
    mended = {name for name, c in changed.items() if name.startswith("role ") and c.why == "somebody changed it"}
    new = [i for i in wanted.items if i.id in changed and i.kind not in ("usage", "rights") and i.id not in mended]
    new = [i for i in new if changed[i.id].action != "note"]
    # a role that is there stays: people are its members; only who applies may have to become one
    found = [(i.id, i.make[1:], ()) if i.kind == "role" and i.id in live else (i.id, i.make, i.drop) for i in new]
    if any(c.action == "restore" and c.purpose is None and c.item.startswith("role ") for c in changed.values()):
        found += [(i.id, i.make, ()) for i in wanted.items if i.kind == "reads" and i.id not in changed]
    for batch in _batches(found):
        makes = tuple(s for _, make, _ in batch for s in make)
        back = tuple(s for _, _, drop in reversed(batch) for s in drop)
        yield Step(f"make {len(batch)}: {_named(batch)}", makes, back)
    if changed and wanted.items:
        yield Step("tell the store what people chose", tells=True)
    purposes = {change.purpose for change in changed.values() if change.purpose is not None}
    inside = [i for i in wanted.items if i.kind == "usage" and i.purpose in purposes]
    yield Step(
        "let readers in", tuple(s for i in inside for s in i.make), tuple(s for i in reversed(inside) for s in i.drop)
    )


Batch = list[tuple[str, tuple[str, ...], tuple[str, ...]]]


def _batches(found: Batch) -> Iterator[Batch]:
    for start in range(0, len(found), AT_ONCE):
        yield found[start : start + AT_ONCE]


def _named(batch: Batch) -> str:
    names = [name for name, _, _ in batch]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def items_of(wanted: Desired) -> tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...]:
    """Return what will have been made, for the store's own record."""
    return tuple((item.id, item.wanted, item.make, item.drop) for item in wanted.items)

"""Make a plan, carry it out, take it up again, undo it; and step aside for a company's own migration.

Each step is one transaction with its line in the store's journal, so that after a kill at any moment the journal says
what was done, and the same plan is taken up or undone. Readers of what changes are kept out from the first step to the
last: half a plan shows less, never more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from belofte.compiler.digests import map_digest, policy_digest, schema_digest
from belofte.compiler.setting import Setting
from belofte.database import acts
from belofte.database.acts import Act
from belofte.datamap.graph import Graph
from belofte.policy.model import Policy
from belofte.policy.person import nobody
from belofte.purposes.counting import counts
from belofte.purposes.desired import Desired, desired
from belofte.purposes.desk import Desk, Opened, bound, databases, enforced, standing
from belofte.purposes.plan import Plan, StorePlan, compared, items_of
from belofte.purposes.plan import _store as store_plan
from belofte.purposes.projecting import end_lease, tell_calendar, tell_everyone
from belofte.purposes.taking import take
from belofte.stores import journal
from belofte.stores.binding import binding, unbindable
from belofte.stores.connect import Store, Unreachable
from belofte.stores.isolation import holder, only_one
from belofte.stores.reflect import reflect
from belofte.stores.session import Failed, Session, session

T = TypeVar("T")

FROZEN: datetime | None = None
"""Where the clock of stores stands still; only tests stop it."""
WITNESS: Callable[[str], None] = lambda _: None  # noqa: E731
"""Told before and after each step is committed; a test ends the process there."""


MAY_STAND = "it is not enforced, and whether views of ours still stand there nobody can see"


class Refused(Exception):
    """A plan that may not be applied: what changed since it was made, or what else stands in its way."""


@contextmanager
def alone(opened: Opened) -> Iterator[None]:
    """Be the only one that changes what stands in a store; raises `Refused` where somebody else does."""
    with only_one(opened.store) as got:
        if not got:
            who = holder(opened.store)
            raise Refused(
                f"somebody else{f' ({who})' if who else ''} changes what stands in store `{opened.name}`: "
                "look at `belofte plan` when that is over"
            )
        yield


def by_one(act: Callable[[Desk, Opened], T]) -> Callable[[Desk, Opened], T]:
    """Let an act be done by one at a time in a store; the next is refused, it does not wait."""

    @wraps(act)
    def done(desk: Desk, opened: Opened) -> T:
        with alone(opened):
            return act(desk, opened)

    return done


def wanted_of(desk: Desk, opened: Opened) -> Desired:
    """Return what should stand in a store; nothing where it is not enforced."""
    purposes = bound(desk, opened.name) if opened.name in enforced(desk) else []
    return desired(standing(desk, opened.graph), opened.name, purposes, FROZEN)


def digests(desk: Desk, opened: Opened) -> dict[str, str]:
    """Return the digests of what a store's plan is made from."""
    found = {"policy": policy_digest(desk.policy), "map": map_digest(opened.graph.map)}
    return {name: one.hex() for name, one in {**found, "schema": schema_digest(opened.graph.schema)}.items()}


def plan(desk: Desk, *, counting: bool = True) -> Plan:
    """Return what would change, in every store that is enforced or that something of ours still stands in."""
    silent: dict[str, str] = {}
    found: list[StorePlan] = []
    for opened in concerned(desk, silent):
        try:
            found.append(plan_of(desk, opened, counting=counting))
        except Failed as error:
            silent[opened.name] = error.why
    return Plan(policy_digest(desk.policy).hex(), tuple(found), silent)


def concerned(desk: Desk, silent: dict[str, str]) -> Iterator[Opened]:
    """Yield every store that is enforced, or that something of ours still stands in; `silent` takes the others' why.

    One that is not enforced and does not answer may have something of ours: that cannot be told either.
    """
    bound_now = enforced(desk)
    for name in databases(desk):
        try:
            opened = desk.open(name, read_only=False)
            why = unfit(opened) if name in bound_now else _leaving(opened)
        except (Unreachable, Failed) as error:
            why, opened = error.why if name in bound_now else f"{error.why}: {MAY_STAND}", None
        if why:
            silent[name] = why
        elif why is None and opened is not None:
            yield opened


def unfit(opened: Opened) -> str | None:
    """Return why readers of a store cannot be bound, None where they can."""
    why = unbindable(opened.store.dialect)
    if why is not None:
        return why
    with session(opened.store) as looking:
        return binding(looking).looking.unfit(looking)


def _leaving(opened: Opened) -> str | None:
    """Return why nothing is to be dropped in a store that is not enforced ("": nothing is there), else None."""
    if unbindable(opened.store.dialect) is not None:
        return ""
    with session(opened.store) as looking:
        if not journal.made(looking) and journal.unfinished(looking) is None:
            return ""
    if opened.store.read_only:
        return "views of ours stand there: with `mode: act` in its map `belofte apply` drops them"
    return None


def drift(policy: Policy, graph: Graph, store: Store, at: datetime) -> list[str]:
    """Return what somebody else changed of what Belofte made in a store, in words; nothing is written.

    What was never applied is no drift: a plan shows it.
    """
    stated = graph.map
    purposes = [name for name in policy.purposes if stated.enforce is None or name in stated.enforce]
    wanted = desired(Setting(policy, graph, at, {}, nobody(policy)), stated.store, purposes, FROZEN)
    bound_by = binding(store.dialect)
    with session(store) as looking:
        made = journal.made(looking)
        if not made:
            return []
        live = bound_by.looking.live(looking)
    changes, _, strangers = compared(bound_by.making, wanted, live, made, {})
    found = [f"{change.item}: {change.why}" for change in changes if change.action in ("restore", "note")]
    return found + [f"{name}: Belofte did not make it" for name in strangers]


def plan_of(desk: Desk, opened: Opened, *, counting: bool = True) -> StorePlan:
    """Return what would change in one store."""
    wanted, bound_by = wanted_of(desk, opened), binding(opened.store.dialect)
    with session(opened.store) as asking:
        live, made = bound_by.looking.live(asking), journal.made(asking)
        given = bound_by.looking.given(asking)
        readers = tuple(bound_by.looking.readers(asking))
    changes, steps, strangers = compared(bound_by.making, wanted, live, made, given)
    found = StorePlan(
        opened.name,
        digests(desk, opened),
        tuple(changes),
        tuple(steps),
        (),
        readers,
        tuple(strangers),
        items_of(wanted),
    )
    if not counting or not changes:
        return found
    counted = counts(desk, opened, wanted, [name for name in made if name in live], found.steps)
    return StorePlan(**{**_fields(found), "counts": tuple(counted)})


def _fields(found: StorePlan) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


def apply(desk: Desk, asked: Plan) -> dict[str, int]:
    """Carry out a plan, store by store; return how many steps were taken in each.

    Raises `Refused` before anything changes where policy, map, schema or what stands is not what it was.
    """
    ready = [(desk.open(one.store, read_only=False), one) for one in asked.stores if one.changes]
    with ExitStack() as stack:
        for opened, one in ready:
            stack.enter_context(alone(opened))
            with session(opened.store) as looking:
                _refuse_unfinished(looking, opened.name)
            _refuse_stale(desk, opened, one)
        return {opened.name: _carry_out(desk, opened, one) for opened, one in ready}


def _refuse_unfinished(looking: Session, store: str) -> None:
    if journal.unfinished(looking) is not None:
        raise Refused(
            f"an apply stopped half-way in store `{store}`: run `belofte apply --resume`, or `belofte apply --undo`"
        )


def _refuse_stale(desk: Desk, opened: Opened, one: StorePlan) -> None:
    current = digests(desk, Reread(opened))
    changed = [name for name, found in current.items() if found != one.digests.get(name)]
    if changed:
        raise Refused(
            f"the {' and the '.join(changed)} changed since the plan was made for store `{one.store}`: plan again"
        )
    if plan_of(desk, opened, counting=False).digest != one.digest:
        raise Refused(f"what stands in store `{one.store}` changed since the plan was made: plan again")


class Reread:
    """An opened store with its catalogue read anew."""

    def __init__(self, opened: Opened) -> None:
        self.name, self.store = opened.name, opened.store
        self.graph = Graph(opened.graph.map, reflect(opened.store.engine))


def _carry_out(desk: Desk, opened: Opened, one: StorePlan) -> int:
    with session(opened.store) as changing:
        journal.begin(changing, one.digest, json.dumps({"plan": asdict(one), "before": _before(changing)}))
    return _take_up(desk, opened, one, done=-1)


def _before(changing: Session) -> dict[str, list[Any]]:
    return {name: [m.wanted, list(m.make), list(m.drop)] for name, m in journal.made(changing).items()}


def _take_up(desk: Desk, opened: Opened, one: StorePlan, done: int) -> int:
    """Take every step after `done`."""
    for number, step in enumerate(one.steps):
        if number <= done:
            continue
        with session(opened.store) as changing:
            if step.tells:
                tell_calendar(desk, changing, wanted_of(desk, opened).terms)
                tell_everyone(desk, opened, changing, changing.commit)
            take(changing, step.statements, one.items, step.says)
            journal.put(changing, one.digest, number, step.says)
            WITNESS(f"{number} before")
            changing.commit()
        WITNESS(f"{number} after")
    statements = [hashlib.sha256(text.encode()).hexdigest() for step in one.steps for text in step.statements]
    acts.record(desk.db, Act.PLAN_APPLIED, {"plan": one.digest, "statements": statements, "store": one.store})
    with session(opened.store) as changing:
        items = {item: (wanted, make, drop) for item, wanted, make, drop in one.items}
        journal.record(changing, items, binding(changing).looking.live(changing))
        journal.finish(changing, one.digest)
        WITNESS("end before")
        changing.commit()
    return len(one.steps)


@by_one
def resume(desk: Desk, opened: Opened) -> int | None:
    """Take up the plan that stopped half-way; None where none did. Raises `Refused` where its policy, map changed."""
    with session(opened.store) as looking:
        found = journal.unfinished(looking)
    if found is None:
        return None
    one, done = store_plan(json.loads(found.said)["plan"]), found.done
    current = digests(desk, opened)
    if any(current[name] != one.digests[name] for name in ("policy", "map")):
        raise Refused("policy or map changed since the plan stopped: run `belofte apply --undo`, then plan again")
    return _take_up(desk, opened, one, done)


@by_one
def undo(desk: Desk, opened: Opened) -> int | None:
    """Undo the last plan, finished or not: step by step backwards; None where there is none.

    A relation of what was told comes back empty. Then no lease holds any more: nothing is shown until it is told anew.
    """
    with session(opened.store) as looking:
        found = journal.last(looking)
    if found is None:
        return None
    document = json.loads(found.said)
    one = store_plan(document["plan"])
    making = binding(opened.store.dialect).making
    # a step that is no transaction may have been taken half-way: it is undone as well
    begun = found.done + 1 if making.ATOMIC else min(found.done + 2, len(one.steps))
    forgotten = any(c.item.startswith("relation ") and c.action != "create" for c in one.changes)
    for number in reversed(range(begun)):
        with session(opened.store) as changing:
            take(changing, one.steps[number].undo, one.items, one.steps[number].says)
            if forgotten:
                end_lease(changing, desk.clock())
            journal.take_back(changing, one.digest, number)
            WITNESS(f"{number} before")
            changing.commit()
    with session(opened.store) as changing:
        before: Mapping[str, Any] = document["before"]
        journal.record(
            changing,
            {n: (w, tuple(m), tuple(d)) for n, (w, m, d) in before.items()},
            binding(changing).looking.live(changing),
        )
        journal.forget(changing, one.digest)
        changing.commit()
    return found.done + 1


@by_one
def detach(desk: Desk, opened: Opened) -> int:
    """Let go of every view, so that the company can change its tables; readers see nothing until `attach`."""
    with session(opened.store) as changing:
        _refuse_unfinished(changing, opened.name)
        bound_by = binding(changing)
        made, live = journal.made(changing), bound_by.looking.live(changing)
        ours = [name for name in made if name in live]
        views = [name for name in ours if name.startswith("view ")]
        watches = [name for name in ours if name.startswith("watch ")]
        for name in [*(n for n in ours if n.startswith("usage ")), *views, *watches]:
            bound_by.making.carry_out(changing, made[name].drop)
        journal.detached(changing, views)
        changing.commit()
    return len(views)


@by_one
def attach(desk: Desk, opened: Opened) -> int:
    """Make the views anew after a migration; raises `Refused` where more than what was let go of would change."""
    again = Reread(opened)
    one = plan_of(desk, again, counting=False)
    other = [c for c in one.changes if c.action not in ("restore", "note") or not _aside(c.item)]
    if other:
        raise Refused(
            f"the migration changed what purposes see in store `{opened.name}` ({other[0].item}): "
            "look at `belofte plan`, and apply it"
        )
    if not one.changes:
        return 0
    _carry_out(desk, again, one)
    return sum(1 for change in one.changes if change.item.startswith("view "))


def _aside(item: str) -> bool:
    return item.startswith(("view ", "usage ", "role ", "columns ", "watch "))


def retry(desk: Desk, opened: Opened) -> int | None:
    """Tell a store everything anew and renew its lease; return how many people it knew otherwise. None: it is let go.

    Where readers are not bound any more nothing is renewed: what stands there closes by itself.
    """
    if opened.name not in enforced(desk):
        return None
    with session(opened.store) as changing:
        tell_calendar(desk, changing, wanted_of(desk, opened).terms)
        return tell_everyone(desk, opened, changing, changing.commit)

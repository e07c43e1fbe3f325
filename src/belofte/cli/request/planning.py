"""The plan of an erasure: decided, planned, sealed to be taken up again, written and shown (art. 17)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from belofte.cli.ending import Code, Ending
from belofte.cli.output import json_result
from belofte.cli.request.asking import say
from belofte.cli.request.erasure_report import show_counts, show_decisions
from belofte.cli.request.shared import tell_hops
from belofte.database import requests
from belofte.database.sealed import Shredded, seal, unsealed
from belofte.retention import replay
from belofte.rights import erasure
from belofte.rights.decision import Decision
from belofte.rights.desk import Desk
from belofte.rights.intake import Intake, take_up
from belofte.rights.letting_go import Closing, Plan, StorePlan, as_counts, plan_erasure, statements


class Round:
    """One round of decision on a request: its moment, and an officer's word on objections.

    `seen`: the digests of the policy, and of each store's map, schema and statements, that the plan was made and shown
    with.
    """

    def __init__(
        self,
        at: datetime,
        upheld: frozenset[str],
        overruled: Mapping[str, str],
        seen: Mapping[str, str] | None = None,
    ) -> None:
        self.at, self.upheld, self.overruled, self.seen = at, upheld, overruled, seen or {}

    def again(self, at: datetime) -> Round:
        """Return the next round, in which the same words stand."""
        return Round(at, self.upheld, self.overruled)

    def text(self, plan: Plan) -> str:
        """Return the round as JSON, with what its plan was made with."""
        found = {"at": self.at.isoformat(), "upheld": sorted(self.upheld), "overruled": dict(self.overruled)}
        return json.dumps({**found, "seen": {**self.seen, **_made_with(plan)}})

    @classmethod
    def of(cls, text: str | bytes) -> Round:
        """Return the round that `text` wrote."""
        found = json.loads(text)
        at = datetime.fromisoformat(found["at"])
        return cls(at, frozenset(found["upheld"]), found["overruled"], found["seen"])

    def stale(self, plan: Plan, done: Collection[str]) -> bool:
        """Return whether a plan is made with anything else than the one shown, where a store is not done yet."""
        now = {place: digest for place, digest in _made_with(plan).items() if place.partition("/")[0] not in done}
        return any(self.seen.get(place, digest) != digest for place, digest in now.items() if place not in _does(plan))

    def changed(self, plan: Plan) -> list[str]:
        """Return in what a plan differs from the one that was sealed: `policy`, `crm: map`, `news: does not answer`."""
        now = _made_with(plan)
        found = ["policy"] if self.seen.get("policy", now["policy"]) != now["policy"] else []
        stores = {place.partition("/")[0] for place in (*now, *self.seen) if "/" in place}
        for store in sorted(stores):
            before = {place: digest for place, digest in self.seen.items() if place.partition("/")[0] == store}
            after = {place: digest for place, digest in now.items() if place.partition("/")[0] == store}
            if not before or not after:
                found.append(f"{store}: {'answers now' if after else 'does not answer'}")
            else:
                differs = [place for place in after if before.get(place, after[place]) != after[place]]
                found += [f"{store}: {place.partition('/')[2]}" for place in differs]
        return found


def _made_with(plan: Plan) -> dict[str, str]:
    found = {f"{store.name}/{what}": digest for store in plan.stores for what, digest in store.digests.items()}
    return {**found, **_does(plan), "policy": plan.policy.hex()}


def _does(plan: Plan) -> dict[str, str]:
    """Return what each store's plan does; it changes with what people chose and what is held, too."""
    return {f"{store.name}/statements": _statements_digest(store) for store in plan.stores}


def _statements_digest(store: StorePlan) -> str:
    return hashlib.sha256(f"{store.barred or ''}\n{store.text}".encode()).hexdigest()


class Made:
    """What a round comes to: the decision per person, and the plan."""

    def __init__(self, decisions: Sequence[Decision], plan: Plan) -> None:
        self.decisions, self.plan = decisions, plan

    @property
    def open(self) -> frozenset[str]:
        """The purposes whose verdict waits for a person's word."""
        asked = {outcome.purpose for decision in self.decisions for outcome in decision.open}
        return frozenset(purpose for purpose in asked if purpose is not None)

    def waiting(self, reasons_: Iterable[str]) -> list[str]:
        """Return those of them that keep something of these people, going by the reasons why rows stay."""
        kept = set(reasons_)
        return sorted(purpose for purpose in self.open if f"purpose:{purpose}" in kept)


def reasons(overrule: Sequence[str]) -> dict[str, str]:
    """Return purpose → reason; a reason is required."""
    found = {}
    for item in overrule:
        purpose, _, reason = item.partition("=")
        if not reason.strip():
            raise Ending(Code.INVALID, f"`--overrule {purpose}` gives no reason", "write `--overrule purpose=reason`")
        found[purpose.strip()] = reason.strip()
    return found


def planned(desk: Desk, intake: Intake, round_: Round, *, estimate: bool = True, again: bool = False) -> Made:
    """Decide for every person, and plan it; a replay repeats what was decided before.

    `again`: the round was planned before.
    """
    if intake.request.right == replay.RIGHT:
        stores = [one.store for one in requests.stores(desk.db, intake.request.id)]
        made = Made([], replay.plan(desk, intake, stores, round_.at, estimate=estimate, again=again))
        requests.plan(desk.db, intake.request.id, made.plan.policy, made.plan.digest)
        return made
    closings: dict[UUID, tuple[Closing, ...]] = {}
    decisions = []
    for person in intake.people:
        kinds = frozenset({"?"}) if person.kind_unknown else person.kinds
        try:
            decision = erasure.decide(desk.policy, kinds, round_.at, upheld=round_.upheld, overruled=round_.overruled)
        except ValueError as error:
            raise Ending(Code.INVALID, str(error)) from None
        decisions.append(decision)
        for subject in person.subjects:
            closings[subject] = tuple((c.kind, c.purpose, c.channel, c.category) for c in decision.closings)
    request = intake.request.id
    plan = plan_erasure(desk, intake, closings, round_.at, request=request, estimate=estimate, again=again)
    made = Made(decisions, plan)
    requests.plan(desk.db, intake.request.id, made.plan.policy, made.plan.digest)
    return made


def remember(desk: Desk, intake: Intake, round_: Round, made: Made) -> None:
    """Seal the round, so that the very plan can be taken up again."""
    seal(desk.db, desk.key, intake.request.id, "round", round_.text(made.plan).encode())


def take_up_round(desk: Desk, name: str) -> tuple[Intake, Round, Made]:
    """Return a request that was planned before, planned anew for the same moment."""
    request = requests.by_name(desk.db, name)
    if request is None:
        raise Ending(Code.INVALID, f"there is no request `{name}`", "`belofte request list` names the open ones")
    try:
        intake = take_up(desk, request)
        round_ = Round.of(unsealed(desk.db, desk.key, request.id, "round"))
    except Shredded as error:
        raise Ending(Code.COULD_NOT_RUN, f"request `{name}` cannot be taken up", str(error)) from None
    return intake, round_, planned(desk, intake, round_, again=True)


def write_plan(file: Path, intake: Intake, made: Made) -> None:
    """Write a plan to a file that only who runs this reads."""
    document = plan_document(intake, made)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(descriptor, 0o600)  # a file that was there keeps its mode
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump(document, out, ensure_ascii=False, indent=2)
        out.write("\n")


def plan_document(intake: Intake, made: Made) -> dict[str, object]:
    """Return the plan as it is written: digests, statements and estimates; nothing about the person."""
    plan = made.plan
    stores = {
        one.name: {
            "digests": dict(one.digests),
            "barred": one.barred,
            "estimates": {table: as_counts(counts) for table, counts in one.counts.items()},
            "statements": statements(one),
        }
        for one in plan.stores
    }
    return {
        "request": intake.request.short,
        "state": "planned",
        "at": plan.at.isoformat(),
        "digest": plan.digest.hex(),
        "policy": plan.policy.hex(),
        "stores": stores,
        "unreachable": sorted(plan.silent),
        "second_person": plan.mass,
        "undetermined": made.waiting(
            reason for one in plan.stores for counts in one.counts.values() for reason in counts.reasons
        ),
    }


def show_asked(intake: Intake, made: Made, as_json: bool) -> None:
    """Show to who asks whose records were found, what would be done with them, and that nothing was."""
    if as_json:
        json_result(plan_document(intake, made))
        return
    tell_hops(intake)
    show_decisions(made.decisions)
    _show_stores(made)
    if made.plan.mass:
        say("more people than the policy's share: a second person approves it first (`belofte request approve`)")
    say(f"nothing was done. request {intake.request.short}, due {intake.request.due}; `--yes` carries out this plan")


def show_to_approve(intake: Intake, made: Made, as_json: bool) -> None:
    """Show to a second person what a plan does, and the digest that stands for exactly this; it names nobody."""
    if as_json:
        json_result(plan_document(intake, made))
        return
    say(f"request {intake.request.short}: {intake.request.right}, of {len(intake.people)} people")
    _show_stores(made)
    for one in made.plan.stores:
        say(f"store {one.name}: {len(statements(one))} statements, digest {_statements_digest(one)}")
    say(f"the plan's digest: {made.plan.digest.hex()}")


def _show_stores(made: Made) -> None:
    for one in made.plan.stores:
        show_counts(
            f"store {one.name}: what would go and what stays" + (f" ({one.barred})" if one.barred else ""),
            {table: as_counts(counts) for table, counts in one.counts.items()},
        )

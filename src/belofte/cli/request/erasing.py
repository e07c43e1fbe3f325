"""`belofte request erasure`: the plan first, then exactly that plan (art. 17)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, cast

import typer

from belofte.cli.ending import Code, Ending
from belofte.cli.options import staff, who
from belofte.cli.output import json_result
from belofte.cli.request.asking import (
    NOTHING,
    Answering,
    Following,
    Persons,
    answering,
    desk_of,
    packaging,
    people,
    say,
)
from belofte.cli.request.erasure_report import (
    contract_state,
    digests_of,
    erasure_report,
    recorded_report,
    show_result,
)
from belofte.cli.request.planning import (
    Made,
    Round,
    planned,
    reasons,
    remember,
    show_asked,
    take_up_round,
    write_plan,
)
from belofte.cli.request.shared import (
    code_of,
    end,
    gaps,
    open_notices,
    open_residue,
    open_tasks,
    tell_waiting,
    untold,
)
from belofte.cli.telling import tell_stores
from belofte.database import requests
from belofte.database.requests import Request, StoreState
from belofte.notices.package import write_erasure
from belofte.rights.desk import Desk
from belofte.rights.intake import Intake, take_in, take_up
from belofte.rights.letting_go import Result, execute

NOT_IDENTIFIED = "an answer is not written out before her identity is established"

PlanFile = Annotated[
    Path | None,
    typer.Option(
        "--plan", metavar="FILE", help="Write the plan here; with --yes and nobody named, carry out this one."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Carry out the plan.")]
By = Annotated[str | None, staff("Who runs this (default: the account).")]
Uphold = Annotated[list[str], typer.Option("--uphold", metavar="PURPOSE", help="An objection that is upheld.")]
Overrule = Annotated[
    list[str],
    typer.Option("--overrule", metavar="PURPOSE=REASON", help="An objection that compelling grounds overrule."),
]


@answering
def run(
    how: Answering,
    persons: Persons = None,
    plan: PlanFile = None,
    yes: Yes = False,
    by: By = None,
    uphold: Uphold = NOTHING,
    overrule: Overrule = NOTHING,
) -> None:
    """Let go of a person's data: shows the plan first, carries out exactly that plan with --yes."""
    if plan is not None and yes and plan.exists() and (how.person or persons is not None):
        raise Ending(
            Code.INVALID,
            f"`{plan}` is a plan already, and it knows whom it is about",
            "carry it out with `--plan FILE --yes` alone, or name another file",
        )
    with desk_of(how.directory) as desk:
        if plan is not None and yes and not how.person and persons is None:
            intake, round_, made = _planned_before(desk, plan)
            if how.verified_by and intake.request.verified_by is None:
                requests.verify(desk.db, intake.request.id, how.verified_by, desk.clock())
        else:
            asked = people(how.person, persons, desk.country)
            intake = take_in(desk, "erasure", asked, language=how.language, confirm=how.confirmed)
            open_tasks(desk, intake)
            if how.verified_by:
                requests.verify(desk.db, intake.request.id, how.verified_by, desk.clock())
            round_ = Round(desk.clock(), frozenset(uphold), reasons(overrule))
            made = planned(desk, intake, round_, estimate=plan is not None or not yes)
            remember(desk, intake, round_, made)
        tell_waiting(intake)
        if plan is not None and not (yes and plan.exists()):
            write_plan(plan, intake, made)
        if not yes:
            show_asked(intake, made, how.as_json)
            raise Ending(Code.CHANGES)
        code = carry_through(desk, intake, made, who(by), how)
    if code is not Code.FINE:
        raise Ending(code)


def resume(desk: Desk, name: str, confirm: frozenset[str], yes: bool, by: str, how: Following) -> Code:
    """Take an erasure up where it stopped; a plan that nobody has seen is shown and waits for `yes`."""
    intake, round_, made = take_up_round(desk, name)
    done = {one.store for one in requests.stores(desk.db, intake.request.id) if one.state == StoreState.DONE}
    fresh = round_.stale(made.plan, done)
    if confirm:
        known = intake.confirmed
        intake = take_up(desk, intake.request, confirm=confirm, remember=yes)
        if intake.confirmed != known:  # a store that is done takes a record that was not hers then in another round
            fresh, round_ = True, round_.again(desk.clock())
            made = planned(desk, intake, round_)
    tell_waiting(intake)
    if fresh and not yes:
        show_asked(intake, made, how.as_json)
        return Code.CHANGES
    if fresh:
        remember(desk, intake, Round(round_.at, round_.upheld, round_.overruled), made)
    return carry_through(desk, intake, made, by, how)


def _planned_before(desk: Desk, file: Path) -> tuple[Intake, Round, Made]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        name, digest = str(document["request"]), str(document["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        raise Ending(
            Code.INVALID, f"`{file}` is no plan", "`belofte request erasure … --plan FILE` writes one"
        ) from None
    intake, round_, made = take_up_round(desk, name)
    if made.plan.digest.hex() != digest:
        raise Ending(
            Code.COULD_NOT_RUN,
            "the plan is stale: policy, map, schema, reachable stores or what is held changed since it was made",
            "nothing was done; make the plan anew and look at it again",
        )
    return intake, round_, made


def carry_through(desk: Desk, intake: Intake, made: Made, by: str, how: Following) -> Code:
    """Carry out a plan, close or leave the request, and tell what became of it."""
    plan = made.plan
    if how.out is not None and requests.by_id(desk.db, intake.request.id).verified_by is None:
        raise Ending(
            Code.COULD_NOT_RUN,
            NOT_IDENTIFIED,
            'nothing was done; say how it was: `--verified-by "logged-in session"`',
        )
    if plan.mass and not requests.approvers(desk.db, plan.digest, beside=(by,), request=intake.request.id):
        raise Ending(
            Code.CHANGES,
            "more people than the policy's share (`limits.share_of_people`) would be let go of",
            f"a second person approves it: `belofte request approve {intake.request.short} --by NAME`, then "
            f"`belofte request resume {intake.request.short}`",
        )
    result = execute(desk, intake, plan, waiting=made.open, closed=lambda: tell_stores(desk, intake), witness=WITNESS)
    if intake.request.right == "erasure" and result.removed:
        open_notices(desk, intake)
    weighed = _weighed(made, result)
    if weighed is None:
        done = {name for name, found in result.stores.items() if found.state is StoreState.DONE}
        open_residue(desk, intake, [one for one in result.residue if one["store"] in done])
    state = end(desk, intake, held_back=weighed)
    code = code_of(desk, intake, [found.state.value for found in result.stores.values()])
    document = result_document(desk, intake, made, result, state)
    if how.out is not None:
        _write_report(desk, intake, made, result, state, how.out, how.encrypt)
    if how.as_json:
        json_result(document)
    else:
        show_result(result, intake.request.short, state)
    return code


def _weighing(made: Made, result: Result) -> list[str]:
    """Return the purposes that wait for a person's word and keep something of these people."""
    tables = [counts for found in result.stores.values() for counts in found.tables.values()]
    return made.waiting(
        str(one["reason"]) for counts in tables for one in cast(list[dict[str, object]], counts["reasons"])
    )


def _weighed(made: Made, result: Result) -> str | None:
    waiting = _weighing(made, result)
    return f"an objection is being weighed: {', '.join(waiting)}" if waiting else None


def _no_witness(_step: str) -> None:
    """Nobody watches."""


WITNESS = _no_witness
"""Told at each step that changes something; the crash tests end the process there."""


def result_document(desk: Desk, intake: Intake, made: Made, result: Result, state: str) -> dict[str, object]:
    """Return the JSON of a carried-out erasure."""
    stores: dict[str, object] = {
        name: {
            "state": contract_state(found.state),
            "tables": dict(found.tables),
            "reason": found.reason,
            "no_removal_form": list(found.left),
            "level": found.level,
            "in_doubt": {table: list(links) for table, links in found.doubt.items()},
        }
        for name, found in result.stores.items()
    }
    covered = {one.store for one in requests.stores(desk.db, intake.request.id)}
    for name in (one for one in desk.manual_stores if one in covered):
        closed = all(t.closed_at is not None for t in requests.tasks(desk.db, intake.request.id) if t.store == name)
        stores[name] = {
            "state": "done" if closed else "pending",
            "tables": {},
            "reason": "manual",
            "no_removal_form": [],
            "level": None,
            "in_doubt": {},
        }
    return {
        "request": intake.request.short,
        "state": state,
        "stores": stores,
        "residue": result.residue,
        "tasks": [
            {"id": str(t.id), "store": t.store, "what": t.what, "state": t.state}
            for t in requests.tasks(desk.db, intake.request.id)
        ],
        "to_tell": untold(desk, intake.request),
        "decisions": [
            {
                "purpose": o.purpose,
                "category": o.category,
                "outcome": o.outcome,
                "article": o.article,
                "reason": o.reason,
            }
            for decision in made.decisions[:1]
            for o in decision.outcomes
        ],
        "not_searched": result.unread,
        "not_covered": [{"kind": gap.kind, "store": gap.store, "words": gap.words} for gap in gaps(desk, intake)],
        "plan": made.plan.digest.hex(),
    }


def write_recorded(desk: Desk, request: Request, how: Following) -> None:
    """Write the report on an erasure as it stands now, also when what was open is closed since."""
    if request.right != "erasure":
        raise Ending(Code.COULD_NOT_RUN, f"request `{request.short}` is no erasure: it has no report", "ask again")
    if request.verified_by is None:
        raise Ending(Code.COULD_NOT_RUN, NOT_IDENTIFIED, "ask again with `--verified-by`, once it is")
    assert how.out is not None
    with packaging(how.encrypt) as password:
        write_erasure(how.out, recorded_report(desk, request), request.state, password=password)
    say(f"the report on request {request.short} is in {how.out}")


def _write_report(desk: Desk, intake: Intake, made: Made, result: Result, state: str, out: Path, encrypt: bool) -> None:
    report = erasure_report(desk, intake, made.decisions, digests_of(made.plan), result, _weighing(made, result))
    with packaging(encrypt) as password:
        write_erasure(out, report, state, password=password)
    say(f"the report on request {intake.request.short} is in {out}")

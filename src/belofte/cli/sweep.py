"""`belofte sweep`: what nothing justifies any more goes, for everybody; and what a second person has to do with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json, staff, who
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import NOTHING, desk_of, say
from belofte.database import sweeps
from belofte.policy.staff import same
from belofte.retention import sweep
from belofte.retention.overdue import Overdue
from belofte.retention.sweep import BATCH, Pace, Swept
from belofte.rights.desk import Desk

Stores = Annotated[list[str], typer.Argument(metavar="[STORE]...", help="Stores to look at (default: all).")]
By = Annotated[str | None, staff("Who runs this (default: the account).")]


def _no_witness(_step: str) -> None:
    """Nobody watches."""


WITNESS = _no_witness
"""Told at each step that changes something; the crash tests end the process there."""


def run(
    stores: Stores = NOTHING,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and change nothing.")] = False,
    batch: Annotated[int, typer.Option("--batch", min=1, help="People per transaction.")] = BATCH,
    rest: Annotated[
        float, typer.Option("--rest", min=0, help="Rest after each batch this many times as long as it took.")
    ] = 0.0,
    vacuum: Annotated[
        bool, typer.Option("--vacuum", help="Vacuum afterwards what was swept (PostgreSQL), outside every transaction.")
    ] = False,
    by: By = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Let go of what nothing justifies any more, in the stores named or in all."""
    by = who(by)
    with desk_of(directory) as desk:
        found = [
            sweep.dry_run(desk, name)
            if dry_run
            else sweep.sweep(desk, name, by, pace=Pace(batch, rest, vacuum), witness=WITNESS)
            for name in named(desk, stores)
        ]
        manual = [task for task in sweeps.open_tasks(desk.db) if task.kind == "manual"]
    if as_json:
        json_result({"dry_run": dry_run, "stores": {one.store: document(one) for one in found}})
    else:
        for one in found:
            show(one)
        for task in manual:
            say(f"task {task.id}: {task.what}")
    code = worst(found)
    if code is not Code.FINE:
        raise Ending(code)


def run_prove(stores: Stores = NOTHING, directory: Directory = HERE, as_json: Json = False) -> None:
    """Count what nothing justifies, per table: zero after a sweep."""
    with desk_of(directory) as desk:
        found = [sweep.prove(desk, name) for name in named(desk, stores)]
    if as_json:
        json_result({"stores": {one.store: _proof(one) for one in found}})
    else:
        for one in found:
            _show_proof(one)
    if any(one.state == "unreachable" or one.found is None for one in found):
        raise Ending(Code.CANNOT_TELL)
    if any(one.found is not None and one.found.unjustified for one in found):
        raise Ending(Code.CHANGES)


def run_approve(
    name: Annotated[str, typer.Argument(metavar="RUN", help="The run's name, as the sweep showed it.")],
    by: Annotated[str, staff("Who approves; not who runs it.")],
    directory: Directory = HERE,
) -> None:
    """Approve, as a second person, a sweep that waits for one."""
    with desk_of(directory) as desk:
        run_ = sweep.approve(desk, name, by)
        if run_ is None:
            raise Ending(Code.INVALID, f"no sweep `{name}` waits", "`belofte sweep` names those that do")
        if same(by, run_.started_by):
            raise Ending(
                Code.CHANGES, f"`{by}` started sweep {run_.short}, and cannot be its second person", "ask somebody else"
            )
    console().print(
        f"sweep {run_.short} of {run_.store}: approved by {by}; run `belofte sweep {run_.store}`", markup=False
    )


def run_task(
    task: Annotated[str | None, typer.Argument(metavar="[TASK]", help="The task's id.")] = None,
    evidence: Annotated[str | None, typer.Option("--evidence", help="What shows that it was done.")] = None,
    by: By = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Close a task of retention with evidence; without one, list those that are open."""
    with desk_of(directory) as desk:
        if task is not None:
            if not evidence:
                raise Ending(Code.INVALID, "a task is closed with evidence", "say what shows it: `--evidence …`")
            if not _closed(desk, task, who(by), evidence):
                raise Ending(Code.INVALID, f"there is no open task `{task}`", "`belofte sweep task` lists them")
        open_ = sweeps.open_tasks(desk.db)
    if as_json:
        json_result(
            [
                {"id": str(t.id), "kind": t.kind, "store": t.store, "recipient": t.recipient, "what": t.what}
                for t in open_
            ]
        )
        return
    for one in open_:
        console().print(f"task {one.id}: {one.what}", markup=False)
    if not open_:
        console().print("no open tasks of retention")


def _closed(desk: Desk, task: str, by: str, evidence: str) -> bool:
    try:
        return sweeps.close_task(desk.db, UUID(task), by, evidence, desk.clock())
    except ValueError:
        return False


def named(desk: Desk, stores: Sequence[str]) -> list[str]:
    """Return the stores that are named, or all; one that is not there ends the verb."""
    unknown = [name for name in stores if name not in desk.specs]
    if unknown:
        raise Ending(
            Code.INVALID, f"there is no store `{unknown[0]}`", f"the company has: {', '.join(sorted(desk.specs))}"
        )
    return list(dict.fromkeys(stores)) or sorted(desk.specs)


def worst(found: Iterable[Swept]) -> Code:
    """Return the exit code of a sweep of several stores."""
    states = {one.state for one in found}
    if states & {"unreachable", "failed"}:
        return Code.CANNOT_TELL
    dry = any(one.state == "dry" and one.found is not None and one.found.number for one in found)
    left = any(one.left is not None and one.left.unjustified for one in found)
    return Code.CHANGES if dry or left or states & {"waiting", "barred"} else Code.FINE


def document(one: Swept) -> dict[str, object]:
    """Return what became of one store, as JSON."""
    return {
        "state": one.state, "reason": one.reason, "run": one.run, "people": one.people, "second_person": one.asks,
        "tables": one.counts if one.state != "dry" else _foreseen(one.found),
        "overdue": overdue_document(one.found), "left": overdue_document(one.left),
        "levels": dict(one.levels), "seconds": one.seconds,
    }  # fmt: skip


def _foreseen(found: Overdue | None) -> dict[str, dict[str, int]]:
    counts = found.counts if found is not None else {}
    return {
        table: {"deleted": c.deleted, "erased": c.erased, "unlinked": c.unlinked}
        for table, c in counts.items()
        if c.deleted or c.erased or c.unlinked
    }


def overdue_document(found: Overdue | None) -> dict[str, object] | None:
    """Return what is overdue in a store, as JSON."""
    if found is None:
        return None
    return {
        "people": found.number,
        "of": found.total,
        "unjustified": found.unjustified,
        "data": [
            {
                "table": d.table, "element": d.element, "columns": list(d.columns), "rows": d.rows, "oldest": d.oldest,
                "used_by": list(d.purposes), "stays_because": d.left,
            }
            for d in found.data
        ],
        "rows_about_nobody": found.nobody,
        "tables_about_nobody": found.unowned,
        "passed_on": list(found.passed_on),
    }  # fmt: skip


def _proof(one: Swept) -> dict[str, object]:
    return {"state": one.state, "reason": one.reason, "overdue": overdue_document(one.found)}


def show(one: Swept) -> None:
    """Show what became of one store, or would."""
    words = {
        "barred": one.reason or "", "unreachable": f"cannot tell: {one.reason}", "nothing": "nothing is overdue",
        "waiting": "a second person is asked", "failed": f"stopped: {one.reason}", "done": "done", "dry": "would go",
    }  # fmt: skip
    console().print(f"store {one.store}: {words[one.state]}" + (f" (sweep {one.run})" if one.run else ""), markup=False)
    if one.state == "dry" and one.reason:
        console().print(f"   not swept: {one.reason}", markup=False)
    counts: Mapping[str, Mapping[str, int]] = one.counts if one.state != "dry" else _foreseen(one.found)
    if counts:
        table = Table("table", "rows deleted", "erased in place", "unlinked")
        for name, c in counts.items():
            table.add_row(name, str(c["deleted"]), str(c["erased"]), str(c["unlinked"]))
        console().print(table)
    if one.state in ("dry", "waiting"):
        _show_data(one.found)
    for why in one.asks:
        console().print(f"   a second person approves it: {why}", markup=False)
    if one.state == "waiting":
        console().print(f"   `belofte sweep approve {one.run} --by NAME`, then this again", markup=False)
    if one.state == "done":
        _show_levels(one)
        _show_proof(one)
    else:
        _show_findings(one.found)


def _show_levels(one: Swept) -> None:
    """Say how far what went is gone, and after how long."""
    for level, words in (("deleted", "deleted, still in the database's files"), ("vacuumed", "vacuumed")):
        tables = [name for name, reached in one.levels.items() if reached == level]
        if tables:
            after = f", {one.seconds:.0f} s after the sweep was planned" if one.seconds is not None else ""
            console().print(f"   {words}{after}: {', '.join(tables)}", markup=False)


def _show_data(found: Overdue | None) -> None:
    if found is None or not found.data:
        return
    table = Table("table", "data", "rows", "oldest", "used by, and kept by none of them")
    for one in found.data:
        table.add_row(
            one.table, one.element, str(one.rows), one.oldest or "unknown", ", ".join(one.purposes) or "no purpose"
        )
    console().print(table)
    console().print(f"   about {found.number} of {found.total} people", markup=False)


def _show_proof(one: Swept) -> None:
    found = one.left or one.found
    if found is None:
        console().print(f"store {one.store}: cannot tell: {one.reason}", markup=False)
        return
    console().print(f"store {one.store}: data that nothing justifies: {found.unjustified}", markup=False)
    for data in found.data:
        why = f" (stays: {data.left})" if data.left else ""
        console().print(f"   {data.table}: {data.element}, {data.rows} rows{why}", markup=False)
    _show_findings(found)


def _show_findings(found: Overdue | None) -> None:
    """Say what is never swept."""
    if found is None:
        return
    for table, rows in found.nobody.items():
        console().print(
            f"   {table}: {rows} rows with data reach nobody; they are not swept: look at them", markup=False
        )
    for table in found.unowned:
        console().print(f"   {table}: the map leads no way to anybody; it is not swept", markup=False)
    for table in found.passed_on:
        console().print(f"   {table}: held for another controller; it is not swept", markup=False)

"""`belofte plan`: what would change in the stores, so that each reader sees only what its purpose may see.

Exit 2 when something would change, 4 when a store did not answer, else 0. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from belofte.cli import plan_queries
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, diagnostics, json_result
from belofte.cli.published import of_desk
from belofte.cli.request.asking import desk_of
from belofte.database import acts
from belofte.database.acts import Act
from belofte.purposes import applying
from belofte.purposes.plan import Count, Plan, StorePlan

Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write the plan, to be signed off and applied.")
]
NoCounts = Annotated[bool, typer.Option("--no-counts", help="Do not count the rows that purposes gain and lose.")]
Queries = Annotated[
    str | None,
    typer.Option("--queries", metavar="LOG|live", help="Show what of real queries would be refused, instead."),
]
Store = Annotated[str | None, typer.Option("--store", metavar="STORE", help="Whose queries, with --queries.")]

_SIGNS = {"create": "+", "change": "~", "restore": "!", "drop": "-", "note": "?"}
_STYLES = {"create": "green", "change": "yellow", "restore": "bold red", "drop": "red", "note": "yellow"}


def run(
    directory: Directory = HERE, as_json: Json = False, out: Out = None, no_counts: NoCounts = False,
    queries: Queries = None, store: Store = None,
) -> None:  # fmt: skip
    """Show what would change in the stores: views, roles, rights, and what each purpose sees."""
    if queries is not None:
        plan_queries.run(directory, store, queries, as_json=as_json)
        return
    with desk_of(directory) as desk:
        plan, otherwise = applying.plan(desk, counting=not no_counts), of_desk(desk)
        if not plan.empty:
            made = {"plan": plan.digest, "stores": {one.store: one.digest for one in plan.stores}}
            acts.record(desk.db, Act.PLAN_MADE, made)
    if out is not None:
        out.write_text(plan.text(), encoding="utf-8")
    if as_json:
        json_result({"digest": plan.digest, **asdict(plan)})
    else:
        show(plan)
    for store, why in plan.silent.items():
        diagnostics().print(Text(f"cannot tell about `{store}`: {why}", style="yellow"))
    if otherwise is not None:
        diagnostics().print(Text(f"`belofte apply` refuses this policy: {otherwise.says}", style="bold red"))
    if not plan.empty:
        raise Ending(Code.CHANGES)
    if plan.silent:
        raise Ending(Code.CANNOT_TELL)


def show(plan: Plan) -> None:
    """Write a plan as one reads it before signing off."""
    said = console()
    for one in plan.stores:
        said.print(Text(f"store {one.store}", style="bold"))
        for line in lines(one):
            said.print(line)
        if one.counts:
            said.print(seen(one.counts))
        for text in readers(one):
            said.print(Text(f"  {text}"))
    if plan.empty and (plan.stores or not plan.silent):
        said.print(Text("nothing would change" if plan.stores else "no store is in `mode: enforce`: nothing to do"))
    elif plan.empty:
        said.print(Text("no store could be planned for"))
    else:
        said.print(Text(f"plan {plan.digest}", style="bold"))


def lines(one: StorePlan) -> Iterable[Text]:
    """Yield a line per item that changes, per right that is taken back first, and per stranger."""
    for change in one.changes:
        why = f"  ({change.why})" if change.why else ""
        yield Text(f"  {_SIGNS[change.action]} {change.item}{why}", style=_STYLES[change.action])
    for statement in dict.fromkeys(statement for step in one.steps for statement in step.takes):
        yield Text(f"  first: {' '.join(statement.split())}", style="yellow")
    for name in one.strangers:
        yield Text(f"  ? {name}  (Belofte did not make it: drop it, or move it elsewhere)", style="bold red")


def seen(counts: Iterable[Count]) -> Table:
    """Return the table of what each purpose gains and loses."""
    table = Table("purpose", "table", title="what each purpose sees (estimates)")
    for heading in ("rows now", "rows then", "columns gained", "columns lost"):
        table.add_column(heading, justify="right" if heading.startswith("rows") else "left")
    for one in counts:
        before, after = one.columns
        gained, lost = [c for c in after if c not in before], [c for c in before if c not in after]
        rows = ["–" if number is None else f"{number:,}" for number in one.rows]
        table.add_row(one.purpose, one.table, *rows, ", ".join(gained), ", ".join(lost))
    return table


def readers(one: StorePlan) -> Iterable[str]:
    """Yield who reads past the views, and who reads through them."""
    for account in one.readers:
        if account.superuser:
            yield f"past the views: {account.name} (superuser: reads everything)"
        elif account.tables:
            some = ", ".join(account.tables[:3]) + (" …" if len(account.tables) > 3 else "")
            yield f"past the views: {account.name} ({some})"
        if account.through:
            yield f"through a role of ours: {account.name} ({', '.join(account.through)})"

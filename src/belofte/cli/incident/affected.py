"""`belofte incident affected`: whose data it was, counted in a store, or put down by hand where nobody can count."""

from __future__ import annotations

from typing import Annotated

import typer

from belofte.choices.moments import NoMoment, moment, span
from belofte.cli.ending import Code, Ending
from belofte.cli.incident.shared import By, Name, found, refusing, tell
from belofte.cli.incident.showing import show_affected
from belofte.cli.options import HERE, Directory, Json, who
from belofte.cli.request.asking import NOTHING, desk_of
from belofte.incidents.affected import NoScope, People, Scope, counted, special
from belofte.incidents.allowed import Refusal
from belofte.incidents.entry import Affected, CategoryCount
from belofte.incidents.register import Refused, entered, keep_people
from belofte.rights.desk import Desk
from belofte.stores.connect import Unreachable
from belofte.stores.session import Failed, session

COUNT_BY_HAND = "count by hand: `--people N --records N --because …`"


def run(
    name: Name,
    store: Annotated[str, typer.Option("--store", help="The store.")],
    table: Annotated[list[str], typer.Option("--table", help="A table that was touched (default: all).")] = NOTHING,
    where: Annotated[
        str | None, typer.Option("--where", help="Which rows of it: a comparison, `status = 'open'`.")
    ] = None,
    when: Annotated[str | None, typer.Option("--when", metavar="COLUMN", help="The column that says when.")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="TIME", help="Rows from this moment on.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="TIME", help="Rows up to this moment or day.")] = None,
    people: Annotated[int | None, typer.Option("--people", min=0, help="By hand: about how many people.")] = None,
    records: Annotated[int | None, typer.Option("--records", min=0, help="By hand: about how many records.")] = None,
    category: Annotated[list[str], typer.Option("--category", help="By hand: a category of data.")] = NOTHING,
    because: Annotated[str | None, typer.Option("--because", help="By hand: how that is known.")] = None,
    by: By = None,
    directory: Directory = HERE,
    as_json: Json = False,
) -> None:
    """Count whose data it was in a store: how many people, of which kind, which categories; never who."""
    with desk_of(directory) as desk, refusing(as_json):
        incident = found(desk.db, name)
        if store not in desk.specs:
            raise Refused(
                [Refusal(f"there is no store `{store}`", f"the company has: {', '.join(sorted(desk.specs))}")]
            )
        keys = People()
        if people is not None or records is not None:
            said = _by_hand(desk, store, people, records, category, because)
        elif store in desk.manual_stores:
            raise Refused([Refusal(f"store `{store}` is no database", COUNT_BY_HAND)])
        else:
            said, keys = _counted(desk, store, _scope(table, where, when, since, until))

        def sealing() -> None:
            if said.state != "cannot-tell":  # who was found before stays known when a store does not answer
                keep_people(desk.db, desk.key, incident, store, keys.sealed())

        breach = entered(desk.db, incident, said, who(by), desk.clock(), sealing)
        tell(desk, breach, as_json)
    if not as_json:
        show_affected(said)
    if said.state == "cannot-tell":
        raise Ending(Code.CANNOT_TELL, f"store `{store}` did not answer: cannot tell whose data it was", "ask again")


def _counted(desk: Desk, store: str, scope: Scope) -> tuple[Affected, People]:
    try:
        opened = desk.open(store)
        with session(opened.store) as reading:
            return counted(desk.policy, opened.graph, reading, store, scope, desk.clock())
    except NoScope as wrong:
        raise Refused([Refusal(one, "look at `belofte explain`") for one in wrong.reasons]) from None
    except (Unreachable, Failed) as silent:
        return Affected(store=store, state="cannot-tell", because=f"the store did not answer: {silent.why}"), People()


def _scope(table: list[str], where: str | None, when: str | None, since: str | None, until: str | None) -> Scope:
    try:
        first = moment(since) if since is not None else None
        last = span(until)[1] if until is not None else None
    except NoMoment:
        mend = "write `2026-04-03` or `2026-04-03T16:20`"
        raise Refused([Refusal("`--since` and `--until` are days or moments", mend)]) from None
    return Scope(tuple(dict.fromkeys(table)), where, when, first, last)


def _by_hand(
    desk: Desk, store: str, people: int | None, records: int | None, categories: list[str], because: str | None
) -> Affected:
    unknown = [name for name in categories if name not in desk.policy.categories]
    if unknown:
        there = ", ".join(sorted(desk.policy.categories))
        raise Refused([Refusal(f"the policy has no category `{name}`", f"it has: {there}") for name in unknown])
    counts = {
        name: CategoryCount(people=people or 0, records=records or 0, special=special(desk.policy, name))
        for name in categories
    }
    return Affected(
        store=store, state="estimated", because=because, people=people, records=records, categories=counts
    )  # fmt: skip

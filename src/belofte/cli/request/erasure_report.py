"""What an erasure came to, in words: the tables that the desk sees and the report that the person reads."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import cast

from rich.box import ROUNDED
from rich.table import Table

from belofte.cli.output import console
from belofte.cli.request.asking import say
from belofte.cli.request.shared import case_of, gaps
from belofte.database import requests
from belofte.database.requests import Request, StoreProgress, StoreState
from belofte.notices.answer import StoreState as Shown
from belofte.notices.report import ErasureReport, Kept, Residue, StoreErasure, TableErasure, Undetermined
from belofte.rights.decision import Decision
from belofte.rights.desk import Desk
from belofte.rights.intake import Intake
from belofte.rights.letting_go import Outcome, Plan, Result, removed_from, statements
from belofte.stores.connect import Unreachable
from belofte.stores.session import Failed
from belofte.stores.vacuum import Level, reached

COUNTED = ("deleted", "erased", "unlinked", "kept")

STAYS: Mapping[str, tuple[str, str]] = {
    "hold-or-restriction": ("a hold or a restriction", "17(3)(e), 18"),
    "needed-by-a-kept-row": ("rows that stay need it", "17(3)"),
    "links-a-kept-row": ("rows that stay reach her by it", "17(3)"),
    "names-nobody-any-more": ("nobody is named in it any more", "11(1)"),
    "belongs-to-an-organisation": ("it is an organisation's", "4(1)"),
    "goes-with-its-parent": ("it goes with the row it hangs on", "17(1)"),
    "pseudonymised": ("pseudonymised: it stays under a key", "4(5)"),
    "shared-with-others": ("it is about others too", "15(4)"),
}
"""Why a row stays that no purpose keeps: in words for the desk, and the article."""

_CONTRACT = {StoreState.TASK: "pending", StoreState.RUNNING: "failed"}


def contract_state(state: StoreState) -> str:
    """Return a store's state as the JSON contract names it."""
    return _CONTRACT.get(state, state.value)


# -- for the desk ----------------------------------------------------------------------------------------------------


def show_decisions(decisions: Sequence[Decision]) -> None:
    """Show what is decided: one line per outcome and reason, with the purposes that it is the same for."""
    same: dict[tuple[str, str, str], dict[str, None]] = {}
    for decision in decisions:
        for purpose, outcomes in decision.by_purpose().items():
            for one in outcomes:
                same.setdefault((one.outcome, one.reason.replace("-", " "), one.article), {})[purpose or "all"] = None
    table = _titled("what is decided")
    for head in ("outcome", "because of", "GDPR art.", "purposes"):
        table.add_column(head)
    for (outcome, reason, article), purposes in sorted(same.items()):
        table.add_row(outcome, reason, article, ", ".join(purposes))
    console().print(table)


def show_counts(title: str, counts: Mapping[str, Mapping[str, object]]) -> None:
    """Show per table how many rows go, are erased in place, are unlinked and stay, and why."""
    table = _titled(title)
    table.add_column("table", no_wrap=True, overflow="fold")
    for head in ("deleted", "erased in place", "unlinked", "kept"):
        table.add_column(head, justify="right")
    table.add_column("stays because of (rows)")
    for name, found in counts.items():
        if any(found[key] for key in COUNTED):
            because = ", ".join(f"{_desk_words(one)} ({one['rows']})" for one in _reasons(found))
            table.add_row(name, *(str(found[key] or "") for key in COUNTED), because)
    if table.row_count:
        console().print(table)
    else:
        console().print(f"{title}: nothing of hers", markup=False)


def show_result(result: Result, request: str, state: str) -> None:
    """Show what was done in each store, what is left, and where the request stands."""
    for name, found in result.stores.items():
        if found.tables:
            show_counts(f"store {name}: {contract_state(found.state)}", found.tables)
            for table, links in found.doubt.items():
                say(f"kept in doubt: {name}.{table}: rows that stay reach several people by {', '.join(links)}")
                say(
                    "   say in the rows or in the map whose they are (a key, or one person per value), then erase again"
                )
            if found.level == "deleted":
                say(f"store {name}: deleted, still in the database's files until a vacuum")
        else:
            console().print(f"store {name}: {contract_state(found.state)} {found.reason or ''}", markup=False)
    for one in result.residue:
        place = f"{one['store']}.{one['table']}.{one['column']}"
        rows = "1 row" if one["count"] == 1 else f"{one['count']} rows"
        console().print(f"still named in {place}: {rows}, not hers by the map: look at them", markup=False)
    if result.unread:
        more = " …" if len(result.unread) > 6 else ""
        say(f"too large to read through for words: {', '.join(result.unread[:6])}{more}")
    console().print(f"request {request}: {state}", markup=False)


def _titled(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=ROUNDED)


def _reasons(counts: Mapping[str, object]) -> list[dict[str, object]]:
    return cast(list[dict[str, object]], counts["reasons"])


def _number(counts: Mapping[str, object], key: str) -> int:
    return int(str(counts[key]))


def _desk_words(one: Mapping[str, object]) -> str:
    kind, _, purpose = str(one["reason"]).partition(":")
    return purpose or STAYS.get(kind, (kind.replace("-", " "), ""))[0]


# -- for the person --------------------------------------------------------------------------------------------------


def erasure_report(
    desk: Desk,
    intake: Intake,
    decisions: Sequence[Decision],
    texts: Mapping[str, Sequence[str]],
    result: Result,
    waiting: Collection[str],
) -> ErasureReport:
    """Return the report that the person reads: `texts` are the digests of what was carried out in each store.

    `waiting` are the purposes that wait for a person's word.
    """
    language = intake.request.language
    undecided = {
        outcome.purpose: outcome
        for decision in decisions
        for outcome in decision.open
        if outcome.purpose is not None and outcome.purpose in waiting
    }
    return ErasureReport(
        case_of(desk, intake.request),
        tuple(
            _store_erasure(desk, name, found, language, tuple(texts.get(name, ())))
            for name, found in result.stores.items()
        ),
        tuple(
            Undetermined("", "", outcome.words.of(language), desk.policy.purposes[purpose].title.of(language))
            for purpose, outcome in undecided.items()
        ),
        tuple(
            Residue(str(r["store"]), str(r["table"]), str(r["column"]), int(str(r["count"]))) for r in result.residue
        ),
        gaps(desk, intake),
    )


def digests_of(plan: Plan) -> dict[str, list[str]]:
    """Return, per store, the digests of the statements of a plan."""
    return {one.name: [hashlib.sha256(text.encode()).hexdigest() for text in statements(one)] for one in plan.stores}


def recorded_report(desk: Desk, request: Request) -> ErasureReport:
    """Return the report as the request stands now, from what was recorded of it: also when it is closed.

    What a search still found is in it as the task that somebody has to look; the digest is the store's whole plan.
    """
    silent: dict[str, Unreachable] = {}
    result, texts = Result(), dict[str, list[str]]()
    for one in requests.stores(desk.db, request.id):
        if one.store not in desk.sql_stores:
            continue
        if one.state == StoreState.UNREACHABLE:
            silent[one.store] = Unreachable(one.store, "when it was last asked", one.reason or "")
        tables = cast(Mapping[str, Mapping[str, object]], one.counts)
        level = _level(desk, one, tables)
        result.stores[one.store] = Outcome(StoreState(one.state), tables, one.reason, level=level)
        texts[one.store] = [one.plan_digest.hex()] if one.plan_digest is not None else []
    return erasure_report(desk, Intake((), silent, request), (), texts, result, ())


def _level(desk: Desk, one: StoreProgress, tables: Mapping[str, Mapping[str, object]]) -> Level | None:
    """Return how far what went from a store is gone by now; a store that does not answer tells no more than it did."""
    removed = removed_from(tables)
    if one.finished_at is None or not removed:
        return None
    try:
        return reached(desk.open(one.store).store, removed, one.finished_at)
    except (Unreachable, Failed):
        return "deleted"


def _store_erasure(desk: Desk, name: str, found: Outcome, language: str, digests: tuple[str, ...]) -> StoreErasure:
    tables = tuple(
        TableErasure(
            name=table,
            deleted=_number(counts, "deleted"),
            erased=_number(counts, "erased"),
            unlinked=_number(counts, "unlinked"),
            kept=_number(counts, "kept"),
            reasons=tuple(_kept(desk, one, language) for one in _reasons(counts)),
        )
        for table, counts in found.tables.items()
        if any(counts[key] for key in COUNTED)
    )
    return StoreErasure(name, cast(Shown, contract_state(found.state)), tables, digests, level=found.level)


def _kept(desk: Desk, one: Mapping[str, object], language: str) -> Kept:
    kind, _, purpose = str(one["reason"]).partition(":")
    rows = _number(one, "rows")
    if kind != "purpose":
        return Kept(STAYS.get(kind, ("", "17(1)"))[1], rows)
    stated = desk.policy.purposes[purpose]
    article = "17(3)(b)" if stated.law else "17(3)(e)" if stated.compelling else "17(1)"
    return Kept(article, rows, stated.title.of(language))

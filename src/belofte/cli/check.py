"""`belofte check`: the policy against the law, the maps against the policy and the live schemas.

Exit 3 when a problem or an error is found, 2 when somebody changed what `apply` made in a store, 4 when a store or
Belofte's own database cannot be reached or an address is not set (not with `--offline`), else 0. Warnings and notes are
shown and do not change the code. With `--late`, 2 also when data should have gone some days ago and is still there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, diagnostics, json_result, problem_json, show_problems
from belofte.datamap.check import map_findings
from belofte.datamap.coverage import coverage
from belofte.datamap.graph import Graph
from belofte.datamap.load import LoadedMap
from belofte.datamap.schema import Schema
from belofte.policy.check import check
from belofte.policy.findings import Finding, broken, ranked
from belofte.policy.problems import Invalid, Place, Problem

if TYPE_CHECKING:
    from belofte.stores.connect import Store

Offline = Annotated[bool, typer.Option("--offline", help="Leave the live databases out.")]
WithLate = Annotated[
    bool, typer.Option("--late", help="Look for data that should have gone, too, and for late complaints.")
]
_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_HEADINGS = {"error": "Errors", "warning": "Warnings", "note": "Notes"}


@dataclass(frozen=True, slots=True)
class StoreState:
    """What became of one store in a check: `checked`, `drifted`, `manual`, `offline`, `unreachable`."""

    name: str
    state: str
    why: str = ""
    late: str = ""
    """What it was not told of people's choices in time."""


def run(
    directory: Directory = HERE, as_json: Json = False, offline: Offline = False, with_late: WithLate = False
) -> None:
    """Check the policy against the law, and the maps against the live databases."""
    company = Company.at(directory)
    today = date.today()
    findings = [*check(company.policy, today), *coverage(company.policy, company.maps)]
    states: list[StoreState] = []
    problems: list[Problem] = []
    for loaded in company.maps.values():
        schema = None
        try:
            state, schema = _store(company, loaded, offline)
        except Invalid as invalid:
            problems += invalid.problems
            state = StoreState(loaded.map.store, "unreachable", "its address is not known")
        states.append(state)
        findings += map_findings(loaded, company.policy.policy, schema, today)
    mended, silent = ([], "") if offline else _published(company)
    findings = ranked([*findings, *mended])
    alarms, complaints = _overdue(directory, states) if with_late else (None, None)
    if as_json:
        json_result({**report(findings, states, problems), "late_data": alarms, "late_complaints": complaints})
    else:
        show(findings, states)
        _show_late(alarms, complaints)
    if problems:
        show_problems(problems)
    unreachable = [state for state in states if state.state == "unreachable"]
    for state in unreachable:
        diagnostics().print(Text(f"cannot tell about `{state.name}`: {state.why}", style="yellow"))
    if silent:
        diagnostics().print(Text(f"cannot tell whether this version was published: {silent}", style="yellow"))
    drifted = [state for state in states if state.state == "drifted"]
    for state in drifted:
        diagnostics().print(Text(f"`{state.name}` is not as it was applied: {state.why}", style="bold red"))
    for state in (one for one in states if one.late):
        diagnostics().print(Text(f"`{state.name}` {state.late}: run `belofte apply --retry`", style="yellow"))
    if broken(findings):
        raise Ending(Code.INVALID)
    if drifted:
        raise Ending(
            Code.CHANGES, "somebody changed what `belofte apply` made", "`belofte plan` shows how it is mended"
        )
    if any(alarms.values() if alarms else ()):
        raise Ending(Code.CHANGES, "data should have gone that is still there", "`belofte sweep late` tells what")
    if complaints:
        raise Ending(
            Code.CHANGES, "complaints are past their term without an answer", "`belofte complaint list` tells which"
        )
    if unreachable or silent:
        raise Ending(Code.CANNOT_TELL)


def _published(company: Company) -> tuple[list[Finding], str]:
    """Return that people read something else under the name of this version; or why that cannot be told."""
    from belofte.cli import published  # `--offline` needs neither our database nor the words of notices
    from belofte.database.errors import DatabaseUnavailable

    try:
        return published.findings(company), ""
    except DatabaseUnavailable as wrong:
        return [], str(wrong)


def _overdue(directory: Path, states: Iterable[StoreState]) -> tuple[dict[str, bool], list[str]]:
    """Return, per database that was looked at, whether data should have gone some days ago; and late complaints."""
    from belofte.cli.late import DAYS  # it reads the rows, and Belofte's own database
    from belofte.cli.request.asking import desk_of
    from belofte.database.complaints import register
    from belofte.incidents.complaints import is_late
    from belofte.retention.late import late

    with desk_of(directory) as desk:
        found = [late(desk, one.name, DAYS) for one in states if one.state in ("checked", "drifted")]
        complaints = [one.short for one in register(desk.db) if is_late(one, desk.today())]
    return {one.store: one.alarms for one in found if one.unreachable is None and one.not_swept is None}, complaints


def _show_late(alarms: dict[str, bool] | None, complaints: list[str] | None) -> None:
    if alarms is None:
        console().print("late data: not looked at (`--late` looks, at the rows of each database)", markup=False)
        return
    late = [name for name, alarm in alarms.items() if alarm]
    console().print(f"late data: {', '.join(late) if late else 'none'} of {', '.join(alarms) or 'nothing swept'}")
    if complaints:
        console().print(f"late complaints: {', '.join(complaints)}", markup=False)


def _store(company: Company, loaded: LoadedMap, offline: bool) -> tuple[StoreState, Schema | None]:
    """Return the state of one store and its live catalogue; None where nobody looked or nothing answered."""
    name = loaded.map.store
    if loaded.map.kind == "manual":
        return StoreState(name, "manual"), None
    if offline:
        return StoreState(name, "offline"), None
    from belofte.stores.connect import Unreachable, connect  # drivers are slow to load and `--offline` needs none
    from belofte.stores.reflect import reflect

    try:
        store = connect(company.url(name), read_only=True, name=name)
    except Unreachable as wrong:
        return StoreState(name, "unreachable", str(wrong)), None
    try:
        schema = reflect(store.engine)
        bound = loaded.map.mode == "enforce"
        drift = _drift(company, loaded, store, schema) if bound else []
        late = _late(company, store) if bound else ""
        return StoreState(name, "drifted" if drift else "checked", "; ".join(drift), late), schema
    finally:
        store.close()


def _drift(company: Company, loaded: LoadedMap, store: Store, schema: Schema) -> list[str]:
    """Return what somebody changed of what `apply` made; nothing is said of a map that does not hold together."""
    from belofte.purposes.applying import drift
    from belofte.stores.binding import unbindable

    graph = Graph(loaded.map, schema)
    if unbindable(store.dialect) is not None or graph.problems or not _whole(loaded, schema):
        return []
    return drift(company.policy.policy, graph, store, datetime.now(UTC))


def _late(company: Company, store: Store) -> str:
    """Return that a store was told everything longer ago than the policy allows; nothing where it was never told."""
    from belofte.purposes.lagging import told_until
    from belofte.stores.binding import unbindable

    until, at = told_until(store) if unbindable(store.dialect) is None else (None, None)
    if at is None or until is None:
        return ""
    now, limit = datetime.now(UTC), company.policy.policy.limits.told_within
    hours = int((now - at).total_seconds() // 3600)
    ends = f"shows nothing since {until:%Y-%m-%d %H:%M}" if until <= now else f"shows until {until:%Y-%m-%d %H:%M}"
    return f"was told what people chose {hours} hours ago (the limit is {limit}) and {ends}" if hours >= limit else ""


def _whole(loaded: LoadedMap, schema: Schema) -> bool:
    """Return whether the tables and columns by which people are known are there."""
    for entry in loaded.map.people.values():
        found = schema.tables.get(entry.table)
        named = [*entry.key, *(one.column for _, one in entry.identified_by())]
        if found is None or not set(named) <= set(found.columns):
            return False
    return True


def report(findings: Sequence[Finding], states: Iterable[StoreState], problems: Iterable[Problem]) -> dict[str, object]:
    """Return the JSON document of a check."""
    return {
        "findings": [_finding_json(finding) for finding in findings],
        "problems": [problem_json(problem) for problem in problems],
        "stores": {state.name: {"state": state.state, "why": state.why, "late": state.late} for state in states},
        "counts": {level: sum(1 for one in findings if one.severity == level) for level in _STYLES},
    }


def _finding_json(finding: Finding) -> dict[str, object]:
    place: Place = finding.place
    return {
        "id": finding.id,
        "severity": finding.severity,
        "path": finding.path,
        "file": place.file,
        "line": place.line or None,
        "column": place.column or None,
        "message": finding.message,
        "law": finding.law,
        "mend": finding.mend,
    }


def show(findings: Sequence[Finding], states: Sequence[StoreState]) -> None:
    """Write findings by severity, then a summary line."""
    out = console()
    for level, heading in _HEADINGS.items():
        group = [finding for finding in findings if finding.severity == level]
        if not group:
            continue
        out.print(Text(f"{heading} ({len(group)})", style=_STYLES[level]))
        for finding in group:
            out.print(Text(f"{finding.place}: ", style="bold") + Text(finding.message))
            out.print(Text(f"   {finding.id}", style=_STYLES[level]) + Text(f"  {finding.law}", style="dim"))
            out.print(Text(f"   {finding.mend}"))
        out.print()
    looked = [state.name for state in states if state.state in ("checked", "drifted")]
    passed = [f"{state.name} ({state.state})" for state in states if state.name not in looked]
    numbers = {level: sum(1 for finding in findings if finding.severity == level) for level in _STYLES}
    total = ", ".join(f"{number} {level}{'' if number == 1 else 's'}" for level, number in numbers.items())
    out.print(Text(total if findings else "nothing found, as declared", style="bold"))
    if looked:
        out.print(Text(f"live schemas looked at: {', '.join(looked)}"))
    if passed:
        out.print(Text(f"not looked at: {', '.join(passed)}"))

"""`belofte prove`: every promise of the policy against the company as it is now: kept, broken, or cannot tell.

Exit 0 when all are kept (as declared), 2 when one is broken, 4 when one cannot be told. A promise that is planned
cannot be told: it never counts as kept, and a policy that has one ends with 4 at best.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import NOTHING, desk_of
from belofte.policy.problems import choice
from belofte.promises.board import Board, Proven, prove
from belofte.promises.matter import Matter
from belofte.promises.outcome import State

Promises = Annotated[list[str], typer.Option("--promise", metavar="ID", help="Only this promise; several are several.")]
Anew = Annotated[bool, typer.Option("--anew", help="Measure everything, also what did not change since last time.")]

WORDS = {State.KEPT: "kept (as declared)", State.BROKEN: "deviation", State.CANNOT_TELL: "cannot tell"}
STYLES = {State.KEPT: "green", State.BROKEN: "bold red", State.CANNOT_TELL: "yellow"}
CODES = {State.KEPT: Code.FINE, State.BROKEN: Code.CHANGES, State.CANNOT_TELL: Code.CANNOT_TELL}
LANGUAGE = "en"
"""The language of the command line, in which the sentences are shown."""


def run(promise: Promises = NOTHING, anew: Anew = False, directory: Directory = HERE, as_json: Json = False) -> None:
    """Prove every promise of the policy against live data: kept, broken, or cannot tell."""
    company = Company.at(directory)
    _known(company, promise)
    with desk_of(directory) as desk:
        board = prove(Matter(desk, company.policy, company.maps, directory, desk.clock()), promise, anew=anew)
    if as_json:
        json_result(document(board))
    else:
        show(board)
    if not board.promises:
        raise Ending(Code.CANNOT_TELL, "the policy makes no promises", "write them under `promises`")
    code = CODES[board.state]
    if code is not Code.FINE:
        raise Ending(code)


def _known(company: Company, asked: Sequence[str]) -> None:
    """End the verb where a promise is asked for that the policy does not make."""
    known = [one.id for one in company.policy.policy.promises]
    for name in asked:
        if name not in known:
            raise Ending(Code.INVALID, f"the policy makes no promise `{name}`", choice("it makes", name, known))


def document(board: Board) -> dict[str, object]:
    """Return what a run came to, as JSON."""
    return {
        "run": board.run,
        "at": board.at,
        "seconds": round(board.seconds, 3),
        "counts": {
            **{state.value: board.count(state) for state in State},
            "planned": board.count(State.CANNOT_TELL, planned=True),
        },
        "promises": [_document(one, board.acts.get(one.promise.id)) for one in board.promises],
    }


def _document(one: Proven, act: int | None) -> dict[str, object]:
    word = one.promise.attestation
    return {
        "id": one.promise.id,
        "state": one.state.value,
        "since": one.since,
        "holds": one.promise.holds,
        "text": dict(one.promise.text.root),
        "figures": one.figures,
        "found": one.found,
        "cannot_tell_because": one.unclear,
        "to_do": one.mend,
        "evidence": None if word is None else {"owner": word.owner, "file": word.evidence, "sha256": word.sha256,
                                               "expires": word.expires},
        "act": act,
        "seconds": round(one.seconds, 3),
        "measured": [
            {"by": part.means, "state": part.outcome.state.value, "at": part.at, "anew": part.again,
             "seconds": round(part.seconds, 3)}
            for part in one.parts
        ],
    }  # fmt: skip


def show(board: Board) -> None:
    """Show the board: a line per promise, then what to do about those that are not kept."""
    out = console()
    table = Table("promise", "state", "since", "held by", "what it says")
    for one in board.promises:
        planned = one.promise.holds == "planned"
        style = "dim" if planned else STYLES[one.state]
        by = (
            f"planned: {one.promise.lacks}"
            if planned and one.promise.lacks
            else one.promise.holds
            if planned
            else f"{one.promise.holds}: {', '.join(part.means for part in one.parts)}"
        )
        words = Text(f"{WORDS[one.state]}", style=style)
        table.add_row(one.promise.id, words, f"{one.since:%Y-%m-%d}", by, one.promise.text.of(LANGUAGE))
    out.print(table)
    for one in board.promises:
        if one.state is not State.KEPT and one.promise.holds != "planned":
            _show_why(one)
    reused = sum(1 for one in board.promises for part in one.parts if not part.again)
    said = [f"{board.count(state)} {WORDS[state]}" for state in (State.KEPT, State.BROKEN, State.CANNOT_TELL)]
    said.append(f"{board.count(State.CANNOT_TELL, planned=True)} planned, which are never kept")
    out.print(Text(f"{', '.join(said)} · run {board.run}, {board.seconds:.1f} s", style="bold"))
    if reused:
        out.print(f"{reused} parts did not change since they were measured; `--anew` measures them all", markup=False)


def _show_why(one: Proven) -> None:
    out = console()
    out.print(Text(f"\n{one.promise.id}: {WORDS[one.state]}", style=STYLES[one.state]))
    for line in (*one.found, *one.unclear):
        out.print(f"   {line}", markup=False)
    for advice in one.mend:
        out.print(Text(f"   → {advice}", style="dim"))

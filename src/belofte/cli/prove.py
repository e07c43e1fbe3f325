"""`belofte prove`: every promise of the policy against the company as it is now: kept, broken, or cannot tell.

Exit 0 when all are kept (as declared), 2 when one is broken, 4 when one cannot be told. A promise that is planned
cannot be told: it never counts as kept, and a policy that has one ends with 4 at best.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from belofte.cli.company import Company
from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, json_result
from belofte.cli.request.asking import NOTHING, desk_of
from belofte.notices import board_words
from belofte.notices.words import Words, words_of
from belofte.policy.problems import choice
from belofte.promises.board import Board, Proven, prove
from belofte.promises.matter import Matter
from belofte.promises.outcome import State

Promises = Annotated[list[str], typer.Option("--promise", metavar="ID", help="Only this promise; several are several.")]
Anew = Annotated[bool, typer.Option("--anew", help="Measure everything, also what did not change since last time.")]

Language = Annotated[
    Literal["nl", "fr", "en"] | None, typer.Option("--language", help="Its language (default: the policy's first).")
]
STYLES = {State.KEPT: "green", State.BROKEN: "bold red", State.CANNOT_TELL: "yellow"}
CODES = {State.KEPT: Code.FINE, State.BROKEN: Code.CHANGES, State.CANNOT_TELL: Code.CANNOT_TELL}
ORDER = (State.KEPT, State.BROKEN, State.CANNOT_TELL)


def run(
    promise: Promises = NOTHING, anew: Anew = False, language: Language = None, directory: Directory = HERE,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Prove every promise of the policy against live data: kept, broken, or cannot tell."""
    company = Company.at(directory)
    _known(company, promise)
    with desk_of(directory) as desk:
        board = prove(Matter(desk, company.policy, company.maps, directory, desk.clock()), promise, anew=anew)
    if as_json:
        json_result(document(board))
    else:
        show(board, language or str(company.policy.policy.languages[0]))
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


def show(board: Board, language: str) -> None:
    """Show the board: a line per promise, then what to do about those that are not kept."""
    out, words = console(), words_of(language)
    table = Table(*(words.say(head) for head in board_words.HEADS))
    for one in board.promises:
        planned = one.promise.holds == "planned"
        state = Text(words.say(board_words.STATES[one.state]), style="dim" if planned else STYLES[one.state])
        by = board_words.held(words, one.promise.holds, () if planned else (part.means for part in one.parts))
        lacks = f": {one.promise.lacks}" if planned and one.promise.lacks else ""
        text = one.promise.text.of(language)
        table.add_row(one.promise.id, state, f"{one.since:%Y-%m-%d}", Text(f"{by}{lacks}"), Text(text))
    out.print(table)
    for one in board.promises:
        if one.state is not State.KEPT and one.promise.holds != "planned":
            _show_why(one, words)
    reused = sum(1 for one in board.promises for part in one.parts if not part.again)
    counts = {state.value: board.count(state) for state in ORDER}
    said = board_words.summary(words, counts, board.count(State.CANNOT_TELL, planned=True))
    out.print(Text(f"{said} · {board_words.ran(words, board.run, board.seconds)}", style="bold"))
    if reused:
        out.print(board_words.unchanged(words, reused), markup=False)


def _show_why(one: Proven, words: Words) -> None:
    out = console()
    out.print(Text(f"\n{one.promise.id}: {words.say(board_words.STATES[one.state])}", style=STYLES[one.state]))
    for line in (*one.found, *one.unclear):
        out.print(f"   {line.of(words)}", markup=False)
    for advice in one.mend:
        out.print(Text(f"   → {advice.of(words)}", style="dim"))

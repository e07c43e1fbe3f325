"""`belofte apply PLAN`: do exactly what a plan says; take it up after a stop, or undo it.

`--retry` tells every store what people chose, and renews the lease: the job that a schedule runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from belofte.cli.ending import Code, Ending
from belofte.cli.options import HERE, Directory, Json
from belofte.cli.output import console, diagnostics, json_result
from belofte.cli.published import refuse_mended
from belofte.cli.request.asking import desk_of
from belofte.purposes import applying
from belofte.purposes.applying import Refused
from belofte.purposes.desk import Desk, Opened, enforced
from belofte.purposes.plan import NoPlan, Plan, read
from belofte.stores.connect import Unreachable
from belofte.stores.session import Failed

PlanFile = Annotated[Path | None, typer.Argument(metavar="PLAN", help="The file of `belofte plan --out`.")]
Resume = Annotated[bool, typer.Option("--resume", help="Take up an apply that stopped half-way.")]
Undo = Annotated[bool, typer.Option("--undo", help="Undo the last apply, finished or not.")]
Retry = Annotated[bool, typer.Option("--retry", help="Tell every store what people chose, and renew the lease.")]
Store = Annotated[str, typer.Argument(metavar="STORE", help="The store whose tables are to be changed.")]


def run(
    plan_file: PlanFile = None, directory: Directory = HERE, as_json: Json = False, resume: Resume = False,
    undo: Undo = False, retry: Retry = False,
) -> None:  # fmt: skip
    """Do exactly what a plan says in the stores; take it up, undo it, or tell stores anew."""
    if sum((plan_file is not None, resume, undo, retry)) != 1:
        raise Ending(Code.INVALID, "say what to apply", "a PLAN, or one of --resume, --undo, --retry")
    with desk_of(directory) as desk, refusing():
        if plan_file is not None:
            refuse_mended(desk)
            steps = applying.apply(desk, _read(plan_file))
        else:
            steps = _each(desk, applying.resume if resume else applying.undo if undo else applying.retry)
    word = "people told anew" if retry else "steps undone" if undo else "steps taken"
    _tell(as_json, word, steps)


def run_detach(store: Store, directory: Directory = HERE, as_json: Json = False) -> None:
    """Let go of a store's views, so that the company can change its tables.

    Readers see nothing until `belofte attach`.
    """
    with desk_of(directory) as desk, refusing():
        _tell(as_json, "views let go of", {store: applying.detach(desk, _opened(desk, store))})


def run_attach(store: Store, directory: Directory = HERE, as_json: Json = False) -> None:
    """Make a store's views anew after the company changed its tables."""
    with desk_of(directory) as desk, refusing():
        _tell(as_json, "views made anew", {store: applying.attach(desk, _opened(desk, store))})


STOPPED = (
    "mend that; then `belofte apply --resume` takes up what stopped half-way, or `belofte apply --undo` takes it back: "
    "until one of them, readers of what changes may see nothing"
)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what may not be applied into how the verb ends."""
    try:
        yield
    except Refused as refused:
        raise Ending(Code.CHANGES, str(refused), "nothing was changed") from None
    except NoPlan as wrong:
        raise Ending(Code.INVALID, str(wrong)) from None
    except Unreachable as silent:
        raise Ending(Code.CANNOT_TELL, str(silent), "nothing was changed there") from None
    except Failed as failed:
        raise Ending(Code.CANNOT_TELL, str(failed), STOPPED) from None


def _read(file: Path) -> Plan:
    try:
        return read(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise Ending(Code.COULD_NOT_RUN, f"the plan `{file}` cannot be read", "is it there, and is it text?") from None


def _opened(desk: Desk, store: str) -> Opened:
    if store not in enforced(desk):
        known = ", ".join(enforced(desk)) or "none"
        raise Ending(Code.INVALID, f"`{store}` is no store in `mode: enforce`", f"there are: {known}")
    return desk.open(store, read_only=False)


def _each(desk: Desk, act: Callable[[Desk, Opened], int | None]) -> dict[str, int]:
    silent: dict[str, str] = {}
    found = {opened.name: act(desk, opened) for opened in applying.concerned(desk, silent)}
    for store, why in silent.items():
        diagnostics().print(Text(f"passed over `{store}`: {why}", style="yellow"))
    if silent and not found:
        raise Ending(Code.CANNOT_TELL, "no store could be reached", "nothing was changed")
    return {name: count for name, count in found.items() if count is not None}


def _tell(as_json: bool, word: str, counted: dict[str, int]) -> None:
    if as_json:
        json_result({word.replace(" ", "_"): counted})
    for store, count in counted.items() if not as_json else ():
        console().print(f"{store}: {count} {word}")
    if not counted and not as_json:
        console().print("nothing to do")

"""After an erasure's statements, in the same transaction: whether what nothing justifies is gone (DESIGN §2)."""

from __future__ import annotations

from belofte.compiler.erasure import Erasure, unjustified
from belofte.compiler.steps import Capture, Spare
from belofte.rights.population import Population
from belofte.stores.erasing import MANY, AsValues, spare
from belofte.stores.session import Session


class NotGone(Exception):
    """After the change, data that nothing justifies is still there; the change was undone."""


def nothing_left(changing: Session, steps: Erasure, found: Population, store: str) -> None:
    """Take the closure again: nothing of the cohort that nothing justifies may be left (what has no form is told)."""
    held = AsValues(changing)
    if sum(len(keys.keys) for keys in found.keysets.values()) >= MANY:
        return  # INVARIANT: a large cohort's deletes were counted against its captures, row by row
    for step in steps.steps:
        if isinstance(step, Capture):
            held.take(step, {**found.keysets, **{name: held.keys(reading) for name, reading in step.reads}})
        elif isinstance(step, Spare):  # a row that stays only for what points at it is tied to that, too
            spare(held, step, found.keysets)
    for step in steps.steps:
        if not isinstance(step, Capture):
            continue
        stuck = {one.group for one in (*steps.stuck, *steps.pseudonymised) if one.table == step.table}
        for number, _ in enumerate(step.groups):
            tied = tuple((name, value) for name, value in unjustified(step, number) if name != "gone")
            if number not in stuck and held.count(step, tied):
                raise NotGone(
                    f"store `{store}`, table `{step.table}`: data that nothing justifies came back while it was being "
                    "removed; nothing was changed: try again, and look for triggers on the table"
                )

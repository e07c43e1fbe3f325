"""Telling the stores whose readers are bound to purposes what people chose, as soon as it is recorded (DESIGN §1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from belofte.cli.ending import Code, Ending
from belofte.cli.output import diagnostics
from belofte.purposes import project, project_everyone
from belofte.purposes.projecting import Reached
from belofte.rights.desk import Desk
from belofte.rights.intake import Meeting


def tell_stores(desk: Desk, meeting: Meeting) -> list[str]:
    """Tell every store that answers what these people's choices leave open now; name, and return, those that do not.

    What a silent store was told before holds until its lease ends, and no longer.
    """
    subjects = [subject for person in meeting.people for subject in person.subjects]
    keys: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for person in meeting.people:
        for record in person.found.confirmed:
            keys.setdefault((record.store, record.entry), []).append(record.key)
    return _named(project(desk, subjects, keys))


def tell_stores_of_everybody(desk: Desk) -> list[str]:
    """Tell every store that answers what everybody chose, after choices of many were brought in; return the others."""
    return _named(project_everyone(desk))


def ending_untold(silent: Sequence[str]) -> None:
    """End the verb where stores are still to be told: what is recorded is not yet what their readers see."""
    if silent:
        raise Ending(Code.CHANGES)


def _named(reached: Reached) -> list[str]:
    for name, why in reached.silent.items():
        diagnostics().print(
            f"store `{name}` was not told what was chosen ({why}): tell it with `belofte apply --retry`", markup=False
        )
    return sorted(reached.silent)

"""Telling the stores whose readers are bound to purposes what people chose, as soon as it is recorded (DESIGN §1)."""

from __future__ import annotations

from typing import Any

from belofte.cli.output import diagnostics
from belofte.purposes import project, project_everyone
from belofte.purposes.projecting import Reached
from belofte.rights.desk import Desk
from belofte.rights.intake import Meeting


def tell_stores(desk: Desk, meeting: Meeting) -> None:
    """Tell every store that answers what these people's choices leave open now; name the stores that do not.

    What a silent store was told before holds until its lease ends, and no longer.
    """
    subjects = [subject for person in meeting.people for subject in person.subjects]
    keys: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for person in meeting.people:
        for record in person.found.confirmed:
            keys.setdefault((record.store, record.entry), []).append(record.key)
    _name_silent(project(desk, subjects, keys))


def tell_stores_of_everybody(desk: Desk) -> None:
    """Tell every store that answers what everybody chose, after choices of many were brought in."""
    _name_silent(project_everyone(desk))


def _name_silent(reached: Reached) -> None:
    for name, why in reached.silent.items():
        diagnostics().print(
            f"store `{name}` was not told what was chosen ({why}): tell it with `belofte apply --retry`", markup=False
        )

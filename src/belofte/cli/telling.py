"""Telling the stores whose readers are bound to purposes what people chose, as soon as it is recorded (DESIGN §1)."""

from __future__ import annotations

from typing import Any

from belofte.cli.output import diagnostics
from belofte.purposes import project
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
    for name, why in project(desk, subjects, keys).silent.items():
        diagnostics().print(
            f"store `{name}` was not told what was chosen ({why}): tell it with `belofte apply --retry`", markup=False
        )

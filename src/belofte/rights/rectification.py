"""Rectification (GDPR art. 16): inaccurate is corrected, incomplete is completed, disputed is restricted and checked.

A record that the law orders kept as it was made (an invoice) is not rewritten: the correction is added to it as an
annotation, and goes into the living record beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from belofte.choices.events import Kind
from belofte.policy.model import Basis, Policy
from belofte.rights.decision import Closing, Decision, Outcome, known_categories
from belofte.rights.decision_words import WORDS


@dataclass(frozen=True)
class Change:
    """What a person wants changed: an element, what is wrong with it, and whether that is established.

    `established` None: it is not, and is disputed until it is checked. `table` names one table where the element is
    held; None: it is decided for all living records.
    """

    element: str
    wrong: Literal["inaccurate", "incomplete"]
    established: bool | None = None
    table: str | None = None


def statutory(policy: Policy, table: str) -> bool:
    """Return whether a table's rows are records that a law orders kept as they are.

    They are when a purpose on legal obligation counts its term from a fact of the table's own (`invoice.issued_at`).
    """
    return any(
        Basis.LEGAL_OBLIGATION in purpose.bases(None) and (purpose.after or "").rpartition(".")[0] == table
        for purpose in policy.purposes.values()
    )


def decide(policy: Policy, changes: Iterable[Change], at: datetime) -> Decision:
    """Return what happens to each element that the person wants changed.

    `granted`: correct or complete it; `annotated`: the statutory record gets a note; `undetermined`: it is checked and
    its category restricted meanwhile (18(1)(a)); `refused`: it was found accurate. Raises `ValueError` for an unknown
    element.
    """
    asked = tuple(changes)
    known_categories(policy, (change.element for change in asked))
    outcomes = tuple(_outcome(policy, change) for change in asked)
    disputed = sorted({change.element.partition(".")[0] for change in asked if _disputed(change)})
    return Decision(at, outcomes, tuple(Closing(Kind.RESTRICTION_SET, category=category) for category in disputed))


def _disputed(change: Change) -> bool:
    return change.wrong == "inaccurate" and change.established is None


def _outcome(policy: Policy, change: Change) -> Outcome:
    element = change.element
    if change.established is False:
        return Outcome(None, element, None, "refused", "16", "accurate", WORDS["accurate"])
    if _disputed(change):
        return Outcome(None, element, None, "undetermined", "16, 18(1)(a)", "disputed", WORDS["disputed"])
    if change.table is not None and statutory(policy, change.table):
        words = WORDS["statutory-record"]
        return Outcome(None, element, None, "annotated", "16, 17(3)(b)", "statutory-record", words)
    reason = "corrected" if change.wrong == "inaccurate" else "completed"
    return Outcome(None, element, None, "granted", "16", reason, WORDS[reason])

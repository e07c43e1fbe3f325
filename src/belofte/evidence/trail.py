"""The trail: what Belofte's own database records of acts, as the acts that properties speak of.

An act stands at the moment from which it holds, not at that of its recording: a use after a withdrawal that was entered
late is a use after a withdrawal. Whom it is about is a number without a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from belofte.choices.events import Kind
from belofte.database.open import Database, statement
from belofte.evidence.watch import Act
from belofte.policy.model import Basis, Policy

AT_ONCE = 5_000
"""Rows that are fetched at a time."""

NAMES: dict[str, frozenset[str]] = {
    Kind.CONSENT_GIVEN: frozenset({"consent"}),
    Kind.CONSENT_REFUSED: frozenset({"closed"}),
    Kind.CONSENT_WITHDRAWN: frozenset({"closed"}),
    Kind.ERASURE_CLOSED: frozenset({"erased"}),
    Kind.OBJECTION_MADE: frozenset({"objected"}),
    Kind.OBJECTION_OVERRULED: frozenset({"overruled"}),
    Kind.OBJECTION_PENDING: frozenset({"objected"}),
    Kind.OBJECTION_UPHELD: frozenset({"objected"}),
    Kind.OBJECTION_WITHDRAWN: frozenset({"overruled"}),
    Kind.RESTRICTION_LIFTED: frozenset({"lifted"}),
    Kind.RESTRICTION_SET: frozenset({"restricted"}),
    Kind.SALE_RECORDED: frozenset({"sale"}),
    "answered": frozenset({"answered"}),
    "changed": frozenset({"changed"}),
    "due": frozenset({"due"}),
    "let-go": frozenset({"let-go"}),
    "longer": frozenset({"longer"}),
    "told": frozenset({"told"}),
}
"""What an act is called in the properties. A record of consent that was imported is none until somebody proves it."""
CONSENT_SHOWN = frozenset({"consent", "informed"})
BY_RIGHT = {"access": frozenset({"asked-access"}), "erasure": frozenset({"asked-erasure"})}
ASKED = frozenset({"asked"})


@dataclass
class Trail:
    """The acts of a company up to a moment. `unnamed`: disclosures of nobody knows whom: none can judge them."""

    db: Database
    policy: Policy
    until: datetime
    unnamed: int = 0

    def acts(self) -> Iterator[Act]:
        """Yield the acts in the order of time; nothing is held but a few thousand of them."""
        on_consent = frozenset(
            name for name, purpose in self.policy.purposes.items() if set(purpose.bases(None)) == {Basis.CONSENT}
        )
        with self.db.transaction(), self.db.connection.cursor("audit_trail", binary=True) as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(statement("audit_trail"), {"until": self.until})
            for row in cursor:
                act = self._act(row, on_consent)
                if act is not None:
                    yield act

    def _act(self, row: tuple[Any, ...], on_consent: frozenset[str]) -> Act | None:
        at, source, what, who, purpose, categories, other, shown, _ = row
        about: dict[str, tuple[str, ...]] = {}
        if purpose is not None:
            about["purpose"] = (purpose,)
        if categories:
            about["category"] = tuple(categories)
        if what == "disclosure":
            if who is None:
                self.unnamed += 1
                return None
            about["recipient"] = (other,)
            names = _DISCLOSED_ON_CONSENT if purpose in on_consent else _DISCLOSED
        elif what == "asked":
            names = BY_RIGHT.get(other, ASKED)
        else:
            if what == "told" and other is not None:
                about["recipient"] = (other,)
            names = CONSENT_SHOWN if what == Kind.CONSENT_GIVEN and shown else NAMES.get(what, _NOTHING)
        return Act(at, names, who, about, source) if names else None


_DISCLOSED = frozenset({"disclosed", "used"})
_DISCLOSED_ON_CONSENT = _DISCLOSED | {"used-on-consent"}
_NOTHING: frozenset[str] = frozenset()

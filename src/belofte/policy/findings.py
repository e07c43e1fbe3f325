"""What check finds: a rule that the policy or a data map breaks, where, under which law, and how to mend it.

A finding is about a policy that holds together (`Problem` is about one that does not). "Clean" means that nothing was
found, as declared; it never means that the processing is lawful.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from belofte.policy.problems import Place

Severity = Literal["error", "warning", "note"]
_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the rule's id and severity, the path and place, what is the matter, the law, and the mend."""

    id: str
    severity: Severity
    path: str
    place: Place
    message: str
    law: str
    mend: str


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with errors first, then by place and id."""
    return sorted(findings, key=lambda one: (_ORDER[one.severity], one.place, one.id, one.path, one.message))


def broken(findings: Iterable[Finding]) -> bool:
    """Return whether one of the findings is an error."""
    return any(finding.severity == "error" for finding in findings)

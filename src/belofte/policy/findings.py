"""What check finds: a rule that the policy or a data map breaks, where, under which law, and how to mend it.

A finding is about a policy that holds together (`Problem` is about one that does not). "Clean" means that nothing was
found, as declared; it never means that the processing is lawful.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, ParamSpec, TypeAlias

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


Hits: TypeAlias = Iterator[tuple[str, str]]
"""(path, message) of each thing that breaks a rule."""
Judged = ParamSpec("Judged")
"""What a rule looks at: a policy and the day, or a map held against them."""


@dataclass(frozen=True)
class Rule(Generic[Judged]):
    """A rule: an id, how bad breaking it is, the article or case, how to mend it, and what breaks it (`find`)."""

    id: str
    severity: Severity
    law: str
    mend: str
    find: Callable[Judged, Hits]

    def findings(
        self, place: Callable[[str], Place], *judged: Judged.args, **named: Judged.kwargs
    ) -> Iterator[Finding]:
        """Yield what breaks it, each at the place of its path."""
        for path, message in self.find(*judged, **named):
            yield Finding(self.id, self.severity, path, place(path), message, self.law, self.mend)


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with errors first, then by place and id."""
    return sorted(findings, key=lambda one: (_ORDER[one.severity], one.place, one.id, one.path, one.message))


def broken(findings: Iterable[Finding]) -> bool:
    """Return whether one of the findings is an error."""
    return any(finding.severity == "error" for finding in findings)

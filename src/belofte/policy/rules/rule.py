"""A rule: an id, how bad breaking it is, the article or case, how to mend it, and what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from belofte.policy.findings import Severity
from belofte.policy.model import Policy, Purpose

Hits: TypeAlias = Iterator[tuple[str, str]]
"""(path, message) of each thing that breaks the rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the linter (LAW §3). `find` gets the policy and today, and yields what breaks it."""

    id: str
    severity: Severity
    law: str
    mend: str
    find: Callable[[Policy, date], Hits]


def has_basis(purpose: Purpose, *names: str) -> bool:
    """Return whether a purpose rests, for some kind of people, on one of the bases named."""
    return any(basis.value in names for basis in purpose.bases(None))


def said(path: str, flag: bool, message: str) -> Hits:
    """Yield one hit when a flag is set."""
    if flag:
        yield path, message

"""The rules of the linter (LAW §3): each looks at the policy and the day."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from belofte.policy import findings
from belofte.policy.findings import Hits
from belofte.policy.model import Policy, Purpose

Rule: TypeAlias = findings.Rule[[Policy, date]]


def has_basis(purpose: Purpose, *names: str) -> bool:
    """Return whether a purpose rests, for some kind of people, on one of the bases named."""
    return any(basis.value in names for basis in purpose.bases(None))


def said(path: str, flag: bool, message: str) -> Hits:
    """Yield one hit when a flag is set."""
    if flag:
        yield path, message

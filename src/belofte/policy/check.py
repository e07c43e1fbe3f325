"""The policy against the law: every rule of the linter (LAW §3).

Pure: a policy and a day in, findings out. A rule judges what the policy declares; that nothing is found is no statement
that the processing is lawful.
"""

from __future__ import annotations

from datetime import date

from belofte.policy.findings import Finding, ranked
from belofte.policy.load import Loaded
from belofte.policy.rules import RULES

__all__ = ["RULES", "check"]


def check(loaded: Loaded, today: date) -> list[Finding]:
    """Return every finding about a policy on the day `today`: errors first, then by place."""
    return ranked(one for rule in RULES.values() for one in rule.findings(loaded.at, loaded.policy, today))

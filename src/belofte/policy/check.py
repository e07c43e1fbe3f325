"""The policy against the law: every rule of the linter, in one table sorted by id (LAW §3).

Pure: a policy and a day in, findings out. A rule judges what the policy declares; that nothing is found is no statement
that the processing is lawful.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from belofte.policy.findings import Finding, ranked
from belofte.policy.load import Loaded
from belofte.policy.rules import collect, gaps, rights, share, use, who
from belofte.policy.rules.rule import Rule

RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in sorted(
        (*gaps.RULES, *who.RULES, *collect.RULES, *use.RULES, *share.RULES, *rights.RULES),
        key=lambda rule: rule.id,
    )
}


def check(loaded: Loaded, today: date) -> list[Finding]:
    """Return every finding about a policy on the day `today`: errors first, then by place."""
    return ranked(
        Finding(rule.id, rule.severity, path, loaded.at(path), message, rule.law, rule.mend)
        for rule in RULES.values()
        for path, message in rule.find(loaded.policy, today)
    )

"""What a policy may get wrong, by chapter; `RULES` is every rule in one table, sorted by id (LAW §3)."""

from collections.abc import Mapping

from belofte.policy.rules import collect, gaps, rights, share, use, who
from belofte.policy.rules.rule import Rule

RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in sorted(
        (*gaps.RULES, *who.RULES, *collect.RULES, *use.RULES, *share.RULES, *rights.RULES),
        key=lambda rule: rule.id,
    )
}

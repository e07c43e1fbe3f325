"""What a purpose uses, as elements: what reading, receiving, telling and checking all count with."""

from __future__ import annotations

from belofte.policy.model import Policy, Purpose


def used(policy: Policy, purpose: Purpose) -> list[str]:
    """Return the elements (`category.element`) that a purpose uses or reaches people by, each once."""
    refs = [*purpose.uses, *purpose.channels.values()]
    return list(dict.fromkeys(element for ref in refs for element in policy.elements(ref)))

"""What a recipient may receive (GDPR art. 5(1)(b)-(c), 25(2), 28(3)): for its purposes only, and what they need.

A recipient serves the purposes that it names and those that name it. Of a purpose it receives what the purpose uses
and the recipient `receives`, never more; a recipient of which the policy says neither receives nothing.
"""

from __future__ import annotations

from datetime import date

from belofte.law.adequacy import Ground, Safeguards, ground, is_eea
from belofte.policy.model import Policy, Transfer
from belofte.policy.uses import used


def served(policy: Policy, recipient: str) -> list[str]:
    """Return the purposes for which a recipient may receive data, in the policy's order."""
    own = policy.recipients[recipient].purposes
    return [name for name, purpose in policy.purposes.items() if name in own or recipient in purpose.recipients]


def receivers(policy: Policy, purpose: str) -> list[str]:
    """Return the recipients of a purpose: those that it names, then those that name it."""
    named = [name for name in policy.purposes[purpose].recipients if name in policy.recipients]
    return list(dict.fromkeys([*named, *(r for r, found in policy.recipients.items() if purpose in found.purposes)]))


def received(policy: Policy, recipient: str, purpose: str) -> frozenset[str]:
    """Return the elements (`category.element`) that a recipient may receive for a purpose."""
    if purpose not in served(policy, recipient):
        return frozenset()
    named = {element for ref in policy.recipients[recipient].receives for element in policy.elements(ref)}
    return frozenset(named.intersection(used(policy, policy.purposes[purpose])))


def declared(transfer: Transfer) -> Safeguards:
    """Return what a transfer declares, as the law reads it."""
    return Safeguards(
        ground=transfer.ground,
        certified=transfer.certified,
        module=transfer.module,
        assessment=transfer.assessment is not None,
        authorised=transfer.authorised,
    )


def carried(policy: Policy, recipient: str, on: date) -> Ground | None:
    """Return on what ground data goes to a recipient outside the EEA on that day (`permitted` or not); None: within.

    A recipient of whom the policy does not say where it is counts as within: `check` asks where it is.
    """
    found = policy.recipients[recipient]
    if found.location is None or is_eea(found.location):
        return None
    transfer = policy.transfers.get(found.transfer) if found.transfer else None
    if transfer is None or transfer.country != found.location:
        return ground(found.location, Safeguards(), on)
    return ground(found.location, declared(transfer), on)

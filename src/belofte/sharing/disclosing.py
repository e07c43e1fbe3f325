"""A disclosure made by hand: whether the policy and the law allow it, before it is recorded (GDPR art. 6, 28, 44, 48).

Data goes to a recipient of the policy, for a purpose that it serves, of categories that it receives for it. What an
authority, a court or a professional asks for goes on the order or request that is named and the law that obliges; a
mere wish is none (art. 6(1)(c), 6(3)). Outside the EEA nothing goes without a ground of chapter V.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from belofte.policy.model import Policy
from belofte.policy.receiving import carried, received, receivers, served

ON_ORDER = frozenset({"authority", "court"})
"""Roles that receive on an order or request in the form of the law, and on nothing else."""


@dataclass(frozen=True)
class Wanted:
    """A disclosure that is to be recorded: to whom, for what, which categories or elements, on what ground and order.

    `reference` names the order or request; `ground` the law or the contract.
    """

    recipient: str
    purpose: str
    data: Sequence[str]
    ground: str | None
    reference: str | None


@dataclass(frozen=True)
class Refusal:
    """Why a disclosure is refused, with the article, and what would mend it."""

    article: str
    why: str
    mend: str


def refusals(policy: Policy, wanted: Wanted, on: date) -> list[Refusal]:
    """Return everything that stands against a disclosure; [] when it may be made."""
    name, purpose = wanted.recipient, wanted.purpose
    recipient = policy.recipients.get(name)
    if recipient is None:
        known = ", ".join(f"`{one}`" for one in policy.recipients) or "none yet"
        return [Refusal("13(1)(e)", f"the policy has no recipient `{name}`", f"it has: {known}")]
    found = []
    if name not in (receivers(policy, purpose) if purpose in policy.purposes else ()):
        serves = ", ".join(f"`{one}`" for one in served(policy, name)) or "none"
        found.append(Refusal("5(1)(b)", f"`{name}` receives nothing for `{purpose}`", f"its purposes: {serves}"))
    else:
        found += _beyond(policy, wanted)
    ground = carried(policy, name, on)
    if ground is not None and not ground.permitted:
        why = f"`{name}` is in {recipient.location}, and no ground carries data there"
        found.append(Refusal("44, 48", why, "declare a transfer with its ground, or do not disclose"))
    if recipient.role in ON_ORDER and not _said(wanted.reference):
        why = f"`{name}` receives on an order or a request in the form of the law, and none is named"
        found.append(Refusal("6(1)(c), 48", why, 'name it: `--order "letter of 3 May, ref. 12/2026"`'))
    if recipient.role in ON_ORDER and not _said(wanted.ground):
        why = f"the law that obliges to disclose to `{name}` is not named"
        found.append(Refusal("6(3)", why, 'name it: `--ground "WIB92 art. 315"`'))
    if recipient.role not in ON_ORDER and not grounded(policy, wanted):
        why = f"why `{name}` may receive it is not said"
        found.append(Refusal("6(1)", why, "name it: `--ground …`, or in the recipient's `ground` or `contract`"))
    return found


def grounded(policy: Policy, wanted: Wanted) -> str | None:
    """Return the ground of a disclosure: the one named, else that of its recipient in the policy."""
    if _said(wanted.ground):
        return wanted.ground
    recipient = policy.recipients[wanted.recipient]
    if recipient.contract is not None:
        return f"art. 28: {recipient.contract.kept}"
    if recipient.arrangement is not None:
        return "art. 26"
    return recipient.ground.of("en") if recipient.ground is not None else None


def categories(policy: Policy, data: Sequence[str]) -> list[str]:
    """Return the categories of what was disclosed, each once."""
    return list(dict.fromkeys(ref.partition(".")[0] for ref in data))


def _beyond(policy: Policy, wanted: Wanted) -> list[Refusal]:
    """Return what of the data the recipient does not receive for the purpose."""
    allowed = received(policy, wanted.recipient, wanted.purpose)
    found = []
    for ref in wanted.data:
        elements = policy.elements(ref)
        if not elements:
            found.append(Refusal("13(1)(e)", f"the policy has no data `{ref}`", "name a category or an element"))
        elif not (set(elements) & allowed if "." not in ref else set(elements) <= allowed):
            why = f"`{wanted.recipient}` does not receive `{ref}` for `{wanted.purpose}`"
            found.append(Refusal("5(1)(c)", why, "leave it out, or say in the policy why it needs it"))
    return found


def _said(words: str | None) -> bool:
    return bool(words and words.strip())

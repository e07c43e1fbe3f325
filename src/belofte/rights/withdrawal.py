"""Withdrawal of consent (GDPR art. 7(3)): as easy as giving it, at once, per purpose and channel.

It needs no proof of identity on the address itself (LAW 2.0 G2). Where a purpose rests on something else there is
nothing to withdraw: advertising stops all the same (art. 21(2)), for the rest the answer says what she can do instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from belofte.choices.events import Kind
from belofte.policy.model import Basis, Policy
from belofte.rights.decision import WEIGHABLE, Closing, Decision, Outcome, known_purposes, per_category, standing
from belofte.rights.decision_words import WORDS


def decide(
    policy: Policy,
    kinds: frozenset[str],
    at: datetime,
    purposes: Mapping[str, Collection[str] | None] | None = None,
) -> Decision:
    """Return what a withdrawal leads to. `purposes`: purpose to its channels (None: all); None: every consent.

    Where a kind is unknown, what may be a consent is withdrawn: closing too much harms nobody, silence opens nothing.
    Raises `ValueError` for a purpose or channel that the policy does not declare.
    """
    asked: dict[str, Collection[str] | None]
    if purposes is None:
        asked = {name: None for name in policy.purposes if Basis.CONSENT in standing(policy, name, kinds).bases}
    else:
        asked = dict(purposes)
        known_purposes(policy, asked)
    outcomes: list[Outcome] = []
    closings: list[Closing] = []
    for name, channels in asked.items():
        for channel in _channels(policy, name, channels):
            outcome, closing = _withdrawn(policy, name, kinds, channel)
            outcomes += per_category(policy, outcome) if channel is None else [outcome]
            closings += closing
    return Decision(at, tuple(outcomes), tuple(closings))


def _channels(policy: Policy, name: str, channels: Collection[str] | None) -> list[str | None]:
    declared = policy.purposes[name].channels
    if channels is None:
        return [None]
    strange = sorted(set(channels) - declared.keys())
    if strange:
        known = ", ".join(declared) or "none"
        raise ValueError(f"unknown channel `{strange[0]}` of `{name}`: the policy declares {known}")
    return [channel for channel in declared if channel in channels]


def _withdrawn(
    policy: Policy, name: str, kinds: frozenset[str], channel: str | None
) -> tuple[Outcome, tuple[Closing, ...]]:
    purpose, where = policy.purposes[name], standing(policy, name, kinds)
    category = purpose.channels[channel].partition(".")[0] if channel is not None else None
    if Basis.CONSENT in where.bases:
        words = WORDS["withdrawn"]
        outcome = Outcome(name, category, channel, "granted", "7(3)", "withdrawn", words)
        return outcome, (Closing(Kind.CONSENT_WITHDRAWN, name, channel),)
    if purpose.direct_marketing:
        words = WORDS["direct-marketing"]
        outcome = Outcome(name, category, channel, "granted", "21(2), 21(3)", "direct-marketing", words)
        return outcome, (Closing(Kind.OBJECTION_MADE, name, channel),)
    reason = "may-object" if where.bases & WEIGHABLE else "not-on-consent"
    return Outcome(name, category, channel, "refused", "7(3)", reason, WORDS[reason]), ()

"""Whom a change concerns, where it is of something that several purposes share: each of them, and its people."""

from __future__ import annotations

from collections.abc import Iterator

from belofte.policy.change import Change, Kind
from belofte.policy.forms import Text
from belofte.policy.model import Basis, Policy, Purpose
from belofte.policy.uses import used


def of(value: object) -> tuple[str, ...]:
    """Return a value as a change tells it: () where there is none."""
    return (str(value),) if value is not None and value != "" else ()


def reworded(before: Text | None, after: Text | None) -> bool:
    """Return whether a text says something else in a language that it had. One more language is the same text."""
    if before is None or after is None:
        return before is not after
    return any(
        words not in after.root.values() if language == "*" else after.of(language) != words
        for language, words in before.root.items()
    )


def kinds(purpose: Purpose) -> tuple[str, ...]:
    """Return the kinds of people whom a purpose reaches; () for all."""
    if isinstance(purpose.basis, Basis):
        return ()
    return tuple(dict.fromkeys(kind for found in purpose.basis.values() for kind in found))


def basis_of_consent(before: Policy, after: Policy, purpose: str) -> bool:
    """Return whether a purpose rests on consent, for anybody, before and after: then there are consents to look at."""
    return all(
        purpose in policy.purposes and Basis.CONSENT in policy.purposes[purpose].bases(None)
        for policy in (before, after)
    )


def using(policy: Policy, ref: str) -> list[str]:
    """Return the purposes that use an element."""
    return [name for name, one in policy.purposes.items() if ref in used(policy, one)]


def each(
    before: Policy, after: Policy, kind: Kind, path: str, purposes: list[str], was: str, now: str
) -> Iterator[Change]:
    """Yield a change of something that several purposes use: one for each, or one without where none does."""
    if not purposes:
        yield Change(kind, path, None, of(was), of(now))
    for name in purposes:
        consent = basis_of_consent(before, after, name)
        yield Change(kind, path, name, of(was), of(now), kinds(after.purposes[name]), consent)

"""What changed in meaning about the purposes: which there are, for whom, on what basis, with what data, how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from belofte.law.term import add
from belofte.policy.change import Change, Kind
from belofte.policy.forms import Period
from belofte.policy.model import Basis, Policy, Purpose
from belofte.policy.receiving import receivers
from belofte.policy.uses import used

_DAY = date(2001, 1, 1)
"""A day to count two terms from, to tell which is the longer."""


def longer(one: Period, other: Period) -> bool:
    """Return whether one period is longer than another."""
    return add(_DAY, one) > add(_DAY, other)


def basis_of_consent(before: Policy, after: Policy, purpose: str) -> bool:
    """Return whether a purpose rests on consent, for anybody, before and after: then there are consents to look at."""
    return all(
        purpose in policy.purposes and Basis.CONSENT in policy.purposes[purpose].bases(None)
        for policy in (before, after)
    )


def purposes(before: Policy, after: Policy) -> Iterator[Change]:
    """Yield the changes of every purpose, in the order of the later policy; those that ended last."""
    for name, new in after.purposes.items():
        old = before.purposes.get(name)
        if old is None:
            yield Change(Kind.PURPOSE_ADDED, f"purposes.{name}", name, (), (name,), _kinds(new))
            continue
        consent = basis_of_consent(before, after, name)
        for kind, key, was, now in _of_one(before, after, name, old, new):
            yield Change(kind, f"purposes.{name}.{key}", name, was, now, _kinds(new), consent)
        yield from _bases(before, after, name)
    for name, old in before.purposes.items():
        if name not in after.purposes:
            yield Change(Kind.PURPOSE_REMOVED, f"purposes.{name}", name, (name,), (), _kinds(old))


Found = Iterator[tuple[Kind, str, tuple[str, ...], tuple[str, ...]]]


def _kinds(purpose: Purpose) -> tuple[str, ...]:
    if isinstance(purpose.basis, Basis):
        return ()
    return tuple(dict.fromkeys(kind for kinds in purpose.basis.values() for kind in kinds))


def _bases(before: Policy, after: Policy, name: str) -> Iterator[Change]:
    """Yield, per kind of people, on which other basis a purpose rests; whom it reaches now, and whom no longer."""
    had, has = _by_kind(before, name), _by_kind(after, name)
    path = f"purposes.{name}.basis"
    swapped: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for kind in has.keys() & had.keys():
        if has[kind] != had[kind]:
            swapped.setdefault((had[kind], has[kind]), []).append(kind)
    for (was, now), kinds in swapped.items():
        yield Change(Kind.BASIS_CHANGED, path, name, was, now, tuple(sorted(kinds)))
    added, gone = (tuple(sorted(one.keys() - other.keys())) for one, other in ((has, had), (had, has)))
    if added:
        yield Change(Kind.PEOPLE_ADDED, path, name, (), added, added)
    if gone:
        yield Change(Kind.PEOPLE_REMOVED, path, name, gone, (), gone)


def _by_kind(policy: Policy, name: str) -> dict[str, tuple[str, ...]]:
    """Return the bases of a purpose per kind of people; `*` where it names none and the policy has no kinds."""
    purpose = policy.purposes[name]
    if isinstance(purpose.basis, Basis):
        return dict.fromkeys(policy.people or ("*",), (purpose.basis.value,))
    kinds = dict.fromkeys(kind for found in purpose.basis.values() for kind in found)
    return {kind: tuple(sorted(basis.value for basis in purpose.bases(kind))) for kind in kinds}


def _of_one(before: Policy, after: Policy, name: str, old: Purpose, new: Purpose) -> Found:
    yield from _parts(Kind.DATA_ADDED, Kind.DATA_REMOVED, "uses", used(before, old), used(after, new))
    yield from _parts(Kind.CHANNEL_ADDED, Kind.CHANNEL_REMOVED, "channels", [*old.channels], [*new.channels])
    yield from _parts(
        Kind.RECIPIENT_ADDED, Kind.RECIPIENT_REMOVED, "recipients",
        sorted(receivers(before, name)), sorted(receivers(after, name)),
    )  # fmt: skip
    yield from _terms(old, new)
    yield from _masks(before, after, old, new)
    yield from _automated(old, new)
    yield from _words(old, new)
    if old.direct_marketing != new.direct_marketing:
        yield Kind.MARKETING_ADDED if new.direct_marketing else Kind.MARKETING_REMOVED, "direct_marketing", (), ()
    if new.soft_opt_in and not old.soft_opt_in:
        yield Kind.SOFT_OPT_IN_ADDED, "soft_opt_in", (), ()
    if new.special_ground and old.special_ground != new.special_ground:
        yield Kind.SPECIAL_ADDED, "special_ground", _of(old.special_ground), (new.special_ground,)


def _of(value: object) -> tuple[str, ...]:
    return (str(value),) if value is not None else ()


def _parts(added: Kind, gone: Kind, key: str, had: list[str], has: list[str]) -> Found:
    for one in has:
        if one not in had:
            yield added, key, (), (one,)
    for one in had:
        if one not in has:
            yield gone, key, (one,), ()


def _terms(old: Purpose, new: Purpose) -> Found:
    """A term is its length, what it counts from and what must hold; which is longer is told where only that changed."""
    if _way(old) != _way(new):
        yield Kind.TERM_CHANGED, "keep", _term(old), _term(new)
    elif old.keep is not None and new.keep is not None and old.keep != new.keep:
        kind = Kind.TERM_LONGER if longer(new.keep, old.keep) else Kind.TERM_SHORTER
        yield kind, "keep", (str(old.keep),), (str(new.keep),)
    if old.consent_expires != new.consent_expires:
        ends, ended = new.consent_expires, old.consent_expires
        more = ends is None or (ended is not None and longer(ends, ended))
        kind = Kind.CONSENT_TERM_LONGER if more else Kind.CONSENT_TERM_SHORTER
        yield kind, "consent_expires", _of(ended), _of(ends)


def _way(purpose: Purpose) -> tuple[str | None, str | None, bool]:
    return purpose.after, purpose.while_, purpose.keep is None


def _term(purpose: Purpose) -> tuple[str, ...]:
    return tuple(str(part) for part in (purpose.keep, purpose.after, purpose.while_) if part)


def _masks(before: Policy, after: Policy, old: Purpose, new: Purpose) -> Found:
    had = set(used(before, old))
    for ref in used(after, new):
        was, now = old.mask(ref) if ref in had else None, new.mask(ref)
        if ref in had and was != now:
            kind = Kind.MASK_REMOVED if now is None else Kind.MASK_CHANGED
            yield kind, "masked", (ref,), (ref,)


def _automated(old: Purpose, new: Purpose) -> Found:
    for what in ("decision", "profiling"):
        was, now = (one.automated is not None and bool(getattr(one.automated, what)) for one in (old, new))
        if was != now:
            yield Kind.AUTOMATED_ADDED if now else Kind.AUTOMATED_REMOVED, f"automated.{what}", (), (what,)
    reviewed, reviews = (one.automated is not None and one.automated.human_review for one in (old, new))
    if reviewed and not reviews and new.automated and (new.automated.decision or new.automated.profiling):
        yield Kind.AUTOMATED_ADDED, "automated.human_review", ("human review",), ()


def _words(old: Purpose, new: Purpose) -> Found:
    """The words that count as such: the interest and its balance, the law that obliges, what must be given."""
    if new.interest is not None and old.interest != new.interest:
        yield Kind.INTEREST_CHANGED, "interest", (), ()
    if old.balancing != new.balancing:
        yield Kind.BALANCING_CHANGED, "balancing", (), ()
    if old.required != new.required:
        kind = Kind.REQUIRED_CHANGED if new.required is not None else Kind.REQUIRED_REMOVED
        yield kind, "required", (), ()
    if old.law != new.law:
        yield Kind.LAW_CHANGED, "law", _of(old.law), _of(new.law)

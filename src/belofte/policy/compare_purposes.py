"""What changed in meaning about the purposes: which there are, for whom, on what basis, with what data, how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from belofte.law.term import add
from belofte.policy.change import Change, Kind
from belofte.policy.concerned import basis_of_consent, kinds, of, reworded
from belofte.policy.forms import Period
from belofte.policy.model import Automated, Basis, Policy, Purpose
from belofte.policy.receiving import receivers
from belofte.policy.uses import used

_DAY = date(2001, 1, 1)
"""A day to count two terms from, to tell which is the longer."""


def longer(one: Period, other: Period) -> bool:
    """Return whether one period is longer than another."""
    return add(_DAY, one) > add(_DAY, other)


def purposes(before: Policy, after: Policy) -> Iterator[Change]:
    """Yield the changes of every purpose, in the order of the later policy; those that ended last."""
    for name, new in after.purposes.items():
        old = before.purposes.get(name)
        if old is None:
            yield Change(Kind.PURPOSE_ADDED, f"purposes.{name}", name, (), (name,), kinds(new))
            continue
        consent = basis_of_consent(before, after, name)
        for kind, key, was, now in _of_one(before, after, name, old, new):
            yield Change(kind, f"purposes.{name}.{key}", name, was, now, kinds(new), consent)
        yield from _bases(before, after, name)
    for name, old in before.purposes.items():
        if name not in after.purposes:
            yield Change(Kind.PURPOSE_REMOVED, f"purposes.{name}", name, (name,), (), kinds(old))


Found = Iterator[tuple[Kind, str, tuple[str, ...], tuple[str, ...]]]


def _bases(before: Policy, after: Policy, name: str) -> Iterator[Change]:
    """Yield, per kind of people, on which other basis a purpose rests; whom it reaches now, and whom no longer."""
    had, has = _by_kind(before, name), _by_kind(after, name)
    path = f"purposes.{name}.basis"
    swapped: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for kind in has.keys() & had.keys():
        if has[kind] != had[kind]:
            swapped.setdefault((had[kind], has[kind]), []).append(kind)
    for (was, now), swapping in swapped.items():
        yield Change(Kind.BASIS_CHANGED, path, name, was, now, tuple(sorted(swapping)))
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
    if old.purpose and new.purpose and old.purpose != new.purpose:
        yield Kind.PURPOSE_CHANGED, "purpose", (old.purpose,), (new.purpose,)
    yield from _parts(Kind.DATA_ADDED, Kind.DATA_REMOVED, "uses", used(before, old), used(after, new))
    yield from _channels(old, new)
    yield from _parts(
        Kind.RECIPIENT_ADDED, Kind.RECIPIENT_REMOVED, "recipients",
        sorted(receivers(before, name)), sorted(receivers(after, name)),
    )  # fmt: skip
    yield from _terms(old, new)
    yield from _asking(old, new)
    yield from _masks(before, after, old, new)
    yield from _automated(old, new)
    yield from _words(old, new)
    yield from _marketing(old, new)
    yield from _objections(old, new)
    yield from _special_ground(old, new)
    if (old.compatible is None) != (new.compatible is None):
        yield Kind.COMPATIBLE_ADDED if new.compatible else Kind.COMPATIBLE_REMOVED, "compatible", (), ()
    yield from _parts(Kind.SAFEGUARD_ADDED, Kind.SAFEGUARD_REMOVED, "safeguards", old.safeguards, new.safeguards)


def _parts(added: Kind, gone: Kind, key: str, had: list[str], has: list[str]) -> Found:
    for one in has:
        if one not in had:
            yield added, key, (), (one,)
    for one in had:
        if one not in has:
            yield gone, key, (one,), ()


def _channels(old: Purpose, new: Purpose) -> Found:
    yield from _parts(Kind.CHANNEL_ADDED, Kind.CHANNEL_REMOVED, "channels", [*old.channels], [*new.channels])
    for channel, ref in new.channels.items():
        if channel in old.channels and old.channels[channel] != ref:
            yield Kind.CHANNEL_ADDED, f"channels.{channel}", (old.channels[channel],), (channel,)


def _terms(old: Purpose, new: Purpose) -> Found:
    """A term is its length, what it counts from and what must hold; which is longer is told where only that changed."""
    if _way(old) != _way(new):
        yield Kind.TERM_CHANGED, "keep", _term(old), _term(new)
    elif old.keep is not None and new.keep is not None and old.keep != new.keep:
        kind = Kind.TERM_LONGER if longer(new.keep, old.keep) else Kind.TERM_SHORTER
        yield kind, "keep", (str(old.keep),), (str(new.keep),)
    if old.hide_first != new.hide_first:
        yield Kind.GRACE_CHANGED, "hide_first", of(old.hide_first), of(new.hide_first)


def _asking(old: Purpose, new: Purpose) -> Found:
    """How consent is asked, how long it holds, and since when one counts."""
    if reworded(old.how_asked, new.how_asked):
        yield Kind.ASKING_CHANGED, "how_asked", (), ()
    consented = all(Basis.CONSENT in one.bases(None) for one in (old, new))
    if consented and old.consent_since != new.consent_since:
        yield Kind.CONSENT_SINCE_CHANGED, "consent_since", of(old.consent_since), of(new.consent_since)
    if old.consent_expires != new.consent_expires:
        ends, ended = new.consent_expires, old.consent_expires
        more = ends is None or (ended is not None and longer(ends, ended))
        kind = Kind.CONSENT_TERM_LONGER if more else Kind.CONSENT_TERM_SHORTER
        yield kind, "consent_expires", of(ended), of(ends)


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
    works = new.automated is not None and (new.automated.decision or new.automated.profiling)
    reviewed, reviews = (one.automated is not None and one.automated.human_review for one in (old, new))
    if works and reviewed != reviews:
        review = ("human review",)
        gained = (Kind.RIGHT_ADDED, "automated.human_review", (), review)
        yield gained if reviews else (Kind.AUTOMATED_ADDED, "automated.human_review", review, ())
    said, says = (one.automated or Automated() for one in (old, new))
    for what in ("logic", "consequences"):
        if works and reworded(getattr(said, what), getattr(says, what)):
            yield Kind.AUTOMATED_CHANGED, f"automated.{what}", (), ()


def _words(old: Purpose, new: Purpose) -> Found:
    """The words that count as such: the interest and its balance, the law that obliges, what must be given."""
    if new.interest is not None and reworded(old.interest, new.interest):
        yield Kind.INTEREST_CHANGED, "interest", (), ()
    elif old.interest != new.interest and new.interest is None and Basis.LEGITIMATE_INTEREST in new.bases(None):
        yield Kind.INTEREST_REMOVED, "interest", (), ()
    if reworded(old.balancing, new.balancing):
        yield Kind.BALANCING_CHANGED, "balancing", (), ()
    if reworded(old.required, new.required):
        kind = Kind.REQUIRED_CHANGED if new.required is not None else Kind.REQUIRED_REMOVED
        yield kind, "required", (), ()
    if old.law != new.law:
        yield Kind.LAW_CHANGED, "law", of(old.law), of(new.law)


def _marketing(old: Purpose, new: Purpose) -> Found:
    if old.direct_marketing != new.direct_marketing:
        yield Kind.MARKETING_ADDED if new.direct_marketing else Kind.MARKETING_REMOVED, "direct_marketing", (), ()
    if reworded(old.soft_opt_in, new.soft_opt_in):
        kind = Kind.SOFT_OPT_IN_CHANGED if old.soft_opt_in else Kind.SOFT_OPT_IN_ADDED
        yield kind if new.soft_opt_in else Kind.SOFT_OPT_IN_REMOVED, "soft_opt_in", (), ()


def _objections(old: Purpose, new: Purpose) -> Found:
    """Whether an objection prevails, is weighed, or meets grounds that were named beforehand (art. 21(1))."""
    if old.on_objection != new.on_objection:
        kind = Kind.OBJECTION_EASIER if new.on_objection == "uphold" else Kind.OBJECTION_HARDER
        yield kind, "on_objection", (old.on_objection,), (new.on_objection,)
    if reworded(old.compelling, new.compelling):
        kind = Kind.BALANCING_CHANGED if old.compelling else Kind.OBJECTION_HARDER
        yield kind if new.compelling else Kind.OBJECTION_EASIER, "compelling", (), ()


def _special_ground(old: Purpose, new: Purpose) -> Found:
    if old.special_ground != new.special_ground:
        kind = Kind.SPECIAL_ADDED if new.special_ground else Kind.SPECIAL_REMOVED
        yield kind, "special_ground", of(old.special_ground), of(new.special_ground)

"""What changed in meaning about who decides, how people ask, what is promised, and how the published text says it."""

from __future__ import annotations

from collections.abc import Iterator

from belofte.policy.change import Change, Kind
from belofte.policy.compare_purposes import longer
from belofte.policy.complaints import Complaints
from belofte.policy.concerned import each, of, reworded
from belofte.policy.model import Contact, Notice, Organisation, Policy, Rights


def organisation(before: Policy, after: Policy) -> Iterator[Change]:
    """Yield who decides otherwise, and how they, their officer and the authority are reached."""
    old, new = before.organisation, after.organisation
    for what in ("name", "company_number", "country"):
        was, now = getattr(old, what), getattr(new, what)
        if was != now:
            path = f"organisation.{what}"
            yield from each(before, after, Kind.CONTROLLER_CHANGED, path, [*after.purposes], was or "", now or "")
    for one in new.group:
        if one not in old.group:
            yield from each(before, after, Kind.CONTROLLER_CHANGED, "organisation.group", [*after.purposes], "", one)
    for one in old.group:
        if one not in new.group:
            yield Change(Kind.CONTROLLER_REMOVED, "organisation.group", None, (one,), ())
    for what in ("address", "representative"):
        if getattr(old, what) != getattr(new, what):
            yield Change(
                Kind.CONTACT_CHANGED, f"organisation.{what}", None, of(getattr(old, what)), of(getattr(new, what))
            )
    for what, was, now in _reached(old.contact, new.contact):
        yield Change(Kind.CONTACT_CHANGED, f"organisation.contact.{what}", None, was, now)
    if old.authority != new.authority:
        yield Change(Kind.AUTHORITY_CHANGED, "organisation.authority", None, (old.authority,), (new.authority,))
    if _officer(old) != _officer(new):
        was, now = (one.officer.name if one.officer else None for one in (old, new))
        yield Change(Kind.OFFICER_CHANGED, "organisation.officer", None, of(was), of(now))


def _officer(organisation: Organisation) -> tuple[str | None, bool, Contact] | None:
    found = organisation.officer
    return (found.name, found.none_because is None, found.contact) if found is not None else None


def _reached(old: Contact, new: Contact) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    for what in ("email", "phone", "fax", "url", "address"):
        was, now = getattr(old, what), getattr(new, what)
        if was != now:
            yield what, of(was), of(now)


_HARDER = ("id-card-copy", "signed-letter")
"""What is asked of who asks, beyond what the law lets us ask of everybody."""


def rights(before: Policy, after: Policy) -> Iterator[Change]:
    """Yield rights and ways to ask that are told now, or no longer; what is asked of who asks; terms of complaints."""
    old, new = before.rights or Rights(), after.rights or Rights()
    for what, had, has in (("offered", old.offered, new.offered), ("ways", old.ways, new.ways)):
        for name in had:
            if name not in has:
                yield Change(Kind.RIGHT_REMOVED, f"rights.{what}", None, (name,), ())
        for name in has:
            if name not in had:
                yield Change(Kind.RIGHT_ADDED, f"rights.{what}", None, (), (name,))
    for what in ("identity", "form", "optout"):
        was, now = getattr(old, what), getattr(new, what)
        if was != now:
            kind = Kind.RIGHT_REMOVED if now in _HARDER else Kind.RIGHT_ADDED
            yield Change(kind, f"rights.{what}", None, (was,), (now,))
    for name in dict.fromkeys((*old.narrowed, *new.narrowed)):
        if reworded(old.narrowed.get(name), new.narrowed.get(name)):
            kind = Kind.RIGHT_REMOVED if name in new.narrowed else Kind.RIGHT_ADDED
            yield Change(kind, f"rights.narrowed.{name}", None, (), ())
    if old.url != new.url:
        yield Change(Kind.CONTACT_CHANGED, "rights.url", None, of(old.url), of(new.url))
    yield from _complaints(old.complaints, new.complaints)


def _complaints(old: Complaints, new: Complaints) -> Iterator[Change]:
    for what, was, now, more, less in (
        ("within", old.within, new.within, Kind.COMPLAINT_TERM_LONGER, Kind.COMPLAINT_TERM_SHORTER),
        ("keep", old.keep, new.keep, Kind.TERM_LONGER, Kind.TERM_SHORTER),
    ):
        if was != now:
            yield Change(more if longer(now, was) else less, f"rights.complaints.{what}", None, of(was), of(now))


def promises(before: Policy, after: Policy) -> Iterator[Change]:
    """Yield what is promised now, otherwise, or no longer. By what a promise is held is no matter of its sentence."""
    had, has = ({one.id: one.text for one in policy.promises} for policy in (before, after))
    for name, text in has.items():
        if name not in had:
            yield Change(Kind.PROMISE_ADDED, f"promises.{name}", None, (), (name,))
        elif reworded(had[name], text):
            yield Change(Kind.PROMISE_CHANGED, f"promises.{name}", None, (), ())
    for name in had:
        if name not in has:
            yield Change(Kind.PROMISE_REMOVED, f"promises.{name}", None, (name,), ())


_ROOM = (
    "purposes_open", "categories_open", "sharing_own_purposes", "disclosure_on_request", "tell_a_friend",
    "email_opens_tracked", "marketing_optout_only", "retention_vague", "transfers_unspecified", "clients_data_own_use",
    "moves_with_business",
)  # fmt: skip
"""What the published text may say that leaves the company room."""

_BOUND = ("stays_in_eea", "no_special")
"""What it may say that binds the company."""


def published(before: Policy, after: Policy) -> Iterator[Change]:
    """Yield where the published text leaves the company more room than before, or less."""
    old, new = before.published, after.published
    for what in (*_ROOM, *_BOUND):
        was, now = getattr(old, what), getattr(new, what)
        if was != now:
            kind = Kind.TEXT_LOOSER if now == (what in _ROOM) else Kind.TEXT_STRICTER
            yield Change(kind, f"published.{what}", None, (), ())
    for what, strict in (("consent_by", "clear-act"), ("changes", "announced")):
        was, now = getattr(old, what), getattr(new, what)
        if was != now:
            kind = Kind.TEXT_STRICTER if now == strict else Kind.TEXT_LOOSER
            yield Change(kind, f"published.{what}", None, (was,), (now,))
    for kind, some, others in (
        (Kind.TEXT_LOOSER, new.undeclared, old.undeclared),
        (Kind.TEXT_STRICTER, old.undeclared, new.undeclared),
    ):
        for one in some:
            if one not in others:
                was, now = ((), (one,)) if kind is Kind.TEXT_LOOSER else ((one,), ())
                yield Change(kind, "published.undeclared", None, was, now)


def notices(before: Policy, after: Policy) -> Iterator[Change]:
    """Yield earlier notices that are said to have held from another day, or to have named other purposes.

    One that names none says all purposes of its policy: where an earlier one does, a new purpose is said to have been
    in it. The version that was in force is recorded as an earlier one when a new one comes: that changes nothing.
    """
    held, holds = (one.version.from_ if one.version is not None else None for one in (before, after))
    for key in dict.fromkeys((*before.notices, *after.notices)):
        was, now = before.notices.get(key), after.notices.get(key)
        named, names = _names(before, was), _names(after, now)
        own = now is not None and now.from_ == holds and (was is None or was.from_ == now.from_)
        taken_over = was is None and now is not None and now.from_ == held and not names - before.purposes.keys()
        if own or taken_over:
            continue
        moved = was is None or now is None or was.from_ != now.from_
        if moved or names - named or (named - names) & after.purposes.keys():
            yield Change(Kind.NOTICE_CHANGED, f"notices.{key}", None, _told(was, named), _told(now, names))


def _names(policy: Policy, notice: Notice | None) -> set[str]:
    """Return the purposes that a notice is said to have named."""
    if notice is None:
        return set()
    return {*policy.purposes} if notice.purposes is None else {*notice.purposes}


def _told(notice: Notice | None, named: set[str]) -> tuple[str, ...]:
    return (str(notice.from_), *sorted(named)) if notice is not None else ()

"""What changed in meaning from one policy to the next: not words, but what is done, with what, for whom, how long.

Pure, and in the policy's order. The same policy twice gives nothing; titles and explanations in other words give
nothing either, save where the words themselves count: an interest and its balance, what must be given, examples of
data. `policy.change` says what follows.
"""

from __future__ import annotations

from collections.abc import Iterator

from belofte.law.adequacy import is_eea
from belofte.policy.change import Change, Kind
from belofte.policy.compare_purposes import basis_of_consent, longer, purposes
from belofte.policy.model import Basis, Contact, Organisation, Policy, Rights, Tracker
from belofte.policy.receiving import receivers
from belofte.policy.uses import used


def compare(before: Policy, after: Policy) -> list[Change]:
    """Return every change in meaning, the purposes first."""
    parts = (purposes, _sources, _recipients, _transfers, _trackers, _organisation, _rights, _protection)
    return [change for part in parts for change in part(before, after)]


def unasked(before: Policy, after: Policy) -> list[str]:
    """Return the purposes whose consent has to be asked again and that do not say so (`consent_since`).

    Without a later `consent_since`, a consent given under the policy before counts as given to the new one.
    """
    asked = dict.fromkeys(change.purpose for change in compare(before, after) if change.asked)
    found = []
    for name in asked:
        if name is None:
            continue
        since, stood = after.purposes[name].consent_since, before.purposes[name].consent_since
        if since is None or since == stood or (after.version is not None and since < after.version.from_):
            found.append(name)
    return found


def _using(policy: Policy, ref: str) -> list[str]:
    """Return the purposes that use an element."""
    return [name for name, one in policy.purposes.items() if ref in used(policy, one)]


def _for_each(
    before: Policy, after: Policy, kind: Kind, path: str, purposes: list[str], was: str, now: str
) -> Iterator[Change]:
    """Yield a change of something that several purposes use: one for each, or one without where none does."""
    if not purposes:
        yield Change(kind, path, None, (was,) if was else (), (now,) if now else ())
    for name in purposes:
        yield Change(
            kind, path, name, (was,) if was else (), (now,) if now else (),
            _people(after, name), basis_of_consent(before, after, name),
        )  # fmt: skip


def _people(policy: Policy, purpose: str) -> tuple[str, ...]:
    basis = policy.purposes[purpose].basis
    return () if isinstance(basis, Basis) else tuple(dict.fromkeys(kind for kinds in basis.values() for kind in kinds))


def _sources(before: Policy, after: Policy) -> Iterator[Change]:
    for key, category in after.categories.items():
        old = before.categories.get(key)
        if old is not None and old.examples != category.examples:
            yield Change(Kind.EXAMPLES_CHANGED, f"categories.{key}.examples")
        for name in category.elements:
            ref = f"{key}.{name}"
            if not before.elements(ref):
                continue
            path, using = f"categories.{key}.elements.{name}", _using(after, ref)
            was, now = before.source(ref), after.source(ref)
            if was != now:
                yield from _for_each(before, after, Kind.SOURCE_CHANGED, path, using, was, now)
            special = after.special(ref)
            if special and special != before.special(ref):
                yield from _for_each(before, after, Kind.SPECIAL_ADDED, path, using, before.special(ref) or "", special)


def _recipients(before: Policy, after: Policy) -> Iterator[Change]:
    """Changes of recipients that receive before and after; who is new to a purpose is a change of the purpose."""
    for key, one in after.recipients.items():
        old = before.recipients.get(key)
        using = [name for name in after.purposes if key in receivers(after, name)]
        if old is None:
            if not using:
                yield Change(Kind.RECIPIENT_ADDED, f"recipients.{key}", None, (), (key,))
            continue
        common = [name for name in using if name in before.purposes and key in receivers(before, name)]
        for what, was, now in (
            ("name", old.name, one.name), ("role", old.role, one.role), ("location", old.location, one.location),
        ):  # fmt: skip
            if was != now:
                path = f"recipients.{key}.{what}"
                yield from _for_each(before, after, Kind.RECIPIENT_CHANGED, path, common, was or "", now or "")
        had = {ref for given in old.receives for ref in before.elements(given)}
        for ref in dict.fromkeys(ref for given in one.receives for ref in after.elements(given)):
            if ref not in had:
                path = f"recipients.{key}.receives"
                yield from _for_each(before, after, Kind.RECIPIENT_CHANGED, path, common, "", ref)
    for key in before.recipients:
        if key not in after.recipients and not any(key in receivers(before, name) for name in before.purposes):
            yield Change(Kind.RECIPIENT_REMOVED, f"recipients.{key}", None, (key,), ())


def _transfers(before: Policy, after: Policy) -> Iterator[Change]:
    for key, one in after.transfers.items():
        if is_eea(one.country):
            continue
        old = before.transfers.get(key)
        path = f"transfers.{key}"
        through = {name for name, recipient in after.recipients.items() if recipient.transfer == key}
        using = [name for name in after.purposes if through & set(receivers(after, name))]
        if old is None or is_eea(old.country):
            yield from _for_each(before, after, Kind.TRANSFER_ADDED, path, using, "", one.country)
            continue
        for what in ("country", "ground", "certified", "module", "authorised"):
            was, now = str(getattr(old, what) or ""), str(getattr(one, what) or "")
            if was != now:
                yield from _for_each(before, after, Kind.TRANSFER_CHANGED, f"{path}.{what}", using, was, now)
    for key, old in before.transfers.items():
        if key not in after.transfers and not is_eea(old.country):
            yield Change(Kind.TRANSFER_REMOVED, f"transfers.{key}", None, (old.country,), ())


def _trackers(before: Policy, after: Policy) -> Iterator[Change]:
    for key, one in after.trackers.items():
        old = before.trackers.get(key)
        using = [one.purpose] if one.purpose in after.purposes and one.purpose is not None else []
        if old is None:
            yield from _for_each(before, after, Kind.TRACKER_ADDED, f"trackers.{key}", using, "", one.kind)
            continue
        for what, was, now in _tracking(old, one):
            yield from _for_each(before, after, Kind.TRACKER_CHANGED, f"trackers.{key}.{what}", using, was, now)
    for key, old in before.trackers.items():
        if key not in after.trackers:
            yield Change(Kind.TRACKER_REMOVED, f"trackers.{key}", None, (old.kind,), ())


def _tracking(old: Tracker, new: Tracker) -> Iterator[tuple[str, str, str]]:
    """Yield what of a tracker changed for the worse: it stays longer, is read by another, waits for consent no more."""
    if old.lasts != new.lasts and (new.lasts is None or (old.lasts is not None and longer(new.lasts, old.lasts))):
        yield "lasts", str(old.lasts or ""), str(new.lasts or "")
    for what in ("kind", "purpose", "party"):
        if getattr(old, what) != getattr(new, what):
            yield what, str(getattr(old, what) or ""), str(getattr(new, what) or "")
    waits = (old.consent and not old.necessary, new.consent and not new.necessary)
    if waits == (True, False):
        yield "consent", "after consent", "without consent"


def _organisation(before: Policy, after: Policy) -> Iterator[Change]:
    old, new = before.organisation, after.organisation
    for what in ("name", "company_number", "country"):
        was, now = getattr(old, what), getattr(new, what)
        if was != now:
            path = f"organisation.{what}"
            yield from _for_each(before, after, Kind.CONTROLLER_CHANGED, path, [*after.purposes], was or "", now or "")
    for what in ("address", "representative"):
        if getattr(old, what) != getattr(new, what):
            yield Change(
                Kind.CONTACT_CHANGED, f"organisation.{what}", None, _of(getattr(old, what)), _of(getattr(new, what))
            )
    for what, was, now in _reached(old.contact, new.contact):
        yield Change(Kind.CONTACT_CHANGED, f"organisation.contact.{what}", None, was, now)
    if old.authority != new.authority:
        yield Change(Kind.AUTHORITY_CHANGED, "organisation.authority", None, (old.authority,), (new.authority,))
    if _officer(old) != _officer(new):
        was, now = (one.officer.name if one.officer else None for one in (old, new))
        yield Change(Kind.OFFICER_CHANGED, "organisation.officer", None, _of(was), _of(now))


def _officer(organisation: Organisation) -> tuple[str | None, bool, Contact] | None:
    found = organisation.officer
    return (found.name, found.none_because is None, found.contact) if found is not None else None


def _of(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _reached(old: Contact, new: Contact) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    for what in ("email", "phone", "fax", "url", "address"):
        was, now = getattr(old, what), getattr(new, what)
        if was != now:
            yield what, _of(was), _of(now)


def _rights(before: Policy, after: Policy) -> Iterator[Change]:
    old, new = before.rights or Rights(), after.rights or Rights()
    for what, had, has in (("offered", old.offered, new.offered), ("ways", old.ways, new.ways)):
        for name in had:
            if name not in has:
                yield Change(Kind.RIGHT_REMOVED, f"rights.{what}", None, (name,), ())
        for name in has:
            if name not in had:
                yield Change(Kind.RIGHT_ADDED, f"rights.{what}", None, (), (name,))
    for what, free in (("identity", "proportionate"), ("form", "free"), ("optout", "free")):
        was, now = getattr(old, what), getattr(new, what)
        if was != now:
            kind = Kind.RIGHT_ADDED if now == free else Kind.RIGHT_REMOVED
            yield Change(kind, f"rights.{what}", None, (was,), (now,))
    if old.url != new.url:
        yield Change(Kind.CONTACT_CHANGED, "rights.url", None, _of(old.url), _of(new.url))


def _protection(before: Policy, after: Policy) -> Iterator[Change]:
    for key in before.safeguards:
        if key not in after.safeguards:
            yield Change(Kind.SAFEGUARD_REMOVED, f"safeguards.{key}", None, (key,), ())
    for key, site in after.links.items():
        old = before.links.get(key)
        if old is None or (site.embedded and not old.embedded) or site.url != old.url:
            yield Change(Kind.SITE_ADDED, f"links.{key}", None, (), _of(site.url))
    for language in before.languages:
        if language not in after.languages:
            yield Change(Kind.LANGUAGE_REMOVED, "languages", None, (language,), ())

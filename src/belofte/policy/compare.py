"""What changed in meaning from one policy to the next: not words, but what is done, with what, for whom, how long.

Pure, and in the policy's order. The same policy twice gives nothing; titles and explanations in other words give
nothing either, save where the words themselves count: an interest and its balance, what must be given, examples of
data, a promise. `policy.change` says what follows, `policy.no_change` which fields give nothing, and why.
"""

from __future__ import annotations

from collections.abc import Iterator

from belofte.policy.change import Change, Kind
from belofte.policy.compare_purposes import longer, purposes
from belofte.policy.compare_said import notices, organisation, promises, published, rights
from belofte.policy.compare_shared import recipients, transfers
from belofte.policy.concerned import each, kinds, of, reworded, using
from belofte.policy.model import Policy, Tracker


def compare(before: Policy, after: Policy) -> list[Change]:
    """Return every change in meaning, the purposes first."""
    parts = (
        purposes, _sources, recipients, transfers, _trackers, _departments, organisation, rights, promises, published,
        _protection, notices,
    )  # fmt: skip
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


def _sources(before: Policy, after: Policy) -> Iterator[Change]:
    """What the data is, and who it comes from; that a purpose uses more or less of it is a change of the purpose."""
    for key, category in after.categories.items():
        old = before.categories.get(key)
        if old is None:
            continue
        if reworded(old.examples, category.examples):
            yield Change(Kind.EXAMPLES_CHANGED, f"categories.{key}.examples")
        refs = [ref for ref in after.elements(key) if before.elements(ref)]
        theirs = [ref for ref in refs if after.source(ref) == "third-party"]
        if theirs and reworded(old.origin, category.origin):
            needing = list(dict.fromkeys(name for ref in theirs for name in using(after, ref)))
            yield from each(before, after, Kind.SOURCE_CHANGED, f"categories.{key}.origin", needing, "", "")
        for ref in refs:
            yield from _element(before, after, ref)


def _element(before: Policy, after: Policy, ref: str) -> Iterator[Change]:
    category, _, name = ref.partition(".")
    path, needing = f"categories.{category}.elements.{name}", using(after, ref)
    if before.element(ref).term != after.element(ref).term:
        yield from each(before, after, Kind.DATA_ADDED, f"{path}.term", needing, before.element(ref).term, ref)
    was, now = before.source(ref), after.source(ref)
    if was != now:
        yield from each(before, after, Kind.SOURCE_CHANGED, path, needing, was, now)
    was_special, special = before.special(ref), after.special(ref)
    if was_special != special:
        kind = Kind.SPECIAL_ADDED if special else Kind.SPECIAL_REMOVED
        yield from each(before, after, kind, path, needing, was_special or "", special or "")


def _trackers(before: Policy, after: Policy) -> Iterator[Change]:
    for key, one in after.trackers.items():
        old = before.trackers.get(key)
        serving = [one.purpose] if one.purpose in after.purposes and one.purpose is not None else []
        if old is None:
            yield from each(before, after, Kind.TRACKER_ADDED, f"trackers.{key}", serving, "", one.kind)
            continue
        for what, was, now in _tracking(old, one):
            yield from each(before, after, Kind.TRACKER_CHANGED, f"trackers.{key}.{what}", serving, was, now)
        for what, was, now in _less(old, one):
            yield from each(before, after, Kind.TRACKER_LESS, f"trackers.{key}.{what}", serving, was, now)
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
    if _waits(old) and not _waits(new):
        yield "consent", "after consent", "without consent"
    if old.refusable == "banner" and new.refusable != "banner":
        yield "refusable", old.refusable, new.refusable


def _waits(tracker: Tracker) -> bool:
    return tracker.consent and not tracker.necessary


def _less(old: Tracker, new: Tracker) -> Iterator[tuple[str, str, str]]:
    """Yield what of a tracker changed for the better."""
    if new.lasts is not None and (old.lasts is None or longer(old.lasts, new.lasts)):
        yield "lasts", str(old.lasts or ""), str(new.lasts)
    if _waits(new) and not _waits(old):
        yield "consent", "without consent", "after consent"
    if new.refusable == "banner" and old.refusable != "banner":
        yield "refusable", old.refusable, new.refusable


def _departments(before: Policy, after: Policy) -> Iterator[Change]:
    """For which purposes the people of a department work, for them or no longer."""
    had, has = (
        {(key, name) for key, one in policy.departments.items() for name in one.purposes} for policy in (before, after)
    )
    for kind, found in ((Kind.DEPARTMENT_ADDED, has - had), (Kind.DEPARTMENT_REMOVED, had - has)):
        for key, name in sorted(found):
            people = kinds(after.purposes[name]) if name in after.purposes else ()
            was, now = ((), (name,)) if kind is Kind.DEPARTMENT_ADDED else ((name,), ())
            yield Change(kind, f"departments.{key}.purposes", name, was, now, people)


def _protection(before: Policy, after: Policy) -> Iterator[Change]:
    """Measures of protection, pages of others, the languages of the notice."""
    had, has = before.safeguards, after.safeguards
    yield from _listed(Kind.SAFEGUARD_ADDED, Kind.SAFEGUARD_REMOVED, "safeguards.{}", [*had], [*has])
    for key, site in after.links.items():
        old = before.links.get(key)
        if old is None or (site.embedded and not old.embedded) or site.url != old.url:
            yield Change(Kind.SITE_ADDED, f"links.{key}", None, (), of(site.url))
        elif old.embedded and not site.embedded:
            yield Change(Kind.SITE_REMOVED, f"links.{key}.embedded", None, of(site.url), ())
    for key, gone in before.links.items():
        if key not in after.links:
            yield Change(Kind.SITE_REMOVED, f"links.{key}", None, of(gone.url), ())
    spoke, speaks = [str(one) for one in before.languages], [str(one) for one in after.languages]
    yield from _listed(Kind.LANGUAGE_ADDED, Kind.LANGUAGE_REMOVED, "languages", spoke, speaks)


def _listed(added: Kind, gone: Kind, path: str, had: list[str], has: list[str]) -> Iterator[Change]:
    for one in had:
        if one not in has:
            yield Change(gone, path.format(one), None, (one,), ())
    for one in has:
        if one not in had:
            yield Change(added, path.format(one), None, (), (one,))

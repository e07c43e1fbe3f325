"""Changes of the policy as people read them: one sentence each, of what they are to be told before it holds."""

from __future__ import annotations

from collections.abc import Iterable

from belofte.notices import vocabulary
from belofte.notices.frame import retention
from belofte.notices.telling import Telling
from belofte.notices.words import mark
from belofte.policy.change import Change, Kind

SENTENCES = {
    Kind.AUTOMATED_ADDED: mark("%(what)s: a computer decides here, or makes a profile of you."),
    Kind.BASIS_CHANGED: mark("%(what)s: something else lets us do this: %(after)s."),
    Kind.CHANNEL_ADDED: mark("%(what)s: we may reach you in another way too: %(after)s."),
    Kind.CONTROLLER_CHANGED: mark("Another company decides about your data: %(after)s."),
    Kind.DATA_ADDED: mark("%(what)s: we use more data for this: %(after)s."),
    Kind.INTEREST_CHANGED: mark("%(what)s: our interest is now: %(after)s."),
    Kind.MARKETING_ADDED: mark("%(what)s: this is now advertising. You may say no at any time."),
    Kind.MASK_REMOVED: mark("%(what)s: those who work on it see this whole: %(after)s."),
    Kind.PEOPLE_ADDED: mark("%(what)s: this is now also about: %(after)s."),
    Kind.PURPOSE_ADDED: mark("New: %(what)s. %(after)s."),
    Kind.RECIPIENT_ADDED: mark("%(what)s: someone else receives data for this: %(after)s."),
    Kind.RECIPIENT_CHANGED: mark("%(what)s: what this recipient is or receives changes: %(after)s."),
    Kind.REQUIRED_CHANGED: mark("%(what)s: what it means not to give us data changes. From now on: %(after)s"),
    Kind.RIGHT_REMOVED: mark("How you can ask us something changes. The notice says how."),
    Kind.SOFT_OPT_IN_ADDED: mark("%(what)s: as our customer you get this without asking. You may say no at any time."),
    Kind.SOURCE_CHANGED: mark("%(what)s: this data comes from elsewhere: %(after)s."),
    Kind.SPECIAL_ADDED: mark("%(what)s: we use sensitive data for this."),
    Kind.TERM_CHANGED: mark("%(what)s: how long we keep data changes. Before: %(before)s. From now on: %(after)s."),
    Kind.TERM_LONGER: mark("%(what)s: we keep data longer. Before: %(before)s. From now on: %(after)s."),
    Kind.TRACKER_ADDED: mark("Something more is stored on your device: %(after)s."),
    Kind.TRACKER_CHANGED: mark("Something stored on your device changes: %(after)s."),
    Kind.TRANSFER_ADDED: mark("%(what)s: data goes outside the European Economic Area: %(after)s."),
    Kind.TRANSFER_CHANGED: mark(
        "%(what)s: how data is protected outside the European Economic Area changes: %(after)s."
    ),
}
"""Every kind of change that people are told."""


def sentences(before: Telling, after: Telling, changes: Iterable[Change]) -> list[str]:
    """Return the sentences of the changes that people are told, in their order, each once."""
    told = (change for change in changes if change.told)
    return list(dict.fromkeys(_sentence(before, after, change) for change in told))


def _sentence(before: Telling, after: Telling, change: Change) -> str:
    what = after.policy.purposes[change.purpose].title.of(after.language) if change.purpose else after.say("Our policy")
    message = SENTENCES[change.kind]
    if "%(" not in message:
        return after.say(message)
    values = {"what": what, "before": "", "after": ", ".join(_after(after, change))}
    if change.kind in (Kind.TERM_CHANGED, Kind.TERM_LONGER) and change.purpose:
        values["before"] = retention(before.policy, before.language, before.policy.purposes[change.purpose])
    return after.say(message, **values)


def _after(told: Telling, change: Change) -> list[str]:
    """Return what is new, in words: data, recipients, countries, bases, kinds of people, a term."""
    policy, language = told.policy, told.language
    purpose = policy.purposes[change.purpose] if change.purpose else None
    key = change.path.split(".")[1] if "." in change.path else ""
    if change.kind in (Kind.TERM_CHANGED, Kind.TERM_LONGER) and purpose is not None:
        return [retention(policy, language, purpose)]
    if change.kind is Kind.INTEREST_CHANGED and purpose is not None and purpose.interest is not None:
        return [purpose.interest.of(language)]
    if change.kind is Kind.REQUIRED_CHANGED and purpose is not None and purpose.required is not None:
        return [purpose.required.of(language)]
    if change.kind is Kind.PURPOSE_ADDED and purpose is not None:
        return [told.say(vocabulary.BASIS[basis]) for basis in purpose.bases(None)]
    if change.kind is Kind.BASIS_CHANGED:
        return [told.say(vocabulary.BASIS[basis]) for basis in change.after]
    if change.kind is Kind.PEOPLE_ADDED:
        return [told.kinds([one for one in change.after if one in policy.people])]
    if change.kind in (Kind.DATA_ADDED, Kind.MASK_REMOVED):
        return [told.element(ref) for ref in change.after]
    if change.kind is Kind.SOURCE_CHANGED:
        return [told.element(f"{key}.{change.path.split('.')[3]}")]
    if change.kind in (Kind.RECIPIENT_ADDED, Kind.RECIPIENT_CHANGED):
        keys = change.after if change.kind is Kind.RECIPIENT_ADDED else (key,)
        return [policy.recipients[one].name or policy.recipients[one].title.of(language) for one in keys]
    if change.kind in (Kind.TRACKER_ADDED, Kind.TRACKER_CHANGED):
        return [policy.trackers[key].title.of(language)]
    if change.kind in (Kind.TRANSFER_ADDED, Kind.TRANSFER_CHANGED):
        return [told.words.country(policy.transfers[key].country)]
    if change.kind is Kind.CONTROLLER_CHANGED:
        return [policy.organisation.name]
    if change.kind is Kind.CHANNEL_ADDED:
        return [told.say(vocabulary.CHANNEL[one]) if one in vocabulary.CHANNEL else one for one in change.after]
    return list(change.after)

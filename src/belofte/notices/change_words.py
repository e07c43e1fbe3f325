"""Changes of the policy as people read them: one sentence each, of what they are to be told before it holds."""

from __future__ import annotations

from collections.abc import Iterable

from belofte.notices import vocabulary
from belofte.notices.frame import retention
from belofte.notices.telling import Telling
from belofte.notices.words import mark
from belofte.policy.change import Change, Kind
from belofte.policy.model import Rights

SENTENCES = {
    Kind.ARRANGEMENT_CHANGED: mark("We agreed otherwise with a company that decides with us: %(after)s."),
    Kind.AUTOMATED_ADDED: mark("%(what)s: a computer decides here, or makes a profile of you."),
    Kind.AUTOMATED_CHANGED: mark("%(what)s: how a computer works here, or what follows for you, changes."),
    Kind.BASIS_CHANGED: mark("%(what)s: something else lets us do this: %(after)s."),
    Kind.CHANNEL_ADDED: mark("%(what)s: we may reach you in another way too: %(after)s."),
    Kind.COMPATIBLE_ADDED: mark("%(what)s: data that you gave us for something else serves this too."),
    Kind.COMPLAINT_TERM_LONGER: mark(
        "We take longer to answer a complaint. Before: %(before)s. From now on: %(after)s."
    ),
    Kind.CONSENT_SINCE_CHANGED: mark("%(what)s: a consent that you gave before %(after)s no longer counts."),
    Kind.CONTROLLER_CHANGED: mark("Another company decides about your data: %(after)s."),
    Kind.DATA_ADDED: mark("%(what)s: we use more data for this: %(after)s."),
    Kind.INTEREST_CHANGED: mark("%(what)s: our interest is now: %(after)s."),
    Kind.MARKETING_ADDED: mark("%(what)s: this is now advertising. You may say no at any time."),
    Kind.MASK_REMOVED: mark("%(what)s: those who work on it see this whole: %(after)s."),
    Kind.OBJECTION_HARDER: mark("%(what)s: if you object, we first weigh it. Before, your objection was enough."),
    Kind.PEOPLE_ADDED: mark("%(what)s: this is now also about: %(after)s."),
    Kind.PROMISE_CHANGED: mark("What we promise changes. Before: %(before)s From now on: %(after)s"),
    Kind.PROMISE_REMOVED: mark("We no longer promise this: %(before)s"),
    Kind.PURPOSE_ADDED: mark("New: %(what)s. %(after)s."),
    Kind.PURPOSE_CHANGED: mark("%(what)s: we do this for another reason than before."),
    Kind.RECIPIENT_ADDED: mark("%(what)s: someone else receives data for this: %(after)s."),
    Kind.RECIPIENT_CHANGED: mark("%(what)s: what this recipient is or receives changes: %(after)s."),
    Kind.REQUIRED_CHANGED: mark("%(what)s: what it means not to give us data changes. From now on: %(after)s"),
    Kind.RIGHT_REMOVED: mark("How you can ask us something changes. The notice says how."),
    Kind.SOFT_OPT_IN_ADDED: mark("%(what)s: as our customer you get this without asking. You may say no at any time."),
    Kind.SOURCE_CHANGED: mark("%(what)s: this data comes from elsewhere: %(after)s."),
    Kind.SPECIAL_ADDED: mark("%(what)s: we use sensitive data for this."),
    Kind.TERM_CHANGED: mark("%(what)s: how long we keep data changes. Before: %(before)s. From now on: %(after)s."),
    Kind.TERM_LONGER: mark("%(what)s: we keep data longer. Before: %(before)s. From now on: %(after)s."),
    Kind.TEXT_LOOSER: mark("Our policy leaves us more room than before. Read the notice."),
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
    what = _what(after, change)
    message = SENTENCES[change.kind]
    if "%(" not in message:
        return after.say(message)
    told = {"what": what, "before": ", ".join(_before(before, change)), "after": ", ".join(_after(after, change))}
    return after.say(message, **told)


def _what(told: Telling, change: Change) -> str:
    """Return what a change is about, in words: a purpose, complaints, or the policy as a whole."""
    if change.purpose is not None:
        return told.policy.purposes[change.purpose].title.of(told.language)
    return told.say("Complaints to us") if change.path.startswith("rights.complaints") else told.say("Our policy")


def _before(told: Telling, change: Change) -> list[str]:
    """Return what was, in words: a term, a promise."""
    if change.kind in _TERMS:
        return [_term(told, change)]
    if change.kind in (Kind.PROMISE_CHANGED, Kind.PROMISE_REMOVED):
        return [_promise(told, change)]
    return list(change.before)


_TERMS = (Kind.TERM_CHANGED, Kind.TERM_LONGER, Kind.COMPLAINT_TERM_LONGER)


def _term(told: Telling, change: Change) -> str:
    """Return a term in words: of a purpose, or of complaints."""
    if change.purpose is not None:
        return retention(told.policy, told.language, told.policy.purposes[change.purpose])
    complaints = (told.policy.rights or Rights()).complaints
    return told.words.period(complaints.within if change.kind is Kind.COMPLAINT_TERM_LONGER else complaints.keep)


def _promise(told: Telling, change: Change) -> str:
    name = change.path.removeprefix("promises.")
    return next(one.text.of(told.language) for one in told.policy.promises if one.id == name)


def _after(told: Telling, change: Change) -> list[str]:
    """Return what is new, in words: data, recipients, countries, bases, kinds of people, a term."""
    policy, language = told.policy, told.language
    purpose = policy.purposes[change.purpose] if change.purpose else None
    key = change.path.split(".")[1] if "." in change.path else ""
    if change.kind in _TERMS:
        return [_term(told, change)]
    if change.kind is Kind.PROMISE_CHANGED:
        return [_promise(told, change)]
    if change.kind is Kind.CONSENT_SINCE_CHANGED and purpose is not None and purpose.consent_since is not None:
        return [told.words.day(purpose.consent_since)]
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
        element = change.path.split(".")[3:]
        return [told.element(f"{key}.{element[0]}" if element else key)]
    if change.kind in (Kind.RECIPIENT_ADDED, Kind.RECIPIENT_CHANGED, Kind.ARRANGEMENT_CHANGED):
        keys = change.after if change.kind is Kind.RECIPIENT_ADDED else (key,)
        return [policy.recipients[one].name or policy.recipients[one].title.of(language) for one in keys]
    if change.kind in (Kind.TRACKER_ADDED, Kind.TRACKER_CHANGED):
        return [policy.trackers[key].title.of(language)]
    if change.kind in (Kind.TRANSFER_ADDED, Kind.TRANSFER_CHANGED):
        transfer = policy.recipients[key].transfer if change.path.startswith("recipients.") else key
        return [told.words.country(policy.transfers[transfer or key].country)]
    if change.path == "organisation.group":
        return list(change.after)
    if change.kind is Kind.CONTROLLER_CHANGED:
        return [policy.organisation.name]
    if change.kind is Kind.CHANNEL_ADDED:
        return [told.say(vocabulary.CHANNEL[one]) if one in vocabulary.CHANNEL else one for one in change.after]
    return list(change.after)

"""What a policy refers to is declared: categories and elements, kinds of people, recipients, transfers, terms.

One small generator per part of the policy; each yields the problems it finds, with what there is to choose from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from belofte.policy.model import Basis, Policy
from belofte.policy.problems import Problem, choice, listed, nearest, quoted
from belofte.policy.promise import ABOUT, Means, Promise
from belofte.policy.rules import RULES
from belofte.policy.source import Places
from belofte.policy.terms import mistake
from belofte.policy.texts import texts

LANGUAGES = ("nl", "fr", "en", "de")


def references(policy: Policy, places: Places) -> list[Problem]:
    """Return every reference of the policy to something that it does not declare."""
    parts = (_categories, _purposes, _departments, _recipients, _trackers, _notices, _promises, _languages)
    return [problem for part in parts for problem in part(policy, places)]


def element_problem(policy: Policy, ref: str, path: str, places: Places) -> Iterator[Problem]:
    """Yield the problem of a reference to a category or element that the policy does not declare."""
    category, _, element = ref.partition(".")
    found = policy.categories.get(category)
    if found is None:
        advice = choice("the policy declares", category, policy.categories)
        yield Problem(places.at(path), f"unknown category {quoted(category)}", advice)
    elif element and element not in found.elements:
        advice = choice(f"`{category}` has", element, found.elements)
        yield Problem(places.at(path), f"unknown element {quoted(ref)}", advice)


def named(
    places: Places,
    path: str,
    names: Iterable[str],
    known: Collection[str],
    what: str,
    lead: str = "the policy declares",
) -> Iterator[Problem]:
    """Yield a problem for each of the `names`, listed at `path`, that is not among the `known`."""
    for index, name in enumerate(names):
        if name not in known:
            at = places.at(f"{path}.{index}")
            yield Problem(at, f"unknown {what} {quoted(name)}", choice(lead, name, known))


def _one(places: Places, path: str, name: str | None, known: Collection[str], what: str) -> Iterator[Problem]:
    if name is not None and name not in known:
        yield Problem(places.at(path), f"unknown {what} {quoted(name)}", choice("the policy declares", name, known))


def _categories(policy: Policy, places: Places) -> Iterator[Problem]:
    for category, held in policy.categories.items():
        for name, element in held.elements.items():
            path = f"categories.{category}.elements.{name}"
            wrong = mistake(element.term, "personal data")
            if wrong:
                at = places.values.get(f"{path}.term") or places.at(path)
                yield Problem(at, f"unknown term {quoted(element.term)}", wrong)


def _purposes(policy: Policy, places: Places) -> Iterator[Problem]:
    for name, purpose in policy.purposes.items():
        path = f"purposes.{name}"
        for index, ref in enumerate(purpose.uses):
            yield from element_problem(policy, ref, f"{path}.uses.{index}", places)
        for channel, ref in purpose.channels.items():
            yield from element_problem(policy, ref, f"{path}.channels.{channel}", places)
        yield from _masked(policy, name, places)
        if not isinstance(purpose.basis, Basis):
            for basis, kinds in purpose.basis.items():
                yield from named(places, f"{path}.basis.{basis}", kinds, policy.people, "kind of people")
        yield from named(places, f"{path}.recipients", purpose.recipients, policy.recipients, "recipient")
        yield from named(places, f"{path}.safeguards", purpose.safeguards, policy.safeguards, "safeguard")
        if purpose.purpose is not None and (wrong := mistake(purpose.purpose, "purpose")):
            yield Problem(places.at(f"{path}.purpose"), f"unknown term {quoted(purpose.purpose)}", wrong)
        if purpose.after is not None and purpose.keep is None:
            advice = f"add how long: `keep: P7Y` (counted from {quoted(purpose.after)})"
            yield Problem(places.at(f"{path}.after"), f"`{path}` has a trigger and no term", advice)
        if purpose.keep is not None and purpose.after is None:
            advice = "add `after:` with the fact that the term counts from: `after: invoice.issued_at`"
            yield Problem(places.at(f"{path}.keep"), f"`{path}` has a term and no trigger", advice)


def _masked(policy: Policy, name: str, places: Places) -> Iterator[Problem]:
    """What a purpose masks is what it uses, and no channel reaches people by a masked value."""
    purpose, path = policy.purposes[name], f"purposes.{name}.masked"
    uses = {element for ref in purpose.uses for element in policy.elements(ref)}
    reached = {element for ref in purpose.channels.values() for element in policy.elements(ref)}
    for ref in purpose.masked:
        elements, at = policy.elements(ref), f"{path}.{ref}"
        yield from element_problem(policy, ref, at, places)
        if reached & set(elements):
            what = f"{quoted(name)} reaches people by {quoted(ref)} and sees it masked"
            yield Problem(places.key(at), what, "take it out of `channels`, or out of `masked`")
        elif elements and not uses & set(elements):
            yield Problem(places.key(at), f"{quoted(name)} does not use {quoted(ref)}", "only what it uses is masked")


def _departments(policy: Policy, places: Places) -> Iterator[Problem]:
    for name, department in policy.departments.items():
        yield from named(places, f"departments.{name}.purposes", department.purposes, policy.purposes, "purpose")


def _recipients(policy: Policy, places: Places) -> Iterator[Problem]:
    for name, recipient in policy.recipients.items():
        path = f"recipients.{name}"
        for index, ref in enumerate(recipient.receives):
            yield from element_problem(policy, ref, f"{path}.receives.{index}", places)
        yield from named(places, f"{path}.purposes", recipient.purposes, policy.purposes, "purpose")
        yield from _one(places, f"{path}.transfer", recipient.transfer, policy.transfers, "transfer")


def _trackers(policy: Policy, places: Places) -> Iterator[Problem]:
    for name, tracker in policy.trackers.items():
        yield from _one(places, f"trackers.{name}.purpose", tracker.purpose, policy.purposes, "purpose")


def _notices(policy: Policy, places: Places) -> Iterator[Problem]:
    """A notice may name a purpose that is gone since; one that looks like a purpose of today is a slip."""
    for name, notice in policy.notices.items():
        for index, purpose in enumerate(notice.purposes or []):
            if purpose not in policy.purposes and (near := nearest(purpose, policy.purposes)):
                at = places.at(f"notices.{name}.purposes.{index}")
                yield Problem(at, f"unknown purpose {quoted(purpose)}", near)


def _promises(policy: Policy, places: Places) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for index, promise in enumerate(policy.promises):
        path = f"promises.{index}"
        if promise.id in first:
            advice = f"it is already at {places.at(first[promise.id])}: give each promise an id of its own"
            yield Problem(places.at(f"{path}.id"), f"the promise {quoted(promise.id)} is made twice", advice)
        first.setdefault(promise.id, f"{path}.id")
        yield from _held(promise, path, places)
        yield from named(places, f"{path}.purposes", promise.purposes, policy.purposes, "purpose")
        yield from named(places, f"{path}.recipients", promise.recipients, policy.recipients, "recipient")
        yield from named(places, f"{path}.rules", promise.rules, RULES, "rule", "`belofte check` knows")


def _held(promise: Promise, path: str, places: Places) -> Iterator[Problem]:
    """Yield what the way in which a promise is held lacks, or has too much."""
    says = f"the promise {quoted(promise.id)} is {promise.holds}"
    for holds, kind in (("enforced", "mechanism"), ("proven", "proof")):
        if promise.holds == holds and all(ABOUT[one].kind != kind for one in promise.by):
            offer = listed(f"`{one}`" for one in Means if ABOUT[one].kind == kind)
            yield Problem(places.at(f"{path}.holds"), f"{says} and names no {kind}", f"add `by:` with one of {offer}")
    for index, one in enumerate(promise.by):
        if promise.holds == "proven" and ABOUT[one].kind == "mechanism":
            what = f"{says} and names the mechanism {quoted(one)}"
            yield Problem(places.at(f"{path}.by.{index}"), what, "write `holds: enforced`, or name proofs only")
    yield from _worded(promise, path, places, says)


def _worded(promise: Promise, path: str, places: Places, says: str) -> Iterator[Problem]:
    """Yield what the attestation of a promise, or the words for its absence, lack or have too much."""
    if promise.holds == "attested" and promise.attestation is None:
        advice = "add `attestation: {owner: …, evidence: …, sha256: …, expires: …}`"
        yield Problem(places.at(f"{path}.holds"), f"{says} and nobody attests to it", advice)
    elif promise.holds != "attested" and promise.attestation is not None and Means.READERS not in promise.by:
        advice = "write `holds: attested`, or take `attestation` out: only `readers` has accounts to answer for"
        yield Problem(places.key(f"{path}.attestation"), f"{says} and has an attestation", advice)
    if promise.holds == "planned" and promise.by:
        advice = "take `by` out, or say that it is enforced or proven"
        yield Problem(places.key(f"{path}.by"), f"{says} and names what holds it", advice)
    if promise.holds != "planned" and promise.lacks is not None:
        advice = "write `holds: planned`, or take `lacks` out"
        yield Problem(places.key(f"{path}.lacks"), f"{says} and lacks something", advice)
    if promise.rules and Means.CHECK not in promise.by:
        what = f"the promise {quoted(promise.id)} names rules and does not rest on `check`"
        yield Problem(places.key(f"{path}.rules"), what, "add `check` to `by`, or take `rules` out")


def _languages(policy: Policy, places: Places) -> Iterator[Problem]:
    for index, language in enumerate(policy.languages):
        if language in policy.languages[:index]:
            yield Problem(places.at(f"languages.{index}"), f"the language {quoted(language)} stands here twice", "")
    for path, text in texts(policy):
        for tongue, words in text.root.items():
            if tongue not in (*LANGUAGES, "*"):
                advice = f"a text is written in one of: {listed(LANGUAGES)}"
                yield Problem(places.key(f"{path}.{tongue}"), f"unknown language {quoted(tongue)}", advice)
            elif not words.strip():
                yield Problem(places.at(f"{path}.{tongue}"), f"`{path}` has no words", "write them, or leave it out")

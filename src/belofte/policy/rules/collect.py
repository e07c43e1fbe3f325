"""What is collected, and how (GDPR art. 5(1)(c), 9, 10, 13, 14; ePrivacy art. 5(3); Act of 30 July 2018 art. 10/2)."""

from __future__ import annotations

import re
from datetime import date

from belofte.policy.findings import Hits
from belofte.policy.model import Policy, Tracker
from belofte.policy.rules.rule import Rule, has_basis, said
from belofte.policy.terms import OFFENCES, SPECIAL, short
from belofte.policy.uses import used

_LIFESTYLE = re.compile(
    r"life[ _-]?style|levensstijl|style[ _-]de[ _-]vie|mode[ _-]de[ _-]vie|lebensstil", re.IGNORECASE
)


def special(policy: Policy, ref: str) -> str:
    """Return in a word why an element is special-category data (art. 9) or on offences (art. 10), "" when it is not."""
    declared = policy.special(ref)
    if declared:
        return declared
    term = short(policy.element(ref).term).partition(":")[2]
    if term in OFFENCES:
        return "offences"
    return term if term in SPECIAL else ""


def _suggestive(policy: Policy, ref: str) -> bool:
    """Return whether an inferred element can reveal a special category by what it is about (C-184/20)."""
    element = policy.element(ref)
    category = policy.categories[ref.partition(".")[0]]
    words = [ref, *(element.title.root.values() if element.title else ()), *category.title.root.values()]
    return policy.source(ref) == "inferred" and any(_LIFESTYLE.search(word) for word in words)


def _elements(policy: Policy) -> list[str]:
    return [f"{category}.{name}" for category, held in policy.categories.items() for name in held.elements]


def _path(ref: str) -> str:
    category, _, name = ref.partition(".")
    return f"categories.{category}.elements.{name}"


def _open(policy: Policy, today: date) -> Hits:
    yield from said("published.categories_open", policy.published.categories_open, "further data may be collected")


def _undeclared(policy: Policy, today: date) -> Hits:
    for index, what in enumerate(policy.published.undeclared):
        yield f"published.undeclared.{index}", f"the text uses `{what}` and declares it in no category"
    for name, purpose in policy.purposes.items():
        if not used(policy, purpose):
            yield f"purposes.{name}", f"`{name}` uses no category of data"


def _unused(policy: Policy, today: date) -> Hits:
    needed = {ref for purpose in policy.purposes.values() for ref in used(policy, purpose)}
    for category, held in policy.categories.items():
        idle = [name for name in held.elements if f"{category}.{name}" not in needed]
        if len(idle) == len(held.elements):
            yield f"categories.{category}", f"no purpose uses `{category}`: nothing justifies holding it"
        else:
            for name in idle:
                ref = f"{category}.{name}"
                yield _path(ref), f"no purpose uses `{ref}`: nothing justifies holding it"


def _origin(policy: Policy, today: date) -> Hits:
    for category, held in policy.categories.items():
        foreign = held.source == "third-party" or any(e.source == "third-party" for e in held.elements.values())
        if foreign and held.origin is None:
            yield f"categories.{category}", f"`{category}` comes from others, and from whom is not said"


def _negation(policy: Policy, today: date) -> Hits:
    if not policy.published.no_special:
        return
    for ref in _elements(policy):
        kind = special(policy, ref)
        if kind:
            yield _path(ref), f"the text says that no special-category data is processed, and `{ref}` is ({kind})"
        elif _suggestive(policy, ref):
            yield (
                _path(ref),
                f"the text says that no special-category data is processed; `{ref}`, inferred, can reveal it",
            )


def _ungrounded(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        if purpose.special_ground is not None:
            continue
        found = [ref for ref in used(policy, purpose) if special(policy, ref)]
        if found:
            yield (
                f"purposes.{name}",
                f"`{name}` uses `{found[0]}` ({special(policy, found[0])}) without a ground of its own",
            )


def _on_device(policy: Policy) -> list[tuple[str, Tracker]]:
    return [(name, tracker) for name, tracker in policy.trackers.items() if not tracker.necessary]


def _without_consent(policy: Policy, tracker: Tracker) -> bool:
    if not tracker.consent:
        return True
    purpose = policy.purposes.get(tracker.purpose) if tracker.purpose else None
    return purpose is not None and any(basis.value != "consent" for basis in purpose.bases(None))


def _cookie(policy: Policy, today: date) -> Hits:
    for name, tracker in _on_device(policy):
        if tracker.kind not in ("pixel", "link") and _without_consent(policy, tracker):
            yield f"trackers.{name}", f"`{name}` is stored or read on a person's device without her consent"


def _pixel(policy: Policy, today: date) -> Hits:
    for name, tracker in _on_device(policy):
        if tracker.kind in ("pixel", "link") and _without_consent(policy, tracker):
            yield f"trackers.{name}", f"`{name}` follows what a person opens without her consent"
    asked = any(t.kind in ("pixel", "link") and not _without_consent(policy, t) for _, t in _on_device(policy))
    unasked = policy.published.email_opens_tracked and not asked
    yield from said("published.email_opens_tracked", unasked, "opened e-mails are tracked without consent")


def _browser(policy: Policy, today: date) -> Hits:
    for name, tracker in _on_device(policy):
        if tracker.refusable == "browser-only":
            yield f"trackers.{name}", f"`{name}` can be refused in the browser's settings only"


def _lasts(policy: Policy, today: date) -> Hits:
    for name, tracker in _on_device(policy):
        if tracker.lasts is None:
            yield f"trackers.{name}", f"how long `{name}` stays on the device is not said"


def _embedded(policy: Policy, today: date) -> Hits:
    known = set(policy.recipients)
    known |= {recipient.name for recipient in policy.recipients.values() if recipient.name}
    for name, tracker in _on_device(policy):
        if tracker.kind == "embed" and (tracker.party is None or tracker.party not in known):
            who = f"`{tracker.party}`" if tracker.party else "somebody unnamed"
            yield (
                f"trackers.{name}",
                f"`{name}` lets {who} collect data on your page, and is no recipient of the policy",
            )


def _party(policy: Policy, today: date) -> Hits:
    for name, tracker in _on_device(policy):
        purpose = policy.purposes.get(tracker.purpose) if tracker.purpose else None
        if purpose is None:
            yield f"trackers.{name}", f"what `{name}` is for is not said"
        elif not has_basis(purpose, "consent") and tracker.consent:
            yield f"trackers.{name}", f"`{name}` asks consent for `{tracker.purpose}`, which does not rest on consent"


RULES = (
    Rule(
        "CATEGORY_OPEN",
        "error",
        "art. 5(1)(c), 13(1)(c), 14(1)(d)",
        "list the data completely, and drop `published.categories_open`",
        _open,
    ),
    Rule(
        "CATEGORY_UNDECLARED",
        "error",
        "art. 5(1)(c), 14(1)(d)",
        "declare the data under `categories` and name it in `uses`, or stop using it",
        _undeclared,
    ),
    Rule(
        "CATEGORY_UNUSED",
        "warning",
        "art. 5(1)(b)-(c), 6(1)",
        "name it in the `uses` of the purpose that needs it, or remove it (a sweep would remove the data)",
        _unused,
    ),
    Rule(
        "SOURCE_MISSING",
        "error",
        "art. 14(2)(f), 15(1)(g)",
        "say in `origin` from whom the data comes and whether that source is public",
        _origin,
    ),
    Rule(
        "NEGATION_CONTRADICTED",
        "error",
        "art. 5(1)(a), 9(1); C-184/20",
        "stop holding or inferring it, or declare it with its ground and drop `published.no_special`",
        _negation,
    ),
    Rule(
        "SPECIAL_UNGROUNDED",
        "error",
        "art. 9(2), 10; Act of 30 July 2018 art. 8-10",
        "name the ground in `special_ground` (`9(2)(a)` explicit consent, `9(2)(f)` claims, …), or do not use the data",
        _ungrounded,
    ),
    Rule(
        "COOKIE_LI",
        "error",
        "ePrivacy art. 5(3); Act of 30 July 2018 art. 10/2; C-673/17",
        "ask first: `consent: true` for a purpose with `basis: consent`; `necessary: true` if the service needs it",
        _cookie,
    ),
    Rule(
        "PIXEL_NO_CONSENT",
        "error",
        "ePrivacy art. 5(3); EDPB 2/2023",
        "ask consent for measuring openings and clicks, apart from the newsletter itself, or drop the pixel",
        _pixel,
    ),
    Rule(
        "COOKIE_BROWSER_ONLY",
        "error",
        "art. 4(11), 7(3); GBA checklist of 20-10-2023",
        "offer refusing beside accepting, on the same layer: `refusable: banner`",
        _browser,
    ),
    Rule("TRACKER_TERM_MISSING", "warning", "art. 13(2)(a); C-673/17 §81", "add `lasts: P13M` or shorter", _lasts),
    Rule(
        "TRACKER_PURPOSE",
        "warning",
        "art. 5(1)(b), 7; ePrivacy art. 5(3)",
        "name the purpose, one that rests on consent",
        _party,
    ),
    Rule(
        "JOINT_EMBED",
        "error",
        "art. 26; C-40/17, C-210/16",
        "declare it as recipient (`role: joint-controller`, with its `arrangement`) and name it in `party`",
        _embedded,
    ),
)

"""What a privacy notice must say and this policy does not (GDPR art. 12-14, 21(4), 26(2); LAW §2.8): where to write it.

The checklist is `law.notice`'s; which of its items are due follows from the policy. A notice without one is not made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from belofte.datamap.model import DataMap
from belofte.law.adequacy import is_eea
from belofte.law.authorities import AUTHORITIES
from belofte.law.notice import Situation, due
from belofte.policy.model import Basis, Policy
from belofte.policy.receiving import served
from belofte.policy.texts import untranslated


class Unsaid(NamedTuple):
    """An item of the checklist that is not said: its code and article, the path to write at, and what to write."""

    code: str
    article: str
    path: str
    what: str
    mend: str


Hits = Iterator[tuple[str, str, str]]
"""Path, what is missing, what to write there."""


def situation(policy: Policy, maps: Mapping[str, DataMap]) -> Situation:
    """Return what is true of the processing, as the checklist asks it."""
    bases = {basis for one in policy.purposes.values() for basis in one.bases(None)}
    marketing = any(one.direct_marketing for one in policy.purposes.values())
    sources = {policy.source(ref) for key in policy.categories for ref in policy.elements(key)}
    places = [one.location for one in policy.recipients.values() if one.location]
    places += [one.location for one in maps.values()]
    return Situation(
        direct=True,
        indirect="third-party" in sources,
        officer=None,
        legitimate_interest=Basis.LEGITIMATE_INTEREST in bases,
        recipients=bool(policy.recipients),
        transfers=bool(policy.transfers) or any(not is_eea(country) for country in places),
        consent=Basis.CONSENT in bases,
        objection=marketing or bool(bases & {Basis.LEGITIMATE_INTEREST, Basis.PUBLIC_TASK}),
        joint=any(one.role == "joint-controller" for one in policy.recipients.values()),
        new_purpose=False,
    )


def unsaid(policy: Policy, languages: list[str], maps: Mapping[str, DataMap] | None = None) -> list[Unsaid]:
    """Return everything that the notice in `languages` must say and the policy does not, in the checklist's order.

    Raises `KeyError` where an item of the checklist is due that nothing here looks for.
    """
    stores = maps or {}
    found = []
    for item in due(situation(policy, stores)):
        article = item.direct or item.indirect or ""
        look = LOOKS[item.code]
        hits = _language(policy, languages) if look is None else look(policy, stores)
        found += [Unsaid(item.code, article, *hit) for hit in hits]
    return found


def _controller(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    who = policy.organisation
    if not who.address:
        yield "organisation", "the controller has no postal address", "add `address:`"
    if not any((who.contact.email, who.contact.phone, who.contact.url)):
        yield "organisation", "the controller has no e-mail, phone or page", "add `contact:` with one of them"
    if who.country == "BE" and not who.company_number:
        yield "organisation", "the company number is not stated (WER XII.6)", "add `company_number:`"
    if not is_eea(who.country) and not who.representative:
        yield "organisation", "a controller outside the EEA has no representative", "add `representative:` (art. 27)"


def _officer(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    officer = policy.organisation.officer
    if officer is None:
        yield "organisation", "an officer is neither named nor ruled out", "add `officer:`, or in it `none_because:`"
    elif officer.none_because is None and not any(
        (officer.contact.email, officer.contact.phone, officer.contact.address, officer.contact.url)
    ):
        yield "organisation.officer", "the officer cannot be reached", "add `contact:` with an address"


def _bases(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    if not policy.purposes:
        yield "", "no purpose is declared", "add `purposes:`"
    for name, one in policy.purposes.items():
        if not one.bases(None):
            yield f"purposes.{name}", f"`{name}` has no legal basis", "add `basis:`"
        if Basis.LEGAL_OBLIGATION in one.bases(None) and not one.law:
            yield f"purposes.{name}", f"`{name}` does not name the law that obliges", "add `law:`"


def _interests(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    for name, one in policy.purposes.items():
        if Basis.LEGITIMATE_INTEREST in one.bases(None) and one.interest is None:
            yield f"purposes.{name}", f"`{name}` does not name its interest", "add `interest:`"


def _data(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    if not policy.categories:
        yield "", "no category of data is declared", "add `categories:`"
    for key, one in policy.categories.items():
        wordless = [name for name, element in one.elements.items() if element.title is None]
        if wordless:
            listed = ", ".join(f"`{name}`" for name in wordless)
            yield f"categories.{key}", f"people have no words for {listed}", "add `title:` to each"


def _recipients(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    for key in policy.recipients:
        if not served(policy, key):
            yield f"recipients.{key}", f"`{key}` receives data for no purpose", "add `purposes:`"


def _transfers(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    for key, one in policy.transfers.items():
        if not is_eea(one.country) and one.ground in ("scc", "bcr", "ad-hoc", "certification") and not one.copy_at:
            yield f"transfers.{key}", f"`{key}` does not say where to get a copy of the safeguards", "add `copy_at:`"
    for key, recipient in policy.recipients.items():
        if recipient.location and not is_eea(recipient.location) and recipient.transfer is None:
            yield f"recipients.{key}", f"`{key}` is outside the EEA without a transfer", "add `transfer:`"
    for key, store in maps.items():
        if store.role != "processor" and not is_eea(store.location) and store.transfer is None:
            yield "transfers", f"store `{key}` is outside the EEA without a transfer", "add `transfer:` to its map"


def _retention(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    for name, one in policy.purposes.items():
        ends_by_itself = one.bases(None) == [Basis.CONSENT] or one.direct_marketing
        if one.keep is None and one.while_ is None and not ends_by_itself:
            yield (
                f"purposes.{name}",
                f"`{name}` says neither how long nor until when",
                "add `keep:` and `after:`, or `while:`",
            )
        for fact in (one.after, one.while_):
            if fact is not None and fact not in policy.facts:
                yield f"purposes.{name}", f"people have no words for `{fact}`", f"add `facts: {{{fact}: …}}`"
    for key, tracker in policy.trackers.items():
        if tracker.lasts is None:
            yield f"trackers.{key}", f"`{key}` does not say how long it stays (C-673/17)", "add `lasts:`"


def _rights(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    if not ((policy.rights and policy.rights.url) or policy.organisation.contact.email):
        yield "rights" if policy.rights else "", "there is no link to ask at", "add `url:` to `rights`"


def _authority(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    if policy.organisation.authority not in AUTHORITIES:
        known = ", ".join(f"`{one}`" for one in sorted(AUTHORITIES))
        yield "organisation.authority", "the authority is not known here", f"write one of {known}"


def _required(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    for name, one in policy.purposes.items():
        if Basis.CONTRACT in one.bases(None) and one.required is None:
            what = f"`{name}` rests on a contract and does not say what follows if data is not given"
            yield f"purposes.{name}", what, "add `required:`"


def _automated(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    if all(one.automated is None for one in policy.purposes.values()):
        yield (
            "purposes",
            "whether a computer decides or makes profiles is not said",
            "add `automated: {}` where none does",
        )
    for name, one in policy.purposes.items():
        told = one.automated
        if told is not None and (told.decision or told.profiling) and not (told.logic and told.consequences):
            yield f"purposes.{name}.automated", f"`{name}` does not say how it works and what it means", (
                "add `logic:` and `consequences:`"
            )  # fmt: skip


def _sources(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    for key, one in policy.categories.items():
        others = any(policy.source(ref) == "third-party" for ref in policy.elements(key))
        if others and one.origin is None:
            yield f"categories.{key}", f"`{key}` does not say from whom it comes, public or not", "add `origin:`"


def _joint(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    for key, one in policy.recipients.items():
        if one.role == "joint-controller" and one.arrangement is None:
            yield f"recipients.{key}", f"what was agreed with `{key}` is not said", "add `arrangement:`"


def _said(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    """What every notice says by itself."""
    yield from ()


def _language(policy: Policy, languages: list[str]) -> Hits:
    if policy.version is None:
        yield "", "the policy has no version and no day", "add `version: {id: …, from: …}`"
    elif policy.version.changes is None and any(one.from_ < policy.version.from_ for one in policy.notices.values()):
        yield "version", "what changed since the version before is not said", "add `changes:`"
    for path, lacking in untranslated(policy):
        without = [language for language in languages if language in lacking]
        if without and _read(path):
            yield path, f"no words in {', '.join(without)}", "add them: `{nl: …, fr: …, en: …}`"


def _read(path: str) -> bool:
    """Return whether people read a text in the notice: not what the company keeps for itself, nor its promises."""
    return path.partition(".")[0] not in ("promises", "departments") and path.rpartition(".")[2] not in (
        "balancing", "compelling", "soft_opt_in", "assessment", "evidence",
    )  # fmt: skip


LOOKS: Mapping[str, Callable[[Policy, Mapping[str, DataMap]], Hits] | None] = {
    "N01": _controller, "N02": _officer, "N03": _bases, "N04": _interests, "N05": _data, "N06": _recipients,
    "N07": _transfers, "N08": _retention, "N09": _rights, "N10": _said, "N11": _authority, "N12": _required,
    "N13": _automated, "N14": _sources, "N15": _said, "N17": None, "N18": _said, "N19": _joint,
}  # fmt: skip
"""What looks for each item; None: the language of the notice, which depends on the languages asked."""

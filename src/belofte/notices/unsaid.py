"""What a privacy notice must say and this policy does not (GDPR art. 12-14, 21(4), 26(2); LAW §2.8): where to write it.

The checklist is `law.notice`'s; which of its items are due follows from the policy. What the rules of `check` see is
theirs; what only a notice needs is looked for here. A notice without an item is not made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from belofte.datamap.model import DataMap
from belofte.law.adequacy import is_eea
from belofte.law.notice import Situation, due
from belofte.policy.model import Basis, Policy
from belofte.policy.rules import RULES
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


def unsaid(
    policy: Policy, languages: list[str], maps: Mapping[str, DataMap] | None = None, *, on: date
) -> list[Unsaid]:  # fmt: skip
    """Return everything that the notice in `languages` must say and the policy does not, in the checklist's order.

    Raises `KeyError` where an item of the checklist is due that nothing here looks for.
    """
    stores = maps or {}
    found = []
    for item in due(situation(policy, stores)):
        article = item.direct or item.indirect or ""
        rules, own = LOOKS[item.code]
        hits = [(path, what, RULES[rule].mend) for rule in rules for path, what in RULES[rule].find(policy, on)]
        hits += own(policy, stores)
        if item.code == LANGUAGE:
            hits += _wordless(policy, languages)
        found += [Unsaid(item.code, article, *hit) for hit in hits]
    return found


def _nothing(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    """What the rules of `check` see already, or what every notice says by itself."""
    yield from ()


def _purposes(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    if not policy.purposes:
        yield "", "no purpose is declared", "add `purposes:`"


def _data(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    if not policy.categories:
        yield "", "no category of data is declared", "add `categories:`"
    for key, one in policy.categories.items():
        wordless = [name for name, element in one.elements.items() if element.title is None]
        if wordless:
            listed = ", ".join(f"`{name}`" for name in wordless)
            yield f"categories.{key}", f"people have no words for {listed}", "add `title:` to each"


def _stores(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    for key, store in maps.items():
        if store.role != "processor" and not is_eea(store.location) and store.transfer is None:
            yield "transfers", f"store `{key}` is outside the EEA without a transfer", "add `transfer:` to its map"


def _facts(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    for name, one in policy.purposes.items():
        for key, fact in (("after", one.after), ("while", one.while_)):
            if fact is not None and fact not in policy.facts:
                what = f"people cannot read what `{fact}` is: it has no words in `facts`"
                yield f"purposes.{name}.{key}", what, RULES["TRIGGER_WORDLESS"].mend


def _link(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    if not ((policy.rights and policy.rights.url) or policy.organisation.contact.email):
        yield "rights" if policy.rights else "", "there is no link to ask at", "add `url:` to `rights`"


def _required(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    for name, one in policy.purposes.items():
        if Basis.CONTRACT in one.bases(None) and one.required is None:
            what = f"`{name}` rests on a contract and does not say what follows if data is not given"
            yield f"purposes.{name}", what, "add `required:`"


def _changes(policy: Policy, maps: Mapping[str, DataMap]) -> Hits:
    version = policy.version
    if version and version.changes is None and any(one.from_ < version.from_ for one in policy.notices.values()):
        yield "version", "what changed since the version before is not said", "add `changes:`"


def _wordless(policy: Policy, languages: list[str]) -> Hits:
    for path, lacking in untranslated(policy):
        without = [language for language in languages if language in lacking]
        if without and _read(path):
            yield path, f"no words in {', '.join(without)}", RULES["LANG_MISSING"].mend


def _read(path: str) -> bool:
    """Return whether people read a text in the notice: not what the company keeps for itself, nor its promises."""
    return path.partition(".")[0] not in ("promises", "departments") and path.rpartition(".")[2] not in (
        "balancing", "compelling", "soft_opt_in", "assessment", "evidence",
    )  # fmt: skip


LANGUAGE = "N17"
"""The item that depends on the languages asked."""

LOOKS: Mapping[str, tuple[tuple[str, ...], Callable[[Policy, Mapping[str, DataMap]], Hits]]] = {
    "N01": (("CONTROLLER_UNCLEAR", "COMPANY_NUMBER_MISSING"), _nothing),
    "N02": (("DPO_SILENT",), _nothing),
    "N03": (("BASIS_MISSING", "LAW_UNNAMED", "PURPOSE_OPEN"), _purposes),
    "N04": (("LI_UNNAMED",), _nothing),
    "N05": (("CATEGORY_OPEN",), _data),
    "N06": (("RECIPIENT_AIMLESS",), _nothing),
    "N07": (("TRANSFER_UNGROUNDED", "TRANSFER_VAGUE"), _stores),
    "N08": (
        ("RETENTION_MISSING", "RETENTION_VAGUE", "CONTRACT_ENDLESS", "TRACKER_TERM_MISSING"),
        _facts,
    ),
    "N09": ((), _link),
    "N10": ((), _nothing),
    "N11": (("AUTHORITY_UNKNOWN",), _nothing),
    "N12": ((), _required),
    "N13": (("ADM_SILENT", "ADM_UNSAFE"), _nothing),
    "N14": (("SOURCE_MISSING",), _nothing),
    "N15": ((), _nothing),
    "N17": (("VERSION_MISSING",), _changes),
    "N18": ((), _nothing),
    "N19": (("JOINT_UNSTATED",), _nothing),
}
"""For each item, the rules of `check` that see it missing, and what looks for what only a notice needs."""

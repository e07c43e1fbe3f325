"""The impact assessment of a purpose (GDPR art. 35(7)), prefilled from the policy and the maps; what people must write
themselves is marked. So are the balancing test of a purpose (art. 6(1)(f)) and the attestations of the policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from belofte.datamap.model import DataMap
from belofte.law.dpia import Assessment, Trigger, assessment
from belofte.notices.document import Document, Facts, Run, Section
from belofte.notices.impact_words import FACTS, PARTS, SAID, TITLES
from belofte.notices.record import Entry, record
from belofte.notices.words import words_of
from belofte.policy.impact import facts
from belofte.policy.model import Basis, Policy
from belofte.policy.receiving import receivers

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """What an assessment is told with: the purpose, its entry in the record, its triggers, how many people."""

    policy: Policy
    language: str
    on: date
    name: str
    entry: Entry
    found: Assessment
    people: int | None

    def lines(self, code: str) -> str:
        """Return an entry of the record in one line; a gap where it says nothing."""
        return "; ".join(self.entry.lines[code]) or SAID["none"].of(self.language)

    @property
    def gap(self) -> str:
        """What people must write themselves."""
        return SAID["gap"].of(self.language)


def told(
    policy: Policy, maps: Mapping[str, DataMap], name: str, language: str, on: date, people: int | None
) -> Told:  # fmt: skip
    """Return what is known of a purpose for its assessment."""
    entries = {one.id: one for one in record(policy, maps, language, on).activities}
    return Told(policy, language, on, name, entries[name], assessment(facts(policy, name, people)), people)


def triggers(found: tuple[Trigger, ...], language: str) -> str:
    """Return triggers in words, each with where it stands."""
    return "; ".join(f"{one.words.of(language)} ({one.article})" for one in found) or SAID["none"].of(language)


def verdict(found: Assessment, language: str) -> str:
    """Return whether an assessment is due, in words."""
    return SAID["unknown" if found.due is None else "due" if found.due else "not-due"].of(language)


def outline(one: Told) -> Document:
    """Return the assessment, in the order of the EDPB's template."""
    language = one.language
    sections = (
        _section("0", language, _overview(one)),
        Section("part-1", PARTS["1"].of(language), (), tuple(_description(one))),
        _section("2", language, _compliance(one)),
        _section("3", language, (("necessary", one.gap), ("minimal", one.lines("data")), ("lighter", one.gap))),
        _section("4", language, (
            ("risk", one.gap), ("security", one.lines("measures")), ("plan", one.gap), ("residual", one.gap),
        )),
        _section("5", language, (("officer", _officer(one)), ("views", one.gap))),
        _section("6", language, (("decision", one.gap), ("approved", one.gap), ("review", one.gap))),
    )  # fmt: skip
    purpose = one.policy.purposes[one.name]
    return Document(
        language, one.policy.organisation.name, f"{TITLES['impact'].of(language)}: {purpose.title.of(language)}",
        words_of(language).day(one.on), sections,
    )  # fmt: skip


def _section(part: str, language: str, rows: Rows) -> Section:
    return Section(f"part-{part.replace('.', '-')}", PARTS[part].of(language), (_facts(language, rows),))


def _facts(language: str, rows: Rows) -> Facts:
    shown: tuple[tuple[str, Run], ...] = tuple((FACTS[code].of(language), (text,)) for code, text in rows)
    return Facts(shown)


def _overview(one: Told) -> Rows:
    policy, language = one.policy, one.language
    named = [policy.recipients[key] for key in receivers(policy, one.name)]
    processors = [r.name or r.title.of(language) for r in named if r.role == "processor"]
    return (
        ("controller", policy.organisation.name),
        ("processors", "; ".join(processors) or SAID["none"].of(language)),
        ("name", one.lines("activity")),
        ("planning", one.gap),
        ("team", one.gap),
        ("due", verdict(one.found, language)),
        ("reasons", triggers(one.found.triggers, language)),
        ("open", triggers(one.found.unknown, language)),
    )


def _description(one: Told) -> Iterator[Section]:
    language, purpose = one.language, one.policy.purposes[one.name]
    counted = words_of(language).number(one.people) if one.people is not None else SAID["not-counted"].of(language)
    later = purpose.compatible.because.of(language) if purpose.compatible else SAID["none"].of(language)
    yield _section("1.1", language, (
        ("data", one.lines("data")), ("special", one.lines("special")), ("people", one.lines("people")),
        ("number", counted), ("purpose", one.lines("purpose")), ("later", later),
    ))  # fmt: skip
    yield _section("1.2", language, (
        ("collected", one.lines("source")), ("used", one.lines("departments")), ("shared", one.lines("recipients")),
        ("abroad", one.lines("transfers")), ("kept", one.lines("term")), ("erased", SAID["by-view"].of(language)),
    ))  # fmt: skip
    yield _section("1.3", language, (("systems", one.lines("stores")),))


def _compliance(one: Told) -> Rows:
    language, purpose = one.language, one.policy.purposes[one.name]
    rights = one.policy.rights
    found = [("basis", one.lines("basis"))]
    if Basis.LEGITIMATE_INTEREST in purpose.bases(None):
        found.append(("balancing", purpose.balancing.of(language) if purpose.balancing else one.gap))
    named = "; ".join(rights.offered) if rights is not None else ""
    return (
        *found,
        ("minimal", SAID["by-view"].of(language)),
        ("kept", one.lines("term")),
        ("rights", (rights.url if rights is not None else None) or named or one.gap),
        ("automated", one.lines("automated")),
        ("security", one.lines("measures")),
    )


def _officer(one: Told) -> str:
    officer = one.policy.organisation.officer
    if officer is not None and officer.none_because is not None:
        return officer.none_because.of(one.language)
    return f"{officer.name}: {one.gap}" if officer is not None and officer.name else one.gap


def balancing(one: Told) -> Document:
    """Return the balancing test of a purpose that rests on an interest: what is written, and what is to be."""
    language, purpose = one.language, one.policy.purposes[one.name]
    marketing = "objection-always" if purpose.direct_marketing else "objection-weighed"
    rows: Rows = (
        ("interest", purpose.interest.of(language) if purpose.interest else one.gap),
        ("people", one.lines("people")),
        ("data", one.lines("data")),
        ("necessary", one.gap),
        ("lighter", one.gap),
        ("kept", one.lines("term")),
        ("expects", one.gap),
        ("weighed", purpose.balancing.of(language) if purpose.balancing else one.gap),
        ("safeguards", one.lines("measures")),
        ("object", SAID[marketing].of(language)),
        ("outcome", one.gap),
        ("who", one.gap),
    )
    title = f"{TITLES['balancing'].of(language)}: {purpose.title.of(language)}"
    section = Section("test", TITLES["balancing"].of(language), (_facts(language, rows),))
    return Document(language, one.policy.organisation.name, title, words_of(language).day(one.on), (section,))


def attestations(policy: Policy, digests: Mapping[str, str | None], language: str, on: date) -> Document:
    """Return what people vouch for: whose word, on which file, until when, and whether it counts on a day.

    `digests`: the SHA-256 of each evidence file as it is now; None for one that is not there.
    """
    words = words_of(language)
    sections = []
    for one in policy.promises:
        word = one.attestation
        if word is None:
            continue
        state = "expired" if word.expires <= on else "valid" if digests.get(word.evidence) == word.sha256 else "changed"
        rows: Rows = (
            ("sentence", one.text.of(language)),
            ("owner", word.owner),
            ("evidence", word.evidence),
            ("digest", word.sha256),
            ("expires", words.day(word.expires)),
            ("state", SAID[state].of(language)),
        )
        sections.append(Section(f"promise-{one.id}", one.id, (_facts(language, rows),)))
    title = TITLES["attestations"].of(language)
    return Document(language, policy.organisation.name, title, words.day(on), tuple(sections))

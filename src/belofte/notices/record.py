"""The record of processing activities (GDPR art. 30): of the controller, 30(1), and of the processor, 30(2).

One entry per purpose of the policy, and one per store or table that is held for somebody else. An entry that the law
asks for and the policy does not say stands in the record as such, and is a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from belofte.datamap.model import About, DataMap
from belofte.law.adequacy import is_eea
from belofte.law.dpia import assessment
from belofte.law.rights import BASIS_ARTICLES
from belofte.notices.frame import authority_block, retention
from belofte.notices.record_words import ACTIVITY, BASIS, PROCESSOR, ROLE, SAID, SOURCE, WHO, Head
from belofte.notices.telling import Telling
from belofte.policy.impact import facts
from belofte.policy.model import Basis, Policy, Purpose
from belofte.policy.receiving import receivers
from belofte.policy.uses import used


@dataclass(frozen=True)
class Gap:
    """Something that art. 30 asks for and nobody says: where to write it."""

    article: str
    path: str
    what: str


@dataclass(frozen=True)
class Entry:
    """One entry of the record: its lines per head, in the order of the heads."""

    id: str
    lines: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Record:
    """The whole record in one language, with what is missing in it."""

    language: str
    name: str
    on: date
    who: Entry
    activities: tuple[Entry, ...]
    processing: tuple[Entry, ...]
    gaps: tuple[Gap, ...]


def record(policy: Policy, maps: Mapping[str, DataMap], language: str, on: date) -> Record:
    """Return the record as of a day."""
    told = Telling(policy, language, maps, on)
    who = Entry("who", dict(_who(told)))
    activities = tuple(Entry(name, dict(_activity(told, name))) for name in policy.purposes)
    processing = tuple(_processing(told))
    return Record(language, policy.organisation.name, on, who, activities, processing, tuple(_gaps(told, processing)))


def _who(told: Telling) -> Iterator[tuple[str, tuple[str, ...]]]:
    one, language = told.policy.organisation, told.language
    yield "controller", (one.name,)
    yield "number", _given(one.company_number)
    yield "contact", _given(one.address, one.contact.email, one.contact.phone, one.contact.url)
    yield "representative", _given(one.representative)
    joint = [r for r in told.policy.recipients.values() if r.role == "joint-controller"]
    yield "joint", tuple(r.name or r.title.of(language) for r in joint)
    officer = one.officer
    if officer is not None and officer.none_because is None:
        yield "officer", _given(officer.name, officer.contact.email, officer.contact.phone, officer.contact.address)
    else:
        why = officer.none_because.of(language) if officer is not None and officer.none_because else None
        yield "officer", _given(SAID["no-officer"].of(language), why)
    authority = authority_block(one.authority, language)
    yield "authority", _given(authority.name if authority else one.authority)
    version = told.policy.version
    yield "version", _given(f"{version.id}, {told.words.day(version.from_)}") if version else ()


def _activity(told: Telling, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    policy, language, purpose = told.policy, told.language, told.policy.purposes[name]
    elements = used(policy, purpose)
    yield "id", (name,)
    yield "activity", (purpose.title.of(language),)
    yield "purpose", _given(purpose.description.of(language) if purpose.description else purpose.title.of(language))
    yield "basis", tuple(_bases(told, purpose))
    yield "people", tuple(told.kinds([kind]) for kind in kinds(policy, told.maps, name))
    yield "data", tuple(_data(told, elements))
    yield "special", tuple(dict.fromkeys(s for one in elements if (s := policy.special(one))))
    sources = dict.fromkeys(policy.source(one) for one in elements)
    categories = [policy.categories[name] for name in dict.fromkeys(one.partition(".")[0] for one in elements)]
    told_by = [SOURCE[source].of(language) for source in sources]
    yield "source", (*told_by, *(one.origin.of(language) for one in categories if one.origin))
    yield "recipients", tuple(_recipient(told, one) for one in receivers(policy, name))
    yield "transfers", tuple(_transfers(told, name)) or (SAID["within"].of(language),)
    yield "term", (retention(policy, language, purpose),)
    chosen = purpose.safeguards or list(policy.safeguards)
    yield "measures", tuple(policy.safeguards[one].title.of(language) for one in chosen if one in policy.safeguards)
    yield "stores", tuple(stores(told.maps, elements))
    yield "departments", tuple(d.title.of(language) for d in policy.departments.values() if name in d.purposes)
    yield "automated", tuple(_automated(told, purpose))
    due = assessment(facts(policy, name)).due
    yield "impact", (SAID["unknown" if due is None else "due" if due else "not-due"].of(language),)


def _bases(told: Telling, purpose: Purpose) -> Iterator[str]:
    for basis, whom in told.bases(purpose):
        said = f"{BASIS[basis].of(told.language)} ({BASIS_ARTICLES[basis]})"
        if basis is Basis.LEGAL_OBLIGATION and purpose.law:
            said += f": {purpose.law}"
        if basis is Basis.LEGITIMATE_INTEREST and purpose.interest:
            said += f": {purpose.interest.of(told.language)}"
        yield f"{said} [{whom}]" if whom else said


def _data(told: Telling, elements: list[str]) -> Iterator[str]:
    grouped: dict[str, list[str]] = {}
    for one in elements:
        grouped.setdefault(one.partition(".")[0], []).append(told.element(one))
    for category, names in grouped.items():
        yield f"{told.element(category)}: {', '.join(dict.fromkeys(names))}"


def _recipient(told: Telling, name: str) -> str:
    one = told.policy.recipients[name]
    who = f"{one.title.of(told.language)}: {one.name}" if one.name else one.title.of(told.language)
    return f"{who} ({ROLE[one.role].of(told.language)})"


def _transfers(told: Telling, name: str) -> Iterator[str]:
    """Yield the transfers of a purpose: its recipients', and those of the stores that hold its data."""
    policy = told.policy
    elements = used(policy, policy.purposes[name])
    going = {one: policy.recipients[one].location for one in receivers(policy, name)}
    through = {one: policy.recipients[one].transfer for one in going}
    for store in stores(told.maps, elements):
        going[store], through[store] = told.maps[store].location, told.maps[store].transfer
    for one, country in going.items():
        if country is None or is_eea(country):
            continue
        transfer = policy.transfers.get(through[one] or "")
        ground = told.ground(transfer) if transfer else SAID["unsaid"].of(told.language)
        who = policy.recipients[one].name if one in policy.recipients else one
        yield f"{told.words.country(country)} ({who or one}): {ground}"


def _automated(told: Telling, purpose: Purpose) -> Iterator[str]:
    automated = purpose.automated
    if automated is None or not (automated.decision or automated.profiling):
        yield SAID["none"].of(told.language)
        return
    if automated.decision:
        yield SAID["decision"].of(told.language)
    if automated.profiling:
        yield SAID["profiling"].of(told.language)


def kinds(policy: Policy, maps: Mapping[str, DataMap], name: str) -> list[str]:
    """Return the kinds of people whom a purpose reaches: those of its bases, as far as the maps hold its data of them.

    Where a map leaves whom a table is about to the foreign keys, every kind of that store counts.
    """
    purpose = policy.purposes[name]
    possible = [kind for kind in policy.people if purpose.bases(kind)]
    elements, met = set(used(policy, purpose)), set[str]()
    for one in maps.values():
        for table, stated in one.tables.items():
            for column in stated.columns.values():
                if column.element in elements:
                    for entry in _whom(one, table, column.about):
                        met |= set(one.people[entry].kinds)
    return [kind for kind in possible if kind in met] or possible


def _whom(one: DataMap, table: str, about: About | None = None, depth: int = 5) -> set[str]:
    """Return the people entries that a table's rows are about, as far as the map says."""
    own = {key for key, entry in one.people.items() if entry.table == table}
    stated = one.tables.get(table)
    links = about if about is not None else stated.about if stated is not None else None
    if own and about is None:
        return own
    if links is None or depth == 0:
        return set(one.people)
    found: set[str] = set()
    for link in links:
        if link.of in one.people:
            found.add(link.of)
        elif link.of not in one.organisations:
            found |= _whom(one, link.of, None, depth - 1)
    return found


def stores(maps: Mapping[str, DataMap], elements: list[str]) -> list[str]:
    """Return the stores that hold one of these elements, by their maps."""
    wanted = set(elements)
    return [
        name
        for name, one in maps.items()
        if any(c.element in wanted for t in one.tables.values() for c in t.columns.values())
        or (one.manual is not None and wanted & set(one.manual.holds))
    ]


def _processing(told: Telling) -> Iterator[Entry]:
    """Yield an entry per store, or table of one, that is held for somebody else."""
    language, policy = told.language, told.policy
    for name, one in told.maps.items():
        if not one.passed_on and one.role != "processor":
            continue
        held = [c.element for t in one.passed_on if t in one.tables for c in one.tables[t].columns.values()]
        held += list(one.manual.holds) if one.manual is not None and one.role == "processor" else []
        data = dict.fromkeys(told.element(ref.partition(".")[0]) for ref in held if ref and policy.elements(ref))
        what = [f"{SAID['processing'].of(language)} {', '.join(data) or name}"]
        if not one.all_passed_on:
            what.append(f"{SAID['table'].of(language)}: {', '.join(one.passed_on)}")
        abroad = f"{told.words.country(one.location)}" if not is_eea(one.location) else SAID["within"].of(language)
        organisation = policy.organisation
        yield Entry(
            name,
            {
                "store": (name,),
                "controller": _given(one.controller) or (SAID["unsaid"].of(language),),
                "processor": _given(organisation.name, organisation.address, organisation.contact.email),
                "processing": tuple(what),
                "transfers": (abroad,),
                "measures": tuple(s.title.of(language) for s in policy.safeguards.values()),
            },
        )


def _gaps(told: Telling, processing: tuple[Entry, ...]) -> Iterator[Gap]:
    policy, one = told.policy, told.policy.organisation
    if not (one.address or one.contact.email or one.contact.phone or one.contact.address):
        yield Gap("30(1)(a)", "organisation", "how the controller is reached")
    for name, purpose in policy.purposes.items():
        path = f"purposes.{name}"
        if not used(policy, purpose):
            yield Gap("30(1)(c)", path, f"which data `{name}` uses")
        if not [kind for kind in policy.people if purpose.bases(kind)]:
            yield Gap("30(1)(c)", path, f"whose data `{name}` uses")
        if purpose.keep is None and purpose.while_ is None and purpose.bases(None) != [Basis.CONSENT]:
            yield Gap("30(1)(f)", path, f"how long `{name}` keeps data")
        for recipient in receivers(policy, name):
            found = policy.recipients[recipient]
            outside = found.location is not None and not is_eea(found.location)
            if outside and found.transfer not in policy.transfers:
                yield Gap("30(1)(e)", f"recipients.{recipient}", f"on what ground data goes to `{recipient}`")
    if policy.purposes and not policy.safeguards:
        yield Gap("30(1)(g)", "", "which measures protect the data (`safeguards`)")
    for entry in processing:
        if told.maps[entry.id].controller is None:
            yield Gap("30(2)(a)", "", f"for whom `{entry.id}` is processed (`controller` in its map)")


def _given(*values: str | None) -> tuple[str, ...]:
    return tuple(one for one in values if one)


HEADS: Mapping[str, Mapping[str, Head]] = {"who": WHO, "activities": ACTIVITY, "processing": PROCESSOR}

"""What Belofte's own registers hold of a person, in words for her: an answer to access leaves none of it out (art. 15).

Choices and disclosures have a place of their own in the answer. Where the company took up Belofte's own map (`init
--own`), its purposes and terms stand with each record, and the rows themselves come with the copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from belofte.choices.events import Event, Kind
from belofte.choices.subjects import events_of, known_by
from belofte.database import announcements, incidents, requests
from belofte.database import complaints as register
from belofte.database.complaints import Complaint
from belofte.database.disclosures import Disclosed, disclosures
from belofte.database.requests import Request
from belofte.database.sealed import Shredded, unsealed
from belofte.datamap.expression import parse
from belofte.datamap.identity import normalise
from belofte.incidents import complaints
from belofte.incidents.affected import people_of
from belofte.incidents.breach import Breach
from belofte.incidents.complaints import Said
from belofte.incidents.register import breach
from belofte.law.term import add, civil_day
from belofte.notices.answer import (
    ChoiceKind,
    ChoicePart,
    ChoiceState,
    Disclosure,
    RecordPart,
    RecordState,
    SaidKind,
    SaidPart,
)
from belofte.notices.complaint import OUTCOME
from belofte.notices.frame import element_title
from belofte.notices.mailing import ADDRESS
from belofte.notices.words import words_of
from belofte.policy.model import Policy
from belofte.rights.desk import Desk
from belofte.rights.intake import Intake
from belofte.sharing.recipients import Whose

SHOWN: Mapping[str, str] = {
    "complaint": "records", "complaint_subject": "records", "disclosure": "disclosures",
    "disclosure_person": "disclosures", "event": "choices", "request": "records", "request_subject": "records",
    "sealed": "records", "subject": "records", "subject_identifier": "records", "telling": "records",
}  # fmt: skip
"""The tables of Belofte's own map that are about people, and the part of an answer that has what they hold."""
LEFT_OUT: Mapping[str, str] = {
    "act": "repeats the rows that are shown, as evidence of them",
    "present": "follows from choices, and may be thrown away",
    "request_store": "how far a request is in each store: figures, and no word about her",
    "sealing_key": "opens what is sealed, which is shown",
    "subject_key": "digests of the keys of rows, which the copy has",
    "unsettled": "follows from choices, and may be thrown away",
}
"""Those that are in no part of their own, and why. The copy has their rows where the map is the company's."""

_STATES: Mapping[str, RecordState] = {
    "fulfilled": "answered", "refused": "refused", "answered": "answered", "requested": "requested"
}  # fmt: skip
_TOLD: Mapping[str, RecordState] = {"told": "told", "attempted": "attempted", "failed": "failed"}
_WORDS: tuple[SaidKind, ...] = ("nature", "consequences", "measures", "advice")


def records(desk: Desk, intake: Intake, about: Whose) -> Iterator[RecordPart]:
    """Yield her requests and complaints, what she was told of changes, open breaches with her, and how she is known."""
    language, subjects = intake.request.language, list(about.subjects)
    for request in requests.requests_of(desk.db, subjects):
        if request.id != intake.request.id:
            yield _request(desk, request)
    for one in register.of_people(desk.db, subjects):
        yield _complaint(desk, one, language, hers=set(register.subjects(desk.db, one.id)) <= set(subjects))
    for heard in announcements.heard(desk.db, subjects, [*about.rows, *_addresses(desk, intake)]):
        keep, until = _kept(desk, "telling", {"at": heard.at})
        said = _said(("note", heard.reason))
        yield RecordPart(
            "announcement", heard.short, _TOLD[heard.state], civil_day(heard.at), said=said, keep=keep, until=until
        )
    yield from _breaches(desk, intake)
    kinds, since = known_by(desk.db, subjects)
    if kinds:
        keep, until = _kept(desk, "subject", {"created_at": since})
        said = _said(("identifiers", ", ".join(kinds)))
        yield RecordPart("recognition", "", "kept", civil_day(since), said=said, keep=keep, until=until)


def _request(desk: Desk, one: Request) -> RecordPart:
    keep, until = _kept(desk, "request", {"closed_at": one.closed_at})
    said = _said(("identity", one.verified_by), ("extension", one.extended_because), ("note", one.reason))
    return RecordPart(
        "request", one.short, _STATES.get(one.state, "open"), civil_day(one.received_at), one.right, said,
        _day(one.closed_at), keep, until,
    )  # fmt: skip


def _complaint(desk: Desk, one: Complaint, language: str, *, hers: bool) -> RecordPart:
    """Return a complaint; what it says only where what was given with it leads to nobody else (art. 15(4))."""
    keep, until = _kept(desk, "complaint", {"closed_at": one.closed_at})
    sealed = complaints.said(desk.db, desk.key, one) if hers else Said(None, (), None)
    sort, _, name = (one.about or "").partition(":")
    purpose = desk.policy.purposes.get(name) if sort == "purpose" else None
    said = _said(
        ("about", (purpose.title.of(language) if purpose else name) if hers else None),
        ("words", sealed.words),
        ("outcome", words_of(language).say(OUTCOME[one.outcome]) if one.outcome and hers else None),
        ("answer", sealed.answer),
        ("withheld", None if hers else one.short),
    )
    return RecordPart(
        "complaint", one.short, _STATES.get(one.state, "open"), civil_day(one.received_at), None, said,
        _day(one.closed_at), keep, one.keep_until or until,
    )  # fmt: skip


def _breaches(desk: Desk, intake: Intake) -> Iterator[RecordPart]:
    """Yield the breaches that are not closed and whose sealed lists name her; after that nobody knows."""
    for incident in incidents.register(desk.db):
        one = breach(desk.db, incident)
        if one.state != "closed" and _touched(desk, intake, incident.id, one):
            told = one.words.get(intake.request.language)
            said = _said(*((name, getattr(told, name)) for name in _WORDS)) if told is not None else ()
            aware = one.facts.aware or one.recorded_at
            yield RecordPart("breach", one.short, "open", civil_day(aware), said=said)


def _addresses(desk: Desk, intake: Intake) -> Iterator[bytes]:
    """Yield the digests under which her addresses are told."""
    for word in sorted({word for person in intake.people for word in person.words}):
        normal = normalise(ADDRESS, word, desk.country)
        if normal is not None:
            yield desk.key.identifier(ADDRESS, normal)


def _touched(desk: Desk, intake: Intake, incident: UUID, one: Breach) -> bool:
    """Return whether she is among the people whose data it was, as far as they were counted and can be opened."""
    for store in one.affected:
        hers = {(entry, key) for entry, keys in intake.cohort(store).items() for key in keys}
        try:
            named = people_of(unsealed(desk.db, desk.key, incident, store)) if hers else {}
        except Shredded:
            continue
        if any((entry, key) in hers for entry, keys in named.items() for key in keys):
            return True
    return False


def _said(*parts: tuple[SaidKind, str | None]) -> tuple[SaidPart, ...]:
    return tuple(SaidPart(kind, text) for kind, text in parts if text)


def _day(moment: datetime | None) -> date | None:
    return civil_day(moment) if moment is not None else None


def _kept(desk: Desk, table: str, moments: Mapping[str, datetime | None]) -> tuple[tuple[str, ...], date | None]:
    """Return the purposes that keep a row of a table of ours by a term that begins on it, and the last day of these."""
    keep, ends = [], []
    for spec in desk.specs.values():
        mapped = spec.map.tables.get(table)
        if not spec.own or mapped is None:
            continue
        elements = {mapped.row, *(column.element for column in mapped.columns.values())}
        for name, purpose in desk.policy.purposes.items():
            fact = spec.map.facts.get(purpose.after or "")
            counted = parse(fact.is_) if fact is not None else None
            used = {element for ref in purpose.uses for element in desk.policy.elements(ref)}
            if counted is None or counted.table != table or not used & elements or purpose.keep is None:
                continue
            keep.append(name)
            moment = moments.get(counted.columns[0])
            ends.append(add(civil_day(moment), purpose.keep) if moment is not None else None)
    return tuple(keep), None if None in ends else max((end for end in ends if end is not None), default=None)


def received(desk: Desk, about: Whose, language: str) -> Iterator[Disclosure]:
    """Yield who received her data."""
    for one in disclosures(desk.db, about.subjects, about.rows):
        yield _disclosure(desk.policy, language, one)


def chosen(desk: Desk, about: Whose, language: str) -> Iterator[ChoicePart]:
    """Yield what she chose and what was decided about it."""
    for found in events_of(desk.db, about.subjects, desk.clock()).values():
        yield from (_choice(desk, event, language) for event in found)


def _disclosure(policy: Policy, language: str, one: Disclosed) -> Disclosure:
    """Return a disclosure as the answer names it: the recipient itself (C-154/21), not only its kind."""
    known = policy.recipients.get(one.recipient)
    titles = [policy.categories[c].title.of(language) if c in policy.categories else c for c in one.categories]
    return Disclosure(
        (known.name or known.title.of(language)) if known else one.recipient,
        one.disclosed_at.date(), ", ".join(titles), one.purpose, known.location if known else None,
    )  # fmt: skip


CHOICES: dict[Kind, tuple[ChoiceKind, ChoiceState]] = {
    Kind.CONSENT_GIVEN: ("consent", "in-force"),
    Kind.CONSENT_IMPORTED: ("taken-over", "in-force"),
    Kind.CONSENT_RELEASED: ("released", "in-force"),
    Kind.CONSENT_REFUSED: ("refusal", "in-force"),
    Kind.CONSENT_WITHDRAWN: ("withdrawal", "in-force"),
    Kind.OBJECTION_MADE: ("objection", "in-force"),
    Kind.OBJECTION_PENDING: ("objection", "pending"),
    Kind.OBJECTION_UPHELD: ("objection", "in-force"),
    Kind.OBJECTION_OVERRULED: ("objection", "refused"),
    Kind.OBJECTION_WITHDRAWN: ("objection-withdrawn", "in-force"),
    Kind.RESTRICTION_SET: ("restriction", "in-force"),
    Kind.RESTRICTION_LIFTED: ("lifting", "ended"),
    Kind.ERASURE_CLOSED: ("erasure", "in-force"),
    Kind.SALE_RECORDED: ("sale", "in-force"),
    Kind.HOLD_SET: ("hold", "in-force"),
    Kind.HOLD_LIFTED: ("hold-lifted", "ended"),
    Kind.DEATH_RECORDED: ("death", "in-force"),
    Kind.DEATH_CORRECTED: ("death-corrected", "in-force"),
}


def _choice(desk: Desk, event: Event, language: str) -> ChoicePart:
    kind, state = CHOICES[event.kind]
    about = tuple(_titles(desk, event, language))
    on: date = event.valid_from.date()
    return ChoicePart(kind, about, on, event.channel, event.valid_until.date() if event.valid_until else None, state)


def _titles(desk: Desk, event: Event, language: str) -> Iterator[str]:
    """Yield what a choice is about, in words; nothing when it is about everything."""
    if event.purpose is not None:
        purpose = desk.policy.purposes.get(event.purpose)
        yield purpose.title.of(language) if purpose else event.purpose
    if event.category is not None:
        key, _, element = event.category.partition(".")
        category = desk.policy.categories.get(key)
        if category is not None and element in category.elements:
            yield element_title(desk.policy, language, event.category)
        else:
            yield category.title.of(language) if category else event.category

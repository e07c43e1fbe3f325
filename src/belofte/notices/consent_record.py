"""Consent records and receipts: structured after ISO/IEC TS 27560 through the DPV profile (STANDARDS §1.1.2).

A record says what a person was told and what she chose since, event by event; a receipt is the record handed to her.
The person is in it under her random id only. Every field that the profile makes mandatory is there, also where the
policy says little; the JSON-LD is plain arrays, for the profile's own examples repeat keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from belofte.choices.events import Event, Kind, Origin
from belofte.datamap.model import DataMap
from belofte.notices.linked import AUTHORITY, CONTEXT, Node, controller, named, process
from belofte.notices.plain import Plain
from belofte.notices.record import stores
from belofte.policy.model import Policy
from belofte.policy.uses import used

SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#"
STATUS: Mapping[Kind, str] = {
    Kind.CONSENT_GIVEN: "dpv:ConsentGiven",
    Kind.CONSENT_IMPORTED: "dpv:ConsentUnknown",
    Kind.CONSENT_REFUSED: "dpv:ConsentRefused",
    Kind.CONSENT_RELEASED: "dpv:ConsentExpired",
    Kind.CONSENT_WITHDRAWN: "dpv:ConsentWithdrawn",
}
"""What each event of consent is in the vocabulary; those that are no choice about consent are in no record."""
RIGHTS = ("A7-3", "A13", "A15", "A16", "A17", "A18", "A20", "A22", "A77")
"""The rights that processing on consent gives (LAW §2.2)."""


def of_consent(events: Sequence[Event], purpose: str) -> list[Event]:
    """Return the events about consent to a purpose, in the order in which they hold."""
    found = [one for one in events if one.kind in STATUS and one.purpose in (purpose, None)]
    return sorted(found, key=lambda one: one.valid_from)


def record(
    policy: Policy, maps: Mapping[str, DataMap], subject: UUID, purpose: str, events: Sequence[Event], at: datetime
) -> Node:  # fmt: skip
    """Return the record of a person's consent to a purpose, as of a moment.

    `policy`: the one under which she was asked. `events`: hers about consent to this purpose (`of_consent`), at least
    one.
    """
    last = events[-1]
    language = str(last.evidence.get("language") or policy.languages[0])
    found: Node = {
        "@context": _context(language),
        "@id": f"urn:uuid:{identity(subject, purpose)}",
        "@type": ["dpv:ConsentRecord"],
        "dct:conformsTo": named(f"{SCHEMA}record-eu-gdpr"),
        "dct:identifier": str(identity(subject, purpose)),
        "dpv:hasIdentifier": str(identity(subject, purpose)),
        "dpv:hasDataSubject": {"@id": f"urn:uuid:{subject}", "@type": "dpv:DataSubject"},
        "dct:language": [language],
        "dpv:hasNotice": [_notice(policy, purpose, language, one) for one in _asked(events)],
        "dpv:hasDataController": [_controller(policy, language)],
        "dpv:hasProcess": [_process(policy, maps, purpose, language)],
        "dpv:hasConsentControl": [_control(policy)],
        "dpv:hasJurisdiction": [named(f"loc:{policy.organisation.country}")],
        "dpv:hasRight": [named(f"eu-gdpr:{one}") for one in RIGHTS],
        "dpv:hasConsentStatus": [_event(policy, subject, purpose, one) for one in events],
    }
    if policy.organisation.authority in AUTHORITY:
        found["dpv:hasAuthority"] = [named(AUTHORITY[policy.organisation.authority])]
    ended = last.valid_until
    statuses = found["dpv:hasConsentStatus"]
    assert isinstance(statuses, list)
    if last.kind is Kind.CONSENT_GIVEN and ended is not None and ended <= at:
        expired: Node = {"@type": ["dpv:ConsentExpired"], **_when(ended), "dpv:isIndicatedBy": _us(policy)}
        statuses.append(expired)
    return found


def receipt(made: Node, number: UUID, at: datetime, proofs: Sequence[Mapping[str, object]]) -> Node:
    """Return the receipt of a record: its own id, the record, when it was made, the proofs of the log, every field."""
    context = made["@context"]
    assert isinstance(context, dict)
    fields = {key: value for key, value in made.items() if key not in ("@context", "@id", "@type", "dct:conformsTo")}
    return {
        "@context": {**context, "log": {"@id": "dct:provenance", "@type": "@json"}},
        **fields,
        "@id": f"urn:uuid:{number}",
        "@type": ["dpv:ConsentReceipt"],
        "dct:conformsTo": named(f"{SCHEMA}receipt-eu-gdpr"),
        "dct:identifier": str(number),
        "dpv:hasIdentifier": str(number),
        "dct:references": named(str(made["@id"])),
        "dct:created": {"@type": "xsd:dateTime", "@value": at.isoformat(timespec="seconds")},
        "log": [_plain(one) for one in proofs],
    }


def identity(subject: UUID, purpose: str) -> UUID:
    """Return the id of a record: a UUID of version 4, always the same for a person and a purpose."""
    return UUID(bytes=sha256(f"consent record {subject} {purpose}".encode()).digest()[:16], version=4)


def _context(language: str) -> Node:
    return {
        **CONTEXT,
        "loc": "https://w3id.org/dpv/loc#",
        "dct:conformsTo": {"@type": "@id"},
        "@language": language,
    }


def _asked(events: Sequence[Event]) -> list[Event]:
    """Return the events in which she was shown a notice; the last event where none was."""
    return [one for one in events if one.evidence.get("notice")] or [events[-1]]


def _notice(policy: Policy, purpose: str, language: str, event: Event) -> Node:
    name = str(event.evidence.get("notice") or (policy.version.id if policy.version else ""))
    known = policy.notices.get(name)
    version = policy.version if policy.version is not None and policy.version.id == name else None
    day = known.from_ if known is not None else version.from_ if version is not None else event.valid_from.date()
    found: Node = {
        "@type": ["dpv:ConsentNotice", "eu-gdpr:DirectDataCollectionNotice"],
        "dct:identifier": name,
        "dct:date": {"@type": "xsd:date", "@value": day.isoformat()},
        "dct:coverage": policy.purposes[purpose].title.of(language),
    }
    if event.evidence.get("text"):
        found["dct:source"] = str(event.evidence["text"])
    return found


def _controller(policy: Policy, language: str) -> Node:
    found = controller(policy, language)
    found.setdefault("dpv:hasIdentifier", policy.organisation.name)
    found.setdefault("dpv:hasAddress", policy.organisation.country)
    found.setdefault("dpv:hasContact", policy.organisation.name)
    return found


def _process(policy: Policy, maps: Mapping[str, DataMap], name: str, language: str) -> Node:
    purpose = policy.purposes[name]
    found = process(policy, name, purpose, language)
    countries = dict.fromkeys(maps[one].location for one in stores(maps, used(policy, purpose)))
    places: list[Plain] = [
        {"@type": "dpv:StorageLocation", "dpv:hasLocation": named(f"loc:{country}")}
        for country in countries or {policy.organisation.country: None}
    ]
    found["dpv:hasStorageCondition"] = [found["dpv:hasStorageCondition"], *places, {"@type": "dpv:StorageDeletion"}]
    found["dpv:hasNecessity"] = named("dpv:Optional")
    found["dpv:hasLegalBasis"] = [named("eu-gdpr:A6-1-a")]
    if "dpv:hasRecipient" not in found:
        own: Node = {"@type": ["dpv:Recipient", "dpv:DataController"], "dpv:hasName": policy.organisation.name}
        found["dpv:hasRecipient"] = [own]
    return found


def _control(policy: Policy) -> Node:
    rights, contact = policy.rights, policy.organisation.contact
    where = (rights.url if rights is not None else None) or contact.url or contact.email or policy.organisation.name
    return {"@type": ["dpv:ProvideConsent", "dpv:WithdrawConsent"], "dpv:isExercisedAt": where}


def _event(policy: Policy, subject: UUID, purpose: str, event: Event) -> Node:
    how = [str(event.evidence[name]) for name in ("act", "how", "where") if event.evidence.get(name)]
    types: list[Plain] = [STATUS[event.kind]]
    if event.kind is Kind.CONSENT_GIVEN:
        explicit = event.evidence.get("explicit")
        types.append("dpv:ExplicitlyExpressedConsent" if explicit else "dpv:ExpressedConsent")
    lasts = policy.purposes[purpose].consent_expires
    duration: Plain = {"@type": "dpv:UntilEventDuration"}
    if lasts is not None:
        duration = {"@type": "xsd:duration", "@value": str(lasts)}
    return {
        "@type": types,
        **_when(event.valid_from),
        "dpv:hasDuration": duration,
        "dpv:isIndicatedBy": named(f"urn:uuid:{subject}") if event.origin is Origin.PERSON else _us(policy),
        "dpv:hasIndicationMethod": ", ".join(how) or str(event.origin),
        **({"dct:coverage": event.channel} if event.channel else {}),
    }


def _when(moment: datetime) -> Node:
    return {"dpv:isIndicatedAtTime": {"@type": "xsd:dateTime", "@value": moment.isoformat(timespec="seconds")}}


def _us(policy: Policy) -> Node:
    return {"@type": "dpv:DataController", "dpv:hasName": policy.organisation.name}


def _plain(value: object) -> Plain:
    """Return a proof as JSON can carry it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    assert value is None or isinstance(value, str | int | bool)
    return value

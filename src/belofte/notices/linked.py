"""The privacy notice for machines: JSON-LD in the terms of the W3C Data Privacy Vocabulary 2.3 (STANDARDS §1.1).

Only terms that the pinned vocabulary has; titles are the notice's own, in its language. One process per purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from belofte.law.adequacy import GROUNDS
from belofte.law.rights import BASIS_ARTICLES, RIGHTS
from belofte.notices.plain import Plain
from belofte.policy.model import Basis, Policy, Purpose, Recipient, Transfer
from belofte.policy.receiving import receivers
from belofte.policy.terms import short
from belofte.policy.uses import used

CONTEXT: Mapping[str, Plain] = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "legal-be": "https://w3id.org/dpv/legal/be#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

SOURCE = {
    "provided": "dpv:ProvidedPersonalData",
    "observed": "dpv:ObservedPersonalData",
    "inferred": "dpv:InferredPersonalData",
    "third-party": "dpv:CollectedPersonalData",
}
ROLE = {
    "processor": "dpv:DataProcessor",
    "joint-controller": "dpv:JointDataControllers",
    "controller": "dpv:DataController",
    "authority": "dpv:Authority",
}
"""The class of a recipient in its role; any other is a third party."""

AUTHORITY = {"be-apd": "legal-be:DPA-BE"}
"""Authorities that the vocabulary knows."""

Node = dict[str, Plain]


def linked(policy: Policy, language: str) -> Node:
    """Return the notice as JSON-LD; texts carry their language."""
    context: Node = {**CONTEXT, "@language": language}
    notice: Node = {
        "@context": context,
        "@type": ["dpv:PrivacyNotice", "eu-gdpr:DirectDataCollectionNotice"],
        "dct:language": language,
        "dpv:hasDataController": controller(policy, language),
        "dpv:hasProcess": [process(policy, key, one, language) for key, one in policy.purposes.items()],
        "dpv:hasRight": [named(iri) for iri in _rights(policy)],
    }
    if any(policy.source(ref) == "third-party" for key in policy.categories for ref in policy.elements(key)):
        notice["@type"] = [
            "dpv:PrivacyNotice",
            "eu-gdpr:DirectDataCollectionNotice",
            "eu-gdpr:IndirectDataCollectionNotice",
        ]
    if policy.version is not None:
        notice["dct:identifier"] = policy.version.id
        notice["dct:valid"] = {"@type": "xsd:date", "@value": policy.version.from_.isoformat()}
    if policy.organisation.authority in AUTHORITY:
        notice["dpv:hasAuthority"] = named(AUTHORITY[policy.organisation.authority])
    for kind, name in (("technical", "dpv:hasTechnicalMeasure"), ("organisational", "dpv:hasOrganisationalMeasure")):
        measures: list[Plain] = [
            {"@type": f"dpv:{kind.capitalize()}Measure", "dct:title": one.title.of(language)}
            for one in policy.safeguards.values()
            if one.kind == kind
        ]
        if measures:
            notice[name] = measures
    return notice


def named(iri: str) -> Node:
    return {"@id": iri}


def controller(policy: Policy, language: str) -> Node:
    who = policy.organisation
    found: Node = {"@type": "dpv:DataController", "dpv:hasName": who.name}
    if who.company_number:
        found["dpv:hasIdentifier"] = who.company_number
    if who.address:
        found["dpv:hasAddress"] = who.address
    reached = [one for one in (who.contact.email, who.contact.phone, who.contact.url) if one]
    if reached:
        found["dpv:hasContact"] = [*reached]
    officer = who.officer
    if officer is not None and officer.none_because is None:
        named: Node = {"@type": "dpv:DataProtectionOfficer"}
        if officer.name:
            named["dpv:hasName"] = officer.name
        if contact := officer.contact.email or officer.contact.address or officer.contact.phone:
            named["dpv:hasContact"] = contact
        found["dpv:hasDataProtectionOfficer"] = named
    return found


def process(policy: Policy, key: str, purpose: Purpose, language: str) -> Node:
    title = purpose.title.of(language)
    aim: Node = {"@type": short(purpose.purpose) if purpose.purpose else "dpv:Purpose", "dct:title": title}
    receiving = [policy.recipients[one] for one in receivers(policy, key)]
    found: Node = {
        "@type": "dpv:Process",
        "dct:title": title,
        "dpv:hasPurpose": aim,
        "dpv:hasLegalBasis": [named(f"eu-gdpr:{_article(basis)}") for basis in purpose.bases(None)],
        "dpv:hasPersonalData": [*_data(policy, purpose, language)],
        "dpv:hasStorageCondition": _storage(policy, purpose, language),
    }
    if receiving:
        found["dpv:hasRecipient"] = [_recipient(policy, one, language) for one in receiving]
    if purpose.automated is not None and purpose.automated.profiling:
        found["dpv:hasProcessing"] = {"@type": "dpv:Profiling"}
    return found


def _article(basis: Basis) -> str:
    """Return `A6-1-f` for art. 6(1)(f), as the vocabulary names it."""
    return "A" + BASIS_ARTICLES[basis].replace("(", "-").replace(")", "")


def _data(policy: Policy, purpose: Purpose, language: str) -> Iterable[Node]:
    for ref in used(policy, purpose):
        element = policy.element(ref)
        category = policy.categories[ref.partition(".")[0]]
        types: list[Plain] = [short(element.term), SOURCE[policy.source(ref)]]
        if policy.special(ref):
            types.append("dpv:SpecialCategoryPersonalData")
        title = element.title.of(language) if element.title else category.title.of(language)
        found: Node = {"@type": types, "dct:title": title}
        if policy.source(ref) == "third-party" and category.origin:
            found["dpv:hasDataSource"] = category.origin.of(language)
        yield found


def _storage(policy: Policy, purpose: Purpose, language: str) -> Node:
    found: Node = {"@type": "dpv:StorageDuration"}
    fact = policy.facts.get(purpose.after or purpose.while_ or "")
    if fact:
        found["dct:description"] = fact.of(language)
    if purpose.keep is not None:
        found["dpv:hasDuration"] = {"@type": "xsd:duration", "@value": _duration(str(purpose.keep))}
    else:
        found["dpv:hasDuration"] = {"@type": "dpv:UntilEventDuration"}
    return found


def _duration(period: str) -> str:
    """Return an ISO 8601 period as XSD has it, which knows no weeks."""
    return f"P{int(period[1:-1]) * 7}D" if period.endswith("W") else period


def _recipient(policy: Policy, recipient: Recipient, language: str) -> Node:
    found: Node = {
        "@type": ["dpv:Recipient", ROLE.get(recipient.role, "dpv:ThirdParty")],
        "dpv:hasName": recipient.name or recipient.title.of(language),
    }
    if recipient.location:
        found["dct:spatial"] = recipient.location
    transfer = policy.transfers.get(recipient.transfer or "")
    if transfer is not None and (ground := _ground(transfer)):
        found["dpv:hasLegalBasis"] = named(ground)
    return found


def _ground(transfer: Transfer) -> str | None:
    entry = GROUNDS.get(transfer.ground)
    return f"eu-gdpr:{entry.dpv}" if entry is not None and entry.dpv else None


def _rights(policy: Policy) -> list[str]:
    """Return the rights that the bases give (LAW §2.2), as the vocabulary names them."""
    bases = {basis for one in policy.purposes.values() for basis in one.bases(None)}
    found = ["eu-gdpr:A15", "eu-gdpr:A16", "eu-gdpr:A17", "eu-gdpr:A18", "eu-gdpr:A77"]
    for right, iri in (("portability", "A20"), ("objection", "A21"), ("withdrawal", "A7-3")):
        if RIGHTS[right].bases & bases or (
            right == "objection" and any(p.direct_marketing for p in policy.purposes.values())
        ):
            found.append(f"eu-gdpr:{iri}")
    return found

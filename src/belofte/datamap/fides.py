"""fideslang, the language of Ethyca's Fides, and ours: a policy and its maps go out, a dataset comes in as a map.

Going out, each element and purpose becomes a category or use of its own under the nearest one of fideslang's taxonomy
(3.1), so that nothing is said that the policy does not say. Coming in, a category becomes the nearest element of the
starter vocabulary; what has none is left for the company, named in a comment. References of a dataset are links: what
a field points `to` is about this row, what it comes `from` is what this row is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from belofte.datamap.draft import comment, policy_text, scalar, variable
from belofte.datamap.model import DataMap, Table
from belofte.policy.model import Basis, Policy, Purpose
from belofte.policy.receiving import receivers
from belofte.policy.source import Data
from belofte.policy.terms import short
from belofte.policy.uses import used

CATEGORY: Mapping[str, str] = {
    "user.account": "account.username", "user.authorization": "account.secret",
    "user.authorization.password": "account.password", "user.behavior": "behaviour.activity",
    "user.behavior.browsing_history": "behaviour.browsing", "user.behavior.purchase_history": "dealings.purchase",
    "user.biometric": "biometrics.template", "user.contact.address": "identity.address",
    "user.contact.email": "identity.email", "user.contact.fax_number": "identity.fax",
    "user.contact.organization": "professional.employer", "user.contact.phone_number": "identity.phone",
    "user.content": "dealings.text", "user.content.self_image": "identity.picture",
    "user.criminal_history": "offences.record", "user.demographic.age_range": "demographics.age",
    "user.demographic.date_of_birth": "demographics.birth_date", "user.demographic.gender": "demographics.gender",
    "user.demographic.language": "demographics.language",
    "user.demographic.marital_status": "demographics.marital_status",
    "user.demographic.political_opinion": "belief.politics", "user.demographic.race_ethnicity": "origin.ethnicity",
    "user.demographic.religious_belief": "belief.religion",
    "user.demographic.sexual_orientation": "sexuality.orientation", "user.device": "behaviour.device",
    "user.device.ip_address": "behaviour.ip_address", "user.financial": "payment.credit",
    "user.financial.bank_account": "payment.account", "user.financial.credit_card": "payment.card",
    "user.government_id": "identity.national_number", "user.government_id.passport_number": "identity.passport",
    "user.government_id.vehicle_registration": "identity.licence_plate",
    "user.health_and_medical": "health.condition", "user.health_and_medical.genetic": "genetics.profile",
    "user.job_title": "professional.job", "user.location": "behaviour.location", "user.name": "identity.name",
    "user.payment": "payment.card", "user.privacy_preferences": "preference.privacy",
    "user.sensor": "behaviour.device", "user.social": "identity.social_media", "user.telemetry": "behaviour.device",
    "user.unique_id": "identity.number", "user.user_sensor": "behaviour.device", "user.workplace": "professional.job",
}  # fmt: skip
"""The element of the starter vocabulary that a category of fideslang is nearest to; a longer name goes before."""
TERM: Mapping[str, str] = {
    "pd:Age": "user.demographic.age_range", "pd:Authenticating": "user.authorization",
    "pd:AuthenticationHistory": "user.authorization", "pd:BankAccount": "user.financial.bank_account",
    "pd:Biometric": "user.biometric", "pd:BirthDate": "user.demographic.date_of_birth",
    "pd:BrowserHistory": "user.behavior.browsing_history", "pd:BrowsingBehaviour": "user.behavior.browsing_history",
    "pd:BrowsingReferral": "user.behavior.browsing_history", "pd:CallLog": "user.content.private",
    "pd:Communication": "user.content.private", "pd:Contact": "user.contact", "pd:CreditStanding": "user.financial",
    "pd:CreditWorthiness": "user.financial", "pd:CriminalOffence": "user.criminal_history",
    "pd:CurrentEmployment": "user.workplace", "pd:DeviceBased": "user.device",
    "pd:DeviceOperatingSystem": "user.device", "pd:EmailAddress": "user.contact.email",
    "pd:EmailAddressWork": "user.contact.email", "pd:EmploymentHistory": "user.workplace",
    "pd:EthnicOrigin": "user.demographic.race_ethnicity", "pd:Gender": "user.demographic.gender",
    "pd:Genetic": "user.health_and_medical.genetic", "pd:Health": "user.health_and_medical",
    "pd:IPAddress": "user.device.ip_address", "pd:Identifier": "user.unique_id", "pd:Income": "user.financial",
    "pd:Intention": "user.behavior", "pd:Interaction": "user.behavior", "pd:Interest": "user.behavior",
    "pd:Job": "user.job_title", "pd:Language": "user.demographic.language", "pd:LinkClicked": "user.behavior",
    "pd:Location": "user.location", "pd:MaritalStatus": "user.demographic.marital_status", "pd:Name": "user.name",
    "pd:OfficialID": "user.government_id.national_identification_number",
    "pd:Passport": "user.government_id.passport_number", "pd:Password": "user.authorization.password",
    "pd:PaymentCardNumber": "user.financial.credit_card", "pd:PhysicalAddress": "user.contact.address",
    "pd:PoliticalOpinion": "user.demographic.political_opinion", "pd:PrivacyPreference": "user.privacy_preferences",
    "pd:ProfessionalEvaluation": "user.workplace", "pd:Purchase": "user.behavior.purchase_history",
    "pd:ReligiousBelief": "user.demographic.religious_belief",
    "pd:SexualPreference": "user.demographic.sexual_orientation", "pd:SocialMediaCommunication": "user.social",
    "pd:TelephoneNumber": "user.contact.phone_number", "pd:Transaction": "user.payment",
    "pd:Transactional": "user.payment", "pd:UID": "user.unique_id", "pd:UserAgent": "user.device",
    "pd:Username": "user.account.username", "pd:VehicalLicenseNumber": "user.government_id.vehicle_registration",
    "pd:VoiceCommunicationRecording": "user.content.private", "pd:WorkHistory": "user.workplace",
}  # fmt: skip
"""The category of fideslang that a DPV term is nearest to; any other is `user`."""
USE: Mapping[str, str] = {
    "dpv:CommunicationManagement": "essential.service.notifications",
    "dpv:CustomerCare": "essential.service.operations.support", "dpv:DirectMarketing": "marketing.communications",
    "dpv:EnforceAccessControl": "essential.service.security", "dpv:EnforceSecurity": "essential.service.security",
    "dpv:FraudPreventionAndDetection": "essential.fraud_detection",
    "dpv:LegalCompliance": "essential.legal_obligation",
    "dpv:PersonalisedAdvertising": "marketing.advertising.profiling",
    "dpv:PersonnelManagement": "employment", "dpv:RecruitmentManagement": "employment.recruitment",
    "dpv:RightsFulfilment": "essential.legal_obligation", "dpv:ServiceUsageAnalytics": "analytics.reporting",
}  # fmt: skip
"""The use of fideslang that a DPV purpose is nearest to; any other is judged by its basis."""
BASIS: Mapping[Basis, tuple[str, str]] = {
    Basis.CONSENT: ("Consent", "functional"),
    Basis.CONTRACT: ("Contract", "essential.service"),
    Basis.LEGAL_OBLIGATION: ("Legal obligations", "essential.legal_obligation"),
    Basis.VITAL_INTERESTS: ("Vital interests", "essential"),
    Basis.PUBLIC_TASK: ("Public interest", "essential"),
    Basis.LEGITIMATE_INTEREST: ("Legitimate interests", "operations"),
}
"""What fideslang calls a legal basis, and the use for a purpose of which nothing more is known."""

Item = dict[str, object]


# -- out -----------------------------------------------------------------------------------------------------------


def exported(policy: Policy, maps: Mapping[str, DataMap], language: str) -> dict[str, list[Item]]:
    """Return the policy and its maps as resources of fideslang, per kind."""
    elements = [element for category in policy.categories for element in policy.elements(category)]
    subjects = [
        {"fides_key": kind, "name": stated.title.of(language) if stated.title else kind}
        for kind, stated in policy.people.items()
    ]
    return {
        "data_category": [
            _custom(category(policy, one), _parent(policy, one), _named(policy, one, language)) for one in elements
        ],
        "data_use": [
            _custom(use(name, one), _aim(one), one.title.of(language)) for name, one in policy.purposes.items()
        ],
        "data_subject": [dict(one) for one in subjects],
        "system": [_system(policy, name, one, language) for name, one in maps.items()],
        "dataset": [_dataset(policy, name, one) for name, one in maps.items() if one.kind == "sql"],
    }


def category(policy: Policy, element: str) -> str:
    """Return the key of an element: its own, under the nearest category of fideslang."""
    return f"{_parent(policy, element)}.{element.replace('.', '_')}"


def use(name: str, purpose: Purpose) -> str:
    """Return the key of a purpose: its own, under the nearest use of fideslang."""
    return f"{_aim(purpose)}.{name}"


def _custom(key: str, parent: str, title: str) -> Item:
    return {"fides_key": key, "parent_key": parent, "name": title, "is_default": False}


def _parent(policy: Policy, element: str) -> str:
    return TERM.get(short(policy.element(element).term), "user")


def _named(policy: Policy, element: str, language: str) -> str:
    title = policy.element(element).title
    return title.of(language) if title else element.partition(".")[2].replace("_", " ")


def _aim(purpose: Purpose) -> str:
    if purpose.purpose and short(purpose.purpose) in USE:
        return USE[short(purpose.purpose)]
    bases = purpose.bases(None)
    return BASIS[bases[0]][1] if bases else "essential"


def _system(policy: Policy, name: str, stated: DataMap, language: str) -> Item:
    held = {c.element for t in stated.tables.values() for c in t.columns.values()}
    held |= set(stated.manual.holds) if stated.manual is not None else set()
    declarations = []
    for key, purpose in policy.purposes.items():
        own = [one for one in used(policy, purpose) if one in held]
        if own:
            declarations.append(_declaration(policy, key, purpose, own, language))
    return {
        "fides_key": name,
        "name": name,
        "system_type": "Database" if stated.kind == "sql" else "Manual",
        "legal_name": policy.organisation.name,
        "responsibility": ["Processor" if stated.role == "processor" else "Controller"],
        "dataset_references": [name] if stated.kind == "sql" else [],
        "privacy_declarations": declarations,
    }


def _declaration(policy: Policy, key: str, purpose: Purpose, elements: Sequence[str], language: str) -> Item:
    shared = [policy.recipients[one].name or one for one in receivers(policy, key)]
    bases = purpose.bases(None)
    return {
        "name": purpose.title.of(language),
        "data_use": use(key, purpose),
        "data_categories": [category(policy, one) for one in elements],
        "data_subjects": [kind for kind in policy.people if purpose.bases(kind)],
        "legal_basis_for_processing": BASIS[bases[0]][0] if bases else None,
        "retention_period": str(purpose.keep) if purpose.keep else None,
        "processes_special_category_data": any(policy.special(one) for one in elements),
        "data_shared_with_third_parties": bool(shared),
        "third_parties": "; ".join(shared) or None,
    }


def _dataset(policy: Policy, name: str, stated: DataMap) -> Item:
    identities = {
        (entry.table, one.column): kind
        for entry in stated.people.values()
        for kind, one in entry.identified_by()
        if kind in ("email", "phone")
    }
    keys = {(entry.table, column) for entry in stated.people.values() for column in entry.key}
    tables = {**{entry.table: Table() for entry in stated.people.values()}, **stated.tables}
    return {
        "fides_key": name,
        "name": name,
        "collections": [
            {"name": table, "fields": _fields(policy, name, stated, table, one, identities, keys)}
            for table, one in tables.items()
        ],
    }


def _fields(
    policy: Policy, store: str, stated: DataMap, table: str, one: Table, identities: Mapping[tuple[str, str], str],
    keys: Iterable[tuple[str, str]],
) -> list[Item]:  # fmt: skip
    found: dict[str, Item] = {}
    for name, column in one.columns.items():
        element = column.element
        found[name] = {
            "name": name,
            "data_categories": [category(policy, element)] if element else ["system.operations"],
        }
    for own, key in keys:
        if own == table:
            found.setdefault(key, {"name": key, "data_categories": ["user.unique_id"]})
            found[key]["fides_meta"] = {"primary_key": True}
    for (own, name), kind in identities.items():
        if own == table and name in found:
            found[name]["fides_meta"] = {"identity": "email" if kind == "email" else "phone_number"}
    for link in one.about or ():
        entry = stated.people.get(link.of)
        if entry is not None and link.columns is not None and len(link.columns) == len(entry.key) == 1:
            reference = {"dataset": store, "field": f"{entry.table}.{(link.to or entry.key)[0]}", "direction": "from"}
            found.setdefault(link.columns[0], {"name": link.columns[0], "data_categories": ["system.operations"]})
            found[link.columns[0]]["fides_meta"] = {"references": [reference]}
    return list(found.values())


# -- in ------------------------------------------------------------------------------------------------------------


class NotFides(ValueError):
    """This is no dataset of fideslang; says what is missing."""


@dataclass(frozen=True)
class Imported:
    """A dataset as a map: its store, the text of the map, and the people and categories that it needs, as YAML."""

    store: str
    text: str
    policy: str


def imported(document: Data) -> list[Imported]:
    """Return the datasets of a document as maps. Raises `NotFides`."""
    datasets = document.get("dataset") if isinstance(document, dict) else None
    if not isinstance(datasets, list) or not datasets:
        raise NotFides("it has no `dataset:` with a list of datasets")
    return [_imported(_mapping(one)) for one in datasets]


def _imported(dataset: Mapping[str, Data]) -> Imported:
    store = str(dataset.get("fides_key") or "store")
    collections = [_mapping(one) for one in _list(dataset.get("collections"))]
    fields = {str(one.get("name")): list(_flat(_list(one.get("fields")))) for one in collections}
    people = {table: own for table, own in fields.items() if _person(own)}
    links = _links(fields)
    elements: set[str] = set()
    lines = [f"store: {scalar(store)}", f"url: ${{{variable(store)}}}", "mode: observe", "people:"]
    for table, own in people.items():
        key = next(name for name, one in own if _meta(one).get("primary_key"))
        named = {_kind(one): name for name, one in own if _meta(one).get("identity")}
        shown = ", ".join(f"{kind}: {scalar(name)}" for kind, name in named.items() if kind)
        lines.append(f"  {scalar(table)}: {{table: {scalar(table)}, key: {scalar(key)}, is: {scalar(table)}, "
                     f"identifiers: {{{shown}}}}}")  # fmt: skip
    lines.append("tables:" if fields else "tables: {}")
    for table, own in fields.items():
        lines += _table(table, own, links.get(table, []), table in people, elements)
    return Imported(store, "\n".join(lines) + "\n", policy_text(elements, people))


def _table(
    table: str, own: Sequence[tuple[str, Mapping[str, Data]]], links: Sequence[str], person: bool, elements: set[str]
) -> list[str]:  # fmt: skip
    lines = [f"  {scalar(table)}:"]
    if links and not person:
        lines += ["    about:", *(f"      - {one}" for one in links)]
    elif not person:
        lines.append("    # whom these rows are about is not said: add `about`, or leave it to the foreign keys")
    columns = []
    for name, one in own:
        stated = [str(c) for c in _list(one.get("data_categories"))]
        found = next((element for c in stated if (element := nearest(c))), None)
        if found is not None:
            elements.add(found)
            columns.append(f"      {scalar(name)}: {found}")
        elif personal := [c for c in stated if c.startswith("user")]:
            columns.append(f"      # {comment(name)}: {comment(', '.join(personal))}: no element is near enough")
    return [
        *lines,
        "    columns:" if any(not c.strip().startswith("#") for c in columns) else "    columns: {}",
        *columns,
    ]


def nearest(key: str) -> str | None:
    """Return the element that a category of fideslang is nearest to; None: no personal data, or none is near."""
    parts = key.split(".")
    names = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((CATEGORY[name] for name in names if name in CATEGORY), None)


def _links(fields: Mapping[str, Sequence[tuple[str, Mapping[str, Data]]]]) -> dict[str, list[str]]:
    """Return whom the rows of each table are about, as links of a map."""
    found: dict[str, list[str]] = {}
    for table, own in fields.items():
        for name, one in own:
            for reference in map(_mapping, _list(_meta(one).get("references"))):
                there, _, field = str(reference.get("field")).partition(".")
                if there not in fields:
                    continue
                if reference.get("direction") == "to":
                    child, columns, parent, to = there, field, table, name
                else:
                    child, columns, parent, to = table, name, there, field
                link = f"{{of: {scalar(parent)}, columns: {scalar(columns)}, to: {scalar(to)}}}"
                found.setdefault(child, []).append(link)
    return found


def _person(own: Sequence[tuple[str, Mapping[str, Data]]]) -> bool:
    """Return whether rows of a collection are people: identity, key, a name or number of theirs, nothing above them."""
    metas = [_meta(one) for _, one in own]
    stated = [str(c) for _, one in own for c in _list(one.get("data_categories"))]
    owned = any(_mapping(r).get("direction") != "to" for meta in metas for r in _list(meta.get("references")))
    known = all(any(meta.get(sign) for meta in metas) for sign in ("identity", "primary_key"))
    return known and not owned and any(c.startswith(("user.name", "user.unique_id")) for c in stated)


def _kind(one: Mapping[str, Data]) -> str | None:
    return {"email": "email", "phone_number": "phone"}.get(str(_meta(one).get("identity")))


def _flat(fields: Sequence[Data], prefix: str = "") -> Iterator[tuple[str, Mapping[str, Data]]]:
    for one in map(_mapping, fields):
        name = prefix + str(one.get("name"))
        yield name, one
        yield from _flat(_list(one.get("fields")), f"{name}.")


def _meta(one: Mapping[str, Data]) -> Mapping[str, Data]:
    return _mapping(one.get("fides_meta"))


def _mapping(value: Data | object) -> Mapping[str, Data]:
    return value if isinstance(value, dict) else {}


def _list(value: Data | object) -> list[Data]:
    return value if isinstance(value, list) else []

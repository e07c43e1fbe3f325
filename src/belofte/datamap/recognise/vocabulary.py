"""A starter vocabulary: the categories and elements that scan proposes, each with its DPV personal-data term.

Facts of the W3C Data Privacy Vocabulary (pd:) and of GDPR art. 9 and 10 (`special`); the titles are ours, nl/fr/en.
A policy's own words win: `belofte.datamap.draft` maps an element to the policy's element with the same term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Origin = Literal["provided", "observed", "inferred", "third-party"]


@dataclass(frozen=True, slots=True)
class Starter:
    """A category to start from: its title per language, where the data comes from, special or not, its elements."""

    title: Mapping[str, str]
    source: Origin
    elements: Mapping[str, str]
    special: str | None = None


def _title(nl: str, fr: str, en: str) -> dict[str, str]:
    return {"nl": nl, "fr": fr, "en": en}


CATEGORIES: Mapping[str, Starter] = {
    "identity": Starter(
        _title("Identiteit en contact", "Identité et contact", "Identity and contact"),
        "provided",
        {
            "name": "pd:Name",
            "title": "pd:Identifying",
            "email": "pd:EmailAddress",
            "phone": "pd:TelephoneNumber",
            "mobile": "pd:TelephoneNumber",
            "fax": "pd:Contact",
            "address": "pd:PhysicalAddress",
            "national_number": "pd:OfficialID",
            "passport": "pd:Passport",
            "number": "pd:UID",
            "tax_number": "pd:Tax",
            "picture": "pd:Picture",
            "signature": "pd:PersonalDocuments",
            "social_media": "pd:SocialMedia",
            "licence_plate": "pd:VehicalLicenseRegistration",
        },
    ),
    "demographics": Starter(
        _title("Persoonskenmerken", "Caractéristiques personnelles", "Personal characteristics"),
        "provided",
        {
            "birth_date": "pd:BirthDate",
            "birth_place": "pd:BirthPlace",
            "age": "pd:Age",
            "gender": "pd:Gender",
            "nationality": "pd:Nationality",
            "language": "pd:Language",
            "marital_status": "pd:MaritalStatus",
            "family": "pd:Family",
            "body": "pd:PhysicalCharacteristic",
        },
    ),
    "professional": Starter(
        _title("Werk en opleiding", "Travail et formation", "Work and education"),
        "provided",
        {
            "job": "pd:Job",
            "employer": "pd:CurrentEmployment",
            "employment": "pd:EmploymentHistory",
            "salary": "pd:Salary",
            "education": "pd:Education",
            "evaluation": "pd:ProfessionalEvaluation",
        },
    ),
    "payment": Starter(
        _title("Betaalgegevens", "Données de paiement", "Payment data"),
        "provided",
        {
            "account": "pd:BankAccount",
            "card": "pd:PaymentCardNumber",
            "card_code": "pd:PaymentCard",
            "card_expiry": "pd:PaymentCardExpiry",
            "credit": "pd:CreditStanding",
        },
    ),
    "account": Starter(
        _title("Aanmeldgegevens", "Données de connexion", "Account and sign-in"),
        "provided",
        {"username": "pd:Username", "password": "pd:Password", "secret": "pd:Authenticating"},
    ),
    "behaviour": Starter(
        _title("Gebruik en gedrag", "Utilisation et comportement", "Use and behaviour"),
        "observed",
        {
            "ip_address": "pd:IPAddress",
            "device": "pd:DeviceBased",
            "user_agent": "pd:UserAgent",
            "location": "pd:Location",
            "activity": "pd:Interaction",
            "browsing": "pd:BrowsingBehaviour",
        },
    ),
    "preference": Starter(
        _title("Voorkeuren", "Préférences", "Preferences"),
        "provided",
        {"interest": "pd:Interest", "privacy": "pd:PrivacyPreference"},
    ),
    "dealings": Starter(
        _title("Contacten en aankopen", "Échanges et achats", "Dealings and purchases"),
        "observed",
        {"text": "pd:Communication", "purchase": "pd:Purchase", "transaction": "pd:Transaction"},
    ),
    "health": Starter(
        _title("Gezondheid", "Santé", "Health"), "provided", {"condition": "pd:Health"}, special="health"
    ),
    "belief": Starter(
        _title("Geloof, overtuiging en politiek", "Religion, convictions et politique", "Belief and politics"),
        "provided",
        {
            "religion": "pd:ReligiousBelief",
            "politics": "pd:PoliticalOpinion",
            "union": "pd:TradeUnionMembership",
        },
        special="belief",
    ),
    "origin": Starter(
        _title("Afkomst", "Origine", "Origin"), "provided", {"ethnicity": "pd:EthnicOrigin"}, special="ethnicity"
    ),
    "sexuality": Starter(
        _title("Seksuele gerichtheid", "Orientation sexuelle", "Sexual orientation"),
        "provided",
        {"orientation": "pd:SexualPreference"},
        special="sexual-orientation",
    ),
    "biometrics": Starter(
        _title("Biometrie", "Biométrie", "Biometrics"), "provided", {"template": "pd:Biometric"}, special="biometrics"
    ),
    "genetics": Starter(
        _title("Erfelijke gegevens", "Données génétiques", "Genetic data"),
        "provided",
        {"profile": "pd:Genetic"},
        special="genetics",
    ),
    "offences": Starter(
        _title("Strafrechtelijke gegevens", "Données judiciaires", "Criminal offences"),
        "third-party",
        {"record": "pd:CriminalOffence"},
        special="offences",
    ),
}


def term(element: str) -> str:
    """Return the DPV term of `category.element`; `KeyError` when the vocabulary has no such element."""
    category, _, name = element.partition(".")
    return CATEGORIES[category].elements[name]


def special(element: str) -> str | None:
    """Return the special category (GDPR art. 9, 10) that an element is, if any."""
    return CATEGORIES[element.partition(".")[0]].special


ELEMENTS: frozenset[str] = frozenset(
    f"{category}.{name}" for category, starter in CATEGORIES.items() for name in starter.elements
)

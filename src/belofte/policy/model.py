"""The policy language, version 1: what a company writes, as frozen values.

Every element is addressable by its path (`purposes.orders`, `categories.identity.elements.email`).
Texts are per language; `Text.of` falls back and says so. Nothing here opens a file or reads a clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

LANGUAGE_VERSION = 1
PURPOSE_ID_BYTES = 40
"""Purpose ids become role and schema names; databases cut names at 63 bytes (DESIGN §3)."""


class Node(BaseModel):
    """A frozen element of the language; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


Id = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$", max_length=63)]
Lang = Literal["nl", "fr", "en", "de"]


class Text(RootModel[dict[str, str]]):
    """Words for people, per language. A bare string stands for every language and counts as a fallback."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"*": value} if isinstance(value, str) else value

    def of(self, language: str) -> str:
        """Return the words in `language`, else in the best language there is (`missing` tells which are)."""
        root = self.root
        for key in (language, "*", "en", "nl", "fr", "de"):
            if key in root:
                return root[key]
        return next(iter(root.values()), "")

    def missing(self, languages: list[str]) -> list[str]:
        """Return the languages among `languages` that have no words of their own."""
        return [lang for lang in languages if lang not in self.root]


class Basis(StrEnum):
    """The legal bases of GDPR art. 6(1)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal-obligation"
    VITAL_INTERESTS = "vital-interests"
    PUBLIC_TASK = "public-task"
    LEGITIMATE_INTEREST = "legitimate-interest"


_PERIOD = re.compile(r"^P(?!$)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$")


class Period(Node):
    """An ISO 8601 period in calendar units (`P7Y`, `P18M`, `P30D`); a term is counted in civil days."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0

    def __str__(self) -> str:
        parts = ((self.years, "Y"), (self.months, "M"), (self.weeks, "W"), (self.days, "D"))
        return "P" + "".join(f"{n}{unit}" for n, unit in parts if n)


def parse_period(value: Any) -> Any:
    """Return the `Period` that an ISO 8601 period states; `ValueError` for anything else."""
    if not isinstance(value, str):
        return value
    found = _PERIOD.match(value)
    if found is None:
        raise ValueError("a period is written like `P7Y`, `P18M`, `P6W` or `P30D`")
    y, m, w, d = (int(group or 0) for group in found.groups())
    if not (y or m or w or d):
        raise ValueError("a period is longer than nothing: write `P7Y`, `P18M`, `P6W` or `P30D`")
    return Period(years=y, months=m, weeks=w, days=d)


PeriodField = Annotated[Period, BeforeValidator(parse_period)]


class Contact(Node):
    """How a party is reached."""

    email: str | None = None
    phone: str | None = None
    fax: str | None = None
    url: str | None = None
    address: str | None = None


class Organisation(Node):
    """The controller (art. 13(1)(a)-(b)): name, number, address, contact, authority, officer."""

    name: str
    country: str = Field(pattern=r"^[A-Z]{2}$")
    address: str | None = None
    company_number: str | None = None
    contact: Contact = Contact()
    authority: str = Field(description="the supervisory authority, an id of law/authorities (be-apd)")
    group: list[str] = []
    representative: str | None = None
    officer: Officer | None = None


class Officer(Node):
    """The data protection officer (art. 37), or the reason why there is none."""

    name: str | None = None
    contact: Contact = Contact()
    none_because: Text | None = None


class PersonKind(Node):
    """A kind of people whose data is processed; a legal basis may differ per kind."""

    title: Text | None = None
    employees: bool = Field(False, description="own staff: consent is presumed not free (LAW C12)")
    children: bool = False
    described: Text | None = None


Source = Literal["provided", "observed", "inferred", "third-party"]


class ElementDef(Node):
    """One element of a category: a DPV personal-data term, with its own title where the term's is not enough."""

    term: str = Field(description="a DPV personal-data term: pd:Name, or a full IRI")
    title: Text | None = None
    special: str | None = Field(None, description="special category it is or reveals (art. 9, 10): health, religion, …")
    source: Source | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"term": value} if isinstance(value, str) else value


class Category(Node):
    """A category of personal data, with its elements and where the data comes from."""

    title: Text
    source: Source = "provided"
    origin: Text | None = Field(None, description="for third-party data: from whom, public or not (art. 14(2)(f))")
    examples: Text | None = None
    context: Text | None = None
    special: str | None = None
    elements: dict[Id, ElementDef] = Field(min_length=1)


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Ref = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)?$")]
"""A category, or one element of it: `identity`, `identity.name`."""


class Automated(Node):
    """Solely automated decisions and profiling (art. 22, 13(2)(f)): none, or what, how and with what effect."""

    decision: bool = False
    profiling: bool = False
    logic: Text | None = None
    consequences: Text | None = None
    human_review: bool = False


class Compatible(Node):
    """A later purpose recorded as compatible with the one of collection, and told (art. 6(4), 13(3))."""

    because: Text
    told: date


def _purpose_id(value: str) -> str:
    if len(value.encode()) > PURPOSE_ID_BYTES:
        raise ValueError(f"a purpose id is at most {PURPOSE_ID_BYTES} bytes: it becomes a role and a schema name")
    return value


PurposeId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$"), AfterValidator(_purpose_id)]


class Purpose(Node):
    """A purpose: on which basis, what it uses, while what holds, and how long it keeps after what.

    `while` names a fact that must hold for the basis to run; `keep` + `after` give the term and its trigger.
    Without a term, the purpose keeps data while its basis condition holds.
    """

    title: Text
    description: Text | None = None
    purpose: str | None = Field(None, description="a DPV purpose term: dpv:DirectMarketing")
    basis: Basis | dict[Basis, list[Id]] = Field(
        {}, description="the legal basis, or the basis per kind of people; a text without one is told so by check"
    )
    law: str | None = Field(None, description="the law that obliges, for basis legal-obligation")
    interest: Text | None = Field(None, description="the interest, named, for basis legitimate-interest")
    balancing: Text | None = Field(None, description="the balancing test, or where it is kept")
    compelling: Text | None = Field(
        None, description="grounds that override an objection (art. 21(1), 17(3)): weighed once, for every objection"
    )
    on_objection: Literal["weigh", "uphold"] = Field(
        "weigh", description="an objection is weighed by a person (and suspends use until then), or always upheld"
    )
    special_ground: str | None = Field(None, description="the ground of art. 9(2) or 10 for special-category data")
    uses: Annotated[list[Ref], BeforeValidator(_one_or_many)] = []
    channels: dict[Id, Ref] = {}
    direct_marketing: bool = False
    soft_opt_in: Text | None = Field(
        None, description="e-mail to own customers without consent: sold what, similar how, how they could refuse"
    )
    while_: str | None = Field(None, alias="while", description="the fact that must hold: contract.active")
    keep: PeriodField | None = None
    after: str | None = Field(None, description="the fact that the term counts from: invoice.issued_at")
    hide_first: PeriodField | None = Field(None, description="hide for this long before removing")
    recipients: list[Id] = []
    compatible: Compatible | None = None
    required: Text | None = Field(None, description="whether data must be given, and what follows if not (13(2)(e))")
    automated: Automated | None = None
    how_asked: Text | None = Field(None, description="how consent is asked: the clear act")
    consent_expires: PeriodField | None = None
    consent_since: date | None = Field(
        None, description="consent asked under an older notice is stale: the purpose changed materially then (LAW C9)"
    )
    safeguards: list[Id] = []

    def bases(self, kind: str | None) -> list[Basis]:
        """Return the bases on which this purpose reaches people of `kind` (all its bases when kind is None)."""
        if isinstance(self.basis, Basis):
            return [self.basis]
        return [basis for basis, kinds in self.basis.items() if kind is None or kind in kinds]


class Recipient(Node):
    """Who receives data (art. 13(1)(e)): a processor under contract, a joint or another controller, an authority."""

    title: Text
    name: str | None = None
    role: Literal["processor", "joint-controller", "controller", "authority", "group", "court", "professional"]
    location: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    receives: Annotated[list[Ref], BeforeValidator(_one_or_many)] = []
    purposes: list[Id] = []
    contract: str | dict[str, Any] | None = None
    transfer: Id | None = None
    ground: Text | None = None
    arrangement: Text | None = Field(None, description="the essence of the joint-control arrangement (art. 26(2))")


class Transfer(Node):
    """A transfer outside the EEA (ch. V): where to, on what ground, with which safeguards."""

    country: str = Field(pattern=r"^[A-Z]{2}$|^EPO$")
    ground: str = Field(description="adequacy, scc, bcr, ad-hoc, certification, or art49-1-a … art49-2")
    certified: bool = Field(False, description="the recipient is certified where adequacy asks it (US: DPF)")
    module: int | None = None
    authorised: bool = Field(False, description="the authority authorised the clauses (46(3), ground ad-hoc)")
    assessment: Text | None = None
    copy_at: str | None = Field(None, description="where a person gets a copy of the safeguards")


class Safeguard(Node):
    """A technical or organisational measure (art. 32)."""

    title: Text
    kind: Literal["technical", "organisational"] = "technical"


class Tracker(Node):
    """Something stored on or read from a person's device (ePrivacy art. 5(3))."""

    title: Text
    purpose: Id | None = None
    kind: Literal["cookie", "local-storage", "pixel", "link", "sdk", "fingerprint", "embed"] = "cookie"
    necessary: bool = False
    consent: bool = True
    lasts: PeriodField | None = None
    party: str | None = None
    refusable: Literal["banner", "browser-only"] = "banner"


RightName = Literal[
    "access", "rectification", "erasure", "restriction", "portability", "objection", "withdrawal", "complaint"
]


class Rights(Node):
    """How people ask (art. 12): which rights are named, over which ways, with what check of identity."""

    offered: list[RightName] = []
    ways: list[Literal["web", "email", "post", "phone", "desk"]] = ["email", "post"]
    identity: Literal["proportionate", "id-card-copy", "none"] = "proportionate"
    form: Literal["free", "signed-letter"] = "free"
    url: str | None = None
    optout: Literal["free", "id-card-copy", "signed-letter"] = "free"
    notes: dict[RightName, Text] = {}
    narrowed: dict[RightName, Text] = Field({}, description="conditions that the published text adds to a right")


class Notice(Node):
    """A version of the published notice: from when it held, and which purposes it named."""

    from_: date = Field(alias="from")
    purposes: list[Id] | None = Field(None, description="the purposes it named; all present ones when absent")
    text: str | None = None


class Promise(Node):
    """A sentence of the published policy and what makes it true."""

    id: str
    text: Text
    holds: str
    tolerance: str | None = None
    owner: str | None = None
    evidence: str | None = None
    expires: date | None = None


class Limits(Node):
    """Brakes against a wrong mass removal (DESIGN §8)."""

    share_of_people: float = Field(0.01, gt=0, le=1)


class Published(Node):
    """What only prose can say and a linter still has to judge: how the text asks, closes and tells."""

    consent_by: Literal["clear-act", "continued-use", "accepting-policy", "silence"] = "clear-act"
    changes: Literal["announced", "without-notice"] = "announced"
    purposes_open: bool = Field(False, description="the text leaves further purposes open")
    categories_open: bool = Field(False, description="the text leaves further categories open")
    sharing_own_purposes: bool = Field(False, description="partners may use the data for their own ends")
    disclosure_on_request: bool = Field(False, description="authorities receive data on mere request")
    stays_in_eea: bool = Field(False, description="the text says that no data leaves the EEA")
    no_special: bool = Field(False, description="the text says that no special-category data is processed")
    tell_a_friend: bool = False
    email_opens_tracked: bool = False
    references_dead: list[str] = []
    marketing_optout_only: bool = False
    undeclared: list[str] = Field([], description="data that the text uses and declares nowhere: `age`, `income`")
    retention_vague: bool = Field(
        False, description="the text says `no longer than needed`, or gives examples of terms"
    )
    transfers_unspecified: bool = Field(False, description="data may leave the EEA: no country, ground or safeguard")
    clients_data_own_use: bool = Field(False, description="data held as processor may serve own purposes")
    moves_with_business: bool = Field(False, description="data may pass on at a sale of the business, untold")
    definition_wrong: bool = Field(False, description="the text defines personal data more narrowly than art. 4(1)")
    authority_contact: Contact | None = None


class Version(Node):
    """The version of this policy: its id and the day from which it holds."""

    id: str
    from_: date = Field(alias="from")
    changes: Text | None = None


def _kinds(value: Any) -> Any:
    if isinstance(value, list):
        return {item: {} for item in value if isinstance(item, str)}
    if isinstance(value, Mapping):
        return {key: {} if item is None else item for key, item in value.items()}
    return value


class Policy(Node):
    """A whole policy: every file of `policy/`, merged by top-level key."""

    belofte: Literal[1]
    version: Version | None = None
    organisation: Organisation
    scope: Text | None = None
    languages: list[Lang] = Field(min_length=1)
    people: Annotated[dict[Id, PersonKind], BeforeValidator(_kinds)] = {}
    categories: dict[Id, Category] = {}
    purposes: dict[PurposeId, Purpose] = {}
    recipients: dict[Id, Recipient] = {}
    transfers: dict[Id, Transfer] = {}
    safeguards: dict[Id, Safeguard] = {}
    trackers: dict[Id, Tracker] = {}
    rights: Rights | None = None
    notices: dict[Id, Notice] = {}
    links: dict[Id, Contact] = {}
    facts: dict[str, Text] = Field({}, description="words for the facts that terms count from: invoice.issued_at")
    published: Published = Published()
    promises: list[Promise] = []
    limits: Limits = Limits()

    def elements(self, ref: str) -> list[str]:
        """Return the elements (`category.element`) that a reference names; [] when it names none."""
        category, _, element = ref.partition(".")
        found = self.categories.get(category)
        if found is None:
            return []
        if element:
            return [ref] if element in found.elements else []
        return [f"{category}.{name}" for name in found.elements]

    def element(self, ref: str) -> ElementDef:
        """Return the definition of `category.element`; `KeyError` when there is none."""
        category, _, name = ref.partition(".")
        return self.categories[category].elements[name]

    def source(self, ref: str) -> Source:
        """Return where an element comes from: its own word, else its category's."""
        return self.element(ref).source or self.categories[ref.partition(".")[0]].source

    def special(self, ref: str) -> str | None:
        """Return the special category that an element is or reveals, if any."""
        return self.element(ref).special or self.categories[ref.partition(".")[0]].special


Organisation.model_rebuild()

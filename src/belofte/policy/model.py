"""The policy language, version 1: what a company writes, as frozen values.

Every element is addressable by its path (`purposes.orders`, `categories.identity.elements.email`).
Texts are per language; `Text.of` falls back and says so. Nothing here opens a file or reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator
from pydantic.json_schema import JsonSchemaValue

from belofte.law.dpia import Code
from belofte.policy import forms
from belofte.policy.complaints import Complaints
from belofte.policy.contract import Contract
from belofte.policy.department import Department
from belofte.policy.forms import Basis, Contact, Id, Lang, Node, Period, PeriodField, PurposeId, Ref, Refs, Site, Text
from belofte.policy.promise import Promise

__all__ = [
    "Basis", "Category", "Contact", "Id", "Node", "Period", "Policy", "Purpose", "Source", "Text", "Tracker",
    "Transfer",
]  # fmt: skip

LANGUAGE_VERSION = 1


class Organisation(Node):
    """The controller (art. 13(1)(a)-(b)): name, number, address, contact, authority, officer."""

    name: str = Field(description="the legal name")
    country: str = Field(pattern=r"^[A-Z]{2}$", description="where it is established: two letters, `BE`")
    address: str | None = Field(None, description="postal address of the seat")
    company_number: str | None = Field(
        None, description="number in the register of companies; a Belgian one is checked"
    )
    contact: Contact = Field(Contact(), description="how people reach the controller about their data")
    authority: str = Field(description="the supervisory authority, an id of law/authorities (be-apd)")
    group: list[str] = Field(
        [], description="companies that the text names as deciding together; check asks who of them decides"
    )
    representative: str | None = Field(
        None, description="representative in the Union (art. 27), for a controller outside it"
    )
    officer: Officer | None = Field(None, description="the data protection officer, or why there is none")


class Officer(Node):
    """The data protection officer (art. 37), or the reason why there is none."""

    name: str | None = Field(None, description="who it is")
    contact: Contact = Field(Contact(), description="how people reach the officer")
    none_because: Text | None = Field(None, description="why no officer is required")


class PersonKind(Node):
    """A kind of people whose data is processed; a legal basis may differ per kind."""

    title: Text | None = Field(None, description="what people of this kind are called")
    employees: bool = Field(False, description="own staff: consent is presumed not free (LAW C12)")
    children: bool = Field(False, description="children under 16 may be among them")
    described: Text | None = Field(None, description="who counts as one, in a sentence")


Source = Literal["provided", "observed", "inferred", "third-party"]


class ElementDef(Node):
    """One element of a category: a DPV personal-data term, with its own title where the term's is not enough."""

    term: str = Field(description="a DPV personal-data term: pd:Name, or a full IRI")
    title: Text | None = Field(None, description="what people read instead of the term's own label")
    special: str | None = Field(None, description="special category it is or reveals (art. 9, 10): health, religion, …")
    source: Source | None = Field(None, description="where this element comes from, when it differs from its category")

    short: ClassVar[tuple[JsonSchemaValue, ...]] = ({"type": "string"},)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"term": value} if isinstance(value, str) else value


class Category(Node):
    """A category of personal data, with its elements and where the data comes from."""

    title: Text = Field(description="what people read")
    source: Source = Field(
        "provided", description="who the data comes from: the person, watching her, conclusions about her, or others"
    )
    origin: Text | None = Field(None, description="for third-party data: from whom, public or not (art. 14(2)(f))")
    examples: Text | None = Field(None, description="examples for people to recognise it by")
    context: Text | None = Field(None, description="in what setting it arises")
    special: str | None = Field(None, description="special category of the whole (art. 9, 10): health, religion, …")
    elements: dict[Id, ElementDef] = Field(min_length=1, description="its elements, each with its term")


class Automated(Node):
    """Solely automated decisions and profiling (art. 22, 13(2)(f)): none, or what, how and with what effect."""

    decision: bool = Field(False, description="decisions with legal or similar effect are taken by machine alone")
    profiling: bool = Field(False, description="people are profiled")
    logic: Text | None = Field(None, description="the logic involved, in words")
    consequences: Text | None = Field(None, description="what it means for the person")
    human_review: bool = Field(False, description="a person can be asked to look again")


class Compatible(Node):
    """A later purpose recorded as compatible with the one of collection, and told (art. 6(4), 13(3))."""

    because: Text = Field(description="why it is compatible")
    told: date = Field(description="the day on which people were told; it counts from then")


class Purpose(Node):
    """A purpose: on which basis, what it uses, while what holds, and how long it keeps after what.

    `while` names a fact that must hold for the basis to run; `keep` + `after` give the term and its trigger.
    Without a term, the purpose keeps data while its basis condition holds.
    """

    title: Text = Field(description="what people read")
    description: Text | None = Field(None, description="more words, where the title is not enough")
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
    uses: Refs = Field([], description="categories or elements that the purpose works with")
    channels: dict[Id, Ref] = Field(
        {}, description="ways to reach people for it, each with the element that it needs: `email: identity.email`"
    )
    masked: dict[Ref, forms.Mask] = Field({}, description="of what it uses, what its readers see in another form only")
    direct_marketing: bool = Field(False, description="direct marketing: an objection always wins (art. 21(3))")
    soft_opt_in: Text | None = Field(
        None, description="e-mail to own customers without consent: sold what, similar how, how they could refuse"
    )
    while_: str | None = Field(None, alias="while", description="the fact that must hold: contract.active")
    keep: PeriodField | None = Field(None, description="how long, counted from `after`")
    after: str | None = Field(None, description="the fact that the term counts from: invoice.issued_at")
    hide_first: PeriodField | None = Field(None, description="hide for this long before removing")
    recipients: list[Id] = Field([], description="who receives data for it")
    compatible: Compatible | None = Field(
        None, description="a later purpose, compatible with that of collection and told"
    )
    required: Text | None = Field(None, description="whether data must be given, and what follows if not (13(2)(e))")
    automated: Automated | None = Field(
        None, description="automated decisions and profiling; `{}` says that there is none"
    )
    impact: dict[Code, bool] = Field({}, description="reasons for an impact assessment (art. 35) that it meets or not")
    how_asked: Text | None = Field(None, description="how consent is asked: the clear act")
    consent_expires: PeriodField | None = Field(None, description="how long a consent holds")
    consent_since: date | None = Field(
        None, description="consent asked under an older notice is stale: the purpose changed materially then (LAW C9)"
    )
    ask_again: PeriodField | None = Field(
        None, description="how long people whose consent a change made stale are asked again (default: P3M)"
    )
    safeguards: list[Id] = Field([], description="measures that protect it")

    def bases(self, kind: str | None) -> list[Basis]:
        """Return the bases on which this purpose reaches people of `kind` (all its bases when kind is None)."""
        if isinstance(self.basis, Basis):
            return [self.basis]
        return [basis for basis, kinds in self.basis.items() if kind is None or kind in kinds]

    def mask(self, element: str) -> forms.Mask | None:
        """Return the form in which this purpose sees an element, by its own word or its category's; None: as it is."""
        return self.masked.get(element, self.masked.get(element.partition(".")[0]))


class Recipient(Node):
    """Who receives data (art. 13(1)(e)): a processor under contract, a joint or another controller, an authority."""

    title: Text = Field(description="what people read")
    name: str | None = Field(None, description="who exactly; people may ask (art. 15(1)(c))")
    role: Literal["processor", "joint-controller", "controller", "authority", "group", "court", "professional"] = Field(
        description="in which role it receives"
    )
    location: str | None = Field(None, pattern=r"^[A-Z]{2}$", description="where it is: two letters")
    receives: Refs = Field([], description="categories or elements that it receives")
    purposes: list[Id] = Field([], description="for which purposes")
    contract: Contract | None = Field(None, description="the contract with a processor, and what it says (art. 28)")
    transfer: Id | None = Field(None, description="the transfer that covers it, for one outside the EEA")
    ground: Text | None = Field(None, description="why another controller may receive it")
    told: Literal["each-time", "recorded"] = Field(
        "each-time",
        description="how it learns of an erasure (art. 19): `each-time`; or only of what is `recorded` as sent to it, "
        "because all of it is, or because it works in our own stores",
    )
    arrangement: Text | None = Field(None, description="the essence of the joint-control arrangement (art. 26(2))")


class Transfer(Node):
    """A transfer outside the EEA (ch. V): where to, on what ground, with which safeguards."""

    country: str = Field(pattern=r"^[A-Z]{2}$|^EPO$", description="where to: two letters, or `EPO`")
    ground: str = Field(description="adequacy, scc, bcr, ad-hoc, certification, or art49-1-a … art49-2")
    certified: bool = Field(False, description="the recipient is certified where adequacy asks it (US: DPF)")
    module: int | None = Field(None, description="which module of the standard clauses: 1 to 4")
    authorised: bool = Field(False, description="the authority authorised the clauses (46(3), ground ad-hoc)")
    assessment: Text | None = Field(None, description="the transfer impact assessment, or where it is kept")
    copy_at: str | None = Field(None, description="where a person gets a copy of the safeguards")


class Safeguard(Node):
    """A technical or organisational measure (art. 32)."""

    title: Text = Field(description="what people read")
    kind: Literal["technical", "organisational"] = Field("technical", description="what sort of measure")


class Tracker(Node):
    """Something stored on or read from a person's device (ePrivacy art. 5(3))."""

    title: Text = Field(description="what people read")
    purpose: Id | None = Field(None, description="the purpose that it serves")
    kind: Literal["cookie", "local-storage", "pixel", "link", "sdk", "fingerprint", "embed"] = Field(
        "cookie", description="its technique"
    )
    necessary: bool = Field(False, description="strictly necessary for what the person asked for: no consent needed")
    consent: bool = Field(True, description="it is placed after consent only")
    lasts: PeriodField | None = Field(None, description="how long it stays on the device")
    party: str | None = Field(None, description="the recipient who reads it, where that is somebody else")
    refusable: Literal["banner", "browser-only"] = Field("banner", description="where it can be refused")


RightName = Literal[
    "access", "rectification", "erasure", "restriction", "portability", "objection", "withdrawal", "complaint"
]


class Rights(Node):
    """How people ask (art. 12): which rights are named, over which ways, with what check of identity."""

    offered: list[RightName] = Field([], description="the rights that the text names")
    ways: list[Literal["web", "email", "post", "phone", "desk"]] = Field(
        ["email", "post"], description="the ways in which people can ask"
    )
    identity: Literal["proportionate", "id-card-copy", "none"] = Field(
        "proportionate", description="how identity is checked"
    )
    form: Literal["free", "signed-letter"] = Field("free", description="the form that is asked for")
    url: str | None = Field(None, description="where the form is")
    optout: Literal["free", "id-card-copy", "signed-letter"] = Field(
        "free", description="what is asked of who refuses advertising"
    )
    notes: dict[RightName, Text] = Field({}, description="words to add to a right")
    narrowed: dict[RightName, Text] = Field({}, description="conditions that the published text adds to a right")
    complaints: Complaints = Field(Complaints(), description="complaints to the company itself")


class Notice(Node):
    """A version of the published notice: from when it held, and which purposes it named."""

    from_: date = Field(alias="from", description="the day from which it held")
    purposes: list[Id] | None = Field(None, description="the purposes it named; all present ones when absent")
    text: str | None = Field(None, description="where the text is kept")


class Limits(Node):
    """Brakes against a wrong mass removal (DESIGN §8), and against stores that are told of choices too late."""

    share_of_people: float = Field(
        0.01,
        strict=True,
        gt=0,
        le=1,
        description="a removal about a larger share of people stops until a second person approves",
    )
    told_within: int = Field(24, strict=True, ge=1, description="hours after which check warns: a store was not told")


class Published(Node):
    """What only prose can say and a linter still has to judge: how the text asks, closes and tells."""

    consent_by: Literal["clear-act", "continued-use", "accepting-policy", "silence"] = Field(
        "clear-act", description="how the text says that people consent"
    )
    changes: Literal["announced", "without-notice"] = Field(
        "announced", description="how the text says that it changes"
    )
    purposes_open: bool = Field(False, description="the text leaves further purposes open")
    categories_open: bool = Field(False, description="the text leaves further categories open")
    sharing_own_purposes: bool = Field(False, description="partners may use the data for their own ends")
    disclosure_on_request: bool = Field(False, description="authorities receive data on mere request")
    stays_in_eea: bool = Field(False, description="the text says that no data leaves the EEA")
    no_special: bool = Field(False, description="the text says that no special-category data is processed")
    tell_a_friend: bool = Field(False, description="people are asked for the addresses of friends")
    email_opens_tracked: bool = Field(False, description="the opening of e-mails is tracked")
    references_dead: list[str] = Field([], description="what the text refers to and is not there")
    marketing_optout_only: bool = Field(False, description="electronic advertising without prior consent")
    undeclared: list[str] = Field([], description="data that the text uses and declares nowhere: `age`, `income`")
    retention_vague: bool = Field(
        False, description="the text says `no longer than needed`, or gives examples of terms"
    )
    transfers_unspecified: bool = Field(False, description="data may leave the EEA: no country, ground or safeguard")
    clients_data_own_use: bool = Field(False, description="data held as processor may serve own purposes")
    moves_with_business: bool = Field(False, description="data may pass on at a sale of the business, untold")
    definition_wrong: bool = Field(False, description="the text defines personal data more narrowly than art. 4(1)")
    authority_contact: Contact | None = Field(
        None, description="the authority's contact as the text gives it; compared with the known one"
    )


class Version(Node):
    """The version of this policy: its id and the day from which it holds."""

    id: str = Field(description="its name")
    from_: date = Field(alias="from", description="the day from which it holds")
    changes: Text | None = Field(None, description="what changed, for people")


_IDS = TypeAdapter(list[Id])


def _kinds(value: Any) -> Any:
    if isinstance(value, list):
        return {item: {} for item in _IDS.validate_python(value)}  # a wrong item is refused at its own place
    if isinstance(value, Mapping):
        return {key: {} if item is None else item for key, item in value.items()}
    return value


Kinds = Annotated[
    dict[Id, PersonKind],
    BeforeValidator(_kinds, json_schema_input_type=list[Id] | dict[Id, PersonKind | None]),
]
"""Kinds of people, each with what is said of it; a list where nothing is."""


class Policy(Node):
    """A whole policy: every file of `policy/`, merged by top-level key."""

    belofte: Literal[1] = Field(description="the version of the policy language: 1")
    version: Version | None = Field(None, description="which policy this is, and from when")
    organisation: Organisation = Field(description="who decides about the data")
    scope: Text | None = Field(None, description="whom the policy covers, in a sentence")
    languages: list[Lang] = Field(
        min_length=1, description="the languages of the people addressed; texts are wanted in each"
    )
    people: Kinds = Field({}, description="the kinds of people")
    categories: dict[Id, Category] = Field({}, description="the data, as a closed list")
    purposes: dict[PurposeId, Purpose] = Field({}, description="what it is used for")
    departments: dict[Id, Department] = Field({}, description="who of the company works for which purposes")
    recipients: dict[Id, Recipient] = Field({}, description="who else receives it")
    transfers: dict[Id, Transfer] = Field({}, description="transfers outside the EEA")
    safeguards: dict[Id, Safeguard] = Field({}, description="measures of protection")
    trackers: dict[Id, Tracker] = Field({}, description="cookies and the like")
    rights: Rights | None = Field(None, description="how people ask")
    notices: dict[Id, Notice] = Field({}, description="published versions: data is kept under what they named")
    links: dict[Id, Site] = Field({}, description="others' pages that texts refer to or carry inside")
    facts: dict[str, Text] = Field({}, description="words for the facts that terms count from: invoice.issued_at")
    published: Published = Field(Published(), description="what the published prose says, for check to judge")
    promises: list[Promise] = Field([], description="the published sentences, each tied to what makes it true")
    limits: Limits = Field(Limits(), description="brakes: on a mass removal, on stores that learn late")

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

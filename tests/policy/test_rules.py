"""Each rule of the linter finds what breaks it, at its path; the sound policy breaks none."""

from __future__ import annotations

from typing import Any

import pytest
from tests.policy.shop import Change, findings, text

from belofte.law.processor import ITEMS
from belofte.policy.check import RULES


def put(path: str, value: Any) -> Change:
    """Return the change that sets a value at a dotted path."""

    def change(policy: dict[str, Any]) -> None:
        *way, last = path.split(".")
        for part in way:
            policy = policy.setdefault(part, {})
        policy[last] = value

    return change


def cut(path: str) -> Change:
    """Return the change that removes what is at a dotted path."""

    def change(policy: dict[str, Any]) -> None:
        *way, last = path.split(".")
        for part in way:
            policy = policy[part]
        del policy[last]

    return change


def both(*changes: Change) -> Change:
    def change(policy: dict[str, Any]) -> None:
        for one in changes:
            one(policy)

    return change


HEALTH = {"title": text("health"), "elements": {"note": "pd:MedicalHealth"}}
STYLE = {"title": text("levensstijl"), "source": "inferred", "elements": {"style": "pd:Interest"}}
SHARED = {"title": text("partner"), "name": "Partner NV", "location": "BE", "purposes": ["orders"]}
SAID = dict.fromkeys(ITEMS, "§ 1")
CLOUD = {
    **SHARED,
    "role": "processor",
    "contract": {"kept": "DPA-2", "items": "all"},
    "location": "US",
    "transfer": "us",
}
SCC = {"country": "US", "ground": "scc", "module": 2, "assessment": text("done"), "copy_at": "https://shop.example"}
CALLS = {"email": "identity.email", "phone": "identity.name"}
SCORE = {"profiling": True, "logic": text("a score"), "consequences": text("a limit"), "human_review": True}

BREACHES: list[tuple[str, str, Change]] = [
    ("CONTROLLER_UNCLEAR", "organisation.group", put("organisation.group", ["Shop SA"])),
    ("CONTROLLER_UNCLEAR", "organisation", cut("organisation.address")),
    ("CONTROLLER_UNCLEAR", "organisation", cut("organisation.contact")),
    ("COMPANY_NUMBER_INVALID", "organisation.company_number", put("organisation.company_number", "0887.984.224")),
    ("COMPANY_NUMBER_MISSING", "organisation", cut("organisation.company_number")),
    ("AUTHORITY_UNKNOWN", "organisation.authority", put("organisation.authority", "be-abc")),
    (
        "DPA_CONTACT_WRONG",
        "published.authority_contact.email",
        put("published.authority_contact", {"email": "commission@privacycommission.be"}),
    ),
    ("DPO_SILENT", "organisation", cut("organisation.officer")),
    ("DPO_SILENT", "organisation.officer", put("organisation.officer", {"name": "Alice"})),
    ("VERSION_MISSING", "", cut("version")),
    ("NO_NOTICE_CHANGE", "published.changes", put("published.changes", "without-notice")),
    ("SCOPE_GAP", "", cut("scope")),
    ("DEAD_REF", "published.references_dead.0", put("published.references_dead", ["cookie policy"])),
    ("DEFINITION_WRONG", "published.definition_wrong", put("published.definition_wrong", True)),
    ("LANG_SINGLE", "languages", put("languages", ["nl"])),
    ("LANG_MISSING", "scope", put("scope", {"nl": "klanten"})),
    ("CATEGORY_OPEN", "published.categories_open", put("published.categories_open", True)),
    ("CATEGORY_UNDECLARED", "published.undeclared.0", put("published.undeclared", ["age"])),
    ("CATEGORY_UNDECLARED", "purposes.books", put("purposes.books.uses", [])),
    ("CATEGORY_UNUSED", "categories.health", put("categories.health", {**HEALTH, "elements": {"x": "pd:Height"}})),
    (
        "CATEGORY_UNUSED",
        "categories.sales.elements.basket",
        both(
            put("categories.sales.elements.basket", "pd:Purchase"),
            put("purposes.orders.uses", ["identity", "sales.order"]),
        ),
    ),
    ("SOURCE_MISSING", "categories.sales", put("categories.sales.source", "third-party")),
    (
        "NEGATION_CONTRADICTED",
        "categories.health.elements.note",
        both(put("published.no_special", True), put("categories.health", HEALTH)),
    ),
    (
        "NEGATION_CONTRADICTED",
        "categories.style.elements.style",
        both(put("published.no_special", True), put("categories.style", STYLE)),
    ),
    (
        "SPECIAL_UNGROUNDED",
        "purposes.orders",
        both(put("categories.health", HEALTH), put("purposes.orders.uses", ["identity", "sales", "health"])),
    ),
    ("COOKIE_LI", "trackers.visits", put("trackers.visits.consent", False)),
    ("COOKIE_LI", "trackers.visits", put("trackers.visits.purpose", "orders")),
    (
        "PIXEL_NO_CONSENT",
        "trackers.visits",
        both(put("trackers.visits.kind", "pixel"), put("trackers.visits.consent", False)),
    ),
    ("PIXEL_NO_CONSENT", "published.email_opens_tracked", put("published.email_opens_tracked", True)),
    ("COOKIE_BROWSER_ONLY", "trackers.visits", put("trackers.visits.refusable", "browser-only")),
    ("TRACKER_TERM_MISSING", "trackers.visits", cut("trackers.visits.lasts")),
    ("TRACKER_PURPOSE", "trackers.visits", cut("trackers.visits.purpose")),
    ("JOINT_EMBED", "trackers.visits", put("trackers.visits.kind", "embed")),
    ("CONSENT_IMPLIED", "published.consent_by", put("published.consent_by", "continued-use")),
    ("CONSENT_BUNDLED", "published.consent_by", put("published.consent_by", "accepting-policy")),
    ("BASIS_MISSING", "purposes.books", cut("purposes.books.basis")),
    ("BASIS_MISSING", "purposes.orders.basis.contract", put("purposes.orders.basis.contract", [])),
    ("LAW_UNNAMED", "purposes.books", cut("purposes.books.law")),
    ("LI_UNNAMED", "purposes.orders", cut("purposes.orders.interest")),
    ("BALANCING_MISSING", "purposes.orders", cut("purposes.orders.balancing")),
    ("PURPOSE_VAGUE", "purposes.orders", put("purposes.orders.title", text("orders and other purposes"))),
    ("PURPOSE_OPEN", "published.purposes_open", put("published.purposes_open", True)),
    ("RETENTION_MISSING", "purposes.books", both(cut("purposes.books.keep"), cut("purposes.books.after"))),
    ("RETENTION_MISSING", "purposes.orders", cut("purposes.orders.while")),
    (
        "CONTRACT_ENDLESS",
        "purposes.orders",
        both(cut("purposes.orders.while"), put("purposes.orders.basis", {"contract": ["customer", "staff"]})),
    ),
    ("RETENTION_VAGUE", "published.retention_vague", put("published.retention_vague", True)),
    ("TRIGGER_WORDLESS", "purposes.books.after", put("purposes.books.after", "invoice.paid_at")),
    ("RETENTION_DIFFERS", "purposes.books.keep", put("purposes.books.keep", "P12Y")),
    (
        "PROFILING_CONTRACT",
        "purposes.orders.basis",
        both(put("purposes.orders.automated", SCORE), put("purposes.orders.basis", "contract")),
    ),
    ("ADM_SILENT", "", cut("purposes.orders.automated")),
    (
        "ADM_SILENT",
        "purposes.books",
        put("categories.sales.source", "inferred"),
    ),
    (
        "ADM_UNSAFE",
        "purposes.books.automated",
        put("purposes.books.automated", {**SCORE, "decision": True, "human_review": False}),
    ),
    ("ADM_UNSAFE", "purposes.books.automated", put("purposes.books.automated", {"profiling": True})),
    ("REQUIREMENT_SILENT", "", cut("purposes.orders.required")),
    ("CONSENT_IMBALANCE", "purposes.news.basis", put("purposes.news.basis", {"consent": ["customer", "staff"]})),
    ("OPTOUT_ONLY_DM", "published.marketing_optout_only", put("published.marketing_optout_only", True)),
    (
        "OPTOUT_ONLY_DM",
        "purposes.news.channels.email",
        both(put("purposes.news.basis", "legitimate-interest"), put("purposes.news.interest", text("selling"))),
    ),
    ("NO_CALL_LIST", "purposes.news.channels.phone", put("purposes.news.channels", CALLS)),
    ("OBJECTION_WEIGHED", "purposes.news.compelling", put("purposes.news.compelling", text("we must sell"))),
    ("TELL_A_FRIEND", "published.tell_a_friend", put("published.tell_a_friend", True)),
    ("RECIPIENT_UNNAMED", "recipients.host", cut("recipients.host.name")),
    ("RECIPIENT_AIMLESS", "recipients.host", cut("recipients.host.purposes")),
    ("SHARE_OWN_PURPOSE", "published.sharing_own_purposes", put("published.sharing_own_purposes", True)),
    ("SHARE_OWN_PURPOSE", "recipients.partner", put("recipients.partner", {**SHARED, "role": "controller"})),
    ("DISCLOSURE_ON_REQUEST", "published.disclosure_on_request", put("published.disclosure_on_request", True)),
    ("JOINT_UNSTATED", "recipients.partner", put("recipients.partner", {**SHARED, "role": "joint-controller"})),
    ("PROCESSOR_CONTRACT", "recipients.host", cut("recipients.host.contract")),
    ("CONTRACT_ITEM", "recipients.host.contract", put("recipients.host.contract.items", {**SAID, "audit": False})),
    ("CONTRACT_UNSAID", "recipients.host.contract", put("recipients.host.contract", "DPA-1")),
    ("ROLE_CONFUSED", "published.clients_data_own_use", put("published.clients_data_own_use", True)),
    ("SHARE_ON_SALE", "published.moves_with_business", put("published.moves_with_business", True)),
    ("TRANSFER_VAGUE", "published.transfers_unspecified", put("published.transfers_unspecified", True)),
    ("TRANSFER_VAGUE", "recipients.host", cut("recipients.host.location")),
    ("TRANSFER_VAGUE", "transfers.us", put("transfers.us", {k: v for k, v in SCC.items() if k != "copy_at"})),
    ("TRANSFER_UNGROUNDED", "recipients.host", put("recipients.host.location", "US")),
    ("TRANSFER_UNGROUNDED", "transfers.us", put("transfers.us", {**SCC, "module": None})),
    (
        "TRANSFER_UNGROUNDED",
        "recipients.cloud.transfer",
        both(put("recipients.cloud", {**CLOUD, "location": "IN"}), put("transfers.us", SCC)),
    ),
    (
        "TRANSFER_CONTRADICTION",
        "recipients.cloud",
        both(put("recipients.cloud", CLOUD), put("transfers.us", SCC), put("published.stays_in_eea", True)),
    ),
    ("RIGHT_MISSING", "rights.offered", put("rights.offered", ["access", "complaint"])),
    ("COMPLAINT_MISSING", "", cut("rights")),
    ("RIGHT_NARROWED", "rights.narrowed.erasure", put("rights.narrowed", {"erasure": text("after the contract")})),
    ("ID_COPY", "rights.identity", put("rights.identity", "id-card-copy")),
    ("FORM_BARRIER", "rights.form", put("rights.form", "signed-letter")),
    ("FORM_BARRIER", "rights.ways", put("rights.ways", ["post"])),
    ("FILL_IN", "organisation.address", put("organisation.address", "FILL-IN")),
    ("FILL_IN", "scope.en", put("scope", {"nl": "klanten", "en": "FILL-IN"})),
    ("FILL_IN", "scope", put("scope", "for whom? FILL-IN")),
    (
        "FILL_IN",
        "recipients.x.contract.kept",
        put("recipients.x", {**SHARED, "role": "controller", "contract": {"kept": "FILL-IN"}}),
    ),
    ("FILL_IN", "purposes.orders.while", put("purposes.orders.while", "FILL-IN")),
    ("OBJECTION_HURDLE", "rights.optout", put("rights.optout", "id-card-copy")),
]


@pytest.mark.parametrize(("rule", "path", "change"), BREACHES, ids=[f"{rule}-{path}" for rule, path, _ in BREACHES])
def test_rule_finds_what_breaks_it(rule: str, path: str, change: Change):
    found = findings(change)
    assert (rule, path) in {(finding.id, finding.path) for finding in found}
    assert {finding.severity for finding in found if finding.id == rule} == {RULES[rule].severity}


def test_the_sound_policy_breaks_no_rule():
    assert findings() == []


def test_every_rule_has_its_test_its_law_and_its_mend():
    assert {rule for rule, _, _ in BREACHES} == set(RULES)
    assert all(rule.law and rule.mend and rule.mend[0].islower() for rule in RULES.values())
    assert list(RULES) == sorted(RULES)


def test_what_a_clean_transfer_and_a_soft_opt_in_need():
    sound = both(
        put("recipients.cloud", CLOUD),
        put("transfers.us", SCC),
        put("purposes.news.basis", "legitimate-interest"),
        put("purposes.news.interest", text("selling to customers")),
        put("purposes.news.balancing", text("weighed")),
        put("purposes.news.soft_opt_in", text("own customers, the same goods, refused at the till")),
        cut("trackers"),
    )
    assert findings(sound) == []


def test_errors_come_first():
    found = findings(both(cut("version"), put("rights.form", "signed-letter")))
    assert [finding.severity for finding in found] == ["error", "warning"]
    assert str(found[0].place).startswith("policy/shop.yaml:")

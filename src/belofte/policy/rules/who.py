"""Who decides, for whom the policy speaks, and since when (GDPR art. 12, 13(1)(a)-(b), 26, 37; WER XII.6)."""

from __future__ import annotations

from datetime import date

from stdnum.be import vat  # type: ignore[import-untyped, unused-ignore]

from belofte.law.authorities import AUTHORITIES, outdated
from belofte.policy.findings import Hits
from belofte.policy.model import Policy
from belofte.policy.problems import nearest
from belofte.policy.rules.rule import Rule, said
from belofte.policy.texts import untranslated


def _controller(policy: Policy, today: date) -> Hits:
    who = policy.organisation
    if who.group:
        yield "organisation.group", "the controller is a group of companies: who of them decides is not said"
    if not who.address:
        yield "organisation", "the controller has no address"
    if not any((who.contact.email, who.contact.phone, who.contact.url)):
        yield "organisation", "the controller has no e-mail, phone or page to turn to"


def _number(policy: Policy, today: date) -> Hits:
    who = policy.organisation
    if who.country == "BE" and who.company_number and not vat.is_valid(who.company_number):
        yield "organisation.company_number", f"`{who.company_number}` is no Belgian company number"


def _no_number(policy: Policy, today: date) -> Hits:
    if policy.organisation.country == "BE" and not policy.organisation.company_number:
        yield "organisation", "the controller's company number is not stated"


def _authority(policy: Policy, today: date) -> Hits:
    written = policy.organisation.authority
    if written not in AUTHORITIES:
        near = nearest(written, AUTHORITIES)
        known = ", ".join(sorted(AUTHORITIES))
        yield "organisation.authority", f"`{written}` is no authority known here ({known}){'; ' + near if near else ''}"


def _authority_contact(policy: Policy, today: date) -> Hits:
    contact = policy.published.authority_contact
    if contact is None or policy.organisation.authority not in AUTHORITIES:
        return
    wrong = outdated(
        policy.organisation.authority,
        address=contact.address,
        email=contact.email,
        phone=contact.phone,
        url=contact.url,
    )
    for part in wrong:
        yield (
            f"published.authority_contact.{part}",
            f"the {part} given for the authority is not (or no longer) its {part}",
        )


def _officer(policy: Policy, today: date) -> Hits:
    officer = policy.organisation.officer
    if officer is None:
        yield "organisation", "a data protection officer is neither named nor ruled out"
    elif officer.none_because is None and not any(
        (officer.contact.email, officer.contact.phone, officer.contact.address)
    ):
        yield "organisation.officer", "the data protection officer cannot be reached"


def _version(policy: Policy, today: date) -> Hits:
    if policy.version is None:
        yield "", "the policy has no version and no date"


def _changes(policy: Policy, today: date) -> Hits:
    quiet = policy.published.changes == "without-notice"
    yield from said("published.changes", quiet, "the policy may change without telling the people concerned")


def _scope(policy: Policy, today: date) -> Hits:
    if policy.scope is None:
        yield "", "the policy does not say for whom it is meant"
    if not policy.people:
        yield "", "no kind of people is declared"
    for kind in policy.people:
        if policy.purposes and not any(purpose.bases(kind) for purpose in policy.purposes.values()):
            yield f"people.{kind}", f"`{kind}` is declared, and no purpose says why their data is held"


def _dead(policy: Policy, today: date) -> Hits:
    for index, dead in enumerate(policy.published.references_dead):
        yield f"published.references_dead.{index}", f"the text refers to `{dead}`, which is not there"


def _definition(policy: Policy, today: date) -> Hits:
    yield from said(
        "published.definition_wrong", policy.published.definition_wrong, "the text defines personal data too narrowly"
    )


def _single(policy: Policy, today: date) -> Hits:
    if len(policy.languages) == 1:
        yield "languages", f"the policy speaks `{policy.languages[0]}` only"


def _untranslated(policy: Policy, today: date) -> Hits:
    for path, missing in untranslated(policy):
        yield (
            path,
            f"no words in {', '.join(missing)}: people get another language",
        )


RULES = (
    Rule(
        "CONTROLLER_UNCLEAR",
        "error",
        "art. 4(7), 13(1)(a), 26",
        "name the one company that decides, with address and contact; list the others as recipients with their role",
        _controller,
    ),
    Rule(
        "COMPANY_NUMBER_INVALID",
        "error",
        "WER III.26, XII.6",
        "copy the number from the Crossroads Bank for Enterprises: ten digits, the last two a check",
        _number,
    ),
    Rule(
        "COMPANY_NUMBER_MISSING",
        "warning",
        "WER XII.6",
        "add `organisation.company_number`",
        _no_number,
    ),
    Rule(
        "AUTHORITY_UNKNOWN",
        "error",
        "art. 13(2)(d), 77",
        "write the id of the authority of your main establishment: `be-apd` in Belgium",
        _authority,
    ),
    Rule(
        "DPA_CONTACT_WRONG",
        "error",
        "art. 12(1), 13(2)(d)",
        "leave `published.authority_contact` out: every notice and letter then takes the present contact",
        _authority_contact,
    ),
    Rule(
        "DPO_SILENT",
        "warning",
        "art. 13(1)(b), 37",
        "add `organisation.officer` with a contact, or with `none_because`",
        _officer,
    ),
    Rule(
        "VERSION_MISSING",
        "warning",
        "art. 12(1); WP260 rev.01",
        "add `version: {id: …, from: …}`",
        _version,
    ),
    Rule(
        "NO_NOTICE_CHANGE",
        "error",
        "art. 12, 13(3), 14(4)",
        "announce changes beforehand: `published.changes: announced`",
        _changes,
    ),
    Rule(
        "SCOPE_GAP",
        "warning",
        "art. 12(1), 13, 14",
        "say in `scope` whom the policy covers, and give each kind of people a purpose or leave it out",
        _scope,
    ),
    Rule("DEAD_REF", "warning", "art. 12(1)", "mend the reference or drop it", _dead),
    Rule(
        "DEFINITION_WRONG",
        "warning",
        "art. 4(1), 12(1)",
        "any information about an identified or identifiable person is personal data: use the law's definition",
        _definition,
    ),
    Rule(
        "LANG_SINGLE",
        "warning",
        "art. 12(1); WP260 rev.01 §13",
        "add the languages of the people you address to `languages`, and the texts in them",
        _single,
    ),
    Rule(
        "LANG_MISSING",
        "warning",
        "art. 12(1); WP260 rev.01 §13",
        "add the words per language: `{nl: …, fr: …, en: …}`",
        _untranslated,
    ),
)

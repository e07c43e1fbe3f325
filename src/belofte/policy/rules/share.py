"""Who receives data and where it goes (GDPR art. 13(1)(e)-(f), 26, 28, 44-49)."""

from __future__ import annotations

from datetime import date

from belofte.law.adequacy import ground, is_eea
from belofte.law.processor import ITEMS
from belofte.policy.findings import Hits
from belofte.policy.model import Policy
from belofte.policy.receiving import declared
from belofte.policy.rules.rule import Rule, said

_WITH_COPY = ("scc", "bcr", "ad-hoc", "certification", "code")
_CONTRACTED = ("processor", "joint-controller", "controller", "group")


def _unnamed(policy: Policy, today: date) -> Hits:
    for name, recipient in policy.recipients.items():
        if recipient.role in _CONTRACTED and not recipient.name:
            yield f"recipients.{name}", f"who `{name}` is is not said"


def _aimless(policy: Policy, today: date) -> Hits:
    for name, recipient in policy.recipients.items():
        named = any(name in purpose.recipients for purpose in policy.purposes.values())
        if not recipient.purposes and not named:
            yield f"recipients.{name}", f"what `{name}` receives data for is not said"


def _own(policy: Policy, today: date) -> Hits:
    flag = policy.published.sharing_own_purposes
    yield from said("published.sharing_own_purposes", flag, "partners may use the data for their own ends")
    for name, recipient in policy.recipients.items():
        if recipient.role in ("controller", "group") and recipient.ground is None and not recipient.contract:
            yield f"recipients.{name}", f"`{name}` receives data for its own ends, and on what ground is not said"


def _on_request(policy: Policy, today: date) -> Hits:
    flag = policy.published.disclosure_on_request
    yield from said("published.disclosure_on_request", flag, "data is disclosed on a mere request")


def _joint(policy: Policy, today: date) -> Hits:
    for name, recipient in policy.recipients.items():
        if recipient.role == "joint-controller" and recipient.arrangement is None:
            yield f"recipients.{name}", f"you decide together with `{name}`, and who does what is not said"


def _processor(policy: Policy, today: date) -> Hits:
    for name, recipient in policy.recipients.items():
        if recipient.role == "processor" and not recipient.contract:
            yield f"recipients.{name}", f"`{name}` processes for you without a contract"


def _item_absent(policy: Policy, today: date) -> Hits:
    for name, recipient in policy.recipients.items():
        if recipient.role == "processor" and recipient.contract:
            for item in recipient.contract.absent:
                lacks = f"art. {ITEMS[item].article}: {ITEMS[item].words.en}"
                yield f"recipients.{name}.contract", f"the contract with `{name}` lacks {lacks}"


def _item_unsaid(policy: Policy, today: date) -> Hits:
    for name, recipient in policy.recipients.items():
        if recipient.role == "processor" and recipient.contract and recipient.contract.unsaid:
            articles = ", ".join(ITEMS[item].article for item in recipient.contract.unsaid)
            yield f"recipients.{name}.contract", f"whether the contract with `{name}` has art. {articles} is not said"


def _confused(policy: Policy, today: date) -> Hits:
    flag = policy.published.clients_data_own_use
    yield from said("published.clients_data_own_use", flag, "data held for clients may serve your own purposes")


def _sale(policy: Policy, today: date) -> Hits:
    flag = policy.published.moves_with_business
    yield from said("published.moves_with_business", flag, "data and consents pass on with a sale of the business")


def _vague(policy: Policy, today: date) -> Hits:
    flag = policy.published.transfers_unspecified
    yield from said("published.transfers_unspecified", flag, "data may leave the EEA: where to and how is not said")
    for name, recipient in policy.recipients.items():
        if recipient.role in _CONTRACTED and recipient.location is None:
            yield f"recipients.{name}", f"where `{name}` is is not said"
    for name, transfer in policy.transfers.items():
        if transfer.ground in _WITH_COPY and not transfer.copy_at:
            yield f"transfers.{name}", f"how people get a copy of the safeguards of `{name}` is not said"


def _missing_ground(policy: Policy, today: date) -> Hits:
    for name, transfer in policy.transfers.items():
        found = ground(transfer.country, declared(transfer), today)
        if not found.permitted:
            lacks = ", ".join(f"`{what}`" for what in found.missing)
            yield (
                f"transfers.{name}",
                f"`{name}` goes to {transfer.country} without a ground that holds: {lacks} is missing",
            )
    for name, recipient in policy.recipients.items():
        if recipient.location is None or is_eea(recipient.location):
            continue
        transfer_ = policy.transfers.get(recipient.transfer) if recipient.transfer else None
        if transfer_ is None:
            yield (
                f"recipients.{name}",
                f"`{name}` is in {recipient.location}, outside the EEA, and no transfer covers it",
            )
        elif transfer_.country != recipient.location:
            what = (
                f"`{name}` is in {recipient.location}; its transfer `{recipient.transfer}` is for {transfer_.country}"
            )
            yield f"recipients.{name}.transfer", what


def _contradiction(policy: Policy, today: date) -> Hits:
    if not policy.published.stays_in_eea:
        return
    for name, recipient in policy.recipients.items():
        if recipient.location is not None and not is_eea(recipient.location):
            yield (
                f"recipients.{name}",
                f"the text says that no data leaves the EEA, and `{name}` is in {recipient.location}",
            )
        elif recipient.location is None and recipient.role in _CONTRACTED:
            yield f"recipients.{name}", f"the text says that no data leaves the EEA; where `{name}` is is not said"
    for name, transfer in policy.transfers.items():
        if not is_eea(transfer.country):
            yield (
                f"transfers.{name}",
                f"the text says that no data leaves the EEA, and `{name}` goes to {transfer.country}",
            )


RULES = (
    Rule(
        "RECIPIENT_UNNAMED",
        "warning",
        "art. 13(1)(e), 15(1)(c); C-154/21",
        "add its `name`; on access people may ask who exactly received their data",
        _unnamed,
    ),
    Rule(
        "RECIPIENT_AIMLESS",
        "warning",
        "art. 5(1)(b), 13(1)(e)",
        "name the purposes in `purposes`, or the recipient in a purpose's `recipients`",
        _aimless,
    ),
    Rule(
        "SHARE_OWN_PURPOSE",
        "error",
        "art. 5(1)(b), 6(1), 13(1)(e)",
        "give it a ground and tell it in `ground`, or bind the recipient as processor",
        _own,
    ),
    Rule(
        "DISCLOSURE_ON_REQUEST",
        "error",
        "art. 6(1)(c), 6(3), 48",
        "disclose on a legal duty or order only, recorded with its ground",
        _on_request,
    ),
    Rule("JOINT_UNSTATED", "error", "art. 26(2); C-40/17", "tell the essence of it in `arrangement`", _joint),
    Rule("PROCESSOR_CONTRACT", "error", "art. 28(3), 28(9)", "conclude it and name it in `contract`", _processor),
    Rule(
        "CONTRACT_ITEM",
        "error",
        "art. 28(2)-(4), 28(9)",
        "have it added to the contract, and say in `contract.items` where it stands",
        _item_absent,
    ),
    Rule(
        "CONTRACT_UNSAID",
        "warning",
        "art. 28(3), 5(2)",
        "read the contract and say in `contract.items` what it has and lacks (`belofte schema` names the items)",
        _item_unsaid,
    ),
    Rule(
        "ROLE_CONFUSED",
        "error",
        "art. 28(3)(a), 28(10)",
        "use clients' data on their instructions only; what you decide on needs your own basis and notice",
        _confused,
    ),
    Rule(
        "SHARE_ON_SALE",
        "error",
        "art. 5(1)(b), 7, 14(3)",
        "inform people beforehand; consents and clients' data do not simply pass on",
        _sale,
    ),
    Rule(
        "TRANSFER_VAGUE",
        "warning",
        "art. 13(1)(f), 44-49",
        "say where: `location`, and for a transfer its `country`, `ground` and `copy_at`",
        _vague,
    ),
    Rule(
        "TRANSFER_UNGROUNDED",
        "error",
        "art. 44-49; C-311/18",
        "declare a transfer with a ground (adequacy, scc with `module` and `assessment`, …), or stay in the EEA",
        _missing_ground,
    ),
    Rule(
        "TRANSFER_CONTRADICTION",
        "error",
        "art. 5(1)(a), 13(1)(f)",
        "keep the data in the EEA, or declare the transfer and drop `published.stays_in_eea`",
        _contradiction,
    ),
)

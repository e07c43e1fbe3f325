"""The registers of sharing: recipients with their contract, transfers with ground and decision, disclosures.

Each is a list of rows, each row a mapping from its columns to words; people are in none of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from belofte.database.disclosures import Disclosure
from belofte.law.adequacy import GROUNDS, adequacy, ground
from belofte.law.processor import ITEMS
from belofte.policy.model import Policy, Recipient
from belofte.policy.receiving import carried, declared, served

Row = Mapping[str, object]


def recipients(policy: Policy, language: str, on: date) -> list[Row]:
    """Return every recipient: who, in which role, where, for what, which data, by which contract."""
    return [
        {
            "id": name,
            "name": one.name or one.title.of(language),
            "role": one.role,
            "country": one.location,
            "purposes": [policy.purposes[purpose].title.of(language) for purpose in served(policy, name)],
            "receives": list(one.receives),
            "ground": _why(one, language),
            "contract": one.contract.kept if one.contract else None,
            "contract_since": one.contract.signed.isoformat() if one.contract and one.contract.signed else None,
            "contract_has": _articles(one, True),
            "contract_lacks": _articles(one, False),
            "contract_unsaid": [ITEMS[item].article for item in one.contract.unsaid] if one.contract else [],
            "outside_eea": _outside(policy, name, language, on),
        }
        for name, one in policy.recipients.items()
    ]


def transfers(policy: Policy, language: str, on: date) -> list[Row]:
    """Return every transfer: where to, on what ground as of a day, on which decision, who receives, what is missing."""
    found: list[Row] = []
    for name, one in policy.transfers.items():
        receivers = [r for r in policy.recipients.values() if r.transfer == name]
        held, decision = ground(one.country, declared(one), on), adequacy(one.country, on)
        found.append(
            {
                "id": name,
                "country": one.country,
                "declared": one.ground,
                "ground": GROUNDS[held.code].words.of(language),
                "article": held.article,
                "permitted": held.permitted,
                "missing": list(held.missing),
                "decision": decision.decision if decision and held.code == "adequacy" else None,
                "decision_until": decision.until.isoformat() if decision and decision.until else None,
                "as_of": on.isoformat(),
                "recipients": [r.name or r.title.of(language) for r in receivers],
                "copy_at": one.copy_at,
            }
        )
    return found


def disclosed(policy: Policy, language: str, disclosures: Sequence[Disclosure]) -> list[Row]:
    """Return the disclosures: who, what, when, why, on what ground and order, of how many, and the file's digest."""
    found: list[Row] = []
    for one in disclosures:
        recipient, purpose = policy.recipients.get(one.recipient), policy.purposes.get(one.purpose)
        known = policy.categories
        found.append(
            {
                "number": one.id,
                "when": one.disclosed_at.isoformat(timespec="seconds"),
                "who": (recipient.name or recipient.title.of(language)) if recipient else one.recipient,
                "what": [known[c].title.of(language) if c in known else c for c in one.categories],
                "why": purpose.title.of(language) if purpose else one.purpose,
                "ground": one.ground,
                "order": one.reference,
                "from": one.store,
                "people": 1 if one.subject_id is not None else one.people,
                "digest": one.digest.hex(),
            }
        )
    return found


def _why(recipient: Recipient, language: str) -> str | None:
    if recipient.ground is not None:
        return recipient.ground.of(language)
    return recipient.arrangement.of(language) if recipient.arrangement is not None else None


def _articles(recipient: Recipient, there: bool) -> list[str]:
    if recipient.contract is None:
        return []
    found = []
    for item, entry in ITEMS.items():
        said = recipient.contract.said(item)
        if said is not None and bool(said) is there:
            found.append(f"{entry.article}: {said}" if isinstance(said, str) else entry.article)
    return found


def _outside(policy: Policy, name: str, language: str, on: date) -> str | None:
    """Return on what ground a recipient outside the EEA receives; None: within."""
    found = carried(policy, name, on)
    return None if found is None else GROUNDS[found.code].words.of(language)

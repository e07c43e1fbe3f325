"""How people ask (GDPR art. 12, 13(2)(b)-(d), 15-22, 77)."""

from __future__ import annotations

from datetime import date

from belofte.policy.findings import Hits
from belofte.policy.model import Policy
from belofte.policy.rules.rule import Rule, has_basis

_ALWAYS = ("access", "rectification", "erasure", "restriction")


def _due(policy: Policy) -> list[str]:
    """Return the rights that the bases of this policy's purposes give people (LAW 2.2), in the law's order."""
    purposes = policy.purposes.values()
    due = [*_ALWAYS]
    if any(has_basis(purpose, "consent", "contract") for purpose in purposes):
        due.append("portability")
    if any(has_basis(p, "legitimate-interest", "public-task") or p.direct_marketing for p in purposes):
        due.append("objection")
    if any(has_basis(purpose, "consent") for purpose in purposes):
        due.append("withdrawal")
    return due


def _missing(policy: Policy, today: date) -> Hits:
    offered = policy.rights.offered if policy.rights else []
    lacking = [right for right in _due(policy) if right not in offered]
    if lacking:
        yield "rights.offered" if policy.rights else "", f"people are not told of: {', '.join(lacking)}"


def _complaint(policy: Policy, today: date) -> Hits:
    if policy.rights is None or "complaint" not in policy.rights.offered:
        yield "rights.offered" if policy.rights else "", "people are not told that they can complain to the authority"


def _narrowed(policy: Policy, today: date) -> Hits:
    for right in policy.rights.narrowed if policy.rights else {}:
        yield f"rights.narrowed.{right}", f"the text adds conditions to the right of {right} that the law does not have"


def _card(policy: Policy, today: date) -> Hits:
    if policy.rights is not None and policy.rights.identity == "id-card-copy":
        yield "rights.identity", "a copy of the identity card is always asked"


def _form(policy: Policy, today: date) -> Hits:
    if policy.rights is None:
        return
    if policy.rights.form == "signed-letter":
        yield "rights.form", "a signed letter is asked"
    if not {"web", "email"} & set(policy.rights.ways):
        yield "rights.ways", "people cannot ask by electronic means"


def _hurdle(policy: Policy, today: date) -> Hits:
    if policy.rights is not None and policy.rights.optout != "free":
        asked = "a copy of the identity card" if policy.rights.optout == "id-card-copy" else "a signed letter"
        yield "rights.optout", f"{asked} is asked of who refuses advertising"


RULES = (
    Rule(
        "RIGHT_MISSING",
        "error",
        "art. 12(2), 13(2)(b)-(c), 14(2)(c)-(d), 21(4)",
        "offer every right that the bases give: add them to `rights.offered`",
        _missing,
    ),
    Rule("COMPLAINT_MISSING", "error", "art. 13(2)(d), 77", "add `complaint` to `rights.offered`", _complaint),
    Rule(
        "RIGHT_NARROWED",
        "error",
        "art. 12(2), 15-21",
        "drop the condition: a right goes as far as the law says",
        _narrowed,
    ),
    Rule(
        "ID_COPY",
        "error",
        "art. 5(1)(c), 12(6); EDPB 01/2022; GBA 145/2022",
        "ask no more than the doubt needs: `identity: proportionate`",
        _card,
    ),
    Rule(
        "FORM_BARRIER",
        "error",
        "art. 12(2)-(3); EDPB 01/2022",
        "take requests in any form, also electronically: `form: free`, and `web` or `email` among the `ways`",
        _form,
    ),
    Rule(
        "OBJECTION_HURDLE",
        "error",
        "art. 21(2)-(3), 12(2); GBA 145/2022",
        "act on the address itself, without identity check: `optout: free`",
        _hurdle,
    ),
)

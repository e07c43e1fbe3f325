"""Why data is used, on which basis and how long (GDPR art. 5, 6, 7, 13(1)(c)-(d), 13(2), 22; WER VI.110, XII.13)."""

from __future__ import annotations

import re
from datetime import date

from belofte.law.retention import statute
from belofte.policy.findings import Hits
from belofte.policy.model import Period, Policy, Purpose
from belofte.policy.rules.rule import Rule, has_basis, said
from belofte.policy.texts import texts
from belofte.policy.uses import used

_VAGUE = re.compile(
    r"among other|other purposes|various purposes|business purposes|improve (the|our) (business|services)\b"
    r"|and so on|\betc\b"
    r"|onder (meer|andere)|andere doeleinden|diverse doeleinden|bedrijfsdoeleinden|enzovoort|\benz\b"
    r"|entre autres|notamment|autres finalités|diverses finalités|et cetera",
    re.IGNORECASE,
)
_NO_CALL = re.compile(
    r"bel[ -]me[ -]niet|ne m[’' ]appelez plus|do[ -]not[ -]call|no-call|\bdncm\b|bloctel|robinson", re.IGNORECASE
)
_ELECTRONIC = re.compile(r"e-?mail|sms|mms|mobile|whatsapp|messag|push|text", re.IGNORECASE)
_CALLS = re.compile(r"phone|call|tel", re.IGNORECASE)
_PROFILING_TERMS = frozenset(
    ("dpv:CustomerSolvencyMonitoring", "dpv:PersonnelPerformanceEvaluation", "dpv:PersonnelBehaviourMonitoring")
)


def _implied(policy: Policy, today: date) -> Hits:
    how = policy.published.consent_by
    implied = how in ("continued-use", "silence")
    what = "going on using the site" if how == "continued-use" else "silence"
    yield from said("published.consent_by", implied, f"{what} is taken as consent")


def _bundled(policy: Policy, today: date) -> Hits:
    bundled = policy.published.consent_by == "accepting-policy"
    yield from said("published.consent_by", bundled, "accepting the policy is taken as consent")


def _basis(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        if not purpose.bases(None):
            yield f"purposes.{name}", f"`{name}` has no legal basis"
        elif isinstance(purpose.basis, dict):
            for basis, kinds in purpose.basis.items():
                if not kinds:
                    yield f"purposes.{name}.basis.{basis}", f"`{name}` rests on {basis} for nobody"


def _law(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        if has_basis(purpose, "legal-obligation") and not purpose.law:
            yield f"purposes.{name}", f"`{name}` rests on a legal obligation, and which law is not said"


def _interest(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        if has_basis(purpose, "legitimate-interest") and purpose.interest is None:
            yield f"purposes.{name}", f"`{name}` rests on a legitimate interest, and which one is not said"


def _balancing(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        if has_basis(purpose, "legitimate-interest") and purpose.balancing is None:
            yield f"purposes.{name}", f"`{name}` rests on a legitimate interest that was weighed nowhere"


def _vague(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        words = [*purpose.title.root.values(), *(purpose.interest.root.values() if purpose.interest else ())]
        found = next((hit for word in words if (hit := _VAGUE.search(word))), None)
        if found is not None:
            yield f"purposes.{name}", f"`{name}` leaves open what it is: “{found[0]}”"


def _open(policy: Policy, today: date) -> Hits:
    yield from said("published.purposes_open", policy.published.purposes_open, "further purposes are left open")


def _endless(purpose: Purpose) -> bool:
    bound = purpose.keep is not None or purpose.while_ is not None
    return not bound and not (_only(purpose, "consent") and purpose.consent_expires is not None)


def _only(purpose: Purpose, basis: str) -> bool:
    return bool(purpose.bases(None)) and all(one.value == basis for one in purpose.bases(None))


def _retention(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        if _endless(purpose) and not _only(purpose, "contract"):
            yield f"purposes.{name}", f"how long `{name}` keeps data is not said"


def _contract(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        if _endless(purpose) and _only(purpose, "contract"):
            yield f"purposes.{name}", f"`{name}` rests on a contract, and when that runs or ends is not said"


def _retention_vague(policy: Policy, today: date) -> Hits:
    flag = policy.published.retention_vague
    yield from said("published.retention_vague", flag, "terms are given as examples, or as “no longer than needed”")


def _trigger(policy: Policy, today: date) -> Hits:
    if not policy.facts:
        return
    for name, purpose in policy.purposes.items():
        if purpose.after is not None and purpose.after not in policy.facts:
            yield f"purposes.{name}.after", f"people cannot read what `{purpose.after}` is: it has no words in `facts`"


def _months(period: Period) -> float:
    return period.years * 12 + period.months + period.weeks * 7 / 30.4 + period.days / 30.4


def _statute(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        known = statute(purpose.law) if purpose.law else None
        if known is None or purpose.keep is None or not _only(purpose, "legal-obligation"):
            continue
        ordered = known.term.years * 12 + known.term.months + known.term.days / 30.4
        if known.kind == "duty" and abs(_months(purpose.keep) - ordered) > 1:
            yield f"purposes.{name}.keep", f"`{name}` keeps for {purpose.keep}; {known.law} orders {known.term}"


def _profiling(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        profiles = purpose.automated is not None and (purpose.automated.profiling or purpose.automated.decision)
        if has_basis(purpose, "contract") and (profiles or purpose.purpose in _PROFILING_TERMS):
            if profiles and isinstance(purpose.basis, dict) and len(purpose.bases(None)) > 1:
                continue
            yield f"purposes.{name}.basis", f"`{name}` rates people, which no contract with them asks for"


def _silent(policy: Policy, today: date) -> Hits:
    if policy.purposes and all(purpose.automated is None for purpose in policy.purposes.values()):
        yield "", "automated decisions and profiling are neither described nor ruled out"
    for name, purpose in policy.purposes.items():
        inferred = [ref for ref in used(policy, purpose) if policy.source(ref) == "inferred"]
        if inferred and purpose.automated is None:
            yield (
                f"purposes.{name}",
                f"`{name}` uses `{inferred[0]}`, which is inferred, and says nothing about profiling",
            )


def _unsafe(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        how = purpose.automated
        if how is None:
            continue
        if how.decision and not how.human_review:
            yield f"purposes.{name}.automated", f"`{name}` decides about people, and nobody can be asked to look again"
        if (how.decision or how.profiling) and (how.logic is None or how.consequences is None):
            yield f"purposes.{name}.automated", f"`{name}` profiles or decides, and its logic or its effect is not told"


def _required(policy: Policy, today: date) -> Hits:
    bound = [p for p in policy.purposes.values() if has_basis(p, "contract", "legal-obligation")]
    if bound and all(purpose.required is None for purpose in bound):
        yield "", "whether data must be given, and what follows if it is not, is not said"


def _imbalance(policy: Policy, today: date) -> Hits:
    staff = {kind for kind, one in policy.people.items() if one.employees}
    for name, purpose in policy.purposes.items():
        if isinstance(purpose.basis, dict):
            for basis, kinds in purpose.basis.items():
                found = sorted(staff & set(kinds))
                if basis.value == "consent" and found:
                    yield (
                        f"purposes.{name}.basis",
                        f"`{name}` rests on the consent of `{found[0]}`, who are employed by you",
                    )


def _opt_out(policy: Policy, today: date) -> Hits:
    yield from said(
        "published.marketing_optout_only",
        policy.published.marketing_optout_only,
        "marketing mail goes out until people refuse",
    )
    for name, purpose in policy.purposes.items():
        electronic = [channel for channel in purpose.channels if _ELECTRONIC.search(channel)]
        free = _only(purpose, "consent") or purpose.soft_opt_in is not None
        if purpose.direct_marketing and electronic and not free:
            yield f"purposes.{name}.channels.{electronic[0]}", f"`{name}` advertises by {electronic[0]} without consent"


def _no_call(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        calls = [channel for channel in purpose.channels if _CALLS.search(channel)]
        if not (purpose.direct_marketing and calls and policy.organisation.country == "BE"):
            continue
        if not any(_NO_CALL.search(word) for _, text in texts(purpose) for word in text.root.values()):
            yield (
                f"purposes.{name}.channels.{calls[0]}",
                f"`{name}` calls people, and the national no-call list is not named",
            )


def _absolute(policy: Policy, today: date) -> Hits:
    for name, purpose in policy.purposes.items():
        if purpose.direct_marketing and purpose.compelling is not None:
            yield f"purposes.{name}.compelling", f"`{name}` weighs objections to direct marketing"


def _friend(policy: Policy, today: date) -> Hits:
    yield from said(
        "published.tell_a_friend",
        policy.published.tell_a_friend,
        "people's friends are written to without their consent",
    )


RULES = (
    Rule(
        "CONSENT_IMPLIED",
        "error",
        "art. 4(11), 7; rec. 32; C-673/17",
        "ask by a clear act: `published.consent_by: clear-act`",
        _implied,
    ),
    Rule(
        "CONSENT_BUNDLED",
        "error",
        "art. 7(2), 7(4); C-61/19",
        "ask apart from the policy and the terms, once per purpose: `published.consent_by: clear-act`",
        _bundled,
    ),
    Rule(
        "BASIS_MISSING", "error", "art. 6(1), 13(1)(c)", "add `basis:`, one per kind of people if they differ", _basis
    ),
    Rule("LAW_UNNAMED", "error", "art. 6(3), 13(1)(c)", "name it in `law`: `WER III.86`; one purpose per duty", _law),
    Rule("LI_UNNAMED", "error", "art. 6(1)(f), 13(1)(d)", "name the interest in `interest`", _interest),
    Rule(
        "BALANCING_MISSING",
        "warning",
        "art. 5(2), 6(1)(f); C-252/21",
        "write the balancing test in `balancing`, or where it is kept",
        _balancing,
    ),
    Rule(
        "PURPOSE_VAGUE",
        "warning",
        "art. 5(1)(b); WP203",
        "say what is done, so that a person can foresee it; split what are several purposes",
        _vague,
    ),
    Rule(
        "PURPOSE_OPEN",
        "error",
        "art. 5(1)(b), 13(3)",
        "list the purposes completely, and drop `published.purposes_open`",
        _open,
    ),
    Rule(
        "RETENTION_MISSING",
        "error",
        "art. 5(1)(e), 13(2)(a)",
        "add `keep:` and `after:`, or `while:` with the fact that must hold",
        _retention,
    ),
    Rule(
        "CONTRACT_ENDLESS",
        "error",
        "art. 5(1)(e), 6(1)(b), 13(2)(a)",
        "add `while: contract.active`, or `keep:` and `after:`",
        _contract,
    ),
    Rule(
        "RETENTION_VAGUE",
        "error",
        "art. 13(2)(a); WP260 rev.01 annex",
        "give each purpose its term and trigger, and drop `published.retention_vague`",
        _retention_vague,
    ),
    Rule(
        "TRIGGER_WORDLESS",
        "warning",
        "art. 12(1), 13(2)(a)",
        "add words for it: `facts: {invoice.issued_at: {nl: …, fr: …, en: …}}`",
        _trigger,
    ),
    Rule(
        "RETENTION_DIFFERS",
        "warning",
        "art. 5(1)(e), 6(3)",
        "keep for as long as the law orders; what is longer needs a purpose and basis of its own",
        _statute,
    ),
    Rule(
        "PROFILING_CONTRACT",
        "error",
        "art. 6(1)(b), 22; EDPB 2/2019 §§50-57",
        "make the assessment a purpose of its own on legitimate interest, with human review",
        _profiling,
    ),
    Rule(
        "ADM_SILENT",
        "warning",
        "art. 13(2)(f), 14(2)(g)",
        "describe it in `automated`; `automated: {}` says that there is none",
        _silent,
    ),
    Rule(
        "ADM_UNSAFE",
        "error",
        "art. 22(3), 13(2)(f); C-634/21, C-203/22",
        "tell `logic` and `consequences`, and set `human_review: true`",
        _unsafe,
    ),
    Rule(
        "REQUIREMENT_SILENT",
        "warning",
        "art. 13(2)(e)",
        "say in `required` of the purposes under contract or duty what must be given and what follows if not",
        _required,
    ),
    Rule(
        "CONSENT_IMBALANCE",
        "warning",
        "art. 4(11), 7(4); rec. 43; EDPB 05/2020 §21",
        "rest on another basis for own staff: their consent is presumed not free",
        _imbalance,
    ),
    Rule(
        "OPTOUT_ONLY_DM",
        "error",
        "WER XII.13; KB 4-4-2003 art. 1; C-654/23",
        "rest on consent, or state in `soft_opt_in` how the three conditions for own customers are met",
        _opt_out,
    ),
    Rule(
        "NO_CALL_LIST",
        "error",
        "WER VI.110-VI.115, XIV.77-81",
        "wash the list before each campaign and say so in `description` (Bel-me-niet-meer, dncm.be)",
        _no_call,
    ),
    Rule(
        "OBJECTION_WEIGHED",
        "error",
        "art. 21(2)-(3)",
        "drop `compelling`: an objection to direct marketing is absolute",
        _absolute,
    ),
    Rule(
        "TELL_A_FRIEND",
        "error",
        "art. 6; GBA 25/2020",
        "let people send it themselves, or keep no address after one message that names the sender",
        _friend,
    ),
)

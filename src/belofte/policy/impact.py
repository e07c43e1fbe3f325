"""Which reasons for an impact assessment (GDPR art. 35) a purpose meets, as far as the policy and numbers tell.

What the policy does not say is unknown, never a no: whether technology is new, whether places are watched. Its word
(`impact` of the purpose) has the last say. Large scale
is a matter of numbers: from `LARGE` people on it counts as such, which is our reading of WP243 and rec. 91 (no number
is in the law); without a number it is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping

from belofte.law.dpia import TRIGGERS
from belofte.policy.model import Policy, Purpose
from belofte.policy.uses import used

LARGE = 10_000
"""People from whom on we read a processing as large-scale; a company that disagrees writes why in its assessment."""
_SCORES = frozenset({"pd:CreditWorthiness", "pd:CreditStanding", "pd:CreditScore", "pd:ProfessionalEvaluation"})
_METADATA = frozenset({"pd:Location", "pd:CallLog", "pd:BrowsingBehaviour", "pd:BrowserHistory", "pd:IPAddress"})


def facts(policy: Policy, name: str, people: int | None = None) -> Mapping[str, bool | None]:
    """Return per code of `law.dpia.TRIGGERS` whether a purpose meets it; None: unknown.

    `people`: how many people it reaches; None: nobody counted.
    """
    purpose = policy.purposes[name]
    elements = used(policy, purpose)
    terms = {policy.element(one).term.rpartition("#")[2] for one in elements}
    terms = {term if ":" in term else f"pd:{term}" for term in terms}
    sources = {policy.source(one) for one in elements}
    special = any(policy.special(one) for one in elements)
    automated = purpose.automated
    decides = automated.decision if automated is not None else None
    profiles = automated.profiling if automated is not None else None
    large = None if people is None else people >= LARGE
    third = "third-party" in sources
    follows = bool(profiles) or "inferred" in sources
    found: dict[str, bool | None] = {
        "profiling-effect": _both(profiles, decides),
        "special-large-scale": _both(special, large),
        "public-monitoring": None if "observed" in sources else False,
        "gba-1": None if special else False,
        "gba-2": _both(third, _weighs(purpose, terms)),
        "gba-3": None if special else False,
        "gba-4": _both(_both(third, follows), large),
        "gba-5": None if special and third else False,
        "gba-6": None if "observed" in sources else False,
        "gba-7": _both(bool(terms & _METADATA), large),
        "gba-8": _both("observed" in sources, large),
        "scoring": bool(terms & _SCORES) or profiles,
        "automated-effect": decides,
        "monitoring": None if "observed" in sources else False,
        "sensitive": special,
        "large-scale": large,
        "matching": True if third and len(sources) > 1 else None,
        "vulnerable": _vulnerable(policy, purpose),
        "new-technology": None,
        "blocks-right": None if decides is None else decides,
    }
    assert found.keys() == TRIGGERS.keys()
    found.update(dict(purpose.impact.items()))
    return found


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Return whether both hold, in three values."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _weighs(purpose: Purpose, terms: set[str]) -> bool | None:
    """Return whether a purpose may end in a refused contract: it scores, or decides by machine."""
    if terms & _SCORES:
        return None if purpose.automated is None or not purpose.automated.decision else True
    return False


def _vulnerable(policy: Policy, purpose: Purpose) -> bool | None:
    """Return whether children or own staff are among the people whom a purpose may reach."""
    kinds = [kind for name, kind in policy.people.items() if purpose.bases(name)]
    return any(kind.employees or kind.children for kind in kinds) if kinds else None

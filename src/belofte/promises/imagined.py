"""Rights and choices, exercised as somebody imaginary: with the very functions that decide, and nobody's data.

Each of them tries the contrary of what is promised under the company's own policy. A purpose that says `compelling` may
go on after an objection; everything else that goes on where it may not is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from belofte.choices.consent import end_of_term
from belofte.choices.decide import Decider
from belofte.choices.events import Event, Kind, Origin
from belofte.choices.state import present
from belofte.datamap.check import map_findings
from belofte.datamap.rules import removing
from belofte.policy.model import Basis, Policy
from belofte.policy.person import ALL_CATEGORIES
from belofte.promises.matter import Matter, Scope
from belofte.promises.outcome import Outcome, outcome
from belofte.promises.sentence import Sentence, of_store, sentence
from belofte.rights import access, erasure, objection, portability, rectification, restriction, withdrawal
from belofte.rights.decision import Closing, standing

SOMEBODY = UUID(int=0)
BEFORE = timedelta(days=1)
"""How long ago she consented, and how much later she is asked about."""
EVERY: str | None = None
"""The purpose itself, beside its channels."""


@dataclass(frozen=True)
class Somebody:
    """Somebody imaginary: what she chose so far, and whether a purpose may reach her by it."""

    policy: Policy
    at: datetime
    events: tuple[Event, ...] = ()

    def chose(self, *closings: Closing, at: datetime | None = None) -> Somebody:
        """Return her after what a decision records of her."""
        made = (
            Event(one.kind, SOMEBODY, at or self.at, one.purpose, one.channel, one.category, evidence=one.evidence)
            for one in closings
        )
        return Somebody(self.policy, self.at, (*self.events, *made))

    def consented(self, purpose: str, channel: str | None, at: datetime, act: str = "click") -> Somebody:
        """Return her after a consent that shows a clear act under the present notice, or another act."""
        version = self.policy.version
        evidence = {"act": act, "notice": version.id if version else "", "language": self.policy.languages[0]}
        given = Event(Kind.CONSENT_GIVEN, SOMEBODY, at, purpose, channel, origin=Origin.PERSON, evidence=evidence)
        return Somebody(self.policy, self.at, (*self.events, given))

    def reached(self, purpose: str, channel: str | None = EVERY, at: datetime | None = None) -> bool:
        """Return whether a purpose may reach her, as far as her choices go."""
        return Decider(self.policy, at or self.at).decide(self.events, purpose, channel).allowed


def ways(policy: Policy, purpose: str) -> list[str | None]:
    """Return a purpose's channels, and the purpose without one."""
    return [EVERY, *policy.purposes[purpose].channels]


def on_consent(matter: Matter, scope: Scope) -> list[str]:
    """Return the purposes of a scope that rest on consent alone."""
    purposes = matter.policy.purposes
    return [name for name in matter.purposes(scope) if set(purposes[name].bases(None)) == {Basis.CONSENT}]


def said(purpose: str, channel: str | None) -> Sentence:
    """Return how a purpose, or one of its channels, is named."""
    if channel is None:
        return sentence("`%(purpose)s`", purpose=purpose)
    return sentence("`%(purpose)s` by %(channel)s", purpose=purpose, channel=channel)


# -- choices -------------------------------------------------------------------------------------------------------


def consent_tried(matter: Matter, scope: Scope) -> tuple[int, list[Sentence]]:
    """Return in how many ways purposes on consent were tried without one, and where they went on all the same."""
    tried = 0
    found: list[Sentence] = []
    for purpose in on_consent(matter, scope):
        for channel in ways(matter.policy, purpose):
            for what, reached in _without_consent(matter, purpose, channel):
                tried += 1
                found += [what] if reached else []
    return tried, found


def _without_consent(matter: Matter, purpose: str, channel: str | None) -> Iterator[tuple[Sentence, bool]]:
    policy, at = matter.policy, matter.at
    nobody, before, it = Somebody(policy, at), at - BEFORE, said(purpose, channel)
    yield sentence("%(what)s reaches somebody who chose nothing", what=it), nobody.reached(purpose, channel)
    silent = sentence("%(what)s reaches somebody who was silent", what=it)
    yield silent, nobody.consented(purpose, channel, before, "silence").reached(purpose, channel)
    given = nobody.consented(purpose, channel, before)
    withdrawn = given.chose(Closing(Kind.CONSENT_WITHDRAWN, purpose))
    yield sentence("%(what)s reaches somebody who withdrew", what=it), withdrawn.reached(purpose, channel)
    yield (
        sentence("%(what)s reaches somebody who consented to something else", what=it),
        any(
            nobody.consented(other, EVERY, before).reached(purpose, channel)
            for other in on_consent(matter, Scope())
            if other != purpose
        ),
    )
    for other in policy.purposes[purpose].channels:
        if channel not in (EVERY, other):
            only = sentence("%(what)s reaches somebody who consented to %(channel)s only", what=it, channel=other)
            yield only, nobody.consented(purpose, other, before).reached(purpose, channel)
    end = end_of_term(before, policy.purposes[purpose])
    if end is not None:
        over = sentence("%(what)s reaches somebody whose consent ran out", what=it)
        yield over, given.reached(purpose, channel, end + BEFORE)


def withdrawn(matter: Matter, scope: Scope) -> Outcome:
    """Withdraw each consent, as a whole and per channel: it closes at once."""
    found: list[Sentence] = []
    tried = 0
    for purpose in (
        name for name in matter.purposes(scope) if Basis.CONSENT in matter.policy.purposes[name].bases(None)
    ):
        for channel in ways(matter.policy, purpose):
            given = Somebody(matter.policy, matter.at).consented(purpose, channel, matter.at - BEFORE)
            asked = {purpose: None if channel is None else [channel]}
            decision = withdrawal.decide(matter.policy, frozenset(), matter.at, asked)
            tried += 1
            if purpose in on_consent(matter, scope) and given.chose(*decision.closings).reached(purpose, channel):
                found.append(sentence("%(what)s goes on after a withdrawal", what=said(purpose, channel)))
            if any(one.outcome != "granted" for one in decision.outcomes):
                found.append(sentence("%(what)s refuses a withdrawal", what=said(purpose, channel)))
    return outcome({"withdrawals tried": tried}, found)


def objected(matter: Matter, scope: Scope) -> Outcome:
    """Object to each purpose on interest or for marketing: marketing closes at once, the rest is suspended or refused.

    Only compelling grounds that the policy names refuse one.
    """
    found: list[Sentence] = []
    tried = 0
    for purpose in matter.purposes(scope):
        stated = matter.policy.purposes[purpose]
        for kinds in _kinds(matter.policy, purpose):
            if not stated.direct_marketing and set(stated.bases(next(iter(kinds), None))) != {
                Basis.LEGITIMATE_INTEREST
            }:
                continue
            decision = objection.decide(matter.policy, kinds, matter.at, [purpose])
            after = Somebody(matter.policy, matter.at).chose(*decision.closings)
            tried += 1
            if not stated.direct_marketing and stated.compelling is not None:
                continue
            for channel in ways(matter.policy, purpose):
                if after.reached(purpose, channel):
                    found.append(sentence("%(what)s goes on after an objection", what=said(purpose, channel)))
            if stated.direct_marketing and any(one.outcome != "granted" for one in decision.outcomes):
                found.append(
                    sentence("`%(purpose)s` is direct marketing, and an objection to it is weighed", purpose=purpose)
                )
    return outcome({"objections tried": tried}, found)


# -- requests ------------------------------------------------------------------------------------------------------


def accessed(matter: Matter, scope: Scope) -> Outcome:
    """Ask for access as each kind of person: every category is told with its purposes, nothing is refused."""
    found: list[Sentence] = []
    for kind in matter.policy.people:
        decision = access.decide(matter.policy, frozenset({kind}), matter.at)
        told = {one.category for one in decision.outcomes if one.outcome == "granted"}
        found += [
            sentence("`%(what)s` is not told to a `%(kind)s`", what=category, kind=kind)
            for category in matter.policy.categories
            if category not in told
        ]
        for purpose in matter.purposes(scope):
            reaches = standing(matter.policy, purpose, frozenset({kind})).bases
            if reaches and not decision.of(purpose):
                found.append(sentence("`%(what)s` is not told to a `%(kind)s`", what=purpose, kind=kind))
    return outcome({"kinds of people": len(matter.policy.people), "categories": len(matter.policy.categories)}, found)


def corrected(matter: Matter, _scope: Scope) -> Outcome:
    """Ask to correct each element: done where the error shows; where it is disputed, not used until it is checked."""
    found: list[Sentence] = []
    elements = [element for category in matter.policy.categories for element in matter.policy.elements(category)]
    for element in elements:
        shown = rectification.Change(element, "inaccurate", established=True)
        disputed = rectification.Change(element, "inaccurate")
        if any(one.outcome != "granted" for one in rectification.decide(matter.policy, [shown], matter.at).outcomes):
            found.append(sentence("`%(element)s` is not corrected", element=element))
        closings = rectification.decide(matter.policy, [disputed], matter.at).closings
        if not any(one.kind is Kind.RESTRICTION_SET for one in closings):
            found.append(sentence("`%(element)s` is used while it is disputed", element=element))
    return outcome({"elements": len(elements)}, found)


def restricted(matter: Matter, scope: Scope) -> Outcome:
    """Restrict somebody who consented to everything: no purpose may use her data, and what kept it keeps it."""
    asked = {ALL_CATEGORIES: restriction.Asked("accuracy")}
    before = Somebody(matter.policy, matter.at)
    for purpose in on_consent(matter, Scope()):
        before = before.consented(purpose, EVERY, matter.at - BEFORE)
    after = before.chose(*restriction.decide(matter.policy, asked, matter.at).closings)
    purposes = [(name, channel) for name in matter.purposes(scope) for channel in ways(matter.policy, name)]
    found = [sentence("%(what)s goes on while restricted", what=said(name, channel)) for name, channel in purposes
             if _uses(matter.policy, name) and after.reached(name, channel)]  # fmt: skip
    states = [present(one.events, matter.policy, matter.at) for one in (before, after)]
    if (states[0].closed_before, states[0].consent_closed) != (states[1].closed_before, states[1].consent_closed):
        found.append(sentence("a restriction lets go of data: it only narrows use"))
    return outcome({"purposes and channels tried": len(purposes)}, found)


def erased(matter: Matter, scope: Scope) -> Outcome:
    """Ask for erasure as each kind of person: what rests on consent or advertises closes, and each column can go."""
    found: list[Sentence] = []
    tried = 0
    for purpose in matter.purposes(scope):
        for kinds in _kinds(matter.policy, purpose):
            where = standing(matter.policy, purpose, kinds)
            for one in erasure.decide(matter.policy, kinds, matter.at).of(purpose):
                tried += 1
                bound = where.bases - {Basis.CONSENT}
                if one.outcome == "refused" and not bound:
                    found.append(sentence("`%(purpose)s` rests on consent alone and does not close", purpose=purpose))
                if one.outcome in ("refused", "partly") and not one.article:
                    found.append(sentence("`%(purpose)s` goes on without an exception of art. 17(3)", purpose=purpose))
    columns, unclear = _removable(matter, found)
    return outcome({"purposes tried": tried, "tables": columns}, found, unclear)


def _removable(matter: Matter, found: list[Sentence]) -> tuple[int, list[Sentence]]:
    """Add the columns that have no form in which they go; return how many tables were looked at, and what is silent."""
    tables = 0
    unclear: list[Sentence] = []
    rules = {rule.id for rule in removing.RULES}
    for name in matter.desk.sql_stores:
        opened = matter.opened(name)
        if isinstance(opened, str):
            unclear.append(opened)
            continue
        tables += len(opened.graph.mapped)
        wrong = map_findings(matter.maps[name], matter.policy, opened.graph.schema, matter.today)
        found += [of_store(name, one.message) for one in wrong if one.id in rules and one.severity == "error"]
    return tables, unclear


def ported(matter: Matter, scope: Scope) -> Outcome:
    """Ask for portability as each kind of person: what she provided goes along, what was inferred does not."""
    policy = matter.policy
    automated: dict[str, bool | None] = {e: True for category in policy.categories for e in policy.elements(category)}
    found: list[Sentence] = []
    tried = 0
    for kind in policy.people:
        decision = portability.decide(policy, frozenset({kind}), matter.at, automated=automated)
        for one in (o for o in decision.outcomes if scope.about([o.purpose or ""])):
            assert one.purpose is not None
            assert one.category is not None
            bases = standing(policy, one.purpose, frozenset({kind})).bases
            provided = policy.source(one.category) in ("provided", "observed")
            hers = provided and bool(bases & {Basis.CONSENT, Basis.CONTRACT})
            tried += 1
            if hers != (one.outcome == "granted"):
                named = {"element": one.category, "kind": kind, "purpose": one.purpose}
                found.append(_left(named) if hers else _taken_along(named))
    return outcome({"elements tried": tried}, found)


def _left(named: Mapping[str, object]) -> Sentence:
    return sentence("`%(element)s` of a `%(kind)s`, for `%(purpose)s`, does not go along", **named)


def _taken_along(named: Mapping[str, object]) -> Sentence:
    return sentence(
        "`%(element)s` of a `%(kind)s`, for `%(purpose)s`, goes along and was not provided under consent or contract",
        **named,
    )


def _kinds(policy: Policy, purpose: str) -> Iterator[frozenset[str]]:
    """Yield each kind of person that a purpose reaches, alone."""
    for kind in policy.people:
        if policy.purposes[purpose].bases(kind):
            yield frozenset({kind})


def _uses(policy: Policy, purpose: str) -> bool:
    stated = policy.purposes[purpose]
    return bool([*stated.uses, *stated.channels])

"""Erasure as decided on a whole policy agrees with the law's ladder, and closes nothing that has to stay."""

from __future__ import annotations

from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rights.deciding import NOW, POLICY

from belofte.choices.events import Event, Origin
from belofte.choices.state import present
from belofte.law import erasure as ladder
from belofte.law.erasure import Outcome
from belofte.law.rights import MARKETING_BASES
from belofte.policy.model import Basis, Policy
from belofte.policy.person import EVERYTHING, keys_of
from belofte.rights import erasure, objection
from belofte.rights.decision import BOUND

VERDICTS = {
    Outcome.ERASE: "granted",
    Outcome.KEEP: "refused",
    Outcome.REFUSE: "refused",
    Outcome.RESTRICT: "undetermined",
}
KINDS = ["customer", "trader", "employee"]


def one_purpose(**purpose: Any) -> Policy:
    said = {"title": "P", "uses": "identity", **purpose}
    return POLICY.model_copy(update={"purposes": {"p": type(POLICY.purposes["orders"]).model_validate(said)}})


@pytest.mark.parametrize(
    ("basis", "marketing"),
    [*product([one.value for one in Basis], [False]), *product(sorted(MARKETING_BASES), [True])],
)
def test_each_basis_follows_the_ladder(basis, marketing):
    facts = ladder.Facts(
        basis=basis,
        live=True,
        statutory_term=basis == "legal-obligation",
        statute_needs_item=True,
        direct_marketing=marketing,
    )
    asked = ladder.decide(ladder.as_requested(facts))
    decided = erasure.decide(one_purpose(basis=basis, direct_marketing=marketing), frozenset({"customer"}), NOW)
    assert [one.outcome for one in decided.outcomes] == [VERDICTS[asked.outcome]]


purposes = st.fixed_dictionaries(
    {
        "title": st.just("P"),
        "uses": st.sampled_from(["identity", "payment"]),
        "direct_marketing": st.booleans(),
        "on_objection": st.sampled_from(["weigh", "uphold"]),
        "basis": st.sampled_from(list(Basis))
        | st.dictionaries(st.sampled_from(list(Basis)), st.lists(st.sampled_from(KINDS), min_size=1, unique=True)),
    },
    optional={"compelling": st.just("grounds"), "channels": st.just({"email": "identity.email"})},
)
policies = st.dictionaries(st.sampled_from(["a", "b", "c"]), purposes, min_size=1).map(
    lambda found: Policy.model_validate(POLICY.model_dump(by_alias=True, exclude={"purposes"}) | {"purposes": found})
)
kinds = st.frozensets(st.sampled_from([*KINDS, "stranger"]))


@given(policies, kinds, st.sampled_from([erasure.decide, objection.decide]))
def test_what_is_decided_is_what_then_holds(policy, kinds, decide):
    decision = decide(policy, kinds, NOW)
    events = [
        Event(one.kind, UUID(int=1), NOW, one.purpose, one.channel, one.category, origin=Origin.REQUEST)
        for one in decision.closings
    ]
    state = present(events, policy, NOW)
    for name, purpose in policy.purposes.items():
        verdicts = {one.outcome for one in decision.of(name)}
        assert len(verdicts) <= 1
        bases = {basis for kind in kinds or KINDS for basis in purpose.bases(kind)}
        closed = [state.closed_before.get(key) for key in keys_of(policy, name)]
        if purpose.direct_marketing:
            assert set(closed) == {EVERYTHING}
        elif bases & BOUND or verdicts != {"granted"}:
            assert set(closed) == {None}, "a closing reached what a contract, a duty or a pending word keeps"
        elif decide is erasure.decide or bases != {Basis.CONSENT}:
            assert set(closed) == {NOW}
        if Basis.CONSENT in bases and kinds and kinds <= set(KINDS):
            assert all(key in state.consent_closed for key in keys_of(policy, name))
        if kinds and kinds <= set(KINDS):
            assert bool(verdicts) == bool(bases or purpose.direct_marketing)

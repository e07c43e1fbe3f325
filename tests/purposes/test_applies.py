"""`apply` while others work: one at a time in a store, and whoever withdraws meanwhile is seen by nobody."""

from __future__ import annotations

import re

import pytest
from tests.purposes.shop import Shop

from belofte.choices.events import Kind
from belofte.purposes import applying
from belofte.purposes.applying import Refused
from belofte.rights.desk import Desk, Opened


def opened(desk: Desk) -> Opened:
    return desk.open("crm", read_only=False)


def test_while_one_applies_nobody_else_changes_what_stands(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each on a desk of its own, in the middle of the first."""
    plan, refused = shop.plan(), []

    def others(moment: str) -> None:
        monkeypatch.setattr(applying, "WITNESS", lambda _: None)
        with shop.desk() as desk:
            for act in (applying.resume, applying.undo, applying.detach, applying.attach):
                with pytest.raises(Refused, match="changes what stands") as why:
                    act(desk, opened(desk))
                refused.append(str(why.value))
            with pytest.raises(Refused, match="changes what stands"):
                applying.apply(desk, plan)

    monkeypatch.setattr(applying, "WITNESS", others)
    shop.apply(plan)
    assert len(refused) == 4
    assert shop.plan().empty


def test_a_second_apply_of_the_same_plan_finds_that_it_was_carried_out(shop: Shop) -> None:
    plan = shop.plan()
    shop.apply(plan)
    with pytest.raises(Refused, match=re.escape("plan again")):
        shop.apply(plan)


def test_whoever_withdraws_at_any_moment_of_an_apply_is_seen_by_nobody(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.apply()
    for number in range(12):
        for who in ("alice", "bob"):
            shop.choose(who, Kind.CONSENT_GIVEN, "mailing")
        shop.policy["purposes"]["mailing"]["uses"] = [] if number % 2 == 0 else ["identity.name"]
        seen: list[str] = []

        def witness(moment: str, seen: list[str] = seen, number: int = number) -> None:
            seen.append(moment)
            if len(seen) == number + 1:
                shop.choose("alice", Kind.CONSENT_WITHDRAWN, "mailing")

        monkeypatch.setattr(applying, "WITNESS", witness)
        shop.apply()
        monkeypatch.setattr(applying, "WITNESS", lambda _: None)
        if len(seen) <= number:
            break
        assert {row[0] for row in shop.sees("mailing", "contact", "id")} == {2}, number
    assert number > 3

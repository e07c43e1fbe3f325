"""How far behind a store is: a choice that did not reach it is seen, and for how long; telling it ends that."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.purposes.shop import Shop
from tests.purposes.test_verbs import Typed

from belofte.choices.events import Kind
from belofte.purposes import projecting
from belofte.purposes.lagging import Lag, lags


@pytest.fixture
def told(shop: Shop) -> Shop:
    """A shop that knows that alice and bob consented; its clock is a little behind that of the ledger's database."""
    shop.now = datetime.now(UTC) - timedelta(minutes=1)
    shop.apply()
    for name in ("alice", "bob"):
        shop.choose(name, Kind.CONSENT_GIVEN, "mailing")
    shop.refresh()
    return shop


def lag(shop: Shop) -> Lag:
    """The lag of the shop's store."""
    with shop.desk() as desk:
        return lags(desk)[0]


def unheard(shop: Shop, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A person withdraws while the store does not answer."""
    with monkeypatch.context() as silent:
        silent.setattr(projecting, "enforced", lambda _: [])
        assert shop.choose(name, Kind.CONSENT_WITHDRAWN, "mailing").changed == {}


def test_a_store_that_was_told_is_not_behind(told: Shop) -> None:
    found = lag(told)
    assert (found.waiting, found.since, found.why) == (0, None, "")
    told.choose("alice", Kind.CONSENT_WITHDRAWN, "mailing")
    assert lag(told).waiting == 0


def test_a_choice_that_did_not_reach_the_store_waits_since_it_was_recorded(
    told: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.choose("bob", Kind.CONSENT_WITHDRAWN, "mailing")
    unheard(told, monkeypatch, "alice")
    found = lag(told)
    assert found.waiting == 1
    assert found.since is not None
    assert found.behind(found.since + timedelta(minutes=5)) == timedelta(minutes=5)
    assert [row[0] for row in told.sees("mailing", "contact")] == [1]  # measuring taught it nothing
    told.refresh()
    assert lag(told).waiting == 0


def test_a_store_that_was_never_told_or_does_not_answer_says_so(shop: Shop) -> None:
    assert lag(shop).told_at is None
    shop.url = shop.url.replace("host=", "host=/nowhere")
    assert "nothing listens" in lag(shop).why


def test_the_verb_tells_and_check_warns_when_nobody_told_the_store(told: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    belofte = Typed(told, monkeypatch)
    code, said = belofte("choices", "lag")
    assert (code, "knows every choice" in said) == (0, True)
    unheard(told, monkeypatch, "alice")
    code, said = belofte("choices", "lag", "--json")
    found: dict[str, Any] = json.loads(said[: said.rindex("}") + 1])
    assert (code, found["stores"]["crm"]["waiting"]) == (2, 1)
    assert "ago (the limit" not in belofte("check")[1]
    with told.crm() as crm:
        crm.execute("UPDATE belofte.slot SET told_at = told_at - interval '30 hours'")
    assert "was told what people chose 30 hours ago (the limit is 24)" in belofte("check")[1]

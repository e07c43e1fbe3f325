"""A disclosure by hand: an authority gets data on an order and a law, nobody gets what it does not need."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.policy.shop import SOUND

from belofte.policy.model import Policy
from belofte.sharing.disclosing import Wanted, grounded, refusals
from belofte.sharing.registers import recipients, transfers

TODAY = date(2026, 11, 1)
HOST = {"kept": "C-1", "items": {"audit": "§ 9", "security": False}}
RECIPIENTS = {
    "tax": {"name": "FOD", "role": "authority", "location": "BE", "receives": ["identity.name"]},
    "host": {"name": "H", "role": "processor", "location": "BE", "contract": HOST, "receives": ["identity"]},
    "far": {
        "name": "F", "role": "processor", "location": "US", "transfer": "us", "contract": "C-2",
        "receives": ["identity"],
    },
}  # fmt: skip
GOOD = Wanted("tax", "orders", ["identity.name"], "WIB92 art. 315", "letter of 3 May")


@pytest.fixture(scope="module")
def policy() -> Policy:
    transfer = {"us": {"country": "US", "ground": "scc", "copy_at": "https://example.be"}}
    named = {name: {"title": name, "purposes": ["orders"], **one} for name, one in RECIPIENTS.items()}
    return Policy.model_validate({**SOUND, "recipients": named, "transfers": transfer})


def test_an_authority_gets_what_it_may_have_on_an_order_and_a_law(policy: Policy) -> None:
    assert refusals(policy, GOOD, TODAY) == []


@pytest.mark.parametrize(
    ("change", "article"),
    [
        ({"reference": None}, "6(1)(c), 48"),
        ({"reference": " "}, "6(1)(c), 48"),
        ({"ground": None}, "6(3)"),
        ({"data": ["identity.email"]}, "5(1)(c)"),
        ({"data": ["nothing"]}, "13(1)(e)"),
        ({"purpose": "claims"}, "5(1)(b)"),
        ({"recipient": "nobody"}, "13(1)(e)"),
        ({"recipient": "far"}, "44, 48"),
    ],
)
def test_what_stands_against_it_is_named_with_its_article(
    policy: Policy, change: dict[str, object], article: str
) -> None:  # fmt: skip
    assert [one.article for one in refusals(policy, replace(GOOD, **change), TODAY)] == [article]  # type: ignore[arg-type]


def test_a_processor_receives_on_its_contract(policy: Policy) -> None:
    wanted = Wanted("host", "orders", ["identity"], None, None)
    assert refusals(policy, wanted, TODAY) == []
    assert grounded(policy, wanted) == "art. 28: C-1"


def test_the_register_says_which_items_a_contract_has_lacks_and_leaves_unsaid(policy: Policy) -> None:
    host = next(row for row in recipients(policy, "en", TODAY) if row["id"] == "host")
    assert host["contract_has"] == ["28(3)(h): § 9"]
    assert host["contract_lacks"] == ["28(3)(c)"]
    assert "28(3)(a)" in host["contract_unsaid"]  # type: ignore[operator]


def test_the_register_of_transfers_says_what_is_missing_and_on_which_decision(policy: Policy) -> None:
    (row,) = transfers(policy, "fr", TODAY)
    assert (row["permitted"], row["missing"], row["decision"]) == (False, ["module", "assessment"], None)
    adequate = Policy.model_validate(
        {**policy.model_dump(by_alias=True, mode="json"), "transfers": {"gb": {"country": "GB", "ground": "adequacy"}}}
    )
    (row,) = transfers(adequate, "en", TODAY)
    assert (row["permitted"], row["decision_until"]) == (True, "2031-12-27")

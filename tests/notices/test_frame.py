"""What the policy says to the person who asks."""

import pytest
from tests.notices.people import ANSWERED, POLICY, RECEIVED

from belofte.notices.frame import answer_frame
from belofte.policy.model import Basis

ASKED = {"request": "1", "received": RECEIVED, "answered": ANSWERED}


def test_a_sole_trader_orders_under_contract_and_is_told_no_interest():
    frame = answer_frame(POLICY, "en", **ASKED, kinds=["sole_trader"])
    orders = frame.purposes[0]
    assert (orders.bases, orders.interest) == ((Basis.CONTRACT,), None)
    assert [purpose.id for purpose in frame.purposes] == ["orders", "accounting", "marketing"]


def test_a_contact_person_is_told_the_interest_and_has_other_rights():
    frame = answer_frame(POLICY, "en", **ASKED, kinds=["customer_contact"])
    assert frame.purposes[0].interest == "delivering to your company"
    rights = {right.right: right.purposes for right in frame.rights}
    assert rights["objection"] == ("Carrying out your orders",)
    assert rights["portability"] == ("News and offers by e-mail",)


def test_rights_are_fitted_to_the_bases():
    frame = answer_frame(POLICY, "en", **ASKED, kinds=["sole_trader"])
    rights = {right.right: right.purposes for right in frame.rights}
    assert set(rights) == {
        "rectification",
        "erasure",
        "restriction",
        "withdrawal",
        "marketing-objection",
        "portability",
    }
    assert rights["portability"] == ("Carrying out your orders", "News and offers by e-mail")
    assert rights["withdrawal"] == ("News and offers by e-mail",)


@pytest.mark.parametrize(
    ("language", "accounting", "orders"),
    [
        ("nl", "7 jaar, te tellen vanaf: de datum van de factuur", "zolang dit geldt: u hebt een contract"),
        ("fr", "7 ans, à compter de : la date de la facture", "tant que ceci est vrai : vous avez un contrat"),
        ("en", "7 years, counted from: the date of the invoice", "as long as this holds: you have a contract with us"),
    ],
)
def test_retention_is_a_term_and_what_it_counts_from_in_words(language: str, accounting: str, orders: str):
    found = {part.id: part.retention for part in answer_frame(POLICY, language, **ASKED).purposes}
    assert (found["accounting"], found["orders"]) == (accounting, orders)


def test_a_fact_without_words_is_named_readably():
    bare = POLICY.model_copy(update={"facts": {}})
    found = {part.id: part.retention for part in answer_frame(bare, "en", **ASKED).purposes}
    assert found["accounting"] == "7 years, counted from: invoice issued at"


def test_the_authority_comes_from_the_law_in_the_persons_language():
    case = answer_frame(POLICY, "nl", **ASKED).case
    assert case.authority is not None
    assert case.authority.name == "Gegevensbeschermingsautoriteit"
    assert case.authority.reach.address == "Drukpersstraat 35, 1000 Brussel"


def test_transfers_name_who_receives_and_where_the_safeguards_are():
    frame = answer_frame(POLICY, "en", **ASKED)
    (transfer,) = frame.transfers
    assert (transfer.country, transfer.recipients, transfer.copy_at) == (
        "US",
        ("Postduif Inc.",),
        "https://werkgoed.example/scc",
    )


def test_sources_are_told_per_category():
    found = {category.id: category.sources for category in answer_frame(POLICY, "en", **ASKED).categories}
    assert found == {
        "identity": ("provided",),
        "payment": ("observed",),
        "dealings": ("observed",),
        "preference": ("inferred",),
    }

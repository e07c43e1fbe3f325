"""The example policies: the mended ones are clean, the published ones show every defect that their readers found."""

from __future__ import annotations

from datetime import date

import pytest
from tests.examples.folders import EXAMPLES, clauses, maps, policy, yaml

from belofte.datamap.coverage import coverage
from belofte.policy.check import check

TODAY = date(2026, 11, 16)
COMPANIES = pytest.mark.parametrize(("company", "letter"), [("alsico", "A"), ("selligent", "S")])


@COMPANIES
def test_mended_policy_is_clean(company, letter):
    assert check(policy(company), TODAY) == []


@COMPANIES
def test_every_clause_of_the_published_text_has_its_promise(company, letter):
    promised = [promise.id for promise in policy(company).policy.promises]
    assert sorted(promised) == sorted(clause["id"] for clause in clauses(letter))


@COMPANIES
def test_every_promise_speaks_three_languages(company, letter):
    for promise in policy(company).policy.promises:
        assert promise.text.missing(["nl", "fr", "en"]) == [], promise.id


@COMPANIES
def test_every_defect_of_the_published_text_is_listed(company, letter):
    listed = yaml(EXAMPLES / company / "as-published" / "DEFECTS.yaml")
    wanted = {clause["id"] for clause in clauses(letter) if "defect" in clause}
    assert wanted <= set(listed)
    assert set(listed) <= {clause["id"] for clause in clauses(letter)}


@COMPANIES
def test_check_finds_every_defect_where_the_text_has_it(company, letter):
    found = {(finding.id, finding.path) for finding in check(policy(f"{company}/as-published"), TODAY)}
    listed = yaml(EXAMPLES / company / "as-published" / "DEFECTS.yaml")
    missed = [
        (clause, rule, path)
        for clause, rules in listed.items()
        for rule, path in rules.items()
        if (rule, path) not in found
    ]
    assert missed == []


@COMPANIES
def test_no_defect_is_left_in_the_mended_policy(company, letter):
    listed = yaml(EXAMPLES / company / "as-published" / "DEFECTS.yaml")
    left = {finding.id for finding in check(policy(company), TODAY)}
    assert left.isdisjoint(rule for rules in listed.values() for rule in rules)


def test_every_fact_that_a_purpose_needs_is_given_by_a_store():
    loaded = policy("alsico")
    assert coverage(loaded, maps("alsico", loaded)) == []


def test_contract_binds_sole_traders_and_interest_reaches_contacts_and_wearers():
    orders = policy("alsico").policy.purposes["orders"]
    assert [basis.value for basis in orders.bases("sole_trader")] == ["contract"]
    assert [basis.value for basis in orders.bases("customer_contact")] == ["legitimate-interest"]
    assert [basis.value for basis in orders.bases("wearer")] == ["legitimate-interest"]
    assert orders.bases("applicant") == []

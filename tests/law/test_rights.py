"""Right × basis: the table of the W3C Data Privacy Vocabulary is the oracle (STANDARDS 1.1.3)."""

from __future__ import annotations

import pytest
import rdflib
from tests import shared_data

from belofte.law import rights

GDPR = "https://w3id.org/dpv/legal/eu/gdpr#"

ADDED = {
    "consent": {"19", "21"},
    "contract": {"19", "21"},
    "legal-obligation": {"14", "17", "19", "22"},
    "vital-interests": {"19"},
    "public-task": {"17", "19"},
    "legitimate-interest": {"19"},
}
"""What the text of the GDPR adds to the vocabulary's table; 21 for direct marketing only."""


def _articles(basis: str) -> set[str]:
    marketing = basis in rights.MARKETING_BASES
    found = [r for r in rights.RIGHTS.values() if rights.available(r.name, basis, direct_marketing=marketing)]
    return {article for right in found for article in right.articles} - {"79"}


def test_matrix_holds_all_that_dpv_says_and_adds_exactly_what_the_law_adds():
    folder = shared_data.folder()
    if folder is None:
        pytest.skip("no shared data: the vocabulary is not here")
    graph = rdflib.Graph().parse(folder / "dpv" / "legal_basis_rights_mapping.ttl")
    said: dict[str, set[str]] = {}
    for subject, _, right in graph.triples((None, rdflib.URIRef("https://w3id.org/dpv#hasRight"), None)):
        article = str(right).removeprefix(GDPR + "A").replace("7-3", "7(3)")
        said.setdefault(str(subject).removeprefix(GDPR + "A6-1-"), set()).add(article)
    assert len(said) == 16
    for subject, articles in said.items():
        basis = rights.BASES["abcdef".index(subject[0])]
        engine = _articles(basis)
        assert engine >= articles, subject
        assert engine - articles == ADDED[basis], subject


@pytest.mark.parametrize("basis", rights.BASES)
def test_direct_marketing_can_be_objected_to_whatever_the_basis(basis):
    assert rights.available("objection", basis, direct_marketing=True)
    assert rights.article("objection", basis, direct_marketing=True) == "21(2)"


@pytest.mark.parametrize("basis", rights.BASES)
@pytest.mark.parametrize(
    "right", ["notice", "access", "rectification", "erasure", "restriction", "notify", "complaint"]
)
def test_these_rights_do_not_depend_on_the_basis(right, basis):
    assert rights.available(right, basis)


@pytest.mark.parametrize(
    ("right", "bases"),
    [
        ("portability", {"consent", "contract"}),
        ("objection", {"public-task", "legitimate-interest"}),
        ("withdrawal", {"consent"}),
    ],
)
def test_these_rights_depend_on_the_basis(right, bases):
    assert {basis for basis in rights.BASES if rights.available(right, basis)} == bases
    assert {basis for basis in rights.BASES if rights.article(right, basis)} == bases


def test_erasure_grounds_follow_the_basis():
    assert rights.erasure_grounds("consent") == ("17(1)(a)", "17(1)(b)", "17(1)(d)", "17(1)(e)", "17(1)(f)")
    assert rights.erasure_grounds("legitimate-interest") == ("17(1)(a)", "17(1)(c)", "17(1)(d)", "17(1)(e)")
    assert rights.erasure_grounds("legal-obligation") == ("17(1)(a)", "17(1)(d)", "17(1)(e)")
    assert "17(1)(c)" in rights.erasure_grounds("contract", direct_marketing=True)


def test_research_for_a_public_task_cannot_be_objected_to():
    assert rights.objection_ground("public-task", research=True) is None
    assert rights.objection_ground("legitimate-interest", research=True) == "21(6)"


@pytest.mark.parametrize(
    ("basis", "automated", "source", "expected"),
    [
        ("consent", True, "provided", True),
        ("contract", True, "observed", True),
        ("contract", True, "inferred", False),
        ("contract", True, "third-party", False),
        ("contract", False, "provided", False),
        ("contract", None, "provided", None),
        ("legitimate-interest", True, "provided", False),
    ],
)
def test_only_what_she_provided_under_consent_or_contract_is_portable(basis, automated, source, expected):
    assert rights.portable(basis, automated=automated, source=source) is expected


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="unknown right `oblivion`"):
        rights.available("oblivion", "consent")
    with pytest.raises(ValueError, match="unknown legal basis `interest`"):
        rights.available("access", "interest")

"""Identifiers in one form: the same person is found however a store spells her."""

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from belofte.datamap import identity
from belofte.datamap.identity import normalise


@pytest.mark.parametrize(
    ("kind", "written", "same"),
    [
        ("email", "  Alice.Peeters@Example.BE ", "alice.peeters@example.be"),
        ("email", "ALICE@exämple.be", "alice@exämple.be"),
        ("email", "<alice@example.be>", "alice@example.be"),
        ("email", "alice@mail.test", "alice@mail.test"),
        ("email", "Alice@intranet.local", "alice@intranet.local"),
        ("phone", "0478 12 34 56", "+32478123456"),
        ("mobile", "+32 (0)478/12.34.56", "+32478123456"),
        ("fax", "0032 2 274 48 00", "+3222744800"),
        ("company_number", "BE 0694.679.950", "0694679950"),
        ("company_number", "694.679.950", "0694679950"),
        ("iban", "be71 0961 2345 6769", "BE71096123456769"),
        ("national_number", "85.07.30-033 28", "85073003328"),
        ("customer_number", " k-0042 ", "K-0042"),
        ("badge", "ab 12", "AB12"),
    ],
)
def test_one_form_for_each_way_of_writing(kind, written, same):
    assert normalise(kind, written) == same


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("email", ""),
        ("email", "alice"),
        ("email", "alice@"),
        ("email", "alice@example.be, bob@example.be"),
        ("email", "x" * 400 + "@example.be"),
        ("email", "alice\x00@example.be"),
        ("phone", "unknown"),
        ("phone", "12"),
        ("company_number", "0694.679.951"),
        ("iban", "BE71 0961 2345 6760"),
        ("national_number", "85.07.30-033 29"),
        ("customer_number", "   "),
    ],
)
def test_what_is_no_identifier_matches_nobody(kind, written):
    assert normalise(kind, written) is None


def test_number_without_country_code_is_read_in_the_country_given():
    assert normalise("phone", "06 12 34 56 78", country="FR") == "+33612345678"
    assert normalise("phone", "06 12 34 56 78", country="NL") == "+31612345678"


def test_two_people_stay_two():
    assert normalise("email", "alice@example.be") != normalise("email", "alice@example.nl")
    assert normalise("email", "alice+shop@example.be") != normalise("email", "alice@example.be")


@example("badge", "A´")
@example("iban", "A´")
@given(st.sampled_from(["email", "phone", "company_number", "iban", "national_number", "badge"]), st.text(max_size=60))
def test_any_text_has_one_form_at_most_and_keeps_it(kind, text):
    once = normalise(kind, text)
    assert once is None or normalise(kind, once) == once


def dotted(characters: str) -> st.SearchStrategy[str]:
    """Return words of these characters with dots between them."""
    return st.lists(st.text(characters, min_size=1, max_size=6), min_size=1, max_size=4).map(".".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.builds("{}@{}".format, dotted("abcXYZ019-_+"), dotted("abcXYZ019-")).filter(identity.PLAIN_EMAIL.match))
@example("_@0")
@example("+-@A-9.7")
def test_a_plain_address_is_what_the_rules_of_all_addresses_make_of_it(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    at_a_glance = normalise("email", text)
    with monkeypatch.context() as patched:
        patched.setattr(identity, "PLAIN_EMAIL", re.compile("(?!)"))
        assert at_a_glance == normalise("email", text) is not None

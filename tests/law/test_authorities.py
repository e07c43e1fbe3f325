"""Supervisory authorities: the block of a notice, and contacts that are out of date."""

from __future__ import annotations

import pytest

from belofte.law.authorities import AUTHORITIES, authority, outdated


def test_belgian_block_speaks_the_readers_language():
    belgian = authority("be-apd")
    assert belgian.block("nl")[:2] == ("Gegevensbeschermingsautoriteit", "Drukpersstraat 35, 1000 Brussel")
    assert belgian.block("fr")[:2] == ("Autorité de protection des données", "Rue de la Presse 35, 1000 Bruxelles")
    assert belgian.block("en")[0] == "Data Protection Authority (Belgium)"
    assert "contact@apd-gba.be" in belgian.block("nl")
    assert "+32 2 274 48 00" in belgian.block("nl")


@pytest.mark.parametrize(
    "given",
    [
        {"address": "Drukpersstraat 35, 1000 Brussel"},
        {"address": "Rue de la Presse 35 — 1000 Bruxelles, Belgique"},
        {"email": "Contact@APD-GBA.be "},
        {"phone": "+32 (0)2 274 48 00"},
        {"phone": "02/274.48.00"},
        {"url": "https://www.gegevensbeschermingsautoriteit.be/burger"},
        {"url": "autoriteprotectiondonnees.be"},
    ],
)
def test_current_contact_in_other_writing_is_recognised(given):
    assert outdated("be-apd", **given) == ()


def test_contacts_of_the_old_commission_are_out_of_date():
    wrong = outdated(
        "be-apd",
        address="Drukpersstraat 15, 1000 Brussel",
        email="commission@privacycommission.be",
        phone="+32 2 274 48 00",
        url="https://www.privacycommission.be",
    )
    assert wrong == ("address", "email", "url")


def test_house_number_that_only_begins_alike_is_wrong():
    assert outdated("be-apd", address="Drukpersstraat 350, 1000 Brussel") == ("address",)


def test_phone_of_another_is_wrong():
    assert outdated("be-apd", phone="+31 88 180 52 50") == ("phone",)


def test_unknown_authority_is_refused_with_those_known():
    with pytest.raises(ValueError, match="unknown supervisory authority `be-cpvp`; known are be-apd"):
        authority("be-cpvp")


def test_what_was_written_from_memory_says_so():
    assert {entry.id for entry in AUTHORITIES.values() if entry.source.memory} == {"nl-ap", "fr-cnil", "lu-cnpd"}
    assert "from memory" in str(authority("fr-cnil").source)

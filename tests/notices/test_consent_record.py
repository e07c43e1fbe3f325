"""Consent records and receipts: every mandatory field of the profile, terms that exist, nobody named."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from pyld import jsonld
from rdflib import Graph
from tests import shared_data
from tests.policy.shop import SOUND

from belofte.choices.events import Event, Kind, Origin
from belofte.datamap.model import DataMap
from belofte.notices.consent_record import SCHEMA, identity, of_consent, receipt, record
from belofte.policy.model import Policy

ALICE = UUID("00000000-0000-4000-8000-000000000001")
NUMBER = UUID("00000000-0000-4000-8000-00000000000f")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOWN = {"act": "click", "how": "web-form", "notice": "1", "language": "nl", "text": "sha256:" + "a" * 64}
POLICY = Policy.model_validate(SOUND)
MAPS = {
    "crm": DataMap.model_validate(
        {
            "store": "crm", "url": "x", "location": "FR",
            "people": {"customer": {"table": "c", "key": "id", "is": "customer"}},
            "tables": {"c": {"columns": {"email": "identity.email"}}},
        }
    )
}  # fmt: skip
DPV = "https://w3id.org/dpv#"
MANDATORY = {
    "http://purl.org/dc/terms/conformsTo": 1, f"{DPV}hasIdentifier": None, "http://purl.org/dc/terms/identifier": None,
    f"{DPV}hasDataSubject": 1, f"{DPV}hasNotice": None, "http://purl.org/dc/terms/language": None,
    f"{DPV}hasProcess": None, f"{DPV}hasDataController": None, f"{DPV}hasConsentControl": None,
    f"{DPV}hasJurisdiction": None, f"{DPV}hasRight": None, f"{DPV}hasConsentStatus": None, f"{DPV}hasAuthority": None,
}  # fmt: skip
"""Fields of the record that the profile makes mandatory, each once (1) or at least once."""
OF_PROCESS = ("hasPurpose", "hasPersonalData", "hasStorageCondition", "hasRecipient", "hasLegalBasis")
OF_PARTY = ("hasIdentifier", "hasName", "hasAddress", "hasContact")
OF_EVENT = ("isIndicatedAtTime", "hasDuration", "isIndicatedBy", "hasIndicationMethod")


def given(*more: Event, **evidence: Any) -> list[Event]:
    """Alice's consent to the newsletter, and what she chose after it."""
    first = Event(Kind.CONSENT_GIVEN, ALICE, AT, "news", "email", evidence={**SHOWN, **evidence})
    return of_consent([*more, first], "news")


def made(events: list[Event], at: datetime = AT) -> dict[str, Any]:
    """The record of these events, expanded."""
    (expanded,) = jsonld.expand(json.loads(json.dumps(record(POLICY, MAPS, ALICE, "news", events, at))))
    return dict(expanded)


@cache
def vocabulary() -> frozenset[str]:
    """Everything that the pinned vocabulary defines."""
    data = shared_data.folder()
    if data is None:
        pytest.skip("the vocabulary is not here (../shared/data, or BELOFTE_SHARED)")
    graph = Graph()
    for name in ("dpv", "pd", "eu-gdpr", "legal-be", "dpv-27560"):
        graph.parse(data / "dpv" / f"{name}.ttl")
    return frozenset(map(str, graph.subjects()))


def test_every_mandatory_field_is_there_as_often_as_the_profile_has_it() -> None:
    found = made(given())
    for field, times in MANDATORY.items():
        assert len(found[field]) == times if times else len(found[field]) >= 1, field
    assert found["http://purl.org/dc/terms/conformsTo"] == [{"@id": f"{SCHEMA}record-eu-gdpr"}]
    (process,) = found[f"{DPV}hasProcess"]
    assert all(process[f"{DPV}{name}"] for name in OF_PROCESS)
    kinds = [one["@type"] for one in process[f"{DPV}hasStorageCondition"]]
    assert kinds == [[f"{DPV}StorageDuration"], [f"{DPV}StorageLocation"], [f"{DPV}StorageDeletion"]]
    assert all(found[f"{DPV}hasDataController"][0][f"{DPV}{name}"] for name in OF_PARTY)
    (event,) = found[f"{DPV}hasConsentStatus"]
    assert all(len(event[f"{DPV}{name}"]) == 1 for name in OF_EVENT)
    assert event["@type"] == [f"{DPV}ConsentGiven", f"{DPV}ExpressedConsent"]
    (notice,) = found[f"{DPV}hasNotice"]
    assert f"{DPV}ConsentNotice" in notice["@type"]


@pytest.mark.parametrize("country", ["BE"])
def test_every_term_exists_in_the_pinned_vocabulary(country: str) -> None:
    whole = receipt(record(POLICY, MAPS, ALICE, "news", given(), AT), NUMBER, AT, [{"index": 1}])
    expanded = json.dumps(jsonld.expand(json.loads(json.dumps(whole))))
    written = set(re.findall(r'"(https://w3id\.org/dpv[^"]*)"', expanded))
    places = {one for one in written if "/dpv/loc#" in one}
    assert places == {"https://w3id.org/dpv/loc#BE", "https://w3id.org/dpv/loc#FR"}
    assert len(written) > 30
    assert written - places <= vocabulary()
    assert not re.findall(r'"(?!http|urn|@)[\w-]+:[\w-]+":', expanded), "every key has an IRI"


def test_each_choice_is_an_event_in_the_order_in_which_it_holds() -> None:
    withdrawn = Event(Kind.CONSENT_WITHDRAWN, ALICE, AT + timedelta(days=3), None, origin=Origin.STAFF)
    other = Event(Kind.CONSENT_GIVEN, ALICE, AT, "books", evidence=SHOWN)
    found = made(given(withdrawn, other))[f"{DPV}hasConsentStatus"]
    assert [one["@type"][0] for one in found] == [f"{DPV}ConsentGiven", f"{DPV}ConsentWithdrawn"]
    assert found[0][f"{DPV}isIndicatedBy"] == [{"@id": f"urn:uuid:{ALICE}"}]
    assert found[1][f"{DPV}isIndicatedBy"][0]["@type"] == [f"{DPV}DataController"]


def test_an_expired_consent_says_so() -> None:
    first = Event(Kind.CONSENT_GIVEN, ALICE, AT, "news", valid_until=AT + timedelta(days=1), evidence=SHOWN)
    assert len(made([first])[f"{DPV}hasConsentStatus"]) == 1
    (_, last) = made([first], AT + timedelta(days=1))[f"{DPV}hasConsentStatus"]
    assert last["@type"] == [f"{DPV}ConsentExpired"]


def test_an_explicit_consent_is_one() -> None:
    (event,) = made(given(explicit=True))[f"{DPV}hasConsentStatus"]
    assert f"{DPV}ExplicitlyExpressedConsent" in event["@type"]


def test_a_receipt_has_its_own_id_the_record_its_moment_and_every_field() -> None:
    proof = {"act": {"at": "2026"}, "proof": ["x"]}
    kept = record(POLICY, MAPS, ALICE, "news", given(), AT)
    whole = receipt(kept, NUMBER, AT, [proof])
    (found,) = jsonld.expand(json.loads(json.dumps(whole)))
    assert found["@type"] == [f"{DPV}ConsentReceipt"]
    assert found["http://purl.org/dc/terms/conformsTo"] == [{"@id": f"{SCHEMA}receipt-eu-gdpr"}]
    assert found["http://purl.org/dc/terms/references"] == [{"@id": kept["@id"]}]
    assert found[f"{DPV}hasIdentifier"] == [{"@value": str(NUMBER), "@language": "nl"}]
    assert found["http://purl.org/dc/terms/created"][0]["@value"] == "2026-03-01T12:00:00+00:00"
    assert found["http://purl.org/dc/terms/provenance"] == [{"@type": "@json", "@value": [proof]}]
    assert kept.keys() - {"@context", "@id", "@type"} <= whole.keys()


def test_a_record_keeps_its_id_and_names_nobody() -> None:
    assert identity(ALICE, "news") == identity(ALICE, "news") != identity(ALICE, "books")
    assert identity(ALICE, "news").version == 4
    assert "@example" not in json.dumps(made(given()))

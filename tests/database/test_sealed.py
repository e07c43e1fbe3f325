"""What a request seals opens only for it, and never again once shredded."""

from datetime import UTC, date, datetime

import pytest

from belofte.database import requests
from belofte.database.key import CompanyKey
from belofte.database.sealed import Shredded, seal, shred, unsealed


@pytest.fixture
def request_id(db):
    return requests.receive(db, "erasure", datetime(2026, 3, 5, tzinfo=UTC), date(2026, 4, 7), "nl").id


def test_what_is_sealed_opens_and_is_nowhere_in_the_clear(db, key, request_id):
    seal(db, key, request_id, "crm", b"alice@example.be")
    seal(db, key, request_id, "crm", b"alice@example.be, 42")
    assert unsealed(db, key, request_id, "crm") == b"alice@example.be, 42"
    found = db.connection.execute("SELECT ciphertext FROM belofte.sealed").fetchall()
    assert len(found) == 1
    assert b"alice" not in found[0][0]


def test_what_was_shredded_does_not_open_even_from_a_copy_of_its_ciphertext(db, key, request_id):
    seal(db, key, request_id, "crm", b"42")
    copy = db.connection.execute("SELECT part, nonce, ciphertext FROM belofte.sealed").fetchone()
    shred(db, request_id)
    with pytest.raises(Shredded):
        unsealed(db, key, request_id, "crm")
    db.connection.execute("INSERT INTO belofte.sealed VALUES (%s, %s, %s, %s)", [request_id, *copy])
    with pytest.raises(Shredded, match="destroyed"):
        unsealed(db, key, request_id, "crm")
    seal(db, key, request_id, "shop", b"new key")
    with pytest.raises(Shredded):
        unsealed(db, key, request_id, "crm")


def test_what_was_sealed_as_one_part_does_not_open_as_another(db, key, request_id):
    seal(db, key, request_id, "crm", b"42")
    db.connection.execute("UPDATE belofte.sealed SET part = 'shop'")
    with pytest.raises(Shredded):
        unsealed(db, key, request_id, "shop")


def test_another_company_s_key_opens_nothing(db, key, request_id):
    seal(db, key, request_id, "crm", b"42")
    with pytest.raises(Shredded, match="restore the key"):
        unsealed(db, CompanyKey(bytes(32)), request_id, "crm")

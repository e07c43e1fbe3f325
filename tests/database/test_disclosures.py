"""Disclosures: of one person, of a list of people, of nobody knows whom."""

import pytest
from psycopg.errors import CheckViolation
from tests.database.test_requests import AT

from belofte.choices.subjects import Identifier, subject_of
from belofte.database.disclosures import Disclosed, PersonIn, committed, disclose, disclosures, register, unlisted

ALICE, BOB = bytes(32), bytes([1]) * 32


def sent(recipient: str = "courier", subject=None, store="shop") -> Disclosed:
    return Disclosed(recipient, "orders", "contract", ["identity"], store, AT, b"digest", subject)


def test_who_received_data_of_one_person_is_found_by_her(db, key):
    alice = subject_of(db, key, [Identifier("email", "alice@example.be")])
    disclose(db, sent(subject=alice))
    (found,) = disclosures(db, [alice])
    assert (found.recipient, found.categories, found.people) == ("courier", ["identity"], None)
    assert disclosures(db, [], [ALICE]) == []


def test_who_received_data_of_many_is_found_by_each_of_them(db, key):
    bob = subject_of(db, key, [Identifier("email", "bob@example.be")])
    number = disclose(db, sent(), [PersonIn(ALICE, None), PersonIn(BOB, bob)])
    assert [one.id for one in disclosures(db, [], [ALICE])] == [number]
    assert [one.id for one in disclosures(db, [bob])] == [number]
    assert [one.people for one in register(db)] == [2]
    ((digest,),) = db.connection.execute("SELECT people_digest FROM belofte.disclosure")
    assert digest == committed([ALICE, BOB])


def test_a_list_of_nobody_is_not_the_same_as_no_list(db):
    disclose(db, sent("courier"), [])
    disclose(db, sent("printer"))
    disclose(db, sent("other", store="crm"))
    assert [one.recipient for one in unlisted(db, ["shop"])] == ["printer"]


def test_a_row_known_later_leads_to_what_was_disclosed_before(db, key):
    disclose(db, sent(), [PersonIn(ALICE, None)])
    alice = subject_of(db, key, [Identifier("email", "alice@example.be")])
    assert disclosures(db, [alice]) == []
    db.run("keys_linked", store="shop", entry="c", keys=[ALICE], identities=[ALICE], subjects=[alice])
    assert [one.recipient for one in disclosures(db, [alice])] == ["courier"]


def test_a_count_without_what_it_commits_to_is_refused(db):
    disclose(db, sent())
    with pytest.raises(CheckViolation):
        db.connection.execute("UPDATE belofte.disclosure SET people = 3")

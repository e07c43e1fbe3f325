"""Disclosures: of one person, of a list of people, of nobody knows whom."""

from dataclasses import replace

import pytest
from psycopg.errors import CheckViolation
from tests.database.test_requests import AT

from belofte.choices.subjects import Identifier, subject_of
from belofte.database.disclosures import (
    Disclosed,
    NotRedacted,
    PersonIn,
    committed,
    disclose,
    disclosures,
    redact,
    register,
    unlisted,
)
from belofte.evidence import receipt, seal
from belofte.evidence.fsck import fsck
from belofte.evidence.signing import KeyFile

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


def test_what_was_written_freely_is_taken_back_everywhere_and_that_it_was_stays_proven(db):
    log, order = KeyFile(bytes(range(32))), "letter about Alice Peeters"
    number = disclose(db, replace(sent(), reference=order), [PersonIn(ALICE, None), PersonIn(BOB, None)])
    other = disclose(db, replace(sent(), reference=order))
    seal.seal(db, log)
    acts_of = "SELECT id FROM belofte.act WHERE content LIKE '%sharing:disclosure:recorded%' ORDER BY id"
    first, second = (act for (act,) in db.connection.execute(acts_of).fetchall())
    before = receipt.leaf(db, first)
    assert redact(db, number, "contract", None, "the order named somebody", "anna", AT) == [first]
    seal.seal(db, log)
    assert [(one.id, one.ground, one.reference) for one in register(db)] == [
        (number, "contract", None), (other, "contract", order)
    ]  # fmt: skip
    ((salt, content),) = db.connection.execute("SELECT salt, content FROM belofte.act WHERE id = %s", [first])
    assert (salt, content) == (None, None)
    assert db.connection.execute("SELECT content IS NOT NULL FROM belofte.act WHERE id = %s", [second]).fetchone()[0]
    assert receipt.leaf(db, first) == before
    checked = fsck(db)
    assert (checked.findings, checked.erased) == ([], 1)
    ((said,),) = db.connection.execute("SELECT content FROM belofte.act WHERE name = 'sharing:redaction:recorded'")
    assert "anna" not in said
    assert "somebody" not in said
    with pytest.raises(NotRedacted, match="says just that already"):
        redact(db, number, "contract", None, "again", "anna", AT)
    with pytest.raises(NotRedacted, match="there is no disclosure 99"):
        redact(db, 99, "contract", None, "again", "anna", AT)
    assert fsck(db).findings == []

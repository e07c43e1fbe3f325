"""A key of the log that is lost: what two people can say of it, and what a verifier believes then."""

from __future__ import annotations

import pytest
from tests.database.fixtures import db, migrated
from tests.evidence.test_receipts import KEY, NEXT_KEY, SIGNER

from belofte.database import acts
from belofte.database.acts import Act
from belofte.database.errors import KeyUnusable
from belofte.evidence import note as notes
from belofte.evidence import receipt, seal
from belofte.evidence.fsck import fsck
from belofte.evidence.signing import KeyFile, person
from belofte.evidence.verify import (
    ED25519,
    Head,
    Key,
    Malformed,
    Note,
    NotVerified,
    Succession,
    signer_of,
    told,
    verify,
)

__all__ = ["db", "migrated"]

NEW = KeyFile(bytes([23]) * 32)
DIRECTOR, DPO = KeyFile(bytes([21]) * 32), KeyFile(bytes([22]) * 32)
PEOPLE = [(Key("director", ED25519, DIRECTOR.public), DIRECTOR), (Key("dpo", ED25519, DPO.public), DPO)]
NAMED = [key.text for key, _ in PEOPLE]


@pytest.fixture
def gap(db):
    """A log whose key was lost: what showed an act before, what shows it after, and the keys."""
    acts.record(db, Act.PLAN_MADE, {"plan": "01"})
    seal.seal(db, SIGNER)
    before = receipt.receipt(db, 1)
    seal.succeed(db, NEW, PEOPLE)
    acts.record(db, Act.PLAN_MADE, {"plan": "02"})
    seal.seal(db, NEW)
    old, new = (one.key for one in seal.keys(db))
    return db, before, receipt.receipt(db, 1), old.text, new.text


def test_whoever_relies_on_the_lost_key_gets_past_it_by_relying_on_both_people(gap):
    _, before, after, old, new = gap
    assert verify(before, old).gaps == ()
    with pytest.raises(NotVerified, match="was lost, and people named the one that signs now"):
        verify(after, old)
    with pytest.raises(NotVerified, match="was lost"):
        verify(after, old, people=NAMED[:1])
    assert verify(after, old, people=NAMED).signer.text == new
    assert verify(after, new).signer.text == new


def test_the_gap_is_told_whoever_is_relied_on(gap):
    _, _, after, _, new = gap
    for found in (verify(after), verify(after, new)):
        (line,) = [line for line in told(found) if line.startswith("gap: ")]
        assert "`director` and `dpo` named the next one; that none of the first 2 acts was changed" in line


def test_the_log_goes_on_and_holds_and_a_head_of_before_is_in_it(gap):
    db, *_ = gap
    assert fsck(db).findings == []
    found = verify(receipt.consistency(db, 2))
    assert (found.older.size, found.gaps[0].last) == (2, found.older)


def test_what_the_lost_key_signs_of_a_longer_log_is_not_believed(gap):
    db, _, after, old, _ = gap
    head = Head(Key.parse(old).name, 7, bytes(32))
    note = Note.parse(notes.checkpoint(head, Key.parse(old), SIGNER))
    gaps = verify(after).gaps
    with pytest.raises(NotVerified, match="was lost"):
        signer_of(note, head, [Key.parse(old)], gaps)
    assert signer_of(note, head, [Key.parse(old)], ()) == Key.parse(old)
    db.connection.execute(
        "INSERT INTO belofte.checkpoint VALUES (7, %s, 0)", [notes.checkpoint(head, Key.parse(old), SIGNER)]
    )
    assert "is not signed by the log's key" in {one.what for one in fsck(db).findings}


LAST = Head(KEY.name, 3, bytes(32))
WHOLE = Succession(KEY, NEXT_KEY, LAST, tuple(key for key, _ in PEOPLE))
NEXT = KeyFile(bytes([24]) * 32)


def said(gap: Succession, signers: list[tuple[Key, KeyFile]]) -> str:
    return notes.succession(gap, signers)


def test_a_succession_is_signed_by_the_new_key_and_two_people_or_is_none():
    key = Key(KEY.name, ED25519, NEXT.public)
    whole = Succession(KEY, key, LAST, WHOLE.people)
    assert Succession.parse(said(whole, [(key, NEXT), *PEOPLE])) == whole
    for signers in ([(key, NEXT), PEOPLE[0]], PEOPLE, [(key, NEXT), PEOPLE[1]]):
        with pytest.raises(NotVerified, match="not signed by the new key and both people"):
            Succession.parse(said(whole, signers))
    for people in ((PEOPLE[0][0], PEOPLE[0][0]), (PEOPLE[0][0], Key("other", ED25519, DIRECTOR.public)),
                   (PEOPLE[0][0], key), (KEY, PEOPLE[1][0])):  # fmt: skip
        other = Succession(KEY, key, LAST, people)
        with pytest.raises(NotVerified, match="two people with keys of their own"):
            Succession.parse(said(other, [(key, NEXT), *PEOPLE]))
    assert Succession.parse(notes.rotation(KEY, key, SIGNER)) is None


def test_every_bit_of_a_succession_counts():
    key = Key(KEY.name, ED25519, NEXT.public)
    note = said(Succession(KEY, key, LAST, WHOLE.people), [(key, NEXT), *PEOPLE]).encode()
    for at in range(0, len(note), 3):
        changed = note[:at] + bytes([note[at] ^ 1]) + note[at + 1 :]
        try:
            found = Succession.parse(changed.decode(errors="replace"))
        except (Malformed, NotVerified):
            continue
        assert found is None, at


def test_there_is_no_succession_where_the_key_is_at_hand_or_nothing_was_signed(db, tmp_path):
    with pytest.raises(KeyUnusable, match="nothing was signed yet"):
        seal.succeed(db, NEW, PEOPLE)
    acts.record(db, Act.PLAN_MADE, {"plan": "01"})
    seal.seal(db, SIGNER)
    with pytest.raises(KeyUnusable, match="the log's key is at hand"):
        seal.succeed(db, SIGNER, PEOPLE)
    with pytest.raises(KeyUnusable, match="two people"):
        seal.succeed(db, NEW, [PEOPLE[0], PEOPLE[0]])
    with pytest.raises(KeyUnusable, match="names nobody's key"):
        person("director.key")
    made, own = person(f"director={tmp_path / 'director.key'}")
    assert (made.name, made.public) == ("director", own.public)
    assert person(f"director={tmp_path / 'director.key'}")[0] == made

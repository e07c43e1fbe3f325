"""A receipt holds or it does not: whatever is changed in it, wherever, and by whomever it is checked."""

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belofte.database.acts import canonical, committed
from belofte.evidence import note as notes
from belofte.evidence import tiles, tree
from belofte.evidence import verify as standing_alone
from belofte.evidence.signing import KeyFile
from belofte.evidence.verify import (
    CONSISTENCY,
    COSIGNATURE,
    ED25519,
    RECEIPT,
    Head,
    Key,
    Malformed,
    Note,
    NotVerified,
    encoded,
    leaf_hash,
    verify,
)  # fmt: skip

SIGNER, NEXT, OTHER = (KeyFile(bytes([one]) * 32) for one in (1, 2, 3))
KEY, NEXT_KEY, OTHER_KEY = (Key("belofte/log", ED25519, one.public) for one in (SIGNER, NEXT, OTHER))
WITNESS = Key("witness.example/w", COSIGNATURE, OTHER.public)
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)

ACT = {
    "about": "17169efe-3dc8-4210-88fb-b58fe6a4e317", "act": "choices:consent:given", "at": "2026-11-01T12:00:00+00:00",
    "outside": False, "payload": {"row": {"purpose": "mailing", "id": "7", "text": "é\u20ac\n"}, "table": "event"},
}  # fmt: skip
SALT = bytes(range(32))
LEAVES = [leaf_hash(bytes([one % 256, one // 256])) for one in range(600)]
LEAVES[333] = leaf_hash(committed(SALT, canonical(ACT)))


def head_of(size: int) -> tuple[str, tree.Nodes]:
    grown = tiles.grown(0, {}, LEAVES[:size])
    return notes.checkpoint(Head(KEY.name, size, grown.root), KEY, SIGNER), tiles.nodes_of(grown.changed)


NOTE, NODES = head_of(600)
SIGNED = {"checkpoint": NOTE, "keys": [KEY.text], "rotations": []}
PROOF = [encoded(one) for one in tree.proof(NODES, tree.inclusion_ranges(333, 600))]
SHOWN = {"belofte": RECEIPT, "act": ACT, "salt": SALT.hex(), "index": 333, "proof": PROOF, **SIGNED}
GREW = {
    "belofte": CONSISTENCY, "older": head_of(333)[0], **SIGNED,
    "proof": [encoded(one) for one in tree.proof(NODES, tree.consistency_ranges(333, 600))],
}  # fmt: skip


def test_what_nobody_changed_holds():
    found = verify(SHOWN, KEY.text)
    assert (found.act, found.index, found.pinned, found.head.size) == (ACT, 333, True, 600)
    assert verify(GREW, KEY.text).older.size == 333


@given(st.sampled_from([SHOWN, GREW]), st.integers(0, 2**30))
def test_a_bit_flipped_anywhere_is_seen(document, anywhere):
    raw = bytearray(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    at = anywhere % (len(raw) * 8)
    raw[at // 8] ^= 1 << at % 8
    with pytest.raises((Malformed, NotVerified)):
        verify(standing_alone.loaded(bytes(raw)), KEY.text)


CHANGES = {
    "another leaf": {"index": 332},
    "a proof cut short": {"proof": PROOF[:-1]},
    "a proof made longer": {"proof": [*PROOF, PROOF[0]]},
    "another salt": {"salt": bytes(32).hex()},
    "another act": {"act": {**ACT, "act": "choices:consent:refused"}},
    "one thing more said": {"act": {**ACT, "more": 1}},
    "a number in place of a text": {"act": {**ACT, "about": 17}},
    "no keys": {"keys": []},
    "the head of a smaller log": {"checkpoint": head_of(500)[0]},
    "a head that another key signed": {
        "checkpoint": notes.signed(Note.parse(NOTE).text, OTHER_KEY, OTHER), "keys": [OTHER_KEY.text]
    },
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_receipt_with_something_else_in_it_does_not_hold(change):
    with pytest.raises((Malformed, NotVerified)):
        verify({**SHOWN, **CHANGES[change]}, KEY.text)


def test_a_later_key_that_the_one_relied_on_named_signs_as_well():
    rotation = notes.rotation(KEY, NEXT_KEY, SIGNER)
    by_next = {
        **SHOWN,
        "checkpoint": notes.signed(Note.parse(NOTE).text, NEXT_KEY, NEXT),
        "keys": [KEY.text, NEXT_KEY.text],
        "rotations": [rotation],
    }
    assert verify(by_next, KEY.text).signer == verify(by_next, NEXT_KEY.text).signer == NEXT_KEY
    with pytest.raises(NotVerified, match="not signed by this key"):
        verify(by_next, OTHER_KEY.text)
    with pytest.raises(NotVerified, match="not named by the one before"):
        verify({**by_next, "rotations": [notes.rotation(KEY, OTHER_KEY, SIGNER)]}, KEY.text)
    with pytest.raises(NotVerified):  # who relies on the later key does not rely on the earlier one
        verify({**by_next, "checkpoint": NOTE}, NEXT_KEY.text)


def test_a_witness_is_asked_for_and_heard():
    with pytest.raises(NotVerified, match="witness"):
        verify(SHOWN, KEY.text, [WITNESS.text])
    line = notes.cosignature(NOTE, WITNESS, OTHER, NOW)
    witnessed = {**SHOWN, "checkpoint": notes.cosigned(NOTE, line)}
    assert verify(witnessed, KEY.text, [WITNESS.text]).witnesses == ("witness.example/w",)
    assert verify(witnessed, KEY.text).witnesses == ()
    assert notes.cosigned(witnessed["checkpoint"], line) == witnessed["checkpoint"]
    later = bytearray(base64.b64decode(line.split()[-1]))
    later[11] += 1  # the time is signed too
    forged = notes.cosigned(NOTE, f"— {WITNESS.name} {encoded(bytes(later))}")
    with pytest.raises(NotVerified, match="not by its key"):
        verify({**SHOWN, "checkpoint": forged}, KEY.text, [WITNESS.text])


def test_keys_and_notes_of_others_are_read_as_they_read_them():
    known = Key.parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
    assert (known.name, known.id.hex()) == ("sum.golang.org", "033de0ae")
    peter = Key.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = Note.parse(
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert note.signed_by(peter)
    assert not note.signed_by(known)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n\n",
        "a\n\n— b\n",
        "a\n\n— b c\n",
        "a\n\n- b AAAAAAA=\n",
        "a\n\n— b+c AAAAAAA=\n",
        "a\n\n— b AAAAAAA=",
    ],
)
def test_what_is_no_note_is_refused(text):
    with pytest.raises(Malformed):
        Note.parse(text)


@given(st.integers(0, 2**63), st.binary(min_size=32, max_size=32))
def test_a_head_is_read_as_it_was_written(size, root):
    head = Head("example.com/log", size, root)
    assert Head.parse(head.text) == head
    assert Head.parse(Note.parse(notes.checkpoint(head, KEY, SIGNER)).text) == head


@pytest.mark.parametrize("size", ["01", "-1", "+1", "1 ", "", "x", "١"])
def test_a_size_has_one_way_to_be_written(size):
    with pytest.raises(Malformed):
        Head.parse(f"log\n{size}\n{encoded(bytes(32))}\n")


@pytest.mark.parametrize(
    ("change", "ending"), [({}, 0), ({"index": 1}, 2), ({"belofte": "x"}, 3)], ids=["holds", "does not", "is none"]
)
def test_the_file_alone_verifies_a_receipt(tmp_path, change, ending):
    alone, shown = tmp_path / "verify.py", tmp_path / "receipt.json"
    alone.write_text(Path(standing_alone.__file__).read_text())
    shown.write_text(json.dumps({**SHOWN, **change}))
    done = subprocess.run(
        [sys.executable, "-I", str(alone), str(shown), KEY.text], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == ending, done.stderr
    assert ("holds: act" in done.stdout) == (ending == 0)

"""Signing notes: heads of the log by its own key, heads seen by a witness, and one key naming the next.

The formats are C2SP signed-note, tlog-checkpoint and tlog-cosignature; `evidence/verify.py` reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from belofte.evidence.verify import COSIGNATURE, ROTATION, Head, Key, Note, Succession, encoded


class Signer(Protocol):
    """What signs: a key in a file, or a program that has one. `sign` gives the 64 bytes of an Ed25519 signature."""

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""


def signed(text: str, key: Key, signer: Signer) -> str:
    """Return a note with one signature. What the signer gave is checked: a wrong one is never handed on."""
    signature = signer.sign(text.encode())
    key.check(signature, text.encode())
    return f"{text}\n{_line(key, signature)}"


def checkpoint(head: Head, key: Key, signer: Signer) -> str:
    """Return the signed head of a log."""
    return signed(head.text, key, signer)


def rotation(key: Key, to: Key, signer: Signer) -> str:
    """Return the note by which a log's key names the one after it."""
    return signed("\n".join([ROTATION, key.name, to.text, ""]), key, signer)


def succession(gap: Succession, signers: Sequence[tuple[Key, Signer]]) -> str:
    """Return the note by which people name the key after one that was lost, signed by the new key and by them."""
    first, *others = signers
    return signed(gap.text, *first) + "".join(signed(gap.text, *one).rpartition("\n\n")[2] for one in others)


def cosignature(note: str, witness: Key, signer: Signer, at: datetime) -> str:
    """Return the line by which a witness says that it saw a head at a moment, and none that it is at odds with."""
    if witness.kind != COSIGNATURE:
        raise ValueError("a witness signs with a key of kind 4")
    seconds = int(at.timestamp())
    message = (f"cosignature/v1\ntime {seconds}\n" + Note.parse(note).text).encode()
    signature = signer.sign(message)
    witness.check(signature, message)
    return _line(witness, seconds.to_bytes(8, "big") + signature)


def cosigned(note: str, line: str) -> str:
    """Return a note with one more line under it, well-formed; a line that is there already is not added."""
    line = line.rstrip("\n") + "\n"
    joined = note if line in note else note + line
    Note.parse(joined)
    return joined


def _line(key: Key, signature: bytes) -> str:
    return f"— {key.name} {encoded(key.id + signature)}\n"

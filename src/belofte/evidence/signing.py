"""The key that signs the log: in a file that only its owner may read, or in a program that never gives it away.

$BELOFTE_LOG_KEY names it: a path, or `exec:/path/to/program`; without it, `.belofte/log.key`, made at first use. The
program is run with one word. `public`: it prints the base64 of the 32 bytes of its Ed25519 public key. `sign`: it reads
the text on standard input to its end and prints the base64 of the 64 bytes of the signature. It ends with 0.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from belofte.database.errors import KeyUnusable
from belofte.database.key import kept_secret
from belofte.database.open import Database
from belofte.evidence.note import Signer
from belofte.evidence.seal import keys, rotate
from belofte.evidence.verify import ED25519, Key, Malformed, decoded, proper

VARIABLE = "BELOFTE_LOG_KEY"
PROGRAM = "exec:"
NAME = "log.key"
PATIENCE = 30.0
"""Seconds that a program may take to sign."""


@dataclass(frozen=True)
class KeyFile:
    """A key held in this process, as read from its file."""

    secret: bytes = field(repr=False)

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""
        return self._key.sign(message)


@dataclass(frozen=True)
class Program:
    """A program that signs: a smart card's, a key service's, another account's."""

    path: str

    @cached_property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._asked("public", b"", 32)

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""
        return self._asked("sign", message, 64)

    def _asked(self, word: str, text: bytes, length: int) -> bytes:
        try:
            done = subprocess.run(
                [self.path, word], input=text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=PATIENCE
            )
        except (OSError, subprocess.TimeoutExpired):
            raise KeyUnusable(
                f"the program `{self.path}` that signs the log could not be run, or took too long"
            ) from None
        try:
            said = decoded(done.stdout.decode(errors="replace").strip())
        except Malformed:
            said = b""
        if done.returncode != 0 or len(said) != length:
            raise KeyUnusable(
                f"the program `{self.path}` that signs the log did not answer `{word}` with {length} bytes in base64"
            )
        return said


def signer(folder: Path, environ: Mapping[str, str]) -> Signer:
    """Return what signs the log of a company's folder; `KeyUnusable` for a key that others may read, or no key."""
    named = environ.get(VARIABLE, "").strip()
    return _named(named) if named else KeyFile(kept_secret(_home(folder)))


def rotated(db: Database, folder: Path, environ: Mapping[str, str], to: str | None) -> Key:
    """Have the key that signs name the next one, `to` (None: a new file in the old one's place), and return that.

    The new file is there before it is named; where a process died before it was in its place, this puts it there.
    """
    waiting = _home(folder).with_name(f"{NAME}.next")
    known = keys(db)
    if to is None and known and waiting.exists() and KeyFile(kept_secret(waiting)).public == known[-1].key.public:
        waiting.replace(_home(folder))
        return known[-1].key
    old = signer(folder, environ)
    if to is not None:
        return rotate(db, old, _named(to))
    if environ.get(VARIABLE, "").strip():
        raise KeyUnusable(f"${VARIABLE} names the key: name the next one with `--to`")
    fresh = KeyFile(kept_secret(waiting))
    key = rotate(db, old, fresh)
    waiting.replace(_home(folder))
    return key


def person(said: str) -> tuple[Key, Signer]:
    """Return the key of somebody of the company from `NAME=KEY`: a file, made at first use, or `exec:PROGRAM`."""
    name, _, where = said.partition("=")
    if not proper(name) or not where:
        raise KeyUnusable(f"`{said}` names nobody's key: write `NAME=FILE`, or `NAME=exec:PROGRAM`")
    own = _named(where) if where.startswith(PROGRAM) else KeyFile(kept_secret(Path(where)))
    return Key(name, ED25519, own.public), own


def _named(text: str) -> Signer:
    if text.startswith(PROGRAM):
        return Program(text.removeprefix(PROGRAM))
    return KeyFile(kept_secret(Path(text), make=False))


def _home(folder: Path) -> Path:
    return folder / ".belofte" / NAME

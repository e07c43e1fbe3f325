"""The key that signs the log: in a file that only its owner may read, or in a program that never gives it away.

$BELOFTE_LOG_KEY names it: a path, or `exec:/path/to/program`; without it, `.belofte/log.key`, made at first use. The
program is run with one word. `public`: it prints the base64 of the 32 bytes of its Ed25519 public key. `sign`: it reads
the text on standard input to its end and prints the base64 of the 64 bytes of the signature. It ends with 0.
"""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from belofte.database.errors import KeyUnusable
from belofte.database.key import kept_secret
from belofte.evidence.note import Signer
from belofte.evidence.verify import Malformed, decoded

VARIABLE = "BELOFTE_LOG_KEY"
PROGRAM = "exec:"
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
    if named.startswith(PROGRAM):
        return Program(named.removeprefix(PROGRAM))
    return KeyFile(kept_secret(Path(named) if named else folder / ".belofte" / "log.key", make=not named))


def fresh_key(path: Path) -> KeyFile:
    """Return the key of a file, made now where there is none."""
    return KeyFile(kept_secret(path, make=True))


def replace_key(folder: Path, fresh: Path) -> None:
    """Put a new key in the place of the old one, which is gone then."""
    fresh.replace(folder / ".belofte" / "log.key")


def beside(folder: Path) -> Path:
    """Return where a new key waits until the old one has named it."""
    return folder / ".belofte" / f"log.key.{secrets.token_hex(4)}"

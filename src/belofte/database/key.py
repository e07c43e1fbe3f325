"""The company's key: what turns identifiers into digests that only this company can make again.

Without it the digests in the database name nobody (GDPR rec. 26 all the same: they are personal data while the key
lives). It lies in `.belofte/key`, readable by its owner only, or comes from $BELOFTE_KEY; keep it apart from backups
of the database.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from belofte.database.errors import KeyUnusable, reason

VARIABLE = "BELOFTE_KEY"
BYTES = 32

StoreKey = str | int | UUID | bytes | Sequence[str | int | UUID | bytes]
"""The key of a row as a store gives it: one value, or several of a composite key."""


@dataclass(frozen=True)
class CompanyKey:
    """Keyed digests (HMAC-SHA-256), one domain each: equal values of different domains have unrelated digests."""

    secret: bytes = field(repr=False)

    def identifier(self, kind: str, normal: str) -> bytes:
        """Return the digest of an identifier in its normal form (`datamap.identity.normalise`)."""
        return self._digest("identifier", kind, normal)

    def row(self, store: str, entry: str, key: StoreKey) -> bytes:
        """Return the digest of the key of a row that is a person. 42 and "42" are the same key."""
        return self._digest("row", store, entry, *_parts(key))

    def fact(self, store: str, table: str, key: StoreKey) -> bytes:
        """Return the digest of the key of a row that a fact stands on; it tells nothing of a person's own."""
        return self._digest("fact", store, table, *_parts(key))

    def identity(self, *values: object) -> bytes:
        """Return the digest of what tells a person from the next one under the same key (name, birth date, …)."""
        return self._digest("identity", *("" if value is None else str(value).strip().casefold() for value in values))

    def sealing(self, salt: bytes) -> bytes:
        """Return the encryption key that belongs to a salt; without the salt's row it cannot be made again."""
        return self._digest("sealing", salt.hex())

    def pseudonym(self, name: str) -> bytes:
        """Return the key named `name` of a map's pseudonyms (HKDF, RFC 5869): none tells of another, or of this."""
        return HKDF(SHA256(), BYTES, salt=None, info=b"belofte pseudonym " + name.encode()).derive(self.secret)

    def masking(self, purpose: str) -> bytes:
        """Return the key of the pseudonyms that a purpose's readers see: of two purposes none can be joined."""
        return HKDF(SHA256(), BYTES, salt=None, info=b"belofte masked " + purpose.encode()).derive(self.secret)

    def staff(self, account: str) -> str:
        """Return the digest of the account of a member of staff, as acts name it."""
        return self._digest("staff", account).hex()

    def measured(self, part: str, marker: bytes, at: datetime, outcome: bytes) -> bytes:
        """Return what vouches that a means of a promise came to this, measured from what a marker stands for."""
        return self._digest("measured", part, marker.hex(), at.astimezone(UTC).isoformat(), outcome.hex())

    def _digest(self, *parts: str) -> bytes:
        framed = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in parts))
        return hmac.digest(self.secret, framed, hashlib.sha256)


def company_key(folder: Path, environ: Mapping[str, str]) -> CompanyKey:
    """Return the key of a company's folder, made at first use.

    $BELOFTE_KEY (64 hexadecimal digits) wins, when set. Raises `KeyUnusable`: a key that others may read is refused.
    """
    named = environ.get(VARIABLE, "").strip()
    if named:
        return CompanyKey(_read(named, f"${VARIABLE}"))
    return CompanyKey(kept_secret(folder / ".belofte" / "key"))


def kept_secret(path: Path, *, make: bool = True) -> bytes:
    """Return the 32 bytes in a file of a secret, made at first use; `KeyUnusable` for one that others may read."""
    try:
        if make and not path.exists():
            _make(path)
        mode = path.stat().st_mode
        if os.name == "posix" and mode & 0o077:
            raise KeyUnusable(
                f"`{path}` can be read by others: run `chmod 600 {path}`, and replace it if they may have"
            )
        return _read(path.read_text(encoding="ascii").strip(), f"`{path}`")
    except UnicodeDecodeError:
        raise KeyUnusable(f"`{path}` is no key: {BYTES * 2} hexadecimal digits are; restore it from its safe") from None
    except OSError as error:
        raise KeyUnusable(f"`{path}` cannot be read: {reason(error)}") from error


def _make(path: Path) -> None:
    """Make a key: whole or not at all, and only one of two processes that try at once succeeds."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"key.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _read(text: str, where: str) -> bytes:
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != BYTES:
        raise KeyUnusable(f"{where} is no key: {BYTES * 2} hexadecimal digits are; restore it from its safe")
    return secret


def _parts(key: StoreKey) -> list[str]:
    values = [key] if isinstance(key, str | int | UUID | bytes) else list(key)
    return [value.hex() if isinstance(value, bytes) else str(value) for value in values]

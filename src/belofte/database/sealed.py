"""What a request that runs, or an open breach, must remember of people, sealed until it is over (DESIGN §2).

AES-256-GCM, with a key made from the company's key and a salt that only this matter has. Destroying the salt's row
makes the ciphertext noise, also in copies of the table that outlive it. Part and matter are authenticated: what was
sealed for one cannot be opened as another.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from belofte.database.key import CompanyKey
from belofte.database.open import Database

NONCE = 12
SALT = 32


class Shredded(Exception):
    """Nothing can be opened: it was never sealed, its key was destroyed, or the company's key is another one."""


@dataclass(frozen=True)
class _Salt:
    salt: bytes


@dataclass(frozen=True)
class _Part:
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True)
class First:
    """The first sealed part of a new matter, and the salt of its key, to be written with the matter itself."""

    matter: UUID
    part: str
    salt: bytes
    nonce: bytes
    ciphertext: bytes


def first(company: CompanyKey, matter: UUID, part: str, content: bytes) -> First:
    """Return `content` sealed for a matter that has no key yet."""
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    ciphertext = AESGCM(company.sealing(salt)).encrypt(nonce, content, _bound(matter, part))
    return First(matter, part, salt, nonce, ciphertext)


def seal(db: Database, company: CompanyKey, matter: UUID, part: str, content: bytes) -> None:
    """Keep `content` under the name `part`; a part sealed before is replaced."""
    with db.part():
        cipher = _cipher(company, db.row("seal_salt", _Salt, matter_id=matter, salt=secrets.token_bytes(SALT)))
        nonce = secrets.token_bytes(NONCE)
        ciphertext = cipher.encrypt(nonce, content, _bound(matter, part))
        db.run("sealed_put", matter_id=matter, part=part, nonce=nonce, ciphertext=ciphertext)


def unsealed(db: Database, company: CompanyKey, matter: UUID, part: str) -> bytes:
    """Return what was sealed under the name `part`; `Shredded` when nothing can be opened."""
    found = db.row("sealed_get", _Part, matter_id=matter, part=part)
    if found is None:
        raise Shredded("nothing is sealed under this name: it is over, or never came so far")
    try:
        salt = db.row("seal_salt_of", _Salt, matter_id=matter)
        return _cipher(company, salt).decrypt(found.nonce, found.ciphertext, _bound(matter, part))
    except InvalidTag:
        raise Shredded(
            "what was sealed does not open with this company's key: restore the key it was sealed with"
        ) from None


def shred(db: Database, matter: UUID) -> None:
    """Destroy the key of a matter and what it sealed. When this returns, nothing of it can be opened again."""
    db.run("shredded", matter_id=matter)


def _cipher(company: CompanyKey, found: _Salt | None) -> AESGCM:
    if found is None:
        raise Shredded("the key of this matter was destroyed")
    return AESGCM(company.sealing(found.salt))


def _bound(matter: UUID, part: str) -> bytes:
    return matter.bytes + part.encode()


def tagged(part: object) -> list[str]:
    """Return one value of a store's key as JSON can carry it, with its type."""
    kinds = {int: "int", str: "str", UUID: "uuid", Decimal: "decimal", date: "date", datetime: "moment", bytes: "bytes"}
    kind = kinds.get(type(part), "str")
    text = part.hex() if isinstance(part, bytes) else part.isoformat() if isinstance(part, date) else str(part)
    return [kind, text]


def typed(part: Sequence[str]) -> object:
    """Return the value that was `tagged`."""
    kind, text = part
    read = {
        "int": int, "str": str, "uuid": UUID, "decimal": Decimal, "date": date.fromisoformat,
        "moment": datetime.fromisoformat, "bytes": bytes.fromhex,
    }  # fmt: skip
    return read[kind](text)  # type: ignore[operator]

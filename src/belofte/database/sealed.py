"""What a running request must remember of people, sealed until every store has finished, then shredded (DESIGN §2).

AES-256-GCM, with a key made from the company's key and a salt that only this request has. Destroying the salt's row
makes the ciphertext noise, also in copies of the table that outlive it. Part and request are authenticated: what was
sealed for one cannot be opened as another.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
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


def seal(db: Database, company: CompanyKey, request: UUID, part: str, content: bytes) -> None:
    """Keep `content` under the name `part`; a part sealed before is replaced."""
    with db.transaction():
        db.run("seal_salt", request_id=request, salt=secrets.token_bytes(SALT))
        cipher = _cipher(db, company, request)
        nonce = secrets.token_bytes(NONCE)
        ciphertext = cipher.encrypt(nonce, content, _bound(request, part))
        db.run("sealed_put", request_id=request, part=part, nonce=nonce, ciphertext=ciphertext)


def unsealed(db: Database, company: CompanyKey, request: UUID, part: str) -> bytes:
    """Return what was sealed under the name `part`; `Shredded` when nothing can be opened."""
    found = db.row("sealed_get", _Part, request_id=request, part=part)
    if found is None:
        raise Shredded("nothing is sealed under this name: the request has finished, or never came so far")
    try:
        return _cipher(db, company, request).decrypt(found.nonce, found.ciphertext, _bound(request, part))
    except InvalidTag:
        raise Shredded(
            "what was sealed does not open with this company's key: restore the key it was sealed with"
        ) from None


def shred(db: Database, request: UUID) -> None:
    """Destroy the key of a request and what it sealed. When this returns, nothing of it can be opened again."""
    with db.transaction():
        db.run("shred_key", request_id=request)
        db.run("shred_parts", request_id=request)


def _cipher(db: Database, company: CompanyKey, request: UUID) -> AESGCM:
    found = db.row("seal_salt_of", _Salt, request_id=request)
    if found is None:
        raise Shredded("the key of this request was destroyed")
    return AESGCM(company.sealing(found.salt))


def _bound(request: UUID, part: str) -> bytes:
    return request.bytes + part.encode()

"""Digests of what a plan was made from: policy, map and schema. A plan whose digests changed is refused (DESIGN §2)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from belofte.datamap.model import DataMap
from belofte.datamap.schema import Schema
from belofte.policy.model import Policy

MARKER = "belofte_marker"
"""The table in a store by which a change that was made is recognised (`stores/marker`)."""


def canonical_json(value: object) -> bytes:
    """Return a value's canonical JSON: what is digested."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def digest_of(value: object) -> bytes:
    """Return the SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical_json(value)).digest()


def policy_digest(policy: Policy) -> bytes:
    """Return the digest of a policy."""
    return digest_of(policy.model_dump(mode="json", by_alias=True))


def map_digest(datamap: DataMap) -> bytes:
    """Return the digest of a data map; its address is not part of it."""
    return digest_of(datamap.model_dump(mode="json", by_alias=True, exclude={"url"}))


def schema_digest(schema: Schema) -> bytes:
    """Return the digest of a catalogue; row estimates and our own marker are not part of it."""
    tables = {
        name: {k: v for k, v in asdict(info).items() if k not in ("rows", "few")}
        for name, info in schema.tables.items()
        if name.rpartition(".")[2] != MARKER
    }
    return digest_of({"dialect": schema.dialect, "tables": tables})

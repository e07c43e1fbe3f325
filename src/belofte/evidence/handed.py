"""The files of an audit bundle, as whoever was handed it reads them; `Malformed` for what is none of its files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from belofte.evidence.verify import Malformed

FORMAT = "belofte-audit/1"
MANIFEST, NOTE = "MANIFEST.json", "MANIFEST.note"
LEAVES, HEADS, KEYS, RECEIPTS = "log/acts.jsonl", "log/heads.jsonl", "log/keys.json", "receipts"
VERSIONS, NOTICES = "policy/versions.json", "notices/notices.json"


def read(folder: Path, path: str) -> bytes:
    """Return a file of the bundle."""
    if ".." in Path(path).parts or Path(path).is_absolute():
        raise Malformed(f"the manifest names `{path}`, which is not in the bundle")
    try:
        return (folder / path).read_bytes()
    except OSError:
        raise Malformed(f"`{path}` is not there, or cannot be read") from None


def text(folder: Path, path: str) -> str:
    """Return a file that is text."""
    try:
        return read(folder, path).decode()
    except UnicodeDecodeError:
        raise Malformed(f"`{path}` is no text") from None


def lines(folder: Path, path: str) -> Iterator[str]:
    """Yield the lines of a file."""
    yield from text(folder, path).splitlines()


def listed(folder: Path, path: str) -> list[Mapping[str, object]]:
    """Return a file that is a list of objects in JSON."""
    found = value(text(folder, path), path)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Malformed(f"`{path}` is no list")
    return found


def value(said: str, path: str) -> object:
    """Return what JSON says."""
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        raise Malformed(f"`{path}` is no JSON") from None


def octets(said: str) -> bytes:
    """Return the bytes of a digest or a salt."""
    try:
        return bytes.fromhex(said)
    except ValueError:
        raise Malformed("a digest or salt of the log is malformed") from None

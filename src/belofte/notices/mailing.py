"""An announcement as a mailing: a message per language and the list of who gets it, in files of the company's own.

The list holds addresses; Belofte's own database knows its people by keyed digests. One digest stands for the messages
and the list together: that is what a second person approves, and what is sent.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Protocol

from belofte.compiler.digests import digest_of
from belofte.database.key import CompanyKey
from belofte.datamap.identity import normalise
from belofte.datamap.model import UNKNOWN_KIND
from belofte.notices.announcement import Announcement

ADDRESS = "email"
"""The sort of identifier that a message goes to."""
LIST = "people.csv"
COLUMNS = ("recipient", "store", "entry", "key", "kind", "language", "email")


class Listed(Protocol):
    """Somebody who is to be told: a row of hers, her kind and language, and the address that may be used for her."""

    @property
    def store(self) -> str: ...
    @property
    def entry(self) -> str: ...
    @property
    def key(self) -> tuple[object, ...]: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def language(self) -> str: ...
    @property
    def address(self) -> str: ...


class NoMailing(ValueError):
    """Files that are no mailing; says what is wrong, and names nobody."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody on the list: her keyed digest, the language of her message, her address ("" where there is none)."""

    digest: bytes
    language: str
    address: str


@dataclass(frozen=True)
class Mailing:
    """What is sent to whom; `digest` stands for exactly that."""

    messages: Mapping[str, Announcement]
    people: Sequence[Recipient]
    digest: bytes


def files(
    messages: Mapping[str, Announcement], people: Sequence[Listed], key: CompanyKey, country: str
) -> Mapping[str, bytes]:
    """Return a mailing as files. Who shares an address with somebody gets one message with her."""
    found: dict[str, bytes] = {}
    for language, made in messages.items():
        found[f"{language}.subject.txt"] = f"{made.subject}\n".encode()
        found[f"{language}.html"] = made.html.encode()
        found[f"{language}.txt"] = made.text.encode()
    return found | {LIST: _list(list(messages), people, key, country)}


def _list(spoken: Sequence[str], people: Sequence[Listed], key: CompanyKey, country: str) -> bytes:
    rows: dict[bytes, tuple[str, ...]] = {}
    for one in people:
        normal = normalise(ADDRESS, one.address, country) if one.address else None
        digest = key.identifier(ADDRESS, normal) if normal else key.row(one.store, one.entry, _key(one))
        language = one.language if one.language in spoken else spoken[0]
        named = "/".join(str(part) for part in one.key)
        kind, address = one.kind or UNKNOWN_KIND, one.address.strip() if normal else ""
        rows.setdefault(digest, (digest.hex(), one.store, one.entry, named, kind, language, address))
    out = io.StringIO(newline="")
    written = csv.writer(out)
    written.writerow(COLUMNS)
    written.writerows(rows.values())
    return out.getvalue().encode()


def _key(one: Listed) -> list[str]:
    return [str(part) for part in one.key]


def mailing(content: Mapping[str, bytes]) -> Mailing:
    """Return the mailing that files hold; raises `NoMailing`."""
    if LIST not in content:
        raise NoMailing(f"there is no `{LIST}`")
    people, languages = (
        _people(content[LIST]),
        sorted(name.removesuffix(".html") for name in content if name.endswith(".html")),
    )
    try:
        messages = {one: _message(content, one) for one in languages}
    except (KeyError, UnicodeDecodeError):
        raise NoMailing("a message lacks its subject, its page or its plain text") from None
    if unsaid := {one.language for one in people} - set(messages):
        raise NoMailing(f"there is no message in the language of some: {', '.join(sorted(unsaid))}")
    digests = {name: hashlib.sha256(value).hexdigest() for name, value in content.items()}
    return Mailing(messages, people, digest_of(digests))


def _message(content: Mapping[str, bytes], language: str) -> Announcement:
    subject, html, text = (content[f"{language}.{part}"].decode() for part in ("subject.txt", "html", "txt"))
    return Announcement(subject.strip(), html, text)


def _people(content: bytes) -> list[Recipient]:
    found: list[Recipient] = []
    try:
        rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
        for row in rows:
            found.append(Recipient(bytes.fromhex(row["recipient"]), row["language"], row["email"]))
    except (KeyError, ValueError, TypeError, csv.Error):
        raise NoMailing(f"line {len(found) + 2} of `{LIST}` is none of its own") from None
    return found


def message(mailing: Mailing, to: Recipient, sender: tuple[str, str], at: datetime) -> EmailMessage:
    """Return the message to one person: `sender` is a name and an address. The same one has the same id each time.

    Raises `ValueError` where her address cannot stand in a message.
    """
    said = mailing.messages[to.language]
    made = EmailMessage(policy=SMTP)
    made["From"] = formataddr(sender)
    made["To"] = to.address
    made["Subject"] = said.subject
    made["Date"] = format_datetime(at)
    identity = hashlib.sha256(mailing.digest + to.digest).hexdigest()[:40]
    made["Message-ID"] = f"<{identity}@{sender[1].rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(said.text)
    made.add_alternative(said.html, subtype="html")
    made["Content-Language"] = to.language
    return made

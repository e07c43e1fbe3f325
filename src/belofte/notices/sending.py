"""Sending an announcement: a message a person, each recorded before and after, and none sent twice.

What is recorded is that a person was told, never her address. Where the connection breaks in the middle of a message,
nobody knows whether it came: it stays `attempted`, and is sent again only when somebody says so.
"""

from __future__ import annotations

import ipaddress
import re
import smtplib
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from types import TracebackType
from typing import Literal, Protocol, Self
from urllib.parse import unquote, urlsplit

from belofte.database import announcements
from belofte.database.announcements import Announcement, Standing, Telling, Told
from belofte.database.open import Database
from belofte.notices.mailing import Mailing, Recipient, message

TIMEOUT = 60
"""Seconds that a server has to answer."""
IN_ONE = 100
"""Messages that go through one connection."""
LATER = "later"
"""How the reason begins of who could not be told now, and may be later."""


class NoServer(Exception):
    """There is no server to send through; says why, without the address's secrets, and what to do."""

    def __init__(self, why: str, mend: str) -> None:
        super().__init__(why)
        self.mend = mend


class Refused(Exception):
    """The server does not take a message. `why` has its code, and none of its words: they may name people."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Lost(Exception):
    """The server is gone in the middle of a message."""


@dataclass(frozen=True)
class Server:
    """A mail server: `tls` from the first byte, `starttls` before anything is said, or `none` (this machine only)."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    user: str | None
    password: str | None


def server(url: str) -> Server:
    """Return the server that an address names: `smtps://user:password@host` or `smtp://…` with STARTTLS.

    A password is never sent in the clear: `smtp://…?tls=none` is for a relay on this machine only.
    """
    parts = urlsplit(url)
    mend = "write `smtps://user:password@host:465`, or `smtp://user:password@host:587` for STARTTLS"
    try:
        port = parts.port
    except ValueError:
        raise NoServer("the port of the mail server is no number", mend) from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise NoServer("the address of the mail server is none", mend)
    plain = parts.query == "tls=none"
    if parts.query and not plain:
        raise NoServer("the address of the mail server has an option that is not known", mend)
    if plain and not _here(parts.hostname):
        raise NoServer("a mail server elsewhere is reached with TLS only", mend)
    user, password = (unquote(one) if one is not None else None for one in (parts.username, parts.password))
    if parts.scheme == "smtps":
        return Server(parts.hostname, port or 465, "tls", user, password)
    return Server(parts.hostname, port or 587, "none" if plain else "starttls", user, password)


def _here(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


class Courier(Protocol):
    """What takes a message to somebody: when `deliver` returns, the server has taken it. Raises `Refused`, `Lost`."""

    def deliver(self, message: EmailMessage, to: str) -> None: ...


class Smtp:
    """A courier by SMTP, connected when it is first needed, and anew after so many messages."""

    def __init__(self, server: Server, sender: str, context: ssl.SSLContext | None = None) -> None:
        self.server, self.sender = server, sender
        self.context = context or ssl.create_default_context()
        self._open: smtplib.SMTP | None = None
        self._sent = 0

    def __enter__(self) -> Self:
        self._connected()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._close()

    def deliver(self, message: EmailMessage, to: str) -> None:
        """Take a message to an address."""
        if self._sent >= IN_ONE:
            self._close()
        try:
            self._connected().send_message(message, self.sender, [to])
            self._sent += 1
        except smtplib.SMTPRecipientsRefused as refused:
            raise Refused(_why(next(iter(refused.recipients.values()))[0])) from None
        except smtplib.SMTPSenderRefused as refused:
            why = f"the mail server does not let us write as the sender (code {refused.smtp_code})"
            raise NoServer(
                why, "look at `contact.email` of the policy, and whom the server lets you write as"
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise Refused("refused: the server takes no such address") from None
        except smtplib.SMTPResponseException as refused:
            raise Refused(_why(refused.smtp_code)) from None
        except (smtplib.SMTPServerDisconnected, OSError):
            raise Lost from None
        finally:
            if self._open is not None and self._open.sock is None:  # it hung up after what it said
                self._open = None

    def _connected(self) -> smtplib.SMTP:
        if self._open is None:
            self._open, self._sent = self._connection(), 0
        return self._open

    def _connection(self) -> smtplib.SMTP:
        one = self.server
        look = "look at $BELOFTE_SMTP, and whether the server answers"
        made: smtplib.SMTP | None = None
        try:
            if one.security == "tls":
                made = smtplib.SMTP_SSL(one.host, one.port, timeout=TIMEOUT, context=self.context)
            else:
                made = smtplib.SMTP(one.host, one.port, timeout=TIMEOUT)
                if one.security == "starttls":
                    made.starttls(context=self.context)
            if one.user is not None:
                made.login(one.user, one.password or "")
            return made
        except (smtplib.SMTPException, OSError) as wrong:
            if made is not None:
                made.close()
            raise NoServer(_unreached(wrong, one.host), look) from None

    def _close(self) -> None:
        if self._open is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._open.quit()
            self._open = None


def _unreached(wrong: Exception, host: str) -> str:
    """Return why there is no connection, in our own words."""
    if isinstance(wrong, smtplib.SMTPAuthenticationError):
        return f"the mail server does not know us (code {wrong.smtp_code})"
    if isinstance(wrong, ssl.SSLError):
        return "the mail server has no certificate that can be trusted"
    if isinstance(wrong, smtplib.SMTPNotSupportedError):
        return f"the mail server `{host}` offers no TLS, or no way to say who we are"
    return f"the mail server `{host}` does not answer, or not as it should"


def _why(code: int) -> str:
    """Return what a server's code means: from 400 it may take the message later, from 500 it will not."""
    return f"{LATER}: code {code}" if 400 <= code < 500 else f"refused: code {code}"


@dataclass(frozen=True)
class Progress:
    """How far an announcement is: who is to be sent a message now, and how it stands with all the others."""

    waiting: tuple[Recipient, ...]
    told: int
    unsure: tuple[Standing, ...]
    failed: tuple[Standing, ...]
    letters: tuple[Recipient, ...]
    by_hand: tuple[str, ...]

    @property
    def over(self) -> bool:
        """Whether everyone was told."""
        return not (self.waiting or self.unsure or self.failed or self.letters or self.by_hand)


def progress(db: Database, announcement: Announcement, mailing: Mailing, *, again: bool = False) -> Progress:
    """Return how far an announcement is. `again`: who was refused, or may have got it, is to be sent it once more."""
    own = announcements.standing(db, announcement.id)
    stands = {one.recipient: one for one in announcements.before(db, announcement.id) if one.recipient is not None}
    stands |= {one.recipient: one for one in own if one.recipient is not None}
    waiting, letters, told = [], [], 0
    unsure: list[Standing] = []
    failed: list[Standing] = []
    for one in mailing.people:
        stood = stands.get(one.digest)
        if stood is not None and stood.state == Told.TOLD:
            told += 1
        elif not one.address:
            letters.append(one)
        elif stood is None or again or (stood.state == Told.FAILED and (stood.reason or "").startswith(LATER)):
            waiting.append(one)
        else:
            (unsure if stood.state == Told.ATTEMPTED else failed).append(stood)
    done = {one.store for one in own if one.state == Told.TOLD}
    by_hand = tuple(one for one in announcement.by_hand if one not in done)
    return Progress(tuple(waiting), told, tuple(unsure), tuple(failed), tuple(letters), by_hand)


def carry_over(db: Database, announcement: Announcement, mailing: Mailing, at: datetime) -> None:
    """Record of whom another announcement of the same policy told, or may have, that it did: she is not told twice."""
    own = {one.recipient for one in announcements.standing(db, announcement.id)}
    listed = {one.digest for one in mailing.people} - own
    known = [
        Telling(Told(one.state), one.recipient, reason=one.reason)
        for one in announcements.before(db, announcement.id)
        if one.recipient in listed
    ]
    announcements.record(db, announcement.id, known, "before", at)


def send(
    db: Database, announcement: Announcement, mailing: Mailing, people: Iterable[Recipient], courier: Courier,
    sender: tuple[str, str], clock: Callable[[], datetime], every: float = 0.0,
    wait: Callable[[float], None] = time.sleep,
) -> Counter[str]:  # fmt: skip
    """Send a message to each of these people, `every` so many seconds one; return how it stands with how many.

    Before each message it is recorded that one is on its way, and after it what became of that: what is recorded is
    true at every moment. Raises `Lost` where the server goes in the middle of a message, and `NoServer`.
    """
    done: Counter[str] = Counter()
    began = time.monotonic()
    for number, one in enumerate(people):
        if every and (ahead := began + number * every - time.monotonic()) > 0:
            wait(ahead)
        announcements.record(db, announcement.id, [Telling(Told.ATTEMPTED, one.digest)], "smtp", clock())
        try:
            became = _delivered(mailing, one, courier, sender, clock())
        except NoServer:  # nothing left this machine
            later = Telling(Told.FAILED, one.digest, reason=f"{LATER}: no server")
            announcements.record(db, announcement.id, [later], "smtp", clock())
            raise
        announcements.record(db, announcement.id, [became], "smtp", clock())
        done[became.state] += 1
    return done


def _delivered(mailing: Mailing, to: Recipient, courier: Courier, sender: tuple[str, str], at: datetime) -> Telling:
    try:
        made = message(mailing, to, sender, at)
    except ValueError:
        return Telling(Told.FAILED, to.digest, reason="the address is none")
    try:
        courier.deliver(made, to.address)
    except Refused as refused:
        return Telling(Told.FAILED, to.digest, reason=refused.why)
    return Telling(Told.TOLD, to.digest)


def _nameless(reason: str) -> str:
    """Return a reason without the addresses that mail servers put in theirs: it stays when she is erased."""
    return re.sub(r"\S*@\S*", "…", reason)


def reported(
    db: Database, announcement: Announcement, mailing: Mailing, said: Sequence[Mapping[str, str]], at: datetime
) -> Counter[str]:
    """Record what the company's own mailer, or who wrote letters, reports: `recipient`, `state` and a `reason`.

    All of it or none: raises `ValueError`, which says how many lines name nobody of the list or no state.
    """
    listed = {one.digest.hex() for one in mailing.people}
    states = {Told.TOLD.value, Told.FAILED.value}
    wrong = sum(1 for one in said if one.get("recipient") not in listed or one.get("state") not in states)
    if wrong:
        raise ValueError(f"{wrong} lines name nobody of the list, or neither `told` nor `failed`")
    tellings = [
        Telling(Told(one["state"]), bytes.fromhex(one["recipient"]), reason=_nameless(one.get("reason") or "") or None)
        for one in said
    ]
    announcements.record(db, announcement.id, tellings, "mailer", at)
    return Counter(one.state for one in tellings)

"""A mail server for tests: takes messages in this process, refuses whom it is told to, and hangs up when told to."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any


@dataclass
class Mail:
    """What came, per address; `codes` are what it answers for an address; `goes_at` hangs up on that one's message."""

    port: int = 0
    came: dict[str, list[Message]] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    goes_at: str | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"smtp://127.0.0.1:{self.port}?tls=none"


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        mail: Mail = self.server.mail  # type: ignore[attr-defined]
        self._say(220)
        to = ""
        while line := self.rfile.readline():
            verb = line[:4].upper().decode()
            if verb == "RCPT":
                to = line.partition(b"<")[2].partition(b">")[0].decode()
                self._say(mail.codes.get(to, 250))
            elif verb == "DATA":
                self._say(354)
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                if to == mail.goes_at:
                    return
                mail.came.setdefault(to, []).append(message_from_bytes(content))
                self._say(250)
            elif verb == "QUIT":
                self._say(221)
                return
            else:
                self._say(250)

    def _say(self, code: int) -> None:
        self.wfile.write(f"{code} as you say to {code}\r\n".encode())


class _Listening(socketserver.ThreadingTCPServer):
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        with suppress(OSError):  # who does not trust us hangs up
            super().finish_request(self.tls.wrap_socket(request, True) if self.tls else request, client_address)


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None) -> Iterator[Mail]:
    """A server that answers while the block runs; with `tls` from the first byte."""
    with _Listening(("127.0.0.1", 0), _Session) as server:
        server.tls = tls
        mail = Mail(server.server_address[1])
        server.mail = mail  # type: ignore[attr-defined]
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield mail
        server.shutdown()
        thread.join()

"""A mail server on the loopback that remembers its mails and fails on order.

`script` takes, for the next connections, the command to fail at and how: a reply such as
``("RCPT", "550 no such user")``, or ``("DATA", "close")`` to hang up, ``("DOT", "close_after")`` to
hang up when the mail was taken.
"""

from __future__ import annotations

import base64
import email
import socketserver
import threading
from collections import deque
from email import policy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from email.message import EmailMessage
    from types import TracebackType

USER, PASSWORD = "mlmon@example.org", "p/ss:word"


class FakeSmtp:
    """Use as a context manager."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.faults: deque[tuple[str, str]] = deque()
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.fake = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def script(self, *faults: tuple[str, str]) -> None:
        self.faults.extend(faults)

    def __enter__(self) -> FakeSmtp:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        fake: Any = self.server.fake  # type: ignore[attr-defined]
        self.fault = fake.faults.popleft() if fake.faults else ("", "")
        self.say("220 fake")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == self.fault[0]:
                if self.fault[1] == "close":
                    return
                self.say(self.fault[1])
            elif word == "DATA":
                if not self.take(fake):
                    return
            else:
                if word == "RCPT":
                    fake.recipients.append(line.partition("<")[2].rstrip(">"))
                self.say(self.answer(word, line))
                if word == "QUIT":
                    return

    def answer(self, word: str, line: str) -> str:
        if word == "AUTH":
            given = base64.b64decode(line.rsplit(" ", maxsplit=1)[-1]).decode().split("\0")
            return "235 ok" if given[1:] == [USER, PASSWORD] else "535 wrong password"
        if word == "EHLO":
            return "250-fake\r\n250 AUTH PLAIN"
        return "221 bye" if word == "QUIT" else "250 ok"

    def take(self, fake: FakeSmtp) -> bool:
        """Read a mail; whether the connection stays open."""
        self.say("354 go on")
        body = b""
        while not body.endswith(b"\r\n.\r\n"):
            body += self.rfile.readline()
        reply = self.fault[1] if self.fault[0] == "DOT" else "250 taken"
        if reply in {"250 taken", "close_after"}:
            text = body[:-5].replace(b"\r\n..", b"\r\n.")
            fake.mails.append(email.message_from_bytes(text, policy=policy.default))
        if reply in {"close", "close_after"}:
            return False
        self.say(reply)
        return True

"""E-mail through an SMTP server; what follows answers the first mail, so that it is one thread."""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate
from socket import gaierror
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from monitoring_pipelines.errors import (
    DeliveryError,
    DestinationError,
    PayloadError,
    RetryLaterError,
    UnknownOutcomeError,
)
from monitoring_pipelines.notify.base import Notifier, Order, RemoteRef, is_news
from monitoring_pipelines.notify.blocks import plain
from monitoring_pipelines.notify.markup import html
from monitoring_pipelines.notify.picture import png
from monitoring_pipelines.notify.safe import inert

if TYPE_CHECKING:
    from datetime import datetime

URL = "MONITORING_SMTP_URL"
_ADDRESS = re.compile(r"[^@\s<>,;:\"()]+@[^@\s<>,;:\"()]+")
_PORTS = {"smtp": 587, "smtps": 465}
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
PERMANENT = 500
MAX_SUBJECT = 140


class _Server(NamedTuple):
    """What the URL says; `is_safe` if it is encrypted from the first byte."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    is_safe: bool


class MailNotifier(Notifier):
    """A channel is an address.

    `url` is ``smtp://user:password@host:587``, which goes on encrypted if the server can, or
    ``smtps://…`` for encryption from the start; ``?from=mlmon@example.org`` names the sender.
    """

    def __init__(self, url: str, timeout_s: float = 10.0) -> None:
        self._url, self._timeout_s = url, timeout_s

    def send(self, order: Order) -> RemoteRef | None:
        """Send what is news, as an answer to the incident's first mail if there is one."""
        if not is_news(order):
            return None
        server = _parsed(self._url)
        mail = compose(order, server.sender)
        is_sending = is_taken = False
        try:
            with self._connected(server) as connection:
                is_sending = True
                connection.send_message(mail, server.sender, [order.channel])
                is_taken = True
        except (smtplib.SMTPException, OSError) as error:
            # after it was taken only the goodbye can fail
            if not is_taken:
                raise classify(error, is_sending=is_sending) from None
        return RemoteRef(order.channel, mail["Message-ID"])

    def find(self, order: Order, since: datetime) -> RemoteRef | None:
        """Nothing can be looked up; a repeat has the same `Message-ID`."""
        raise DestinationError("mail cannot be looked up")

    def check(self) -> str:
        """Connect and log in."""
        server = _parsed(self._url)
        try:
            with self._connected(server) as connection:
                connection.noop()
        except (smtplib.SMTPException, OSError) as error:
            raise classify(error, is_sending=False) from None
        return f"{server.host}:{server.port} takes mail from {server.sender}"

    def examine(self, channel: str) -> str:
        """Look at the address."""
        _checked(channel)
        return "a mail address"

    def _connected(self, server: _Server) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if server.is_safe:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._timeout_s, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout_s)
        try:
            _log_in(connection, server, context)
        except BaseException:
            with suppress(OSError, smtplib.SMTPException):
                connection.close()
            raise
        return connection


def _log_in(connection: smtplib.SMTP, server: _Server, context: ssl.SSLContext) -> None:
    connection.ehlo()
    if not server.is_safe and connection.has_extn("starttls"):
        connection.starttls(context=context)
        connection.ehlo()
    elif server.user and not server.is_safe and server.host not in _LOCAL:
        raise smtplib.SMTPNotSupportedError("no encryption for the password")
    if server.user:
        connection.login(server.user, server.password)


def compose(order: Order, sender: str) -> EmailMessage:
    """The mail: text, HTML, and the chart inside of it; every text is inert."""
    message, mail = order.message, EmailMessage()
    above = order.root or order.under
    subject = f"ML monitoring: {inert(message.title, MAX_SUBJECT)} ({inert(message.incident, 60)})"
    # mail programs tell a thread by its subject too, so it does not change
    mail["Subject"] = f"Re: {subject}" if order.root else subject
    mail["From"] = sender
    mail["To"] = _checked(order.channel)
    mail["Date"] = formatdate()
    domain = sender.rpartition("@")[2]
    mail["Message-ID"] = f"<{hashlib.sha256(order.idem.encode()).hexdigest()[:40]}@{domain}>"
    if above is not None:
        mail["In-Reply-To"] = mail["References"] = above.ts
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(plain(message))
    is_drawn = message.chart is not None and message.stage.is_open
    mail.add_alternative(html(message, "cid:chart" if is_drawn else ""), subtype="html")
    if is_drawn and message.chart is not None:
        page = mail.get_payload()[1]  # type: ignore[index]
        page.add_related(  # type: ignore[union-attr]
            png(message.chart), "image", "png", cid="<chart>", filename="chart.png"
        )
    return mail


def classify(error: Exception, *, is_sending: bool) -> DeliveryError:
    """What may follow from an error of the SMTP client or of the connection."""
    name = type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _by_code(code, said, DestinationError)
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code(error.smtp_code, error.smtp_error, PayloadError)
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_code(error.smtp_code, error.smtp_error, DestinationError)
    if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError):
        return DestinationError(f"{name} {inert(error, 80)}")
    if is_sending and not isinstance(error, gaierror | ConnectionRefusedError):
        return UnknownOutcomeError(name)
    return RetryLaterError(f"not reached: {name}")


def _by_code(
    code: int, said: bytes | str, permanent: type[DestinationError | PayloadError]
) -> DeliveryError:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    reason = f"SMTP {code} {inert(text, 80)}".rstrip()
    return permanent(reason) if code >= PERMANENT else RetryLaterError(reason)


def _parsed(url: str) -> _Server:
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    if not port or not parts.hostname or parts.scheme not in _PORTS:
        # the URL is not repeated, since it holds a password
        raise DestinationError(f"{URL} is no smtp:// or smtps:// URL")
    user = unquote(parts.username or "")
    given = parse_qs(parts.query).get("from", [""])[0]
    sender = given or (user if "@" in user else f"mlmon@{parts.hostname}")
    return _Server(
        parts.hostname, port, user, unquote(parts.password or ""), _checked(sender),
        parts.scheme == "smtps",
    )  # fmt: skip


def _checked(address: str) -> str:
    if not _ADDRESS.fullmatch(address):
        raise DestinationError(f"'{inert(address, 80)}' is no mail address")
    return address

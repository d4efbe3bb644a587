"""Presses over HTTP, for those who have a public address and want no socket.

The signature is of the raw body and of a time at most five minutes away. Whoever has no signature
learns nothing but that. Meant to stand behind something that speaks TLS.
"""

from __future__ import annotations

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

LOG = logging.getLogger(__name__)
MAX_BODY = 1_000_000
OK, BAD, UNSIGNED, TOO_LARGE = 200, 400, 401, 413


class InteractivityServer(ThreadingHTTPServer):
    """Gives what is signed to `hear`, which must return at once."""

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], signing_secret: str, hear: Callable[[Any], None]
    ) -> None:
        super().__init__(address, _Handler)
        self.verifier = SignatureVerifier(signing_secret)
        self.hear = hear

    def serve_until(self, stop: Event) -> None:
        """Serve until `stop` is set."""
        thread = threading.Thread(target=self.serve_forever, args=(0.1,))
        thread.start()
        LOG.info("listening on %s:%s", *self.server_address[:2])
        try:
            stop.wait()
        finally:
            self.shutdown()
            thread.join()
            self.server_close()

    def handle_error(self, *_: Any) -> None:
        """Keep the log free of what strangers send."""
        LOG.warning("a request was broken off")

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        """HTTP status for a request; a sound one is heard."""
        try:
            if not self.verifier.is_valid_request(body, headers):
                return UNSIGNED
        except (TypeError, ValueError):
            return UNSIGNED  # a time or a signature that is none
        try:
            (payload,) = parse_qs(body.decode(), max_num_fields=8)["payload"]
            self.hear(json.loads(payload))
        except (KeyError, ValueError, RecursionError):
            return BAD
        return OK


class _Handler(BaseHTTPRequestHandler):
    server: InteractivityServer
    server_version = "mlmon"
    sys_version = ""
    # of a connection that sends nothing
    timeout = 10

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            status = BAD
        elif int(length[:20]) > MAX_BODY:
            status = TOO_LARGE
        else:
            status = self.server.take(self.rfile.read(int(length)), dict(self.headers))
        if status != OK:
            LOG.warning("refused with %s", status)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Write nothing of a request."""

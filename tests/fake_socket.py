"""A Slack whose buttons can be pressed: Socket Mode on the loopback, beside the fake Web API.

The connection is a real websocket, as far as the SDK's client uses one: text, ping, pong, close.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import itertools
import json
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.fake_slack import FakeSlack

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

TEAM, APP, USER, CHANNEL = "T0ACME", "A0MLMON", "U0ANA", "C0ALERTS"
APP_TOKEN = "xapp-fake-token-of-the-tests"
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


def pressed(action: str, value: str, user: str = USER, at: str = "1.000001") -> dict[str, Any]:
    """What Slack sends when a user presses a button, or chooses an option of a menu."""
    element: dict[str, Any] = {"type": "button", "action_id": action, "value": value}
    if "|" in value:
        element = {
            "type": "static_select",
            "action_id": action,
            "selected_option": {"value": value},
        }
    return {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "acme"},
        "user": {"id": user, "username": "ana", "name": "ana", "team_id": TEAM},
        "api_app_id": APP,
        "channel": {"id": CHANNEL, "name": "alerts"},
        "actions": [element | {"block_id": "b", "action_ts": at}],
    }


def until(condition: Callable[[], Any], timeout_s: float = 30.0) -> Any:
    """The first value of `condition` that is true."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come true in time")


class FakeSocket(FakeSlack):
    """`sockets` are the open connections, `acked` the envelopes that were acknowledged."""

    def __init__(self, channels: tuple[str, ...] = (CHANNEL,)) -> None:
        super().__init__(channels)
        self.tells_app = False
        self.whispers: list[dict[str, Any]] = []
        self.sockets: list[_Socket] = []
        self.n_connected = 0
        self.acked: list[str] = []
        self.envelopes: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1)
        self._ws = ThreadingHTTPServer(("127.0.0.1", 0), _Socket)
        self._ws.daemon_threads = True
        self._ws.fake = self  # type: ignore[attr-defined]
        self._ws_thread = threading.Thread(target=self._ws.serve_forever, args=(0.02,))

    def __enter__(self) -> FakeSocket:
        super().__enter__()
        self._ws_thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for socket in [*self.sockets]:
            socket.hang_up()
        self._ws.shutdown()
        self._ws.server_close()
        self._ws_thread.join()
        super().__exit__(kind, error, trace)

    def accepts(self, method: str, authorization: str) -> bool:
        is_app = authorization == f"Bearer {APP_TOKEN}"
        if method == "apps.connections.open":
            return is_app
        return (is_app and method == "auth.test") or super().accepts(method, authorization)

    def handle(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method == "auth.test":
            told = {"app_id": APP} if self.tells_app else {}
            return {"ok": True, "user": "mlmon", "team": "Acme", "team_id": TEAM} | told
        if method == "apps.connections.open":
            host, port = self._ws.server_address[:2]
            return {"ok": True, "url": f"ws://{host!s}:{port}/link?ticket={next(self._numbers)}"}
        if method == "chat.postEphemeral":
            self.whispers.append(arguments)
            return {"ok": True, "message_ts": "1.0"}
        return super().handle(method, arguments)

    def press(self, action: str, value: str, user: str = USER, **other: Any) -> str:
        """Press a button, as told over the newest connection; the envelope's id."""
        number = next(self._numbers)
        payload = pressed(action, value, user, f"{time.time():.0f}.{number:06d}") | other
        envelope = {
            "type": "interactive",
            "envelope_id": f"envelope-{number}",
            "accepts_response_payload": False,
            "payload": payload,
        }
        self.envelopes[f"envelope-{number}"] = envelope
        self.deliver(f"envelope-{number}")
        return f"envelope-{number}"

    def deliver(self, envelope_id: str, connection: int = -1) -> None:
        """Send an envelope, perhaps again, over one of the connections."""
        self.sockets[connection].send(json.dumps(self.envelopes[envelope_id]))

    def disconnect(self) -> None:
        """Ask every client to connect anew, as Slack does every few hours."""
        for socket in [*self.sockets]:
            socket.send(json.dumps({"type": "disconnect", "reason": "warning"}))

    def hang_up(self) -> None:
        """Close every connection without a word."""
        for socket in [*self.sockets]:
            socket.hang_up()

    def is_settled(self, envelope_id: str, times: int = 1) -> bool:
        return self.acked.count(envelope_id) >= times


class _Socket(BaseHTTPRequestHandler):
    """One connection, from the handshake to its end."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        fake: FakeSocket = self.server.fake  # type: ignore[attr-defined]
        self.fake, self.lock = fake, threading.Lock()
        digest = hashlib.sha1((self.headers["Sec-WebSocket-Key"] + GUID).encode()).digest()
        self.send_response(101, "Switching Protocols")
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(digest).decode())
        self.end_headers()
        fake.n_connected += 1
        fake.sockets.append(self)
        self.close_connection = True
        with contextlib.suppress(OSError, struct.error):
            hello = {"type": "hello", "num_connections": len(fake.sockets)}
            self.send(json.dumps(hello))
            self._converse()
        fake.sockets.remove(self)

    def send(self, text: str) -> None:
        self._frame(TEXT, text.encode())

    def hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.shutdown(2)

    def _frame(self, opcode: int, data: bytes) -> None:
        head = bytes([0x80 | opcode])
        if len(data) < 126:
            head += bytes([len(data)])
        elif len(data) < 65536:
            head += struct.pack("!BH", 126, len(data))
        else:
            head += struct.pack("!BQ", 127, len(data))
        with self.lock:
            self.wfile.write(head + data)
            self.wfile.flush()

    def _converse(self) -> None:
        while True:
            first, second = struct.unpack("!BB", self.rfile.read(2))
            length = second & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", self.rfile.read(2))
            mask = self.rfile.read(4)
            data = bytes(b ^ m for b, m in zip(self.rfile.read(length), itertools.cycle(mask)))
            opcode = first & 0x0F
            if opcode == PING:
                self._frame(PONG, data)
            elif opcode == TEXT:
                self.fake.acked.append(json.loads(data)["envelope_id"])
            elif opcode == CLOSE:
                return

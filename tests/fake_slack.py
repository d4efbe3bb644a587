"""A Slack that remembers, on the loopback, with faults on order.

`script` orders faults for the next calls of a method, `chance` draws one for every call:

==================  =======================  ==================================
fault               the call is carried out  the answer
==================  =======================  ==================================
``status:503``      no                       that HTTP status, 429 with Retry-After
``html``            no                       a page instead of JSON
``error:X``         no                       ``{"ok": false, "error": "X"}``
``reset_before``    no                       the connection is closed
``reset_after``     yes                      the connection is closed
``hang_after``      yes                      comes too late
``late:X``          yes                      ``{"ok": false, "error": "X"}``
``ok_html``         yes                      a page instead of JSON
==================  =======================  ==================================
"""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict, deque
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import pytest

HANG_S = 0.6
TOKEN = "xoxb-fake-token-of-the-tests"
STORED = ("reset_after", "hang_after", "late:", "ok_html")


def without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK would ask a proxy for the loopback too."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


def is_true(value: Any) -> bool:
    """The SDK sends forms, where a truth is a text."""
    return value in {True, "1", "true", "True"}


class FakeSlack:
    """Use as a context manager; `messages` are what stands in the channels."""

    def __init__(self, channels: tuple[str, ...] = ("C0ALERTS",)) -> None:
        self.channels = set(channels)
        self.messages: list[dict[str, Any]] = []
        self.calls: Counter[str] = Counter()
        self.scripts: dict[str, deque[str]] = defaultdict(deque)
        self.chance: Callable[[str], str | None] = lambda method: None
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.fake = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def __enter__(self) -> FakeSlack:
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

    def script(self, method: str, *faults: str) -> None:
        self.scripts[method].extend(faults)

    def fault(self, method: str) -> str:
        queue = self.scripts[method]
        return queue.popleft() if queue else self.chance(method) or ""

    def accepts(self, method: str, authorization: str) -> bool:
        """Whether the token may call the method."""
        return authorization == f"Bearer {TOKEN}"

    def handle(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method == "auth.test":
            return {"ok": True, "user": "mlmon", "team": "Acme"}
        action = {
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
        }[method]
        if arguments.get("channel") not in self.channels:
            return {"ok": False, "error": "channel_not_found"}
        return action(arguments)

    def _post(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if not arguments.get("text"):
            return {"ok": False, "error": "no_text"}
        ts = f"{self.clock().timestamp():.0f}.{len(self.messages):06d}"
        self.messages.append({**arguments, "ts": ts, "edits": 0})
        return {"ok": True, "channel": arguments["channel"], "ts": ts}

    def _update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        for message in self.messages:
            if (message["channel"], message["ts"]) == (arguments["channel"], arguments["ts"]):
                message.update(arguments, edits=message["edits"] + 1)
                return {"ok": True, "channel": message["channel"], "ts": message["ts"]}
        return {"ok": False, "error": "message_not_found"}

    def _history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        shown = [m for m in self.messages if "thread_ts" not in m or is_true(m["reply_broadcast"])]
        return self._page(shown[::-1], arguments)

    def _replies(self, arguments: dict[str, Any]) -> dict[str, Any]:
        root = arguments["ts"]
        return self._page(
            [m for m in self.messages if root in {m["ts"], m.get("thread_ts")}], arguments
        )

    def _page(self, messages: list[dict[str, Any]], arguments: dict[str, Any]) -> dict[str, Any]:
        after = float(arguments.get("oldest", 0))
        found = [
            {k: v for k, v in m.items() if k != "metadata" or arguments.get("include_all_metadata")}
            for m in messages
            if m["channel"] == arguments["channel"] and float(m["ts"]) >= after
        ]
        start, size = int(arguments.get("cursor") or 0), int(arguments.get("limit", 100))
        more = str(start + size) if start + size < len(found) else ""
        return {
            "ok": True,
            "messages": found[start : start + size],
            "response_metadata": {"next_cursor": more},
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        fake: FakeSlack = self.server.fake  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        is_json = "json" in self.headers.get("Content-Type", "")
        arguments = json.loads(body or "{}") if is_json else dict(parse_qsl(body))
        method = self.path.rpartition("/")[2]
        with fake.lock:
            fake.calls[method] += 1
            fault = fake.fault(method)
            answer: dict[str, Any] = {"ok": False, "error": "invalid_auth"}
            if fake.accepts(method, self.headers.get("Authorization", "")):
                answer = {}
                if not fault or fault.startswith(STORED):
                    answer = fake.handle(method, arguments)
        self.close_connection = True
        self._answer(fault, answer)

    def _answer(self, fault: str, answer: dict[str, Any]) -> None:
        kind, _, detail = fault.partition(":")
        if kind == "hang_after":
            threading.Event().wait(HANG_S)
        elif kind in {"html", "ok_html"}:
            self._send(200, "<html>maintenance</html>", "text/html")
        elif kind == "status":
            self._send(
                int(detail),
                json.dumps({"ok": False, "error": "ratelimited"} if detail == "429" else {}),
            )
        elif kind in {"error", "late"}:
            self._send(200, json.dumps({"ok": False, "error": detail}))
        elif not fault:
            self._send(200, json.dumps(answer))

    def _send(self, status: int, body: str, content: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{content}; charset=utf-8")
        self.send_header("Content-Length", str(len(body.encode())))
        if status == 429:
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(body.encode())

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

The bytes of a file are posted to the method ``upload`` and incoming webhooks to ``webhook``.
"""

from __future__ import annotations

import json
import threading
import time
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
SCOPES = (
    "chat:write,files:write,files:read,channels:history,groups:history,channels:read,groups:read"
)
STORED = ("reset_after", "hang_after", "late:", "ok_html")


def without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK would ask a proxy for the loopback too."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


def is_true(value: Any) -> bool:
    """The SDK sends forms, where a truth is a text."""
    return value in {True, "1", "true", "True"}


class FakeSlack:
    """Use as a context manager; `messages` are what stands in the channels.

    What can be wrong with a workspace: `archived` channels and those of `strangers` that the bot is
    no member of, a token that was `revoked` or lacks `scopes`, no native charts (`takes_charts`),
    no `blocks.validate` (`validates`), at most one message a second and channel after a `burst`,
    shares of a file that show up after so many looks (`shares_after`).
    """

    def __init__(self, channels: tuple[str, ...] = ("C0ALERTS",)) -> None:
        self.channels = set(channels)
        self.messages: list[dict[str, Any]] = []
        self.calls: Counter[str] = Counter()
        self.scripts: dict[str, deque[str]] = defaultdict(deque)
        self.chance: Callable[[str], str | None] = lambda method: None
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.lock = threading.Lock()
        self.archived: set[str] = set()
        self.strangers: set[str] = set()
        self.revoked = False
        self.scopes = SCOPES
        self.takes_charts = True
        self.validates = True
        self.burst: int | None = None
        self.buckets: dict[str, tuple[float, float]] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.shares_after = 0
        self.webhooks: list[dict[str, Any]] = []
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
        if self.revoked:
            return {"ok": False, "error": "token_revoked"}
        anywhere = {
            "auth.test": self._auth,
            "blocks.validate": self._validate,
            "files.getUploadURLExternal": self._begin_file,
            "files.completeUploadExternal": self._share_file,
            "files.info": self._file,
            "conversations.info": self._channel,
        }
        if method in anywhere:
            return anywhere[method](arguments)
        action = {
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
        }[method]
        channel = arguments.get("channel")
        wrong = self._wrong(channel) if method.startswith("chat.") else None
        if channel not in self.channels or wrong:
            return {"ok": False, "error": wrong or "channel_not_found"}
        return action(arguments)

    def _auth(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "user": "mlmon", "team": "Acme", "team_id": "T0ACME"}

    def _wrong(self, channel: Any) -> str | None:
        if channel in self.archived:
            return "is_archived"
        return "not_in_channel" if channel in self.strangers else None

    def _channel(self, arguments: dict[str, Any]) -> dict[str, Any]:
        id_ = arguments["channel"]
        if id_ not in self.channels:
            return {"ok": False, "error": "channel_not_found"}
        found = {
            "id": id_,
            "name": "alerts",
            "is_member": id_ not in self.strangers,
            "is_archived": id_ in self.archived,
            "is_private": False,
        }
        return {"ok": True, "channel": found}

    def _validate(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if not self.validates:
            return {"ok": False, "error": "unknown_method"}
        return self._refused(arguments) or {"ok": True}

    def _refused(self, arguments: dict[str, Any]) -> dict[str, Any] | None:
        given = arguments.get("blocks") or []
        for index, block in enumerate(json.loads(given) if isinstance(given, str) else given):
            if block["type"] == "data_visualization" and not self.takes_charts:
                where = f"[json-pointer:/blocks/{index}/type]"
                detail = {"messages": [f"[ERROR] unsupported type: data_visualization {where}"]}
                return {"ok": False, "error": "invalid_blocks", "response_metadata": detail}
        return None

    def is_limited(self, channel: str) -> bool:
        """Take one message out of a channel's bucket, which fills by one a second."""
        if self.burst is None:
            return False
        now = time.monotonic()
        level, at = self.buckets.get(channel, (float(self.burst), now))
        level = min(float(self.burst), level + now - at)
        self.buckets[channel] = (level - 1 if level >= 1 else level, now)
        return level < 1

    def _begin_file(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if "files:write" not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": "files:write"}
        id_ = f"F{len(self.files):04}"
        self.files[id_] = {"name": arguments["filename"], "bytes": b"", "shares": [], "looks": 0}
        return {
            "ok": True,
            "file_id": id_,
            "upload_url": self.url.replace("/api/", f"/upload/{id_}"),
        }

    def _share_file(self, arguments: dict[str, Any]) -> dict[str, Any]:
        given = arguments["files"]
        for told in json.loads(given) if isinstance(given, str) else given:
            file = self.files[told["id"]]
            if not file["bytes"]:
                return {"ok": False, "error": "file_not_found"}
            file["title"] = told["title"]
            file["shares"].append((arguments["channel_id"], arguments.get("thread_ts")))
        return {"ok": True, "files": []}

    def _file(self, arguments: dict[str, Any]) -> dict[str, Any]:
        file = self.files.get(arguments["file"])
        if file is None or not file["shares"]:
            return {"ok": False, "error": "file_not_found"}
        file["looks"] += 1
        shown = file["shares"] if file["looks"] > self.shares_after else []
        shares = {"public": {channel: [{"ts": thread}] for channel, thread in shown}}
        return {"ok": True, "file": {"id": arguments["file"], "shares": shares if shown else {}}}

    def _delete(self, arguments: dict[str, Any]) -> dict[str, Any]:
        here = (arguments["channel"], arguments["ts"])
        left = [m for m in self.messages if (m["channel"], m["ts"]) != here]
        if len(left) == len(self.messages):
            return {"ok": False, "error": "message_not_found"}
        self.messages[:] = left
        return {"ok": True}

    def _post(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if not arguments.get("text"):
            return {"ok": False, "error": "no_text"}
        if refused := self._refused(arguments):
            return refused
        ts = f"{self.clock().timestamp():.0f}.{len(self.messages):06d}"
        self.messages.append({**arguments, "ts": ts, "edits": 0})
        return {"ok": True, "channel": arguments["channel"], "ts": ts}

    def _update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if refused := self._refused(arguments):
            return refused
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
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "/upload/" in self.path or "/services/" in self.path:
            self._take(fake, body)
            return
        text = body.decode()
        is_json = "json" in self.headers.get("Content-Type", "")
        arguments = json.loads(text or "{}") if is_json else dict(parse_qsl(text))
        method = self.path.rpartition("/")[2]
        with fake.lock:
            fake.calls[method] += 1
            fault = fake.fault(method)
            answer: dict[str, Any] = {"ok": False, "error": "invalid_auth"}
            if fake.accepts(method, self.headers.get("Authorization", "")):
                answer = {}
                if method == "chat.postMessage" and fake.is_limited(arguments["channel"]):
                    fault = "status:429"
                if not fault or fault.startswith(STORED):
                    answer = fake.handle(method, arguments)
        self._answer(fault, answer)

    def _take(self, fake: FakeSlack, body: bytes) -> None:
        """Bytes of a file, or a message by an incoming webhook; neither needs the token."""
        method = "upload" if "/upload/" in self.path else "webhook"
        with fake.lock:
            fake.calls[method] += 1
            fault = fake.fault(method)
            if not fault or fault.startswith(STORED):
                if method == "upload":
                    fake.files[self.path.rpartition("/")[2]]["bytes"] = body
                else:
                    fake.webhooks.append(json.loads(body))
        if fault.startswith("error:"):
            self._send(404, fault.partition(":")[2], "text/plain")
        elif fault:
            self._answer(fault, {})
        else:
            self._send(200, "ok", "text/plain")

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
        fake: FakeSlack = self.server.fake  # type: ignore[attr-defined]
        self.send_header("X-OAuth-Scopes", fake.scopes)
        if status == 429:
            self.send_header("Retry-After", "7" if fake.burst is None else "1")
        self.end_headers()
        self.wfile.write(body.encode())

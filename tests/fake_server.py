"""A web server on the loopback that remembers its calls and fails on order.

`script` takes a status, ``reset_before``, ``reset_after`` or ``hang`` for each of the next calls;
only what is answered by ``reset_after`` or a status below 300 counts as taken.
"""

from __future__ import annotations

import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from types import TracebackType


class Call(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class FakeServer:
    """Use as a context manager."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.taken: list[Call] = []
        self.status = 200
        self.body = ""
        self.faults: deque[int | str] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.fake = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def script(self, *faults: int | str) -> None:
        self.faults.extend(faults)

    def __enter__(self) -> FakeServer:
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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        fake: FakeServer = self.server.fake  # type: ignore[attr-defined]
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(self.path, headers, body)
        fake.calls.append(call)
        fault = fake.faults.popleft() if fake.faults else fake.status
        if fault == "reset_after" or (isinstance(fault, int) and fault < 300):
            fake.taken.append(call)
        if fault == "hang":
            threading.Event().wait(0.8)
        if isinstance(fault, str):
            return
        self.send_response(fault)
        if fault == 429:
            self.send_header("Retry-After", "7")
        if 300 <= fault < 400:
            self.send_header("Location", f"{fake.url}/elsewhere")
        said = fake.body.encode() if fault != 204 else b""
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

"""S3 on the loopback, as far as readers need it: lists, heads and ranges of the files of a folder.

The first folder below `root` is the bucket. It is spoken to by the real s3fs.
"""

from __future__ import annotations

import hashlib
import re
import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class FakeS3:
    """Use as a context manager; `url` is the endpoint, `requests` what was asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.fake = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> FakeS3:
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


def etag(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._object(with_body=False)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if "list-type" in query:
            self._list(unquote(parts.path).strip("/"), query)
        else:
            self._object(with_body=True)

    @property
    def _fake(self) -> FakeS3:
        fake: FakeS3 = self.server.fake  # type: ignore[attr-defined]
        fake.requests.append(f"{self.command} {self.path}")
        return fake

    def _list(self, bucket: str, query: dict[str, str]) -> None:
        root, prefix = self._fake.root / bucket, query.get("prefix", "")
        keys = sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())
        shown, folders = [], set()
        for key in keys:
            if not key.startswith(prefix):
                continue
            rest = key[len(prefix) :]
            if query.get("delimiter") == "/" and "/" in rest:
                folders.add(prefix + rest.partition("/")[0] + "/")
            else:
                shown.append(key)
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{(root / key).stat().st_size}</Size>"
            f'<ETag>"{etag(root / key)}"</ETag>'
            f"<LastModified>{_moment(root / key):%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for key in shown
        )
        common = "".join(
            f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>"
            for name in sorted(folders)
        )
        body = (
            '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<IsTruncated>false</IsTruncated>{contents}{common}</ListBucketResult>"
        )
        self._send(200, body.encode(), {"Content-Type": "application/xml"})

    def _object(self, *, with_body: bool) -> None:
        path = self._fake.root / unquote(urlsplit(self.path).path).strip("/")
        if not path.is_file():
            error = b"<Error><Code>NoSuchKey</Code></Error>" if with_body else b""
            self._send(404, error, {"Content-Type": "application/xml"})
            return
        data, status = path.read_bytes(), 200
        headers = {
            "ETag": f'"{etag(path)}"',
            "Last-Modified": format_datetime(_moment(path), usegmt=True),
        }
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted:
            whole, start = len(data), int(wanted[1])
            data = data[start : int(wanted[2]) + 1] if wanted[2] else data[start:]
            headers["Content-Range"] = f"bytes {start}-{start + len(data) - 1}/{whole}"
            status = 206
        self._send(status, data, headers, with_body=with_body)

    def _send(
        self, status: int, body: bytes, headers: dict[str, str], *, with_body: bool = True
    ) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)


def _moment(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
